//! Solar potential: what roofs, walls and ground receive, and what photovoltaics make of it.
//!
//! [`SurfacesStage`] (`solar`) follows rays from sample points of every surface; [`RasterStage`] (`solar.raster`) finds
//! the horizons of every cell. Both share a [`SolarYear`] and the parts of the sky that depend on no plane.

mod cells;
mod context;
mod irradiation;
mod metrics;
mod output;
mod plants;
mod raster;
mod raster_output;
mod results;
mod shade;
mod shadows;
mod sky;
mod surfaces;
mod tables;
mod tiles;
mod year;

pub use raster::RasterStage;
pub use sky::Sky;
pub use surfaces::SurfacesStage;
pub(in crate::stages) use year::without_gaps;
pub use year::{SolarYear, cosines_of_hours, extraterrestrial_of_hours};

use crate::error::{Error, Warning};
use crate::formats::projection::{Projection, meridian_convergence};
use crate::formats::weather::WeatherYear;
use crate::scenario::{Radiation, Solar, Weather, WeatherFile};
use crate::stages::FieldSink;

/// Distance between a city and the place of its weather from which on it is told, in degrees of latitude or longitude.
const FAR_DEG: f64 = 1.0;

/// Direction of grid north at `middle`, clockwise from true north, and a warning if the weather is from elsewhere.
pub fn site(crs: &str, middle: [f64; 2], weather: &WeatherYear) -> Result<(f64, Option<Warning>), Error> {
    let convergence = meridian_convergence(crs, middle).map_err(Error::from)?;
    let place = Projection::to_longitude_latitude(crs).map_err(Error::from)?.point(middle);
    let far = place.filter(|[longitude, latitude]| {
        (longitude - weather.longitude).abs() > FAR_DEG || (latitude - weather.latitude).abs() > FAR_DEG
    });
    let told = far.map(|[longitude, latitude]| {
        let message = format!(
            "the weather is of {:.2} N {:.2} E, the city lies at {latitude:.2} N {longitude:.2} E; the sun is that of the weather",
            weather.latitude, weather.longitude
        );
        Warning::new("weather_from_elsewhere", 1, message)
    });
    Ok((convergence, told))
}

/// How results were come by, as attributes of files and metrics.
fn describe(weather: &Weather, solar: &Solar) -> Vec<(&'static str, String)> {
    let name = match &weather.file {
        WeatherFile::Epw(file) | WeatherFile::Tmy3(file) => {
            file.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
        }
        WeatherFile::Downscaled => "downscaled".to_owned(),
    };
    let mut all = vec![
        ("sky_model", solar.sky_model.name().to_owned()),
        ("radiation", weather.radiation.name().to_owned()),
        ("weather_file", name),
        ("sun_year", weather.sun_year.to_string()),
    ];
    if let (Radiation::ClearSky, Some(turbidity)) = (weather.radiation, weather.linke_turbidity) {
        all.push(("linke_turbidity", turbidity.to_string()));
    }
    all
}

/// Writes how results were come by into a file of the run folder.
fn write_description(sink: &mut dyn FieldSink, file: &str, describe: &[(&'static str, String)]) -> Result<(), Error> {
    describe.iter().try_for_each(|(name, value)| sink.attribute(file, name, value))
}
