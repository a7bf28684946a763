//! Hourly rows of a weather file, put into the slots of a year by their stamps.

use super::{HOURS, WeatherYear};
use crate::error::{Problem, Warning};
use crate::formats::findings::Findings;
use crate::formats::text::{finite, shown};

const DAYS_OF_MONTH: [usize; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/// How many stamps a warning names.
const STAMPS_NAMED: usize = 3;
const NO_LINE: usize = 0;

/// A quantity of a weather year and what it can be on Earth.
pub(in crate::formats) struct Quantity {
    /// Its name in messages.
    name: &'static str,
    unit: &'static str,
    /// Lowest and highest plausible value; beyond them a file has other units or is damaged.
    range: (f64, f64),
    /// Whether values below zero are the zero offset of an instrument.
    is_radiation: bool,
    values: fn(&mut WeatherYear) -> &mut Vec<f32>,
}

/// Number of quantities.
pub(in crate::formats) const N_QUANTITIES: usize = 10;

/// All quantities, in the order in which readers list their columns.
///
/// The sun gives at most 1410 W/m² outside the atmosphere, and clouds hardly add more than 100 W/m² to an hour; ranges of
/// pressure and humidity are those of the EPW specification; temperatures are beyond the lowest and highest measured.
static QUANTITIES: [Quantity; N_QUANTITIES] = [
    radiation("global horizontal irradiance", |year| &mut year.ghi),
    radiation("direct normal irradiance", |year| &mut year.dni),
    radiation("diffuse horizontal irradiance", |year| &mut year.dhi),
    other("air temperature", "°C", (-90.0, 70.0), |year| &mut year.temp_air),
    other("dew point", "°C", (-100.0, 70.0), |year| &mut year.dew_point),
    other("relative humidity", "%", (0.0, 110.0), |year| &mut year.relative_humidity),
    other("pressure", "Pa", (31_000.0, 120_000.0), |year| &mut year.pressure),
    other("wind speed", "m/s", (0.0, 120.0), |year| &mut year.wind_speed),
    other("wind direction", "°", (0.0, 360.0), |year| &mut year.wind_direction),
    other("infrared radiation of the sky", "W/m²", (0.0, 1000.0), |year| &mut year.sky_infrared),
];

const fn radiation(name: &'static str, values: fn(&mut WeatherYear) -> &mut Vec<f32>) -> Quantity {
    Quantity { name, unit: "W/m²", range: (-20.0, 1500.0), is_radiation: true, values }
}

const fn other(
    name: &'static str,
    unit: &'static str,
    range: (f64, f64),
    values: fn(&mut WeatherYear) -> &mut Vec<f32>,
) -> Quantity {
    Quantity { name, unit, range, is_radiation: false, values }
}

/// Where a file has a quantity.
#[derive(Debug, Clone, Copy)]
pub(in crate::formats) struct Column<'a> {
    /// The quantity, as its place in the list of quantities.
    pub(in crate::formats) quantity: usize,
    /// The file's own name for it.
    pub(in crate::formats) name: &'a str,
    /// Which values stand for none.
    pub(in crate::formats) is_missing: fn(f64, &Column<'_>) -> bool,
    /// What `is_missing` compares with.
    pub(in crate::formats) missing: f64,
    /// The year's unit over the file's.
    pub(in crate::formats) factor: f64,
}

/// Month, day and hour as files count them: hour 1 is the first of the day, 24 the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) struct Stamp {
    pub(in crate::formats) month: i64,
    pub(in crate::formats) day: i64,
    pub(in crate::formats) hour: i64,
}

/// A year that fills row by row.
pub(in crate::formats) struct YearRows {
    year: WeatherYear,
    line_of_slot: Vec<usize>,
    leap_hours: usize,
    /// Hours without a value and the first of them, by quantity.
    without: [(usize, usize); N_QUANTITIES],
    /// Hours below zero and the first of them, by quantity.
    negative: [(usize, usize); N_QUANTITIES],
}

impl YearRows {
    /// A year whose head is known and whose values are not.
    pub(in crate::formats) fn new(mut year: WeatherYear) -> Self {
        for quantity in &QUANTITIES {
            *(quantity.values)(&mut year) = vec![f32::NAN; HOURS];
        }
        let none = [(0, 0); N_QUANTITIES];
        YearRows { year, line_of_slot: vec![NO_LINE; HOURS], leap_hours: 0, without: none, negative: none }
    }

    /// The slot of a row; none on 29 February, for a stamp that is no hour of a year, and for one that came before.
    pub(in crate::formats) fn place(
        &mut self,
        stamp: Stamp,
        line: usize,
        findings: &mut Findings<'_>,
    ) -> Option<usize> {
        if (stamp.month, stamp.day) == (2, 29) && (1..=24).contains(&stamp.hour) {
            self.leap_hours += 1;
            return None;
        }
        let Some(slot) = stamp.slot() else {
            findings.at("stamp", line, || stamp.problem());
            return None;
        };
        let earlier = self.line_of_slot[slot];
        if earlier != NO_LINE {
            findings.at("hour given twice", line, || {
                Problem::new(format!("the hour {stamp} stands in line {earlier} already"))
                    .hint("a file holds one year; keep one of the rows")
            });
            return None;
        }
        self.line_of_slot[slot] = line;
        Some(slot)
    }

