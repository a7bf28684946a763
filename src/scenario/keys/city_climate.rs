//! What is made of adjusted projections: places of the city, indices, a year of hours.

use super::files::{CSV_FILES, EPW_FILES, POPULATION_FILES, RASTER_FILES};
use super::{Absent, Bound, Form, Table, YEARS, key, now};

const KELVIN_PER_UNIT: Form = Form::Number(Bound::Included(-1000.0), Bound::Included(1000.0));
const ELEVATION: Form = Form::Number(Bound::Included(-500.0), Bound::Included(9000.0));
const CELSIUS: Form = Form::Number(Bound::Included(-60.0), Bound::Included(60.0));
const DEGREES_CELSIUS: &str = "°C";

/// The `[climate.city]` table.
pub(super) static CITY: Table = Table {
    about: "From the cells of the reference to places of the city, by elevation and whatever else differs.",
    keys: &[
        key(
            "elevation",
            Form::Path(&RASTER_FILES),
            "Elevation raster of the city, whose cells are the places.",
            Absent::Unset("stations names the places"),
            "\"dem.tif\"",
        ),
        key(
            "cell_m",
            Form::Number(Bound::Included(1.0), Bound::Included(100_000.0)),
            "Size of the cells that the raster is brought to.",
            Absent::Unset("elevation needs it; stations have none"),
            "250.0",
        )
        .unit("m"),
        key(
            "stations",
            Form::Path(&CSV_FILES),
            "Places as CSV (station,latitude,longitude,elevation_m and a column for each covariate).",
            Absent::Unset("elevation names the places"),
            "\"stations.csv\"",
        ),
        key(
            "reference_elevation_m",
            ELEVATION,
            "Elevation of all cells of the reference.",
            Absent::Unset("its files hold it, as orog"),
            "120.0",
        )
        .unit("m"),
        key(
            "temperature_gradient_k_per_km",
            Form::NumberOrMonths(Bound::Included(-20.0), Bound::Included(20.0)),
            "Change of temperature with height, one number or one for each month.",
            Absent::Means("-6.5"),
            "[-4.5, -5.0, -5.5, -6.0, -6.5, -6.5, -6.5, -6.5, -6.0, -5.5, -5.0, -4.5]",
        )
        .unit("K/km"),
        key(
            "precipitation_gradient_per_km",
            Form::Number(Bound::Included(-1.0), Bound::Included(10.0)),
            "Change of precipitation with height, as a share of it.",
            Absent::Means("0.0"),
            "0.2",
        )
        .unit("1/km"),
        key(
            "covariate",
            Form::Named(&COVARIATE),
            "What else makes places warmer or colder, by its name.",
            Absent::Unset("height alone does"),
            "",
        ),
    ],
};

static COVARIATE: Table = Table {
    about: "Something that makes places warmer or colder.",
    keys: &[
        key(
            "raster",
            Form::Path(&RASTER_FILES),
            "Its values as a raster.",
            Absent::Unset("stations have a column of its name; elevation needs it"),
            "\"sealed.tif\"",
        ),
        key(
            "at_reference",
            Form::Number(Bound::Included(-1e6), Bound::Included(1e6)),
            "Its value where the reference was measured.",
            Absent::Means("0.0"),
            "0.1",
        ),
        key(
            "tasmin_k",
            KELVIN_PER_UNIT,
            "What one unit of it adds to the least temperature of the day.",
            Absent::Required,
            "2.5",
        )
        .unit("K"),
        key(
            "tasmax_k",
            KELVIN_PER_UNIT,
            "What one unit of it adds to the greatest temperature of the day; the mean gets the mean of both.",
            Absent::Required,
            "0.5",
        )
        .unit("K"),
    ],
};

