//! Fields of energy in buildings, in `buildings.nc`, and of feeders, in `feeder.nc`.

use super::{Dim, FieldSpec, Kind};

const FILE: &str = "buildings.nc";
const FEEDER: &str = "feeder.nc";
/// Values that some buildings lack.
const OR_MISSING: &[(&str, &str)] = &[("_FillValue", "NaN")];
const QUALITY: &[(&str, &str)] = &[("flag_meanings", "measured estimated default")];

const fn field(
    name: &'static str,
    dims: &'static [Dim],
    kind: Kind,
    unit: Option<&'static str>,
    long_name: &'static str,
    attributes: &'static [(&'static str, &'static str)],
) -> FieldSpec {
    FieldSpec { name, file: FILE, dims, kind, unit, long_name, attributes }
}

const fn of_building(name: &'static str, unit: &'static str, long_name: &'static str) -> FieldSpec {
    field(name, &[Dim::Building], Kind::F64, Some(unit), long_name, OR_MISSING)
}

const fn of_package(name: &'static str, unit: &'static str, long_name: &'static str) -> FieldSpec {
    field(name, &[Dim::Package, Dim::Building], Kind::F64, Some(unit), long_name, OR_MISSING)
}

const fn of_feeder(
    name: &'static str,
    dims: &'static [Dim],
    kind: Kind,
    unit: Option<&'static str>,
    long_name: &'static str,
) -> FieldSpec {
    let attributes: &[(&str, &str)] = if matches!(kind, Kind::F64) { OR_MISSING } else { &[] };
    FieldSpec { name, file: FEEDER, dims, kind, unit, long_name, attributes }
}

/// Building id in the city model or table.
pub const BUILDING_ID: FieldSpec =
    field("building_id", &[Dim::Building], Kind::Text, None, "building id in the city model or table", &[]);
/// Archetype of each building; empty for those left out.
pub const ARCHETYPE: FieldSpec =
    field("archetype", &[Dim::Building], Kind::Text, None, "archetype; empty for buildings without heat balance", &[]);
/// Use of each building.
pub const USE: FieldSpec =
    field("building_use", &[Dim::Building], Kind::Text, None, "what the building is used for", &[]);
/// Year of construction.
pub const YEAR: FieldSpec = field("construction_year", &[Dim::Building], Kind::I32, None, "year of construction", &[]);
/// Where the year comes from.
pub const YEAR_QUALITY: FieldSpec = field(
    "construction_year_quality",
    &[Dim::Building],
    Kind::I32,
    None,
    "where the year of construction comes from",
    QUALITY,
);
/// Where the use comes from.
pub const USE_QUALITY: FieldSpec =
    field("building_use_quality", &[Dim::Building], Kind::I32, None, "where the use comes from", QUALITY);
/// Where the floor area comes from.
pub const FLOOR_AREA_QUALITY: FieldSpec = field(
    "conditioned_floor_area_quality",
    &[Dim::Building],
    Kind::I32,
    None,
    "where the conditioned floor area comes from",
    QUALITY,
);
/// Conditioned floor area; 0 for buildings that are neither heated nor cooled.
pub const FLOOR_AREA: FieldSpec = field(
    "conditioned_floor_area",
    &[Dim::Building],
    Kind::F64,
    Some("m2"),
    "conditioned floor area; 0 for buildings that are neither heated nor cooled",
    &[("quality", "estimated")],
);
/// Outer wall area without windows.
pub const WALL_AREA: FieldSpec = of_building("outer_wall_area", "m2", "area of outer walls without windows");
/// Window area with frames.
pub const WINDOW_AREA: FieldSpec = of_building("window_area", "m2", "area of windows with frames");
/// Roof area without windows.
pub const ROOF_AREA: FieldSpec = of_building("roof_area_without_windows", "m2", "area of roofs without windows");

