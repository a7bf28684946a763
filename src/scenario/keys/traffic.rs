//! The `[traffic]` table: network, demand, classes, delays, turns and periods.

use super::analyses::{ASSIGNMENT, BRAESS, DISTRIBUTION, SELECT, SYSTEM_OPTIMUM};
use super::files::{CSV_FILES, DEMAND_FILES, NETWORK_FILES, NODE_FILES};
use super::{Absent, Bound, Form, Key, Table, key, now};

/// The `[traffic]` table.
pub(super) static TRAFFIC: Table = Table {
    about: "Road traffic: a network and the trips that use it.",
    keys: &[
        key(
            "network",
            Form::Path(&NETWORK_FILES),
            "Road network, a file or a GMNS folder.",
            Absent::Required,
            "\"town_net.tntp\"",
        ),
        key(
            "nodes",
            Form::Path(&NODE_FILES),
            "Node coordinates, and zones where the network is in CSV, which needs it.",
            Absent::Unset("X_node.tntp beside a network X_net.tntp where there is one"),
            "\"town_node.tntp\"",
        ),
        key(
            "demand",
            Form::Path(&DEMAND_FILES),
            "Trips between zones, of every class that names none; of a class \"car\" where all classes name one.",
            Absent::Unset("every class has to name its own"),
            "\"town_trips.tntp\"",
        ),
        DEMAND_MATRIX,
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
            Absent::Unset("km for a GMNS folder, else no lengths, distances or vehicle kilometres are written"),
            "\"mi\"",
        ),
        key(
            "period_h",
            Form::Number(Bound::Included(0.001), Bound::Included(8784.0)),
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
            LINKS,
            "Links that carry nothing: the network's link ids, else 1-based rows, or \"a->b\" where unique.",
            Absent::Means("[]"),
            "[12, \"3->4\"]",
        ),
        key(
            "skims",
            Form::List(&Form::Choice(&[
                now("cost"),
                now("travel_time"),
                now("distance"),
                now("toll"),
                now("free_flow_time"),
            ])),
            "Matrices along least-cost paths to write; distance needs length_unit.",
            Absent::Unset("cost and travel_time, and distance where there is a length unit"),
            "[\"cost\", \"toll\"]",
        ),
        key(
            "path_flows",
            Form::Flag,
            "Whether used paths and their flows are written; later runs can then start from this one.",
            Absent::Means("false"),
            "true",
        ),
        key("turning_volumes", Form::Flag, "Whether volumes of turns are written.", Absent::Means("false"), "true"),
        key("turns", Form::Table(&TURNS), TURNS.about, DEFAULTS, ""),
        key("assignment", Form::Table(&ASSIGNMENT), ASSIGNMENT.about, DEFAULTS, ""),
        key(
            "distribution",
            Form::Table(&DISTRIBUTION),
            DISTRIBUTION.about,
            Absent::Unset("demand is as its files say"),
            "",
        ),
        key(
            "system_optimum",
            Form::Table(&SYSTEM_OPTIMUM),
            SYSTEM_OPTIMUM.about,
            Absent::Unset("it is not computed"),
            "",
        ),
        key("braess", Form::Table(&BRAESS), BRAESS.about, Absent::Unset("no links are tried"), ""),
        key("class", Form::Tables(&CLASS), CLASS.about, Absent::Unset("one class named \"car\""), ""),
        key(
            "volume_delay",
            Form::Tables(&VOLUME_DELAY),
            VOLUME_DELAY.about,
            Absent::Unset("the BPR function of the network file on all links"),
            "",
        ),
        key("period", Form::Tables(&PERIOD), PERIOD.about, Absent::Unset("one period without a name"), ""),
        key("select", Form::Tables(&SELECT), SELECT.about, Absent::Unset("nothing is singled out"), ""),
    ],
};

/// A list of links.
pub(super) const LINKS: Form = Form::List(&Form::Link);

const FACTOR: Form = Form::Number(Bound::Included(0.0), Bound::Included(1e6));
const FILE_FACTOR: Absent = Absent::Unset("the network file's own factor, else 0");
const DEFAULTS: Absent = Absent::Unset("all keys have their defaults");
const LINK_TYPES: Form = Form::List(&Form::Integer(i32::MIN as i64, i32::MAX as i64));
const PENALTY: Form = Form::Number(Bound::Included(0.0), Bound::Included(3600.0));
const DEMAND_MATRIX: Key = key(
    "demand_matrix",
    Form::Text,
    "Name of the matrix in an .omx file that holds several.",
    Absent::Unset("the only matrix of the file"),
    "\"cars\"",
);

