//! Where heat goes, against hand-computed and exact solutions.

use core::f64::consts::PI;

use super::*;

#[test]
fn heat_loss_of_one_wall_in_steady_state_is_that_of_its_u_value() {
    // 1/U = 1/2.5 + 0.3/0.6 + 1/24.14 = 0.941425 m²K/W over 100 m² and 30 K: 3000/0.941425 W.
    let wall = Element { area: 100.0, ..samples::house().parts[WALL] };
    let zone = heated(of_one_wall(wall));
    zone.check(0).unwrap();
    let hours = 1000;
    let out = run(&[&zone], &samples::dark(hours, -10.0), &samples::always(hours));
    assert!((out.heating[hours - 1][0] - 3_186.660).abs() < 0.01, "{}", out.heating[hours - 1][0]);
    assert_eq!(out.cooling[hours - 1][0], 0.0);
    assert!((out.temp_air[hours - 1][0] - 20.0).abs() < 1e-9);
}

#[test]
fn heat_loss_of_a_house_in_steady_state_is_that_of_all_its_surfaces() {
    let mut zone = heated(samples::house());
    zone.air.infiltration = 30.0;
    let hours = 3000;
    let out = run(&[&zone], &samples::dark(hours, 0.0), &samples::always(hours));
    let last = hours - 1;
    let star = 2.0 * out.temp_operative[last][0] - 20.0;
    // With conductance k from the surface to 0 °C outdoors: T_surface = (h_ci 20 + h_ri T_mr)/(h_ci + h_ri + k).
    let (mut loss, mut radiated) = (30.0 * 20.0, 0.0);
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
    assert!(radiated.abs() < 1e-6, "surfaces radiate to each other only: {radiated}");
    assert!((out.heating[last][0] - loss).abs() < 1e-6 * loss, "{} {loss}", out.heating[last][0]);
}

#[test]
fn sky_and_sun_act_on_a_wall_as_the_sol_air_temperature_says() {
    // South wall, 30 K colder sky at a view of 0.5, sun 800 · cos 30° + isotropic 100/2 + 500 · 0.1 = 792.820 W/m² on an
    // absorptance of 0.5: T_sol-air = 0 + (0.5 · 792.820 − 4.14 · 0.5 · 30)/24.14 = 13.84880 °C.
    let wall = Element { area: 100.0, sky_view: 0.5, ..samples::house().parts[WALL] };
    let mut zone = heated(of_one_wall(wall));
    zone.walls = vec![samples::open_facade(SOUTH, 50.0, 0.0)];
    let hours = 1000;
    let climate = Climate { sky_drop: vec![30.0; hours], ..sunny(hours, 0.0) };
    let out = run(&[&zone], &climate, &samples::always(hours));
    let expected = 100.0 * (20.0 - 13.848_80) / 0.941_425;
    assert!((out.heating[hours - 1][0] - expected).abs() < 0.01, "{} {expected}", out.heating[hours - 1][0]);
}

#[test]
fn a_wall_warms_up_as_the_exact_solution_says() {
    // A slab of L = 0.2 m, insulated behind, 0 °C, in air that jumps to 20 °C: θ = Σ C cos(ζ x/L) exp(−ζ² Fo) with
    // ζ tan ζ = Bi, C = 4 sin ζ/(2 ζ + sin 2ζ); heat taken up Q/Q₀ = 1 − Σ C sin ζ/ζ exp(−ζ² Fo) (Incropera, DeWitt,
    // Bergman, Lavine, Fundamentals of heat and mass transfer, eq. 5.42 and 5.49).
    let concrete = Layer { thickness: 0.2, conductivity: 1.5, density: 2300.0, specific_heat: 1000.0 };
    let surfaces = Surfaces {
        inner: Film { convective: 8.0, radiative: 5.0 },
        outer: Film::OUTER,
        boundary: Boundary::Adiabatic,
        sky_view: 0.0,
    };
    let mut zone = heated(of_one_wall(Element::from_layers(10.0, &[concrete], surfaces).unwrap()));
    zone.heating.setback = 0.0;
    zone.air_capacity = 0.0;
    let hours = 97;
    let mut profile = samples::always(hours);
    profile.heating[0] = 0.0;
    let out = run(&[&zone], &samples::dark(hours, 0.0), &profile);
    let (biot, fourier) = (8.0 * 0.2 / 1.5, 1.5 / 2.3e6 * 3600.0 / 0.04);
    let stored = |hour: usize| -> f64 {
        let term = |root: usize| {
            let mut low = root as f64 * PI;
            let mut high = low + 0.499_999 * PI;
            for _ in 0..60 {
                let middle = 0.5 * (low + high);
                if middle * libm::tan(middle) < biot { low = middle } else { high = middle }
            }
            let weight = 4.0 * libm::sin(low) / (2.0 * low + libm::sin(2.0 * low));
            weight * libm::sin(low) / low * libm::exp(-low * low * fourier * hour as f64)
        };
        20.0 * 10.0 * 0.2 * 2.3e6 * (1.0 - (0..20).map(term).sum::<f64>())
    };
    for hour in [6, 12, 24, 48, 96] {
        let found: f64 = (1..=hour).map(|hour| out.heating[hour][0] * 3600.0).sum();
        let error = found / stored(hour) - 1.0;
        assert!(error.abs() < 0.02, "after {hour} h: {error}");
    }
}

