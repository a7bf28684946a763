//! Differences between finished runs: metrics, links, inputs and scenarios; the first run is the base.

mod files;
mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::error::{Error, Problem};
use crate::export::Existing;
use crate::report::links::LinkTable;
use crate::report::period::{PeriodChoice, ShownPeriod};
use crate::stages::Metric;
use crate::store::read::RunReader;

/// Links that are named as those with the greatest change.
const GREATEST: usize = 10;

/// Runs held against a base.
#[derive(Debug)]
pub struct Comparison {
    base: Side,
    runs: Vec<RunDifference>,
}

#[derive(Debug)]
struct Side {
    name: String,
    title: String,
    plane: crate::report::html::map::Plane,
    links: Option<LinkTable>,
}

/// What is different in one run.
#[derive(Debug)]
struct RunDifference {
    side: Side,
    same_checksum: bool,
    metrics: Vec<MetricDifference>,
    links: Option<LinkDifferences>,
    inputs: Vec<TextDifference>,
    scenario: Vec<TextDifference>,
}

/// A metric in both runs.
#[derive(Debug)]
struct MetricDifference {
    stage: String,
    name: String,
    base: Option<Metric>,
    run: Option<Metric>,
}

/// An input or scenario key that differs; none where one side lacks it.
#[derive(Debug, PartialEq)]
struct TextDifference {
    what: String,
    base: Option<String>,
    run: Option<String>,
}

/// Links of both runs matched by id, and what differs on them.
#[derive(Debug)]
struct LinkDifferences {
    /// Rows of the same link in base and run, in the base's order.
    pairs: Vec<(usize, usize)>,
    only_in_base: usize,
    only_in_run: usize,
    /// Pairs whose ends are different nodes: the ids agree, the roads may not.
    other_ends: usize,
    fields: Vec<FieldDifference>,
}

/// One figure of all matched links.
#[derive(Debug)]
struct FieldDifference {
    label: &'static str,
    unit: &'static str,
    /// Run minus base of each pair; NaN where either side has no value.
    difference: Vec<f64>,
    n_differ: usize,
    /// Pairs of which just one side has a value.
    n_one_sided: usize,
    greatest: f64,
    mean_absolute: f64,
    root_mean_square: f64,
    /// Pairs with the greatest change, greatest first.
    most_changed: Vec<usize>,
}

/// Compares run folders; the text is for people, the files (with `out`) are `compare.csv` and `compare.html`.
///
/// # Errors
/// Fewer than two runs, a folder that is no finished run, networks without a common link, or files in the way.
pub fn run(folders: &[PathBuf], out: Option<&Path>) -> Result<String, Error> {
    let runs = folders.iter().map(|folder| RunReader::open(folder)).collect::<Result<Vec<_>, _>>()?;
    let comparison = Comparison::new(&runs)?;
    let mut text = comparison.to_text();
    if let Some(out) = out {
        for path in comparison.write(out, Existing::Refuse)? {
            text.push_str(&format!("written: {}\n", path.display()));
        }
    }
    Ok(text)
}

impl Comparison {
    /// Compares runs with the first of them.
    ///
    /// # Errors
    /// Fewer than two runs, damaged ones, or networks without a common link.
    pub fn new(runs: &[RunReader]) -> Result<Comparison, Error> {
        let [base, others @ ..] = runs else { return Err(too_few()) };
        if others.is_empty() {
            return Err(too_few());
        }
        let base_side = Side::read(base, PeriodChoice::Busiest)?;
        let differences =
            others.iter().map(|run| RunDifference::new(base, &base_side, run)).collect::<Result<_, _>>()?;
        Ok(Comparison { base: base_side, runs: differences })
    }

    /// The comparison as text for a terminal.
    pub fn to_text(&self) -> String {
        text::to_text(self)
    }

    /// Writes `compare.csv` and `compare.html` into a folder.
    ///
    /// # Errors
    /// The files are there already and are to be kept, or cannot be written.
    pub fn write(&self, out: &Path, existing: Existing) -> Result<Vec<PathBuf>, Error> {
        files::write(self, out, existing)
    }
}

impl Side {
    fn read(run: &RunReader, period: PeriodChoice<'_>) -> Result<Side, Error> {
        let links = run.has(crate::field::traffic::LINK_ID.name).then(|| LinkTable::read(run, period)).transpose()?;
        Ok(Side {
            name: run.dir().display().to_string(),
            title: run.report().scenario.title.clone(),
            plane: crate::report::html::map::geographic(run)?,
            links,
        })
    }

    /// The period of the day that the links are compared in.
    fn period(&self) -> Option<&ShownPeriod> {
        self.links.as_ref()?.period.as_ref()
    }
}

/// Which periods of the day two sides are compared in, where they have periods.
fn compared_periods(base: &Side, run: &Side) -> Option<String> {
    match (base.period(), run.period()) {
        (None, None) => None,
        (Some(base), Some(run)) if base.name == run.name => Some(format!("period {}", base.name)),
        (base, run) => {
            let shown = |period: Option<&ShownPeriod>| {
                period.map_or_else(|| "no period".to_owned(), |period| format!("period {}", period.name))
            };
            Some(format!("{} of the base, {} of the run", shown(base), shown(run)))
        }
    }
}

