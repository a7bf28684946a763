//! What a building comes to, as a row of numbers, and rows as fields.

use conurb_energy::carriers::N_CARRIERS;
use conurb_energy::demand::BuildingDemand;
use conurb_energy::kpi::N_MONTHS;
use ndarray::{ArrayView1, ArrayView2, ArrayView3};

use super::chunk::ChunkResult;
use super::simulate::Outcome;
use super::worth::Worth;
use crate::error::Error;
use crate::field::{FieldSpec, Values, energy as field};
use crate::stages::FieldSink;

/// Watt-hours of a kilowatt-hour.
const WH_PER_KWH: f64 = 1000.0;

/// What one variant of a building comes to in a year.
#[derive(Debug, Clone)]
pub struct Row {
    /// Heat that heating gives (kWh).
    pub heating: f64,
    /// By month (kWh).
    pub monthly_heating: [f64; N_MONTHS],
    /// Heat that cooling takes (kWh).
    pub cooling: f64,
    /// By month (kWh).
    pub monthly_cooling: [f64; N_MONTHS],
    /// Largest heating power (W).
    pub peak_heating: f64,
    /// Heating power that 99 % of hours do not exceed (W).
    pub heating_p99: f64,
    /// Largest cooling power (W).
    pub peak_cooling: f64,
    /// Solar heat through windows (kWh).
    pub solar_gains: f64,
    /// Hot water (kWh).
    pub hot_water: f64,
    /// Electricity of appliances and light (kWh).
    pub appliances: f64,
    /// Hours above the limits of operative temperature.
    pub hours_above: [f64; 2],
    /// Degree-hours above the first limit (K h).
    pub degree_hours: f64,
    /// Lowest operative temperature (°C).
    pub coldest: f64,
    /// Highest operative temperature (°C).
    pub warmest: f64,
    /// Hours that full heating does not serve.
    pub unmet_heating: f64,
    /// Energy bought of each carrier as calculated (kWh).
    pub bought: [f64; N_CARRIERS],
    /// Largest electric power drawn (W).
    pub peak_electricity: f64,
    /// Electricity of modules (kWh).
    pub pv: f64,
    /// Part of it that the building uses (kWh).
    pub pv_used: f64,
    /// Capacity of its modules (kW).
    pub modules_kw: f64,
    /// Heat that it needs on the design day (kW).
    pub design_load_kw: f64,
    /// Conditioned floor area (m²).
    pub floor_area: f64,
    /// All that it buys; none of what is not heated.
    pub demand: Option<BuildingDemand>,
    /// What that comes to.
    pub worth: Worth,
}

impl Row {
    /// Puts together what a lane came to.
    pub fn new(outcome: &Outcome, floor_area: f64, (design_load_kw, modules_kw): (f64, f64)) -> Self {
        let Outcome { kpi, demand, .. } = outcome;
        Row {
            heating: kpi.heating_need / WH_PER_KWH,
            monthly_heating: kpi.heating_by_month.map(|need| need / WH_PER_KWH),
            cooling: kpi.cooling_need / WH_PER_KWH,
            monthly_cooling: kpi.cooling_by_month.map(|need| need / WH_PER_KWH),
            peak_heating: kpi.peak_heating.map_or(0.0, |peak| peak.value),
            heating_p99: outcome.heating_p99,
            peak_cooling: kpi.peak_cooling.map_or(0.0, |peak| peak.value),
            solar_gains: kpi.solar_gains / WH_PER_KWH,
            hot_water: demand.hot_water_need,
            appliances: demand.appliances,
            hours_above: kpi.hours_above,
            degree_hours: kpi.degree_hours_above[0],
            coldest: kpi.temp_operative.min,
            warmest: kpi.temp_operative.max,
            unmet_heating: kpi.unmet_heating,
            bought: demand.bought(1.0).0,
            peak_electricity: demand.peak_import,
            pv: demand.pv,
            pv_used: demand.pv_used,
            modules_kw,
            design_load_kw,
            floor_area,
            demand: Some(*demand),
            worth: Worth::NONE,
        }
    }

