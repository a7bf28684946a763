use proptest::prelude::*;

use super::*;
use crate::heat_pump::{HeatPump, HeatSource};
use crate::heating_curve::{FlowTemperatures, OutdoorReset};

const RESET: OutdoorReset = OutdoorReset { design_outdoor: -10.0, room: 20.0, exponent: 1.3 };
const PUMP: HeatPump = HeatPump {
    source: HeatSource::Air,
    carnot_share: 0.4,
    smallest_lift: 15.0,
    capacity: 5000.0,
    coldest_source: -8.0,
};
const GAS: HeatSystem = HeatSystem::Boiler { efficiency: 0.8, fuel: Carrier::NaturalGas };
const HOUSE: BuildingSystems = BuildingSystems {
    heating: GAS,
    flow: FlowTemperatures { design_flow: 50.0, design_return: 40.0, lowest_flow: 25.0 },
    hot_water: GAS,
    hot_water_flow: 50.0,
    hot_water_daily: 4000.0,
    appliances: 500.0,
    cooling_efficiency: 3.0,
};

fn climate() -> Climate {
    Climate { temp_air: vec![-10.0, 5.0], temp_ground: vec![8.0, 8.0], ..Climate::default() }
}

fn profile() -> Profile {
    Profile { hot_water: vec![0.25, 0.5], appliances: vec![1.0, 0.4], ..Profile::default() }
}

fn needs(heating: [f64; 2], cooling: [f64; 2]) -> Hourly {
    Hourly {
        heating: heating.map(|need| [need; LANES]).to_vec(),
        cooling: cooling.map(|need| [need; LANES]).to_vec(),
        ..Hourly::default()
    }
}

/// Two hours of one building in `lane`.
fn two_hours(
    lane: usize,
    systems: BuildingSystems,
    hourly: &Hourly,
    pv: Option<&[Lanes]>,
) -> (BuildingDemand, ElectricityHours) {
    let (climate, profile) = (climate(), profile());
    let loads = PartLoads::new(RESET, &climate.temp_air).unwrap();
    let year = DemandYear::new(&climate, &profile, &loads).unwrap();
    let mut block = vec![HOUSE; lane];
    block.push(systems);
    let (mut demand, mut out) = (Demand::new(&block, &year).unwrap(), ElectricityHours::default());
    demand.add(&year, hourly, 0, pv, Some(&mut out));
    (demand.building(lane).unwrap(), out)
}

#[test]
fn a_house_with_gas() {
    let (house, out) = two_hours(1, HOUSE, &needs([3000.0, 1000.0], [0.0, 600.0]), None);
    // Heat: (3 + 1) and (1 + 2) kWh over 0.8; cooling 0.6 / 3; appliances 0.5 + 0.2.
    assert!((house.heat.of(Carrier::NaturalGas) - 7.0 / 0.8).abs() < 1e-12);
    assert!((house.cooling - 0.2).abs() < 1e-12 && (house.appliances - 0.7).abs() < 1e-12);
    assert_eq!((house.hot_water_need, house.pump_heat, house.pv), (3.0, 0.0, 0.0));
    assert_eq!((house.seasonal_performance(), house.self_consumption()), (None, None));
    assert_eq!((out.net[0][1], out.net[1][1], out.heat[1][1]), (500.0, 400.0, 0.0));
    assert_eq!((house.peak_import, house.peak_export), (500.0, 0.0));
}

#[test]
fn a_heat_pump_that_is_too_small_and_gets_too_cold() {
    let pump = HeatSystem::HeatPump { pump: PUMP, backup: Backup::Electric };
    let systems = BuildingSystems { heating: pump, hot_water: pump, appliances: 0.0, ..HOUSE };
    let (house, out) = two_hours(0, systems, &needs([3000.0, 4000.0], [0.0; 2]), None);
    // At −10 °C it stands still: 3 kWh + 1 kWh by the element. At 5 °C hot water takes 2 of 5 kWh, the element gives 1 of 4.
    // Load 0.5: flow 20 + 25 · 0.5^(1/1.3) + 5 · 0.5 = 37.1683 °C, COP 0.4 · 310.3183 / 32.1683 = 3.858683;
    // hot water: 0.4 · 323.15 / 45 = 2.872444.
    let second = 3000.0 / 3.858_683 + 2000.0 / 2.872_444 + 1000.0;
    assert!((f64::from(out.net[0][0]) - 4000.0).abs() < 1e-9);
    assert!((f64::from(out.net[1][0]) / second - 1.0).abs() < 1e-6, "{} {second}", out.net[1][0]);
    assert!((house.heat.of(Carrier::Electricity) / (4.0 + second / 1000.0) - 1.0).abs() < 1e-6);
    assert!((house.pump_heat - 5.0).abs() < 1e-12);
    assert!((house.seasonal_performance().unwrap() / (5000.0 / (second - 1000.0)) - 1.0).abs() < 1e-6);
}

