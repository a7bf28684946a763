//! Heat flows of an hour, from what is known before and after it and the equations as they stand in ISO 52016-1, not from
//! the eliminated ones.

use pulp::Scalar;

use super::factors::{outer_convective, wind_convective};
use super::physics::Physics;
use super::{ExteriorConvection, MultiNodeBlock, State};
use crate::balance::Balance;
use crate::climate::Climate;
use crate::gains::Sun;
use crate::hourly::{Hourly, LANES};
use crate::profile::Profile;
use crate::wide::Chunk;
use crate::zone::N_NODES;

/// What an hour was given, in one lane.
struct Given {
    solar: f64,
    walls: f64,
    roofs: f64,
    convected: f64,
    radiated: f64,
    exchange: f64,
    /// Outer convective coefficient of what is exposed to the wind, if wind decides it.
    wind: Option<f64>,
    /// Which coefficients of windows hold.
    set: usize,
}

/// Flows of hour `hour`, whose results are entry `index` of `out`, between two states.
pub(super) fn flows(
    block: &MultiNodeBlock,
    before: &State,
    (climate, profile, hour): (&Climate, &Profile, usize),
    (out, index): (&Hourly, usize),
) -> [Balance; LANES] {
    core::array::from_fn(|lane| {
        let chunk = Chunk { simd: Scalar::new(), index: lane };
        let sun = Sun::of(climate, hour);
        let users = profile.at(hour);
        let solar = block.solar.heat(chunk, sun.as_ref());
        let (convected, radiated) = block.services.internal(chunk, &users);
        let (indoors, outdoors) = (chunk.load(&before.temp_air), chunk.splat(climate.temp_air[hour]));
        let given = Given {
            solar: solar.windows.scalar(),
            walls: solar.walls.scalar(),
            roofs: solar.roofs.scalar(),
            convected: convected.scalar(),
            radiated: radiated.scalar(),
            exchange: block.services.exchange(chunk, &users, indoors, outdoors).scalar(),
            wind: match block.exterior {
                ExteriorConvection::Fixed => None,
                ExteriorConvection::Wind => Some(wind_convective(climate.wind_speed[hour])),
            },
            set: if sun.is_some() { 0 } else { 1 },
        };
        let mut balance =
            Balance { heating: out.heating[index][lane], cooling: -out.cooling[index][lane], ..Balance::default() };
        let temp_air = block.state.temp_air[lane];
        let temp_star = 2.0 * out.temp_operative[index][lane] - temp_air;
        of_rooms(&mut balance, &block.physics, &given, lane);
        of_parts(&mut balance, block, before, &given, (climate, hour), lane);
        of_windows(&mut balance, &block.physics, &given, (climate, hour), (temp_air, temp_star), lane);
        balance.stored += block.physics.air_storage[lane] * (temp_air - before.temp_air[lane]);
        balance.exchange = given.exchange * (climate.temp_air[hour] - temp_air);
        balance
    })
}

fn of_rooms(balance: &mut Balance, physics: &Physics, given: &Given, lane: usize) {
    balance.internal = given.convected + given.radiated;
    balance.absorbed = given.walls + given.roofs;
    let through = through(physics, given, lane).0;
    let glass = physics.window.solar_share[lane]
        + physics.window.absorbed_share[lane] * physics.window.given_off(lane, through);
    let parts: f64 = physics.parts.iter().map(|part| part.solar_share[lane]).sum();
    balance.solar = given.solar * (physics.solar_air[lane] + parts + glass);
}

fn of_parts(
    balance: &mut Balance,
    block: &MultiNodeBlock,
    before: &State,
    given: &Given,
    (climate, hour): (&Climate, usize),
    lane: usize,
) {
    for (index, part) in block.physics.parts.iter().enumerate() {
        let (was, is) = (&before.nodes[index], &block.state.nodes[index]);
        for node in 0..N_NODES {
            balance.stored += part.area[lane] * part.storage[node][lane] * (is[node][lane] - was[node][lane]);
        }
        let surface = is[0][lane];
        let convective = outer_convective(part.outer_convective[lane], part.windy[lane], given.wind);
        let sky = part.outer_radiative[lane] * part.sky_view[lane] * climate.sky_drop[hour];
        let outdoor = (convective + part.outer_radiative[lane]) * (climate.temp_air[hour] - surface) - sky;
        balance.elements += part.area[lane] * outdoor;
        balance.ground += part.area[lane] * part.ground[lane] * (climate.temp_ground[hour] - surface);
    }
}

fn of_windows(
    balance: &mut Balance,
    physics: &Physics,
    given: &Given,
    (climate, hour): (&Climate, usize),
    (temp_air, temp_star): (f64, f64),
    lane: usize,
) {
    let pane = &physics.window;
    let area = pane.area[lane];
    if area == 0.0 {
        return;
    }
    let (through, outdoor) = through(physics, given, lane);
    let sky = pane.outer_radiative[lane] * pane.sky_view[lane] * climate.sky_drop[hour] / outdoor;
    let outdoors = climate.temp_air[hour] - sky;
    let radiated = given.radiated
        + (1.0 - physics.heating_convective[lane]) * balance.heating
        + (1.0 - physics.cooling_convective[lane]) * balance.cooling;
    let glass = pane.solar_share[lane] + pane.absorbed_share[lane] * pane.given_off(lane, through);
    let source = radiated / physics.inner_area[lane] + glass * given.solar / area;
    let (convective, radiative) = (pane.inner_convective[lane], pane.inner_radiative[lane]);
    let surface = (through * outdoors + convective * temp_air + radiative * temp_star + source)
        / (through + convective + radiative);
    balance.windows = area * through * (outdoors - surface);
}

/// Conductance of windows from the inner surface to outdoors, and that of the outer film.
fn through(physics: &Physics, given: &Given, lane: usize) -> (f64, f64) {
    let pane = &physics.window;
    let outdoor = outer_convective(pane.outer_convective[lane], 1.0, given.wind) + pane.outer_radiative[lane];
    let conductance = pane.conductances[given.set][lane];
    (conductance * outdoor / (conductance + outdoor), outdoor)
}
