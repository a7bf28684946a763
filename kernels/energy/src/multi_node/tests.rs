use proptest::prelude::*;

use super::*;
use crate::climate::NO_BIN;
use crate::samples::{self, Random};
use crate::zone::{Element, FLOOR, Film, INSIDE, Layer, ROOF, Supply, Surfaces, WALL};

/// Runs some zones through a climate of any length.
fn run(zones: &[&Zone], climate: &Climate, profile: &Profile) -> Hourly {
    let mut out = Hourly::default();
    MultiNodeBlock::new(zones, ExteriorConvection::Fixed).advance(climate, profile, 0..climate.n_hours(), &mut out);
    out
}

const UNLIMITED: f64 = f64::INFINITY;

/// Heating that keeps air at 20 °C, all of it warm air.
fn heated(mut zone: Zone) -> Zone {
    zone.heating = Supply { setpoint: 20.0, setback: 20.0, max_power: UNLIMITED, convective_share: 1.0 };
    zone
}

#[test]
fn heat_loss_of_one_wall_in_steady_state_is_that_of_its_u_value() {
    // One wall of 100 m² and nothing else: no other surface to radiate to, so the mean radiant temperature is that of the
    // wall, and heat passes by convection alone: 1/U = 1/2.5 + 0.5 + 1/24.14 = 0.941425 m²K/W. 30 K: 100 · 30 / 0.941425.
    let mut zone = heated(samples::house());
    for part in [ROOF, FLOOR, INSIDE] {
        zone.parts[part].area = 0.0;
    }
    zone.parts[WALL].area = 100.0;
    zone.window.area = 0.0;
    zone.solar.parts = [1.0, 0.0, 0.0, 0.0];
    (zone.solar.window, zone.solar.air, zone.solar.lost) = (0.0, 0.0, 0.0);
    zone.check(0).unwrap();
    let hours = 1000;
    let out = run(&[&zone], &samples::dark(hours, -10.0), &samples::always(hours));
    assert!((out.heating[hours - 1][0] - 3_186.660).abs() < 0.01, "{}", out.heating[hours - 1][0]);
    assert_eq!(out.cooling[hours - 1][0], 0.0);
    assert!((out.temp_air[hours - 1][0] - 20.0).abs() < 1e-9);
}

#[test]
fn heat_loss_with_all_surfaces_at_one_temperature_is_the_sum_of_u_times_a() {
    // Half the heat is radiated, in such a way that air and mean radiant temperature nearly agree; what is left between
    // them is known, as losses are linear in both: Q = Σ A (h_ci T_air + h_ri T_mr − (h_ci + h_ri) T_surface).
    let mut zone = heated(samples::house());
    zone.air.infiltration = 30.0;
    let hours = 3000;
    let out = run(&[&zone], &samples::dark(hours, 0.0), &samples::always(hours));
    let last = hours - 1;
    let star = 2.0 * out.temp_operative[last][0] - 20.0;
    // Each surface loses to outdoors at 0 °C through its conductance k from the surface outwards:
    // T_surface = (h_ci 20 + h_ri T_mr)/(h_ci + h_ri + k).
    let mut loss = 30.0 * 20.0;
    let mut radiated = 0.0;
    let window = &zone.window;
    let parts = zone.parts.iter().map(|part| {
        let behind = match part.boundary {
            Boundary::Air => part.outer.total(),
            Boundary::Ground => part.outer.convective,
            Boundary::Adiabatic => 0.0,
        };
        (part.area, part.inner, 1.0 / (part.resistance() + 1.0 / behind))
    });
    let pane = (window.area, window.inner, 1.0 / (1.0 / window.conductance + 1.0 / window.outer.total()));
    for (area, inner, outwards) in parts.chain([pane]) {
        let surface = (inner.convective * 20.0 + inner.radiative * star) / (inner.total() + outwards);
        loss += area * outwards * surface;
        radiated += area * inner.radiative * (surface - star);
    }
    assert!(radiated.abs() < 1e-6, "the star is in balance: {radiated}");
    assert!((out.heating[last][0] - loss).abs() < 1e-6 * loss, "{} {loss}", out.heating[last][0]);
}
use crate::zone::Boundary;

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
}
