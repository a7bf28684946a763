//! The table of buildings: what they are made of by use, size class and year.

use super::super::Source;
use super::super::cells::Cells;
use super::super::csv_table::{self, Columns, ignored_columns};
use super::super::findings::Findings;
use crate::archetypes::{Archetype, Construction, Mass, MassPlace, WindowKind};
use crate::buildings::{SizeClass, Usage};
use crate::error::{Error, Problem, Warning};

const CODE: usize = 0;
const USAGE: usize = 1;
const SIZE_CLASS: usize = 2;
const FIRST_YEAR: usize = 3;
const LAST_YEAR: usize = 4;
const WALL_MASS: usize = 5;
const ROOF_MASS: usize = 6;
const FLOOR_MASS: usize = 7;
const INSIDE_MASS: usize = 8;
const SOURCE: usize = 9;
/// Place of the first number among the wanted columns.
const NUMBERS: usize = 10;
const ROOM_HEIGHT: usize = NUMBERS + RANGES.len() - 1;
const WANTED: [&str; NUMBERS + RANGES.len()] = [
    "code",
    "usage",
    "size_class",
    "first_year",
    "last_year",
    "wall_mass",
    "roof_mass",
    "floor_mass",
    "inside_mass",
    "source",
    "wall_u",
    "wall_adjustment",
    "wall_capacity_kj",
    "roof_u",
    "roof_adjustment",
    "roof_capacity_kj",
    "floor_u",
    "floor_adjustment",
    "floor_capacity_kj",
    "inside_capacity_kj",
    "window_u",
    "window_g",
    "window_frame_share",
    "window_share_north",
    "window_share_east",
    "window_share_south",
    "window_share_west",
    "roof_window_share",
    "thermal_bridges",
    "infiltration",
    "inside_area_per_floor_area",
    "air_capacity_kj",
    "storey_height",
    "net_floor_share",
    "room_height",
];
const NEEDED: [usize; WANTED.len()] = {
    let mut all = [0; WANTED.len()];
    let mut column = 0;
    while column < all.len() {
        all[column] = column;
        column += 1;
    }
    all
};
const COLUMNS: Columns = Columns::of(&WANTED, &NEEDED);

const U: (f64, f64) = (0.05, 7.0);
const SHARE: (f64, f64) = (0.0, 1.0);
const CAPACITY_KJ: (f64, f64) = (0.0, 2000.0);
const GLASS: (f64, f64) = (0.0, 0.95);
const HEIGHT: (f64, f64) = (1.5, 30.0);
/// Least and most of each number, in the order of the columns.
const RANGES: [(f64, f64); 25] = [
    U,
    SHARE,
    CAPACITY_KJ,
    U,
    SHARE,
    CAPACITY_KJ,
    U,
    SHARE,
    CAPACITY_KJ,
    CAPACITY_KJ,
    U,
    (0.1, 0.95),
    (0.0, 0.9),
    GLASS,
    GLASS,
    GLASS,
    GLASS,
    GLASS,
    (0.0, 0.5),
    (0.0, 10.0),
    (0.0, 20.0),
    (0.0, 1000.0),
    HEIGHT,
    (0.2, 1.0),
    HEIGHT,
];
const JOULES_PER_KILOJOULE: f64 = 1000.0;

/// Reads a table of archetypes: `.csv`, also with `.gz`.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint: values that are missing or no building has, names that are
/// not known, two rows for one use, size class and year.
pub fn read_archetypes(source: Source<'_>) -> Result<(Vec<Archetype>, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut rows: Vec<(Archetype, usize)> = Vec::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        rows.extend(archetype(&mut Cells::new(row, layout, line, findings)).map(|archetype| (archetype, line)));
    });
    if read.is_ok() && rows.is_empty() && findings.is_empty() {
        findings.push("empty", Problem::new("the table has no rows"));
    }
    report_overlaps(&rows, &mut findings);
    let layout = findings.conclude(read)?;
    let warnings = ignored_columns(source.file, &layout).into_iter().collect();
    Ok((rows.into_iter().map(|(archetype, _)| archetype).collect(), warnings))
}

