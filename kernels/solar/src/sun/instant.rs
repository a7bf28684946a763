//! Julian days.

use super::SunError;

/// Start of year −2000 (proleptic Gregorian, UTC).
pub const FIRST_JULIAN_DAY: f64 = 990_574.5;
/// End of year 6000.
pub const LAST_JULIAN_DAY: f64 = 3_912_880.5;

/// Greatest |TT − UT1| taken, s; about 46 000 s is estimated for year −2000.
const GREATEST_DELTA_T: f64 = 100_000.0;

/// Julian day of a UTC time in the proleptic Gregorian calendar: days since noon of −4712-01-01 (Julian calendar).
///
/// `month` counts from 1 to 12 and `day` from 1; `hour` (0 to 24, fractions allowed) and `day` may run over, as in
/// January 32. One ulp of the result is 4e-5 s. Source: report eq. 4 with B for every date; Meeus 1998, chapter 7.
pub fn julian_day(year: i32, month: u32, day: u32, hour: f64) -> f64 {
    // January and February count as months 13 and 14 of the year before, so that leap days end a year.
    let (year, month) = if month <= 2 { (i64::from(year) - 1, month + 12) } else { (i64::from(year), month) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    let days_before_month = (153 * (i64::from(month) - 3) + 2) / 5;
    // 0000-03-01 is day 1 721 119.5 plus 1.
    let whole = 365 * year + leap_days + days_before_month + i64::from(day);
    (whole as f64 + 1_721_118.5) + hour / 24.0
}

pub(super) fn check_instants(julian_days: &[f64]) -> Result<(), SunError> {
    let known = FIRST_JULIAN_DAY..=LAST_JULIAN_DAY;
    match julian_days.iter().position(|instant| !known.contains(instant)) {
        None => Ok(()),
        Some(index) => Err(SunError::Instant { index, value: julian_days[index] }),
    }
}

pub(super) fn check_delta_t(delta_t_s: f64) -> Result<(), SunError> {
    if delta_t_s.abs() <= GREATEST_DELTA_T {
        return Ok(());
    }
    Err(SunError::Value { what: "delta T", value: delta_t_s, expected: "-100000 to 100000 s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Report table A4.1; dates before 1582-10-15 are left out, where it uses the Julian calendar.
    #[test]
    fn days_of_the_report() {
        for (year, month, day, hour, expected) in [
            (2000, 1, 1, 12.0, 2_451_545.0),
            (1999, 1, 1, 0.0, 2_451_179.5),
            (1987, 1, 27, 0.0, 2_446_822.5),
            (1987, 6, 19, 12.0, 2_446_966.0),
            (1988, 1, 27, 0.0, 2_447_187.5),
            (1988, 6, 19, 12.0, 2_447_332.0),
            (1900, 1, 1, 0.0, 2_415_020.5),
            (1600, 1, 1, 0.0, 2_305_447.5),
            (1600, 12, 31, 0.0, 2_305_812.5),
        ] {
            assert_eq!(julian_day(year, month, day, hour), expected, "{year}-{month}-{day}");
        }
    }

    #[test]
    fn the_proleptic_calendar_repeats_every_400_years() {
        for year in -2000..=5600 {
            assert_eq!(julian_day(year + 400, 3, 1, 0.0) - julian_day(year, 3, 1, 0.0), 146_097.0);
            let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            assert_eq!(julian_day(year, 3, 1, 0.0) - julian_day(year, 2, 28, 0.0), if leap { 2.0 } else { 1.0 });
        }
        assert_eq!(julian_day(2023, 1, 32, 0.0), julian_day(2023, 2, 1, 0.0));
        assert_eq!(julian_day(-2000, 1, 1, 0.0), FIRST_JULIAN_DAY);
        assert_eq!(julian_day(6000, 12, 31, 24.0), LAST_JULIAN_DAY);
    }

    #[test]
    fn bad_instants_are_named() {
        assert_eq!(check_instants(&[2e6, LAST_JULIAN_DAY]), Ok(()));
        assert_eq!(check_instants(&[2e6, 4e6]), Err(SunError::Instant { index: 1, value: 4e6 }));
        assert!(check_instants(&[f64::NAN]).is_err());
        assert!(check_delta_t(f64::NAN).is_err());
        assert!(check_delta_t(67.0).is_ok());
    }
}
