//! Reading what a climate is downscaled from.
//!
//! Projections are too large to be read at once: rank 0 reads what their files say of themselves and hashes them, every
//! rank then reads the values it needs by itself.

mod city;
mod weather;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

use sha2::{Digest, Sha256};

pub use city::{CityInputs, Population};
pub use weather::site_of_weather;

use super::Reader;
use crate::error::{Error, Warning};
use crate::formats::cf::{CfFile, DailyVariable, Description, Quantity};

use crate::formats::probe;
use crate::formats::weather::WeatherYear;
use crate::scenario::{AdjustedVariable, Climate, ClimateVariable, Scenario};

/// What a climate is downscaled from: files that are open, and what they hold.
#[derive(Debug)]
pub struct ClimateInputs {
    /// The variables, in the order of the scenario.
    pub variables: Vec<VariableInputs>,
    /// Hours that were measured, if the scenario names any.
    pub donor: Option<WeatherYear>,
    /// SHA-256 of every file.
    pub hashes: BTreeMap<PathBuf, String>,
    /// Places of the city, if the scenario names any.
    pub city: Option<CityInputs>,
    /// Who lives where, if the scenario names inhabitants.
    pub population: Option<Population>,
    /// What was odd about the files.
    pub warnings: Vec<Warning>,
    /// Wall seconds it took.
    pub seconds: f64,
}

/// The series of a variable.
#[derive(Debug)]
pub struct VariableInputs {
    /// The variable.
    pub variable: ClimateVariable,
    /// What was measured.
    pub reference: DailyVariable,
    /// What models give, in the order of the scenario.
    pub models: Vec<ModelInputs>,
}

/// Series of a model.
#[derive(Debug)]
pub struct ModelInputs {
    /// Its past.
    pub historical: DailyVariable,
    /// Its futures, in the order of the scenario.
    pub futures: Vec<DailyVariable>,
}

/// Bytes that are hashed at a time.
const HASHED_BYTES: usize = 1 << 20;

/// Files that are described already.
type Described = BTreeMap<PathBuf, Description>;

impl Reader<'_> {
    /// Opens the files that the `[climate]` table of a scenario names.
    ///
    /// # Errors
    /// Everything wrong with what the files say of themselves.
    pub fn climate(&mut self, scenario: &Scenario, climate: &Climate) -> Result<ClimateInputs, Error> {
        let start = Instant::now();
        let mut described = Described::new();
        let variables = climate.variables.iter().map(|variable| self.variable(climate, variable, &mut described));
        let variables = variables.collect::<Result<Vec<_>, _>>()?;
        let mut warnings = Vec::new();
        let donor = climate.weather.as_ref().map(|wanted| self.donor(wanted, &mut warnings)).transpose()?.flatten();
        let city = climate.city.as_ref().map(|layer| self.city(scenario, layer, &mut warnings)).transpose()?;
        let file = climate.indices.population.as_ref();
        let population = file.map(|file| self.population(scenario, file, &mut warnings)).transpose()?;
        let hashes = self.files.iter().map(|file| (PathBuf::from(&file.path), file.sha256.clone())).collect();
        Ok(ClimateInputs {
            variables,
            donor,
            hashes,
            city,
            population,
            warnings,
            seconds: start.elapsed().as_secs_f64(),
        })
    }

    fn variable(
        &mut self,
        climate: &Climate,
        variable: &AdjustedVariable,
        described: &mut Described,
    ) -> Result<VariableInputs, Error> {
        let reference = self.daily(variable, &variable.reference, described)?;
        let mut models = Vec::new();
        for model in &variable.models {
            let historical = self.daily(variable, &model.historical, described)?;
            let mut futures = Vec::new();
            for (_, files) in &model.future {
                let future = self.daily(variable, files, described)?;
                // A period that begins before the future does goes on from the past.
                let first = climate.future_periods.iter().map(|period| period[0]).min();
                let begins = future.days.dates().first().map(|date| date.year);
                let reaches_back = first.zip(begins).is_some_and(|(first, begins)| first < begins);
                let past: Vec<PathBuf> =
                    model.historical.iter().filter(|file| !files.contains(file)).cloned().collect();
                futures.push(match reaches_back && !past.is_empty() {
                    true => self.daily(variable, &[past, files.clone()].concat(), described)?,
                    false => future,
                });
            }
            models.push(ModelInputs { historical, futures });
        }
        Ok(VariableInputs { variable: variable.variable, reference, models })
    }

    /// A daily variable in files that follow each other.
    fn daily(
        &mut self,
        variable: &AdjustedVariable,
        files: &[PathBuf],
        described: &mut Described,
    ) -> Result<DailyVariable, Error> {
        let name = variable.name_in_files.as_deref().unwrap_or_else(|| variable.variable.name());
        let mut opened = Vec::new();
        for path in files {
            if !described.contains_key(path) {
                let description = self.describe(path)?;
                described.insert(path.clone(), description);
            }
            opened.push(self.runtime.agree(CfFile::attach(described[path].clone()))?);
        }
        self.runtime.agree(DailyVariable::of(opened, name, quantity(variable.variable)))
    }

    /// What a file says of itself, read by rank 0 alone.
    fn describe(&mut self, path: &Path) -> Result<Description, Error> {
        let sent = self.runtime.from_root(|| {
            let file = probe::open_cf(path)?;
            let sent = (hash_of(path)?, file.description());
            serde_json::to_vec(&sent).map_err(|cause| Error::Failed(format!("cannot send a description: {cause}")))
        })?;
        let (sha256, description): (String, Description) =
            serde_json::from_slice(&sent).expect("rank 0 sends what it described");
        self.note(path, sha256);
        Ok(description)
    }
}

fn hash_of(path: &Path) -> Result<String, Error> {
    let failed = |cause| Error::file("read", path, cause);
    let mut file = File::open(path).map_err(failed)?;
    let (mut hash, mut bytes) = (Sha256::new(), vec![0; HASHED_BYTES]);
    loop {
        match file.read(&mut bytes).map_err(failed)? {
            0 => return Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            n => hash.update(&bytes[..n]),
        }
    }
}

pub(crate) fn quantity(variable: ClimateVariable) -> Quantity {
    match variable {
        ClimateVariable::Tas | ClimateVariable::Tasmin | ClimateVariable::Tasmax => Quantity::Temperature,
        ClimateVariable::Pr => Quantity::Precipitation,
        ClimateVariable::Rsds => Quantity::Irradiance,
        ClimateVariable::Hurs => Quantity::RelativeHumidity,
        ClimateVariable::Huss => Quantity::SpecificHumidity,
        ClimateVariable::SfcWind => Quantity::Speed,
        ClimateVariable::Ps => Quantity::Pressure,
    }
}
