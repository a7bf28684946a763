//! How long trips are: by distance and by travel time along least-cost paths.

use conurb_traffic::{Bins, Histogram, TreeSearch};

use super::output::{Output, put_f64};
use super::{Results, Traffic};
use crate::error::Error;
use crate::field::{FieldSpec, traffic as field};
use crate::parallel::Runtime;
use crate::stages::FieldSink;
use crate::stages::assignment::solution::{Sources, link_states, search_costs};

const N_LENGTH_BINS: usize = 100;
const N_TIME_BINS: usize = 180;
const METRES_PER_KM: f64 = 1000.0;
const SECONDS_PER_MINUTE: f64 = 60.0;

/// Trips of one class by distance and travel time, vehicles per hour.
#[derive(Debug, Clone, PartialEq)]
pub struct TripLengths {
    /// By distance in km; none where lengths have no unit.
    pub distance_km: Option<Histogram>,
    /// By travel time in minutes.
    pub time_min: Histogram,
}

/// Bins of one kilometre.
fn length_bins() -> Bins {
    Bins::new(1.0, N_LENGTH_BINS)
}

/// Bins of one minute.
fn time_bins() -> Bins {
    Bins::new(1.0, N_TIME_BINS)
}

/// Number of bins of length and time with the open ones behind them.
pub const N_BINS: [usize; 2] = [N_LENGTH_BINS + 1, N_TIME_BINS + 1];

/// The fields that hold bins.
pub fn bin_fields(traffic: &Traffic) -> Vec<FieldSpec> {
    let mut fields = vec![field::TRIP_TIME_BIN];
    fields.extend(traffic.length_unit.map(|_| field::TRIP_LENGTH_BIN));
    fields
}

/// The fields of one period.
pub fn trip_fields(traffic: &Traffic) -> Vec<FieldSpec> {
    let mut fields = vec![field::TRIP_TIME_TRIPS];
    fields.extend(traffic.length_unit.map(|_| field::TRIP_LENGTH_TRIPS));
    fields
}

/// Writes where bins begin.
///
/// # Errors
/// The store cannot take it.
pub fn write_bins(sink: &mut dyn FieldSink, traffic: &Traffic) -> Result<(), Error> {
    let starts = |n: usize, bins: Bins, scale: f64| -> Vec<f64> {
        (0..n).map(|bin| bin as f64 * bins.width() * scale).collect()
    };
    if traffic.length_unit.is_some() {
        put_f64(sink, &field::TRIP_LENGTH_BIN, &starts(N_BINS[0], length_bins(), METRES_PER_KM))?;
    }
    put_f64(sink, &field::TRIP_TIME_BIN, &starts(N_BINS[1], time_bins(), SECONDS_PER_MINUTE))
}

impl Results<'_> {
    /// Writes trips by length and time, and gives them by class.
    ///
    /// # Errors
    /// A rank that does not answer; the store cannot take the fields.
    pub fn write_trip_lengths(&self, runtime: &Runtime, output: &mut Output<'_>) -> Result<Vec<TripLengths>, Error> {
        let of_classes = self.trip_lengths(runtime)?;
        let n_classes = of_classes.len();
        let weights = |histogram: &Histogram| [histogram.weights(), &[histogram.beyond()]].concat();
        let by_time = of_classes.iter().flat_map(|class| weights(&class.time_min)).collect();
        output.put(self.period, &field::TRIP_TIME_TRIPS, &[n_classes, N_BINS[1]], by_time)?;
        if self.traffic.length_unit.is_some() {
            let by_length =
                of_classes.iter().filter_map(|class| class.distance_km.as_ref()).flat_map(weights).collect();
            output.put(self.period, &field::TRIP_LENGTH_TRIPS, &[n_classes, N_BINS[0]], by_length)?;
        }
        Ok(of_classes)
    }

    /// Grows the tree of each origin and class that has trips once more, and bins them in the fixed order of sums.
    fn trip_lengths(&self, runtime: &Runtime) -> Result<Vec<TripLengths>, Error> {
        let (problem, graph, lengths) = (self.problem, &self.problem.graph, &self.inputs.roads.length);
        let (length_bins, time_bins) = (length_bins(), time_bins());
        let (n_length, n_of_class) = (length_bins.n_sums(), length_bins.n_sums() + time_bins.n_sums());
        let to_minutes = self.traffic.time_unit.seconds() / SECONDS_PER_MINUTE;
        let to_km = self.traffic.length_unit.map(|unit| unit.metres() / METRES_PER_KM);
        let search = search_costs(problem, &link_states(problem, &self.solution.flows.total()));
        let (times, source_link) = (self.travel_times(), graph.source_link());
        let sources = Sources::new(problem, runtime);
        let scratch = runtime.scratch(|| {
            let along = || vec![0.0; graph.n_states()];
            (TreeSearch::new(graph), along(), along())
        });
        let sums = runtime.sum(&sources.blocks, problem.classes.len() * n_of_class, |block, sums| {
            scratch.with(|(tree, time_to, distance_to)| {
                for source in sources.in_block(block).filter(|&source| !problem.trips(source).is_empty()) {
                    let (origin, class) = problem.origin_and_class(source);
                    let (by_length, by_time) = sums[class * n_of_class..][..n_of_class].split_at_mut(n_length);
                    let (pce, per_hour) = (problem.classes[class].pce, 1.0 / self.traffic.period_h);
                    tree.grow(graph, &search[class], graph.zone_state()[origin]);
                    tree.accumulate(graph, time_to, |arc| times[graph.link_of(arc)] + graph.turn_cost(arc));
                    if to_km.is_some() {
                        tree.accumulate(graph, distance_to, |arc| lengths[source_link[graph.link_of(arc)] as usize]);
                    }
                    let reached = problem.destinations(source).filter(|&(state, _)| tree.cost(state).is_finite());
                    for (state, trips) in reached {
                        let vehicles = trips / pce * per_hour;
                        time_bins.add(in_unit(time_to[state as usize], to_minutes), vehicles, by_time);
                        if let Some(to_km) = to_km {
                            length_bins.add(in_unit(distance_to[state as usize], to_km), vehicles, by_length);
                        }
                    }
                }
            });
        })?;
        let of_class = |sums: &[f64]| TripLengths {
            distance_km: to_km.map(|_| length_bins.histogram(&sums[..n_length])),
            time_min: time_bins.histogram(&sums[n_length..]),
        };
        Ok(sums.chunks(n_of_class).map(of_class).collect())
    }
}

/// A length or time in the unit of its bins; one that no number can hold is beyond all bins too.
fn in_unit(value: f64, factor: f64) -> f64 {
    (value * factor).min(f64::MAX)
}
