//! What a scenario says of road traffic: network, demand, classes, delays, turns and periods.

use std::path::{Path, PathBuf};

use super::analyses::{Assignment, Braess, Distribution, Selection, Skim, SystemOptimum};
use super::keys;

/// The `[traffic]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Traffic {
    /// Network: `.tntp`, `.csv` with one row per link, or a GMNS folder.
    pub network: PathBuf,
    /// Node coordinates: `.tntp` or `.csv`; a network in CSV needs it.
    pub nodes: Option<PathBuf>,
    /// User classes with their demand, at least one: without `[[traffic.class]]` one named `car`.
    pub classes: Vec<UserClass>,
    /// Unit of times in the network file.
    pub time_unit: TimeUnit,
    /// Unit of lengths in the network file; without it no lengths and distances in metres are written.
    pub length_unit: Option<LengthUnit>,
    /// Hours that demand and capacity are per.
    pub period_h: f64,
    /// Factor on all demand.
    pub demand_factor: f64,
    /// Time units per toll unit; the network file's own factor where the scenario names none, else 0.
    pub toll_weight: Option<f64>,
    /// Time units per length unit; the network file's own factor where the scenario names none, else 0.
    pub distance_weight: Option<f64>,
    /// Links that carry nothing.
    pub closed_links: Vec<LinkReference>,
    /// Volume-delay functions by link type; links of no rule have the BPR function of the network file.
    pub volume_delays: Vec<VolumeDelayRule>,
    /// What is not allowed or takes time at junctions.
    pub turns: Turns,
    /// Periods of the day, each with an assignment of its own; none means one without a name.
    pub periods: Vec<Period>,
    /// How trips find their routes.
    pub assignment: Assignment,
    /// Trips find their destinations too, if the scenario asks for it.
    pub distribution: Option<Distribution>,
    /// The system optimum beside the equilibrium, if the scenario asks for it.
    pub system_optimum: Option<SystemOptimum>,
    /// Search for links whose closing lowers total travel time, if the scenario asks for it.
    pub braess: Option<Braess>,
    /// Flows to single out.
    pub selections: Vec<Selection>,
    /// Skims to write, with `traffic.skims`.
    pub skims: Vec<Skim>,
    /// Whether used paths and their flows are written; later runs can then start from this one.
    pub path_flows: bool,
    /// Whether volumes of turns are written.
    pub turning_volumes: bool,
    /// Keys that were not given and whose default changes results, for the counted warning `defaulted_keys`.
    pub defaulted: Vec<String>,
}

impl Traffic {
    /// Whether the network is a folder in the form of GMNS; its name alone tells.
    pub fn network_is_folder(&self) -> bool {
        keys::NETWORK_FILES.is_folder(&self.network.to_string_lossy())
    }
}

/// One `[[traffic.class]]`: vehicles or people that weigh time, tolls and distance alike.
#[derive(Debug, Clone, PartialEq)]
pub struct UserClass {
    /// Its name, unique.
    pub name: String,
    /// Demand: `.tntp`, `.tntp.gz`, `.omx` or `.csv`, in vehicles.
    pub demand: PathBuf,
    /// Name of the matrix in an `.omx` file that holds several.
    pub demand_matrix: Option<String>,
    /// Factor on its demand, on top of the others.
    pub demand_factor: f64,
    /// Passenger-car units per vehicle.
    pub pce: f64,
    /// Money per hour, in the unit of tolls and of `cost_per_km`.
    pub value_of_time_per_h: Option<f64>,
    /// Money per kilometre; needs `value_of_time_per_h` and a length unit.
    pub cost_per_km: f64,
    /// Its own tolls by link (`link_id,toll`), which replace those of the network.
    pub tolls: Option<PathBuf>,
    /// Links it may not use.
    pub banned_links: Vec<LinkReference>,
    /// Types of links it may not use.
    pub banned_link_types: Vec<i32>,
}

impl UserClass {
    /// File and matrix of the class's demand in a period, or where there are no periods.
    pub fn matrix_in<'a>(&'a self, period: Option<&'a Period>) -> (&'a Path, Option<&'a str>) {
        match period {
            Some(period) => period.demand_of(self),
            None => (&self.demand, self.demand_matrix.as_deref()),
        }
    }
}

/// One `[[traffic.volume_delay]]`: which function links of some types have.
#[derive(Debug, Clone, PartialEq)]
pub struct VolumeDelayRule {
    /// Link types of the network file; empty for all links of no other rule.
    pub link_types: Vec<i32>,
    /// The function.
    pub function: DelayFunction,
}

/// A volume-delay function with what a rule says of its parameters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum DelayFunction {
    /// t0 (1 + b x^p); parameters of the network file where the rule has none.
    Bpr {
        /// b.
        b: Option<f64>,
        /// p.
        power: Option<f64>,
    },
    /// As BPR, with 2 p beyond capacity.
    Bpr2 {
        /// b.
        b: Option<f64>,
        /// p.
        power: Option<f64>,
    },
    /// Spiess 1990; the network file's power where the rule has no alpha.
    Conical {
        /// alpha > 1.
        alpha: Option<f64>,
    },
    /// Akçelik 1991.
    Akcelik {
        /// Delay parameter J > 0.
        delay_parameter: f64,
        /// Length of the analysis period T in hours; `period_h` where the rule has none.
        analysis_period_h: Option<f64>,
    },
}

