//! Reading finished runs, the HTML report, the exports and the comparison, on made-up run folders.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/fake_run.rs"]
mod fake_run;
#[path = "common/page.rs"]
mod page;

use std::fs;
use std::path::{Path, PathBuf};

use conurb::compare;
use conurb::export::{Existing, export, omx};
use conurb::formats::{MovementKind, RoadNetwork, Source, gmns};
use conurb::report::html;
use conurb::scenario::{ExportFormat, LengthUnit, TimeUnit};
use conurb::store::read::RunReader;
use fake_run::{FakeRun, Placed};
use hdf5::File;
use hdf5::types::FixedUnicode;
use ndarray::{Array1, Array2};
use page::{requests, unbalanced};

struct Folder {
    _keep: tempfile::TempDir,
    path: PathBuf,
}

fn folder(run: &FakeRun) -> Folder {
    let keep = tempfile::tempdir().unwrap();
    let path = keep.path().join("run");
    run.write(&path);
    Folder { _keep: keep, path }
}

fn page_of(run: &FakeRun) -> String {
    html::render(&RunReader::open(&folder(run).path).unwrap()).unwrap()
}

#[test]
fn fields_are_read_as_asked() {
    let fake = FakeRun { classes: vec!["car".into(), "truck".into()], ..FakeRun::default() };
    let folder = folder(&fake);
    let run = RunReader::open(&folder.path).unwrap();
    assert_eq!(run.text("class_name").unwrap(), ["car", "truck"]);
    assert_eq!(run.shape("class_name").unwrap(), [2]);
    assert_eq!(run.shape("demand").unwrap(), [2, 3, 3]);
    assert_eq!(run.i64("link_nodes").unwrap()[[0, 1]], 1);
    assert_eq!(run.f64("skim_cost").unwrap()[[1, 2, 0]], 120.0);
    assert_eq!(
        run.rows_f64("skim_cost", 1, 1..3).unwrap(),
        ndarray::array![[110.0, 111.0, 112.0], [120.0, 121.0, 122.0]]
    );
    assert_eq!(run.attribute("link_travel_time", "units").unwrap().as_deref(), Some("s"));
    assert_eq!(run.attribute("link_travel_time", "long_name").unwrap(), None);
    assert!(run.has("demand") && !run.has("skim_distance") && !run.has("demand/x"));
    assert_eq!(run.report().stages[0].name, "traffic.assignment");
    assert!(run.scenario_toml().starts_with("[scenario]"));
    for failure in
        [run.f64("link_id").err(), run.i64("demand").err(), run.text("node_id").err(), run.f64("absent").err()]
    {
        assert_eq!(failure.unwrap().exit_code(), 2);
    }
    assert!(run.rows_f64("demand", 0, 2..4).is_err() && run.rows_f64("demand", 2, 0..1).is_err());
    assert!(run.rows_f64("link_length", 0, 0..1).is_err());
}

#[test]
fn text_marked_as_utf_8_is_read_too() {
    let folder = folder(&FakeRun::default());
    let file = File::open_rw(folder.path.join("traffic.nc")).unwrap();
    file.unlink("class_name").unwrap();
    let letters: Vec<FixedUnicode<1>> = "bicycle".chars().map(|letter| letter.to_string().parse().unwrap()).collect();
    let letters = Array2::from_shape_vec((1, letters.len()), letters).unwrap();
    file.new_dataset_builder().with_data(letters.view()).create("class_name").unwrap();
    drop(file);
    assert_eq!(RunReader::open(&folder.path).unwrap().text("class_name").unwrap(), ["bicycle"]);
}

#[test]
fn folders_that_are_no_finished_run_are_refused_with_a_hint() {
    let keep = tempfile::tempdir().unwrap();
    let refused = |path: &Path| {
        let error = RunReader::open(path).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        error.to_string()
    };
    assert!(refused(&keep.path().join("absent")).contains("no such folder"));
    assert!(refused(keep.path()).contains("no report.json"));
    fs::create_dir(keep.path().join(".partial")).unwrap();
    assert!(refused(keep.path()).contains("--resume"));
    let whole = folder(&FakeRun::default());
    let traffic = whole.path.join("traffic.nc");
    let bytes = fs::read(&traffic).unwrap();
    fs::write(&traffic, &bytes[..bytes.len() / 2]).unwrap();
    assert!(refused(&whole.path).contains("not readable as netCDF-4"));
    fs::write(whole.path.join("report.json"), "{").unwrap();
    assert!(refused(&whole.path).contains("not the report of a run"));
}

