use super::*;
use crate::hourly::HOURS;
use crate::hourly::sun::tests::sun;
use proptest::prelude::*;

/// A measured year: temperature, humidity, wind and radiation that differ from day to day.
struct Measured {
    temp_air: Vec<f32>,
    humidity: Vec<f32>,
    wind: Vec<f32>,
    ghi: Vec<f32>,
    dhi: Vec<f32>,
    pressure: Vec<f32>,
}

fn wave(at: f64, period: f64) -> f64 {
    conurb_numerics::sin_cos_degrees(360.0 * at / period).0
}

fn measured() -> Measured {
    let sun = sun(1);
    let series = |value: &dyn Fn(f64, usize) -> f64| -> Vec<f32> {
        (0..HOURS).map(|slot| value(slot as f64 / 24.0, slot) as f32).collect()
    };
    let clearness = |day: f64| 0.5 + 0.25 * wave(day.floor(), 7.7);
    let ghi = series(&|day, slot| 1361.0 * sun.cos_zenith(slot) * clearness(day));
    Measured {
        temp_air: series(&|day, _| {
            10.0 - 9.0 * wave(day + 80.0, 365.0) + 4.0 * wave(day, 23.0) - 5.0 * wave(day + 0.1, 1.0)
        }),
        humidity: series(&|day, _| 70.0 + 15.0 * wave(day, 11.3) + 12.0 * wave(day, 1.0)),
        wind: series(&|day, _| 3.0 + 2.0 * wave(day, 5.9) + 0.9 * wave(day, 0.37)),
        dhi: ghi.iter().map(|ghi| 0.4 * ghi).collect(),
        ghi,
        pressure: series(&|day, _| 101_000.0 + 800.0 * wave(day, 9.1)),
    }
}

impl Measured {
    fn hours(&self) -> WeatherHours<'_> {
        WeatherHours {
            temp_air: &self.temp_air,
            relative_humidity: &self.humidity,
            wind_speed: &self.wind,
            ghi: &self.ghi,
            dhi: &self.dhi,
            pressure: &self.pressure,
            ..WeatherHours::default()
        }
    }
}

/// The same day measured, as a projection of it.
fn projected(day: &DayWeather) -> Day {
    of_hours(day)
}

fn utc() -> LocalClock {
    LocalClock::new(0.0).unwrap()
}

fn day_of(year: &HourlyYear, variable: Variable, clock: LocalClock, day: usize) -> DayHours {
    std::array::from_fn(|hour| year.of(variable)[clock.slot(day, hour)])
}

#[test]
fn a_day_that_was_measured_finds_itself() {
    let measured = measured();
    let donors = Donors::new(&[measured.hours()], utc(), 15).unwrap();
    for day in 0..DAYS {
        assert_eq!(donors.choose(&projected(&donors.days[day]), day), day);
    }
}

/// Three days of pools by hand. Means of days 0 to 364 are their numbers; with a window of ±1 day 10 has donors 9, 10, 11.
#[test]
fn ranks_by_hand() {
    let temp_air: Vec<f32> = (0..HOURS).map(|slot| (slot / 24) as f32).collect();
    let wind: Vec<f32> = (0..HOURS).map(|slot| 400.0 - (slot / 24) as f32).collect();
    let hours = WeatherHours { temp_air: &temp_air, wind_speed: &wind, ..WeatherHours::default() };
    let donors = Donors::new(&[hours], utc(), 1).unwrap();
    let day = |mean: f64, wind_speed: Option<f64>| Day {
        mean,
        least: None,
        greatest: None,
        ghi: None,
        relative_humidity: None,
        wind_speed,
        pressure: None,
    };
    // Doubled ranks of 9, 10, 11 are 1, 3, 5; 10.4 has 4, as near to 10 as to 11: the earlier. 10 itself has 3.
    assert_eq!(donors.choose(&day(10.4, None), 10), 10);
    assert_eq!(donors.choose(&day(50.0, None), 10), 11);
    assert_eq!(donors.choose(&day(-5.0, None), 10), 9);
    // Wind of 9, 10, 11 is 391, 390, 389: 399 has rank 6, theirs are 5, 3, 1. Distances: |6-1|+|6-5|, |6-3|+|6-3|, 5+1.
    assert_eq!(donors.choose(&day(50.0, Some(399.0)), 10), 9);
    // A missing value is not compared, and the pool of 1 January has 31 December.
    assert_eq!(donors.choose(&day(50.0, Some(f64::NAN)), 10), 11);
    assert_eq!(donors.choose(&day(500.0, None), 0), 364);
    // Two equal years: the first gives the day.
    let twice = Donors::new(&[hours, hours], utc(), 1).unwrap();
    assert_eq!(twice.choose(&day(10.0, None), 10), 10);
}

