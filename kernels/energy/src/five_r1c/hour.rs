//! The hours of a block.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use super::network::{Network, Outdoor};
use super::{FiveR1CBlock, State};
use crate::climate::Climate;
use crate::gains::{SolarHeat, Sun};
use crate::hourly::Hourly;
use crate::profile::{Profile, ProfileHour};
use crate::services::Services;
use crate::wide::{Chunk, Wide};

/// How much surfaces count in operative temperature, ISO 13790 C.12.
const SURFACES_IN_OPERATIVE: f64 = 0.7;

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
        for (index, hour) in hours.enumerate() {
            let sun = Sun::of(climate, hour);
            let around = Around {
                temp_air: climate.temp_air[hour],
                temp_ground: climate.temp_ground[hour],
                sky_drop: climate.sky_drop[hour],
                users: profile.at(hour),
                set: if sun.is_some() { 0 } else { 1 },
            };
            for chunk in Chunk::all(simd) {
                let solar = block.solar.heat(chunk, sun.as_ref());
                let FiveR1CBlock { network, services, state, .. } = &mut *block;
                let found = step(chunk, network, services, state, &around, &solar);
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
    state: &mut State,
    around: &Around,
    solar: &SolarHeat<S>,
) -> Found<S> {
    let outdoors = chunk.splat(around.temp_air);
    let mass_before = chunk.load(&state.temp_mass);
    let exchange = services.exchange(chunk, &around.users, chunk.load(&state.temp_air), outdoors);
    let solved = Solved::new(chunk, network, around.set, exchange);

    let (convected, radiated) = services.internal(chunk, &around.users);
    let to_air = convected + chunk.load(&network.solar_air) * solar.windows;
    let radiated = radiated + chunk.load(&network.solar_radiated) * solar.windows;
    let outside_windows = outdoors - chunk.load(&network.window_sky) * chunk.splat(around.sky_drop);
    let kept = solved.storage - solved.half_losses;
    let to_mass = kept * mass_before + from_outdoors(chunk, &network.outdoor, around, solar);
    let to_surface = chunk.load(&network.windows[around.set]) * outside_windows + solved.air_exchange * outdoors;
    let heat = Heat { to_air, radiated };
    let free = solved.temperatures(heat, to_mass, to_surface, exchange * outdoors, mass_before);

    let zero = chunk.splat(0.0);
    let watt = |convective: Wide<S>| Heat { to_air: convective, radiated: chunk.splat(1.0) - convective };
    let per_heating = solved.temperatures(watt(chunk.load(&network.heating_convective)), zero, zero, zero, zero);
    let per_cooling = solved.temperatures(watt(chunk.load(&network.cooling_convective)), zero, zero, zero, zero);
    // Mean radiant temperature is what makes 0.3 air + 0.7 surfaces the mean of it and air.
    let radiant = chunk.load(&services.control_radiant_share) * chunk.splat(2.0 * SURFACES_IN_OPERATIVE);
    let (heating, cooling) = services.demand(chunk, &around.users).power(
        chunk,
        free.felt(radiant),
        per_heating.felt(radiant),
        per_cooling.felt(radiant),
    );
    let ends =
        |of: fn(&Temperatures<S>) -> Wide<S>| of(&free) + of(&per_heating) * heating - of(&per_cooling) * cooling;
    let temp_air = ends(|temperatures| temperatures.air);
    let temp_surface = ends(|temperatures| temperatures.surface);
    chunk.store(&mut state.temp_mass, ends(|temperatures| temperatures.mass));
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

/// Heat that arises indoors.
struct Heat<S: Simd> {
    to_air: Wide<S>,
    radiated: Wide<S>,
}

/// Mass at the end of the hour, surfaces and air in its mean.
struct Temperatures<S: Simd> {
    mass: Wide<S>,
    surface: Wide<S>,
    air: Wide<S>,
}

impl<S: Simd> Temperatures<S> {
    #[inline(always)]
    fn felt(&self, radiant: Wide<S>) -> Wide<S> {
        self.air + radiant * (self.surface - self.air)
    }
}

/// The network of an hour, solved for its temperatures.
struct Solved<S: Simd> {
    half: Wide<S>,
    storage: Wide<S>,
    /// (H₃ + H_em)/2.
    half_losses: Wide<S>,
    mass_to_surface: Wide<S>,
    surface_to_air: Wide<S>,
    /// H₁.
    air_exchange: Wide<S>,
    /// 1/(H_ve + H_is).
    per_air: Wide<S>,
    /// 1/(H_ms + H₂).
    per_surface: Wide<S>,
    /// 1/(C/Δt + (H₃ + H_em)/2).
    per_mass: Wide<S>,
    to_mass: Wide<S>,
    to_surface: Wide<S>,
}

impl<S: Simd> Solved<S> {
    /// H₁ = 1/(1/H_ve + 1/H_is), H₂ = H₁ + H_w, H₃ = 1/(1/H₂ + 1/H_ms), with one division for all three and none by H_ve,
    /// which may be 0: with a = H_ve + H_is, H₂ = n₂/a, H_ms + H₂ = n₃/a, C/Δt + (H₃ + H_em)/2 = n₄/n₃.
    #[inline(always)]
    fn new(chunk: Chunk<S>, network: &Network, set: usize, exchange: Wide<S>) -> Self {
        let half = chunk.splat(0.5);
        let (storage, mass_to_surface) = (chunk.load(&network.storage), chunk.load(&network.mass_to_surface));
        let surface_to_air = chunk.load(&network.surface_to_air);
        let half_outdoors = half * (chunk.load(&network.outdoor.air) + chunk.load(&network.outdoor.ground));
        let air = exchange + surface_to_air;
        let n2 = exchange * surface_to_air + chunk.load(&network.windows[set]) * air;
        let n3 = n2 + mass_to_surface * air;
        let half_inwards = half * n2 * mass_to_surface;
        let n4 = (storage + half_outdoors) * n3 + half_inwards;
        let (air_n3, n3_n4) = (air * n3, n3 * n4);
        let inverse = chunk.splat(1.0) / (air_n3 * n4);
        let per_air = n3_n4 * inverse;
        let per_n3 = air * n4 * inverse;
        Solved {
            half,
            storage,
            half_losses: half_outdoors + half_inwards * per_n3,
            mass_to_surface,
            surface_to_air,
            air_exchange: exchange * surface_to_air * per_air,
            per_air,
            per_surface: air * per_n3,
            per_mass: air_n3 * inverse * n3,
            to_mass: chunk.load(&network.to_mass),
            to_surface: chunk.load(&network.to_surface[set]),
        }
    }

    /// Temperatures for heat that arises indoors and what else arrives at mass, surfaces and air.
    #[inline(always)]
    fn temperatures(
        &self,
        heat: Heat<S>,
        to_mass: Wide<S>,
        to_surface: Wide<S>,
        to_air: Wide<S>,
        mass_before: Wide<S>,
    ) -> Temperatures<S> {
        let surface = to_surface + self.to_surface * heat.radiated + self.surface_to_air * self.per_air * heat.to_air;
        let by_surface = self.mass_to_surface * self.per_surface * surface;
        let mass = (to_mass + self.to_mass * heat.radiated + by_surface) * self.per_mass;
        let mean = self.half * (mass + mass_before);
        let surface = (self.mass_to_surface * mean + surface) * self.per_surface;
        let air = (self.surface_to_air * surface + to_air + heat.to_air) * self.per_air;
        Temperatures { mass, surface, air }
    }
}
