//! The tables that several domains use: weather, buildings and money.

use super::files::{CITY_MODEL_FILES, EPW_FILES, TMY3_FILES};
use super::shapes::{CURRENCY, LEVEL_OF_DETAIL};
use super::{Absent, Bound, Form, Table, key, later, now};

/// The `[weather]` table.
pub(super) static WEATHER: Table = Table {
    about: "Weather of the year, from one file.",
    keys: &[
        key(
            "epw",
            Form::Path(&EPW_FILES),
            "Weather file of EnergyPlus.",
            Absent::Unset("tmy3 names the weather"),
            "\"town.epw\"",
        ),
        key(
            "tmy3",
            Form::Path(&TMY3_FILES),
            "Typical meteorological year 3 as CSV.",
            Absent::Unset("epw names the weather"),
            "\"723170TYA.CSV\"",
        ),
        later("downscaled", "Weather from this scenario's [climate]."),
        key(
            "sun_year",
            Form::Integer(1900, 2100),
            "Calendar year whose sun shines on a typical year, which has none of its own.",
            Absent::Means("2023"),
            "2005",
        ),
        key(
            "radiation",
            Form::Choice(&[now("file"), now("erbs"), now("disc"), now("dirint"), now("clear_sky")]),
            "Where direct and diffuse radiation come from: the file; its global radiation by Erbs 1982, DISC or DIRINT; a cloudless sky.",
            Absent::Means("\"file\""),
            "\"erbs\"",
        ),
        key(
            "linke_turbidity",
            Form::Number(Bound::Included(1.0), Bound::Included(15.0)),
            "Linke turbidity of the cloudless sky: about 2 for clean and 4 for hazy air.",
            Absent::Unset("clear_sky needs it; others have none"),
            "3.0",
        )
        .unit("1"),
    ],
};

/// The `[buildings]` table.
pub(super) static BUILDINGS: Table = Table {
    about: "Buildings of the city.",
    keys: &[
        key(
            "cityjson",
            Form::Files(&CITY_MODEL_FILES),
            "City models, CityJSON (.json) or CityJSONSeq (.jsonl), at least one.",
            Absent::Required,
            "[\"town.city.json\", \"quarter.city.jsonl\"]",
        ),
        key(
            "lod",
            Form::Shaped(&LEVEL_OF_DETAIL),
            "Level of detail to take of objects that have several.",
            Absent::Unset("the highest of each object"),
            "\"2.2\"",
        ),
        later("archetypes", "Kinds of buildings and what they are made of."),
        later("table", "What is known of single buildings."),
    ],
};

/// The `[economy]` table.
pub(super) static ECONOMY: Table = Table {
    about: "Currency, price level and interest of everything that costs.",
    keys: &[
        key("currency", Form::Shaped(&CURRENCY), "Currency as in ISO 4217.", Absent::Required, "\"EUR\""),
        key("price_year", Form::Integer(1900, 2100), "Year whose prices are meant.", Absent::Required, "2025"),
        key(
            "discount_rate",
            Form::Number(Bound::Included(-0.05), Bound::Included(0.5)),
            "Real discount rate per year.",
            Absent::Required,
            "0.03",
        )
        .unit("1/a"),
        later("measure_costs", "Costs of measures on buildings."),
    ],
};