    /// A building that is neither heated nor cooled, nor lit.
    pub fn unheated() -> Self {
        Row {
            heating: 0.0,
            monthly_heating: [0.0; N_MONTHS],
            cooling: 0.0,
            monthly_cooling: [0.0; N_MONTHS],
            peak_heating: 0.0,
            heating_p99: 0.0,
            peak_cooling: 0.0,
            solar_gains: f64::NAN,
            hot_water: 0.0,
            appliances: 0.0,
            hours_above: [f64::NAN; 2],
            degree_hours: f64::NAN,
            coldest: f64::NAN,
            warmest: f64::NAN,
            unmet_heating: 0.0,
            bought: [0.0; N_CARRIERS],
            peak_electricity: 0.0,
            pv: 0.0,
            pv_used: 0.0,
            modules_kw: 0.0,
            design_load_kw: 0.0,
            floor_area: f64::NAN,
            demand: None,
            worth: Worth::NONE,
        }
    }
}

/// A field of the building as it is, and where its value stands in a row.
pub type OfBuilding = (FieldSpec, fn(&Row) -> f64);

const OF_BUILDINGS: [OfBuilding; 15] = [
    (field::HEATING_P99, |row| row.heating_p99),
    (field::HEATING_NEED, |row| row.heating),
    (field::HEATING_INTENSITY, |row| row.heating / row.floor_area),
    (field::COOLING_NEED, |row| row.cooling),
    (field::PEAK_HEATING, |row| row.peak_heating),
    (field::PEAK_COOLING, |row| row.peak_cooling),
    (field::SOLAR_GAINS, |row| row.solar_gains),
    (field::HOT_WATER_NEED, |row| row.hot_water),
    (field::APPLIANCES, |row| row.appliances),
    (field::HOURS_TOO_WARM, |row| row.hours_above[0]),
    (field::HOURS_FAR_TOO_WARM, |row| row.hours_above[1]),
    (field::DEGREE_HOURS, |row| row.degree_hours),
    (field::COLDEST, |row| row.coldest),
    (field::WARMEST, |row| row.warmest),
    (field::UNMET_HEATING, |row| row.unmet_heating),
];

const OF_PACKAGES: [OfBuilding; 10] = [
    (field::PACKAGE_HEATING, |row| row.heating),
    (field::PACKAGE_COOLING, |row| row.cooling),
    (field::PACKAGE_PEAK_HEATING, |row| row.peak_heating),
    (field::PACKAGE_PEAK_COOLING, |row| row.peak_cooling),
    (field::PACKAGE_HOURS_TOO_WARM, |row| row.hours_above[0]),
    (field::PEAK_ELECTRICITY, |row| row.peak_electricity),
    (field::PV_YIELD, |row| row.pv),
    (field::PV_USED, |row| row.pv_used),
    (field::SELF_SUFFICIENCY, |row| of_demand(row, BuildingDemand::self_sufficiency)),
    (field::SEASONAL_PERFORMANCE, |row| of_demand(row, BuildingDemand::seasonal_performance)),
];

/// A figure of what a building buys, NaN where there is none.
fn of_demand(row: &Row, figure: fn(&BuildingDemand) -> Option<f64>) -> f64 {
    row.demand.as_ref().and_then(figure).unwrap_or(f64::NAN)
}

/// The fields that are written here; `more` are further ones of packages.
pub fn fields(more: &[OfBuilding]) -> Vec<FieldSpec> {
    let mut fields: Vec<FieldSpec> = OF_BUILDINGS.iter().map(|(spec, _)| spec.clone()).collect();
    fields.extend([field::MONTHLY_HEATING, field::MONTHLY_COOLING]);
    fields.extend(OF_PACKAGES.iter().chain(more).map(|(spec, _)| spec.clone()));
    fields.push(field::FINAL_ENERGY);
    fields
}

/// Announces them, and `more` of packages, for so many buildings and variants.
///
/// # Errors
/// The store cannot take them.
pub fn create(
    sink: &mut dyn FieldSink,
    more: &[OfBuilding],
    (n_buildings, n_variants): (usize, usize),
) -> Result<(), Error> {
    OF_BUILDINGS.iter().try_for_each(|(spec, _)| sink.create(spec, &[n_buildings]))?;
    for spec in [field::MONTHLY_HEATING, field::MONTHLY_COOLING] {
        sink.create(&spec, &[N_MONTHS, n_buildings])?;
    }
    OF_PACKAGES.iter().chain(more).try_for_each(|(spec, _)| sink.create(spec, &[n_variants, n_buildings]))?;
    sink.create(&field::FINAL_ENERGY, &[N_CARRIERS, n_variants, n_buildings])
}

