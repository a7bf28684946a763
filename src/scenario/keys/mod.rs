//! Every key of a scenario file, once: the parser, the JSON Schema and the resolved text all follow this description.

mod analyses;
mod city_climate;
mod climate;
mod energy;
mod feeder;
mod files;
mod shapes;
mod shared;
mod solar;
mod traffic;

use std::ops::RangeInclusive;

use climate::CLIMATE;
use energy::ENERGY;
use feeder::FEEDER;
use files::{CSV_FILES, DISTRICT_FILES};
use shared::{BUILDINGS, ECONOMY, WEATHER};
use solar::SOLAR;
use traffic::TRAFFIC;

pub(super) use files::{ARCHETYPE_FILES, FileKinds, FolderKind, NETWORK_FILES};
pub(super) use shapes::{Shape, day};
pub(super) use traffic::CLASS;

/// Years that a period can have.
pub(super) const YEARS: RangeInclusive<i64> = -10_000..=10_000;

/// A table of the scenario file.
#[derive(Debug)]
pub(super) struct Table {
    /// What it is for.
    pub about: &'static str,
    /// Its keys, in the order they are told.
    pub keys: &'static [Key],
}

/// A key of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key {
    /// Name in the file.
    pub name: &'static str,
    /// What a value looks like.
    pub form: Form,
    /// What it means, one sentence.
    pub about: &'static str,
    /// Unit of its values.
    pub unit: Option<&'static str>,
    /// What it means to leave it out.
    pub absent: Absent,
    /// A valid value other than the default, as TOML; empty for tables.
    pub example: &'static str,
}

