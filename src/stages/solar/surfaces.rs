//! The stage `solar`: irradiation of every roof and wall of a city, and what photovoltaics would make of it.

use std::sync::Arc;
use std::time::Instant;

use super::context::{BYTES_PER_TRIANGLE, Context, tell_uncovered};
use super::output::{BLOCKS_PER_THREAD, Series, write_city, write_weather};
use super::plants::Plants;
use super::results::{Computed, Rows, series_of_block};
use super::shade::{Blocks, Shade, shade, tell_coarse};
use super::shadows::Shadows;
use super::sky::Sky;
use super::tables::write_tables;
use super::tiles::{Extent, extents};
use super::year::SolarYear;
use super::{metrics, site};
use crate::city::City;
use crate::error::{Error, Problem, Warning};
use crate::field::{FieldSpec, solar as field};
use crate::formats::weather::HOURS;
use crate::inputs::{Elevation, PlaceInputs};
use crate::scenario::{Economy, Scenario, SkyModel, Solar, Weather};
use crate::stages::weather::{self, OfWeather};
use crate::stages::writing::{Stopwatch, waves};
use crate::stages::{Context as StageContext, FieldSink, Phases, Stage, StageReport};

/// `solar`: from weather and buildings to the irradiation of every surface.
pub struct SurfacesStage {
    solar: Solar,
    shadows: Shadows,
    economy: Option<Economy>,
    describe: Vec<(&'static str, String)>,
    city: Arc<City>,
    extents: Vec<Extent>,
    terrain: Option<Elevation>,
    surroundings: Option<Elevation>,
    weather: Weather,
    year: OfWeather<SolarYear>,
    convergence_deg: f64,
    warnings: Vec<Warning>,
    read_seconds: f64,
}

/// Share of the work that rays are, for the bar of progress.
const SHARE_OF_RAYS: f64 = 0.9;
/// Bytes that stay in memory for each sun bin of each surface.
const BYTES_PER_BIN: u64 = 4;
/// Bytes of a surface of this rank besides: its row, its reflectors.
const BYTES_PER_OWN_SURFACE: u64 = 2000;
/// Bytes of a surface on every rank: its rings and triangles.
const BYTES_PER_SURFACE: u64 = 1200;
/// Bytes of a sample point besides what it sees.
const BYTES_PER_POINT: u64 = 100;
/// Rays to the sky from each point, about.
const RAYS_PER_POINT: u64 = 580;
/// Sun bins of a year, about.
const ABOUT_BINS: u64 = 1000;

impl SurfacesStage {
    /// The stage for a scenario with `[solar]` and the buildings of a city model; takes the rasters out of `inputs`.
    ///
    /// # Errors
    /// A place or radiation that the sun cannot be computed for.
    pub fn new(scenario: &Scenario, solar: &Solar, inputs: &mut PlaceInputs, mut city: City) -> Result<Self, Error> {
        let weather = scenario.weather.as_ref().expect("a scenario with [solar] has [weather]");
        let year = SolarYear::new(&inputs.weather, weather)?;
        let mut warnings = std::mem::take(&mut inputs.warnings);
        let extents = extents(&city);
        let (terrain, surroundings) = (inputs.terrain.take(), inputs.surroundings.take());
        for (raster, key) in [(&terrain, "solar.terrain"), (&surroundings, "solar.surroundings")] {
            warnings.extend(raster.as_ref().and_then(|raster| tell_uncovered(&mut city, &extents, raster, key)));
        }
        if city.surfaces.is_empty() {
            let problem = Problem::new("no building has a surface with an area").of_key("buildings.cityjson");
            return Err(problem.into());
        }
        if solar.pv.is_some() && inputs.weather.temp_air.iter().all(|value| value.is_nan()) {
            let problem = Problem::new("photovoltaics need air temperatures, the weather file has none");
            return Err(problem.of_key("weather").hint("leave out [solar.pv], or use another weather file").into());
        }
        warnings.extend(tell_coarse(&mut city, solar));
        let middle = [city.origin[0], city.origin[1]];
        let (convergence_deg, far) = site(inputs.crs(), middle, &inputs.weather)?;
        warnings.extend(far);
        Ok(SurfacesStage {
            solar: solar.clone(),
            shadows: if scenario.energy.is_some() { Shadows::Written } else { Shadows::Forgotten },
            economy: scenario.economy.clone(),
            describe: super::describe(weather, solar),
            city: Arc::new(city),
            extents,
            terrain,
            surroundings,
            weather: weather.clone(),
            year: OfWeather::new(year, weather),
            convergence_deg,
            warnings,
            read_seconds: inputs.seconds,
        })
    }

