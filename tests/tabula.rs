//! The 232 German variants of TABULA under their own boundary conditions, through the zone models.
//!
//! Reference: `q_h_nd`, the seasonal heat need that TABULA publishes with each variant (Loga and Diefenbach 2013, *TABULA
//! Calculation Method*, IWU, equations 1 to 16), `tabula_DE_building_variants.csv`, CC BY 4.0, "TABULA tables, IWU".
//!
//! A season of constant outdoor temperature and sun, gains and exchange of air is a steady state: the zone is built from the
//! row (U-values times b-factors, thermal bridges, areas, infiltration and use, gains, sun times the factors for shade, frames
//! and dirt) and run to it at an operative temperature of theta_i. Losses times the factor for setback and unheated rooms are
//! those of an outdoor temperature as much nearer to theta_i. Nothing is tuned. Three heat needs are compared:
//!
//! - *constant*: what the zone needs; it uses all gains, as nothing ever overheats,
//! - *utilised*: what it needs without gains, less its gains times the published utilisation factor eta_h_gn, which stands
//!   for the swings of real weather that a constant season has not,
//! - *constant, 5R1C*: the first again with the fast model.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod common;

use std::collections::BTreeMap;

use conurb_energy::climate::{Climate, NO_BIN};
use conurb_energy::five_r1c::FiveR1CBlock;
use conurb_energy::hourly::Hourly;
use conurb_energy::multi_node::{ExteriorConvection, MultiNodeBlock};
use conurb_energy::profile::Profile;
use conurb_energy::zone::{
    Blinds, Boundary, Element, FLOOR, Facade, Film, Gains, Glazing, MassClass, N_PARTS, ROOF, SolarShares, Supply,
    Surfaces, Ventilation, WALL, Window, Zone,
};

/// Bars on the relative error of the heat need.
const MOST_IN_THE_MEDIAN: f64 = 0.05;
const MOST_OF_NINE_TENTHS: f64 = 0.15;

const VARIANTS: usize = 232;
const COMPARED: [&str; 3] = ["constant", "utilised", "constant, 5R1C"];
/// Hours until the season counts as steady; the slowest variant's time constant is below 150 h.
const HOURS: usize = 2000;
/// Global irradiance of the made climate (W/m²); facades reflect of it what the row has them receive.
const GHI: f64 = 100.0;
/// Heat capacity of air as TABULA takes it (Wh/m³K).
const AIR: f64 = 0.34;
const HOURS_PER_DAY: f64 = 24.0;
/// Inner walls and ceilings per floor area; they store heat, which a steady state does not see.
const INSIDE_AREA: f64 = 2.5;
const ORIENTATIONS: [(&str, &str, &str); 5] = [
    ("Horizontal", "Hor", "F_sh_hor"),
    ("East", "East", "F_sh_vert"),
    ("South", "South", "F_sh_vert"),
    ("West", "West", "F_sh_vert"),
    ("North", "North", "F_sh_vert"),
];

/// A row of the table by column.
struct Variant(BTreeMap<String, String>);

impl Variant {
    fn number(&self, column: &str) -> f64 {
        self.0[column].parse().unwrap()
    }
    fn code(&self) -> &str {
        &self.0["Code_BuildingVariant"]
    }
    fn season_h(&self) -> f64 {
        HOURS_PER_DAY * self.number("HeatingDays")
    }
    /// Area (m²), and heat transfer with b-factors and thermal bridges per area (W/m²K), of some elements together.
    fn part(&self, elements: &[&str], has_factor: bool) -> (f64, f64) {
        let (mut area, mut transfer) = (0.0, 0.0);
        for element in elements {
            let own = self.number(&format!("A_Calc_{element}"));
            let factor = if has_factor { self.number(&format!("b_Transmission_{element}")) } else { 1.0 };
            let bridges = self.number("delta_U_ThermalBridging");
            area += own;
            // Bridges count for all of the envelope, without b-factors, as the rows have it.
            transfer += own * (factor * self.number(&format!("U_Actual_{element}")) + bridges);
        }
        (area, if area > 0.0 { transfer / area } else { 0.0 })
    }
    fn gains_w(&self) -> (f64, f64) {
        let optics = (1.0 - self.number("F_f")) * self.number("F_w") * self.number("g_gl_n");
        let sun = ORIENTATIONS.iter().map(|(windows, sun, shade)| {
            let area = self.number(&format!("A_Calc_Window_{windows}"));
            area * self.number(&format!("I_Sol_{sun}")) * self.number(shade) * optics
        });
        (sun.sum::<f64>() * 1000.0 / self.season_h(), self.number("phi_int") * self.number("A_C_Ref"))
    }
}

