//! Reading what energy in buildings is computed from: buildings as heat sees them, archetypes, costs of measures.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::Reader;
use crate::archetypes::Archetypes;
use crate::buildings::{Building, BuildingDefaults, from_city, from_table};
use crate::city::City;
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::tables::{MeasureCosts, read_buildings, read_measure_costs};
use crate::formats::teaser::read_teaser;
use crate::scenario::{ArchetypeSource, Buildings, Energy, Scenario};

/// Names that tables of TABULA begin with.
const TABULA: &str = "tabula_";
/// Materials of TEASER.
const MATERIALS: &str = "MaterialTemplates.json";
/// What files of TEASER with constructions begin with.
const ELEMENTS: &str = "TypeElements";
/// No folder of tables has more files than this.
const MOST_FILES: usize = 100;

/// What energy in buildings is computed from.
#[derive(Debug, Clone)]
pub struct EnergyInputs {
    /// The buildings that have a heat balance.
    pub buildings: Vec<Building>,
    /// What they are made of and how they are used.
    pub archetypes: Archetypes,
    /// What measures cost.
    pub costs: Option<MeasureCosts>,
    /// Buildings that hang at a feeder, ascending.
    pub connected: Vec<usize>,
    /// What was assumed and odd.
    pub warnings: Vec<Warning>,
    /// Wall seconds it took.
    pub seconds: f64,
}

impl Reader<'_> {
    /// Reads what `[buildings]`, `[energy]` and `[economy]` name besides city models; `city` is that of the models with the
    /// direction of its grid.
    ///
    /// # Errors
    /// Everything wrong with the files, on every rank; no building with a heat balance.
    pub fn energy(
        &mut self,
        scenario: &Scenario,
        energy: &Energy,
        city: Option<(&City, f64)>,
    ) -> Result<EnergyInputs, Error> {
        let start = Instant::now();
        let settings = scenario.buildings.as_ref().expect("a scenario with [energy] has [buildings]");
        let mut warnings = Vec::new();
        let archetypes = self.archetypes(settings, &mut warnings)?;
        let defaults = BuildingDefaults {
            year: settings.default_year,
            usage: settings.default_use,
            storey_height: settings.storey_height_m,
        };
        let buildings = match (city, &settings.table) {
            (Some((city, convergence_deg)), _) => {
                let found = from_city(city, convergence_deg, &settings.attributes, &defaults);
                warnings.extend(found.warnings);
                found.buildings
            }
            (None, Some(table)) => self.building_table(table, &defaults, &mut warnings)?,
            (None, None) => Vec::new(),
        };
        if buildings.is_empty() {
            let problem = Problem::new("no building has walls, a floor and a volume").of_key("buildings");
            return Err(problem.into());
        }
        let costs = scenario.economy.as_ref().and_then(|economy| economy.measure_costs.as_deref());
        let costs = costs.map(|file| self.measure_costs(file, energy, &mut warnings)).transpose()?;
        let seconds = start.elapsed().as_secs_f64();
        Ok(EnergyInputs { buildings, archetypes, costs, connected: Vec::new(), warnings, seconds })
    }

    fn building_table(
        &mut self,
        file: &Path,
        defaults: &BuildingDefaults,
        warnings: &mut Vec<Warning>,
    ) -> Result<Vec<Building>, Error> {
        let bytes = self.bytes(file)?;
        let (rows, more) = self.runtime.agree(read_buildings(Source { file, bytes: &bytes }))?;
        warnings.extend(more);
        let (buildings, assumed) = from_table(&rows, defaults);
        warnings.extend(assumed);
        Ok(buildings)
    }

    fn measure_costs(
        &mut self,
        file: &Path,
        energy: &Energy,
        warnings: &mut Vec<Warning>,
    ) -> Result<MeasureCosts, Error> {
        let bytes = self.bytes(file)?;
        let read = read_measure_costs(Source { file, bytes: &bytes }, &energy.retrofit);
        let (costs, more) = self.runtime.agree(read)?;
        warnings.extend(more);
        Ok(costs)
    }

    fn archetypes(&mut self, settings: &Buildings, warnings: &mut Vec<Warning>) -> Result<Archetypes, Error> {
        let source = settings.archetypes.as_ref().expect("a scenario with [energy] names archetypes");
        let mut archetypes = match source {
            ArchetypeSource::Country(country) => Archetypes::built_in(*country),
            ArchetypeSource::Table(file) => {
                let bytes = self.bytes(file)?;
                let (archetypes, more) = self.runtime.agree(Archetypes::from_csv(Source { file, bytes: &bytes }))?;
                warnings.extend(more);
                archetypes
            }
            ArchetypeSource::Tabula { folder, country } => {
                let files = self.files_of(folder, |name| name.starts_with(TABULA) && name.ends_with(".csv"))?;
                let sources: Vec<Source<'_>> = sources(&files);
                let (archetypes, more) = self.runtime.agree(Archetypes::from_tabula(&sources, country))?;
                warnings.extend(more);
                archetypes
            }
        };
        if let Some(folder) = &settings.layers {
            let files = self.files_of(folder, |name| {
                name == MATERIALS || (name.starts_with(ELEMENTS) && name.ends_with(".json"))
            })?;
            let sources = sources(&files);
            let is_materials = |source: &&Source<'_>| source.file.file_name().is_some_and(|name| name == MATERIALS);
            let materials = sources.iter().find(is_materials);
            let elements = sources.iter().find(|source| !is_materials(source));
            let (Some(materials), Some(elements)) = (materials, elements) else {
                let message = format!("the folder needs {MATERIALS} and a {ELEMENTS}*.json");
                return Err(Problem::new(message).in_file(folder).of_key("buildings.layers").into());
            };
            let elements = self.runtime.agree(read_teaser(*materials, *elements))?;
            let n_found = archetypes.with_layers(&elements);
            let without = archetypes.archetypes.len() - n_found;
            if without > 0 {
                let message = format!("{without} archetypes have no layers in {}", folder.display());
                warnings.push(Warning::new("archetypes_without_layers", without, message));
            }
        }
        Ok(archetypes)
    }

    /// Files of a folder whose names are wanted, in the order of their names, with their bytes.
    fn files_of(&mut self, folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<(PathBuf, Vec<u8>)>, Error> {
        let listed = self.runtime.from_root(|| {
            let entries = std::fs::read_dir(folder).map_err(|cause| Error::file("list", folder, cause))?;
            let mut names = Vec::new();
            for entry in entries {
                let name = entry.map_err(|cause| Error::file("list", folder, cause))?.file_name();
                let name = name.to_string_lossy().into_owned();
                if is_wanted(&name) {
                    names.push(name);
                }
            }
            names.sort();
            names.truncate(MOST_FILES);
            Ok(names.join("\n").into_bytes())
        })?;
        let names = String::from_utf8_lossy(&listed).into_owned();
        names.lines().map(|name| Ok((folder.join(name), self.bytes(&folder.join(name))?))).collect()
    }
}

fn sources(files: &[(PathBuf, Vec<u8>)]) -> Vec<Source<'_>> {
    files.iter().map(|(file, bytes)| Source { file, bytes }).collect()
}
