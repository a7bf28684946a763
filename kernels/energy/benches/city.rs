//! A made block of houses, the weather around them and their people.

use conurb_energy::climate::{Climate, NO_BIN};
use conurb_energy::hourly::LANES;
use conurb_energy::profile::Profile;
use conurb_energy::zone::{
    Blinds, Boundary, Element, Facade, Film, Gains, Glazing, MassClass, SolarShares, Supply, Surfaces, Ventilation,
    Window, Zone,
};

/// Hours of the weather.
pub const HOURS: usize = 8760;
/// Sun bins of the weather.
pub const BINS: usize = 400;
/// Facades of a house, its roof among them.
const FACADES: usize = 6;

/// A repeatable stream of numbers from 0 to 1.
struct Random(u64);

impl Random {
    fn within(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * ((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

/// A block of houses with five walls that face different ways and a roof.
pub fn zones(shares: Option<usize>) -> Vec<Zone> {
    let mut random = Random(7);
    (0..LANES).map(|_| zone(&mut random, shares)).collect()
}

fn zone(random: &mut Random, shares: Option<usize>) -> Zone {
    let element = |random: &mut Random, area: f64, inner: Film, boundary: Boundary| {
        let outer = if boundary == Boundary::Ground { Film { convective: 4.0, radiative: 0.0 } } else { Film::OUTER };
        let surfaces = Surfaces { inner, outer, boundary, sky_view: 0.5 };
        let (u_value, capacity) = (random.within(0.2, 2.5), random.within(50e3, 300e3));
        Element::from_u_value(area, u_value, capacity, MassClass::Distributed, surfaces).expect("values in range")
    };
    let floor_area = random.within(60.0, 300.0);
    let facade = |random: &mut Random, index: usize| {
        let azimuth = index as f64 * 72_f64.to_radians() + random.within(0.0, 1.0);
        let normal = if index == FACADES - 1 { [0.0, 0.0, 1.0] } else { [libm::sin(azimuth), libm::cos(azimuth), 0.0] };
        Facade {
            normal,
            absorbing_area: random.within(10.0, 30.0),
            glass_area: if index == FACADES - 1 { 0.0 } else { random.within(1.0, 6.0) },
            sky_share: random.within(0.4, 1.0),
            horizon_share: random.within(0.0, 1.0),
            reflected: random.within(0.05, 0.2),
            sun_shares: shares.map(|bins| (0..bins).map(|_| random.within(0.0, 255.99) as u8).collect()),
        }
    };
    Zone {
        floor_area,
        air_capacity: 1e4 * floor_area,
        parts: [
            element(random, 150.0, Film::INNER_WALL, Boundary::Air),
            element(random, 80.0, Film::INNER_UPWARD, Boundary::Air),
            element(random, 80.0, Film::INNER_DOWNWARD, Boundary::Ground),
            element(random, 2.0 * floor_area, Film::INNER_WALL, Boundary::Adiabatic),
        ],
        window: Window {
            area: 40.0,
            conductance: 3.0,
            shutter_resistance: 0.1,
            inner: Film::INNER_WALL,
            outer: Film::OUTER,
            sky_view: 0.5,
            glazing: Glazing::from_g_value(0.7).expect("a share"),
        },
        walls: (0..FACADES - 1).map(|index| facade(random, index)).collect(),
        roofs: vec![facade(random, FACADES - 1)],
        gains: Gains { occupants: 2.0 * floor_area, appliances: 3.0 * floor_area, radiative_share: 0.5 },
        solar: SolarShares { parts: [0.2, 0.15, 0.4, 0.15], window: 0.02, air: 0.05, lost: 0.03 },
        air: Ventilation {
            infiltration: 0.1 * floor_area,
            ventilation: 0.4 * floor_area,
            recovery: 0.5,
            night: 1.0 * floor_area,
            night_above: 24.0,
            night_difference: 2.0,
        },
        blinds: Blinds { above: 300.0, factor: 0.4 },
        heating: Supply { setpoint: 20.0, setback: 16.0, max_power: 60.0 * floor_area, convective_share: 0.6 },
        cooling: Supply { setpoint: 26.0, setback: 30.0, max_power: 40.0 * floor_area, convective_share: 1.0 },
        control_radiant_share: 0.5,
        effective_capacity: 165e3 * floor_area,
        effective_mass_area: 2.5 * floor_area,
    }
}

/// A year of a temperate place: the sun of each day rises and sets, days differ by their clouds.
pub fn climate() -> Climate {
    let mut random = Random(11);
    let mut climate = Climate { n_sun_bins: BINS, ..Climate::default() };
    let mut clouds = 0.0;
    for hour in 0..HOURS {
        if hour % 24 == 0 {
            clouds = random.within(0.0, 1.0);
        }
        let season = -libm::cos(hour as f64 / HOURS as f64 * core::f64::consts::TAU);
        let turn = (hour as f64 % 24.0 - 11.5) / 24.0 * core::f64::consts::TAU;
        let up = 0.25 * season + 0.6 * libm::cos(turn);
        let lit = up > 0.0;
        let level = (1.0 - up * up).sqrt();
        let beam = if lit { 900.0 * (1.0 - clouds) * up.sqrt() } else { 0.0 };
        let isotropic = if lit { 300.0 * up } else { 0.0 };
        climate.temp_air.push(10.0 + 9.0 * season + 5.0 * libm::cos(turn - 0.7) + random.within(-1.0, 1.0));
        climate.sky_drop.push(11.0);
        climate.temp_ground.push(10.0 + 3.0 * season);
        climate.wind_speed.push(random.within(0.0, 8.0));
        climate.sun_east.push(-level * libm::sin(turn));
        climate.sun_north.push(-level * libm::cos(turn));
        climate.sun_up.push(up);
        climate.beam.push(beam);
        climate.isotropic.push(isotropic);
        climate.horizon.push(if lit { 20.0 * (1.0 - clouds) - 5.0 } else { 0.0 });
        climate.ghi.push(if lit { beam * up + isotropic } else { 0.0 });
        climate.sun_bin.push(if lit { (hour * 7 % BINS) as u32 } else { NO_BIN });
    }
    climate
}

/// People who are away by day and sleep at night.
pub fn profile() -> Profile {
    let by_hour = |value: fn(usize) -> f64| (0..HOURS).map(|hour| value(hour % 24)).collect::<Vec<f64>>();
    Profile {
        occupants: by_hour(|hour| if (9..17).contains(&hour) { 0.2 } else { 1.0 }),
        appliances: by_hour(|hour| if (7..22).contains(&hour) { 1.0 } else { 0.3 }),
        ventilation: by_hour(|_| 1.0),
        heating: by_hour(|hour| if (7..23).contains(&hour) { 1.0 } else { 0.0 }),
        heating_available: by_hour(|_| 1.0),
        cooling: by_hour(|_| 1.0),
        cooling_available: by_hour(|_| 1.0),
        night_ventilation: by_hour(|hour| if (8..20).contains(&hour) { 0.0 } else { 1.0 }),
        hot_water: by_hour(|_| 1.0 / 24.0),
    }
}
