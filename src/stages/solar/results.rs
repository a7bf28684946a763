//! Results of surfaces block by block: hourly series where they are wanted, and one row of sums for each surface.

use std::ops::Range;

use super::irradiation::{
    Annual, Hourly, MONTH_HOURS, WH_PER_KWH, first_annual, irradiance_of_patches, reflected_share, unshaded_annual,
};
use super::output::Series;
use super::plants::{Plant, Plants};
use super::shade::{Blocks, Shade};
use super::sky::Sky;
use crate::city::City;
use crate::error::Error;
use crate::parallel::Runtime;
use crate::scenario::Solar;

/// What the second pass over all surfaces needs of the first.
pub struct Computed<'a> {
    /// The city.
    pub city: &'a City,
    /// The sky of its year.
    pub sky: &'a Sky,
    /// What the scenario wants.
    pub solar: &'a Solar,
    /// Annual radiance of patches (Wh/m²/sr).
    radiances: Vec<f64>,
    /// Annual irradiation of every surface before any reflection between them (kWh/m²).
    first: Vec<f64>,
}

/// What becomes of one surface.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SurfaceRow {
    /// The surface.
    pub surface: usize,
    /// Irradiation through the year.
    pub annual: Annual,
    /// The same without anything in the way (kWh/m²).
    pub unshaded: f64,
    /// Visible share of an even sky.
    pub sky_share: f64,
    /// Visible share of the horizon.
    pub horizon_share: f64,
    /// What ground and other surfaces reflect onto it, per global horizontal irradiance.
    pub reflected: f64,
    /// Number of sample points.
    pub n_points: f64,
    /// Change if every other sample point is left out.
    pub sampling_change: f64,
    /// Modules on it.
    pub plant: Plant,
}

/// Numbers of a row as they are sent.
const ROW: usize = 14;

/// Rows of this rank, by own block.
#[derive(Debug, Default)]
pub struct Rows {
    /// In the order of blocks.
    pub own: Vec<Vec<f64>>,
}

/// Series and rows of a block.
pub struct BlockResult {
    /// Its buildings.
    pub buildings: Vec<BuildingSeries>,
    /// Rows of its surfaces, one after the other.
    pub rows: Vec<f64>,
}

/// Series of one building and its surfaces, NaN where the sun does not reach a surface.
pub struct BuildingSeries {
    /// The building.
    pub building: usize,
    /// Its surfaces.
    pub surfaces: Range<usize>,
    /// Irradiation by month and hour of the day, surfaces fastest (kWh/m²).
    pub month_hour: Vec<f32>,
    /// That of the building (kWh).
    pub building_month_hour: Vec<f64>,
    /// Irradiance hour by hour, surfaces fastest; empty where it is not wanted (W/m²).
    pub hourly: Vec<f32>,
    /// That of the building (kW).
    pub building_hourly: Vec<f64>,
}

impl SurfaceRow {
    fn to_numbers(self) -> [f64; ROW] {
        let Annual { beam, sky, ground, facade } = self.annual;
        let Plant { area, capacity, yield_kwh } = self.plant;
        let SurfaceRow { unshaded, sky_share, horizon_share, reflected, n_points, sampling_change, .. } = self;
        let surface = self.surface as f64;
        [
            surface,
            beam,
            sky,
            ground,
            facade,
            unshaded,
            sky_share,
            horizon_share,
            reflected,
            n_points,
            sampling_change,
            area,
            capacity,
            yield_kwh,
        ]
    }

    fn from_numbers(numbers: &[f64]) -> Self {
        let [
            surface,
            beam,
            sky,
            ground,
            facade,
            unshaded,
            sky_share,
            horizon_share,
            reflected,
            n_points,
            sampling_change,
            area,
            capacity,
            yield_kwh,
        ] = *numbers.first_chunk::<ROW>().expect("rows are sent whole");
        SurfaceRow {
            surface: surface as usize,
            annual: Annual { beam, sky, ground, facade },
            unshaded,
            sky_share,
            horizon_share,
            reflected,
            n_points,
            sampling_change,
            plant: Plant { area, capacity, yield_kwh },
        }
    }
}

impl<'a> Computed<'a> {
    /// Every rank learns how bright each surface is before any reflection; collective.
    ///
    /// # Errors
    /// A rank that has ended.
    pub fn new(
        runtime: &Runtime,
        city: &'a City,
        (sky, solar): (&'a Sky, &'a Solar),
        (blocks, shaded): (&Blocks, &[Vec<Shade>]),
    ) -> Result<Self, Error> {
        let radiances = sky.annual_radiances();
        let first = |shade: &Shade| {
            let normal = city.surfaces[shade.surface].shape.normal;
            [shade.surface as f64, first_annual(sky, solar, normal, shade, &radiances).total()]
        };
        let own: Vec<Vec<f64>> = shaded.iter().map(|block| block.iter().flat_map(first).collect()).collect();
        let all: Vec<usize> = (0..blocks.chunks.len()).collect();
        let gathered = runtime.gather(&blocks.chunks, &all, Ok(own))?;
        let mut of_surface = vec![0.0; city.surfaces.len()];
        for pair in gathered.iter().flat_map(|block| block.chunks_exact(2)) {
            of_surface[pair[0] as usize] = pair[1];
        }
        Ok(Computed { city, sky, solar, radiances, first: of_surface })
    }
}