/// One `[[traffic.class]]`.
pub(in crate::scenario) static CLASS: Table = Table {
    about: "Vehicles or people that weigh time, tolls and distance alike.",
    keys: &[
        key("name", Form::Text, "Name of the class, unique.", Absent::Required, "\"truck\""),
        key(
            "demand",
            Form::Path(&DEMAND_FILES),
            "Trips of the class between zones, in vehicles.",
            Absent::Unset("traffic.demand, with demand_matrix of the class, else that of traffic"),
            "\"trucks.csv\"",
        ),
        DEMAND_MATRIX,
        key("demand_factor", FACTOR, "Factor on its demand, on top of the others.", Absent::Means("1.0"), "1.1")
            .unit("1"),
        key(
            "pce",
            Form::Number(Bound::Included(0.001), Bound::Included(100.0)),
            "Passenger-car units per vehicle.",
            Absent::Means("1.0"),
            "2.0",
        )
        .unit("1"),
        key(
            "value_of_time_per_h",
            Form::Number(Bound::Excluded(0.0), Bound::Included(1e9)),
            "What an hour is worth, in the money of tolls and of cost_per_km.",
            Absent::Unset("tolls and distance count with toll_weight and distance_weight"),
            "30.0",
        )
        .unit("money per h"),
        key(
            "cost_per_km",
            FACTOR,
            "What a kilometre costs; needs value_of_time_per_h and traffic.length_unit.",
            Absent::Means("0.0"),
            "0.2",
        )
        .unit("money per km"),
        key(
            "tolls",
            Form::Path(&CSV_FILES),
            "Tolls of the class by link (link_id,toll), which replace those of the network.",
            Absent::Unset("those of the network"),
            "\"truck_tolls.csv\"",
        ),
        key("banned_links", LINKS, "Links that the class may not use.", Absent::Means("[]"), "[7, \"8->9\"]"),
        key("banned_link_types", LINK_TYPES, "Types of links that the class may not use.", Absent::Means("[]"), "[3]"),
    ],
};

static VOLUME_DELAY: Table = Table {
    about: "The volume-delay function of links of some types.",
    keys: &[
        key(
            "link_types",
            LINK_TYPES,
            "Link types of the network file; none for all links of no other rule.",
            Absent::Means("[]"),
            "[1, 2]",
        ),
        key(
            "function",
            Form::Choice(&[now("bpr"), now("bpr2"), now("conical"), now("akcelik")]),
            "The function.",
            Absent::Required,
            "\"bpr2\"",
        ),
        key(
            "b",
            FACTOR,
            "Factor of the BPR functions.",
            Absent::Unset("that of the network file; other functions have none"),
            "0.15",
        )
        .unit("1"),
        key(
            "power",
            Form::Number(Bound::Included(0.0), Bound::Included(100.0)),
            "Exponent of the BPR functions.",
            Absent::Unset("that of the network file; other functions have none"),
            "4.0",
        )
        .unit("1"),
        key(
            "alpha",
            Form::Number(Bound::Excluded(1.0), Bound::Included(100.0)),
            "Steepness of the conical function.",
            Absent::Unset("the power of the network file; other functions have none"),
            "6.0",
        )
        .unit("1"),
        key(
            "delay_parameter",
            Form::Number(Bound::Excluded(0.0), Bound::Included(1e6)),
            "Akcelik's delay parameter J.",
            Absent::Unset("akcelik needs it; other functions have none"),
            "0.4",
        )
        .unit("1"),
        key(
            "analysis_period_h",
            Form::Number(Bound::Excluded(0.0), Bound::Included(8784.0)),
            "Length of Akcelik's analysis period T.",
            Absent::Unset("traffic.period_h; other functions have none"),
            "0.25",
        )
        .unit("h"),
    ],
};

static TURNS: Table = Table {
    about: "What is not allowed or takes time at junctions.",
    keys: &[
        key(
            "file",
            Form::Path(&CSV_FILES),
            "Turns (from_link,to_link,penalty_s,banned).",
            Absent::Unset("no turn is named"),
            "\"turns.csv\"",
        ),
        key(
            "movements",
            Form::Choice(&[now("ignored"), now("penalties"), now("listed")]),
            "What the movements of a GMNS folder mean: nothing, penalties alone, or that no other turns are allowed.",
            Absent::Means("\"penalties\""),
            "\"listed\"",
        ),
        key(
            "u_turns",
            Form::Choice(&[now("allowed"), now("dead_ends"), now("forbidden")]),
            "Where vehicles may turn back.",
            Absent::Means("\"allowed\""),
            "\"dead_ends\"",
        ),
        key("left_turn_s", PENALTY, "Time of every left turn; needs coordinates.", Absent::Means("0.0"), "5.0")
            .unit("s"),
        key("right_turn_s", PENALTY, "Time of every right turn; needs coordinates.", Absent::Means("0.0"), "2.0")
            .unit("s"),
        key("u_turn_s", PENALTY, "Time of every turn back.", Absent::Means("0.0"), "20.0").unit("s"),
    ],
};

static PERIOD: Table = Table {
    about: "A period of the day with an assignment of its own.",
    keys: &[
        key("name", Form::Text, "Name of the period, unique.", Absent::Required, "\"pm\""),
        key(
            "hours",
            Form::Number(Bound::Excluded(0.0), Bound::Included(24.0)),
            "Hours that it lasts on a day that has it.",
            Absent::Required,
            "3.0",
        )
        .unit("h"),
        key("demand_factor", FACTOR, "Factor on all demand, on top of the others.", Absent::Means("1.0"), "0.8")
            .unit("1"),
        key(
            "annual_days",
            Form::NamedValues(&Form::Number(Bound::Included(0.0), Bound::Included(366.0))),
            "Days per year that have it, by kind of day.",
            Absent::Means("{}"),
            "{ weekday = 250, weekend = 115 }",
        )
        .unit("d"),
        key(
            "demand",
            Form::NamedValues(&Form::Path(&DEMAND_FILES)),
            "Trips between zones by class, where they differ from the class's own.",
            Absent::Means("{}"),
            "{ car = \"pm.omx\" }",
        ),
        key(
            "demand_matrix",
            Form::NamedValues(&Form::Text),
            "Name of the matrix in an .omx file by class, where it differs from the class's own.",
            Absent::Means("{}"),
            "{ car = \"pm\" }",
        ),
    ],
};
