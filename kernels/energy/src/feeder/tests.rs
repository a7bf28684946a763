//! Load flows, years and hosting capacity against what can be worked out by hand.

use proptest::prelude::*;

use super::*;

fn line(from: usize, to: usize, r_ohm: f64, x_ohm: f64) -> Line {
    Line { from, to, r_ohm, x_ohm, g_siemens: 0.0, b_siemens: 0.0, max_i_ka: 0.27 }
}

/// Buses in a row.
fn chain(n_buses: usize, r_ohm: f64, x_ohm: f64) -> Feeder {
    let lines: Vec<Line> = (1..n_buses).map(|bus| line(bus - 1, bus, r_ohm, x_ohm)).collect();
    Feeder::new(n_buses, &lines, 0, 0.4, 1.02).unwrap()
}

fn exact() -> Accuracy {
    Accuracy { tolerance: 1e-12, max_iterations: 100 }
}

/// The voltage of a bus behind r + jx that takes P + jQ: V⁴ + V² (2 (rP + xQ) − V0²) + (r² + x²)(P² + Q²) = 0, per unit.
fn behind_one_line(v0: f64, r: f64, x: f64, p: f64, q: f64) -> Option<f64> {
    let half = 0.5 * v0 * v0 - (r * p + x * q);
    let root = half * half - (r * r + x * x) * (p * p + q * q);
    (root >= 0.0).then(|| (half + root.sqrt()).sqrt())
}

#[test]
fn one_line_has_the_voltage_of_its_quadratic_equation() {
    let feeder = chain(2, 0.08, 0.04);
    let (mut p, mut q) = ([[0.0; LANES]; 2], [[0.0; LANES]; 2]);
    p[1] = [0.0, 10.0, 50.0, 100.0, 200.0, -50.0, -100.0, 30.0];
    q[1] = [0.0, 3.0, 20.0, 0.0, 50.0, 10.0, -20.0, -30.0];
    let mut flow = Flow::new(&feeder);
    sweep(&feeder, &p, &q, &exact(), &mut flow);
    for lane in 0..LANES {
        // 0.16 ohm and 1000 kVA are 1 pu.
        let (p, q) = (p[1][lane] / 1000.0, q[1][lane] / 1000.0);
        let expected = behind_one_line(1.02, 0.5, 0.25, p, q).unwrap();
        assert_eq!(flow.outcome[lane], Outcome::Converged);
        assert!((flow.voltage(1, lane) - expected).abs() < 1e-11, "lane {lane}");
        // Z* I = (S / V)* Z: 1.02 V sin(angle) = rQ − xP, from Im(V0* V).
        let sine = (0.5 * q - 0.25 * p) / (1.02 * expected);
        assert!((flow.angle(1, lane) - libm::asin(sine).to_degrees()).abs() < 1e-9);
        let current = (p * p + q * q).sqrt() / expected;
        let found = flow.current_ka(&feeder, 0, End::From)[lane];
        assert!((found - current / (3.0_f64.sqrt() * 0.4)).abs() < 1e-10);
        assert!((flow.losses_kw[lane] - 0.5 * current * current * 1000.0).abs() < 1e-8);
        assert!((flow.slack_p_kw[lane] - p * 1000.0 - flow.losses_kw[lane]).abs() < 1e-8);
        assert!((flow.slack_q_kvar[lane] - (q + 0.25 * current * current) * 1000.0).abs() < 1e-8);
    }
}

#[test]
fn an_unloaded_cable_raises_the_voltage_at_its_end() {
    // V1 = V0 / (1 + Z Y / 2), the far half of the shunt being all that the line feeds; Z = 0.1 + j0.2, Y = j0.4 per unit.
    let cable = Line { b_siemens: 0.4 / 0.16, g_siemens: 0.0, ..line(1, 0, 0.016, 0.032) };
    let feeder = Feeder::new(2, &[cable], 0, 0.4, 1.0).unwrap();
    let none = [[0.0; LANES]; 2];
    let mut flow = Flow::new(&feeder);
    sweep(&feeder, &none, &none, &exact(), &mut flow);
    // 1 + (0.1 + j0.2) j0.2 = 0.96 + j0.02.
    let expected = 1.0 / (0.96_f64 * 0.96 + 0.02 * 0.02).sqrt();
    assert!((flow.voltage(1, 0) - expected).abs() < 1e-11);
    // Nothing leaves at the far end, which is where this line starts; at the slack, both halves enter.
    assert!(flow.current_ka(&feeder, 0, End::From)[0] < 1e-11);
    let (re, im) = (flow.v_re[1][0], flow.v_im[1][0]);
    let entering = ((0.2 * im) * (0.2 * im) + (0.2 + 0.2 * re) * (0.2 + 0.2 * re)).sqrt() * feeder.base_ka();
    assert!((flow.current_ka(&feeder, 0, End::To)[0] - entering).abs() < 1e-11);
    let reactive = -(0.2 + 0.2 * expected * expected) * 1000.0 + 0.2 * (0.2 * expected) * (0.2 * expected) * 1000.0;
    assert!((flow.slack_q_kvar[0] - reactive).abs() < 1e-7, "{} {reactive}", flow.slack_q_kvar[0]);
    assert!((flow.slack_p_kw[0] - flow.losses_kw[0]).abs() < 1e-8);
}

