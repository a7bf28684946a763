//! Archetypes from the published tables as they are: TABULA (IWU, CC BY 4.0) of all countries, TEASER (MIT) layers.
//!
//! Sources and digests: `docs/reference-data.md`. Values compared with are those of the tables, copied by hand.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::path::{Path, PathBuf};

use conurb::archetypes::{Archetype, Archetypes, Mass};
use conurb::buildings::{SizeClass, Usage};
use conurb::error::{Error, Warning};
use conurb::formats::Source;
use conurb::formats::tabula::FILES;
use conurb::formats::teaser::{ElementKind, TypeElements, read_teaser};
use conurb::scenario::Country;

/// Largest deviation of a U-value of layers from that of the element they stand for: TEASER picks whole layers that come close.
const MOST_OF_LAYERS: f64 = 0.25;
/// The same of walls in the median.
const MEDIAN_OF_WALLS: f64 = 0.05;

fn tabula(country: &str) -> Option<Result<(Archetypes, Vec<Warning>), Error>> {
    let folder = common::data_dir()?.join("energy/archetypes");
    let files: Vec<(PathBuf, Vec<u8>)> = FILES
        .iter()
        .map(|name| folder.join(format!("tabula_{name}.csv")))
        .map(|path| (path.clone(), std::fs::read(path).unwrap()))
        .collect();
    let sources: Vec<Source<'_>> = files.iter().map(|(file, bytes)| Source { file, bytes }).collect();
    Some(Archetypes::from_tabula(&sources, country))
}

fn teaser() -> Option<TypeElements> {
    let folder = common::data_dir()?.join("energy/teaser");
    let [materials, elements] = ["MaterialTemplates.json", "TypeElements_TABULA_DE.json"].map(|name| {
        let path = folder.join(name);
        (path.clone(), std::fs::read(path).unwrap())
    });
    let source = |(file, bytes): &'static (PathBuf, Vec<u8>)| Source { file: file.as_path(), bytes };
    let (materials, elements): (&'static _, &'static _) =
        (Box::leak(Box::new(materials)), Box::leak(Box::new(elements)));
    Some(read_teaser(source(materials), source(elements)).unwrap())
}

fn house(archetypes: &Archetypes, year: i32) -> &Archetype {
    archetypes.find(Usage::Residential, SizeClass::SingleFamily, year).unwrap()
}

/// Year, wall, roof and floor of `tabula_u_class_defaults.csv` (DE.Gen) and `tabula_constructions.csv` (NL.*.ReEx; of the four
/// walls up to 1964, 0.892857, 1.05263, 1.6129 and 2.22222, the upper median).
#[test]
fn tabula_gives_the_published_u_values() {
    for (country, year, [wall, roof, floor], window) in [
        ("DE", 1960, [1.2, 1.2, 1.01535], 4.7),
        ("DE", 1975, [1.0, 0.8, 1.0], 2.6),
        ("DE", 2012, [0.196893, 0.152246, 0.247522], 1.6),
        ("NL", 1950, [1.6129, 1.53846, 1.72414], 4.7),
        ("NL", 1970, [1.44928, 0.892857, 2.32558], 2.6),
        ("NL", 2020, [0.210084, 0.159744, 0.265957], 1.6),
    ] {
        let Some(read) = tabula(country) else { return };
        let (archetypes, _) = read.unwrap();
        let found = house(&archetypes, year);
        let values = [found.wall.u, found.roof.u, found.floor.u];
        // Windows of the year in which the class begins: 4.7 before 1960, 2.6 before 1995, then 1.6.
        assert_eq!((values, found.window.u), ([wall, roof, floor], window), "{country} {year} {}", found.code);
    }
}

#[test]
fn dutch_conditions_have_their_setback_in_the_temperature() {
    let (Some(dutch), Some(german)) = (tabula("NL"), tabula("DE")) else { return };
    let (dutch, german) = (dutch.unwrap().0, german.unwrap().0);
    let nl = dutch.profile(Usage::Residential);
    assert_eq!((nl.heating_setpoint, nl.heating_setback, nl.ventilation, nl.hot_water), (18.0, 18.0, 0.4, 12.5));
    // DE.SUH and DE.MUH: 21 °C, 2 and 4 W/m², 0.3 and 0.5 1/h.
    let de = german.profile(Usage::Residential);
    assert_eq!((de.heating_setpoint, de.heating_setback, de.ventilation), (21.0, 18.0, 0.4));
    for (profile, expected) in [(nl, 6.0), (de, 3.0)] {
        let mean = |hours: [f64; 24]| hours.iter().sum::<f64>() / 24.0;
        let day = &profile.days[0];
        let gains = profile.occupant_gains * mean(day.occupants) + profile.appliance_gains * mean(day.appliances);
        assert!((gains - expected).abs() < 1e-9, "{gains}");
    }
    assert_eq!((dutch.measures.wall_resistance, dutch.measures.roof_resistance), ([3.5, 5.0], [3.5, 6.0]));
}

