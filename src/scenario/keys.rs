//! Every key of a scenario file, once: the parser, the JSON Schema and the resolved text all follow this description.

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

/// What a value looks like.
#[derive(Debug, Clone, Copy)]
pub(super) enum Form {
    /// Text on one line.
    Text,
    /// Path of a file, relative to the scenario file.
    Path(&'static FileKinds),
    /// Whole number from `.0` to `.1`, both included.
    Integer(i64, i64),
    /// Number between bounds.
    Number(Bound, Bound),
    /// One of a few words.
    Choice(&'static [Choice]),
    /// A link: an id, or `"a->b"`.
    Link,
    /// A list of different values.
    List(&'static Form),
    /// A table with known keys.
    Table(&'static Table),
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

/// Kinds of files by how their names end.
#[derive(Debug)]
pub(super) struct FileKinds {
    /// Endings that are read.
    pub endings: &'static [&'static str],
    /// Endings that a later version will read, and what they are.
    pub later: &'static [(&'static str, &'static str)],
    /// What a folder would be, if a later version reads folders.
    pub folder: Option<&'static str>,
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

/// The whole file.
pub(super) static ROOT: Table = Table {
    about: "A conurb scenario; the tables that are present decide which stages run.",
    keys: &[
        key("scenario", Form::Table(&SCENARIO), SCENARIO.about, Absent::Unset("all keys have their defaults"), ""),
        key("traffic", Form::Table(&TRAFFIC), TRAFFIC.about, Absent::Unset("no traffic is computed"), ""),
        key("sources", Form::Named(&SOURCE), "Licence and credit of inputs, by file name.", Absent::Unset("none"), ""),
        key("output", Form::Table(&OUTPUT), OUTPUT.about, Absent::Unset("all keys have their defaults"), ""),
        later("people", "Districts and population groups."),
        later("weather", "Weather of the year."),
        later("buildings", "Buildings of the city."),
        later("solar", "Solar potential."),
        later("energy", "Building energy."),
        later("climate", "Climate downscaling."),
        later("economy", "Prices and costs."),
        later("observed", "Measurements to hold the base against."),
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
            Absent::Unset("coordinates are plain numbers"),
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

static TRAFFIC: Table = Table {
    about: "Road traffic: a network and the trips that use it.",
    keys: &[
        key("network", Form::Path(&NETWORK_FILES), "Road network.", Absent::Required, "\"town_net.tntp\""),
        key(
            "nodes",
            Form::Path(&NODE_FILES),
            "Node coordinates, and zones where the network is in CSV, which needs it.",
            Absent::Unset("X_node.tntp beside a network X_net.tntp where there is one"),
            "\"town_node.tntp\"",
        ),
        key("demand", Form::Path(&DEMAND_FILES), "Trips between zones.", Absent::Required, "\"town_trips.tntp\""),
        key(
            "demand_matrix",
            Form::Text,
            "Name of the matrix in an .omx file that holds several.",
            Absent::Unset("the only matrix of the file"),
            "\"cars\"",
        ),
        key(
            "time_unit",
            Form::Choice(&[now("s"), now("min"), now("h")]),
            "Unit of times in the network file.",
            Absent::Means("\"min\""),
            "\"s\"",
        ),
        key(
            "length_unit",
            Form::Choice(&[now("m"), now("km"), now("mi"), now("ft")]),
            "Unit of lengths in the network file.",
            Absent::Unset("no lengths, distances or vehicle kilometres are written"),
            "\"km\"",
        ),
        key(
            "period_h",
            Form::Number(Bound::Excluded(0.0), Bound::Included(8784.0)),
            "Demand and capacity are per this many hours.",
            Absent::Means("1.0"),
            "24.0",
        )
        .unit("h"),
        key("demand_factor", FACTOR, "Factor on all demand.", Absent::Means("1.0"), "1.1").unit("1"),
        key("toll_weight", FACTOR, "Weight of tolls in a route's cost.", FILE_FACTOR, "0.5")
            .unit("time units per toll unit"),
        key("distance_weight", FACTOR, "Weight of distance in a route's cost.", FILE_FACTOR, "0.04")
            .unit("time units per length unit"),
        key(
            "closed_links",
            Form::List(&Form::Link),
            "Links that carry nothing: the network's link ids, else 1-based rows, or \"a->b\" where unique.",
            Absent::Means("[]"),
            "[12, \"3->4\"]",
        ),
        key(
            "skims",
            Form::List(&Form::Choice(&[now("cost"), now("travel_time"), now("distance")])),
            "Matrices along least-cost paths to write; distance needs length_unit.",
            Absent::Unset("cost and travel_time, and distance where length_unit is given"),
            "[\"cost\"]",
        ),
        key(
            "assignment",
            Form::Table(&ASSIGNMENT),
            ASSIGNMENT.about,
            Absent::Unset("all keys have their defaults"),
            "",
        ),
        later("class", "Classes of vehicles."),
        later("period", "Periods of the day."),
    ],
};

const FACTOR: Form = Form::Number(Bound::Included(0.0), Bound::Included(1e6));
const FILE_FACTOR: Absent = Absent::Unset("the network file's own factor, else 0");

static ASSIGNMENT: Table = Table {
    about: "How trips find their routes.",
    keys: &[
        key(
            "solver",
            Form::Choice(&[now("gradient_projection"), now("bi_conjugate_frank_wolfe"), not_yet("msa")]),
            "Algorithm for user equilibrium.",
            Absent::Means("\"gradient_projection\""),
            "\"bi_conjugate_frank_wolfe\"",
        ),
        key(
            "relative_gap",
            Form::Number(Bound::Excluded(0.0), Bound::Excluded(1.0)),
            "Gap (TSTT - SPTT) / TSTT at which to stop.",
            Absent::Means("1e-6"),
            "1e-4",
        )
        .unit("1"),
        key(
            "max_iterations",
            Form::Integer(1, 1_000_000),
            "Iterations at which to stop without having reached the gap.",
            Absent::Means("500"),
            "100",
        ),
        key(
            "group_size",
            Form::Integer(1, 1024),
            "Origins whose flows are shifted at the same time; changes results below the gap.",
            Absent::Means("16"),
            "8",
        ),
    ],
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
            not_yet("geoparquet"),
            not_yet("cityjsonseq"),
            not_yet("vtkhdf"),
            not_yet("ngsi_ld"),
        ])),
        "Formats to export to when the run is done.",
        Absent::Means("[\"report\"]"),
        "[\"report\", \"csv\"]",
    )],
};

static NETWORK_FILES: FileKinds = FileKinds {
    endings: &[".tntp", ".tntp.gz", ".csv", ".csv.gz"],
    later: &[
        (".osm.pbf", "networks from OpenStreetMap"),
        (".osm", "networks from OpenStreetMap"),
        (".osm.gz", "networks from OpenStreetMap"),
    ],
    folder: Some("networks as GMNS folders"),
};

static NODE_FILES: FileKinds =
    FileKinds { endings: &[".tntp", ".tntp.gz", ".csv", ".csv.gz"], later: &[], folder: None };

static DEMAND_FILES: FileKinds =
    FileKinds { endings: &[".tntp", ".tntp.gz", ".omx", ".csv", ".csv.gz"], later: &[], folder: None };
