//! The first lines of a report: how the run ended and its key figures.

use super::markup::{Cell, Html, section, table};
use crate::error::Error;
use crate::report::json::Report;
use crate::report::numbers;
use crate::stages::Metric;
use crate::store::read::RunReader;

/// A metric that the report explains.
struct Known {
    name: &'static str,
    label: &'static str,
    unit: &'static str,
    meaning: &'static str,
}

const KNOWN: &[Known] = &[
    Known {
        name: "vkt",
        label: "Distance driven",
        unit: "vehicle-kilometres",
        meaning: "volume times length, summed over links, in the period; on a day where there are several",
    },
    Known {
        name: "vht",
        label: "Time spent driving",
        unit: "vehicle-hours",
        meaning: "volume times travel time, summed over links, in the period; on a day where there are several",
    },
    Known {
        name: "annual_vht",
        label: "Time spent driving in a year",
        unit: "vehicle-hours",
        meaning: "that of each period times the days per year that have it",
    },
    Known {
        name: "annual_vkt",
        label: "Distance driven in a year",
        unit: "vehicle-kilometres",
        meaning: "that of each period times the days per year that have it",
    },
    Known {
        name: "total_travel_time",
        label: "Total travel time",
        unit: "vehicles × the network’s own time unit",
        meaning: "volume times travel time, summed over links",
    },
    Known {
        name: "total_system_travel_time",
        label: "Total generalised cost",
        unit: "the network’s own cost unit",
        meaning: "time, tolls and distance as drivers weigh them, summed over links",
    },
    Known {
        name: "mean_trip_length_km",
        label: "Mean trip length",
        unit: "km",
        meaning: "along least-cost paths, without trips within a zone",
    },
    Known {
        name: "median_trip_length_km",
        label: "Median trip length",
        unit: "km",
        meaning: "half of the trips are shorter",
    },
    Known {
        name: "mean_trip_time_min",
        label: "Mean trip time",
        unit: "minutes",
        meaning: "along least-cost paths, without trips within a zone",
    },
    Known {
        name: "median_trip_time_min",
        label: "Median trip time",
        unit: "minutes",
        meaning: "half of the trips take less",
    },
    Known { name: "counts", label: "Counts", unit: "", meaning: "counted volumes that results are held against" },
    Known {
        name: "geh_below_5",
        label: "Counts with a GEH below 5",
        unit: "share",
        meaning: "usually taken for a good fit",
    },
    Known { name: "geh_below_10", label: "Counts with a GEH below 10", unit: "share", meaning: "" },
    Known {
        name: "percent_rmse",
        label: "Root mean square error of counts",
        unit: "percent of the mean count",
        meaning: "0 where all counts are met",
    },
    Known {
        name: "count_slope",
        label: "Slope of modelled over counted",
        unit: "",
        meaning: "1 where counts are met on the whole",
    },
    Known {
        name: "count_r_squared",
        label: "R² of modelled and counted",
        unit: "",
        meaning: "squared correlation of both",
    },
    Known {
        name: "system_optimum_total_system_travel_time",
        label: "Total generalised cost at the system optimum",
        unit: "the network’s own cost unit",
        meaning: "the least total there can be",
    },
    Known {
        name: "price_of_anarchy",
        label: "Price of anarchy",
        unit: "",
        meaning: "total when each driver chooses over the least total",
    },
    Known {
        name: "beckmann_objective",
        label: "Beckmann objective",
        unit: "the network’s own cost unit",
        meaning: "the quantity that is least at equilibrium",
    },
    Known {
        name: "relative_gap",
        label: "Relative gap",
        unit: "",
        meaning: "share of the total cost that drivers could still save by changing route; 0 at equilibrium",
    },
    Known {
        name: "relative_gap_sptt",
        label: "Gap against the least-cost total",
        unit: "",
        meaning: "the same saving as a share of the cost on least-cost routes",
    },
    Known {
        name: "average_excess_cost",
        label: "Average excess cost",
        unit: "the network’s own cost unit",
        meaning: "what a trip could still save on average",
    },
    Known {
        name: "assigned_demand",
        label: "Trips on the network",
        unit: "trips in the period",
        meaning: "trips between different zones that have a path",
    },
    Known {
        name: "intrazonal_demand",
        label: "Trips within a zone",
        unit: "trips in the period",
        meaning: "not on the network",
    },
    Known {
        name: "unreachable_demand",
        label: "Trips without a path",
        unit: "trips in the period",
        meaning: "not on the network, see the warnings",
    },
    Known { name: "closed_links", label: "Closed links", unit: "", meaning: "links that the scenario closes" },
    Known { name: "banned_turns", label: "Banned turns", unit: "", meaning: "turns that are not allowed" },
    Known { name: "turn_penalties", label: "Turns that take time", unit: "", meaning: "turns with a penalty" },
    Known { name: "zone_pairs", label: "Zone pairs", unit: "", meaning: "pairs of zones with trips, of all classes" },
    Known { name: "paths", label: "Paths", unit: "", meaning: "routes in use between zones, of all classes" },
    Known {
        name: "trees",
        label: "Trees",
        unit: "",
        meaning: "least-cost trees that were grown: the size of the work",
    },
    Known { name: "iterations", label: "Iterations", unit: "", meaning: "outer rounds of the solver" },
    Known { name: "converged", label: "Converged", unit: "", meaning: "whether the wanted relative gap was reached" },
    Known { name: "buildings", label: "Buildings", unit: "", meaning: "in the city model" },
    Known { name: "surfaces", label: "Surfaces", unit: "", meaning: "roofs, walls and floors of buildings" },
    Known { name: "roof_area_m2", label: "Area of roofs", unit: "m²", meaning: "that no other building covers" },
    Known {
        name: "roof_irradiation_kwh",
        label: "Irradiation of roofs",
        unit: "kWh a year",
        meaning: "with the shadows of the surroundings",
    },
    Known { name: "wall_area_m2", label: "Area of walls", unit: "m²", meaning: "that no other building covers" },
    Known {
        name: "wall_irradiation_kwh",
        label: "Irradiation of walls",
        unit: "kWh a year",
        meaning: "with the shadows of the surroundings",
    },
    Known {
        name: "global_horizontal_irradiation_kwh_m2",
        label: "Global horizontal irradiation",
        unit: "kWh/m² a year",
        meaning: "on open level ground",
    },
    Known { name: "pv_surfaces", label: "Surfaces with modules", unit: "", meaning: "" },
    Known { name: "pv_area_m2", label: "Area of modules", unit: "m²", meaning: "" },
    Known { name: "pv_capacity_kw", label: "Photovoltaic capacity", unit: "kWp", meaning: "peak power of all modules" },
    Known { name: "pv_yield_kwh", label: "Photovoltaic yield", unit: "kWh a year", meaning: "of the first year, AC" },
    Known {
        name: "pv_avoided_emissions_kg",
        label: "Emissions avoided",
        unit: "kg CO₂e",
        meaning: "over the lifetime of modules; in a year where none is given",
    },
    Known { name: "pv_investment", label: "Investment in modules", unit: "the scenario’s currency", meaning: "" },
    Known {
        name: "pv_levelised_cost_per_kwh",
        label: "Levelised cost of electricity",
        unit: "the scenario’s currency per kWh",
        meaning: "",
    },
    Known {
        name: "pv_net_present_value",
        label: "Net present value of modules",
        unit: "the scenario’s currency",
        meaning: "",
    },
    Known { name: "pv_payback_years", label: "Payback time of modules", unit: "years", meaning: "undiscounted" },
    Known {
        name: "mean_irradiation_kwh_m2",
        label: "Mean irradiation of cells",
        unit: "kWh/m² a year",
        meaning: "with the shadows of the surroundings",
    },
    Known {
        name: "mean_sky_view_factor",
        label: "Mean sky-view factor",
        unit: "",
        meaning: "1 where nothing hides the sky",
    },
    Known { name: "rows", label: "Rows", unit: "", meaning: "of the raster" },
    Known { name: "columns", label: "Columns", unit: "", meaning: "of the raster" },
    Known { name: "cell_m", label: "Side of a cell", unit: "m", meaning: "" },
    Known { name: "cells_with_height", label: "Cells with a height", unit: "", meaning: "" },
    Known { name: "directions", label: "Directions", unit: "", meaning: "that horizons are found in" },
    Known { name: "sky_model", label: "Sky model", unit: "", meaning: "how diffuse radiation falls on a plane" },
    Known { name: "radiation", label: "Direct and diffuse radiation", unit: "", meaning: "where they come from" },
    Known { name: "weather_file", label: "Weather file", unit: "", meaning: "" },
    Known { name: "sun_year", label: "Year whose sun shines", unit: "", meaning: "" },
    Known {
        name: "sample_points",
        label: "Sample points",
        unit: "",
        meaning: "points on surfaces that shadows are computed for",
    },
    Known { name: "sun_positions", label: "Sun positions", unit: "", meaning: "that shadows are computed for" },
    Known { name: "sky_patches", label: "Patches of the sky", unit: "", meaning: "that may be hidden" },
];