/// Heat that heating gives in a year.
pub const HEATING_NEED: FieldSpec = of_building("heating_need", "kW h", "heat that heating gives in a year");
/// Heat that cooling takes in a year.
pub const COOLING_NEED: FieldSpec = of_building("cooling_need", "kW h", "heat that cooling takes in a year");
/// Largest heating power.
pub const PEAK_HEATING: FieldSpec = of_building("peak_heating", "W", "largest heating power of an hour");
/// Heating power that most hours do not exceed.
pub const HEATING_P99: FieldSpec =
    of_building("heating_power_p99", "W", "heating power that 99 % of hours do not exceed, up to 3 % too high");
/// Largest cooling power.
pub const PEAK_COOLING: FieldSpec = of_building("peak_cooling", "W", "largest cooling power of an hour");
/// Heating need per floor area.
pub const HEATING_INTENSITY: FieldSpec =
    of_building("heating_need_per_area", "kW h m-2", "heating need per conditioned floor area");
/// Heating need month by month.
pub const MONTHLY_HEATING: FieldSpec = field(
    "monthly_heating_need",
    &[Dim::Month, Dim::Building],
    Kind::F64,
    Some("kW h"),
    "heat that heating gives, by month",
    OR_MISSING,
);
/// Cooling need month by month.
pub const MONTHLY_COOLING: FieldSpec = field(
    "monthly_cooling_need",
    &[Dim::Month, Dim::Building],
    Kind::F64,
    Some("kW h"),
    "heat that cooling takes, by month",
    OR_MISSING,
);
/// Solar heat through windows in a year.
pub const SOLAR_GAINS: FieldSpec =
    of_building("solar_gains", "kW h", "solar heat that comes in through windows in a year");
/// Need of hot water in a year.
pub const HOT_WATER_NEED: FieldSpec = of_building("hot_water_need", "kW h", "heat for hot water in a year");
/// Electricity of appliances and light in a year.
pub const APPLIANCES: FieldSpec =
    of_building("appliance_electricity", "kW h", "electricity of appliances and light in a year");
/// Hours above the first limit of operative temperature.
pub const HOURS_TOO_WARM: FieldSpec =
    of_building("hours_above_first_limit", "h", "hours of a year whose operative temperature is above the first limit");
/// Hours above the second limit.
pub const HOURS_FAR_TOO_WARM: FieldSpec = of_building(
    "hours_above_second_limit",
    "h",
    "hours of a year whose operative temperature is above the second limit",
);
/// Degree-hours above the first limit.
pub const DEGREE_HOURS: FieldSpec = of_building(
    "degree_hours_above_first_limit",
    "K h",
    "sum over a year of how far the operative temperature is above the first limit",
);
/// Lowest operative temperature.
pub const COLDEST: FieldSpec =
    of_building("lowest_operative_temperature", "degC", "lowest operative temperature of an hour");
/// Highest operative temperature.
pub const WARMEST: FieldSpec =
    of_building("highest_operative_temperature", "degC", "highest operative temperature of an hour");
/// Hours in which heating does not reach its setpoint.
pub const UNMET_HEATING: FieldSpec =
    of_building("unmet_heating_hours", "h", "hours in which full heating power leaves it below the setpoint");

/// Names of the packages.
pub const PACKAGE_NAME: FieldSpec =
    field("package_name", &[Dim::Package], Kind::Text, None, "measures of each package; the first has none", &[]);
/// Names of the carriers.
pub const CARRIER_NAME: FieldSpec = field("carrier_name", &[Dim::Carrier], Kind::Text, None, "carrier of energy", &[]);
/// Heating need after each package.
pub const PACKAGE_HEATING: FieldSpec =
    of_package("package_heating_need", "kW h", "heat that heating gives in a year, after each package of measures");
/// Cooling need after each package.
pub const PACKAGE_COOLING: FieldSpec =
    of_package("package_cooling_need", "kW h", "heat that cooling takes in a year, after each package of measures");
/// Largest heating power after each package.
pub const PACKAGE_PEAK_HEATING: FieldSpec =
    of_package("package_peak_heating", "W", "largest heating power of an hour, after each package of measures");
