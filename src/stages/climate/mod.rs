//! The stage `climate`: from a global projection to the city's days and hours.
//!
//! Files lie map after map, methods need all days of a cell: inputs are brought once into scratch cell by cell, then tiles of
//! cells are read, adjusted, counted into indices and written, some at a time.

pub(crate) mod align;
mod axes;
mod city;
mod coarse;
mod compute;
mod grid;
mod indices;
mod methods;
mod nearest;
mod output;
mod places;
mod provenance;
mod scratch;
mod source;
mod sums;
mod tiles;
mod weather;

use std::ops::Range;
use std::time::Instant;

use conurb_climate::days::Days;

use axes::{ModelAxes, ReferenceAxes};
use city::{People, Places};
use coarse::Coarse;
use compute::{CellState, Scratch, Shared, Sources, TileSums};
use grid::TargetGrid;
use indices::{IndexDays, IndexPlan};
use methods::Methods;
use nearest::Nearest;
use output::{Layout, Simulation};
use source::{Link, Source};
use sums::YearSums;
use tiles::Tiling;
use weather::{Downscaled, WeatherDays};

use crate::error::{Error, Problem, Warning};
use crate::field::FieldSpec;
use crate::formats::cf::DailyVariable;
use crate::formats::weather::WeatherYear;
use crate::inputs::{ClimateInputs, site_of_weather};
use crate::parallel::Chunks;
use crate::scenario::{AdjustmentMethod, Climate, ClimateVariable, DownscaledWeather, Scenario, WeatherOfYear};
use crate::stages::writing::{Stopwatch, waves};
use crate::stages::{Context, Metric, Phases, Stage, StageReport};

/// `climate`: from projections and a reference to adjusted days, indices and the weather of a year.
pub struct ClimateStage {
    climate: Climate,
    inputs: ClimateInputs,
    grid: TargetGrid,
    links: Links,
    reference: ReferenceAxes,
    models: Vec<ModelAxes>,
    methods: Methods,
    index_plan: IndexPlan,
    index_days: (IndexDays, Vec<IndexDays>),
    layout: Layout,
    tiling: Tiling,
    places: Option<Places>,
    people: Option<People>,
    weather: Option<WeatherPlan>,
    warnings: Vec<Warning>,
}

/// Which days the weather year is made of.
struct WeatherPlan {
    wanted: DownscaledWeather,
    site: WeatherYear,
    cell: usize,
    is_inside: bool,
    simulation: (usize, usize),
    /// Place of the period among those of the future.
    period: usize,
    sun_year: i32,
}

/// How files come onto the reference's cells, by variable and model; past and future of a model lie alike.
struct Links {
    references: Vec<Link>,
    models: Vec<Vec<Link>>,
    /// The reference on the cells of models, where methods need it.
    coarse: Vec<Vec<Option<Coarse>>>,
}

/// Tiles whose results are held at the same time, for each thread.
const TILES_PER_THREAD: usize = 1;

