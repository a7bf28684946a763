//! The sky of a year over a city: what every hour sends from where, in the directions of the map grid.

use conurb_solar::sky::{
    Patches, PerezSky, RaysPerPatch, SkyHours, SkySeries, Subdivision, Transposition, extraterrestrial_from_distance,
    patch_radiances, relative_air_mass,
};
use conurb_solar::surface::{BinStep, NO_BIN, SunBins};

use super::year::SolarYear;
use crate::error::Error;
use crate::scenario::{SkyModel, SkyPatches, SunPositions};

/// Hours of the year in which radiation arrives, as surfaces and cells need them.
///
/// Directions are east, north and up of the map grid, whose north is not quite true north.
pub struct Sky {
    /// The hours, as indices into the year.
    pub lit: Vec<usize>,
    /// Month × 24 + hour of the day of each lit hour.
    pub month_hour: Vec<usize>,
    /// Sun and irradiance of each lit hour; without diffuse parts where `radiances` have them.
    pub hours: SkyHours,
    /// Radiance of each patch in each lit hour (W/m²/sr), for the model that tells patches apart.
    pub radiances: Option<Vec<f32>>,
    /// The patches that the sky is looked at by.
    pub patches: Patches,
    /// Suns that share their shadows; bins of lit hours.
    pub suns: SunBins,
    /// Global irradiation of a level open plane through the year (Wh/m²).
    pub annual_ghi: f64,
}

/// Rays towards each patch: edges that run along rows of patches need more than one.
const RAYS_PER_PATCH: RaysPerPatch = RaysPerPatch::Four;

impl Sky {
    /// The sky of `year` by `model`; `convergence_deg` is the direction of grid north, clockwise from true north.
    ///
    /// # Errors
    /// Irradiance out of its range.
    pub fn new(
        year: &SolarYear,
        model: SkyModel,
        (patches, positions): (SkyPatches, SunPositions),
        convergence_deg: f64,
    ) -> Result<Sky, Error> {
        let lit = year.lit_hours();
        let at_lit = |values: &[f64]| -> Vec<f64> { lit.iter().map(|&hour| values[hour]).collect() };
        let (ghi, dni, dhi) = (at_lit(&year.ghi), at_lit(&year.dni), at_lit(&year.dhi));
        let sun: Vec<_> = lit.iter().map(|&hour| year.sun[hour]).collect();
        let transposition = match model {
            SkyModel::Isotropic | SkyModel::Perez1993 => Transposition::Isotropic,
            SkyModel::HayDavies => Transposition::HayDavies,
            SkyModel::Perez1990 => Transposition::Perez,
        };
        let series = SkySeries { sun: &sun, ghi: &ghi, dni: &dni, dhi: &dhi };
        let mut hours = SkyHours::new(&series, transposition)
            .map_err(|error| Error::Failed(format!("the weather cannot be used: {error}")))?;
        // Bins follow from declination and hour angle, which are of true north.
        let directions: Vec<[f64; 3]> = sun.iter().map(|sun| sun.direction()).collect();
        let beam: Vec<f64> = hours.dni.iter().zip(&hours.circumsolar).map(|(dni, around)| dni + around).collect();
        let step = match positions {
            SunPositions::Binned => BinStep::DEFAULT,
            SunPositions::Hourly => BinStep::Hourly,
        };
        let mut suns = SunBins::new(&directions, &beam, year.latitude, step);
        suns.directions.iter_mut().for_each(|direction| turn(direction, convergence_deg));
        for hour in 0..lit.len() {
            let mut direction = [hours.east[hour], hours.north[hour], hours.up[hour]];
            turn(&mut direction, convergence_deg);
            [hours.east[hour], hours.north[hour], hours.up[hour]] = direction;
        }
        let subdivision = match patches {
            SkyPatches::Tregenza145 => Subdivision::Tregenza145,
            SkyPatches::Reinhart577 => Subdivision::Reinhart577,
        };
        let patches = Patches::new(subdivision, RAYS_PER_PATCH);
        let radiances = (model == SkyModel::Perez1993).then(|| {
            let sky = |hour: usize| PerezSky {
                sun: [hours.east[hour], hours.north[hour], hours.up[hour]],
                dni: dni[hour],
                dhi: dhi[hour],
                dni_extra: extraterrestrial_from_distance(sun[hour].distance_au),
                air_mass: relative_air_mass(sun[hour].apparent_zenith).unwrap_or(f64::INFINITY),
            };
            patch_radiances(&patches, &(0..lit.len()).map(sky).collect::<Vec<_>>())
        });
        if radiances.is_some() {
            hours.isotropic.fill(0.0);
        }
        let month_hour = lit.iter().map(|&hour| year.month[hour] as usize * 24 + year.hour_of_day[hour] as usize);
        Ok(Sky { month_hour: month_hour.collect(), annual_ghi: ghi.iter().sum(), hours, radiances, patches, suns, lit })
    }

