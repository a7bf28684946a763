//! What turns cost and which are not allowed: from the scenario's rules, its file of turns, and movements of the network.

use conurb_traffic::Turn;

use crate::error::{Error, Problem};
use crate::formats::{MovementKind, RoadNetwork};
use crate::inputs::TrafficInputs;
use crate::scenario::{Movements, Traffic, Turns, UTurns};

/// Turns that are not free, links by their place in the file; one turn may come several times.
///
/// # Errors
/// Penalties by direction without coordinates.
pub fn of_network(inputs: &TrafficInputs, traffic: &Traffic, open: &[bool]) -> Result<Vec<Turn>, Error> {
    let roads = &inputs.roads;
    let per_second = 1.0 / traffic.time_unit.seconds();
    let junctions = Junctions::new(roads);
    let rules = &traffic.turns;
    let mut turns: Vec<Turn> = inputs
        .turns
        .iter()
        .map(|row| {
            let penalty = if row.banned { f64::INFINITY } else { row.penalty_s * per_second };
            Turn { from_link: row.from_link, to_link: row.to_link, penalty }
        })
        .collect();
    turns.extend(of_movements(roads, traffic.turns.movements, &junctions, per_second));
    turns.extend(by_direction(roads, rules, &junctions, (per_second, inputs.is_geographic))?);
    // Turning back is never on a least-cost path unless some other turn is not free; what is not allowed is listed even so.
    let matters = traffic.turning_volumes || turns.iter().any(|turn| turn.penalty > 0.0);
    if matters {
        turns.extend(u_turns(roads, rules.u_turns, &junctions, open));
    }
    Ok(turns)
}

/// Links out of each node.
struct Junctions {
    out: Vec<Vec<u32>>,
}

impl Junctions {
    fn new(roads: &RoadNetwork) -> Self {
        let mut out = vec![Vec::new(); roads.n_nodes()];
        (0..roads.n_links()).for_each(|link| out[roads.tail[link] as usize].push(link as u32));
        Junctions { out }
    }
    /// All turns: link that is left, link that is entered.
    fn turns(&self, roads: &RoadNetwork) -> impl Iterator<Item = (u32, u32)> {
        (0..roads.n_links())
            .flat_map(|from| self.out[roads.head[from] as usize].iter().map(move |&to| (from as u32, to)))
    }
}

/// Penalties of listed movements; where a link has movements and only they are allowed, bans of all others.
fn of_movements(roads: &RoadNetwork, meaning: Movements, junctions: &Junctions, per_second: f64) -> Vec<Turn> {
    if meaning == Movements::Ignored {
        return Vec::new();
    }
    let penalty = |seconds: f64| seconds * per_second;
    let mut turns: Vec<Turn> = roads
        .movements
        .iter()
        .filter_map(|movement| {
            let penalty = movement.penalty_s.filter(|&seconds| seconds > 0.0).map(penalty)?;
            Some(Turn { from_link: movement.from_link, to_link: movement.to_link, penalty })
        })
        .collect();
    if meaning == Movements::Listed {
        let mut listed: Vec<(u32, u32)> = roads.movements.iter().map(|one| (one.from_link, one.to_link)).collect();
        listed.sort_unstable();
        let has_some =
            |from: u32| listed.get(listed.partition_point(|pair| pair.0 < from)).is_some_and(|p| p.0 == from);
        let unlisted = junctions.turns(roads).filter(|pair| has_some(pair.0) && listed.binary_search(pair).is_err());
        turns.extend(unlisted.map(|(from_link, to_link)| Turn { from_link, to_link, penalty: f64::INFINITY }));
    }
    turns
}

/// Whether a turn leads back to where its first link came from.
fn turns_back(roads: &RoadNetwork, (from, to): (u32, u32)) -> bool {
    roads.head[to as usize] == roads.tail[from as usize]
}

fn u_turns(roads: &RoadNetwork, rule: UTurns, junctions: &Junctions, open: &[bool]) -> Vec<Turn> {
    // A closed link is no way on, nor is one into a node that paths may not pass.
    let leads_on = |to: u32| open[to as usize] && roads.node_through[roads.head[to as usize] as usize];
    let is_dead_end = |from: u32| {
        let mut out = junctions.out[roads.head[from as usize] as usize].iter();
        out.all(|&to| turns_back(roads, (from, to)) || !leads_on(to))
    };
    let banned = junctions.turns(roads).filter(|&turn| {
        turns_back(roads, turn)
            && match rule {
                UTurns::Allowed => false,
                UTurns::DeadEnds => !is_dead_end(turn.0),
                UTurns::Forbidden => true,
            }
    });
    banned.map(|(from_link, to_link)| Turn { from_link, to_link, penalty: f64::INFINITY }).collect()
}

