//! Made zones, climates and profiles for tests.

use crate::climate::{Climate, NO_BIN};
use crate::hourly::Hourly;
use crate::profile::Profile;
use crate::zone::{
    Blinds, Boundary, Element, Facade, Film, Gains, Glazing, Layer, SolarShares, Supply, Surfaces, Ventilation, Window,
    Zone,
};

/// Sun bins of [`climate`].
pub(crate) const BINS: usize = 5;

/// A repeatable stream of numbers.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn within(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * ((self.0 >> 11) as f64 / (1_u64 << 53) as f64)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.within(0.0, n as f64) as usize).min(n - 1)
    }
}

/// Constant weather without sun.
pub(crate) fn dark(n_hours: usize, temp_air: f64) -> Climate {
    let constant = |value: f64| vec![value; n_hours];
    Climate {
        temp_air: constant(temp_air),
        sky_drop: constant(0.0),
        temp_ground: constant(temp_air),
        wind_speed: constant(0.0),
        sun_east: constant(0.0),
        sun_north: constant(0.0),
        sun_up: constant(-1.0),
        beam: constant(0.0),
        isotropic: constant(0.0),
        horizon: constant(0.0),
        ghi: constant(0.0),
        sun_bin: vec![NO_BIN; n_hours],
        n_sun_bins: 0,
    }
}

/// Any weather, with days and nights.
pub(crate) fn climate(n_hours: usize, random: &mut Random) -> Climate {
    let mut climate = dark(n_hours, 0.0);
    climate.n_sun_bins = BINS;
    for hour in 0..n_hours {
        climate.temp_air[hour] = random.within(-10.0, 35.0);
        climate.temp_ground[hour] = random.within(5.0, 15.0);
        climate.sky_drop[hour] = random.within(0.0, 20.0);
        climate.wind_speed[hour] = random.within(0.0, 10.0);
        if (6..18).contains(&(hour % 24)) {
            let azimuth = random.within(0.0, core::f64::consts::TAU);
            let up = random.within(0.05, 0.95);
            let level = (1.0 - up * up).sqrt();
            climate.sun_east[hour] = level * libm::sin(azimuth);
            climate.sun_north[hour] = level * libm::cos(azimuth);
            climate.sun_up[hour] = up;
            climate.beam[hour] = random.within(0.0, 900.0);
            climate.isotropic[hour] = random.within(0.0, 300.0);
            climate.horizon[hour] = random.within(-40.0, 40.0);
            climate.ghi[hour] = climate.beam[hour] * up + climate.isotropic[hour];
            climate.sun_bin[hour] = random.below(BINS) as u32;
        }
    }
    climate
}

/// All there all the time.
pub(crate) fn always(n_hours: usize) -> Profile {
    let one = || vec![1.0; n_hours];
    Profile {
        occupants: one(),
        appliances: one(),
        ventilation: one(),
        heating: one(),
        heating_available: one(),
        cooling: one(),
        cooling_available: one(),
        night_ventilation: one(),
        hot_water: one(),
    }
}

/// Any users; for every other seed they exchange the same air all the time.
pub(crate) fn profile(n_hours: usize, random: &mut Random) -> Profile {
    let steady = random.below(2) == 0;
    let mut any = || (0..n_hours).map(|_| random.within(0.0, 1.0)).collect::<Vec<f64>>();
    let (ventilation, night_ventilation) =
        if steady { (vec![0.5; n_hours], vec![1.0; n_hours]) } else { (any(), any()) };
    Profile {
        occupants: any(),
        appliances: any(),
        ventilation,
        heating: any(),
        heating_available: any(),
        cooling: any(),
        cooling_available: any(),
        night_ventilation,
        hot_water: any(),
    }
}

/// Results of a lane as bits, so that NaN and −0 count.
pub(crate) fn bits(out: &Hourly, lane: usize) -> Vec<u64> {
    [&out.heating, &out.cooling, &out.temp_air, &out.temp_operative, &out.solar_gains]
        .into_iter()
        .flatten()
        .map(|lanes| lanes[lane].to_bits())
        .collect()
}