    /// The buildings, for stages that compute with the same.
    pub fn city(&self) -> Arc<City> {
        Arc::clone(&self.city)
    }

    /// Direction of grid north, clockwise from true north (°).
    pub fn convergence_deg(&self) -> f64 {
        self.convergence_deg
    }

    fn context(&self) -> Context<'_> {
        let rasters = (self.terrain.as_ref(), self.surroundings.as_ref());
        Context::new(&self.city, &self.extents, rasters, self.solar.reach_m)
    }

    fn series(&self) -> Series {
        Series { hourly: self.solar.hourly, n_hours: HOURS }
    }
}

impl Stage for SurfacesStage {
    fn name(&self) -> &'static str {
        "solar"
    }

    fn reads(&self) -> Vec<FieldSpec> {
        weather::fields(&self.weather)
    }

    fn writes(&self) -> Vec<FieldSpec> {
        let mut fields = super::output::fields(self.solar.hourly);
        fields.extend(super::tables::fields(self.solar.pv.as_ref()));
        fields.extend(self.shadows.fields());
        fields
    }

    fn sizes(&self) -> Vec<(&'static str, u64)> {
        let blocks = Blocks::new(&self.city, &self.extents, &self.solar, 1);
        [
            ("buildings", self.city.buildings.len()),
            ("surfaces", self.city.surfaces.len()),
            ("sample points", blocks.n_points),
            ("tiles", blocks.tiles.len()),
        ]
        .map(|(what, count)| (what, count as u64))
        .to_vec()
    }

    fn memory(&self, n_ranks: usize, n_threads: usize) -> u64 {
        let blocks = Blocks::new(&self.city, &self.extents, &self.solar, n_ranks);
        let scene = self.context().most_triangles(blocks.tiles.iter().map(|tile| tile.extent)) * BYTES_PER_TRIANGLE;
        let bins = if self.solar.sun_positions == crate::scenario::SunPositions::Hourly { 4400 } else { ABOUT_BINS };
        let patches =
            if self.solar.sky_model == SkyModel::Perez1993 { self.solar.sky_patches.count() as u64 } else { 0 };
        let per_surface = (bins + patches) * BYTES_PER_BIN + BYTES_PER_OWN_SURFACE;
        let points = blocks.most_points as u64 * (BYTES_PER_POINT + (bins + RAYS_PER_POINT) / 8);
        let series = if self.solar.hourly { HOURS as u64 * 4 } else { 288 * 4 };
        let held = blocks.most_surfaces as u64 * series * BLOCKS_PER_THREAD as u64;
        let surfaces = self.city.surfaces.len() as u64;
        let sky = patches * 4400 * 4;
        (scene + points + held) * n_threads as u64
            + surfaces * per_surface / n_ranks as u64
            + surfaces * BYTES_PER_SURFACE
            + sky
    }

    fn run(&self, context: &mut StageContext<'_>) -> Result<StageReport, Error> {
        let (start, runtime) = (Instant::now(), context.runtime);
        let waited = runtime.communication_seconds();
        let solar = &self.solar;
        let of_weather = |year| SolarYear::new(&year, &self.weather);
        runtime.agree(self.year.update(&self.weather, context.source, of_weather))?;
        let sky =
            Sky::new(self.year.get(), solar.sky_model, (solar.sky_patches, solar.sun_positions), self.convergence_deg)?;
        let plants = self.plants(&sky)?;
        let blocks = Blocks::new(&self.city, &self.extents, solar, runtime.size());
        let tell = |done: f64| context.progress.update(self.name(), SHARE_OF_RAYS * done, "shading surfaces");
        let city = (&*self.city, &self.extents[..]);
        let shaded = shade(runtime, city, (&sky, solar), (&self.context(), &blocks), &tell);
        let shaded: Vec<Vec<Shade>> = runtime.agree(shaded)?;
        let rays_seconds = start.elapsed().as_secs_f64();
        let computed = Computed::new(runtime, &self.city, (&sky, solar), (&blocks, &shaded))?;

        let mut writing = Stopwatch::default();
        writing.run(|| self.write_before(context.sink))?;
        writing.run(|| self.shadows.create(context.sink, &self.city, &sky, HOURS))?;
        let rows = self.write_series(context, (&computed, plants.as_ref()), (&blocks, &shaded), &mut writing)?;
        let rows = rows.gather(runtime, &blocks, &self.city)?;
        let totals = writing.run(|| write_tables(context.sink, &self.city, &rows, plants.as_ref()))?;
        writing.run(|| super::write_description(context.sink, field::ANNUAL_IRRADIATION.file, &self.describe))?;

        let communicate = runtime.communication_seconds() - waited;
        let compute = (start.elapsed().as_secs_f64() - communicate - writing.seconds).max(0.0);
        let mut metrics: Vec<_> = self.describe.iter().map(|(name, value)| metrics::text(name, value)).collect();
        metrics.extend(metrics::of_surfaces(&self.city, &rows, &totals, &sky));
        let mut warnings = self.warnings.clone();
        warnings.extend(self.year.warnings());
        warnings.extend(metrics::coarse_sampling(&self.city, &rows));
        let n_points: usize = shaded.iter().flatten().map(|shade| shade.n_points).sum();
        Ok(StageReport {
            metrics,
            warnings,
            phases: Phases { read: self.read_seconds, compute, communicate, write: writing.seconds },
            throughput: (rays_seconds > 0.0).then(|| ("sample points/s".into(), n_points as f64 / rays_seconds)),
        })
    }
}