impl ClimateStage {
    /// The stage for a scenario with `[climate]`.
    ///
    /// # Errors
    /// Files that do not fit each other or the periods; settings that make no sense.
    pub fn new(scenario: &Scenario, climate: &Climate, mut inputs: ClimateInputs) -> Result<Self, Error> {
        let mut warnings = std::mem::take(&mut inputs.warnings);
        let grid = TargetGrid::of(&inputs.variables[0].reference);
        let links = Links::new(climate, &inputs)?;
        let reference = ReferenceAxes::new(climate, &inputs.variables, &mut warnings)?;
        let n_models = inputs.variables[0].models.len();
        let models = (0..n_models).map(|model| ModelAxes::new(climate, &inputs.variables, model, &mut warnings));
        let models = models.collect::<Result<Vec<_>, _>>()?;
        let methods = Methods::new(climate, scenario.seed, &models)?;
        let variables: Vec<ClimateVariable> = inputs.variables.iter().map(|input| input.variable).collect();
        let index_plan = IndexPlan::new(&climate.indices, climate.wet_day_mm, &variables);
        let of_reference = index_plan.days(&reference.days, &reference.days, &[climate.reference_period])?;
        let of_models =
            models.iter().map(|axes| index_plan.days(&reference.days, &axes.future, &climate.future_periods));
        let index_days = (of_reference, of_models.collect::<Result<Vec<_>, _>>()?);
        let layout = layout(climate, &grid, &variables, &models, (&index_plan, &index_days))?;
        let bytes_per_cell = layout
            .days
            .as_ref()
            .map_or(0, |days| days.len() * size_of::<f32>() * layout.simulations.len() * layout.daily.len());
        let tiling = Tiling::new(
            &grid.shape,
            layout.days.as_ref().map_or(1, |days| days.len()),
            bytes_per_cell,
            climate.tile_cells,
        );
        let nearest = Nearest::new(&grid);
        let at = (&grid, &nearest);
        let people = inputs.population.take();
        let people = people.map(|people| People::new(&people, at, inputs.city.as_ref(), &mut warnings)).transpose()?;
        let city = climate.city.as_ref().zip(inputs.city.take());
        let places = city.map(|(layer, city)| Places::new(layer, city, at, &layout, &mut warnings)).transpose()?;
        let weather = climate.weather.as_ref();
        let weather =
            weather.map(|wanted| WeatherPlan::new(scenario, climate, wanted, (&inputs, &nearest))).transpose()?;
        warnings.extend(weather.as_ref().and_then(|plan| plan.outside(&grid)));
        Ok(ClimateStage {
            climate: climate.clone(),
            inputs,
            grid,
            links,
            reference,
            models,
            methods,
            index_plan,
            index_days,
            layout,
            tiling,
            places,
            people,
            weather,
            warnings,
        })
    }

    /// Brings all inputs into scratch, cell by cell; collective. Also gives the bytes that were written.
    fn sources(&self, context: &Context<'_>) -> Result<(Sources<'_>, u64), Error> {
        let (mut sources, mut total) =
            (Sources { references: Vec::new(), historical: Vec::new(), futures: Vec::new() }, 0);
        let mut number = 0;
        let mut transposed = |series: &DailyVariable, link, steps: Range<usize>| -> Result<Source<'_>, Error> {
            let path = context.scratch.join(format!("climate-{number}.scratch"));
            number += 1;
            let (source, n_bytes) = Source::new(context.runtime, series, link, steps, &path)?;
            total += n_bytes;
            Ok(source)
        };
        for (number, variable) in self.inputs.variables.iter().enumerate() {
            let of_models = || self.models.iter().map(|axes| &axes.variables[number]);
            let own = self.reference.steps[number].window();
            let steps = of_models().map(|axes| axes.reference.window()).fold(own, joined);
            let link = &self.links.references[number];
            sources.references.push(transposed(&variable.reference, link, steps)?);
            let (mut historical, mut futures) = (Vec::new(), Vec::new());
            for ((input, axes), link) in variable.models.iter().zip(of_models()).zip(&self.links.models[number]) {
                historical.push(transposed(&input.historical, link, axes.historical.window())?);
                let mut of_emissions = Vec::new();
                for (future, periods) in input.futures.iter().zip(&axes.futures) {
                    let steps = periods.iter().map(|steps| steps.window()).fold(0..0, joined);
                    of_emissions.push(transposed(future, link, steps)?);
                }
                futures.push(of_emissions);
            }
            sources.historical.push(historical);
            sources.futures.push(futures);
        }
        Ok((sources, total))
    }

    /// Computes and writes all tiles, some at a time; collective.
    fn write_tiles(
        &self,
        context: &mut Context<'_>,
        shared: &Shared<'_>,
        writing: &mut Stopwatch,
    ) -> Result<TileSums, Error> {
        let runtime = context.runtime;
        let chunks = Chunks::contiguous(self.tiling.tiles.len(), runtime.size());
        let own: Vec<usize> = (0..chunks.len()).filter(|&tile| chunks.owner(tile) == runtime.rank()).collect();
        let scratch = runtime.scratch(Scratch::default);
        let mut states = vec![(); chunks.len()];
        let mut total = TileSums::nothing(&self.layout);
        for wave in waves(runtime, own.len(), TILES_PER_THREAD)? {
            let end = wave.end;
            let found = runtime.map(&chunks, &own[wave], &mut states, &scratch, |tile, (), memory| {
                shared.tile(&self.tiling, &self.tiling.tiles[tile], memory)
            });
            let found: Vec<_> = runtime.agree(found.into_iter().collect::<Result<Vec<_>, Error>>())?;
            let (results, sums): (Vec<_>, Vec<_>) = found.into_iter().unzip();
            writing.run(|| self.layout.write(context.sink, &self.tiling, &results))?;
            sums.into_iter().for_each(|sums| total.join(sums));
            context.progress.update(self.name(), end as f64 / own.len().max(1) as f64, "adjusting cells");
        }
        Ok(total)
    }
}

