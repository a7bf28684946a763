//! What measures on buildings cost: `measure,level,cost,per,lifetime_years`.

use conurb_energy::measures::{CostUnit, MeasureCost};

use super::{number_or, report_repeated};
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::table::{Layout, Row};
use crate::formats::text::{integer, shown};
use crate::scenario::{Level, Measure, MeasureKind, Package};

const MEASURE: usize = 0;
const LEVEL: usize = 1;
const COST: usize = 2;
const PER: usize = 3;
const LIFETIME: usize = 4;
const MAINTENANCE: usize = 5;
const DUE_ANYWAY: usize = 6;
const COLUMNS: Columns = Columns::of(
    &["measure", "level", "cost", "per", "lifetime_years", "maintenance_share", "due_anyway_share"],
    &[MEASURE, LEVEL, COST, PER, LIFETIME],
);
/// Largest cost of a unit.
const MOST: f64 = 1e9;
/// Longest life of a measure (a).
const LONGEST_LIFE: i64 = 200;

/// What measures cost, each at most once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MeasureCosts(Vec<(Measure, MeasureCost)>);

impl MeasureCosts {
    /// What a measure costs, if the table tells.
    pub fn of(&self, measure: Measure) -> Option<&MeasureCost> {
        self.0.iter().find(|(known, _)| *known == measure).map(|(_, cost)| cost)
    }
}

/// Reads what the measures of `packages` cost, and any others.
///
/// `maintenance_share` per year and `due_anyway_share`, both of the cost, are 0 where the file does not tell.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint: a measure twice, one in a unit that does not measure it,
/// one of the packages that is not there.
pub fn read_measure_costs(source: Source<'_>, packages: &[Package]) -> Result<(MeasureCosts, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut rows: Vec<(Measure, MeasureCost, usize)> = Vec::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let measure = measure(row, layout, line, findings);
        let cost = cost(row, layout, measure, line, findings);
        if let (Some(measure), Some(cost)) = (measure, cost) {
            rows.push((measure, cost, line));
        }
    });
    report_repeated(rows.iter().map(|(measure, _, line)| (*measure, *line)), &mut findings, Measure::name);
    if read.is_ok() && findings.is_empty() {
        report_missing(&rows, packages, &mut findings);
    }
    let layout = findings.conclude(read)?;
    let costs = MeasureCosts(rows.into_iter().map(|(measure, cost, _)| (measure, cost)).collect());
    Ok((costs, csv_table::ignored_columns(source.file, &layout).into_iter().collect()))
}

fn report_missing(rows: &[(Measure, MeasureCost, usize)], packages: &[Package], findings: &mut Findings<'_>) {
    let mut wanted: Vec<Measure> = packages.iter().flat_map(|package| &package.measures).copied().collect();
    wanted.sort_unstable();
    wanted.dedup();
    for measure in wanted.into_iter().filter(|wanted| !rows.iter().any(|(known, _, _)| known == wanted)) {
        let (kind, level) = (measure.kind.name(), measure.level.name());
        let problem = Problem::new(format!("no row tells what {} costs, which energy.retrofit has", measure.name()));
        let unit = unit_name(units(measure.kind)[0]);
        findings.push("missing measure", problem.hint(format!("add a row such as {kind},{level},100,{unit},30")));
    }
}

fn measure(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<Measure> {
    let kinds = MeasureKind::ALL.map(MeasureKind::name);
    let kind = word(row, layout, (MEASURE, &kinds, MeasureKind::named), line, findings);
    let level = word(row, layout, (LEVEL, &Level::ALL.map(Level::name), Level::named), line, findings);
    Some(Measure { kind: kind?, level: level? })
}

fn cost(
    row: Row<'_>,
    layout: &Layout,
    measure: Option<Measure>,
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<MeasureCost> {
    let price = at_most(row, layout, (COST, MOST), line, findings);
    let unit = unit(row, layout, measure, line, findings);
    let lifetime = lifetime(row, layout, line, findings);
    let maintenance = at_most(row, layout, (MAINTENANCE, 1.0), line, findings);
    let due_anyway = at_most(row, layout, (DUE_ANYWAY, 1.0), line, findings);
    Some(MeasureCost {
        price: price?,
        unit: unit?,
        lifetime_years: lifetime?,
        maintenance_share: maintenance?,
        due_anyway_share: due_anyway?,
    })
}

/// What a unit is called in the table.
fn unit_name(unit: CostUnit) -> &'static str {
    match unit {
        CostUnit::ElementArea => "m2",
        CostUnit::FloorArea => "m2_floor",
        CostUnit::HeatPower => "kw",
        CostUnit::PeakPower => "kwp",
        CostUnit::Building => "building",
    }
}

/// What can be measured in a measure.
fn units(kind: MeasureKind) -> &'static [CostUnit] {
    match kind {
        MeasureKind::Wall | MeasureKind::Roof | MeasureKind::Floor | MeasureKind::Window => {
            &[CostUnit::ElementArea, CostUnit::FloorArea, CostUnit::Building]
        }
        MeasureKind::Airtightness | MeasureKind::HeatRecovery => &[CostUnit::FloorArea, CostUnit::Building],
        MeasureKind::HeatPump => &[CostUnit::HeatPower, CostUnit::FloorArea, CostUnit::Building],
        MeasureKind::Photovoltaics => &[CostUnit::PeakPower, CostUnit::Building],
    }
}

