use super::*;
use crate::samples::house;

const OUTSIDE: Surfaces =
    Surfaces { inner: Film::INNER_WALL, outer: Film::OUTER, boundary: Boundary::Air, sky_view: 0.5 };

const CONCRETE: Layer = Layer { thickness: 0.1, conductivity: 0.5, density: 1400.0, specific_heat: 1000.0 };
const FOAM: Layer = Layer { thickness: 0.06, conductivity: 0.04, density: 10.0, specific_heat: 1400.0 };

fn capacity(element: &Element) -> f64 {
    element.capacities.iter().sum()
}

#[test]
fn layers_keep_their_resistance_and_capacity() {
    let layers = [Layer::massless(0.18), FOAM, CONCRETE];
    let element = Element::from_layers(7.0, &layers, OUTSIDE).unwrap();
    // 0.18 + 0.06/0.04 + 0.1/0.5 and 0.06 · 10 · 1400 + 0.1 · 1400 · 1000.
    assert!((element.resistance() - 1.88).abs() < 1e-12);
    assert!((capacity(&element) - 140_840.0).abs() < 1e-6);
    // U = 1/(1/7.63 + 1.88 + 1/24.14) = 1/2.052487.
    assert!((element.u_value() - 0.487_214).abs() < 1e-5, "{}", element.u_value());
}

#[test]
fn mass_of_layers_is_where_it_lies() {
    let inside = Element::from_layers(1.0, &[FOAM, CONCRETE], OUTSIDE).unwrap();
    let outside = Element::from_layers(1.0, &[CONCRETE, FOAM], OUTSIDE).unwrap();
    // The centre of mass by resistance from outside: (840 · 0.75 + 140000 · 1.6)/140840 = 1.594931 m²K/W.
    let centre = |element: &Element| {
        let mut position = 0.0;
        let mut moment = 0.0;
        for node in 0..N_NODES {
            moment += position * element.capacities[node];
            position += element.conductances.get(node).map_or(0.0, |conductance| 1.0 / conductance);
        }
        moment / capacity(element)
    };
    assert!((centre(&inside) - 1.594_931).abs() < 1e-5, "{}", centre(&inside));
    for node in 0..N_NODES {
        let mirrored = outside.capacities[N_NODES - 1 - node];
        assert!((inside.capacities[node] - mirrored).abs() < 1e-6 * 140_840.0, "{inside:?} {outside:?}");
    }
    assert!(inside.capacities[2..].iter().sum::<f64>() > 0.95 * 140_840.0, "{inside:?}");
}

#[test]
fn sheets_of_metal_are_no_obstacle() {
    let copper = Layer { thickness: 0.0005, conductivity: 380.0, density: 8900.0, specific_heat: 380.0 };
    for layers in [vec![copper], vec![copper, FOAM, CONCRETE], vec![FOAM, copper]] {
        let mut zone = house();
        zone.parts[WALL] = Element::from_layers(100.0, &layers, OUTSIDE).unwrap();
        assert_eq!(zone.check(0), Ok(()));
        let expected: f64 = layers.iter().map(Layer::resistance).sum::<f64>().max(LEAST_RESISTANCE);
        assert!((zone.parts[WALL].resistance() - expected).abs() < 1e-12 * expected);
    }
}

#[test]
fn a_homogeneous_wall_gets_even_nodes() {
    let element = Element::from_layers(1.0, &[CONCRETE], OUTSIDE).unwrap();
    for (found, share) in element.capacities.iter().zip([0.125, 0.25, 0.25, 0.25, 0.125]) {
        assert!((found - share * 140e3).abs() < 1e-6, "{element:?}");
    }
}

