//! Any `[climate]` whose tables go together.

use proptest::prelude::*;

use super::round_trip::{line_of_text, numbered, path};
use crate::scenario::*;

/// The weather of a file, or that of the climate where it makes one that is enough and the name of the file has it so.
pub(super) fn downscaled(weather: Weather, energy: Option<&Energy>, climate: Option<&Climate>) -> Weather {
    let is_even = matches!(&weather.file, WeatherFile::Epw(file) if file.to_string_lossy().len() % 2 == 0);
    let needs_infrared = energy.is_some_and(|energy| energy.sky_temperature == SkyTemperature::Weather);
    let made = climate.and_then(|climate| climate.weather.as_ref());
    let is_enough = made.is_some_and(|made| made.method != HourlyMethod::Geometry || !needs_infrared);
    match is_enough && is_even {
        true => Weather { file: WeatherFile::Downscaled, ..weather },
        false => weather,
    }
}

/// The table and those below it.
pub(super) fn climate() -> BoxedStrategy<Climate> {
    let words = (
        proptest::sample::select(AdjustmentMethod::ALL.to_vec()),
        grouping(),
        proptest::sample::select(Interpolation::ALL.to_vec()),
        proptest::sample::select(RankAmong::ALL.to_vec()),
        proptest::sample::select(CalendarRule::ALL.to_vec()),
        proptest::sample::select(Regrid::ALL.to_vec()),
    );
    let numbers = (2usize..=1000, 1usize..=1000, 1e-3..=100.0, 0.0..=10.0, any::<bool>());
    let uses = (proptest::option::of(city()), indices(), proptest::option::of(weather()));
    let tables = (period(), periods(), variables().boxed(), uses.boxed());
    (words.boxed(), numbers.boxed(), tables.boxed())
        .prop_map(|(words, numbers, (reference_period, future_periods, variables, (city, indices, weather)))| {
            let climate = Climate {
                method: words.0,
                grouping: words.1,
                interpolation: words.2,
                quantiles: numbers.0,
                rank_among: words.3,
                reference_period,
                future_periods,
                calendar: words.4,
                regrid: words.5,
                iterations: numbers.1,
                wet_day_mm: numbers.2,
                jitter_below_mm: numbers.3,
                daily: numbers.4,
                tile_cells: None,
                variables,
                city,
                indices,
                weather: None,
            };
            let climate = with_methods_that_go(climate);
            let weather = weather.and_then(|weather| that_can_be_made(weather, &climate));
            Climate { weather, ..climate }
        })
        .boxed()
}

/// The same with methods of its variables that need nothing else.
fn with_methods_that_go(mut climate: Climate) -> Climate {
    use AdjustmentMethod as Method;
    let is_particular = |method| {
        let of_several = [Method::Multivariate, Method::Isimip3, Method::Isimip3Nonparametric];
        of_several.contains(&method) || method == Method::LocalIntensityScaling
    };
    let regrids = climate.regrid != Regrid::None;
    let goes =
        |method: Method| !is_particular(method) && (regrids || method != Method::QuantilePreservingLocalizedAnalogues);
    for variable in &mut climate.variables {
        let is_right = |method| match method {
            Method::LocalIntensityScaling => variable.variable == ClimateVariable::Pr,
            Method::Isimip3 => {
                climate.grouping != ClimateGrouping::All
                    && !matches!(variable.variable, ClimateVariable::Tasmin | ClimateVariable::Tasmax)
            }
            other => goes(other),
        };
        if !is_right(variable.method.unwrap_or(climate.method)) {
            variable.method = Some(Method::DeltaChange);
        }
    }
    climate
}

/// Hours that the variables are enough for, of a year and runs that there are.
fn that_can_be_made(mut weather: DownscaledWeather, climate: &Climate) -> Option<DownscaledWeather> {
    let all: Vec<ClimateVariable> = climate.variables.iter().map(|variable| variable.variable).collect();
    let has = |names: &[&str]| names.iter().all(|name| all.iter().any(|variable| variable.name() == *name));
    if !has(&["tas"]) && !has(&["tasmin", "tasmax"]) {
        return None;
    }
    if !(has(&["rsds", "sfcWind"]) && (has(&["hurs"]) || has(&["huss"]))) {
        weather.method = HourlyMethod::Morphing;
    }
    if weather.method == HourlyMethod::Geometry && !has(&["tasmin", "tasmax"]) {
        weather.method = HourlyMethod::Analogue;
        weather.donor.get_or_insert("d.epw".into());
    }
    match weather.method {
        HourlyMethod::Morphing => (weather.place, weather.year) = (None, WeatherOfYear::Typical),
        HourlyMethod::Geometry => weather.donor = None,
        HourlyMethod::Analogue => {}
    }
    if weather.method == HourlyMethod::Geometry && weather.place.is_none() {
        weather.place = Some(WeatherPlace { latitude: -90.0, longitude: 360.0, elevation_m: 0.1 });
    }
    let models = &climate.variables[0].models;
    weather.model = weather.model.take().map(|_| models[models.len() - 1].name.clone()).or(match &models[..] {
        [_] => None,
        [first, ..] => Some(first.name.clone()),
        [] => unreachable!("a variable has a model"),
    });
    let futures = &models[0].future;
    weather.future = weather.future.take().or((futures.len() > 1).then_some(String::new()));
    weather.future = weather.future.map(|_| futures[0].0.clone());
    weather.period = (climate.future_periods.len() > 1).then(|| climate.future_periods[0]);
    if let WeatherOfYear::Projected(year) = &mut weather.year {
        *year = climate.future_periods[0][1];
    }
    Some(weather)
}

