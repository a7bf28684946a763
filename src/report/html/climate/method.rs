//! How the climate was downscaled, in words that go along with the results.

use toml::{Table, Value};

use super::super::figures::metric_text;
use super::super::markup::{Cell, Html, section as page_section, table};
use crate::error::Error;
use crate::field::climate::cell_state;
use crate::report::climate::cells::{STATES, cells_by_state};
use crate::report::climate::{Projections, years_text};
use crate::report::numbers;
use crate::store::read::RunReader;

/// Methods by their names in scenarios, with their sources.
const METHODS: [(&str, &str); 10] = [
    ("linear_scaling", "linear scaling: the model’s days, moved by the bias of their mean"),
    ("delta_change", "delta change: the reference’s days, moved by the model’s change of the mean"),
    ("empirical_quantile_mapping", "empirical quantile mapping"),
    ("quantile_delta_mapping", "quantile delta mapping (Cannon, Sobie and Murdock 2015)"),
    ("detrended_quantile_mapping", "detrended quantile mapping (Cannon, Sobie and Murdock 2015)"),
    ("local_intensity_scaling", "local intensity scaling (Schmidli, Frei and Vidale 2006)"),
    ("isimip3", "trend-preserving after ISIMIP3 (Lange 2019), with distributions where they fit"),
    ("isimip3_nonparametric", "trend-preserving after ISIMIP3 (Lange 2019), without distributions"),
    ("multivariate", "multivariate quantile delta mapping (Cannon 2018)"),
    (
        "quantile_preserving_localized_analogues",
        "quantile delta mapping on the model’s cells, then quantile-preserving localized analogues (Gergel and others 2024)",
    ),
];

/// Method, periods, calendars, cells without values.
pub fn section(run: &RunReader, projections: &Projections) -> Result<Html, Error> {
    let scenario = run.scenario()?;
    let climate = scenario.get("climate").and_then(Value::as_table).cloned().unwrap_or_default();
    let mut rows = settings(&climate, projections);
    if let Some(clamped) = run.report().metric("values_clamped") {
        let text =
            format!("{} daily values beyond what is physically possible were set to its limit", metric_text(clamped));
        rows.push(("Limits", text));
    }
    let rows = rows.into_iter().map(|(what, value)| vec![Cell::Words(what.to_owned()), Cell::Words(value)]);
    let text = "Models of the whole Earth are too warm or too cold, too wet or too dry, and coarse. Their days were compared with \
                those of the reference in the reference period, and their future days adjusted by what was found. This \
                keeps what a model says of change; it cannot make up what the model does not know. Where calendars \
                differ, a day stands for that of the same date, 29 February is left out or missing where one has none, \
                and between a calendar of 360 days and others a day stands for that at the same fraction of the year.";
    let body = Html::new().paragraph(text).with(table("Methods", &["What", "How"], rows.collect()));
    Ok(page_section("climate-method", "How the climate was downscaled", body.with(cells_table(run, projections)?)))
}

fn settings(climate: &Table, projections: &Projections) -> Vec<(&'static str, String)> {
    let word = |key: &str| climate.get(key).and_then(Value::as_str);
    let mut rows = Vec::new();
    rows.extend(word("method").map(|name| ("Method", method_words(name))));
    rows.extend(variables(climate));
    rows.extend(climate.get("grouping").map(|grouping| ("Days that are adjusted together", grouping_words(grouping))));
    if let Some(nodes) = climate.get("quantiles").and_then(Value::as_integer) {
        let between = word("interpolation").map_or_else(String::new, |word| format!(", {word} between them"));
        rows.push(("Quantiles", format!("{nodes} nodes{between}")));
    }
    rows.push(("Reference period", years_text(projections.periods[0])));
    let periods: Vec<String> = projections.periods[1..].iter().map(|&period| years_text(period)).collect();
    rows.push(("Future periods", periods.join(", ")));
    let mut models: Vec<&str> = projections.models.iter().map(String::as_str).collect();
    models.sort_unstable();
    models.dedup();
    rows.push(("Models", models.join(", ")));
    rows.push(("Emission scenarios", projections.emissions.join(", ")));
    rows.extend(word("calendar").map(|rule| {
        let words =
            if rule == "align" { "days of the reference come into the model’s calendar" } else { "must agree" };
        ("Calendars", words.to_owned())
    }));
    rows.extend(word("regrid").map(|regrid| {
        let words = match regrid {
            "bilinear" => "bilinear between the four cells around",
            "conservative" => "by shares of the areas that overlap",
            "nearest" => "the nearest cell",
            _ => "not needed: they are on the reference’s cells",
        };
        ("Models come onto the reference’s cells", words.to_owned())
    }));
    rows.extend(city(climate));
    rows
}

fn method_words(name: &str) -> String {
    let known = METHODS.iter().find(|(known, _)| *known == name);
    known.map_or_else(|| name.replace('_', " "), |(_, words)| (*words).to_owned())
}

/// Variables with whether their biases are differences or ratios, and with their own methods.
fn variables(climate: &Table) -> Option<(&'static str, String)> {
    let variables = climate.get("variable").and_then(Value::as_table)?;
    let words = variables.iter().map(|(name, settings)| {
        let word = |key: &str| settings.get(key).and_then(Value::as_str);
        let kind = word("kind").map_or_else(String::new, |kind| format!(" ({})", kind.replace('_', " ")));
        let own = word("method").map_or_else(String::new, |method| format!(" by {}", method_words(method)));
        format!("{name}{kind}{own}")
    });
    Some(("Variables", words.collect::<Vec<_>>().join("; ")))
}

fn grouping_words(grouping: &Value) -> String {
    let window = grouping.get("day_of_year_window").and_then(Value::as_integer);
    match (grouping.as_str(), window) {
        (Some("all"), _) => "all".to_owned(),
        (Some("month"), _) => "those of each month".to_owned(),
        (Some(other), _) => other.replace('_', " "),
        (None, Some(days)) => {
            let pool = grouping.get("pool").and_then(Value::as_str).unwrap_or("not stated");
            format!("for each day of the year the {days} around it ({pool} windows)")
        }
        (None, None) => "not stated".to_owned(),
    }
}

/// The layer of the city, where there is one.
fn city(climate: &Table) -> Option<(&'static str, String)> {
    let city = climate.get("city").and_then(Value::as_table)?;
    let mut words = "by the temperature’s and the precipitation’s change with height".to_owned();
    if let Some(covariates) = city.get("covariate").and_then(Value::as_table) {
        let names: Vec<&str> = covariates.keys().map(String::as_str).collect();
        words += &format!(", and by {}", names.join(", "));
    }
    Some(("From cells to places of the city", words))
}

/// Cells by what became of them; only a line where all have values.
fn cells_table(run: &RunReader, projections: &Projections) -> Result<Html, Error> {
    if !run.has_field(&cell_state(projections.axes)) {
        return Ok(Html::new());
    }
    let counts = cells_by_state(run, projections.axes)?;
    let all: u64 = counts.iter().sum();
    if counts[0] == all {
        let text = format!("All {} cells have values.", numbers::count(all));
        return Ok(Html::new().paragraph(&text));
    }
    let rows = STATES.iter().zip(counts).filter(|(_, count)| *count > 0);
    let rows = rows.map(|(words, count)| vec![Cell::Words((*words).to_owned()), Cell::Number(numbers::count(count))]);
    Ok(table("Cells with values, and those without by their reason", &["What", "Cells"], rows.collect()))
}
