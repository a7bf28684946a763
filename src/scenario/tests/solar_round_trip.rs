//! Any tables of weather, buildings, sun and money that go together.

use proptest::prelude::*;

use super::round_trip::path;
use crate::buildings::Usage;
use crate::scenario::*;

/// The tables that a scenario with `[solar]` has.
#[derive(Debug, Clone, Default)]
pub(super) struct OfSun {
    pub weather: Option<Weather>,
    pub buildings: Option<Buildings>,
    pub solar: Option<Solar>,
    pub energy: Option<Energy>,
    pub feeder: Option<FeederScenario>,
    pub economy: Option<Economy>,
}

/// A sun that shines on buildings, a raster or both.
pub(super) fn of_sun() -> BoxedStrategy<OfSun> {
    let shone_on = prop_oneof![
        (buildings().prop_map(Some), proptest::option::of(raster())),
        (Just(None), raster().prop_map(Some)),
    ];
    (weather(), shone_on, solar(), proptest::option::of(photovoltaics()), economy())
        .prop_map(|(weather, (buildings, raster), solar, pv, economy)| {
            let mut solar = Solar { raster, pv, ..solar };
            if buildings.is_none() {
                solar = Solar { albedo: solar.albedo, sky_model: solar.sky_model, raster: solar.raster, ..plain() };
            }
            if solar.raster.is_some() && solar.sky_model == SkyModel::Perez1993 {
                solar.sky_model = SkyModel::Isotropic;
            }
            let economy = solar.pv.as_ref().and_then(|pv| pv.costs.map(|_| economy));
            OfSun { weather: Some(weather), buildings, solar: Some(solar), economy, ..OfSun::default() }
        })
        .boxed()
}

/// Sun with nothing but defaults, as the document of the scenario file names them.
pub(super) fn plain() -> Solar {
    Solar {
        albedo: 0.2,
        facade_albedo: 0.2,
        sky_model: SkyModel::Perez1990,
        surface_spacing_m: 1.0,
        facade_spacing_m: 2.0,
        sky_patches: SkyPatches::Tregenza145,
        sun_positions: SunPositions::Binned,
        reach_m: 1000.0,
        terrain: None,
        surroundings: None,
        hourly: false,
        tile_m: 500.0,
        raster: None,
        pv: None,
    }
}

pub(super) fn weather() -> impl Strategy<Value = Weather> {
    let file = prop_oneof![
        prop_oneof![path(".epw"), path(".EPW")].prop_map(WeatherFile::Epw),
        prop_oneof![path(".csv"), path(".CSV")].prop_map(WeatherFile::Tmy3),
    ];
    let radiation = proptest::sample::select(Radiation::ALL.to_vec());
    (file, 1900..=2100, radiation, 1.0..=15.0).prop_map(|(file, sun_year, radiation, turbidity)| Weather {
        file,
        sun_year,
        radiation,
        linke_turbidity: (radiation == Radiation::ClearSky).then_some(turbidity),
    })
}

pub(super) fn buildings() -> impl Strategy<Value = Buildings> {
    let files = proptest::collection::vec(prop_oneof![path(".city.json"), path(".jsonl")], 1..4);
    (files, proptest::option::of("[0-3](\\.[0-3])?")).prop_map(|(mut files, lod)| {
        for (number, file) in files.iter_mut().enumerate() {
            let name = format!("{number}{}", file.file_name().unwrap().to_str().unwrap());
            *file = file.with_file_name(name);
        }
        Buildings { cityjson: files, lod, ..without_energy() }
    })
}

/// Buildings with nothing but the defaults of what energy alone uses.
pub(super) fn without_energy() -> Buildings {
    Buildings {
        cityjson: Vec::new(),
        lod: None,
        table: None,
        archetypes: None,
        layers: None,
        attributes: AttributeNames::default(),
        default_year: 1970,
        default_use: Usage::Residential,
        storey_height_m: 2.9,
    }
}

