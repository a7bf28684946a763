//! Runs of two periods and two classes: counts, trip lengths, and what report, exports and comparison make of them.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/runs.rs"]
mod runs;
#[path = "common/town.rs"]
mod town;

use std::fs;
use std::path::Path;

use conurb::export::omx;
use conurb::stages::Metric;
use conurb::store::read::RunReader;
use runs::{braess, conurb, field, printed, refused, report, text};
use town::{COUNTS, SCENARIO, town};

/// The same with a finished run of it as `run`.
fn finished() -> tempfile::TempDir {
    let folder = town(SCENARIO, COUNTS);
    printed(folder.path(), &["run", "town.toml", "--out", "run"]);
    folder
}

fn number(run: &Path, name: &str) -> f64 {
    match report(run).metric(name) {
        Some(Metric::Number(value)) => *value,
        Some(Metric::Count(value)) => *value as f64,
        other => panic!("{name} is {other:?}"),
    }
}

#[track_caller]
fn assert_near(found: &[f64], expected: &[f64]) {
    let near = |(found, expected): (&f64, &f64)| (found - expected).abs() <= 1e-12 * expected.abs();
    assert!(found.len() == expected.len() && found.iter().zip(expected).all(near), "{found:?}, expected {expected:?}");
}

fn indices(run: &Path, name: &str) -> Vec<i64> {
    RunReader::open(run).unwrap().i64(name).unwrap().into_raw_vec_and_offset().0
}

/// GEH by its definition.
fn geh(modelled: f64, counted: f64) -> f64 {
    (2.0 * (modelled - counted).powi(2) / (modelled + counted)).sqrt()
}

#[test]
fn counts_are_held_against_their_class_and_period() {
    let folder = finished();
    let run = &folder.path().join("run");
    // Link 10 carries 80 cars and 5 trucks in the morning, link 20 has 70 and 5; the afternoon has half of all. The morning is
    // three of four hours, so that the mean of the day is 7/8 of it.
    let modelled = [85.0, 35.0, 5.0 * 0.875, 85.0 * 0.875, 0.0];
    assert_near(&field(run, "count_modelled"), &modelled);
    let counted = [85.0, 60.0, 5.0, 200.0, 10.0];
    assert_eq!(field(run, "count_observed"), counted);
    let each: Vec<f64> = modelled.iter().zip(counted).map(|(&modelled, counted)| geh(modelled, counted)).collect();
    assert_near(&field(run, "count_geh"), &each);
    assert_eq!(indices(run, "count_link"), [0, 1, 1, 0, 2]);
    assert_eq!(indices(run, "count_class"), [-1, 0, 1, -1, -1]);
    assert_eq!(indices(run, "count_period"), [1, 0, -1, -1, -1]);
    // A GEH of 0, 3.6, 0.3, 10.7 and 4.5.
    assert_eq!([number(run, "counts"), number(run, "geh_below_5"), number(run, "geh_below_10")], [5.0, 0.8, 0.8]);
    let squares: f64 = modelled.iter().zip(counted).map(|(modelled, counted)| (modelled - counted).powi(2)).sum();
    assert_near(&[number(run, "percent_rmse")], &[100.0 * (squares / 4.0).sqrt() / 72.0]);
    assert!((0.0..1.0).contains(&number(run, "count_r_squared")) && number(run, "count_slope") > 0.0);
}

#[test]
fn screenlines_add_up_what_counts_the_same() {
    let folder = finished();
    let run = &folder.path().join("run");
    assert_eq!(RunReader::open(run).unwrap().text("screenline_name").unwrap(), ["river"; 3]);
    assert_eq!(indices(run, "screenline_class"), [-1, 1, -1]);
    assert_eq!(indices(run, "screenline_period"), [1, -1, -1]);
    assert_eq!(field(run, "screenline_observed"), [85.0, 5.0, 210.0]);
    assert_near(&field(run, "screenline_modelled"), &[85.0, 4.375, 74.375]);
    assert_near(&field(run, "screenline_geh"), &[0.0, geh(4.375, 5.0), geh(74.375, 210.0)]);
}

#[test]
fn a_link_that_is_closed_or_banned_carries_nothing() {
    let folder = town(SCENARIO, "link_id,count,class\n30,10,\n20,5,truck\n");
    let banned = SCENARIO.replace("pce = 2.0", "pce = 2.0\nbanned_links = [20]");
    fs::write(folder.path().join("town.toml"), banned).unwrap();
    printed(folder.path(), &["run", "town.toml", "--out", "run", "--set", "traffic.closed_links=[30]"]);
    let run = &folder.path().join("run");
    assert_eq!(field(run, "count_modelled"), [0.0, 0.0]);
    assert!(!RunReader::open(run).unwrap().has("screenline_name"), "no count belongs to one");
}

