//! The report, the tables and the comparison of made-up runs with projections of the climate.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/fake_climate.rs"]
mod fake_climate;
#[path = "common/fake_projections.rs"]
mod fake_projections;
#[path = "common/fake_sun.rs"]
mod fake_sun;
#[path = "common/page.rs"]
mod page;

use std::fs;
use std::path::{Path, PathBuf};

use conurb::compare;
use conurb::export::{self, Existing, export};
use conurb::field::climate_indices;
use conurb::report::html;
use conurb::scenario::ExportFormat;
use conurb::store::read::RunReader;
use fake_projections::{Arranged, City, FakeProjections, mean};
use fake_sun::put;
use hdf5::File;
use ndarray::{Array2, array};
use page::{requests, unbalanced};

fn run_folder(climate: FakeProjections) -> (tempfile::TempDir, PathBuf) {
    let keep = tempfile::tempdir().unwrap();
    let path = keep.path().join("run");
    climate.write(&path);
    (keep, path)
}

fn rendered(run: &Path) -> String {
    let page = html::render(&RunReader::open(run).unwrap()).unwrap();
    assert_eq!(unbalanced(&page), Vec::<String>::new());
    assert_eq!(requests(&page), Vec::<&str>::new());
    assert!(!page.contains("NaN") && !page.contains(" inf"));
    page
}

fn missing<'a>(page: &str, words: &[&'a str]) -> Vec<&'a str> {
    words.iter().copied().filter(|word| !page.contains(word)).collect()
}

fn part<'a>(page: &'a str, id: &str) -> &'a str {
    let start = page.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no section {id}")).1;
    start.split_once("</section>").unwrap().0
}

/// The cells of the first row of a table that begins with a heading.
fn row(page: &str, heading: &str) -> Vec<String> {
    let start = format!("<th scope=\"row\">{heading}</th>");
    let row = page.split_once(&start).unwrap_or_else(|| panic!("no row {heading}")).1.split_once("</tr>").unwrap().0;
    row.split("</td>").map(|cell| cell.rsplit('>').next().unwrap().to_owned()).filter(|cell| !cell.is_empty()).collect()
}

#[test]
fn a_city_is_told_by_what_its_people_will_feel() {
    let (_keep, run) = run_folder(FakeProjections::default());
    let page = rendered(&run);
    let climate = part(&page, "climate");
    // R: quantile(c(10, 12, 14), c(0.1, 0.5, 0.9)): 10.4, 12, 13.6.
    let nights = ["nights", "5.0", "12.0 (10.4 to 13.6)", "+7.0", "100 % of 3", "17.0 (15.4 to 18.6)", "+12.0"];
    assert_eq!(row(climate, "Tropical nights")[..7], nights);
    // 9.5, 10.5, 11.5: two of three models become warmer.
    let warmth = ["°C", "10.0", "10.5 (9.7 to 11.3)", "+0.5", "67 % of 3", "11.5 (10.7 to 12.3)", "+1.5", "100 % of 3"];
    assert_eq!(row(climate, "Mean temperature")[..8], warmth);
    let second = climate.split_once("The city in 2061–2062 and, as the reference, in 1991–1993").unwrap().1;
    assert_eq!(row(second, "Tropical nights")[2..4], ["22.0 (20.4 to 23.6)", "+17.0"]);
    let words = [
        "2061–2062, ssp585, against 1991–1993: mean temperature +2.0 K; 27.0 (25.4 to 28.6) tropical nights a year \
         instead of 5.0; precipitation of the wettest day +25 %.",
        "nights that stay above 20 °C",
        "days that get above 30.5 °C",
        "means over all cells by their area",
    ];
    assert_eq!(missing(climate, &words), Vec::<&str>::new());
    assert!(!climate.contains("hot days a year"), "there are none, now or then");
}

#[test]
fn one_model_has_no_range() {
    let (_keep, run) = run_folder(FakeProjections { n_models: 1, ..FakeProjections::default() });
    let page = rendered(&run);
    let nights = row(part(&page, "climate"), "Tropical nights");
    assert_eq!(nights[..6], ["nights", "5.0", "10.0", "+5.0", "15.0", "+10.0"]);
    assert!(!page.contains("Agreement") && !page.contains("percentiles."));
    assert!(!part(&page, "climate-years").contains("<polygon"));
}

#[test]
fn years_are_drawn_apart_where_there_are_none_between() {
    let (_keep, run) = run_folder(FakeProjections::default());
    let page = rendered(&run);
    let years = part(&page, "climate-years");
    let chart = years.split_once("Tropical nights by year").unwrap().1.split_once("</svg>").unwrap().0;
    // A line for the reference, and two for each emission scenario with a range around each.
    assert_eq!((chart.matches("<polyline").count(), chart.matches("<polygon").count()), (5, 4));
    // 1993 is a year of the reference and of a period, each with its own value.
    let values = years.split_once("Tropical nights of the city by year").unwrap().1;
    assert_eq!(row(values, "1993"), ["5.5", "11.5 (9.9 to 13.1)", "16.5 (14.9 to 18.1)"]);
    assert_eq!(row(values, "2062"), ["22.5 (20.9 to 24.1)", "27.5 (25.9 to 29.1)"]);
}