/// Name of a metric without the period and class that it is about, and these.
fn name_and_scope(name: &str) -> (&str, Option<&str>) {
    name.rsplit_once('.').map_or((name, None), |(scope, name)| (name, Some(scope)))
}

fn known(name: &str) -> Option<usize> {
    KNOWN.iter().position(|known| known.name == name)
}

/// Notices and key figures.
pub fn overview(run: &RunReader) -> Result<Html, Error> {
    let report = run.report();
    let body = convergence_notice(run)?.with(warnings_notice(report)).with(metrics_table(report));
    Ok(section("figures", "Key figures", body))
}

/// Label and unit of a metric.
pub fn label_and_unit(name: &str) -> (String, &'static str) {
    let (name, scope) = name_and_scope(name);
    let (label, unit) = match known(name) {
        Some(known) => (KNOWN[known].label.to_owned(), KNOWN[known].unit),
        None => {
            let mut label = name.replace('_', " ");
            if let Some(first) = label.get_mut(0..1) {
                first.make_ascii_uppercase();
            }
            (label, "")
        }
    };
    (scope.map_or_else(|| label.clone(), |scope| format!("{label}, {}", scope.replace('.', ", "))), unit)
}

/// A metric as people read it.
pub fn metric_text(metric: &Metric) -> String {
    match metric {
        Metric::Flag(true) => "yes".to_owned(),
        Metric::Flag(false) => "no".to_owned(),
        Metric::Count(value) => numbers::count(*value),
        Metric::Number(value) => numbers::number(*value),
        Metric::Text(text) => text.clone(),
    }
}

