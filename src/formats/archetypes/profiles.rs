//! The tables of how buildings are used: figures of each use, and factors of each hour.

use super::super::Source;
use super::super::cells::Cells;
use super::super::csv_table::{self, Columns};
use super::super::findings::Findings;
use super::country_rank;
use crate::archetypes::{DayProfile, UsageProfile};
use crate::buildings::Usage;
use crate::error::{Error, Problem};

const COUNTRY: usize = 0;
const USAGE: usize = 1;
const SOURCE: usize = 2;
/// Place of the first number among the wanted columns.
const NUMBERS: usize = 3;
const FIGURES: Columns = Columns::of(
    &[
        "country",
        "usage",
        "source",
        "heating_setpoint",
        "heating_setback",
        "cooling_setpoint",
        "cooling_setback",
        "occupant_gains",
        "appliance_gains",
        "ventilation",
        "hot_water",
        "jan",
        "feb",
        "mar",
        "apr",
        "may",
        "jun",
        "jul",
        "aug",
        "sep",
        "oct",
        "nov",
        "dec",
    ],
    &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22],
);
const TEMPERATURE: (f64, f64) = (0.0, 50.0);
/// Least and most of the figures before the months.
const RANGES: [(f64, f64); 8] =
    [TEMPERATURE, TEMPERATURE, TEMPERATURE, TEMPERATURE, (0.0, 500.0), (0.0, 500.0), (0.0, 50.0), (0.0, 500.0)];
const MOST_OF_MONTH: f64 = 5.0;

const HOURS_USAGE: usize = 0;
const DAY: usize = 1;
const QUANTITY: usize = 2;
/// Place of the first hour among the wanted columns.
const HOURS: usize = 3;
#[rustfmt::skip]
const DAY_HOURS: Columns = Columns::of(
    &[
        "usage", "day", "quantity", "h00", "h01", "h02", "h03", "h04", "h05", "h06", "h07", "h08", "h09", "h10", "h11",
        "h12", "h13", "h14", "h15", "h16", "h17", "h18", "h19", "h20", "h21", "h22", "h23", "source",
    ],
    &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26],
);
/// Draws of hot water sum to one within what four decimals of 24 hours lose.
const SUM_TOLERANCE: f64 = 2e-3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Day {
    Weekday,
    Saturday,
    Sunday,
}

impl Day {
    const ALL: [Day; 3] = [Day::Weekday, Day::Saturday, Day::Sunday];
    fn name(self) -> &'static str {
        match self {
            Day::Weekday => "weekday",
            Day::Saturday => "saturday",
            Day::Sunday => "sunday",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    Occupants,
    Appliances,
    Ventilation,
    Heating,
    Cooling,
    HotWater,
}

impl Quantity {
    const ALL: [Quantity; 6] = [
        Quantity::Occupants,
        Quantity::Appliances,
        Quantity::Ventilation,
        Quantity::Heating,
        Quantity::Cooling,
        Quantity::HotWater,
    ];
    fn name(self) -> &'static str {
        match self {
            Quantity::Occupants => "occupants",
            Quantity::Appliances => "appliances",
            Quantity::Ventilation => "ventilation",
            Quantity::Heating => "heating",
            Quantity::Cooling => "cooling",
            Quantity::HotWater => "hot_water",
        }
    }
    fn range(self) -> (f64, f64) {
        match self {
            Quantity::Occupants | Quantity::Appliances | Quantity::HotWater => (0.0, 1.0),
            Quantity::Ventilation => (0.0, 10.0),
            Quantity::Heating | Quantity::Cooling => (-1.0, 1.0),
        }
    }
    fn of(self, day: &mut DayProfile) -> &mut [f64; 24] {
        match self {
            Quantity::Occupants => &mut day.occupants,
            Quantity::Appliances => &mut day.appliances,
            Quantity::Ventilation => &mut day.ventilation,
            Quantity::Heating => &mut day.heating,
            Quantity::Cooling => &mut day.cooling,
            Quantity::HotWater => &mut day.hot_water,
        }
    }
}

/// Hours of each use and day, and which quantities were seen.
type Days = Vec<[(DayProfile, [bool; Quantity::ALL.len()]); 3]>;