#[test]
fn every_country_of_tabula_gives_sane_archetypes() {
    for country in
        ["AT", "BE", "BG", "CY", "CZ", "DE", "ES", "FR", "GB", "GR", "HU", "IE", "IT", "NL", "PL", "RS", "SE", "SI"]
    {
        let Some(read) = tabula(country) else { return };
        let (archetypes, warnings) = read.unwrap_or_else(|error| panic!("{country}: {error}"));
        println!("{country}: {} classes of years, {warnings:?}", archetypes.archetypes.len());
        for year in (1600..=2100).step_by(5) {
            let found = house(&archetypes, year);
            for part in [&found.wall, &found.roof, &found.floor] {
                assert!((0.05..=7.0).contains(&part.u), "{country} {year}: {}", part.u);
            }
            assert!((0.5..=6.0).contains(&found.window.u) && (0.1..=0.95).contains(&found.window.g));
        }
        let effects = &archetypes.measures;
        for [standard, ambitious] in [effects.wall_resistance, effects.roof_resistance, effects.floor_resistance] {
            assert!(0.2 <= standard && standard <= ambitious && ambitious <= 30.0, "{country}");
        }
        assert!(effects.window[1].u <= effects.window[0].u, "{country}");
    }
}

/// Nearly all Danish constructions are of the first class of years, and Norwegian classes lack walls or floors.
#[test]
fn countries_without_u_values_by_year_are_refused() {
    for country in ["DK", "NO"] {
        let Some(read) = tabula(country) else { return };
        let error = read.map(|_| ()).unwrap_err().to_string();
        let expected = format!("for most classes of years of {country}: {country}.02, {country}.03, {country}.04");
        assert!(error.starts_with("buildings.archetype_country: ") && error.contains(&expected), "{error}");
    }
}

#[test]
fn a_country_that_is_not_there_is_told_with_those_that_are() {
    let Some(read) = tabula("XY") else { return };
    let error = read.unwrap_err().to_string();
    let expected = "buildings.archetype_country: the TABULA tables have no classes of years for the country \"XY\"";
    assert!(error.starts_with(expected) && error.contains("DE") && error.contains("NL"), "{error}");
}

/// Both sources give the U-value of the same elements, each in its own way: layers of TEASER, elements of TABULA.
#[test]
fn layers_of_teaser_have_the_u_values_of_tabula() {
    let Some(elements) = teaser() else { return };
    let table = Archetypes::built_in(Country::Germany);
    let mut layered = table.clone();
    let n_changed = layered.with_layers(&elements);
    println!("{} constructions, {n_changed} of {} archetypes", elements.elements.len(), table.archetypes.len());
    assert!(n_changed >= 40);
    let mut walls = Vec::new();
    for (before, after) in table.archetypes.iter().zip(&layered.archetypes) {
        for (is_wall, before, after) in [
            (true, &before.wall, &after.wall),
            (false, &before.roof, &after.roof),
            (false, &before.floor, &after.floor),
        ] {
            if let Mass::Layers(_) = after.mass {
                let deviation = (after.u / before.u - 1.0).abs();
                assert!(deviation <= MOST_OF_LAYERS, "{} {}", before.u, after.u);
                walls.extend(is_wall.then_some(deviation));
            }
        }
    }
    walls.sort_by(f64::total_cmp);
    assert!(walls.len() == 40 && walls[20] <= MEDIAN_OF_WALLS, "{} {}", walls.len(), walls[20]);
}

/// `OuterWall_[2010, 2015]_tabula_de_standard_1_SFH`: 240 mm lightweight concrete, 115 mm EPS, 10 mm plaster from the room on.
#[test]
fn plaster_comes_before_insulation_before_masonry() {
    let Some(elements) = teaser() else { return };
    let layers = elements.find(ElementKind::OuterWall, 2010, 2015, Some(SizeClass::SingleFamily)).unwrap();
    let found: Vec<(&str, f64)> = layers.iter().map(|layer| (layer.material.as_str(), layer.thickness)).collect();
    let expected = [
        ("insulating_plaster", 0.01),
        ("EPS_perimeter_insulation_top_layer", 0.115),
        ("lightweight_concrete_Vermiculit_1100", 0.24),
    ];
    assert_eq!(found, expected);
    assert_eq!((layers[2].conductivity, layers[2].density, layers[2].specific_heat), (0.488, 1100.0, 1050.0));
}

/// The tables of the project read back as a table that a scenario names.
#[test]
fn the_projects_own_table_is_a_table_like_any_other() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/archetypes/tables/archetypes_nl.csv");
    let bytes = std::fs::read(&path).unwrap();
    let (archetypes, warnings) = Archetypes::from_csv(Source { file: &path, bytes: &bytes }).unwrap();
    assert_eq!(archetypes.archetypes, Archetypes::built_in(Country::Netherlands).archetypes);
    assert!(warnings.is_empty());
    assert_eq!(archetypes.profile(Usage::Residential).heating_setpoint, 20.0, "a table is of no country");
}
