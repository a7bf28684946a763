//! What a city comes to, and what is known of its buildings.

use super::chunk::ChunkResult;
use super::rows::Row;
use super::zones::areas;
use crate::buildings::{Building, Known, Quality};
use crate::error::Error;
use crate::field::{FieldSpec, Values, energy as field};
use crate::inputs::EnergyInputs;
use crate::parallel::{Chunks, Runtime};
use crate::scenario::Fidelity;
use crate::stages::writing::{write_f64, write_i32};
use crate::stages::{FieldSink, Metric};

/// Numbers of a variant that are summed over the city.
const N_SUMS: usize = 7;
/// Kilowatt-hours of a gigawatt-hour.
const KWH_PER_GWH: f64 = 1e6;

/// Sums over a city.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// By variant: heating, cooling, hot water, energy bought, modules (kWh); hours too warm (h); heated buildings.
    pub of_variants: Vec<[f64; N_SUMS]>,
}

impl Totals {
    /// Adds up the sums of all ranks, chunk by chunk; collective.
    ///
    /// # Errors
    /// A rank that has ended.
    pub fn sum(runtime: &Runtime, chunks: &Chunks, own: Vec<Vec<f64>>, n_variants: usize) -> Result<Self, Error> {
        let all: Vec<usize> = (0..chunks.len()).collect();
        let gathered = runtime.gather(chunks, &all, Ok(own))?;
        let mut totals = Totals { of_variants: vec![[0.0; N_SUMS]; n_variants] };
        for sums in gathered {
            for (total, sums) in totals.of_variants.iter_mut().zip(sums.chunks_exact(N_SUMS)) {
                total.iter_mut().zip(sums).for_each(|(total, sum)| *total += sum);
            }
        }
        Ok(totals)
    }

    /// Named figures of the stage.
    pub fn metrics(&self, names: &[String], fidelity: Fidelity) -> Vec<(String, Metric)> {
        let [heating, cooling, hot_water, bought, _, too_warm, heated] = self.of_variants[0];
        let mut metrics = vec![
            ("fidelity".to_owned(), Metric::Text(fidelity.name().to_owned())),
            ("heated_buildings".to_owned(), Metric::Count(heated as u64)),
            ("heating_need_gwh".to_owned(), Metric::Number(heating / KWH_PER_GWH)),
            ("cooling_need_gwh".to_owned(), Metric::Number(cooling / KWH_PER_GWH)),
            ("hot_water_need_gwh".to_owned(), Metric::Number(hot_water / KWH_PER_GWH)),
            ("final_energy_gwh".to_owned(), Metric::Number(bought / KWH_PER_GWH)),
        ];
        if heated > 0.0 {
            metrics.push(("mean_hours_above_first_limit".to_owned(), Metric::Number(too_warm / heated)));
        }
        for (name, sums) in names.iter().zip(&self.of_variants).skip(1) {
            let saved = (self.of_variants[0][3] - sums[3]) / KWH_PER_GWH;
            metrics.push((format!("{name}.saved_final_energy_gwh"), Metric::Number(saved)));
        }
        metrics
    }
}

/// Sums over the buildings of a chunk, variant by variant.
pub fn sums_of(chunk: &ChunkResult, n_variants: usize) -> Vec<f64> {
    let of_variant = |variant: usize| {
        let mut sums = [0.0; N_SUMS];
        chunk.rows.iter().for_each(|rows| add(&mut sums, &rows[variant]));
        sums
    };
    (0..n_variants).flat_map(of_variant).collect()
}

fn add(sums: &mut [f64; N_SUMS], row: &Row) {
    // What is not heated has no temperatures.
    if !row.hours_above[0].is_finite() {
        return;
    }
    let of_row = [row.heating, row.cooling, row.hot_water, row.bought.iter().sum(), row.pv, row.hours_above[0], 1.0];
    sums.iter_mut().zip(of_row).for_each(|(sum, value)| *sum += value);
}

/// The fields that are written before anything is computed.
pub fn fields() -> Vec<FieldSpec> {
    vec![
        field::BUILDING_ID,
        field::ARCHETYPE,
        field::USE,
        field::USE_QUALITY,
        field::YEAR,
        field::YEAR_QUALITY,
        field::FLOOR_AREA,
        field::FLOOR_AREA_QUALITY,
        field::WALL_AREA,
        field::ROOF_AREA,
        field::WINDOW_AREA,
    ]
}

/// Writes who the buildings are and what was taken of them.
///
/// # Errors
/// The store cannot take it.
pub fn write_buildings(
    sink: &mut dyn FieldSink,
    inputs: &EnergyInputs,
    archetype_of: &[Option<usize>],
) -> Result<(), Error> {
    let EnergyInputs { buildings, archetypes, .. } = inputs;
    let text = |of: &dyn Fn(usize) -> String| -> Vec<String> { (0..buildings.len()).map(of).collect() };
    let archetype = |building: usize| archetype_of[building].map(|number| &archetypes.archetypes[number]);
    sink.write(&field::BUILDING_ID, Values::Text(&text(&|building| buildings[building].id.clone())))?;
    let codes = text(&|building| archetype(building).map_or_else(String::new, |archetype| archetype.code.clone()));
    sink.write(&field::ARCHETYPE, Values::Text(&codes))?;
    sink.write(&field::USE, Values::Text(&text(&|building| buildings[building].usage.value.name().to_owned())))?;
    let number = |of: &dyn Fn(&Building) -> i32| -> Vec<i32> { buildings.iter().map(of).collect() };
    write_i32(sink, &field::USE_QUALITY, &number(&|building| quality(&building.usage)))?;
    write_i32(sink, &field::YEAR, &number(&|building| building.year.value))?;
    write_i32(sink, &field::YEAR_QUALITY, &number(&|building| quality(&building.year)))?;
    write_i32(sink, &field::FLOOR_AREA_QUALITY, &number(&|building| quality(&building.floor_area)))?;
    let heated = |building: usize| archetype(building).map_or(0.0, |_| buildings[building].floor_area.value);
    write_f64(sink, &field::FLOOR_AREA, &(0..buildings.len()).map(heated).collect::<Vec<_>>())?;
    let of_areas: Vec<[f64; 3]> = (0..buildings.len())
        .map(|building| match archetype(building) {
            Some(archetype) => {
                let areas = areas(&buildings[building], archetype);
                [areas.wall, areas.roof, areas.window]
            }
            None => [f64::NAN; 3],
        })
        .collect();
    for (column, spec) in [&field::WALL_AREA, &field::ROOF_AREA, &field::WINDOW_AREA].into_iter().enumerate() {
        write_f64(sink, spec, &of_areas.iter().map(|areas| areas[column]).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn quality<T>(known: &Known<T>) -> i32 {
    let number = Quality::ALL.iter().position(|quality| *quality == known.quality);
    number.expect("all qualities are listed") as i32
}
