//! Places that a climate is brought to: `station,latitude,longitude,elevation_m` and a column for each covariate.

use super::{LATITUDES, LONGITUDES, name_of, number_within, report_repeated};
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::table::Layout;
use crate::formats::text::{finite, shown};

const STATION: usize = 0;
const LATITUDE: usize = 1;
const LONGITUDE: usize = 2;
const ELEVATION: usize = 3;
const COLUMNS: Columns =
    Columns::of(&["station", "latitude", "longitude", "elevation_m"], &[STATION, LATITUDE, LONGITUDE, ELEVATION]);
/// From the shore of the Dead Sea to above all mountains (m).
const ELEVATIONS: [f64; 2] = [-500.0, 9000.0];

/// A place with what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Station {
    /// Its name, unique.
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// Metres above sea level.
    pub elevation_m: f64,
    /// Values of the covariates, in the order in which they were asked for.
    pub covariates: Vec<f64>,
}

/// Reads places in the order of the file, with the columns of these covariates, upper and lower case alike.
///
/// # Errors
/// Everything wrong with the file, each with line, column and hint: a column that is missing or there twice, places
/// outside the Earth, numbers that are none, a name twice, no rows.
pub fn read_stations(source: Source<'_>, covariates: &[&str]) -> Result<(Vec<Station>, Vec<Warning>), Error> {
    let mut findings = Findings::new(source.file);
    let mut rows: Vec<(Station, usize)> = Vec::new();
    let mut positions: Option<Vec<usize>> = None;
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, line, findings| {
        let within =
            |column, range, findings: &mut Findings<'_>| number_within(row, layout, (column, range), line, findings);
        let name = name_of(row, layout, STATION, line, findings);
        let latitude = within(LATITUDE, LATITUDES, findings);
        let longitude = within(LONGITUDE, LONGITUDES, findings);
        let elevation = within(ELEVATION, ELEVATIONS, findings);
        // A column that is missing or there twice is told once, below.
        let positions = positions.get_or_insert_with(|| {
            let first = |name: &&str| layout.positions_named(&in_header(name)).first().copied();
            covariates.iter().filter_map(first).collect()
        });
        let mut values = Vec::with_capacity(positions.len());
        for (position, covariate) in positions.iter().zip(covariates) {
            match finite(row.field(*position)) {
                Ok(value) => values.push(value),
                Err(fault) => findings.at(fault.kind(), line, || fault.problem(covariate, row.field(*position))),
            }
        }
        if let (Some(name), Some(latitude), Some(longitude), Some(elevation_m)) = (name, latitude, longitude, elevation)
        {
            rows.push((Station { name, latitude, longitude, elevation_m, covariates: values }, line));
        }
    });
    let read = read.and_then(|layout| with_covariates(layout, covariates));
    report_repeated(rows.iter().map(|(row, line)| (&*row.name, *line)), &mut findings, |name| {
        format!("the station {}", shown(name.as_bytes()))
    });
    if rows.is_empty() && read.is_ok() && findings.is_empty() {
        let hint = "each row has a station, latitude, longitude and elevation_m";
        findings.push("no rows", Problem::new("there are no stations").hint(hint));
    }
    let layout = findings.conclude(read)?;
    let warnings = csv_table::ignored_columns(source.file, &layout).into_iter().collect();
    Ok((rows.into_iter().map(|(row, _)| row).collect(), warnings))
}

/// A name as headers have it.
fn in_header(name: &str) -> String {
    name.trim().to_lowercase()
}