    /// Puts a field into its slot.
    ///
    /// What cannot be is a problem rather than a gap: a file in other units would otherwise pass as one of many gaps.
    pub(in crate::formats) fn set(
        &mut self,
        slot: usize,
        column: &Column<'_>,
        field: &[u8],
        line: usize,
        findings: &mut Findings<'_>,
    ) {
        let value = match field {
            b"" => f64::NAN,
            field => match finite(field) {
                Ok(value) if (column.is_missing)(value, column) => f64::NAN,
                Ok(value) => value * column.factor,
                Err(fault) => return findings.at(fault.kind(), line, || fault.problem(column.name, field)),
            },
        };
        let quantity = &QUANTITIES[column.quantity];
        let (least, most) = quantity.range;
        if value < least || value > most {
            let unit = quantity.unit;
            return findings.at("out of range", line, || {
                Problem::new(format!("{} is {least} to {most} {unit}, found {}", quantity.name, shown(field)))
                    .of_key(column.name)
                    .hint("check the unit of the column; a value that is not known has the code of missing values")
            });
        }
        if value.is_nan() {
            count(&mut self.without[column.quantity], slot);
        }
        let is_offset = quantity.is_radiation && value < 0.0;
        if is_offset {
            count(&mut self.negative[column.quantity], slot);
        }
        // Adding zero turns the -0.00 of some files into zero.
        (quantity.values)(&mut self.year)[slot] = if is_offset { 0.0 } else { (value + 0.0) as f32 };
    }

    /// The year, and what it lacks.
    pub(in crate::formats) fn finish(mut self) -> Result<(WeatherYear, Vec<Warning>), Problem> {
        let missing = (0..HOURS).filter(|slot| self.line_of_slot[*slot] == NO_LINE).collect::<Vec<_>>();
        if missing.len() == HOURS {
            return Err(Problem::new("the file has no row of any hour").hint("expected 8760 rows, one per hour"));
        }
        let mut warnings = Vec::new();
        if !missing.is_empty() {
            let message = format!("no row for {} of {HOURS} hours, the first {}", missing.len(), stamps(&missing));
            warnings.push(Warning::new("weather_missing_hours", missing.len(), message));
        }
        if self.leap_hours > 0 {
            let message = format!("{} hours of 29 February are left out", self.leap_hours);
            warnings.push(Warning::new("weather_leap_day", self.leap_hours, message));
        }
        for (index, quantity) in QUANTITIES.iter().enumerate() {
            warnings.extend(gap(quantity, self.without[index], HOURS - missing.len(), ("the file", "rows")));
            warnings.extend(offset(quantity, self.negative[index]));
        }
        self.year.missing_hours = missing;
        Ok((self.year, warnings))
    }
}

impl Stamp {
    /// The stamp of the hour that a slot is.
    pub(in crate::formats) fn of_slot(slot: usize) -> Self {
        let (mut month, mut day) = (0, slot / 24);
        while day >= DAYS_OF_MONTH[month] {
            day -= DAYS_OF_MONTH[month];
            month += 1;
        }
        Stamp { month: month as i64 + 1, day: day as i64 + 1, hour: (slot % 24) as i64 + 1 }
    }

    /// The slot of the hour in a year without 29 February.
    pub(in crate::formats) fn slot(self) -> Option<usize> {
        let month = usize::try_from(self.month).ok()?.checked_sub(1)?;
        let days = *DAYS_OF_MONTH.get(month)?;
        let day = usize::try_from(self.day).ok()?.checked_sub(1).filter(|day| *day < days)?;
        let hour = usize::try_from(self.hour).ok()?.checked_sub(1).filter(|hour| *hour < 24)?;
        Some((DAYS_OF_MONTH[..month].iter().sum::<usize>() + day) * 24 + hour)
    }

    fn problem(self) -> Problem {
        let Stamp { month, day, hour } = self;
        let problem = Problem::new(format!("month {month}, day {day}, hour {hour} is no hour of a year"));
        match hour {
            0 => problem.hint("hours count from 1 to 24, each named by its end"),
            _ => problem,
        }
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:02}-{:02} {:02}:00", self.month, self.day, self.hour)
    }
}

/// The first of some slots as a message names them: month, day and the end of the hour.
pub(super) fn stamps(slots: &[usize]) -> String {
    let named: Vec<String> = slots.iter().take(STAMPS_NAMED).map(|slot| Stamp::of_slot(*slot).to_string()).collect();
    let more = if slots.len() > STAMPS_NAMED { ", …" } else { "" };
    format!("{}{more}", named.join(", "))
}

fn count((number, first): &mut (usize, usize), slot: usize) {
    *first = if *number == 0 { slot } else { (*first).min(slot) };
    *number += 1;
}

/// Warnings of what a year that was not read from a file lacks; `year` is how messages call it.
pub fn gaps(weather: &mut WeatherYear, year: &str) -> Vec<Warning> {
    let told = |quantity: &Quantity| {
        let mut missing = (0, 0);
        let values = (quantity.values)(weather);
        values.iter().enumerate().filter(|(_, value)| value.is_nan()).for_each(|(slot, _)| count(&mut missing, slot));
        gap(quantity, missing, HOURS, (year, "hours"))
    };
    QUANTITIES.iter().filter_map(told).collect()
}

/// Whose values they are, and what holds one of each quantity, as messages call them.
type Whose<'a> = (&'a str, &'a str);

fn gap(quantity: &Quantity, (number, first): (usize, usize), n: usize, (year, rows): Whose<'_>) -> Option<Warning> {
    let message = match number {
        0 => return None,
        _ if number == n => format!("{year} gives no {}", quantity.name),
        _ => format!("no {} in {number} of {n} {rows}, the first {}", quantity.name, Stamp::of_slot(first)),
    };
    Some(Warning::new("weather_missing_values", number, message))
}

fn offset(quantity: &Quantity, (number, first): (usize, usize)) -> Option<Warning> {
    let stamp = Stamp::of_slot(first);
    let message = format!("{} below zero in {number} rows counts as zero, the first {stamp}", quantity.name);
    (number > 0).then(|| Warning::new("weather_negative_radiation", number, message))
}