#[test]
fn a_zone_without_a_way_out_keeps_its_temperature() {
    let mut zone = samples::house();
    for part in &mut zone.parts {
        part.boundary = Boundary::Adiabatic;
    }
    zone.window.area = 0.0;
    zone.solar.window = 0.0;
    let hours = 500;
    let mut climate = samples::dark(hours, -20.0);
    climate.temp_air[0] = 18.0;
    let out = run(&[&zone], &climate, &samples::always(hours));
    assert!((out.temp_air[hours - 1][0] - 18.0).abs() < 1e-9, "{}", out.temp_air[hours - 1][0]);
}

#[test]
fn temperatures_without_heating_stay_within_those_of_the_weather() {
    let mut random = Random(3);
    let hours = 400;
    let climate =
        Climate { sky_drop: vec![0.0; hours], temp_ground: vec![10.0; hours], ..samples::climate(hours, &mut random) };
    let out = run(&[&samples::house()], &climate, &samples::always(hours));
    for hour in 0..hours {
        let temp_air = out.temp_air[hour][0];
        assert!((-10.0..=35.0).contains(&temp_air), "{temp_air} in hour {hour}");
    }
}

#[test]
fn two_walls_of_one_construction_are_one_wall_in_their_mean_sun() {
    let facades = [samples::open_facade(SOUTH, 30.0, 4.0), samples::open_facade(NORTH, 20.0, 3.0)];
    let mut one = heated(samples::house());
    one.parts[WALL].area = 100.0;
    one.parts[ROOF].area = 0.0;
    one.solar = SolarShares { parts: [0.4, 0.0, 0.3, 0.1], window: 0.1, air: 0.05, lost: 0.05 };
    one.walls = facades.to_vec();
    // The same house, with the wall to the north computed as another element.
    let mut two = one.clone();
    two.parts[WALL].area = 50.0;
    two.parts[ROOF] = two.parts[WALL];
    two.solar.parts = [0.2, 0.2, 0.3, 0.1];
    let [south, north] = facades;
    (two.walls, two.roofs) = (vec![south], vec![north]);
    let hours = 500;
    let mut random = Random(5);
    let climate = samples::climate(hours, &mut random);
    let out = run(&[&one, &two], &climate, &samples::always(hours));
    for hour in 0..hours {
        let ([one, two, ..], [air_one, air_two, ..]) = (out.heating[hour], out.temp_air[hour]);
        assert!((one - two).abs() <= 1e-8 * one.max(1.0), "heating {one} {two} in hour {hour}");
        assert!((air_one - air_two).abs() < 1e-9, "{air_one} {air_two} in hour {hour}");
    }
}

#[test]
fn wind_cools_thin_walls() {
    // One pane-like wall: 1/U = 1/2.5 + 0.001 + 1/(4 + 4 · 5 + 4.14) = 0.436537 m²K/W; 30 K over 10 m²: 687.227 W.
    let sheet = Layer { thickness: 0.001, conductivity: 1.0, density: 100.0, specific_heat: 100.0 };
    let surfaces = Surfaces { inner: Film::INNER_WALL, outer: Film::OUTER, boundary: Boundary::Air, sky_view: 0.5 };
    let zone = heated(of_one_wall(Element::from_layers(10.0, &[sheet], surfaces).unwrap()));
    let climate = Climate { wind_speed: vec![5.0; 50], ..samples::dark(50, -10.0) };
    let mut out = Hourly::default();
    let mut block = MultiNodeBlock::new(&[&zone], ExteriorConvection::Wind);
    block.advance(&climate, &samples::always(50), 0..50, &mut out);
    assert!((out.heating[49][0] - 687.227).abs() < 0.01, "{}", out.heating[49][0]);
}