#[test]
fn days_that_lack_hours_are_no_donors() {
    let mut measured = measured();
    measured.wind[100 * 24 + 5] = f32::NAN;
    let donors = Donors::new(&[measured.hours()], utc(), 3).unwrap();
    let day = projected(&Donors::new(&[self::measured().hours()], utc(), 3).unwrap().days[100]);
    assert_ne!(donors.choose(&day, 100), 100);
    measured.temp_air[20 * 24..25 * 24].fill(f32::NAN);
    let error = Donors::new(&[measured.hours()], utc(), 1).unwrap_err();
    assert_eq!(error, HourlyError::NoDonor { day: 22, half_window: 1 });
}

#[test]
fn hostile_hours_are_refused() {
    let mut measured = measured();
    let short = WeatherHours { ghi: &[1.0; 8784], ..measured.hours() };
    assert!(matches!(Donors::new(&[short], utc(), 15), Err(HourlyError::Length { len: 8784, .. })));
    assert!(matches!(Donors::new(&[WeatherHours::default()], utc(), 15), Err(HourlyError::Missing { .. })));
    assert!(matches!(Donors::new(&[], utc(), 15), Err(HourlyError::NoDonor { day: 1, .. })));
    assert!(matches!(Donors::new(&[measured.hours()], utc(), 183), Err(HourlyError::Value { .. })));
    measured.pressure[3] = f32::INFINITY;
    assert!(matches!(Donors::new(&[measured.hours()], utc(), 15), Err(HourlyError::Value { index: 3, .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn days_keep_what_is_projected(offset in -12_i32..=13, warming in 0.0..8.0, bright in 0.3..1.6, phase in 0.0..30.0) {
        let (measured, sun) = (measured(), sun(1));
        let clock = LocalClock::new(f64::from(offset)).unwrap();
        let donors = Donors::new(&[measured.hours()], clock, 15).unwrap();
        let series = |value: &dyn Fn(f64) -> f64| (0..DAYS).map(|day| value(day as f64 + phase)).collect::<Vec<f64>>();
        let tas = series(&|day| 283.15 + warming - 9.0 * wave(day + 80.0, 365.0) + 5.0 * wave(day, 19.0));
        let tasmin: Vec<f64> = tas.iter().map(|tas| tas - 4.0).collect();
        let tasmax: Vec<f64> = tas.iter().map(|tas| tas + 6.0).collect();
        let rsds = series(&|day| bright * (150.0 - 90.0 * wave(day + 90.0, 365.0) + 40.0 * wave(day, 6.1)));
        let hurs = series(&|day| (78.0 + 25.0 * wave(day, 13.0)).min(100.0));
        let wind = series(&|day| 3.0 + 2.9 * wave(day, 8.0));
        let ps = series(&|day| 100_500.0 + 900.0 * wave(day, 12.0));
        let daily = DailyWeather {
            tas: &tas, tasmin: Some(&tasmin), tasmax: Some(&tasmax), rsds: Some(&rsds), hurs: Some(&hurs), huss: None,
            sfc_wind: Some(&wind), ps: Some(&ps),
        };
        let year = donors.hours(&daily, &(0..DAYS).collect::<Vec<_>>(), &sun).unwrap();
        for day in 0..DAYS {
            let at = |variable| day_of(&year, variable, clock, day);
            let temperature = at(Variable::TempAir);
            let (least, greatest) = extremes(&temperature);
            for (found, wanted) in [
                (mean(&temperature), tas[day] - 273.15),
                (least, tasmin[day] - 273.15),
                (greatest, tasmax[day] - 273.15),
                (mean(&at(Variable::Ghi)), rsds[day]),
                (mean(&at(Variable::RelativeHumidity)), hurs[day]),
                (mean(&at(Variable::WindSpeed)), wind[day]),
                (mean(&at(Variable::Pressure)), ps[day]),
            ] {
                prop_assert!((found - wanted).abs() < 1e-6, "day {}: {} not {}", day, found, wanted);
            }
            let limits = sun.extraterrestrial(clock, day);
            let is_possible = rsds[day] <= mean(&limits);
            for hour in 0..24 {
                let slot = clock.slot(day, hour);
                let (ghi, dni, dhi) = (at(Variable::Ghi)[hour], at(Variable::Dni)[hour], at(Variable::Dhi)[hour]);
                prop_assert!(!is_possible || ghi <= limits[hour] + 1e-9);
                prop_assert!(dni >= 0.0 && dhi >= 0.0 && dni <= sun.dni_extra(slot));
                prop_assert!((ghi - dhi - dni * sun.cos_zenith(slot)).abs() < 1e-9);
                prop_assert!((0.0..=100.0 + 1e-9).contains(&at(Variable::RelativeHumidity)[hour]));
                prop_assert!(at(Variable::DewPoint)[hour] <= temperature[hour] + 1e-9);
            }
        }
    }
}

#[test]
fn what_is_not_projected_is_the_donors() {
    let (measured, sun) = (measured(), sun(1));
    let donors = Donors::new(&[measured.hours()], utc(), 0).unwrap();
    // Two degrees more than measured.
    let of_donor = |day: &DayWeather| mean(day.of(Variable::TempAir)) + 2.0 + 273.15;
    let mut tas: Vec<f64> = donors.days.iter().map(of_donor).collect();
    tas[40] = f64::NAN;
    let daily = DailyWeather {
        tas: &tas[..],
        tasmin: None,
        tasmax: None,
        rsds: None,
        hurs: None,
        huss: None,
        sfc_wind: None,
        ps: None,
    };
    let year = donors.hours(&daily, &(0..DAYS).collect::<Vec<_>>(), &sun).unwrap();
    for slot in 0..HOURS {
        assert_eq!(year.of(Variable::Ghi)[slot], f64::from(measured.ghi[slot]));
        assert_eq!(year.of(Variable::WindSpeed)[slot], f64::from(measured.wind[slot]));
        assert_eq!(year.of(Variable::TempAir)[slot].is_nan(), slot / 24 == 40);
        assert_eq!(year.of(Variable::DewPoint)[slot].is_nan(), slot / 24 == 40);
    }
    // The course is the donor's, moved as a whole; beside the unknown day nothing is known of steps.
    for slot in (0..HOURS).filter(|slot| slot / 24 != 40) {
        assert!((year.of(Variable::TempAir)[slot] - f64::from(measured.temp_air[slot]) - 2.0).abs() < 1e-9);
    }
}

#[test]
fn a_dew_point_gives_humidity() {
    let (measured, sun) = (measured(), sun(1));
    let dew: Vec<f32> = measured.temp_air.iter().map(|temp_air| temp_air - 4.0).collect();
    let hours = WeatherHours { relative_humidity: &[], dew_point: &dew, ..measured.hours() };
    let donors = Donors::new(&[hours], utc(), 2).unwrap();
    let (tas, hurs) = (vec![290.0_f64; DAYS], vec![55.0_f64; DAYS]);
    let daily = DailyWeather {
        tas: &tas[..],
        tasmin: None,
        tasmax: None,
        rsds: None,
        hurs: Some(&hurs[..]),
        huss: None,
        sfc_wind: None,
        ps: None,
    };
    let year = donors.hours(&daily, &(0..DAYS).collect::<Vec<_>>(), &sun).unwrap();
    assert!((mean(&day_of(&year, Variable::RelativeHumidity, utc(), 77)) - 55.0).abs() < 1e-9);
    assert!(year.of(Variable::DewPoint).iter().all(|dew| dew.is_finite()));
}