#[test]
fn a_field_that_claims_more_than_its_file_holds_takes_no_memory() {
    let folder = folder(&FakeRun::default());
    let file = File::open_rw(folder.path.join("traffic.nc")).unwrap();
    file.new_dataset::<f64>().chunk((1, 1024)).shape((1 << 20, 1 << 20)).create("huge").unwrap();
    file.new_dataset::<f64>().chunk((1, 1, 1024)).shape((1, 1 << 20, 1 << 20)).create("huge_skim").unwrap();
    drop(file);
    let run = RunReader::open(&folder.path).unwrap();
    assert!(run.f64("huge").unwrap_err().to_string().contains("claims more values"));
    assert!(run.rows_f64("huge_skim", 0, 0..1 << 20).unwrap_err().to_string().contains("claims more values"));
    assert_eq!(run.rows_f64("huge_skim", 0, 7..8).unwrap().len(), 1 << 20);
}

#[test]
fn fields_that_do_not_fit_together_are_refused() {
    let spoil = |name: &str, spoil: &dyn Fn(&File)| {
        let folder = folder(&FakeRun::default());
        let file = File::open_rw(folder.path.join("traffic.nc")).unwrap();
        file.unlink(name).unwrap();
        spoil(&file);
        drop(file);
        html::render(&RunReader::open(&folder.path).unwrap()).unwrap_err().to_string()
    };
    let n_links = FakeRun::default().ends().len();
    let short = spoil("link_travel_time", &|file| {
        file.new_dataset_builder().with_data(&Array1::<f64>::zeros(3)).create("link_travel_time").unwrap();
    });
    assert!(short.contains("link_travel_time has shape [3]"), "{short}");
    let outside = spoil("link_nodes", &|file| {
        let ends = Array2::<i32>::from_elem((n_links, 2), -1);
        file.new_dataset_builder().with_data(&ends).create("link_nodes").unwrap();
    });
    assert!(outside.contains("names node -1"), "{outside}");
    let nan = spoil("link_volume_pcu", &|file| {
        let volume = Array1::from_elem(n_links, f64::NAN);
        file.new_dataset_builder().with_data(&volume).create("link_volume_pcu").unwrap();
    });
    assert!(nan.contains("link_volume_pcu is NaN in row 1"), "{nan}");
}

#[test]
fn the_report_is_whole_and_asks_nothing_of_the_network() {
    for placed in [Placed::Metres, Placed::Degrees, Placed::Nowhere] {
        let page = page_of(&FakeRun { placed, ..FakeRun::default() });
        assert_eq!(unbalanced(&page), Vec::<String>::new());
        assert_eq!(requests(&page), Vec::<&str>::new());
        assert!(!page.contains("NaN") && !page.contains(" inf"));
        assert_eq!(page.contains("<canvas"), placed != Placed::Nowhere);
        for word in [
            "Distance driven",
            "3.4 × 10⁻⁷",
            "3 nodes have no links",
            "gradient projection",
            "ODbL-1.0",
            "0123456789abcdef",
        ] {
            assert!(page.contains(word), "{word}");
        }
    }
    let without = page_of(&FakeRun { placed: Placed::Nowhere, ..FakeRun::default() });
    assert!(without.contains("There is no map: the inputs give no coordinates"));
    assert!(!without.contains("data-link="));
}

#[test]
fn a_run_that_did_not_converge_says_so() {
    assert!(!page_of(&FakeRun::default()).contains("Not converged"));
    assert!(page_of(&FakeRun { converged: false, ..FakeRun::default() }).contains("Not converged"));
}

#[test]
fn names_from_the_scenario_cannot_become_markup() {
    let title = "</title><script>alert('x')</script>&{{body}}";
    let page = page_of(&FakeRun { title: title.to_owned(), ..FakeRun::default() });
    assert!(!page.contains("<script>alert"));
    assert!(page.contains("&lt;/title&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;{{body}}"));
    assert_eq!(unbalanced(&page), Vec::<String>::new());
}

#[test]
fn forty_thousand_links_stay_below_one_and_a_half_megabytes() {
    let fake = FakeRun { columns: 101, rows: 101, ..FakeRun::default() };
    assert!(fake.ends().len() > 40_000, "{}", fake.ends().len());
    let page = page_of(&fake);
    assert!(page.len() < 1_500_000, "{} bytes", page.len());
}