#[test]
fn what_cannot_be_carried_is_flagged_and_holds_zeros() {
    let feeder = chain(3, 0.08, 0.04);
    let (mut p, mut q) = ([[5.0; LANES]; 3], [[1.0; LANES]; 3]);
    // The quadratic equation has no solution at 700 kW; at 1e308 nothing is a number.
    assert_eq!(behind_one_line(1.02, 0.5, 0.25, 0.7, 0.0), None);
    p[1][2] = 700.0;
    p[2][5] = 1e308;
    q[2][5] = -1e308;
    let mut flow = Flow::new(&feeder);
    sweep(&feeder, &p, &q, &Accuracy::default(), &mut flow);
    for lane in 0..LANES {
        let is_solved = flow.outcome[lane] == Outcome::Converged;
        assert_eq!(is_solved, lane != 2 && lane != 5);
        assert_eq!(is_solved, flow.voltage(1, lane) > 0.9);
        assert!(is_solved || (flow.losses_kw[lane] == 0.0 && flow.current_ka(&feeder, 0, End::From)[lane] == 0.0));
        assert!(flow.iterations[lane] <= 30);
    }
}

#[test]
fn a_low_solution_counts_as_collapsed() {
    // V² = 1.02² / 2 − 0.5 P + … at P so that V is just above the nose, below 0.5 of a slack at 0.55 pu.
    let feeder = Feeder::new(2, &[line(0, 1, 0.08, 0.0)], 0, 0.4, 0.55).unwrap();
    let loads = [[0.0; LANES], [70.0; LANES]];
    let expected = behind_one_line(0.55, 0.5, 0.0, 0.07, 0.0).unwrap();
    assert!(expected > 0.4 && expected < LOWEST_VOLTAGE);
    let mut flow = Flow::new(&feeder);
    sweep(&feeder, &loads, &[[0.0; LANES]; 2], &Accuracy { max_iterations: 200, ..exact() }, &mut flow);
    assert_eq!((flow.outcome[0], flow.voltage(1, 0)), (Outcome::Collapsed, 0.0));
}

#[test]
fn a_year_counts_what_it_passes() {
    let feeder = chain(3, 0.08, 0.04);
    // Ten hours of bus 2: three too much for the voltage (0.9), one that feeds in too much, one without a solution.
    let loads = [1.0, 90.0, 2.0, -150.0, 95.0, 3.0, 5000.0, 4.0, 5.0, 100.0];
    let p: Vec<f64> = loads.iter().flat_map(|load| [2.0, 0.0, *load]).collect();
    let q = vec![0.0; p.len()];
    let limits = OperatingLimits { transformer_kva: Some(110.0), ..OperatingLimits::default() };
    let found = screen(&feeder, LoadSeries { p_kw: &p, q_kvar: &q }, &limits, &exact()).unwrap();
    assert_eq!((found.n_hours, found.hours_without_solution), (10, 1));
    let at = |load: f64| behind_one_line(1.02, 1.0, 0.5, load / 1000.0, 0.0).unwrap();
    assert!(at(90.0) < 0.93 && at(-150.0) > 1.1);
    let low = loads.iter().filter(|load| **load < 1000.0 && at(**load) < 0.9).count();
    assert_eq!((found.hours_low_voltage, found.hours_high_voltage), (low, 1));
    assert!((found.v_min[2] - at(100.0)).abs() < 1e-10 && (found.v_max[2] - at(-150.0)).abs() < 1e-10);
    assert_eq!((found.v_min[0], found.v_max[0]), (1.02, 1.02));
    // 150 kW at 1.15 pu are 0.188 kA of 0.27.
    let largest = 0.15 / at(-150.0) / (3.0_f64.sqrt() * 0.4) / 0.27;
    assert!((found.max_loading[1] - largest).abs() < 1e-9 && found.hours_line_overloaded == 0);
    // With losses, 100 kW are more than 110 kVA, as are 150 kW the other way.
    assert_eq!(found.hours_transformer_overloaded, 2 + usize::from(loads[4] / at(95.0) * 1.02 + 2.0 > 110.0));
    let solved = loads.iter().filter(|load| **load < 1000.0);
    let losses: f64 = solved.map(|load| load * load / 1e6 / (at(*load) * at(*load)) * 1000.0).sum();
    assert!((found.losses_kwh - losses).abs() < 1e-6, "{} {losses}", found.losses_kwh);
    let taken: f64 = loads.iter().filter(|load| **load < 1000.0).map(|load| load + 2.0).sum();
    assert!((found.slack_kwh - taken - losses).abs() < 1e-6);
}

