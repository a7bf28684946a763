//! Five resistances and one capacity after ISO 13790:2008, annex C: a quick look at many variants.
//!
//! Three temperatures: air, surfaces (a mix of air and mean radiant temperature) and mass. The mass follows by the
//! Crank-Nicolson method,
//!
//! (C/Δt + (H₃ + H_em)/2) T_m = (C/Δt − (H₃ + H_em)/2) T_m' + Φ_m + H_em T_em + H₃/H₂ (Φ_st + H_w T_w + H₁ (T_out + Φ_ia/H_ve))
//!
//! with H_ms = 9.1 A_m, H_is = 3.45 A_t, H_em = 1/(1/H_op − 1/H_ms) and A_t the area of all inner surfaces, windows
//! included. Differences to the standard: outdoor temperatures of elements (T_em) and windows (T_w) are sol-air temperatures
//! of sun and sky at their outer films, instead of gains spread over mass and surfaces; the radiative share of internal gains
//! and the solar share of air stand where it has 0.5 and 0; heating and cooling radiate what they do not give to the air.

mod balance;
mod hour;
mod network;
mod solved;
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
use crate::zone::Zone;

use network::Network;
use solved::Solved;

/// Zones side by side, with what they are and how warm they are.
#[derive(Debug, Clone)]
pub struct FiveR1CBlock {
    network: Network,
    solar: SolarBlock,
    services: Services,
    state: State,
    solved: Solved,
    /// Whether the state is that of an hour before.
    started: bool,
}

/// Temperatures at the end of an hour (°C); that of air is the mean of the hour.
#[derive(Debug, Clone, Default)]
struct State {
    temp_mass: Row,
    temp_air: Row,
}

impl FiveR1CBlock {
    /// Takes up to [`LANES`] zones, each of which [`Zone::check`] has passed; lanes without one hold an empty room.
    ///
    /// # Panics
    ///
    /// If there are more zones than lanes.
    pub fn new(zones: &[&Zone]) -> Self {
        assert!(zones.len() <= LANES, "a block has {LANES} lanes, not {}", zones.len());
        let empty = Zone::empty_room();
        let zones: [&Zone; LANES] = core::array::from_fn(|lane| zones.get(lane).copied().unwrap_or(&empty));
        FiveR1CBlock {
            network: Network::new(&zones),
            solar: SolarBlock::new(&zones),
            services: Services::new(&zones),
            state: State::default(),
            solved: Solved::default(),
            started: false,
        }
    }

    /// Computes some consecutive hours, which follow those of the last call, into `out`, which is resized to them.
    ///
    /// The first hour of the first call starts from a mass between its indoor and outdoor temperature; a month before the
    /// hours of interest makes them independent of that. Operative temperature is 0.3 air + 0.7 surfaces (C.12).
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

    /// As [`FiveR1CBlock::advance`], and tells where the heat went, an entry for each hour; several times slower.
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
            balances.push(balance::flows(self, &before, (climate, profile, hour), &one));
            out.copy_hour(index, &one, 0);
        }
        balances
    }

    /// Gives the block a state if it has none: the mass lies between room and outdoors by the conductances on both sides.
    fn start(&mut self, climate: &Climate, profile: &Profile, hour: usize) {
        if self.started {
            return;
        }
        let users = profile.at(hour);
        for lane in 0..LANES {
            let (low, high) = self.services.limits(lane, &users);
            let outdoors = climate.temp_air[hour];
            let indoors = outdoors.min(high).max(low);
            let (inwards, outwards) = (self.network.mass_to_surface[lane], self.network.mass_outwards(lane));
            self.state.temp_air[lane] = indoors;
            self.state.temp_mass[lane] = (inwards * indoors + outwards * outdoors) / (inwards + outwards);
        }
        self.started = true;
    }
}
