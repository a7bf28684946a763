//! Year, use and storeys from attributes of a city model, whatever type their values have.

use serde_json::{Map, Value};

use super::notes::{Note, Notes};
use super::{BuildingDefaults, Known, PLAUSIBLE_YEARS, Usage, usage_of};
use crate::scenario::AttributeNames;

/// Names that are tried where the scenario names none: CityGML's, then those of the 3DBAG.
const YEAR_NAMES: [&str; 2] = ["yearOfConstruction", "oorspronkelijkbouwjaar"];
/// As above, for the use.
const USE_NAMES: [&str; 3] = ["usage", "function", "gebruiksdoel"];
/// As above, for storeys.
const STOREY_NAMES: [&str; 2] = ["storeysAboveGround", "b3_bouwlagen"];
/// More storeys than this are none: the highest buildings have some 160.
const MOST_STOREYS: f64 = 200.0;
/// Characters that separate several uses in one text.
const SEPARATORS: [char; 3] = [',', ';', '|'];

/// Attributes of the parts of one building, in the order of the city.
pub(super) struct Attributes<'a> {
    names: &'a AttributeNames,
    parts: Vec<Map<String, Value>>,
    /// Id of the building, for notes.
    id: &'a str,
}

impl<'a> Attributes<'a> {
    /// Reads the attributes of parts, given as JSON; what is no JSON object has none.
    pub(super) fn new<'t>(names: &'a AttributeNames, id: &'a str, parts: impl Iterator<Item = &'t str>) -> Self {
        let parts = parts.map(|text| serde_json::from_str(text).unwrap_or_default()).collect();
        Attributes { names, parts, id }
    }

    /// The id that the scenario wants reported instead of the building's, if it is there.
    pub(super) fn reported_id(&self) -> Option<String> {
        match self.values(Some(self.names.id.as_deref()?), &[]).first()?.1 {
            Value::String(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// Year of construction, of the first part that has a plausible one.
    pub(super) fn year(&self, defaults: &BuildingDefaults, notes: &mut Notes) -> Known<i32> {
        let mut odd = None;
        for (unnamed, value) in self.values(self.names.year.as_deref(), &YEAR_NAMES) {
            match year_of(value) {
                Some(year) => {
                    unnamed.into_iter().for_each(|name| notes.add_unnamed("year", name));
                    return Known::measured(year);
                }
                None => odd = odd.or(Some(value)),
            }
        }
        self.note_default(odd, Note::NoYear, Note::OddYear, notes);
        Known::default_of(defaults.year)
    }

    /// What the building is used for; where several uses are told, dwellings come first, then the first that is understood.
    pub(super) fn usage(&self, defaults: &BuildingDefaults, notes: &mut Notes) -> Known<Usage> {
        let mut odd = None;
        for (unnamed, value) in self.values(self.names.usage.as_deref(), &USE_NAMES) {
            match self.usage_of_value(value) {
                Some(usage) => {
                    unnamed.into_iter().for_each(|name| notes.add_unnamed("use", name));
                    return Known::measured(usage);
                }
                None => odd = odd.or(Some(value)),
            }
        }
        self.note_default(odd, Note::NoUse, Note::UnknownUse, notes);
        Known::default_of(defaults.usage)
    }

    /// Number of storeys, the largest of the parts, if one is stated.
    pub(super) fn storeys(&self, notes: &mut Notes) -> Option<f64> {
        let mut largest: Option<f64> = None;
        let mut odd = None;
        let mut read_from = None;
        for (unnamed, value) in self.values(self.names.storeys.as_deref(), &STOREY_NAMES) {
            match number_of(value).filter(|storeys| *storeys > 0.0 && *storeys <= MOST_STOREYS) {
                Some(storeys) => {
                    largest = Some(largest.map_or(storeys, |known| known.max(storeys)));
                    read_from = read_from.or(unnamed);
                }
                None => odd = odd.or(Some(value)),
            }
        }
        read_from.into_iter().for_each(|name| notes.add_unnamed("storeys", name));
        if let (None, Some(odd)) = (largest, odd) {
            notes.add(Note::OddStoreys, || self.with_value(odd));
        }
        largest
    }

    /// Values of the attribute `given`, else of each of the `usual` ones, part by part, with the name if it is a usual one;
    /// those that are null left out.
    fn values(&self, given: Option<&str>, usual: &[&'static str]) -> Vec<(Option<&'static str>, &Value)> {
        let of = |name: &str| -> Vec<&Value> {
            let all = self.parts.iter().filter_map(|part| part.get(name));
            all.map(|value| value.get("value").unwrap_or(value)).filter(|value| !value.is_null()).collect()
        };
        match given {
            Some(name) => of(name).into_iter().map(|value| (None, value)).collect(),
            None => usual.iter().flat_map(|&name| of(name).into_iter().map(move |value| (Some(name), value))).collect(),
        }
    }

    fn usage_of_value(&self, value: &Value) -> Option<Usage> {
        let texts = texts_of(value);
        let known: Vec<Usage> = texts.iter().filter_map(|text| self.usage_of_text(text)).collect();
        known.iter().find(|usage| **usage == Usage::Residential).or(known.first()).copied()
    }

    fn usage_of_text(&self, text: &str) -> Option<Usage> {
        let mapped = |text: &str| {
            let is = |(value, _): &&(String, Usage)| value.trim().to_lowercase() == text.trim().to_lowercase();
            self.names.usages.iter().find(is).map(|(_, usage)| *usage)
        };
        let one = |text: &str| mapped(text).or_else(|| usage_of(text));
        let several = || -> Vec<Usage> { text.split(SEPARATORS).filter_map(one).collect() };
        one(text).or_else(|| {
            let known = several();
            known.iter().find(|usage| **usage == Usage::Residential).or(known.first()).copied()
        })
    }

    fn note_default(&self, odd: Option<&Value>, missing: Note, implausible: Note, notes: &mut Notes) {
        match odd {
            None => notes.add(missing, || self.id.to_owned()),
            Some(odd) => notes.add(implausible, || self.with_value(odd)),
        }
    }

    fn with_value(&self, value: &Value) -> String {
        let text: String = value.to_string().chars().take(40).flat_map(char::escape_debug).collect();
        format!("{} ({})", self.id, text.replace("\\\"", "\""))
    }
}

/// A plausible year: a number, or the first four digits in a row of a text, as in `1965-01-01` and `01.01.1965`.
pub(super) fn year_of(value: &Value) -> Option<i32> {
    let plausible = |year: f64| {
        let is_year = year.fract() == 0.0 && PLAUSIBLE_YEARS.contains(&(year.clamp(-1.0e9, 1.0e9) as i32));
        is_year.then_some(year as i32)
    };
    match value {
        Value::Number(number) => plausible(number.as_f64()?),
        Value::String(text) => {
            let runs = text.split(|letter: char| !letter.is_ascii_digit());
            let four: Option<&str> = runs.into_iter().find(|run| run.len() == 4);
            plausible(four?.parse().ok()?)
        }
        _ => None,
    }
}

fn number_of(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    number.is_finite().then_some(number)
}

/// The texts of a value: itself, a whole number without decimals, or those of a list.
fn texts_of(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => match number.as_f64() {
            Some(whole) if whole.fract() == 0.0 && whole.abs() < 1.0e9 => vec![(whole as i64).to_string()],
            _ => vec![number.to_string()],
        },
        Value::Array(all) => all.iter().filter(|value| !value.is_array()).flat_map(texts_of).collect(),
        Value::Null | Value::Bool(_) | Value::Object(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const DEFAULTS: BuildingDefaults = BuildingDefaults { year: 1970, usage: Usage::Office, storey_height: 3.0 };

    fn names() -> AttributeNames {
        let usages = vec![("K7".to_owned(), Usage::Hotel), ("1000".to_owned(), Usage::School)];
        AttributeNames {
            id: Some("key".into()),
            year: Some("y".into()),
            usage: Some("u".into()),
            storeys: Some("s".into()),
            usages,
        }
    }

    fn read<T>(
        attributes: &[Value],
        names: &AttributeNames,
        of: impl Fn(&Attributes<'_>, &mut Notes) -> T,
    ) -> (T, Vec<String>) {
        let mut notes = Notes::default();
        let texts: Vec<String> = attributes.iter().map(Value::to_string).collect();
        let found = of(&Attributes::new(names, "b", texts.iter().map(String::as_str)), &mut notes);
        (found, notes.into_warnings().into_iter().map(|warning| warning.code).collect())
    }

    #[test]
    fn years_of_any_type_are_read_and_absurd_ones_are_defaults() {
        for value in [
            json!(1965),
            json!(1965.0),
            json!("1965"),
            json!("1965-01-01"),
            json!("01.01.1965"),
            json!({"value": 1965}),
        ] {
            let (year, notes) = read(&[json!({ "y": value })], &names(), |one, notes| one.year(&DEFAULTS, notes));
            assert_eq!((year, notes.len()), (Known::measured(1965), 0), "{value}");
        }
        for value in [
            json!(0),
            json!(999),
            json!(9999),
            json!(1e300),
            json!(-1e300),
            json!(1965.5),
            json!("65"),
            json!("19650"),
            json!([1965]),
            json!(true),
        ] {
            let (year, notes) = read(&[json!({ "y": value })], &names(), |one, notes| one.year(&DEFAULTS, notes));
            assert_eq!((year, notes), (Known::default_of(1970), vec!["implausible_year".to_owned()]), "{value}");
        }
        for missing in [json!({}), json!({ "y": null })] {
            let (year, notes) = read(&[missing], &names(), |one, notes| one.year(&DEFAULTS, notes));
            assert_eq!((year, notes), (Known::default_of(1970), vec!["default_year".to_owned()]));
        }
        let parts = [json!({ "y": 12 }), json!({ "y": 1890 })];
        assert_eq!(read(&parts, &names(), |one, notes| one.year(&DEFAULTS, notes)), (Known::measured(1890), vec![]));
    }

    #[test]
    fn uses_come_from_the_mapping_then_from_known_words() {
        for (value, usage) in [
            (json!("k7"), Usage::Hotel),
            (json!(1000), Usage::School),
            (json!(1120.0), Usage::Office),
            (json!("winkelfunctie,woonfunctie"), Usage::Residential),
            (json!(["K7", "1150"]), Usage::Hotel),
            (json!(["nobody knows", "31001_2463"]), Usage::Unheated),
        ] {
            let (found, notes) = read(&[json!({ "u": value })], &names(), |one, notes| one.usage(&DEFAULTS, notes));
            assert_eq!((found, notes.len()), (Known::measured(usage), 0), "{value}");
        }
        for value in [json!("castle"), json!(""), json!([]), json!([[["1000"]]]), json!({ "a": 1 }), json!(false)] {
            let (found, notes) = read(&[json!({ "u": value })], &names(), |one, notes| one.usage(&DEFAULTS, notes));
            assert_eq!((found, notes), (Known::default_of(Usage::Office), vec!["unknown_use".to_owned()]), "{value}");
        }
    }

    #[test]
    fn usual_names_are_tried_only_where_the_scenario_names_none() {
        let dutch = [json!({ "oorspronkelijkbouwjaar": 1934, "b3_bouwlagen": "2", "gebruiksdoel": "kantoorfunctie" })];
        let usual = AttributeNames::default();
        assert_eq!(read(&dutch, &usual, |one, notes| one.year(&DEFAULTS, notes)).0, Known::measured(1934));
        let assumed = vec!["assumed_attributes".to_owned()];
        assert_eq!(read(&dutch, &usual, |one, notes| one.storeys(notes)), (Some(2.0), assumed));
        assert_eq!(read(&dutch, &usual, |one, notes| one.usage(&DEFAULTS, notes)).0, Known::measured(Usage::Office));
        assert_eq!(read(&dutch, &usual, |one, _| one.reported_id()).0, None);
        assert_eq!(read(&dutch, &names(), |one, notes| one.storeys(notes)).0, None);
        assert_eq!(read(&dutch, &names(), |one, notes| one.year(&DEFAULTS, notes)).0, Known::default_of(1970));
    }

    #[test]
    fn storeys_and_ids() {
        let storeys = |attributes: &[Value]| read(attributes, &names(), |one, notes| one.storeys(notes));
        assert_eq!(storeys(&[json!({ "s": 2 }), json!({ "s": " 4 " })]), (Some(4.0), vec![]));
        for odd in [json!(0), json!(-3), json!(1e9), json!("NaN"), json!("inf"), json!("two")] {
            assert_eq!(storeys(&[json!({ "s": odd })]), (None, vec!["implausible_storeys".to_owned()]), "{odd}");
        }
        let id = |attributes: &[Value]| read(attributes, &names(), |one, _| one.reported_id()).0;
        assert_eq!(id(&[json!({ "key": " A1 " })]).as_deref(), Some("A1"));
        assert_eq!(id(&[json!({ "key": 17 })]).as_deref(), Some("17"));
        assert_eq!(id(&[json!({ "key": "" }), json!([])]), None);
    }
}
