//! How energy was computed, in words that go along with the results.

use super::super::markup::{Cell, Html, section as page_section, table};
use crate::error::Error;
use crate::report::numbers;
use crate::store::read::RunReader;

/// Which models the results are from.
pub fn section(run: &RunReader) -> Result<Html, Error> {
    let scenario = run.scenario()?;
    let of_energy = scenario.get("energy").and_then(toml::Value::as_table);
    let key = |key: &str| of_energy.and_then(|table| table.get(key));
    let words = |name: &str| key(name).and_then(toml::Value::as_str);
    let model = match words("fidelity") {
        Some("multi_node") => "multi-node zone after ISO 52016-1, hour by hour",
        Some("5r1c") => "zone of five resistances and one capacity after ISO 13790, hour by hour",
        _ => "not stated",
    };
    let mut rows = vec![("Heat balance", model.to_owned())];
    for (name, what) in [
        ("exterior_convection", "Outer films"),
        ("sky_temperature", "Sky temperature"),
        ("control", "Thermostats feel"),
        ("heating_system", "Heating before any measure"),
        ("rank_by", "Rankings are by"),
    ] {
        rows.extend(words(name).map(|value| (what, value.replace('_', " "))));
    }
    let rows = rows.into_iter().map(|(what, value)| vec![Cell::Words(what.to_owned()), Cell::Words(value)]);
    let text = "Every building is one zone that is heated and cooled as its use and archetype say, hour by hour through \
                the weather file’s year; where a year of construction or a use is a default, buildings.nc tells so. \
                Calculated heat is what a building needs to be as warm as its use asks for. People in poorly \
                insulated homes heat less than that: by some 30 percent in German homes rated at 225 kWh/m² \
                (Sunikka-Blank and Galvin 2012). Expected heat takes this into account, before and after measures, so \
                that it promises smaller savings. Temperatures that are too warm are operative ones.";
    let body = Html::new().paragraph(text).with(table("Models", &["What", "Model"], rows.collect()));
    Ok(page_section("energy-method", "How energy was computed", body))
}

/// The two limits of operative temperature in words.
pub fn warmth_limits(run: &RunReader) -> Result<[String; 2], Error> {
    let scenario = run.scenario()?;
    let limits = scenario.get("energy").and_then(|energy| energy.get("overheating_above_c"));
    let limit = |index: usize| limits.and_then(|limits| limits.get(index));
    let degrees = |value: &toml::Value| value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
    let words = |index: usize, else_words: &str| {
        let degrees = limit(index).and_then(degrees);
        degrees.map_or_else(|| else_words.to_owned(), |degrees| format!("{} °C", numbers::number(degrees)))
    };
    Ok([words(0, "the first limit"), words(1, "the second limit")])
}