fn unit(
    row: Row<'_>,
    layout: &Layout,
    measure: Option<Measure>,
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<CostUnit> {
    // Of an unknown measure nothing more is told.
    let allowed = units(measure?.kind);
    let names: Vec<&str> = allowed.iter().map(|unit| unit_name(*unit)).collect();
    let of_name = |name: &str| allowed.iter().copied().find(|unit| unit_name(*unit) == name);
    word(row, layout, (PER, &names, of_name), line, findings)
}

fn lifetime(row: Row<'_>, layout: &Layout, line: usize, findings: &mut Findings<'_>) -> Option<u32> {
    let field = row.field(layout.position(LIFETIME)?);
    let years = integer(field).filter(|years| (1..=LONGEST_LIFE).contains(years));
    if years.is_none() {
        findings.at("lifetime", line, || {
            let message = format!("expected a whole number from 1 to {LONGEST_LIFE}, found {}", shown(field));
            Problem::new(message).of_key(layout.name(LIFETIME))
        });
    }
    years.and_then(|years| u32::try_from(years).ok())
}

/// A number from 0 to `most`; 0 where an optional column is absent or empty.
fn at_most(
    row: Row<'_>,
    layout: &Layout,
    (column, most): (usize, f64),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<f64> {
    let field = layout.position(column).map_or(&b""[..], |position| row.field(position));
    if field.is_empty() && column == COST {
        findings.at("no cost", line, || Problem::new("expected a number, found nothing").of_key(layout.name(column)));
        return None;
    }
    let value = number_or(row, layout, (column, 0.0), line, findings)?;
    if value > most {
        findings.at("too large", line, || {
            Problem::new(format!("expected at most {most}, found {}", shown(field))).of_key(layout.name(column))
        });
        return None;
    }
    Some(value)
}

/// The value that a word of a column stands for.
fn word<T>(
    row: Row<'_>,
    layout: &Layout,
    (column, words, of_name): (usize, &[&str], impl Fn(&str) -> Option<T>),
    line: usize,
    findings: &mut Findings<'_>,
) -> Option<T> {
    let field = row.field(layout.position(column)?);
    let value = std::str::from_utf8(field).ok().and_then(of_name);
    if value.is_none() {
        findings.at(layout.name(column), line, || {
            let message = format!("expected one of {}, found {}", words.join(", "), shown(field));
            Problem::new(message).of_key(layout.name(column))
        });
    }
    value
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    const HEADER: &str = "measure,level,cost,per,lifetime_years\n";

    fn read(text: &str, packages: &[&str]) -> Result<(MeasureCosts, Vec<Warning>), String> {
        let packages: Vec<Package> = packages.iter().map(|text| Package::parse(text).unwrap()).collect();
        let source = Source { file: Path::new("m.csv"), bytes: text.as_bytes() };
        read_measure_costs(source, &packages).map_err(|error| error.to_string())
    }

    fn measure(name: &str) -> Measure {
        Package::parse(name).unwrap().measures[0]
    }

    #[test]
    fn rows_are_costs_of_measures() {
        let text = "measure,level,cost,per,lifetime_years,maintenance_share,note\n\
                    wall,standard,150.5,m2,40,,a\nheat_pump,ambitious,1200,kw,20,0.02,b\npv,standard,0,kwp,25,0,\n";
        let (costs, warnings) = read(text, &["heat_pump_ambitious+wall_standard", "pv_standard"]).unwrap();
        let wall = MeasureCost {
            price: 150.5,
            unit: CostUnit::ElementArea,
            lifetime_years: 40,
            maintenance_share: 0.0,
            due_anyway_share: 0.0,
        };
        assert_eq!(costs.of(measure("wall_standard")), Some(&wall));
        let pump = MeasureCost {
            price: 1200.0,
            unit: CostUnit::HeatPower,
            lifetime_years: 20,
            maintenance_share: 0.02,
            due_anyway_share: 0.0,
        };
        assert_eq!(costs.of(measure("heat_pump_ambitious")), Some(&pump));
        assert_eq!(costs.of(measure("photovoltaics_standard")).unwrap().unit, CostUnit::PeakPower);
        assert_eq!((costs.of(measure("wall_ambitious")), warnings.len()), (None, 1));
    }

    #[test]
    fn each_measure_has_its_units() {
        for (kind, allowed) in [
            ("wall", "m2,m2_floor,building"),
            ("window", "m2,m2_floor,building"),
            ("airtightness", "m2_floor,building"),
            ("heat_recovery", "m2_floor,building"),
            ("heat_pump", "kw,m2_floor,building"),
            ("photovoltaics", "kwp,building"),
        ] {
            for unit in ["m2", "m2_floor", "kw", "kwp", "building"] {
                let read = read(&format!("{HEADER}{kind},standard,1,{unit},1\n"), &[]);
                match allowed.split(',').any(|known| known == unit) {
                    true => assert!(read.is_ok(), "{kind} {unit}"),
                    false => {
                        let expected = format!("expected one of {}, found \"{unit}\"", allowed.replace(',', ", "));
                        assert_eq!(read.unwrap_err(), format!("m.csv:2: per: {expected}"));
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_wrong_names_line_and_column() {
        let rows = "wall,best,1,m2,1\ninsulation,standard,1,m2,1\nwall,standard,-1,m2,1\nroof,standard,,m2,1\n\
                    floor,standard,1,m2,0\nwindow,standard,nan,m2,201\nroof,ambitious,2e9,m2,2.5\n\
                    floor,ambitious,1,m2,9\nfloor,ambitious,2,m2,9\n";
        let kinds = "wall, roof, floor, window, airtightness, heat_recovery, heat_pump, photovoltaics";
        let years = "lifetime_years: expected a whole number from 1 to 200, found";
        let expected = [
            "m.csv:2: level: expected one of standard, ambitious, found \"best\"",
            &format!("m.csv:3: measure: expected one of {kinds}, found \"insulation\""),
            "m.csv:4: cost: expected a number not below zero, found \"-1\"",
            "m.csv:5: cost: expected a number, found nothing",
            &format!("m.csv:6: {years} \"0\""),
            "m.csv:7: cost: expected a finite number, found \"nan\"",
            &format!("m.csv:7: {years} \"201\""),
            "m.csv:8: cost: expected at most 1000000000, found \"2e9\"",
            &format!("m.csv:8: {years} \"2.5\""),
            "m.csv:10: floor_ambitious stands here and in line 9",
        ];
        assert_eq!(read(&format!("{HEADER}{rows}"), &["wall_standard"]).unwrap_err(), expected.join("\n"));
        let shares = "measure,level,cost,per,lifetime_years,due_anyway_share\nwall,standard,1,m2,9,1.5\n";
        assert_eq!(read(shares, &[]).unwrap_err(), "m.csv:2: due_anyway_share: expected at most 1, found \"1.5\"");
    }

    #[test]
    fn measures_of_packages_need_a_row() {
        let text = format!("{HEADER}wall,standard,150,m2,40\n");
        let told = read(&text, &["wall_standard+pv_standard", "heat_pump_standard", "pv_standard"]).unwrap_err();
        let expected = "m.csv: no row tells what heat_pump_standard costs, which energy.retrofit has\n  \
                        hint: add a row such as heat_pump,standard,100,kw,30\n\
                        m.csv: no row tells what photovoltaics_standard costs, which energy.retrofit has\n  \
                        hint: add a row such as photovoltaics,standard,100,kwp,30";
        assert_eq!(told, expected);
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(wall|pv|roof|,|standard|m2|kw|1|-|e9|nan|\n|\"|ü){0,40}") {
            if let Ok((costs, _)) = read(&format!("{HEADER}{text}"), &[]) {
                prop_assert!(Measure::all().filter_map(|measure| costs.of(measure)).all(|cost| cost.price.is_finite()));
            }
        }
    }
}
