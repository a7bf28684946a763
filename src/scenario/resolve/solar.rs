//! The `[solar]` table with its raster, photovoltaics and costs.

use super::view::View;
use crate::scenario::keys::day;
use crate::scenario::tree::Node;
use crate::scenario::{
    CellPlanes, CellTemperature, Photovoltaics, PvCosts, SkyModel, SkyPatches, Solar, SolarRaster, SunPositions,
};

/// The `[solar]` table.
pub(super) fn solar(view: &View<'_>) -> Solar {
    Solar {
        albedo: view.known_number("albedo"),
        facade_albedo: view.known_number("facade_albedo"),
        sky_model: view.known_choice("sky_model", &SkyModel::ALL, SkyModel::name),
        surface_spacing_m: view.known_number("surface_spacing_m"),
        facade_spacing_m: view.known_number("facade_spacing_m"),
        sky_patches: sky_patches(view),
        sun_positions: view.known_choice("sun_positions", &SunPositions::ALL, SunPositions::name),
        reach_m: view.known_number("reach_m"),
        terrain: view.path("terrain"),
        surroundings: view.path("surroundings"),
        hourly: view.flag("hourly"),
        tile_m: view.known_number("tile_m"),
        raster: view.asked("raster").map(|view| raster(&view)),
        pv: view.asked("pv").map(|view| photovoltaics(&view)),
    }
}

fn sky_patches(view: &View<'_>) -> SkyPatches {
    let count = view.integer("sky_patches");
    let known = SkyPatches::ALL.into_iter().find(|patches| patches.count() as u64 == count);
    known.expect("the numbers of a key are those of its type")
}

fn raster(view: &View<'_>) -> SolarRaster {
    SolarRaster {
        dsm: view.needed_path("dsm"),
        directions: view.integer("directions") as usize,
        reach_m: view.number("reach_m"),
        cells: view.known_choice("cells", &CellPlanes::ALL, CellPlanes::name),
        tile_cells: view.integer("tile_cells") as usize,
        monthly: view.flag("monthly"),
        horizons: view.flag("horizons"),
        hourly_days: view.items("hourly_days").iter().filter_map(Node::text).filter_map(day).collect(),
    }
}

fn photovoltaics(view: &View<'_>) -> Photovoltaics {
    Photovoltaics {
        facades: view.flag("facades"),
        min_area_m2: view.known_number("min_area_m2"),
        min_irradiation_kwh_m2: view.known_number("min_irradiation_kwh_m2"),
        usable_share_sloped: view.known_number("usable_share_sloped"),
        usable_share_flat: view.known_number("usable_share_flat"),
        setback_m: view.known_number("setback_m"),
        flat_below_deg: view.known_number("flat_below_deg"),
        stand_tilt_deg: view.known_number("stand_tilt_deg"),
        stand_azimuth_deg: view.known_number("stand_azimuth_deg"),
        power_density_kw_m2: view.known_number("power_density_kw_m2"),
        cell_temperature: view.known_choice("cell_temperature", &CellTemperature::ALL, CellTemperature::name),
        temperature_coefficient_per_k: view.known_number("temperature_coefficient_per_k"),
        losses: view.known_number("losses"),
        inverter_efficiency: view.known_number("inverter_efficiency"),
        dc_ac_ratio: view.known_number("dc_ac_ratio"),
        avoided_kg_co2_per_kwh: view.number("avoided_kg_co2_per_kwh"),
        costs: view.asked("costs").map(|view| costs(&view)),
    }
}

fn costs(view: &View<'_>) -> PvCosts {
    PvCosts {
        investment_per_kwp: view.known_number("investment_per_kwp"),
        operation_per_kwp_year: view.known_number("operation_per_kwp_year"),
        lifetime_years: view.integer("lifetime_years") as usize,
        degradation: view.known_number("degradation"),
        self_consumption: view.known_number("self_consumption"),
        electricity_price_per_kwh: view.known_number("electricity_price_per_kwh"),
        feed_in_price_per_kwh: view.known_number("feed_in_price_per_kwh"),
    }
}
