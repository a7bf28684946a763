//! Buildings as a table, for towns without a city model: areas by direction, age, use.

use std::collections::BTreeMap;

use super::number_or;
use crate::buildings::{PLAUSIBLE_YEARS, SizeClass, Usage, usage_of};
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::table::{Layout, Row};
use crate::formats::text::{finite, integer, shown};

/// Larger areas, volumes and numbers are slips of units: the largest buildings have some 1.5 million m² and 13 million m³.
const LARGEST: f64 = 1.0e8;
/// More storeys than this are none.
const MOST_STOREYS: f64 = 200.0;
/// Volume per conditioned floor area below which no room can be (m).
const LOWEST_ROOM_M: f64 = 1.5;

const ID: usize = 0;
const YEAR: usize = 1;
const USE: usize = 2;
const SIZE_CLASS: usize = 3;
const STOREYS: usize = 4;
const FLOOR_AREA: usize = 5;
const GROUND_AREA: usize = 6;
const VOLUME: usize = 7;
const HEIGHT: usize = 8;
const PARTY_WALL_AREA: usize = 9;
const WALL_AREA: usize = 10;
const WINDOW_AREA: usize = 14;
const ROOF_AREA: usize = 18;
const ROOF_AREA_TOWARDS: usize = 19;
const ROOF_TILT: usize = 23;
const ORIENTATION: usize = 24;
const HOUSEHOLDS: usize = 25;
const INCOME: usize = 26;

const COLUMNS: Columns = Columns::of(
    &[
        "id",
        "year",
        "use",
        "size_class",
        "storeys",
        "floor_area_m2",
        "ground_area_m2",
        "volume_m3",
        "height_m",
        "party_wall_area_m2",
        "wall_area_n_m2",
        "wall_area_e_m2",
        "wall_area_s_m2",
        "wall_area_w_m2",
        "window_area_n_m2",
        "window_area_e_m2",
        "window_area_s_m2",
        "window_area_w_m2",
        "roof_area_m2",
        "roof_area_n_m2",
        "roof_area_e_m2",
        "roof_area_s_m2",
        "roof_area_w_m2",
        "roof_tilt_deg",
        "orientation_deg",
        "households",
        "income_per_household",
    ],
    &[ID, GROUND_AREA, WALL_AREA, WALL_AREA + 1, WALL_AREA + 2, WALL_AREA + 3],
);

/// A row of a table of buildings, as it stands there; areas by direction are those towards north, east, south and west.
#[derive(Debug, Clone, PartialEq)]
pub struct BuildingRow {
    /// Id, unique.
    pub id: String,
    /// Year of construction.
    pub year: Option<i32>,
    /// What it is used for.
    pub usage: Option<Usage>,
    /// Its size class.
    pub size_class: Option<SizeClass>,
    /// Number of full storeys, above zero.
    pub storeys: Option<f64>,
    /// Conditioned floor area (m²), above zero.
    pub floor_area: Option<f64>,
    /// Area that lies on the ground (m²), above zero.
    pub ground_area: f64,
    /// Volume (m³), above zero; a stated height times the ground area if only that is there.
    pub volume: Option<f64>,
    /// Area of walls shared with neighbours (m²).
    pub party_wall_area: f64,
    /// Areas of outer walls with their windows (m²).
    pub wall_areas: [f64; 4],
    /// Areas of windows with frames where they are stated (m²).
    pub window_areas: [Option<f64>; 4],
    /// Area of flat roofs where it is stated (m²).
    pub flat_roof_area: Option<f64>,
    /// Areas of pitched roofs (m²).
    pub pitched_roof_areas: [f64; 4],
    /// Tilt of pitched roofs (°).
    pub roof_tilt_deg: f64,
    /// Angle clockwise that all directions are turned by (°).
    pub orientation_deg: f64,
    /// Number of households.
    pub households: Option<f64>,
    /// Income of a household per year, in the currency of the scenario.
    pub income_per_household: Option<f64>,
}

/// Reads a table of buildings.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint: among it ids that stand there twice, buildings without
/// floor area, walls or ground, windows larger than their wall, uses that are not understood.
pub fn read_buildings(source: Source<'_>) -> Result<(Vec<BuildingRow>, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut rows: Vec<BuildingRow> = Vec::new();
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let Some(building) = (Reader { row, layout, line, findings }).building() else { return };
        match lines.get(&building.id) {
            Some(first) => findings.at("repeated id", line, || {
                let id = shown(building.id.as_bytes());
                Problem::new(format!("building {id} stands here and in line {first}")).of_key("id")
            }),
            None => {
                lines.insert(building.id.clone(), line);
                rows.push(building);
            }
        }
    });
    if read.is_ok() && rows.is_empty() && findings.is_empty() {
        findings.push("no rows", Problem::new("the table has no buildings"));
    }
    let layout = findings.conclude(read)?;
    Ok((rows, csv_table::ignored_columns(source.file, &layout).into_iter().collect()))
}

