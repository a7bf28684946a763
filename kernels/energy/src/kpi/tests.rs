use proptest::prelude::*;

use super::*;

const LIMITS: Limits = Limits { month_starts: MONTH_STARTS, overheating: [26.0, 27.0], tolerance: 0.5 };
const ENOUGH: Controls = Controls {
    heating: Supply { setpoint: 20.0, setback: 16.0, max_power: f64::INFINITY, convective_share: 1.0 },
    cooling: Supply { setpoint: 26.0, setback: 30.0, max_power: 0.0, convective_share: 1.0 },
    radiant_share: 0.0,
};

/// Hours of one lane; others stay at 20 °C.
fn hours_of(lane: usize, values: &[[f64; 5]]) -> Hourly {
    let mut hourly = Hourly {
        heating: vec![[0.0; LANES]; values.len()],
        cooling: vec![[0.0; LANES]; values.len()],
        temp_air: vec![[20.0; LANES]; values.len()],
        temp_operative: vec![[20.0; LANES]; values.len()],
        solar_gains: vec![[0.0; LANES]; values.len()],
    };
    for (hour, [heating, cooling, air, operative, solar]) in values.iter().enumerate() {
        hourly.heating[hour][lane] = *heating;
        hourly.cooling[hour][lane] = *cooling;
        hourly.temp_air[hour][lane] = *air;
        hourly.temp_operative[hour][lane] = *operative;
        hourly.solar_gains[hour][lane] = *solar;
    }
    hourly
}

#[test]
fn four_hours_at_the_end_of_january() {
    // Hours 742 and 743 are in January, 744 and 745 in February.
    let mut kpi = Kpi::new(&[ENOUGH; 3], LIMITS);
    let hours = [
        [100.0, 0.0, 19.0, 18.0, 5.0],
        [300.0, 0.0, 20.0, 20.0, 0.0],
        [300.0, 50.0, 26.0, 26.5, 10.0],
        [0.0, 70.0, 27.0, 29.0, 20.0],
    ];
    kpi.add(&hours_of(2, &hours), 742);
    let zone = kpi.zone(2).unwrap();
    assert_eq!((zone.heating_by_month[0], zone.heating_by_month[1], zone.heating_need), (400.0, 300.0, 700.0));
    assert_eq!((zone.cooling_need, zone.solar_gains), (120.0, 35.0));
    assert_eq!(zone.peak_heating, Some(HourOf { value: 300.0, hour: 743 }));
    assert_eq!(zone.peak_cooling, Some(HourOf { value: 70.0, hour: 745 }));
    // Above 26 °C by 0.5 and 3 K, above 27 °C by 2 K.
    assert_eq!((zone.hours_above, zone.degree_hours_above), ([2.0, 1.0], [3.5, 2.0]));
    assert_eq!(zone.temp_air, Spread { min: 19.0, mean: 23.0, max: 27.0 });
    assert_eq!(zone.temp_operative, Spread { min: 18.0, mean: 23.375, max: 29.0 });
    let other = kpi.zone(1).unwrap();
    assert_eq!((other.heating_need, other.peak_heating, other.hours_above), (0.0, None, [0.0; 2]));
}

#[test]
fn unmet_is_full_power_and_still_off_the_setpoint() {
    let heating = Supply { max_power: 1000.0, ..ENOUGH.heating };
    let cooling = Supply { max_power: 500.0, ..ENOUGH.cooling };
    let mut kpi = Kpi::new(&[Controls { heating, cooling, radiant_share: 0.5 }, ENOUGH], LIMITS);
    let hours = [
        [1000.0, 0.0, 19.9, 19.8, 0.0], // within the tolerance
        [1000.0, 0.0, 19.6, 19.4, 0.0], // felt 19.4 < 19.5
        [900.0, 0.0, 15.0, 15.0, 0.0],  // setback: power is not full
        [0.0, 500.0, 26.6, 26.4, 0.0],  // felt 26.4
        [0.0, 500.0, 26.4, 26.6, 0.0],  // felt 26.6 > 26.5
        [0.0, 400.0, 30.0, 30.0, 0.0],
    ];
    kpi.add(&hours_of(0, &hours), 0);
    let zone = kpi.zone(0).unwrap();
    assert_eq!((zone.unmet_heating, zone.unmet_cooling), (1.0, 1.0));
    assert_eq!(kpi.zone(1).unwrap().unmet_heating, 0.0);
}

#[test]
fn no_hours_and_no_numbers_are_no_results() {
    let mut kpi = Kpi::new(&[ENOUGH], LIMITS);
    assert_eq!(kpi.zone(0), Err(KpiError::NoHours));
    kpi.add(&hours_of(0, &[[1.0, 0.0, 20.0, f64::NAN, 0.0]]), 5);
    let error = kpi.zone(0).unwrap_err();
    assert_eq!(error.to_string(), "operative temperature of lane 0 is not a number");
    assert!(kpi.zone(1).is_ok());
}

#[test]
#[should_panic(expected = "every hour is in a month")]
fn an_hour_after_the_year_is_refused() {
    Kpi::new(&[ENOUGH], LIMITS).add(&hours_of(0, &[[0.0; 5]]), 8760);
}

#[test]
fn months_are_those_of_the_calendar() {
    let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for month in 0..N_MONTHS {
        assert_eq!(MONTH_STARTS[month + 1] - MONTH_STARTS[month], 24 * days[month]);
        let leap = usize::from(month == 1);
        assert_eq!(MONTH_STARTS_LEAP[month + 1] - MONTH_STARTS_LEAP[month], 24 * (days[month] + leap));
    }
}

proptest! {
    #[test]
    fn chunks_change_no_bit(
        hours in proptest::collection::vec(proptest::array::uniform5(0.0_f64..1000.0), 2..60), cut in 1_usize..59,
    ) {
        let cut = cut.min(hours.len() - 1);
        let limits = Limits { overheating: [300.0, 600.0], ..LIMITS };
        let (mut whole, mut parts) = (Kpi::new(&[ENOUGH; 8], limits), Kpi::new(&[ENOUGH; 8], limits));
        whole.add(&hours_of(7, &hours), 730);
        parts.add(&hours_of(7, &hours[..cut]), 730);
        parts.add(&hours_of(7, &hours[cut..]), 730 + cut);
        prop_assert_eq!(whole.zone(7), parts.zone(7));
        prop_assert_eq!(whole, parts);
    }

    #[test]
    fn lanes_do_not_know_their_place(hours in proptest::collection::vec(proptest::array::uniform5(0.0_f64..1000.0), 1..40)) {
        let (mut first, mut last) = (Kpi::new(&[ENOUGH; 8], LIMITS), Kpi::new(&[ENOUGH; 8], LIMITS));
        first.add(&hours_of(0, &hours), 100);
        last.add(&hours_of(LANES - 1, &hours), 100);
        prop_assert_eq!(first.zone(0), last.zone(LANES - 1));
    }
}
