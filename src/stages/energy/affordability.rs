//! What energy costs households of what they have.

use conurb_energy::affordability::{CostShares, cost_shares};
use ndarray::ArrayView2;

use super::chunk::ChunkResult;
use crate::buildings::Building;
use crate::error::{Error, Problem};
use crate::field::{FieldSpec, Values, energy as field};
use crate::parallel::{Chunks, Runtime};
use crate::stages::{FieldSink, Metric};

/// Value of the flag where nobody's income is known.
const UNKNOWN: i32 = 2;

/// The fields that are written here: where costs and the income of any household are known.
pub fn fields(buildings: &[Building], has_prices: bool) -> Vec<FieldSpec> {
    match has_prices && buildings.iter().any(|building| building.households.is_some()) {
        true => vec![field::ENERGY_COST_SHARE, field::TWICE_MEDIAN],
        false => Vec::new(),
    }
}

/// Cost of energy of all variants of each building of a chunk.
pub fn costs_of(chunk: &ChunkResult) -> Vec<f64> {
    chunk.rows.iter().flatten().map(|row| row.worth.energy_cost).collect()
}

/// Writes shares of all variants, each held against the median of the city as it is; collective.
///
/// # Errors
/// A rank that has ended; incomes out of range; the store cannot take them.
pub fn write(
    runtime: &Runtime,
    sink: &mut dyn FieldSink,
    (chunks, own): (&Chunks, Vec<Vec<f64>>),
    buildings: &[Building],
    names: &[String],
) -> Result<Vec<(String, Metric)>, Error> {
    let all: Vec<usize> = (0..chunks.len()).collect();
    let costs = runtime.gather(chunks, &all, Ok(own))?.concat();
    let known: Vec<usize> = (0..buildings.len())
        .filter(|&building| buildings[building].households.is_some() && costs[building * names.len()].is_finite())
        .collect();
    let households = |building: usize| buildings[building].households.expect("those without were left out");
    let counts: Vec<f64> = known.iter().map(|&building| households(building).count).collect();
    let incomes: Vec<f64> =
        known.iter().map(|&building| households(building).count * households(building).income).collect();
    let mut shares = vec![f64::NAN; names.len() * buildings.len()];
    let mut flags = vec![UNKNOWN; names.len() * buildings.len()];
    let (mut metrics, mut median) = (Vec::new(), None);
    for (variant, name) in names.iter().enumerate() {
        // What modules earn beyond all costs is no share of an income.
        let of_variant: Vec<f64> =
            known.iter().map(|&building| costs[building * names.len() + variant].max(0.0)).collect();
        let found: CostShares = cost_shares(&of_variant, &incomes, &counts, median)
            .map_err(|error| Error::from(Problem::new(error.to_string()).of_key("buildings.table")))?;
        median = median.or(found.median);
        let mut above = 0.0;
        for (at, &building) in known.iter().enumerate() {
            let place = variant * buildings.len() + building;
            shares[place] = found.shares[at].unwrap_or(f64::NAN);
            flags[place] = i32::from(found.twice_median[at]);
            above += if found.twice_median[at] { counts[at] } else { 0.0 };
        }
        metrics.push((format!("{name}.households_above_twice_median"), Metric::Number(above)));
    }
    let shape = (names.len(), buildings.len());
    let view = ArrayView2::from_shape(shape, &shares).expect("a share for each");
    sink.write(&field::ENERGY_COST_SHARE, Values::F64(view.into_dyn()))?;
    let view = ArrayView2::from_shape(shape, &flags).expect("a flag for each");
    sink.write(&field::TWICE_MEDIAN, Values::I32(view.into_dyn()))?;
    Ok(metrics)
}
