//! Capacity and free speed of links whose file does not say, by `facility_type`.

/// What a kind of road has where its file does not say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Default {
    /// What the kind is called in messages.
    pub(super) kind: &'static str,
    /// Words of which `facility_type` contains one.
    words: &'static [&'static str],
    /// Vehicles per hour and lane.
    pub(super) capacity_per_lane: f64,
    /// Free speed, km/h.
    pub(super) free_speed_km_h: f64,
}

const fn row(
    kind: &'static str,
    words: &'static [&'static str],
    capacity_per_lane: f64,
    free_speed_km_h: f64,
) -> Default {
    Default { kind, words, capacity_per_lane, free_speed_km_h }
}

/// The first row of which a word fits counts.
///
/// Sources: osm2gmns 0.7 (Lu and Zhou 2023, Virtual track networks, Transportation Research C 153, 104223), default
/// capacities and speeds of its link types connector, motorway, trunk, primary, secondary, tertiary, residential and
/// unclassified; for ramps the Highway Capacity Manual, 6th edition (TRB 2016), exhibit 14-12: 2,000 pc/h for a one-lane
/// ramp of 30 to 40 mi/h, here 35 mi/h.
const DEFAULTS: [Default; 9] = [
    // osm2gmns, connector
    row("connector", &["connector", "centroid"], 9999.0, 120.0),
    // HCM 6, exhibit 14-12
    row("ramp", &["ramp", "_link"], 2000.0, 56.327_04),
    // osm2gmns, motorway
    row("motorway", &["motorway", "freeway", "interstate"], 2300.0, 120.0),
    // osm2gmns, trunk
    row("trunk", &["trunk", "expressway", "highway"], 2200.0, 100.0),
    // osm2gmns, primary
    row("primary", &["primary", "principal", "major"], 1800.0, 80.0),
    // osm2gmns, secondary
    row("secondary", &["secondary", "arterial"], 1600.0, 60.0),
    // osm2gmns, tertiary
    row("tertiary", &["tertiary", "collector"], 1200.0, 40.0),
    // osm2gmns, residential
    row("residential", &["residential", "local", "living"], 1000.0, 30.0),
    // osm2gmns, unclassified
    row("unclassified", &["unclassified", "service"], 800.0, 30.0),
];
/// Row of roads of another type, or of none.
const OTHER: usize = 5;

/// What a link of this `facility_type` has where its file does not say.
pub(super) fn of_facility(facility_type: &str) -> &'static Default {
    let facility_type = facility_type.to_lowercase();
    let fits = |row: &&Default| row.words.iter().any(|word| facility_type.contains(word));
    DEFAULTS.iter().find(fits).unwrap_or(&DEFAULTS[OTHER])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facility_types_of_many_programs_are_understood() {
        for (facility_type, kind) in [
            ("Freeway", "motorway"),
            ("on-ramp", "ramp"),
            ("motorway_link", "ramp"),
            ("ARTERIAL", "secondary"),
            ("Principal Arterial", "primary"),
            ("highway", "trunk"),
            ("minor collector", "tertiary"),
            ("", "secondary"),
            ("hot", "secondary"),
            ("centroid connector", "connector"),
            ("unclassified", "unclassified"),
        ] {
            assert_eq!(of_facility(facility_type).kind, kind, "{facility_type}");
        }
        assert!((of_facility("ramp").free_speed_km_h / 1.609_344 - 35.0).abs() < 1e-12);
    }
}
