//! The tables together, each found by the name of its file.

use super::super::Source;
use super::super::cells::Cells;
use super::super::csv_table;
use super::super::findings::Findings;
use super::rows::{BoundaryCondition, Construction, Measure, TableRow, UClass, WindowClass, YearClass};
use crate::error::{Error, Problem};

/// Names of the files that are read, without what may stand before and without `.csv` or `.csv.gz`.
pub const FILES: [&str; 6] =
    ["year_classes", "u_class_defaults", "u_class_windows", "boundary_conditions", "constructions", "measures"];

/// What the tables hold, rows in file order.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tabula {
    /// Classes of years.
    pub year_classes: Vec<YearClass>,
    /// U-values by class of years.
    pub u_classes: Vec<UClass>,
    /// Windows by year.
    pub windows: Vec<WindowClass>,
    /// How dwellings are used.
    pub boundary_conditions: Vec<BoundaryCondition>,
    /// Constructions.
    pub constructions: Vec<Construction>,
    /// Measures.
    pub measures: Vec<Measure>,
}

/// Reads the tables; files of other names are left alone.
///
/// # Errors
/// A table that is missing or there twice, and everything wrong with each, with line and column.
pub fn read_tabula(sources: &[Source<'_>]) -> Result<Tabula, Error> {
    Ok(Tabula {
        year_classes: read(named(sources, FILES[0])?)?,
        u_classes: read(named(sources, FILES[1])?)?,
        windows: read(named(sources, FILES[2])?)?,
        boundary_conditions: read(named(sources, FILES[3])?)?,
        constructions: read(named(sources, FILES[4])?)?,
        measures: read(named(sources, FILES[5])?)?,
    })
}

/// The one file of a name.
fn named<'a>(sources: &[Source<'a>], name: &str) -> Result<Source<'a>, Problem> {
    let is_it = |source: &&Source<'_>| {
        let file = source.file.file_name().map(|file| file.to_string_lossy().to_lowercase()).unwrap_or_default();
        let file = file.strip_suffix(".gz").unwrap_or(&file);
        file.strip_suffix(".csv").is_some_and(|stem| stem.strip_prefix("tabula_").unwrap_or(stem) == name)
    };
    let mut found = sources.iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(source), None) => Ok(*source),
        (Some(_), Some(second)) => {
            Err(Problem::new(format!("another file holds the TABULA table {name} too")).in_file(second.file))
        }
        (None, _) => Err(Problem::new(format!("the TABULA table {name} is missing"))
            .hint(format!("expected tabula_{name}.csv beside the other tables"))),
    }
}

fn read<T: TableRow>(source: Source<'_>) -> Result<Vec<T>, Error> {
    let mut findings = Findings::new(source.file);
    let mut rows = Vec::new();
    let read = csv_table::read(source, T::COLUMNS, &mut findings, |row, layout, line, findings| {
        rows.extend(T::take(&mut Cells::new(row, layout, line, findings)));
    });
    findings.conclude(read)?;
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn values_that_are_not_there_are_none() {
        let text = "Code_Country,Code_ConstructionYearClass,U_Class_Roof_Default,U_Class_UpperCeiling_Default,U_Class_Wall_Default,\
U_Class_Floor_Default\nNL,NL.01,1.5,#N/A,,-\n";
        let rows: Vec<UClass> = read(Source { file: Path::new("u.csv"), bytes: text.as_bytes() }).unwrap();
        assert_eq!((rows[0].roof, rows[0].upper_ceiling, rows[0].wall, rows[0].floor), (Some(1.5), None, None, None));
    }

    #[test]
    fn what_is_wrong_names_line_and_column() {
        let header =
            "Code_ConstructionYearClass,Code_Country,ConstructionYearClass_FirstYear,ConstructionYearClass_LastYear";
        for (text, expected) in [
            (format!("{header}\nA,B,x,2\n"), "y.csv:2: constructionyearclass_firstyear: expected a year"),
            (format!("{header}\nA,B,1990,1980\n"), "y.csv:2: constructionyearclass_lastyear: 1980 comes before"),
            (header.replace("Code_Country", "Land"), "y.csv:1: the header lacks code_country"),
            (String::new(), "y.csv: the file has no header line"),
        ] {
            let source = Source { file: Path::new("y.csv"), bytes: text.as_bytes() };
            let error = read::<YearClass>(source).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }

    #[test]
    fn tables_are_found_by_name() {
        let of = |names: &[&'static str]| -> Vec<Source<'static>> {
            names.iter().map(|name| Source { file: Path::new(*name), bytes: b"" }).collect()
        };
        let found = named(&of(&["a/tabula_u_class_windows.csv", "a/TABULA_measures.csv.gz"]), "measures").unwrap();
        assert_eq!(found.file, Path::new("a/TABULA_measures.csv.gz"));
        let error = named(&of(&["measures.csv", "tabula_measures.csv"]), "measures").unwrap_err().to_string();
        assert_eq!(error, "tabula_measures.csv: another file holds the TABULA table measures too");
        let error = named(&of(&["tabula_u_class_windows.csv"]), "measures").unwrap_err().to_string();
        assert!(error.starts_with("the TABULA table measures is missing"), "{error}");
    }
}
