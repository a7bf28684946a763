//! Shadows of a made town, left where the solar stage leaves those of a real one.

use std::ops::Range;

use ndarray::{ArrayView1, ArrayView2};

use crate::buildings::{Building, FaceShadow, synthetic_shadows};
use crate::error::Error;
use crate::field::{FieldSpec, Values, solar as field};
use crate::formats::weather::WeatherYear;
use crate::scenario::{SkyModel, SkyPatches, SunPositions, Weather};
use crate::stages::solar::{Sky, SolarYear};
use crate::stages::{Context, Stage, StageReport};

/// Share of radiation that the ground reflects.
const ALBEDO: f64 = 0.2;
/// Direction of grid north: the town faces true north.
const TRUE_NORTH_DEG: f64 = 0.0;
/// Buildings whose shadows are held at the same time.
const BLOCK: usize = 1024;
/// A field of surfaces, and what it tells of a shadow.
type OfShadow = (FieldSpec, fn(&FaceShadow) -> f64);
/// What the solar stage says of a surface besides its suns.
const NUMBERS: [OfShadow; 3] = [
    (field::SURFACE_SKY_FACTOR, |shadow| shadow.sky_share),
    (field::SURFACE_HORIZON_FACTOR, |shadow| shadow.horizon_share),
    (field::SURFACE_REFLECTED_SHARE, |shadow| shadow.reflected),
];

/// Stands for the solar stage: a surface for each face of each building, in order.
pub struct MadeShadows {
    buildings: Vec<Building>,
    seed: u64,
    sky: Sky,
    n_hours: usize,
}

impl MadeShadows {
    /// Shadows of the town of `seed` under the suns of the weather; makes a surface of every face.
    ///
    /// # Errors
    /// Irradiance out of its range.
    pub fn new(
        buildings: &mut [Building],
        seed: u64,
        (weather, settings): (&WeatherYear, &Weather),
    ) -> Result<Self, Error> {
        let (year, _) = SolarYear::new(weather, settings)?;
        let sky =
            Sky::new(&year, SkyModel::Perez1990, (SkyPatches::Tregenza145, SunPositions::Binned), TRUE_NORTH_DEG)?;
        let faces = buildings.iter_mut().flat_map(|building| &mut building.faces);
        for (surface, face) in faces.enumerate() {
            face.surfaces = vec![(surface, face.area)];
        }
        Ok(MadeShadows { buildings: buildings.to_vec(), seed, sky, n_hours: year.ghi.len() })
    }

    fn shadows(&self, range: Range<usize>) -> Vec<FaceShadow> {
        let of = |number: usize| {
            synthetic_shadows(&self.buildings[number], number, self.seed, &self.sky.suns.directions, ALBEDO)
        };
        range.flat_map(of).collect()
    }

    /// The first surface of a building, or the end of the surfaces behind the last.
    fn first_surface(&self, building: usize) -> usize {
        self.buildings[..building].iter().map(|building| building.faces.len()).sum()
    }
}

impl Stage for MadeShadows {
    fn name(&self) -> &'static str {
        "solar"
    }

    fn reads(&self) -> Vec<FieldSpec> {
        Vec::new()
    }

    fn writes(&self) -> Vec<FieldSpec> {
        let numbers = NUMBERS.into_iter().map(|(spec, _)| spec);
        numbers.chain([field::SURFACE_SUN_SHARE, field::SUN_BIN_OF_HOUR]).collect()
    }

    fn sizes(&self) -> Vec<(&'static str, u64)> {
        vec![("surfaces", self.first_surface(self.buildings.len()) as u64)]
    }

    fn memory(&self, _: usize, _: usize) -> u64 {
        (self.buildings.len() * size_of::<Building>()) as u64
    }

    fn run(&self, context: &mut Context<'_>) -> Result<StageReport, Error> {
        let (runtime, sink) = (context.runtime, &mut *context.sink);
        let (n_buildings, n_bins) = (self.buildings.len(), self.sky.suns.n_bins());
        let n_surfaces = self.first_surface(n_buildings);
        NUMBERS.iter().try_for_each(|(spec, _)| sink.create(spec, &[n_surfaces]))?;
        sink.create(&field::SURFACE_SUN_SHARE, &[n_surfaces, n_bins])?;
        let bins = self.sky.bins_of_hours(self.n_hours);
        sink.write(&field::SUN_BIN_OF_HOUR, Values::I32(ArrayView1::from(&bins).into_dyn()))?;
        // Each rank writes a block of its own in every round, none where there is none left.
        for round in 0..n_buildings.div_ceil(BLOCK * runtime.size()) {
            let start = (round * runtime.size() + runtime.rank()) * BLOCK;
            let range = start.min(n_buildings)..(start + BLOCK).min(n_buildings);
            let shadows = self.shadows(range.clone());
            let first = self.first_surface(range.start);
            for (spec, of) in &NUMBERS {
                let values: Vec<f64> = shadows.iter().map(of).collect();
                let part = (vec![first], Values::F64(ArrayView1::from(&values).into_dyn()));
                sink.write_parts(spec, if values.is_empty() { &[] } else { std::slice::from_ref(&part) })?;
            }
            let shares: Vec<u8> = shadows.iter().flat_map(|shadow| &shadow.sun_shares).copied().collect();
            let view = ArrayView2::from_shape((shadows.len(), n_bins), &shares).expect("a share for each sun");
            let part = (vec![first, 0], Values::U8(view.into_dyn()));
            sink.write_parts(
                &field::SURFACE_SUN_SHARE,
                if shares.is_empty() { &[] } else { std::slice::from_ref(&part) },
            )?;
        }
        Ok(StageReport::default())
    }
}
