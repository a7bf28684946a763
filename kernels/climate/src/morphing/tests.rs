use super::*;
use crate::calendar::Calendar;
use crate::days::Days;
use crate::hourly::DailyWeather;
use proptest::prelude::*;

fn wave(at: f64, period: f64) -> f64 {
    conurb_numerics::sin_cos_degrees(360.0 * at / period).0
}

fn series(value: impl Fn(f64) -> f64) -> Vec<f32> {
    (0..HOURS).map(|slot| value(slot as f64 / 24.0) as f32).collect()
}

/// A sun that stands at 60° all day, so that every hour's direct radiation follows.
fn sun() -> SunYear {
    SunYear::new(&[0.5; HOURS], &[1361.0; HOURS]).unwrap()
}

fn warm() -> Vec<f32> {
    series(|day| 10.0 - 9.0 * wave(day + 80.0, 365.0) + 3.0 * wave(day, 11.0) + 5.0 * wave(day, 1.0))
}

fn months(values: &[f64]) -> [Today; 12] {
    let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    months_of_today(&WeatherHours { temp_air: &values, ..WeatherHours::default() })
}

/// A day of −1 and +1, by hand: mean 10, range 2; Δ = 3, Δ range = 1: α = 0.5, hours 13 ± 1.5.
#[test]
fn temperature_by_hand() {
    let temp_air: Vec<f32> = (0..HOURS).map(|slot| if slot % 2 == 0 { 9.0 } else { 11.0 }).collect();
    let today = WeatherHours { temp_air: &temp_air, ..WeatherHours::default() };
    let mut change = MonthlyChange { months: [MonthChange::NONE; 12] };
    change.months[1] = MonthChange { mean: 3.0, range: 1.0, ..MonthChange::NONE };
    change.months[2].range = -5.0;
    let year = morph(&today, &change, &sun()).unwrap();
    let temp_air = year.of(Variable::TempAir);
    // January is hours 0 to 743, February ends before 1416, March's days lose all the range they have.
    assert_eq!([temp_air[743], temp_air[744], temp_air[745]], [11.0, 11.5, 14.5]);
    assert_eq!([temp_air[1415], temp_air[1416], temp_air[1417], temp_air[2160]], [14.5, 10.0, 10.0, 9.0]);
    assert!(year.of(Variable::Ghi).iter().chain(year.of(Variable::DewPoint)).all(|hour| hour.is_nan()));
}

#[test]
fn all_else_by_hand() {
    let [temp_air, humidity, pressure, wind, ghi, dhi, infrared] =
        [20.0, 60.0, 1e5, 4.0, 500.0, 100.0, 350.0].map(|value| series(|_| value));
    let today = WeatherHours {
        temp_air: &temp_air,
        relative_humidity: &humidity,
        pressure: &pressure,
        wind_speed: &wind,
        wind_direction: &humidity,
        ghi: &ghi,
        dhi: &dhi,
        sky_infrared: &infrared,
        ..WeatherHours::default()
    };
    let change =
        MonthChange { mean: 2.0, range: 1.0, relative_humidity: -5.0, pressure: 50.0, ghi: 1.1, wind_speed: 0.9 };
    let year = morph(&today, &MonthlyChange { months: [change; 12] }, &sun()).unwrap();
    // A month without any range is only shifted. Direct: (550 − 110) / 0.5 = 880.
    for (variable, expected) in [
        (Variable::TempAir, 22.0),
        (Variable::RelativeHumidity, 55.0),
        (Variable::Pressure, 100_050.0),
        (Variable::WindSpeed, 3.6),
        (Variable::WindDirection, 60.0),
        (Variable::Ghi, 550.0),
        (Variable::Dhi, 110.0),
        (Variable::Dni, 880.0),
        (Variable::DewPoint, dew_point(22.0, 55.0)),
    ] {
        assert!((year.of(variable)[4321] - expected).abs() < 1e-9, "{variable:?}: {}", year.of(variable)[4321]);
    }
    // (295.15 / 293.15)⁴ = 1.02757, dew points 12.0 and 12.5 °C: ε 0.81995 and 0.82128.
    assert!((year.of(Variable::SkyInfrared)[9] - 350.0 * 1.02757 * 0.82128 / 0.81995).abs() < 0.2);
    let moist = MonthChange { relative_humidity: 45.0, ..change };
    let year = morph(&today, &MonthlyChange { months: [moist; 12] }, &sun()).unwrap();
    assert!(year.of(Variable::RelativeHumidity).iter().all(|&humidity| humidity == 100.0));
}