impl RunDifference {
    fn new(base: &RunReader, base_side: &Side, run: &RunReader) -> Result<RunDifference, Error> {
        // Another period of the day would differ by far more than the variant.
        let period = base_side.period().map_or(PeriodChoice::Busiest, |period| PeriodChoice::Preferred(&period.name));
        let side = Side::read(run, period)?;
        let links = match (&base_side.links, &side.links) {
            (Some(base_links), Some(run_links)) => {
                let differences = LinkDifferences::new(base_links, run_links);
                if differences.pairs.is_empty() {
                    return Err(no_common_link(base, run));
                }
                Some(differences)
            }
            _ => None,
        };
        Ok(RunDifference {
            same_checksum: base.report().checksum == run.report().checksum,
            metrics: metrics(base, run),
            links,
            inputs: text_differences(&input_hashes(base), &input_hashes(run)),
            scenario: text_differences(&scenario_keys(base)?, &scenario_keys(run)?),
            side,
        })
    }
}

impl MetricDifference {
    /// Run minus base, and its share of the base, where both are numbers.
    fn difference(&self) -> Option<(f64, f64)> {
        let number = |metric: &Option<Metric>| metric.as_ref().and_then(crate::report::html::metric_number);
        let (base, run) = (number(&self.base)?, number(&self.run)?);
        Some((run - base, (run - base) / base.abs()))
    }
}

impl LinkDifferences {
    fn new(base: &LinkTable, run: &LinkTable) -> LinkDifferences {
        let pairs = matched(&base.link_id, &run.link_id);
        let ends = |links: &LinkTable, link: usize| (links.from_node[link], links.to_node[link]);
        let field = |label, unit, column: fn(&LinkTable) -> &Vec<f64>| {
            FieldDifference::new(label, unit, column(base), column(run), &pairs)
        };
        LinkDifferences {
            only_in_base: base.n_links() - pairs.len(),
            only_in_run: run.n_links() - pairs.len(),
            other_ends: pairs.iter().filter(|(in_base, in_run)| ends(base, *in_base) != ends(run, *in_run)).count(),
            fields: vec![
                field("Volume", "passenger-car units per hour", |links| &links.volume_pcu),
                field("Travel time", "seconds", |links| &links.travel_time),
                field("Volume over capacity", "", |links| &links.volume_capacity_ratio),
            ],
            pairs,
        }
    }
}

impl FieldDifference {
    fn new(
        label: &'static str,
        unit: &'static str,
        base: &[f64],
        run: &[f64],
        pairs: &[(usize, usize)],
    ) -> FieldDifference {
        let difference: Vec<f64> = pairs
            .iter()
            .map(|(in_base, in_run)| match run[*in_run] - base[*in_base] {
                difference if difference.is_finite() => difference,
                _ => f64::NAN,
            })
            .collect();
        let one_sided = |(in_base, in_run): &&(usize, usize)| base[*in_base].is_finite() != run[*in_run].is_finite();
        let n_one_sided = pairs.iter().filter(one_sided).count();
        let sizes: Vec<f64> = difference.iter().map(|difference| difference.abs()).collect();
        let known = || sizes.iter().copied().filter(|size| !size.is_nan());
        let n_known = known().count().max(1) as f64;
        FieldDifference {
            label,
            unit,
            n_differ: known().filter(|size| *size > 0.0).count() + n_one_sided,
            n_one_sided,
            greatest: known().fold(0.0, f64::max),
            mean_absolute: known().sum::<f64>() / n_known,
            root_mean_square: (known().map(|size| size * size).sum::<f64>() / n_known).sqrt(),
            most_changed: LinkTable::descending_by(&sizes)
                .into_iter()
                .take_while(|pair| sizes[*pair] > 0.0)
                .take(GREATEST)
                .collect(),
            difference,
        }
    }
}

/// Rows with the same id on both sides, in the base's order; the k-th of equal ids belongs to the k-th.
fn matched(base: &[i64], run: &[i64]) -> Vec<(usize, usize)> {
    let by_id = |ids: &[i64]| {
        let mut rows: Vec<usize> = (0..ids.len()).collect();
        rows.sort_by_key(|row| (ids[*row], *row));
        rows
    };
    let (base_rows, run_rows) = (by_id(base), by_id(run));
    let (mut in_base, mut in_run, mut pairs) = (0, 0, Vec::new());
    while in_base < base_rows.len() && in_run < run_rows.len() {
        let (base_row, run_row) = (base_rows[in_base], run_rows[in_run]);
        match base[base_row].cmp(&run[run_row]) {
            std::cmp::Ordering::Less => in_base += 1,
            std::cmp::Ordering::Greater => in_run += 1,
            std::cmp::Ordering::Equal => {
                pairs.push((base_row, run_row));
                in_base += 1;
                in_run += 1;
            }
        }
    }
    pairs.sort_unstable();
    pairs
}

