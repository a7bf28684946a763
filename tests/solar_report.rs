//! The report of made-up runs with the sun on buildings, on a raster, beside traffic and without.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/fake_run.rs"]
mod fake_run;
#[path = "common/fake_sun.rs"]
mod fake_sun;
#[path = "common/page.rs"]
mod page;

use conurb::report::html;
use conurb::store::read::RunReader;
use fake_run::FakeRun;
use fake_sun::{FakeSun, put};
use hdf5::File;
use ndarray::{Array1, Array3};
use page::{requests, unbalanced};

/// The page of a run with the sun alone.
fn page_of(fake: FakeSun) -> String {
    let keep = tempfile::tempdir().unwrap();
    fake.write(keep.path());
    rendered(keep.path())
}

fn rendered(run: &std::path::Path) -> String {
    let page = html::render(&RunReader::open(run).unwrap()).unwrap();
    assert_eq!(unbalanced(&page), Vec::<String>::new());
    assert_eq!(requests(&page), Vec::<&str>::new());
    assert!(!page.contains("NaN") && !page.contains(" inf"));
    page
}

fn missing<'a>(page: &str, words: &[&'a str]) -> Vec<&'a str> {
    words.iter().copied().filter(|word| !page.contains(word)).collect()
}

#[test]
fn a_run_without_traffic_tells_of_its_sun() {
    let page = page_of(FakeSun::default());
    let words = [
        "Solar potential",
        // (384 · 1000 + 400 · 800 + 400 · 400) / 1184 = 729.7, the roof without a value left out
        "729.7",
        "Photovoltaic capacity",
        // (0.081 · 24000 + 0.094 · 18000) / 42000 = 0.08657
        "0.08657",
        "EUR per kWh, prices of 2025",
        "<td class=\"number\">280</td><td>t CO₂e</td>",
        "Perez et al. 1990",
        "town.epw",
        "Best buildings",
        "Cost of electricity, EUR/kWh",
        "the solid is open; 1 surface has no area",
        "Sun on the ground",
        "The mean roof by month and hour",
    ];
    assert_eq!(missing(&page, &words), Vec::<&str>::new());
    assert!(!page.contains("How full the network is") && !page.contains("<canvas"));
    // The best building comes first, that without modules not at all.
    let best = page.split_once("The first 2 of 3 buildings by rank").unwrap().1;
    let best = best.split_once("</table>").unwrap().0;
    assert!(best.find(">b1<").unwrap() < best.find(">b2<").unwrap() && !best.contains(">b3<"));
}

#[test]
fn roofs_are_drawn_in_the_colours_of_their_classes_with_the_higher_on_top() {
    let page = page_of(FakeSun { raster: false, ..FakeSun::default() });
    let map = page.split_once("<figure class=\"roofs\">").unwrap().1.split_once("</figure>").unwrap().0;
    let fills: Vec<&str> = map.split("fill=\"").skip(1).map(|rest| &rest[..7]).collect();
    // By height: 3 m (400), 5 m (no value), 6 m (1000), 9 m (800); the same colours as in a picture.
    assert_eq!(fills, ["#440154", "#e4e4e4", "#fde725", "#35b779"]);
    assert!(map.contains("<title>b1: 1000 kWh/m²</title>"), "{map}");
    // The court of b1 is a ring of its own.
    let court = map.split("<path").find(|path| path.contains(">b1:")).unwrap();
    assert_eq!((court.matches('M').count(), court.matches('Z').count()), (2, 2));
    // 384 of 1584 m² have 1000 to 1100, 400 have no value.
    assert_eq!(missing(map, &["24.2 %", "25.3 %", ">0.0 %", "no value"]), Vec::<&str>::new());
}

#[test]
fn the_mean_roof_is_weighted_by_area() {
    let page = page_of(FakeSun { raster: false, pv: false, ..FakeSun::default() });
    let chart = page.split_once("id=\"month-hour\"").unwrap().1;
    // 729.73 / 144 = 5.068 in each of the twelve hours of the day, none in the night.
    assert_eq!(chart.matches("12 to 13: 5.068</title>").count(), 12);
    assert_eq!(chart.matches(", 3 to 4: 0</title>").count(), 12);
    let row = chart.split_once("<th scope=\"row\">Jun</th>").unwrap().1.split_once("</tr>").unwrap().0;
    assert_eq!(row.matches("<td class=\"number\">").count(), 25);
    assert!(row.ends_with("<td class=\"number\">60.8</td>"), "{row}");
    assert!(page.contains("The first 3 of 3 buildings by annual irradiation of their roofs"));
}

#[test]
fn a_run_may_have_traffic_beside_the_sun_or_a_raster_alone() {
    let keep = tempfile::tempdir().unwrap();
    FakeRun::default().write(keep.path());
    FakeSun::default().write_fields(keep.path());
    let page = rendered(keep.path());
    assert_eq!(
        missing(&page, &["How full the network is", "Solar potential", "Sun on the ground"]),
        Vec::<&str>::new()
    );
    let page = page_of(FakeSun { surfaces: false, pv: false, raster: true });
    assert!(!page.contains("Solar potential") && page.contains("Sun on the ground"));
    // Mean of 23 cells: (4 · (400 + … + 900) − 400) / 23 = 15200 / 23
    assert!(page.contains("660.9") && page.contains("6 × 4"), "{page}");
    let page = {
        let keep = tempfile::tempdir().unwrap();
        FakeRun::default().write(keep.path());
        rendered(keep.path())
    };
    assert!(!page.contains("Solar potential") && !page.contains("How the sun was computed"));
}

#[test]
fn ids_of_buildings_cannot_become_markup() {
    let keep = tempfile::tempdir().unwrap();
    FakeSun::default().write(keep.path());
    let file = File::open_rw(keep.path().join("solar.nc")).unwrap();
    let letters: Vec<hdf5::types::FixedAscii<1>> =
        "<b><i><u>".bytes().map(|letter| hdf5::types::FixedAscii::<1>::from_ascii(&[letter]).unwrap()).collect();
    put(&file, "building_id", &ndarray::Array2::from_shape_vec((3, 3), letters).unwrap());
    drop(file);
    let page = rendered(keep.path());
    assert!(page.contains("&lt;b&gt;: 1000 kWh/m²") && !page.contains("<u>"));
}

#[test]
fn what_does_not_fit_is_told_rather_than_drawn() {
    let told = |spoil: &dyn Fn(&File)| {
        let keep = tempfile::tempdir().unwrap();
        FakeSun::default().write(keep.path());
        spoil(&File::open_rw(keep.path().join("solar.nc")).unwrap());
        html::render(&RunReader::open(keep.path()).unwrap()).unwrap_err().to_string()
    };
    let shape = told(&|file| put(file, "month_hour_irradiation", &Array3::<f32>::zeros((12, 24, 3))));
    assert!(shape.contains("month_hour_irradiation is not over"), "{shape}");
    let raster = told(&|file| put(file, "y", &Array1::from(vec![3.0, 2.0, 1.5, 0.0])));
    assert!(raster.contains("no raster of square cells"), "{raster}");
    assert!(raster.contains("solar.nc"), "{raster}");
}