/// Reads how buildings of a country are used, one profile for each use; rows without a country count where it has none.
///
/// # Errors
/// Everything wrong with the files, a use, day or quantity that is missing included.
pub fn read_profiles(
    figures: Source<'_>,
    hours: Source<'_>,
    country: Option<&str>,
) -> Result<Vec<UsageProfile>, Error> {
    let days = read_hours(hours)?;
    let mut findings = Findings::new(figures.file);
    let mut found: Vec<Option<(u8, UsageProfile)>> = vec![None; Usage::ALL.len()];
    let read = csv_table::read(figures, FIGURES, &mut findings, |row, layout, line, findings| {
        take_figures(&mut Cells::new(row, layout, line, findings), country, &days, &mut found);
    });
    for (usage, profile) in Usage::ALL.iter().zip(&found) {
        if read.is_ok() && findings.is_empty() && profile.is_none() {
            findings.push("missing use", Problem::new(format!("the table has no row for {}", usage.name())));
        }
    }
    findings.conclude(read)?;
    Ok(found.into_iter().flatten().map(|(_, profile)| profile).collect())
}

fn take_figures(
    cells: &mut Cells<'_, '_, '_>,
    country: Option<&str>,
    days: &Days,
    found: &mut [Option<(u8, UsageProfile)>],
) -> Option<()> {
    let usage = cells.choice(USAGE, &Usage::ALL, Usage::name)?;
    let mut values = [0.0; RANGES.len()];
    for (index, ((least, most), value)) in RANGES.into_iter().zip(&mut values).enumerate() {
        *value = cells.number(NUMBERS + index, least, most)?;
    }
    let mut months = [0.0; 12];
    for (index, month) in months.iter_mut().enumerate() {
        *month = cells.number(NUMBERS + RANGES.len() + index, 0.0, MOST_OF_MONTH)?;
    }
    let rank = country_rank(&cells.text(COUNTRY), country)?;
    let [heating_setpoint, heating_setback, cooling_setpoint, cooling_setback, occupants, appliances, air, water] =
        values;
    let profile = UsageProfile {
        usage,
        heating_setpoint,
        heating_setback,
        cooling_setpoint,
        cooling_setback,
        occupant_gains: occupants,
        appliance_gains: appliances,
        ventilation: air,
        hot_water: water,
        days: days[usage as usize].clone().map(|(day, _)| day),
        months,
        source: cells.text(SOURCE),
    };
    if heating_setback > heating_setpoint || cooling_setback < cooling_setpoint || heating_setpoint > cooling_setpoint {
        let message = "setback, setpoint, cooling setpoint and cooling setback are to ascend".to_owned();
        return cells.problem("setpoints", NUMBERS, message);
    }
    match &found[usage as usize] {
        Some((known, _)) if *known == rank => cells.problem("repeated row", USAGE, "stands there twice".to_owned()),
        Some((known, _)) if *known < rank => Some(()),
        _ => {
            found[usage as usize] = Some((rank, profile));
            Some(())
        }
    }
}

fn read_hours(source: Source<'_>) -> Result<Days, Error> {
    let empty = DayProfile {
        occupants: [0.0; 24],
        appliances: [0.0; 24],
        ventilation: [0.0; 24],
        heating: [0.0; 24],
        cooling: [0.0; 24],
        hot_water: [0.0; 24],
    };
    let none_seen = [false; Quantity::ALL.len()];
    let mut days: Days = vec![[0; 3].map(|_| (empty.clone(), none_seen)); Usage::ALL.len()];
    let mut findings = Findings::new(source.file);
    let read = csv_table::read(source, DAY_HOURS, &mut findings, |row, layout, line, findings| {
        take_hours(&mut Cells::new(row, layout, line, findings), &mut days);
    });
    for usage in Usage::ALL {
        for (day, (_, seen)) in Day::ALL.iter().zip(&days[usage as usize]) {
            for quantity in Quantity::ALL {
                if read.is_ok() && findings.is_empty() && !seen[quantity as usize] {
                    let what = format!("{}, {}, {}", usage.name(), day.name(), quantity.name());
                    findings.push("missing hours", Problem::new(format!("the table has no row for {what}")));
                }
            }
        }
    }
    findings.conclude(read)?;
    Ok(days)
}

