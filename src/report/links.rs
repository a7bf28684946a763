//! The links of a finished run as one table, checked, for the report, the exports and the comparison.

use ndarray::{ArrayD, Ix2};

use super::period::{PeriodChoice, ShownPeriod, misfit, values_in};
use crate::error::{Error, Problem};
use crate::field::traffic;
use crate::store::read::RunReader;

/// The road links of a run with what was computed for them, in one period; all columns have one entry per link.
#[derive(Debug, Clone, PartialEq)]
pub struct LinkTable {
    /// The period that volumes, times and costs are those of, where the run has periods.
    pub period: Option<ShownPeriod>,
    /// Id of each link in its source.
    pub link_id: Vec<i64>,
    /// Id of the node each link starts at.
    pub from_node: Vec<i64>,
    /// Id of the node each link ends at.
    pub to_node: Vec<i64>,
    /// Index of the node each link starts at.
    pub tail: Vec<usize>,
    /// Index of the node each link ends at.
    pub head: Vec<usize>,
    /// Where the nodes are, if the run knows.
    pub node_xy: Coordinates,
    /// Name of each user class with its volume on each link, vehicles per hour.
    pub class_volume: Vec<(String, Vec<f64>)>,
    /// Volume of all classes, passenger-car units per hour.
    pub volume_pcu: Vec<f64>,
    /// Volume over capacity; NaN where a link has no capacity.
    pub volume_capacity_ratio: Vec<f64>,
    /// Travel time at the final volumes, s; not finite on links that cannot be used.
    pub travel_time: Vec<f64>,
    /// Travel time of the empty link, s.
    pub free_flow_time: Option<Vec<f64>>,
    /// Capacity, passenger-car units per hour.
    pub capacity: Option<Vec<f64>>,
    /// Length, m.
    pub length: Option<Vec<f64>>,
    /// Generalised cost at the final volumes, in the network's own unit, where there is one class.
    pub cost: Option<Vec<f64>>,
    /// Name of each class with its generalised cost, where there are several.
    pub class_cost: Vec<(String, Vec<f64>)>,
    /// 1 where the scenario closes the link.
    pub closed: Option<Vec<i64>>,
    /// Link type of the source network.
    pub link_type: Option<Vec<i64>>,
    /// Toll of the network, in its own unit.
    pub toll: Option<Vec<f64>>,
}

/// Positions of nodes, or why there are none.
#[derive(Debug, Clone, PartialEq)]
pub enum Coordinates {
    /// (x, y) of each node.
    Known(Vec<[f64; 2]>),
    /// Why they are not known, one sentence for people.
    Missing(String),
}

impl LinkTable {
    /// Reads the links of a run in a period.
    ///
    /// # Errors
    /// The run has no traffic or no such period, or its fields do not fit together.
    pub fn read(run: &RunReader, choice: PeriodChoice<'_>) -> Result<LinkTable, Error> {
        if !run.has(traffic::LINK_ID.name) {
            return Err(Problem::new("the run has no road links")
                .in_file(run.dir())
                .hint("the scenario needs a [traffic] table for this")
                .into());
        }
        let period = ShownPeriod::choose(run, choice)?;
        let link_id = run.i64(traffic::LINK_ID.name)?.into_raw_vec_and_offset().0;
        let n_links = link_id.len();
        let node_id = run.i64(traffic::NODE_ID.name)?.into_raw_vec_and_offset().0;
        let (tail, head) = read_ends(run, n_links, node_id.len())?;
        let column = |name: &str| read_column(run, name, period.as_ref(), n_links);
        let column_if_there = |name: &str| run.has(name).then(|| column(name)).transpose();
        let volume_pcu = column(traffic::LINK_VOLUME_PCU.name)?;
        refuse_nonfinite(run, traffic::LINK_VOLUME_PCU.name, &volume_pcu)?;
        let class_volume = read_class_volume(run, traffic::LINK_VOLUME.name, period.as_ref(), n_links)?;
        let integers_if_there =
            |name: &str| run.has(name).then(|| checked_length(run, name, run.i64(name)?, n_links)).transpose();
        Ok(LinkTable {
            from_node: tail.iter().map(|node| node_id[*node]).collect(),
            to_node: head.iter().map(|node| node_id[*node]).collect(),
            node_xy: read_coordinates(run, node_id.len(), &[tail.as_slice(), head.as_slice()].concat())?,
            class_volume,
            volume_capacity_ratio: column(traffic::VOLUME_CAPACITY_RATIO.name)?,
            travel_time: column(traffic::LINK_TRAVEL_TIME.name)?,
            free_flow_time: column_if_there(traffic::LINK_FREE_FLOW_TIME.name)?,
            capacity: column_if_there(traffic::LINK_CAPACITY.name)?,
            length: column_if_there(traffic::LINK_LENGTH.name)?,
            cost: column_if_there(traffic::LINK_COST.name)?,
            class_cost: read_by_class(run, traffic::LINK_CLASS_COST.name, period.as_ref(), n_links)?,
            closed: integers_if_there(traffic::LINK_CLOSED.name)?,
            link_type: integers_if_there(traffic::LINK_TYPE.name)?,
            toll: column_if_there(traffic::LINK_TOLL.name)?,
            period,
            link_id,
            tail,
            head,
            volume_pcu,
        })
    }