#[test]
fn no_change_is_none() {
    let temp_air = warm();
    let humidity = series(|day| 60.0 + 20.0 * wave(day, 3.0));
    let today = WeatherHours { temp_air: &temp_air, relative_humidity: &humidity, ..WeatherHours::default() };
    let year = morph(&today, &MonthlyChange { months: [MonthChange::NONE; 12] }, &sun()).unwrap();
    for slot in 0..HOURS {
        assert_eq!(year.of(Variable::TempAir)[slot], f64::from(temp_air[slot]));
        assert_eq!(year.of(Variable::RelativeHumidity)[slot], f64::from(humidity[slot]));
    }
}

#[test]
fn missing_hours_stay_missing_and_hostile_ones_are_refused() {
    let mut temp_air = warm();
    temp_air[100] = f32::NAN;
    let today = WeatherHours { temp_air: &temp_air, ..WeatherHours::default() };
    let change = MonthChange { mean: 2.0, range: 1.0, ..MonthChange::NONE };
    let year = morph(&today, &MonthlyChange { months: [change; 12] }, &sun()).unwrap();
    assert!((0..HOURS).all(|slot| year.of(Variable::TempAir)[slot].is_nan() == (slot == 100)));
    temp_air[3] = f32::INFINITY;
    let today = WeatherHours { temp_air: &temp_air, ..WeatherHours::default() };
    assert!(morph(&today, &MonthlyChange { months: [change; 12] }, &sun()).is_err());
    let today = WeatherHours { temp_air: &temp_air[..8784 - 25], ..WeatherHours::default() };
    assert!(morph(&today, &MonthlyChange { months: [change; 12] }, &sun()).is_err());
}

fn daily<'a>(tas: &'a [f64], tasmin: &'a [f64], tasmax: &'a [f64], rsds: &'a [f64]) -> DailyWeather<'a, f64> {
    DailyWeather {
        tas,
        tasmin: Some(tasmin),
        tasmax: Some(tasmax),
        rsds: Some(rsds),
        hurs: None,
        huss: None,
        sfc_wind: None,
        ps: None,
    }
}

#[test]
fn changes_are_those_of_monthly_means() {
    let (short, long) = (Days::of_years(Calendar::Day360, 2001, 2002), Days::of_years(Calendar::NoLeap, 2071, 2073));
    let of = |days: &Days, base: f64| -> Vec<f64> {
        // Days of a month differ from its mean by what cancels in both calendars: nothing.
        days.dates().iter().map(|date| base + f64::from(date.month)).collect()
    };
    let before = [280.0, 276.0, 285.0].map(|base| of(&short, base));
    let after = [283.0, 278.0, 290.0].map(|base| of(&long, base));
    let (mut dark, bright) = (of(&short, 99.0), of(&long, 124.0));
    dark.iter_mut().zip(short.dates()).filter(|(_, date)| date.month == 12).for_each(|(value, _)| *value = 0.0);
    let reference = daily(&before[0], &before[1], &before[2], &dark);
    let future = daily(&after[0], &after[1], &after[2], &bright);
    let change = MonthlyChange::between((&short, &reference), (&long, &future), 1e5).unwrap();
    let january = change.months[0];
    // Range: (291 − 279) − (286 − 277) = 3; radiation 125 / 100.
    for (found, expected) in [(january.mean, 3.0), (january.range, 3.0), (january.ghi, 1.25)] {
        assert!((found - expected).abs() < 1e-9, "{found}, not {expected}");
    }
    assert_eq!((january.wind_speed, january.relative_humidity, january.pressure), (1.0, 0.0, 0.0));
    assert_eq!(change.months[11].ghi, 1.0);
}

