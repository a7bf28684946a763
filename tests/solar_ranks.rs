//! The sun over any number of threads and ranks, and cut into any tiles: the same bits, the same end.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use std::path::Path;

use made_city::{CRS, House, PLAIN, Ran, Site, example};
use runs::{conurb, text};

const RANKS: [usize; 4] = [1, 2, 3, 7];

/// Runs a scenario over threads and ranks and gives its checksum.
#[track_caller]
fn checksum(folder: &Path, scenario: &Path, more: &[&str], (threads, ranks): (usize, usize)) -> String {
    let numbers = [threads.to_string(), ranks.to_string()];
    let ran = Ran::of(folder, scenario, &[more, &["--threads", &numbers[0], "--local-ranks", &numbers[1]]].concat());
    let done = ran.reader.report();
    assert_eq!((done.threads, done.ranks), (threads, ranks));
    ran.checksum().to_owned()
}

/// Every number of these threads and of ranks gives the bits of one of each.
#[track_caller]
fn assert_same(folder: &Path, scenario: &Path, more: &[&str], threads: &[usize]) {
    let expected = checksum(folder, scenario, more, (1, 1));
    for &threads in threads {
        for ranks in RANKS {
            let found = checksum(folder, scenario, more, (threads, ranks));
            assert!(found == expected, "{threads} threads, {ranks} ranks: other bits than one of each");
        }
    }
}

/// Setting `key` to any of `values` gives the bits of the first, with threads and ranks that differ from value to value.
#[track_caller]
fn assert_changes_nothing(folder: &Path, scenario: &Path, more: &[&str], key: &str, values: &[f64]) {
    let numbers = [(1, 1), (2, 1), (2, 3), (1, 7), (4, 2)];
    let mut expected = None;
    for (value, numbers) in values.iter().zip(numbers.into_iter().cycle()) {
        let set = format!("{key}={value}");
        let found = checksum(folder, scenario, &[more, &["--set", &set]].concat(), numbers);
        let expected = expected.get_or_insert_with(|| found.clone());
        assert!(found == *expected, "{set} with {numbers:?} threads and ranks gives other bits");
    }
}

/// The example, whose raster lies in nine tiles of 50 cells and whose buildings in a tile each.
const EXAMPLE: [&str; 12] = [
    "--set",
    "solar.surface_spacing_m=2",
    "--set",
    "solar.facade_spacing_m=4",
    "--set",
    "output.exports=[]",
    "--set",
    "solar.tile_m=20",
    "--set",
    "solar.raster.reach_m=60",
    "--set",
    "solar.raster.tile_cells=50",
];

#[test]
fn both_stages_of_the_example() {
    let folder = tempfile::tempdir().unwrap();
    assert_same(folder.path(), &example("solar.toml"), &EXAMPLE, &[1, 2]);
}

#[test]
fn both_stages_of_the_example_by_four_threads() {
    let folder = tempfile::tempdir().unwrap();
    assert_same(folder.path(), &example("solar.toml"), &EXAMPLE, &[4]);
}

/// The same with all horizons and months, and surfaces hour by hour.
#[test]
fn every_series_of_the_example() {
    let folder = tempfile::tempdir().unwrap();
    let more = ["--set", "solar.hourly=true", "--set", "solar.raster.horizons=true"];
    let more = [&EXAMPLE[..], &more].concat();
    let expected = checksum(folder.path(), &example("solar.toml"), &more, (1, 1));
    for numbers in [(2, 1), (1, 3), (2, 7), (4, 2)] {
        assert_eq!(checksum(folder.path(), &example("solar.toml"), &more, numbers), expected, "{numbers:?}");
    }
}

#[test]
fn tiles_of_the_example_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let more = ["--set", "output.exports=[]", "--set", "solar.raster.reach_m=60"];
    let scenario = example("solar.toml");
    assert_changes_nothing(folder.path(), &scenario, &more, "solar.tile_m", &[1000.0, 20.0, 47.0, 130.0, 33.3]);
    let cells = [1024.0, 16.0, 17.0, 50.0, 119.0, 120.0];
    assert_changes_nothing(folder.path(), &scenario, &more, "solar.raster.tile_cells", &cells);
}

