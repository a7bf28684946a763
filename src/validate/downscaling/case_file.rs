//! Cases as `cases.json` and `ibicus_cases.json` list them.

use std::path::{Path, PathBuf};

use conurb_climate::kind::Kind;
use serde_json::{Map, Value};

use super::adjust::Preparation;
use super::method::{Method, Words};
use crate::error::{Error, Problem, Problems};
use crate::formats::cf::Quantity;
use crate::scenario::{BiasKind, ClimateVariable};
use crate::validate::read;

/// The files of cases in a folder; one of them is enough.
const CASE_FILES: [&str; 2] = ["cases.json", "ibicus_cases.json"];
const USUAL_QUANTILES: usize = 50;
const MOST_QUANTILES: u64 = 10_000;
const MOST_YEARS: i32 = 1000;
/// Wet days of the reference (mm/d) where a case does not say.
const USUAL_WET_DAY: f64 = 1.0;

/// A series to be adjusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Its name in what is printed.
    pub name: String,
    /// File of its series.
    pub file: String,
    /// Column of it.
    pub column: String,
    /// How the name of the reference's file begins.
    pub reference: String,
    /// How the name of the model's files begins, if the case says.
    pub model: Option<String>,
    /// Place.
    pub location: String,
    /// Variable.
    pub variable: ClimateVariable,
    /// First and last year of the reference and of the historical series.
    pub reference_years: [i32; 2],
    /// Those of the future.
    pub future_years: [i32; 2],
    /// What is done first.
    pub preparation: Preparation,
    /// What adjusts it.
    pub method: Method,
}

/// All cases in a folder, as listed.
///
/// # Errors
/// There is no file of cases, or they are wrong.
pub fn read_cases(directory: &Path) -> Result<Vec<Case>, Error> {
    let files: Vec<PathBuf> =
        CASE_FILES.iter().map(|name| directory.join(name)).filter(|file| file.is_file()).collect();
    let (mut cases, mut problems) = (Vec::new(), Problems::new());
    if files.is_empty() {
        read(&directory.join(CASE_FILES[0]))?;
    }
    for file in &files {
        let root: Value = serde_json::from_slice(&read(file)?)
            .map_err(|cause| Problem::new(format!("not JSON: {cause}")).in_file(file).at_line(cause.line().max(1)))?;
        let Some(listed) = root.get("cases").and_then(Value::as_array).filter(|listed| !listed.is_empty()) else {
            return Err(Problem::new("expected a list of cases").in_file(file).of_key("cases").into());
        };
        for (number, listed) in listed.iter().enumerate() {
            read_case(listed, file, number, &mut cases, &mut problems);
        }
    }
    for (number, case) in cases.iter().enumerate() {
        let is_same = |other: &&Case| (&other.file, &other.column) == (&case.file, &case.column);
        if cases[..number].iter().any(|other| is_same(&other)) {
            let message = format!("a second case for the column {} of {}", case.column, case.file);
            problems.push("column", Problem::new(message).in_file(directory.join(CASE_FILES[0])));
        }
    }
    problems.into_result(cases)
}

/// Appends the case, or the cases of its columns.
fn read_case(listed: &Value, file: &Path, number: usize, cases: &mut Vec<Case>, problems: &mut Problems) {
    let Some(map) = listed.as_object() else {
        let problem = Problem::new("expected an object").in_file(file).of_key(format!("cases[{number}]"));
        problems.push("case", problem);
        return;
    };
    let named = map.get("id").or(map.get("method")).and_then(Value::as_str).unwrap_or_default();
    let place = if named.is_empty() { format!("cases[{number}]") } else { format!("cases[{number}] ({named})") };
    let mut fields = Fields { map, file, place, problems };
    let columns = match map.get("columns") {
        None => vec![None],
        Some(_) => fields.columns().into_iter().map(Some).collect(),
    };
    for column in columns {
        cases.extend(fields.case(column.as_deref()));
    }
}