fn convergence_notice(run: &RunReader) -> Result<Html, Error> {
    let report = run.report();
    let (Some(Metric::Flag(converged)), Some(gap)) = (report.metric("converged"), report.metric("relative_gap")) else {
        return Ok(Html::new());
    };
    let wanted = super::method::wanted_gap(run)?
        .map_or_else(String::new, |gap| format!("; {} was wanted", numbers::number(gap)));
    let gap = metric_text(gap);
    Ok(if *converged {
        Html::new().paragraph(&format!("Traffic has settled: the relative gap is {gap}{wanted}."))
    } else {
        Html::new()
            .raw("<p class=\"notice\"><strong>Not converged.</strong> ")
            .text(&format!(
                "The solver stopped at a relative gap of {gap}{wanted}. Differences between links and variants of about \
                 this size mean nothing; allow more iterations before using these figures."
            ))
            .raw("</p>\n")
    })
}

fn warnings_notice(report: &Report) -> Html {
    match report.stages.iter().map(|stage| stage.warnings.len()).sum::<usize>() {
        0 => Html::new(),
        1 => Html::new().raw("<p class=\"notice\">The run gave <a href=\"#warnings\">1 warning</a>.</p>\n"),
        n_warnings => Html::new()
            .raw("<p class=\"notice\">The run gave <a href=\"#warnings\">")
            .text(&n_warnings.to_string())
            .raw(" warnings</a>.</p>\n"),
    }
}

fn metrics_table(report: &Report) -> Html {
    let mut html = Html::new();
    for stage in &report.stages {
        let (mut of_all, of_some): (Vec<_>, Vec<_>) =
            stage.metrics.0.iter().partition(|(name, _)| name_and_scope(name).1.is_none());
        // What a planner asks for comes first, what tells about the solver after it, in the stage's order otherwise.
        of_all.sort_by_key(|(name, _)| known(name).unwrap_or(KNOWN.len()));
        html = html.with(figures_of(&format!("Figures of stage {}", stage.name), of_all));
        if !of_some.is_empty() {
            let table = figures_of("Figures of single periods and classes", of_some);
            html =
                html.raw("<details><summary>Figures by period and class</summary>\n").with(table).raw("</details>\n");
        }
    }
    html
}

fn figures_of(caption: &str, metrics: Vec<&(String, Metric)>) -> Html {
    let rows = metrics.into_iter().map(|(name, metric)| {
        let (label, unit) = label_and_unit(name);
        let meaning = known(name_and_scope(name).0).map_or("", |known| KNOWN[known].meaning);
        vec![
            Cell::Words(label),
            Cell::Number(metric_text(metric)),
            Cell::Words(unit.to_owned()),
            Cell::Words(meaning.to_owned()),
        ]
    });
    table(caption, &["Figure", "Value", "Unit", "Meaning"], rows.collect())
}
