//! The stage `solar.raster`: irradiation of every cell of an elevation raster.

use std::ops::Range;
use std::time::Instant;

use conurb_solar::raster::{HorizonParameters, halo_cells};

use super::cells::{CellSky, TileResult, Wanted, compute};
use super::context::check_heights;
use super::raster_output::{self, Layout};
use super::sky::Sky;
use super::year::SolarYear;
use super::{metrics, site};
use crate::error::{Error, Problem, Warning};
use crate::field::{FieldSpec, solar as field};
use crate::inputs::{Elevation, PlaceInputs};
use crate::parallel::Chunks;
use crate::scenario::{CellPlanes, Scenario, Solar, SolarRaster, SunPositions, Weather};
use crate::stages::weather::{self, OfWeather};
use crate::stages::writing::{Stopwatch, waves};
use crate::stages::{Context as StageContext, Phases, Stage, StageReport};

/// `solar.raster`: from weather and an elevation raster to the irradiation of every cell.
pub struct RasterStage {
    solar: Solar,
    raster: SolarRaster,
    describe: Vec<(&'static str, String)>,
    dsm: Elevation,
    weather: Weather,
    year: OfWeather<SolarYear>,
    convergence_deg: f64,
    warnings: Vec<Warning>,
    /// Whether no other stage tells of the weather.
    is_alone: bool,
    read_seconds: f64,
}

/// A rectangle of cells that is computed at once, rows and columns of the raster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RasterTile {
    /// Rows.
    pub rows: Range<usize>,
    /// Columns.
    pub columns: Range<usize>,
}

/// Steps near a cell that are looked up along its own line.
const EXACT_STEPS: usize = 4;
/// Bytes per cell of a window: heights, and a copy with rows and columns swapped.
const BYTES_PER_WINDOW_CELL: u64 = 16;
/// Bytes per computed cell besides its horizons: planes, factors, twelve months, a day of hours, results.
const BYTES_PER_CELL: u64 = 260;

impl RasterStage {
    /// The stage for a scenario with `[solar.raster]`; takes the raster out of `inputs`.
    ///
    /// # Errors
    /// A place or radiation that the sun cannot be computed for.
    pub fn new(scenario: &Scenario, solar: &Solar, inputs: &mut PlaceInputs) -> Result<Self, Error> {
        let weather = scenario.weather.as_ref().expect("a scenario with [solar] has [weather]");
        let raster = solar.raster.clone().expect("the stage is for [solar.raster]");
        let dsm = inputs.dsm.take().expect("the raster of [solar.raster] was read");
        let year = SolarYear::new(&inputs.weather, weather)?;
        let frame = dsm.frame();
        let half = |cells: usize| 0.5 * cells as f64 * frame.cell_m;
        let middle = [frame.west + half(frame.columns), frame.north - half(frame.rows)];
        let (convergence_deg, far) = site(inputs.crs(), middle, &inputs.weather)?;
        // Where there are buildings, their stage tells of weather and files.
        let is_alone = scenario.buildings.is_none();
        let mut warnings = Vec::new();
        if is_alone {
            warnings.extend(far);
            warnings.append(&mut inputs.warnings);
        }
        let stage = RasterStage {
            solar: solar.clone(),
            raster,
            describe: super::describe(weather, solar),
            dsm,
            weather: weather.clone(),
            year: OfWeather::new(year, weather),
            convergence_deg,
            warnings,
            is_alone,
            read_seconds: inputs.seconds,
        };
        let checked = stage.parameters().check();
        checked.map_err(|error| Error::from(Problem::new(error.to_string()).of_key("solar.raster")))?;
        Ok(stage)
    }

    fn parameters(&self) -> HorizonParameters {
        HorizonParameters {
            cell_m: self.dsm.frame().cell_m,
            directions: self.raster.directions,
            reach_m: self.raster.reach_m,
            exact_steps: EXACT_STEPS,
        }
    }

    /// Tiles row by row; one alone where everything is seen, because each would need the whole raster.
    fn tiles(&self) -> Vec<RasterTile> {
        let frame = self.dsm.frame();
        let side = if self.raster.reach_m.is_some() { self.raster.tile_cells } else { usize::MAX };
        let cuts = |length: usize| -> Vec<Range<usize>> {
            (0..length.div_ceil(side.min(length.max(1))))
                .map(|tile| tile * side.min(length)..((tile + 1) * side.min(length)).min(length))
                .collect()
        };
        let columns = cuts(frame.columns);
        let of_row = |rows: Range<usize>| {
            columns
                .iter()
                .map(move |columns| RasterTile { rows: rows.clone(), columns: columns.clone() })
                .collect::<Vec<_>>()
        };
        cuts(frame.rows).into_iter().flat_map(of_row).collect()
    }

    /// Rows and columns that the cells of a tile see.
    fn seen(&self, tile: &RasterTile) -> (Range<usize>, Range<usize>) {
        let frame = self.dsm.frame();
        let halo = halo_cells(&self.parameters());
        let grown = |range: &Range<usize>, most: usize| {
            range.start.saturating_sub(halo)..range.end.saturating_add(halo).min(most)
        };
        (grown(&tile.rows, frame.rows), grown(&tile.columns, frame.columns))
    }

    fn layout(&self) -> Layout {
        let hours = self.hours();
        Layout {
            frame: self.dsm.frame().clone(),
            directions: self.raster.horizons.then_some(self.raster.directions),
            monthly: self.raster.monthly,
            hour_starts: hours.iter().map(|&hour| self.year.get().start_s[hour]).collect(),
        }
    }

