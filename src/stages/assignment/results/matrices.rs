//! Demand and skims: each rank computes and writes the rows of its origins.

use std::time::Instant;

use conurb_traffic::TreeSearch;

use super::fields::skim_field;
use super::output::{Output, view};
use super::{Results, in_rounds};
use crate::error::Error;
use crate::field::traffic as field;
use crate::parallel::Runtime;
use crate::scenario::Skim;
use crate::stages::assignment::solution::{Sources, link_states, search_costs};

impl Results<'_> {
    /// Writes demand and skims, a few origins at a time; the seconds of computing.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write_matrices(&self, runtime: &Runtime, output: &mut Output<'_>) -> Result<f64, Error> {
        let (problem, skims) = (self.problem, &self.traffic.skims);
        let (n_zones, n_classes) = (problem.network.n_zones(), problem.classes.len());
        let mut fields = vec![field::DEMAND];
        fields.extend(skims.iter().map(|&skim| skim_field(skim)));
        let search = search_costs(problem, &link_states(problem, &self.solution.flows.total()));
        let times = self.travel_times();
        let sources = Sources::new(problem, runtime);
        let n_states = problem.graph.n_states();
        let scratch = runtime.scratch(|| (TreeSearch::new(&problem.graph), vec![0.0; n_states]));
        let mut seconds = 0.0;
        let owner = |origin: usize| sources.origins.owner(origin);
        in_rounds(runtime, owner, n_zones, |listed| {
            let start = Instant::now();
            let mut none = vec![(); n_zones];
            let rows = runtime.map(&sources.origins, listed, &mut none, &scratch, |origin, (), (tree, along)| {
                let of_class = |class: usize| {
                    let mut rows = vec![self.demand_row(origin, class)];
                    if !skims.is_empty() {
                        tree.grow(&problem.graph, &search[class], problem.graph.zone_state()[origin]);
                        rows.extend(
                            skims.iter().map(|&skim| self.skim_row(skim, class, &times, (&*tree, &mut *along))),
                        );
                    }
                    rows
                };
                (0..n_classes).map(of_class).collect::<Vec<_>>()
            });
            seconds += start.elapsed().as_secs_f64();
            for (index, spec) in fields.iter().enumerate() {
                let parts = listed.iter().zip(&rows).flat_map(|(&origin, rows)| {
                    let part = move |(class, rows): (usize, &Vec<Vec<f64>>)| {
                        (vec![class, origin, 0], (class, index, rows[index].len()))
                    };
                    rows.iter()
                        .enumerate()
                        .map(part)
                        .zip(rows)
                        .map(|((start, (_, index, len)), rows)| (start, view(&[1, 1, len], &rows[index])))
                });
                output.put_parts(self.period, spec, parts.collect())?;
            }
            Ok(())
        })?;
        Ok(seconds)
    }

    /// Vehicles per hour from an origin to each zone.
    fn demand_row(&self, origin: usize, class: usize) -> Vec<f64> {
        let (class, per_hour) = (&self.problem.classes[class], 1.0 / self.traffic.period_h);
        let mut row = vec![0.0; self.problem.network.n_zones()];
        let (destinations, trips) = class.demand.of(origin);
        destinations.iter().zip(trips).for_each(|(&zone, trips)| row[zone as usize] = trips / class.pce * per_hour);
        row[origin] = class.intrazonal_trips[origin] * per_hour;
        row
    }

    fn skim_row(&self, skim: Skim, class: usize, times: &[f64], (tree, along): (&TreeSearch, &mut [f64])) -> Vec<f64> {
        let (problem, graph, roads) = (self.problem, &self.problem.graph, &self.inputs.roads);
        let (zone_state, source) = (graph.zone_state(), graph.source_link());
        let seconds = self.traffic.time_unit.seconds();
        let toll = &problem.classes[class].toll;
        let mut sum = |scale: f64, step: &dyn Fn(usize) -> f64| {
            tree.accumulate(graph, along, step);
            zone_state.iter().map(|&state| along[state as usize] * scale).collect::<Vec<f64>>()
        };
        match skim {
            Skim::Cost => {
                let cost = |&state: &u32| Some(tree.cost(state)).filter(|cost| cost.is_finite()).unwrap_or(f64::NAN);
                zone_state.iter().map(cost).collect()
            }
            Skim::TravelTime => sum(seconds, &|arc| times[graph.link_of(arc)] + graph.turn_cost(arc)),
            Skim::FreeFlowTime => {
                let free_flow = |arc: usize| problem.travel_times.cost(graph.link_of(arc), 0.0);
                sum(seconds, &|arc| free_flow(arc) + graph.turn_cost(arc))
            }
            Skim::Toll => sum(1.0, &|arc| toll[source[graph.link_of(arc)] as usize]),
            Skim::Distance => {
                let unit = self.traffic.length_unit.expect("the scenario refuses this skim without a length unit");
                sum(unit.metres(), &|arc| roads.length[source[graph.link_of(arc)] as usize])
            }
        }
    }
}
