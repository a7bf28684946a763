//! Buildings of a table, archetypes and weather that can be worked out by hand, and what a run of energy says of them.
#![allow(dead_code, reason = "each test crate uses its own part of this")]
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::fmt::Write as _;
use std::fs;

use crate::made_city::{Ran, Site};

/// Hours of a year.
pub const HOURS: usize = 8760;
/// Weather, table and archetypes, and energy with further keys behind it.
pub const TABLE: &str = "[weather]\nepw = \"weather.epw\"\n[buildings]\ntable = \"buildings.csv\"\n\
    archetypes = \"archetypes.csv\"\n[energy]\n";
/// Heating to 20 °C by day and night.
pub const ALWAYS_20: &str = "heating_setpoint_c = 20.0\nheating_setback_c = 20.0\n";
/// Area of the floors of [`HOUSE`] (m²): two storeys of 100 m² of which 85 % are net.
pub const FLOOR_AREA: f64 = 170.0;

const DAYS_OF_MONTH: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/// Weather of an hour.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hour {
    /// Air temperature (°C).
    pub temp_air: f64,
    /// Global horizontal, direct normal and diffuse horizontal irradiance (W/m²).
    pub radiation: [f64; 3],
}

/// An hour without sun.
pub fn dark(temp_air: f64) -> Hour {
    Hour { temp_air, ..Hour::default() }
}

/// Head of a weather file near Amersfoort, an hour ahead of UTC.
pub const EPW_HEAD: &str = "LOCATION,Invented Town,-,NLD,conurb,000000,52.155,5.387,1.0,3.0\nDESIGN CONDITIONS,0\n\
    TYPICAL/EXTREME PERIODS,0\nGROUND TEMPERATURES,0\nHOLIDAYS/DAYLIGHT SAVINGS,No,0,0,0\nCOMMENTS 1,Invented\n\
    COMMENTS 2,\nDATA PERIODS,1,1,Data,Sunday, 1/ 1,12/31\n";

/// Writes `weather.epw` with the weather of each hour of the year.
pub fn weather(site: &Site, of: impl Fn(usize) -> Hour) {
    let mut text = EPW_HEAD.to_owned();
    let days = DAYS_OF_MONTH.iter().zip(1..).flat_map(|(&length, month)| (1..=length).map(move |day| (month, day)));
    let hours = days.flat_map(|(month, day)| (1..=24).map(move |hour| (month, day, hour)));
    for (number, (month, day, hour)) in hours.enumerate() {
        let Hour { temp_air, radiation: [ghi, dni, dhi] } = of(number);
        writeln!(
            text,
            "2023,{month},{day},{hour},0,?9,{temp_air:.6},{:.6},81,101300,0,0,300,{ghi},{dni},{dhi},0,0,0,0,240,4.0,5,5,\
             9999,99999,9,999999999,999,0.999,999,99,0.2,0,1",
            temp_air - 3.0
        )
        .unwrap();
    }
    fs::write(site.path("weather.epw"), text).unwrap();
}

/// An archetype for every use, size and year; with its columns in an order of their own.
pub const ARCHETYPE: [(&str, &str); 35] = [
    ("code", "T.1"),
    ("usage", "residential"),
    ("size_class", ""),
    ("first_year", "0"),
    ("last_year", "9999"),
    ("wall_u", "0.8"),
    ("wall_adjustment", "1"),
    ("wall_capacity_kj", "150"),
    ("wall_mass", "D"),
    ("roof_u", "0.5"),
    ("roof_adjustment", "1"),
    ("roof_capacity_kj", "50"),
    ("roof_mass", "D"),
    ("floor_u", "0.6"),
    ("floor_adjustment", "1"),
    ("floor_capacity_kj", "100"),
    ("floor_mass", "I"),
    ("inside_capacity_kj", "80"),
    ("inside_mass", "D"),
    ("window_u", "2.0"),
    ("window_g", "0.6"),
    ("window_frame_share", "0.3"),
    ("window_share_north", "0.15"),
    ("window_share_east", "0.15"),
    ("window_share_south", "0.15"),
    ("window_share_west", "0.15"),
    ("roof_window_share", "0"),
    ("thermal_bridges", "0"),
    ("infiltration", "0.3"),
    ("inside_area_per_floor_area", "2.5"),
    ("air_capacity_kj", "10"),
    ("storey_height", "3"),
    ("net_floor_share", "0.85"),
    ("room_height", "2.5"),
    ("source", "by hand"),
];