impl Stage for ClimateStage {
    fn name(&self) -> &'static str {
        "climate"
    }

    fn reads(&self) -> Vec<FieldSpec> {
        Vec::new()
    }

    fn writes(&self) -> Vec<FieldSpec> {
        let mut fields = self.layout.fields();
        fields.extend(self.places.iter().flat_map(|places| places.fields(&self.layout)));
        fields.extend(self.weather.iter().flat_map(|_| weather::fields()));
        fields
    }

    fn sizes(&self) -> Vec<(&'static str, u64)> {
        let n_days: usize = self.models.iter().map(|axes| axes.future.len()).sum();
        let n_cells = self.grid.shape.n_cells();
        let sizes = [
            ("cells", n_cells),
            ("variables", self.inputs.variables.len()),
            ("simulations", self.layout.simulations.len()),
            ("adjusted values", n_cells * n_days * self.layout.names.1.len() * self.inputs.variables.len()),
            ("tiles", self.tiling.tiles.len()),
        ];
        let places = self.places.as_ref().map(|places| ("places", places.len()));
        sizes.into_iter().chain(places).map(|(what, count)| (what, count as u64)).collect()
    }

    fn memory(&self, _: usize, n_threads: usize) -> u64 {
        let n_days = self.models.iter().map(|axes| axes.future.len() + 2 * axes.training.len()).max().unwrap_or(0);
        let n_variables = self.inputs.variables.len();
        let of_cell = (n_days * n_variables * SERIES_PER_CELL * size_of::<f32>()) as u64;
        let written = self.layout.days.as_ref().map_or(0, |days| days.len() * self.layout.daily.len());
        let of_tile = (written * self.layout.simulations.len() * self.tiling.most_cells() * size_of::<f32>()) as u64;
        // Results, and their chunks on the way into the file.
        (of_cell + 3 * of_tile + PIECE_BYTES) * n_threads as u64
            + self.grid.shape.n_cells() as u64 * BYTES_PER_CELL
            + self.places.as_ref().map_or(0, Places::bytes)
    }

    fn run(&self, context: &mut Context<'_>) -> Result<StageReport, Error> {
        let (start, runtime) = (Instant::now(), context.runtime);
        let waited = runtime.communication_seconds();
        let (sources, transposed) = self.sources(context)?;
        let transpose_seconds = start.elapsed().as_secs_f64();
        let areas = self.grid.weights();
        let weights = self.people.as_ref().map_or_else(|| areas.clone(), |people| people.of_cell.clone());
        let cells = self.grid.cells();
        let variables: Vec<ClimateVariable> = self.inputs.variables.iter().map(|input| input.variable).collect();
        let shared = Shared {
            variables: &variables,
            sources,
            reference: &self.reference,
            models: &self.models,
            methods: &self.methods,
            layout: &self.layout,
            indices: (&self.index_plan, &self.index_days.0, &self.index_days.1),
            cells: &cells,
            coarse: &self.links.coarse,
            weights: &weights,
            areas: &areas,
            places: self.places.as_ref(),
        };
        let mut writing = Stopwatch::default();
        writing.run(|| self.layout.create(context.sink, &self.grid, &self.tiling))?;
        writing.run(|| provenance::write(context.sink, &self.climate, &self.inputs, &self.models))?;
        let computing = Instant::now();
        let before = writing.seconds;
        let sums = self.write_tiles(context, &shared, &mut writing)?;
        let busy = computing.elapsed().as_secs_f64() - (writing.seconds - before);
        let years = self.gather_years(context, &sums.years)?;
        writing.run(|| self.layout.write_years(context.sink, &years.means()))?;
        if let Some(places) = &self.places {
            writing.run(|| places.write(context, &self.layout, &sums.places))?;
        }
        let mut of_weather = None;
        if let Some(plan) = &self.weather {
            let made = runtime.agree(self.weather_year(plan, &shared))?;
            writing.run(|| weather::write(context.sink, &plan.site, &made.year))?;
            of_weather = Some(made);
        }
        let communicate = runtime.communication_seconds() - waited;
        let all = start.elapsed().as_secs_f64() - communicate - writing.seconds;
        // Threads read side by side.
        let read = transpose_seconds + sums.read_seconds / runtime.threads() as f64;
        let n_values = self.sizes()[3].1;
        let (n_clamped, n_cells) = self.gather_counts(context, &sums)?;
        let mut metrics = vec![
            ("cells".into(), Metric::Count(self.grid.shape.n_cells() as u64)),
            ("cells_adjusted".into(), Metric::Count(n_cells[0])),
            ("values_clamped".into(), Metric::Count(n_clamped)),
            ("transposed_bytes".into(), Metric::Count(transposed)),
            ("transpose_seconds".into(), Metric::Number(transpose_seconds)),
        ];
        let mut warnings = self.warnings.clone();
        warnings.extend(told_of_cells(&n_cells));
        let n_reference = self.index_days.0.years().count();
        metrics.extend(self.people.iter().flat_map(|people| people.metrics(&self.layout, &years, n_reference)));
        if let Some(made) = of_weather {
            metrics.extend(made.metrics);
            warnings.extend(made.warnings);
        }
        Ok(StageReport {
            metrics,
            warnings,
            phases: Phases {
                read: self.inputs.seconds + read,
                compute: (all - read).max(0.0),
                communicate,
                write: writing.seconds,
            },
            throughput: (busy > 0.0).then(|| ("adjusted values/s".into(), n_values as f64 / busy)),
        })
    }
}

