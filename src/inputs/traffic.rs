//! Reading what a scenario's traffic is computed from.

use std::path::Path;
use std::time::Instant;

use super::{EarlierPaths, Reader, read_file, sha256};
use crate::error::{Error, Problem, Warning};
use crate::formats::gmns::{self, GmnsFiles, GmnsUnits};
use crate::formats::tables::{self, CountTable, District, TurnRow, ZoneTotals};
use crate::formats::{self, RoadNetwork, Source, TripTable, probe};
use crate::report::html::map::is_longitude_latitude;
use crate::scenario::{LengthUnit, Period, Scenario, Traffic};

/// What a scenario's traffic is computed from, as read.
#[derive(Debug, Clone, Default)]
pub struct TrafficInputs {
    /// The road network.
    pub roads: RoadNetwork,
    /// Every different matrix of demand.
    pub trips: Vec<TripTable>,
    /// Which of `trips` each class has, by period; one period if the scenario names none.
    pub trips_by_period: Vec<Vec<usize>>,
    /// What turns cost, from a file.
    pub turns: Vec<TurnRow>,
    /// Tolls of each class that has its own, by link.
    pub tolls: Vec<Option<Vec<f64>>>,
    /// Productions and attractions for the gravity model.
    pub zone_totals: Option<ZoneTotals>,
    /// Paths of an earlier run to start from.
    pub earlier: Option<EarlierPaths>,
    /// Counted volumes to hold results against.
    pub counts: Option<CountTable>,
    /// Districts that links are summed over.
    pub districts: Vec<District>,
    /// Whether coordinates are longitudes and latitudes.
    pub is_geographic: bool,
    /// What was odd about the files.
    pub warnings: Vec<Warning>,
    /// Wall seconds it took.
    pub seconds: f64,
}

impl TrafficInputs {
    /// Demand of a class in a period.
    pub fn trips_of(&self, period: usize, class: usize) -> &TripTable {
        &self.trips[self.trips_by_period[period][class]]
    }
    /// Tolls of a class, where it has its own.
    pub fn tolls_of(&self, class: usize) -> Option<&[f64]> {
        self.tolls.get(class)?.as_deref()
    }
}