#[test]
fn hours_outside_of_the_band_on_both_sides_count_once() {
    // Two streets from one slack, the first of which takes what the other feeds in: the second hour is low and high.
    let lines = [line(0, 1, 0.16, 0.0), line(0, 2, 0.16, 0.0)];
    let feeder = Feeder::new(3, &lines, 0, 0.4, 1.0).unwrap();
    let p = [0.0, 120.0, 0.0, 0.0, 120.0, -120.0, 0.0, 0.0, -120.0, 0.0, 1.0, 1.0];
    let found =
        screen(&feeder, LoadSeries { p_kw: &p, q_kvar: &[0.0; 12] }, &OperatingLimits::default(), &exact()).unwrap();
    assert_eq!((found.hours_low_voltage, found.hours_high_voltage, found.hours_voltage_outside), (2, 2, 3));
}

#[test]
fn a_year_without_any_solution_has_no_voltages() {
    let feeder = chain(2, 0.08, 0.04);
    let series = LoadSeries { p_kw: &[0.0, 1e6], q_kvar: &[0.0, 0.0] };
    let found = screen(&feeder, series, &OperatingLimits::default(), &Accuracy::default()).unwrap();
    assert!(found.hours_without_solution == 1 && found.v_min.is_empty() && found.losses_kwh == 0.0);
    let none = screen(&feeder, LoadSeries { p_kw: &[], q_kvar: &[] }, &OperatingLimits::default(), &exact()).unwrap();
    assert_eq!(none.n_hours, 0);
}

#[test]
fn bad_series_and_settings_are_told() {
    let feeder = chain(2, 0.08, 0.04);
    let limits = OperatingLimits::default();
    let of = |p: &[f64], q: &[f64]| screen(&feeder, LoadSeries { p_kw: p, q_kvar: q }, &limits, &exact()).unwrap_err();
    assert!(matches!(of(&[1.0; 3], &[1.0; 3]), FeederError::Length { found: 3, expected: 2, .. }));
    assert!(matches!(of(&[1.0; 4], &[1.0; 2]), FeederError::Length { what: "reactive loads", .. }));
    assert!(matches!(of(&[1.0, f64::NAN], &[1.0; 2]), FeederError::Load { index: 1, .. }));
    assert!(matches!(of(&[1.0; 2], &[1e300, 0.0]), FeederError::Load { what: "reactive loads", index: 0, .. }));
    let series = LoadSeries { p_kw: &[1.0; 2], q_kvar: &[1.0; 2] };
    for wrong in [
        OperatingLimits { v_min: f64::NAN, ..limits },
        OperatingLimits { v_max: 0.9, ..limits },
        OperatingLimits { loading: 0.0, ..limits },
        OperatingLimits { transformer_kva: Some(0.0), ..limits },
    ] {
        assert!(matches!(screen(&feeder, series, &wrong, &exact()), Err(FeederError::Setting { .. })));
    }
    let hasty = Accuracy { max_iterations: 0, ..exact() };
    assert!(screen(&feeder, series, &limits, &hasty).is_err());
}

/// Buses in a star, 0.08 ohm each, that all take 1 kW.
fn star(n_buses: usize) -> (Feeder, Vec<f64>) {
    // The trunk is what they share.
    let lines: Vec<Line> =
        (1..n_buses).map(|bus| line(usize::from(bus > 1), bus, if bus == 1 { 0.16 } else { 0.0 }, 0.0)).collect();
    (Feeder::new(n_buses, &lines, 0, 0.4, 1.0).unwrap(), vec![1.0; n_buses])
}

