//! The `[climate]` table: which projections are adjusted against which reference, and how.

use super::city_climate::{CITY, INDICES, OF_HOURS};
use super::files::NETCDF_FILES;
use super::{Absent, Bound, Choice, Form, Table, key, now};

/// How biases can be adjusted.
const METHODS: Form = Form::Choice(&[
    now("linear_scaling"),
    now("delta_change"),
    now("empirical_quantile_mapping"),
    now("quantile_delta_mapping"),
    now("detrended_quantile_mapping"),
    now("local_intensity_scaling"),
    now("isimip3"),
    now("isimip3_nonparametric"),
    now("multivariate"),
    now("quantile_preserving_localized_analogues"),
]);

const GROUPS: &[Choice] = &[now("all"), now("month")];

const MM_PER_DAY: &str = "mm/d";

/// The `[climate]` table.
pub(super) static CLIMATE: Table = Table {
    about: "Climate projections, adjusted against a reference and brought to the city.",
    keys: &[
        key(
            "method",
            METHODS,
            "How biases of the models are adjusted.",
            Absent::Means("\"quantile_delta_mapping\""),
            "\"detrended_quantile_mapping\"",
        ),
        key(
            "grouping",
            Form::WordOrTable(GROUPS, &WINDOW),
            "Which days are adjusted together: all, those of a month, or those around each day of the year.",
            Absent::Means("{ day_of_year_window = 31 }"),
            "{ day_of_year_window = 61, pool = \"contiguous\" }",
        ),
        key(
            "reference_period",
            Form::Years,
            "First and last year of the training, in which reference and historical runs are compared.",
            Absent::Required,
            "[1981, 2010]",
        ),
        key(
            "future_periods",
            Form::List(&Form::Years),
            "First and last year of each period that is adjusted, at least one, in order; they do not overlap.",
            Absent::Required,
            "[[2041, 2070], [2071, 2100]]",
        ),
        key(
            "calendar",
            Form::Choice(&[now("align"), now("same")]),
            "Calendars that differ: the reference comes into that of the model, or they are refused.",
            Absent::Means("\"align\""),
            "\"same\"",
        ),
        key(
            "regrid",
            Form::Choice(&[now("bilinear"), now("conservative"), now("nearest"), now("none")]),
            "How models come onto the grid of the reference before they are adjusted; none: they are on it.",
            Absent::Means("\"bilinear\""),
            "\"nearest\"",
        ),
        key(
            "interpolation",
            Form::Choice(&[now("linear"), now("nearest")]),
            "How factors between the nodes of quantile methods are found.",
            Absent::Means("\"linear\""),
            "\"nearest\"",
        ),
        key("quantiles", Form::Integer(2, 1000), "Nodes of quantile methods.", Absent::Means("50"), "100").unit("1"),
        key(
            "rank_among",
            Form::Choice(&[now("window"), now("same_day")]),
            "Days among which a future day is ranked: those of its window, or of the same day of the year alone.",
            Absent::Means("\"window\""),
            "\"same_day\"",
        ),
        key("iterations", Form::Integer(1, 1000), "Rotations of the multivariate method.", Absent::Means("20"), "50"),
        key(
            "wet_day_mm",
            Form::Number(Bound::Excluded(0.0), Bound::Included(100.0)),
            "Precipitation from which on a day is wet.",
            Absent::Means("1.0"),
            "0.1",
        )
        .unit(MM_PER_DAY),
        key(
            "jitter_below_mm",
            Form::Number(Bound::Included(0.0), Bound::Included(10.0)),
            "Precipitation below which days are spread by random numbers before ratios are taken; 0 for none.",
            Absent::Means("0.05"),
            "0.01",
        )
        .unit(MM_PER_DAY),
        key("daily", Form::Flag, "Whether the adjusted daily series are written.", Absent::Means("true"), "false"),
        key(
            "tile_cells",
            Form::Integer(1, 1_000_000),
            "Cells that are computed together, at most; results do not depend on it.",
            Absent::Unset("as many as the number of cells and days suggests"),
            "64",
        ),
        key("variable", Form::Table(&VARIABLES), VARIABLES.about, Absent::Required, ""),
        key("city", Form::Table(&CITY), CITY.about, Absent::Unset("results are of the cells of the reference"), ""),
        key("indices", Form::Table(&INDICES), INDICES.about, Absent::Unset("all keys have their defaults"), ""),
        key("weather", Form::Table(&OF_HOURS), OF_HOURS.about, Absent::Unset("no hours are made of days"), ""),
    ],
};

