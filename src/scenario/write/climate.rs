//! The `[climate]` table of a resolved scenario.

use std::path::{Path, PathBuf};

use super::{line, list, named, number, quoted, relative, table};
use crate::scenario::{
    AdjustedVariable, CityLayer, CityPlaces, Climate, ClimateGrouping, DownscaledWeather, Indices, ModelRuns,
    WeatherOfYear,
};

/// Writes the table and those below it.
pub(super) fn write_climate(out: &mut String, climate: &Climate, folder: &Path) {
    table(out, "climate");
    line(out, "method", Some(quoted(climate.method.name())));
    line(out, "grouping", Some(grouping(climate.grouping)));
    line(out, "reference_period", Some(years(climate.reference_period)));
    line(out, "future_periods", Some(list(climate.future_periods.iter().copied().map(years))));
    line(out, "calendar", Some(quoted(climate.calendar.name())));
    line(out, "regrid", Some(quoted(climate.regrid.name())));
    line(out, "interpolation", Some(quoted(climate.interpolation.name())));
    line(out, "quantiles", Some(climate.quantiles));
    line(out, "rank_among", Some(quoted(climate.rank_among.name())));
    line(out, "iterations", Some(climate.iterations));
    line(out, "wet_day_mm", Some(number(climate.wet_day_mm)));
    line(out, "jitter_below_mm", Some(number(climate.jitter_below_mm)));
    line(out, "daily", Some(climate.daily));
    line(out, "tile_cells", climate.tile_cells);
    for variable in &climate.variables {
        write_variable(out, variable, folder);
    }
    if let Some(city) = &climate.city {
        write_city(out, city, folder);
    }
    write_indices(out, &climate.indices, folder);
    if let Some(weather) = &climate.weather {
        write_weather(out, weather, folder);
    }
}

fn grouping(grouping: ClimateGrouping) -> String {
    match grouping {
        ClimateGrouping::All => quoted("all"),
        ClimateGrouping::Month => quoted("month"),
        ClimateGrouping::DayOfYear { window, pool } => {
            format!("{{ day_of_year_window = {window}, pool = {} }}", quoted(pool.name()))
        }
    }
}

fn years([first, last]: [i32; 2]) -> String {
    format!("[{first}, {last}]")
}

fn write_variable(out: &mut String, variable: &AdjustedVariable, folder: &Path) {
    let path = format!("climate.variable.{}", variable.variable.name());
    table(out, &path);
    line(out, "kind", Some(quoted(variable.kind.name())));
    line(out, "method", variable.method.map(|method| quoted(method.name())));
    line(out, "name_in_files", variable.name_in_files.as_deref().map(quoted));
    line(out, "reference", Some(files(&variable.reference, folder)));
    match &variable.models[..] {
        [only] if only.name == ModelRuns::ONLY => write_runs(out, only, folder),
        several => {
            for model in several {
                table(out, &format!("{path}.model.{}", quoted(&model.name)));
                write_runs(out, model, folder);
            }
        }
    }
}

fn write_runs(out: &mut String, runs: &ModelRuns, folder: &Path) {
    line(out, "historical", Some(files(&runs.historical, folder)));
    let future = runs.future.iter().map(|(name, paths)| (name.clone(), files(paths, folder)));
    line(out, "future", Some(named(future)));
}

fn files(paths: &[PathBuf], folder: &Path) -> String {
    list(paths.iter().map(|path| relative(path, folder)))
}

fn write_city(out: &mut String, city: &CityLayer, folder: &Path) {
    table(out, "climate.city");
    match &city.places {
        CityPlaces::Raster { elevation, cell_m } => {
            line(out, "elevation", Some(relative(elevation, folder)));
            line(out, "cell_m", Some(number(*cell_m)));
        }
        CityPlaces::Stations(file) => line(out, "stations", Some(relative(file, folder))),
    }
    line(out, "reference_elevation_m", city.reference_elevation_m.map(number));
    line(out, "temperature_gradient_k_per_km", Some(list(city.temperature_gradient_k_per_km.into_iter().map(number))));
    line(out, "precipitation_gradient_per_km", Some(number(city.precipitation_gradient_per_km)));
    for covariate in &city.covariates {
        table(out, &format!("climate.city.covariate.{}", quoted(&covariate.name)));
        line(out, "raster", covariate.raster.as_deref().map(|raster| relative(raster, folder)));
        line(out, "at_reference", Some(number(covariate.at_reference)));
        line(out, "tasmin_k", Some(number(covariate.tasmin_k)));
        line(out, "tasmax_k", Some(number(covariate.tasmax_k)));
    }
}

fn write_indices(out: &mut String, indices: &Indices, folder: &Path) {
    table(out, "climate.indices");
    line(out, "tropical_night_c", Some(number(indices.tropical_night_c)));
    line(out, "summer_day_c", Some(number(indices.summer_day_c)));
    line(out, "hot_day_c", Some(number(indices.hot_day_c)));
    line(out, "heat_wave_tasmin_c", Some(number(indices.heat_wave_tasmin_c)));
    line(out, "heat_wave_tasmax_c", Some(number(indices.heat_wave_tasmax_c)));
    line(out, "heat_wave_days", Some(indices.heat_wave_days));
    line(out, "heat_wave_percentile", Some(number(indices.heat_wave_percentile)));
    line(out, "heating_base_c", Some(number(indices.heating_base_c)));
    line(out, "cooling_base_c", Some(number(indices.cooling_base_c)));
    line(out, "population", indices.population.as_deref().map(|file| relative(file, folder)));
}

fn write_weather(out: &mut String, weather: &DownscaledWeather, folder: &Path) {
    table(out, "climate.weather");
    line(out, "method", Some(quoted(weather.method.name())));
    line(out, "donor", weather.donor.as_deref().map(|donor| relative(donor, folder)));
    line(out, "model", weather.model.as_deref().map(quoted));
    line(out, "future", weather.future.as_deref().map(quoted));
    line(out, "period", weather.period.map(years));
    let year = match weather.year {
        WeatherOfYear::Typical => quoted("typical"),
        WeatherOfYear::Projected(year) => year.to_string(),
    };
    line(out, "year", Some(year));
    if let Some(place) = &weather.place {
        table(out, "climate.weather.place");
        line(out, "latitude", Some(number(place.latitude)));
        line(out, "longitude", Some(number(place.longitude)));
        line(out, "elevation_m", Some(number(place.elevation_m)));
    }
}
