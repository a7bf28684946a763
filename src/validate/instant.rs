//! Times of ISO 8601 as Julian days.

use conurb_solar::sun::julian_day;

/// Days of the months of a year without 29 February.
pub(super) const DAYS_OF_MONTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const FORM: &str = "a time such as 2023-06-21T12:00:00Z";
const NO_DAY: &str = "a day that exists";
const NO_TIME: &str = "a time of day from 00:00:00 to 23:59:59";

/// Julian day of `YYYY-MM-DDThh:mm[:ss[.f]]` with nothing or `Z` for UTC or an offset `±hh:mm`; else what is expected.
pub(super) fn julian_day_of(text: &str) -> Result<f64, &'static str> {
    let (date, time) = text.split_once(['T', ' ']).ok_or(FORM)?;
    let (year, month, day) = date_of(date)?;
    let (time, offset_h) = split_offset(time)?;
    Ok(julian_day(year, month, day, hours_of(time)? - offset_h))
}

fn date_of(text: &str) -> Result<(i32, u32, u32), &'static str> {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
    let mut parts = digits.split('-');
    let mut next = |width| digits_of(parts.next(), width);
    let (year, month, day) = (sign * next(4)? as i32, next(2)?, next(2)?);
    let is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    let days = DAYS_OF_MONTHS.get((month as usize).wrapping_sub(1)).copied().unwrap_or_default();
    let days = if is_leap && month == 2 { 29 } else { days };
    match parts.next() {
        Some(_) => Err(FORM),
        None if (1..=days).contains(&day) => Ok((year, month, day)),
        None => Err(NO_DAY),
    }
}

/// A time of day, and the hours that its clock is ahead of UTC.
fn split_offset(text: &str) -> Result<(&str, f64), &'static str> {
    if let Some(time) = text.strip_suffix('Z') {
        return Ok((time, 0.0));
    }
    let Some(position) = text.find(['+', '-']) else { return Ok((text, 0.0)) };
    let (time, offset) = text.split_at(position);
    let (hours, minutes) = offset[1..].split_once(':').ok_or(FORM)?;
    let (hours, minutes) = (digits_of(Some(hours), 2)?, digits_of(Some(minutes), 2)?);
    if hours > 15 || minutes > 59 {
        return Err("an offset of less than 16 hours");
    }
    let ahead = f64::from(hours) + f64::from(minutes) / 60.0;
    Ok((time, if offset.starts_with('-') { -ahead } else { ahead }))
}

fn hours_of(text: &str) -> Result<f64, &'static str> {
    let mut parts = text.splitn(3, ':');
    let (hour, minute) = (digits_of(parts.next(), 2)?, digits_of(parts.next(), 2)?);
    let seconds = match parts.next() {
        None => 0.0,
        Some(text) => {
            let (whole, rest) = text.split_at_checked(2).ok_or(FORM)?;
            let second = f64::from(digits_of(Some(whole), 2)?);
            let fraction = match rest.strip_prefix('.') {
                Some(digits) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => rest,
                None if rest.is_empty() => "0",
                _ => return Err(FORM),
            };
            second + fraction.parse::<f64>().map_err(|_| FORM)?
        }
    };
    if hour > 23 || minute > 59 || seconds >= 60.0 {
        return Err(NO_TIME);
    }
    Ok(f64::from(hour) + f64::from(minute) / 60.0 + seconds / 3600.0)
}

fn digits_of(text: Option<&str>, width: usize) -> Result<u32, &'static str> {
    let digits = text.filter(|text| text.len() == width && text.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|digits| digits.parse().ok()).ok_or(FORM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        // Meeus 1998, chapter 7; and the example of NREL/TP-560-34302, 2 452 930.312847.
        assert_eq!(julian_day_of("2000-01-01T12:00:00Z"), Ok(2_451_545.0));
        assert_eq!(julian_day_of("1999-01-01 00:00"), Ok(2_451_179.5));
        let example = julian_day_of("2003-10-17T12:30:30-07:00").unwrap();
        assert!((example - 2_452_930.312_847).abs() < 5e-7, "{example}");
        let (half, whole) =
            (julian_day_of("2023-06-21T12:00:00.5").unwrap(), julian_day_of("2023-06-21T12:00").unwrap());
        assert!(((half - whole) * 86_400.0 - 0.5).abs() < 1e-4);
        assert_eq!(julian_day_of("2023-06-21T23:30:00+05:30"), julian_day_of("2023-06-21T18:00:00Z"));
        assert_eq!(
            julian_day_of("2024-02-29T00:00:00Z").unwrap() + 1.0,
            julian_day_of("2024-03-01T00:00:00Z").unwrap()
        );
        assert!(julian_day_of("-1000-01-01T00:00:00Z").unwrap() < julian_day_of("0001-01-01T00:00:00Z").unwrap());
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in
            ["2023-02-29T00:00:00Z", "1900-02-29T00:00", "2023-13-01T00:00", "2023-00-01T00:00", "2023-04-31T00:00"]
        {
            assert_eq!(julian_day_of(text), Err(NO_DAY), "{text}");
        }
        for text in ["2023-01-01T24:00:00Z", "2023-01-01T00:60:00Z", "2023-01-01T00:00:60Z"] {
            assert_eq!(julian_day_of(text), Err(NO_TIME), "{text}");
        }
        for text in [
            "",
            "T",
            "2023-01-01",
            "2023-1-1T00:00",
            "2023-01-01-01T00:00",
            "2023-01-01T0:00",
            "2023-01-01T00:00:0",
            "2023-01-01T00:00:00.",
            "2023-01-01T00:00:00.x",
            "2023-01-01T00:00:+1",
            "2023-01-01T00:00+1",
            "20é3-01-01T00:00",
            "2023-01-01T00:00:0é",
            "+2023-01-01T00:00",
        ] {
            assert_eq!(julian_day_of(text), Err(FORM), "{text}");
        }
        assert!(julian_day_of("2023-01-01T00:00:00+16:00").is_err());
    }
}