#[test]
fn cells_are_drawn_with_the_north_up() {
    let (_keep, run) = run_folder(FakeProjections::default());
    let page = rendered(&run);
    let map = part(&page, "climate-map");
    let words = ["<title>row 1, column 1: 27.0 nights</title>", "<title>row 2, column 3: – nights</title>"];
    assert_eq!(missing(map, &words), Vec::<&str>::new());
    assert!(map.contains("2061–2062, ssp585, median of the models"));
    // Rows go from the south, so the second stands above the first.
    let top = |name: &str| {
        let rect = map.split_once(&format!("<title>{name}")).unwrap().0.rsplit_once("<rect").unwrap().1;
        rect.split_once(" y=\"").unwrap().1.split_once('"').unwrap().0.parse::<f64>().unwrap()
    };
    assert!(top("row 2, column 1") < top("row 1, column 1"));
    assert!(map.contains("</span> no value</th><td class=\"number\">1</td>"), "{map}");
}

#[test]
fn places_of_the_city_come_before_cells() {
    let (_keep, run) = run_folder(FakeProjections { city: City::Stations, ..FakeProjections::default() });
    let page = rendered(&run);
    let map = part(&page, "climate-map");
    // The first model of the last emission scenario: 20 + 5, and 0.5 for the place.
    let words = ["<title>&lt;u&gt;hill: 25.5 nights</title>", "2061–2062, low, ssp585", "at places of the city"];
    assert_eq!(missing(map, &words), Vec::<&str>::new());
    assert_eq!(map.matches("<circle").count(), 4);
    let (_keep, run) = run_folder(FakeProjections { city: City::Raster, ..FakeProjections::default() });
    let page = rendered(&run);
    assert!(part(&page, "climate-map").contains("<title>row 2, column 2: 25.5 nights</title>"));
}

#[test]
fn one_place_has_no_map_and_many_have_names() {
    let (_keep, run) = run_folder(FakeProjections { arranged: Arranged::OnePlace, ..FakeProjections::default() });
    assert!(!rendered(&run).contains("climate-map"));
    let (_keep, run) = run_folder(FakeProjections { arranged: Arranged::Places, ..FakeProjections::default() });
    let page = rendered(&run);
    assert!(part(&page, "climate-map").contains("&lt;b&gt;1: 27.0</text>") && !page.contains("<b>"));
}

#[test]
fn the_year_of_hours_is_summed_up() {
    let (_keep, run) = run_folder(FakeProjections::default());
    let page = rendered(&run);
    let weather = part(&page, "climate-weather");
    // Hours repeat every 101 of them: from −10 °C in the first to 35 °C in the hundred-and-first, 5 Jan 4:00 to 5:00.
    assert_eq!(row(weather, "Hottest hour"), ["35.0", "°C", "hour that ends 5 Jan, 5:00"]);
    assert_eq!(row(weather, "Coldest hour"), ["\u{2212}10.0", "°C", "hour that ends 1 Jan, 1:00"]);
    // Over 8760 hours: Σ 9 (i mod 101) Wh = 9 (86 · 5050 + Σ 0..73) = 9 (434,300 + 2701).
    assert_eq!(row(weather, "Sun on level ground")[..2], ["3933", "kWh/m²"]);
    assert_eq!(row(weather, "Feb")[0], "2062");
}

#[test]
fn the_method_is_told_with_what_has_no_values() {
    let (_keep, run) = run_folder(FakeProjections::default());
    let page = rendered(&run);
    let method = part(&page, "climate-method");
    assert_eq!(row(method, "Method"), ["quantile delta mapping (Cannon, Sobie and Murdock 2015)"]);
    assert_eq!(
        row(method, "Days that are adjusted together"),
        ["for each day of the year the 31 around it (circular windows)"]
    );
    let variables = "tas (difference); pr (ratio) by local intensity scaling (Schmidli, Frei and Vidale 2006)";
    assert_eq!(row(method, "Variables"), [variables]);
    assert_eq!(row(method, "Models"), ["high, low, mid &lt;i&gt;"]);
    assert_eq!((row(method, "adjusted"), row(method, "no reference")), (vec!["5".to_owned()], vec!["1".to_owned()]));
    assert!(row(method, "Limits")[0].starts_with("1234 daily values"));
    assert!(page.contains("© Town survey"), "credits go along");
}

#[test]
fn what_a_run_lacks_leaves_no_hole() {
    let (_keep, run) = run_folder(FakeProjections { indices: false, hours: false, ..FakeProjections::default() });
    let page = rendered(&run);
    let absent = ["id=\"climate\"", "climate-years", "climate-map", "climate-indices", "climate-weather"];
    assert_eq!(missing(&page, &absent), absent);
    let of_others = ["How full the network is", "Energy in buildings", "How the sun was computed"];
    assert_eq!(missing(&page, &of_others), of_others);
    assert!(page.contains("How the climate was downscaled"));
    let keep = tempfile::tempdir().unwrap();
    fake_climate::write(keep.path(), "year = 2050\n");
    assert!(rendered(keep.path()).contains("The year of hours"));
}