/// The layout without the covariates among the columns that are not used, if each is there once.
fn with_covariates(mut layout: Layout, covariates: &[&str]) -> Result<Layout, Problem> {
    for name in covariates {
        match layout.positions_named(&in_header(name)).len() {
            0 => {
                let problem = Problem::new(format!("the header lacks the covariate {}", shown(name.as_bytes())));
                return Err(match layout.ignored.as_slice() {
                    [] => problem.hint("each covariate of the scenario has a column"),
                    others => problem.hint(format!("other columns are {}", others.join(", "))),
                });
            }
            1 => {}
            _ => return Err(Problem::new("this column stands there twice").of_key(in_header(name))),
        }
    }
    layout.ignored.retain(|column| !covariates.iter().any(|name| in_header(name) == *column));
    Ok(layout)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str, covariates: &[&str]) -> Result<(Vec<Station>, Vec<Warning>), String> {
        let source = Source { file: Path::new("s.csv"), bytes: text.as_bytes() };
        read_stations(source, covariates).map_err(|error| error.to_string())
    }

    #[test]
    fn stations_have_places_and_covariates_in_the_order_asked_for() {
        let text = "trees,station,elevation_m,Sealed,latitude,longitude,note\n\
                    0.25,\"Town, hall\",12,0.9,52.01,4.36,x\n0.5,Park,-2.5,0.1,-33,359.5,\n";
        let (stations, warnings) = read(text, &["sealed", "Trees"]).unwrap();
        let hall = Station {
            name: "Town, hall".to_owned(),
            latitude: 52.01,
            longitude: 4.36,
            elevation_m: 12.0,
            covariates: vec![0.9, 0.25],
        };
        assert_eq!(stations[0], hall);
        assert_eq!((&*stations[1].name, &stations[1].covariates[..]), ("Park", &[0.1, 0.5][..]));
        assert_eq!((stations[1].latitude, stations[1].longitude, stations[1].elevation_m), (-33.0, 359.5, -2.5));
        assert_eq!(warnings.len(), 1);
        assert!(warnings[0].message.ends_with("not used: note"), "{}", warnings[0].message);
        let (_, warnings) = read(text, &[]).unwrap();
        assert!(warnings[0].message.ends_with("not used: trees, sealed, note"), "{}", warnings[0].message);
    }

    #[test]
    fn what_is_wrong_names_line_and_column() {
        let header = "station,latitude,longitude,elevation_m,sealed\n";
        let told =
            read(&format!("{header}a,91,4,0,1\n,52,-181,0,1\nb,x,4,9001,nan\nc,1,1,1,1\nc,1,1,1,\n"), &["sealed"]);
        let expected = [
            "s.csv:2: latitude: expected a number from -90 to 90, found \"91\"",
            "s.csv:3: station: expected a name, found nothing",
            "s.csv:3: longitude: expected a number from -180 to 360, found \"-181\"",
            "s.csv:4: latitude: expected a number, found \"x\"",
            "s.csv:4: elevation_m: expected a number from -500 to 9000, found \"9001\"",
            "s.csv:4: sealed: expected a finite number, found \"nan\"",
            "s.csv:6: sealed: expected a number, found nothing",
            "s.csv:6: the station \"c\" stands here and in line 5",
        ];
        assert_eq!(told.unwrap_err(), expected.join("\n"));
        let lacks = "s.csv: the header lacks the covariate \"trees\"\n  hint: other columns are sealed";
        assert_eq!(read(&format!("{header}a,1,1,1,1\n"), &["trees"]).unwrap_err(), lacks);
        let twice = "station,latitude,longitude,elevation_m,a,A\ns,1,1,1,1,2\n";
        assert_eq!(read(twice, &["a"]).unwrap_err(), "s.csv: a: this column stands there twice");
        let none = "s.csv: there are no stations\n  hint: each row has a station, latitude, longitude and elevation_m";
        assert_eq!(read(header, &[]).unwrap_err(), none);
        assert!(read("station,latitude\na,1\n", &[]).unwrap_err().contains("the header lacks longitude, elevation_m"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let mut text = b"station,latitude,longitude,elevation_m,a\n".to_vec();
            text.extend(bytes);
            let source = Source { file: Path::new("s.csv"), bytes: &text };
            if let Ok((rows, _)) = read_stations(source, &["a"]) {
                prop_assert!(rows.iter().all(|row| row.covariates.len() == 1 && row.covariates[0].is_finite()));
            }
        }
    }
}