/// A house of 100 m² with known values, without sun, gains or power: walls of 30 cm masonry, an insulated roof, a floor on
/// the ground, inner walls, and 20 m² of windows.
pub(crate) fn house() -> Zone {
    let brick = Layer { thickness: 0.3, conductivity: 0.6, density: 1600.0, specific_heat: 1000.0 };
    let concrete = Layer { thickness: 0.15, conductivity: 1.5, density: 2300.0, specific_heat: 1000.0 };
    let board = Layer { thickness: 0.0125, conductivity: 0.25, density: 900.0, specific_heat: 1000.0 };
    let wool = Layer { thickness: 0.1, conductivity: 0.04, density: 30.0, specific_heat: 1000.0 };
    let ground = Film { convective: 4.0, radiative: 0.0 };
    let part = |area: f64, layers: &[Layer], inner: Film, outer: Film, boundary: Boundary| {
        let surfaces = Surfaces { inner, outer, boundary, sky_view: 0.5 };
        Element::from_layers(area, layers, surfaces).expect("layers of real buildings")
    };
    let off = Supply { setpoint: 20.0, setback: 16.0, max_power: 0.0, convective_share: 1.0 };
    Zone {
        floor_area: 100.0,
        air_capacity: 1e6,
        parts: [
            part(120.0, &[brick], Film::INNER_WALL, Film::OUTER, Boundary::Air),
            part(70.0, &[wool, board], Film::INNER_UPWARD, Film::OUTER, Boundary::Air),
            part(60.0, &[wool, concrete], Film::INNER_DOWNWARD, ground, Boundary::Ground),
            part(150.0, &[brick], Film::INNER_WALL, Film::OUTER, Boundary::Adiabatic),
        ],
        window: Window {
            area: 20.0,
            conductance: Window::conductance_from_u_value(2.8, Film::INNER_WALL, Film::OUTER).expect("a U-value"),
            shutter_resistance: 0.0,
            inner: Film::INNER_WALL,
            outer: Film::OUTER,
            sky_view: 0.5,
            glazing: Glazing::from_g_value(0.7).expect("a share"),
        },
        walls: Vec::new(),
        roofs: Vec::new(),
        gains: Gains { occupants: 0.0, appliances: 0.0, radiative_share: 0.5 },
        solar: SolarShares { parts: [0.2, 0.15, 0.4, 0.15], window: 0.02, air: 0.05, lost: 0.03 },
        air: Ventilation {
            infiltration: 0.0,
            ventilation: 0.0,
            recovery: 0.0,
            night: 0.0,
            night_above: -1e6,
            night_difference: -1e6,
        },
        blinds: Blinds { above: f64::INFINITY, factor: 1.0 },
        heating: off,
        cooling: Supply { setpoint: 26.0, setback: 30.0, ..off },
        control_radiant_share: 0.0,
        effective_capacity: 165e5,
        effective_mass_area: 250.0,
    }
}

/// A facade before an open sky.
pub(crate) fn open_facade(normal: [f64; 3], absorbing_area: f64, glass_area: f64) -> Facade {
    Facade {
        normal,
        absorbing_area,
        glass_area,
        sky_share: 1.0,
        horizon_share: 1.0,
        reflected: 0.2 * 0.5 * (1.0 - normal[2]),
        sun_shares: None,
    }
}

