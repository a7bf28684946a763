//! The first lines of a report: how the run ended and its key figures.

use super::known::KNOWN;
use super::markup::{Cell, Html, section, table};
use crate::error::Error;
use crate::report::json::Report;
use crate::report::numbers;
use crate::stages::Metric;
use crate::store::read::RunReader;

/// Name of a metric without the period and class that it is about, and these.
fn name_and_scope(name: &str) -> (&str, Option<&str>) {
    name.rsplit_once('.').map_or((name, None), |(scope, name)| (name, Some(scope)))
}

fn known(name: &str) -> Option<usize> {
    KNOWN.iter().position(|known| known.name == name)
}

/// Notices and key figures.
pub fn overview(run: &RunReader) -> Result<Html, Error> {
    let report = run.report();
    let body = convergence_notice(run)?.with(warnings_notice(report)).with(metrics_table(report));
    Ok(section("figures", "Key figures", body))
}

/// Label and unit of a metric.
pub fn label_and_unit(name: &str) -> (String, &'static str) {
    let (name, scope) = name_and_scope(name);
    let (label, unit) = match known(name) {
        Some(known) => (KNOWN[known].label.to_owned(), KNOWN[known].unit),
        None => {
            let mut label = name.replace('_', " ");
            if let Some(first) = label.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            (label, "")
        }
    };
    (scope.map_or_else(|| label.clone(), |scope| format!("{label}, {}", scope.replace('.', ", "))), unit)
}

/// A metric as people read it.
pub fn metric_text(metric: &Metric) -> String {
    match metric {
        Metric::Flag(true) => "yes".to_owned(),
        Metric::Flag(false) => "no".to_owned(),
        Metric::Count(value) => numbers::count(*value),
        Metric::Number(value) => numbers::number(*value),
        Metric::Text(text) => text.clone(),
    }
}

fn convergence_notice(run: &RunReader) -> Result<Html, Error> {
    let report = run.report();
    let (Some(Metric::Flag(converged)), Some(gap)) = (report.metric("converged"), report.metric("relative_gap")) else {
        return Ok(Html::new());
    };
    let wanted = super::method::wanted_gap(run)?
        .map_or_else(String::new, |gap| format!("; {} was wanted", numbers::number(gap)));
    let gap = metric_text(gap);
    Ok(if *converged {
        Html::new().paragraph(&format!("Traffic has settled: the relative gap is {gap}{wanted}."))
    } else {
        Html::new()
            .raw("<p class=\"notice\"><strong>Not converged.</strong> ")
            .text(&format!(
                "The solver stopped at a relative gap of {gap}{wanted}. Differences between links and variants of about \
                 this size mean nothing; allow more iterations before using these figures."
            ))
            .raw("</p>\n")
    })
}

fn warnings_notice(report: &Report) -> Html {
    match report.stages.iter().map(|stage| stage.warnings.len()).sum::<usize>() {
        0 => Html::new(),
        1 => Html::new().raw("<p class=\"notice\">The run gave <a href=\"#warnings\">1 warning</a>.</p>\n"),
        n_warnings => Html::new()
            .raw("<p class=\"notice\">The run gave <a href=\"#warnings\">")
            .text(&n_warnings.to_string())
            .raw(" warnings</a>.</p>\n"),
    }
}

fn metrics_table(report: &Report) -> Html {
    let mut html = Html::new();
    for stage in &report.stages {
        let (mut of_all, of_some): (Vec<_>, Vec<_>) =
            stage.metrics.0.iter().partition(|(name, _)| name_and_scope(name).1.is_none());
        // What a planner asks for comes first, what tells about the solver after it, in the stage's order otherwise.
        of_all.sort_by_key(|(name, _)| known(name).unwrap_or(KNOWN.len()));
        html = html.with(figures_of(&format!("Figures of stage {}", stage.name), of_all));
        if !of_some.is_empty() {
            let table = figures_of("Figures of single periods, classes and packages", of_some);
            html = html
                .raw("<details><summary>Figures by period, class or package</summary>\n")
                .with(table)
                .raw("</details>\n");
        }
    }
    html
}

fn figures_of(caption: &str, metrics: Vec<&(String, Metric)>) -> Html {
    let rows = metrics.into_iter().map(|(name, metric)| {
        let (label, unit) = label_and_unit(name);
        let meaning = known(name_and_scope(name).0).map_or("", |known| KNOWN[known].meaning);
        vec![
            Cell::Words(label),
            Cell::Number(metric_text(metric)),
            Cell::Words(unit.to_owned()),
            Cell::Words(meaning.to_owned()),
        ]
    });
    table(caption, &["Figure", "Value", "Unit", "Meaning"], rows.collect())
}