/// Largest cooling power after each package.
pub const PACKAGE_PEAK_COOLING: FieldSpec =
    of_package("package_peak_cooling", "W", "largest cooling power of an hour, after each package of measures");
/// Hours above the first limit after each package.
pub const PACKAGE_HOURS_TOO_WARM: FieldSpec = of_package(
    "package_hours_above_first_limit",
    "h",
    "hours of a year whose operative temperature is above the first limit, after each package of measures",
);
/// Energy bought of each carrier.
pub const FINAL_ENERGY: FieldSpec = field(
    "final_energy",
    &[Dim::Carrier, Dim::Package, Dim::Building],
    Kind::F64,
    Some("kW h"),
    "energy bought of each carrier in a year as calculated, electricity less what modules on the roof supply at the same hour",
    OR_MISSING,
);
/// Largest electric power drawn in an hour.
pub const PEAK_ELECTRICITY: FieldSpec =
    of_package("package_peak_electricity", "W", "largest electric power drawn from the grid in an hour");
/// Share of electricity that modules give.
pub const SELF_SUFFICIENCY: FieldSpec = of_package(
    "package_self_sufficiency",
    "1",
    "share of the electricity of the building that its own modules give at the same hour",
);
/// Heat per electricity of heat pumps.
pub const SEASONAL_PERFORMANCE: FieldSpec =
    of_package("package_seasonal_performance", "1", "heat per electricity of the heat pump in a year");
/// Electricity of modules on the roof.
pub const PV_YIELD: FieldSpec = of_package("package_pv_yield", "kW h", "electricity of modules on the roof in a year");
/// Electricity of modules that the building uses itself.
pub const PV_USED: FieldSpec =
    of_package("package_pv_used", "kW h", "electricity of modules that the building uses at the same hour");
/// Expected over calculated heat.
pub const EXPECTED_HEATING: FieldSpec = of_package(
    "package_expected_heating_need",
    "kW h",
    "heating need that people are expected to have in a year, from that calculated and how poor the building is rated",
);
/// Primary energy.
pub const PRIMARY_ENERGY: FieldSpec = of_package(
    "package_primary_energy",
    "kW h",
    "primary energy of what is bought in a year, with heat as expected unless rankings are by what is calculated",
);
/// Emissions.
pub const EMISSIONS: FieldSpec = of_package(
    "package_emissions",
    "kg",
    "emissions of what is bought in a year as carbon dioxide equivalent, with heat as expected unless rankings are by what is calculated",
);
/// Energy cost, in the currency of the run.
pub const ENERGY_COST: FieldSpec = of_package(
    "package_energy_cost",
    "1",
    "cost of what is bought in a year in the currency of the run, with heat as expected unless rankings are by what is calculated",
);
/// Energy cost over income.
pub const ENERGY_COST_SHARE: FieldSpec = of_package(
    "package_energy_cost_share",
    "1",
    "cost of what is bought in a year over the income of the households of the building",
);
/// Whether that is more than twice the median.
pub const TWICE_MEDIAN: FieldSpec = field(
    "package_energy_cost_above_twice_median",
    &[Dim::Package, Dim::Building],
    Kind::I32,
    None,
    "whether energy takes more than twice the median share of incomes (2M), the median that of the city as it is",
    &[("flag_meanings", "no yes unknown")],
);
/// Investment.
pub const INVESTMENT: FieldSpec =
    of_package("package_investment", "1", "investment of each package, in the currency of the run");
/// Net present value.
pub const NET_PRESENT_VALUE: FieldSpec =
    of_package("package_net_present_value", "1", "net present value of each package, in the currency of the run");
/// Simple payback time.
pub const PAYBACK: FieldSpec = of_package("package_payback_time", "year", "simple payback time of each package");
/// Cost of saved emissions.
pub const ABATEMENT_COST: FieldSpec = of_package(
    "package_abatement_cost",
    "1",
    "cost of a tonne of saved carbon dioxide equivalent, in the currency of the run",
);
/// Heat saved for each unit of money.
pub const SAVED_PER_COST: FieldSpec =
    of_package("package_saving_per_investment", "kW h", "final energy saved in a year per unit of investment");