#[test]
fn a_boiler_helps_out_and_other_pumps_keep_their_own_capacity() {
    let backup = Backup::Boiler { efficiency: 0.9, fuel: Carrier::HeatingOil };
    let hot_water = HeatSystem::HeatPump {
        pump: HeatPump { source: HeatSource::Water { temperature: 12.0, approach: 2.0 }, ..PUMP },
        backup: Backup::Electric,
    };
    let systems = BuildingSystems { heating: HeatSystem::HeatPump { pump: PUMP, backup }, hot_water, ..HOUSE };
    let (house, _) = two_hours(3, systems, &needs([900.0, 6800.0], [0.0; 2]), None);
    // Oil: all of 0.9 kWh while it is too cold, 1.8 kWh above the capacity; the water source never gets too cold.
    assert!((house.heat.of(Carrier::HeatingOil) - 2.7 / 0.9).abs() < 1e-12);
    assert!((house.pump_heat - (1.0 + 2.0 + 5.0)).abs() < 1e-12);
}

#[test]
fn the_sun_first_serves_the_house() {
    let mut pv = vec![[0.0; LANES]; 2];
    (pv[0][2], pv[1][2]) = (300.0, 1000.0);
    let (house, out) = two_hours(2, HOUSE, &needs([0.0; 2], [0.0; 2]), Some(&pv));
    // Uses 500 and 200 Wh; the sun gives 300 and 1000: 300 + 200 used, 800 fed in, 200 drawn.
    assert_eq!((house.pv, house.pv_used, house.fed_in), (1.3, 0.5, 0.8));
    assert_eq!((out.net[0][2], out.net[1][2]), (200.0, -800.0));
    assert_eq!((house.peak_import, house.peak_export), (200.0, 800.0));
    assert!((house.self_consumption().unwrap() - 0.5 / 1.3).abs() < 1e-12);
    assert!((house.self_sufficiency().unwrap() - 0.5 / 0.7).abs() < 1e-12);
    let bought = house.bought(0.7);
    assert!((bought.of(Carrier::Electricity) - 0.2).abs() < 1e-12);
    assert!((bought.of(Carrier::NaturalGas) - 0.7 * 3.0 / 0.8).abs() < 1e-12);
}

#[test]
fn what_is_no_number_is_refused() {
    let (climate, mut profile) = (climate(), profile());
    let loads = PartLoads::new(RESET, &climate.temp_air).unwrap();
    let year = DemandYear::new(&climate, &profile, &loads).unwrap();
    for systems in [
        BuildingSystems { cooling_efficiency: 0.0, ..HOUSE },
        BuildingSystems { hot_water_daily: f64::NAN, ..HOUSE },
        BuildingSystems { heating: HeatSystem::Electric { efficiency: 1.5 }, ..HOUSE },
        BuildingSystems { hot_water: HeatSystem::District { efficiency: 0.0 }, ..HOUSE },
    ] {
        assert!(Demand::new(&[systems], &year).is_err(), "{systems:?}");
    }
    for heating in [GAS, HeatSystem::HeatPump { pump: PUMP, backup: Backup::Electric }] {
        let mut demand = Demand::new(&[BuildingSystems { heating, ..HOUSE }, HOUSE], &year).unwrap();
        let mut hourly = needs([1.0, 1.0], [0.0; 2]);
        hourly.heating[1][0] = f64::NAN;
        demand.add(&year, &hourly, 0, None, None);
        assert!(demand.building(0).is_err());
        assert!(demand.building(1).is_ok());
    }
    profile.hot_water.pop();
    let error = DemandYear::new(&climate, &profile, &loads).unwrap_err();
    assert_eq!(error.to_string(), "profile of hot water has 1 entries; expected 2");
}

proptest! {
    #[test]
    fn energy_closes_in_any_lane(
        heating in proptest::array::uniform2(0.0_f64..8000.0), sun in proptest::array::uniform2(0.0_f64..9000.0),
        lane in 0..LANES, carnot_share in 0.2_f64..0.6,
    ) {
        let pump = HeatSystem::HeatPump { pump: HeatPump { carnot_share, ..PUMP }, backup: Backup::Electric };
        let systems = BuildingSystems { heating: pump, hot_water: pump, ..HOUSE };
        let hourly = needs(heating, [900.0, 0.0]);
        let pv = sun.map(|sun| [sun; LANES]);
        let (house, out) = two_hours(lane, systems, &hourly, Some(&pv));
        // Heat needed is heat of the pump and of the element; drawn less fed in is used less made.
        let need = heating.iter().sum::<f64>() / 1000.0 + house.hot_water_need;
        let element = house.heat.of(Carrier::Electricity) - house.pump_electricity;
        prop_assert!((house.pump_heat + element - need).abs() < 1e-9);
        let net: f64 = out.net.iter().map(|hour| f64::from(hour[lane])).sum::<f64>() / 1000.0;
        prop_assert!((net - (house.electricity() - house.pv)).abs() < 1e-5);
        prop_assert!(house.pv_used <= house.pv && house.pv_used <= house.electricity() + 1e-12);
        let (first, _) = two_hours(0, systems, &hourly, Some(&pv));
        prop_assert_eq!(house, first);
    }
}
