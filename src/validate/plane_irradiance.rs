//! The suite `plane-irradiance`: what planes receive in a year, and what photovoltaics make of it, as CSV.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use conurb_solar::pv::{CellTemperature, Losses, PvHours, PvSystem, ac_energy};
use conurb_solar::sky::{SkyHours, SkySeries, Surroundings, Transposition, poa_global};

use crate::error::{Error, Problem};
use crate::export::file::{Existing, refuse_existing};
use crate::formats::weather::WeatherYear;
use crate::scenario::Weather;
use crate::stages::solar::SolarYear;

use super::hourly::write_hourly;
use super::planes::{PlaneCase, read_planes, read_weather};
use super::settings::settings;
use super::{CSV_HEADER, in_file};

/// Keys that may be set; the rest of the chain is that of the published references.
const KEYS: [&str; 4] = ["weather.radiation", "weather.linke_turbidity", "weather.sun_year", "solar.albedo"];
const SCENARIO: &str = "[weather]\nepw = \"weather.epw\"\n[solar.raster]\ndsm = \"dsm.tif\"\n";
/// Modules on an open rack, glass and polymer.
const CELLS: CellTemperature = CellTemperature::OPEN_RACK_GLASS_POLYMER;

/// Everything that planes of the suite share.
pub(super) struct Chain {
    /// What lies around each plane.
    pub around: Surroundings,
    /// Modules and inverter: PVWatts as published, inverters as large as modules.
    pub system: PvSystem,
    /// Weather files by name.
    pub years: BTreeMap<String, Year>,
}

/// A weather file with what follows from it.
pub(super) struct Year {
    /// The file.
    pub weather: WeatherYear,
    /// Sun and radiation.
    pub solar: SolarYear,
    /// Skies of the models that planes ask for.
    pub skies: BTreeMap<&'static str, SkyHours>,
    /// Cells in this air.
    pub cells: PvHours,
}

/// Runs the suite on `planes.csv` in `directory` and gives the lines `case,quantity,unit,value`; a case is a row, from 1.
///
/// Annual sums go into the text, the hours of every case into the file `hourly`, and what is odd about weather to `tell`.
///
/// # Errors
/// The planes or the weather files are wrong, `overrides` name unknown keys, or `hourly` exists or cannot be written.
pub fn plane_irradiance(
    directory: &Path,
    overrides: &[(String, String)],
    hourly: Option<&Path>,
    tell: &dyn Fn(&str),
) -> Result<String, Error> {
    let settings = settings(SCENARIO, &KEYS, directory, overrides)?;
    hourly.map_or(Ok(()), |file| refuse_existing(file, Existing::Refuse))?;
    let cases = read_planes(directory)?;
    let years = read_years(directory, &cases, &settings.weather.expect("the text has this table"), tell)?;
    let albedo = settings.solar.expect("the text has this table").albedo;
    let chain = Chain { around: Surroundings::open(albedo), system: reference_system(), years };
    let mut text = String::from(CSV_HEADER);
    for (index, case) in cases.iter().enumerate() {
        let (irradiation, energy) = chain.annual(case);
        text.push_str(&format!("{},poa_global,kWh m-2,{irradiation:?}\n", index + 1));
        text.push_str(&format!("{},ac_yield,kWh kWp-1,{energy:?}\n", index + 1));
    }
    hourly.map_or(Ok(()), |file| write_hourly(file, &cases, &chain))?;
    Ok(text)
}

impl Chain {
    /// The weather and sky of a plane.
    pub(super) fn sky(&self, case: &PlaneCase) -> (&Year, &SkyHours) {
        let year = &self.years[&case.weather];
        (year, &year.skies[case.model.name()])
    }

    /// Irradiation of a plane in kWh/m², and the yield of photovoltaics there in kWh/kWp.
    fn annual(&self, case: &PlaneCase) -> (f64, f64) {
        let (year, sky) = self.sky(case);
        let mut poa = vec![0.0; sky.len()];
        poa_global(sky, &case.plane, &self.around, &mut poa);
        let energy = ac_energy(&self.system, &year.cells, &poa).expect("the system is that of the references");
        (poa.iter().sum::<f64>() / 1000.0, energy)
    }
}

fn reference_system() -> PvSystem {
    let lost_share = Losses::default().share().expect("the losses are those of the manual");
    PvSystem { temperature_coefficient: -0.0035, lost_share, dc_ac_ratio: 1.0, inverter_efficiency: 0.96 }
}

fn read_years(
    directory: &Path,
    cases: &[PlaneCase],
    settings: &Weather,
    tell: &dyn Fn(&str),
) -> Result<BTreeMap<String, Year>, Error> {
    let mut models: BTreeMap<&str, Vec<Transposition>> = BTreeMap::new();
    for case in cases {
        let of_file = models.entry(&case.weather).or_default();
        if !of_file.contains(&case.model) {
            of_file.push(case.model);
        }
    }
    let (mut years, mut problems) = (BTreeMap::new(), Vec::new());
    for (name, models) in models {
        match read_year(&directory.join(name), settings, &models, &|note| tell(&format!("{name}: {note}"))) {
            Ok(year) => drop(years.insert(name.to_owned(), year)),
            Err(Error::Input(found)) => problems.extend(found),
            Err(other) => return Err(other),
        }
    }
    if problems.is_empty() { Ok(years) } else { Err(Error::Input(problems)) }
}

fn read_year(file: &Path, settings: &Weather, models: &[Transposition], tell: &dyn Fn(&str)) -> Result<Year, Error> {
    let wrong = |cause: &dyn Display| Error::from(Problem::new(cause.to_string()).in_file(file));
    let (weather, notes) = read_weather(file)?;
    let (solar, more) = SolarYear::new(&weather, settings).map_err(|error| in_file(error, file))?;
    notes.iter().chain(&more).for_each(|warning| tell(&warning.message));
    let series = SkySeries { sun: &solar.sun, ghi: &solar.ghi, dni: &solar.dni, dhi: &solar.dhi };
    let mut skies = BTreeMap::new();
    for model in models {
        skies.insert(model.name(), SkyHours::new(&series, *model).map_err(|cause| wrong(&cause))?);
    }
    let cells = PvHours::new(&CELLS, &solar.temp_air, &solar.wind_speed).map_err(|cause| wrong(&cause))?;
    Ok(Year { weather, solar, skies, cells })
}