/// Reads one row; what is wrong is told, and then there is no value.
struct Reader<'a, 'f, 'p> {
    row: Row<'a>,
    layout: &'a Layout,
    line: usize,
    findings: &'f mut Findings<'p>,
}

impl Reader<'_, '_, '_> {
    /// The building, or none if anything of it is wrong; all that is wrong is told.
    fn building(&mut self) -> Option<BuildingRow> {
        let id = self.id();
        let year = self.year();
        let usage = self.usage();
        let size_class = self.size_class();
        let storeys = self.positive(STOREYS, MOST_STOREYS);
        let floor_area = self.positive(FLOOR_AREA, LARGEST);
        let ground_area = self.positive(GROUND_AREA, LARGEST);
        let volume = self.positive(VOLUME, LARGEST);
        let height = self.positive(HEIGHT, LARGEST);
        let party_wall_area = self.amount(PARTY_WALL_AREA);
        let wall_areas = self.four(|reader, direction| reader.amount(WALL_AREA + direction));
        let window_areas = self.four(|reader, direction| reader.optional(WINDOW_AREA + direction));
        let flat_roof_area = self.optional(ROOF_AREA);
        let pitched_roof_areas = self.four(|reader, direction| reader.amount(ROOF_AREA_TOWARDS + direction));
        let roof_tilt = self.roof_tilt();
        let orientation_deg = self.orientation();
        let households = self.optional(HOUSEHOLDS);
        let income_per_household = self.optional(INCOME);
        let ground_area = match ground_area? {
            Some(area) => area,
            None => return self.wrong("missing value", GROUND_AREA, "the area on the ground is not given", None),
        };
        let row = BuildingRow {
            id: id?,
            year: year?,
            usage: usage?,
            size_class: size_class?,
            storeys: storeys?,
            floor_area: floor_area?,
            ground_area,
            volume: volume?.or(height?.map(|height| height * ground_area)),
            party_wall_area: party_wall_area?,
            wall_areas: wall_areas?,
            window_areas: window_areas?,
            flat_roof_area: flat_roof_area?,
            pitched_roof_areas: pitched_roof_areas?,
            roof_tilt_deg: roof_tilt?.unwrap_or(0.0),
            orientation_deg: orientation_deg?,
            households: households?,
            income_per_household: income_per_household?,
        };
        self.agrees(&row, roof_tilt?).then_some(row)
    }

    /// Whether the values of a row fit together.
    fn agrees(&mut self, row: &BuildingRow, roof_tilt: Option<f64>) -> bool {
        let mut all = true;
        let mut refuse = |kind, column, message: &str, hint| {
            self.wrong::<()>(kind, column, message, Some(hint));
            all = false;
        };
        if row.storeys.is_none() && row.floor_area.is_none() && row.volume.is_none() {
            let hint = "give floor_area_m2, storeys, volume_m3 or height_m";
            refuse("no floor area", FLOOR_AREA, "nothing tells the floor area", hint);
        }
        if row.wall_areas.iter().sum::<f64>() + row.party_wall_area <= 0.0 {
            refuse("no walls", WALL_AREA, "the building has no walls", "give wall areas or party_wall_area_m2");
        }
        for (direction, (window, wall)) in row.window_areas.iter().zip(row.wall_areas).enumerate() {
            if window.is_some_and(|window| window > wall) {
                let hint = "areas of walls include their windows";
                refuse("windows larger than wall", WINDOW_AREA + direction, "windows are larger than their wall", hint);
            }
        }
        if roof_tilt.is_none() && row.pitched_roof_areas.iter().any(|area| *area > 0.0) {
            refuse(
                "no roof tilt",
                ROOF_TILT,
                "the tilt of the pitched roofs is not given",
                "flat ones are roof_area_m2",
            );
        }
        if let (Some(volume), Some(floor_area)) = (row.volume, row.floor_area)
            && volume < LOWEST_ROOM_M * floor_area
        {
            let message = format!("{volume} m³ are too few for {floor_area} m² of floors");
            refuse("volume and floor area", VOLUME, &message, "volumes are those of the whole building");
        }
        all
    }

    fn field(&self, column: usize) -> &[u8] {
        self.layout.position(column).map_or(&b""[..], |position| self.row.field(position))
    }

    /// Tells a problem of a column; there is no value.
    fn wrong<T>(&mut self, kind: &'static str, column: usize, message: &str, hint: Option<&str>) -> Option<T> {
        let name = self.layout.name(column);
        self.findings.at(kind, self.line, || {
            let problem = Problem::new(message).of_key(name);
            hint.map(|hint| problem.clone().hint(hint)).unwrap_or(problem)
        });
        None
    }

    fn id(&mut self) -> Option<String> {
        match std::str::from_utf8(self.field(ID)) {
            Ok("") => self.wrong("missing id", ID, "the building has no id", None),
            Ok(id) => Some(id.to_owned()),
            Err(_) => self.wrong("id is no text", ID, "the id is not UTF-8", Some("save the table as UTF-8")),
        }
    }

    fn year(&mut self) -> Option<Option<i32>> {
        let field = self.field(YEAR);
        if field.is_empty() {
            return Some(None);
        }
        let year = integer(field).and_then(|year| i32::try_from(year).ok());
        match year.filter(|year| PLAUSIBLE_YEARS.contains(year)) {
            Some(year) => Some(Some(year)),
            None => {
                let (first, last) = (PLAUSIBLE_YEARS.start(), PLAUSIBLE_YEARS.end());
                let message = format!("expected a year from {first} to {last}, found {}", shown(field));
                self.wrong("not a year", YEAR, &message, Some("leave it empty where it is not known"))
            }
        }
    }

    fn usage(&mut self) -> Option<Option<Usage>> {
        let field = self.field(USE);
        if field.is_empty() {
            return Some(None);
        }
        match std::str::from_utf8(field).ok().and_then(usage_of) {
            Some(usage) => Some(Some(usage)),
            None => {
                let message = format!("expected a use, found {}", shown(field));
                let hint = format!("uses are {}", Usage::ALL.map(Usage::name).join(", "));
                self.wrong("not a use", USE, &message, Some(&hint))
            }
        }
    }

    fn size_class(&mut self) -> Option<Option<SizeClass>> {
        let field = self.field(SIZE_CLASS);
        let is = |class: &SizeClass| field.eq_ignore_ascii_case(class.name().as_bytes());
        match SizeClass::ALL.into_iter().find(is) {
            Some(class) => Some(Some(class)),
            None if field.is_empty() => Some(None),
            None => {
                let message = format!("expected a size class, found {}", shown(field));
                let hint = format!("size classes are {}", SizeClass::ALL.map(SizeClass::name).join(", "));
                self.wrong("not a size class", SIZE_CLASS, &message, Some(&hint))
            }
        }
    }

    /// A number from zero on, none where it is not given.
    fn optional(&mut self, column: usize) -> Option<Option<f64>> {
        if self.field(column).is_empty() {
            return Some(None);
        }
        let value = number_or(self.row, self.layout, (column, 0.0), self.line, self.findings)?;
        if value > LARGEST {
            let message = format!("expected at most {LARGEST}, found {}", shown(self.field(column)));
            return self.wrong("too large", column, &message, Some("areas are in m², volumes in m³"));
        }
        Some(Some(value))
    }

    /// A number from zero on, zero where it is not given.
    fn amount(&mut self, column: usize) -> Option<f64> {
        Some(self.optional(column)?.unwrap_or(0.0))
    }

    /// A number above zero and not above `most`, none where it is not given.
    fn positive(&mut self, column: usize, most: f64) -> Option<Option<f64>> {
        match self.optional(column)? {
            None => Some(None),
            Some(value) if value > 0.0 && value <= most => Some(Some(value)),
            Some(value) => {
                let message = format!("expected a number above 0 and at most {most}, found {value}");
                self.wrong("out of range", column, &message, Some("leave it empty where it is not known"))
            }
        }
    }

    /// Values of the four directions; all of them are looked at before one that is wrong ends it.
    fn four<T>(&mut self, mut of: impl FnMut(&mut Self, usize) -> Option<T>) -> Option<[T; 4]> {
        let all = [0, 1, 2, 3].map(|direction| of(self, direction));
        let [Some(north), Some(east), Some(south), Some(west)] = all else { return None };
        Some([north, east, south, west])
    }

    fn roof_tilt(&mut self) -> Option<Option<f64>> {
        match self.optional(ROOF_TILT)? {
            Some(tilt) if tilt >= 90.0 => {
                let message = format!("expected a tilt below 90°, found {tilt}");
                self.wrong("not a tilt", ROOF_TILT, &message, Some("0 is flat"))
            }
            tilt => Some(tilt),
        }
    }

    fn orientation(&mut self) -> Option<f64> {
        let field = self.field(ORIENTATION);
        match finite(field) {
            Ok(angle) if angle.abs() <= 360.0 => Some(angle),
            Err(_) if field.is_empty() => Some(0.0),
            _ => {
                let message = format!("expected an angle from -360 to 360, found {}", shown(field));
                let hint = "it is how far the wall called n looks clockwise from north";
                self.wrong("not an angle", ORIENTATION, &message, Some(hint))
            }
        }
    }
}
