//! What a scenario says of weather and sun.

use std::path::PathBuf;

/// The `[weather]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Weather {
    /// The weather file.
    pub file: WeatherFile,
    /// Calendar year whose sun shines on a typical year.
    pub sun_year: i32,
    /// Where direct and diffuse radiation come from.
    pub radiation: Radiation,
    /// Linke turbidity of the clear sky; `Radiation::ClearSky` alone uses it.
    pub linke_turbidity: Option<f64>,
}

/// A weather file and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WeatherFile {
    /// EnergyPlus weather.
    Epw(PathBuf),
    /// Typical meteorological year 3 as CSV.
    Tmy3(PathBuf),
    /// No file: the year of `[climate.weather]`.
    Downscaled,
}

/// Where direct and diffuse radiation come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Radiation {
    /// All three of the weather file.
    File,
    /// Global of the file, decomposed after Erbs et al. 1982.
    Erbs,
    /// Global of the file, decomposed after Maxwell 1987.
    Disc,
    /// Global of the file, decomposed after Perez et al. 1992.
    Dirint,
    /// Cloudless sky after Ineichen and Perez 2002.
    ClearSky,
}

impl Radiation {
    /// All of them.
    pub const ALL: [Radiation; 5] =
        [Radiation::File, Radiation::Erbs, Radiation::Disc, Radiation::Dirint, Radiation::ClearSky];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Radiation::File => "file",
            Radiation::Erbs => "erbs",
            Radiation::Disc => "disc",
            Radiation::Dirint => "dirint",
            Radiation::ClearSky => "clear_sky",
        }
    }
}

/// The `[solar]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct Solar {
    /// Share of radiation that the ground reflects.
    pub albedo: f64,
    /// Share of radiation that facades and roofs reflect onto others.
    pub facade_albedo: f64,
    /// How the diffuse sky is described.
    pub sky_model: SkyModel,
    /// Distance of sample points on roofs, in metres.
    pub surface_spacing_m: f64,
    /// Distance of sample points on walls, in metres.
    pub facade_spacing_m: f64,
    /// Patches the sky is divided into: 145 (Tregenza) or 577 (Reinhart).
    pub sky_patches: SkyPatches,
    /// Which sun positions shadows are computed for.
    pub sun_positions: SunPositions,
    /// How far away an obstacle can cast a shadow, in metres.
    pub reach_m: f64,
    /// Bare ground as an elevation raster; it shades and carries nothing else.
    pub terrain: Option<PathBuf>,
    /// Elevation raster of what stands around the buildings, trees included; cells of the buildings themselves are left out.
    pub surroundings: Option<PathBuf>,
    /// Whether irradiance of every surface is written hour by hour.
    pub hourly: bool,
    /// Side of the square tiles that surfaces are computed in, in metres; changes no result.
    pub tile_m: f64,
    /// Irradiation of an elevation raster, if the scenario asks for it.
    pub raster: Option<SolarRaster>,
    /// Photovoltaics on the surfaces, if the scenario asks for it.
    pub pv: Option<Photovoltaics>,
}

/// How the diffuse sky is described.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkyModel {
    /// The same radiance everywhere.
    Isotropic,
    /// Hay and Davies 1980: isotropic and around the sun.
    HayDavies,
    /// Perez et al. 1990: isotropic, around the sun, and along the horizon.
    Perez1990,
    /// Perez et al. 1993: a radiance of its own for each patch of the sky; for surfaces, not for rasters.
    Perez1993,
}

impl SkyModel {
    /// All of them.
    pub const ALL: [SkyModel; 4] = [SkyModel::Isotropic, SkyModel::HayDavies, SkyModel::Perez1990, SkyModel::Perez1993];

    /// Name in a scenario file and in results.
    pub fn name(self) -> &'static str {
        match self {
            SkyModel::Isotropic => "isotropic",
            SkyModel::HayDavies => "hay_davies",
            SkyModel::Perez1990 => "perez_1990",
            SkyModel::Perez1993 => "perez_1993",
        }
    }
}

/// Into how many patches the sky is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkyPatches {
    /// 145 of Tregenza.
    Tregenza145,
    /// 577 of Reinhart, each Tregenza patch in four.
    Reinhart577,
}

impl SkyPatches {
    /// All of them.
    pub const ALL: [SkyPatches; 2] = [SkyPatches::Tregenza145, SkyPatches::Reinhart577];

    /// How many there are, which is also what a scenario file calls them.
    pub fn count(self) -> usize {
        match self {
            SkyPatches::Tregenza145 => 145,
            SkyPatches::Reinhart577 => 577,
        }
    }
}

/// Which sun positions shadows are computed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SunPositions {
    /// Hours with nearly the same declination and hour angle share one.
    Binned,
    /// Every hour has its own.
    Hourly,
}

