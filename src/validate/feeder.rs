//! The suite `feeder`: voltages and currents of radial feeders, as CSV.

use std::path::{Path, PathBuf};

use conurb_energy::feeder::{Accuracy, End, Flow, LANES, Outcome, sweep};

use crate::error::{Error, Problem};
use crate::formats::Source;
use crate::formats::feeder::{FeederModel, Slack, read_csv, read_pandapower};

use super::settings::check_keys;
use super::{CSV_HEADER, read};

const LINES_SUFFIX: &str = "_lines.csv";
const LOADS_SUFFIX: &str = "_loads.csv";
const JSON_SUFFIX: &str = ".json";
/// Keys of the suite alone: tables of lines and loads do not tell what feeds them.
const KEYS: [&str; 3] = ["feeder.slack_bus", "feeder.slack_pu", "feeder.base_kv"];
/// Tighter than a year of load flows needs: references are printed with ten digits.
const ACCURACY: Accuracy = Accuracy { tolerance: 1e-12, max_iterations: 100 };

/// Runs the suite on every `NAME_lines.csv` with its `NAME_loads.csv`, and every `NAME.json` of pandapower, in `directory`, and gives the
/// lines `case,quantity,unit,value`; a case is a NAME, quantities are `vm_pu_BUS`, `va_degree_BUS` and `i_from_ka_LINE`.
///
/// Lines of tables are numbered from 0. `feeder.slack_bus` (0), `feeder.slack_pu` (1.02) and `feeder.base_kv` (0.4) in
/// `overrides` tell what feeds tables; a pandapower file says itself.
///
/// # Errors
/// There are no feeders, they are wrong or cannot carry their loads, or `overrides` name unknown keys.
pub fn feeder(directory: &Path, overrides: &[(String, String)], tell: &dyn Fn(&str)) -> Result<String, Error> {
    let slack = slack_of(overrides)?;
    let mut text = String::from(CSV_HEADER);
    for (name, file) in files(directory)? {
        let (model, warnings) = read_feeder(&name, &file, &slack)?;
        warnings.iter().for_each(|warning| tell(&format!("{name}: {}", warning.message)));
        append(&model, &file, &mut text)?;
    }
    Ok(text)
}

fn slack_of(overrides: &[(String, String)]) -> Result<Slack<'_>, Error> {
    check_keys(&KEYS, overrides)?;
    let mut slack = Slack::default();
    for (key, value) in overrides {
        let number = |allowed: std::ops::RangeInclusive<f64>| {
            let number = value.parse().ok().filter(|number| allowed.contains(number));
            number.ok_or_else(|| {
                let message =
                    format!("expected a number from {} to {}, found \"{value}\"", allowed.start(), allowed.end());
                Error::from(Problem::new(message).of_key(format!("--set {key}")))
            })
        };
        match key.as_str() {
            "feeder.slack_bus" => slack.bus = value.trim_matches('"'),
            "feeder.slack_pu" => slack.pu = number(0.5..=1.5)?,
            _ => slack.base_kv = number(0.01..=1000.0)?,
        }
    }
    Ok(slack)
}

/// Names and files of the feeders in a folder, in the order of their names.
fn files(directory: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let unreadable = |cause| Error::from(Problem::new(format!("cannot be listed: {cause}")).in_file(directory));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let stem = name.strip_suffix(LINES_SUFFIX).or_else(|| name.strip_suffix(JSON_SUFFIX));
        if let Some(stem) = stem.filter(|stem| !stem.is_empty() && !stem.contains([',', '"', '\n'])) {
            found.push((stem.to_owned(), path));
        }
    }
    found.sort();
    if found.is_empty() {
        let problem = Problem::new(format!("no file *{LINES_SUFFIX} or *{JSON_SUFFIX} here"));
        return Err(problem.in_file(directory).into());
    }
    if let Some(two) = found.windows(2).find(|two| two[0].0 == two[1].0) {
        let problem = Problem::new(format!("a second feeder of the name {}", two[0].0));
        return Err(problem.in_file(&two[1].1).hint("give it a name of its own").into());
    }
    Ok(found)
}

fn read_feeder(name: &str, file: &Path, slack: &Slack<'_>) -> Result<(FeederModel, Vec<crate::error::Warning>), Error> {
    let bytes = read(file)?;
    let source = Source { file, bytes: &bytes };
    if file.to_string_lossy().ends_with(JSON_SUFFIX) {
        return read_pandapower(name, source);
    }
    let loads = file.with_file_name(format!("{name}{LOADS_SUFFIX}"));
    read_csv(name, source, Source { file: &loads, bytes: &read(&loads)? }, slack)
}

fn append(model: &FeederModel, file: &Path, text: &mut String) -> Result<(), Error> {
    let feeder = &model.feeder;
    let (p, q) = model.load_of_buses();
    let lanes = |values: Vec<f64>| -> Vec<_> { values.into_iter().map(|value| [value; LANES]).collect() };
    let mut flow = Flow::new(feeder);
    sweep(feeder, &lanes(p), &lanes(q), &ACCURACY, &mut flow);
    if flow.outcome[0] != Outcome::Converged {
        let problem = Problem::new("there is no solution: the feeder cannot carry these loads");
        return Err(problem.in_file(file).into());
    }
    let name = &model.name;
    for (bus, of_bus) in model.buses.iter().enumerate() {
        let of_bus = of_bus.replace(' ', "_");
        let voltage = flow.voltage(bus, 0) * model.voltage_factor[bus];
        let angle = flow.angle(bus, 0) + model.angle_offset[bus];
        text.push_str(&format!("{name},vm_pu_{of_bus},1,{voltage:?}\n{name},va_degree_{of_bus},deg,{angle:?}\n"));
    }
    for (line, of_line) in model.lines.iter().enumerate() {
        let current = flow.current_ka(feeder, line, End::From)[0] * model.current_factor[line];
        let of_line = of_line.replace(' ', "_");
        text.push_str(&format!("{name},i_from_ka_{of_line},kA,{current:?}\n"));
    }
    Ok(())
}
