//! Scenarios with any one key of the climate.

use super::BASE;

/// Variables that hours need, a period and a year of hours.
const HOURLY: [&str; 4] = ["tas", "rsds", "hurs", "sfcWind"];

/// Files of a variable with one model.
const FILES: [(&str, &str); 3] = [("reference", "'r.nc'"), ("historical", "'h.nc'"), ("future", "{ ssp245 = 'f.nc' }")];

/// A scenario with the table of a key of the climate, and, if given, a value for the key.
pub(super) fn text_with(path: &str, value: Option<&str>) -> String {
    // The names of models are parts of names of fields.
    let path = &path.replace(".model.\"a.tntp\"", ".model.MPI");
    let (table, key) = path.rsplit_once('.').unwrap();
    let mut tables: Vec<(String, Vec<(&str, &str)>)> = vec![("solar.raster".to_owned(), vec![("dsm", "'a.tif'")])];
    let weather = match value.filter(|_| path == "weather.downscaled") {
        Some("true") => vec![],
        _ => vec![("epw", "'a.epw'")],
    };
    tables.push(("weather".to_owned(), weather));
    tables
        .push(("climate".to_owned(), vec![("reference_period", "[1971, 2000]"), ("future_periods", "[[2041, 2070]]")]));
    tables.extend(variables(table));
    tables.extend(uses(table, key));
    let given = value.map(|value| (key, value));
    if !tables.iter().any(|(name, _)| name == table) {
        tables.push((table.to_owned(), Vec::new()));
    }
    // The kind of the example is that which some have anyway.
    if let Some((_, lines)) = tables.iter_mut().find(|(name, _)| name == table && key == "kind") {
        lines.push((key, "'multiplicative'"));
    }
    if let Some((_, lines)) = tables.iter_mut().find(|(name, _)| name == table) {
        lines.retain(|(name, _)| given.is_none_or(|(key, _)| *name != key));
        lines.extend(given);
    }
    let lines =
        |lines: &[(&str, &str)]| lines.iter().map(|(key, value)| format!("{key} = {value}\n")).collect::<String>();
    let tables = tables.iter().map(|(name, inner)| format!("[{name}]\n{}", lines(inner)));
    format!("{BASE}{}", tables.collect::<String>())
}

/// Tables of variables among which that of the key is.
fn variables(table: &str) -> Vec<(String, Vec<(&'static str, &'static str)>)> {
    let path = |name: &str| format!("climate.variable.{name}");
    if let Some((variable, _)) = table.split_once(".model.") {
        // The model is that of the only variable.
        return vec![(variable.to_owned(), vec![FILES[0]]), (table.to_owned(), FILES[1..].to_vec())];
    }
    let mut all: Vec<_> = HOURLY.iter().map(|name| (path(name), FILES.to_vec())).collect();
    if table.starts_with("climate.variable.") && !all.iter().any(|(name, _)| name == table) {
        all.push((table.to_owned(), FILES.to_vec()));
    }
    all
}

/// Tables of what is made of the variables.
fn uses(table: &str, key: &str) -> Vec<(String, Vec<(&'static str, &'static str)>)> {
    let mut all = Vec::new();
    if table.starts_with("climate.city") {
        let places = match key {
            "stations" => vec![("stations", "'a.csv'")],
            _ => vec![("elevation", "'a.tif'"), ("cell_m", "50.0")],
        };
        all.push(("climate.city".to_owned(), places));
    }
    if table.starts_with("climate.city.covariate") {
        let values = [("raster", "'b.tif'"), ("tasmin_k", "1.0"), ("tasmax_k", "1.0")];
        all.push((table.to_owned(), values.to_vec()));
    }
    if table.starts_with("climate.weather") || table == "weather" {
        all.push(("climate.weather".to_owned(), vec![("donor", "'d.epw'")]));
    }
    if table == "climate.weather.place" {
        let place = [("latitude", "1.0"), ("longitude", "2.0"), ("elevation_m", "3.0")];
        all.push((table.to_owned(), place.to_vec()));
    }
    all
}
