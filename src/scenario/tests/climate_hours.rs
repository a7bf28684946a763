//! Rules of `[climate.weather]` and of the weather that is taken from it, with what is told.

use super::read_text;
use super::rules::assert_told;
use crate::scenario::*;

/// With four variables of five lines each after it, the header of the hours is line 24.
const BEFORE: &str = "[climate]\nreference_period = [1981, 2010]\nfuture_periods = [[2041, 2070]]\n";
const FILES: &str = "reference = \"r.nc\"\nhistorical = \"h.nc\"\nfuture = { ssp245 = \"f.nc\" }\n\n";
const ENOUGH: [&str; 4] = ["tas", "rsds", "huss", "sfcWind"];
/// A curve over the day needs both ends.
const FOR_GEOMETRY: [&str; 5] = ["tasmin", "tasmax", "rsds", "huss", "sfcWind"];

fn before(names: &[&str]) -> String {
    let tables: String = names.iter().map(|name| format!("[climate.variable.{name}]\n{FILES}")).collect();
    format!("{BEFORE}{tables}[climate.weather]\n")
}

#[track_caller]
fn hours(text: &str) -> DownscaledWeather {
    let scenario = read_text(text).unwrap_or_else(|error| panic!("{error}"));
    scenario.climate.and_then(|climate| climate.weather).unwrap()
}

#[test]
fn hours_need_no_more_than_a_donor() {
    let read = hours(&format!("{}donor = \"d.epw\"\n", before(&ENOUGH)));
    let expected = DownscaledWeather {
        method: HourlyMethod::Analogue,
        donor: Some("d.epw".into()),
        model: None,
        future: None,
        period: None,
        year: WeatherOfYear::Typical,
        place: None,
    };
    assert_eq!(read, expected);
    let place = "[climate.weather.place]\nlatitude = 52\nlongitude = 4.5\nelevation_m = -2\n";
    let read = hours(&format!("{}method = \"geometry\"\nyear = 2041\n{place}", before(&FOR_GEOMETRY)));
    assert_eq!(read.year, WeatherOfYear::Projected(2041));
    assert_eq!(read.place, Some(WeatherPlace { latitude: 52.0, longitude: 4.5, elevation_m: -2.0 }));
    hours(&format!("{}method = \"morphing\"\ndonor = \"d.epw\"\n", before(&["tasmin", "tasmax"])));
}

#[test]
fn donors_places_and_years_go_with_methods() {
    let place = "[climate.weather.place]\nlatitude = 52\nlongitude = 4.5\nelevation_m = -2\n";
    let donor = "donor = \"d.epw\"\n";
    for method in ["analogue", "morphing"] {
        let told = format!("24: climate.weather.donor: missing, \"{method}\" needs it\n  hint: donor = \"town.epw\"");
        assert_told(&before(&ENOUGH), &format!("method = \"{method}\"\n"), &[&told]);
    }
    let method = "method = \"geometry\"\n";
    let nowhere = "29: climate.weather.place: missing, \"geometry\" needs it\n  hint: add [climate.weather.place]";
    assert_told(&before(&FOR_GEOMETRY), method, &[nowhere]);
    let idle = "31: climate.weather.donor: \"geometry\" has no donor\n  hint: remove it";
    assert_told(&before(&FOR_GEOMETRY), &format!("{method}{donor}{place}"), &[idle]);
    let method = "method = \"morphing\"\n";
    let elsewhere = "27: climate.weather.place: \"morphing\" is for the place of its donor\n  hint: remove it";
    assert_told(&before(&ENOUGH), &format!("{method}{donor}{place}"), &[elsewhere]);
    let year = "27: climate.weather.year: \"morphing\" moves a year by the change of all of a period, found 2050\n  \
                hint: year = \"typical\"";
    assert_told(&before(&ENOUGH), &format!("{method}{donor}year = 2050\n"), &[year]);
}

#[test]
fn hours_need_variables() {
    let needs = |method: &str, name: &str, table: &str| {
        format!("8: climate.weather: \"{method}\" needs the variable {name}\n  hint: add [climate.variable.{table}]")
    };
    let tas = || needs("analogue", "tas, or tasmin and tasmax", "tas").replace("8:", "9:");
    let all = [
        needs("analogue", "rsds", "rsds"),
        needs("analogue", "hurs or huss", "hurs"),
        needs("analogue", "sfcWind", "sfcWind"),
    ]
    .map(|told| told.replace("8:", "9:"));
    let told = [&[tas()][..], &all].concat();
    let told: Vec<&str> = told.iter().map(String::as_str).collect();
    assert_told(&before(&["tasmin"]), "donor = \"d.epw\"\n", &told);
    let place = "method = \"geometry\"\nplace = { latitude = 52, longitude = 4.5, elevation_m = -2 }\n";
    let extremes = ["tasmin", "tasmax"].map(|name| needs("geometry", name, name).replace("8:", "24:"));
    assert_told(&before(&ENOUGH), place, &extremes.each_ref().map(String::as_str));
    let morphing = needs("morphing", "tas, or tasmin and tasmax", "tas").replace("8:", "9:");
    assert_told(&before(&["pr"]), "donor = \"d.epw\"\nmethod = \"morphing\"\n", &[&morphing]);
}

