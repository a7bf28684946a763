//! How the sun of a run was computed, in words that go along with every result.

use crate::error::Error;
use crate::field::solar;
use crate::store::read::RunReader;

/// What a run says about its sun.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SolarNotes {
    /// Sky model, as scenarios name it.
    pub sky_model: Option<String>,
    /// Where direct and diffuse radiation come from, as scenarios name it.
    pub radiation: Option<String>,
    /// Weather file.
    pub weather_file: Option<String>,
    /// Calendar year whose sun shines.
    pub sun_year: Option<String>,
    /// Currency of all money.
    pub currency: Option<String>,
    /// Year whose prices are meant.
    pub price_year: Option<i64>,
    /// Reference system of coordinates, for example `EPSG:28992`.
    pub crs: Option<String>,
}

impl SolarNotes {
    /// Reads the notes of a run.
    ///
    /// # Errors
    /// The resolved scenario is damaged.
    pub fn read(run: &RunReader) -> Result<SolarNotes, Error> {
        let of_file = |name: &str| run.file_attribute(solar::SURFACE_TYPE.file, name).filter(|text| !text.is_empty());
        let scenario = run.scenario()?;
        let key = |table: &str, key: &str| scenario.get(table).and_then(|table| table.get(key)).cloned();
        let text = |table: &str, name: &str| key(table, name).and_then(|value| value.as_str().map(str::to_owned));
        Ok(SolarNotes {
            sky_model: of_file("sky_model"),
            radiation: of_file("radiation"),
            weather_file: of_file("weather_file"),
            sun_year: of_file("sun_year"),
            currency: text("economy", "currency"),
            price_year: key("economy", "price_year").and_then(|year| year.as_integer()),
            crs: run.report().scenario.crs.clone().or_else(|| text("scenario", "crs")),
        })
    }

    /// The code of an EPSG reference system.
    pub fn epsg(&self) -> Option<u32> {
        let crs = self.crs.as_deref()?.trim();
        let code = crs.get(..5).filter(|start| start.eq_ignore_ascii_case("epsg:"));
        code.and_then(|_| crs[5..].trim().parse().ok())
    }

    /// The sky model as people read it; empty where the run does not tell.
    pub fn sky_model_words(&self) -> String {
        match self.sky_model.as_deref() {
            Some("isotropic") => "isotropic sky".to_owned(),
            Some("hay_davies") => "Hay and Davies 1980".to_owned(),
            Some("perez_1990") => "Perez et al. 1990".to_owned(),
            Some("perez_1993") => "Perez et al. 1993".to_owned(),
            Some(other) => other.replace('_', " "),
            None => String::new(),
        }
    }

    /// Where radiation comes from as people read it; empty where the run does not tell.
    pub fn radiation_words(&self) -> String {
        match self.radiation.as_deref() {
            Some("file") => "direct and diffuse radiation of the weather file".to_owned(),
            Some("erbs") => "global radiation of the weather file, decomposed after Erbs et al. 1982".to_owned(),
            Some("disc") => "global radiation of the weather file, decomposed after Maxwell 1987 (DISC)".to_owned(),
            Some("dirint") => {
                "global radiation of the weather file, decomposed after Perez et al. 1992 (DIRINT)".to_owned()
            }
            Some("clear_sky") => "a cloudless sky after Ineichen and Perez 2002".to_owned(),
            Some(other) => other.replace('_', " "),
            None => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_epsg_codes_are_codes() {
        let epsg = |crs: &str| SolarNotes { crs: Some(crs.to_owned()), ..SolarNotes::default() }.epsg();
        assert_eq!([epsg("EPSG:28992"), epsg("epsg: 7415")], [Some(28992), Some(7415)]);
        assert_eq!([epsg("OGC:CRS84"), epsg("EPSG:x"), epsg("é")], [None; 3]);
    }
}