/// Any zone that passes the check: parts may be missing, facades are few or many, shadows and blinds there or not.
pub(crate) fn zone(random: &mut Random) -> Zone {
    let mut zone = house();
    for part in 0..4 {
        let there = part == 0 || random.below(5) > 0;
        zone.parts[part] = element(random, there);
    }
    zone.parts[0].boundary = Boundary::Air;
    zone.air_capacity = random.within(0.0, 5e6);
    zone.window.area = random.within(0.0, 40.0) * random.below(2) as f64;
    zone.window.conductance = random.within(0.5, 100.0);
    zone.window.shutter_resistance = random.within(0.0, 0.3);
    zone.window.sky_view = random.within(0.0, 1.0);
    zone.walls = (0..random.below(6)).map(|_| facade(random, zone.window.area)).collect();
    if zone.parts[1].area > 0.0 && zone.parts[1].boundary == Boundary::Air {
        zone.roofs = (0..random.below(4)).map(|_| facade(random, zone.window.area)).collect();
    }
    let gains = [random.within(0.0, 1000.0), random.within(0.0, 1000.0), random.within(0.0, 1.0)];
    zone.gains = Gains { occupants: gains[0], appliances: gains[1], radiative_share: gains[2] };
    zone.solar = solar_shares(random, &zone);
    zone.air = Ventilation {
        infiltration: random.within(0.0, 50.0),
        ventilation: random.within(0.0, 100.0),
        recovery: random.within(0.0, 1.0),
        night: random.within(0.0, 300.0),
        night_above: random.within(15.0, 28.0),
        night_difference: random.within(-5.0, 5.0),
    };
    zone.blinds = Blinds { above: random.within(50.0, 600.0), factor: random.within(0.0, 1.0) };
    zone.heating = supply(random, 15.0, 22.0);
    zone.cooling = supply(random, 22.0, 30.0);
    zone.control_radiant_share = random.within(0.0, 1.0);
    zone.effective_capacity = random.within(1e6, 5e7);
    zone.effective_mass_area = random.within(50.0, 400.0);
    zone
}

fn element(random: &mut Random, there: bool) -> Element {
    let boundary = [Boundary::Air, Boundary::Ground, Boundary::Adiabatic][random.below(3)];
    Element {
        area: if there { random.within(1.0, 300.0) } else { 0.0 },
        conductances: core::array::from_fn(|_| random.within(0.2, 100.0)),
        capacities: core::array::from_fn(|_| random.within(0.0, 1e5) * random.below(2) as f64),
        inner: Film { convective: random.within(0.5, 5.0), radiative: random.within(4.0, 6.0) },
        outer: Film { convective: random.within(1.0, 30.0), radiative: random.within(0.0, 6.0) },
        boundary,
        sky_view: random.within(0.0, 1.0),
    }
}

fn facade(random: &mut Random, window_area: f64) -> Facade {
    let azimuth = random.within(0.0, core::f64::consts::TAU);
    let up = random.within(-0.5, 1.0);
    let level = (1.0 - up * up).max(0.0).sqrt();
    Facade {
        normal: [level * libm::sin(azimuth), level * libm::cos(azimuth), up],
        absorbing_area: random.within(0.0, 50.0),
        glass_area: random.within(0.0, 0.1) * window_area,
        sky_share: random.within(0.0, 1.0),
        horizon_share: random.within(0.0, 1.0),
        reflected: random.within(0.0, 0.3),
        sun_shares: (random.below(2) == 0).then(|| (0..BINS).map(|_| random.below(256) as u8).collect()),
    }
}

fn solar_shares(random: &mut Random, zone: &Zone) -> SolarShares {
    let mut parts = zone.parts.map(|part| if part.area > 0.0 { random.within(0.01, 1.0) } else { 0.0 });
    let mut window = if zone.window.area > 0.0 { random.within(0.0, 0.1) } else { 0.0 };
    let (mut air, mut lost) = (random.within(0.0, 0.2), random.within(0.0, 0.2));
    let sum = parts.iter().sum::<f64>() + window + air + lost;
    for share in parts.iter_mut().chain([&mut window, &mut air, &mut lost]) {
        *share /= sum;
    }
    SolarShares { parts, window, air, lost }
}

fn supply(random: &mut Random, low: f64, high: f64) -> Supply {
    Supply {
        setpoint: random.within(low, high),
        setback: random.within(low, high),
        max_power: [0.0, random.within(500.0, 20e3), f64::INFINITY][random.below(3)],
        convective_share: random.within(0.0, 1.0),
    }
}