fn grouping() -> impl Strategy<Value = ClimateGrouping> {
    let window = (0u16..=90, proptest::sample::select(WindowPool::ALL.to_vec()));
    prop_oneof![
        Just(ClimateGrouping::All),
        Just(ClimateGrouping::Month),
        window.prop_map(|(half, pool)| ClimateGrouping::DayOfYear { window: 2 * half + 1, pool }),
    ]
}

fn period() -> impl Strategy<Value = [i32; 2]> {
    (-10_000..=10_000, -10_000..=10_000).prop_map(|(one, other): (i32, i32)| [one.min(other), one.max(other)])
}

/// Periods that do not overlap, in order.
fn periods() -> impl Strategy<Value = Vec<[i32; 2]>> {
    let years = proptest::collection::btree_set(-10_000..=10_000, 2..9);
    years.prop_map(|years| {
        let years: Vec<i32> = years.into_iter().collect();
        years.chunks_exact(2).map(|pair| [pair[0], pair[1]]).collect()
    })
}

fn name() -> &'static str {
    "[a-zA-Z0-9_-]{1,8}"
}

fn files() -> impl Strategy<Value = Vec<PathBuf>> {
    let paths = proptest::collection::vec(prop_oneof![path(".nc"), path(".nc4")], 1..3);
    paths.prop_map(|paths| paths.iter().enumerate().map(|(number, path)| numbered(path, number)).collect())
}

/// Some variables, each with the same models, each of which has the same emission scenarios.
fn variables() -> impl Strategy<Value = Vec<AdjustedVariable>> {
    let names = || proptest::collection::btree_set(name(), 1..4);
    let models = prop_oneof![Just([ModelRuns::ONLY.to_owned()].into()), names()];
    let some = proptest::sample::subsequence(ClimateVariable::ALL.to_vec(), 1..=9);
    (some, models, names()).prop_flat_map(|(variables, models, futures)| {
        let variable = move |variable| {
            let future = || futures.iter().map(|name| (Just(name.clone()), files())).collect::<Vec<_>>();
            let runs = |name: &String| {
                (Just(name.clone()), files(), future())
                    .prop_map(|(name, historical, future)| ModelRuns { name, historical, future })
                    .boxed()
            };
            let kinds = if variable == ClimateVariable::Pr { BiasKind::ALL.to_vec() } else { vec![BiasKind::Additive] };
            let method = proptest::option::of(proptest::sample::select(AdjustmentMethod::ALL.to_vec()));
            let own = (proptest::option::of(line_of_text()), method, proptest::sample::select(kinds), files());
            (own, models.iter().map(runs).collect::<Vec<_>>()).prop_map(
                move |((name_in_files, method, kind, reference), models)| AdjustedVariable {
                    variable,
                    name_in_files,
                    method,
                    kind,
                    reference,
                    models,
                },
            )
        };
        variables.into_iter().map(variable).collect::<Vec<_>>()
    })
}

fn city() -> impl Strategy<Value = CityLayer> {
    let raster = (path(".tif"), 1.0..=1e5).prop_map(|(elevation, cell_m)| CityPlaces::Raster { elevation, cell_m });
    let places = prop_oneof![raster, path(".csv.gz").prop_map(CityPlaces::Stations)];
    let gradients = proptest::array::uniform12(-20.0..=20.0);
    let covariate = (path(".TIFF"), -1e6..=1e6, -1e3..=1e3, -1e3..=1e3);
    let covariates = proptest::collection::btree_map(line_of_text(), covariate, 0..3);
    let elevation = proptest::option::of(-500.0..=9000.0);
    (places, elevation, gradients, -1.0..=10.0, covariates).prop_map(
        |(places, reference_elevation_m, gradients, precipitation, covariates)| {
            let of_cells = matches!(places, CityPlaces::Raster { .. });
            let covariate = |(name, (raster, at_reference, tasmin_k, tasmax_k))| Covariate {
                name,
                raster: Some(raster).filter(|_| of_cells),
                at_reference,
                tasmin_k,
                tasmax_k,
            };
            CityLayer {
                covariates: covariates.into_iter().map(covariate).collect(),
                places,
                reference_elevation_m,
                temperature_gradient_k_per_km: gradients,
                precipitation_gradient_per_km: precipitation,
            }
        },
    )
}

fn indices() -> impl Strategy<Value = Indices> {
    let celsius = proptest::array::uniform7(-60.0..=60.0);
    let population = proptest::option::of(prop_oneof![path(".tif"), path(".csv")]);
    (celsius, 1u16..=90, 50.0..100.0, population).prop_map(|(celsius, days, percentile, population)| Indices {
        tropical_night_c: celsius[0],
        summer_day_c: celsius[1],
        hot_day_c: celsius[2],
        heat_wave_tasmin_c: celsius[3],
        heat_wave_tasmax_c: celsius[4],
        heat_wave_days: days,
        heat_wave_percentile: percentile,
        heating_base_c: celsius[5],
        cooling_base_c: celsius[6],
        population,
    })
}

fn weather() -> impl Strategy<Value = DownscaledWeather> {
    let method = proptest::sample::select(HourlyMethod::ALL.to_vec());
    let place = (-90.0..=90.0, -180.0..=360.0, -500.0..=9000.0)
        .prop_map(|(latitude, longitude, elevation_m)| WeatherPlace { latitude, longitude, elevation_m });
    let year = prop_oneof![Just(WeatherOfYear::Typical), Just(WeatherOfYear::Projected(0))];
    let names = (proptest::option::of(name()), proptest::option::of(name()));
    (method, path(".epw"), names, year, proptest::option::of(place)).prop_map(
        |(method, donor, (model, future), year, place)| DownscaledWeather {
            method,
            donor: Some(donor),
            model,
            future,
            period: None,
            year,
            place,
        },
    )
}
