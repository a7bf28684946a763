//! The tables of weather and sun of a resolved scenario.

use std::path::Path;

use super::{line, list, number, quoted, relative, table};
use crate::scenario::{Buildings, Photovoltaics, PvCosts, Scenario, Solar, SolarRaster, Weather, WeatherFile};

/// Writes those of the tables that the scenario has.
pub(super) fn write_solar_tables(out: &mut String, scenario: &Scenario, folder: &Path) {
    if let Some(weather) = &scenario.weather {
        write_weather(out, weather, folder);
    }
    if let Some(solar) = &scenario.solar {
        table(out, "solar");
        line(out, "albedo", Some(number(solar.albedo)));
        line(out, "sky_model", Some(quoted(solar.sky_model.name())));
        // Without surfaces these keys are refused, as they would change nothing.
        if scenario.buildings.as_ref().is_some_and(Buildings::have_surfaces) {
            write_surfaces(out, solar, folder);
        }
        if let Some(raster) = &solar.raster {
            write_raster(out, raster, folder);
        }
        if let Some(pv) = &solar.pv {
            write_photovoltaics(out, pv);
        }
    }
}

fn write_weather(out: &mut String, weather: &Weather, folder: &Path) {
    table(out, "weather");
    let (epw, tmy3) = match &weather.file {
        WeatherFile::Epw(file) => (Some(relative(file, folder)), None),
        WeatherFile::Tmy3(file) => (None, Some(relative(file, folder))),
        WeatherFile::Downscaled => (None, None),
    };
    line(out, "epw", epw);
    line(out, "tmy3", tmy3);
    line(out, "downscaled", Some(weather.file == WeatherFile::Downscaled));
    line(out, "sun_year", Some(weather.sun_year));
    line(out, "radiation", Some(quoted(weather.radiation.name())));
    line(out, "linke_turbidity", weather.linke_turbidity.map(number));
}

fn write_surfaces(out: &mut String, solar: &Solar, folder: &Path) {
    line(out, "facade_albedo", Some(number(solar.facade_albedo)));
    line(out, "surface_spacing_m", Some(number(solar.surface_spacing_m)));
    line(out, "facade_spacing_m", Some(number(solar.facade_spacing_m)));
    line(out, "sky_patches", Some(solar.sky_patches.count()));
    line(out, "sun_positions", Some(quoted(solar.sun_positions.name())));
    line(out, "reach_m", Some(number(solar.reach_m)));
    line(out, "terrain", solar.terrain.as_deref().map(|file| relative(file, folder)));
    line(out, "surroundings", solar.surroundings.as_deref().map(|file| relative(file, folder)));
    line(out, "hourly", Some(solar.hourly));
    line(out, "tile_m", Some(number(solar.tile_m)));
}

fn write_raster(out: &mut String, raster: &SolarRaster, folder: &Path) {
    table(out, "solar.raster");
    line(out, "dsm", Some(relative(&raster.dsm, folder)));
    line(out, "directions", Some(raster.directions));
    line(out, "reach_m", raster.reach_m.map(number));
    line(out, "cells", Some(quoted(raster.cells.name())));
    line(out, "tile_cells", Some(raster.tile_cells));
    line(out, "monthly", Some(raster.monthly));
    line(out, "horizons", Some(raster.horizons));
    let days = raster.hourly_days.iter().map(|(month, day)| quoted(&format!("{month:02}-{day:02}")));
    line(out, "hourly_days", Some(list(days)));
}

fn write_photovoltaics(out: &mut String, pv: &Photovoltaics) {
    table(out, "solar.pv");
    line(out, "facades", Some(pv.facades));
    line(out, "min_area_m2", Some(number(pv.min_area_m2)));
    line(out, "min_irradiation_kwh_m2", Some(number(pv.min_irradiation_kwh_m2)));
    line(out, "usable_share_sloped", Some(number(pv.usable_share_sloped)));
    line(out, "usable_share_flat", Some(number(pv.usable_share_flat)));
    line(out, "setback_m", Some(number(pv.setback_m)));
    line(out, "flat_below_deg", Some(number(pv.flat_below_deg)));
    line(out, "stand_tilt_deg", Some(number(pv.stand_tilt_deg)));
    line(out, "stand_azimuth_deg", Some(number(pv.stand_azimuth_deg)));
    line(out, "power_density_kw_m2", Some(number(pv.power_density_kw_m2)));
    line(out, "cell_temperature", Some(quoted(pv.cell_temperature.name())));
    line(out, "temperature_coefficient_per_k", Some(number(pv.temperature_coefficient_per_k)));
    line(out, "losses", Some(number(pv.losses)));
    line(out, "inverter_efficiency", Some(number(pv.inverter_efficiency)));
    line(out, "dc_ac_ratio", Some(number(pv.dc_ac_ratio)));
    line(out, "avoided_kg_co2_per_kwh", pv.avoided_kg_co2_per_kwh.map(number));
    if let Some(costs) = &pv.costs {
        write_costs(out, costs);
    }
}

fn write_costs(out: &mut String, costs: &PvCosts) {
    table(out, "solar.pv.costs");
    line(out, "investment_per_kwp", Some(number(costs.investment_per_kwp)));
    line(out, "operation_per_kwp_year", Some(number(costs.operation_per_kwp_year)));
    line(out, "lifetime_years", Some(costs.lifetime_years));
    line(out, "degradation", Some(number(costs.degradation)));
    line(out, "self_consumption", Some(number(costs.self_consumption)));
    line(out, "electricity_price_per_kwh", Some(number(costs.electricity_price_per_kwh)));
    line(out, "feed_in_price_per_kwh", Some(number(costs.feed_in_price_per_kwh)));
}
