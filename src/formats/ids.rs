//! Finding zones and nodes by the ids that files use.

/// Ascending ids, looked up by value.
#[derive(Clone, Copy)]
pub(super) struct Ids<'a> {
    ids: &'a [i64],
    is_contiguous: bool,
}

impl<'a> Ids<'a> {
    /// `ids` ascend without repetition.
    pub(super) fn new(ids: &'a [i64]) -> Self {
        let is_contiguous = match (ids.first(), ids.last()) {
            (Some(first), Some(last)) => last.checked_sub(*first) == Some(ids.len() as i64 - 1),
            _ => false,
        };
        Ids { ids, is_contiguous }
    }

    /// The index of an id.
    pub(super) fn find(self, id: i64) -> Option<u32> {
        if self.is_contiguous {
            let index = usize::try_from(id.checked_sub(self.ids[0])?).ok()?;
            return (index < self.ids.len()).then_some(index as u32);
        }
        self.ids.binary_search(&id).ok().map(|index| index as u32)
    }

    /// A hint for an id that is not there; `what` is a plural such as `zones`.
    pub(super) fn hint(self, what: &str, id: i64) -> String {
        match (self.ids.first(), self.ids.last()) {
            (Some(first), Some(last)) if self.is_contiguous => format!("the {what} are {first} to {last}"),
            (Some(_), Some(_)) => {
                let above = self.ids.partition_point(|known| *known < id);
                let near: Vec<String> = self.ids[above.saturating_sub(1)..(above + 1).min(self.ids.len())]
                    .iter()
                    .map(i64::to_string)
                    .collect();
                format!("the nearest {what} are {}", near.join(" and "))
            }
            _ => format!("there are no {what}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_by_value() {
        let contiguous = Ids::new(&[5, 6, 7]);
        assert_eq!([4, 5, 7, 8].map(|id| contiguous.find(id)), [None, Some(0), Some(2), None]);
        assert_eq!(contiguous.find(i64::MIN), None);
        let sparse = Ids::new(&[i64::MIN, -3, 10, i64::MAX]);
        assert_eq!([i64::MIN, 10, 11, i64::MAX].map(|id| sparse.find(id)), [Some(0), Some(2), None, Some(3)]);
        assert_eq!(Ids::new(&[]).find(1), None);
    }

    #[test]
    fn hints_name_the_range_or_the_neighbours() {
        assert_eq!(Ids::new(&[1, 2, 3]).hint("zones", 9), "the zones are 1 to 3");
        assert_eq!(Ids::new(&[10, 20, 30]).hint("zones", 12), "the nearest zones are 10 and 20");
        assert_eq!(Ids::new(&[10, 20]).hint("zones", 99), "the nearest zones are 20");
        assert_eq!(Ids::new(&[10, 20]).hint("zones", 1), "the nearest zones are 10");
    }
}