#[test]
fn u_values_give_the_conductances_of_the_standard() {
    // R_c = 1/0.5 − 1/7.63 − 1/24.14 = 1.827513 m²K/W.
    let element = Element::from_u_value(1.0, 0.5, 1e5, MassClass::InsideOutside, OUTSIDE).unwrap();
    for (found, share) in element.conductances.iter().zip([6.0, 3.0, 3.0, 6.0]) {
        assert!((found - share / 1.827_513).abs() < 1e-6, "{found}");
    }
    assert_eq!(element.capacities, [5e4, 0.0, 0.0, 0.0, 5e4]);
    assert!((element.u_value() - 0.5).abs() < 1e-12);
    let ground = Surfaces { boundary: Boundary::Ground, ..OUTSIDE };
    let slab = Element::from_u_value(1.0, 0.5, 1e5, MassClass::Distributed, ground).unwrap();
    assert!((slab.resistance() - (2.0 - 1.0 / 7.63)).abs() < 1e-12);
}

#[test]
fn single_glass_is_hardly_a_resistance() {
    for u_value in [5.8, 5.9, 7.0, 10.0] {
        let conductance = Window::conductance_from_u_value(u_value, Film::INNER_WALL, Film::OUTER).unwrap();
        assert!(conductance > 0.0 && conductance <= 1.0 / LEAST_RESISTANCE, "{conductance} at {u_value}");
        let element = Element::from_u_value(1.0, u_value, 0.0, MassClass::Middle, OUTSIDE).unwrap();
        assert!(element.resistance() >= LEAST_RESISTANCE * (1.0 - 1e-12));
    }
    // 1/2.8 − 1/7.63 − 1/24.14 = 0.184656.
    let conductance = Window::conductance_from_u_value(2.8, Film::INNER_WALL, Film::OUTER).unwrap();
    assert!((1.0 / conductance - 0.184_656).abs() < 1e-6);
}

#[test]
fn wrong_constructions_are_refused() {
    assert!(Element::from_layers(1.0, &[], OUTSIDE).is_err());
    for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        assert!(Element::from_layers(1.0, &[Layer { conductivity: bad, ..FOAM }], OUTSIDE).is_err());
        assert!(Element::from_layers(1.0, &[Layer { thickness: bad, ..FOAM }], OUTSIDE).is_err());
        assert!(Element::from_u_value(1.0, bad, 0.0, MassClass::Middle, OUTSIDE).is_err());
        assert!(Window::conductance_from_u_value(bad, Film::INNER_WALL, Film::OUTER).is_err());
    }
    let error = Element::from_u_value(1.0, 60.0, 0.0, MassClass::Middle, OUTSIDE).unwrap_err();
    assert_eq!(error.to_string(), "U-value is 60; expected 0.01 to 10 W/m²K");
}

/// Solar heat gain coefficients of the double glazing of ASHRAE 140-2020, cases 600 and 900, at 0° to 90°.
const DOUBLE: [f64; 10] = [0.769, 0.768, 0.766, 0.760, 0.747, 0.714, 0.629, 0.455, 0.202, 0.0];

fn by_tens(gains: &[f64]) -> Vec<(f64, f64)> {
    gains.iter().enumerate().map(|(step, &gain)| (10.0 * step as f64, gain)).collect()
}