/// Penalties of left, right and U-turns by the directions of links.
fn by_direction(
    roads: &RoadNetwork,
    rules: &Turns,
    junctions: &Junctions,
    (per_second, is_geographic): (f64, bool),
) -> Result<Vec<Turn>, Error> {
    if rules.left_turn_s == 0.0 && rules.right_turn_s == 0.0 && rules.u_turn_s == 0.0 {
        return Ok(Vec::new());
    }
    let needs_directions = rules.left_turn_s > 0.0 || rules.right_turn_s > 0.0;
    let xy = match &roads.node_xy {
        Some(xy) => xy.as_slice(),
        None if needs_directions => {
            let problem = Problem::new("left and right turns are not known without coordinates of nodes");
            return Err(problem.of_key("traffic.turns").hint("name a file of nodes in traffic.nodes").into());
        }
        None => &[],
    };
    let seconds = |turn: (u32, u32)| {
        if turns_back(roads, turn) {
            return rules.u_turn_s;
        }
        if !needs_directions {
            return 0.0;
        }
        let direction = |link: u32| roads.direction(link as usize, xy, is_geographic);
        match MovementKind::between(direction(turn.0), direction(turn.1)) {
            MovementKind::Left => rules.left_turn_s,
            MovementKind::Right => rules.right_turn_s,
            _ => 0.0,
        }
    };
    let turns = junctions.turns(roads).map(|turn| {
        let penalty = seconds(turn) * per_second;
        Turn { from_link: turn.0, to_link: turn.1, penalty }
    });
    Ok(turns.filter(|turn| turn.penalty > 0.0).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A crossing at node 0 with arms 1 (east), 2 (north), 3 (west), 4 (south), each with links 2k in and 2k + 1 out.
    fn crossing() -> RoadNetwork {
        RoadNetwork {
            node_id: vec![0, 1, 2, 3, 4],
            node_xy: Some(vec![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]]),
            link_id: (1..=8).collect(),
            tail: vec![1, 0, 2, 0, 3, 0, 4, 0],
            head: vec![0, 1, 0, 2, 0, 3, 0, 4],
            node_through: vec![true; 5],
            ..RoadNetwork::default()
        }
    }

    #[test]
    fn directions_are_seen_from_the_driver() {
        let roads = crossing();
        let xy = roads.node_xy.clone().unwrap();
        let kind = |to: usize| MovementKind::between(roads.direction(4, &xy, false), roads.direction(to, &xy, false));
        // From the west (link 4) to the north (link 3) is left, to the south (7) right, to the east (1) straight on.
        assert_eq!([3, 7, 1].map(kind), [MovementKind::Left, MovementKind::Right, MovementKind::Through]);
        // At 80 degrees north a degree of longitude is a sixth of one of latitude, so that 45 degrees on paper are ten on the ground.
        let far = RoadNetwork { tail: vec![0, 1], head: vec![1, 2], ..RoadNetwork::default() };
        let xy = [[0.0, 79.0], [0.0, 80.0], [1.0, 81.0]];
        let kind = |is_geographic| {
            MovementKind::between(far.direction(0, &xy, is_geographic), far.direction(1, &xy, is_geographic))
        };
        assert_eq!([false, true].map(kind), [MovementKind::Right, MovementKind::Through]);
    }

    #[test]
    fn turning_back_is_free_where_it_is_the_only_way_on() {
        let roads = crossing();
        let mut open = vec![true; 8];
        let banned = |rule| u_turns(&roads, rule, &Junctions::new(&roads), &open).len();
        // Four at the crossing; those at the ends of the arms are dead ends.
        assert_eq!([UTurns::Allowed, UTurns::DeadEnds, UTurns::Forbidden].map(banned), [0, 4, 8]);
        // With all other links out of the crossing closed, who comes from the west has no other way on.
        [1, 3, 7].iter().for_each(|&link| open[link] = false);
        assert_eq!(u_turns(&roads, UTurns::DeadEnds, &Junctions::new(&roads), &open).len(), 3);
    }

    #[test]
    fn only_listed_movements_are_allowed_where_a_link_has_some() {
        let mut roads = crossing();
        let movement = |to_link, penalty_s| crate::formats::Movement { from_link: 4, to_link, penalty_s, kind: None };
        roads.movements = vec![movement(1, None), movement(3, Some(30.0))];
        let turns = of_movements(&roads, Movements::Listed, &Junctions::new(&roads), 1.0 / 60.0);
        let told: Vec<(u32, u32, f64)> =
            turns.iter().map(|turn| (turn.from_link, turn.to_link, turn.penalty)).collect();
        assert_eq!(told, [(4, 3, 0.5), (4, 5, f64::INFINITY), (4, 7, f64::INFINITY)]);
        assert_eq!(of_movements(&roads, Movements::Penalties, &Junctions::new(&roads), 1.0 / 60.0).len(), 1);
    }
}