/// A table as headings and rows.
fn csv_of(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let text = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let headings = text(reader.headers().unwrap());
    (headings, reader.records().map(|record| text(&record.unwrap())).collect())
}

#[test]
fn tables_of_indices_and_places_read_back_equal() {
    let (_keep, run) = run_folder(FakeProjections { city: City::Stations, ..FakeProjections::default() });
    let out = run.join("export/");
    let written = export(&RunReader::open(&run).unwrap(), ExportFormat::Csv, &out, Existing::Refuse).unwrap();
    let files: Vec<_> = written.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(files, ["climate_indices.csv", "climate_places.csv"]);
    let (headings, rows) = csv_of(&written[0]);
    let ends = ["city_mean", "cell_minimum", "cell_maximum"];
    assert_eq!(headings[..6], ["index", "unit", "period_first_year", "period_last_year", "model", "future"]);
    assert_eq!(headings[6..], ends);
    // Four indices; the reference once, two periods of six simulations each.
    assert_eq!(rows.len(), 4 * 13);
    let find = |start: [&str; 6]| rows.iter().find(|row| row[..6] == start).unwrap()[6..].to_vec();
    assert_eq!(find(["tropical_nights", "d", "1991", "1993", "", ""]), ["5", "5", "9"]);
    // The cell without a reference has no value, so that the greatest is the fifth.
    assert_eq!(find(["tropical_nights", "d", "2061", "2062", "high", "ssp585"]), ["29", "29", "33"]);
    let (headings, rows) = csv_of(&written[1]);
    assert_eq!(headings[..4], ["place", "latitude_degN", "longitude_degE", "elevation_m"]);
    assert_eq!(headings[8..], ["mean_temperature_degC", "tropical_nights_d"]);
    assert_eq!(rows.len(), 4 * 13);
    assert_eq!(rows[1][..4], ["<u>hill", "52.01", "5.02", "20"]);
    assert_eq!((rows[2][3].as_str(), rows[2][9].as_str()), ("", ""));
    let last = &rows[51];
    let nights = mean("tropical_nights", 2, 2, 1) + 1.0;
    assert_eq!((last[6].as_str(), last[7].as_str(), last[9].parse::<f64>().unwrap()), ("high", "ssp585", nights));
}

#[test]
fn tables_are_promised_for_indices_alone() {
    assert!(export::check(ExportFormat::Csv, None, &[climate_indices::CLIMATE_YEAR]).is_ok());
    assert!(export::check(ExportFormat::Csv, None, &[]).is_err());
}

#[test]
fn runs_with_projections_are_compared() {
    let (keep, run) = run_folder(FakeProjections::default());
    let (_keep, other) =
        run_folder(FakeProjections { n_models: 1, arranged: Arranged::Places, ..FakeProjections::default() });
    let report = fs::read_to_string(other.join("report.json")).unwrap().replace("1234", "34");
    fs::write(other.join("report.json"), report).unwrap();
    let out = keep.path().join("comparison");
    let text = compare::run(&[run, other], Some(&out)).unwrap();
    assert!(text.contains("values_clamped") && text.contains("-1200"), "{text}");
    assert!(out.join("compare.html").is_file());
}

#[test]
fn what_does_not_fit_is_told() {
    let told = |spoil: &dyn Fn(&File)| {
        let (_keep, run) = run_folder(FakeProjections::default());
        spoil(&File::open_rw(run.join("climate.nc")).unwrap());
        html::render(&RunReader::open(&run).unwrap()).unwrap_err().to_string()
    };
    let shape = told(&|file| put(file, "hot_days_yearly", &Array2::<f64>::zeros((6, 4))));
    assert!(
        shape.contains("hot_days_yearly has shape [6, 4] instead of [6, 7]") && shape.contains("climate.nc"),
        "{shape}"
    );
    let years = told(&|file| put(file, "climate_year", &array![1991_i32, 1992, 1993, 2000, 2001, 2061, 2062]));
    assert!(years.contains("climate_year lacks years of a period"), "{years}");
    let periods = told(&|file| put(file, "period_last_year", &array![1993_i32, 1994, 2000]));
    assert!(periods.contains("period_last_year does not end the 3 periods"), "{periods}");
    let text = told(&|file| put(file, "simulation_future", &array![1.0, 2.0]));
    assert!(text.contains("simulation_future does not hold text"), "{text}");
    let map = told(&|file| put(file, "tropical_nights_p50", &ndarray::Array3::<f32>::zeros((3, 2, 6))));
    assert!(map.contains("tropical_nights_p50 has shape [3, 2, 6]"), "{map}");
    let lat = told(&|file| put(file, "lat", &array![1.0, 2.0]));
    assert!(lat.contains("lat has shape [2]"), "{lat}");
}