/// Writes the rows of some chunks of this rank; collective, with any number of chunks.
///
/// # Errors
/// The store cannot take them.
pub fn write(
    sink: &mut dyn FieldSink,
    more: &[OfBuilding],
    n_variants: usize,
    chunks: &[ChunkResult],
) -> Result<(), Error> {
    for (spec, value) in &OF_BUILDINGS {
        let values: Vec<Vec<f64>> = chunks.iter().map(|chunk| chunk.of_variant(0, value)).collect();
        let parts = chunks.iter().zip(&values);
        let parts: Vec<_> = parts
            .map(|(chunk, values)| (vec![chunk.first], Values::F64(ArrayView1::from(values).into_dyn())))
            .collect();
        sink.write_parts(spec, &parts)?;
    }
    write_months(sink, &field::MONTHLY_HEATING, chunks, |row, month| row.monthly_heating[month])?;
    write_months(sink, &field::MONTHLY_COOLING, chunks, |row, month| row.monthly_cooling[month])?;
    for (spec, value) in OF_PACKAGES.iter().chain(more) {
        write_packages(sink, spec, n_variants, chunks, value)?;
    }
    let values: Vec<Vec<f64>> = chunks
        .iter()
        .map(|chunk| {
            let of = |carrier: usize| {
                (0..n_variants)
                    .flat_map(move |variant| chunk.of_variant(variant, &move |row: &Row| row.bought[carrier]))
            };
            (0..N_CARRIERS).flat_map(of).collect()
        })
        .collect();
    let parts = chunks.iter().zip(&values).map(|(chunk, values)| {
        let view = ArrayView3::from_shape((N_CARRIERS, n_variants, chunk.n_buildings()), values);
        (vec![0, 0, chunk.first], Values::F64(view.expect("a value for each").into_dyn()))
    });
    sink.write_parts(&field::FINAL_ENERGY, &parts.collect::<Vec<_>>())
}

/// Writes a field over packages and buildings.
///
/// # Errors
/// The store cannot take it.
pub fn write_packages(
    sink: &mut dyn FieldSink,
    spec: &FieldSpec,
    n_variants: usize,
    chunks: &[ChunkResult],
    value: &dyn Fn(&Row) -> f64,
) -> Result<(), Error> {
    let of_chunk = |chunk: &ChunkResult| -> Vec<f64> {
        (0..n_variants).flat_map(|variant| chunk.of_variant(variant, value)).collect()
    };
    let values: Vec<Vec<f64>> = chunks.iter().map(of_chunk).collect();
    let parts = chunks.iter().zip(&values).map(|(chunk, values)| {
        let view = ArrayView2::from_shape((n_variants, chunk.n_buildings()), values);
        (vec![0, chunk.first], Values::F64(view.expect("a value for each").into_dyn()))
    });
    sink.write_parts(spec, &parts.collect::<Vec<_>>())
}

fn write_months(
    sink: &mut dyn FieldSink,
    spec: &FieldSpec,
    chunks: &[ChunkResult],
    value: impl Fn(&Row, usize) -> f64,
) -> Result<(), Error> {
    let of_chunk = |chunk: &ChunkResult| -> Vec<f64> {
        (0..N_MONTHS).flat_map(|month| chunk.of_variant(0, &|row: &Row| value(row, month))).collect()
    };
    let values: Vec<Vec<f64>> = chunks.iter().map(of_chunk).collect();
    let parts = chunks.iter().zip(&values).map(|(chunk, values)| {
        let view = ArrayView2::from_shape((N_MONTHS, chunk.n_buildings()), values);
        (vec![0, chunk.first], Values::F64(view.expect("a value for each").into_dyn()))
    });
    sink.write_parts(spec, &parts.collect::<Vec<_>>())
}