    /// Number of links.
    pub fn n_links(&self) -> usize {
        self.link_id.len()
    }

    /// Links in descending order of a column, ties by row; those without a finite value are left out.
    pub fn descending_by(column: &[f64]) -> Vec<usize> {
        let mut links: Vec<usize> = (0..column.len()).filter(|link| column[*link].is_finite()).collect();
        links.sort_by(|one, other| column[*other].total_cmp(&column[*one]).then(one.cmp(other)));
        links
    }
}

fn read_ends(run: &RunReader, n_links: usize, n_nodes: usize) -> Result<(Vec<usize>, Vec<usize>), Error> {
    let name = traffic::LINK_NODES.name;
    let ends = run.i64(name)?;
    if ends.shape() != [n_links, 2] {
        return Err(misfit(run, format!("field {name} has shape {:?} instead of [{n_links}, 2]", ends.shape())));
    }
    let ends = ends.into_dimensionality::<Ix2>().expect("the shape was just checked");
    let node = |value: &i64| {
        usize::try_from(*value).ok().filter(|node| *node < n_nodes).ok_or_else(|| {
            misfit(run, format!("field {name} names node {value}, expected 0 to {}", n_nodes.saturating_sub(1)))
        })
    };
    let tail = ends.column(0).iter().map(node).collect::<Result<_, _>>()?;
    let head = ends.column(1).iter().map(node).collect::<Result<_, _>>()?;
    Ok((tail, head))
}

/// Coordinates of all nodes, where those that links end at have some.
fn read_coordinates(run: &RunReader, n_nodes: usize, ends: &[usize]) -> Result<Coordinates, Error> {
    let (x, y) = (traffic::NODE_X.name, traffic::NODE_Y.name);
    if !run.has(x) || !run.has(y) {
        return Ok(Coordinates::Missing("the inputs give no coordinates of the network's nodes".to_owned()));
    }
    let (x, y) = (read_column(run, x, None, n_nodes)?, read_column(run, y, None, n_nodes)?);
    let mut needed = vec![false; n_nodes];
    ends.iter().for_each(|&node| needed[node] = true);
    let lacks = |node: &usize| needed[*node] && !(x[*node].is_finite() && y[*node].is_finite());
    let n_without = (0..n_nodes).filter(lacks).count();
    if n_without > 0 {
        return Ok(Coordinates::Missing(format!("{n_without} of the {n_nodes} nodes have no coordinates")));
    }
    Ok(Coordinates::Known(x.into_iter().zip(y).map(|(x, y)| [x, y]).collect()))
}

/// Name and volumes of each class of a field over classes and another axis of `length` in a period; nothing where the run lacks it.
pub(super) fn read_class_volume(
    run: &RunReader,
    name: &str,
    period: Option<&ShownPeriod>,
    length: usize,
) -> Result<Vec<(String, Vec<f64>)>, Error> {
    let by_class = read_by_class(run, name, period, length)?;
    by_class.iter().try_for_each(|(_, volume)| refuse_nonfinite(run, name, volume))?;
    Ok(by_class)
}

/// As [`read_class_volume`], of values that may be missing.
fn read_by_class(
    run: &RunReader,
    name: &str,
    period: Option<&ShownPeriod>,
    length: usize,
) -> Result<Vec<(String, Vec<f64>)>, Error> {
    if !run.has(name) {
        return Ok(Vec::new());
    }
    let classes = run.text(traffic::CLASS_NAME.name)?;
    let values = values_in(run, name, period, &[classes.len(), length])?;
    let values = values.into_dimensionality::<Ix2>().expect("the shape was just checked");
    Ok(classes.into_iter().zip(values.rows()).map(|(class, row)| (class, row.to_vec())).collect())
}

pub(super) fn read_column(
    run: &RunReader,
    name: &str,
    period: Option<&ShownPeriod>,
    length: usize,
) -> Result<Vec<f64>, Error> {
    Ok(values_in(run, name, period, &[length])?.into_iter().collect())
}

pub(super) fn checked_length<T>(
    run: &RunReader,
    name: &str,
    values: ArrayD<T>,
    length: usize,
) -> Result<Vec<T>, Error> {
    if values.shape() != [length] {
        return Err(misfit(run, format!("field {name} has shape {:?} instead of [{length}]", values.shape())));
    }
    Ok(values.into_raw_vec_and_offset().0)
}

fn refuse_nonfinite(run: &RunReader, name: &str, values: &[f64]) -> Result<(), Error> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(row) => Err(misfit(run, format!("field {name} is {} in row {}", values[row], row + 1))),
        None => Ok(()),
    }
}
