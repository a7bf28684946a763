//! The `[solar]` table and what is below it: sun on surfaces and rasters, photovoltaics and their costs.

use super::files::RASTER_FILES;
use super::shapes::DAY;
use super::{Absent, Bound, Form, MONEY, SHARE, SHARE_ABOVE_ZERO, Table, key, now};

const SHARE_BELOW_ONE: Form = Form::Number(Bound::Included(0.0), Bound::Excluded(1.0));
const SPACING: Form = Form::Number(Bound::Excluded(0.0), Bound::Included(100.0));

/// The `[solar]` table.
pub(super) static SOLAR: Table = Table {
    about: "Sun on roofs and walls of [buildings], and on the cells of a raster; needs [weather].",
    keys: &[
        key(
            "albedo",
            SHARE,
            "Share of radiation that the ground reflects; 0.2 is usual for grass and towns.",
            Absent::Means("0.2"),
            "0.6",
        )
        .unit("1"),
        key(
            "facade_albedo",
            SHARE,
            "Share of radiation that walls and roofs reflect onto others.",
            Absent::Means("0.2"),
            "0.35",
        )
        .unit("1"),
        key(
            "sky_model",
            Form::Choice(&[now("isotropic"), now("hay_davies"), now("perez_1990"), now("perez_1993")]),
            "How the diffuse sky is described; perez_1993 has a radiance for each patch, which rasters have not.",
            Absent::Means("\"perez_1990\""),
            "\"hay_davies\"",
        ),
        key("surface_spacing_m", SPACING, "Distance of sample points on roofs.", Absent::Means("1.0"), "0.5").unit("m"),
        key("facade_spacing_m", SPACING, "Distance of sample points on walls.", Absent::Means("2.0"), "1.0").unit("m"),
        key(
            "sky_patches",
            Form::OneOf(&[145, 577]),
            "Patches that the sky is divided into: 145 of Tregenza, or 577 of Reinhart.",
            Absent::Means("145"),
            "577",
        ),
        key(
            "sun_positions",
            Form::Choice(&[now("binned"), now("hourly")]),
            "Whether hours with nearly the same sun share their shadows or each has its own.",
            Absent::Means("\"binned\""),
            "\"hourly\"",
        ),
        key(
            "reach_m",
            Form::Number(Bound::Included(1.0), Bound::Included(20_000.0)),
            "How far away an obstacle can cast a shadow on buildings.",
            Absent::Means("1000.0"),
            "500.0",
        )
        .unit("m"),
        key(
            "terrain",
            Form::Path(&RASTER_FILES),
            "Bare ground as a GeoTIFF of heights; it shades buildings.",
            Absent::Unset("the ground shades nothing"),
            "\"dem.tif\"",
        ),
        key(
            "surroundings",
            Form::Path(&RASTER_FILES),
            "What stands around the buildings, trees included, as a GeoTIFF of heights; cells of the buildings themselves are left out.",
            Absent::Unset("buildings and terrain alone cast shadows"),
            "\"dsm.tif\"",
        ),
        key(
            "hourly",
            Form::Flag,
            "Whether irradiance of every surface is written hour by hour.",
            Absent::Means("false"),
            "true",
        ),
        key(
            "tile_m",
            Form::Number(Bound::Included(10.0), Bound::Included(100_000.0)),
            "Side of the square tiles that surfaces are computed in; changes memory, no result.",
            Absent::Means("500.0"),
            "250.0",
        )
        .unit("m"),
        key("raster", Form::Table(&RASTER), RASTER.about, Absent::Unset("no raster is computed"), ""),
        key("pv", Form::Table(&PV), PV.about, Absent::Unset("no photovoltaics are computed"), ""),
    ],
};

static RASTER: Table = Table {
    about: "Sun on the cells of an elevation raster.",
    keys: &[
        key(
            "dsm",
            Form::Path(&RASTER_FILES),
            "Heights with what stands on the ground, a GeoTIFF.",
            Absent::Required,
            "\"dsm.tif\"",
        ),
        key(
            "directions",
            Form::Integer(4, 360),
            "Azimuths in which horizons are found, an even number.",
            Absent::Means("36"),
            "72",
        ),
        key(
            "reach_m",
            Form::Number(Bound::Included(1.0), Bound::Included(1e6)),
            "How far away an obstacle is seen at least.",
            Absent::Unset("everything in the raster is seen"),
            "1000.0",
        )
        .unit("m"),
        key(
            "cells",
            Form::Choice(&[now("sloped"), now("level")]),
            "Whether a cell is as steep as the raster is there, or level.",
            Absent::Means("\"sloped\""),
            "\"level\"",
        ),
        key(
            "tile_cells",
            Form::Integer(16, 65_536),
            "Side of the square tiles in which the raster is computed, in cells; changes memory, no result.",
            Absent::Means("1024"),
            "512",
        ),
        key(
            "monthly",
            Form::Flag,
            "Whether irradiation is written month by month too.",
            Absent::Means("false"),
            "true",
        ),
        key("horizons", Form::Flag, "Whether horizons are written.", Absent::Means("false"), "true"),
        key(
            "hourly_days",
            Form::List(&Form::Shaped(&DAY)),
            "Days whose irradiance is written hour by hour.",
            Absent::Means("[]"),
            "[\"03-21\", \"06-21\", \"12-21\"]",
        ),
    ],
};

