//! The project's own tables of archetypes: buildings, how they are used, what measures make of them.

mod buildings;
mod measures;
mod profiles;

pub use buildings::read_archetypes;
pub use measures::read_measures;
pub use profiles::read_profiles;

/// Whether a row of a country (empty for all) counts for one, and how well: its own rows before those of all.
fn country_rank(row: &str, country: Option<&str>) -> Option<u8> {
    match country {
        _ if row.is_empty() => Some(1),
        Some(country) if row.eq_ignore_ascii_case(country) => Some(0),
        _ => None,
    }
}