#[test]
fn months_without_days_are_named() {
    let days = Days::of_years(Calendar::NoLeap, 2001, 2001);
    let known = vec![280.0; 365];
    let mut gap = known.clone();
    gap[31..59].fill(f64::NAN);
    let (good, bad) = (daily(&known, &known, &known, &known), daily(&known, &known, &gap, &known));
    let error = MonthlyChange::between((&days, &good), (&days, &bad), 1e5).unwrap_err();
    assert_eq!(error, MorphingError::EmptyMonth { what: "tasmax", month: 2, period: "future" });
    let january = Days::new(Calendar::NoLeap, days.numbers()[..31].to_vec()).unwrap();
    let short = daily(&known[..31], &known[..31], &known[..31], &known[..31]);
    let error = MonthlyChange::between((&january, &short), (&days, &good), 1e5).unwrap_err();
    assert_eq!(error, MorphingError::EmptyMonth { what: "tas", month: 2, period: "reference" });
    assert!(matches!(
        MonthlyChange::between((&january, &good), (&days, &good), 1e5),
        Err(MorphingError::Hours(HourlyError::Length { .. }))
    ));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn mean_and_range_of_months_change_as_told(
        shifts in prop::collection::vec((-2.0..8.0, -4.0..4.0), 12), ratio in 0.5_f64..1.5,
    ) {
        let (temp_air, wind) = (warm(), series(|day| 4.0 + 3.0 * wave(day, 1.7)));
        let today = WeatherHours { temp_air: &temp_air, wind_speed: &wind, ..WeatherHours::default() };
        let month = |month: usize| {
            let (mean, range) = shifts[month];
            MonthChange { mean, range, wind_speed: ratio, ..MonthChange::NONE }
        };
        let change = MonthlyChange { months: std::array::from_fn(month) };
        let year = morph(&today, &change, &sun()).unwrap();
        let before = months_of_today(&today);
        let hours = year.of(Variable::TempAir);
        for month in 0..12 {
            let slots: Vec<usize> = (0..HOURS).filter(|&slot| month_of_slot(slot) == month).collect();
            let mean = slots.iter().map(|&slot| hours[slot]).sum::<f64>() / slots.len() as f64;
            prop_assert!((mean - before[month].mean - shifts[month].0).abs() < 1e-9);
            let days = slots.chunks_exact(24).map(|day| {
                let of = |start: f64, pick: fn(f64, f64) -> f64| day.iter().map(|&slot| hours[slot]).fold(start, pick);
                of(f64::NEG_INFINITY, f64::max) - of(f64::INFINITY, f64::min)
            });
            let range = days.sum::<f64>() / (slots.len() / 24) as f64;
            prop_assert!((range - before[month].range - shifts[month].1).abs() < 1e-9);
            let wind_after = slots.iter().map(|&slot| year.of(Variable::WindSpeed)[slot]).sum::<f64>();
            let wind_before = slots.iter().map(|&slot| f64::from(wind[slot])).sum::<f64>();
            prop_assert!((wind_after / wind_before - ratio).abs() < 1e-9);
        }
    }
}

#[test]
fn ranges_of_today_are_means_of_days() {
    let hours: Vec<f64> = (0..HOURS).map(|slot| if slot % 24 == 3 { (slot / 24 % 2) as f64 } else { 0.0 }).collect();
    let january = months(&hours)[0];
    // 15 of the 31 days have a range of 1.
    assert!((january.range - 15.0 / 31.0).abs() < 1e-12 && (january.mean - 15.0 / 744.0).abs() < 1e-12);
}
