//! How heating and cooling close the balance of a room.

use pulp::Simd;

use super::factors::{Response, RoomFactors};
use crate::hourly::LANES;
use crate::profile::ProfileHour;
use crate::services::Services;
use crate::wide::{Chunk, Row, Wide};

/// What rooms do with heat while their exchange of air is that of the last hour, which it mostly is: hours then wait for
/// no division, and not for the air temperature that decides about the exchange either, as processors guess right.
#[derive(Debug, Clone, Default)]
pub(super) struct Closing {
    exchange: Row,
    /// 1/(base + H).
    inverse: Row,
    heating: Effect,
    cooling: Effect,
}

/// What a watt of heating or cooling does to air and mean radiant temperature (K/W), and what a kelvin at the thermostat
/// needs (W/K).
#[derive(Debug, Clone, Default)]
struct Effect {
    air: Row,
    star: Row,
    needed: Row,
}

/// Free heat to air and mean radiant temperature.
pub(super) struct Free<S: Simd> {
    pub(super) to_air: Wide<S>,
    pub(super) to_star: Wide<S>,
}

/// Heating, cooling and the temperatures that they lead to.
pub(super) struct Closed<S: Simd> {
    pub(super) heating: Wide<S>,
    pub(super) cooling: Wide<S>,
    pub(super) temp_air: Wide<S>,
    pub(super) temp_star: Wide<S>,
    /// Heat that both radiate.
    pub(super) radiated: Wide<S>,
}

impl Closing {
    /// Makes the next hour compute everything anew, as other coefficients hold.
    #[inline(always)]
    pub(super) fn forget(&mut self) {
        self.exchange = Row([f64::NAN; LANES]);
    }

    /// Finds the power that the thermostat asks for: what it reads is linear in it.
    #[inline(always)]
    pub(super) fn close<S: Simd>(
        &mut self,
        chunk: Chunk<S>,
        room: &RoomFactors,
        services: &Services,
        users: &ProfileHour,
        (free, exchange): (Free<S>, Wide<S>),
    ) -> Closed<S> {
        let radiant = chunk.load(&services.control_radiant_share);
        if chunk.differ(&self.exchange, exchange) {
            self.renew(chunk, room, radiant, exchange);
        }
        let ratio = chunk.load(&room.ratio);
        let free_air = (free.to_air + ratio * free.to_star) * chunk.load(&self.inverse);
        let free_star = chunk.load(&room.inverse_star) * free.to_star + ratio * free_air;
        let Closing { heating: heat, cooling: cool, .. } = self;
        let felt = free_air + radiant * (free_star - free_air);
        let needed = (chunk.load(&heat.needed), chunk.load(&cool.needed));
        let (heating, cooling) = services.demand(chunk, users).power(chunk, felt, needed);
        Closed {
            heating,
            cooling,
            temp_air: free_air + chunk.load(&heat.air) * heating - chunk.load(&cool.air) * cooling,
            temp_star: free_star + chunk.load(&heat.star) * heating - chunk.load(&cool.star) * cooling,
            radiated: chunk.load(&room.heating.radiated) * heating - chunk.load(&room.cooling.radiated) * cooling,
        }
    }

    #[inline(always)]
    fn renew<S: Simd>(&mut self, chunk: Chunk<S>, room: &RoomFactors, radiant: Wide<S>, exchange: Wide<S>) {
        let inverse = chunk.splat(1.0) / (chunk.load(&room.base) + exchange);
        let ratio = chunk.load(&room.ratio);
        chunk.store(&mut self.exchange, exchange);
        chunk.store(&mut self.inverse, inverse);
        self.heating.renew(chunk, &room.heating, inverse, ratio, radiant);
        self.cooling.renew(chunk, &room.cooling, inverse, ratio, radiant);
    }
}

impl Effect {
    #[inline(always)]
    fn renew<S: Simd>(
        &mut self,
        chunk: Chunk<S>,
        response: &Response,
        inverse: Wide<S>,
        ratio: Wide<S>,
        radiant: Wide<S>,
    ) {
        let air = chunk.load(&response.air) * inverse;
        let star = chunk.load(&response.star) + ratio * air;
        chunk.store(&mut self.air, air);
        chunk.store(&mut self.star, star);
        chunk.store(&mut self.needed, chunk.splat(1.0) / (air + radiant * (star - air)));
    }
}