#[test]
fn trips_are_binned_by_length_and_time() {
    let folder = finished();
    let run = &folder.path().join("run");
    let open = RunReader::open(run).unwrap();
    assert_eq!(open.shape("trip_length_trips").unwrap(), [2, 2, 101]);
    assert_eq!(open.shape("trip_time_trips").unwrap(), [2, 2, 181]);
    assert_eq!((field(run, "trip_length_bin")[100], field(run, "trip_time_bin")[180]), (100_000.0, 10_800.0));
    // Cars go 1.5 km, 4.1 km and 2.6 km in 2, 5 and 3 minutes, trucks 4.1 km in 5; those within zone 1 are not there.
    let lengths = open.f64("trip_length_trips").unwrap();
    let times = open.f64("trip_time_trips").unwrap();
    for (period, factor) in [(0, 0.5), (1, 1.0)] {
        let of_cars =
            |bin: usize| [(1, 20.0), (2, 10.0), (4, 60.0)].iter().find(|of| of.0 == bin).map_or(0.0, |of| of.1);
        let found: Vec<f64> = (0..101).map(|bin| lengths[[period, 0, bin]]).collect();
        assert_eq!(found, (0..101).map(|bin| factor * of_cars(bin)).collect::<Vec<_>>());
        assert_eq!([2, 3, 5].map(|bin| times[[period, 0, bin]]), [20.0, 10.0, 60.0].map(|trips| factor * trips));
        assert_eq!([lengths[[period, 1, 4]], times[[period, 1, 5]]], [5.0 * factor; 2]);
    }
    assert_eq!(times.sum(), 95.0 * 1.5);
    let figures = ["am.car.mean_trip_length_km", "am.car.mean_trip_time_min", "pm.truck.mean_trip_length_km"];
    assert_near(&figures.map(|name| number(run, name)), &[302.0 / 90.0, 370.0 / 90.0, 4.1]);
    // Half of 90 is 45: 15 of the 60 in the bin from 4 km, or from 5 minutes.
    assert_near(
        &["km", "min"].map(|unit| {
            number(run, &format!("am.car.median_trip_{}_{unit}", if unit == "km" { "length" } else { "time" }))
        }),
        &[4.25, 5.25],
    );
}

#[test]
fn trips_without_a_path_have_no_length() {
    let folder = town(SCENARIO, COUNTS);
    printed(folder.path(), &["run", "town.toml", "--out", "run", "--set", "traffic.closed_links=[20]"]);
    let run = &folder.path().join("run");
    assert_eq!(field(run, "trip_time_trips").iter().sum::<f64>(), 20.0 * 1.5);
    assert_eq!(number(run, "am.car.mean_trip_length_km"), 1.5);
    assert!(report(run).metric("am.truck.mean_trip_time_min").is_none(), "no truck gets anywhere");
}

/// Whether any place of a page that shows a value shows that it is none.
fn shows_no_value(page: &str) -> bool {
    page.contains("NaN") || page.contains(">inf") || page.contains("=\"inf")
}

#[test]
fn the_report_shows_the_busiest_period_and_sums_of_the_day() {
    let folder = finished();
    let page = fs::read_to_string(folder.path().join("run/report.html")).unwrap();
    assert!(!shows_no_value(&page));
    // Link 10, the only one of type 1: 85 vehicles over 1.5 km in the morning, half of that in the afternoon, for 3 h and 1 h.
    // Time is 85 · 2 min · 3.5 h = 595 veh min and 75 · 3 · 3.5 = 787.5 on link 20.
    for words in [
        "those of period am, which has the largest volumes",
        "These are the iterations of period am.",
        "<th scope=\"row\">1</th><td class=\"number\">446.2</td><td class=\"number\">9.917</td>",
        "<td class=\"number\">43.0 %</td>",
        "<td class=\"number\">57.0 %</td>",
        "<td class=\"number\">80.0 %</td>",
        "The 5 counts that are missed by most, of 5",
        "1 → 2</td><td>all</td><td>mean of all</td><td class=\"number\">200</td><td class=\"number\">74.38</td>",
        "<th scope=\"row\">river</th><td>truck</td><td>mean of all</td><td class=\"number\">5</td>",
        "<title>link 10: counted 200, modelled 74.38</title>",
        // 60 cars and 5 trucks go 4.1 km, for 3.5 hours of the morning's trips.
        "<title>4 to 5 km: 227.5</title>",
        "Mean trip length, am, car",
    ] {
        assert!(page.contains(words), "no {words}");
    }
    let map = page.find("id=\"network\"").unwrap();
    let ids = ["by-type", "counts", "trip-lengths", "convergence", "method"]
        .map(|id| page.find(&format!("id=\"{id}\"")).unwrap());
    assert!(map < ids[0] && ids.is_sorted(), "{ids:?}");
}

