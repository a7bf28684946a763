//! Multi-node zones after ISO 52016-1:2017, 6.5: five nodes in each element, air, mean radiant temperature.
//!
//! Each hour is one step of the implicit Euler method. With κ the heat capacity of a node, h the conductances around it and
//! Δt an hour, an element obeys (per area)
//!
//! - outside: (κ₀/Δt + h_out + h₀) T₀ − h₀ T₁ = κ₀/Δt T₀' + h_out T_out − h_re F_sky ΔT_sky + α I
//! - between: (κᵢ/Δt + hᵢ₋₁ + hᵢ) Tᵢ − hᵢ₋₁ Tᵢ₋₁ − hᵢ Tᵢ₊₁ = κᵢ/Δt Tᵢ'
//! - inside: (κ₄/Δt + h₃ + h_ci + h_ri) T₄ − h₃ T₃ − h_ci T_air − h_ri T_mr = κ₄/Δt T₄' + s
//!
//! and the zone Σ A h_ri (T₄ − T_mr) = 0 and (C/Δt + H) T_air + Σ A h_ci (T_air − T₄) = C/Δt T_air' + H T_out + Φ. As
//! coefficients are constant in time, elements are eliminated from outside to inside once (Thomas algorithm) and an hour
//! sweeps right-hand sides only: inwards with the free part of the inner surfaces, then air and mean radiant temperature,
//! which differ from hour to hour by the exchange of air H alone, then heating or cooling by superposition, and outwards
//! again.

mod balance;
mod closing;
mod factors;
mod hour;
mod physics;
mod start;
#[cfg(test)]
mod tests;

use core::ops::Range;

use crate::balance::Balance;
use crate::climate::Climate;
use crate::gains::SolarBlock;
use crate::hourly::{Hourly, LANES};
use crate::profile::Profile;
use crate::services::Services;
use crate::wide::Row;
use crate::zone::{N_NODES, N_PARTS, Zone};

use closing::Closing;
use factors::Factors;
use physics::Physics;

/// How the convective coefficient of outer surfaces is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ExteriorConvection {
    /// As given with each element.
    #[default]
    Fixed,
    /// 4 + 4 v W/m²K of walls, roofs and windows, with v the wind speed in m/s (ISO 6946:2017, C.2); floors above air
    /// keep what was given.
    Wind,
}

/// Zones side by side, with what they are and how warm they are.
#[derive(Debug, Clone)]
pub struct MultiNodeBlock {
    physics: Physics,
    factors: Factors,
    solar: SolarBlock,
    services: Services,
    exterior: ExteriorConvection,
    state: State,
    closing: Closing,
    /// Whether the state is that of an hour before.
    started: bool,
}

/// Temperatures at the end of an hour (°C).
#[derive(Debug, Clone, Default)]
struct State {
    nodes: [[Row; N_NODES]; N_PARTS],
    temp_air: Row,
}

impl MultiNodeBlock {
    /// Takes up to [`LANES`] zones, each of which [`Zone::check`] has passed; lanes without one hold an empty room.
    ///
    /// # Panics
    ///
    /// If there are more zones than lanes.
    pub fn new(zones: &[&Zone], exterior: ExteriorConvection) -> Self {
        assert!(zones.len() <= LANES, "a block has {LANES} lanes, not {}", zones.len());
        let empty = Zone::empty_room();
        let zones: [&Zone; LANES] = core::array::from_fn(|lane| zones.get(lane).copied().unwrap_or(&empty));
        let physics = Physics::new(&zones);
        MultiNodeBlock {
            factors: Factors::new(&physics),
            solar: SolarBlock::new(&zones),
            services: Services::new(&zones),
            physics,
            exterior,
            state: State::default(),
            closing: Closing::default(),
            started: false,
        }
    }

    /// Computes some consecutive hours, which follow those of the last call, into `out`, which is resized to them.
    ///
    /// The first hour of the first call starts from the steady state of its own outdoor temperature; a month before the
    /// hours of interest makes them independent of that.
    ///
    /// # Panics
    ///
    /// If climate or profile are shorter than the hours, or the zones were made for other sun bins than the climate's.
    pub fn advance(&mut self, climate: &Climate, profile: &Profile, hours: Range<usize>, out: &mut Hourly) {
        out.resize(hours.len());
        if hours.is_empty() {
            return;
        }
        self.start(climate, profile, hours.start);
        pulp::Arch::new().dispatch(hour::Hours { block: self, climate, profile, hours, out });
    }

    /// As [`MultiNodeBlock::advance`], and tells where the heat went, an entry for each hour; several times slower.
    ///
    /// # Panics
    ///
    /// As `advance`.
    pub fn advance_with_balance(
        &mut self,
        climate: &Climate,
        profile: &Profile,
        hours: Range<usize>,
        out: &mut Hourly,
    ) -> Vec<[Balance; LANES]> {
        let mut balances = Vec::with_capacity(hours.len());
        let mut one = Hourly::default();
        out.resize(hours.len());
        self.start(climate, profile, hours.start);
        for (index, hour) in hours.enumerate() {
            let before = self.state.clone();
            self.advance(climate, profile, hour..hour + 1, &mut one);
            balances.push(balance::flows(self, &before, (climate, profile, hour), (&one, 0)));
            out.copy_hour(index, &one, 0);
        }
        balances
    }

    /// Gives the block a state if it has none.
    fn start(&mut self, climate: &Climate, profile: &Profile, hour: usize) {
        if !self.started {
            self.state = start::steady_state(&self.physics, &self.services, climate, profile, hour);
            self.started = true;
        }
    }
}
