//! The table of what measures make of a building.

use super::super::Source;
use super::super::cells::Cells;
use super::super::csv_table::{self, Columns};
use super::super::findings::Findings;
use super::country_rank;
use crate::archetypes::{MeasureEffects, WindowKind};
use crate::error::{Error, Problem};

const COUNTRY: usize = 0;
const QUANTITY: usize = 1;
const STANDARD: usize = 2;
const AMBITIOUS: usize = 3;
const SOURCE: usize = 4;
const COLUMNS: Columns =
    Columns::of(&["country", "quantity", "standard", "ambitious", "source"], &[COUNTRY, QUANTITY, STANDARD, AMBITIOUS]);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantity {
    WallResistance,
    RoofResistance,
    FloorResistance,
    WindowU,
    WindowG,
    WindowFrameShare,
    Infiltration,
    HeatRecovery,
    PvRoofShare,
    HeatPumpFlow,
}

impl Quantity {
    const ALL: [Quantity; 10] = [
        Quantity::WallResistance,
        Quantity::RoofResistance,
        Quantity::FloorResistance,
        Quantity::WindowU,
        Quantity::WindowG,
        Quantity::WindowFrameShare,
        Quantity::Infiltration,
        Quantity::HeatRecovery,
        Quantity::PvRoofShare,
        Quantity::HeatPumpFlow,
    ];

    /// Name in the table, least and most.
    fn described(self) -> (&'static str, f64, f64) {
        match self {
            Quantity::WallResistance => ("wall_resistance", 0.0, 30.0),
            Quantity::RoofResistance => ("roof_resistance", 0.0, 30.0),
            Quantity::FloorResistance => ("floor_resistance", 0.0, 30.0),
            Quantity::WindowU => ("window_u", 0.3, 7.0),
            Quantity::WindowG => ("window_g", 0.1, 0.95),
            Quantity::WindowFrameShare => ("window_frame_share", 0.0, 0.9),
            Quantity::Infiltration => ("infiltration", 0.0, 10.0),
            Quantity::HeatRecovery => ("heat_recovery", 0.0, 1.0),
            Quantity::PvRoofShare => ("pv_roof_share", 0.0, 1.0),
            Quantity::HeatPumpFlow => ("heat_pump_flow_c", 20.0, 80.0),
        }
    }
    fn name(self) -> &'static str {
        self.described().0
    }
}

/// What counts for a quantity so far.
#[derive(Clone, Default)]
struct Entry {
    rank: Option<u8>,
    values: [f64; 2],
    source: String,
}

/// Reads the table of measures for a country; rows without a country count where it has none of its own.
///
/// # Errors
/// Everything wrong with the file, a quantity that is missing included.
pub fn read_measures(source: Source<'_>, country: Option<&str>) -> Result<MeasureEffects, Error> {
    let mut findings = Findings::new(source.file);
    let mut entries = vec![Entry::default(); Quantity::ALL.len()];
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        take_row(&mut Cells::new(row, layout, line, findings), country, &mut entries);
    });
    for quantity in Quantity::ALL {
        if read.is_ok() && findings.is_empty() && entries[quantity as usize].rank.is_none() {
            findings.push("missing quantity", Problem::new("the table has no row for it").of_key(quantity.name()));
        }
    }
    findings.conclude(read)?;
    let of = |quantity: Quantity| entries[quantity as usize].values;
    let (u, g, frame) = (of(Quantity::WindowU), of(Quantity::WindowG), of(Quantity::WindowFrameShare));
    let sources: Vec<String> =
        Quantity::ALL.iter().map(|one| format!("{}: {}", one.name(), entries[*one as usize].source)).collect();
    Ok(MeasureEffects {
        wall_resistance: of(Quantity::WallResistance),
        roof_resistance: of(Quantity::RoofResistance),
        floor_resistance: of(Quantity::FloorResistance),
        window: [0, 1].map(|level| WindowKind { u: u[level], g: g[level], frame_share: frame[level] }),
        infiltration: of(Quantity::Infiltration),
        heat_recovery: of(Quantity::HeatRecovery),
        pv_roof_share: of(Quantity::PvRoofShare),
        heat_pump_flow_c: of(Quantity::HeatPumpFlow),
        source: sources.join("; "),
    })
}

fn take_row(cells: &mut Cells<'_, '_, '_>, country: Option<&str>, entries: &mut [Entry]) -> Option<()> {
    let quantity = cells.choice(QUANTITY, &Quantity::ALL, Quantity::name)?;
    let (_, least, most) = quantity.described();
    let values = [cells.number(STANDARD, least, most), cells.number(AMBITIOUS, least, most)];
    let values = [values[0]?, values[1]?];
    let rank = country_rank(&cells.text(COUNTRY), country)?;
    let entry = &mut entries[quantity as usize];
    match entry.rank {
        Some(known) if known == rank => cells.problem("repeated row", QUANTITY, "stands there twice".to_owned()),
        Some(known) if known < rank => Some(()),
        _ => {
            *entry = Entry { rank: Some(rank), values, source: cells.text(SOURCE) };
            Some(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn read_text(rows: &str) -> Result<MeasureEffects, Error> {
        let text = format!("country,quantity,standard,ambitious,source\n{rows}");
        read_measures(Source { file: Path::new("m.csv"), bytes: text.as_bytes() }, Some("NL"))
    }

    fn complete() -> String {
        Quantity::ALL.iter().map(|one| format!(",{0},{1},{1},s\n", one.name(), one.described().2)).collect()
    }

    #[test]
    fn rows_of_the_country_go_before_those_of_all() {
        let effects = read_text(&format!("NL,window_u,1.8,1,a\nDE,window_u,9,9,b\n{}", complete())).unwrap_err();
        assert!(
            effects.to_string().starts_with("m.csv:3: window_u") || effects.to_string().contains("expected 0.3 to 7")
        );
        let effects = read_text(&format!("NL,window_u,1.8,1,a\nDE,window_u,3,2,b\n{}", complete())).unwrap();
        assert_eq!([effects.window[0].u, effects.window[1].u], [1.8, 1.0]);
        assert_eq!(effects.heat_pump_flow_c, [80.0, 80.0]);
    }

    #[test]
    fn what_is_missing_or_repeated_is_told() {
        let error = read_text("").unwrap_err().to_string();
        assert!(error.starts_with("m.csv: wall_resistance: the table has no row for it"), "{error}");
        let error = read_text(&format!("{0},window_u,2,1,s\n", complete())).unwrap_err().to_string();
        assert!(error.starts_with("m.csv:12: quantity: stands there twice"), "{error}");
    }
}
