//! The stage `energy`: what every building needs to be heated and cooled, hour by hour, and what retrofit would save.
//!
//! A building and each of its retrofitted variants is a zone in a lane of its own (`chunk`); needs become key figures and
//! energy bought while the hours of a month are in cache (`simulate`), so that no hour has to be kept.

mod affordability;
mod calendar;
mod check;
mod chunk;
pub mod climate;
mod hourly;
mod metrics;
mod modules;
mod ranking;
mod rows;
mod simulate;
mod sunlight;
mod systems;
mod variants;
mod worth;
mod zones;

use std::ops::Range;
use std::time::Instant;

use conurb_energy::heating_curve::PartLoads;
use conurb_energy::kpi::{Limits, MONTH_STARTS};
use conurb_energy::multi_node::ExteriorConvection as Films;
use conurb_energy::profile::Profile;
use conurb_solar::pv::{CellTemperature, PvHours, PvSystem};

use self::chunk::{ChunkResult, Shared};
use self::climate::ClimateOptions;
use self::ranking::Ranking;
use self::simulate::{Scratch, Year};
use self::sunlight::SurfaceSunlight;
use self::variants::{Variant, variants};
use self::worth::Appraisal;
use crate::archetypes::{Archetypes, Calendar, hourly as hourly_profile};
use crate::buildings::{Building, Usage};
use crate::error::{Error, Problem, Warning};
use crate::field::{FieldSpec, energy as field, solar};
use crate::formats::weather::{HOURS, WeatherYear};
use crate::inputs::EnergyInputs;
use crate::parallel::Chunks;
use crate::scenario::{
    Carrier, Energy, ExteriorConvection, Fidelity, MeasureKind, Package, Scenario, SkyModel, Weather,
};
use crate::stages::solar::SolarYear;
use crate::stages::weather::{self, OfWeather};
use crate::stages::writing::{Stopwatch, waves};
use crate::stages::{Context, FieldSource, Phases, Stage, StageReport};

/// Name of the package without any measure.
pub const AS_IT_IS: &str = "none";
/// Share of radiation that the ground reflects where no solar stage says.
const ALBEDO: f64 = 0.2;
/// How far a temperature may be from its setpoint before the hour counts as not served (K).
const UNMET_K: f64 = 0.1;
/// Least and most buildings of a chunk. Lanes side by side are of one use, so the last lanes of each use stay empty: half a
/// block of each of about seven uses.
const CHUNK: Range<usize> = 64..1024;
/// The same where hours are kept until they are written.
const CHUNK_WITH_HOURS: Range<usize> = 8..256;
/// Chunks that a city is cut into if each is within these bounds.
const CHUNKS_AIMED_AT: usize = 64;
/// Chunks whose results are held at the same time, for each thread.
const CHUNKS_PER_THREAD: usize = 8;
/// The same where hours are kept until they are written.
const CHUNKS_PER_THREAD_WITH_HOURS: usize = 2;
/// Bytes of a variant of a building that stay on every rank, for ranks and budgets of the city, about.
const BYTES_PER_ROW: u64 = 200;
/// Bytes of a building on every rank.
const BYTES_PER_BUILDING: u64 = 2500;

/// `energy`: from buildings and weather to needs, energy bought and savings.
pub struct EnergyStage {
    energy: Energy,
    inputs: EnergyInputs,
    archetype_of: Vec<Option<usize>>,
    variants: Vec<Variant>,
    appraisal: Appraisal,
    settings: Weather,
    timezone: Option<String>,
    of_weather: OfWeather<SharedYear>,
    sky_model: SkyModel,
    albedo: f64,
    light: Light,
    warnings: Vec<Warning>,
}

/// What follows from the weather and is the same for all buildings.
struct SharedYear {
    weather: WeatherYear,
    solar_year: SolarYear,
    calendar: Calendar,
}

impl SharedYear {
    fn new(weather: WeatherYear, settings: &Weather, timezone: Option<&str>) -> Result<(Self, Vec<Warning>), Error> {
        check_weather(&weather)?;
        let (solar_year, warnings) = SolarYear::new(&weather, settings)?;
        let calendar = calendar::calendar(&weather, &solar_year, timezone)?;
        Ok((SharedYear { weather, solar_year, calendar }, warnings))
    }
}

/// What is kept of a chunk whose rows have been written.
struct Kept {
    /// See [`metrics::sums_of`].
    sums: Vec<f64>,
    /// See [`ranking::numbers_of`].
    numbers: Vec<f64>,
    /// See [`affordability::costs_of`].
    costs: Vec<f64>,
}

