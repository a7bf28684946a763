//! Lines and transformers of pandapower as impedances.

use std::ops::RangeInclusive;

use super::frame::Frame;
use crate::formats::findings::Findings;

const POSITIVE: RangeInclusive<f64> = 1e-12..=1e12;
const NOT_NEGATIVE: RangeInclusive<f64> = 0.0..=1e12;

/// A π of two buses.
#[derive(Debug, Clone)]
pub(super) struct Branch {
    /// The table and the index there.
    pub name: String,
    /// Indices of its buses in pandapower; of a transformer the high-voltage one first.
    pub buses: [i64; 2],
    /// Series impedance, and shunt admittance of both ends, at the voltage of the second bus (Ω, S).
    pub series: [f64; 2],
    pub shunt: [f64; 2],
    /// Current that it bears there (kA).
    pub max_i_ka: f64,
    /// Of a transformer.
    pub windings: Option<Windings>,
}

/// What a transformer does beside its impedance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Windings {
    /// Voltage of the second bus over that of the first, without load.
    pub ratio: f64,
    /// By how much the second bus lags behind (°).
    pub shift_degree: f64,
    /// Rated power (kVA).
    pub rated_kva: f64,
}

/// A row of `line`: length times what it has per km, `parallel` of them.
pub(super) fn line_branch(lines: &Frame, row: usize, hz: f64, findings: &mut Findings<'_>) -> Option<Branch> {
    let from = lines.reference(row, "from_bus", findings);
    let to = lines.reference(row, "to_bus", findings);
    let length = lines.number(row, "length_km", NOT_NEGATIVE, findings);
    let r = lines.number(row, "r_ohm_per_km", NOT_NEGATIVE, findings);
    let x = lines.number(row, "x_ohm_per_km", NOT_NEGATIVE, findings);
    let c = lines.optional(row, ("c_nf_per_km", 0.0), NOT_NEGATIVE, findings);
    let g = lines.optional(row, ("g_us_per_km", 0.0), NOT_NEGATIVE, findings);
    let max_i_ka = lines.optional(row, ("max_i_ka", f64::INFINITY), POSITIVE, findings);
    let derating = lines.optional(row, ("df", 1.0), POSITIVE, findings);
    let parallel = lines.optional(row, ("parallel", 1.0), 1.0..=1000.0, findings);
    let (length, parallel) = (length?, parallel?);
    const SIEMENS_PER_MICROSIEMENS: f64 = 1e-6;
    let conductance = g? * SIEMENS_PER_MICROSIEMENS * length * parallel;
    Some(Branch {
        name: format!("line {}", lines.index(row)),
        buses: [from?, to?],
        series: [r? * length / parallel, x? * length / parallel],
        shunt: [conductance, super::super::susceptance(c? * length * parallel, hz)],
        max_i_ka: max_i_ka? * derating? * parallel,
        windings: None,
    })
}

/// A row of `trafo`: a transformer of two windings with its iron, its tap changer at a fixed place.
///
/// With U the rated voltage of the low side, tap included, and S the rated power, |Z| = vk U² / S, R = vkr U² / S; the iron
/// takes G = P / U², |Y| = i0 S / U². The T of half the impedance at each side of the iron becomes the π that it equals.
pub(super) fn transformer_branch(trafos: &Frame, row: usize, findings: &mut Findings<'_>) -> Option<Branch> {
    let buses = [trafos.reference(row, "hv_bus", findings), trafos.reference(row, "lv_bus", findings)];
    let rated_mva = trafos.number(row, "sn_mva", POSITIVE, findings);
    let hv_kv = trafos.number(row, "vn_hv_kv", POSITIVE, findings);
    let lv_kv = trafos.number(row, "vn_lv_kv", POSITIVE, findings);
    let vk = trafos.number(row, "vk_percent", NOT_NEGATIVE, findings);
    let vkr = trafos.number(row, "vkr_percent", NOT_NEGATIVE, findings);
    let iron_kw = trafos.optional(row, ("pfe_kw", 0.0), NOT_NEGATIVE, findings);
    let i0 = trafos.optional(row, ("i0_percent", 0.0), NOT_NEGATIVE, findings);
    let shift = trafos.optional(row, ("shift_degree", 0.0), -360.0..=360.0, findings);
    let parallel = trafos.optional(row, ("parallel", 1.0), 1.0..=1000.0, findings);
    let derating = trafos.optional(row, ("df", 1.0), POSITIVE, findings);
    let tap = tap_factors(trafos, row, findings);
    let (vk, vkr, rated_mva, parallel) = (vk? / 100.0, vkr? / 100.0, rated_mva?, parallel?);
    if vkr > vk {
        trafos.reject(row, "vkr_percent", "expected a number not above vk_percent", findings);
        return None;
    }
    let [hv_kv, lv_kv] = [hv_kv? * tap?[0], lv_kv? * tap?[1]];
    let ohm = lv_kv * lv_kv / (rated_mva * parallel);
    let series = [vkr * ohm, (vk * vk - vkr * vkr).sqrt() * ohm];
    let iron_mw = iron_kw? / 1000.0;
    let magnetising_mva = i0? / 100.0 * rated_mva;
    let iron_siemens = parallel / (lv_kv * lv_kv);
    let reactive = (magnetising_mva * magnetising_mva - iron_mw * iron_mw).max(0.0).sqrt();
    let (series, shunt) = pi_of_t(series, [iron_mw * iron_siemens, -reactive * iron_siemens]);
    let rated_kva = rated_mva * parallel * derating? * 1000.0;
    Some(Branch {
        name: format!("trafo {}", trafos.index(row)),
        buses: [buses[0]?, buses[1]?],
        series,
        shunt,
        max_i_ka: rated_kva / 1000.0 / (3.0_f64.sqrt() * lv_kv),
        windings: Some(Windings { ratio: lv_kv / hv_kv, shift_degree: shift?, rated_kva }),
    })
}

