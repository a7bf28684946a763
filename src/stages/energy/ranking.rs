//! Which packages come first in a city, and which of them a budget pays for.

use conurb_energy::budget::{BudgetError, Choice, Selection, exact, greedy};
use conurb_energy::measures::ranking;
use ndarray::ArrayView2;

use super::chunk::ChunkResult;
use super::worth::Appraisal;
use crate::error::{Error, Problem};
use crate::field::{FieldSpec, Values, energy as field};
use crate::parallel::{Chunks, Runtime};
use crate::stages::writing::write_i32;
use crate::stages::{FieldSink, Metric};

/// Numbers of each package of each building that ranks depend on.
const N_NUMBERS: usize = 5;

/// What packages of all buildings come to, on every rank.
pub struct Ranking {
    n_packages: usize,
    /// Package by package of a building, one building after the other.
    abatement_cost: Vec<f64>,
    saved_per_investment: Vec<f64>,
    investment: Vec<f64>,
    saved_energy: Vec<f64>,
    saved_emissions: Vec<f64>,
}

/// The fields that are written here.
pub fn fields(appraisal: &Appraisal, budget: Option<f64>) -> Vec<FieldSpec> {
    let mut fields = Vec::new();
    if appraisal.has_costs() {
        fields.push(field::RANK_BY_SAVING);
        if appraisal.has_emissions() {
            fields.push(field::RANK_BY_EMISSIONS);
        }
    }
    if budget.is_some() {
        fields.push(field::CHOSEN);
    }
    fields
}

/// What ranks depend on of the packages of each building of a chunk.
pub fn numbers_of(chunk: &ChunkResult) -> Vec<f64> {
    let packages = chunk.rows.iter().flat_map(|rows| &rows[1..]);
    let numbers = packages.flat_map(|row| -> [f64; N_NUMBERS] {
        let worth = &row.worth;
        let saved = [worth.saved_energy, worth.saved_emissions];
        [worth.abatement_cost, worth.saved_per_investment, worth.investment, saved[0], saved[1]]
    });
    numbers.collect()
}

impl Ranking {
    /// Every rank learns what all packages come to; collective.
    ///
    /// # Errors
    /// A rank that has ended.
    pub fn gather(runtime: &Runtime, chunks: &Chunks, own: Vec<Vec<f64>>, n_variants: usize) -> Result<Self, Error> {
        let all: Vec<usize> = (0..chunks.len()).collect();
        let gathered = runtime.gather(chunks, &all, Ok(own))?.concat();
        let column = |number: usize| gathered.iter().skip(number).step_by(N_NUMBERS).copied().collect();
        Ok(Ranking {
            n_packages: n_variants - 1,
            abatement_cost: column(0),
            saved_per_investment: column(1),
            investment: column(2),
            saved_energy: column(3),
            saved_emissions: column(4),
        })
    }

    /// Writes ranks and the packages that `budget` pays for, and tells what it brings.
    ///
    /// # Errors
    /// The store cannot take them; numbers out of their ranges.
    pub fn write(
        &self,
        sink: &mut dyn FieldSink,
        appraisal: &Appraisal,
        budget: Option<f64>,
    ) -> Result<Vec<(String, Metric)>, Error> {
        if appraisal.has_costs() {
            let most_first = self.saved_per_investment.iter().map(|saved| -saved).collect::<Vec<f64>>();
            let of_saving: Vec<bool> = self.saved_energy.iter().map(|saved| *saved > 0.0).collect();
            self.write_ranks(sink, &field::RANK_BY_SAVING, &most_first, &of_saving)?;
            if appraisal.has_emissions() {
                let of_saving: Vec<bool> = self.saved_emissions.iter().map(|saved| *saved > 0.0).collect();
                self.write_ranks(sink, &field::RANK_BY_EMISSIONS, &self.abatement_cost, &of_saving)?;
            }
        }
        let Some(budget) = budget else { return Ok(Vec::new()) };
        self.spend(sink, appraisal, budget)
    }

    fn write_ranks(
        &self,
        sink: &mut dyn FieldSink,
        spec: &FieldSpec,
        keys: &[f64],
        counts: &[bool],
    ) -> Result<(), Error> {
        let keys: Vec<Option<f64>> =
            keys.iter().zip(counts).map(|(key, counts)| (*counts && key.is_finite()).then_some(*key)).collect();
        let n_buildings = keys.len() / self.n_packages.max(1);
        // The first package is none and has no rank.
        let mut ranks = vec![0; (self.n_packages + 1) * n_buildings];
        let placed = ranking(&keys).into_iter().filter(|&at| keys[at].is_some());
        for (place, at) in placed.enumerate() {
            let (building, package) = (at / self.n_packages, at % self.n_packages + 1);
            ranks[package * n_buildings + building] = place as i32 + 1;
        }
        let view = ArrayView2::from_shape((self.n_packages + 1, n_buildings), &ranks).expect("a rank for each");
        sink.write(spec, Values::I32(view.into_dyn()))
    }

    /// Spends a budget: the optimum where it can be found, else greedily with a bound on what was missed.
    fn spend(
        &self,
        sink: &mut dyn FieldSink,
        appraisal: &Appraisal,
        budget: f64,
    ) -> Result<Vec<(String, Metric)>, Error> {
        let values = if appraisal.has_emissions() { &self.saved_emissions } else { &self.saved_energy };
        let n_packages = self.n_packages.max(1);
        let choices: Vec<Vec<Choice>> = self
            .investment
            .chunks(n_packages)
            .zip(values.chunks(n_packages))
            .map(|(costs, values)| {
                let choice = |(&cost, &value): (&f64, &f64)| match cost.is_finite() && value.is_finite() {
                    true => Choice { cost, value },
                    // A building that is not heated has nothing to be chosen.
                    false => Choice { cost: 0.0, value: 0.0 },
                };
                costs.iter().zip(values).map(choice).collect()
            })
            .collect();
        let failed = |error: BudgetError| Error::from(Problem::new(error.to_string()).of_key("energy.budget"));
        let (found, is_optimum): (Selection, bool) = match exact(&choices, budget) {
            Ok(found) => (found, true),
            Err(BudgetError::TooManyOptions { .. } | BudgetError::TooManyStates { .. }) => {
                (greedy(&choices, budget).map_err(failed)?, false)
            }
            Err(error) => return Err(failed(error)),
        };
        let chosen: Vec<i32> = found.chosen.iter().map(|chosen| chosen.map_or(0, |option| option as i32 + 1)).collect();
        write_i32(sink, &field::CHOSEN, &chosen)?;
        let what = if appraisal.has_emissions() { "budget_saves_kg_co2" } else { "budget_saves_kwh" };
        Ok(vec![
            ("budget_spent".to_owned(), Metric::Number(found.cost)),
            (what.to_owned(), Metric::Number(found.value)),
            (format!("{what}_at_most"), Metric::Number(found.upper_bound)),
            ("budget_is_optimum".to_owned(), Metric::Flag(is_optimum)),
        ])
    }
}