impl Kept {
    fn of(chunk: &ChunkResult, n_variants: usize) -> Self {
        Kept {
            sums: metrics::sums_of(chunk, n_variants),
            numbers: ranking::numbers_of(chunk),
            costs: affordability::costs_of(chunk),
        }
    }
}

/// Whether shadows are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Light {
    /// The solar stage leaves what every surface sees.
    Shaded,
    /// Nothing stands before any face.
    Open,
}

impl EnergyStage {
    /// The stage for a scenario with `[energy]`.
    ///
    /// # Errors
    /// Weather that does not do, buildings that no archetype fits or whose heat balance has a value out of its range.
    pub fn new(
        scenario: &Scenario,
        energy: &Energy,
        weather: WeatherYear,
        mut inputs: EnergyInputs,
        light: Light,
    ) -> Result<Self, Error> {
        let settings = scenario.weather.as_ref().expect("a scenario with [energy] has [weather]");
        let mut warnings = std::mem::take(&mut inputs.warnings);
        check::settings(energy, &weather, &inputs)?;
        let shared_year = SharedYear::new(weather, settings, scenario.timezone.as_deref())?;
        if light == Light::Open {
            let message = "no solar stage tells of shadows: every wall and roof is taken as open to sun and sky";
            warnings.push(Warning::new("unshaded", inputs.buildings.len(), message.to_owned()));
        }
        let archetype_of = archetypes_of(&mut inputs, &mut warnings)?;
        zones::check(&inputs, energy, &archetype_of)?;
        let variants = variants(&energy.retrofit, &inputs.archetypes.measures);
        warnings.extend(of_no_effect(scenario, energy));
        let solar = scenario.solar.as_ref();
        let appraisal = Appraisal::new(scenario, energy, inputs.costs.take())?;
        Ok(EnergyStage {
            appraisal,
            energy: energy.clone(),
            archetype_of,
            variants,
            settings: settings.clone(),
            timezone: scenario.timezone.clone(),
            of_weather: OfWeather::new(shared_year, settings),
            // What is known patch by patch is of no use to faces.
            sky_model: match solar.map(|solar| solar.sky_model) {
                None | Some(SkyModel::Perez1993) => SkyModel::Perez1990,
                Some(model) => model,
            },
            albedo: solar.map_or(ALBEDO, |solar| solar.albedo),
            light,
            inputs,
            warnings,
        })
    }

    /// Chunks of buildings, cut by their number alone.
    fn chunks(&self, n_ranks: usize) -> (Chunks, Vec<Range<usize>>) {
        let n = self.inputs.buildings.len();
        let bounds = if self.energy.hourly { CHUNK_WITH_HOURS } else { CHUNK };
        let size = n.div_ceil(CHUNKS_AIMED_AT).clamp(bounds.start, bounds.end);
        let ranges: Vec<Range<usize>> =
            (0..n.div_ceil(size)).map(|chunk| chunk * size..((chunk + 1) * size).min(n)).collect();
        (Chunks::contiguous(ranges.len(), n_ranks), ranges)
    }

    fn year(&self, source: &dyn FieldSource) -> Result<Year, Error> {
        let options = ClimateOptions {
            sky_model: self.sky_model,
            sky_temperature: self.energy.sky_temperature,
            // Faces look to true north already.
            convergence_deg: 0.0,
        };
        let shared = self.of_weather.get();
        let mut climate = climate::climate(&shared.weather, &shared.solar_year, &self.settings, &options)?;
        if self.light == Light::Shaded {
            (climate.sun_bin, climate.n_sun_bins) = read_bins(source, HOURS)?;
        }
        let reset = systems::outdoor_reset(&climate.temp_air);
        let part_loads = PartLoads::new(reset, &climate.temp_air);
        Ok(Year {
            part_loads: part_loads.map_err(|error| Error::from(Problem::new(error.to_string()).of_key("weather")))?,
            limits: Limits {
                month_starts: MONTH_STARTS,
                overheating: self.energy.overheating_above_c,
                tolerance: UNMET_K,
            },
            fidelity: self.energy.fidelity,
            exterior: match self.energy.exterior_convection {
                ExteriorConvection::Fixed => Films::Fixed,
                ExteriorConvection::Wind => Films::Wind,
            },
            warm_up_hours: 24 * self.energy.warm_up_days,
            climate,
        })
    }

    fn profiles(&self) -> Vec<Option<Profile>> {
        let is_used = |usage: Usage| {
            let buildings = self.inputs.buildings.iter().zip(&self.archetype_of);
            buildings.into_iter().any(|(building, archetype)| archetype.is_some() && building.usage.value == usage)
        };
        let profile =
            |usage: Usage| hourly_profile(self.inputs.archetypes.profile(usage), &self.of_weather.get().calendar);
        Usage::ALL.iter().map(|&usage| is_used(usage).then(|| profile(usage))).collect()
    }