#[test]
fn districts_are_a_table_of_their_own() {
    let folder = town(SCENARIO, COUNTS);
    let square = "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"name\":\"<South>\"},\
        \"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[8.0,47.0],[9.0,47.0],[9.0,47.302],[8.0,47.302],[8.0,47.0]]]}}]}";
    fs::write(folder.path().join("districts.geojson"), square).unwrap();
    let with_districts = format!("{SCENARIO}[people]\ndistricts = \"districts.geojson\"\n");
    fs::write(folder.path().join("town.toml"), with_districts).unwrap();
    printed(folder.path(), &["run", "town.toml", "--out", "run"]);
    let page = fs::read_to_string(folder.path().join("run/report.html")).unwrap();
    // Link 10 lies in the south, the others do not.
    for row in ["&lt;South&gt;</th><td class=\"number\">446.2</td>", "outside</th><td class=\"number\">682.5</td>"] {
        assert!(page.contains(row), "no {row}");
    }
}

#[test]
fn the_report_tells_of_the_optimum_and_of_links_whose_closing_helps() {
    let folder = braess();
    let scenario = format!("{}[traffic.system_optimum]\n[traffic.braess]\nlinks = [4, 5]\n", runs::BRAESS_SCENARIO);
    fs::write(folder.path().join("braess.toml"), scenario).unwrap();
    printed(folder.path(), &["run", "braess.toml", "--out", "run"]);
    let page = fs::read_to_string(folder.path().join("run/report.html")).unwrap();
    // 552 at equilibrium; three trips on either route of 83 are 498, the optimum and the equilibrium without link 4.
    for words in [
        "<td class=\"number\">552</td><td class=\"number\">498</td><td class=\"number\">−9.783 %</td><td class=\"number\">1.1084</td>",
        "Links that were closed one at a time: 2. Of these lower the total by more than the solutions can be off: 1.",
        "<th scope=\"row\">4</th><td>3 → 4</td><td class=\"number\">−54</td>",
    ] {
        assert!(page.contains(words), "no {words}");
    }
    assert!(!shows_no_value(&page) && !page.contains("of period"));
}

#[test]
fn optimum_and_closings_are_told_by_period() {
    let folder = braess();
    let scenario = format!(
        "{}[traffic.system_optimum]\n[traffic.braess]\nlinks = [4, 1]\n[[traffic.period]]\nname = \"night\"\nhours = 8.0\n\
         demand_factor = 0.0\n[[traffic.period]]\nname = \"day\"\nhours = 16.0\n",
        runs::BRAESS_SCENARIO
    );
    fs::write(folder.path().join("braess.toml"), scenario).unwrap();
    printed(folder.path(), &["run", "braess.toml", "--out", "run"]);
    let page = fs::read_to_string(folder.path().join("run/report.html")).unwrap();
    for words in [
        // Nobody drives at night, so there is nothing to gain.
        "<th scope=\"row\">night</th><td class=\"number\">0</td><td class=\"number\">0</td><td class=\"number\">–</td>",
        "<th scope=\"row\">day</th><td class=\"number\">552</td><td class=\"number\">498</td>",
        "than the solutions can be off: 0, period night.",
        "than the solutions can be off: 1, period day.",
        "least first, period day",
        "<th scope=\"row\">4</th><td>3 → 4</td><td class=\"number\">−54</td>",
    ] {
        assert!(page.contains(words), "no {words}");
    }
    assert!(!shows_no_value(&page));
}

#[test]
fn a_run_without_trips_has_a_report() {
    let folder = town(&SCENARIO.replace("[traffic]\n", "[traffic]\ndemand_factor = 0.0\n"), COUNTS);
    printed(folder.path(), &["run", "town.toml", "--out", "run"]);
    let page = fs::read_to_string(folder.path().join("run/report.html")).unwrap();
    assert!(page.contains("No trip between zones has a path.") && !shows_no_value(&page));
    assert!(report(&folder.path().join("run")).metric("am.car.mean_trip_length_km").is_none());
}

