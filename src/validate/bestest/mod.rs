//! The suite `bestest`: heating, cooling and temperatures of one room in many forms, as CSV.
//!
//! The room is that of ANSI/ASHRAE Standard 140-2020, section 7 (BESTEST; Judkoff and Neymark 1995). What its files do not say, and
//! why it is taken as it is, stands beside each number: [`films`], [`cavity`], [`facades`], [`schedule`].

mod building;
mod case_file;
mod cavity;
mod construction_file;
mod facades;
mod films;
mod forms;
mod schedule;
mod weather_file;
mod year;
mod zone_file;

use std::path::Path;

use conurb_energy::zone::{Glazing, Zone};
use conurb_solar::sky::pressure_from_altitude;

use self::building::{Makings, glazed, panes, zone};
use self::case_file::{Case, Orientation, read_case_file};
use self::construction_file::read_construction_file;
use self::facades::{hourly_bins, open_facade};
use self::films::wind_share;
use self::year::Year;
use self::zone_file::read_zone_file;
use super::settings::settings;
use super::{CSV_HEADER, in_file};
use crate::error::{Error, Problem, Problems};
use crate::formats::weather::WeatherYear;
use crate::scenario::{Energy, SkyModel};
use crate::stages::energy::climate::{ClimateOptions, climate};
use crate::stages::solar::SolarYear;

const KEYS: [&str; 7] = [
    "energy.fidelity",
    "energy.exterior_convection",
    "energy.sky_temperature",
    "energy.warm_up_days",
    "weather.radiation",
    "weather.linke_turbidity",
    "weather.sun_year",
];
/// A scenario as the suite runs it; its sky is as cold as the weather file says.
const SCENARIO: &str = "[weather]\nepw = \"weather.epw\"\n[buildings]\ntable = \"zones.csv\"\narchetypes = \"TABULA_NL\"\n\
    [energy]\nsky_temperature = \"weather\"\n";
const CASES: &str = "cases.csv";
/// Glass that is not there.
const EVERYTHING: Glazing =
    Glazing { normal: 1.0, angular: [1.0, 0.0, 0.0, 0.0, 0.0, 0.0], diffuse: 1.0, absorbed_share: 0.0 };

/// Runs the suite on `cases.csv`, `constructions.csv`, `zone.csv` and a weather file in `directory` and gives the lines
/// `case,quantity,unit,value`; every row of `cases.csv` is a case.
///
/// # Errors
/// A file is wrong, or `overrides` name unknown keys.
pub fn bestest(directory: &Path, overrides: &[(String, String)], tell: &dyn Fn(&str)) -> Result<String, Error> {
    let settings = settings(SCENARIO, &KEYS, directory, overrides)?;
    let energy = settings.energy.expect("the text has this table");
    let weather_settings = settings.weather.expect("the text has this table");
    let enclosures = read_construction_file(directory)?;
    let file = read_zone_file(directory)?;
    let cases = read_case_file(directory, &enclosures.keys().cloned().collect::<Vec<_>>())?;
    let weather_file = weather_file::find(directory)?;
    let (weather, notes) = weather_file::read_year(&weather_file)?;
    let (year, more) = SolarYear::new(&weather, &weather_settings).map_err(|error| in_file(error, &weather_file))?;
    notes.iter().chain(&more).for_each(|warning| tell(&warning.message));
    let options = ClimateOptions {
        sky_model: SkyModel::Perez1990,
        sky_temperature: energy.sky_temperature,
        convergence_deg: 0.0,
    };
    let mut climate =
        climate(&weather, &year, &weather_settings, &options).map_err(|error| in_file(error, &weather_file))?;
    let at_walls = wind_share(0.5 * file.size[2]);
    climate.wind_speed.iter_mut().for_each(|wind| *wind *= at_walls);
    let suns = hourly_bins(&mut climate, weather.latitude);
    let makings = Makings { zone: &file, climate: &climate, suns: &suns, pressure: pressure(&weather) };
    let zones = zones(directory, &cases, |case| zone(&makings, case, &enclosures[&case.mass]))?;
    let mut text = String::from(CSV_HEADER);
    for (index, (case, zone)) in cases.iter().zip(&zones).enumerate() {
        run_case(&makings, (case, zone), (&year.hour_of_day, &energy), index == 0, &mut text);
    }
    Ok(text)
}

/// Zones of all cases, or everything wrong with them.
fn zones(directory: &Path, cases: &[Case], zone: impl Fn(&Case) -> Result<Zone, Problem>) -> Result<Vec<Zone>, Error> {
    let (mut zones, mut problems) = (Vec::new(), Problems::new());
    for case in cases {
        match zone(case) {
            Ok(zone) => zones.push(zone),
            Err(problem) => {
                let problem = problem.in_file(directory.join(CASES)).at_line(case.line);
                problems.push("zone", problem.of_key(format!("case {}", case.name)));
            }
        }
    }
    problems.into_result(zones)
}

/// Puts the lines of a case; the first case also tells what its walls and roof receive without anything before them.
fn run_case(
    makings: &Makings<'_>,
    (case, zone): (&Case, &Zone),
    (hour_of_day, energy): (&[u8], &Energy),
    is_first: bool,
    text: &mut String,
) {
    let mut put = |quantity: &str, unit: &str, value: f64| {
        text.push_str(&format!("{},{quantity},{unit},{value:?}\n", case.name));
    };
    let profile = schedule::profile(case, hour_of_day);
    let year = Year::of(zone, &profile, makings.climate, energy);
    match case.is_free {
        true => year.temperatures().iter().for_each(|(quantity, unit, value)| put(quantity, unit, *value)),
        false => year.loads().iter().for_each(|(quantity, unit, value)| put(quantity, unit, *value)),
    }
    let glass: f64 = zone.walls.iter().map(|facade| facade.glass_area).sum();
    if let (true, Ok(light)) = (glass > 0.0, Glazing::light_through_panes(&panes(makings.zone, &zone.window))) {
        let lit = glazed(zone, light, zone.walls.clone());
        put("transmitted_solar", "kWh m-2", Year::of(&lit, &profile, makings.climate, energy).solar_gains() / glass);
    }
    if is_first {
        let walls = Orientation::ALL.map(|orientation| (orientation.name(), orientation.normal()));
        for (name, normal) in [("horizontal", [0.0, 0.0, 1.0])].into_iter().chain(walls) {
            let open = glazed(zone, EVERYTHING, vec![open_facade(normal, 0.0, 1.0, makings.zone.albedo)]);
            let incident = Year::of(&open, &profile, makings.climate, energy).solar_gains();
            put(&format!("incident_solar_{name}"), "kWh m-2", incident);
        }
    }
}

/// Mean pressure of the year at the place (Pa), by its altitude where the file does not say.
fn pressure(weather: &WeatherYear) -> f64 {
    let known = weather.pressure.iter().filter(|value| value.is_finite());
    let (sum, n) = known.fold((0.0, 0_usize), |(sum, n), value| (sum + f64::from(*value), n + 1));
    if n > 0 { sum / n as f64 } else { pressure_from_altitude(weather.elevation_m) }
}
