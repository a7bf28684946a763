//! The `[feeder]` table: voltages and loading of a radial feeder, and what it can host.

use super::files::{CSV_FILES, PANDAPOWER_FILES};
use super::{Absent, Bound, Form, Table, key, now};

const PER_UNIT: Form = Form::Number(Bound::Included(0.5), Bound::Included(1.5));

/// The `[feeder]` table.
pub(super) static FEEDER: Table = Table {
    about: "A radial feeder: voltages and loading hour by hour, and what it can host.",
    keys: &[
        key(
            "lines",
            Form::Path(&CSV_FILES),
            "Lines as CSV (from_bus,to_bus,length_km,r_ohm_per_km,x_ohm_per_km,c_nf_per_km,max_i_ka); bus 0 is the slack.",
            Absent::Unset("pandapower names the network"),
            "\"feeder_lines.csv\"",
        ),
        key(
            "loads",
            Form::Path(&CSV_FILES),
            "Constant three-phase loads as CSV (bus,p_kw,q_kvar) besides those of buildings.",
            Absent::Unset("buildings alone load the feeder"),
            "\"feeder_loads.csv\"",
        ),
        key(
            "pandapower",
            Form::Path(&PANDAPOWER_FILES),
            "Network of pandapower with its loads, as JSON.",
            Absent::Unset("lines name the network"),
            "\"feeder.json\"",
        ),
        key(
            "connections",
            Form::Path(&CSV_FILES),
            "Which building hangs at which bus, as CSV (building_id,bus).",
            Absent::Unset("no building loads the feeder"),
            "\"connections.csv\"",
        ),
        key("slack_pu", PER_UNIT, "Voltage at the head of the feeder.", Absent::Means("1.02"), "1.0").unit("pu"),
        key(
            "base_kv",
            Form::Number(Bound::Included(0.1), Bound::Included(500.0)),
            "Nominal voltage, from phase to phase.",
            Absent::Means("0.4"),
            "20.0",
        )
        .unit("kV"),
        key(
            "voltage_limits_pu",
            Form::List(&PER_UNIT),
            "Least and greatest voltage that buses should have; 10 % around the nominal as in EN 50160.",
            Absent::Means("[0.9, 1.1]"),
            "[0.95, 1.05]",
        )
        .unit("pu"),
        key(
            "hosting",
            Form::List(&Form::Choice(&[now("photovoltaics"), now("heat_pump"), now("electric_car")])),
            "Technologies of which the largest share of connections is sought that the feeder can host.",
            Absent::Means("[]"),
            "[\"photovoltaics\", \"electric_car\"]",
        ),
        key(
            "hosting_draws",
            Form::Integer(1, 10_000),
            "Draws of who gets a technology first.",
            Absent::Means("20"),
            "100",
        ),
        key(
            "pv_kwp",
            Form::Number(Bound::Excluded(0.0), Bound::Included(10_000.0)),
            "Peak power of the photovoltaics of one connection.",
            Absent::Means("5.0"),
            "10.0",
        )
        .unit("kWp"),
        key(
            "ev_kw",
            Form::Number(Bound::Excluded(0.0), Bound::Included(1000.0)),
            "Power at which an electric car charges.",
            Absent::Means("11.0"),
            "3.7",
        )
        .unit("kW"),
        key(
            "ev_kwh_per_day",
            Form::Number(Bound::Excluded(0.0), Bound::Included(10_000.0)),
            "Electricity that an electric car charges in a day; 7 is about 13,000 km a year.",
            Absent::Means("7.0"),
            "5.0",
        )
        .unit("kWh"),
        key(
            "power_factor",
            Form::Number(Bound::Included(0.5), Bound::Included(1.0)),
            "Power factor (cos phi) of buildings and heat pumps, inductive.",
            Absent::Means("0.95"),
            "0.98",
        )
        .unit("1"),
    ],
};