static WINDOW: Table = Table {
    about: "Days around each day of the year.",
    keys: &[
        key("day_of_year_window", Form::Integer(1, 181), "Days of a window, an odd number.", Absent::Required, "31")
            .unit("d"),
        key(
            "pool",
            Form::Choice(&[now("contiguous"), now("circular")]),
            "Whether windows follow the days of the series, or those of the calendar with December beside January.",
            Absent::Means("\"circular\""),
            "\"contiguous\"",
        ),
    ],
};

const NOT_ADJUSTED: Absent = Absent::Unset("it is not adjusted");

static VARIABLES: Table = Table {
    about: "What is adjusted, one table for each variable by its CMIP name, at least one.",
    keys: &[
        key("tas", Form::Table(&VARIABLE), "Mean air temperature of the day near the ground.", NOT_ADJUSTED, ""),
        key("tasmin", Form::Table(&VARIABLE), "Least air temperature of the day.", NOT_ADJUSTED, ""),
        key("tasmax", Form::Table(&VARIABLE), "Greatest air temperature of the day.", NOT_ADJUSTED, ""),
        key("pr", Form::Table(&VARIABLE), "Precipitation.", NOT_ADJUSTED, ""),
        key("rsds", Form::Table(&VARIABLE), "Shortwave radiation that reaches the ground.", NOT_ADJUSTED, ""),
        key("hurs", Form::Table(&VARIABLE), "Relative humidity near the ground.", NOT_ADJUSTED, ""),
        key("huss", Form::Table(&VARIABLE), "Specific humidity near the ground.", NOT_ADJUSTED, ""),
        key("sfcWind", Form::Table(&VARIABLE), "Wind speed at 10 m.", NOT_ADJUSTED, ""),
        key("ps", Form::Table(&VARIABLE), "Air pressure at the ground.", NOT_ADJUSTED, ""),
    ],
};

static VARIABLE: Table = Table {
    about: "Files of a variable and how it is adjusted.",
    keys: &[
        key(
            "kind",
            Form::Choice(&[now("additive"), now("multiplicative")]),
            "Whether biases are differences or ratios.",
            Absent::Unset("multiplicative for pr, rsds, huss and sfcWind, additive for the others"),
            "\"additive\"",
        ),
        key("method", METHODS, "How it is adjusted.", Absent::Unset("that of [climate]"), "\"delta_change\""),
        key("name_in_files", Form::Text, "Name of the netCDF variable.", Absent::Unset("the CMIP name"), "\"t2m\""),
        key(
            "reference",
            Form::FileOrFiles(&NETCDF_FILES),
            "What was observed, netCDF; several files follow each other in time.",
            Absent::Required,
            "\"observed.nc\"",
        ),
        key(
            "historical",
            Form::FileOrFiles(&NETCDF_FILES),
            "Past of the only model; several files follow each other in time.",
            OF_SEVERAL,
            "[\"historical_1.nc\", \"historical_2.nc\"]",
        ),
        key("future", FUTURES, ABOUT_FUTURES, OF_SEVERAL, "{ ssp245 = [\"ssp245_2015.nc\", \"ssp245_2055.nc\"] }"),
        key(
            "model",
            Form::Named(&MODEL),
            "Runs of several models, by the name of the model, in place of historical and future.",
            Absent::Unset("there is one model, whose name is model"),
            "",
        ),
    ],
};

const OF_SEVERAL: Absent = Absent::Unset("each model has its own");

const FUTURES: Form = Form::NamedValues(&Form::FileOrFiles(&NETCDF_FILES));

const ABOUT_FUTURES: &str =
    "Futures by the name of the emission scenario; the past is read on where a period needs it.";

static MODEL: Table = Table {
    about: "Runs of one model.",
    keys: &[
        key(
            "historical",
            Form::FileOrFiles(&NETCDF_FILES),
            "Its past; several files follow each other in time.",
            Absent::Required,
            "[\"historical_1.nc\", \"historical_2.nc\"]",
        ),
        key("future", FUTURES, ABOUT_FUTURES, Absent::Required, "{ ssp370 = \"ssp370.nc\" }"),
    ],
};
