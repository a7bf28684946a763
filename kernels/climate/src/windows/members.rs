//! Which values of a sorted series are in a window: a bit for each place of the order.

/// Places that are in a window.
#[derive(Debug, Clone, Default)]
pub struct Members {
    words: Vec<u64>,
    /// Members before each word.
    before: Vec<u32>,
}

impl Members {
    /// No member, of so many places.
    pub fn clear(&mut self, places: usize) {
        // A word more, so that the end is a place too.
        let words = places / 64 + 1;
        self.words.clear();
        self.words.resize(words, 0);
        self.before.clear();
        self.before.resize(words, 0);
    }

    /// Puts a place in, or takes it out; [`Members::count_up`] makes it count.
    #[inline(always)]
    pub fn flip(&mut self, place: u32) {
        self.words[(place / 64) as usize] ^= 1 << (place % 64);
    }

    /// Counts the members before each word.
    #[inline(always)]
    pub fn count_up(&mut self) {
        let mut before = 0;
        for (sum, word) in self.before.iter_mut().zip(&self.words) {
            *sum = before;
            before += word.count_ones();
        }
    }

    /// Members before a place.
    #[inline(always)]
    pub fn before(&self, place: u32) -> u32 {
        let word = (place / 64) as usize;
        self.before[word] + (self.words[word] & ((1 << (place % 64)) - 1)).count_ones()
    }

    /// Word of the member with so many before it, looked for from a word at or before it.
    #[inline(always)]
    pub fn word_of(&self, member: u32, mut word: usize) -> usize {
        while word + 1 < self.before.len() && self.before[word + 1] <= member {
            word += 1;
        }
        word
    }

    /// Places of the member with so many before it, whose word it is, and of the next one, or of itself if it is the last.
    #[inline(always)]
    pub fn pair(&self, member: u32, word: usize) -> (u32, u32) {
        let mut rest = self.words[word];
        for _ in self.before[word]..member {
            rest &= rest - 1;
        }
        let place = 64 * word as u32 + rest.trailing_zeros();
        rest &= rest - 1;
        let mut next = word;
        while rest == 0 {
            next += 1;
            match self.words.get(next) {
                Some(&word) => rest = word,
                None => return (place, place),
            }
        }
        (place, 64 * next as u32 + rest.trailing_zeros())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn members_are_counted_and_found(places in prop::collection::btree_set(0_u32..700, 1..200)) {
            let mut members = Members::default();
            members.clear(700);
            // Each of them three times: in, out, in.
            (0..3).for_each(|_| places.iter().for_each(|&place| members.flip(place)));
            members.count_up();
            let places: Vec<u32> = places.into_iter().collect();
            for place in 0..=700 {
                prop_assert_eq!(members.before(place) as usize, places.partition_point(|&other| other < place));
            }
            let mut word = 0;
            for (member, &place) in places.iter().enumerate() {
                word = members.word_of(member as u32, word);
                let next = places.get(member + 1).copied().unwrap_or(place);
                prop_assert_eq!(members.pair(member as u32, word), (place, next));
            }
        }
    }
}
