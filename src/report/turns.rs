//! The turns of a finished run with their volumes, checked, for the exports.

use super::links::{Coordinates, LinkTable, checked_length, read_class_volume, read_column};
use super::period::misfit;
use crate::error::Error;
use crate::field::traffic;
use crate::formats::MovementKind;
use crate::store::read::RunReader;

/// The turns of a run; all columns have one entry per turn.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnTable {
    /// Link that each turn leaves, as an index.
    pub from_link: Vec<usize>,
    /// Link that each turn enters, as an index.
    pub to_link: Vec<usize>,
    /// Seconds that each turn takes.
    pub penalty: Vec<f64>,
    /// Name of each user class with its volume of each turn, vehicles per hour.
    pub class_volume: Vec<(String, Vec<f64>)>,
}

impl TurnTable {
    /// Reads the turns of a run, in the period of `links`; none if its scenario does not ask for turning volumes.
    ///
    /// # Errors
    /// The fields do not fit together.
    pub fn read(run: &RunReader, links: &LinkTable) -> Result<Option<TurnTable>, Error> {
        if !run.has(traffic::TURN_VOLUME.name) {
            return Ok(None);
        }
        let penalty_field = run.f64(traffic::TURN_PENALTY.name)?;
        let n_turns = penalty_field.len();
        let ends = |name: &str| -> Result<Vec<usize>, Error> {
            let ends = checked_length(run, name, run.i64(name)?, n_turns)?;
            let link = |link: i64| usize::try_from(link).ok().filter(|link| *link < links.n_links());
            let found: Option<Vec<usize>> = ends.into_iter().map(link).collect();
            found.ok_or_else(|| misfit(run, format!("field {name} names links that are not there")))
        };
        let (from_link, to_link) = (ends(traffic::TURN_FROM_LINK.name)?, ends(traffic::TURN_TO_LINK.name)?);
        let meets = |(from, to): (&usize, &usize)| links.head[*from] == links.tail[*to];
        if !from_link.iter().zip(&to_link).all(meets) {
            return Err(misfit(run, "the fields of turns name links that do not meet".to_owned()));
        }
        Ok(Some(TurnTable {
            from_link,
            to_link,
            penalty: read_column(run, traffic::TURN_PENALTY.name, None, n_turns)?,
            class_volume: read_class_volume(run, traffic::TURN_VOLUME.name, links.period.as_ref(), n_turns)?,
        }))
    }

    /// Number of turns.
    pub fn n_turns(&self) -> usize {
        self.from_link.len()
    }

    /// What kind of turn each one is by the directions of its links; all are of another kind where those are not known.
    pub fn kinds(&self, links: &LinkTable) -> Vec<MovementKind> {
        let Coordinates::Known(node_xy) = &links.node_xy else { return vec![MovementKind::Other; self.n_turns()] };
        let kind = |(&from, &to): (&usize, &usize)| {
            if links.tail[from] == links.head[to] {
                return MovementKind::UTurn;
            }
            let direction = |link: usize| {
                let (tail, head) = (node_xy[links.tail[link]], node_xy[links.head[link]]);
                [head[0] - tail[0], head[1] - tail[1]]
            };
            MovementKind::between(direction(from), direction(to))
        };
        self.from_link.iter().zip(&self.to_link).map(kind).collect()
    }
}
