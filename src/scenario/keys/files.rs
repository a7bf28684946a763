//! Which files and folders a key can name.

use std::path::Path;

use crate::scenario::wording::listed;

/// Kinds of files by how their names end.
#[derive(Debug)]
pub(in crate::scenario) struct FileKinds {
    /// Endings that are read.
    pub endings: &'static [&'static str],
    /// Endings that a later version will read, and what they are.
    pub later: &'static [(&'static str, &'static str)],
    /// What any other name stands for, if folders are read.
    pub folder: Option<&'static FolderKind>,
}

/// A kind of folder by what it holds.
#[derive(Debug)]
pub(in crate::scenario) struct FolderKind {
    /// What it is called, `a GMNS folder`.
    pub name: &'static str,
    /// Files that it must hold.
    pub needs: &'static [&'static str],
    /// Files that are read where it holds them.
    pub may_hold: &'static [&'static str],
}

impl FileKinds {
    /// What a key takes, `a file name ending in .tntp or .csv`.
    pub(in crate::scenario) fn described(&self) -> String {
        let endings = listed(self.endings.iter().map(|ending| (*ending).to_owned()).collect());
        match self.folder {
            Some(folder) if self.endings.is_empty() => folder.name.to_owned(),
            Some(folder) => format!("a file name ending in {endings}, or {}", folder.name),
            None => format!("a file name ending in {endings}"),
        }
    }
    /// Whether a path stands for a folder, which its name alone decides: ranks that see no file system must agree.
    pub(in crate::scenario) fn is_folder(&self, path: &str) -> bool {
        let later = self.later.iter().map(|(ending, _)| ending);
        // A slash at its end does not make a folder of a file.
        let path = Path::new(path).components().as_path().to_string_lossy();
        self.folder.is_some() && !self.endings.iter().chain(later).any(|ending| path.ends_with(ending))
    }
}

/// Road networks.
pub(in crate::scenario) static NETWORK_FILES: FileKinds = FileKinds {
    endings: &[".tntp", ".tntp.gz", ".csv", ".csv.gz"],
    later: &[
        (".osm.pbf", "networks from OpenStreetMap"),
        (".osm", "networks from OpenStreetMap"),
        (".osm.gz", "networks from OpenStreetMap"),
    ],
    folder: Some(&FolderKind {
        name: "a GMNS folder",
        needs: &["node.csv", "link.csv"],
        may_hold: &["config.csv", "movement.csv", "zone.csv"],
    }),
};

/// Nodes of a network.
pub(super) static NODE_FILES: FileKinds =
    FileKinds { endings: &[".tntp", ".tntp.gz", ".csv", ".csv.gz"], later: &[], folder: None };

/// Trips between zones.
pub(super) static DEMAND_FILES: FileKinds =
    FileKinds { endings: &[".tntp", ".tntp.gz", ".omx", ".csv", ".csv.gz"], later: &[], folder: None };

/// Small tables.
pub(super) static CSV_FILES: FileKinds = FileKinds { endings: &[".csv", ".csv.gz"], later: &[], folder: None };

/// Districts.
pub(super) static DISTRICT_FILES: FileKinds = FileKinds { endings: &[".geojson", ".json"], later: &[], folder: None };

/// Weather files of EnergyPlus.
pub(super) static EPW_FILES: FileKinds = FileKinds { endings: &[".epw", ".EPW", ".epw.gz"], later: &[], folder: None };

/// Typical meteorological years 3; they come with an ending in capitals.
pub(super) static TMY3_FILES: FileKinds = FileKinds { endings: &[".csv", ".CSV", ".csv.gz"], later: &[], folder: None };

/// City models.
pub(super) static CITY_MODEL_FILES: FileKinds = FileKinds {
    endings: &[".json", ".jsonl", ".json.gz", ".jsonl.gz"],
    later: &[(".gml", "city models in CityGML"), (".xml", "city models in CityGML")],
    folder: None,
};

/// Archetypes of buildings.
pub(in crate::scenario) static ARCHETYPE_FILES: FileKinds = FileKinds {
    endings: &[".csv", ".csv.gz"],
    later: &[],
    folder: Some(&FolderKind {
        name: "a folder with tables of TABULA",
        needs: &["tabula_u_class_defaults.csv", "tabula_u_class_windows.csv", "tabula_year_classes.csv"],
        may_hold: &[
            "tabula_boundary_conditions.csv",
            "tabula_constructions.csv",
            "tabula_energy_carriers.csv",
            "tabula_envelope_area_estimation.csv",
            "tabula_infiltration.csv",
            "tabula_measures.csv",
            "tabula_thermal_bridging.csv",
        ],
    }),
};

/// Layers of constructions.
pub(super) static LAYER_FOLDERS: FileKinds = FileKinds {
    endings: &[],
    later: &[],
    folder: Some(&FolderKind {
        name: "a folder with layers of TEASER",
        needs: &["MaterialTemplates.json", "TypeElements_TABULA_DE.json"],
        may_hold: &[],
    }),
};

/// Networks of pandapower.
pub(super) static PANDAPOWER_FILES: FileKinds = FileKinds { endings: &[".json", ".json.gz"], later: &[], folder: None };

/// Rasters.
pub(super) static RASTER_FILES: FileKinds =
    FileKinds { endings: &[".tif", ".tiff", ".TIF", ".TIFF"], later: &[], folder: None };

/// Series of climate models and observations.
pub(super) static NETCDF_FILES: FileKinds = FileKinds { endings: &[".nc", ".nc4"], later: &[], folder: None };

/// Inhabitants by cell or by place.
pub(super) static POPULATION_FILES: FileKinds =
    FileKinds { endings: &[".tif", ".tiff", ".TIF", ".TIFF", ".csv", ".csv.gz"], later: &[], folder: None };

/// Finished runs.
pub(super) static RUN_FOLDERS: FileKinds = FileKinds {
    endings: &[],
    later: &[],
    folder: Some(&FolderKind {
        name: "a run folder",
        needs: &["report.json"],
        may_hold: &["traffic.nc", "solar.nc", "buildings.nc", "climate.nc", "kpi.nc", "scenario.toml"],
    }),
};
