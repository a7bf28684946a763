//! What is wrong with feeders, and how it is told.

use proptest::prelude::*;

use super::*;

const LINES: &str =
    "from_bus,to_bus,length_km,r_ohm_per_km,x_ohm_per_km,c_nf_per_km,max_i_ka\n0,1,0.1,0.2,0.1,0,0.27\n";
const LOADS: &str = "bus,p_kw,q_kvar\n1,5,1\n";

fn refused(files: &[(&str, &str)], overrides: &[(&str, &str)]) -> String {
    let folder = holding(files);
    let error = told(folder.path(), overrides).unwrap_err();
    assert_eq!(error.exit_code(), 2);
    error.to_string().replace(&format!("{}/", folder.path().display()), "")
}

#[test]
fn wrong_rows_are_told_with_line_column_and_hint() {
    let lines = "from_bus,to_bus,length_km,r_ohm_per_km,x_ohm_per_km,c_nf_per_km,max_i_ka\n\
        0,1,-0.1,nan,0.1,0,0\n0,,0.1,0.2,x,0,0.27\n0,2,0.1,0.2\n";
    let expected = "a_lines.csv:2: length_km: expected a number not below zero, found \"-0.1\"\n\
        a_lines.csv:2: r_ohm_per_km: expected a finite number, found \"nan\"\n\
        a_lines.csv:2: max_i_ka: expected a current above 0\n  hint: leave the column out if nothing limits the lines\n\
        a_lines.csv:3: to_bus: expected the name of a bus, found nothing\n  hint: 1 to 64 letters or digits, without commas and quotes\n\
        a_lines.csv:3: x_ohm_per_km: expected a number, found \"x\"\n\
        a_lines.csv:4: x_ohm_per_km: expected 7 columns, found 4";
    assert_eq!(refused(&[("a_lines.csv", lines), ("a_loads.csv", LOADS)], &[]), expected);
    let loads = "bus,p_kw,q_kvar\n1,5,1\n11,5,1\n1,inf,1e10\n";
    let expected = "a_loads.csv:3: bus: no line joins bus 11\n  hint: the nearest name is 1\n\
        a_loads.csv:4: p_kw: expected a finite number, found \"inf\"\n\
        a_loads.csv:4: q_kvar: expected -1e9 to 1e9, found \"1e10\"\n\
        a_loads.csv:4: bus: bus 1 has a load in line 2 already\n  hint: add loads of a bus up";
    assert_eq!(refused(&[("a_lines.csv", LINES), ("a_loads.csv", loads)], &[]), expected);
}

#[test]
fn lines_that_are_no_tree_are_told_with_their_row() {
    for (more, expected) in [
        (
            "1,2,0.1,0.2,0.1,0,0.27\n2,0,0.1,0.2,0.1,0,0.27\n",
            "a_lines.csv:4: the line of row 4 closes a ring\n  hint: ",
        ),
        (
            "1,0,0.1,0.2,0.1,0,0.27\n",
            "a_lines.csv:3: the line of row 2 and the line of row 3 join the same buses\n  hint: ",
        ),
        ("2,2,0.1,0.2,0.1,0,0.27\n", "a_lines.csv:3: the line of row 3 starts and ends at the same bus"),
        ("2,3,0.1,0.2,0.1,0,0.27\n", "a_lines.csv: no line leads from the slack to bus 2\n  hint: "),
        (
            "1,2,1e9,0.2,0.1,0,0.27\n",
            "a_lines.csv:3: the resistance of the line of row 3 is 200000000; expected 0 to 1e6 ohm",
        ),
    ] {
        let told = refused(&[("a_lines.csv", &format!("{LINES}{more}")), ("a_loads.csv", LOADS)], &[]);
        assert!(told.starts_with(expected), "{told}");
    }
    let told = refused(&[("a_lines.csv", LINES), ("a_loads.csv", LOADS)], &[("feeder.slack_bus", "7")]);
    assert!(told.starts_with("a_lines.csv: no line joins bus 7, which feeds the network"), "{told}");
}