/// The `[climate.indices]` table.
pub(super) static INDICES: Table = Table {
    about: "Thresholds of the indices, and whom they meet.",
    keys: &[
        key("tropical_night_c", CELSIUS, "Nights that stay above it are tropical.", Absent::Means("20.0"), "18.0")
            .unit(DEGREES_CELSIUS),
        key("summer_day_c", CELSIUS, "Days that get above it are summer days.", Absent::Means("25.0"), "24.0")
            .unit(DEGREES_CELSIUS),
        key("hot_day_c", CELSIUS, "Days that get above it are hot.", Absent::Means("30.0"), "32.0")
            .unit(DEGREES_CELSIUS),
        key(
            "heat_wave_tasmin_c",
            CELSIUS,
            "Nights of a heat wave stay above it.",
            Absent::Means("22.0"),
            "16.0",
        )
        .unit(DEGREES_CELSIUS),
        key("heat_wave_tasmax_c", CELSIUS, "Days of a heat wave get above it.", Absent::Means("30.0"), "26.0")
            .unit(DEGREES_CELSIUS),
        key("heat_wave_days", Form::Integer(1, 90), "Days that a heat wave lasts at least.", Absent::Means("3"), "5")
            .unit("d"),
        key(
            "heat_wave_percentile",
            Form::Number(Bound::Included(50.0), Bound::Excluded(100.0)),
            "Percentile of the reference, for the time of the year, above which days of a heat wave for their place are.",
            Absent::Means("90.0"),
            "95.0",
        )
        .unit("%"),
        key("heating_base_c", CELSIUS, "Heating degree days count from it down.", Absent::Means("18.0"), "15.5")
            .unit(DEGREES_CELSIUS),
        key("cooling_base_c", CELSIUS, "Cooling degree days count from it up.", Absent::Means("18.0"), "22.0")
            .unit(DEGREES_CELSIUS),
        key(
            "population",
            Form::Path(&POPULATION_FILES),
            "Inhabitants, a raster or a CSV (place,population or latitude,longitude,population).",
            Absent::Unset("nobody is counted"),
            "\"population.tif\"",
        ),
    ],
};

/// The `[climate.weather]` table.
pub(super) static OF_HOURS: Table = Table {
    about: "A year of hours of a projection, which [weather] takes where it says downscaled.",
    keys: &[
        key(
            "method",
            Form::Choice(&[now("analogue"), now("geometry"), now("morphing")]),
            "Hours of the most similar day that was measured; a cosine and the path of the sun; a measured year, moved month by month.",
            Absent::Means("\"analogue\""),
            "\"morphing\"",
        ),
        key(
            "donor",
            Form::Path(&EPW_FILES),
            "Hours that were measured near the place, a weather file of EnergyPlus.",
            Absent::Unset("analogue and morphing need it; geometry has none"),
            "\"town.epw\"",
        ),
        key("model", Form::Text, "The model.", Absent::Unset("the only one"), "\"model\""),
        key("future", Form::Text, "The emission scenario.", Absent::Unset("the only one"), "\"ssp245\""),
        key("period", Form::Years, "The period, one of future_periods.", Absent::Unset("the only one"), "[2041, 2070]"),
        key(
            "year",
            Form::WordOrInteger(&[now("typical")], *YEARS.start(), *YEARS.end()),
            "Typical months of all of the period, or one year of it as it is projected.",
            Absent::Means("\"typical\""),
            "2050",
        ),
        key("place", Form::Table(&PLACE), PLACE.about, Absent::Unset("that of the donor; geometry needs it"), ""),
    ],
};

static PLACE: Table = Table {
    about: "Where the hours are for.",
    keys: &[
        key(
            "latitude",
            Form::Number(Bound::Included(-90.0), Bound::Included(90.0)),
            "Degrees north.",
            Absent::Required,
            "52.0",
        )
        .unit("°"),
        key(
            "longitude",
            Form::Number(Bound::Included(-180.0), Bound::Included(360.0)),
            "Degrees east.",
            Absent::Required,
            "4.4",
        )
        .unit("°"),
        key("elevation_m", ELEVATION, "Height above sea level.", Absent::Required, "2.0").unit("m"),
    ],
};
