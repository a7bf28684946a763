use proptest::prelude::*;

use super::*;
use crate::multi_node::{ExteriorConvection, MultiNodeBlock};
use crate::samples::{self, Random, bits};
use crate::zone::Supply;

/// Runs a zone through all of a climate.
fn run(zone: &Zone, climate: &Climate, profile: &Profile) -> Hourly {
    let mut out = Hourly::default();
    FiveR1CBlock::new(&[zone]).advance(climate, profile, 0..climate.n_hours(), &mut out);
    out
}

/// Heating that keeps air at 20 °C with warm air alone.
fn heated(mut zone: Zone) -> Zone {
    zone.heating = Supply { setpoint: 20.0, setback: 20.0, max_power: f64::INFINITY, convective_share: 1.0 };
    zone
}

/// H_op, H_w and A_t of [`samples::house`]: walls 120/(1/7.63 + 0.5 + 1/24.14) = 178.4421, roof 70/(1/10.13 + 2.55 +
/// 1/24.14) = 26.0209, floor 60/(1/5.83 + 2.6 + 1/4) = 19.8575; windows 20 · 2.8 = 56; 120 + 70 + 60 + 150 + 20.
const ELEMENTS: f64 = 224.3205;
const WINDOWS: f64 = 56.0;
const INNER_AREA: f64 = 420.0;

#[test]
fn heat_loss_in_steady_state_is_that_of_the_network() {
    // At 0 °C outdoors all leaves from the surfaces: H_is (H_w + H_op)/(H_is + H_w + H_op), and by the exchange of air.
    let mut zone = heated(samples::house());
    zone.air.infiltration = 30.0;
    let hours = 4000;
    let out = run(&zone, &samples::dark(hours, 0.0), &samples::always(hours));
    let (to_air, outwards) = (3.45 * INNER_AREA, ELEMENTS + WINDOWS);
    let expected = 20.0 * (30.0 + to_air * outwards / (to_air + outwards));
    let found = out.heating[hours - 1][0];
    assert!((found - expected).abs() < 0.01, "{found} {expected}");
}

#[test]
fn a_free_zone_cools_down_as_the_trapezoidal_rule_says() {
    // Without exchange of air H₂ = H_w and H₃ = 1/(1/H_w + 1/H_ms); each hour the mass keeps
    // (C/Δt − (H₃ + H_em)/2)/(C/Δt + (H₃ + H_em)/2) of its difference to outdoors.
    let zone = samples::house();
    let hours = 200;
    let mut climate = samples::dark(hours, 0.0);
    climate.temp_air[0] = 20.0;
    climate.temp_ground[0] = 20.0;
    let mut out = Hourly::default();
    let mut block = FiveR1CBlock::new(&[&zone]);
    block.advance(&climate, &samples::always(hours), 0..hours, &mut out);
    let storage = 165e5 / 3600.0;
    let mass = 9.1 * 250.0;
    let losses = 1.0 / (1.0 / WINDOWS + 1.0 / mass) + 1.0 / (1.0 / ELEMENTS - 1.0 / mass);
    let kept = (storage - 0.5 * losses) / (storage + 0.5 * losses);
    let expected = 20.0 * libm::pow(kept, (hours - 1) as f64);
    let found = block.state.temp_mass[0];
    assert!((found - expected).abs() < 1e-3 * expected, "{found} {expected}");
}

#[test]
fn radiation_is_shared_as_the_standard_says() {
    // A_m/A_t onto the mass and 1 − A_m/A_t − H_w/(9.1 A_t) onto surfaces (C.2 and C.3).
    let network = Network::new(&[&samples::house(); LANES]);
    assert!((network.to_mass[2] - 250.0 / INNER_AREA).abs() < 1e-12);
    let expected = 1.0 - 250.0 / INNER_AREA - WINDOWS / (9.1 * INNER_AREA);
    assert!((network.to_surface[0][2] - expected).abs() < 1e-12);
}