#[test]
fn folders_and_settings_that_do_not_fit_are_told() {
    assert!(refused(&[("a.txt", "")], &[]).ends_with("no file *_lines.csv or *.json here"));
    let told = refused(&[("a_lines.csv", LINES)], &[]);
    assert_eq!(told, "a_loads.csv: the file does not exist");
    let both = [("a_lines.csv", LINES), ("a_loads.csv", LOADS)];
    for (key, value, expected) in [
        ("feeder.slack_pu", "2", "--set feeder.slack_pu: expected a number from 0.5 to 1.5, found \"2\""),
        ("feeder.base_kv", "nan", "--set feeder.base_kv: expected a number from 0.01 to 1000, found \"nan\""),
        ("solar.albedo", "1", "--set solar.albedo: this key cannot be set here\n  hint: allowed: feeder.slack_bus, "),
    ] {
        let told = refused(&both, &[(key, value)]);
        assert!(told.starts_with(expected), "{told}");
    }
    let heavy = "bus,p_kw,q_kvar\n1,50000,1\n";
    let told = refused(&[("a_lines.csv", LINES), ("a_loads.csv", heavy)], &[]);
    assert_eq!(told, "a_lines.csv: there is no solution: the feeder cannot carry these loads");
    let told = refused(&[("a_lines.csv", LINES), ("a_loads.csv", LOADS), ("a.json", HAMLET)], &[]);
    assert!(told.contains("a second feeder of the name a"), "{told}");
}

/// The network with a part of its text replaced, which has to be there once or more.
fn changed(from: &str, to: &str) -> String {
    assert!(HAMLET.contains(from), "{from}");
    HAMLET.replace(from, to)
}

fn told_of(text: &str) -> String {
    hamlet(text).unwrap_err().to_string()
}

#[test]
fn networks_that_are_not_read_are_told() {
    let row = |columns: &str, data: &str| {
        format!("{{\"_object\": \"{{\\\"columns\\\":[{columns}],\\\"index\\\":[0],\\\"data\\\":[[{data}]]}}\"}}")
    };
    for (table, expected) in [
        (format!("\"ward\": {}", row("", "")), "hamlet.json: ward: 1 rows are in service, and this table is not read"),
        ("\"ward\": {}".to_owned(), "hamlet.json: ward: the table has no \"_object\""),
        ("\"ward\": {\"_object\": \"[1\"}".to_owned(), "hamlet.json: ward: the table is not in the orientation"),
        (
            format!("\"ward\": {}", row("\\\"a\\\"", "")),
            "hamlet.json: ward: rows, index and columns of the table do not fit",
        ),
    ] {
        let told = told_of(&changed("\"f_hz\"", &format!("{table}, \"f_hz\"")));
        assert!(told.starts_with(expected), "{told}");
    }
    for (text, expected) in [
        ("", "hamlet.json:1: not a JSON text: "),
        ("[]", "hamlet.json: not a network of pandapower"),
        ("{\"_class\": \"pandapowerNet\", \"_object\": \"x\"}", "hamlet.json: the network has no \"_object\""),
        ("{\"_class\": \"pandapowerNet\", \"_object\": {}}", "hamlet.json: bus: there are no buses in service"),
        (&"[".repeat(100_000), "hamlet.json:1: not a JSON text: recursion limit"),
    ] {
        let told = told_of(text);
        assert!(told.starts_with(expected), "{told}");
    }
}