#[test]
fn links_are_exported_in_the_period_that_is_asked_for() {
    let folder = finished();
    let export = |format: &str, out: &str, more: &[&str]| {
        let output = conurb(folder.path(), &[&["export", "run", "--to", format, "--out", out], more].concat());
        (output.status.code().unwrap(), text(&output.stderr))
    };
    let first_row = |file: &str| {
        let mut rows = csv::Reader::from_path(folder.path().join(file)).unwrap();
        let row = rows.deserialize::<std::collections::BTreeMap<String, f64>>().next().unwrap().unwrap();
        ["volume_car_veh_per_h", "volume_truck_veh_per_h", "volume_pcu_per_h", "cost_truck_in_network_units"]
            .map(|name| row[name])
    };
    let (code, told) = export("csv", "busiest.csv", &[]);
    assert!(code == 0 && told.contains("period am, that with the largest volumes"), "{told}");
    assert_eq!(first_row("busiest.csv"), [80.0, 5.0, 90.0, 2.0]);
    let (code, told) = export("csv", "pm.csv", &["--period", "pm"]);
    assert!(code == 0 && !told.contains("largest"), "{told}");
    assert_eq!(first_row("pm.csv"), [40.0, 2.5, 45.0, 2.0]);
    assert_eq!(export("gmns", "net", &["--period", "pm"]).0, 0);
    assert_eq!(first_row("net/link_performance.csv"), first_row("pm.csv"));
    // From link 10 into link 20 turn those from zone 1 to zone 3.
    let turns = fs::read_to_string(folder.path().join("net/movement_performance.csv")).unwrap();
    assert!(turns.contains("\n1,30,2.5\n"), "{turns}");
    assert_eq!(export("geojson", "links.geojson", &[]).0, 0);
    let links = fs::read_to_string(folder.path().join("links.geojson")).unwrap();
    let links: serde_json::Value = serde_json::from_str(&links).unwrap();
    assert_eq!(links["features"][0]["properties"]["volume_pcu_per_h"], 90.0);
    let (code, told) = export("csv", "night.csv", &["--period", "night"]);
    assert!(code == 2 && told.contains("no period \"night\"") && told.contains("hint: there are pm, am"), "{told}");
    let (code, told) = export("omx", "m.omx", &["--period", "am"]);
    assert!(code == 2 && told.contains("\"omx\" is not of one period"), "{told}");
    assert!(!folder.path().join("night.csv").exists() && !folder.path().join("m.omx").exists());
}

