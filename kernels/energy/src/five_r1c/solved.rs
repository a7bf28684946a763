//! The network, solved for its temperatures.

use pulp::Simd;

use super::hour::SURFACES_IN_OPERATIVE;
use super::network::Network;
use crate::hourly::LANES;
use crate::services::Services;
use crate::wide::{Chunk, Row, Wide};

/// The network for an exchange of air, kept until that changes: hours then wait for no division, and not for the air
/// temperature that decides about the exchange either, as processors guess right.
#[derive(Debug, Clone, Default)]
pub(super) struct Solved {
    pub(super) exchange: Row,
    /// C/Δt − (H₃ + H_em)/2 (W/K).
    kept: Row,
    /// H_is/(H_ve + H_is), of heat to the air that surfaces feel.
    air_to_surface: Row,
    /// H_ms/(H_ms + H₂), of heat to surfaces that the mass feels.
    surface_to_mass: Row,
    /// 1/(H_ve + H_is), 1/(H_ms + H₂), 1/(C/Δt + (H₃ + H_em)/2) (K/W).
    per_air: Row,
    per_surface: Row,
    per_mass: Row,
    pub(super) heating: Effect,
    pub(super) cooling: Effect,
}

/// What a watt of heating or cooling does (K/W), and what a kelvin at the thermostat needs (W/K).
#[derive(Debug, Clone, Default)]
pub(super) struct Effect {
    pub(super) mass: Row,
    pub(super) surface: Row,
    pub(super) air: Row,
    pub(super) needed: Row,
}

/// Heat of an hour (W): to air, radiated indoors, and to mass and surfaces from outdoors.
pub(super) struct Heat<S: Simd> {
    pub(super) to_air: Wide<S>,
    pub(super) radiated: Wide<S>,
    pub(super) to_mass: Wide<S>,
    pub(super) to_surface: Wide<S>,
}

/// Mass at the end of the hour, surfaces and air in its mean.
pub(super) struct Temperatures<S: Simd> {
    pub(super) mass: Wide<S>,
    pub(super) surface: Wide<S>,
    pub(super) air: Wide<S>,
}

impl Solved {
    /// Makes the next hour compute everything anew, as other coefficients hold.
    #[inline(always)]
    pub(super) fn forget(&mut self) {
        self.exchange = Row([f64::NAN; LANES]);
    }

    /// H₁ = 1/(1/H_ve + 1/H_is), H₂ = H₁ + H_w, H₃ = 1/(1/H₂ + 1/H_ms), without a division by H_ve, which may be 0.
    #[inline(always)]
    pub(super) fn renew<S: Simd>(
        &mut self,
        chunk: Chunk<S>,
        network: &Network,
        services: &Services,
        set: usize,
        exchange: Wide<S>,
    ) {
        let (one, half) = (chunk.splat(1.0), chunk.splat(0.5));
        let (mass_to_surface, surface_to_air) =
            (chunk.load(&network.mass_to_surface), chunk.load(&network.surface_to_air));
        let per_air = one / (exchange + surface_to_air);
        let h2 = exchange * surface_to_air * per_air + chunk.load(&network.windows[set]);
        let per_surface = one / (mass_to_surface + h2);
        let surface_to_mass = mass_to_surface * per_surface;
        let outdoors = chunk.load(&network.outdoor.air) + chunk.load(&network.outdoor.ground);
        let half_losses = half * (h2 * surface_to_mass + outdoors);
        let storage = chunk.load(&network.storage);
        chunk.store(&mut self.exchange, exchange);
        chunk.store(&mut self.kept, storage - half_losses);
        chunk.store(&mut self.air_to_surface, surface_to_air * per_air);
        chunk.store(&mut self.surface_to_mass, surface_to_mass);
        chunk.store(&mut self.per_air, per_air);
        chunk.store(&mut self.per_surface, per_surface);
        chunk.store(&mut self.per_mass, one / (storage + half_losses));
        let radiant = self.radiant(chunk, services);
        let heating = self.of_a_watt(chunk, network, set, &network.heating_convective);
        self.heating.set(chunk, heating, radiant);
        let cooling = self.of_a_watt(chunk, network, set, &network.cooling_convective);
        self.cooling.set(chunk, cooling, radiant);
    }

    /// How much thermostats feel surfaces: mean radiant temperature is what makes 0.3 air + 0.7 surfaces the mean of it and
    /// air.
    #[inline(always)]
    pub(super) fn radiant<S: Simd>(&self, chunk: Chunk<S>, services: &Services) -> Wide<S> {
        chunk.load(&services.control_radiant_share) * chunk.splat(2.0 * SURFACES_IN_OPERATIVE)
    }

    /// Temperatures of an hour, ISO 13790 C.4 to C.11.
    #[inline(always)]
    pub(super) fn temperatures<S: Simd>(
        &self,
        chunk: Chunk<S>,
        network: &Network,
        set: usize,
        heat: Heat<S>,
        mass_before: Wide<S>,
    ) -> Temperatures<S> {
        let surface = heat.to_surface
            + chunk.load(&network.to_surface[set]) * heat.radiated
            + chunk.load(&self.air_to_surface) * heat.to_air;
        let to_mass =
            heat.to_mass + chunk.load(&network.to_mass) * heat.radiated + chunk.load(&self.surface_to_mass) * surface;
        let mass = (to_mass + chunk.load(&self.kept) * mass_before) * chunk.load(&self.per_mass);
        let mean = chunk.splat(0.5) * (mass + mass_before);
        let surface = (chunk.load(&network.mass_to_surface) * mean + surface) * chunk.load(&self.per_surface);
        let air = chunk.load(&self.air_to_surface) * surface + heat.to_air * chunk.load(&self.per_air);
        Temperatures { mass, surface, air }
    }

    #[inline(always)]
    fn of_a_watt<S: Simd>(
        &self,
        chunk: Chunk<S>,
        network: &Network,
        set: usize,
        convective_share: &Row,
    ) -> Temperatures<S> {
        let (zero, to_air) = (chunk.splat(0.0), chunk.load(convective_share));
        let heat = Heat { to_air, radiated: chunk.splat(1.0) - to_air, to_mass: zero, to_surface: zero };
        self.temperatures(chunk, network, set, heat, zero)
    }
}

impl Effect {
    #[inline(always)]
    fn set<S: Simd>(&mut self, chunk: Chunk<S>, of_a_watt: Temperatures<S>, radiant: Wide<S>) {
        let Temperatures { mass, surface, air } = of_a_watt;
        chunk.store(&mut self.mass, mass);
        chunk.store(&mut self.surface, surface);
        chunk.store(&mut self.air, air);
        chunk.store(&mut self.needed, chunk.splat(1.0) / (air + radiant * (surface - air)));
    }
}
