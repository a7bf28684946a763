//! The report, the exports and the comparison of made-up runs with energy in buildings and a feeder.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/fake_energy.rs"]
mod fake_energy;
#[path = "common/fake_sun.rs"]
mod fake_sun;
#[path = "common/page.rs"]
mod page;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use conurb::compare;
use conurb::export::{self, Existing, export};
use conurb::field::energy as field;
use conurb::report::html;
use conurb::scenario::ExportFormat;
use conurb::store::read::RunReader;
use fake_energy::{FakeEnergy, HEATING, IDS};
use fake_sun::{FakeSun, put};
use hdf5::File;
use ndarray::Array2;
use page::{requests, unbalanced};

fn run_folder(energy: FakeEnergy, sun: Option<FakeSun>) -> (tempfile::TempDir, PathBuf) {
    let keep = tempfile::tempdir().unwrap();
    let path = keep.path().join("run");
    energy.write(&path);
    if let Some(sun) = sun {
        sun.write_fields(&path);
    }
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

/// The cells of the row of a table that begins with a heading.
fn row(page: &str, heading: &str) -> Vec<String> {
    let start = format!("<th scope=\"row\">{heading}</th>");
    let row = page.split_once(&start).unwrap_or_else(|| panic!("no row {heading}")).1.split_once("</tr>").unwrap().0;
    row.split("</td>").map(|cell| cell.rsplit('>').next().unwrap().to_owned()).filter(|cell| !cell.is_empty()).collect()
}

#[test]
fn a_city_is_told_by_its_sums() {
    let (_keep, run) = run_folder(FakeEnergy::default(), None);
    let page = rendered(&run);
    let figures = page.split_once("id=\"energy\"").unwrap().1;
    assert_eq!(row(figures, "Buildings")[0], "4");
    assert_eq!(row(figures, "Heated or cooled")[0], "3");
    assert_eq!(row(figures, "Conditioned floor area")[..2], ["800", "m²"]);
    assert_eq!(row(figures, "Heating need")[..2], ["75", "MWh"]);
    assert_eq!(row(figures, "Expected heating need")[0], "67");
    // 75,000 / 800
    assert_eq!(row(figures, "Heating need per floor area")[0], "93.75");
    assert_eq!([row(figures, "Bought electricity")[0].as_str(), &row(figures, "Bought natural gas")[0]], ["11", "89"]);
    assert_eq!([row(figures, "All energy bought")[0].as_str(), &row(figures, "Emissions")[0]], ["100", "22.5"]);
    // The shed has no temperature: (120 + 30 + 0) / 3 and (10 + 2 + 0) / 3.
    assert_eq!(row(figures, "Hours above 26 °C")[0], "50");
    assert_eq!(row(figures, "Hours above 27.5 °C")[0], "4");
    let words = ["after ISO 52016-1", "Sunikka-Blank and Galvin 2012", "In 2 of 3 buildings it is above 26 °C"];
    assert_eq!(missing(&page, &words), Vec::<&str>::new());
    assert!(!page.contains("Where heating need is"), "there is no geometry to draw");
}

#[test]
fn packages_are_told_by_what_they_save_and_cost() {
    let (_keep, run) = run_folder(FakeEnergy::default(), None);
    let page = rendered(&run);
    let table = page.split_once("id=\"packages\"").unwrap().1;
    // Abatement (100 · 4 + 240 · 3.5) / 7.5; payback 57,000 / 3800.
    let shell = ["45", "44", "64", "36", "36.0 %", "7.5", "3800", "57\u{202f}000", "165.3", "15.0", "1"];
    assert_eq!(row(table, "shell"), shell);
    // (300 · 5 + 500 · 7 + 900 · 0.5) / 12.5; nothing is saved in money, so it never pays back.
    let deep = ["26", "26", "29", "71", "71.0 %", "12.5", "0", "160\u{202f}000", "436", "–", "1"];
    assert_eq!(row(table, "deep &lt;b&gt;"), deep);
    assert!(!table.contains("Net present value"), "the run has none");
    assert!(page.contains("Energy saved, deep &lt;b&gt;"), "figures of packages are named");
}

#[test]
fn charts_show_buildings_and_months() {
    let (_keep, run) = run_folder(FakeEnergy::default(), None);
    let page = rendered(&run);
    // 150 / 10 and 50, 80 lie on borders of bars 10 wide.
    let words = ["50 to 60 kWh/m²: 1</title>", "80 to 90 kWh/m²: 1</title>", "150 to 160 kWh/m²: 1</title>"];
    assert_eq!(missing(&page, &words), Vec::<&str>::new());
    let months = page.split_once("id=\"months\"").unwrap().1.split_once("</section>").unwrap().0;
    let words = ["Jan: 37.5 MWh", "Dec: 37.5 MWh", "Jun: 0 MWh", "Jul: 1 MWh"];
    assert_eq!(missing(months, &words), Vec::<&str>::new());
    let worst =
        page.split_once("greatest heating need per floor area, of 3").unwrap().1.split_once("</table>").unwrap().0;
    let places: Vec<usize> = [">b3<", ">b1<", ">&lt;i&gt;x<"].map(|id| worst.find(id).unwrap()).to_vec();
    assert!(places.is_sorted() && !worst.contains("shed"), "{worst}");
    assert_eq!(row(worst, "b3"), ["residential", "150", "1950", "200", "30\u{202f}000", "15\u{202f}000"]);
}

#[test]
fn ids_and_names_cannot_become_markup() {
    let (_keep, run) = run_folder(FakeEnergy::default(), Some(FakeSun::default()));
    let page = rendered(&run);
    assert!(!page.contains("<i>") && !page.contains("<b>") && !page.contains("<u>"));
}

#[test]
fn the_map_takes_its_buildings_by_id() {
    let (_keep, run) = run_folder(FakeEnergy::default(), Some(FakeSun::default()));
    let page = rendered(&run);
    let map = page.split_once("id=\"need-map\"").unwrap().1.split_once("</figure>").unwrap().0;
    let words = ["<title>b1: 80 kWh/m²</title>", "<title>b2: – kWh/m²</title>", "<title>b3: 150 kWh/m²</title>"];
    assert_eq!(missing(map, &words), Vec::<&str>::new());
    // The sun has its own names of buildings, in its own order.
    assert!(page.contains("<title>b1: 1000 kWh/m²</title>"));
}

#[test]
fn the_feeder_is_told_by_its_worst_places() {
    let (_keep, run) = run_folder(FakeEnergy::default(), None);
    let page = rendered(&run);
    let feeder = page.split_once("id=\"feeder\"").unwrap().1;
    assert!(feeder.contains("3 buses and 2 lines"));
    assert_eq!(
        row(feeder, "deep &lt;b&gt;"),
        ["0.887 at &lt;u&gt;n2", "17", "123.4 % at mains – n1", "2.4"].map(str::to_owned)
    );
    // R: quantile(c(0.4, 0.1, 0.8, 0.2), c(0, 0.25, 0.5, 0.75, 1))
    assert_eq!(row(feeder, "heat pump"), ["4", "10.0 %", "17.5 %", "30.0 %", "50.0 %", "80.0 %"]);
    assert!(!feeder.contains("Highest voltage"), "the run has none");
}

#[test]
fn what_a_run_lacks_leaves_no_hole() {
    let bare = FakeEnergy { packages: false, economy: false, feeder: false };
    let (_keep, run) = run_folder(bare, None);
    let page = rendered(&run);
    let absent = ["What measures would save", "Expected heating", "Emissions", "What the feeder sees", "Investment"];
    assert_eq!(missing(&page, &absent), absent);
    let (_keep, run) = run_folder(FakeEnergy { economy: false, ..FakeEnergy::default() }, None);
    let page = rendered(&run);
    let table = page.split_once("id=\"packages\"").unwrap().1;
    assert_eq!(row(table, "shell"), ["45", "64", "36", "36.0 %"]);
}

/// The table of buildings, by id and column.
fn csv_of(run: &Path) -> (Vec<String>, BTreeMap<String, BTreeMap<String, String>>) {
    let out = run.join("buildings.csv");
    export(&RunReader::open(run).unwrap(), ExportFormat::Csv, &out, Existing::Replace).unwrap();
    let mut reader = csv::Reader::from_path(out).unwrap();
    let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let rows = reader.records().map(|record| {
        let cells: BTreeMap<String, String> =
            names.iter().cloned().zip(record.unwrap().iter().map(str::to_owned)).collect();
        (cells["building_id"].clone(), cells)
    });
    let rows = rows.collect();
    (names, rows)
}

#[test]
fn the_table_of_buildings_reads_back_equal() {
    let (_keep, run) = run_folder(FakeEnergy::default(), None);
    let (names, rows) = csv_of(&run);
    assert_eq!(names[0], "building_id");
    assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
    assert_eq!(rows.len(), 4);
    let number = |id: &str, name: &str| rows[id][name].parse::<f64>().unwrap();
    for (id, heating) in IDS.iter().zip(HEATING) {
        assert_eq!(number(id, "heating_need_kWh"), heating);
    }
    assert_eq!([number("b3", "solar_gains_kWh"), number("b1", "solar_gains_kWh")], [1.0 / 3.0, 1e-7]);
    assert_eq!((rows["shed"]["solar_gains_kWh"].as_str(), rows["shed"]["archetype"].as_str()), ("", ""));
    assert_eq!(rows["b1"]["building_use"], "office");
    assert_eq!(rows["<i>x"]["construction_year_quality"], "estimated");
    assert_eq!(rows["b1"]["construction_year"], "1962");
    assert_eq!(number("b1", "final_energy_natural_gas_kWh"), 48_000.0);
    assert_eq!(number("b1", "package1_shell_final_energy_natural_gas_kWh"), 30_000.0);
    assert_eq!(number("b1", "package2_deep__b__final_energy_electricity_kWh"), 14_000.0);
    assert_eq!(number("b3", "package1_shell_abatement_cost_EUR_t"), 100.0);
    assert_eq!(number("b1", "package_chosen"), 2.0);
}

#[test]
fn sun_and_energy_share_a_row() {
    let (_keep, run) = run_folder(FakeEnergy::default(), Some(FakeSun::default()));
    let (names, rows) = csv_of(&run);
    assert_eq!(names[..3], ["sky_model", "building_id", "findings"]);
    assert_eq!(names.iter().collect::<std::collections::BTreeSet<_>>().len(), names.len());
    assert_eq!(rows.len(), 5);
    assert_eq!((rows["b1"]["pv_yield_kWh"].as_str(), rows["b1"]["heating_need_kWh"].as_str()), ("24000", "40000"));
    assert_eq!((rows["b2"]["pv_yield_kWh"].as_str(), rows["b2"]["heating_need_kWh"].as_str()), ("18000", ""));
    assert_eq!((rows["shed"]["pv_yield_kWh"].as_str(), rows["shed"]["heating_need_kWh"].as_str()), ("", "0"));
    let out = run.join("export/");
    let written = export(&RunReader::open(&run).unwrap(), ExportFormat::Csv, &out, Existing::Refuse).unwrap();
    let files: Vec<_> = written.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(files, ["surfaces.csv", "buildings.csv"]);
}

#[test]
fn city_models_carry_energy_by_id() {
    let (_keep, run) = run_folder(FakeEnergy::default(), Some(FakeSun::default()));
    let out = run.join("x.city.json");
    export(&RunReader::open(&run).unwrap(), ExportFormat::CityJson, &out, Existing::Refuse).unwrap();
    let city: serde_json::Value = serde_json::from_slice(&fs::read(out).unwrap()).unwrap();
    let attributes = |id: &str| city["CityObjects"][id]["attributes"].as_object().unwrap().clone();
    assert_eq!(attributes("b1")["conurb_heating_need_kWh"], 40_000.0);
    assert_eq!(attributes("b3")["conurb_heating_need_kWh"], 30_000.0);
    assert_eq!(attributes("b1")["conurb_package_chosen"], 2);
    assert_eq!(attributes("b3")["conurb_archetype"], "NL.old");
    assert_eq!(attributes("b1")["solar_roof_irradiation_kWh"], 384_000.0);
    let of_others: Vec<String> = attributes("b2").keys().filter(|name| name.starts_with("conurb_")).cloned().collect();
    assert_eq!(of_others, Vec::<String>::new());
}

#[test]
fn tables_are_promised_for_energy_alone() {
    assert!(export::check(ExportFormat::Csv, None, &[field::BUILDING_ID]).is_ok());
    assert!(export::check(ExportFormat::Csv, None, &[]).is_err());
    assert!(export::check(ExportFormat::CityJson, None, &[field::BUILDING_ID]).is_err());
}

#[test]
fn runs_with_energy_are_compared() {
    let (keep, run) = run_folder(FakeEnergy::default(), None);
    let (_keep, other) = run_folder(FakeEnergy { packages: false, ..FakeEnergy::default() }, None);
    let report = fs::read_to_string(other.join("report.json")).unwrap().replace("0.075", "0.06");
    fs::write(other.join("report.json"), report).unwrap();
    let out = keep.path().join("comparison");
    let text = compare::run(&[run, other], Some(&out)).unwrap();
    assert!(text.contains("0.075") && text.contains("0.06"), "{text}");
    let page = fs::read_to_string(out.join("compare.html")).unwrap();
    assert_eq!(row(&page, "Heating need")[..4], ["0.075", "0.06", "−0.015", "−20 %"]);
}

#[test]
fn what_does_not_fit_is_told() {
    let told = |file: &str, spoil: &dyn Fn(&File)| {
        let (_keep, run) = run_folder(FakeEnergy::default(), None);
        spoil(&File::open_rw(run.join(file)).unwrap());
        html::render(&RunReader::open(&run).unwrap()).unwrap_err().to_string()
    };
    let shape = told("buildings.nc", &|file| put(file, "package_emissions", &Array2::<f64>::zeros((3, 5))));
    assert!(shape.contains("package_emissions has shape [3, 5]") && shape.contains("buildings.nc"), "{shape}");
    let quality =
        told("buildings.nc", &|file| put(file, "construction_year_quality", &ndarray::array![0_i32, 1, 2, 3]));
    assert!(quality.contains("construction_year_quality has numbers without a meaning"), "{quality}");
    let lines = told("feeder.nc", &|file| put(file, "line_buses", &ndarray::array![[0_i32, 1], [1, 3]]));
    assert!(lines.contains("line_buses does not name two of 3 buses") && lines.contains("feeder.nc"), "{lines}");
    let text = told("buildings.nc", &|file| put(file, "building_use", &ndarray::array![1.0, 2.0, 3.0, 4.0]));
    assert!(text.contains("building_use does not hold text"), "{text}");
}