/// The `[traffic.turns]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Turns {
    /// Turns in a CSV (`from_link,to_link,penalty_s,banned`).
    pub file: Option<PathBuf>,
    /// What the movements of a GMNS folder mean.
    pub movements: Movements,
    /// Where vehicles may turn back.
    pub u_turns: UTurns,
    /// Seconds of every left turn (driving on the right); needs coordinates.
    pub left_turn_s: f64,
    /// Seconds of every right turn.
    pub right_turn_s: f64,
    /// Seconds of every U-turn.
    pub u_turn_s: f64,
}

/// What the movements of a GMNS folder mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movements {
    /// Nothing.
    Ignored,
    /// Their penalties count; turns that are not listed are free.
    Penalties,
    /// Their penalties count; where a link has movements, only those are allowed.
    Listed,
}

impl Movements {
    /// All of them.
    pub const ALL: [Movements; 3] = [Movements::Ignored, Movements::Penalties, Movements::Listed];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Movements::Ignored => "ignored",
            Movements::Penalties => "penalties",
            Movements::Listed => "listed",
        }
    }
}

/// Where vehicles may turn back into the link they came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UTurns {
    /// Anywhere.
    Allowed,
    /// Only where there is no other way on.
    DeadEnds,
    /// Nowhere.
    Forbidden,
}

impl UTurns {
    /// All of them.
    pub const ALL: [UTurns; 3] = [UTurns::Allowed, UTurns::DeadEnds, UTurns::Forbidden];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            UTurns::Allowed => "allowed",
            UTurns::DeadEnds => "dead_ends",
            UTurns::Forbidden => "forbidden",
        }
    }
}

/// One `[[traffic.period]]`.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    /// Its name, unique.
    pub name: String,
    /// Hours that it lasts on a day that has it.
    pub hours: f64,
    /// Factor on all demand, on top of the others.
    pub demand_factor: f64,
    /// Days per year that have it, by kind of day.
    pub annual_days: Vec<(String, f64)>,
    /// Demand files by class, where they differ from the class's own.
    pub demand: Vec<(String, PathBuf)>,
    /// Matrices by class, where they differ from the class's own.
    pub demand_matrix: Vec<(String, String)>,
}

impl Period {
    /// Days per year that have it.
    pub fn days_per_year(&self) -> f64 {
        self.annual_days.iter().map(|(_, days)| days).sum()
    }

    /// File and matrix that a class has its demand from in this period.
    ///
    /// A class keeps its matrix where the period names another `.omx` file for it.
    pub fn demand_of<'a>(&'a self, class: &'a UserClass) -> (&'a Path, Option<&'a str>) {
        let file = self.demand.iter().find(|(name, _)| *name == class.name).map(|(_, file)| file);
        let matrix = self.demand_matrix.iter().find(|(name, _)| *name == class.name).map(|(_, matrix)| matrix);
        let file = file.unwrap_or(&class.demand);
        let of_class = class.demand_matrix.as_ref().filter(|_| file.extension().is_some_and(|ending| ending == "omx"));
        (file, matrix.or(of_class).map(String::as_str))
    }
}

/// A link as a scenario names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkReference {
    /// The network's link id, else the 1-based row.
    Id(i64),
    /// The one link from node `a` to node `b`, written `"a->b"`.
    Between(i64, i64),
}

/// Unit of time in a network file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
}

impl TimeUnit {
    /// All of them.
    pub const ALL: [TimeUnit; 3] = [TimeUnit::Second, TimeUnit::Minute, TimeUnit::Hour];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            TimeUnit::Second => "s",
            TimeUnit::Minute => "min",
            TimeUnit::Hour => "h",
        }
    }
    /// Seconds in one unit.
    pub fn seconds(self) -> f64 {
        match self {
            TimeUnit::Second => 1.0,
            TimeUnit::Minute => 60.0,
            TimeUnit::Hour => 3600.0,
        }
    }
}

/// Unit of length in a network file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthUnit {
    /// Metres.
    Metre,
    /// Kilometres.
    Kilometre,
    /// International miles.
    Mile,
    /// International feet.
    Foot,
}

impl LengthUnit {
    /// All of them.
    pub const ALL: [LengthUnit; 4] = [LengthUnit::Metre, LengthUnit::Kilometre, LengthUnit::Mile, LengthUnit::Foot];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            LengthUnit::Metre => "m",
            LengthUnit::Kilometre => "km",
            LengthUnit::Mile => "mi",
            LengthUnit::Foot => "ft",
        }
    }
    /// Metres in one unit (international mile and foot, 1959).
    pub fn metres(self) -> f64 {
        match self {
            LengthUnit::Metre => 1.0,
            LengthUnit::Kilometre => 1000.0,
            LengthUnit::Mile => 1609.344,
            LengthUnit::Foot => 0.3048,
        }
    }
}