    fn modules(&self) -> Result<(PvSystem, PvHours), Error> {
        let year = &self.of_weather.get().solar_year;
        let hours = PvHours::new(&CellTemperature::CLOSE_MOUNT_GLASS_GLASS, &year.temp_air, &year.wind_speed);
        Ok((modules::SYSTEM, hours.map_err(|error| Error::Failed(format!("photovoltaics: {error}")))?))
    }

    /// Computes and writes all buildings, some chunks at a time; collective. Gives what is kept of the chunks of this rank.
    fn compute(
        &self,
        context: &mut Context<'_>,
        shared: &Shared<'_>,
        (chunks, ranges): (&Chunks, &[Range<usize>]),
        writing: &mut Stopwatch,
    ) -> Result<Vec<Kept>, Error> {
        let runtime = context.runtime;
        let own: Vec<usize> = (0..chunks.len()).filter(|&chunk| chunks.owner(chunk) == runtime.rank()).collect();
        let scratch = runtime.scratch(Scratch::default);
        let mut states = vec![(); chunks.len()];
        let mut kept = Vec::new();
        for wave in waves(runtime, own.len(), self.chunks_per_thread())? {
            let listed = &own[wave.clone()];
            let sunlight = runtime.agree(self.sunlight(context.source, listed.iter().map(|&chunk| &ranges[chunk])))?;
            let found = runtime.map(chunks, listed, &mut states, &scratch, |chunk, (), memory| {
                shared.chunk(ranges[chunk].clone(), sunlight.as_ref(), memory)
            });
            let found: Vec<ChunkResult> = runtime.agree(found.into_iter().collect::<Result<_, Error>>())?;
            writing.run(|| rows::write(context.sink, &self.appraisal.fields(), self.variants.len(), &found))?;
            writing.run(|| self.write_hours(context, &found))?;
            kept.extend(found.iter().map(|chunk| Kept::of(chunk, self.variants.len())));
            let done = wave.end as f64 / own.len().max(1) as f64;
            context.progress.update(self.name(), done, "heating and cooling buildings");
        }
        Ok(kept)
    }

    /// What the surfaces of some chunks see, if the solar stage tells: read at once, as the file is compressed in pieces of
    /// many buildings. Chunks of a rank follow each other.
    fn sunlight<'a>(
        &self,
        source: &dyn FieldSource,
        ranges: impl Iterator<Item = &'a Range<usize>>,
    ) -> Result<Option<SurfaceSunlight>, Error> {
        if self.light == Light::Open {
            return Ok(None);
        }
        let buildings = ranges.cloned().reduce(|all, range| all.start..range.end).unwrap_or(0..0);
        SurfaceSunlight::read(source, chunk::surfaces(&self.inputs.buildings, buildings)).map(Some)
    }

    fn chunks_per_thread(&self) -> usize {
        if self.energy.hourly { CHUNKS_PER_THREAD_WITH_HOURS } else { CHUNKS_PER_THREAD }
    }

    fn write_hours(&self, context: &mut Context<'_>, found: &[ChunkResult]) -> Result<(), Error> {
        if self.energy.hourly {
            hourly::write_needs(context.sink, found)?;
        }
        if !self.inputs.connected.is_empty() {
            hourly::write_connections(context.sink, &self.inputs.connected, found)?;
        }
        Ok(())
    }

    /// Announces series and writes what is known before anything is computed.
    fn write_before(&self, context: &mut Context<'_>, year: &Year) -> Result<(), Error> {
        let sink = &mut *context.sink;
        metrics::write_buildings(sink, &self.inputs, &self.archetype_of)?;
        hourly::write_time(sink, &self.of_weather.get().solar_year, &year.climate)?;
        let names: Vec<String> = self.package_names();
        sink.write(&field::PACKAGE_NAME, crate::field::Values::Text(&names))?;
        let carriers = Carrier::ALL.map(|carrier| carrier.name().to_owned());
        sink.write(&field::CARRIER_NAME, crate::field::Values::Text(&carriers))?;
        rows::create(sink, &self.appraisal.fields(), (self.inputs.buildings.len(), self.variants.len()))?;
        if self.energy.hourly {
            hourly::create_needs(sink, year.climate.n_hours(), self.inputs.buildings.len())?;
        }
        if !self.inputs.connected.is_empty() {
            let shape = (self.inputs.connected.len(), self.variants.len(), year.climate.n_hours());
            hourly::create_connections(sink, &self.inputs.connected, shape)?;
        }
        Ok(())
    }

    /// Hour of the day of each hour in civil time.
    pub fn hour_of_day(&self) -> &[u8] {
        &self.of_weather.get().calendar.hour
    }

    /// Names of the variants of each building, the first of which is the building as it is.
    pub fn package_names(&self) -> Vec<String> {
        let packages = self.energy.retrofit.iter().map(|package| package.name.clone());
        std::iter::once(AS_IT_IS.to_owned()).chain(packages).collect()
    }
}