impl ClimateStage {
    /// The weather of a year; every rank makes it by itself.
    fn weather_year(&self, plan: &WeatherPlan, shared: &Shared<'_>) -> Result<Downscaled, Error> {
        let mut scratch = Scratch::default();
        shared.one_cell(plan.cell, plan.simulation, &mut scratch)?;
        let axes = &self.models[plan.simulation.0];
        let period = axes.periods[plan.period].clone();
        let future = Days::new(axes.calendar(), axes.future.numbers()[period.clone()].to_vec());
        let future = future.expect("days of a period ascend");
        let (reference, adjusted) = scratch.days();
        let of = |series: &'_ [Vec<f32>], days: Range<usize>| -> Vec<(ClimateVariable, Vec<f32>)> {
            let named = shared.variables.iter().zip(series);
            named.map(|(&variable, series)| (variable, series[days.clone()].to_vec())).collect()
        };
        let (before, after) = (of(reference, 0..self.reference.days.len()), of(adjusted, period));
        let before = WeatherDays::new(&self.reference.days, before);
        let after = WeatherDays::new(&future, after);
        weather::downscale(&plan.wanted, &plan.site, self.inputs.donor.as_ref(), (&before, &after), plan.sun_year)
    }

    /// Values moved and cells by what became of them, over all ranks.
    fn gather_counts(&self, context: &Context<'_>, own: &TileSums) -> Result<(u64, [u64; 5]), Error> {
        let counts: Vec<u64> = std::iter::once(own.n_clamped).chain(own.n_cells).collect();
        let all = context.runtime.all_gather(Ok(bytemuck::cast_slice(&counts).to_vec()))?;
        let mut total = [0; 6];
        for bytes in &all {
            let counts: Vec<u64> = bytemuck::allocation::pod_collect_to_vec(bytes);
            total.iter_mut().zip(counts).for_each(|(total, count)| *total += count);
        }
        let [n_clamped, n_cells @ ..] = total;
        Ok((n_clamped, n_cells))
    }

    /// Sums over the cells of all ranks, on every rank.
    fn gather_years(&self, context: &Context<'_>, own: &YearSums) -> Result<YearSums, Error> {
        let all = context.runtime.all_gather(Ok(own.to_bytes()))?;
        let mut total =
            YearSums::new(self.layout.indices.len(), self.layout.simulations.len(), self.layout.years.len());
        all.iter().for_each(|bytes| total.join_bytes(bytes));
        Ok(total)
    }
}