fn archetype(cells: &mut Cells<'_, '_, '_>) -> Option<Archetype> {
    let usage = cells.choice(USAGE, &Usage::ALL, Usage::name);
    let size_class = match cells.optional_text(SIZE_CLASS) {
        None => Some(None),
        Some(_) => cells.choice(SIZE_CLASS, &SizeClass::ALL, SizeClass::name).map(Some),
    };
    let places = [WALL_MASS, ROOF_MASS, FLOOR_MASS, INSIDE_MASS]
        .map(|column| cells.choice(column, &MassPlace::ALL, MassPlace::name));
    let years = (cells.year(FIRST_YEAR), cells.year(LAST_YEAR));
    let mut values = [0.0; RANGES.len()];
    let mut is_complete = true;
    for (index, ((least, most), value)) in RANGES.into_iter().zip(&mut values).enumerate() {
        match cells.number(NUMBERS + index, least, most) {
            Some(number) => *value = number,
            None => is_complete = false,
        }
    }
    let [wall, roof, floor, inside] = places;
    let (usage, size_class, places) = (usage?, size_class?, [wall?, roof?, floor?, inside?]);
    let years = (years.0?, years.1?);
    if years.0 > years.1 {
        return cells.problem("years", LAST_YEAR, format!("{} comes before first_year {}", years.1, years.0));
    }
    let archetype = is_complete.then(|| build(cells, usage, size_class, years, places, values))?;
    if archetype.room_height > archetype.storey_height {
        return cells.problem("heights", ROOM_HEIGHT, "rooms are higher than their storey".to_owned());
    }
    Some(archetype)
}

fn build(
    cells: &Cells<'_, '_, '_>,
    usage: Usage,
    size_class: Option<SizeClass>,
    (first_year, last_year): (i32, i32),
    [wall, roof, floor, inside]: [MassPlace; 4],
    values: [f64; RANGES.len()],
) -> Archetype {
    let mut values = values.into_iter();
    let mut next = || values.next().expect("there is a value for each column");
    let mut outer = |place| Construction {
        u: next(),
        adjustment: next(),
        mass: Mass::Class { capacity: next() * JOULES_PER_KILOJOULE, place },
    };
    let (wall, roof, floor) = (outer(wall), outer(roof), outer(floor));
    let mass = Mass::Class { capacity: next() * JOULES_PER_KILOJOULE, place: inside };
    Archetype {
        code: cells.text(CODE),
        first_year,
        last_year,
        usage,
        size_class,
        wall,
        roof,
        floor,
        inside: Construction { u: 0.0, adjustment: 0.0, mass },
        window: WindowKind { u: next(), g: next(), frame_share: next() },
        window_share: [next(), next(), next(), next()],
        roof_window_share: next(),
        thermal_bridges: next(),
        infiltration: next(),
        inside_area_per_floor_area: next(),
        air_capacity: next() * JOULES_PER_KILOJOULE,
        storey_height: next(),
        net_floor_share: next(),
        room_height: next(),
        source: cells.text(SOURCE),
    }
}

