//! The used paths of an earlier run, in terms of the network, classes and periods of this one.

use std::path::Path;

use crate::error::{Error, Problem};
use crate::field::traffic as field;
use crate::formats::RoadNetwork;
use crate::parallel::Runtime;
use crate::scenario::Traffic;
use crate::store::read::RunReader;

/// In place of an index, for what this run does not have.
const NONE: u32 = u32::MAX;

/// Paths of an earlier run with their flows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EarlierPaths {
    /// Period, class, origin and destination of each path; every period if the earlier run had none.
    keys: Vec<[u32; 4]>,
    flow: Vec<f64>,
    /// End of each path's links.
    end: Vec<u64>,
    /// Links in file order.
    links: Vec<u32>,
}

impl EarlierPaths {
    /// Whether there are paths of a period.
    pub fn has(&self, period: usize) -> bool {
        self.keys.iter().any(|key| key[0] == NONE || key[0] as usize == period)
    }
    /// The paths of a period by source, those of a source ascending by destination, and how many are of none.
    ///
    /// A source is an origin and a class, the `n_classes` of an origin side by side.
    pub fn by_source(&self, period: usize, (n_sources, n_classes): (usize, usize)) -> (Vec<Vec<u32>>, usize) {
        let (mut by_source, mut n_lost) = (vec![Vec::new(); n_sources], 0);
        for (path, &[of_period, class, origin, destination]) in (0_u32..).zip(&self.keys) {
            if of_period != NONE && of_period as usize != period {
                continue;
            }
            if [class, origin, destination].contains(&NONE) {
                n_lost += 1;
            } else {
                by_source[origin as usize * n_classes + class as usize].push(path);
            }
        }
        by_source.iter_mut().for_each(|paths| paths.sort_by_key(|&path| self.destination(path)));
        (by_source, n_lost)
    }
    /// Destination zone of a path.
    pub fn destination(&self, path: u32) -> u32 {
        self.keys[path as usize][3]
    }
    /// Vehicles per hour on a path.
    pub fn flow(&self, path: u32) -> f64 {
        self.flow[path as usize]
    }
    /// Links of a path in file order; none for those that are not there any more.
    pub fn links(&self, path: u32) -> impl Iterator<Item = Option<usize>> {
        let path = path as usize;
        let start = if path == 0 { 0 } else { self.end[path - 1] };
        let links = &self.links[start as usize..self.end[path] as usize];
        links.iter().map(|&link| (link != NONE).then_some(link as usize))
    }

    /// Reads the paths of a finished run on rank 0, for all ranks.
    ///
    /// # Errors
    /// The run has no paths or is damaged.
    pub(super) fn read(
        runtime: &Runtime,
        folder: &Path,
        traffic: &Traffic,
        roads: &RoadNetwork,
    ) -> Result<(Self, String), Error> {
        let mut own = None;
        let checksum = runtime.from_root(|| {
            let run = RunReader::open(folder)?;
            own = Some(translated(&run, traffic, roads)?);
            Ok(run.report().checksum.clone().into_bytes())
        })?;
        let checksum = String::from_utf8_lossy(&checksum).into_owned();
        let own = own.unwrap_or_default();
        if runtime.size() == 1 {
            return Ok((own, checksum));
        }
        let share = |bytes: &[u8]| runtime.from_root(|| Ok(bytes.to_vec()));
        let keys = share(bytemuck::cast_slice(&own.keys))?;
        let flow = share(bytemuck::cast_slice(&own.flow))?;
        let end = share(bytemuck::cast_slice(&own.end))?;
        let links = share(bytemuck::cast_slice(&own.links))?;
        let paths = EarlierPaths {
            keys: bytemuck::allocation::pod_collect_to_vec(&keys),
            flow: bytemuck::allocation::pod_collect_to_vec(&flow),
            end: bytemuck::allocation::pod_collect_to_vec(&end),
            links: bytemuck::allocation::pod_collect_to_vec(&links),
        };
        Ok((paths, checksum))
    }
}

