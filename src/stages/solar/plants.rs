//! Photovoltaic plants on surfaces: where they fit, what they yield, cost and save.

use conurb_geometry::Kind;
use conurb_solar::pv::{Appraisal, CellTemperature as Model, Investment, PvHours, PvSystem, ac_energy, appraise};

use super::irradiation::{Hourly, irradiance_of_patches, patch_weights};
use super::shade::Shade;
use super::sky::Sky;
use super::year::SolarYear;
use crate::city::CityFace;
use crate::error::Error;
use crate::scenario::{CellTemperature, Economy, Photovoltaics, Solar};

/// What every plant of a run has in common.
pub struct Plants<'a> {
    pv: &'a Photovoltaics,
    economy: Option<&'a Economy>,
    system: PvSystem,
    hours: PvHours,
    /// Normal of modules on stands, east, north and up of the map grid.
    stand: [f64; 3],
}

/// Modules on one surface.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Plant {
    /// Area of modules (m²); 0 where there are none.
    pub area: f64,
    /// Peak power (kW).
    pub capacity: f64,
    /// AC yield of the first year (kWh).
    pub yield_kwh: f64,
}

/// What one plant or several together come to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Worth {
    /// Investment.
    pub investment: f64,
    /// Levelised cost per kWh.
    pub levelised_cost: f64,
    /// Net present value.
    pub net_present_value: f64,
    /// Years until it has paid for itself; NaN where it never does.
    pub payback_years: f64,
}

impl Plant {
    /// Adds another.
    pub fn add(&mut self, other: &Plant) {
        self.area += other.area;
        self.capacity += other.capacity;
        self.yield_kwh += other.yield_kwh;
    }
}

impl<'a> Plants<'a> {
    /// Whether the scenario has costs.
    pub fn has_costs(&self) -> bool {
        self.pv.costs.is_some() && self.economy.is_some()
    }

    /// Prepares the weather of `year` for modules; `convergence_deg` is the direction of grid north.
    ///
    /// # Errors
    /// Values out of range.
    pub fn new(
        pv: &'a Photovoltaics,
        economy: Option<&'a Economy>,
        (year, sky): (&SolarYear, &Sky),
        convergence_deg: f64,
    ) -> Result<Self, Error> {
        let at_lit = |values: &[f64]| -> Vec<f64> { sky.lit.iter().map(|&hour| values[hour]).collect() };
        let model = match pv.cell_temperature {
            CellTemperature::SapmOpenRack => Model::OPEN_RACK_GLASS_POLYMER,
            CellTemperature::SapmCloseRoof => Model::CLOSE_MOUNT_GLASS_GLASS,
            CellTemperature::SapmInsulatedBack => Model::INSULATED_BACK_GLASS_POLYMER,
            CellTemperature::Faiman => Model::FAIMAN_OPEN_RACK,
        };
        let failed = |error: conurb_solar::pv::PvError| Error::Failed(format!("photovoltaics: {error}"));
        let hours = PvHours::new(&model, &at_lit(&year.temp_air), &at_lit(&year.wind_speed)).map_err(failed)?;
        let system = PvSystem {
            temperature_coefficient: pv.temperature_coefficient_per_k,
            lost_share: pv.losses,
            dc_ac_ratio: pv.dc_ac_ratio,
            inverter_efficiency: pv.inverter_efficiency,
        };
        system.check().map_err(failed)?;
        let azimuth = pv.stand_azimuth_deg - convergence_deg;
        let stand = conurb_solar::sky::Plane::new(pv.stand_tilt_deg, azimuth).normal();
        Ok(Plants { pv, economy, system, hours, stand })
    }

    /// The plant on a surface whose irradiance `hourly` holds; modules on stands get their own, in the same memory.
    ///
    /// # Errors
    /// Values out of range.
    pub fn on(
        &self,
        face: &CityFace,
        (shade, reflected_share): (&Shade, f64),
        (sky, solar): (&Sky, &Solar),
        (annual_kwh, hourly): (f64, &mut Hourly),
    ) -> Result<Plant, Error> {
        let area = self.usable_area(face);
        if area <= 0.0 || annual_kwh < self.pv.min_irradiation_kwh_m2 {
            return Ok(Plant::default());
        }
        if self.is_flat(face) {
            let of_patches = irradiance_of_patches(sky, &self.seen_from_stands(face, shade, sky));
            hourly.compute(sky, solar, (self.stand, &of_patches), (shade, reflected_share));
        }
        let per_watt = ac_energy(&self.system, &self.hours, &hourly.total)
            .map_err(|error| Error::Failed(format!("photovoltaics: {error}")))?;
        let capacity = area * self.pv.power_density_kw_m2;
        Ok(Plant { area, capacity, yield_kwh: capacity * per_watt })
    }

    /// What a plant comes to, if the scenario has costs.
    ///
    /// # Errors
    /// Values out of range.
    pub fn worth(&self, plant: &Plant) -> Result<Option<Worth>, Error> {
        let Some(appraisal) = self.appraise(plant)? else { return Ok(None) };
        let costs = self.pv.costs.expect("an appraisal needs costs");
        Ok(Some(Worth {
            investment: plant.capacity * costs.investment_per_kwp,
            levelised_cost: appraisal.lcoe.unwrap_or(f64::NAN),
            net_present_value: appraisal.npv,
            payback_years: appraisal.simple_payback_years.unwrap_or(f64::NAN),
        }))
    }

