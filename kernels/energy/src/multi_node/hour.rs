//! The hours of a block.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use super::closing::{Closed, Closing, Free};
use super::factors::{Factors, PartFactors, SurfaceFactors};
use super::{ExteriorConvection, MultiNodeBlock, State};
use crate::climate::Climate;
use crate::gains::{SolarHeat, Sun};
use crate::hourly::Hourly;
use crate::profile::{Profile, ProfileHour};
use crate::services::Services;
use crate::wide::Row;
use crate::wide::{Chunk, Wide};
use crate::zone::{N_NODES, N_PARTS, ROOF, WALL};

/// Consecutive hours to compute.
pub(super) struct Hours<'a> {
    pub(super) block: &'a mut MultiNodeBlock,
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
        block.closing.forget();
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
            if block.exterior == ExteriorConvection::Wind {
                block.factors.renew(&block.physics, climate.wind_speed[hour], around.set);
                block.closing.forget();
            }
            if around.set != set {
                block.closing.forget();
                set = around.set;
            }
            for chunk in Chunk::all(simd) {
                let solar = block.solar.heat(chunk, sun.as_ref());
                let MultiNodeBlock { factors, services, state, physics, closing, .. } = &mut *block;
                let solar_air = chunk.load(&physics.solar_air) * solar.windows;
                let air_storage = chunk.load(&physics.air_storage);
                let room = Room { solar, solar_air, air_storage };
                let found = step(chunk, factors, services, (state, closing), &around, &room);
                chunk.store(&mut out.heating[index], found.heating);
                chunk.store(&mut out.cooling[index], found.cooling);
                chunk.store(&mut out.temp_air[index], found.temp_air);
                chunk.store(&mut out.temp_operative[index], found.temp_operative);
                chunk.store(&mut out.solar_gains[index], room.solar.windows);
            }
        }
    }
}

/// What is the same for all zones in an hour.
struct Around {
    temp_air: f64,
    temp_ground: f64,
    sky_drop: f64,
    users: ProfileHour,
    /// Which coefficients hold: 0 while it is lit, 1 while it is dark.
    set: usize,
}

/// What arrives in rooms in an hour, and what their air stores.
struct Room<S: Simd> {
    solar: SolarHeat<S>,
    solar_air: Wide<S>,
    air_storage: Wide<S>,
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
    factors: &Factors,
    services: &Services,
    (state, closing): (&mut State, &mut Closing),
    around: &Around,
    room: &Room<S>,
) -> Found<S> {
    let coefficients = &factors.rooms[around.set];
    let (outdoors, before) = (chunk.splat(around.temp_air), chunk.load(&state.temp_air));
    let (convected, radiated) = services.internal(chunk, &around.users);
    let exchange = services.exchange(chunk, &around.users, before, outdoors);
    let to_air = room.air_storage * before + exchange * outdoors + convected + room.solar_air;
    let mut air = Free {
        to_air: to_air + chunk.load(&coefficients.radiated_to_air) * radiated,
        to_star: chunk.load(&coefficients.radiated_to_star) * radiated,
    };
    let free = all_inwards(chunk, factors, &state.nodes, around, room, &mut air);
    let closed = closing.close(chunk, coefficients, services, &around.users, (air, exchange));
    let Closed { heating, cooling, temp_air, temp_star, .. } = closed;
    let radiated = radiated + closed.radiated;
    for ((nodes, free), part) in state.nodes.iter_mut().zip(&free).zip(&factors.parts) {
        outwards(chunk, part, free, [temp_air, temp_star, radiated], nodes);
    }
    chunk.store(&mut state.temp_air, temp_air);
    Found { heating, cooling, temp_air, temp_operative: chunk.splat(0.5) * (temp_air + temp_star) }
}

/// The sweeps of all elements to their inner surfaces, and what these and windows give to air and mean radiant temperature.
#[inline(always)]
fn all_inwards<S: Simd>(
    chunk: Chunk<S>,
    factors: &Factors,
    nodes: &[[Row; N_NODES]; N_PARTS],
    around: &Around,
    room: &Room<S>,
    air: &mut Free<S>,
) -> [[Wide<S>; N_NODES]; N_PARTS] {
    let mut free = [[chunk.splat(0.0); N_NODES]; N_PARTS];
    for (part, free) in free.iter_mut().enumerate() {
        let absorbed = match part {
            WALL => Some(room.solar.walls),
            ROOF => Some(room.solar.roofs),
            _ => None,
        };
        *free = inwards(chunk, &factors.parts[part], &nodes[part], around, absorbed);
        let inner = &mut free[N_NODES - 1];
        let surface = &factors.parts[part].surface;
        *inner = *inner + chunk.load(&surface.solar) * room.solar.windows;
        air.add(chunk, surface, *inner);
    }
    let window = &factors.windows[around.set];
    let pane = chunk.load(&window.outdoor) * chunk.splat(around.temp_air)
        - chunk.load(&window.sky) * chunk.splat(around.sky_drop)
        + chunk.load(&window.surface.solar) * room.solar.windows;
    air.add(chunk, &window.surface, pane);
    free
}

/// The sweep from outside to inside: each node as far as what lies behind it is not yet known.
#[inline(always)]
fn inwards<S: Simd>(
    chunk: Chunk<S>,
    factors: &PartFactors,
    nodes: &[Row; N_NODES],
    around: &Around,
    absorbed: Option<Wide<S>>,
) -> [Wide<S>; N_NODES] {
    let mut node = chunk.load(&factors.keep[0]) * chunk.load(&nodes[0])
        + chunk.load(&factors.outdoor) * chunk.splat(around.temp_air)
        + chunk.load(&factors.ground) * chunk.splat(around.temp_ground)
        - chunk.load(&factors.sky) * chunk.splat(around.sky_drop);
    if let Some(absorbed) = absorbed {
        node = node + chunk.load(&factors.absorbed) * absorbed;
    }
    let mut free = [node; N_NODES];
    for index in 1..N_NODES {
        node =
            chunk.load(&factors.keep[index]) * chunk.load(&nodes[index]) + chunk.load(&factors.pass[index - 1]) * node;
        free[index] = node;
    }
    free
}

impl<S: Simd> Free<S> {
    /// Adds what an inner surface gives to both.
    #[inline(always)]
    fn add(&mut self, chunk: Chunk<S>, surface: &SurfaceFactors, temperature: Wide<S>) {
        self.to_air = self.to_air + chunk.load(&surface.to_air) * temperature;
        self.to_star = self.to_star + chunk.load(&surface.to_star) * temperature;
    }
}

/// The sweep from inside to outside, with air and mean radiant temperature and the heat that is radiated in the room.
#[inline(always)]
fn outwards<S: Simd>(
    chunk: Chunk<S>,
    factors: &PartFactors,
    free: &[Wide<S>; N_NODES],
    [temp_air, temp_star, radiated]: [Wide<S>; 3],
    nodes: &mut [Row; N_NODES],
) {
    let surface = &factors.surface;
    let mut node = free[N_NODES - 1]
        + chunk.load(&surface.from_air) * temp_air
        + chunk.load(&surface.from_star) * temp_star
        + chunk.load(&surface.radiated) * radiated;
    chunk.store(&mut nodes[N_NODES - 1], node);
    for index in (0..N_NODES - 1).rev() {
        node = free[index] + chunk.load(&factors.back[index]) * node;
        chunk.store(&mut nodes[index], node);
    }
}
