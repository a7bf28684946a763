//! Nested lists of indices, as boundaries and semantics hold them, in four bytes per item.

use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The largest index; four values above it are marks.
const LARGEST: u64 = u32::MAX as u64 - 4;
const OPEN: u32 = u32::MAX;
const CLOSE: u32 = u32::MAX - 1;
const NULL: u32 = u32::MAX - 2;
const STRANGE: u32 = u32::MAX - 3;

/// A JSON value of lists and indices, flat; what is neither is marked, so that reading it fails for one object alone.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Nesting(Vec<u32>);

/// The next item of a [`Nesting`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Item {
    /// A list begins.
    Open,
    /// The list ends.
    Close,
    /// `null`.
    Null,
    /// An index.
    Index(u32),
    /// Anything else, negative and huge numbers included.
    Strange,
}

impl Nesting {
    /// Reads from the beginning.
    pub(super) fn items(&self) -> Items<'_> {
        Items { tokens: &self.0 }
    }
}

/// What is still to be read of a [`Nesting`].
#[derive(Debug, Clone)]
pub(super) struct Items<'a> {
    tokens: &'a [u32],
}

impl Items<'_> {
    /// The next item, not passed; `Strange` at the end.
    pub(super) fn peek(&self) -> Item {
        match self.tokens.first() {
            Some(&OPEN) => Item::Open,
            Some(&CLOSE) => Item::Close,
            Some(&NULL) => Item::Null,
            Some(&STRANGE) | None => Item::Strange,
            Some(&index) => Item::Index(index),
        }
    }
    /// Takes the next item.
    pub(super) fn next(&mut self) -> Item {
        let item = self.peek();
        self.tokens = self.tokens.get(1..).unwrap_or_default();
        item
    }
    /// Passes the next item, and if it is a list all of it.
    pub(super) fn skip(&mut self) {
        let mut depth = 0_usize;
        loop {
            match self.next() {
                Item::Open => depth += 1,
                Item::Close => depth = depth.saturating_sub(1),
                Item::Null | Item::Index(_) | Item::Strange => {}
            }
            if depth == 0 || self.tokens.is_empty() {
                return;
            }
        }
    }
}

impl<'de> Deserialize<'de> for Nesting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut tokens = Vec::new();
        Append(&mut tokens).deserialize(deserializer)?;
        tokens.shrink_to_fit();
        Ok(Nesting(tokens))
    }
}

struct Append<'a>(&'a mut Vec<u32>);

impl<'de> DeserializeSeed<'de> for Append<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Append<'_> {
    type Value = ();

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("nested lists of indices")
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.0.push(OPEN);
        while list.next_element_seed(Append(self.0))?.is_some() {}
        self.0.push(CLOSE);
        Ok(())
    }
    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.0.push(if value <= LARGEST { value as u32 } else { STRANGE });
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        self.0.push(NULL);
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        self.0.push(STRANGE);
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        self.0.push(STRANGE);
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        self.0.push(STRANGE);
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        self.0.push(STRANGE);
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        self.0.push(STRANGE);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<Item> {
        let nesting: Nesting = serde_json::from_str(text).unwrap();
        let mut items = nesting.items();
        nesting.0.iter().map(|_| items.next()).collect()
    }

    #[test]
    fn lists_become_flat() {
        use Item::{Close, Index, Null, Open};
        assert_eq!(items("[[1, 2], null, []]"), [Open, Open, Index(1), Index(2), Close, Null, Open, Close, Close]);
    }

    #[test]
    fn what_is_no_index_is_marked() {
        for text in ["-1", "4294967292", "1.5", "true", "\"1\"", "{\"a\": [1]}", "1e300"] {
            assert_eq!(items(text), [Item::Strange], "{text}");
        }
        assert_eq!(items("4294967291"), [Item::Index(4_294_967_291)]);
    }

    #[test]
    fn a_list_is_skipped_as_a_whole() {
        let nesting: Nesting = serde_json::from_str("[[1, [2, 3]], 4]").unwrap();
        let mut items = nesting.items();
        assert_eq!(items.next(), Item::Open);
        items.skip();
        assert_eq!(items.next(), Item::Index(4));
        assert_eq!(items.next(), Item::Close);
        items.skip();
        assert_eq!(items.next(), Item::Strange);
    }

    #[test]
    fn hostile_depth_is_an_error_and_no_overflow() {
        let text = "[".repeat(100_000);
        assert!(serde_json::from_str::<Nesting>(&text).unwrap_err().to_string().contains("recursion"));
    }
}
