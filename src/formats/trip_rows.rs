//! Trips in the order of a file → [`TripTable`].

use super::TripTable;
use super::findings::Findings;
use crate::error::Problem;

/// Collects the trips of a file.
#[derive(Default)]
pub(super) struct TripRows {
    origin: Vec<u32>,
    destination: Vec<u32>,
    trips: Vec<f64>,
    /// First entry of each line that has one, and the line.
    lines: Vec<(usize, usize)>,
    total: f64,
}

impl TripRows {
    /// Adds trips from the 1-based `line`; zeros are left out.
    pub(super) fn push(&mut self, [origin, destination]: [u32; 2], trips: f64, line: usize) {
        if trips == 0.0 {
            return;
        }
        if self.lines.last().is_none_or(|(_, last)| *last != line) {
            self.lines.push((self.trips.len(), line));
        }
        self.origin.push(origin);
        self.destination.push(destination);
        self.trips.push(trips);
        self.total += trips;
    }

    /// All trips so far, in file order.
    pub(super) fn total(&self) -> f64 {
        self.total
    }

    /// The table; a pair that stands in the file twice is a problem.
    pub(super) fn finish(mut self, zone_id: &[i64], findings: &mut Findings<'_>) -> TripTable {
        if !self.total.is_finite() {
            findings.push("sum of trips", Problem::new("the trips add up to more than a number can hold"));
        }
        let pair = |entry: usize| (self.origin[entry], self.destination[entry]);
        let is_ordered = (1..self.trips.len()).all(|entry| pair(entry - 1) < pair(entry));
        if !is_ordered {
            let mut order: Vec<usize> = (0..self.trips.len()).collect();
            order.sort_by_key(|entry| pair(*entry));
            for (earlier, later) in order.iter().zip(order.iter().skip(1)) {
                if pair(*earlier) == pair(*later) {
                    self.report_repeated([*earlier, *later], zone_id, findings);
                }
            }
            self.destination = order.iter().map(|entry| self.destination[*entry]).collect();
            self.trips = order.iter().map(|entry| self.trips[*entry]).collect();
        }
        let mut origin_start = vec![0_u64; zone_id.len() + 1];
        self.origin.iter().for_each(|origin| origin_start[*origin as usize + 1] += 1);
        for origin in 0..zone_id.len() {
            origin_start[origin + 1] += origin_start[origin];
        }
        TripTable { origin_start, destination: self.destination, trips: self.trips }
    }

    fn report_repeated(&self, [earlier, later]: [usize; 2], zone_id: &[i64], findings: &mut Findings<'_>) {
        findings.at("repeated pair", self.line(later), || {
            let id = |zone: &[u32]| zone_id[zone[later] as usize];
            Problem::new(format!(
                "trips from zone {} to zone {} stand here and in line {}",
                id(&self.origin),
                id(&self.destination),
                self.line(earlier)
            ))
            .hint("give each pair once, with the sum of its trips")
        });
    }

    fn line(&self, entry: usize) -> usize {
        let after = self.lines.partition_point(|(first, _)| *first <= entry);
        self.lines[after - 1].1
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn rows_in_any_order_become_one_table() {
        let mut rows = TripRows::default();
        for (pair, trips) in [([2, 0], 5.0), ([0, 1], 1.0), ([0, 2], 0.0), ([2, 2], 7.0), ([0, 0], 2.0)] {
            rows.push(pair, trips, 1);
        }
        assert_eq!(rows.total(), 15.0);
        let mut findings = Findings::new(Path::new("x"));
        let table = rows.finish(&[1, 2, 3], &mut findings);
        assert!(findings.is_empty());
        let expected = TripTable {
            origin_start: vec![0, 2, 2, 4],
            destination: vec![0, 1, 0, 2],
            trips: vec![2.0, 1.0, 5.0, 7.0],
        };
        assert_eq!(table, expected);
    }

    #[test]
    fn a_repeated_pair_names_both_lines_and_the_ids() {
        let mut rows = TripRows::default();
        rows.push([0, 1], 1.0, 4);
        rows.push([0, 0], 1.0, 4);
        rows.push([1, 0], 1.0, 6);
        rows.push([0, 1], 1.0, 9);
        let mut findings = Findings::new(Path::new("x"));
        rows.finish(&[10, 20], &mut findings);
        let error = findings.conclude(Ok(())).unwrap_err().to_string();
        assert!(error.starts_with("x:9: trips from zone 10 to zone 20 stand here and in line 4"), "{error}");
    }

    #[test]
    fn trips_that_add_up_to_infinity_are_a_problem() {
        let mut rows = TripRows::default();
        rows.push([0, 0], f64::MAX, 1);
        rows.push([0, 1], f64::MAX, 1);
        let mut findings = Findings::new(Path::new("x"));
        rows.finish(&[1, 2], &mut findings);
        assert!(findings.conclude(Ok(())).is_err());
    }
}