#[test]
fn cells_that_are_wrong_are_told_with_table_and_index() {
    for (from, to, expected) in [
        (
            "[null,2,0.006,",
            "[null,2,null,",
            "hamlet.json: load.p_mw: expected a number from -100000 to 100000, found nothing at index 0",
        ),
        (
            "[null,2,0.006,",
            "[null,2,1e300,",
            "hamlet.json: load.p_mw: expected a number from -100000 to 100000, found 1e+300 at index 0",
        ),
        (
            "[null,2,0.006,0.002,0.0,",
            "[null,2,0.006,0.002,30.0,",
            "hamlet.json: load.const_z_p_percent: loads that depend on the voltage",
        ),
        (
            "[null,0,1.01,0.0",
            "[null,44,1.01,0.0",
            "hamlet.json: ext_grid.bus: expected a bus in service, found 44 at index 0",
        ),
        (
            "1.0,true,false]]",
            "1.0,false,false]]",
            "hamlet.json: ext_grid: expected one external grid in service, found 0",
        ),
        ("[3,5,\\\"l\\\",null,false", "[3,5,\\\"l\\\",null,true", "hamlet.json: line 5 closes a ring\n  hint: "),
        (
            "[6,7,\\\"b\\\",null,true,null,0.0",
            "[6,7,\\\"b\\\",null,true,null,0.5",
            "hamlet.json: switch.z_ohm: switches with an impedance",
        ),
        (
            "[6,7,",
            "[6,0,",
            "hamlet.json: switch.element: expected a bus of the same nominal voltage, found 0 at index 1",
        ),
        ("\\\"Ratio\\\"", "\\\"Ideal\\\"", "hamlet.json: trafo.tap_pos: only taps that change the ratio are read"),
        ("4.0,1.3,0.6", "1.0,1.3,0.6", "hamlet.json: trafo.vkr_percent: expected a number not above vk_percent"),
    ] {
        let told = told_of(&changed(from, to));
        assert!(told.starts_with(expected), "{from}: {told}");
    }
}

#[test]
fn what_nothing_feeds_is_left_out_and_counted() {
    // Without the switch from 7 to 6, bus 7 hangs on nothing, with a load of 4 kW; without that to 8, bus 8.
    let (model, warnings) = hamlet(&changed("[6,7,\\\"b\\\",null,true", "[6,7,\\\"b\\\",null,false")).unwrap();
    assert_eq!((model.buses.len(), model.aliases.len()), (8, 1));
    let [warning] = &warnings[..] else { panic!("{warnings:?}") };
    assert_eq!((warning.code.as_str(), warning.count), ("unfed_buses", 2));
    assert!(
        warning.message.starts_with("1 buses in service are not fed by the external grid; 1 loads"),
        "{}",
        warning.message
    );
}

/// Whether every number of a model is one.
fn is_finite(model: &FeederModel) -> bool {
    let (p, q) = model.load_of_buses();
    let numbers = [&p, &q, &model.voltage_factor, &model.angle_offset, &model.current_factor];
    numbers.iter().all(|numbers| numbers.iter().all(|number| number.is_finite()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// A damaged file is refused or read; it never ends the program, and gives no number that is none.
    #[test]
    fn damage_is_survived(at in 0..HAMLET.len(), length in 0..40_usize, with in "[0-9eE.,:\"\\\\{}\\[\\]nulltrue-]{0,12}") {
        let mut bytes = HAMLET.as_bytes().to_vec();
        bytes.splice(at..(at + length).min(HAMLET.len()), with.bytes());
        let source = Source { file: Path::new("hamlet.json"), bytes: &bytes };
        match read_pandapower("hamlet", source) {
            Ok((model, _)) => prop_assert!(is_finite(&model)),
            Err(error) => prop_assert_eq!(error.exit_code(), 2),
        }
    }

    /// Any number in place of any other.
    #[test]
    fn strange_numbers_are_survived(which in 0..400_usize, number in prop::sample::select(vec!["0", "-1", "1e-300", "1e300", "null", "7", "\\\"x\\\""])) {
        let is_border = |letter: u8| matches!(letter, b',' | b'[' | b']');
        let starts: Vec<usize> = HAMLET.bytes().enumerate().filter(|(_, letter)| is_border(*letter)).map(|(at, _)| at + 1).collect();
        let start = starts[which % starts.len()];
        let end = HAMLET[start..].bytes().position(is_border).map_or(HAMLET.len(), |length| start + length);
        let text = format!("{}{number}{}", &HAMLET[..start], &HAMLET[end..]);
        match hamlet(&text) {
            Ok((model, _)) => prop_assert!(is_finite(&model)),
            Err(error) => prop_assert_eq!(error.exit_code(), 2),
        }
    }
}
