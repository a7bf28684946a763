//! Reading what a place is: weather, buildings, elevation.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Instant;

use super::Reader;
use crate::error::{Error, Problem, Warning};
use crate::formats::city::{CityModel, CityObject};
use crate::formats::geotiff::GeoTiff;
use crate::formats::projection::{Projection, require_metres};
use crate::formats::weather::WeatherYear;
use crate::formats::{Source, cityjson, epw, tmy3};
use crate::scenario::{Buildings, Scenario, Weather, WeatherFile};

/// An elevation raster; its cells are read when they are needed.
pub type Elevation = GeoTiff<Vec<u8>>;

/// What sun and heat are computed from, as read; everything lies in one reference system.
#[derive(Debug, Clone)]
pub struct PlaceInputs {
    /// Weather of the year.
    pub weather: WeatherYear,
    /// Buildings and their parts; empty where the scenario names none.
    pub objects: Vec<CityObject>,
    /// Elevation raster to compute irradiation of.
    pub dsm: Option<Elevation>,
    /// Elevation raster of bare ground.
    pub terrain: Option<Elevation>,
    /// Elevation raster of what stands around the buildings.
    pub surroundings: Option<Elevation>,
    /// The reference system, projected, in metres; none where no input has coordinates.
    pub crs: Option<String>,
    /// What was odd about the files.
    pub warnings: Vec<Warning>,
    /// Wall seconds it took.
    pub seconds: f64,
}

impl PlaceInputs {
    /// The reference system of a scenario with rasters or city models.
    ///
    /// # Panics
    /// Without either.
    pub fn crs(&self) -> &str {
        self.crs.as_deref().expect("inputs with coordinates have a reference system")
    }
}

/// An input that says where it lies.
pub(super) struct Located<'a> {
    pub(super) key: &'static str,
    pub(super) file: &'a Path,
    pub(super) crs: Option<String>,
}

impl Reader<'_> {
    /// Reads what the `[weather]`, `[buildings]` and `[solar]` tables of a scenario name.
    ///
    /// # Errors
    /// Everything wrong with the files, on every rank; rasters in different reference systems, or in degrees.
    pub fn place(&mut self, scenario: &Scenario) -> Result<PlaceInputs, Error> {
        let start = Instant::now();
        let weather = scenario.weather.as_ref().expect("a scenario with sun or heat has [weather]");
        let mut warnings = Vec::new();
        let year = self.weather(scenario, weather, &mut warnings)?;
        let mut located = Vec::new();
        let solar = scenario.solar.as_ref();
        let raster = solar.and_then(|solar| solar.raster.as_ref());
        let dsm = raster.map(|raster| raster.dsm.as_path());
        let dsm = self.elevation("solar.raster.dsm", dsm, &mut located)?;
        let terrain =
            self.elevation("solar.terrain", solar.and_then(|solar| solar.terrain.as_deref()), &mut located)?;
        let surroundings =
            self.elevation("solar.surroundings", solar.and_then(|solar| solar.surroundings.as_deref()), &mut located)?;
        let models = self.city_models(scenario.buildings.as_ref(), &mut located, &mut warnings)?;
        let crs = match located.is_empty() {
            true => None,
            false => Some(common_crs(scenario.crs.as_deref(), &located, &mut warnings)?),
        };
        let objects = match &crs {
            Some(crs) => in_one_system(models, scenario, crs, &mut warnings)?,
            None => Vec::new(),
        };
        let seconds = start.elapsed().as_secs_f64();
        Ok(PlaceInputs { weather: year, objects, dsm, terrain, surroundings, crs, warnings, seconds })
    }

    fn weather(
        &mut self,
        scenario: &Scenario,
        weather: &Weather,
        warnings: &mut Vec<Warning>,
    ) -> Result<WeatherYear, Error> {
        let read = match &weather.file {
            WeatherFile::Epw(file) => epw::read_epw(Source { file, bytes: &self.bytes(file)? }),
            WeatherFile::Tmy3(file) => tmy3::read_tmy3(Source { file, bytes: &self.bytes(file)? }),
            WeatherFile::Downscaled => return self.planned_weather(scenario),
        };
        let (year, more) = self.runtime.agree(read)?;
        warnings.extend(more);
        Ok(year)
    }

    fn elevation<'a>(
        &mut self,
        key: &'static str,
        file: Option<&'a Path>,
        located: &mut Vec<Located<'a>>,
    ) -> Result<Option<Elevation>, Error> {
        let Some(file) = file else { return Ok(None) };
        let bytes = self.bytes(file)?;
        let opened = GeoTiff::open(file, bytes);
        let raster = self.runtime.agree(opened)?;
        located.push(Located { key, file, crs: raster.frame().crs.clone() });
        Ok(Some(raster))
    }

    /// The buildings of each file with the reference system that it names.
    fn city_models<'a>(
        &mut self,
        buildings: Option<&'a Buildings>,
        located: &mut Vec<Located<'a>>,
        warnings: &mut Vec<Warning>,
    ) -> Result<Vec<(&'a Path, CityModel)>, Error> {
        let mut models = Vec::new();
        for file in buildings.iter().flat_map(|buildings| &buildings.cityjson) {
            let bytes = self.bytes(file)?;
            let lod = buildings.and_then(|buildings| buildings.lod.as_deref());
            let read = cityjson::read_cityjson(Source { file, bytes: &bytes }, lod);
            let (model, more) = self.runtime.agree(read)?;
            warnings.extend(more);
            located.push(Located { key: "buildings.cityjson", file, crs: model.crs.clone() });
            models.push((file.as_path(), model));
        }
        Ok(models)
    }
}

