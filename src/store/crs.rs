//! Coordinate reference systems as CF wants them told, for the codes whose definition needs no data base.

use super::netcdf::AttributeValue;

/// A coordinate reference system given as `EPSG:code`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Crs {
    name: String,
    code: Option<u32>,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Geographic(Ellipsoid),
    TransverseMercator { zone: u32, south: bool, ellipsoid: Ellipsoid },
    OtherInMetres,
    Unknown,
}

/// Semi-major axis (m) and inverse flattening.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ellipsoid(f64, f64);

const WGS84: Ellipsoid = Ellipsoid(6_378_137.0, 298.257_223_563);
const GRS80: Ellipsoid = Ellipsoid(6_378_137.0, 298.257_222_101);

/// Projected systems in metres that CF has no parameters for or that are not worth them here:
/// Amersfoort RD New (also with NAP), Web Mercator, Lambert-93, Belgian Lambert 72 and 2008, ETRS89-LAEA and -LCC, LV95.
const OTHERS_IN_METRES: [u32; 9] = [28992, 7415, 3857, 2154, 31370, 3812, 3035, 3034, 2056];

impl Crs {
    /// The system of a name such as `EPSG:28992`.
    pub fn new(name: &str) -> Self {
        let code = name.get(..5).filter(|start| start.eq_ignore_ascii_case("epsg:"));
        let code = code.and_then(|_| name[5..].trim().parse().ok());
        Crs { name: name.to_owned(), code, kind: code.map_or(Kind::Unknown, Kind::of_code) }
    }
    /// Whether CF's `grid_mapping` can point to it.
    pub fn is_grid_mapping(&self) -> bool {
        matches!(self.kind, Kind::Geographic(_) | Kind::TransverseMercator { .. })
    }
    /// Standard name and unit of a coordinate, `axis` 0 for x and 1 for y.
    pub fn coordinate(&self, axis: usize) -> (&'static str, Option<&'static str>) {
        match (&self.kind, axis) {
            (Kind::Geographic(_), 0) => ("longitude", Some("degrees_east")),
            (Kind::Geographic(_), _) => ("latitude", Some("degrees_north")),
            (kind, _) => {
                let name = if axis == 0 { "projection_x_coordinate" } else { "projection_y_coordinate" };
                (name, (*kind != Kind::Unknown).then_some("m"))
            }
        }
    }
    /// Attributes of the `crs` variable; `EPSG_code` and `epsg` are what mesh readers look for.
    pub fn attributes(&self) -> Vec<(String, AttributeValue)> {
        let text = |name: &str, value: &str| (name.to_owned(), AttributeValue::Text(value.to_owned()));
        let number = |name: &str, value: f64| (name.to_owned(), AttributeValue::F64(vec![value]));
        let mut attributes = vec![text("long_name", "coordinate reference system"), text("EPSG_code", &self.name)];
        if let Some(code) = self.code {
            attributes.push(("epsg".to_owned(), AttributeValue::I32(vec![code as i32])));
        }
        let ellipsoid = match &self.kind {
            Kind::Geographic(ellipsoid) => {
                attributes.push(text("grid_mapping_name", "latitude_longitude"));
                *ellipsoid
            }
            Kind::TransverseMercator { zone, south, ellipsoid } => {
                attributes.push(text("grid_mapping_name", "transverse_mercator"));
                attributes.push(number("longitude_of_central_meridian", 6.0 * f64::from(*zone) - 183.0));
                attributes.push(number("latitude_of_projection_origin", 0.0));
                attributes.push(number("scale_factor_at_central_meridian", 0.9996));
                attributes.push(number("false_easting", 500_000.0));
                attributes.push(number("false_northing", if *south { 10_000_000.0 } else { 0.0 }));
                *ellipsoid
            }
            Kind::OtherInMetres | Kind::Unknown => return attributes,
        };
        attributes.push(number("semi_major_axis", ellipsoid.0));
        attributes.push(number("inverse_flattening", ellipsoid.1));
        attributes.push(number("longitude_of_prime_meridian", 0.0));
        attributes
    }
}

impl Kind {
    fn of_code(code: u32) -> Self {
        let utm = |zone, south, ellipsoid| Kind::TransverseMercator { zone, south, ellipsoid };
        match code {
            4326 => Kind::Geographic(WGS84),
            4258 => Kind::Geographic(GRS80),
            32601..=32660 => utm(code - 32600, false, WGS84),
            32701..=32760 => utm(code - 32700, true, WGS84),
            25828..=25838 => utm(code - 25800, false, GRS80),
            _ if OTHERS_IN_METRES.contains(&code) => Kind::OtherInMetres,
            _ => Kind::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(crs: &Crs, name: &str) -> Option<AttributeValue> {
        crs.attributes().into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    #[test]
    fn utm_zones_have_their_meridian() {
        // Zone 31 spans 0 to 6 degrees east.
        let crs = Crs::new("EPSG:32631");
        assert_eq!(find(&crs, "longitude_of_central_meridian"), Some(AttributeValue::F64(vec![3.0])));
        assert_eq!(find(&crs, "false_northing"), Some(AttributeValue::F64(vec![0.0])));
        let south = Crs::new("epsg:32756");
        assert_eq!(find(&south, "longitude_of_central_meridian"), Some(AttributeValue::F64(vec![153.0])));
        assert_eq!(find(&south, "false_northing"), Some(AttributeValue::F64(vec![1e7])));
    }

    #[test]
    fn units_follow_the_kind() {
        assert_eq!(Crs::new("EPSG:4326").coordinate(1), ("latitude", Some("degrees_north")));
        assert_eq!(Crs::new("EPSG:28992").coordinate(0), ("projection_x_coordinate", Some("m")));
        assert_eq!(Crs::new("EPSG:2227").coordinate(0), ("projection_x_coordinate", None));
        assert!(!Crs::new("EPSG:28992").is_grid_mapping());
        assert_eq!(Crs::new("local").code, None);
        assert_eq!(Crs::new("épsg:1").code, None);
    }
}
