//! What holds for any zone: heat is conserved, and bits follow from the zone alone.

use proptest::prelude::*;

use super::*;
use crate::samples::bits;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn heat_is_conserved_in_any_zone(seed in any::<u64>(), wind in any::<bool>()) {
        let mut random = Random(seed);
        let zones: Vec<_> = (0..LANES).map(|_| samples::zone(&mut random)).collect();
        for zone in &zones {
            prop_assert_eq!(zone.check(samples::BINS), Ok(()));
        }
        let hours = 72;
        let (climate, profile) = (samples::climate(hours, &mut random), samples::profile(hours, &mut random));
        let exterior = if wind { ExteriorConvection::Wind } else { ExteriorConvection::Fixed };
        let mut block = MultiNodeBlock::new(&zones.iter().collect::<Vec<_>>(), exterior);
        let mut out = Hourly::default();
        let balances = block.advance_with_balance(&climate, &profile, 0..hours, &mut out);
        for balance in balances.iter().flatten() {
            let (residual, largest) = (balance.residual(), balance.largest());
            prop_assert!(residual.abs() <= 1e-9 * largest.max(1.0), "{residual} of {largest}: {balance:?}");
        }
    }

    #[test]
    fn a_zone_has_the_same_bits_in_any_lane_among_any_others_in_any_pieces(
        seed in any::<u64>(),
        lane in 0..LANES,
        wind in any::<bool>(),
        piece in 1..30_usize,
    ) {
        let mut random = Random(seed);
        let zones: Vec<_> = (0..LANES).map(|_| samples::zone(&mut random)).collect();
        let hours = 48;
        let (climate, profile) = (samples::climate(hours, &mut random), samples::profile(hours, &mut random));
        let exterior = if wind { ExteriorConvection::Wind } else { ExteriorConvection::Fixed };
        let mut alone = Hourly::default();
        MultiNodeBlock::new(&[&zones[lane]], exterior).advance(&climate, &profile, 0..hours, &mut alone);
        let mut block = MultiNodeBlock::new(&zones.iter().collect::<Vec<_>>(), exterior);
        let (mut together, mut part) = (Hourly::with_hours(hours), Hourly::default());
        for first in (0..hours).step_by(piece) {
            let next = (first + piece).min(hours);
            block.advance(&climate, &profile, first..next, &mut part);
            for hour in first..next {
                together.copy_hour(hour, &part, hour - first);
            }
        }
        prop_assert_eq!(bits(&together, lane), bits(&alone, 0));
        prop_assert!(bits(&alone, 0).iter().all(|&bits| f64::from_bits(bits).is_finite()));
    }

    #[test]
    fn bits_are_those_of_plain_arithmetic(seed in any::<u64>(), wind in any::<bool>()) {
        let mut random = Random(seed);
        let zones: Vec<_> = (0..LANES).map(|_| samples::zone(&mut random)).collect();
        let hours = 48;
        let (climate, profile) = (samples::climate(hours, &mut random), samples::profile(hours, &mut random));
        let exterior = if wind { ExteriorConvection::Wind } else { ExteriorConvection::Fixed };
        let zones = zones.iter().collect::<Vec<_>>();
        let (mut wide, mut plain) = (Hourly::default(), Hourly::with_hours(hours));
        MultiNodeBlock::new(&zones, exterior).advance(&climate, &profile, 0..hours, &mut wide);
        let mut block = MultiNodeBlock::new(&zones, exterior);
        block.start(&climate, &profile, 0);
        let call =
            hour::Hours { block: &mut block, climate: &climate, profile: &profile, hours: 0..hours, out: &mut plain };
        pulp::WithSimd::with_simd(call, pulp::Scalar::new());
        for lane in 0..LANES {
            prop_assert_eq!(bits(&wide, lane), bits(&plain, lane));
        }
    }
}

/// The facades of samples have shadows by bin; a facade without any must not differ from one in full sun.
#[test]
fn full_sun_by_bin_is_no_shadow() {
    let mut zone = heated(samples::house());
    zone.walls = vec![samples::open_facade(SOUTH, 60.0, 15.0)];
    let shaded = |step: u8| {
        let facade = Facade { sun_shares: Some(vec![step; samples::BINS]), ..zone.walls[0].clone() };
        Zone { walls: vec![facade], ..zone.clone() }
    };
    let (full, half) = (shaded(255), shaded(128));
    let hours = 48;
    let climate = samples::climate(hours, &mut Random(1));
    let out = run(&[&zone, &full, &half], &climate, &samples::always(hours));
    assert_eq!(bits(&out, 0), bits(&out, 1));
    let sum = |lane: usize| out.solar_gains.iter().map(|lanes| lanes[lane]).sum::<f64>();
    assert!(sum(2) < 0.9 * sum(0));
}
