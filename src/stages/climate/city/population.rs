//! Inhabitants as weights of the city's means, and the days that they live through.

use conurb_climate::indices::Index;

use super::super::grid::TargetGrid;
use super::super::nearest::Nearest;
use super::super::output::Layout;
use super::super::sums::YearSums;
use crate::error::{Error, Problem, Warning};
use crate::inputs::{CityInputs, Population};
use crate::stages::Metric;

/// Inhabitants of the cells of the climate.
#[derive(Debug, Clone, PartialEq)]
pub struct People {
    /// People of each cell.
    pub of_cell: Vec<f64>,
    /// People in all cells.
    pub total: f64,
}

/// Indices that are counted in days of a person, and what these are called.
const COUNTED: [(Index, &str); 2] =
    [(Index::TropicalNights, "tropical_night_person_days"), (Index::HotDays, "hot_day_person_days")];
const KEY: &str = "climate.indices.population";

impl People {
    /// Brings inhabitants to the cells that they live in or nearest to.
    ///
    /// # Errors
    /// Nobody lives in any cell.
    pub fn new(
        population: &Population,
        (grid, nearest): (&TargetGrid, &Nearest),
        city: Option<&CityInputs>,
        warnings: &mut Vec<Warning>,
    ) -> Result<People, Error> {
        let mut of_cell = vec![0.0; grid.lat.len()];
        let (mut n_outside, mut outside) = (0, 0.0);
        let mut add = |cell: Option<usize>, people: f64| match cell {
            Some(cell) => of_cell[cell] += people,
            None if people > 0.0 => {
                n_outside += 1;
                outside += people;
            }
            None => {}
        };
        let inside = |lat: f64, lon: f64| Some(nearest.cell(lat, lon)).filter(|found| found.1).map(|found| found.0);
        match population {
            Population::At(places) => places.iter().for_each(|&[lat, lon, people]| add(inside(lat, lon), people)),
            Population::Named(places) => {
                for (name, people) in places {
                    let station = city.and_then(|city| {
                        let place = city.names.iter().position(|known| known == name)?;
                        inside(city.lat[place], city.lon[place])
                    });
                    add(grid.names.iter().position(|known| known == name).or(station), *people);
                }
            }
        }
        let total: f64 = of_cell.iter().sum();
        if total <= 0.0 {
            let problem = Problem::new("nobody lives in any cell of the reference").of_key(KEY);
            return Err(problem.hint("places have the names or lie in the cells of the reference").into());
        }
        if n_outside > 0 {
            let message = format!("{outside} people of {KEY} live outside of all cells and are not counted");
            warnings.push(Warning::new("outside_of_cells", n_outside, message));
        }
        Ok(People { of_cell, total })
    }

    /// Days of persons in a mean year of each period: people × days, of the reference once and of each simulation.
    ///
    /// People of cells without values have no days. `n_reference` years are those of the reference.
    pub fn metrics(&self, layout: &Layout, sums: &YearSums, n_reference: usize) -> Vec<(String, Metric)> {
        let mut metrics = vec![("inhabitants".to_owned(), Metric::Number(self.total))];
        for (number, (name, simulation)) in indices(layout).flat_map(|(number, name)| {
            (0..layout.simulations.len()).map(move |simulation| (number, (name, simulation)))
        }) {
            let totals = sums.totals((number, simulation));
            if let Some(mean) = mean(&totals[..n_reference]).filter(|_| simulation == 0) {
                metrics.push((format!("{name}_reference"), Metric::Number(mean)));
            }
            let run = layout.simulations[simulation];
            let (model, emission) = (&layout.names.0[run.model], &layout.names.1[run.emission]);
            for [first, last] in &layout.periods[1..] {
                let is_of_period = |at: &usize| (first..=last).contains(&&layout.years[*at]);
                let own: Vec<Option<f64>> =
                    (n_reference..totals.len()).filter(is_of_period).map(|at| totals[at]).collect();
                if let Some(mean) = mean(&own) {
                    let name = format!("{name}_{model}_{emission}_{first}_{last}");
                    metrics.push((name, Metric::Number(mean)));
                }
            }
        }
        metrics
    }
}

fn indices(layout: &Layout) -> impl Iterator<Item = (usize, &'static str)> {
    COUNTED.into_iter().filter_map(|(index, name)| {
        let number = layout.indices.iter().position(|known| *known == index)?;
        Some((number, name))
    })
}

/// The mean over years in which any cell has a value.
fn mean(totals: &[Option<f64>]) -> Option<f64> {
    let known: Vec<f64> = totals.iter().copied().flatten().collect();
    (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::super::super::places::GridShape;
    use super::*;

    fn grid() -> TargetGrid {
        TargetGrid {
            shape: GridShape::Grid { rows: 2, columns: 2 },
            lat: vec![1.0, 1.0, 0.0, 0.0],
            lon: vec![0.0, 1.0, 0.0, 1.0],
            names: Vec::new(),
            elevation_m: None,
        }
    }

    #[test]
    fn people_live_in_cells_or_outside() {
        let at = Population::At(vec![[0.9, 0.1, 5.0], [1.2, 0.2, 2.0], [0.1, 0.9, 3.0], [7.0, 0.0, 4.0]]);
        let mut warnings = Vec::new();
        let people = People::new(&at, (&grid(), &Nearest::new(&grid())), None, &mut warnings).unwrap();
        assert_eq!((people.of_cell, people.total), (vec![7.0, 0.0, 0.0, 3.0], 10.0));
        assert_eq!((warnings.len(), warnings[0].count), (1, 1));
        assert!(warnings[0].message.starts_with("4 people"), "{}", warnings[0].message);
    }

    #[test]
    fn names_are_those_of_locations_or_stations() {
        let mut locations = grid();
        (locations.shape, locations.names) = (GridShape::Places(4), ["a", "b", "c", "d"].map(str::to_owned).to_vec());
        let named = [("b", 2.0), ("park", 3.0), ("nowhere", 1.0)];
        let named = Population::Named(named.map(|(name, people)| (name.to_owned(), people)).to_vec());
        let city =
            CityInputs { names: vec!["park".to_owned()], lat: vec![0.1], lon: vec![0.9], ..CityInputs::default() };
        let mut warnings = Vec::new();
        let people = People::new(&named, (&locations, &Nearest::new(&locations)), Some(&city), &mut warnings).unwrap();
        assert_eq!(people.of_cell, [0.0, 2.0, 0.0, 3.0]);
        assert_eq!(warnings[0].count, 1);
        let nobody = Population::Named(vec![("nowhere".to_owned(), 1.0)]);
        let error =
            People::new(&nobody, (&grid(), &Nearest::new(&grid())), None, &mut warnings).unwrap_err().to_string();
        assert!(error.contains("nobody lives in any cell"), "{error}");
    }
}
