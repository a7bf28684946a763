//! The tables below `[traffic]` that say how it is computed and what is asked of it.

use super::files::{CSV_FILES, RUN_FOLDERS};
use super::traffic::LINKS;
use super::{Absent, Bound, Form, Table, key, now};

const SHARE: Form = Form::Number(Bound::Excluded(0.0), Bound::Excluded(1.0));
const ZONES: Form = Form::List(&Form::Integer(i64::MIN, i64::MAX));

/// `[traffic.assignment]`.
pub(super) static ASSIGNMENT: Table = Table {
    about: "How trips find their routes.",
    keys: &[
        key(
            "solver",
            Form::Choice(&[now("gradient_projection"), now("bi_conjugate_frank_wolfe"), now("msa")]),
            "Algorithm for user equilibrium.",
            Absent::Means("\"gradient_projection\""),
            "\"bi_conjugate_frank_wolfe\"",
        ),
        key("relative_gap", SHARE, "Gap (TSTT - SPTT) / TSTT at which to stop.", Absent::Means("1e-6"), "1e-4")
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
        key(
            "warm_start",
            Form::Path(&RUN_FOLDERS),
            "Run folder whose paths to start from; gradient_projection alone can.",
            Absent::Unset("every trip starts on the fastest path of the empty network"),
            "\"runs/base\"",
        ),
    ],
};

/// `[traffic.distribution]`.
pub(super) static DISTRIBUTION: Table = Table {
    about: "Trips find their destinations too: a doubly constrained gravity model fed by the assignment's costs.",
    keys: &[
        key(
            "deterrence",
            Form::Choice(&[now("exponential"), now("power"), now("combined")]),
            "How trips fall with the cost c in minutes: exp(-beta c), c^-alpha, or c^alpha exp(-beta c).",
            Absent::Required,
            "\"exponential\"",
        ),
        key(
            "beta_per_min",
            Form::Number(Bound::Included(0.0), Bound::Included(1e6)),
            "beta.",
            Absent::Unset("exponential and combined need it; power has none"),
            "0.08",
        )
        .unit("1/min"),
        key(
            "alpha",
            Form::Number(Bound::Included(-1e6), Bound::Included(1e6)),
            "alpha; at least 0 for power.",
            Absent::Unset("power and combined need it; exponential has none"),
            "1.5",
        )
        .unit("1"),
        key(
            "totals",
            Form::Path(&CSV_FILES),
            "Trips from and to each zone (zone,productions,attractions), for every class.",
            Absent::Unset("the totals of the demand"),
            "\"totals.csv\"",
        ),
        key(
            "tolerance",
            SHARE,
            "Change of trips between rounds, as a share of all trips, at which to stop.",
            Absent::Means("1e-4"),
            "1e-3",
        )
        .unit("1"),
        key(
            "max_rounds",
            Form::Integer(1, 10_000),
            "Rounds of assignment and gravity model at most.",
            Absent::Means("50"),
            "20",
        ),
    ],
};

/// `[traffic.system_optimum]`.
pub(super) static SYSTEM_OPTIMUM: Table = Table {
    about: "The system optimum beside the equilibrium, with the tolls that bring it about.",
    keys: &[key(
        "relative_gap",
        SHARE,
        "Gap at which to stop the assignment at marginal costs.",
        Absent::Unset("that of traffic.assignment"),
        "1e-5",
    )
    .unit("1")],
};

/// `[traffic.braess]`.
pub(super) static BRAESS: Table = Table {
    about: "Search for links whose closing lowers total travel time.",
    keys: &[
        key("links", LINKS, "Links to close one at a time.", Absent::Means("[]"), "[5, \"6->7\"]"),
        key(
            "most_loaded",
            Form::Integer(0, 1000),
            "Besides, this many links with the greatest volume over capacity.",
            Absent::Means("0"),
            "20",
        ),
    ],
};

/// One `[[traffic.select]]`.
pub(super) static SELECT: Table = Table {
    about: "Trips singled out by what they use.",
    keys: &[
        key("name", Form::Text, "Name of the selection, unique.", Absent::Required, "\"bridge\""),
        key("links", LINKS, "Links that paths use.", Absent::Means("[]"), "[10, \"11->12\"]"),
        key(
            "require",
            Form::Choice(&[now("any"), now("all")]),
            "Whether a path has to use any of the links or all of them.",
            Absent::Means("\"any\""),
            "\"all\"",
        ),
        key("origins", ZONES, "Zones that trips start in; none for any.", Absent::Means("[]"), "[1, 2]"),
        key("destinations", ZONES, "Zones that trips end in; none for any.", Absent::Means("[]"), "[3]"),
    ],
};