/// What a case says.
struct Fields<'a> {
    map: &'a Map<String, Value>,
    file: &'a Path,
    place: String,
    problems: &'a mut Problems,
}

impl<'a> Fields<'a> {
    /// The case, or that of one of its columns.
    fn case(&mut self, column: Option<&str>) -> Option<Case> {
        let method = match column {
            Some(column) => column,
            None => self.required("method")?,
        };
        let variable = self.required("var").and_then(|name| {
            let known = ClimateVariable::ALL.into_iter().find(|known| known.name() == name);
            let names = ClimateVariable::ALL.map(ClimateVariable::name).join(", ");
            known.or_else(|| self.refuse("var", &format!("expected one of {names}"), name))
        });
        let location = self.required("loc");
        let reference = self.required("ref");
        let reference_years = self.years("ry");
        let future_years = self.years("fy");
        let method_words = variable.and_then(|variable| self.method(method, variable));
        let (variable, location, future_years) = (variable?, location?, future_years?);
        let own = column.or(self.text("column")).or(self.text("id"));
        let column = own.unwrap_or(method.strip_suffix("_stats").unwrap_or(method)).to_owned();
        let of_place: String = location.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
        let [first, last] = future_years;
        let usual = || format!("{}_{}_{first}-{last}.csv", of_place.to_lowercase(), variable.name());
        let case = Case {
            name: self.text("id").unwrap_or(&column).to_owned(),
            file: self.text("file").map_or_else(usual, str::to_owned),
            column,
            reference: reference?.to_owned(),
            model: self.text("model").map(str::to_owned),
            location: location.to_owned(),
            variable,
            reference_years: reference_years?,
            future_years,
            preparation: self.preparation(method, variable)?,
            method: method_words?,
        };
        self.is_writable(&case).then_some(case)
    }

    fn method(&mut self, method: &str, variable: ClimateVariable) -> Option<Method> {
        let kind = match self.text("kind") {
            None if variable.usual_kind() == BiasKind::Multiplicative => Kind::Multiplicative,
            None | Some("+") => Kind::Additive,
            Some("*") => Kind::Multiplicative,
            Some(other) => return self.refuse("kind", "expected \"+\" or \"*\"", other),
        };
        let n_quantiles = match self.map.get("nq") {
            None => USUAL_QUANTILES,
            Some(found) => match found.as_u64().filter(|n| (1..=MOST_QUANTILES).contains(n)) {
                Some(n) => n as usize,
                None => {
                    let expected = format!("expected a whole number from 1 to {MOST_QUANTILES}");
                    return self.refuse("nq", &expected, &found.to_string());
                }
            },
        };
        let detrend = match self.map.get("detrend") {
            None | Some(Value::Null) => None,
            Some(found) => match found.as_u64() {
                Some(degree) => Some(degree),
                None => return self.refuse("detrend", "expected a whole number", &found.to_string()),
            },
        };
        let words = Words {
            method,
            group: self.text("group").or(self.text("window")),
            interp: self.text("interp"),
            rank_window: self.flag("rank_window")?,
            kind,
            n_quantiles,
            detrend,
            threshold: self.threshold()?,
            variable,
        };
        match Method::of(&words) {
            Ok(method) => Some(method),
            Err(unknown) => self.refuse(unknown.key, &format!("expected {}", unknown.expected), &unknown.found),
        }
    }

    /// Threshold of wet days, a number of mm/d or a text with a unit.
    fn threshold(&mut self) -> Option<f64> {
        let Some(found) = self.map.get("thresh") else { return Some(USUAL_WET_DAY) };
        let number = found.as_f64().or_else(|| {
            let (number, unit) = found.as_str()?.trim().split_once(' ')?;
            let number: f64 = number.parse().ok()?;
            Some(Quantity::Precipitation.conversion_from(unit.trim())?.apply(number))
        });
        match number.filter(|number| number.is_finite() && *number >= 0.0) {
            Some(number) => Some(number),
            None => self.refuse("thresh", "expected precipitation such as \"1 mm/d\"", &found.to_string()),
        }
    }