#[test]
fn csv_has_units_in_its_names_and_every_digit() {
    let fake = FakeRun::default();
    let folder = folder(&fake);
    let run = RunReader::open(&folder.path).unwrap();
    let out = folder.path.join("export");
    fs::create_dir(&out).unwrap();
    let written = export(&run, ExportFormat::Csv, &out, Existing::Refuse).unwrap();
    assert_eq!(written, [out.join("links.csv")]);
    let mut rows = csv::Reader::from_path(&written[0]).unwrap();
    let headings: Vec<String> = rows.headers().unwrap().iter().map(str::to_owned).collect();
    assert_eq!(
        headings.join(" "),
        "link_id from_node to_node length_m capacity_pcu_per_h free_flow_time_s closed volume_car_veh_per_h \
         volume_pcu_per_h volume_capacity_ratio travel_time_s cost_in_network_units"
    );
    let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
    let volumes: Vec<f64> = rows.iter().map(|row| row[8].parse().unwrap()).collect();
    assert_eq!(volumes, fake.volume());
    assert_eq!([&rows[0][0], &rows[0][1], &rows[0][2]], ["1", "101", "102"]);
    let again = export(&run, ExportFormat::Csv, &written[0], Existing::Refuse).unwrap_err();
    assert_eq!(again.exit_code(), 2);
    export(&run, ExportFormat::Csv, &written[0], Existing::Replace).unwrap();
}

#[test]
fn geojson_is_longitude_and_latitude_or_refused() {
    let fake = FakeRun { placed: Placed::Degrees, ..FakeRun::default() };
    let degrees = folder(&fake);
    let path = degrees.path.join("links.geojson");
    export(&RunReader::open(&degrees.path).unwrap(), ExportFormat::GeoJson, &path, Existing::Refuse).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let features = value["features"].as_array().unwrap();
    assert_eq!((value["type"].as_str(), features.len()), (Some("FeatureCollection"), fake.ends().len()));
    assert!(value.get("crs").is_none());
    let [x, y] = [0, 1].map(|axis| features[0]["geometry"]["coordinates"][0][axis].as_f64().unwrap());
    assert!((8.0..9.0).contains(&x) && (50.0..51.0).contains(&y), "{x} {y}");
    assert!(text.lines().nth(1).unwrap().contains("\"volume_pcu_per_h\":"));
    let refused = |fake: &FakeRun, change: &dyn Fn(&Path)| {
        let folder = folder(fake);
        change(&folder.path);
        let run = RunReader::open(&folder.path).unwrap();
        let error = export(&run, ExportFormat::GeoJson, &folder.path.join("x"), Existing::Refuse).unwrap_err();
        assert!(error.exit_code() == 2 && !folder.path.join("x").exists());
        error.to_string()
    };
    assert!(refused(&FakeRun::default(), &|_| ()).contains("found EPSG:25832"));
    let claim_degrees = |path: &Path| {
        let text = fs::read_to_string(path.join("scenario.toml")).unwrap();
        fs::write(path.join("scenario.toml"), text.replace("EPSG:25832", "EPSG:4326")).unwrap();
    };
    assert!(refused(&FakeRun::default(), &claim_degrees).contains("is not a longitude and latitude"));
    let no_crs = |path: &Path| fs::write(path.join("scenario.toml"), "[scenario]\n").unwrap();
    assert!(refused(&fake, &no_crs).contains("names no crs"));
}

#[test]
fn matrices_are_written_by_class() {
    let folder = folder(&FakeRun { classes: vec!["car".into(), "truck".into()], ..FakeRun::default() });
    let run = RunReader::open(&folder.path).unwrap();
    let path = folder.path.join("matrices.omx");
    omx::write(&run, &path, Existing::Refuse).unwrap();
    let file = File::open(&path).unwrap();
    let mut names = file.group("data").unwrap().member_names().unwrap();
    names.sort();
    assert_eq!(names, ["demand_car", "demand_truck", "skim_cost_car", "skim_cost_truck"]);
    let truck: Vec<f64> = file.dataset("data/demand_truck").unwrap().read_raw().unwrap();
    assert_eq!(truck, [100.0, 101.0, 102.0, 110.0, 111.0, 112.0, 120.0, 121.0, 122.0]);
    assert_eq!(file.dataset("lookup/zone_id").unwrap().read_raw::<i64>().unwrap(), [1, 2, 3]);
}

