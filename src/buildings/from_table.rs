//! Buildings of a table.

use super::notes::{Note, Notes};
use super::{Building, BuildingDefaults, Face, FaceKind, Households, Known, NET_FLOOR_SHARE, size_class};
use crate::error::Warning;
use crate::formats::tables::BuildingRow;

/// Makes a building of each row of a table, in its order, and tells what is assumed.
///
/// Of volume, storeys and floor area the one that is stated gives the others: storeys are the volume over ground area and
/// storey height, or the gross floor area over the ground area, at least one; the volume is storeys times storey height
/// times ground area; the floor area is storeys times ground area times [`NET_FLOOR_SHARE`].
pub fn from_table(rows: &[BuildingRow], defaults: &BuildingDefaults) -> (Vec<Building>, Vec<Warning>) {
    let mut notes = Notes::default();
    let buildings = rows.iter().map(|row| building(row, defaults, &mut notes)).collect();
    (buildings, notes.into_warnings())
}

fn building(row: &BuildingRow, defaults: &BuildingDefaults, notes: &mut Notes) -> Building {
    let storeys = match (row.storeys, row.floor_area, row.volume) {
        (Some(storeys), _, _) => Known::measured(storeys),
        (None, Some(area), _) => Known::estimated((area / NET_FLOOR_SHARE / row.ground_area).round().max(1.0)),
        (None, None, Some(volume)) => {
            Known::estimated((volume / row.ground_area / defaults.storey_height).round().max(1.0))
        }
        (None, None, None) => Known::default_of(1.0),
    };
    let gross = row.floor_area.map_or(storeys.value * row.ground_area, |area| area / NET_FLOOR_SHARE);
    let floor_area = match row.floor_area {
        Some(area) => Known::measured(area),
        None => Known::estimated(gross * NET_FLOOR_SHARE),
    };
    let wall_area = row.wall_areas.iter().sum::<f64>() + row.party_wall_area;
    let estimated_class = || size_class(floor_area.value, storeys.value, row.party_wall_area / wall_area);
    Building {
        id: row.id.clone(),
        faces: faces(row, notes),
        ground_area: row.ground_area,
        party_area: row.party_wall_area,
        volume: row.volume.unwrap_or(gross * defaults.storey_height),
        storeys,
        floor_area,
        year: row.year.map_or_else(
            || {
                notes.add(Note::NoYear, || row.id.clone());
                Known::default_of(defaults.year)
            },
            Known::measured,
        ),
        usage: row.usage.map_or_else(
            || {
                notes.add(Note::NoUse, || row.id.clone());
                Known::default_of(defaults.usage)
            },
            Known::measured,
        ),
        size_class: row.size_class.map_or_else(|| Known::estimated(estimated_class()), Known::measured),
        households: row
            .households
            .zip(row.income_per_household)
            .filter(|(count, _)| *count > 0.0)
            .map(|(count, income)| Households { count, income }),
    }
}

fn faces(row: &BuildingRow, notes: &mut Notes) -> Vec<Face> {
    let mut faces = Vec::new();
    let mut add = |kind, normal, area, window_area| {
        if area > 0.0 {
            faces.push(Face { kind, normal, area, window_area, surfaces: Vec::new() });
        }
    };
    let azimuth = |direction: usize| 90.0 * direction as f64 + row.orientation_deg;
    for (direction, (&area, &windows)) in row.wall_areas.iter().zip(&row.window_areas).enumerate() {
        add(FaceKind::Wall, normal(azimuth(direction), 90.0), area, windows);
    }
    for (direction, &area) in row.pitched_roof_areas.iter().enumerate() {
        add(FaceKind::Roof, normal(azimuth(direction), row.roof_tilt_deg), area, None);
    }
    let is_pitched = row.pitched_roof_areas.iter().any(|area| *area > 0.0);
    let flat = row.flat_roof_area.unwrap_or_else(|| {
        if is_pitched {
            return 0.0;
        }
        notes.add(Note::NoRoofArea, || row.id.clone());
        row.ground_area
    });
    add(FaceKind::Roof, [0.0, 0.0, 1.0], flat, None);
    faces
}

