//! How a run was computed, and from what.

use super::figures::metric_text;
use super::markup::{self, Cell, Html, table};
use crate::error::Error;
use crate::report::json::{Report, StageEntry};
use crate::report::numbers;
use crate::store::read::RunReader;

/// How the figures came about, so that somebody else can repeat them.
pub fn section(run: &RunReader) -> Result<Html, Error> {
    let report = run.report();
    let mut rows: Vec<(&str, String)> = Vec::new();
    if let Some(solver) = assignment_key(run, "solver")?.and_then(|solver| solver.as_str().map(solver_words)) {
        rows.push(("Solver", solver));
    }
    if let Some(gap) = report.metric("relative_gap") {
        let definition = "(total cost − cost on least-cost routes) ÷ total cost";
        rows.push(("Relative gap reached", format!("{} = {definition}", metric_text(gap))));
    }
    let features = if report.engine.features.is_empty() {
        String::new()
    } else {
        format!(", features {}", report.engine.features.join(" "))
    };
    rows.push(("Engine", format!("conurb {}, commit {}{features}", report.engine.version, report.engine.commit)));
    rows.push(("Scenario", format!("{}, seed {}", report.scenario.file, report.scenario.seed)));
    rows.push(("Threads × ranks", format!("{} × {}", report.threads, report.ranks)));
    let machine = &report.machine;
    rows.push(("Machine", format!("{}: {}, {} processors, {}", machine.host, machine.cpu, machine.cores, machine.isa)));
    rows.push(("Operating system", machine.os.clone()));
    rows.push(("Peak memory", numbers::bytes(report.peak_memory_bytes)));
    rows.push(("Checksum of all results", report.checksum.clone()));
    let rows = rows.into_iter().map(|(what, value)| vec![Cell::Words(what.to_owned()), Cell::Words(value)]);
    let body = table("What was run", &["What", "Value"], rows.collect()).with(times_table(&report.stages));
    Ok(markup::section("method", "How this was computed", body))
}

/// Inputs with their hashes, licences and credits.
pub fn sources_section(report: &Report) -> Html {
    let rows = report.inputs.iter().map(|input| {
        vec![Cell::Words(input.path.clone()), Cell::Piece(Html::new().raw("<code>").text(&input.sha256).raw("</code>"))]
    });
    let mut body = table("Files the run was computed from", &["File", "SHA-256"], rows.collect());
    if report.sources.is_empty() {
        body = body.paragraph("The scenario names no licences or credits of its inputs.");
    } else {
        let rows = report.sources.iter().map(|source| {
            let words = |text: &Option<String>| Cell::Words(text.clone().unwrap_or_else(|| "not stated".to_owned()));
            vec![Cell::Words(source.input.clone()), words(&source.licence), words(&source.attribution)]
        });
        body = body.with(table("Licences and credits", &["Input", "Licence", "Credit"], rows.collect()));
    }
    markup::section("inputs", "Inputs and credits", body)
}

/// The relative gap that the scenario asks for.
pub fn wanted_gap(run: &RunReader) -> Result<Option<f64>, Error> {
    Ok(assignment_key(run, "relative_gap")?.and_then(|gap| gap.as_float()).filter(|gap| *gap > 0.0))
}

fn assignment_key(run: &RunReader, key: &str) -> Result<Option<toml::Value>, Error> {
    let scenario = run.scenario()?;
    let assignment = scenario.get("traffic").and_then(|traffic| traffic.get("assignment"));
    Ok(assignment.and_then(|assignment| assignment.get(key)).cloned())
}

fn solver_words(name: &str) -> String {
    match name {
        "gradient_projection" => "path-based gradient projection".to_owned(),
        "bi_conjugate_frank_wolfe" => "bi-conjugate Frank-Wolfe".to_owned(),
        other => other.replace('_', " "),
    }
}

fn times_table(stages: &[StageEntry]) -> Html {
    let rows = stages.iter().map(|stage| {
        let phases = [stage.phases.read, stage.phases.compute, stage.phases.communicate, stage.phases.write];
        let throughput = match &stage.throughput {
            Some(throughput) => format!("{} {}", numbers::number(throughput.value), throughput.unit),
            None => numbers::number(f64::NAN),
        };
        let mut row = vec![Cell::Words(stage.name.clone()), Cell::Number(numbers::seconds(stage.wall_seconds))];
        row.extend(phases.map(|phase| Cell::Number(numbers::seconds(phase))));
        row.push(Cell::Number(throughput));
        row
    });
    let headings = ["Stage", "Wall time", "Reading", "Computing", "Waiting for ranks", "Writing", "Throughput"];
    table("Where the time went", &headings, rows.collect())
}