#[test]
fn between_setpoints_neither_heats_nor_cools() {
    let mut zone = heated(samples::house());
    zone.cooling = Supply { setpoint: 26.0, setback: 26.0, max_power: 2000.0, ..zone.heating };
    let hours = 2000;
    for (outdoors, heats, cools) in [(10.0, true, false), (23.0, false, false), (30.0, false, true)] {
        let out = run(&zone, &samples::dark(hours, outdoors), &samples::always(hours));
        let last = hours - 1;
        assert_eq!((out.heating[last][0] > 0.0, out.cooling[last][0] > 0.0), (heats, cools), "at {outdoors}");
        let expected = outdoors.clamp(20.0, 26.0);
        assert!((out.temp_air[last][0] - expected).abs() < 1e-3, "{} at {outdoors}", out.temp_air[last][0]);
    }
}

#[test]
fn agrees_with_the_multi_node_model_on_the_heat_of_two_winter_months() {
    let mut zone = heated(samples::house());
    zone.walls = vec![samples::open_facade([0.0, -1.0, 0.0], 60.0, 15.0)];
    zone.air.infiltration = 40.0;
    zone.gains.appliances = 400.0;
    let hours = 90 * 24;
    let mut climate = samples::climate(hours, &mut Random(4));
    for temp_air in &mut climate.temp_air {
        *temp_air = 0.3 * *temp_air - 2.0;
    }
    let profile = samples::always(hours);
    let simple = run(&zone, &climate, &profile);
    let mut full = Hourly::default();
    MultiNodeBlock::new(&[&zone], ExteriorConvection::Fixed).advance(&climate, &profile, 0..hours, &mut full);
    let sum = |out: &Hourly| out.heating[30 * 24..].iter().map(|lanes| lanes[0]).sum::<f64>();
    let ratio = sum(&simple) / sum(&full);
    assert!((0.9..1.1).contains(&ratio), "{ratio}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn heat_is_conserved_in_any_zone(seed in any::<u64>()) {
        let mut random = Random(seed);
        let zones: Vec<_> = (0..LANES).map(|_| samples::zone(&mut random)).collect();
        let hours = 72;
        let (climate, profile) = (samples::climate(hours, &mut random), samples::profile(hours, &mut random));
        let mut block = FiveR1CBlock::new(&zones.iter().collect::<Vec<_>>());
        let mut out = Hourly::default();
        let balances = block.advance_with_balance(&climate, &profile, 0..hours, &mut out);
        for balance in balances.iter().flatten() {
            let (residual, largest) = (balance.residual(), balance.largest());
            prop_assert!(residual.abs() <= 1e-9 * largest.max(1.0), "{residual} of {largest}: {balance:?}");
        }
    }

    #[test]
    fn bits_follow_from_the_zone_alone_and_are_those_of_plain_arithmetic(seed in any::<u64>(), piece in 1..30_usize) {
        let mut random = Random(seed);
        let zones: Vec<_> = (0..LANES).map(|_| samples::zone(&mut random)).collect();
        let hours = 48;
        let (climate, profile) = (samples::climate(hours, &mut random), samples::profile(hours, &mut random));
        let mut together = Hourly::with_hours(hours);
        let mut block = FiveR1CBlock::new(&zones.iter().collect::<Vec<_>>());
        let mut part = Hourly::default();
        for first in (0..hours).step_by(piece) {
            let next = (first + piece).min(hours);
            block.advance(&climate, &profile, first..next, &mut part);
            for hour in first..next {
                together.copy_hour(hour, &part, hour - first);
            }
        }
        for (lane, zone) in zones.iter().enumerate() {
            let mut alone = Hourly::with_hours(hours);
            let mut block = FiveR1CBlock::new(&[zone]);
            block.start(&climate, &profile, 0);
            let call = hour::Hours {
                block: &mut block,
                climate: &climate,
                profile: &profile,
                hours: 0..hours,
                out: &mut alone,
            };
            pulp::WithSimd::with_simd(call, pulp::Scalar::new());
            prop_assert_eq!(bits(&together, lane), bits(&alone, 0));
            prop_assert!(bits(&alone, 0).iter().all(|&bits| f64::from_bits(bits).is_finite()));
        }
    }
}
