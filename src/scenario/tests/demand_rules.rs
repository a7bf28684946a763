//! Rules of user classes and periods, with what is told.

use std::path::Path;

use super::rules::{NETWORK, WITH_TRIPS, assert_told, traffic};
use crate::scenario::{Traffic, UserClass};

const MATRIX_OR_FACTOR: &str = "name another matrix, or tell with demand_factor which part is whose";

/// Each class with its file and matrix.
fn names(traffic: &Traffic) -> Vec<String> {
    let name = |class: &UserClass| {
        let matrix = class.demand_matrix.as_deref().unwrap_or("-");
        format!("{} {} {matrix}", class.name, class.demand.display())
    };
    traffic.classes.iter().map(name).collect()
}

#[test]
fn without_classes_there_is_one_car() {
    let traffic = traffic(WITH_TRIPS, "demand_matrix = \"m\"\n");
    assert_eq!(names(&traffic), ["car a.omx m"]);
    assert_eq!((traffic.classes[0].pce, traffic.classes[0].demand_factor), (1.0, 1.0));
}

#[test]
fn classes_share_a_file_or_have_their_own() {
    let shared = "[[traffic.class]]\nname = \"car\"\ndemand_matrix = \"c\"\n[[traffic.class]]\nname = \"bus\"\n";
    let shared = traffic(WITH_TRIPS, &format!("demand_matrix = \"m\"\n{shared}"));
    assert_eq!(names(&shared), ["car a.omx c", "bus a.omx m"]);
    let own = "[[traffic.class]]\nname = \"bus\"\ndemand = \"b.csv\"\n";
    assert_eq!(names(&traffic(NETWORK, own)), ["bus b.csv -"]);
}

#[test]
fn demand_that_no_listed_class_takes_is_that_of_cars() {
    let bus = "[[traffic.class]]\nname = \"bus\"\ndemand = \"b.csv\"\npce = 2.5\n";
    let with_cars = traffic(WITH_TRIPS, &format!("demand_matrix = \"m\"\n{bus}"));
    assert_eq!(names(&with_cars), ["car a.omx m", "bus b.csv -"]);
    assert_eq!((with_cars.classes[0].pce, with_cars.classes[1].pce), (1.0, 2.5));
    assert_told(
        WITH_TRIPS,
        "[[traffic.class]]\nname = \"car\"\ndemand = \"b.csv\"\n",
        &["3: traffic.demand: used by no class, each has a demand of its own\n  \
           hint: remove it, or the demand of the class \"car\""],
    );
}

#[test]
fn every_class_needs_demand() {
    let needs = "3: traffic.class.demand: missing, and there is no traffic.demand that the class could take\n  \
                 hint: demand = \"trucks.csv\"";
    assert_told(NETWORK, "[[traffic.class]]\nname = \"bus\"\n", &[needs]);
    let required = "1: traffic.demand: missing, it is required\n  hint: demand = \"town_trips.tntp\"";
    assert_told(NETWORK, "", &[required]);
    assert_told(NETWORK, "class = []\n", &[required]);
}

#[test]
fn matrices_have_names_in_omx_files_alone() {
    let only = "only an .omx file has named matrices\n  hint: remove it";
    let csv = "[traffic]\nnetwork = \"a_net.tntp\"\ndemand = \"a.csv\"\n";
    assert_told(csv, "demand_matrix = \"m\"\n", &[&format!("4: traffic.demand_matrix: {only}")]);
    let class = "[[traffic.class]]\nname = \"bus\"\ndemand_matrix = \"m\"\n";
    assert_told(csv, class, &[&format!("6: traffic.class.demand_matrix: {only}")]);
    let own = format!("{class}demand = \"b.csv\"\n");
    assert_told(WITH_TRIPS, &own, &[&format!("6: traffic.class.demand_matrix: {only}")]);
}

#[test]
fn a_matrix_that_no_class_takes_is_told() {
    let class = "demand_matrix = \"m\"\n[[traffic.class]]\nname = \"bus\"\ndemand_matrix = \"b\"\n";
    let unused = "4: traffic.demand_matrix: used by no class, each that takes traffic.demand has a matrix of its own\n  \
                  hint: remove it";
    assert_told(WITH_TRIPS, class, &[unused]);
    let own = "demand_matrix = \"m\"\n[[traffic.class]]\nname = \"bus\"\ndemand = \"b.omx\"\n";
    let nothing = "3: traffic.demand_matrix: there is no traffic.demand that it could be of\n  hint: remove it";
    assert_told(NETWORK, own, &[nothing]);
}