impl SunPositions {
    /// All of them.
    pub const ALL: [SunPositions; 2] = [SunPositions::Binned, SunPositions::Hourly];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            SunPositions::Binned => "binned",
            SunPositions::Hourly => "hourly",
        }
    }
}

/// The `[solar.raster]` table.
#[derive(Debug, Clone, PartialEq)]
pub struct SolarRaster {
    /// Elevation raster with what stands on the ground, a GeoTIFF.
    pub dsm: PathBuf,
    /// Azimuths in which horizons are found, an even number.
    pub directions: usize,
    /// How far away an obstacle is seen at least, in metres; everything is seen without it.
    pub reach_m: Option<f64>,
    /// Whether each cell is a level plane or has the slope and aspect of the raster.
    pub cells: CellPlanes,
    /// Side of the tiles in which the raster is computed, in cells; changes no result.
    pub tile_cells: usize,
    /// Whether irradiation is written month by month too.
    pub monthly: bool,
    /// Whether horizons are written.
    pub horizons: bool,
    /// Days whose irradiance is written hour by hour, as (month, day).
    pub hourly_days: Vec<(u8, u8)>,
}

/// What the plane of a raster's cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellPlanes {
    /// As steep as the raster is there.
    Sloped,
    /// Level.
    Level,
}

impl CellPlanes {
    /// All of them.
    pub const ALL: [CellPlanes; 2] = [CellPlanes::Sloped, CellPlanes::Level];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            CellPlanes::Sloped => "sloped",
            CellPlanes::Level => "level",
        }
    }
}

/// The `[solar.pv]` table: which surfaces carry modules, and what they yield.
#[derive(Debug, Clone, PartialEq)]
pub struct Photovoltaics {
    /// Whether walls carry modules too.
    pub facades: bool,
    /// Least area of a surface that carries modules, in m².
    pub min_area_m2: f64,
    /// Least annual irradiation of a surface that carries modules, in kWh/m².
    pub min_irradiation_kwh_m2: f64,
    /// Share of a sloped roof or wall that modules can cover.
    pub usable_share_sloped: f64,
    /// Share of a flat roof that modules can cover, gaps between rows included.
    pub usable_share_flat: f64,
    /// Width along the edges that stays free, in metres.
    pub setback_m: f64,
    /// Roofs less steep than this carry modules on stands, in degrees.
    pub flat_below_deg: f64,
    /// Tilt of modules on stands, in degrees.
    pub stand_tilt_deg: f64,
    /// Azimuth of modules on stands, in degrees clockwise from north.
    pub stand_azimuth_deg: f64,
    /// Peak power per module area, in kWp/m².
    pub power_density_kw_m2: f64,
    /// Cell temperature model.
    pub cell_temperature: CellTemperature,
    /// Change of power per kelvin.
    pub temperature_coefficient_per_k: f64,
    /// System losses as a share.
    pub losses: f64,
    /// Nominal inverter efficiency.
    pub inverter_efficiency: f64,
    /// DC over AC power.
    pub dc_ac_ratio: f64,
    /// Emissions that a kilowatt-hour saves, in kg CO2e.
    pub avoided_kg_co2_per_kwh: Option<f64>,
    /// What it costs and earns, if the scenario says so; needs `[economy]`.
    pub costs: Option<PvCosts>,
}

/// Cell temperature model with its mounting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CellTemperature {
    /// Sandia (King et al. 2004), open rack, glass and polymer.
    SapmOpenRack,
    /// Sandia, close to the roof, glass and glass.
    SapmCloseRoof,
    /// Sandia, insulated back, glass and polymer.
    SapmInsulatedBack,
    /// Faiman 2008.
    Faiman,
}

impl CellTemperature {
    /// All of them.
    pub const ALL: [CellTemperature; 4] = [
        CellTemperature::SapmOpenRack,
        CellTemperature::SapmCloseRoof,
        CellTemperature::SapmInsulatedBack,
        CellTemperature::Faiman,
    ];

    /// Name in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            CellTemperature::SapmOpenRack => "sapm_open_rack",
            CellTemperature::SapmCloseRoof => "sapm_close_roof",
            CellTemperature::SapmInsulatedBack => "sapm_insulated_back",
            CellTemperature::Faiman => "faiman",
        }
    }
}

/// The `[solar.pv.costs]` table, in the currency of `[economy]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PvCosts {
    /// Investment per kWp.
    pub investment_per_kwp: f64,
    /// Operation per kWp and year.
    pub operation_per_kwp_year: f64,
    /// Years that a plant works.
    pub lifetime_years: usize,
    /// Share of yield lost per year.
    pub degradation: f64,
    /// Share of yield used in the building.
    pub self_consumption: f64,
    /// Price of a kilowatt-hour that need not be bought.
    pub electricity_price_per_kwh: f64,
    /// Price of a kilowatt-hour that is sold.
    pub feed_in_price_per_kwh: f64,
}