fn solar() -> impl Strategy<Value = Solar> {
    let share = || 0.0..=1.0;
    let sky = (
        proptest::sample::select(SkyModel::ALL.to_vec()),
        proptest::sample::select(SkyPatches::ALL.to_vec()),
        proptest::sample::select(SunPositions::ALL.to_vec()),
    );
    let rasters = (proptest::option::of(path(".tif")), proptest::option::of(path(".TIFF")));
    let lengths = (1e-3..=100.0, 1e-3..=100.0, 1.0..=20_000.0, 10.0..=100_000.0);
    (share(), share(), sky, lengths, rasters, any::<bool>()).prop_map(
        |(albedo, facade_albedo, sky, lengths, (terrain, surroundings), hourly)| Solar {
            albedo,
            facade_albedo,
            sky_model: sky.0,
            surface_spacing_m: lengths.0,
            facade_spacing_m: lengths.1,
            sky_patches: sky.1,
            sun_positions: sky.2,
            reach_m: lengths.2,
            terrain,
            surroundings,
            hourly,
            tile_m: lengths.3,
            raster: None,
            pv: None,
        },
    )
}

fn raster() -> impl Strategy<Value = SolarRaster> {
    let cells = proptest::sample::select(CellPlanes::ALL.to_vec());
    let days = proptest::collection::btree_set((1u8..=12, 1u8..=28), 0..4);
    let sizes = (2usize..=180, proptest::option::of(1.0..=1e6), 16usize..=65_536);
    (path(".tiff"), sizes, cells, any::<(bool, bool)>(), days).prop_map(
        |(dsm, (pairs, reach_m, tile_cells), cells, (monthly, horizons), days)| SolarRaster {
            dsm,
            directions: 2 * pairs,
            reach_m,
            cells,
            tile_cells,
            monthly,
            horizons,
            hourly_days: days.into_iter().rev().collect(),
        },
    )
}

fn photovoltaics() -> impl Strategy<Value = Photovoltaics> {
    let shares = (1e-3..=1.0, 1e-3..=1.0, 1e-3..=1.0, 0.0..1.0, 1e-3..=1.0);
    let limits = (0.0..=1e6, 0.0..=10_000.0, 0.0..=10.0);
    let angles = (0.0..=90.0, 0.0..=90.0, 0.0..360.0);
    let electric = (-0.02..=0.0, 0.1..=10.0, proptest::option::of(0.0..=10.0));
    let cell_temperature = proptest::sample::select(CellTemperature::ALL.to_vec());
    (any::<bool>(), shares, limits, angles, (electric, cell_temperature), proptest::option::of(costs())).prop_map(
        |(facades, shares, limits, angles, (electric, cell_temperature), costs)| Photovoltaics {
            facades,
            min_area_m2: limits.0,
            min_irradiation_kwh_m2: limits.1,
            usable_share_sloped: shares.0,
            usable_share_flat: shares.1,
            setback_m: limits.2,
            flat_below_deg: angles.0,
            stand_tilt_deg: angles.1,
            stand_azimuth_deg: angles.2,
            power_density_kw_m2: shares.2,
            cell_temperature,
            temperature_coefficient_per_k: electric.0,
            losses: shares.3,
            inverter_efficiency: shares.4,
            dc_ac_ratio: electric.1,
            avoided_kg_co2_per_kwh: electric.2,
            costs,
        },
    )
}

fn costs() -> impl Strategy<Value = PvCosts> {
    let money = || 0.0..=1e9;
    (money(), money(), 1usize..=100, 0.0..1.0, 0.0..=1.0, money(), money()).prop_map(
        |(investment, operation, lifetime_years, degradation, self_consumption, bought, sold)| PvCosts {
            investment_per_kwp: investment,
            operation_per_kwp_year: operation,
            lifetime_years,
            degradation,
            self_consumption,
            electricity_price_per_kwh: bought,
            feed_in_price_per_kwh: sold,
        },
    )
}

pub(super) fn economy() -> impl Strategy<Value = Economy> {
    ("[A-Z]{3}", 1900..=2100, -0.05..=0.5).prop_map(|(currency, price_year, discount_rate)| Economy {
        currency,
        price_year,
        discount_rate,
        measure_costs: None,
        carriers: Vec::new(),
    })
}
