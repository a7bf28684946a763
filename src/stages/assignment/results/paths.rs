//! Used paths with their flows, as ragged arrays, and the way back from them.

use conurb_traffic::{OrderScratch, PathScratch, in_order};
use ndarray::ArrayViewD;

use super::Results;
use super::output::view;
use crate::error::Error;
use crate::field::{FieldSpec, Values, traffic as field};
use crate::parallel::Runtime;
use crate::stages::FieldSink;
use crate::stages::assignment::solution::Sources;

/// The used paths that one rank owns, in order of origins and classes.
#[derive(Debug, Clone, Default)]
pub struct PathTable {
    /// Period, class, origin and destination of each path.
    keys: Vec<[i32; 4]>,
    /// Vehicles per hour, share and generalised cost of each path.
    values: Vec<[f64; 3]>,
    n_links: Vec<i32>,
    /// Links of the paths, as indices in file order.
    links: Vec<i32>,
}

impl Results<'_> {
    /// The used paths of this rank's sources.
    pub fn paths(&self, runtime: &Runtime) -> PathTable {
        let (problem, graph) = (self.problem, &self.problem.graph);
        let Some(paths) = &self.solution.paths else { return PathTable::default() };
        let times = self.travel_times();
        let sources = Sources::new(problem, runtime);
        let scratch = runtime.scratch(|| (PathScratch::new(graph), OrderScratch::new(graph)));
        let mut none = vec![(); problem.n_sources()];
        let all = &sources.with_demand;
        let tables = runtime.map(&sources.chunks, all, &mut none, &scratch, |source, (), (scratch, order)| {
            let (origin, class) = problem.origin_and_class(source);
            let (zones, trips) = (problem.destination_zones(source), problem.trips(source));
            let to_hourly = 1.0 / (problem.classes[class].pce * self.traffic.period_h);
            let mut table = PathTable::default();
            let mut ordered = Vec::new();
            paths[source].for_each_path(trips, scratch, |pair, flow, fixed_cost, links| {
                ordered.clear();
                ordered.extend_from_slice(links);
                let zone = zones[pair] as usize;
                let found =
                    in_order(graph, &mut ordered, (graph.zone_state()[origin], graph.zone_state()[zone]), order);
                assert!(found, "the links of a path lead from its origin to its destination");
                let time: f64 = ordered.iter().map(|&link| times[link as usize]).sum();
                table.keys.push([self.period as i32, class as i32, origin as i32, zone as i32]);
                table.values.push([flow * to_hourly, flow / trips[pair], time + fixed_cost]);
                table.n_links.push(ordered.len() as i32);
                table.links.extend(ordered.iter().map(|&link| graph.source_link()[link as usize] as i32));
            });
            table
        });
        tables.into_iter().fold(PathTable::default(), PathTable::joined)
    }
}

impl PathTable {
    /// This table and then another.
    pub fn joined(mut self, other: PathTable) -> PathTable {
        self.keys.extend(other.keys);
        self.values.extend(other.values);
        self.n_links.extend(other.n_links);
        self.links.extend(other.links);
        self
    }

    /// Writes the paths of all ranks, by period and origin; with their period where there are `n_periods` with a name.
    ///
    /// # Errors
    /// The store cannot take it.
    pub fn write(&self, runtime: &Runtime, sink: &mut dyn FieldSink, n_periods: usize) -> Result<(), Error> {
        let own = self.lengths_by_period(n_periods.max(1));
        let counts = runtime.all_gather(Ok(bytemuck::cast_slice(&own).to_vec()))?;
        let counts: Vec<Vec<[u64; 2]>> =
            counts.iter().map(|bytes| bytemuck::allocation::pod_collect_to_vec(bytes)).collect();
        let [along_paths, along_links] = [0, 1].map(|which| Ragged::new(&counts, runtime.rank(), which));
        let key = |index: usize| self.keys.iter().map(|key| key[index]).collect::<Vec<i32>>();
        let value = |index: usize| self.values.iter().map(|value| value[index]).collect::<Vec<f64>>();
        if n_periods > 0 {
            along_paths.write_i32(sink, &field::PATH_PERIOD, &key(0))?;
        }
        along_paths.write_i32(sink, &field::PATH_CLASS, &key(1))?;
        along_paths.write_i32(sink, &field::PATH_ORIGIN, &key(2))?;
        along_paths.write_i32(sink, &field::PATH_DESTINATION, &key(3))?;
        along_paths.write_f64(sink, &field::PATH_FLOW, &value(0))?;
        along_paths.write_f64(sink, &field::PATH_SHARE, &value(1))?;
        along_paths.write_f64(sink, &field::PATH_COST, &value(2))?;
        along_paths.write_i32(sink, &field::PATH_N_LINKS, &self.n_links)?;
        along_links.write_i32(sink, &field::PATH_LINK, &self.links)
    }

    /// Paths and links of paths of each period, which come one after the other.
    fn lengths_by_period(&self, n_periods: usize) -> Vec<[u64; 2]> {
        let mut lengths = vec![[0, 0]; n_periods];
        for (key, &n_links) in self.keys.iter().zip(&self.n_links) {
            let of_period = &mut lengths[key[0] as usize];
            of_period[0] += 1;
            of_period[1] += n_links as u64;
        }
        lengths
    }
}

/// A dimension of which each rank has a stretch in every period.
struct Ragged {
    len: usize,
    /// Where the stretches of this rank start, and how long they are.
    stretches: Vec<(usize, usize)>,
}

impl Ragged {
    /// The stretches of a rank, which follow those of lower ranks in the same period and all of earlier periods.
    fn new(lengths: &[Vec<[u64; 2]>], rank: usize, which: usize) -> Self {
        let mut ragged = Ragged { len: 0, stretches: Vec::new() };
        for period in 0..lengths[rank].len() {
            let of_ranks: Vec<usize> = lengths.iter().map(|lengths| lengths[period][which] as usize).collect();
            ragged.stretches.push((ragged.len + of_ranks[..rank].iter().sum::<usize>(), of_ranks[rank]));
            ragged.len += of_ranks.iter().sum::<usize>();
        }
        ragged
    }
    fn write_i32(&self, sink: &mut dyn FieldSink, spec: &FieldSpec, own: &[i32]) -> Result<(), Error> {
        self.write(sink, spec, own, Values::I32)
    }
    fn write_f64(&self, sink: &mut dyn FieldSink, spec: &FieldSpec, own: &[f64]) -> Result<(), Error> {
        self.write(sink, spec, own, Values::F64)
    }
    fn write<'v, T>(
        &self,
        sink: &mut dyn FieldSink,
        spec: &FieldSpec,
        mut own: &'v [T],
        values: fn(ArrayViewD<'v, T>) -> Values<'v>,
    ) -> Result<(), Error> {
        sink.create(spec, &[self.len])?;
        let mut parts = Vec::new();
        for &(start, len) in self.stretches.iter().filter(|(_, len)| *len > 0) {
            let (stretch, rest) = own.split_at(len);
            parts.push((vec![start], values(view(&[len], stretch))));
            own = rest;
        }
        sink.write_parts(spec, &parts)
    }
}