/// Thirty blocks on a hill among trees, for a sky of patches; some of them touch.
fn hill() -> Site {
    let block = |number: usize| {
        let [column, row] = [number % 6, number / 6].map(|index| index as f64);
        let width = if number.is_multiple_of(3) { 14.0 } else { 20.0 };
        let height = 6.0 + (number * 7 % 11) as f64;
        House::block(&format!("block-{number:02}"), [20.0 * column, 25.0 * row], [width, 12.0], height)
    };
    let site = Site::with(&(0..30).map(block).collect::<Vec<_>>());
    let land = |x: f64, y: f64| 0.05 * (y - 60.0).max(0.0) + 20.0 * (-((x + 60.0) / 30.0).powi(2)).exp() - 1.0;
    let tree = |x: f64, y: f64| if (x - 60.0).hypot(y - 18.0) < 4.0 { 9.0 } else { 0.0 };
    site.elevation("land.tif", ([-200.0, -200.0], 5.0), [100, 100], CRS, land);
    site.elevation("trees.tif", ([-10.0, -10.0], 1.0), [150, 150], CRS, |x, y| land(x, y) + tree(x, y));
    let keys = "sky_model = \"perez_1993\"\nfacade_albedo = 0.3\nterrain = \"land.tif\"\nsurroundings = \"trees.tif\"\n\
        surface_spacing_m = 4.0\nfacade_spacing_m = 5.0\ntile_m = 50\nreach_m = 120.0\n";
    site.scenario(&format!("{PLAIN}{keys}[solar.pv]\nfacades = true\n"));
    site
}

#[test]
fn a_sky_of_patches_over_hills_and_trees() {
    let site = hill();
    assert_same(&site.path(""), Path::new("sun.toml"), &[], &[1, 2]);
}

#[test]
fn a_sky_of_patches_over_hills_and_trees_by_four_threads() {
    let site = hill();
    assert_same(&site.path(""), Path::new("sun.toml"), &[], &[4]);
}

#[test]
fn tiles_change_nothing_over_hills_and_trees() {
    let site = hill();
    let sides = [1000.0, 20.0, 21.5, 55.0, 80.0, 300.0];
    assert_changes_nothing(&site.path(""), Path::new("sun.toml"), &[], "solar.tile_m", &sides);
    let finer = ["--set", "solar.sky_patches=577", "--set", "solar.sun_positions=hourly", "--set", "solar.hourly=true"];
    assert_changes_nothing(&site.path(""), Path::new("sun.toml"), &finer, "solar.tile_m", &[500.0, 40.0]);
}

/// What differs must differ: a checksum that never changes would pass all tests above.
#[test]
fn what_changes_results_changes_the_checksum() {
    let site = hill();
    let folder = site.path("");
    let plain = checksum(&folder, Path::new("sun.toml"), &[], (1, 1));
    for set in ["solar.albedo=0.21", "solar.reach_m=30", "solar.facade_albedo=0.31", "solar.sky_patches=577"] {
        assert_ne!(checksum(&folder, Path::new("sun.toml"), &["--set", set], (1, 1)), plain, "{set}");
    }
}

/// A strip of an elevation raster that only southern tiles reach is broken: the ranks that own northern ones end too.
#[test]
fn a_strip_that_only_some_ranks_read_ends_all() {
    let site = hill();
    let file = site.path("trees.tif");
    // Six strips, the last of which reaches to 45 m north of the origin.
    site.elevation("trees.tif", ([-10.0, -10.0], 1.0), [600, 600], CRS, |_, _| -1.0);
    let mut bytes = std::fs::read(&file).unwrap();
    let strips = tiff::decoder::Decoder::new(std::fs::File::open(&file).unwrap())
        .unwrap()
        .get_tag_u64_vec(tiff::tags::Tag::StripOffsets)
        .unwrap();
    assert!(strips.len() > 4, "{strips:?}");
    let last = *strips.last().unwrap() as usize;
    bytes[last..last + 16].fill(0xff);
    std::fs::write(&file, bytes).unwrap();
    let run = ["run", "sun.toml", "--out", "run", "--force", "--set", "solar.reach_m=10", "--local-ranks"];
    let mut told = Vec::new();
    for ranks in ["1", "3", "7"] {
        let output = conurb(&site.path(""), &[&run[..], &[ranks]].concat());
        assert_eq!(output.status.code(), Some(2), "{ranks} ranks: {}", text(&output.stderr));
        assert_eq!(text(&output.stderr).matches("error: ").count(), 1, "{}", text(&output.stderr));
        assert!(text(&output.stderr).contains("trees.tif"), "{}", text(&output.stderr));
        assert!(!site.path("run/report.json").exists() && !site.path("run/solar.nc").exists());
        told.push(text(&output.stderr));
    }
    told.dedup();
    assert_eq!(told.len(), 1, "{told:?}");
}