#[test]
fn two_classes_do_not_have_the_same_demand() {
    let class = |name: &str, demand: &str| format!("[[traffic.class]]\nname = \"{name}\"\ndemand = \"{demand}\"\n");
    let same = |line: usize, one: &str, other: &str| {
        format!(
            "{line}: traffic.class: classes \"{one}\" and \"{other}\" have the same demand\n  hint: {MATRIX_OR_FACTOR}"
        )
    };
    assert_told(NETWORK, &(class("a", "x.csv") + &class("b", "./x.csv")), &[&same(6, "a", "b")]);
    assert_told(WITH_TRIPS, &class("bus", "a.omx"), &[&same(4, "car", "bus")]);
    let shared = "[[traffic.class]]\nname = \"a\"\n[[traffic.class]]\nname = \"b\"\n";
    assert_told(WITH_TRIPS, shared, &[&same(6, "a", "b")]);
    traffic(WITH_TRIPS, &shared.replace("\"b\"\n", "\"b\"\ndemand_matrix = \"b\"\n"));
    traffic(WITH_TRIPS, &shared.replace("\"b\"\n", "\"b\"\ndemand_factor = 0.4\n"));
}

#[test]
fn costs_per_kilometre_need_a_value_of_time_and_kilometres() {
    let class = "[[traffic.class]]\nname = \"a\"\ncost_per_km = 0.2\n";
    let value = "6: traffic.class.cost_per_km: needs value_of_time_per_h\n  hint: value_of_time_per_h = 30.0";
    let unit = "6: traffic.class.cost_per_km: needs traffic.length_unit\n  hint: length_unit = \"km\"";
    assert_told(WITH_TRIPS, class, &[value, unit]);
    assert_told(WITH_TRIPS, &format!("{class}value_of_time_per_h = 9\n"), &[unit]);
    let gmns = WITH_TRIPS.replace("a_net.tntp", "gmns");
    assert_told(&gmns, class, &[value]);
    traffic(&gmns, &format!("{class}value_of_time_per_h = 9\n"));
    traffic(WITH_TRIPS, "[[traffic.class]]\nname = \"a\"\ncost_per_km = 0\n");
}

#[test]
fn values_of_classes_out_of_range_are_problems() {
    for (line, told) in [
        ("pce = 0", "pce: expected a number of at least 0.001 and at most 100, found 0"),
        ("pce = nan", "pce: expected a number of at least 0.001 and at most 100, found nan"),
        (
            "value_of_time_per_h = 0.0",
            "value_of_time_per_h: expected a number above 0 and at most 1000000000, found 0.0",
        ),
        ("demand_factor = -1", "demand_factor: expected a number of at least 0 and at most 1000000, found -1"),
        ("tolls = \"t.tntp\"", "tolls: expected a file name ending in .csv or .csv.gz, found \"t.tntp\""),
        ("banned_links = [1, 1]", "banned_links: 1 is named twice"),
        (
            "banned_link_types = [2147483648]",
            "banned_link_types: expected a whole number from -2147483648 to 2147483647, found 2147483648",
        ),
        ("banned_link_types = [3, 4, 3]", "banned_link_types: 3 is named twice"),
        (
            "cost_per_mile = 3",
            "cost_per_mile: unknown key, allowed are name, demand, demand_matrix, demand_factor, pce, \
          value_of_time_per_h, cost_per_km, tolls, banned_links, banned_link_types\n  hint: did you mean \"cost_per_km\"?",
        ),
    ] {
        let text = format!("[[traffic.class]]\nname = \"a\"\n{line}\n");
        assert_told(WITH_TRIPS, &text, &[&format!("6: traffic.class.{told}")]);
    }
    let unnamed = "4: traffic.class.name: missing, it is required\n  hint: name = \"truck\"";
    assert_told(WITH_TRIPS, "[[traffic.class]]\npce = 2\n", &[unnamed]);
    let elsewhere = "unknown key, allowed are links, most_loaded\n  hint: it belongs in [[traffic.class]]";
    assert_told(
        WITH_TRIPS,
        "[traffic.braess]\nmost_loaded = 1\npce = 2\n",
        &[&format!("6: traffic.braess.pce: {elsewhere}")],
    );
}