fn variants() -> Option<Vec<Variant>> {
    let path = common::data_dir()?.join("energy/archetypes/tabula_DE_building_variants.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    Some(reader.deserialize().map(|row| Variant(row.unwrap())).collect())
}

/// An element before outdoor air, of an area and heat transfer per area.
fn element((area, u): (f64, f64), inner: Film) -> Element {
    let surfaces = Surfaces { inner, outer: Film::OUTER, boundary: Boundary::Air, sky_view: 0.0 };
    // What is not there loses nothing.
    Element::from_u_value(area, u.max(0.01), 100e3, MassClass::Distributed, surfaces).unwrap()
}

/// Walls with doors, roofs, floor, and what is inside.
fn parts(variant: &Variant) -> [Element; N_PARTS] {
    let inside =
        Surfaces { inner: Film::INNER_WALL, outer: Film::INNER_WALL, boundary: Boundary::Adiabatic, sky_view: 0.0 };
    let area = INSIDE_AREA * variant.number("A_C_Ref");
    let mut parts = [Element::from_u_value(area, 1.0, 60e3, MassClass::Distributed, inside).unwrap(); N_PARTS];
    // Doors have no b-factor, as windows.
    let doors = variant.part(&["Door_1"], false);
    let walls = variant.part(&["Wall_1", "Wall_2", "Wall_3"], true);
    let area = walls.0 + doors.0;
    parts[WALL] = element((area, (walls.0 * walls.1 + doors.0 * doors.1) / area), Film::INNER_WALL);
    parts[ROOF] = element(variant.part(&["Roof_1", "Roof_2"], true), Film::INNER_UPWARD);
    parts[FLOOR] = element(variant.part(&["Floor_1", "Floor_2"], true), Film::INNER_DOWNWARD);
    parts
}

fn window(variant: &Variant) -> Window {
    let (area, u) = variant.part(&["Window_1", "Window_2"], false);
    Window {
        area,
        conductance: Window::conductance_from_u_value(u, Film::INNER_WALL, Film::OUTER).unwrap(),
        shutter_resistance: 0.0,
        inner: Film::INNER_WALL,
        outer: Film::OUTER,
        sky_view: 0.0,
        glazing: Glazing { normal: variant.number("g_gl_n"), angular: [0.0; 6], diffuse: 1.0, absorbed_share: 0.0 },
    }
}

fn zone(variant: &Variant) -> Zone {
    let floor_area = variant.number("A_C_Ref");
    let parts = parts(variant);
    let opaque: f64 = parts.iter().map(|part| part.area).sum();
    let theta_i = variant.number("theta_i");
    let supply = |max_power| Supply { setpoint: theta_i, setback: theta_i, max_power, convective_share: 0.5 };
    let air_change = variant.number("n_air_use") + variant.number("n_air_infiltration");
    Zone {
        floor_area,
        air_capacity: 10e3 * floor_area,
        solar: SolarShares { parts: parts.map(|part| part.area / opaque), window: 0.0, air: 0.0, lost: 0.0 },
        parts,
        window: window(variant),
        walls: facades(variant),
        roofs: Vec::new(),
        gains: Gains { occupants: 0.0, appliances: variant.gains_w().1, radiative_share: 0.5 },
        air: Ventilation {
            infiltration: AIR * air_change * variant.number("h_room") * floor_area,
            ventilation: 0.0,
            recovery: 0.0,
            night: 0.0,
            night_above: 100.0,
            night_difference: 0.0,
        },
        blinds: Blinds { above: f64::INFINITY, factor: 1.0 },
        heating: supply(f64::INFINITY),
        cooling: supply(0.0),
        control_radiant_share: 0.5,
        effective_capacity: 3600.0 * variant.number("c_m") * floor_area,
        effective_mass_area: INSIDE_AREA * floor_area,
    }
}

/// Glass behind frames, dirt and shade, as much sun before it as the row says.
fn facades(variant: &Variant) -> Vec<Facade> {
    let facade = |(windows, sun, shade): &(&str, &str, &str)| Facade {
        normal: [0.0, -1.0, 0.0],
        absorbing_area: 0.0,
        glass_area: variant.number(&format!("A_Calc_Window_{windows}"))
            * variant.number(shade)
            * (1.0 - variant.number("F_f"))
            * variant.number("F_w"),
        sky_share: 0.0,
        horizon_share: 0.0,
        reflected: variant.number(&format!("I_Sol_{sun}")) * 1000.0 / variant.season_h() / GHI,
        sun_shares: None,
    };
    ORIENTATIONS.iter().map(facade).collect()
}

fn climate(temp_air: f64, ghi: f64) -> Climate {
    Climate {
        temp_air: vec![temp_air; HOURS],
        sky_drop: vec![0.0; HOURS],
        temp_ground: vec![temp_air; HOURS],
        wind_speed: vec![0.0; HOURS],
        sun_east: vec![0.0; HOURS],
        sun_north: vec![0.0; HOURS],
        sun_up: vec![1.0; HOURS],
        beam: vec![0.0; HOURS],
        isotropic: vec![0.0; HOURS],
        horizon: vec![0.0; HOURS],
        ghi: vec![ghi; HOURS],
        sun_bin: vec![NO_BIN; HOURS],
        n_sun_bins: 0,
    }
}

fn profile(appliances: f64) -> Profile {
    let always = || vec![1.0; HOURS];
    Profile {
        occupants: vec![0.0; HOURS],
        appliances: vec![appliances; HOURS],
        ventilation: always(),
        heating: always(),
        heating_available: always(),
        cooling: always(),
        cooling_available: vec![0.0; HOURS],
        night_ventilation: vec![0.0; HOURS],
        hot_water: vec![0.0; HOURS],
    }
}

/// A zone model.
#[derive(Clone, Copy, PartialEq)]
enum Model {
    MultiNode,
    FiveR1C,
}

/// Steady heating power of each variant (W) with all gains or none.
fn heating_w(variants: &[Variant], gains: f64, model: Model) -> Vec<f64> {
    let one = |variant: &Variant| {
        let zone = zone(variant);
        zone.check(0).unwrap();
        let (inside, outside) = (variant.number("theta_i"), variant.number("Theta_e"));
        let nearer = inside - variant.number("F_red_temp") * (inside - outside);
        let (climate, profile) = (climate(nearer, gains * GHI), profile(gains));
        let mut out = Hourly::default();
        match model {
            Model::MultiNode => {
                let mut block = MultiNodeBlock::new(&[&zone], ExteriorConvection::Fixed);
                block.advance(&climate, &profile, 0..HOURS, &mut out);
                assert!((out.temp_operative[HOURS - 1][0] - inside).abs() < 1e-6, "{}", variant.code());
            }
            Model::FiveR1C => FiveR1CBlock::new(&[&zone]).advance(&climate, &profile, 0..HOURS, &mut out),
        }
        let (last, before) = (out.heating[HOURS - 1][0], out.heating[HOURS - 25][0]);
        assert!((last - before).abs() <= 1e-6 * last.max(1.0), "{}: not steady", variant.code());
        last
    };
    variants.iter().map(one).collect()
}

/// Median, 90th percentile and largest of absolute errors.
fn spread(errors: &[f64]) -> [f64; 3] {
    let mut sorted: Vec<f64> = errors.iter().map(|error| error.abs()).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |quantile: f64| sorted[(quantile * (sorted.len() - 1) as f64).ceil() as usize];
    [at(0.5), at(0.9), at(1.0)]
}

#[test]
fn heat_need_of_all_variants_under_their_own_boundary_conditions() {
    let Some(variants) = variants() else { return };
    assert_eq!(variants.len(), VARIANTS);
    let of = |gains, model| heating_w(&variants, gains, model);
    let (with_gains, without) = (of(1.0, Model::MultiNode), of(0.0, Model::MultiNode));
    let fast = of(1.0, Model::FiveR1C);
    let mut errors_of = [Vec::new(), Vec::new(), Vec::new()];
    println!("variant, q_h_nd (kWh/m2 a), and in turn {COMPARED:?} with their errors");
    for (index, variant) in variants.iter().enumerate() {
        let per_area = variant.season_h() / 1000.0 / variant.number("A_C_Ref");
        let reference = variant.number("q_h_nd");
        let (sun, internal) = variant.gains_w();
        let needs = [
            with_gains[index] * per_area,
            (without[index] - variant.number("eta_h_gn") * (sun + internal)) * per_area,
            fast[index] * per_area,
        ];
        print!("{:<44} {reference:>6.1}", variant.code());
        for (need, errors) in needs.into_iter().zip(&mut errors_of) {
            let error = need / reference - 1.0;
            print!(" | {need:>6.1} {:>5.1}%", 100.0 * error);
            errors.push(error);
        }
        println!();
    }
    for (name, errors) in COMPARED.into_iter().zip(&errors_of) {
        let [median, nine_tenths, largest] = spread(errors);
        println!("{name}: median {median:.4}, 90th percentile {nine_tenths:.4}, largest {largest:.4}");
        assert!(median <= MOST_IN_THE_MEDIAN && nine_tenths <= MOST_OF_NINE_TENTHS, "{name}: {median} {nine_tenths}");
    }
}

/// Transmission and ventilation as the rows print them: a mistake in areas or factors shows here first.
#[test]
fn losses_by_hand_are_those_of_the_rows() {
    let Some(variants) = variants() else { return };
    for variant in &variants {
        let parts = [
            variant.part(&["Wall_1", "Wall_2", "Wall_3"], true),
            variant.part(&["Roof_1", "Roof_2"], true),
            variant.part(&["Floor_1", "Floor_2"], true),
            variant.part(&["Window_1", "Window_2", "Door_1"], false),
        ];
        let transfer: f64 = parts.iter().map(|(area, u)| area * u).sum();
        let published = variant.number("h_Transmission") * variant.number("A_C_Ref");
        // Rows print two decimals, and areas to a tenth.
        let error = transfer / published - 1.0;
        assert!(error.abs() <= 0.02, "{}: {transfer} {published}", variant.code());
    }
}
