//! The buildings of a finished run: who they are, and which packages and carriers their numbers are about.

use std::collections::BTreeMap;

use super::{misfit, of_buildings};
use crate::buildings::Quality;
use crate::error::Error;
use crate::field::{FieldSpec, energy as field};
use crate::scenario::Carrier;
use crate::store::read::RunReader;

/// Buildings, packages of measures and carriers of energy.
#[derive(Debug, Clone, PartialEq)]
pub struct Stock {
    /// Id of each building.
    pub building_id: Vec<String>,
    /// Conditioned floor area of each (m²); 0 for what is neither heated nor cooled.
    pub floor_area: Vec<f64>,
    /// Heating need of each over its floor area (kWh/m² a year); NaN for what is not heated.
    pub heating_per_area: Vec<f64>,
    /// Name of each package, the first of them none.
    pub packages: Vec<String>,
    /// Name of each carrier.
    pub carriers: Vec<String>,
    /// Words about buildings under the names of their columns.
    pub words: Vec<(&'static str, Vec<String>)>,
}

/// Fields of words.
const TEXTS: [&FieldSpec; 2] = [&field::USE, &field::ARCHETYPE];
/// Fields that tell where something comes from.
const QUALITIES: [&FieldSpec; 3] = [&field::USE_QUALITY, &field::YEAR_QUALITY, &field::FLOOR_AREA_QUALITY];

impl Stock {
    /// Reads who the buildings of a run are.
    ///
    /// # Errors
    /// The run has none, or its fields do not fit together.
    pub fn read(run: &RunReader) -> Result<Stock, Error> {
        let building_id = run.text_of(&field::BUILDING_ID)?;
        let n = building_id.len();
        let needed =
            |spec: &FieldSpec| of_buildings(run, spec, n)?.ok_or_else(|| misfit(run, spec, "is missing".to_owned()));
        let floor_area = needed(&field::FLOOR_AREA)?;
        let heating = needed(&field::HEATING_NEED)?;
        let per_area = heating.iter().zip(&floor_area);
        let per_area = per_area.map(|(need, area)| if *area > 0.0 { need / area } else { f64::NAN }).collect();
        Ok(Stock {
            packages: names(run, &field::PACKAGE_NAME)?.unwrap_or_default(),
            carriers: names(run, &field::CARRIER_NAME)?.unwrap_or_else(known_carriers),
            words: words(run, n)?,
            heating_per_area: per_area,
            floor_area,
            building_id,
        })
    }

    /// Number of buildings.
    pub fn n_buildings(&self) -> usize {
        self.building_id.len()
    }

    /// The building of each of some ids; none for those that are not among them.
    pub fn rows_of(&self, ids: &[String]) -> Vec<Option<usize>> {
        // From the last on, so that the first of several with one id counts.
        let rows = self.building_id.iter().enumerate().rev();
        let row_of: BTreeMap<&str, usize> = rows.map(|(row, id)| (id.as_str(), row)).collect();
        ids.iter().map(|id| row_of.get(id.as_str()).copied()).collect()
    }

    /// Buildings that are heated or cooled.
    pub fn heated(&self) -> impl Iterator<Item = usize> {
        (0..self.n_buildings()).filter(|&building| self.floor_area[building] > 0.0)
    }
}

fn names(run: &RunReader, spec: &FieldSpec) -> Result<Option<Vec<String>>, Error> {
    run.has_field(spec).then(|| run.text_of(spec)).transpose()
}

/// The carriers in the order in which results have them.
fn known_carriers() -> Vec<String> {
    Carrier::ALL.into_iter().map(|carrier| carrier.name().to_owned()).collect()
}

fn words(run: &RunReader, n: usize) -> Result<Vec<(&'static str, Vec<String>)>, Error> {
    let mut words = Vec::new();
    for spec in TEXTS.into_iter().filter(|spec| run.has_field(spec)) {
        let texts = run.text_of(spec)?;
        if texts.len() != n {
            return Err(misfit(run, spec, format!("has {} entries instead of {n}", texts.len())));
        }
        words.push((spec.name, texts));
    }
    for spec in QUALITIES {
        if let Some(codes) = of_buildings(run, spec, n)? {
            let name =
                |code: f64| Quality::ALL.get(code as usize).filter(|_| code >= 0.0).map(|quality| quality.name());
            let name = |code: &f64| name(*code).map(str::to_owned);
            let of_all: Option<Vec<String>> = codes.iter().map(name).collect();
            words.push((
                spec.name,
                of_all.ok_or_else(|| misfit(run, spec, "has numbers without a meaning".to_owned()))?,
            ));
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carriers_stand_in_the_order_of_the_kernel() {
        let of_kernel = conurb_energy::carriers::Carrier::ALL.map(|carrier| format!("{carrier:?}"));
        assert_eq!(Carrier::ALL.map(|carrier| format!("{carrier:?}")), of_kernel);
    }
}