/// Unit vector of an azimuth clockwise from north and a tilt (°).
pub(super) fn normal(azimuth_deg: f64, tilt_deg: f64) -> [f64; 3] {
    let (azimuth, tilt) = (azimuth_deg.to_radians(), tilt_deg.to_radians());
    let up = if tilt_deg == 90.0 { 0.0 } else { libm::cos(tilt) };
    [libm::sin(tilt) * libm::sin(azimuth), libm::sin(tilt) * libm::cos(azimuth), up]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::buildings::{SizeClass, Usage};
    use crate::formats::Source;
    use crate::formats::tables::read_buildings;

    const DEFAULTS: BuildingDefaults = BuildingDefaults { year: 1970, usage: Usage::Residential, storey_height: 3.0 };
    const WALLS: &str = "wall_area_n_m2,wall_area_e_m2,wall_area_s_m2,wall_area_w_m2";

    fn read(text: &str) -> Result<(Vec<BuildingRow>, Vec<Warning>), String> {
        let source = Source { file: Path::new("b.csv"), bytes: text.as_bytes() };
        read_buildings(source).map_err(|error| error.to_string())
    }

    fn buildings(text: &str) -> (Vec<Building>, Vec<String>) {
        let (all, warnings) = from_table(&read(text).unwrap().0, &DEFAULTS);
        (all, warnings.into_iter().map(|warning| warning.code).collect())
    }

    #[test]
    fn a_full_row_is_taken_as_it_stands() {
        let text = format!(
            "id,year,use,size_class,storeys,floor_area_m2,ground_area_m2,volume_m3,party_wall_area_m2,{WALLS},\
             window_area_s_m2,roof_area_n_m2,roof_area_s_m2,roof_tilt_deg,orientation_deg,households,income_per_household\n\
             h 1,1965,winkelfunctie,th,2,110,70,420,80,30,0,30,0,12,45,45,40,30,2,41000\n"
        );
        let (rows, warnings) = read(&text).unwrap();
        assert!(warnings.is_empty());
        assert_eq!((rows[0].households, rows[0].income_per_household), (Some(2.0), Some(41000.0)));
        let (all, codes) = buildings(&text);
        assert!(codes.is_empty(), "{codes:?}");
        let building = &all[0];
        assert_eq!(
            (building.id.as_str(), building.year, building.usage),
            ("h 1", Known::measured(1965), Known::measured(Usage::Retail))
        );
        assert_eq!(
            (building.size_class, building.storeys),
            (Known::measured(SizeClass::Terraced), Known::measured(2.0))
        );
        assert_eq!((building.floor_area, building.volume, building.party_area), (Known::measured(110.0), 420.0, 80.0));
        assert_eq!(building.conditioned_floor_area(0.5), 110.0);
        assert_eq!(building.faces.iter().map(|face| face.area).collect::<Vec<_>>(), [30.0, 30.0, 45.0, 45.0]);
        assert_eq!(building.faces[1].window_area, Some(12.0));
        // South turned clockwise by 30° is azimuth 210°: half to the west.
        let [east, north, up] = building.faces[1].normal;
        assert!((east + 0.5).abs() < 1e-12 && (north + 0.75f64.sqrt()).abs() < 1e-12 && up == 0.0);
        // The northern roof at a tilt of 40°.
        let [east, north, up] = building.faces[2].normal;
        let (sine, cosine) = 40.0f64.to_radians().sin_cos();
        assert!((up - cosine).abs() < 1e-12 && (east - 0.5 * sine).abs() < 1e-12 && north > 0.0);
    }

    #[test]
    fn the_least_row_gets_the_rest_by_rule() {
        let (all, codes) = buildings(&format!("id,ground_area_m2,height_m,{WALLS}\na,100,8.6,86,86,86,86\n"));
        assert_eq!(codes, ["default_year", "default_use", "default_roof"]);
        let building = &all[0];
        assert_eq!((building.volume, building.storeys), (860.0, Known::estimated(3.0)));
        assert_eq!(building.floor_area, Known::estimated(255.0));
        assert_eq!(building.faces.last().unwrap().area, 100.0);
        assert_eq!(building.size_class, Known::estimated(SizeClass::SingleFamily));
        // 170 m² of 85 % are 200 m² gross, two storeys of 3 m.
        let (all, _) = buildings(&format!("id,ground_area_m2,floor_area_m2,{WALLS}\na,100,170,60,60,60,60\n"));
        assert_eq!((all[0].storeys, all[0].volume), (Known::estimated(2.0), 600.0));
        let (all, _) = buildings(&format!("id,ground_area_m2,storeys,{WALLS}\na,100,2,60,60,60,60\n"));
        assert_eq!((all[0].floor_area, all[0].volume), (Known::estimated(170.0), 600.0));
    }

    #[test]
    fn what_is_wrong_is_told_with_line_column_and_hint() {
        for (row, expected) in [
            (",1965,office,100,100,10,10,10,10,,", "b.csv:2: id: the building has no id"),
            (
                "a,65,office,100,100,10,10,10,10,,",
                "b.csv:2: year: expected a year from 1000 to 2100, found \"65\"\n  hint: leave it empty",
            ),
            (
                "a,,castle,100,100,10,10,10,10,,",
                "b.csv:2: use: expected a use, found \"castle\"\n  hint: uses are residential",
            ),
            ("a,,,0,100,10,10,10,10,,", "b.csv:2: floor_area_m2: expected a number above 0"),
            ("a,,,-5,100,10,10,10,10,,", "b.csv:2: floor_area_m2: expected a number not below zero, found \"-5\""),
            ("a,,,nan,100,10,10,10,10,,", "b.csv:2: floor_area_m2: expected a finite number"),
            (
                "a,,,1e9,100,10,10,10,10,,",
                "b.csv:2: floor_area_m2: expected at most 100000000, found \"1e9\"\n  hint: areas are in m²",
            ),
            (
                "a,,,,100,10,10,10,10,,",
                "b.csv:2: floor_area_m2: nothing tells the floor area\n  hint: give floor_area_m2",
            ),
            ("a,,,100,,10,10,10,10,,", "b.csv:2: ground_area_m2: the area on the ground is not given"),
            ("a,,,100,100,0,0,0,,,", "b.csv:2: wall_area_n_m2: the building has no walls"),
            ("a,,,100,100,10,10,10,10,11,", "b.csv:2: window_area_n_m2: windows are larger than their wall"),
            ("a,,,100,100,10,10,10,10,,50", "b.csv:2: roof_tilt_deg: the tilt of the pitched roofs is not given"),
        ] {
            let header = format!("id,year,use,floor_area_m2,ground_area_m2,{WALLS},window_area_n_m2,roof_area_s_m2");
            let error = read(&format!("{header}\n{row}\n")).unwrap_err();
            assert!(error.starts_with(expected), "{row}: {error}");
        }
        for (columns, row, expected) in [
            ("storeys", "201", "b.csv:2: storeys: expected a number above 0 and at most 200, found 201"),
            (
                "storeys,size_class",
                "2,villa",
                "b.csv:2: size_class: expected a size class, found \"villa\"\n  hint: size classes are SFH",
            ),
            ("storeys,roof_tilt_deg", "2,90", "b.csv:2: roof_tilt_deg: expected a tilt below 90°"),
            ("storeys,orientation_deg", "2,inf", "b.csv:2: orientation_deg: expected an angle"),
            ("floor_area_m2,height_m", "500,2", "b.csv:2: volume_m3: 200 m³ are too few for 500 m² of floors"),
        ] {
            let error = read(&format!("id,ground_area_m2,{WALLS},{columns}\na,100,10,10,10,10,{row}\n")).unwrap_err();
            assert!(error.starts_with(expected), "{row}: {error}");
        }
    }

    #[test]
    fn ids_stand_there_once_and_a_table_has_rows() {
        let header = format!("id,ground_area_m2,storeys,{WALLS}");
        let error = read(&format!("{header}\na,100,1,9,9,9,9\nb,100,1,9,9,9,9\na,100,1,9,9,9,9\n")).unwrap_err();
        assert_eq!(error, "b.csv:4: id: building \"a\" stands here and in line 2");
        assert_eq!(read(&format!("{header}\n")).unwrap_err(), "b.csv: the table has no buildings");
        assert!(read("id,ground_area_m2\n").unwrap_err().contains("the header lacks wall_area_n_m2"));
    }

    /// A number, seldom something else: a table whose rows are now and then right.
    fn field() -> impl Strategy<Value = String> {
        prop_oneof![30 => "[1-9][0-9]{0,2}", 3 => "", 1 => "(-?[0-9]{0,4}|nan|inf|1e[0-9]{1,3}|[a-z]{1,3}|\")"]
    }

    proptest! {
        #[test]
        fn a_building_is_right_or_refused(mut fields in proptest::collection::vec(field(), 23), year in "(1[0-9]{3}|)") {
            let header = "id,year,storeys,floor_area_m2,ground_area_m2,volume_m3,height_m,party_wall_area_m2,\
                wall_area_n_m2,wall_area_e_m2,wall_area_s_m2,wall_area_w_m2,window_area_n_m2,window_area_e_m2,\
                roof_area_m2,roof_area_n_m2,roof_area_e_m2,roof_area_s_m2,roof_area_w_m2,roof_tilt_deg,\
                orientation_deg,households,income_per_household";
            fields[1] = year;
            if let Ok((rows, _)) = read(&format!("{header}\n{}\n", fields.join(","))) {
                prop_assert_eq!(rows.len(), 1);
                for building in from_table(&rows, &DEFAULTS).0 {
                    prop_assert!(building.floor_area.value > 0.0 && building.floor_area.value.is_finite());
                    prop_assert!(building.volume > 0.0 && building.volume.is_finite() && building.storeys.value > 0.0);
                    prop_assert!(building.faces.iter().all(|face| face.area > 0.0 && face.area.is_finite()));
                    let lengths = building.faces.iter().map(|face| face.normal.iter().map(|one| one * one).sum::<f64>());
                    prop_assert!(lengths.into_iter().all(|length| (length - 1.0).abs() < 1e-12));
                    prop_assert!(building.faces.iter().any(|face| face.kind == FaceKind::Roof));
                }
            }
        }
    }
}