/// Rank by cost of saved emissions.
pub const RANK_BY_EMISSIONS: FieldSpec = field(
    "package_rank_by_abatement_cost",
    &[Dim::Package, Dim::Building],
    Kind::I32,
    None,
    "rank among all packages of all buildings by cost of saved emissions, from 1; 0 for what saves none",
    &[],
);
/// Rank by energy saved per money.
pub const RANK_BY_SAVING: FieldSpec = field(
    "package_rank_by_saving_per_investment",
    &[Dim::Package, Dim::Building],
    Kind::I32,
    None,
    "rank among all packages of all buildings by energy saved per investment, from 1; 0 for what saves none",
    &[],
);
/// The package that the city's budget is best spent on.
pub const CHOSEN: FieldSpec = field(
    "package_chosen",
    &[Dim::Building],
    Kind::I32,
    None,
    "package that the city's budget pays for, as an index; 0 for none",
    &[],
);

/// Start of each hour, UTC.
pub const TIME: FieldSpec = field(
    "time",
    &[Dim::Time],
    Kind::F64,
    Some("seconds since 1970-01-01 00:00:00"),
    "start of each hour, UTC",
    &[("standard_name", "time"), ("calendar", "standard"), ("bounds", "time_bnds"), ("axis", "T")],
);
/// Start and end of each hour.
pub const TIME_BOUNDS: FieldSpec =
    field("time_bnds", &[Dim::Time, Dim::Two], Kind::F64, None, "start and end of each hour, UTC", &[]);
/// Outdoor air temperature, mean of the hour.
pub const OUTDOOR_TEMPERATURE: FieldSpec = field(
    "outdoor_temperature",
    &[Dim::Time],
    Kind::F32,
    Some("degC"),
    "outdoor air temperature, mean of the hour",
    &[],
);

const fn hourly(name: &'static str, unit: &'static str, long_name: &'static str) -> FieldSpec {
    field(name, &[Dim::Time, Dim::Building], Kind::F32, Some(unit), long_name, OR_MISSING)
}

/// Heating hour by hour.
pub const HOURLY_HEATING: FieldSpec = hourly("heating_power", "W", "heat that heating gives, mean of the hour");
/// Cooling hour by hour.
pub const HOURLY_COOLING: FieldSpec = hourly("cooling_power", "W", "heat that cooling takes, mean of the hour");
/// Operative temperature hour by hour.
pub const HOURLY_TEMPERATURE: FieldSpec =
    hourly("operative_temperature", "degC", "operative temperature at the end of the hour");

/// Buildings that hang at a feeder, as indices.
pub const CONNECTION_BUILDING: FieldSpec =
    field("connection_building", &[Dim::Connection], Kind::I32, None, "building of each connection, as an index", &[]);
/// Electric power of each connection without modules.
pub const CONNECTION_LOAD: FieldSpec = field(
    "connection_load",
    &[Dim::Connection, Dim::Package, Dim::Time],
    Kind::F32,
    Some("W"),
    "electric power drawn, modules left aside, mean of the hour",
    &[],
);
/// Electric power of a heat pump of each connection.
pub const CONNECTION_HEAT_PUMP: FieldSpec = field(
    "connection_heat_pump_load",
    &[Dim::Connection, Dim::Time],
    Kind::F32,
    Some("W"),
    "electric power that a heat pump would add to the building as it is, mean of the hour",
    &[],
);
/// Power of modules of one kilowatt on the best roof of each connection.
pub const CONNECTION_PV: FieldSpec = field(
    "connection_pv_per_kilowatt",
    &[Dim::Connection, Dim::Time],
    Kind::F32,
    Some("W"),
    "power of modules of 1 kW on the best roof, mean of the hour",
    &[],
);
/// Capacity of the modules of each package.
pub const CONNECTION_PV_CAPACITY: FieldSpec = field(
    "connection_pv_capacity",
    &[Dim::Connection, Dim::Package],
    Kind::F64,
    Some("kW"),
    "capacity of the modules of each package",
    &[],
);

