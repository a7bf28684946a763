//! Fine against coarse on 52 real buildings: patches of the sky, and suns that share their shadows.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/mod.rs"]
mod common;
#[path = "common/made_city.rs"]
mod made_city;
#[path = "common/runs.rs"]
mod runs;

use std::fs;

use made_city::{Ran, Site};

const BUILDINGS: &str = "3dbag_v210908_tile901_52buildings.city.jsonl";
const WEATHER: &str = "NLD_Amsterdam062400_IWEC.epw";
/// Bars on the area-weighted annual irradiation of roofs and of walls.
const ROOFS: f64 = 0.02;
const WALLS: f64 = 0.05;

/// A folder with the buildings, and a scenario of them; none without the reference data.
fn delft() -> Option<(Site, String)> {
    let data = common::data_dir()?.join("solar");
    let site = Site::new();
    for file in [BUILDINGS, WEATHER] {
        fs::copy(data.join(file), site.path(file)).unwrap();
    }
    let scenario = format!("[weather]\nepw = \"{WEATHER}\"\n[buildings]\ncityjson = [\"{BUILDINGS}\"]\n[solar]\n");
    Some((site, scenario))
}

/// Annual irradiation of each surface with its area and whether it is a roof.
struct Sums {
    annual: Vec<f64>,
    area: Vec<f64>,
    is_roof: Vec<bool>,
}

impl Sums {
    fn of(ran: &Ran, field: &str) -> Sums {
        let kind = ran.i64("surface_type");
        Sums {
            annual: ran.f64(field),
            area: ran.f64("surface_exposed_area"),
            is_roof: kind.iter().map(|kind| *kind == 0).collect(),
        }
    }

    /// Surfaces of a kind that the sun reaches.
    fn lit(&self, is_roof: bool) -> Vec<usize> {
        (0..self.annual.len())
            .filter(|&surface| self.is_roof[surface] == is_roof && self.annual[surface].is_finite())
            .collect()
    }

    fn total(&self, surfaces: &[usize]) -> f64 {
        surfaces.iter().map(|&surface| self.annual[surface] * self.area[surface]).sum()
    }
}

/// How far single surfaces are from the finer computation, relative to what they get.
struct Spread {
    /// Of the energy of all of them.
    total: f64,
    /// Mean of absolute differences, weighted by area.
    mean: f64,
    median: f64,
    p95: f64,
    worst: f64,
    /// The worst of those of ten square metres and more, with what it gets.
    worst_large: f64,
}

impl Spread {
    /// Differences as shares of `whole`, which is the finer of the two or what that is a part of.
    fn between(coarse: &Sums, fine: &Sums, whole: &Sums, is_roof: bool) -> Spread {
        let lit = fine.lit(is_roof);
        assert!(lit.len() > 100 && coarse.lit(is_roof) == lit, "{} surfaces", lit.len());
        let apart = |&surface: &usize| (coarse.annual[surface] - fine.annual[surface]).abs() / whole.annual[surface];
        let mut all: Vec<f64> = lit.iter().map(apart).collect();
        all.sort_by(f64::total_cmp);
        let area: f64 = lit.iter().map(|&surface| fine.area[surface]).sum();
        let large = lit.iter().filter(|&&surface| fine.area[surface] >= 10.0);
        Spread {
            total: (coarse.total(&lit) - fine.total(&lit)) / whole.total(&lit),
            mean: lit.iter().map(|surface| fine.area[*surface] * apart(surface)).sum::<f64>() / area,
            median: all[all.len() / 2],
            p95: all[all.len() * 95 / 100],
            worst: *all.last().unwrap(),
            worst_large: large.map(apart).fold(0.0, f64::max),
        }
    }

    fn told(&self) -> String {
        let percent = |value: f64| format!("{:.2} %", 100.0 * value);
        format!(
            "all {}; of single ones mean by area {}, median {}, 95 % within {}, worst {}, worst of 10 m2 and more {}",
            percent(self.total),
            percent(self.mean),
            percent(self.median),
            percent(self.p95),
            percent(self.worst),
            percent(self.worst_large)
        )
    }
}

/// Whether single surfaces are held to the bars too.
#[derive(Clone, Copy, PartialEq)]
enum Single {
    /// Those of ten square metres and more are.
    Held,
    /// They are told.
    Told,
}

/// Holds the annual irradiation of `coarse` against `fine`: all energy, and the mean by area of single surfaces.
#[track_caller]
fn compare(what: &str, (coarse, fine, whole): (&Sums, &Sums, &Sums), single: Single) {
    for (kind, is_roof, bar) in [("roofs", true, ROOFS), ("walls", false, WALLS)] {
        let spread = Spread::between(coarse, fine, whole, is_roof);
        let told = format!("{what}, {kind}: {}", spread.told());
        println!("{told}");
        assert!(spread.total.abs() <= bar && spread.mean <= bar, "{told}");
        assert!(single == Single::Told || spread.worst_large <= bar, "{told}");
    }
}

fn run(site: &Site, scenario: &str, sets: &[&str]) -> Ran {
    let arguments: Vec<&str> = sets.iter().flat_map(|set| ["--set", set]).collect();
    site.run(scenario, &[&arguments[..], &["--threads", "2"]].concat())
}

fn compare_patches(model: &str) {
    let Some((site, scenario)) = delft() else { return };
    let set = format!("solar.sky_model={model}");
    let coarse = Sums::of(&run(&site, &scenario, &[&set]), "annual_irradiation");
    let fine = Sums::of(&run(&site, &scenario, &[&set, "solar.sky_patches=577"]), "annual_irradiation");
    compare(&format!("145 against 577 patches, {model}"), (&coarse, &fine, &fine), Single::Held);
}

#[test]
fn patches_145_against_577() {
    compare_patches("perez_1990");
}

#[test]
fn patches_145_against_577_with_radiances_of_their_own() {
    compare_patches("perez_1993");
}

#[test]
fn binned_suns_against_a_ray_per_hour() {
    let Some((site, scenario)) = delft() else { return };
    let coarse = run(&site, &scenario, &[]);
    let fine = run(&site, &scenario, &["solar.sun_positions=hourly"]);
    assert!(fine.figure("sun_positions") > 4000.0 && coarse.figure("sun_positions") < 1000.0);
    let whole = Sums::of(&fine, "annual_irradiation");
    for field in ["annual_irradiation", "annual_beam_irradiation"] {
        let (coarse, fine) = (Sums::of(&coarse, field), Sums::of(&fine, field));
        compare(&format!("binned against hourly suns, {field}"), (&coarse, &fine, &whole), Single::Held);
    }
}

/// Everything fine at once: four times the points of both kinds, 577 patches, a sun per hour.
///
/// Of single walls some have a lit strip narrower than the distance of their points: `coarse_sampling` warns of these.
#[test]
fn defaults_against_everything_finer() {
    let Some((site, scenario)) = delft() else { return };
    let coarse = run(&site, &scenario, &[]);
    let finer = [
        "solar.surface_spacing_m=0.5",
        "solar.facade_spacing_m=1.0",
        "solar.sky_patches=577",
        "solar.sun_positions=hourly",
    ];
    let fine = Sums::of(&run(&site, &scenario, &finer), "annual_irradiation");
    assert_eq!(coarse.warnings("coarse_sampling").len(), 1);
    let coarse = Sums::of(&coarse, "annual_irradiation");
    compare("defaults against everything finer", (&coarse, &fine, &fine), Single::Told);
}