impl Stage for EnergyStage {
    fn name(&self) -> &'static str {
        "energy"
    }

    fn reads(&self) -> Vec<FieldSpec> {
        let mut fields = weather::fields(&self.settings);
        if self.light == Light::Shaded {
            fields.extend([
                solar::SURFACE_SUN_SHARE,
                solar::SUN_BIN_OF_HOUR,
                solar::SURFACE_SKY_FACTOR,
                solar::SURFACE_HORIZON_FACTOR,
                solar::SURFACE_REFLECTED_SHARE,
            ]);
        }
        fields
    }

    fn writes(&self) -> Vec<FieldSpec> {
        let mut fields = metrics::fields();
        fields.extend(hourly::fields(self.energy.hourly, !self.inputs.connected.is_empty()));
        fields.extend([field::PACKAGE_NAME, field::CARRIER_NAME]);
        fields.extend(rows::fields(&self.appraisal.fields()));
        fields.extend(ranking::fields(&self.appraisal, self.energy.budget));
        fields.extend(affordability::fields(&self.inputs.buildings, self.appraisal.has_prices()));
        fields
    }

    fn sizes(&self) -> Vec<(&'static str, u64)> {
        let heated = self.archetype_of.iter().flatten().count();
        vec![
            ("buildings", self.inputs.buildings.len() as u64),
            ("heated buildings", heated as u64),
            ("variants of each", self.variants.len() as u64),
            ("building-hours", (heated * self.variants.len() * HOURS) as u64),
        ]
    }

    fn memory(&self, n_ranks: usize, n_threads: usize) -> u64 {
        let (_, ranges) = self.chunks(n_ranks);
        let n = self.inputs.buildings.len() as u64;
        let rows = n * self.variants.len() as u64 * BYTES_PER_ROW;
        let n_hours = HOURS as u64;
        let of_chunk = ranges.first().map_or(0, |range| range.len() as u64);
        let hours = if self.energy.hourly { 3 * of_chunk * n_hours * 4 } else { 0 };
        let connections = self.inputs.connected.len() as u64 * (self.variants.len() as u64 + 2) * n_hours * 4;
        n * BYTES_PER_BUILDING + rows + connections + hours * (n_threads * self.chunks_per_thread()) as u64
    }

    fn run(&self, context: &mut Context<'_>) -> Result<StageReport, Error> {
        let (start, runtime) = (Instant::now(), context.runtime);
        let waited = runtime.communication_seconds();
        let of_weather = |year| SharedYear::new(year, &self.settings, self.timezone.as_deref());
        runtime.agree(self.of_weather.update(&self.settings, context.source, of_weather))?;
        let year = runtime.agree(self.year(context.source))?;
        let profiles = self.profiles();
        let shared = Shared {
            buildings: &self.inputs.buildings,
            archetype_of: &self.archetype_of,
            archetypes: &self.inputs.archetypes,
            energy: &self.energy,
            variants: &self.variants,
            reset: systems::outdoor_reset(&year.climate.temp_air),
            year: &year,
            profiles: &profiles,
            albedo: self.albedo,
            modules: self.modules()?,
            appraisal: &self.appraisal,
            connected: &self.inputs.connected,
        };
        let mut writing = Stopwatch::default();
        writing.run(|| self.write_before(context, &year))?;
        let (chunks, ranges) = self.chunks(runtime.size());
        let computing = Instant::now();
        let before = writing.seconds;
        let found = self.compute(context, &shared, (&chunks, &ranges), &mut writing)?;
        let busy = computing.elapsed().as_secs_f64() - (writing.seconds - before);
        let (mut sums, mut numbers, mut costs) = (Vec::new(), Vec::new(), Vec::new());
        for kept in found {
            sums.push(kept.sums);
            numbers.push(kept.numbers);
            costs.push(kept.costs);
        }
        let totals = metrics::Totals::sum(runtime, &chunks, sums, self.variants.len())?;
        let ranked = Ranking::gather(runtime, &chunks, numbers, self.variants.len())?;
        let of_budget = writing.run(|| ranked.write(context.sink, &self.appraisal, self.energy.budget))?;
        let of_incomes = match affordability::fields(shared.buildings, self.appraisal.has_prices()).is_empty() {
            true => Vec::new(),
            false => {
                let costs = (&chunks, costs);
                affordability::write(runtime, context.sink, costs, shared.buildings, &self.package_names())?
            }
        };
        let communicate = runtime.communication_seconds() - waited;
        let compute = (start.elapsed().as_secs_f64() - communicate - writing.seconds).max(0.0);
        let n_hours = self.sizes()[3].1;
        let mut metrics = totals.metrics(&self.package_names(), self.energy.fidelity);
        metrics.extend(of_budget);
        metrics.extend(of_incomes);
        let mut warnings = self.warnings.clone();
        if self.light == Light::Open {
            // Else the solar stage tells of the weather.
            warnings.extend(self.of_weather.warnings());
        }
        Ok(StageReport {
            metrics,
            warnings,
            phases: Phases { read: self.inputs.seconds, compute, communicate, write: writing.seconds },
            throughput: (busy > 0.0).then(|| ("building-hours/s".into(), n_hours as f64 / busy)),
        })
    }
}

