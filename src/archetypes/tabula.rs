//! Archetypes of any country from the parameter tables of TABULA.
//!
//! The tables know classes of years, U-values, windows, use and measures, but not which construction is most common, nor
//! leaks, masses and shares of windows of a country: those are the defaults named here, which `docs/numerics/archetypes.md` lists.

use super::{Archetype, Archetypes, Construction, Mass, MassPlace, MeasureEffects, UsageProfile, WindowKind};
use crate::buildings::Usage;
use crate::error::{Error, Problem, Warning};
use crate::formats::tabula::{BoundaryCondition, Element, Measure, Tabula, WindowClass, YearClass};

/// Rows that hold for all countries.
const ALL_COUNTRIES: &str = "EU";
/// Windows of which nothing but the year is known.
const ANY_WINDOW: &str = ".Gen.-.-.-.-.-";
/// From here on buildings are taken to be tighter and their details better.
const TIGHT_FROM: i32 = 2006;
/// Change of air through leaks (1/h): TABULA classes Medium and Low.
const INFILTRATION: [f64; 2] = [0.2, 0.1];
/// Addition for thermal bridges (W/m²K): TABULA classes Medium and Low.
const THERMAL_BRIDGES: [f64; 2] = [0.1, 0.05];
/// b-factor of floors above a cellar or on the ground, as in all German variants of TABULA.
const FLOOR_ADJUSTMENT: f64 = 0.5;
/// Share of windows in walls to north, east, south and west: German stock of City Energy Analyst.
const WINDOW_SHARE: [f64; 4] = [0.079, 0.187, 0.225, 0.187];
/// Heavy and light classes of ISO 52016-1 table B.14 (J/m²K).
const HEAVY: f64 = 175e3;
const MEDIUM: f64 = 110e3;
const VERY_LIGHT: f64 = 50e3;
const G_VALUE: f64 = 0.7;
const FRAME_SHARE: f64 = 0.3;
const ROOM_HEIGHT: f64 = 2.5;
/// Thickness of ceilings between rooms (m).
const CEILING: f64 = 0.4;
/// U-values that buildings have (W/m²K).
const U_RANGE: (f64, f64) = (0.05, 7.0);
/// Of sorted measures, the one that counts as ambitious.
const AMBITIOUS_QUANTILE: f64 = 0.9;
/// Resistances that measures add (m²K/W).
const ADDED: (f64, f64) = (0.2, 30.0);

/// Archetypes of a country; `base` gives what the tables do not know.
pub(super) fn archetypes(
    tables: &Tabula,
    country: &str,
    mut base: Archetypes,
) -> Result<(Archetypes, Vec<Warning>), Error> {
    let mut classes: Vec<&YearClass> = tables.year_classes.iter().filter(|class| class.country == country).collect();
    classes.retain(|class| class.last_year > 0);
    classes.sort_by_key(|class| class.first_year);
    if classes.is_empty() {
        return Err(unknown_country(tables, country).into());
    }
    let condition = condition(tables, country);
    let mut skipped = Vec::new();
    for class in classes {
        match archetype(tables, class, condition) {
            Some(archetype) => base.archetypes.push(archetype),
            None => skipped.push(class.code.as_str()),
        }
    }
    if base.archetypes.len() < skipped.len() {
        let message = format!(
            "the TABULA tables lack U-values of walls, roofs or floors for most classes of years of {country}: {}",
            skipped.join(", ")
        );
        return Err(Problem::new(message)
            .of_key("buildings.archetype_country")
            .hint("give a table of archetypes (.csv) for this country")
            .into());
    }
    let residential = base.profiles.iter_mut().find(|profile| profile.usage == Usage::Residential);
    use_conditions(residential.expect("each use has a profile"), &conditions(tables, country));
    measures(tables, country, &mut base.measures);
    let message = format!("TABULA classes of years without U-values, next ones count: {}", skipped.join(", "));
    let warnings =
        if skipped.is_empty() { Vec::new() } else { vec![Warning::new("tabula_years", skipped.len(), message)] };
    Ok((base, warnings))
}

