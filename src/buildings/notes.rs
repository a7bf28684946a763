//! What is assumed about buildings, counted by kind, with the first ids.

use crate::error::Warning;

/// How many buildings a warning names.
const NAMED: usize = 3;

/// Something assumed about a building, or why it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Note {
    NoYear,
    OddYear,
    NoUse,
    UnknownUse,
    OddStoreys,
    OpenVolume,
    CrampedFloors,
    NoRoofArea,
    RepeatedId,
    NoGround,
    NoWalls,
    NoVolume,
    NoFloorArea,
}

impl Note {
    fn code(self) -> &'static str {
        match self {
            Note::NoYear => "default_year",
            Note::OddYear => "implausible_year",
            Note::NoUse => "default_use",
            Note::UnknownUse => "unknown_use",
            Note::OddStoreys => "implausible_storeys",
            Note::OpenVolume => "estimated_volume",
            Note::CrampedFloors => "limited_floor_area",
            Note::NoRoofArea => "default_roof",
            Note::RepeatedId => "repeated_building_id",
            Note::NoGround => "no_energy_without_ground",
            Note::NoWalls => "no_energy_without_walls",
            Note::NoVolume => "no_energy_without_volume",
            Note::NoFloorArea => "no_energy_without_floor_area",
        }
    }

    fn text(self) -> &'static str {
        match self {
            Note::NoYear => "have no year of construction, the default is taken",
            Note::OddYear => "have a year of construction that is none, the default is taken",
            Note::NoUse => "have no use, the default is taken",
            Note::UnknownUse => "have a use that is not understood, the default is taken",
            Note::OddStoreys => "have a number of storeys that is none, it is estimated from the height",
            Note::OpenVolume => "are not closed, their volume is that between roofs and ground",
            Note::CrampedFloors => "have more storeys than fit into their volume, the floor area is limited by it",
            Note::NoRoofArea => "have no roof area, a flat roof over the ground area is taken",
            Note::RepeatedId => "have the id of an earlier one, the id of the object is taken",
            Note::NoGround => "have no ground surface and are left out of energy",
            Note::NoWalls => "have no walls and are left out of energy",
            Note::NoVolume => "have no volume and are left out of energy",
            Note::NoFloorArea => "have no floor area and are left out of energy",
        }
    }
}

/// Notes by kind.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// How many buildings something was read of from an attribute that the scenario does not name.
    unnamed: std::collections::BTreeMap<(&'static str, &'static str), usize>,
    kinds: std::collections::BTreeMap<Note, (usize, Vec<String>)>,
}

impl Notes {
    /// Adds one about `item`, the id of a building with what is odd about it.
    pub(super) fn add(&mut self, note: Note, item: impl FnOnce() -> String) {
        let (count, named) = self.kinds.entry(note).or_default();
        *count += 1;
        if named.len() < NAMED {
            named.push(item());
        }
    }

    /// Adds that `what` was read from the attribute `name`, which the scenario does not name.
    pub(super) fn add_unnamed(&mut self, what: &'static str, name: &'static str) {
        *self.unnamed.entry((what, name)).or_default() += 1;
    }

    /// One warning for each kind, in the order of the kinds; first what was read from where without being told.
    pub(super) fn into_warnings(self) -> Vec<Warning> {
        let warning = |(note, (count, named)): (Note, (usize, Vec<String>))| {
            let more = if count > named.len() { " and more" } else { "" };
            let message = format!("{count} buildings {}: {}{more}", note.text(), named.join(", "));
            Warning::new(note.code(), count, message)
        };
        let read = |((what, name), count): (&(&str, &str), &usize)| format!("{what} from {name} ({count} buildings)");
        let unnamed: Vec<String> = self.unnamed.iter().map(read).collect();
        let told = (!unnamed.is_empty()).then(|| {
            let message = format!("attributes are read that the scenario does not name: {}", unnamed.join(", "));
            Warning::new("assumed_attributes", unnamed.len(), message)
        });
        told.into_iter().chain(self.kinds.into_iter().map(warning)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_named_and_all_are_counted() {
        let mut notes = Notes::default();
        for id in ["a", "b", "c", "d"] {
            notes.add(Note::NoUse, || id.to_owned());
        }
        notes.add(Note::NoYear, || "a".to_owned());
        notes.add_unnamed("year", "built");
        notes.add_unnamed("year", "built");
        let warnings = notes.into_warnings();
        assert_eq!(warnings.iter().map(|warning| warning.count).collect::<Vec<_>>(), [1, 1, 4]);
        assert!(
            warnings[0].message.ends_with("does not name: year from built (2 buildings)"),
            "{}",
            warnings[0].message
        );
        assert_eq!(warnings[1].code, "default_year");
        assert_eq!(warnings[2].message, "4 buildings have no use, the default is taken: a, b, c and more");
    }
}
