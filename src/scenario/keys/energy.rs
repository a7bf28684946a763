//! The `[energy]` table: need of heat and cold in buildings, and what measures save.

use super::shapes::PACKAGE;
use super::{Absent, Bound, Choice, Form, SHARE, SHARE_ABOVE_ZERO, Table, key, now};

const TEMPERATURES: Form = Form::Number(Bound::Included(0.0), Bound::Included(60.0));
const BUDGET: Form = Form::Number(Bound::Included(0.0), Bound::Included(1e13));
const POWER: Form = Form::Number(Bound::Excluded(0.0), Bound::Included(10_000.0));

/// Uses of buildings.
pub(super) const USES: &[Choice] = &[
    now("residential"),
    now("office"),
    now("school"),
    now("retail"),
    now("hotel"),
    now("hospital"),
    now("industrial"),
    now("unheated"),
];

/// The `[energy]` table.
pub(super) static ENERGY: Table = Table {
    about: "Need of heat and cold of [buildings] hour by hour, and what measures save; needs [weather].",
    keys: &[
        key(
            "fidelity",
            Form::Choice(&[now("multi_node"), now("5r1c")]),
            "Zone model: nodes within walls after ISO 52016-1, or 5R1C after ISO 13790, which is faster.",
            Absent::Means("\"multi_node\""),
            "\"5r1c\"",
        ),
        key(
            "retrofit",
            Form::List(&Form::Shaped(&PACKAGE)),
            "Packages of measures, each computed beside the base; measures of one package are joined by +.",
            Absent::Means("[]"),
            "[\"wall_standard\", \"wall_ambitious+window_ambitious+heat_pump_standard\"]",
        ),
        key(
            "exterior_convection",
            Form::Choice(&[now("fixed"), now("wind")]),
            "Outer surface films: fixed coefficients, or such that depend on the wind.",
            Absent::Means("\"fixed\""),
            "\"wind\"",
        ),
        key(
            "sky_temperature",
            Form::Choice(&[now("fixed"), now("weather")]),
            "How cold the sky is: 11 K below air (ISO 52016-1), or as the infrared radiation of weather.epw says.",
            Absent::Means("\"fixed\""),
            "\"weather\"",
        ),
        key(
            "control",
            Form::Choice(&[now("air"), now("operative")]),
            "What thermostats feel: air, or the mean of air and surfaces.",
            Absent::Means("\"air\""),
            "\"operative\"",
        ),
        key(
            "heating_setpoint_c",
            TEMPERATURES,
            "Heating setpoint of all buildings.",
            Absent::Unset("each use has its own"),
            "20.0",
        )
        .unit("degC"),
        key(
            "heating_setback_c",
            TEMPERATURES,
            "Heating setpoint of all buildings at night and when nobody is there.",
            Absent::Unset("each use has its own"),
            "16.0",
        )
        .unit("degC"),
        key(
            "cooled",
            Form::List(&Form::Choice(USES)),
            "Uses of buildings that are cooled; the others warm up.",
            Absent::Means("[]"),
            "[\"office\", \"hospital\"]",
        ),
        key(
            "cooling_setpoint_c",
            TEMPERATURES,
            "Cooling setpoint of all buildings that are cooled.",
            Absent::Unset("each use has its own"),
            "26.0",
        )
        .unit("degC"),
        key(
            "heating_power_w_m2",
            POWER,
            "Largest heating power per conditioned floor area.",
            Absent::Unset("it is always enough"),
            "80.0",
        )
        .unit("W/m2"),
        key(
            "cooling_power_w_m2",
            POWER,
            "Largest cooling power per conditioned floor area.",
            Absent::Unset("it is always enough"),
            "50.0",
        )
        .unit("W/m2"),
        key(
            "night_ventilation_per_h",
            Form::Number(Bound::Included(0.0), Bound::Included(50.0)),
            "Changes of air by opened windows while it is warm inside and cooler outside.",
            Absent::Means("0.0"),
            "2.0",
        )
        .unit("1/h"),
        key(
            "blinds_above_w_m2",
            Form::Number(Bound::Included(0.0), Bound::Included(2000.0)),
            "Irradiance of a window above which its blinds close.",
            Absent::Unset("there are no blinds"),
            "300.0",
        )
        .unit("W/m2"),
        key(
            "blinds_factor",
            SHARE,
            "Share of solar gains that closed blinds let in; 0.3 is usual for blinds outside.",
            Absent::Means("0.3"),
            "0.15",
        )
        .unit("1"),
        key(
            "overheating_above_c",
            Form::List(&TEMPERATURES),
            "Two operative temperatures above which hours count as too warm.",
            Absent::Means("[26.0, 27.0]"),
            "[25.0, 28.0]",
        )
        .unit("degC"),
        key(
            "warm_up_days",
            Form::Integer(0, 365),
            "Days before the year that are computed to forget how it began.",
            Absent::Means("31"),
            "62",
        )
        .unit("d"),
        key("hourly", Form::Flag, "Whether needs are written hour by hour.", Absent::Means("false"), "true"),
        key(
            "heating_system",
            Form::Choice(&[
                now("gas_boiler"),
                now("oil_boiler"),
                now("pellet_boiler"),
                now("district_heating"),
                now("electric"),
                now("air_heat_pump"),
                now("ground_heat_pump"),
            ]),
            "What heats buildings before any measure.",
            Absent::Means("\"gas_boiler\""),
            "\"oil_boiler\"",
        ),
        key(
            "heat_pump_efficiency",
            SHARE_ABOVE_ZERO,
            "Share of the ideal (Carnot) coefficient of performance that heat pumps reach; 0.36 to 0.45 is usual.",
            Absent::Means("0.4"),
            "0.45",
        )
        .unit("1"),
        key(
            "cooling_efficiency",
            Form::Number(Bound::Excluded(0.0), Bound::Included(20.0)),
            "Cold per electricity of cooling machines.",
            Absent::Means("3.0"),
            "4.0",
        )
        .unit("1"),
        key(
            "rank_by",
            Form::Choice(&[now("expected"), now("calculated")]),
            "Saving that measures are ranked by: what people are expected to save, or what is calculated.",
            Absent::Means("\"expected\""),
            "\"calculated\"",
        ),
        key(
            "expected_per_calculated",
            Form::Number(Bound::Excluded(0.0), Bound::Included(2.0)),
            "Expected over calculated heat of all buildings.",
            Absent::Unset("it follows from the rating of each (Sunikka-Blank and Galvin 2012)"),
            "0.7",
        )
        .unit("1"),
        key(
            "budget",
            BUDGET,
            "What the city can spend on measures, in the currency of [economy].",
            Absent::Unset("no budget is shared out"),
            "5000000.0",
        )
        .unit("money"),
    ],
};