#[test]
fn as_many_are_hosted_as_the_quadratic_equation_allows() {
    let (feeder, one_hour) = star(22);
    let base: Vec<f64> = [one_hour.clone(), one_hour].concat();
    let zeros = vec![0.0; base.len()];
    let candidates: Vec<usize> = (2..22).collect();
    let hosting = Hosting {
        base: LoadSeries { p_kw: &base, q_kvar: &zeros },
        added: Added::Alike { p_kw: &[0.0, 5.0], q_kvar: &[0.0, 0.0] },
        candidates: &candidates,
        limits: OperatingLimits { loading: 10.0, ..OperatingLimits::default() },
        accuracy: exact(),
        seed: 1,
        draws: 3..6,
    };
    // The trunk of 1 pu carries 21 kW and 5 kW for each unit.
    let voltage = |units: usize| behind_one_line(1.0, 1.0, 0.0, 0.021 + 0.005 * units as f64, 0.0).unwrap();
    let expected = (0..=20).rev().find(|units| voltage(*units) >= 0.9).unwrap();
    assert!((5..20).contains(&expected));
    let found = host(&feeder, &hosting).unwrap();
    assert_eq!(found.iter().map(|hosted| hosted.draw).collect::<Vec<_>>(), [3, 4, 5]);
    for hosted in &found {
        assert_eq!(hosted.n_hosted, Some(expected));
        assert_eq!(hosted.share, expected as f64 / 20.0);
        assert_eq!(hosted.limit, Some((Cause::LowVoltage { bus: 1 }, 1)));
    }
    // The current of 0.27 kA is 187 kW: nothing else than the transformer of 60 kVA limits feeding in.
    let feeding_in = Hosting {
        added: Added::Alike { p_kw: &[-5.0, 0.0], q_kvar: &[0.0, 0.0] },
        limits: OperatingLimits { transformer_kva: Some(60.0), ..hosting.limits },
        ..hosting.clone()
    };
    for hosted in host(&feeder, &feeding_in).unwrap() {
        // 21 − 5 n ≥ −60 or so, with losses that help: r (21 − 5 n)² / V² / 1000.
        let fed = |n: f64| 22.0 - 5.0 * n + (0.021 - 0.005 * n) * (0.021 - 0.005 * n) * 1000.0;
        let n = hosted.n_hosted.unwrap() as f64;
        assert!(fed(n) > -61.0 && fed(n + 1.0) < -59.0, "{n}");
        assert_eq!(hosted.limit, Some((Cause::TransformerLoading, 0)));
    }
}

#[test]
fn all_or_nothing_is_told_as_such() {
    let (feeder, base) = star(6);
    let zeros = vec![0.0; base.len()];
    let candidates = [2, 3, 4, 5];
    let ask = |added: f64, limits: OperatingLimits| {
        let by_bus = vec![added; 6];
        let hosting = Hosting {
            base: LoadSeries { p_kw: &base, q_kvar: &zeros },
            added: Added::ByBus(LoadSeries { p_kw: &by_bus, q_kvar: &zeros }),
            candidates: &candidates,
            limits,
            accuracy: exact(),
            seed: 1,
            draws: 0..1,
        };
        host(&feeder, &hosting).unwrap()[0]
    };
    let limits = OperatingLimits::default();
    assert_eq!(ask(0.1, limits), Hosted { draw: 0, n_hosted: Some(4), share: 1.0, limit: None });
    let tight = OperatingLimits { loading: 0.001, ..limits };
    let found = ask(0.1, tight);
    assert_eq!((found.n_hosted, found.share), (None, 0.0));
    assert_eq!(found.limit, Some((Cause::LineLoading { line: 0 }, 0)));
    assert_eq!(ask(1e6, limits).limit, Some((Cause::NoSolution, 0)));
}

#[test]
fn candidates_that_are_none_are_told() {
    let (feeder, base) = star(4);
    let zeros = vec![0.0; base.len()];
    let series = LoadSeries { p_kw: &base, q_kvar: &zeros };
    let ask = |candidates: &[usize], n_added: usize| {
        let hosting = Hosting {
            base: series,
            added: Added::Alike { p_kw: &zeros[..n_added], q_kvar: &zeros[..n_added] },
            candidates,
            limits: OperatingLimits::default(),
            accuracy: exact(),
            seed: 1,
            draws: 0..1,
        };
        host(&feeder, &hosting)
    };
    assert_eq!(ask(&[1, 0], 1), Err(FeederError::Candidate { index: 1, bus: 0 }));
    assert_eq!(ask(&[1, 1], 1), Err(FeederError::Candidate { index: 1, bus: 1 }));
    assert_eq!(ask(&[4], 1), Err(FeederError::Candidate { index: 0, bus: 4 }));
    assert!(matches!(ask(&[1], 2), Err(FeederError::Length { what: "added active loads", .. })));
    assert_eq!(ask(&[], 1).unwrap()[0].n_hosted, Some(0));
}