fn take_hours(cells: &mut Cells<'_, '_, '_>, days: &mut Days) -> Option<()> {
    let usage = cells.choice(HOURS_USAGE, &Usage::ALL, Usage::name)?;
    let day = cells.choice(DAY, &Day::ALL, Day::name)?;
    let quantity = cells.choice(QUANTITY, &Quantity::ALL, Quantity::name)?;
    let (least, most) = quantity.range();
    let mut hours = [0.0; 24];
    for (hour, value) in hours.iter_mut().enumerate() {
        *value = cells.number(HOURS + hour, least, most)?;
    }
    if quantity == Quantity::HotWater {
        let sum: f64 = hours.iter().sum();
        if sum != 0.0 && (sum - 1.0).abs() > SUM_TOLERANCE {
            return cells.problem("sum", QUANTITY, format!("the hours are to sum to 1, or be all 0, found {sum}"));
        }
        let scale = if sum == 0.0 { 0.0 } else { 1.0 / sum };
        hours = hours.map(|value| value * scale);
    }
    let (profile, seen) = &mut days[usage as usize][day as usize];
    if std::mem::replace(&mut seen[quantity as usize], true) {
        return cells.problem("repeated row", QUANTITY, "stands there twice for this use and day".to_owned());
    }
    *quantity.of(profile) = hours;
    Some(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn hours_of(value: &str) -> String {
        vec![value; 24].join(",")
    }

    fn hours_table() -> String {
        let mut text = String::from("usage,day,quantity");
        text.extend((0..24).map(|hour| format!(",h{hour:02}")));
        for usage in Usage::ALL {
            for day in Day::ALL {
                for quantity in Quantity::ALL {
                    let hours = hours_of("0");
                    text += &format!("\n{},{},{},{hours}", usage.name(), day.name(), quantity.name());
                }
            }
        }
        text
    }

    fn figures_table() -> String {
        let mut text = String::from(
            "country,usage,heating_setpoint,heating_setback,cooling_setpoint,cooling_setback,occupant_gains,appliance_gains,\
ventilation,hot_water,jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec,source",
        );
        for usage in Usage::ALL {
            text += &format!("\n,{},20,17,26,28,2,3,0.4,10,1,1,1,1,1,1,1,1,1,1,1,0.5,s", usage.name());
        }
        text
    }

    fn read_both(figures: &str, hours: &str) -> Result<Vec<UsageProfile>, Error> {
        let source = |file, text: &'static str| Source { file: Path::new(file), bytes: text.as_bytes() };
        let (figures, hours) = (figures.to_owned().leak(), hours.to_owned().leak());
        read_profiles(source("f.csv", figures), source("h.csv", hours), Some("NL"))
    }

    #[test]
    fn every_use_gets_its_profile_and_a_country_its_own() {
        let figures = figures_table() + "\nNL,residential,18,18,26,28,2,3,0.4,10,1,1,1,1,1,1,1,1,1,1,1,1,n";
        let profiles = read_both(&figures, &hours_table()).unwrap();
        assert_eq!(profiles.iter().map(|one| one.usage).collect::<Vec<_>>(), Usage::ALL);
        assert_eq!((profiles[0].heating_setpoint, profiles[1].heating_setpoint), (18.0, 20.0));
        assert_eq!(profiles[1].months[11], 0.5);
    }

    #[test]
    fn what_is_wrong_or_missing_is_told() {
        let (figures, hours) = (figures_table(), hours_table());
        let ones = hours.replacen(&format!("hot_water,{}", hours_of("0")), &format!("hot_water,{}", hours_of("1")), 1);
        let two = hours.replacen(&format!("occupants,{}", hours_of("0")), &format!("occupants,{}", hours_of("2")), 1);
        for (figures, hours, expected) in [
            (&figures, &ones, "h.csv:7: quantity: the hours are to sum to 1, or be all 0, found 24"),
            (&figures, &two, "h.csv:2: h00: expected 0 to 1, found \"2\""),
            (&figures, &hours.replacen("sunday", "saturday", 1), "h.csv:14: quantity: stands there twice"),
            (&figures.replacen(",20,17", ",16,17", 1), &hours, "f.csv:2: heating_setpoint: setback, setpoint"),
            (&figures.replacen("office", "school", 1), &hours, "f.csv:4: usage: stands there twice"),
        ] {
            let error = read_both(figures, hours).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
        let without = figures.lines().filter(|line| !line.contains("school")).collect::<Vec<_>>().join("\n");
        assert_eq!(read_both(&without, &hours).unwrap_err().to_string(), "f.csv: the table has no row for school");
        let without = hours.lines().take(144).collect::<Vec<_>>().join("\n");
        let expected = "h.csv: the table has no row for unheated, sunday, hot_water";
        assert_eq!(read_both(&figures, &without).unwrap_err().to_string(), expected);
    }
}