#[test]
fn angles_of_glass_are_those_of_its_table() {
    let glazing = Glazing::from_angles(&by_tens(&DOUBLE), 0.1).unwrap();
    assert_eq!(glazing.normal, 0.769);
    assert!((glazing.angular.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    for (angle, gain) in by_tens(&DOUBLE) {
        let found = glazing.normal * glazing.at(libm::cos(angle.to_radians()));
        assert!((found - gain).abs() < 0.01, "{found} instead of {gain} at {angle}°");
    }
    // The same standard says 0.657 for the hemisphere.
    assert!((glazing.normal * glazing.diffuse - 0.657).abs() < 0.01, "{}", glazing.normal * glazing.diffuse);
}

#[test]
fn panes_of_clear_glass_are_those_of_the_handbook() {
    // Double glazing of clear 3 mm panes (τ 0.834, ρ 0.075): ASHRAE Handbook Fundamentals 2009, chapter 15, table 10, 5a.
    let panes = Panes {
        count: 2,
        transmittance: 0.834,
        reflectance: 0.075,
        u_value: 2.7,
        inner_resistance: 0.13,
        outer_resistance: 0.04,
    };
    let glazing = Glazing::from_panes(&panes).unwrap();
    for (angle, gain) in [(0.0, 0.76), (40.0, 0.74), (50.0, 0.71), (60.0, 0.64), (70.0, 0.50), (80.0, 0.26)] {
        let found = glazing.normal * glazing.at(libm::cos(f64::to_radians(angle)));
        assert!((found - gain).abs() < 0.012, "{found} instead of {gain} at {angle}°");
    }
    assert!((glazing.normal * glazing.diffuse - 0.66).abs() < 0.012, "{}", glazing.normal * glazing.diffuse);
    // τ² / (1 − ρ²) = 0.699495 is light.
    assert!((glazing.normal * (1.0 - glazing.absorbed_share) - 0.699_495).abs() < 1e-5);
}

#[test]
fn one_pane_lets_through_what_it_says() {
    let panes = Panes {
        count: 1,
        transmittance: 0.8,
        reflectance: 0.08,
        u_value: 5.8,
        inner_resistance: 0.13,
        outer_resistance: 0.04,
    };
    // 0.8 + 0.12 · 0.04 · 5.8 + half of what resistance the glass has: (1/5.8 − 0.17)/2 · 5.8 · 0.12.
    let expected = 0.8 + 0.12 * (0.04 * 5.8 + 0.5 * (1.0 - 0.17 * 5.8));
    let found = Glazing::from_panes(&panes).unwrap().normal;
    assert!((found - expected).abs() < 1e-9, "{found} {expected}");
}

#[test]
fn light_is_heat_gain_without_what_panes_absorb() {
    let panes = Panes {
        count: 2,
        transmittance: 0.834,
        reflectance: 0.075,
        u_value: 2.7,
        inner_resistance: 0.13,
        outer_resistance: 0.04,
    };
    let (all, light) = (Glazing::from_panes(&panes).unwrap(), Glazing::light_through_panes(&panes).unwrap());
    // τ² / (1 − ρ²).
    assert!((light.normal - 0.699_495).abs() < 1e-5 && light.absorbed_share == 0.0);
    assert!(light.normal * light.diffuse < all.normal * all.diffuse);
    assert!(Glazing::light_through_panes(&Panes { count: 9, ..panes }).is_err());
}

#[test]
fn a_g_value_gets_the_angles_of_two_panes() {
    let glazing = Glazing::from_g_value(0.6).unwrap();
    assert_eq!(glazing.normal, 0.6);
    assert!((0.84..0.92).contains(&glazing.diffuse), "{}", glazing.diffuse);
    assert_eq!(glazing.at(0.0), 0.0);
    assert!(Glazing::from_g_value(f64::NAN).is_err());
    assert!(Glazing::from_g_value(1.2).is_err());
}

#[test]
fn wrong_tables_of_angles_are_refused() {
    let table = by_tens(&DOUBLE);
    assert!(Glazing::from_angles(&table[..5], 0.0).is_err());
    assert!(Glazing::from_angles(&table[1..], 0.0).is_err());
    let mut twice = table.clone();
    twice[3].0 = twice[2].0;
    assert!(Glazing::from_angles(&twice, 0.0).is_err());
    let mut odd = table;
    odd[4].1 = f64::NAN;
    assert!(Glazing::from_angles(&odd, 0.0).is_err());
}

#[test]
fn every_broken_value_of_a_zone_is_found() {
    let mut good = house();
    let facade = Facade {
        normal: [0.0, -1.0, 0.0],
        absorbing_area: 10.0,
        glass_area: 5.0,
        sky_share: 1.0,
        horizon_share: 1.0,
        reflected: 0.1,
        sun_shares: Some(vec![255; 3]),
    };
    (good.walls, good.roofs) = (vec![facade.clone()], vec![facade]);
    assert_eq!(good.check(3), Ok(()));
    let breaks: [fn(&mut Zone, f64); 40] = [
        |zone, bad| zone.floor_area = bad,
        |zone, bad| zone.air_capacity = bad,
        |zone, bad| zone.parts[1].area = bad,
        |zone, bad| zone.parts[1].conductances[3] = bad,
        |zone, bad| zone.parts[2].capacities[0] = bad,
        |zone, bad| zone.parts[3].inner.convective = bad,
        |zone, bad| zone.parts[3].inner.radiative = bad,
        |zone, bad| zone.parts[2].outer.convective = bad,
        |zone, bad| zone.parts[0].outer.radiative = bad,
        |zone, bad| zone.parts[0].sky_view = bad,
        |zone, bad| zone.window.area = bad,
        |zone, bad| zone.window.conductance = bad,
        |zone, bad| zone.window.shutter_resistance = bad,
        |zone, bad| zone.window.inner.convective = bad,
        |zone, bad| zone.window.outer.radiative = bad,
        |zone, bad| zone.window.sky_view = bad,
        |zone, bad| zone.window.glazing.normal = bad,
        |zone, bad| zone.window.glazing.diffuse = bad,
        |zone, bad| zone.window.glazing.absorbed_share = bad,
        |zone, bad| zone.walls[0].normal[2] = bad,
        |zone, bad| zone.walls[0].absorbing_area = bad,
        |zone, bad| zone.roofs[0].glass_area = bad,
        |zone, bad| zone.roofs[0].sky_share = bad,
        |zone, bad| zone.roofs[0].horizon_share = bad,
        |zone, bad| zone.roofs[0].reflected = bad,
        |zone, bad| zone.gains.occupants = bad,
        |zone, bad| zone.gains.appliances = bad,
        |zone, bad| zone.gains.radiative_share = bad,
        |zone, bad| zone.solar.parts[2] = bad,
        |zone, bad| zone.solar.window = bad,
        |zone, bad| zone.solar.air = bad,
        |zone, bad| zone.solar.lost = bad,
        |zone, bad| zone.air.infiltration = bad,
        |zone, bad| zone.air.recovery = bad,
        |zone, bad| zone.blinds.factor = bad,
        |zone, bad| zone.heating.max_power = bad,
        |zone, bad| zone.cooling.convective_share = bad,
        |zone, bad| zone.control_radiant_share = bad,
        |zone, bad| zone.effective_capacity = bad,
        |zone, bad| zone.effective_mass_area = bad,
    ];
    for (index, set) in breaks.into_iter().enumerate() {
        for bad in [f64::NAN, -3.0, f64::NEG_INFINITY] {
            let mut zone = good.clone();
            set(&mut zone, bad);
            assert!(zone.check(3).is_err(), "value {index} = {bad} passes");
        }
    }
}

#[test]
fn values_that_do_not_go_together_are_found() {
    let mut zone = house();
    zone.walls = vec![crate::samples::open_facade([0.0, 1.0, 0.0], 10.0, 5.0)];
    zone.walls[0].sun_shares = Some(vec![255; 4]);
    let expected = "sun shares of facade 0 has 4 entries; expected 3";
    assert_eq!(zone.check(3).unwrap_err().to_string(), expected);
    zone.walls[0].sun_shares = None;
    let wrong: [fn(&mut Zone); 6] = [
        |zone| zone.solar.lost += 0.1,
        |zone| zone.walls[0].glass_area = 21.0,
        |zone| zone.parts[1].area = 0.0,
        |zone| zone.parts[0].boundary = Boundary::Adiabatic,
        |zone| zone.blinds.above = f64::NAN,
        |zone| {
            (zone.heating.max_power, zone.cooling.max_power) = (1.0, 1.0);
            zone.cooling.setback = 19.0;
        },
    ];
    for (index, set) in wrong.into_iter().enumerate() {
        let mut zone = zone.clone();
        set(&mut zone);
        assert!(zone.check(3).is_err(), "{index} passes");
    }
}
