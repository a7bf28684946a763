//! The `[climate]` table with its variables, places, indices and hours.

use super::view::{View, files};
use crate::scenario::check::years;
use crate::scenario::tree::Value;
use crate::scenario::{
    AdjustedVariable, AdjustmentMethod, BiasKind, CalendarRule, CityLayer, CityPlaces, Climate, ClimateGrouping,
    ClimateVariable, Covariate, DownscaledWeather, HourlyMethod, Indices, Interpolation, ModelRuns, RankAmong, Regrid,
    WeatherOfYear, WeatherPlace, WindowPool,
};

/// The `[climate]` table.
pub(super) fn climate(view: &View<'_>) -> Climate {
    let variables = view.inner("variable");
    let variable = |name: ClimateVariable| Some(variable(name, &variables.asked(name.name())?));
    Climate {
        method: view.known_choice("method", &AdjustmentMethod::ALL, AdjustmentMethod::name),
        grouping: grouping(view),
        interpolation: view.known_choice("interpolation", &Interpolation::ALL, Interpolation::name),
        quantiles: view.integer("quantiles") as usize,
        rank_among: view.known_choice("rank_among", &RankAmong::ALL, RankAmong::name),
        reference_period: period(view, "reference_period").expect("a required key is there"),
        future_periods: view.items("future_periods").iter().filter_map(years).collect(),
        calendar: view.known_choice("calendar", &CalendarRule::ALL, CalendarRule::name),
        regrid: view.known_choice("regrid", &Regrid::ALL, Regrid::name),
        iterations: view.integer("iterations") as usize,
        wet_day_mm: view.known_number("wet_day_mm"),
        jitter_below_mm: view.known_number("jitter_below_mm"),
        daily: view.flag("daily"),
        tile_cells: view.number("tile_cells").map(|cells| cells as usize),
        variables: ClimateVariable::ALL.into_iter().filter_map(variable).collect(),
        city: view.asked("city").map(|view| city(&view)),
        indices: indices(&view.inner("indices")),
        weather: view.asked("weather").map(|view| weather(&view)),
    }
}

fn grouping(view: &View<'_>) -> ClimateGrouping {
    match view.text("grouping").as_deref() {
        Some("all") => ClimateGrouping::All,
        Some(_) => ClimateGrouping::Month,
        None => view.with_table("grouping", |window| ClimateGrouping::DayOfYear {
            window: window.integer("day_of_year_window") as u16,
            pool: window.known_choice("pool", &WindowPool::ALL, WindowPool::name),
        }),
    }
}

fn variable(variable: ClimateVariable, view: &View<'_>) -> AdjustedVariable {
    let mut models: Vec<ModelRuns> = match view.all_named("model") {
        several if !several.is_empty() => several.iter().map(|(name, view)| runs(name, view)).collect(),
        _ => vec![runs(ModelRuns::ONLY, view)],
    };
    // The same order for all variables, as each has the same models.
    models.sort_by(|one, other| one.name.cmp(&other.name));
    AdjustedVariable {
        variable,
        name_in_files: view.text("name_in_files"),
        method: view.choice("method", &AdjustmentMethod::ALL, AdjustmentMethod::name),
        kind: view.choice("kind", &BiasKind::ALL, BiasKind::name).unwrap_or(variable.usual_kind()),
        reference: view.path_or_paths("reference"),
        models,
    }
}

fn runs(name: &str, view: &View<'_>) -> ModelRuns {
    let mut future = view.named("future", |node| Some(files(view.folder, node)));
    future.sort_by(|one, other| one.0.cmp(&other.0));
    ModelRuns { name: name.to_owned(), historical: view.path_or_paths("historical"), future }
}

fn city(view: &View<'_>) -> CityLayer {
    let places = match view.path("stations") {
        Some(file) => CityPlaces::Stations(file),
        None => CityPlaces::Raster { elevation: view.needed_path("elevation"), cell_m: view.known_number("cell_m") },
    };
    let covariate = |(name, view): (String, View<'_>)| Covariate {
        name,
        raster: view.path("raster"),
        at_reference: view.known_number("at_reference"),
        tasmin_k: view.known_number("tasmin_k"),
        tasmax_k: view.known_number("tasmax_k"),
    };
    CityLayer {
        places,
        reference_elevation_m: view.number("reference_elevation_m"),
        temperature_gradient_k_per_km: view.months("temperature_gradient_k_per_km"),
        precipitation_gradient_per_km: view.known_number("precipitation_gradient_per_km"),
        covariates: view.all_named("covariate").into_iter().map(covariate).collect(),
    }
}

fn indices(view: &View<'_>) -> Indices {
    Indices {
        tropical_night_c: view.known_number("tropical_night_c"),
        summer_day_c: view.known_number("summer_day_c"),
        hot_day_c: view.known_number("hot_day_c"),
        heat_wave_tasmin_c: view.known_number("heat_wave_tasmin_c"),
        heat_wave_tasmax_c: view.known_number("heat_wave_tasmax_c"),
        heat_wave_days: view.integer("heat_wave_days") as u16,
        heat_wave_percentile: view.known_number("heat_wave_percentile"),
        heating_base_c: view.known_number("heating_base_c"),
        cooling_base_c: view.known_number("cooling_base_c"),
        population: view.path("population"),
    }
}

fn weather(view: &View<'_>) -> DownscaledWeather {
    let year = match view.given("year").map(|(_, node)| &node.value) {
        Some(Value::Integer(year)) => WeatherOfYear::Projected(i32::try_from(*year).expect("years are checked")),
        _ => WeatherOfYear::Typical,
    };
    DownscaledWeather {
        method: view.known_choice("method", &HourlyMethod::ALL, HourlyMethod::name),
        donor: view.path("donor"),
        model: view.text("model"),
        future: view.text("future"),
        period: period(view, "period"),
        year,
        place: view.asked("place").map(|view| WeatherPlace {
            latitude: view.known_number("latitude"),
            longitude: view.known_number("longitude"),
            elevation_m: view.known_number("elevation_m"),
        }),
    }
}

fn period(view: &View<'_>, name: &str) -> Option<[i32; 2]> {
    view.given(name).and_then(|(_, node)| years(node))
}
