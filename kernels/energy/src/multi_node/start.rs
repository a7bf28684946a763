//! Where zones start from.

use super::State;
use super::physics::{Part, Physics};
use crate::climate::Climate;
use crate::hourly::LANES;
use crate::profile::Profile;
use crate::services::Services;
use crate::zone::N_NODES;

/// The steady state of an hour's outdoor temperature behind walls and a room that heating and cooling, where there are
/// any, keep at their setpoints; without sun and gains.
pub(super) fn steady_state(
    physics: &Physics,
    services: &Services,
    climate: &Climate,
    profile: &Profile,
    hour: usize,
) -> State {
    let mut state = State::default();
    let users = profile.at(hour);
    for lane in 0..LANES {
        let (low, high) = services.limits(lane, &users);
        let outdoors = climate.temp_air[hour];
        let indoors = outdoors.min(high).max(low);
        state.temp_air[lane] = indoors;
        for (nodes, part) in state.nodes.iter_mut().zip(&physics.parts) {
            let across = profile_across(part, lane);
            let behind = if part.ground[lane] > 0.0 { climate.temp_ground[hour] } else { outdoors };
            for (node, across) in nodes.iter_mut().zip(across) {
                node[lane] = indoors + across * (behind - indoors);
            }
        }
    }
    state
}

/// How far each node is on the way from indoors (0) to what lies behind (1).
fn profile_across(part: &Part, lane: usize) -> [f64; N_NODES] {
    let behind = part.outer_convective[lane] + part.outer_radiative[lane] + part.ground[lane];
    if behind == 0.0 {
        return [0.0; N_NODES];
    }
    let mut resistance = 1.0 / (part.inner_convective[lane] + part.inner_radiative[lane]);
    let mut across = [0.0; N_NODES];
    for node in (0..N_NODES).rev() {
        across[node] = resistance;
        resistance += if node > 0 { 1.0 / part.conductances[node - 1][lane] } else { 1.0 / behind };
    }
    across.map(|passed| passed / resistance)
}