impl SurfacesStage {
    fn plants(&self, sky: &Sky) -> Result<Option<Plants<'_>>, Error> {
        let plants = |pv| Plants::new(pv, self.economy.as_ref(), (self.year.get(), sky), self.convergence_deg);
        self.solar.pv.as_ref().map(plants).transpose()
    }

    /// Writes what is known before anything is computed, and announces the series.
    fn write_before(&self, sink: &mut dyn FieldSink) -> Result<(), Error> {
        write_city(sink, &self.city, self.convergence_deg)?;
        write_weather(sink, self.year.get())?;
        self.series().create(sink, &self.city)
    }

    /// Computes and writes the series of all blocks, some at a time; collective.
    fn write_series(
        &self,
        context: &mut StageContext<'_>,
        (computed, plants): (&Computed<'_>, Option<&Plants<'_>>),
        (blocks, shaded): (&Blocks, &[Vec<Shade>]),
        writing: &mut Stopwatch,
    ) -> Result<Rows, Error> {
        let (runtime, series) = (context.runtime, self.series());
        let own = blocks.of_rank(runtime.rank());
        let scratch = runtime.scratch(Default::default);
        let mut states = vec![(); blocks.chunks.len()];
        let mut rows = Rows::default();
        let n_bins = computed.sky.suns.n_bins();
        for wave in waves(runtime, own.len(), BLOCKS_PER_THREAD)? {
            let found_wave: Vec<(usize, &[Shade])> =
                wave.clone().map(|number| (own[number], &shaded[number][..])).collect();
            let found = runtime.map(&blocks.chunks, &own[wave], &mut states, &scratch, |block, (), memory| {
                let number = own.binary_search(&block).expect("it is one of this rank's");
                series_of_block(computed, plants, (blocks.buildings(block), &shaded[number]), &series, memory)
            });
            let found: Vec<_> = runtime.agree(found.into_iter().collect::<Result<Vec<_>, Error>>())?;
            writing.run(|| series.write(context.sink, &found))?;
            let shades = found_wave.iter().map(|&(block, shades)| (blocks.buildings(block), shades));
            writing.run(|| self.shadows.write(context.sink, &self.city, n_bins, shades))?;
            rows.own.extend(found.into_iter().map(|block| block.rows));
        }
        Ok(rows)
    }
}