#[test]
fn hours_are_of_one_model_scenario_period_and_year() {
    let donor = "donor = \"d.epw\"\n";
    let chosen = "model = \"model\"\nfuture = \"ssp245\"\nperiod = [2041, 2070]\nyear = 2070\n";
    hours(&format!("{}{donor}{chosen}", before(&ENOUGH)));
    let year = "expected \"typical\" or a whole number from -10000 to 10000, found";
    for (text, told) in [
        ("model = \"modle\"", "model: no variable has \"modle\"\n  hint: did you mean \"model\"?".to_owned()),
        ("model = \"MPI\"", "model: no variable has \"MPI\"\n  hint: there are model".to_owned()),
        ("future = \"ssp254\"", "future: no variable has \"ssp254\"\n  hint: did you mean \"ssp245\"?".to_owned()),
        (
            "period = [2041, 2071]",
            "period: [2041, 2071] is none of climate.future_periods\n  hint: there are [2041, 2070]".to_owned(),
        ),
        ("year = 2071", "year: expected a year of the period [2041, 2070], found 2071".to_owned()),
        ("year = \"typicl\"", format!("year: {year} \"typicl\"\n  hint: did you mean \"typical\"?")),
        ("year = 2050.0", format!("year: {year} 2050.0")),
    ] {
        assert_told(&before(&ENOUGH), &format!("{donor}{text}\n"), &[&format!("26: climate.weather.{told}")]);
    }
    let missing = |key: &str, hint: &str| {
        format!("24: climate.weather.{key}: missing, as there are several\n  hint: {key} = {hint}")
    };
    let several = before(&ENOUGH).replace("[[2041, 2070]]", "[[2041, 2070], [2071, 2100]]");
    let futures = several.replace("\"f.nc\" }", "\"f.nc\", a = \"g.nc\" }");
    let told = [missing("future", "\"a\""), missing("period", "[2041, 2070]")];
    assert_told(&futures, donor, &told.each_ref().map(String::as_str));
    hours(&format!("{futures}{donor}future = \"a\"\nperiod = [2071, 2100]\nyear = 2071\n"));
    let models = futures.replace(
        "\"r.nc\"\nhistorical",
        "\"r.nc\"\nmodel.B = { historical = \"x.nc\", future.a = \"y.nc\" }\nmodel.A.historical",
    );
    let models = models.replace("\nfuture = { ssp245 = \"f.nc\", a = \"g.nc\" }\n", "\nmodel.A.future.a = \"z.nc\"\n");
    let told = missing("model", "\"A\"").replace("24:", "28:");
    assert_told(&models, &format!("{donor}period = [2041, 2070]\n"), &[&told]);
}

#[test]
fn a_downscaled_weather_is_that_of_the_climate() {
    let sun = "[solar.raster]\ndsm = \"a.tif\"\n[weather]\n";
    let text = format!("{}donor = \"d.epw\"\n{sun}downscaled = true\n", before(&ENOUGH));
    let read = read_text(&text).unwrap_or_else(|error| panic!("{error}")).weather.unwrap();
    assert_eq!(read.file, WeatherFile::Downscaled);
    let nothing = "4: weather.downscaled: needs [climate.weather]\n  hint: add [climate.weather]";
    assert_told(sun, "downscaled = true\n", &[nothing]);
    let both = "29: weather.downscaled: the weather is that of [climate.weather] or of a file, and weather.epw names one\n  \
                hint: remove one of them";
    assert_told(&text, "epw = \"a.epw\"\n", &[both]);
    let neither = "3: weather.epw: missing, and there is no weather.tmy3 or weather.downscaled either\n  \
                   hint: epw = \"town.epw\"";
    assert_told(sun, "downscaled = false\n", &[neither]);
    let file = read_text(&format!("{sun}downscaled = false\nepw = \"a.epw\"\n")).unwrap().weather.unwrap();
    assert_eq!(file.file, WeatherFile::Epw("a.epw".into()));
}
