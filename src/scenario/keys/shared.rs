//! The tables that several domains use: weather, buildings and money.

use super::energy::USES;
use super::files::{ARCHETYPE_FILES, CITY_MODEL_FILES, CSV_FILES, EPW_FILES, LAYER_FOLDERS, TMY3_FILES};
use super::shapes::{COUNTRY_CODE, CURRENCY, LEVEL_OF_DETAIL};
use super::{Absent, Bound, Form, MONEY, Table, key, now};

/// The `[weather]` table.
pub(super) static WEATHER: Table = Table {
    about: "Weather of the year, from one file or from [climate.weather].",
    keys: &[
        key(
            "epw",
            Form::Path(&EPW_FILES),
            "Weather file of EnergyPlus.",
            Absent::Unset("tmy3 or downscaled names the weather"),
            "\"town.epw\"",
        ),
        key(
            "tmy3",
            Form::Path(&TMY3_FILES),
            "Typical meteorological year 3 as CSV.",
            Absent::Unset("epw or downscaled names the weather"),
            "\"723170TYA.CSV\"",
        ),
        key(
            "downscaled",
            Form::Flag,
            "Whether the weather is the year of [climate.weather], in place of a file.",
            Absent::Means("false"),
            "true",
        ),
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
            Absent::Unset("table names the buildings"),
            "[\"town.city.json\", \"quarter.city.jsonl\"]",
        ),
        key(
            "lod",
            Form::Shaped(&LEVEL_OF_DETAIL),
            "Level of detail to take of objects that have several.",
            Absent::Unset("the highest of each object"),
            "\"2.2\"",
        ),
        key(
            "table",
            Form::Path(&CSV_FILES),
            "Buildings as rows of a CSV, in place of city models; for [energy].",
            Absent::Unset("cityjson names the buildings"),
            "\"buildings.csv\"",
        ),
        key(
            "archetypes",
            Form::WordOrPath(&[now("TABULA_NL"), now("TABULA_DE")], &ARCHETYPE_FILES),
            "What buildings are made of: the table of a country, a CSV of the same form, or a folder with tables of TABULA.",
            Absent::Unset("[energy] needs it"),
            "\"TABULA_DE\"",
        ),
        key(
            "archetype_country",
            Form::Shaped(&COUNTRY_CODE),
            "Country to take from a folder with tables of TABULA, by its code there.",
            Absent::Unset("a folder needs it; others have none"),
            "\"AT\"",
        ),
        key(
            "layers",
            Form::Path(&LAYER_FOLDERS),
            "Folder with layers of constructions in the form of TEASER, which say where their mass is.",
            Absent::Unset("archetypes say where it is"),
            "\"teaser\"",
        ),
        key("attributes", Form::Table(&ATTRIBUTES), ATTRIBUTES.about, Absent::Unset("usual names are looked for"), ""),
        key(
            "default_year",
            Form::Integer(1000, 2100),
            "Year of construction of buildings that do not tell theirs; they are counted.",
            Absent::Means("1970"),
            "1950",
        ),
        key(
            "default_use",
            Form::Choice(USES),
            "Use of buildings that do not tell theirs; they are counted.",
            Absent::Means("\"residential\""),
            "\"office\"",
        ),
        key(
            "storey_height_m",
            Form::Number(Bound::Included(2.0), Bound::Included(10.0)),
            "Height of a storey, floor to floor, of buildings that do not tell how many they have.",
            Absent::Means("2.9"),
            "3.2",
        )
        .unit("m"),
    ],
};

static ATTRIBUTES: Table = Table {
    about: "What attributes of city models are called, and what they mean.",
    keys: &[
        key("id", Form::Text, "Id to report.", Absent::Unset("that of the object"), "\"identificatie\""),
        key("year", Form::Text, "Year of construction.", Absent::Unset(USUAL), "\"oorspronkelijkbouwjaar\""),
        key("use", Form::Text, "What a building is used for.", Absent::Unset(USUAL), "\"gebruiksdoel\""),
        key("storeys", Form::Text, "Number of storeys.", Absent::Unset(USUAL), "\"b3_bouwlagen\""),
        key(
            "uses",
            Form::NamedValues(&Form::Choice(USES)),
            "What values of the attribute or column with the use mean, besides those that are understood anyway.",
            Absent::Means("{}"),
            "{ woonfunctie = \"residential\", kantoorfunctie = \"office\" }",
        ),
    ],
};

const USUAL: &str = "usual names are looked for";

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
        key(
            "measure_costs",
            Form::Path(&CSV_FILES),
            "What measures on buildings cost, as CSV (measure,level,cost,per,lifetime_years).",
            Absent::Unset("costs of measures are not told"),
            "\"measures.csv\"",
        ),
        key("carriers", Form::Table(&CARRIERS), CARRIERS.about, Absent::Unset("only kilowatt-hours are told"), ""),
    ],
};

static CARRIERS: Table = Table {
    about: "Price, emissions and primary energy of what buildings buy.",
    keys: &[
        key("electricity", Form::Table(&CARRIER), "Electricity.", UNTOLD, ""),
        key("natural_gas", Form::Table(&CARRIER), "Natural gas, by gross calorific value.", UNTOLD, ""),
        key("heating_oil", Form::Table(&CARRIER), "Heating oil.", UNTOLD, ""),
        key("pellets", Form::Table(&CARRIER), "Wood pellets.", UNTOLD, ""),
        key("district_heat", Form::Table(&CARRIER), "District heat.", UNTOLD, ""),
    ],
};

const UNTOLD: Absent = Absent::Unset("nothing is known of it; what heats buildings and electricity are told together");

static CARRIER: Table = Table {
    about: "Price, emissions and primary energy of a kilowatt-hour.",
    keys: &[
        key("price_per_kwh", MONEY, "Price, in the currency of [economy].", Absent::Unset("costs are not told"), "0.3")
            .unit("money per kWh"),
        key(
            "kg_co2_per_kwh",
            Form::Number(Bound::Included(0.0), Bound::Included(10.0)),
            "Emissions as CO2 equivalent.",
            Absent::Unset("emissions are not told"),
            "0.25",
        )
        .unit("kg/kWh"),
        key(
            "primary_energy_factor",
            Form::Number(Bound::Included(0.0), Bound::Included(10.0)),
            "Primary energy per final energy.",
            Absent::Unset("primary energy is not told"),
            "1.8",
        )
        .unit("1"),
    ],
};