/// Series of a cell that are in memory, about.
const SERIES_PER_CELL: usize = 8;
/// Bytes of a piece of a file that is being turned, and its values.
const PIECE_BYTES: u64 = 64 << 20;
/// Bytes of a cell on every rank: where it is, its neighbours in models.
const BYTES_PER_CELL: u64 = 200;

impl WeatherPlan {
    fn new(
        scenario: &Scenario,
        climate: &Climate,
        wanted: &DownscaledWeather,
        (inputs, nearest): (&ClimateInputs, &Nearest),
    ) -> Result<Self, Error> {
        let site = site_of_weather(scenario, wanted, inputs.donor.as_ref())?;
        let first = &climate.variables[0];
        let model = wanted.model.as_ref().map_or(Some(0), |name| first.models.iter().position(|one| one.name == *name));
        let futures = &first.models[0].future;
        let emission = wanted.future.as_ref().map_or(Some(0), |name| futures.iter().position(|one| one.0 == *name));
        let holds = |period: &[i32; 2]| match (wanted.period, wanted.year) {
            (Some(wanted), _) => *period == wanted,
            (None, WeatherOfYear::Projected(year)) => (period[0]..=period[1]).contains(&year),
            (None, WeatherOfYear::Typical) => true,
        };
        let period = climate.future_periods.iter().position(holds);
        let expected = "the scenario's rules found model, future and period";
        let (cell, is_inside) = nearest.cell(site.latitude, site.longitude);
        Ok(WeatherPlan {
            cell,
            is_inside,
            wanted: wanted.clone(),
            site,
            simulation: (model.expect(expected), emission.expect(expected)),
            period: period.expect(expected),
            sun_year: scenario.weather.as_ref().map_or(SUN_YEAR, |weather| weather.sun_year),
        })
    }

    /// A warning if the weather's place lies in no cell.
    fn outside(&self, grid: &TargetGrid) -> Option<Warning> {
        let message = format!(
            "the weather's place at {}, {} lies outside of all cells and takes the nearest, at {}, {}",
            self.site.latitude, self.site.longitude, grid.lat[self.cell], grid.lon[self.cell]
        );
        (!self.is_inside).then(|| Warning::new("weather_outside_of_cells", 1, message))
    }
}

/// Whose sun shines on years of weather where the scenario names none.
const SUN_YEAR: i32 = 2023;

