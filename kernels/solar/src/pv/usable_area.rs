//! How much of a surface modules can cover.

use super::PvError;
use super::error::check;

/// A roof or wall as a planner of modules sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// m² ≥ 0 in the plane of the surface.
    pub area_m2: f64,
    /// Length of its outline, m ≥ 0.
    pub perimeter_m: f64,
    /// Yearly irradiation, kWh/m² ≥ 0.
    pub irradiation_kwh_m2: f64,
}

/// What a surface must have, and what of it is left free.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AreaRules {
    /// Distance of modules from the outline, m ≥ 0.
    pub setback_m: f64,
    /// Share of what is left that modules cover, 0 to 1: windows, chimneys, gaps between rows.
    pub covered_share: f64,
    /// Least covered area, m² ≥ 0.
    pub least_area_m2: f64,
    /// Least yearly irradiation, kWh/m² ≥ 0.
    pub least_irradiation_kwh_m2: f64,
}

/// What becomes of a surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Usable {
    /// Modules cover so many m².
    Area(f64),
    /// It receives less than the rules want.
    TooDark,
    /// Less would be covered than the rules want.
    TooSmall,
}

/// Applies `rules` to `surface`.
///
/// A border of width s leaves max(0, A − P s + π s²) of area A and perimeter P up to the first zero in s: exact for a disc,
/// less than what is left of any other convex outline (Steiner's formula and Bonnesen's inequality, as in Santaló, Integral
/// geometry and geometric probability, 1976, chapters I.1 and I.7).
///
/// # Errors
/// A value out of its range or not a number.
pub fn usable_area(surface: &Candidate, rules: &AreaRules) -> Result<Usable, PvError> {
    for (what, value) in [
        ("area", surface.area_m2),
        ("perimeter", surface.perimeter_m),
        ("irradiation", surface.irradiation_kwh_m2),
        ("setback", rules.setback_m),
        ("least area", rules.least_area_m2),
        ("least irradiation", rules.least_irradiation_kwh_m2),
    ] {
        check(what, value, 0.0..=1e12, "0 or more")?;
    }
    check("covered share", rules.covered_share, 0.0..=1.0, "0 to 1")?;
    if surface.irradiation_kwh_m2 < rules.least_irradiation_kwh_m2 {
        return Ok(Usable::TooDark);
    }
    let covered = inside(surface.area_m2, surface.perimeter_m, rules.setback_m) * rules.covered_share;
    Ok(if covered > 0.0 && covered >= rules.least_area_m2 { Usable::Area(covered) } else { Usable::TooSmall })
}

fn inside(area: f64, perimeter: f64, setback: f64) -> f64 {
    const PI: f64 = core::f64::consts::PI;
    if setback == 0.0 {
        return area;
    }
    // Beyond half the radius of a disc of this perimeter the formula would rise again.
    if setback >= perimeter / (2.0 * PI) {
        return 0.0;
    }
    (area - perimeter * setback + PI * setback * setback).max(0.0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RULES: AreaRules =
        AreaRules { setback_m: 0.0, covered_share: 1.0, least_area_m2: 10.0, least_irradiation_kwh_m2: 800.0 };

    fn surface(area_m2: f64, perimeter_m: f64) -> Candidate {
        Candidate { area_m2, perimeter_m, irradiation_kwh_m2: 1000.0 }
    }

    #[test]
    fn rules_by_hand() {
        assert_eq!(usable_area(&surface(40.0, 26.0), &RULES).unwrap(), Usable::Area(40.0));
        let half = AreaRules { covered_share: 0.5, ..RULES };
        assert_eq!(usable_area(&surface(40.0, 26.0), &half).unwrap(), Usable::Area(20.0));
        assert_eq!(usable_area(&surface(19.0, 18.0), &half).unwrap(), Usable::TooSmall);
        let dark = Candidate { irradiation_kwh_m2: 799.0, ..surface(40.0, 26.0) };
        assert_eq!(usable_area(&dark, &RULES).unwrap(), Usable::TooDark);
        let none = AreaRules { least_area_m2: 0.0, ..RULES };
        assert_eq!(usable_area(&surface(0.0, 0.0), &none).unwrap(), Usable::TooSmall);
        assert!(usable_area(&surface(f64::NAN, 1.0), &RULES).is_err());
        assert!(usable_area(&surface(1.0, 1.0), &AreaRules { covered_share: 1.1, ..RULES }).is_err());
    }

    #[test]
    fn a_disc_keeps_a_disc() {
        // Radius 5 m less 1 m: 16 π m².
        let disc = surface(25.0 * core::f64::consts::PI, 10.0 * core::f64::consts::PI);
        let Usable::Area(left) = usable_area(&disc, &AreaRules { setback_m: 1.0, ..RULES }).unwrap() else {
            panic!("a disc of 5 m is large enough");
        };
        assert!((left - 16.0 * core::f64::consts::PI).abs() < 1e-9);
        assert_eq!(usable_area(&disc, &AreaRules { setback_m: 6.0, ..RULES }).unwrap(), Usable::TooSmall);
    }

    proptest! {
        #[test]
        fn never_more_than_what_is_left_of_a_rectangle(
            a in 0.1_f64..30.0, b in 0.1_f64..30.0, setback in 0.0_f64..20.0,
        ) {
            let left = (a - 2.0 * setback).max(0.0) * (b - 2.0 * setback).max(0.0);
            prop_assert!(inside(a * b, 2.0 * (a + b), setback) <= left + 1e-9);
        }
    }
}
