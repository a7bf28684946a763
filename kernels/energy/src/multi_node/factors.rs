//! Equations of a block, eliminated as far as they do not change from hour to hour.

use super::physics::{Pane, Part, Physics};
use crate::hourly::LANES;
use crate::wide::Row;
use crate::zone::{N_NODES, N_PARTS, ROOF, WALL};

/// Coefficient of ISO 6946:2017 C.2 in still air (W/m²K).
const STILL_AIR: f64 = 4.0;
/// What each m/s of wind adds to it (W/m²K).
const PER_WIND_SPEED: f64 = 4.0;

/// What is exposed to the wind, besides windows.
pub(super) const WINDY: [usize; 2] = [WALL, ROOF];

/// Coefficients of the sweeps and of air and mean radiant temperature; of lit hours first, then of dark ones, in which
/// shutters are closed.
#[derive(Debug, Clone)]
pub(super) struct Factors {
    pub(super) parts: [PartFactors; N_PARTS],
    pub(super) windows: [WindowFactors; 2],
    pub(super) rooms: [RoomFactors; 2],
}

/// Coefficients of an element: y_i = keep_i T_i' + pass_i y_{i-1}, then T_i = y_i + back_i T_{i+1}.
#[derive(Debug, Clone, Default)]
pub(super) struct PartFactors {
    pub(super) keep: [Row; N_NODES],
    /// To each node but the first from the one before.
    pub(super) pass: [Row; N_NODES - 1],
    /// To each node but the last from the one behind.
    pub(super) back: [Row; N_NODES - 1],
    /// What outdoor and ground temperature, sky and heat of the sun (W) do to the first node.
    pub(super) outdoor: Row,
    pub(super) ground: Row,
    pub(super) sky: Row,
    pub(super) absorbed: Row,
    pub(super) surface: SurfaceFactors,
}

/// Coefficients of windows; they have no node that stores.
#[derive(Debug, Clone, Default)]
pub(super) struct WindowFactors {
    pub(super) outdoor: Row,
    pub(super) sky: Row,
    pub(super) surface: SurfaceFactors,
}

/// What an inner surface has to do with the room.
#[derive(Debug, Clone, Default)]
pub(super) struct SurfaceFactors {
    /// What a watt of solar heat through windows and one that is radiated in the room do to it (K/W).
    pub(super) solar: Row,
    pub(super) radiated: Row,
    /// What air and mean radiant temperature do to it.
    pub(super) from_air: Row,
    pub(super) from_star: Row,
    /// What it gives to air and mean radiant temperature (W/K).
    pub(super) to_air: Row,
    pub(super) to_star: Row,
}

/// Air and mean radiant temperature, the latter eliminated: with a and s the free heat to both,
/// (base + H) T_air = a + ratio s and T_mr = inverse_star s + ratio T_air.
#[derive(Debug, Clone, Default)]
pub(super) struct RoomFactors {
    pub(super) base: Row,
    pub(super) ratio: Row,
    pub(super) inverse_star: Row,
    /// What a radiated watt gives to both by way of the surfaces.
    pub(super) radiated_to_air: Row,
    pub(super) radiated_to_star: Row,
    pub(super) heating: Response,
    pub(super) cooling: Response,
}

/// What a watt of heating or cooling does.
#[derive(Debug, Clone, Default)]
pub(super) struct Response {
    /// To (base + H) T_air.
    pub(super) air: Row,
    /// To the mean radiant temperature besides what the air's does to it (K/W).
    pub(super) star: Row,
    /// Share that is radiated.
    pub(super) radiated: Row,
}

impl Factors {
    /// Coefficients for the outer films as given.
    pub(super) fn new(physics: &Physics) -> Self {
        let parts = core::array::from_fn(|part| PartFactors::new(&physics.parts[part], physics, None));
        let mut factors = Factors { parts, windows: Default::default(), rooms: Default::default() };
        for set in 0..2 {
            factors.renew_room(physics, set, None);
        }
        factors
    }

    /// Changes coefficients, of windows and rooms one set alone, to those of a wind speed (m/s).
    #[inline(always)]
    pub(super) fn renew(&mut self, physics: &Physics, wind_speed: f64, set: usize) {
        let wind = Some(wind_convective(wind_speed));
        for part in WINDY {
            self.parts[part] = PartFactors::new(&physics.parts[part], physics, wind);
        }
        self.renew_room(physics, set, wind);
    }

    #[inline(always)]
    fn renew_room(&mut self, physics: &Physics, set: usize, wind: Option<f64>) {
        self.windows[set] = WindowFactors::new(&physics.window, set, physics, wind);
        self.rooms[set] = RoomFactors::new(physics, &self.parts, &self.windows[set]);
    }
}

impl PartFactors {
    #[inline(always)]
    fn new(part: &Part, physics: &Physics, wind: Option<f64>) -> Self {
        let mut factors = PartFactors::default();
        // What the nodes before leave of the conductance to them, as their temperatures follow.
        let mut towards = Row::default();
        for lane in 0..LANES {
            let convective = outer_convective(part.outer_convective[lane], part.windy[lane], wind);
            towards[lane] = convective + part.outer_radiative[lane] + part.ground[lane];
        }
        let outer = towards;
        let mut pivots = Row::default();
        for node in 0..N_NODES {
            for lane in 0..LANES {
                let behind = match part.conductances.get(node) {
                    Some(conductances) => conductances[lane],
                    None => part.inner_convective[lane] + part.inner_radiative[lane],
                };
                let inverse = 1.0 / (part.storage[node][lane] + towards[lane] + behind);
                factors.keep[node][lane] = part.storage[node][lane] * inverse;
                if node > 0 {
                    factors.pass[node - 1][lane] = part.conductances[node - 1][lane] * inverse;
                }
                if node + 1 < N_NODES {
                    factors.back[node][lane] = behind * inverse;
                }
                // h − h²/pivot, without the difference.
                towards[lane] = behind * ((part.storage[node][lane] + towards[lane]) * inverse);
                pivots[lane] = inverse;
            }
            if node == 0 {
                factors.set_outside(part, &outer, &pivots);
            }
        }
        let films = [&part.inner_convective, &part.inner_radiative];
        factors.surface.set([&part.area, &pivots, &part.solar_share, &physics.inner_area], films);
        factors
    }

