//! In which unit lengths are, and how far apart coordinates are: files do not always say, or say what they do not hold.

use crate::error::Warning;
use crate::formats::gmns::config::{Config, SpeedUnit};
use crate::formats::gmns::links::LinkRow;
use crate::formats::gmns::nodes::Nodes;
use crate::scenario::LengthUnit;

/// Length over the distance between its nodes that the median link of a road network has: from a bit below 1, as distances
/// in a projection are not exact, to what mountain roads have.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 0.5..=3.0;
/// Mean radius of the Earth, m (IUGG).
const EARTH_RADIUS: f64 = 6_371_008.8;

/// What the numbers of a folder mean.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    /// Unit of the lengths in `link.csv`.
    pub(super) length: LengthUnit,
    /// Unit of speeds.
    pub(super) speed: SpeedUnit,
    /// Distances between coordinates.
    pub(super) ruler: Ruler,
    /// What was taken where the files do not say, or say otherwise.
    pub(super) warnings: Vec<Warning>,
}

/// Distances between coordinates in metres.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ruler {
    /// Coordinates are longitude and latitude in degrees.
    Degrees,
    /// Coordinates are plane, with so many metres in one unit.
    Plane(f64),
}

impl Ruler {
    /// Metres along a line.
    pub(super) fn along(self, line: &[[f64; 2]]) -> f64 {
        line.windows(2).map(|ends| self.distance(ends[0], ends[1])).sum()
    }

    /// Metres between two points; on the sphere by the haversine formula.
    pub(super) fn distance(self, [x1, y1]: [f64; 2], [x2, y2]: [f64; 2]) -> f64 {
        match self {
            Ruler::Plane(metres) => metres * libm::hypot(x2 - x1, y2 - y1),
            Ruler::Degrees => {
                let half = |from: f64, to: f64| libm::sin((to - from).to_radians() / 2.0);
                let (dy, dx) = (half(y1, y2), half(x1, x2));
                let cosines = libm::cos(y1.to_radians()) * libm::cos(y2.to_radians());
                2.0 * EARTH_RADIUS * libm::asin((dy * dy + cosines * dx * dx).min(1.0).sqrt())
            }
        }
    }
}

/// Decides on units: those of the configuration, unless lengths fit the coordinates in another one that it names.
///
/// The specification has link lengths in `long_length`; two of its own three examples have them in `short_length`.
pub(super) fn decide(config: &Config, nodes: &Nodes, rows: &[LinkRow], wanted: LengthUnit) -> Measure {
    let rulers = rulers(config.crs.as_deref(), nodes);
    let named = [config.long_length, config.short_length];
    let mut units: Vec<LengthUnit> = named.into_iter().flatten().collect();
    if config.long_length.is_none() {
        units.insert(0, wanted);
        units.extend(LengthUnit::ALL);
    }
    let ratios: Vec<f64> = rulers.iter().map(|ruler| median_ratio(*ruler, nodes, rows)).collect();
    let fitting = units.iter().find_map(|unit| {
        let misfit = |ruler: usize| libm::log(ratios[ruler] * unit.metres()).abs();
        let plausible = (0..rulers.len()).filter(|ruler| PLAUSIBLE.contains(&(ratios[*ruler] * unit.metres())));
        plausible.min_by(|one, other| misfit(*one).total_cmp(&misfit(*other))).map(|ruler| (*unit, rulers[ruler]))
    });
    let (length, ruler) = fitting.unwrap_or((units[0], rulers[0]));
    let is_metric = matches!(length, LengthUnit::Metre | LengthUnit::Kilometre);
    let usual = if is_metric { SpeedUnit::KilometresPerHour } else { SpeedUnit::MilesPerHour };
    let speed = config.speed.unwrap_or(usual);
    let mut warnings = Vec::new();
    if config.long_length.is_none() || config.speed.is_none() {
        let message = format!(
            "config.csv does not say all units: lengths of links were taken in {}, speeds in {}",
            length.name(),
            speed.name()
        );
        warnings.push(Warning::new("gmns_units_assumed", 1, message));
    }
    if let Some(stated) = config.long_length.filter(|stated| *stated != length) {
        let message = format!(
            "config.csv says that lengths of links are in {}, but they fit the coordinates in {}, which was taken",
            stated.name(),
            length.name()
        );
        warnings.push(Warning::new("gmns_length_unit", rows.len(), message));
    } else if fitting.is_none() && ratios[0].is_finite() {
        let message = format!(
            "lengths of links are {:.3e} times the distances between their nodes in the median: check the units of config.csv",
            ratios[0] * length.metres()
        );
        warnings.push(Warning::new("gmns_lengths_implausible", rows.len(), message));
    }
    Measure { length, speed, ruler, warnings }
}

/// What coordinates may be in: what the reference system says where it is a known one, else all that is possible.
fn rulers(crs: Option<&str>, nodes: &Nodes) -> Vec<Ruler> {
    const FOOT: Ruler = Ruler::Plane(0.3048);
    const METRE: Ruler = Ruler::Plane(1.0);
    let code = crs.map(|crs| crs.trim().rsplit(':').next().unwrap_or_default().parse::<u32>().unwrap_or(0));
    match code {
        // WGS 84, NAD83, ETRS89, NAD27
        Some(4326 | 4269 | 4258 | 4267) => vec![Ruler::Degrees],
        // UTM on WGS 84 (north, south), on ETRS89 and on NAD83
        Some(32601..=32660 | 32701..=32760 | 25828..=25838 | 26901..=26923) => vec![METRE],
        _ if nodes.xy.iter().all(|[x, y]| x.abs() <= 180.0 && y.abs() <= 90.0) => vec![Ruler::Degrees, METRE, FOOT],
        _ => vec![METRE, FOOT],
    }
}

/// The median of length (in its own unit) over the metres between the nodes; not a number where no link has both.
fn median_ratio(ruler: Ruler, nodes: &Nodes, rows: &[LinkRow]) -> f64 {
    let place = |node: u32| nodes.xy[node as usize];
    let ratio = |row: &LinkRow| {
        row.length
            .filter(|length| *length > 0.0)
            .map(|length| length / ruler.distance(place(row.tail), place(row.head)))
    };
    let mut ratios: Vec<f64> = rows.iter().filter_map(ratio).filter(|ratio| ratio.is_finite()).collect();
    ratios.sort_by(f64::total_cmp);
    ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_textbook() {
        // Five feet and four feet.
        assert!((Ruler::Plane(0.3048).along(&[[0.0, 0.0], [3.0, 4.0], [3.0, 0.0]]) - 2.7432).abs() < 1e-12);
        // One degree along a meridian: pi / 180 times the radius.
        let degree = Ruler::Degrees.distance([-71.0, 42.0], [-71.0, 43.0]);
        assert!((degree - 111_195.08).abs() < 0.01, "{degree}");
        // Around half the equator, and across the date line.
        assert!((Ruler::Degrees.distance([0.0, 0.0], [180.0, 0.0]) - 20_015_114.35).abs() < 0.1);
        assert!((Ruler::Degrees.distance([179.5, 0.0], [-179.5, 0.0]) - 111_195.08).abs() < 0.01);
    }
}
