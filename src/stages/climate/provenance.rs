//! Where results come from, as attributes of their file.

use super::align;
use super::axes::ModelAxes;
use crate::error::Error;
use crate::field::climate::daily;
use crate::field::climate::{CellAxes, Simulations};
use crate::formats::cf::{AttributeValue, DailyVariable};
use crate::inputs::ClimateInputs;
use crate::scenario::{Climate, ClimateGrouping};
use crate::stages::FieldSink;

/// What models and data sets say of themselves in their files, by the names of CMIP5, CMIP6 and CORDEX.
const KNOWN_BY: [&str; 7] =
    ["source_id", "model_id", "experiment_id", "variant_label", "institution_id", "tracking_id", "license"];
/// Characters of what is taken over from a file.
const MOST_CHARACTERS: usize = 200;

/// Writes method, rules and every input with its hash.
///
/// # Errors
/// The store cannot take it.
pub fn write(
    sink: &mut dyn FieldSink,
    climate: &Climate,
    inputs: &ClimateInputs,
    models: &[ModelAxes],
) -> Result<(), Error> {
    let first = &inputs.variables[0];
    let file = daily(first.variable, CellAxes::Places, Simulations::One).file;
    let years = |[first, last]: [i32; 2]| format!("{first} to {last}");
    let methods = climate
        .variables
        .iter()
        .map(|variable| format!("{}: {}", variable.variable.name(), variable.method.unwrap_or(climate.method).name()));
    let grouping = match climate.grouping {
        ClimateGrouping::All => "all days".to_owned(),
        ClimateGrouping::Month => "months".to_owned(),
        ClimateGrouping::DayOfYear { window, pool } => {
            format!("days of the year, windows of {window} days, {}", pool.name())
        }
    };
    let calendars = models.iter().zip(&climate.variables[0].models).map(|(axes, model)| {
        let rule = align::rule(first.reference.days.calendar, axes.calendar());
        format!("{}: {}", model.name, rule)
    });
    let told = [
        ("adjustment_methods", methods.collect::<Vec<_>>().join("; ")),
        ("adjustment_grouping", grouping),
        ("adjustment_reference_period", years(climate.reference_period)),
        ("regridding", climate.regrid.name().to_owned()),
        ("calendar_rule", calendars.collect::<Vec<_>>().join("; ")),
    ];
    told.iter().try_for_each(|(name, value)| sink.attribute(file, name, value))?;
    for (number, (path, sha256, known)) in described(inputs).into_iter().enumerate() {
        let known = if known.is_empty() { String::new() } else { format!("; {known}") };
        sink.attribute(file, &format!("input_{}", number + 1), &format!("{path} (sha256 {sha256}{known})"))?;
    }
    Ok(())
}

/// Every file once: its path, its hash, and what it says of itself.
fn described(inputs: &ClimateInputs) -> Vec<(String, String, String)> {
    let series = inputs.variables.iter().flat_map(|variable| {
        let of_models =
            variable.models.iter().flat_map(|model| std::iter::once(&model.historical).chain(&model.futures));
        std::iter::once(&variable.reference).chain(of_models)
    });
    let mut all: Vec<(String, String, String)> = Vec::new();
    for file in series.flat_map(DailyVariable::files) {
        let path = file.path().display().to_string();
        if all.iter().any(|(known, ..)| *known == path) {
            continue;
        }
        let attributes = &file.description().attributes;
        let text = |name: &&str| {
            let found = attributes.iter().find(|attribute| attribute.name == **name)?;
            let AttributeValue::Text(text) = &found.value else { return None };
            let short: String = text.chars().take(MOST_CHARACTERS).collect();
            Some(format!("{name} {short}"))
        };
        let known: Vec<String> = KNOWN_BY.iter().filter_map(text).collect();
        let sha256 = inputs.hashes.get(file.path()).cloned().unwrap_or_default();
        all.push((path, sha256, known.join("; ")));
    }
    all
}
