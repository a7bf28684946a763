//! Heat flows of an hour, from what is known before and after it.

use pulp::Scalar;

use super::network::Network;
use super::{FiveR1CBlock, State};
use crate::balance::Balance;
use crate::climate::Climate;
use crate::gains::Sun;
use crate::hourly::{Hourly, LANES};
use crate::profile::Profile;
use crate::wide::Chunk;

/// Flows of an hour, whose results are the only ones of `out`, between two states.
pub(super) fn flows(
    block: &FiveR1CBlock,
    before: &State,
    (climate, profile, hour): (&Climate, &Profile, usize),
    out: &Hourly,
) -> [Balance; LANES] {
    let sun = Sun::of(climate, hour);
    let users = profile.at(hour);
    core::array::from_fn(|lane| {
        let chunk = Chunk { simd: Scalar::new(), index: lane };
        let FiveR1CBlock { network, solar, services, state, .. } = block;
        let Network { outdoor, .. } = network;
        let set = if sun.is_some() { 0 } else { 1 };
        let solar = solar.heat(chunk, sun.as_ref());
        let (through, on_walls, on_roofs) = (solar.windows.scalar(), solar.walls.scalar(), solar.roofs.scalar());
        let (convected, radiated) = services.internal(chunk, &users);
        let (indoors, outdoors) = (chunk.load(&before.temp_air), climate.temp_air[hour]);
        let exchange = services.exchange(chunk, &users, indoors, chunk.splat(outdoors)).scalar();
        let (heating, cooling) = (out.heating[0][lane], out.cooling[0][lane]);
        let temp_air = out.temp_air[0][lane];
        let temp_surface = temp_air + (out.temp_operative[0][lane] - temp_air) / 0.7;
        let mass = 0.5 * (state.temp_mass[lane] + before.temp_mass[lane]);
        let sky_drop = climate.sky_drop[hour];

        let radiated_heat = radiated.scalar()
            + network.solar_radiated[lane] * through
            + (1.0 - network.heating_convective[lane]) * heating
            - (1.0 - network.cooling_convective[lane]) * cooling;
        let leaves_at_once = 1.0 - network.to_mass[lane] - network.to_surface[set][lane];
        let outside_windows = outdoors - network.window_sky[lane] * sky_drop;
        let given_off = (1.0 - outdoor.walls[lane]) * on_walls + (1.0 - outdoor.roofs[lane]) * on_roofs;
        Balance {
            stored: network.storage[lane] * (state.temp_mass[lane] - before.temp_mass[lane]),
            heating,
            cooling: -cooling,
            internal: convected.scalar() + radiated.scalar(),
            solar: (network.solar_air[lane] + network.solar_radiated[lane]) * through,
            absorbed: on_walls + on_roofs,
            elements: outdoor.air[lane] * (outdoors - mass) - outdoor.sky[lane] * sky_drop - given_off,
            windows: network.windows[set][lane] * (outside_windows - temp_surface) - leaves_at_once * radiated_heat,
            ground: outdoor.ground[lane] * (climate.temp_ground[hour] - mass),
            exchange: exchange * (outdoors - temp_air),
        }
    })
}