/// Tells of settings that change nothing.
fn of_no_effect(scenario: &Scenario, energy: &Energy) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if energy.fidelity == Fidelity::FiveR1C && energy.exterior_convection == ExteriorConvection::Wind {
        let message = "energy.exterior_convection = \"wind\" changes nothing in \"5r1c\", whose films are fixed";
        warnings.push(Warning::new("no_wind_in_5r1c", 1, message.to_owned()));
    }
    let has_modules =
        |package: &Package| package.measures.iter().any(|measure| measure.kind == MeasureKind::Photovoltaics);
    let costs = scenario.solar.as_ref().and_then(|solar| solar.pv.as_ref()?.costs);
    let has_prices = scenario.economy.as_ref().is_some_and(|economy| !economy.carriers.is_empty());
    if has_prices && costs.is_none() && energy.retrofit.iter().any(has_modules) {
        let message = "electricity that modules feed in earns nothing: only [solar.pv.costs] has a price for it";
        warnings.push(Warning::new("no_feed_in_price", 1, message.to_owned()));
    }
    warnings
}

/// Refuses weather without temperatures; gaps of single hours are filled and told by its reader.
fn check_weather(weather: &WeatherYear) -> Result<(), Error> {
    if weather.temp_air.iter().all(|value| value.is_nan()) {
        let problem = Problem::new("heat needs air temperatures, the weather file has none").of_key("weather");
        return Err(problem.hint("use another weather file").into());
    }
    Ok(())
}

/// The archetype of each building; none for what is not heated.
fn archetypes_of(inputs: &mut EnergyInputs, warnings: &mut Vec<Warning>) -> Result<Vec<Option<usize>>, Error> {
    let Archetypes { archetypes, .. } = &inputs.archetypes;
    let mut found = Vec::with_capacity(inputs.buildings.len());
    let (mut substituted, mut first) = (0, String::new());
    for building in &mut inputs.buildings {
        let Building { usage, size_class, year, .. } = building;
        if usage.value == Usage::Unheated {
            found.push(None);
            continue;
        }
        let archetype = inputs.archetypes.find(usage.value, size_class.value, year.value).ok_or_else(|| {
            let what = usage.value.name();
            Problem::new(format!("no archetype fits building {}, which is {what}", building.id))
                .of_key("buildings.archetypes")
        })?;
        if archetype.usage != usage.value {
            substituted += 1;
            if first.is_empty() {
                first.clone_from(&building.id);
            }
        }
        building.floor_area.value = building.conditioned_floor_area(archetype.net_floor_share);
        let number = archetypes.iter().position(|known| std::ptr::eq(known, archetype));
        found.push(Some(number.expect("it is one of them")));
    }
    if substituted > 0 {
        let message = format!(
            "{substituted} buildings have a use without archetypes and take those of another, the first is {first}"
        );
        warnings.push(Warning::new("substituted_archetypes", substituted, message));
    }
    Ok(found)
}

/// Sun bin of each hour as the solar stage made them, and how many there are.
fn read_bins(source: &dyn FieldSource, n_hours: usize) -> Result<(Vec<u32>, usize), Error> {
    let bins = source.numbers(&solar::SUN_BIN_OF_HOUR, 0..n_hours)?;
    let n_bins = source.shape(&solar::SURFACE_SUN_SHARE)?[1];
    let bin = |value: &f64| if *value < 0.0 { conurb_energy::climate::NO_BIN } else { *value as u32 };
    Ok((bins.iter().map(bin).collect(), n_bins))
}
