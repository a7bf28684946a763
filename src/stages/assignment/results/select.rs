//! Trips singled out by the links they use and the zones they join.

use conurb_traffic::PathScratch;

use super::output::{Output, array};
use super::{AssignmentProblem, Results, Traffic, TrafficInputs, in_rounds};
use crate::error::{Error, Problem, Problems};
use crate::field::traffic as field;
use crate::parallel::Runtime;
use crate::scenario::Selection;
use crate::stages::assignment::links::LinkFinder;
use crate::stages::assignment::solution::Sources;

/// A selection in terms of the graph.
#[derive(Debug, Clone)]
pub struct Selected {
    /// Number of links to use, each of which `is_link` marks.
    n_links: usize,
    is_link: Vec<bool>,
    needs_all: bool,
    is_origin: Vec<bool>,
    is_destination: Vec<bool>,
}

impl Selected {
    /// The selections of a scenario.
    ///
    /// # Errors
    /// Links and zones that do not exist.
    pub fn new(inputs: &TrafficInputs, traffic: &Traffic, problem: &AssignmentProblem) -> Result<Vec<Self>, Error> {
        let finder = LinkFinder::new(&inputs.roads, &traffic.network);
        let graph_link = problem.graph_links();
        let one = |selection: &Selection| {
            let mut links = finder.find_all(&selection.links, "traffic.select.links")?;
            // A link may be named by its id and by its ends.
            links.sort_unstable();
            links.dedup();
            let mut is_link = vec![false; problem.graph.n_links()];
            links.iter().filter_map(|&link| graph_link[link]).for_each(|link| is_link[link as usize] = true);
            Ok(Selected {
                n_links: links.len(),
                is_link,
                needs_all: selection.all_links,
                is_origin: zones(inputs, &selection.origins, "traffic.select.origins")?,
                is_destination: zones(inputs, &selection.destinations, "traffic.select.destinations")?,
            })
        };
        traffic.selections.iter().map(one).collect()
    }

    fn takes(&self, origin: usize, destination: usize, links: &[u32]) -> bool {
        let n_used = || links.iter().filter(|&&link| self.is_link[link as usize]).count();
        self.is_origin[origin]
            && self.is_destination[destination]
            && match (self.n_links, self.needs_all) {
                (0, _) => true,
                (n_links, true) => n_used() == n_links,
                (_, false) => n_used() > 0,
            }
    }
}

/// Which zones a list of ids names; all for an empty list.
fn zones(inputs: &TrafficInputs, ids: &[i64], key: &str) -> Result<Vec<bool>, Error> {
    let known = &inputs.roads.zone_id;
    let mut is_named = vec![ids.is_empty(); known.len()];
    let mut problems = Problems::new();
    for id in ids {
        match known.binary_search(id) {
            Ok(zone) => is_named[zone] = true,
            Err(_) => problems.push("zone", Problem::new(format!("no zone {id} in the network")).of_key(key)),
        }
    }
    problems.into_result(is_named)
}

impl Results<'_> {
    /// Writes trips and link volumes of each selection, vehicles per hour by class.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write_selections(
        &self,
        runtime: &Runtime,
        output: &mut Output<'_>,
        selections: &[Selected],
    ) -> Result<(), Error> {
        let mut volumes = Vec::new();
        for selected in selections {
            volumes.extend(self.selected_volumes(runtime, selected)?);
        }
        let shape = [selections.len(), self.problem.classes.len(), self.problem.network.n_links()];
        output.put(self.period, &field::SELECTED_LINK_VOLUME, &shape, volumes)?;
        for (index, selected) in selections.iter().enumerate() {
            self.write_selected_demand(runtime, output, (index, selected))?;
        }
        Ok(())
    }

    /// Vehicles per hour by class and link in file order of the trips of a selection.
    fn selected_volumes(&self, runtime: &Runtime, selected: &Selected) -> Result<Vec<f64>, Error> {
        let (problem, graph) = (self.problem, &self.problem.graph);
        let (sources, n_links) = (Sources::new(problem, runtime), problem.graph.n_links());
        let scratch = runtime.scratch(|| PathScratch::new(graph));
        let volumes = runtime.sum(&sources.blocks, problem.classes.len() * n_links, |block, volumes| {
            scratch.with(|scratch| {
                for source in sources.in_block(block) {
                    let (_, class) = problem.origin_and_class(source);
                    let volumes = &mut volumes[class * n_links..(class + 1) * n_links];
                    self.for_each_selected(source, selected, scratch, |_, flow, links| {
                        links.iter().for_each(|&link| volumes[link as usize] += flow);
                    });
                }
            });
        })?;
        let of_class = |class: usize| problem.by_source_link(0.0, |link| volumes[class * n_links + link]);
        Ok((0..problem.classes.len()).flat_map(of_class).collect())
    }

    fn write_selected_demand(
        &self,
        runtime: &Runtime,
        output: &mut Output<'_>,
        (index, selected): (usize, &Selected),
    ) -> Result<(), Error> {
        let problem = self.problem;
        let (n_zones, n_classes) = (problem.network.n_zones(), problem.classes.len());
        let sources = Sources::new(problem, runtime);
        let scratch = runtime.scratch(|| PathScratch::new(&problem.graph));
        in_rounds(
            runtime,
            |origin| sources.origins.owner(origin),
            n_zones,
            |listed| {
                let mut none = vec![(); n_zones];
                let rows = runtime.map(&sources.origins, listed, &mut none, &scratch, |origin, (), scratch| {
                    let of_class = |class: usize| {
                        let mut row = vec![0.0; n_zones];
                        let source = origin * n_classes + class;
                        let zones = problem.destination_zones(source);
                        self.for_each_selected(source, selected, scratch, |pair, flow, _| {
                            row[zones[pair] as usize] += flow;
                        });
                        row
                    };
                    array(&[1, n_classes, 1, n_zones], (0..n_classes).flat_map(of_class).collect())
                });
                let starts = listed.iter().map(|&origin| vec![index, 0, origin, 0]);
                let parts = starts.zip(rows.iter().map(|row| row.view())).collect();
                output.put_parts(self.period, &field::SELECTED_DEMAND, parts)
            },
        )
    }

    /// Shows pair, vehicles per hour and links of each used path of a source that a selection takes.
    fn for_each_selected(
        &self,
        source: usize,
        selected: &Selected,
        scratch: &mut PathScratch,
        mut visit: impl FnMut(usize, f64, &[u32]),
    ) {
        let Some(paths) = &self.solution.paths else { return };
        let (origin, class) = self.problem.origin_and_class(source);
        if !selected.is_origin[origin] {
            return;
        }
        let to_hourly = 1.0 / (self.problem.classes[class].pce * self.traffic.period_h);
        let zones = self.problem.destination_zones(source);
        paths[source].for_each_path(self.problem.trips(source), scratch, |pair, flow, _, links| {
            if selected.takes(origin, zones[pair] as usize, links) {
                visit(pair, flow * to_hourly, links);
            }
        });
    }
}