    /// Hours of the year that are written one by one: the wanted days of local standard time.
    fn hours(&self) -> Vec<usize> {
        let year = self.year.get();
        let mut days = self.raster.hourly_days.clone();
        days.sort_unstable();
        days.dedup();
        let day_of = year.days_of_month();
        let is_wanted = |hour: &usize| days.contains(&(year.month[*hour] + 1, day_of[*hour]));
        (0..year.ghi.len()).filter(is_wanted).collect()
    }
}

impl Stage for RasterStage {
    fn name(&self) -> &'static str {
        "solar.raster"
    }

    fn reads(&self) -> Vec<FieldSpec> {
        weather::fields(&self.weather)
    }

    fn writes(&self) -> Vec<FieldSpec> {
        self.layout().fields()
    }

    fn sizes(&self) -> Vec<(&'static str, u64)> {
        let frame = self.dsm.frame();
        [
            ("rows", frame.rows),
            ("columns", frame.columns),
            ("directions", self.raster.directions),
            ("tiles", self.tiles().len()),
        ]
        .map(|(what, count)| (what, count as u64))
        .to_vec()
    }

    fn memory(&self, _: usize, n_threads: usize) -> u64 {
        let area = |(rows, columns): (Range<usize>, Range<usize>)| (rows.len() * columns.len()) as u64;
        let of_tile = |tile: &RasterTile| {
            let own = area((tile.rows.clone(), tile.columns.clone()));
            let horizons = if self.raster.horizons { 6 } else { 2 };
            let of_cell = BYTES_PER_CELL + horizons * self.raster.directions as u64 + 4 * self.hours().len() as u64;
            area(self.seen(tile)) * BYTES_PER_WINDOW_CELL + own * of_cell
        };
        let tiles = self.tiles();
        let largest = tiles.iter().map(of_tile).max().unwrap_or(0);
        largest * n_threads.min(tiles.len()) as u64
    }

    fn run(&self, context: &mut StageContext<'_>) -> Result<StageReport, Error> {
        let (start, runtime) = (Instant::now(), context.runtime);
        let waited = runtime.communication_seconds();
        let of_weather = |year| SolarYear::new(&year, &self.weather);
        runtime.agree(self.year.update(&self.weather, context.source, of_weather))?;
        let patches = (self.solar.sky_patches, SunPositions::Binned);
        let sky = Sky::new(self.year.get(), self.solar.sky_model, patches, self.convergence_deg)?;
        let layout = self.layout();
        let mut writing = Stopwatch::default();
        writing.run(|| layout.create(context.sink))?;
        let tiles = self.tiles();
        let chunks = Chunks::contiguous(tiles.len(), runtime.size());
        let sums = self.write_tiles(context, (&tiles, &chunks), (&sky, &layout), &mut writing)?;
        let all: Vec<usize> = (0..tiles.len()).collect();
        let sums = runtime.gather(&chunks, &all, Ok(sums))?;
        writing.run(|| super::write_description(context.sink, field::CELL_HEIGHT.file, &self.describe))?;

        let communicate = runtime.communication_seconds() - waited;
        let compute = (start.elapsed().as_secs_f64() - communicate - writing.seconds).max(0.0);
        let frame = self.dsm.frame();
        let n_cells = (frame.rows * frame.columns) as f64;
        let mut metrics: Vec<_> = self.describe.iter().map(|(name, value)| metrics::text(name, value)).collect();
        metrics.extend(raster_output::metrics(frame, &sums, self.raster.directions));
        let mut warnings = self.warnings.clone();
        if self.is_alone {
            warnings.extend(self.year.warnings());
        }
        Ok(StageReport {
            metrics,
            warnings,
            phases: Phases { read: self.read_seconds, compute, communicate, write: writing.seconds },
            throughput: (compute > 0.0)
                .then(|| ("cell-directions/s".into(), n_cells * self.raster.directions as f64 / compute)),
        })
    }
}

impl RasterStage {
    /// Computes and writes this rank's tiles, some at a time, and gives the sums of each; collective.
    fn write_tiles(
        &self,
        context: &mut StageContext<'_>,
        (tiles, chunks): (&[RasterTile], &Chunks),
        (sky, layout): (&Sky, &Layout),
        writing: &mut Stopwatch,
    ) -> Result<Vec<Vec<f64>>, Error> {
        let runtime = context.runtime;
        let wanted = Wanted {
            parameters: self.parameters(),
            level: self.raster.cells == CellPlanes::Level,
            sky: CellSky::new(sky, &self.hours()),
            albedo: self.solar.albedo as f32,
        };
        let own: Vec<usize> = (0..tiles.len()).filter(|&tile| chunks.owner(tile) == runtime.rank()).collect();
        let scratch = runtime.scratch(|| ());
        let mut states = vec![(); tiles.len()];
        let mut sums = Vec::with_capacity(own.len());
        for wave in waves(runtime, own.len(), 1)? {
            let found = runtime.map(chunks, &own[wave.clone()], &mut states, &scratch, |tile, (), ()| {
                let (rows, columns) = self.seen(&tiles[tile]);
                let window = self.dsm.window(rows, columns)?;
                check_heights(&window.values, "solar.raster.dsm")?;
                compute(&window, self.dsm.frame(), &tiles[tile], &wanted)
            });
            let found: Vec<TileResult> = runtime.agree(found.into_iter().collect::<Result<Vec<_>, Error>>())?;
            writing.run(|| layout.write(context.sink, &found))?;
            sums.extend(found.iter().map(|tile| tile.sums.to_vec()));
            context.progress.update(self.name(), wave.end as f64 / own.len().max(1) as f64, "cells");
        }
        Ok(sums)
    }
}