#[test]
fn periods_bring_days_and_demand() {
    let text = "[[traffic.period]]\nname = \"am\"\nhours = 2\nannual_days = { weekday = 250, sunday = 0.5 }\n\
                demand = { bus = \"am.csv\" }\ndemand_matrix = { car = \"am\" }\n\
                [[traffic.class]]\nname = \"bus\"\ndemand = \"b.omx\"\ndemand_matrix = \"b\"\n";
    let traffic = traffic(WITH_TRIPS, text);
    let am = &traffic.periods[0];
    assert_eq!(am.annual_days, [("weekday".to_owned(), 250.0), ("sunday".to_owned(), 0.5)]);
    let of = |class: &UserClass| {
        let (file, matrix) = am.demand_of(class);
        (file.display().to_string(), matrix.map(str::to_owned))
    };
    assert_eq!(of(&traffic.classes[0]), ("a.omx".to_owned(), Some("am".to_owned())));
    assert_eq!(of(&traffic.classes[1]), ("am.csv".to_owned(), None));
    let text = text.replace("am.csv", "am.omx");
    let of_omx = self::traffic(WITH_TRIPS, &text);
    assert_eq!(of_omx.periods[0].demand_of(&of_omx.classes[1]), (Path::new("am.omx"), Some("b")));
    let own = self::traffic(WITH_TRIPS, &text.replace("car = \"am\"", "bus = \"am\""));
    assert_eq!(own.periods[0].demand_of(&own.classes[1]), (Path::new("am.omx"), Some("am")));
}

#[test]
fn values_of_periods_out_of_range_are_problems() {
    for (line, told) in [
        ("hours = 0", "hours: expected a number above 0 and at most 24, found 0"),
        ("hours = 24.5", "hours: expected a number above 0 and at most 24, found 24.5"),
        ("annual_days = { a = 367 }", "annual_days.a: expected a number of at least 0 and at most 366, found 367"),
        ("annual_days = { a = -1 }", "annual_days.a: expected a number of at least 0 and at most 366, found -1"),
        ("annual_days = { a = nan }", "annual_days.a: expected a number of at least 0 and at most 366, found nan"),
        ("annual_days = { a = 250, b = 117 }", "annual_days: expected at most 366 days in all, found 367"),
        ("annual_days = 250", "annual_days: expected a table, found 250\n  hint: { name = 250 }"),
        ("annual_days = { \"\" = 1 }", "annual_days.\"\": expected a name of one line"),
        ("demand = { cra = \"b.csv\" }", "demand.cra: there is no class of that name\n  hint: did you mean \"car\"?"),
        ("demand_matrix = { bus = \"b\" }", "demand_matrix.bus: there is no class of that name\n  hint: name \"car\""),
        (
            "demand = { car = \"b.txt\" }",
            "demand.car: expected a file name ending in .tntp, .tntp.gz, .omx, .csv or .csv.gz, found \"b.txt\"",
        ),
        (
            "demand_matrix = { car = 3 }",
            "demand_matrix.car: expected text of one line, found 3\n  \
          hint: put it in quotes: \"3\"",
        ),
        ("start = 7", "start: unknown key, allowed are name, hours, demand_factor, annual_days, demand, demand_matrix"),
    ] {
        let hours = if line.starts_with("hours") { "" } else { "hours = 1\n" };
        let text = format!("[[traffic.period]]\nname = \"a\"\n{hours}{line}\n");
        let number = if hours.is_empty() { 6 } else { 7 };
        assert_told(WITH_TRIPS, &text, &[&format!("{number}: traffic.period.{told}")]);
    }
    let needed = "4: traffic.period.hours: missing, it is required\n  hint: hours = 3.0";
    assert_told(WITH_TRIPS, "[[traffic.period]]\nname = \"am\"\n", &[needed]);
}

#[test]
fn demand_of_periods_is_checked_like_that_of_classes() {
    let period = "[[traffic.period]]\nname = \"am\"\nhours = 1\n";
    let bus = "[[traffic.class]]\nname = \"bus\"\ndemand = \"b.csv\"\n";
    let only = "7: traffic.period.demand_matrix.bus: only an .omx file has named matrices\n  hint: remove it";
    assert_told(WITH_TRIPS, &format!("{period}demand_matrix = {{ bus = \"m\" }}\n{bus}"), &[only]);
    let same = format!(
        "7: traffic.period.demand: classes \"car\" and \"bus\" have the same demand\n  hint: {MATRIX_OR_FACTOR}"
    );
    assert_told(WITH_TRIPS, &format!("{period}demand = {{ bus = \"a.omx\" }}\n{bus}"), &[&same]);
    traffic(WITH_TRIPS, &format!("{period}demand = {{ bus = \"a.omx\" }}\ndemand_matrix = {{ bus = \"m\" }}\n{bus}"));
}