impl Links {
    fn new(climate: &Climate, inputs: &ClimateInputs) -> Result<Links, Error> {
        let first = &inputs.variables[0].reference;
        let mut links = Links { references: Vec::new(), models: Vec::new(), coarse: Vec::new() };
        for (variable, settings) in inputs.variables.iter().zip(&climate.variables) {
            let method = settings.method.unwrap_or(climate.method);
            let is_localized = method == AdjustmentMethod::QuantilePreservingLocalizedAnalogues;
            if !first.grid.is_same(&variable.reference.grid) {
                let file = variable.reference.files().next().map(|file| file.path().to_path_buf()).unwrap_or_default();
                let message =
                    format!("its cells are not those of the reference of {}", inputs.variables[0].variable.name());
                let problem = Problem::new(message).in_file(file);
                return Err(problem.hint("all references must be on the same cells").into());
            }
            links.references.push(Link::Same);
            let of_model = |model: &crate::inputs::ModelInputs| {
                let file = |series: &DailyVariable| series.files().next().map(|file| file.path().display().to_string());
                for future in &model.futures {
                    if !future.grid.is_same(&model.historical.grid) {
                        let message = format!(
                            "the cells of {} are not those of {}",
                            file(future).unwrap_or_default(),
                            file(&model.historical).unwrap_or_default()
                        );
                        return Err(Error::from(Problem::new(message).of_key("climate.variable")));
                    }
                }
                match is_localized {
                    true => grid::nearest_cells(first, &model.historical).map(Link::Picked),
                    false => grid::link(first, &model.historical, climate.regrid),
                }
            };
            let of_variable = variable.models.iter().map(of_model).collect::<Result<Vec<Link>, _>>()?;
            let coarse = |link: &Link| match link {
                Link::Picked(cells) if is_localized => Some(Coarse::new(cells)),
                _ => None,
            };
            links.coarse.push(of_variable.iter().map(coarse).collect());
            links.models.push(of_variable);
        }
        Ok(links)
    }
}

/// Cells that could not be adjusted, or not everywhere.
fn told_of_cells(n_cells: &[u64; CellState::ALL.len()]) -> Vec<Warning> {
    let told = |state: CellState| match state {
        CellState::Adjusted => ("", ""),
        CellState::OutsideOfModel => ("outside_of_model", "lie outside of a model's cells and stay missing"),
        CellState::WithoutReference => ("without_reference", "have no value in a reference and stay missing"),
        CellState::WithoutModel => ("without_model", "have no value in a model and stay missing"),
        CellState::WithoutTraining => {
            ("without_training", "have days without any day to be adjusted by, which stay missing")
        }
    };
    let masked = CellState::ALL.into_iter().zip(n_cells).skip(1).filter(|(_, count)| **count > 0);
    let warning = |(state, &count): (CellState, &u64)| {
        let (code, message) = told(state);
        Warning::new(code, count as usize, format!("{count} cells {message}"))
    };
    masked.map(warning).collect()
}

fn layout(
    climate: &Climate,
    grid: &TargetGrid,
    variables: &[ClimateVariable],
    models: &[ModelAxes],
    (index_plan, index_days): (&IndexPlan, &(IndexDays, Vec<IndexDays>)),
) -> Result<Layout, Error> {
    let first = &climate.variables[0];
    let emissions: Vec<String> = first.models[0].future.iter().map(|(name, _)| name.clone()).collect();
    let names: Vec<String> = first.models.iter().map(|model| model.name.clone()).collect();
    let simulations = (0..emissions.len())
        .flat_map(|emission| (0..models.len()).map(move |model| Simulation { model, emission }))
        .collect();
    if let Some(other) =
        models.iter().find(|axes| !align::is_same(axes.calendar(), models[0].calendar())).filter(|_| climate.daily)
    {
        let message = format!(
            "models have different calendars, {} and {}: their days do not fit into one file",
            models[0].calendar().cf_name(),
            other.calendar().cf_name()
        );
        let problem = Problem::new(message).of_key("climate.daily");
        return Err(problem.hint("daily = false keeps to indices, or give each calendar a scenario of its own").into());
    }
    let years = index_days.0.years().chain(index_days.1[0].years()).collect();
    Ok(Layout {
        axes: grid.axes(),
        daily: variables.to_vec(),
        days: climate.daily.then(|| models[0].future.clone()),
        indices: index_plan.indices.clone(),
        simulations,
        names: (names, emissions),
        periods: std::iter::once(climate.reference_period).chain(climate.future_periods.clone()).collect(),
        years,
    })
}

fn joined(one: Range<usize>, other: Range<usize>) -> Range<usize> {
    match (one.is_empty(), other.is_empty()) {
        (true, _) => other,
        (_, true) => one,
        _ => one.start.min(other.start)..one.end.max(other.end),
    }
}