fn metrics(base: &RunReader, run: &RunReader) -> Vec<MetricDifference> {
    let mut differences: Vec<MetricDifference> = Vec::new();
    for stage in &base.report().stages {
        for (name, metric) in &stage.metrics.0 {
            let (stage, name) = (stage.name.clone(), name.clone());
            differences.push(MetricDifference { stage, name, base: Some(metric.clone()), run: None });
        }
    }
    for stage in &run.report().stages {
        for (name, metric) in &stage.metrics.0 {
            match differences.iter_mut().find(|known| known.stage == stage.name && known.name == *name) {
                Some(known) => known.run = Some(metric.clone()),
                None => {
                    let (stage, name) = (stage.name.clone(), name.clone());
                    differences.push(MetricDifference { stage, name, base: None, run: Some(metric.clone()) });
                }
            }
        }
    }
    differences
}

fn input_hashes(run: &RunReader) -> Vec<(String, String)> {
    run.report().inputs.iter().map(|input| (input.path.clone(), input.sha256.clone())).collect()
}

fn scenario_keys(run: &RunReader) -> Result<Vec<(String, String)>, Error> {
    fn descend(prefix: &str, table: &toml::Table, found: &mut Vec<(String, String)>) {
        for (key, value) in table {
            let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
            match value {
                toml::Value::Table(inner) => descend(&path, inner, found),
                value => found.push((path, value.to_string())),
            }
        }
    }
    let mut found = Vec::new();
    descend("", &run.scenario()?, &mut found);
    Ok(found)
}

/// What is not the same on both sides, in the base's order, then what only the run has.
fn text_differences(base: &[(String, String)], run: &[(String, String)]) -> Vec<TextDifference> {
    let sorted = |side: &[(String, String)]| side.iter().cloned().collect::<BTreeMap<String, String>>();
    let (of_base, of_run) = (sorted(base), sorted(run));
    let in_base = base.iter().map(|(what, _)| what);
    let in_run = run.iter().map(|(what, _)| what).filter(|what| !of_base.contains_key(*what));
    in_base
        .chain(in_run)
        .map(|what| TextDifference {
            what: what.clone(),
            base: of_base.get(what).cloned(),
            run: of_run.get(what).cloned(),
        })
        .filter(|difference| difference.base != difference.run)
        .collect()
}

fn too_few() -> Error {
    Problem::new("a comparison needs two runs or more").hint("conurb compare BASE RUN").into()
}

fn no_common_link(base: &RunReader, run: &RunReader) -> Error {
    Problem::new(format!("no link id of this run is one of {}'s: the networks are different", base.dir().display()))
        .in_file(run.dir())
        .hint("compare runs whose networks share their link ids")
        .into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_are_matched_by_id_in_the_order_of_the_base() {
        assert_eq!(matched(&[5, 1, 9, 1], &[1, 5, 1, 7]), [(0, 1), (1, 0), (3, 2)]);
        assert_eq!(matched(&[1], &[2]), []);
    }

    #[test]
    fn statistics_by_hand() {
        // Differences 3, 0, -4, unknown: sum of sizes 7, of squares 25, over 3 known pairs.
        let pairs = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)];
        let base = [1.0, 1.0, 5.0, f64::NAN, f64::INFINITY];
        let run = [4.0, 1.0, 1.0, 2.0, f64::INFINITY];
        let field = FieldDifference::new("Volume", "", &base, &run, &pairs);
        assert_eq!((field.n_differ, field.n_one_sided), (3, 1));
        assert_eq!(field.greatest, 4.0);
        assert!((field.mean_absolute - 7.0 / 3.0).abs() < 1e-15);
        assert!((field.root_mean_square - (25.0_f64 / 3.0).sqrt()).abs() < 1e-15);
        assert_eq!(field.most_changed, [2, 0]);
    }

    #[test]
    fn keys_that_differ_are_found_on_both_sides() {
        let side = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
        };
        let found = text_differences(
            &side(&[("a", "1"), ("b", "2"), ("c", "3")]),
            &side(&[("d", "4"), ("c", "3"), ("a", "0")]),
        );
        let short: Vec<_> =
            found.iter().map(|one| (one.what.as_str(), one.base.as_deref(), one.run.as_deref())).collect();
        assert_eq!(short, [("a", Some("1"), Some("0")), ("b", Some("2"), None), ("d", None, Some("4"))]);
    }

    proptest! {
        #[test]
        fn matching_pairs_equal_ids_and_uses_each_row_once(base in prop::collection::vec(0..9_i64, 0..20), run in prop::collection::vec(0..9_i64, 0..20)) {
            let pairs = matched(&base, &run);
            let expected: usize = (0..9).map(|id| {
                let n = |side: &[i64]| side.iter().filter(|one| **one == id).count();
                n(&base).min(n(&run))
            }).sum();
            prop_assert_eq!(pairs.len(), expected);
            prop_assert!(pairs.iter().all(|(one, other)| base[*one] == run[*other]));
            prop_assert!(pairs.windows(2).all(|two| two[0].0 < two[1].0));
            let mut used: Vec<usize> = pairs.iter().map(|(_, row)| *row).collect();
            used.sort_unstable();
            used.dedup();
            prop_assert_eq!(used.len(), pairs.len());
        }
    }
}