impl Reader<'_> {
    /// Reads what the `[traffic]` table of a scenario names, and what other tables hold beside it.
    ///
    /// # Errors
    /// Everything wrong with the files, on every rank.
    pub fn traffic(&mut self, scenario: &Scenario, traffic: &Traffic) -> Result<TrafficInputs, Error> {
        let start = Instant::now();
        let is_geographic = scenario.crs.as_deref().is_some_and(is_longitude_latitude);
        let mut inputs = TrafficInputs { is_geographic, ..TrafficInputs::default() };
        (inputs.roads, inputs.warnings) =
            if formats::is_folder(&traffic.network) { self.gmns(traffic)? } else { self.network(traffic)? };
        self.demand(traffic, &mut inputs)?;
        let (roads, warnings) = (&inputs.roads, &mut inputs.warnings);
        let turns = self.table(traffic.turns.file.as_deref(), roads, tables::read_turns, warnings)?;
        inputs.turns = turns.unwrap_or_default();
        for class in &traffic.classes {
            inputs.tolls.push(self.table(class.tolls.as_deref(), roads, tables::read_tolls, warnings)?);
        }
        let totals = traffic.distribution.as_ref().and_then(|distribution| distribution.totals.as_deref());
        inputs.zone_totals = self.table(totals, roads, tables::read_zone_totals, warnings)?;
        let districts = scenario.people.as_ref().map(|people| people.districts.as_path());
        let read_districts = |source: Source<'_>, _: &RoadNetwork| tables::read_districts(source);
        inputs.districts = self.table(districts, roads, read_districts, warnings)?.unwrap_or_default();
        let counts = scenario.observed.as_ref().map(|observed| observed.counts.as_path());
        let classes: Vec<String> = traffic.classes.iter().map(|class| class.name.clone()).collect();
        let periods: Vec<String> = traffic.periods.iter().map(|period| period.name.clone()).collect();
        let read_counts =
            |source: Source<'_>, roads: &RoadNetwork| tables::read_counts(source, roads, &classes, &periods);
        inputs.counts = self.table(counts, roads, read_counts, warnings)?;
        if let Some(folder) = &traffic.assignment.warm_start {
            let (earlier, checksum) = EarlierPaths::read(self.runtime, folder, traffic, roads)?;
            self.note(folder, checksum);
            inputs.earlier = Some(earlier);
        }
        inputs.seconds = start.elapsed().as_secs_f64();
        Ok(inputs)
    }

    fn network(&mut self, traffic: &Traffic) -> Result<(RoadNetwork, Vec<Warning>), Error> {
        let network = self.bytes(&traffic.network)?;
        let nodes = traffic.nodes.as_ref().map(|nodes| self.bytes(nodes)).transpose()?;
        let nodes = traffic.nodes.as_ref().zip(nodes.as_ref());
        let read = formats::read_network(
            Source { file: &traffic.network, bytes: &network },
            nodes.map(|(file, bytes)| Source { file, bytes }),
        );
        self.runtime.agree(read)
    }

    /// A network from a GMNS folder.
    fn gmns(&mut self, traffic: &Traffic) -> Result<(RoadNetwork, Vec<Warning>), Error> {
        let mut files = Vec::new();
        for name in gmns::FILES {
            let file = traffic.network.join(name);
            let bytes = self.bytes_if_there(&file)?;
            files.push((file, bytes));
        }
        let source = |index: usize| {
            let (file, bytes) = &files[index];
            bytes.as_ref().map(|bytes| Source { file, bytes })
        };
        let needed = |index: usize| {
            source(index).ok_or_else(|| Problem::new("the file does not exist").in_file(&files[index].0))
        };
        let units = GmnsUnits {
            time: traffic.time_unit,
            length: traffic.length_unit.unwrap_or(LengthUnit::Kilometre),
            period_h: traffic.period_h,
        };
        let read = || -> Result<(RoadNetwork, Vec<Warning>), Error> {
            let (node, link) = (needed(0)?, needed(1)?);
            let folder = GmnsFiles { node, link, config: source(2), movement: source(3), zone: source(4) };
            gmns::read_gmns(&folder, units)
        };
        let (mut roads, mut warnings) = self.runtime.agree(read())?;
        let zones = self.runtime.from_root(|| {
            let zones = named_zones(traffic)?;
            Ok(bytemuck::cast_slice(&zones).to_vec())
        })?;
        warnings.extend(gmns::add_zones_at_nodes(&mut roads, &bytemuck::allocation::pod_collect_to_vec(&zones)));
        Ok((roads, warnings))
    }

    /// Demand of every class and period, each matrix once.
    fn demand(&mut self, traffic: &Traffic, inputs: &mut TrafficInputs) -> Result<(), Error> {
        let mut known: Vec<(&Path, Option<&str>)> = Vec::new();
        for period in 0..traffic.periods.len().max(1) {
            let mut of_classes = Vec::new();
            for class in &traffic.classes {
                let matrix = class.matrix_in(traffic.periods.get(period));
                let index = known.iter().position(|other| *other == matrix).unwrap_or(known.len());
                if index == known.len() {
                    known.push(matrix);
                    let (trips, more) = self.trips(matrix, &inputs.roads)?;
                    inputs.trips.push(trips);
                    inputs.warnings.extend(more);
                }
                of_classes.push(index);
            }
            inputs.trips_by_period.push(of_classes);
        }
        Ok(())
    }

    /// A small table on the network, parsed by every rank.
    fn table<T>(
        &mut self,
        file: Option<&Path>,
        roads: &RoadNetwork,
        read: impl Fn(Source<'_>, &RoadNetwork) -> Result<(T, Vec<Warning>), Error>,
        warnings: &mut Vec<Warning>,
    ) -> Result<Option<T>, Error> {
        let Some(file) = file else { return Ok(None) };
        let bytes = self.bytes(file)?;
        let (table, more) = self.runtime.agree(read(Source { file, bytes: &bytes }, roads))?;
        warnings.extend(more);
        Ok(Some(table))
    }

    /// Demand is parsed by rank 0 alone: it is the largest input, and matrices of HDF5 cannot be parsed from many ranks at once.
    fn trips(
        &mut self,
        matrix: (&Path, Option<&str>),
        roads: &RoadNetwork,
    ) -> Result<(TripTable, Vec<Warning>), Error> {
        let runtime = self.runtime;
        let mut warnings = Vec::new();
        let mut table = TripTable::default();
        let mut hash = String::new();
        let parsed = if runtime.is_root() {
            parse_trips(matrix, roads).map(|(read, odd, sha256)| (table, warnings, hash) = (read, odd, sha256))
        } else {
            Ok(())
        };
        runtime.agree(parsed)?;
        let sha256 = runtime.from_root(|| Ok(hash.into_bytes()))?;
        self.note(matrix.0, String::from_utf8_lossy(&sha256).into_owned());
        if runtime.size() == 1 {
            return Ok((table, warnings));
        }
        let odd = runtime.from_root(|| Ok(serde_json::to_vec(&warnings).expect("warnings always become JSON")))?;
        let start = runtime.from_root(|| Ok(bytemuck::cast_slice(&table.origin_start).to_vec()))?;
        let destination = runtime.from_root(|| Ok(bytemuck::cast_slice(&table.destination).to_vec()))?;
        let trips = runtime.from_root(|| Ok(bytemuck::cast_slice(&table.trips).to_vec()))?;
        let table = TripTable {
            origin_start: bytemuck::allocation::pod_collect_to_vec(&start),
            destination: bytemuck::allocation::pod_collect_to_vec(&destination),
            trips: bytemuck::allocation::pod_collect_to_vec(&trips),
        };
        Ok((table, serde_json::from_slice(&odd).expect("rank 0 sends what it wrote")))
    }
}

/// The zones that demand in CSV form names, ascending.
fn named_zones(traffic: &Traffic) -> Result<Vec<i64>, Error> {
    let periods: Vec<Option<&Period>> = match traffic.periods.as_slice() {
        [] => vec![None],
        periods => periods.iter().map(Some).collect(),
    };
    let mut files: Vec<&Path> =
        traffic.classes.iter().flat_map(|class| periods.iter().map(|&period| class.matrix_in(period).0)).collect();
    files.sort();
    files.dedup();
    let mut zones = Vec::new();
    for file in files.into_iter().filter(|file| formats::names_zones(file)) {
        zones.extend(formats::demand_zones(Source { file, bytes: &read_file(file)? })?);
    }
    zones.sort_unstable();
    zones.dedup();
    Ok(zones)
}

fn parse_trips(
    (file, matrix): (&Path, Option<&str>),
    roads: &RoadNetwork,
) -> Result<(TripTable, Vec<Warning>, String), Error> {
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("omx")) {
        probe::check(file)?;
    }
    let bytes = read_file(file)?;
    let (table, warnings) = formats::read_trips(Source { file, bytes: &bytes }, roads, matrix)?;
    Ok((table, warnings, sha256(&bytes)))
}
