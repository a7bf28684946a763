//! What people and machines do.

use super::*;

#[test]
fn between_setpoints_neither_heats_nor_cools() {
    let mut zone = heated(samples::house());
    zone.cooling = Supply { setpoint: 26.0, setback: 26.0, ..zone.heating };
    let hours = 800;
    for (outdoors, heats, cools) in [(10.0, true, false), (23.0, false, false), (35.0, false, true)] {
        let out = run(&[&zone], &samples::dark(hours, outdoors), &samples::always(hours));
        let last = hours - 1;
        assert_eq!(out.heating[last][0] > 0.0, heats, "at {outdoors}");
        assert_eq!(out.cooling[last][0] > 0.0, cools, "at {outdoors}");
        let expected = outdoors.clamp(20.0, 26.0);
        assert!((out.temp_air[last][0] - expected).abs() < 1e-6, "{} at {outdoors}", out.temp_air[last][0]);
    }
}

#[test]
fn zones_start_at_their_setpoints_with_walls_between_indoors_and_outdoors() {
    let mut zone = heated(samples::house());
    zone.cooling = Supply { setpoint: 26.0, setback: 26.0, ..zone.heating };
    let start = |outdoors: f64| {
        let mut block = MultiNodeBlock::new(&[&zone], ExteriorConvection::Fixed);
        block.start(&samples::dark(1, outdoors), &samples::always(1), 0);
        block.state
    };
    assert_eq!([-10.0, 23.0, 35.0].map(|outdoors| start(outdoors).temp_air[0]), [20.0, 23.0, 26.0]);
    // 20 °C − 30 K (1/7.63)/(1/7.63 + 0.5 + 1/24.14) = 14.15325 °C inside the wall; inner walls are as warm as the air.
    let state = start(-10.0);
    let inside = state.nodes[WALL][N_NODES - 1][0];
    assert!((inside - 14.153_25).abs() < 1e-4, "{inside}");
    assert_eq!(state.nodes[INSIDE][0][0], 20.0);
}

#[test]
fn power_is_limited_and_may_be_withheld() {
    let mut zone = heated(samples::house());
    zone.heating.max_power = 1000.0;
    let hours = 100;
    let mut profile = samples::always(hours);
    profile.heating_available[60] = 0.25;
    profile.heating_available[61] = 0.0;
    let out = run(&[&zone], &samples::dark(hours, -10.0), &profile);
    assert_eq!([out.heating[59][0], out.heating[60][0], out.heating[61][0]], [1000.0, 250.0, 0.0]);
    assert!(out.temp_air[99][0] < 20.0);
}

#[test]
fn setpoints_follow_their_ramp() {
    let mut zone = heated(samples::house());
    (zone.heating.setback, zone.heating.setpoint) = (10.0, 20.0);
    let hours = 50;
    let mut profile = samples::always(hours);
    profile.heating[40] = 0.5;
    profile.heating[41] = 0.9;
    // It cools down slowly: from 15 °C on, the setpoint leads.
    profile.heating[..40].fill(0.4);
    let out = run(&[&zone], &samples::dark(hours, 0.0), &profile);
    for (hour, expected) in [(39, 14.0), (40, 15.0), (41, 19.0), (42, 20.0)] {
        assert!((out.temp_air[hour][0] - expected).abs() < 1e-9, "{} in hour {hour}", out.temp_air[hour][0]);
    }
}

#[test]
fn thermostats_may_feel_radiation() {
    let mut zone = heated(samples::house());
    zone.control_radiant_share = 0.5;
    zone.heating.convective_share = 0.4;
    let hours = 300;
    let out = run(&[&zone], &samples::dark(hours, -10.0), &samples::always(hours));
    assert!((out.temp_operative[299][0] - 20.0).abs() < 1e-9, "{}", out.temp_operative[299][0]);
    assert!((out.temp_air[299][0] - 20.0).abs() > 0.05, "air differs from walls: {}", out.temp_air[299][0]);
}

#[test]
fn heat_is_recovered_until_it_would_overheat() {
    // Ventilation of 100 W/K with 80 % recovery costs 20 W/K of 20 K: 400 W more than none.
    let mut zone = heated(samples::house());
    let hours = 2000;
    let (climate, profile) = (samples::dark(hours, 0.0), samples::always(hours));
    let without = run(&[&zone], &climate, &profile).heating[hours - 1][0];
    (zone.air.ventilation, zone.air.recovery) = (100.0, 0.8);
    let with = run(&[&zone], &climate, &profile).heating[hours - 1][0];
    assert!((with - without - 400.0).abs() < 0.01, "{}", with - without);
    // So many gains make it warmer than 22 °C whatever happens, and then all of the 100 W/K carries heat away.
    zone.gains.appliances = 20e3;
    let mut block = MultiNodeBlock::new(&[&zone], ExteriorConvection::Fixed);
    let balances = block.advance_with_balance(&climate, &profile, 0..hours, &mut Hourly::default());
    let warm = block.state.temp_air[0];
    assert!(warm > 22.0);
    assert!((balances[hours - 1][0].exchange + 100.0 * warm).abs() < 1e-6);
}

#[test]
fn night_ventilation_needs_warm_rooms_and_cooler_outdoors() {
    let mut zone = samples::house();
    (zone.air.night, zone.air.night_above, zone.air.night_difference) = (500.0, 24.0, 2.0);
    let hours = 3;
    let exchange = |indoors: f64, outdoors: f64, open: f64| {
        let mut climate = samples::dark(hours, outdoors);
        climate.temp_air[0] = indoors;
        let profile = Profile { night_ventilation: vec![open; hours], ..samples::always(hours) };
        let mut block = MultiNodeBlock::new(&[&zone], ExteriorConvection::Fixed);
        block.advance_with_balance(&climate, &profile, 0..2, &mut Hourly::default())[1][0].exchange
    };
    assert_eq!(exchange(23.9, 15.0, 1.0), 0.0);
    assert_eq!(exchange(26.0, 24.5, 1.0), 0.0);
    assert_eq!(exchange(26.0, 15.0, 0.0), 0.0);
    assert!(exchange(26.0, 15.0, 1.0) < -1000.0);
}

#[test]
fn shutters_keep_heat_in_while_it_is_dark() {
    let mut zone = heated(samples::house());
    let hours = 1000;
    let profile = samples::always(hours);
    let heating = |zone: &Zone, climate: &Climate| run(&[zone], climate, &profile).heating[hours - 1][0];
    let (dark, lit) = (samples::dark(hours, 0.0), sunny(hours, 0.0));
    let open = (heating(&zone, &dark), heating(&zone, &lit));
    zone.window.shutter_resistance = 0.5;
    let closed = (heating(&zone, &dark), heating(&zone, &lit));
    assert!(closed.0 < open.0 - 100.0);
    assert_eq!(closed.1, open.1);
}

#[test]
fn a_month_before_makes_where_a_zone_starts_from_forgotten() {
    let mut zone = heated(samples::house());
    zone.walls = vec![samples::open_facade(SOUTH, 60.0, 15.0)];
    let hours = 31 * 24 + 48;
    let mut random = Random(9);
    let mut climate = samples::climate(hours, &mut random);
    let annual = run(&[&zone], &climate, &samples::always(hours));
    climate.temp_air[0] = 35.0;
    let other = run(&[&zone], &climate, &samples::always(hours));
    let sum = |out: &Hourly| out.heating[31 * 24..].iter().map(|lanes| lanes[0]).sum::<f64>();
    assert!((sum(&annual) / sum(&other) - 1.0).abs() < 1e-3, "{} {}", sum(&annual), sum(&other));
}