    fn preparation(&mut self, method: &str, variable: ClimateVariable) -> Option<Preparation> {
        let is_rain = variable == ClimateVariable::Pr;
        let is_dry = self.flag("ref_nan_as_zero")?.unwrap_or(is_rain);
        Some(match (Method::is_of_ibicus(method), is_rain) {
            (true, _) if is_dry => Preparation::MissingIsDry,
            (true, _) => Preparation::MissingIsUsual,
            (false, true) => Preparation::SpreadDryDays,
            (false, false) => Preparation::None,
        })
    }

    fn flag(&mut self, key: &str) -> Option<Option<bool>> {
        match self.map.get(key) {
            None | Some(Value::Null) => Some(None),
            Some(Value::Bool(flag)) => Some(Some(*flag)),
            Some(other) => self.refuse(key, "expected true or false", &other.to_string()),
        }
    }

    fn columns(&mut self) -> Vec<String> {
        let listed = self.map.get("columns").and_then(Value::as_array);
        let texts: Option<Vec<String>> =
            listed.and_then(|listed| listed.iter().map(|column| column.as_str().map(str::to_owned)).collect());
        texts.filter(|texts| !texts.is_empty()).unwrap_or_else(|| {
            let found = self.map.get("columns").unwrap_or(&Value::Null).to_string();
            self.refuse::<()>("columns", "expected a list of names", &found);
            Vec::new()
        })
    }

    /// Two years, the second not before the first.
    fn years(&mut self, key: &str) -> Option<[i32; 2]> {
        let listed = self.map.get(key).and_then(Value::as_array).map(Vec::as_slice);
        let year = |value: &Value| value.as_i64().filter(|year| (0..=9999).contains(year)).map(|year| year as i32);
        let years = match listed {
            Some([first, last]) => year(first).zip(year(last)),
            _ => None,
        };
        match years.filter(|(first, last)| first <= last && last - first < MOST_YEARS) {
            Some((first, last)) => Some([first, last]),
            None => {
                let found = self.map.get(key).map_or_else(|| "nothing".to_owned(), Value::to_string);
                self.refuse(key, "expected a first and a last year, such as [1981, 2010]", &found)
            }
        }
    }

    /// Names stand in CSV, and files in one folder.
    fn is_writable(&mut self, case: &Case) -> bool {
        let is_plain = |text: &str| !text.is_empty() && !text.contains([',', '"', '\n', '\r']);
        let keys = [("id", &case.name), ("column", &case.column)];
        for (key, text) in keys.into_iter().filter(|(_, text)| !is_plain(text)) {
            self.refuse::<()>(key, "expected a name without comma, quote and line break", text);
        }
        let is_file = !case.file.starts_with('.') && !case.file.contains(['/', '\\', '\0']) && is_plain(&case.file);
        if !is_file {
            self.refuse::<()>("file", "expected the name of a file, without folders", &case.file);
        }
        is_file && keys.iter().all(|(_, text)| is_plain(text))
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        self.map.get(key).and_then(Value::as_str)
    }