    /// Emissions avoided over the lifetime, or in the first year where none is given (kg).
    ///
    /// # Errors
    /// Values out of range.
    pub fn avoided_kg(&self, plant: &Plant) -> Result<Option<f64>, Error> {
        let Some(factor) = self.pv.avoided_kg_co2_per_kwh else { return Ok(None) };
        let appraisal = self.appraise(plant)?;
        Ok(Some(appraisal.map_or(plant.yield_kwh * factor, |appraisal| appraisal.co2_saved_kg)))
    }

    fn appraise(&self, plant: &Plant) -> Result<Option<Appraisal>, Error> {
        let (Some(costs), Some(economy)) = (self.pv.costs, self.economy) else { return Ok(None) };
        if plant.capacity <= 0.0 {
            return Ok(None);
        }
        let investment = Investment {
            capex: plant.capacity * costs.investment_per_kwp,
            opex_per_year: plant.capacity * costs.operation_per_kwp_year,
            lifetime_years: costs.lifetime_years as u32,
            degradation: costs.degradation,
            discount_rate: economy.discount_rate,
            self_consumption_share: costs.self_consumption,
            electricity_price: costs.electricity_price_per_kwh,
            feed_in_price: costs.feed_in_price_per_kwh,
            co2_kg_per_kwh: self.pv.avoided_kg_co2_per_kwh.unwrap_or(0.0),
        };
        let appraisal = appraise(&investment, plant.yield_kwh);
        appraisal.map(Some).map_err(|error| Error::Failed(format!("photovoltaics: {error}")))
    }

    fn is_flat(&self, face: &CityFace) -> bool {
        face.shape.kind == Kind::Roof && face.shape.tilt < self.pv.flat_below_deg
    }

    /// Area that modules cover: what is left of the exposed area inside the setback, times the usable share.
    ///
    /// The strip along the edges is taken as long as the outer ring and as wide as the setback.
    fn usable_area(&self, face: &CityFace) -> f64 {
        let fits = match face.shape.kind {
            // What looks down is the underside of eaves.
            Kind::Roof => face.shape.tilt <= 90.0,
            Kind::Wall => self.pv.facades,
            _ => false,
        };
        if !fits || face.shape.exposed_area < self.pv.min_area_m2 {
            return 0.0;
        }
        let inside = face.shape.exposed_area - self.pv.setback_m * perimeter(&face.rings[0]);
        let share = if self.is_flat(face) { self.pv.usable_share_flat } else { self.pv.usable_share_sloped };
        inside.max(0.0) * share
    }

    /// Coefficients of patches for the plane of stands: what the roof sees of each patch, turned to the stands.
    fn seen_from_stands(&self, face: &CityFace, shade: &Shade, sky: &Sky) -> Vec<f32> {
        if shade.patches.is_empty() {
            return Vec::new();
        }
        let (of_roof, of_stand) = (patch_weights(sky, face.shape.normal), patch_weights(sky, self.stand));
        let visible = |patch: usize| match of_roof[patch] {
            weight if weight > 0.0 => f64::from(shade.patches[patch]) / weight,
            _ => 0.0,
        };
        (0..shade.patches.len()).map(|patch| (of_stand[patch] * visible(patch)) as f32).collect()
    }
}

/// Specific yield (kWh/kW), NaN without modules.
pub fn specific_yield(plant: &Plant) -> f64 {
    if plant.capacity > 0.0 { plant.yield_kwh / plant.capacity } else { f64::NAN }
}

fn perimeter(ring: &[[f64; 3]]) -> f64 {
    let edge = |(index, a): (usize, &[f64; 3])| {
        let b = ring[(index + 1) % ring.len()];
        (0..3).map(|axis| (a[axis] - b[axis]) * (a[axis] - b[axis])).sum::<f64>().sqrt()
    };
    ring.iter().enumerate().map(edge).sum()
}

/// Ranks from 1 for the greatest measure; 0 where there is none. Equal measures rank in their order.
pub fn ranks(measure: &[f64]) -> Vec<i32> {
    let mut order: Vec<usize> = (0..measure.len()).filter(|&index| measure[index].is_finite()).collect();
    order.sort_by(|&a, &b| measure[b].total_cmp(&measure[a]).then(a.cmp(&b)));
    let mut ranks = vec![0; measure.len()];
    for (rank, &index) in order.iter().enumerate() {
        ranks[index] = rank as i32 + 1;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_measure_ranks_first() {
        assert_eq!(ranks(&[2.0, f64::NAN, 5.0, 2.0]), [2, 0, 1, 3]);
    }

    #[test]
    fn a_perimeter_is_closed() {
        let square = [[0.0, 0.0, 1.0], [3.0, 0.0, 1.0], [3.0, 0.0, 5.0], [0.0, 0.0, 5.0]];
        assert_eq!(perimeter(&square), 14.0);
    }
}
