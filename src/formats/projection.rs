//! Coordinates from one reference system to another.
//!
//! Systems are named by their EPSG codes, as `EPSG:28992`, as a URN or as a URL. Coordinates are easting and northing, or
//! longitude and latitude in degrees, in this order whatever the axis order of the code; heights are left as they are.
//! Shifts between datums are those of seven parameters at most, without grids: 0.3 m in the Netherlands, 1 to 5 m for
//! some older national systems, nothing for systems of ETRS89 and WGS 84, which count as the same.

use proj4rs::Proj;
use proj4rs::transform::transform;

use crate::error::Problem;

/// The geographic system WGS 84.
const WGS84: &str = "EPSG:4326";
/// First eccentricity of the ellipsoid WGS 84, squared.
const ECCENTRICITY_SQUARED: f64 = 0.006_694_379_990_14;
/// Half the distance over which the direction of the grid is found, in metres.
const STEP_M: f64 = 50.0;
/// Ellipsoids whose datums lie within a metre or two of WGS 84 where a definition names no shift.
const GLOBAL_ELLIPSOIDS: [&str; 2] = ["+ellps=GRS80", "+ellps=WGS84"];
/// Systems of the Netherlands, and the shift to ETRS89 that EPSG (operation 4833) gives for them since 2009.
const AMERSFOORT: [u32; 4] = [4289, 7415, 28991, 28992];
const AMERSFOORT_SHIFT: &str = "+towgs84=565.4171,50.3319,465.5524,-0.398957,0.343988,-1.877402,4.0725";

/// A way from one reference system to another.
#[derive(Debug, Clone)]
pub struct Projection {
    from: Proj,
    to: Proj,
}

impl Projection {
    /// The way between two systems, each named by its EPSG code.
    ///
    /// # Errors
    /// A name is no EPSG code, or its definition is not known here.
    pub fn between(from: &str, to: &str) -> Result<Self, Problem> {
        Ok(Projection { from: system(from)?, to: system(to)? })
    }

    /// The way from a system to longitude and latitude (WGS 84), in degrees.
    ///
    /// # Errors
    /// As for [`Projection::between`].
    pub fn to_longitude_latitude(from: &str) -> Result<Self, Problem> {
        Self::between(from, WGS84)
    }

    /// The coordinates of a point in the other system; none where that system does not reach.
    pub fn point(&self, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        let mut point = match self.from.is_latlong() {
            true => (x.to_radians(), y.to_radians(), 0.0),
            false => (x, y, 0.0),
        };
        transform(&self.from, &self.to, &mut point).ok()?;
        let found = match self.to.is_latlong() {
            true => [point.0.to_degrees(), point.1.to_degrees()],
            false => [point.0, point.1],
        };
        found.iter().all(|value| value.is_finite()).then_some(found)
    }
}

/// The EPSG code of a name: `EPSG:7415`, `urn:ogc:def:crs:EPSG::7415` or `https://www.opengis.net/def/crs/EPSG/0/7415`.
///
/// Of a pair of codes, as `EPSG:28992+5709`, it is the first, the horizontal one.
pub fn epsg_code(name: &str) -> Option<u32> {
    let upper = name.trim().to_ascii_uppercase();
    let (_, rest) = upper.rsplit_once("EPSG")?;
    let last = rest.strip_prefix([':', '/'])?.rsplit([':', '/']).next()?;
    let horizontal = last.split('+').next()?;
    horizontal.bytes().all(|byte| byte.is_ascii_digit()).then(|| horizontal.parse().ok())?
}