/// Factors on the rated voltages of the high and the low side.
fn tap_factors(trafos: &Frame, row: usize, findings: &mut Findings<'_>) -> Option<[f64; 2]> {
    const STEPS: RangeInclusive<f64> = -1000.0..=1000.0;
    let neutral = trafos.optional(row, ("tap_neutral", 0.0), STEPS, findings)?;
    let position = trafos.optional(row, ("tap_pos", neutral), STEPS, findings)?;
    let percent = trafos.optional(row, ("tap_step_percent", 0.0), -100.0..=100.0, findings)?;
    let degree = trafos.optional(row, ("tap_step_degree", 0.0), -360.0..=360.0, findings)?;
    let second = trafos.optional(row, ("tap2_neutral", 0.0), STEPS, findings)?;
    let second_position = trafos.optional(row, ("tap2_pos", second), STEPS, findings)?;
    if second_position != second {
        trafos.reject(row, "tap2_pos", "a second tap changer is not read: expected its neutral position", findings);
        return None;
    }
    let kind = trafos.text(row, "tap_changer_type");
    // Version 3 takes a tap changer without a type for none.
    if position == neutral || (trafos.has("tap_changer_type") && kind.is_empty()) {
        return Some([1.0; 2]);
    }
    let turns = degree != 0.0 || trafos.flag(row, "tap_phase_shifter", false) || !matches!(kind, "" | "Ratio");
    if turns || trafos.flag(row, "tap_dependent_impedance", false) || trafos.flag(row, "tap_dependency_table", false) {
        trafos.reject(
            row,
            "tap_pos",
            "only taps that change the ratio are read: expected the neutral position",
            findings,
        );
        return None;
    }
    let factor = 1.0 + (position - neutral) * percent / 100.0;
    if factor <= 0.0 {
        trafos.reject(row, "tap_pos", "expected a position that leaves a voltage", findings);
        return None;
    }
    match trafos.text(row, "tap_side") {
        "hv" => Some([factor, 1.0]),
        "lv" => Some([1.0, factor]),
        _ => {
            trafos.reject(row, "tap_side", "expected hv or lv", findings);
            None
        }
    }
}

/// The π of a T that has half of Z on either side of Y: series Z (1 + Z Y / 4), shunts Y / (1 + Z Y / 4) in all.
///
/// From the transformation of a star Za = Zb = Z / 2, Zc = 1 / Y into a triangle, with ΣZZ = Z² / 4 + Z / Y.
fn pi_of_t([r, x]: [f64; 2], [g, b]: [f64; 2]) -> ([f64; 2], [f64; 2]) {
    let factor = [1.0 + 0.25 * (r * g - x * b), 0.25 * (r * b + x * g)];
    let series = [r * factor[0] - x * factor[1], r * factor[1] + x * factor[0]];
    let square = factor[0] * factor[0] + factor[1] * factor[1];
    let shunt = [(g * factor[0] + b * factor[1]) / square, (b * factor[0] - g * factor[1]) / square];
    (series, shunt)
}

/// An angle within −180 to 180°.
pub(super) fn turned(degree: f64) -> f64 {
    degree - 360.0 * (degree / 360.0).round()
}