    fn required(&mut self, key: &str) -> Option<&'a str> {
        let found = self.map.get(key);
        match found.and_then(Value::as_str).filter(|text| !text.is_empty()) {
            Some(text) => Some(text),
            None => {
                let found = found.map_or_else(|| "nothing".to_owned(), Value::to_string);
                self.refuse(key, "expected a text", &found)
            }
        }
    }

    fn refuse<T>(&mut self, key: &str, expected: &str, found: &str) -> Option<T> {
        let problem = Problem::new(format!("{expected}, found {found}"));
        let problem = problem.in_file(self.file).of_key(format!("{}.{key}", self.place));
        self.problems.push("case", problem);
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(name: &str, text: &str) -> Result<Vec<Case>, Error> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), text).unwrap();
        read_cases(folder.path())
    }

    fn refused(text: &str) -> Vec<String> {
        match read_text("cases.json", text).unwrap_err() {
            Error::Input(problems) => problems
                .into_iter()
                .map(|problem| format!("{}: {}", problem.key.unwrap_or_default(), problem.message))
                .collect(),
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_case_says_little_and_the_rest_is_usual() {
        let text = r#"{"cases": [{"id": "rain", "method": "qdm", "var": "pr", "loc": "St. John's", "ref": "ahccd",
            "ry": [1981, 2010], "fy": [2041, 2070]}]}"#;
        let case = &read_text("cases.json", text).unwrap()[0];
        assert_eq!((&*case.column, &*case.file), ("rain", "st__john_s_pr_2041-2070.csv"));
        assert_eq!(case.preparation, Preparation::SpreadDryDays);
        let Method::QuantileDelta(_, settings) = case.method else { panic!("{:?}", case.method) };
        assert_eq!((settings.kind, settings.n_quantiles), (Kind::Multiplicative, USUAL_QUANTILES));
    }

    #[test]
    fn columns_of_ibicus_are_cases() {
        let text = r#"{"cases": [{"columns": ["isimip_tas_month", "linear_scaling_all"], "var": "tasmax", "loc": "A", "ref": "o",
            "ry": [1981, 2010], "fy": [2041, 2070]}, {"method": "isimip_pr_w31s5_stats", "ref_nan_as_zero": true, "var": "pr",
            "loc": "A", "ref": "o", "ry": [1981, 2010], "fy": [2041, 2070]}]}"#;
        let cases = read_text("ibicus_cases.json", text).unwrap();
        let found: Vec<_> = cases.iter().map(|case| (&*case.name, case.preparation)).collect();
        let expected = [
            ("isimip_tas_month", Preparation::MissingIsUsual),
            ("linear_scaling_all", Preparation::MissingIsUsual),
            ("isimip_pr_w31s5", Preparation::MissingIsDry),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn every_wrong_word_is_told_with_its_case() {
        let case = |changed: &str| {
            let text = r#"{"id": "a", "method": "qdm", "var": "pr", "loc": "A", "ref": "o", "ry": [1981, 2010], "fy": [2041, 2070]"#;
            refused(&format!("{{\"cases\": [{text}, {changed}}}]}}"))
        };
        let told = |key: &str, message: &str| vec![format!("cases[0] (a).{key}: {message}")];
        assert_eq!(case(r#""kind": "/""#), told("kind", "expected \"+\" or \"*\", found /"));
        assert_eq!(case(r#""nq": 0"#), told("nq", "expected a whole number from 1 to 10000, found 0"));
        assert_eq!(case(r#""rank_window": 1"#), told("rank_window", "expected true or false, found 1"));
        let group = "expected time, month or doyN with an odd N from 1 to 365, found doy30";
        assert_eq!(case(r#""group": "doy30""#), told("group", group));
        let years = "expected a first and a last year, such as [1981, 2010], found [2070,2041]";
        assert_eq!(case(r#""fy": [2070, 2041]"#), told("fy", years));
        let file = "expected the name of a file, without folders, found ../out.csv";
        assert_eq!(case(r#""file": "../out.csv""#), told("file", file));
        assert!(case(r#""id": "a,b""#)[0].starts_with("cases[0] (a,b).id: expected a name without comma"));
        assert_eq!(refused(r#"{"cases": []}"#), ["cases: expected a list of cases"]);
        assert!(refused("{")[0].contains("not JSON"));
    }

    #[test]
    fn two_cases_for_a_column_are_refused() {
        let case = r#"{"id": "a", "method": "qdm", "var": "pr", "loc": "A", "ref": "o", "ry": [1981, 2010], "fy": [2041, 2070]}"#;
        let found = refused(&format!("{{\"cases\": [{case}, {case}]}}"));
        assert_eq!(found, [": a second case for the column a of a_pr_2041-2070.csv"]);
    }
}