static PV: Table = Table {
    about: "Photovoltaics: which roofs and walls carry modules, and what they yield.",
    keys: &[
        key("facades", Form::Flag, "Whether walls carry modules too.", Absent::Means("false"), "true"),
        key(
            "min_area_m2",
            Form::Number(Bound::Included(0.0), Bound::Included(1e6)),
            "Least area of a surface that carries modules; a smaller one holds less than 2 kWp.",
            Absent::Means("10.0"),
            "20.0",
        )
        .unit("m2"),
        key(
            "min_irradiation_kwh_m2",
            Form::Number(Bound::Included(0.0), Bound::Included(10_000.0)),
            "Least annual irradiation of a surface that carries modules; 650 is two thirds of what level ground gets near Amsterdam.",
            Absent::Means("650.0"),
            "800.0",
        )
        .unit("kWh/m2"),
        key(
            "usable_share_sloped",
            SHARE_ABOVE_ZERO,
            "Share of a sloped roof or wall, without its edges, that modules can cover: the rest has windows and chimneys.",
            Absent::Means("0.75"),
            "0.6",
        )
        .unit("1"),
        key(
            "usable_share_flat",
            SHARE_ABOVE_ZERO,
            "Share of a flat roof, without its edges, that modules can cover: the rest has installations and gaps between rows.",
            Absent::Means("0.5"),
            "0.7",
        )
        .unit("1"),
        key(
            "setback_m",
            Form::Number(Bound::Included(0.0), Bound::Included(10.0)),
            "Width along the edges of a surface that stays free.",
            Absent::Means("0.3"),
            "0.5",
        )
        .unit("m"),
        key(
            "flat_below_deg",
            Form::Number(Bound::Included(0.0), Bound::Included(90.0)),
            "Roofs less steep than this carry modules on stands.",
            Absent::Means("10.0"),
            "5.0",
        )
        .unit("deg"),
        key(
            "stand_tilt_deg",
            Form::Number(Bound::Included(0.0), Bound::Included(90.0)),
            "Tilt of modules on stands; low ones need little ballast and shade each other little.",
            Absent::Means("10.0"),
            "15.0",
        )
        .unit("deg"),
        key(
            "stand_azimuth_deg",
            Form::Number(Bound::Included(0.0), Bound::Excluded(360.0)),
            "Azimuth of modules on stands, clockwise from north; 180 is south, the sunny side of the northern hemisphere.",
            Absent::Means("180.0"),
            "0.0",
        )
        .unit("deg"),
        key(
            "power_density_kw_m2",
            SHARE_ABOVE_ZERO,
            "Peak power per module area, the efficiency of the modules.",
            Absent::Means("0.2"),
            "0.22",
        )
        .unit("kWp/m2"),
        key(
            "cell_temperature",
            Form::Choice(&[now("sapm_open_rack"), now("sapm_close_roof"), now("sapm_insulated_back"), now("faiman")]),
            "Model of the cell temperature with its mounting: Sandia (King et al. 2004) or Faiman 2008.",
            Absent::Means("\"sapm_close_roof\""),
            "\"faiman\"",
        ),
        key(
            "temperature_coefficient_per_k",
            Form::Number(Bound::Included(-0.02), Bound::Included(0.0)),
            "Change of power per kelvin, that of crystalline silicon.",
            Absent::Means("-0.0035"),
            "-0.003",
        )
        .unit("1/K"),
        key(
            "losses",
            SHARE_BELOW_ONE,
            "Share of power lost to soiling, mismatch, wiring and the like; as in PVWatts version 5 without its 3 % of shading, which is computed here, 0.140757 with it.",
            Absent::Means("0.114183"),
            "0.140757",
        )
        .unit("1"),
        key(
            "inverter_efficiency",
            SHARE_ABOVE_ZERO,
            "Nominal efficiency of inverters, as in PVWatts.",
            Absent::Means("0.96"),
            "0.98",
        )
        .unit("1"),
        key(
            "dc_ac_ratio",
            Form::Number(Bound::Included(0.1), Bound::Included(10.0)),
            "Peak power of modules over rated power of inverters; 1.1 as in PVWatts version 5, later versions have 1.2.",
            Absent::Means("1.1"),
            "1.2",
        )
        .unit("1"),
        key(
            "avoided_kg_co2_per_kwh",
            Form::Number(Bound::Included(0.0), Bound::Included(10.0)),
            "Emissions that a kilowatt-hour saves, as CO2 equivalent.",
            Absent::Unset("saved emissions are not told"),
            "0.27",
        )
        .unit("kg/kWh"),
        key("costs", Form::Table(&COSTS), COSTS.about, Absent::Unset("costs and earnings are not told"), ""),
    ],
};

static COSTS: Table = Table {
    about: "What photovoltaics cost and earn, in the currency of [economy], which it needs.",
    keys: &[
        key("investment_per_kwp", MONEY, "Investment.", Absent::Required, "1200.0").unit("money per kWp"),
        key("operation_per_kwp_year", MONEY, "Operation and maintenance.", Absent::Required, "20.0")
            .unit("money per kWp and year"),
        key("lifetime_years", Form::Integer(1, 100), "Years that a plant works.", Absent::Required, "25").unit("a"),
        key("degradation", SHARE_BELOW_ONE, "Share of the yield that is lost each year.", Absent::Required, "0.005")
            .unit("1"),
        key(
            "self_consumption",
            SHARE,
            "Share of the yield that is used in the building; the rest is sold.",
            Absent::Required,
            "0.3",
        )
        .unit("1"),
        key(
            "electricity_price_per_kwh",
            MONEY,
            "Price of electricity that need not be bought.",
            Absent::Required,
            "0.3",
        )
        .unit("money per kWh"),
        key("feed_in_price_per_kwh", MONEY, "Price of electricity that is sold.", Absent::Required, "0.08")
            .unit("money per kWh"),
    ],
};