prop_compose! {
    /// A tree with its loads: each bus hangs on an earlier one, numbered anew by a shuffle.
    fn trees()(n_buses in 2..40_usize)(
        parents in prop::collection::vec(0.0..1.0, n_buses - 1),
        impedances in prop::collection::vec((0.0..0.02, 0.0..0.02, 0.0..0.05), n_buses - 1),
        loads in prop::collection::vec([prop::array::uniform8(-6.0..8.0), prop::array::uniform8(-2.0..3.0)], n_buses),
        names in Just((0..n_buses).collect::<Vec<usize>>()).prop_shuffle(),
    ) -> (Feeder, Vec<Lane>, Vec<Lane>) {
        let lines: Vec<Line> = (1..loads.len()).map(|bus| {
            let parent = (parents[bus - 1] * bus as f64) as usize;
            let (r, x, b) = impedances[bus - 1];
            let (from, to) = if bus % 2 == 0 { (names[parent], names[bus]) } else { (names[bus], names[parent]) };
            Line { b_siemens: b, ..line(from, to, r, x) }
        }).collect();
        let feeder = Feeder::new(loads.len(), &lines, names[0], 0.4, 1.0).unwrap();
        (feeder, loads.iter().map(|[p, _]| *p).collect(), loads.iter().map(|[_, q]| *q).collect())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Power is conserved: what the slack feeds is what buses take and lines lose.
    #[test]
    fn power_balances((feeder, p, q) in trees()) {
        let mut flow = Flow::new(&feeder);
        sweep(&feeder, &p, &q, &exact(), &mut flow);
        for lane in 0..LANES {
            prop_assert_eq!(flow.outcome[lane], Outcome::Converged);
            let taken: f64 = p.iter().map(|p| p[lane]).sum();
            prop_assert!((flow.slack_p_kw[lane] - taken - flow.losses_kw[lane]).abs() < 1e-6);
            prop_assert!(flow.losses_kw[lane] >= 0.0);
            // Kirchhoff at each bus but the slack: currents into its lines and its load add up to nothing.
            for bus in (0..feeder.n_buses()).filter(|bus| *bus != feeder.slack()) {
                let v = (flow.v_re[bus][lane], flow.v_im[bus][lane]);
                let square = v.0 * v.0 + v.1 * v.1;
                let (p, q) = (p[bus][lane] / 1000.0, q[bus][lane] / 1000.0);
                let mut sum = ((p * v.0 + q * v.1) / square, (p * v.1 - q * v.0) / square);
                for (index, line) in feeder.lines().iter().enumerate().filter(|(_, line)| line.from == bus || line.to == bus) {
                    let below = feeder.downstream_bus(index);
                    let sign = if below == bus { -1.0 } else { 1.0 };
                    let half = 0.5 * line.b_siemens * 0.16;
                    sum.0 += sign * flow.i_re[below][lane] - half * v.1;
                    sum.1 += sign * flow.i_im[below][lane] + half * v.0;
                }
                prop_assert!(sum.0.abs() < 1e-9 && sum.1.abs() < 1e-9, "{:?}", sum);
            }
        }
    }

    /// A lane has the same bits whatever its place and its company, hopeless company included.
    #[test]
    fn lanes_do_not_see_each_other((feeder, p, q) in trees(), from in 0..LANES, to in 0..LANES, company in -1e6..1e6_f64) {
        let mut flow = Flow::new(&feeder);
        sweep(&feeder, &p, &q, &Accuracy::default(), &mut flow);
        let alone = |loads: &[Lane]| -> Vec<Lane> {
            let lanes = |load: &Lane| {
                let mut lanes = [company; LANES];
                lanes[to] = load[from];
                lanes
            };
            loads.iter().map(lanes).collect()
        };
        let mut other = Flow::new(&feeder);
        sweep(&feeder, &alone(&p), &alone(&q), &Accuracy::default(), &mut other);
        for bus in 0..feeder.n_buses() {
            prop_assert_eq!(flow.v_re[bus][from].to_bits(), other.v_re[bus][to].to_bits());
            prop_assert_eq!(flow.v_im[bus][from].to_bits(), other.v_im[bus][to].to_bits());
            prop_assert_eq!(flow.i_re[bus][from].to_bits(), other.i_re[bus][to].to_bits());
        }
        prop_assert_eq!(flow.iterations[from], other.iterations[to]);
        prop_assert_eq!(flow.losses_kw[from].to_bits(), other.losses_kw[to].to_bits());
    }
}
