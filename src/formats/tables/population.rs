//! Who lives where: `place,population` or `latitude,longitude,population`.

use super::{LATITUDES, LONGITUDES, name_of, number_or, number_within, report_repeated};
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::table::Layout;
use crate::formats::text::shown;

const PLACE: usize = 0;
const LATITUDE: usize = 1;
const LONGITUDE: usize = 2;
const POPULATION: usize = 3;
const COLUMNS: Columns = Columns::of(&["place", "latitude", "longitude", "population"], &[POPULATION]);

/// How many people live at a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Inhabitants {
    /// The place.
    pub place: InhabitedPlace,
    /// People, not below zero; a model's can be parts of one.
    pub people: f64,
}

/// A place by its name or by where it is.
#[derive(Debug, Clone, PartialEq)]
pub enum InhabitedPlace {
    /// By the name that a station or a location of the reference has; unique.
    Named(String),
    /// By where it is.
    At {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
    },
}

/// Reads the inhabitants of places in the order of the file; all places are named or none.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint: columns that name no place or two, places outside
/// the Earth, people that are no number or below zero, a name twice, no rows.
pub fn read_population(source: Source<'_>) -> Result<(Vec<Inhabitants>, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut rows: Vec<(Inhabitants, usize)> = Vec::new();
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let place = if layout.position(PLACE).is_some() {
            name_of(row, layout, PLACE, line, findings).map(InhabitedPlace::Named)
        } else if layout.position(LATITUDE).is_some() && layout.position(LONGITUDE).is_some() {
            let latitude = number_within(row, layout, (LATITUDE, LATITUDES), line, findings);
            let longitude = number_within(row, layout, (LONGITUDE, LONGITUDES), line, findings);
            latitude.zip(longitude).map(|(latitude, longitude)| InhabitedPlace::At { latitude, longitude })
        } else {
            // Told once, of the header.
            None
        };
        // Nobody lives where nothing is said.
        let people = number_or(row, layout, (POPULATION, 0.0), line, findings);
        if let (Some(place), Some(people)) = (place, people) {
            rows.push((Inhabitants { place, people }, line));
        }
    });
    let read = read.and_then(with_places);
    let names = rows.iter().filter_map(|(row, line)| match &row.place {
        InhabitedPlace::Named(name) => Some((&**name, *line)),
        InhabitedPlace::At { .. } => None,
    });
    report_repeated(names, &mut findings, |name| format!("the place {}", shown(name.as_bytes())));
    if rows.is_empty() && read.is_ok() && findings.is_empty() {
        let hint = "each row has a place, or latitude and longitude, and its population";
        findings.push("no rows", Problem::new("nobody lives anywhere").hint(hint));
    }
    let layout = findings.conclude(read)?;
    let warnings = csv_table::ignored_columns(source.file, &layout).into_iter().collect();
    Ok((rows.into_iter().map(|(row, _)| row).collect(), warnings))
}

/// The layout, if it has places by name or by where they are, not both.
fn with_places(layout: Layout) -> Result<Layout, Problem> {
    let has = |column| layout.position(column).is_some();
    let forms = "place,population or latitude,longitude,population";
    match (has(PLACE), has(LATITUDE), has(LONGITUDE)) {
        (true, false, false) | (false, true, true) => Ok(layout),
        (true, ..) => {
            let problem = Problem::new("places are told by name or by latitude and longitude, and the header has both");
            Err(problem.hint(format!("the columns are {forms}")))
        }
        (false, ..) => Err(Problem::new("the header tells no places").hint(format!("the columns are {forms}"))),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<(Vec<Inhabitants>, Vec<Warning>), String> {
        let source = Source { file: Path::new("p.csv"), bytes: text.as_bytes() };
        read_population(source).map_err(|error| error.to_string())
    }

    #[test]
    fn people_live_at_names_or_positions() {
        let (rows, warnings) = read("population,place,year\n1200.5,Amos,2020\n,Nowhere,2020\n").unwrap();
        let named = |name: &str, people| Inhabitants { place: InhabitedPlace::Named(name.to_owned()), people };
        assert_eq!(rows, [named("Amos", 1200.5), named("Nowhere", 0.0)]);
        assert_eq!(warnings.len(), 1);
        let (rows, warnings) = read("latitude,longitude,population\n52,-4.5,3\n52,-4.5,4\n").unwrap();
        let there = InhabitedPlace::At { latitude: 52.0, longitude: -4.5 };
        assert_eq!(rows.iter().map(|row| row.people).collect::<Vec<_>>(), [3.0, 4.0]);
        assert!(rows.iter().all(|row| row.place == there) && warnings.is_empty());
    }

    #[test]
    fn what_is_wrong_names_line_and_column() {
        let told = read("place,population\na,1\n,2\nb,-1\nc,inf\nd,x\na,1\n").unwrap_err();
        let expected = [
            "p.csv:3: place: expected a name, found nothing",
            "p.csv:4: population: expected a number not below zero, found \"-1\"",
            "p.csv:5: population: expected a finite number, found \"inf\"",
            "p.csv:6: population: expected a number, found \"x\"",
            "p.csv:7: the place \"a\" stands here and in line 2",
        ];
        assert_eq!(told, expected.join("\n"));
        let forms = "\n  hint: the columns are place,population or latitude,longitude,population";
        let both = "p.csv: places are told by name or by latitude and longitude, and the header has both";
        assert_eq!(read("place,latitude,population\na,1,1\n").unwrap_err(), format!("{both}{forms}"));
        let neither = format!("p.csv: the header tells no places{forms}");
        assert_eq!(read("latitude,population\n1,1\n").unwrap_err(), neither);
        assert_eq!(read("population\n1\n").unwrap_err(), neither);
        let none = "p.csv: nobody lives anywhere\n  hint: each row has a place, or latitude and longitude, and its \
                    population";
        assert_eq!(read("place,population\n").unwrap_err(), none);
        let outside = read("latitude,longitude,population\n90.1,nan,1\n").unwrap_err();
        assert!(outside.contains("latitude: expected a number from -90 to 90"), "{outside}");
        assert!(outside.contains("longitude: expected a finite number"), "{outside}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for header in ["place,population\n", "latitude,longitude,population\n"] {
                let text = [header.as_bytes(), &bytes].concat();
                if let Ok((rows, _)) = read_population(Source { file: Path::new("p.csv"), bytes: &text }) {
                    prop_assert!(rows.iter().all(|row| row.people >= 0.0 && row.people.is_finite()));
                }
            }
        }
    }
}