fn unknown_country(tables: &Tabula, country: &str) -> Problem {
    let mut known: Vec<&str> = tables.year_classes.iter().map(|class| class.country.as_str()).collect();
    known.sort_unstable();
    known.dedup();
    Problem::new(format!("the TABULA tables have no classes of years for the country \"{country}\""))
        .of_key("buildings.archetype_country")
        .hint(format!("they know {}", known.join(", ")))
}

fn archetype(tables: &Tabula, class: &YearClass, condition: Option<&BoundaryCondition>) -> Option<Archetype> {
    let [wall, roof, floor] =
        [Element::Wall, Element::Roof, Element::Floor].map(|element| u_value(tables, class, element));
    let (wall, roof, floor) = (wall?, roof?, floor?);
    let window = window(tables, class, condition)?;
    let part = |u, adjustment, capacity, place| Construction { u, adjustment, mass: Mass::Class { capacity, place } };
    let room_height = condition.and_then(|condition| condition.room_height).unwrap_or(ROOM_HEIGHT);
    let era = usize::from(class.first_year >= TIGHT_FROM);
    Some(Archetype {
        code: class.code.clone(),
        first_year: class.first_year,
        last_year: class.last_year,
        usage: Usage::Residential,
        size_class: None,
        wall: part(wall, 1.0, HEAVY, MassPlace::Distributed),
        roof: part(roof, 1.0, VERY_LIGHT, MassPlace::Distributed),
        floor: part(floor, FLOOR_ADJUSTMENT, HEAVY, MassPlace::Inside),
        inside: part(0.0, 0.0, MEDIUM, MassPlace::Distributed),
        window,
        window_share: WINDOW_SHARE,
        roof_window_share: 0.0,
        thermal_bridges: THERMAL_BRIDGES[era],
        infiltration: INFILTRATION[era],
        inside_area_per_floor_area: 2.5,
        air_capacity: 10e3,
        storey_height: room_height + CEILING,
        net_floor_share: 0.85,
        room_height,
        source: format!("TABULA tables (IWU): {}; defaults for leaks, masses and shares of windows", class.code),
    })
}

/// The default U-value of the class, else the upper median of its example constructions; ceilings stand in for roofs.
fn u_value(tables: &Tabula, class: &YearClass, element: Element) -> Option<f64> {
    let of_class = tables.u_classes.iter().find(|row| row.year_class == class.code && row.country == class.country);
    let default = of_class.and_then(|row| match element {
        Element::Wall => row.wall,
        Element::Roof => row.roof.or(row.upper_ceiling),
        Element::Floor => row.floor,
        Element::Ceiling | Element::Window | Element::Other => None,
    });
    let is_sane = |u: &f64| (U_RANGE.0..=U_RANGE.1).contains(u);
    let examples = |element: Element| {
        let of_class = tables.constructions.iter().filter(|row| {
            row.element == element && row.is_example && row.year_class == class.code && row.country == class.country
        });
        let mut all: Vec<f64> = of_class.filter_map(|row| row.u).filter(is_sane).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    };
    let ceilings = || if element == Element::Roof { examples(Element::Ceiling) } else { None };
    default.filter(is_sane).or_else(|| examples(element)).or_else(ceilings)
}

/// Windows of the years of a class, of the country or of all.
fn window(tables: &Tabula, class: &YearClass, condition: Option<&BoundaryCondition>) -> Option<WindowKind> {
    let of = |country: &str| {
        tables.windows.iter().find(|row| row.country == country && row.code == format!("{country}{ANY_WINDOW}"))
    };
    let row: &WindowClass = of(&class.country).or_else(|| of(ALL_COUNTRIES))?;
    let era = row.from.iter().flatten().filter(|from| class.first_year >= **from).count();
    let last_known = |values: &[Option<f64>; 3]| values[..=era].iter().flatten().next_back().copied();
    let u = last_known(&row.u).filter(|u| (U_RANGE.0..=U_RANGE.1).contains(u))?;
    let g = last_known(&row.g).filter(|g| (0.1..=0.95).contains(g)).unwrap_or(G_VALUE);
    let frame_share = condition.and_then(|condition| condition.frame_share).unwrap_or(FRAME_SHARE);
    Some(WindowKind { u, g, frame_share })
}

