//! Climate files made here: every form of netCDF-3, chunks of any shape, series of several files, and damaged ones.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "cf/classic.rs"]
mod classic;
#[path = "common/mod.rs"]
mod common;

use std::path::{Path, PathBuf};

use classic::{Form, Made, Values, file};
use conurb::formats::cf::{Block, CfFile, DailyScratch, GridForm, Quantity, Scratch, ValueKind, open_daily};
use conurb::formats::probe;
use proptest::prelude::*;

fn written(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn all(file: &CfFile, name: &str) -> Vec<f64> {
    file.read_all(file.variable(name).unwrap()).unwrap()
}

/// A variable of each type, as records and not; the values of each begin with 7.
fn every_type(form: Form) -> Vec<u8> {
    let made = |name: &'static str, values: Values| Made { name, dimensions: vec![1], attributes: vec![], values };
    let mut variables = vec![
        made("i8", Values::I8(vec![7, -1, 127])),
        made("i16", Values::I16(vec![7, -2, 32_767])),
        made("i32", Values::I32(vec![7, -3, 1 << 30])),
        made("f32", Values::F32(vec![7.0, -4.5, 1e20])),
        made("f64", Values::F64(vec![7.0, -5.5, 1e200])),
        made("text", Values::Text("abc")),
    ];
    if form == Form::Data64 {
        variables.push(made("u8", Values::U8(vec![7, 0, 255])));
        variables.push(made("u16", Values::U16(vec![7, 0, 65_535])));
        variables.push(made("u32", Values::U32(vec![7, 0, 1 << 31])));
        variables.push(made("i64", Values::I64(vec![7, -6, 1 << 40])));
        variables.push(made("u64", Values::U64(vec![7, 0, 1 << 63])));
    }
    let records = Made {
        name: "bytes_by_record",
        dimensions: vec![0, 1],
        attributes: vec![("numbers", Values::F64(vec![1.5, -2.5])), ("_FillValue", Values::I8(vec![-100]))],
        values: Values::I8((0..12).collect()),
    };
    let other = Made {
        name: "shorts_by_record",
        dimensions: vec![0],
        attributes: vec![],
        values: Values::I16(vec![100, 101, 102, 103]),
    };
    variables.extend([records, other]);
    file(form, 4, &[("time", 0), ("x", 3)], &variables)
}

#[test]
fn all_types_of_all_forms_of_netcdf_3() {
    let folder = tempfile::tempdir().unwrap();
    for form in [Form::Classic, Form::Offset64, Form::Data64] {
        let path = written(folder.path(), "a.nc", &every_type(form));
        let read = CfFile::open(&path).unwrap();
        for (name, expected) in [
            ("i8", [7.0, -1.0, 127.0]),
            ("i16", [7.0, -2.0, 32_767.0]),
            ("i32", [7.0, -3.0, 1_073_741_824.0]),
            ("f32", [7.0, -4.5, f64::from(1e20_f32)]),
            ("f64", [7.0, -5.5, 1e200]),
        ] {
            assert_eq!(all(&read, name), expected, "{form:?} {name}");
        }
        if form == Form::Data64 {
            assert_eq!(all(&read, "u8"), [7.0, 0.0, 255.0]);
            assert_eq!(all(&read, "u16"), [7.0, 0.0, 65_535.0]);
            assert_eq!(all(&read, "u32"), [7.0, 0.0, 2_147_483_648.0]);
            assert_eq!(all(&read, "i64"), [7.0, -6.0, 1_099_511_627_776.0]);
            assert_eq!(all(&read, "u64"), [7.0, 0.0, 9_223_372_036_854_775_808.0]);
        }
        // Records of bytes are padded to four where there are several variables.
        let numbers: Vec<f64> = (0..12).map(f64::from).collect();
        assert_eq!(all(&read, "bytes_by_record"), numbers, "{form:?}");
        assert_eq!(all(&read, "shorts_by_record"), [100.0, 101.0, 102.0, 103.0], "{form:?}");
        let variable = read.variable("bytes_by_record").unwrap();
        assert_eq!((variable.shape.as_slice(), variable.kind), (&[4, 3][..], ValueKind::I8));
        assert_eq!(variable.numbers("numbers").unwrap(), [1.5, -2.5]);
        let block = Block { start: vec![1, 1], count: vec![2, 2] };
        let mut out = [0.0_f32; 4];
        read.read(variable, &block, &mut Scratch::default(), &mut out).unwrap();
        assert_eq!(out, [4.0, 5.0, 7.0, 8.0]);
        assert_eq!(read.read_texts(read.variable("text").unwrap()).unwrap(), ["abc"]);
        assert_eq!(read.description().text("Conventions"), Some("CF-1.7"));
    }
}

#[test]
fn records_of_a_single_variable_are_not_padded() {
    let only = Made { name: "v", dimensions: vec![0, 1], attributes: vec![], values: Values::I8((0..9).collect()) };
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "a.nc", &file(Form::Classic, 3, &[("time", 0), ("x", 3)], &[only]));
    assert_eq!(all(&CfFile::open(&path).unwrap(), "v"), (0..9).map(f64::from).collect::<Vec<_>>());
}