    #[inline(always)]
    fn set_outside(&mut self, part: &Part, outer: &Row, inverse_pivots: &Row) {
        for lane in 0..LANES {
            let inverse = inverse_pivots[lane];
            self.outdoor[lane] = (outer[lane] - part.ground[lane]) * inverse;
            self.ground[lane] = part.ground[lane] * inverse;
            self.sky[lane] = part.outer_radiative[lane] * part.sky_view[lane] * inverse;
            self.absorbed[lane] = per_area(inverse, part.area[lane]);
        }
    }
}

impl WindowFactors {
    #[inline(always)]
    fn new(pane: &Pane, set: usize, physics: &Physics, wind: Option<f64>) -> Self {
        let mut factors = WindowFactors::default();
        let (mut pivots, mut solar_share) = (Row::default(), Row::default());
        for lane in 0..LANES {
            let convective = outer_convective(pane.outer_convective[lane], 1.0, wind);
            let outdoor = convective + pane.outer_radiative[lane];
            let through = pane.conductances[set][lane] * outdoor / (pane.conductances[set][lane] + outdoor);
            let inverse = 1.0 / (through + pane.inner_convective[lane] + pane.inner_radiative[lane]);
            factors.outdoor[lane] = through * inverse;
            factors.sky[lane] = through * inverse * (pane.outer_radiative[lane] * pane.sky_view[lane] / outdoor);
            solar_share[lane] = pane.solar_share[lane] + pane.absorbed_share[lane] * pane.given_off(lane, through);
            pivots[lane] = inverse;
        }
        let films = [&pane.inner_convective, &pane.inner_radiative];
        factors.surface.set([&pane.area, &pivots, &solar_share, &physics.inner_area], films);
        factors
    }
}

impl Pane {
    /// What the inner pane must take up for a watt of its heat to come in: it gives off to both sides, and heat gain
    /// coefficients count the inner one alone.
    #[inline(always)]
    pub(super) fn given_off(&self, lane: usize, through: f64) -> f64 {
        1.0 + through / (self.inner_convective[lane] + self.inner_radiative[lane])
    }
}

impl SurfaceFactors {
    #[inline(always)]
    fn set(&mut self, [area, inverse_pivots, solar_share, inner_area]: [&Row; 4], [to_air, to_star]: [&Row; 2]) {
        for lane in 0..LANES {
            let inverse = inverse_pivots[lane];
            self.solar[lane] = per_area(solar_share[lane] * inverse, area[lane]);
            self.radiated[lane] = inverse / inner_area[lane];
            self.from_air[lane] = to_air[lane] * inverse;
            self.from_star[lane] = to_star[lane] * inverse;
            self.to_air[lane] = area[lane] * to_air[lane];
            self.to_star[lane] = area[lane] * to_star[lane];
        }
    }
}

impl RoomFactors {
    #[inline(always)]
    fn new(physics: &Physics, parts: &[PartFactors; N_PARTS], window: &WindowFactors) -> Self {
        let mut room = RoomFactors::default();
        for lane in 0..LANES {
            let [mut air, mut both, mut star] = [physics.air_storage[lane], 0.0, 0.0];
            let [mut radiated_to_air, mut radiated_to_star] = [0.0; 2];
            let surfaces = parts.iter().map(|part| &part.surface).chain([&window.surface]);
            for surface in surfaces {
                air += surface.to_air[lane] * (1.0 - surface.from_air[lane]);
                both += surface.to_air[lane] * surface.from_star[lane];
                star += surface.to_star[lane] * (1.0 - surface.from_star[lane]);
                radiated_to_air += surface.to_air[lane] * surface.radiated[lane];
                radiated_to_star += surface.to_star[lane] * surface.radiated[lane];
            }
            let ratio = both / star;
            room.base[lane] = air - both * ratio;
            room.ratio[lane] = ratio;
            room.inverse_star[lane] = 1.0 / star;
            room.radiated_to_air[lane] = radiated_to_air;
            room.radiated_to_star[lane] = radiated_to_star;
            let of = |response: &mut Response, convective: f64| {
                let radiated = 1.0 - convective;
                response.air[lane] = convective + radiated * (radiated_to_air + ratio * radiated_to_star);
                response.star[lane] = radiated * radiated_to_star / star;
                response.radiated[lane] = radiated;
            };
            of(&mut room.heating, physics.heating_convective[lane]);
            of(&mut room.cooling, physics.cooling_convective[lane]);
        }
        room
    }
}

/// Convective coefficient of a surface in the wind (W/m²K), by wind speed (m/s).
#[inline(always)]
pub(super) fn wind_convective(speed: f64) -> f64 {
    STILL_AIR + PER_WIND_SPEED * speed
}

#[inline(always)]
pub(super) fn outer_convective(given: f64, windy: f64, wind: Option<f64>) -> f64 {
    match wind {
        Some(wind) => given + windy * (wind - given),
        None => given,
    }
}

/// A value per area; 0 where there is none.
#[inline(always)]
fn per_area(value: f64, area: f64) -> f64 {
    if area > 0.0 { value / area } else { 0.0 }
}