fn translated(run: &RunReader, traffic: &Traffic, roads: &RoadNetwork) -> Result<EarlierPaths, Error> {
    if !run.has(field::PATH_LINK.name) {
        return Err(Problem::new("the run holds no paths to start from")
            .in_file(run.dir())
            .of_key("traffic.assignment.warm_start")
            .hint("run it again with path_flows = true in [traffic]")
            .into());
    }
    let class_names = traffic.classes.iter().map(|class| class.name.clone()).collect::<Vec<_>>();
    let classes = places(&run.text(field::CLASS_NAME.name)?, &class_names);
    let zones = places(&integers(run, field::ZONE_ID.name)?, &roads.zone_id);
    let links = places(&integers(run, field::LINK_ID.name)?, &roads.link_id);
    let periods = match run.has(field::PATH_PERIOD.name) {
        true => {
            let names = traffic.periods.iter().map(|period| period.name.clone()).collect::<Vec<_>>();
            Some(places(&run.text(field::PERIOD_NAME.name)?, &names))
        }
        false => None,
    };
    let column = |name: &str, new_place: &[u32]| -> Result<Vec<u32>, Error> {
        let at = |old: i64| usize::try_from(old).ok().and_then(|old| new_place.get(old)).copied();
        integers(run, name)?.into_iter().map(|old| at(old).ok_or_else(|| misfit(run, name).into())).collect()
    };
    let (class, origin) = (column(field::PATH_CLASS.name, &classes)?, column(field::PATH_ORIGIN.name, &zones)?);
    let destination = column(field::PATH_DESTINATION.name, &zones)?;
    let period = match &periods {
        Some(periods) => column(field::PATH_PERIOD.name, periods)?,
        None => vec![NONE; class.len()],
    };
    let links = column(field::PATH_LINK.name, &links)?;
    let flow = run.f64(field::PATH_FLOW.name)?.into_raw_vec_and_offset().0;
    let mut total = 0_u64;
    let end: Vec<u64> = integers(run, field::PATH_N_LINKS.name)?
        .into_iter()
        .map(|n_links| {
            total = total.saturating_add(u64::try_from(n_links).unwrap_or(u64::MAX));
            total
        })
        .collect();
    let n_paths = flow.len();
    let fits =
        [class.len(), origin.len(), destination.len(), period.len(), end.len()].iter().all(|&len| len == n_paths);
    if !fits || total != links.len() as u64 || flow.iter().any(|flow| !(flow.is_finite() && *flow >= 0.0)) {
        return Err(misfit(run, field::PATH_FLOW.name).into());
    }
    let keys = (0..n_paths).filter(|&path| periods.is_none() || period[path] != NONE);
    let kept: Vec<usize> = keys.collect();
    if kept.len() < n_paths {
        return Ok(only(
            &kept,
            &EarlierPaths { keys: keyed(&period, &class, &origin, &destination), flow, end, links },
        ));
    }
    Ok(EarlierPaths { keys: keyed(&period, &class, &origin, &destination), flow, end, links })
}

fn keyed(period: &[u32], class: &[u32], origin: &[u32], destination: &[u32]) -> Vec<[u32; 4]> {
    (0..class.len()).map(|path| [period[path], class[path], origin[path], destination[path]]).collect()
}

/// Some of the paths.
fn only(kept: &[usize], all: &EarlierPaths) -> EarlierPaths {
    let mut some = EarlierPaths::default();
    for &path in kept {
        let start = if path == 0 { 0 } else { all.end[path - 1] };
        some.keys.push(all.keys[path]);
        some.flow.push(all.flow[path]);
        some.links.extend_from_slice(&all.links[start as usize..all.end[path] as usize]);
        some.end.push(some.links.len() as u64);
    }
    some
}

/// Where each of `old` is among `new`; names and ids that stand there several times are not known.
fn places<T: Ord + Clone>(old: &[T], new: &[T]) -> Vec<u32> {
    let mut sorted: Vec<(&T, u32)> = new.iter().zip(0..).collect();
    sorted.sort();
    let find = |wanted: &T| {
        let first = sorted.partition_point(|(known, _)| *known < wanted);
        match &sorted[first..] {
            [(known, place), rest @ ..] if *known == wanted => match rest.first() {
                Some((next, _)) if *next == wanted => NONE,
                _ => *place,
            },
            _ => NONE,
        }
    };
    old.iter().map(find).collect()
}

fn integers(run: &RunReader, name: &str) -> Result<Vec<i64>, Error> {
    Ok(run.i64(name)?.into_raw_vec_and_offset().0)
}

fn misfit(run: &RunReader, name: &str) -> Problem {
    Problem::new(format!("field {name} does not fit the others"))
        .in_file(run.dir().join(field::PATH_FLOW.file))
        .hint("the run folder is damaged; run it again")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_found_by_value_where_they_are_unique() {
        assert_eq!(places(&[5, 7, 9, 1], &[9, 5, 1, 1]), [1, NONE, 0, NONE]);
    }
}