/// Two rows for one building leave open which one counts.
fn report_overlaps(rows: &[(Archetype, usize)], findings: &mut Findings<'_>) {
    let mut order: Vec<&(Archetype, usize)> = rows.iter().collect();
    order.sort_by_key(|(one, line)| (one.usage, one.size_class, one.first_year, *line));
    for pair in order.windows(2) {
        let ((before, before_line), (after, line)) = (pair[0], pair[1]);
        let is_same = before.usage == after.usage && before.size_class == after.size_class;
        if is_same && after.first_year <= before.last_year {
            findings.at("years that overlap", *line, || {
                let message = format!("{} overlaps with {} of line {before_line}", after.code, before.code);
                Problem::new(message).hint("rows of one use and size class are to have years of their own")
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    const ROW: &str = "X.1,office,,1950,1980,D,I,E,M,by hand,1.5,1,200,0.4,0.9,50,0.8,0.5,300,110,2.8,0.75,0.3,0.1,0.2,0.3,0.25,0,0.1,0.2,2.5,10,2.9,0.85,2.5";

    fn read_rows(rows: &[String]) -> Result<Vec<Archetype>, Error> {
        let text = format!("{}\n{}\n", WANTED.join(","), rows.join("\n"));
        read_archetypes(Source { file: Path::new("a.csv"), bytes: text.as_bytes() }).map(|(rows, _)| rows)
    }

    #[test]
    fn a_row_becomes_an_archetype_in_si_units() {
        let archetype = read_rows(&[ROW.to_owned()]).unwrap().remove(0);
        assert_eq!((archetype.usage, archetype.size_class), (Usage::Office, None));
        assert_eq!((archetype.wall.u, archetype.roof.adjustment, archetype.floor.u), (1.5, 0.9, 0.8));
        assert_eq!(archetype.floor.mass, Mass::Class { capacity: 300_000.0, place: MassPlace::Outside });
        assert_eq!(archetype.inside.mass, Mass::Class { capacity: 110_000.0, place: MassPlace::Middle });
        assert_eq!(archetype.window_share, [0.1, 0.2, 0.3, 0.25]);
        assert_eq!((archetype.air_capacity, archetype.room_height), (10_000.0, 2.5));
    }

    #[test]
    fn what_no_building_has_is_told_with_line_and_column() {
        for (from, to, expected) in [
            (",1.5,1,200", ",15,1,200", "a.csv:2: wall_u: expected 0.05 to 7, found \"15\""),
            (",1.5,1,200", ",nan,1,200", "a.csv:2: wall_u: expected a finite number, found \"nan\""),
            (",1.5,1,200", ",,1,200", "a.csv:2: wall_u: expected a number, found nothing"),
            ("office", "palace", "a.csv:2: usage: expected one of residential, office"),
            (",,1950", ",XL,1950", "a.csv:2: size_class: expected one of SFH, TH, MFH, AB, found \"XL\""),
            (",D,I", ",Q,I", "a.csv:2: wall_mass: expected one of I, E, IE, D, M, found \"Q\""),
            ("1980", "1940", "a.csv:2: last_year: 1940 comes before first_year 1950"),
            ("1950", "-5", "a.csv:2: first_year: expected a year from 0 to 9999"),
            ("0.85,2.5", "0.85,3.5", "a.csv:2: room_height: rooms are higher than their storey"),
        ] {
            let error = read_rows(&[ROW.replacen(from, to, 1)]).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn rows_that_overlap_and_tables_without_rows_are_refused() {
        let error = read_rows(&[ROW.to_owned(), ROW.replace("1950,1980", "1980,1990")]).unwrap_err().to_string();
        assert!(error.starts_with("a.csv:3: X.1 overlaps with X.1 of line 2"), "{error}");
        assert!(read_rows(&[ROW.to_owned(), ROW.replace("1950,1980", "1981,1990")]).is_ok());
        assert!(read_rows(&[ROW.to_owned(), ROW.replace("office", "retail")]).is_ok());
        assert_eq!(read_rows(&[]).unwrap_err().to_string(), "a.csv: the table has no rows");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn damaged_tables_give_problems_or_finite_values(
            changes in proptest::collection::vec((0_usize..1 << 12, any::<u8>()), 1..6),
        ) {
            let mut bytes = format!("{}\n{ROW}\n", WANTED.join(",")).into_bytes();
            let length = bytes.len();
            for (place, byte) in changes {
                bytes[place % length] = byte;
            }
            if let Ok((rows, _)) = read_archetypes(Source { file: Path::new("a.csv"), bytes: &bytes }) {
                let row = &rows[0];
                let numbers = [row.wall.u, row.roof.u, row.floor.u, row.window.u, row.infiltration, row.room_height];
                prop_assert!(numbers.iter().all(|value| value.is_finite() && *value >= 0.0), "{numbers:?}");
            }
        }
    }
}