/// Computes a block: its buildings, and the shades of their surfaces.
///
/// # Errors
/// Values out of range.
pub fn series_of_block(
    computed: &Computed<'_>,
    plants: Option<&Plants<'_>>,
    (buildings, shades): (&[usize], &[Shade]),
    wanted: &Series,
    memory: &mut Hourly,
) -> Result<BlockResult, Error> {
    let mut result = BlockResult { buildings: Vec::with_capacity(buildings.len()), rows: Vec::new() };
    let mut rest = shades;
    for &building in buildings {
        let surfaces = computed.city.surfaces_of(building);
        let n_own = rest.iter().take_while(|shade| surfaces.contains(&shade.surface)).count();
        let (own, later) = rest.split_at(n_own);
        rest = later;
        let mut series = BuildingSeries::new(building, surfaces, wanted);
        let coefficients: Vec<f32> = own.iter().flat_map(|shade| &shade.patches).copied().collect();
        let of_patches = irradiance_of_patches(computed.sky, &coefficients);
        let n_lit = computed.sky.lit.len();
        for (number, shade) in own.iter().enumerate() {
            let of_patches = if of_patches.is_empty() { &[][..] } else { &of_patches[number * n_lit..][..n_lit] };
            let row = computed.surface(plants, (shade, of_patches), &mut series, memory)?;
            result.rows.extend(row.to_numbers());
        }
        result.buildings.push(series);
    }
    Ok(result)
}

impl Computed<'_> {
    /// Computes a surface, adds its hours to those of its building, and then tries modules on it.
    fn surface(
        &self,
        plants: Option<&Plants<'_>>,
        (shade, of_patches): (&Shade, &[f32]),
        series: &mut BuildingSeries,
        memory: &mut Hourly,
    ) -> Result<SurfaceRow, Error> {
        let face = &self.city.surfaces[shade.surface];
        let normal = face.shape.normal;
        let share = reflected_share(shade, self.solar, &self.first, self.sky.annual_ghi / WH_PER_KWH);
        let annual = memory.compute(self.sky, self.solar, (normal, of_patches), (shade, share));
        series.add(self.sky, shade.surface, face.shape.exposed_area, memory);
        let plant = match plants {
            Some(plants) => plants.on(face, (shade, share), (self.sky, self.solar), (annual.total(), memory))?,
            None => Plant::default(),
        };
        Ok(SurfaceRow {
            surface: shade.surface,
            annual,
            unshaded: unshaded_annual(self.sky, self.solar, normal, &self.radiances),
            sky_share: shade.sky_share,
            horizon_share: shade.horizon_share,
            reflected: share + self.solar.albedo * (1.0 - normal[2]) / 2.0 * shade.ground_share,
            n_points: shade.n_points as f64,
            sampling_change: shade.sampling_change,
            plant,
        })
    }
}

impl BuildingSeries {
    fn new(building: usize, surfaces: Range<usize>, wanted: &Series) -> Self {
        let n_hours = if wanted.hourly { wanted.n_hours } else { 0 };
        BuildingSeries {
            building,
            month_hour: vec![f32::NAN; MONTH_HOURS * surfaces.len()],
            building_month_hour: vec![0.0; MONTH_HOURS],
            hourly: vec![f32::NAN; n_hours * surfaces.len()],
            building_hourly: vec![0.0; n_hours],
            surfaces,
        }
    }

    /// Adds what a surface of `area` receives in each lit hour.
    fn add(&mut self, sky: &Sky, surface: usize, area: f64, irradiance: &Hourly) {
        let (at, n_surfaces) = (surface - self.surfaces.start, self.surfaces.len());
        let mut month_hour = [0.0; MONTH_HOURS];
        irradiance.add_month_hours(sky, &mut month_hour);
        for (slot, value) in month_hour.into_iter().enumerate() {
            self.month_hour[slot * n_surfaces + at] = value as f32;
            self.building_month_hour[slot] += value * area;
        }
        if self.building_hourly.is_empty() {
            return;
        }
        for hour in 0..self.building_hourly.len() {
            self.hourly[hour * n_surfaces + at] = 0.0;
        }
        for (&hour, &irradiance) in sky.lit.iter().zip(&irradiance.total) {
            self.hourly[hour * n_surfaces + at] = irradiance as f32;
            self.building_hourly[hour] += irradiance * area / WH_PER_KWH;
        }
    }
}

impl Rows {
    /// Rows of all surfaces that the sun reaches, on every rank, by surface; collective.
    ///
    /// # Errors
    /// A rank that has ended.
    pub fn gather(self, runtime: &Runtime, blocks: &Blocks, city: &City) -> Result<Vec<Option<SurfaceRow>>, Error> {
        let all: Vec<usize> = (0..blocks.chunks.len()).collect();
        let gathered = runtime.gather(&blocks.chunks, &all, Ok(self.own))?;
        let mut rows = vec![None; city.surfaces.len()];
        for numbers in gathered.iter().flat_map(|block| block.chunks_exact(ROW)) {
            let row = SurfaceRow::from_numbers(numbers);
            rows[row.surface] = Some(row);
        }
        Ok(rows)
    }
}