/// What it means to leave a key out.
#[derive(Debug, Clone, Copy)]
pub(super) enum Absent {
    /// It is a problem.
    Required,
    /// It is the same as this TOML value.
    Means(&'static str),
    /// Nothing is set, with these consequences.
    Unset(&'static str),
}

/// How many tables of one kind a file may list; what is asked of them together is checked pair by pair.
pub(super) const MOST_TABLES: usize = 1000;

/// What a value looks like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// `true` or `false`.
    Flag,
    /// Text on one line.
    Text,
    /// Text of a fixed shape.
    Shaped(&'static Shape),
    /// Path of a file or folder, relative to the scenario file.
    Path(&'static FileKinds),
    /// Paths of different files, at least one.
    Files(&'static FileKinds),
    /// Path of a file, or paths of different files.
    FileOrFiles(&'static FileKinds),
    /// First and last year of a period, both included.
    Years,
    /// Whole number from `.0` to `.1`, both included.
    Integer(i64, i64),
    /// One of a few whole numbers.
    OneOf(&'static [i64]),
    /// Number between bounds.
    Number(Bound, Bound),
    /// One of a few words.
    Choice(&'static [Choice]),
    /// One of a few words, or a path relative to the scenario file.
    WordOrPath(&'static [Choice], &'static FileKinds),
    /// One of a few words, or a whole number from `.1` to `.2`.
    WordOrInteger(&'static [Choice], i64, i64),
    /// One of a few words, or a table with known keys.
    WordOrTable(&'static [Choice], &'static Table),
    /// Number between bounds, or one for each month.
    NumberOrMonths(Bound, Bound),
    /// A link: an id, or `"a->b"`.
    Link,
    /// A list of different values.
    List(&'static Form),
    /// Values under names that the author chooses, `{ weekday = 250 }`.
    NamedValues(&'static Form),
    /// A table with known keys.
    Table(&'static Table),
    /// Tables with known keys in a list, each below a header such as `[[traffic.class]]`.
    Tables(&'static Table),
    /// Tables with known keys under names that the author chooses.
    Named(&'static Table),
    /// Known, but read by a stage that is not built yet.
    Later,
}

/// End of a range of numbers.
#[derive(Debug, Clone, Copy)]
pub(super) enum Bound {
    /// The number itself is allowed.
    Included(f64),
    /// The number itself is not allowed.
    Excluded(f64),
}

/// One of a few words.
#[derive(Debug)]
pub(super) struct Choice {
    /// The word.
    pub name: &'static str,
    /// Whether this version can do it.
    pub built: Built,
}

/// Whether this version can do it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Built {
    /// It can.
    Now,
    /// A later version will.
    Later,
}

impl Table {
    /// The key of that name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }
    /// Keys that this version reads.
    pub(super) fn built(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().filter(|key| !matches!(key.form, Form::Later))
    }
}

const fn key(name: &'static str, form: Form, about: &'static str, absent: Absent, example: &'static str) -> Key {
    Key { name, form, about, unit: None, absent, example }
}

const fn later(name: &'static str, about: &'static str) -> Key {
    key(name, Form::Later, about, Absent::Unset("nothing"), "")
}

const fn now(name: &'static str) -> Choice {
    Choice { name, built: Built::Now }
}

const fn not_yet(name: &'static str) -> Choice {
    Choice { name, built: Built::Later }
}

impl Key {
    const fn unit(self, unit: &'static str) -> Key {
        Key { unit: Some(unit), ..self }
    }
}

const SHARE: Form = Form::Number(Bound::Included(0.0), Bound::Included(1.0));
const SHARE_ABOVE_ZERO: Form = Form::Number(Bound::Excluded(0.0), Bound::Included(1.0));
const MONEY: Form = Form::Number(Bound::Included(0.0), Bound::Included(1e9));

/// The whole file.
pub(super) static ROOT: Table = Table {
    about: "A conurb scenario; the tables that are present decide which stages run.",
    keys: &[
        key("scenario", Form::Table(&SCENARIO), SCENARIO.about, Absent::Unset("all keys have their defaults"), ""),
        key("traffic", Form::Table(&TRAFFIC), TRAFFIC.about, Absent::Unset("no traffic is computed"), ""),
        key("sources", Form::Named(&SOURCE), "Licence and credit of inputs, by file name.", Absent::Unset("none"), ""),
        key("output", Form::Table(&OUTPUT), OUTPUT.about, Absent::Unset("all keys have their defaults"), ""),
        key("people", Form::Table(&PEOPLE), PEOPLE.about, Absent::Unset("no districts are told apart"), ""),
        key("weather", Form::Table(&WEATHER), WEATHER.about, Absent::Unset("no stage knows the weather"), ""),
        key("buildings", Form::Table(&BUILDINGS), BUILDINGS.about, Absent::Unset("there are none"), ""),
        key("solar", Form::Table(&SOLAR), SOLAR.about, Absent::Unset("no sun is computed"), ""),
        key("energy", Form::Table(&ENERGY), ENERGY.about, Absent::Unset("no energy of buildings is computed"), ""),
        key("feeder", Form::Table(&FEEDER), FEEDER.about, Absent::Unset("no feeder is computed"), ""),
        key(
            "climate",
            Form::Table(&CLIMATE),
            CLIMATE.about,
            Absent::Unset("no projections are brought to the city"),
            "",
        ),
        key("economy", Form::Table(&ECONOMY), ECONOMY.about, Absent::Unset("no costs are computed"), ""),
        key("observed", Form::Table(&OBSERVED), OBSERVED.about, Absent::Unset("nothing is compared"), ""),
        later("variant", "The base with changes."),
    ],
};

static SCENARIO: Table = Table {
    about: "What holds for all stages.",
    keys: &[
        key(
            "title",
            Form::Text,
            "Title of reports.",
            Absent::Unset("the file's name without .toml"),
            "\"Ring road closed\"",
        ),
        key("seed", Form::Integer(0, i64::MAX), "Key of every random draw.", Absent::Means("1"), "42"),
        key(
            "crs",
            Form::Text,
            "Coordinate reference system of inputs that name none.",
            Absent::Unset("coordinates of roads are plain numbers, city models and rasters have to name theirs"),
            "\"EPSG:28992\"",
        ),
        key(
            "timezone",
            Form::Text,
            "IANA time zone of schedules and profiles.",
            Absent::Unset("none"),
            "\"Europe/Amsterdam\"",
        ),
    ],
};

static PEOPLE: Table = Table {
    about: "Who lives where.",
    keys: &[
        key(
            "districts",
            Form::Path(&DISTRICT_FILES),
            "Districts as GeoJSON polygons with a name, in the network's coordinates.",
            Absent::Required,
            "\"districts.geojson\"",
        ),
        later("population", "Population groups by zone."),
        later("groups", "Population groups to tell apart."),
    ],
};

static OBSERVED: Table = Table {
    about: "Measurements to hold results against.",
    keys: &[key(
        "counts",
        Form::Path(&CSV_FILES),
        "Counted volumes by link (link_id,count and, if wanted, class,period,screenline), vehicles per hour.",
        Absent::Required,
        "\"counts.csv\"",
    )],
};

static SOURCE: Table = Table {
    about: "Licence and credit of one input; they travel with the results.",
    keys: &[
        key(
            "licence",
            Form::Text,
            "Licence, an SPDX expression where there is one.",
            Absent::Unset("none"),
            "\"ODbL-1.0\"",
        ),
        key(
            "attribution",
            Form::Text,
            "Credit to show beside results.",
            Absent::Unset("none"),
            "\"© OpenStreetMap contributors\"",
        ),
    ],
};

static OUTPUT: Table = Table {
    about: "What is made of the results.",
    keys: &[key(
        "exports",
        Form::List(&Form::Choice(&[
            now("report"),
            now("omx"),
            now("csv"),
            now("geojson"),
            now("gmns"),
            now("cityjson"),
            now("cityjsonseq"),
            now("geotiff"),
            now("png"),
            now("epw"),
            not_yet("geoparquet"),
            not_yet("vtkhdf"),
            not_yet("ngsi_ld"),
        ])),
        "Formats to export to when the run is done.",
        Absent::Means("[\"report\"]"),
        "[\"report\", \"csv\"]",
    )],
};