/// Single-unit and multi-unit housing of the country, else of all countries.
fn conditions<'a>(tables: &'a Tabula, country: &str) -> Vec<&'a BoundaryCondition> {
    [country, ALL_COUNTRIES]
        .map(|country| {
            let codes = ["SUH", "MUH"].map(|housing| format!("{country}.{housing}"));
            tables.boundary_conditions.iter().filter(|row| codes.contains(&row.code)).collect::<Vec<_>>()
        })
        .into_iter()
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn condition<'a>(tables: &'a Tabula, country: &str) -> Option<&'a BoundaryCondition> {
    conditions(tables, country).first().copied()
}

/// Puts the mean of some conditions into a profile.
fn use_conditions(profile: &mut UsageProfile, conditions: &[&BoundaryCondition]) {
    let mean = |value: fn(&BoundaryCondition) -> Option<f64>| {
        let values: Vec<f64> = conditions.iter().filter_map(|condition| value(condition)).collect();
        (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
    };
    if let Some(setpoint) = mean(|condition| condition.theta_i) {
        // Where nothing reduces the losses, setback and unheated rooms are in the temperature already.
        let is_in_temperature = conditions.iter().flat_map(|it| it.reduction).flatten().all(|factor| factor == 1.0);
        let depth = if is_in_temperature { 0.0 } else { profile.heating_setpoint - profile.heating_setback };
        profile.heating_setpoint = setpoint;
        profile.heating_setback = setpoint - depth;
    }
    if let Some(gains) = mean(|condition| condition.phi_int) {
        let days = &profile.days[0];
        let day_mean = |hours: &[f64; 24]| hours.iter().sum::<f64>() / 24.0;
        let of_appliances = (profile.appliance_gains * day_mean(&days.appliances)).min(gains);
        profile.appliance_gains = of_appliances / day_mean(&days.appliances);
        profile.occupant_gains = (gains - of_appliances) / day_mean(&days.occupants);
    }
    profile.ventilation = mean(|condition| condition.n_air_use).unwrap_or(profile.ventilation);
    profile.hot_water = mean(|condition| condition.hot_water).unwrap_or(profile.hot_water);
    let codes: Vec<&str> = conditions.iter().map(|condition| condition.code.as_str()).collect();
    profile.source = format!("TABULA tables (IWU): {}; {}", codes.join(" and "), profile.source);
}

/// The lower median and the 0.9 quantile of the measures of a country stand for standard and ambitious.
fn measures(tables: &Tabula, country: &str, effects: &mut MeasureEffects) {
    let of = |element: Element, value: &dyn Fn(&Measure) -> Option<f64>, range: (f64, f64)| {
        let rows = tables.measures.iter().filter(|row| row.country == country && row.element == element);
        let mut all: Vec<f64> = rows.filter_map(value).filter(|value| (range.0..=range.1).contains(value)).collect();
        all.sort_by(f64::total_cmp);
        let at = |quantile: f64| all[((all.len() - 1) as f64 * quantile) as usize];
        (!all.is_empty()).then(|| [at(0.5), at(AMBITIOUS_QUANTILE)])
    };
    let resistance = |row: &Measure| row.resistance;
    effects.wall_resistance = of(Element::Wall, &resistance, ADDED).unwrap_or(effects.wall_resistance);
    effects.roof_resistance = of(Element::Roof, &resistance, ADDED).unwrap_or(effects.roof_resistance);
    effects.floor_resistance = of(Element::Floor, &resistance, ADDED).unwrap_or(effects.floor_resistance);
    // Better windows have smaller U-values: sorted by resistance, like the others.
    let better = |row: &Measure| row.u.filter(|u| *u > 0.0).map(|u| 1.0 / u);
    if let Some(resistances) = of(Element::Window, &better, (1.0 / 6.0, 3.0)) {
        let g = [0, 1].map(|level| effects.window[level].g);
        effects.window = [0, 1].map(|level| WindowKind {
            u: 1.0 / resistances[level],
            g: g[level],
            frame_share: effects.window[level].frame_share,
        });
    }
    effects.source = format!("TABULA tables (IWU): measures of {country}; {}", effects.source);
}
