//! Texts of a fixed shape.

/// What a text has to look like.
#[derive(Debug)]
pub(in crate::scenario) struct Shape {
    /// In words, `a day as "MM-DD"`.
    pub described: &'static str,
    /// As a regular expression, for the JSON Schema; it may allow more than `holds`.
    pub pattern: &'static str,
    /// Whether a text looks like that.
    pub holds: fn(&str) -> bool,
}

/// A day of every year.
pub(super) static DAY: Shape = Shape {
    described: "a day of every year as \"MM-DD\"",
    pattern: "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    holds: |text| day(text).is_some(),
};

/// Level of detail of a city model (Biljecki et al. 2016, An improved LOD specification for 3D building models).
pub(super) static LEVEL_OF_DETAIL: Shape = Shape {
    described: "a level of detail such as \"2\" or \"2.2\"",
    pattern: "^[0-9](\\.[0-9])?$",
    holds: |text| match text.as_bytes() {
        [level] => level.is_ascii_digit(),
        [level, b'.', part] => level.is_ascii_digit() && part.is_ascii_digit(),
        _ => false,
    },
};

/// A currency.
pub(super) static CURRENCY: Shape = Shape {
    described: "three capital letters such as \"EUR\"",
    pattern: "^[A-Z]{3}$",
    holds: |text| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
};

/// A package of measures; what is no measure is told with those that it may mean.
pub(super) static PACKAGE: Shape = Shape {
    described: "measures joined by + such as \"wall_standard+roof_ambitious\"",
    pattern: "^(wall|roof|floor|window|airtightness|heat_recovery|heat_pump|photovoltaics|pv)_(standard|ambitious)( ?\\+ ?(wall|roof|floor|window|airtightness|heat_recovery|heat_pump|photovoltaics|pv)_(standard|ambitious))*$",
    holds: |text| !text.contains(char::is_control),
};

/// A country in tables of TABULA.
pub(super) static COUNTRY_CODE: Shape = Shape {
    described: "two capital letters such as \"AT\"",
    pattern: "^[A-Z]{2}$",
    holds: |text| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
};

/// Month and day of `MM-DD`; a leap day is none, because not every year has it.
pub(in crate::scenario) fn day(text: &str) -> Option<(u8, u8)> {
    const DAYS: [u8; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let is_digits = |part: &str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    let (month, day) = text.split_once('-').filter(|(month, day)| is_digits(month) && is_digits(day))?;
    let (month, day): (u8, u8) = (month.parse().ok()?, day.parse().ok()?);
    let days = *DAYS.get(usize::from(month).checked_sub(1)?)?;
    (1..=days).contains(&day).then_some((month, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_every_year() {
        assert_eq!([day("01-01"), day("12-31"), day("02-28")], [Some((1, 1)), Some((12, 31)), Some((2, 28))]);
        for none in ["02-29", "04-31", "00-01", "13-01", "01-00", "1-1", "+1-01", "01-1 ", "01/01", "", "-", "０1-01"]
        {
            assert_eq!(day(none), None, "{none}");
        }
        let all = (0..=99).flat_map(|month| (0..=99).map(move |day| format!("{month:02}-{day:02}")));
        assert_eq!(all.filter(|text| day(text).is_some()).count(), 365);
    }

    #[test]
    fn levels_and_currencies_are_short() {
        for level in ["0", "1", "2.2", "3.3"] {
            assert!((LEVEL_OF_DETAIL.holds)(level), "{level}");
        }
        for none in ["", "LoD2", "2.", ".2", "2.22", "2,2", "-1", "22"] {
            assert!(!(LEVEL_OF_DETAIL.holds)(none), "{none}");
        }
        assert!(
            (CURRENCY.holds)("EUR") && !(CURRENCY.holds)("eur") && !(CURRENCY.holds)("EURO") && !(CURRENCY.holds)("€")
        );
    }
}