    /// Share of the sun that reaches a place in each lit hour, from what it sees of each bin.
    pub fn sun_share(&self, of_bins: &[f32], into: &mut Vec<f64>) {
        into.clear();
        let share = |&bin: &u32| if bin == NO_BIN { 0.0 } else { f64::from(of_bins[bin as usize]) };
        into.extend(self.suns.bin_of_hour.iter().map(share));
    }

    /// Sun bin of each hour of the year, -1 without radiation.
    pub fn bins_of_hours(&self, n_hours: usize) -> Vec<i32> {
        let mut bins = vec![-1; n_hours];
        for (&hour, &bin) in self.lit.iter().zip(&self.suns.bin_of_hour) {
            bins[hour] = if bin == NO_BIN { -1 } else { bin as i32 };
        }
        bins
    }

    /// Radiance of each patch summed over the year (Wh/m²/sr): the even sky, or the patches' own.
    pub fn annual_radiances(&self) -> Vec<f64> {
        let n_patches = self.patches.n_patches();
        match &self.radiances {
            Some(radiances) => {
                let rows = radiances.chunks(self.lit.len().max(1));
                let sums = rows.map(|row| row.iter().map(|&radiance| f64::from(radiance)).sum());
                sums.chain(std::iter::repeat(0.0)).take(n_patches).collect()
            }
            None => vec![self.hours.isotropic.iter().sum::<f64>() / std::f64::consts::PI; n_patches],
        }
    }

    /// Beam and what surrounds the sun through the year on a plane, by sun bin (Wh/m²).
    pub fn annual_beam_of_bins(&self, normal: [f64; 3]) -> Vec<f64> {
        let mut sums = vec![0.0; self.suns.n_bins()];
        let hours = &self.hours;
        for (hour, &bin) in self.suns.bin_of_hour.iter().enumerate().filter(|(_, bin)| **bin != NO_BIN) {
            let cosine = hours.east[hour] * normal[0] + hours.north[hour] * normal[1] + hours.up[hour] * normal[2];
            sums[bin as usize] += (hours.dni[hour] + hours.circumsolar[hour]) * cosine.max(0.0);
        }
        sums
    }
}

/// Turns a direction from true north to grid north.
fn turn(direction: &mut [f64; 3], convergence_deg: f64) {
    let angle = convergence_deg.to_radians();
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    let [east, north, _] = *direction;
    direction[0] = east * cosine - north * sine;
    direction[1] = north * cosine + east * sine;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn azimuths_of_the_grid_are_less_by_its_convergence() {
        // Grid north 2° east of true north: what lies at true azimuth 90° is at 88° of the grid.
        let mut east = [1.0, 0.0, 0.0];
        turn(&mut east, 2.0);
        let azimuth = libm::atan2(east[0], east[1]).to_degrees();
        assert!((azimuth - 88.0).abs() < 1e-9, "{azimuth}");
    }
}