#[test]
fn truncated_files_are_told() {
    let folder = tempfile::tempdir().unwrap();
    for form in [Form::Classic, Form::Offset64, Form::Data64] {
        let bytes = every_type(form);
        for part in 0..50 {
            let path = written(folder.path(), "a.nc", &bytes[..bytes.len() * part / 50]);
            let error = CfFile::open(&path).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{error}");
            assert!(error.to_string().starts_with(path.to_str().unwrap()), "{error}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    /// Damaged headers never end in a panic or take more memory than the file.
    #[test]
    fn changed_bytes_are_read_or_refused(changes in prop::collection::vec((0_usize..4000, any::<u8>()), 1..6)) {
        for form in [Form::Classic, Form::Offset64, Form::Data64] {
            let mut bytes = every_type(form);
            for (at, value) in &changes {
                let at = at % bytes.len();
                bytes[at] = *value;
            }
            let folder = tempfile::tempdir().unwrap();
            let path = written(folder.path(), "a.nc", &bytes);
            if let Ok(read) = CfFile::open(&path) {
                for variable in &read.description().variables {
                    prop_assert!(variable.len() <= bytes.len());
                    let _ = read.read_all(variable);
                }
            }
        }
    }
}

/// Value on a day in a cell.
fn made_value(day: usize, row: usize, column: usize) -> f64 {
    (day * 100 + row * 10 + column) as f64
}

struct Daily {
    first_day: i32,
    n_days: usize,
    calendar: &'static str,
    units: &'static str,
    since: &'static str,
    lon: f64,
    /// Order of time, rows and columns in the variable.
    order: [usize; 3],
}

const USUAL: Daily = Daily {
    first_day: 0,
    n_days: 9,
    calendar: "noleap",
    units: "K",
    since: "days since 2000-01-01",
    lon: 10.0,
    order: [0, 1, 2],
};

/// A file of three rows and four columns.
fn daily(made: &Daily) -> Vec<u8> {
    let text = |name, text| (name, Values::Text(text));
    let lengths = [made.n_days, 3, 4];
    let mut values = Vec::new();
    let [a, b, c] = made.order;
    for first in 0..lengths[a] {
        for second in 0..lengths[b] {
            for third in 0..lengths[c] {
                let mut index = [0; 3];
                (index[a], index[b], index[c]) = (first, second, third);
                values.push(made_value(index[0] + made.first_day as usize, index[1], index[2]) as f32);
            }
        }
    }
    let times = (0..made.n_days as i32).map(|day| day + made.first_day).collect();
    let axis = |name, dimension, units, values| Made {
        name,
        dimensions: vec![dimension],
        attributes: vec![text("units", units)],
        values,
    };
    let mut time = axis("time", 0, made.since, Values::I32(times));
    time.attributes.push(text("calendar", made.calendar));
    let lon = (0..4).map(|column| made.lon + f64::from(column)).collect();
    let variables = [
        time,
        axis("lat", 1, "degrees_north", Values::F64(vec![50.0, 49.0, 48.0])),
        axis("lon", 2, "degrees_east", Values::F64(lon)),
        Made {
            name: "tas",
            dimensions: made.order.to_vec(),
            attributes: vec![text("units", made.units)],
            values: Values::F32(values),
        },
    ];
    // The record dimension must come first.
    let records = if made.order[0] == 0 { made.n_days } else { 0 };
    let time_length = if records > 0 { 0 } else { made.n_days };
    file(Form::Classic, records, &[("time", time_length), ("lat", 3), ("lon", 4)], &variables)
}

const ORDERS: [[usize; 3]; 6] = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];

#[test]
fn series_are_the_same_for_any_order_of_dimensions_and_files() {
    let folder = tempfile::tempdir().unwrap();
    for order in ORDERS {
        let one = written(folder.path(), "1.nc", &daily(&Daily { order, ..USUAL }));
        let other = written(folder.path(), "2.nc", &daily(&Daily { order, first_day: 12, ..USUAL }));
        // Files in the wrong order, with a gap of three days.
        let opened = open_daily(&[other, one], "tas", Quantity::Temperature).unwrap();
        assert_eq!((opened.days.len(), opened.grid.shape.as_slice()), (18, &[3, 4][..]));
        assert_eq!(opened.grid.place(6), [49.0, 12.0]);
        let number = |index: usize| if index < 9 { index } else { index + 3 };
        let mut scratch = DailyScratch::default();
        for cells in [0..12, 0..4, 2..11, 5..6, 7..8, 1..9] {
            for days in [0..18, 0..9, 9..18, 4..14, 17..18] {
                let mut out = vec![f32::NAN; cells.len() * days.len()];
                opened.read_cells(cells.clone(), days.clone(), &mut scratch, &mut out).unwrap();
                let expected = cells
                    .clone()
                    .flat_map(|cell| days.clone().map(move |day| made_value(number(day), cell / 4, cell % 4) as f32));
                assert!(out.into_iter().eq(expected), "{order:?} {cells:?} {days:?}");
            }
        }
        let mut seen = vec![0; 12 * 18];
        for piece in opened.pieces(10) {
            let mut out = vec![0.0_f64; piece.len()];
            opened.decode(&piece, &mut scratch_of_f64(), &mut out).unwrap();
            let mut values = out.into_iter();
            for row in piece.rows.clone() {
                for column in piece.columns.clone() {
                    for day in piece.days.clone() {
                        assert_eq!(values.next(), Some(made_value(number(day), row, column)), "{order:?} {piece:?}");
                        seen[(row * 4 + column) * 18 + day] += 1;
                    }
                }
            }
        }
        assert!(seen.iter().all(|&times| times == 1), "{order:?}");
    }
}

fn scratch_of_f64() -> DailyScratch<f64> {
    DailyScratch::default()
}

#[test]
fn files_that_do_not_belong_together_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let first = written(folder.path(), "first.nc", &daily(&USUAL));
    let later = Daily { first_day: 9, ..USUAL };
    for (made, said) in [
        (Daily { first_day: 8, ..USUAL }, "tas: 2000-01-09 is also in"),
        (Daily { calendar: "360_day", ..later }, "tas: its calendar is 360_day, that of"),
        (Daily { lon: 11.0, ..later }, "tas: its cells are not those of"),
        (Daily { units: "mm", ..later }, "tas: the unit \"mm\" cannot be converted to K"),
        (Daily { units: "", ..later }, "tas: it has no unit, expected one like K"),
        (Daily { calendar: "lunar", ..later }, "time: the calendar \"lunar\" is not known"),
        (Daily { since: "hours since 2001-01-01", ..USUAL }, "time: expected daily values, found a step of 1.0000 h"),
        (Daily { since: "months since 2001-01-01", ..later }, "time: times in \"months\" have no fixed length"),
        (Daily { lon: 800.0, ..later }, "lon: entry 1 is 800, which is no longitude"),
    ] {
        let second = written(folder.path(), "second.nc", &daily(&made));
        let error = open_daily(&[first.clone(), second.clone()], "tas", Quantity::Temperature).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        let text = error.to_string();
        assert!(text.starts_with(second.to_str().unwrap()) && text.contains(said), "{text}");
        if said.ends_with("in") || said.ends_with("of") {
            assert!(text.contains("first.nc"), "{text}");
        }
    }
    let error = open_daily(&[first], "pr", Quantity::Precipitation).unwrap_err().to_string();
    assert!(error.contains("there is no variable pr\n  hint: it has time, lat, lon, tas"), "{error}");
}

#[test]
fn hurs_without_a_unit_is_a_share_or_per_cent_by_its_values() {
    let Some(data) = common::data_dir() else { return };
    let path = data.join("climate/era5_cities/daily_surface_cancities_1990-1993.nc");
    let shares = open_daily(&[path], "hurs", Quantity::RelativeHumidity).unwrap();
    assert_eq!((shares.conversion().factor, shares.grid.form), (100.0, GridForm::Points));
    let folder = tempfile::tempdir().unwrap();
    let path = written(folder.path(), "a.nc", &daily(&Daily { units: "", ..USUAL }));
    // Values up to 823.
    assert_eq!(open_daily(&[path], "tas", Quantity::RelativeHumidity).unwrap().conversion().factor, 1.0);
}

/// How chunks of a made file are stored.
#[derive(Debug, Clone)]
struct Stored {
    shape: Vec<usize>,
    chunk: Vec<usize>,
    filters: [bool; 3],
    latest: bool,
    start: Vec<usize>,
    count: Vec<usize>,
}

fn stored() -> impl Strategy<Value = Stored> {
    let axis = (1_usize..20, 1_usize..9, any::<prop::sample::Index>(), any::<prop::sample::Index>());
    let axes = prop::collection::vec(axis, 1..4);
    (axes, any::<[bool; 3]>(), any::<bool>()).prop_map(|(axes, filters, latest)| {
        let start: Vec<usize> = axes.iter().map(|(length, _, start, _)| start.index(*length)).collect();
        let count = axes.iter().zip(&start).map(|(axis, start)| 1 + axis.3.index(axis.0 - start)).collect();
        let shape: Vec<usize> = axes.iter().map(|axis| axis.0).collect();
        let chunk = axes.iter().map(|axis| axis.1.min(axis.0)).collect();
        Stored { shape, chunk, filters, latest, start, count }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn blocks_of_chunked_files_are_those_written(stored in stored()) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.nc");
        let n: usize = stored.shape.iter().product();
        let values: Vec<i16> = (0..n).map(|value| (value * 37) as i16).collect();
        write_chunked(&path, &stored, &values);
        let read = CfFile::open(&path).unwrap();
        let variable = read.variable("v").unwrap();
        prop_assert_eq!(&variable.shape, &stored.shape);
        let block = Block { start: stored.start.clone(), count: stored.count.clone() };
        let mut out = vec![0.0_f64; block.len()];
        read.read(variable, &block, &mut Scratch::default(), &mut out).unwrap();
        for (number, found) in out.into_iter().enumerate() {
            let (mut rest, mut place, mut stride) = (number, 0, 1);
            for of in (0..stored.shape.len()).rev() {
                place += (block.start[of] + rest % block.count[of]) * stride;
                rest /= block.count[of];
                stride *= stored.shape[of];
            }
            prop_assert_eq!(found, f64::from(values[place]));
        }
    }
}

fn write_chunked(path: &Path, stored: &Stored, values: &[i16]) {
    let mut options = hdf5::File::with_options();
    if stored.latest {
        options.with_fapl(|list| list.libver_latest());
    }
    let file = options.create(path).unwrap();
    let mut builder = file.new_dataset_builder().chunk(stored.chunk.clone());
    let [shuffle, deflate, fletcher32] = stored.filters;
    if shuffle {
        builder = builder.shuffle();
    }
    if deflate {
        builder = builder.deflate(3);
    }
    if fletcher32 {
        builder = builder.fletcher32();
    }
    builder.empty::<i16>().shape(stored.shape.clone()).create("v").unwrap().write_raw(values).unwrap();
}

#[test]
fn other_layouts_of_hdf5() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.nc");
    // 512 bytes of something else come first.
    let file = hdf5::File::with_options().with_fcpl(|list| list.userblock(512)).create(&path).unwrap();
    let values: Vec<f64> = (0..600).map(f64::from).collect();
    let new = || file.new_dataset_builder();
    new().empty::<f64>().shape([600]).create("contiguous").unwrap().write_raw(&values).unwrap();
    new().chunk(7).deflate(1).empty::<f64>().shape([600]).create("chunked").unwrap().write_raw(&values).unwrap();
    new()
        .layout(hdf5::dataset::Layout::Compact)
        .empty::<f64>()
        .shape([600])
        .create("compact")
        .unwrap()
        .write_raw(&values)
        .unwrap();
    new().fill_value(4.5).empty::<f64>().shape([600]).create("never").unwrap();
    let part = new().chunk(100).fill_value(4.5).empty::<f64>().shape([600]).create("partly").unwrap();
    part.write_slice(&values[200..300], 200..300).unwrap();
    new().chunk(100).nbit().empty::<f64>().shape([600]).create("packed").unwrap().write_raw(&values).unwrap();
    new().empty::<f64>().shape(()).create("one").unwrap().write_scalar(&8.5).unwrap();
    drop((part, file));
    let read = CfFile::open(&path).unwrap();
    for name in ["contiguous", "chunked", "compact"] {
        assert_eq!(all(&read, name), values, "{name}");
    }
    assert_eq!(all(&read, "one"), [8.5]);
    let expected: Vec<f64> = (0..600).map(|at| if (200..300).contains(&at) { f64::from(at) } else { 4.5 }).collect();
    assert_eq!(all(&read, "partly"), expected);
    let mut out = [0.0_f32; 3];
    let never = read.variable("never").unwrap();
    read.read(never, &Block { start: vec![597], count: vec![3] }, &mut Scratch::default(), &mut out).unwrap();
    assert_eq!(out, [4.5; 3]);
    let error = read.read_all(read.variable("packed").unwrap()).unwrap_err().to_string();
    assert!(error.contains("packed: it is stored with the filter n-bit"), "{error}");
}

#[test]
fn damaged_netcdf_4_files_never_reach_this_process() {
    let program = Path::new(env!("CARGO_BIN_EXE_conurb"));
    let Some(data) = common::data_dir() else { return };
    let source =
        data.join("climate/formats/tasmin_day_HadGEM3-GC31-MM_dcppA-hindcast_s1960-r2i1p1f2_gn_19610101-19611230.nc");
    let described = probe::open_cf_by(program, &source).unwrap();
    assert_eq!(format!("{:?}", described.description()), format!("{:?}", CfFile::open(&source).unwrap().description()));
    let bytes = std::fs::read(&source).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for part in 1..50 {
        let path = written(folder.path(), "short.nc", &bytes[..bytes.len() * part / 50]);
        let error = probe::open_cf_by(program, &path).unwrap_err();
        assert_eq!(error.exit_code(), 2, "{error}");
    }
    let mut state = 88_172_645_463_325_252_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    for _ in 0..60 {
        let mut changed = bytes.clone();
        for _ in 0..1 + random(16) {
            // Metadata mostly, which stand first.
            let reach = if random(2) == 0 { 8000 } else { bytes.len() };
            let at = random(reach);
            changed[at] = random(256) as u8;
        }
        let path = written(folder.path(), "changed.nc", &changed);
        match probe::open_cf_by(program, &path) {
            Ok(read) => read.description().variables.iter().for_each(|variable| {
                let _ = read.read_all(variable);
            }),
            Err(error) => assert_eq!(error.exit_code(), 2, "{error}"),
        }
    }
}
