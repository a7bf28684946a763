//! The reference system that a file names.

/// Compound systems of the EPSG data set (v11.022) whose codes run in step with those of their projected part: the first
/// code, the last, and the projected part of the first.
const COMPOUND: &[(u32, u32, u32)] = &[
    (3902, 3903, 5048),
    (4097, 4100, 4093),
    (5554, 5556, 25831),
    (5698, 5698, 2154),
    (5699, 5699, 2154),
    (5845, 5857, 3006),
    (5945, 5970, 5105),
    (5971, 5976, 25831),
    (6145, 6170, 5105),
    (6171, 6176, 25831),
    (6190, 6190, 31370),
    (6927, 6927, 3414),
    (7405, 7405, 27700),
    (7415, 7415, 28992),
    (7416, 7417, 25832),
    (7418, 7420, 2196),
    (8370, 8370, 3812),
    (9897, 9897, 2169),
    (9920, 9920, 27700),
    (9922, 9922, 2157),
    (9928, 9931, 5682),
    (9932, 9935, 5682),
    (9951, 9951, 3057),
    (9953, 9953, 8088),
    (10162, 10174, 6669),
    (10246, 10246, 3794),
    (10497, 10497, 9793),
    (10498, 10498, 9793),
    (10499, 10499, 9794),
    (10500, 10500, 9794),
    (10660, 10660, 23700),
    (10687, 10687, 3794),
];

/// Compound systems whose horizontal part is in degrees, with that part; several of ETRS89.
const GEOGRAPHIC: &[(u32, u32)] =
    &[(5942, 4258), (6697, 6668), (7409, 4258), (7423, 4258), (9422, 4258), (9518, 4326), (9707, 4326), (9924, 4258)];

/// The horizontal system that a spelling names, as `EPSG:28992`; another authority or an unknown spelling as it is.
///
/// Spellings are `EPSG:7415`, `urn:ogc:def:crs:EPSG::7415`, `urn:ogc:def:crs,crs:EPSG::28992,crs:EPSG::5709` and
/// `https://www.opengis.net/def/crs/EPSG/0/7415`. Codes of compound systems that are not known here stay.
pub fn horizontal(spelling: &str) -> Option<String> {
    let spelling = spelling.trim();
    if spelling.is_empty() {
        return None;
    }
    match epsg(spelling) {
        Some(code) => Some(format!("EPSG:{}", horizontal_code(code))),
        None => Some(spelling.to_owned()),
    }
}

fn epsg(spelling: &str) -> Option<u32> {
    let lower = spelling.to_lowercase();
    let lower = lower.split(['?', '#']).next().unwrap_or_default();
    let first = match lower.strip_prefix("urn:ogc:def:crs,") {
        Some(parts) => parts.split(',').next()?,
        None => lower,
    };
    let after = &first[first.find("epsg")? + "epsg".len()..];
    let code = after.trim_end_matches('/').rsplit([':', '/']).next()?;
    let is_parted = after.starts_with([':', '/']);
    (is_parted && code.len() <= 6).then(|| code.parse().ok())?
}

fn horizontal_code(code: u32) -> u32 {
    let projected = COMPOUND.iter().find(|(first, last, _)| (*first..=*last).contains(&code));
    let geographic = GEOGRAPHIC.iter().find(|(compound, _)| *compound == code);
    match (projected, geographic) {
        (Some((first, _, part)), _) => part + (code - first),
        (None, Some((_, part))) => *part,
        (None, None) => code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_name_the_same_system() {
        for spelling in [
            "EPSG:7415",
            "epsg:7415",
            "urn:ogc:def:crs:EPSG::7415",
            "urn:ogc:def:crs:EPSG:9.9.1:7415",
            "urn:ogc:def:crs,crs:EPSG::28992,crs:EPSG::5709",
            "https://www.opengis.net/def/crs/EPSG/0/7415",
            "http://www.opengis.net/def/crs/EPSG/0/7415/",
            " https://www.opengis.net/def/crs/EPSG/0/28992 ",
        ] {
            assert_eq!(horizontal(spelling).as_deref(), Some("EPSG:28992"), "{spelling}");
        }
    }

    /// Names as in the EPSG data set: 5555 = ETRS89 / UTM zone 32N + DHHN92 height, 5852 = SWEREF99 15 45 + RH2000
    /// height, 10174 = JGD2011 / Japan Plane Rectangular CS XIII + JGD2011 (vertical) height.
    #[test]
    fn compound_systems_have_a_horizontal_part() {
        for (compound, part) in [
            (5555, 25832),
            (5852, 3013),
            (5970, 5130),
            (6176, 25836),
            (10174, 6681),
            (7420, 2198),
            (7423, 4258),
            (9518, 4326),
            (9935, 5685),
            (25832, 25832),
        ] {
            assert_eq!(horizontal_code(compound), part, "{compound}");
        }
    }

    #[test]
    fn what_is_no_epsg_code_stays() {
        for spelling in ["OGC:CRS84", "EPSG:", "EPSG:abc", "EPSG7415", "EPSG:99999999999", "+proj=utm"] {
            assert_eq!(horizontal(spelling).as_deref(), Some(spelling));
        }
        assert_eq!(horizontal("  "), None);
    }
}
