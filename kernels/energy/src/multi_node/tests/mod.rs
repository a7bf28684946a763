mod bits;
mod control;
mod heat;

use super::*;
use crate::samples::{self, Random};
use crate::zone::{Boundary, Element, FLOOR, Facade, Film, INSIDE, Layer, ROOF, SolarShares, Supply, Surfaces, WALL};

const UNLIMITED: f64 = f64::INFINITY;
const SOUTH: [f64; 3] = [0.0, -1.0, 0.0];
const NORTH: [f64; 3] = [0.0, 1.0, 0.0];

/// Runs some zones through all of a climate.
fn run(zones: &[&Zone], climate: &Climate, profile: &Profile) -> Hourly {
    let mut out = Hourly::default();
    MultiNodeBlock::new(zones, ExteriorConvection::Fixed).advance(climate, profile, 0..climate.n_hours(), &mut out);
    out
}

/// Heating that keeps air at 20 °C with warm air alone.
fn heated(mut zone: Zone) -> Zone {
    zone.heating = Supply { setpoint: 20.0, setback: 20.0, max_power: UNLIMITED, convective_share: 1.0 };
    zone
}

/// A zone of one element, whose surface is then also all that its surface sees: heat passes by convection alone.
fn of_one_wall(wall: Element) -> Zone {
    let mut zone = samples::house();
    for part in [ROOF, FLOOR, INSIDE] {
        zone.parts[part].area = 0.0;
    }
    zone.parts[WALL] = wall;
    zone.window.area = 0.0;
    zone.solar = SolarShares { parts: [1.0, 0.0, 0.0, 0.0], window: 0.0, air: 0.0, lost: 0.0 };
    zone
}

/// Sun from the south at 30°, all day, with a bright sky.
fn sunny(n_hours: usize, temp_air: f64) -> Climate {
    Climate {
        sun_north: vec![-0.75_f64.sqrt(); n_hours],
        sun_up: vec![0.5; n_hours],
        beam: vec![800.0; n_hours],
        isotropic: vec![100.0; n_hours],
        ghi: vec![500.0; n_hours],
        ..samples::dark(n_hours, temp_air)
    }
}