/// The EPSG code of the horizontal part of a system: 28992 for `EPSG:7415`, which adds heights to it.
pub fn horizontal_code(name: &str) -> Option<u32> {
    let code = epsg_code(name)?;
    let known = u16::try_from(code).ok().and_then(crs_definitions::from_code);
    let compound = known.filter(|definition| definition.wkt.starts_with("COMPD_CS"));
    let Some((horizontal, _)) = compound.and_then(|definition| definition.wkt.split_once(",VERT_CS[")) else {
        return Some(code);
    };
    let (_, last) = horizontal.rsplit_once(r#"AUTHORITY["EPSG",""#)?;
    last.split('"').next()?.parse().ok()
}

/// Whether coordinates of a system are metres, where its definition is known.
pub(super) fn is_in_metres(code: u16) -> Option<bool> {
    let definition = crs_definitions::from_code(code)?;
    Some(definition.proj4.split_whitespace().any(|part| part == "+units=m"))
}

/// The direction of grid north at a point, clockwise from true north, in degrees.
///
/// An azimuth from true north is one from grid north plus this. In the northern hemisphere it is negative to the west of
/// the central meridian and positive to the east of it; it is 0 for longitude and latitude. Found from two points 100 m
/// apart, to 0.001 degrees.
///
/// # Errors
/// The system is not known, or does not reach there.
pub fn meridian_convergence(crs: &str, [x, y]: [f64; 2]) -> Result<f64, Problem> {
    let projection = Projection::to_longitude_latitude(crs)?;
    if projection.from.is_latlong() {
        return Ok(0.0);
    }
    let at = |step: f64| {
        projection.point([x, y + step]).ok_or_else(|| Problem::new(format!("{crs} has no place at {x}, {}", y + step)))
    };
    let (south, here, north) = (at(-STEP_M)?, at(0.0)?, at(STEP_M)?);
    let latitude = here[1].to_radians();
    let sine = libm::sin(latitude);
    // The radius of curvature along the parallel over that along the meridian.
    let radii = (1.0 - ECCENTRICITY_SQUARED * sine * sine) / (1.0 - ECCENTRICITY_SQUARED);
    let east = (north[0] - south[0]) * libm::cos(latitude) * radii;
    Ok(libm::atan2(east, north[1] - south[1]).to_degrees())
}

/// Refuses systems whose coordinates are not metres on the ground: degrees, feet, and the stretched ones of Mercator.
///
/// # Errors
/// The system is one of those, or is not known.
pub fn require_metres(crs: &str) -> Result<(), Problem> {
    system(crs)?;
    let definition = epsg_code(crs).and_then(definition).unwrap_or_default();
    let has = |wanted: &str| definition.split_whitespace().any(|part| part == wanted);
    let what = match (has("+proj=longlat"), has("+proj=merc"), has("+units=m")) {
        (true, _, _) => "degrees",
        (_, true, _) => "metres of the equator, which Mercator stretches elsewhere",
        (_, _, false) => "another unit than metres",
        (_, _, true) => return Ok(()),
    };
    let problem = Problem::new(format!("{crs} is in {what}, shadows need metres"));
    Err(problem.hint("use a projected system in metres, for example EPSG:28992 or EPSG:25832"))
}

fn system(name: &str) -> Result<Proj, Problem> {
    let code = epsg_code(name).ok_or_else(|| {
        Problem::new(format!("{name} is no EPSG code")).hint("name the reference system as EPSG:28992")
    })?;
    let unknown = || {
        Problem::new(format!("the definition of EPSG:{code} is not known"))
            .hint("transform the data to another system first, for example EPSG:25832")
    };
    let mut definition = definition(code).ok_or_else(unknown)?;
    if AMERSFOORT.contains(&code) {
        let kept = definition.split_whitespace().filter(|part| !part.starts_with("+towgs84="));
        definition = kept.chain([AMERSFOORT_SHIFT]).collect::<Vec<_>>().join(" ");
    }
    let has_shift = ["+towgs84=", "+datum=", "+nadgrids="].iter().any(|shift| definition.contains(shift));
    if !has_shift && !GLOBAL_ELLIPSOIDS.iter().any(|ellipsoid| definition.contains(ellipsoid)) {
        return Err(Problem::new(format!("the shift from EPSG:{code} to other systems is not known"))
            .hint("transform the data to another system first, for example EPSG:25832"));
    }
    Proj::from_proj_string(&definition).map_err(|_| unknown())
}

fn definition(code: u32) -> Option<String> {
    Some(crs_definitions::from_code(u16::try_from(code).ok()?)?.proj4.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Metres per degree of latitude, roughly.
    const METRES_PER_DEGREE: f64 = 111_300.0;

    /// How far two places are apart, in metres.
    fn apart(a: [f64; 2], b: [f64; 2]) -> f64 {
        let east = (a[0] - b[0]) * a[1].to_radians().cos();
        east.hypot(a[1] - b[1]) * METRES_PER_DEGREE
    }

    fn place(crs: &str, point: [f64; 2]) -> [f64; 2] {
        Projection::to_longitude_latitude(crs).unwrap().point(point).unwrap()
    }

    #[test]
    fn places_are_those_that_proj_finds() {
        // pyproj 3.7.2 (PROJ 9.5.1) without grids.
        for (crs, point, expected) in [
            ("EPSG:28992", [92_000.0, 438_000.0], [4.471274459873284, 51.92690264682228]),
            ("EPSG:28992", [13_600.0, 369_000.0], [3.3598665703619996, 51.29260910413494]),
            ("EPSG:7415", [276_000.0, 611_000.0], [7.209458525870189, 53.47139836821802]),
            ("EPSG:25832", [569_000.0, 5_934_000.0], [10.041465074846625, 53.550352446866036]),
            ("EPSG:25832", [690_000.0, 5_340_000.0], [11.55630606524679, 48.18479760665256]),
            ("EPSG:32632", [300_000.0, 4_500_000.0], [6.6353192129815515, 40.62663972682735]),
            ("EPSG:3007", [147_720.0, 6_398_780.0], [11.961753425322643, 57.70816346466755]),
        ] {
            let metres = apart(place(crs, point), expected);
            assert!(metres < 0.001, "{crs} {point:?}: {metres} m");
            let back = Projection::between("EPSG:4326", crs).unwrap().point(expected).unwrap();
            assert!((back[0] - point[0]).hypot(back[1] - point[1]) < 0.001, "{crs}: {back:?}");
        }
        let across = Projection::between("EPSG:28992", "EPSG:25832").unwrap().point([276_000.0, 611_000.0]).unwrap();
        // PROJ takes a shift for ETRS89 here that is rounded otherwise.
        assert!((across[0] - 381_154.591977).hypot(across[1] - 5_926_204.224918) < 0.005, "{across:?}");
    }

    #[test]
    fn only_metres_on_the_ground_will_do() {
        for crs in ["EPSG:28992", "EPSG:25832", "EPSG:3007", "EPSG:32633"] {
            assert_eq!(require_metres(crs), Ok(()), "{crs}");
        }
        // Degrees, feet of California, Web Mercator, and what nobody knows.
        for crs in ["EPSG:4326", "EPSG:2229", "EPSG:3857", "EPSG:999999"] {
            assert!(require_metres(crs).is_err(), "{crs}");
        }
    }

    #[test]
    fn dutch_places_are_half_a_metre_from_the_official_transformation_at_most() {
        // Points of the self-validation of RDNAPTRANS2018 (Kadaster, NSGI), which corrects by a grid.
        for (point, expected) in [
            ([117_380.12, 575_040.34], [4.824_761_912, 53.160_753_042]),
            ([247_380.56, 604_580.78], [6.776_726_674, 53.419_482_050]),
            ([155_000.0, 463_000.0], [5.387_203_657, 52.155_172_897]),
            ([16_460.91, 377_380.23], [3.397_588_595, 51.368_607_152]),
            ([182_260.45, 311_480.67], [5.773_795_548, 50.792_584_916]),
        ] {
            let metres = apart(place("EPSG:28992", point), expected);
            assert!(metres < 0.5, "{point:?}: {metres} m");
        }
    }

    #[test]
    fn the_convergence_is_that_of_proj() {
        // `Proj.get_factors` of pyproj 3.7.2; for UTM by hand, (lon - 9°) sin(lat) to the first order: 0.838° in Hamburg.
        for (crs, point, expected) in [
            ("EPSG:28992", [92_000.0, 438_000.0], -0.7222875469186668),
            ("EPSG:28992", [85_000.0, 446_500.0], -0.8043117419533246),
            ("EPSG:28992", [276_000.0, 611_000.0], 1.4521148525589904),
            ("EPSG:25832", [569_000.0, 5_934_000.0], 0.8377657368107604),
            ("EPSG:25832", [690_000.0, 5_340_000.0], 1.9057797550785256),
            ("EPSG:25832", [500_000.0, 5_000_000.0], 0.0),
            ("EPSG:32632", [300_000.0, 4_500_000.0], -1.5402174928022343),
            ("EPSG:3007", [147_720.0, 6_398_780.0], -0.03233128274938492),
        ] {
            let found = meridian_convergence(crs, point).unwrap();
            assert!((found - expected).abs() < 0.001, "{crs} {point:?}: {found}");
        }
        assert_eq!(meridian_convergence("EPSG:4326", [5.0, 52.0]).unwrap(), 0.0);
    }

    #[test]
    fn names_of_all_forms_are_codes() {
        for name in [
            "EPSG:7415",
            " epsg:7415 ",
            "urn:ogc:def:crs:EPSG::7415",
            "urn:ogc:def:crs:EPSG:10.2:7415",
            "https://www.opengis.net/def/crs/EPSG/0/7415",
            "EPSG:7415+5709",
        ] {
            assert_eq!(epsg_code(name), Some(7415), "{name}");
        }
        for name in
            ["", "EPSG", "EPSG:", "EPSG:abc", "EPSG:-1", "7415", "EPSG7415", "ESRI:102100", "EPSG:99999999999", "é"]
        {
            assert_eq!(epsg_code(name), None, "{name}");
        }
    }

    #[test]
    fn the_horizontal_part_of_a_compound_system_has_a_code() {
        // EPSG: 7415 is Amersfoort / RD New + NAP height, 5972 is ETRS89 / UTM zone 32N + NN2000 height.
        for (name, code) in [("EPSG:7415", 28992), ("EPSG:5972", 25832), ("EPSG:25832", 25832), ("EPSG:99999", 99999)] {
            assert_eq!(horizontal_code(name), Some(code), "{name}");
        }
        assert_eq!(horizontal_code("RD"), None);
    }

    #[test]
    fn what_is_not_known_is_told() {
        for (name, expected) in [
            ("RD", "RD is no EPSG code"),
            ("EPSG:1", "the definition of EPSG:1 is not known"),
            ("EPSG:928992", "the definition of EPSG:928992 is not known"),
            // Anguilla 1957, on the ellipsoid Clarke 1880 with no shift in its definition.
            ("EPSG:2000", "the shift from EPSG:2000 to other systems is not known"),
        ] {
            let problem = Projection::to_longitude_latitude(name).unwrap_err();
            assert_eq!(problem.message, expected);
            assert!(problem.hint.is_some());
        }
        let far = Projection::between("EPSG:4326", "EPSG:25832").unwrap();
        assert_eq!(far.point([f64::NAN, 50.0]), None);
        assert_eq!(far.point([9.0, 1e9]), None);
    }
}
