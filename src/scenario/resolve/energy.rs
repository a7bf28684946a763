//! The tables `[energy]` and `[feeder]`.

use super::view::View;
use crate::buildings::Usage;
use crate::scenario::tree::Node;
use crate::scenario::{
    Control, Energy, ExteriorConvection, FeederFiles, FeederScenario, Fidelity, HeatingSystem, Package, RankBy,
    SkyTemperature, Technology,
};

/// The `[energy]` table.
pub(super) fn energy(view: &View<'_>) -> Energy {
    Energy {
        fidelity: view.known_choice("fidelity", &Fidelity::ALL, Fidelity::name),
        retrofit: view.items("retrofit").iter().filter_map(Node::text).map(package).collect(),
        exterior_convection: view.known_choice(
            "exterior_convection",
            &ExteriorConvection::ALL,
            ExteriorConvection::name,
        ),
        sky_temperature: view.known_choice("sky_temperature", &SkyTemperature::ALL, SkyTemperature::name),
        control: view.known_choice("control", &Control::ALL, Control::name),
        heating_setpoint_c: view.number("heating_setpoint_c"),
        heating_setback_c: view.number("heating_setback_c"),
        cooled: view.choices("cooled", &Usage::ALL, Usage::name),
        cooling_setpoint_c: view.number("cooling_setpoint_c"),
        heating_power_w_m2: view.number("heating_power_w_m2"),
        cooling_power_w_m2: view.number("cooling_power_w_m2"),
        night_ventilation_per_h: view.known_number("night_ventilation_per_h"),
        blinds_above_w_m2: view.number("blinds_above_w_m2"),
        blinds_factor: view.known_number("blinds_factor"),
        overheating_above_c: view.pair("overheating_above_c"),
        warm_up_days: view.integer("warm_up_days") as usize,
        hourly: view.flag("hourly"),
        heating_system: view.known_choice("heating_system", &HeatingSystem::ALL, HeatingSystem::name),
        heat_pump_efficiency: view.known_number("heat_pump_efficiency"),
        cooling_efficiency: view.known_number("cooling_efficiency"),
        rank_by: view.known_choice("rank_by", &RankBy::ALL, RankBy::name),
        expected_per_calculated: view.number("expected_per_calculated"),
        budget: view.number("budget"),
    }
}

fn package(text: &str) -> Package {
    Package::parse(text).expect("packages are checked to be some")
}

/// The `[feeder]` table.
pub(super) fn feeder(view: &View<'_>) -> FeederScenario {
    let network = match view.path("pandapower") {
        Some(file) => FeederFiles::Pandapower(file),
        None => FeederFiles::Csv { lines: view.needed_path("lines"), loads: view.path("loads") },
    };
    FeederScenario {
        network,
        connections: view.path("connections"),
        slack_pu: view.known_number("slack_pu"),
        base_kv: view.known_number("base_kv"),
        voltage_limits_pu: view.pair("voltage_limits_pu"),
        hosting: view.choices("hosting", &Technology::ALL, Technology::name),
        hosting_draws: view.integer("hosting_draws") as usize,
        pv_kwp: view.known_number("pv_kwp"),
        ev_kw: view.known_number("ev_kw"),
        ev_kwh_per_day: view.known_number("ev_kwh_per_day"),
        power_factor: view.known_number("power_factor"),
    }
}