#[test]
fn comparison_finds_what_differs() {
    let (base, run) = (
        folder(&FakeRun::default()),
        folder(&FakeRun { volume_factor: 1.1, checksum: "f".repeat(64), ..FakeRun::default() }),
    );
    let out = base.path.join("compared");
    let text = compare::run(&[base.path.clone(), run.path.clone()], Some(&out)).unwrap();
    for words in [
        "results: different",
        "inputs: the same",
        "traffic.demand_factor",
        "links: 76 in both runs\n",
        "greatest changes of volume",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    let vht = text.lines().find(|line| line.contains(": vht ")).unwrap();
    assert_eq!(vht.split_whitespace().last(), Some("10"), "{vht}");
    let mut rows = csv::Reader::from_path(out.join("compare.csv")).unwrap();
    assert_eq!(rows.headers().unwrap().iter().nth(3), Some("base_volume_pcu_per_h"));
    for row in rows.records().map(Result::unwrap) {
        let [before, after, difference]: [f64; 3] = [3, 6, 7].map(|column| row[column].parse().unwrap());
        assert!((after - before - difference).abs() < 1e-9 && (difference - 0.1 * before).abs() < 1e-6);
    }
    let page = fs::read_to_string(out.join("compare.html")).unwrap();
    assert_eq!((unbalanced(&page), requests(&page)), (Vec::new(), Vec::new()));
    assert!(page.contains("data-map") && page.contains("diff-4") && page.contains("traffic.demand_factor"));
    assert!(compare::run(&[base.path.clone(), run.path.clone()], Some(&out)).is_err());
}

#[test]
fn comparison_says_what_is_equal_and_what_does_not_match() {
    let base = folder(&FakeRun::default());
    let same = compare::run(&[base.path.clone(), base.path.clone()], None).unwrap();
    for words in ["results: equal", "scenario keys: the same"] {
        assert!(same.contains(words), "{words}\n{same}");
    }
    assert!(!same.contains("greatest changes"), "{same}");
    let shifted = folder(&FakeRun { first_link_id: 11, ..FakeRun::default() });
    let partial = compare::run(&[base.path.clone(), shifted.path.clone()], None).unwrap();
    assert!(partial.contains("links: 66 in both runs, 10 only in the base, 10 only in the run"), "{partial}");
    assert!(partial.contains("warning: "), "{partial}");
    let foreign = folder(&FakeRun { first_link_id: 1000, ..FakeRun::default() });
    let error = compare::run(&[base.path.clone(), foreign.path.clone()], None).unwrap_err();
    assert!(error.exit_code() == 2 && error.to_string().contains("the networks are different"), "{error}");
    assert_eq!(compare::run(std::slice::from_ref(&base.path), None).unwrap_err().exit_code(), 2);
}

fn put<T: hdf5::H5Type>(file: &File, name: &str, values: &Array1<T>) {
    if file.link_exists(name) {
        file.unlink(name).unwrap();
    }
    file.new_dataset_builder().with_data(values.view()).create(name).unwrap();
}

/// Reads a GMNS folder back, lengths in metres and times in seconds.
fn read_gmns(folder: &Path) -> (RoadNetwork, Vec<String>) {
    let movements = fs::read(folder.join("movement.csv")).ok();
    let movement = movements.as_ref().map(|bytes| Source { file: Path::new("movement.csv"), bytes });
    let bytes = ["node.csv", "link.csv", "config.csv", "zone.csv"].map(|name| fs::read(folder.join(name)).unwrap());
    let source = |file: usize, name: &'static str| Source { file: Path::new(name), bytes: &bytes[file] };
    let files = gmns::GmnsFiles {
        node: source(0, "node.csv"),
        link: source(1, "link.csv"),
        config: Some(source(2, "config.csv")),
        movement,
        zone: Some(source(3, "zone.csv")),
    };
    let units = gmns::GmnsUnits { time: TimeUnit::Second, length: LengthUnit::Metre, period_h: 1.0 };
    let (network, warnings) = gmns::read_gmns(&files, units).unwrap();
    (network, warnings.into_iter().map(|warning| warning.code).collect())
}

#[test]
fn a_network_written_as_gmns_reads_back_equal() {
    let fake = FakeRun::default();
    let folder = folder(&fake);
    let n_links = fake.ends().len();
    // Digits that a speed would not keep, a time of zero, a speed beyond what GMNS allows, a link without capacity.
    let time = Array1::from_iter((0..n_links).map(|link| [35.1, 1.0 / 3.0, 0.0, 1e-3][link % 4] * (link as f64 + 0.7)));
    let capacity = Array1::from_iter((0..n_links).map(|link| if link == 5 { 0.0 } else { 1234.5 + link as f64 / 7.0 }));
    let toll = Array1::from_iter((0..n_links).map(|link| link as f64 * 0.1));
    let link_type = Array1::from_iter((0..n_links).map(|link| (link % 3) as i32));
    let file = File::append(folder.path.join("traffic.nc")).unwrap();
    put(&file, "link_free_flow_time", &time);
    put(&file, "link_capacity", &capacity);
    put(&file, "link_toll", &toll);
    put(&file, "link_type", &link_type);
    drop(file);
    let run = RunReader::open(&folder.path).unwrap();
    let written = export(&run, ExportFormat::Gmns, folder.path.parent().unwrap(), Existing::Refuse).unwrap();
    assert_eq!(written, [folder.path.parent().unwrap().join("gmns")]);
    let (network, warnings) = read_gmns(&written[0]);
    let numbers = |name: &str| run.f64(name).unwrap().into_raw_vec_and_offset().0;
    let ids = |name: &str| run.i64(name).unwrap().into_raw_vec_and_offset().0;
    assert_eq!((&network.node_id, &network.link_id), (&ids("node_id"), &ids("link_id")));
    assert_eq!((&network.zone_id, network.n_zones()), (&ids("zone_id"), 3));
    assert_eq!(network.zone_node, [0, 1, 2]);
    let xy: Vec<[f64; 2]> = numbers("node_x").into_iter().zip(numbers("node_y")).map(|(x, y)| [x, y]).collect();
    assert_eq!(network.node_xy.unwrap(), xy);
    let ends: Vec<[i32; 2]> =
        network.tail.iter().zip(&network.head).map(|(tail, head)| [*tail as i32, *head as i32]).collect();
    assert_eq!(ends, fake.ends());
    assert_eq!((network.free_flow_time, network.length), (time.to_vec(), numbers("link_length")));
    assert_eq!((network.toll, network.link_type), (toll.to_vec(), link_type.to_vec()));
    // A link whose time does not depend on its volume keeps that, whatever capacity is taken for it.
    assert_eq!((network.capacity[4], network.capacity[6]), (capacity[4], capacity[6]));
    assert_eq!((network.b[4], network.b[5]), (0.15, 0.0));
    assert_eq!(warnings, ["gmns_defaulted_capacity"]);
    let results = fs::read_to_string(written[0].join("link_performance.csv")).unwrap();
    export(&run, ExportFormat::Csv, &folder.path.join("links.csv"), Existing::Refuse).unwrap();
    assert_eq!(results, fs::read_to_string(folder.path.join("links.csv")).unwrap());
}

#[test]
fn turns_of_a_run_become_movements() {
    let fake = FakeRun { classes: vec!["car".into(), "truck".into()], columns: 3, rows: 3, ..FakeRun::default() };
    let folder = folder(&fake);
    let ends = fake.ends();
    let link = |tail: i32, head: i32| ends.iter().position(|ends| *ends == [tail, head]).unwrap() as i32;
    // Through the middle of three rows of three nodes, numbered 0 to 8 from the south-west.
    let turns = [[3, 4, 5], [3, 4, 7], [3, 4, 1], [3, 4, 3]];
    let file = File::append(folder.path.join("traffic.nc")).unwrap();
    put(&file, "turn_from_link", &turns.iter().map(|[from, via, _]| link(*from, *via)).collect());
    put(&file, "turn_to_link", &turns.iter().map(|[_, via, to]| link(*via, *to)).collect());
    put(&file, "turn_penalty", &Array1::from_vec(vec![0.0, 0.1, 2.0, 30.0]));
    let volume = Array2::from_shape_fn((2, 4), |(class, turn)| (10 * class + turn) as f64 + 0.5);
    file.new_dataset_builder().with_data(volume.view()).create("turn_volume").unwrap();
    drop(file);
    let run = RunReader::open(&folder.path).unwrap();
    let net = export(&run, ExportFormat::Gmns, &folder.path.join("net"), Existing::Refuse).unwrap().remove(0);
    let movements = read_gmns(&net).0.movements;
    let found: Vec<_> = movements.iter().map(|turn| (turn.penalty_s, turn.kind)).collect();
    let expected = [
        (Some(2.0), Some(MovementKind::Right)),
        (Some(30.0), Some(MovementKind::UTurn)),
        (Some(0.0), Some(MovementKind::Through)),
        (Some(0.1), Some(MovementKind::Left)),
    ];
    let mut order: Vec<usize> = (0..4).collect();
    order.sort_by_key(|turn| link(4, turns[[2, 3, 0, 1][*turn]][2]));
    assert_eq!(found, order.into_iter().map(|turn| expected[turn]).collect::<Vec<_>>());
    let performance = fs::read_to_string(net.join("movement_performance.csv")).unwrap();
    let header = "mvmt_id,volume_car_veh_per_h,volume_truck_veh_per_h\n";
    assert_eq!(performance, format!("{header}1,0.5,10.5\n2,1.5,11.5\n3,2.5,12.5\n4,3.5,13.5\n"));
    drop(run);
    let file = File::append(folder.path.join("traffic.nc")).unwrap();
    put(&file, "turn_to_link", &Array1::from_vec(vec![0_i32; 4]));
    drop(file);
    let run = RunReader::open(&folder.path).unwrap();
    let error = export(&run, ExportFormat::Gmns, &folder.path.join("x"), Existing::Refuse).unwrap_err();
    assert!(error.to_string().contains("links that do not meet") && !folder.path.join("x").exists(), "{error}");
}

#[test]
fn a_gmns_folder_is_replaced_only_where_that_is_asked_for() {
    let folder = folder(&FakeRun::default());
    let run = RunReader::open(&folder.path).unwrap();
    let net = folder.path.join("net");
    let write = |existing| export(&run, ExportFormat::Gmns, &net, existing).map(|written| written[0].clone());
    assert_eq!(write(Existing::Refuse).unwrap(), net);
    assert_eq!(write(Existing::Replace).unwrap(), net.join("gmns"), "a folder gets the network under its usual name");
    assert_eq!(write(Existing::Replace).unwrap(), net.join("gmns"));
    assert_eq!(write(Existing::Refuse).unwrap_err().exit_code(), 2);
    fs::write(net.join("gmns/notes.txt"), "mine").unwrap();
    assert!(write(Existing::Replace).is_err() && net.join("gmns/notes.txt").exists());
    let nowhere = FakeRun { placed: Placed::Nowhere, ..FakeRun::default() };
    let nowhere = self::folder(&nowhere);
    let run = RunReader::open(&nowhere.path).unwrap();
    let error = export(&run, ExportFormat::Gmns, &nowhere.path.join("net"), Existing::Refuse).unwrap_err();
    assert!(error.to_string().contains("GMNS needs coordinates") && !nowhere.path.join("net").exists(), "{error}");
}

#[test]
fn matrices_of_every_skim_and_class_get_names_of_their_own() {
    let fake = FakeRun { classes: vec!["car".into(), "truck".into()], ..FakeRun::default() };
    let folder = folder(&fake);
    let file = File::append(folder.path.join("traffic.nc")).unwrap();
    for name in ["skim_toll", "skim_free_flow_time"] {
        let values = ndarray::Array3::from_shape_fn((2, 3, 3), |(class, from, to)| (class * 9 + from * 3 + to) as f64);
        file.new_dataset_builder().with_data(values.view()).create(name).unwrap();
    }
    drop(file);
    let run = RunReader::open(&folder.path).unwrap();
    let names: Vec<String> = omx::matrices(&run).unwrap().into_iter().map(|matrix| matrix.name).collect();
    let fields = ["demand", "skim_cost", "skim_toll", "skim_free_flow_time"];
    assert_eq!(names, fields.map(|field| [format!("{field}_car"), format!("{field}_truck")]).concat());
    export(&run, ExportFormat::Omx, &folder.path.join("m.omx"), Existing::Refuse).unwrap();
    let written = File::open(folder.path.join("m.omx")).unwrap();
    let toll: Array2<f64> = written.dataset("data/skim_toll_truck").unwrap().read_2d().unwrap();
    assert_eq!(toll.iter().copied().collect::<Vec<_>>(), (9..18).map(f64::from).collect::<Vec<_>>());
}