#[test]
fn matrices_are_named_by_selection_class_and_period() {
    let folder = finished();
    printed(folder.path(), &["export", "run", "--to", "omx", "--out", "m.omx"]);
    let run = RunReader::open(&folder.path().join("run")).unwrap();
    let names: Vec<String> = omx::matrices(&run).unwrap().into_iter().map(|matrix| matrix.name).collect();
    let of = |prefix: &str| ["car_pm", "car_am", "truck_pm", "truck_am"].map(|of| format!("{prefix}_{of}"));
    let fields = ["demand", "skim_cost", "skim_travel_time", "skim_distance", "selected_bridge"];
    assert_eq!(names, fields.map(of).concat());
    let file = hdf5::File::open(folder.path().join("m.omx")).unwrap();
    let matrix = |name: &str| file.dataset(&format!("data/{name}")).unwrap().read_raw::<f64>().unwrap();
    assert_eq!(matrix("demand_car_am"), [7.0, 20.0, 60.0, 0.0, 0.0, 10.0, 0.0, 0.0, 0.0]);
    assert_eq!(matrix("demand_truck_pm"), [0.0, 0.0, 2.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(matrix("selected_bridge_car_pm"), [0.0, 0.0, 30.0, 0.0, 0.0, 5.0, 0.0, 0.0, 0.0]);
}

#[test]
fn matrices_whose_names_would_be_the_same_are_kept_apart() {
    let scenario = SCENARIO
        .replace("\"car\"", "\"a\"")
        .replace("\"truck\"", "\"a_b\"")
        .replace("\"pm\"", "\"b/c\"")
        .replace("\"am\"", "\"b_b_c\"");
    let folder = town(&scenario, "link_id,count\n10,85\n");
    printed(folder.path(), &["run", "town.toml", "--out", "run"]);
    printed(folder.path(), &["export", "run", "--to", "omx", "--out", "m.omx"]);
    let file = hdf5::File::open(folder.path().join("m.omx")).unwrap();
    let trips = |name: &str| file.dataset(&format!("data/{name}")).unwrap().read_raw::<f64>().unwrap()[2];
    let names = ["demand_a_b_c", "demand_a_b_b_c", "demand_a_b_b_c_2", "demand_a_b_b_b_c"];
    assert_eq!(names.map(trips), [30.0, 60.0, 2.5, 5.0]);
}

#[test]
fn runs_are_compared_in_the_same_period() {
    let folder = finished();
    let variant = SCENARIO.replace("demand_factor = 0.5", "demand_factor = 3.0");
    fs::write(folder.path().join("variant.toml"), variant).unwrap();
    printed(folder.path(), &["run", "variant.toml", "--out", "variant"]);
    let told = printed(folder.path(), &["compare", "run", "variant", "--out", "compared"]);
    assert!(told.contains("links are compared in period am\n"), "{told}");
    let volume = told.lines().find(|line| line.starts_with("volume  ")).unwrap();
    assert!(volume.split_whitespace().nth(1) == Some("0"), "the morning is the same: {volume}");
    let page = fs::read_to_string(folder.path().join("compared/compare.html")).unwrap();
    assert!(page.contains("Links are compared in period am."));
    let single = SCENARIO.split("[[traffic.period]]").next().unwrap();
    fs::write(folder.path().join("single.toml"), single).unwrap();
    printed(folder.path(), &["run", "single.toml", "--out", "single"]);
    let told = printed(folder.path(), &["compare", "variant", "single"]);
    assert!(told.contains("links are compared in period pm of the base, no period of the run\n"), "{told}");
}

#[test]
fn ranks_and_threads_change_no_bit() {
    let folder = town(SCENARIO, COUNTS);
    let checksum = |threads: &str, ranks: &str| {
        let numbers = ["--threads", threads, "--local-ranks", ranks, "--out", "run", "--force"];
        printed(folder.path(), &[&["run", "town.toml"][..], &numbers].concat());
        report(&folder.path().join("run")).checksum
    };
    let alone = checksum("1", "1");
    assert_eq!([checksum("1", "3"), checksum("2", "2")], [alone.clone(), alone]);
}

#[test]
fn damaged_counts_are_refused() {
    let folder = finished();
    let traffic = folder.path().join("run/traffic.nc");
    let file = hdf5::File::open_rw(&traffic).unwrap();
    file.dataset("count_link").unwrap().write_raw(&[0, 1, 99, 0, -2]).unwrap();
    drop(file);
    let (code, told) = refused(folder.path(), &["export", "run", "--to", "report", "--out", "page.html"]);
    assert!(code == 2 && told.contains("field count_link names link 99 of 3"), "{told}");
    assert!(!folder.path().join("page.html").exists());
}

#[test]
fn absurd_values_end_in_a_message_or_are_left_out() {
    let folder = town(SCENARIO, "link_id,count\n10,1e200\n20,1\n");
    printed(folder.path(), &["run", "town.toml", "--out", "run"]);
    let run = &folder.path().join("run");
    assert!(report(run).metric("percent_rmse").is_none() && number(run, "geh_below_5") == 0.0);
    let long = town::LINKS.replace("2,1.5,", "2,1e308,").replace("3,2.6,", "3,1e308,");
    fs::write(folder.path().join("links.csv"), long).unwrap();
    let arguments = ["run", "town.toml", "--out", "long", "--progress", "never", "--set", "traffic.skims=[]"];
    let (code, told) = refused(folder.path(), &arguments);
    assert!(code < 3 && !told.contains("panicked"), "{code}: {told}");
    assert!(!folder.path().join("long/report.json").exists());
    fs::write(folder.path().join("links.csv"), town::LINKS).unwrap();
    let smallest = |pce: &str| fs::write(folder.path().join("town.toml"), SCENARIO.replace("pce = 2.0", pce)).unwrap();
    smallest("pce = 1e-309");
    let (code, told) = refused(folder.path(), &["run", "town.toml", "--out", "small"]);
    assert!(code == 2 && told.contains("pce: expected a number of at least 0.001 and at most 100"), "{told}");
    smallest("pce = 0.001");
    printed(folder.path(), &["run", "town.toml", "--out", "small"]);
    let trips = field(&folder.path().join("small"), "trip_length_trips");
    assert!((trips[3 * 101 + 4] - 5.0).abs() < 1e-9, "{}", trips[3 * 101 + 4]);
}