/// Name of each bus.
pub const BUS_ID: FieldSpec = of_feeder("bus_id", &[Dim::Bus], Kind::Text, None, "bus in the network file");
/// Ends of each line.
pub const LINE_BUSES: FieldSpec =
    of_feeder("line_buses", &[Dim::Line, Dim::Two], Kind::I32, None, "buses at the ends of each line, as indices");
/// Names of the packages.
pub const FEEDER_PACKAGE: FieldSpec =
    of_feeder("package_name", &[Dim::Package], Kind::Text, None, "measures of each package; the first has none");
/// Lowest voltage of each bus.
pub const BUS_LOWEST: FieldSpec = of_feeder(
    "bus_lowest_voltage",
    &[Dim::Package, Dim::Bus],
    Kind::F64,
    Some("1"),
    "lowest voltage of each bus in the year, per unit of the nominal one, hourly means",
);
/// Highest voltage of each bus.
pub const BUS_HIGHEST: FieldSpec = of_feeder(
    "bus_highest_voltage",
    &[Dim::Package, Dim::Bus],
    Kind::F64,
    Some("1"),
    "highest voltage of each bus in the year, per unit of the nominal one, hourly means",
);
/// Largest loading of each line.
pub const LINE_LOADING: FieldSpec = of_feeder(
    "line_largest_loading",
    &[Dim::Package, Dim::Line],
    Kind::F64,
    Some("1"),
    "largest current of each line over its rating",
);
/// Hours with any voltage below the limit.
pub const HOURS_LOW_VOLTAGE: FieldSpec = of_feeder(
    "hours_low_voltage",
    &[Dim::Package],
    Kind::F64,
    Some("h"),
    "hours whose mean voltage is below the limit at any bus; a screening, no statement by EN 50160",
);
/// Hours with any voltage above the limit.
pub const HOURS_HIGH_VOLTAGE: FieldSpec = of_feeder(
    "hours_high_voltage",
    &[Dim::Package],
    Kind::F64,
    Some("h"),
    "hours whose mean voltage is above the limit at any bus; a screening, no statement by EN 50160",
);
/// Hours with any line overloaded.
pub const HOURS_OVERLOADED: FieldSpec = of_feeder(
    "hours_line_overloaded",
    &[Dim::Package],
    Kind::F64,
    Some("h"),
    "hours in which any line carries more than its rating",
);
/// Hours without a load flow.
pub const HOURS_UNSOLVED: FieldSpec = of_feeder(
    "hours_without_solution",
    &[Dim::Package],
    Kind::F64,
    Some("h"),
    "hours whose loads the feeder cannot carry at all",
);
/// Largest power at the slack.
pub const LARGEST_POWER: FieldSpec = of_feeder(
    "largest_apparent_power",
    &[Dim::Package],
    Kind::F64,
    Some("kW"),
    "largest apparent power (kVA) at the bus that feeds the feeder",
);
/// Energy taken at the slack.
pub const ENERGY_TAKEN: FieldSpec = of_feeder(
    "energy_taken",
    &[Dim::Package],
    Kind::F64,
    Some("kW h"),
    "energy taken from the network above, less what is fed back",
);
/// Losses of the feeder.
pub const LOSSES: FieldSpec =
    of_feeder("losses", &[Dim::Package], Kind::F64, Some("kW h"), "losses of all lines in the year");
/// Names of the technologies.
pub const TECHNOLOGY_NAME: FieldSpec =
    of_feeder("technology_name", &[Dim::Technology], Kind::Text, None, "technology whose hosting capacity is sought");
/// Hosting capacity.
pub const HOSTING_SHARE: FieldSpec = of_feeder(
    "hosting_capacity_share",
    &[Dim::Technology, Dim::Draw],
    Kind::F64,
    Some("1"),
    "largest share of buses with the technology, of those it is handed out to, at which no limit is broken, by draw",
);