/// The reference system of the run: the scenario's, else that of the rasters, else that of the first city model.
pub(super) fn common_crs(
    of_scenario: Option<&str>,
    located: &[Located<'_>],
    warnings: &mut Vec<Warning>,
) -> Result<String, Error> {
    let is_raster = |input: &&Located<'_>| input.key != "buildings.cityjson";
    let named = located.iter().find_map(|input| input.crs.as_deref());
    let of_scenario = of_scenario.map(|crs| cityjson::horizontal(crs).unwrap_or_else(|| crs.to_owned()));
    let Some(crs) = of_scenario.or(named.map(str::to_owned)) else {
        let first = located.first().expect("there is an input with coordinates");
        let problem = Problem::new("the file names no coordinate reference system").in_file(first.file);
        return Err(problem.of_key(first.key).hint("set scenario.crs, for example \"EPSG:28992\"").into());
    };
    require_metres(&crs).map_err(|problem| problem.of_key("scenario.crs"))?;
    for input in located.iter().filter(is_raster) {
        match &input.crs {
            Some(own) if *own != crs => {
                let message = format!("the raster is in {own}, the run in {crs}");
                let problem = Problem::new(message).in_file(input.file).of_key(input.key);
                return Err(problem.hint("reproject the raster, for example with gdalwarp").into());
            }
            Some(_) => {}
            None => {
                let file = input.file.display();
                let message = format!("{file} names no coordinate reference system, taken as {crs}");
                warnings.push(Warning::new("assumed_crs", 1, message));
            }
        }
    }
    Ok(crs)
}

/// The objects of all models, moved into the reference system of the run.
fn in_one_system(
    models: Vec<(&Path, CityModel)>,
    scenario: &Scenario,
    crs: &str,
    warnings: &mut Vec<Warning>,
) -> Result<Vec<CityObject>, Error> {
    let mut objects = Vec::new();
    for (file, mut model) in models {
        match &model.crs {
            Some(own) if own != crs => {
                let projection = Projection::between(own, crs).map_err(|problem| problem.in_file(file))?;
                for vertex in vertices(&mut model.objects) {
                    let [x, y] = projection.point([vertex[0], vertex[1]]).ok_or_else(|| {
                        Problem::new(format!("{crs} has no place at {}, {} of {own}", vertex[0], vertex[1]))
                            .in_file(file)
                    })?;
                    (vertex[0], vertex[1]) = (x, y);
                }
                let message = format!("{} was moved from {own} to {crs}", file.display());
                warnings.push(Warning::new("reprojected", model.objects.len(), message));
            }
            Some(_) => {}
            None if scenario.crs.is_none() => {
                let problem = Problem::new("the file names no coordinate reference system").in_file(file);
                let hint = format!("set scenario.crs, for example \"{crs}\", if that is what it is in");
                return Err(problem.of_key("buildings.cityjson").hint(hint).into());
            }
            None => {}
        }
        objects.append(&mut model.objects);
    }
    warnings.extend(leave_out_repeated(&mut objects));
    Ok(objects)
}

/// Keeps the first of several objects of one id, as neighbouring tiles of a city model may share some.
fn leave_out_repeated(objects: &mut Vec<CityObject>) -> Option<Warning> {
    let mut known = BTreeSet::new();
    let mut repeated = Vec::new();
    objects.retain(|object| {
        let is_new = known.insert(object.id.clone());
        if !is_new {
            repeated.push(object.id.clone());
        }
        is_new
    });
    let named = || repeated.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    let message = || format!("{} objects have the id of an earlier one and are left out: {}", repeated.len(), named());
    (!repeated.is_empty()).then(|| Warning::new("repeated_objects", repeated.len(), message()))
}

fn vertices(objects: &mut [CityObject]) -> impl Iterator<Item = &mut [f64; 3]> {
    objects.iter_mut().flat_map(|object| &mut object.surfaces).flat_map(|surface| surface.rings.iter_mut().flatten())
}