/// Writes `archetypes.csv` with [`ARCHETYPE`], some columns of which are changed.
#[track_caller]
pub fn archetype(site: &Site, changes: &[(&str, &str)]) {
    let mut columns = ARCHETYPE.to_vec();
    for (name, value) in changes {
        columns.iter_mut().find(|(column, _)| column == name).unwrap().1 = value;
    }
    let line = |of: fn(&(&str, &str)) -> String| columns.iter().map(of).collect::<Vec<_>>().join(",");
    let text = format!("{}\n{}\n", line(|column| column.0.to_owned()), line(|column| column.1.to_owned()));
    fs::write(site.path("archetypes.csv"), text).unwrap();
}

/// A row of a table of buildings.
#[derive(Debug, Clone)]
pub struct Row {
    pub id: String,
    pub usage: &'static str,
    pub year: i32,
    /// Walls towards north, east, south and west with their windows (m²).
    pub walls: [f64; 4],
    /// Windows in them, else those of the archetype (m²).
    pub windows: Option<[f64; 4]>,
    /// Area on the ground, and of the flat roof (m²).
    pub ground: f64,
    pub storeys: f64,
    pub party: f64,
}

/// A block of 10 m by 10 m by 6 m.
pub fn house(id: &str) -> Row {
    Row {
        id: id.to_owned(),
        usage: "residential",
        year: 1970,
        walls: [60.0; 4],
        windows: None,
        ground: 100.0,
        storeys: 2.0,
        party: 0.0,
    }
}

/// Head of `buildings.csv`.
pub const TABLE_HEAD: &str = "id,use,year,storeys,ground_area_m2,party_wall_area_m2,wall_area_n_m2,wall_area_e_m2,wall_area_s_m2,\
    wall_area_w_m2,window_area_n_m2,window_area_e_m2,window_area_s_m2,window_area_w_m2";

/// A row as it stands in `buildings.csv`.
pub fn line(row: &Row) -> String {
    let Row { id, usage, year, walls, windows, ground, storeys, party } = row;
    let walls = walls.map(|area| area.to_string()).join(",");
    let windows = windows.map_or_else(|| ",,,".to_owned(), |areas| areas.map(|area| area.to_string()).join(","));
    format!("{id},{usage},{year},{storeys},{ground},{party},{walls},{windows}")
}

/// Writes `buildings.csv`.
pub fn table(site: &Site, rows: &[Row]) {
    let lines: Vec<String> = rows.iter().map(line).collect();
    fs::write(site.path("buildings.csv"), format!("{TABLE_HEAD}\n{}\n", lines.join("\n"))).unwrap();
}

/// A folder with these buildings, [`ARCHETYPE`] and weather.
pub fn site(rows: &[Row], of: impl Fn(usize) -> Hour) -> Site {
    let site = Site::new();
    table(&site, rows);
    archetype(&site, &[]);
    weather(&site, of);
    site
}

/// The weather of the invented town, hour by hour.
pub fn town_weather() -> Vec<Hour> {
    use std::io::Read;
    let mut text = String::new();
    let packed = fs::File::open(crate::made_city::example("town/town.epw.gz")).unwrap();
    flate2::read::GzDecoder::new(packed).read_to_string(&mut text).unwrap();
    let hour = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        let number = |column: usize| cells[column].parse::<f64>().unwrap();
        Hour { temp_air: number(6), radiation: [13, 14, 15].map(number) }
    };
    text.lines().skip(8).map(hour).collect()
}

/// Results of energy by building.
pub struct Heated<'a> {
    ran: &'a Ran,
    ids: Vec<String>,
}

impl<'a> Heated<'a> {
    /// Those of a run.
    pub fn of(ran: &'a Ran) -> Self {
        Heated { ran, ids: ran.reader.text("building_id").unwrap() }
    }

    #[track_caller]
    fn place(&self, building: &str) -> usize {
        self.ids.iter().position(|id| id == building).unwrap()
    }

    /// A field of a building as it is: the last axis is that of buildings.
    #[track_caller]
    pub fn all(&self, field: &str, building: &str) -> Vec<f64> {
        let values = self.ran.reader.f64(field).unwrap();
        let axis = ndarray::Axis(values.ndim() - 1);
        values.index_axis(axis, self.place(building)).iter().copied().collect()
    }

    /// The one value of a field of a building.
    #[track_caller]
    pub fn one(&self, field: &str, building: &str) -> f64 {
        let values = self.all(field, building);
        assert_eq!(values.len(), 1, "{field}");
        values[0]
    }

    /// Energy bought of a carrier by a building after a package (kWh).
    #[track_caller]
    pub fn bought(&self, carrier: usize, package: usize, building: &str) -> f64 {
        self.ran.reader.f64("final_energy").unwrap()[[carrier, package, self.place(building)]]
    }
}

/// Place of electricity among the carriers.
pub const ELECTRICITY: usize = 0;
/// Place of natural gas among the carriers.
pub const GAS: usize = 1;
