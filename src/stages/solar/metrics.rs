//! Figures of the solar stages for reports, and what is odd about results.

use super::results::SurfaceRow;
use super::sky::Sky;
use super::tables::Totals;
use crate::city::City;
use crate::error::Warning;
use crate::stages::Metric;

/// Change by leaving out every other point that is told: then the points are too few.
const COARSE: f64 = 0.05;
/// Slivers between roofs have few points and little energy; smaller surfaces than this are not counted (m²).
const LEAST_AREA_M2: f64 = 5.0;

/// A metric that is a word.
pub fn text(name: &str, value: &str) -> (String, Metric) {
    (name.to_owned(), Metric::Text(value.to_owned()))
}

/// A metric that is a number.
pub fn number(name: &str, value: f64) -> (String, Metric) {
    (name.to_owned(), Metric::Number(value))
}

/// A metric that is a count.
pub fn count(name: &str, value: usize) -> (String, Metric) {
    (name.to_owned(), Metric::Count(value as u64))
}

/// Figures of a city.
pub fn of_surfaces(city: &City, rows: &[Option<SurfaceRow>], totals: &Totals, sky: &Sky) -> Vec<(String, Metric)> {
    let points: f64 = rows.iter().flatten().map(|row| row.n_points).sum();
    let mut metrics = vec![
        count("buildings", city.buildings.len()),
        count("surfaces", city.surfaces.len()),
        count("sample_points", points as usize),
        count("sun_positions", sky.suns.n_bins()),
        count("sky_patches", sky.patches.n_patches()),
        number("global_horizontal_irradiation_kwh_m2", sky.annual_ghi / 1000.0),
        number("roof_area_m2", totals.roof_area),
        number("roof_irradiation_kwh", totals.roof_irradiation),
        number("wall_area_m2", totals.wall_area),
        number("wall_irradiation_kwh", totals.wall_irradiation),
    ];
    if totals.n_plants > 0 {
        metrics.extend([
            count("pv_surfaces", totals.n_plants),
            number("pv_area_m2", totals.plant.area),
            number("pv_capacity_kw", totals.plant.capacity),
            number("pv_yield_kwh", totals.plant.yield_kwh),
        ]);
    }
    metrics.extend(totals.avoided_kg.map(|kg| number("pv_avoided_emissions_kg", kg)));
    if let Some(worth) = totals.worth {
        metrics.extend([
            number("pv_investment", worth.investment),
            number("pv_levelised_cost_per_kwh", worth.levelised_cost),
            number("pv_net_present_value", worth.net_present_value),
        ]);
        if worth.payback_years.is_finite() {
            metrics.push(number("pv_payback_years", worth.payback_years));
        }
    }
    // Nothing per kilowatt-hour is known of plants without a yield.
    metrics.retain(|(_, metric)| !matches!(metric, Metric::Number(number) if !number.is_finite()));
    metrics
}

/// Surfaces whose irradiation depends on where their points are.
pub fn coarse_sampling(city: &City, rows: &[Option<SurfaceRow>]) -> Option<Warning> {
    let is_large = |row: &&SurfaceRow| city.surfaces[row.surface].shape.exposed_area >= LEAST_AREA_M2;
    let coarse = rows.iter().flatten().filter(|row| row.sampling_change > COARSE).filter(is_large);
    let coarse: Vec<&SurfaceRow> = coarse.collect();
    let worst = coarse.iter().max_by(|a, b| a.sampling_change.total_cmp(&b.sampling_change))?;
    let building = &city.buildings[city.surfaces[worst.surface].building];
    let message = format!(
        "{} surfaces of at least {LEAST_AREA_M2} m² change by more than {} % if every other sample point is left out, most one of {building} ({:.0} %); a smaller solar.surface_spacing_m or solar.facade_spacing_m resolves them better",
        coarse.len(),
        COARSE * 100.0,
        worst.sampling_change * 100.0
    );
    Some(Warning::new("coarse_sampling", coarse.len(), message))
}
