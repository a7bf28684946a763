//! The hours of a block.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use super::network::{Network, Outdoor};
use super::solved::{Heat, Solved};
use super::{FiveR1CBlock, State};
use crate::climate::Climate;
use crate::gains::{SolarHeat, Sun};
use crate::hourly::Hourly;
use crate::profile::{Profile, ProfileHour};
use crate::services::Services;
use crate::wide::{Chunk, Wide};

/// How much surfaces count in operative temperature, ISO 13790 C.12.
pub(super) const SURFACES_IN_OPERATIVE: f64 = 0.7;

/// Consecutive hours to compute.
pub(super) struct Hours<'a> {
    pub(super) block: &'a mut FiveR1CBlock,
    pub(super) climate: &'a Climate,
    pub(super) profile: &'a Profile,
    pub(super) hours: Range<usize>,
    pub(super) out: &'a mut Hourly,
}

impl WithSimd for Hours<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Hours { block, climate, profile, hours, out } = self;
        block.solved.forget();
        let mut set = 0;
        for (index, hour) in hours.enumerate() {
            let sun = Sun::of(climate, hour);
            let around = Around {
                temp_air: climate.temp_air[hour],
                temp_ground: climate.temp_ground[hour],
                sky_drop: climate.sky_drop[hour],
                users: profile.at(hour),
                set: if sun.is_some() { 0 } else { 1 },
            };
            if around.set != set {
                block.solved.forget();
                set = around.set;
            }
            for chunk in Chunk::all(simd) {
                let solar = block.solar.heat(chunk, sun.as_ref());
                let FiveR1CBlock { network, services, state, solved, .. } = &mut *block;
                let found = step(chunk, network, services, (state, solved), &around, &solar);
                chunk.store(&mut out.heating[index], found.heating);
                chunk.store(&mut out.cooling[index], found.cooling);
                chunk.store(&mut out.temp_air[index], found.temp_air);
                chunk.store(&mut out.temp_operative[index], found.temp_operative);
                chunk.store(&mut out.solar_gains[index], solar.windows);
            }
        }
    }
}

/// What is the same for all zones in an hour.
pub(super) struct Around {
    pub(super) temp_air: f64,
    pub(super) temp_ground: f64,
    pub(super) sky_drop: f64,
    pub(super) users: ProfileHour,
    /// Which conductances hold: 0 while it is lit, 1 while it is dark.
    pub(super) set: usize,
}

/// What an hour needed and led to.
struct Found<S: Simd> {
    heating: Wide<S>,
    cooling: Wide<S>,
    temp_air: Wide<S>,
    temp_operative: Wide<S>,
}

/// One hour of some lanes.
#[inline(always)]
fn step<S: Simd>(
    chunk: Chunk<S>,
    network: &Network,
    services: &Services,
    (state, solved): (&mut State, &mut Solved),
    around: &Around,
    solar: &SolarHeat<S>,
) -> Found<S> {
    let outdoors = chunk.splat(around.temp_air);
    let mass_before = chunk.load(&state.temp_mass);
    let exchange = services.exchange(chunk, &around.users, chunk.load(&state.temp_air), outdoors);
    if chunk.differ(&solved.exchange, exchange) {
        solved.renew(chunk, network, services, around.set, exchange);
    }
    let (convected, radiated) = services.internal(chunk, &around.users);
    let outside_windows = outdoors - chunk.load(&network.window_sky) * chunk.splat(around.sky_drop);
    let heat = Heat {
        to_air: convected + chunk.load(&network.solar_air) * solar.windows + exchange * outdoors,
        radiated: radiated + chunk.load(&network.solar_radiated) * solar.windows,
        to_mass: from_outdoors(chunk, &network.outdoor, around, solar),
        to_surface: chunk.load(&network.windows[around.set]) * outside_windows,
    };
    let free = solved.temperatures(chunk, network, around.set, heat, mass_before);
    let felt = free.air + solved.radiant(chunk, services) * (free.surface - free.air);
    let (heat, cool) = (&solved.heating, &solved.cooling);
    let needed = (chunk.load(&heat.needed), chunk.load(&cool.needed));
    let (heating, cooling) = services.demand(chunk, &around.users).power(chunk, felt, needed);
    let temp_mass = free.mass + chunk.load(&heat.mass) * heating - chunk.load(&cool.mass) * cooling;
    let temp_surface = free.surface + chunk.load(&heat.surface) * heating - chunk.load(&cool.surface) * cooling;
    let temp_air = free.air + chunk.load(&heat.air) * heating - chunk.load(&cool.air) * cooling;
    chunk.store(&mut state.temp_mass, temp_mass);
    chunk.store(&mut state.temp_air, temp_air);
    let temp_operative = temp_air + chunk.splat(SURFACES_IN_OPERATIVE) * (temp_surface - temp_air);
    Found { heating, cooling, temp_air, temp_operative }
}

/// Heat to the mass from outdoors, as far as it does not depend on the mass.
#[inline(always)]
fn from_outdoors<S: Simd>(chunk: Chunk<S>, outdoor: &Outdoor, around: &Around, solar: &SolarHeat<S>) -> Wide<S> {
    chunk.load(&outdoor.air) * chunk.splat(around.temp_air)
        + chunk.load(&outdoor.ground) * chunk.splat(around.temp_ground)
        - chunk.load(&outdoor.sky) * chunk.splat(around.sky_drop)
        + chunk.load(&outdoor.walls) * solar.walls
        + chunk.load(&outdoor.roofs) * solar.roofs
}
