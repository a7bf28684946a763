//! Feeders in the JSON form of pandapower, as its function `to_json` of versions 2 and 3 writes them.

mod branch;
mod frame;
mod topology;

use conurb_energy::feeder::{Feeder, Line};
use serde_json::{Map, Value};

use super::{BusLoad, FeederModel, Transformer, worded};
use crate::error::{Error, Problem, Warning};
use crate::formats::Source;
use crate::formats::findings::Findings;
use crate::formats::text::whole;
use branch::{Branch, line_branch, transformer_branch, turned};
use frame::Frame;
use topology::{Buses, Placed, Walk, open_branches, walk};

/// Tables that change the load flow and are not read: none of their rows may be in service.
const REFUSED: [&str; 17] = [
    "gen",
    "motor",
    "asymmetric_load",
    "asymmetric_sgen",
    "shunt",
    "ward",
    "xward",
    "trafo3w",
    "impedance",
    "dcline",
    "svc",
    "ssc",
    "tcsc",
    "vsc",
    "vsc_stacked",
    "vsc_bipolar",
    "b2b_vsc",
];
/// Shares of loads that depend on the voltage, in the words of versions 2 and 3.
const VOLTAGE_DEPENDENT: [&str; 6] = [
    "const_z_percent",
    "const_i_percent",
    "const_z_p_percent",
    "const_i_p_percent",
    "const_z_q_percent",
    "const_i_q_percent",
];
/// Frequency where the file does not tell it (Hz).
const USUAL_HZ: f64 = 50.0;
const KILO_PER_MEGA: f64 = 1000.0;

/// The bus of known voltage.
struct External {
    bus: i64,
    pu: f64,
    degree: f64,
}

/// Reads the part of a network that its only external grid feeds.
///
/// Read are `bus`, `line`, `trafo`, `load`, `sgen`, `storage`, `ext_grid` and `switch`. Buses are named by their indices; those
/// that closed switches join are one. A line or transformer with one open switch ends at a bus of its own there, and is left
/// out if nothing flows to that; buses that nothing feeds are left out too (warning `unfed_buses`). All values are seen from the
/// voltage of the external grid.
///
/// # Errors
/// What is not read and in service, wrong cells, several or no external grids, rings.
pub fn read_pandapower(name: &str, source: Source<'_>) -> Result<(FeederModel, Vec<Warning>), Error> {
    let net = parse(source).map_err(|problem| Error::from(problem.in_file(source.file)))?;
    let mut findings = Findings::new(source.file);
    let read = read_net(name, &net, &mut findings);
    // Whoever stopped early has told why.
    let model = findings.conclude(read)?;
    Ok(model.expect("what is not read is found"))
}

fn parse(source: Source<'_>) -> Result<Map<String, Value>, Problem> {
    let text = whole(source)?;
    let hint = "write the network with pandapower.to_json of version 2 or 3";
    let document: Value = serde_json::from_slice(&text)
        .map_err(|cause| Problem::new(format!("not a JSON text: {cause}")).at_line(cause.line()).hint(hint))?;
    match document {
        Value::Object(mut document) if document.get("_class").and_then(Value::as_str) == Some("pandapowerNet") => {
            match document.remove("_object") {
                Some(Value::Object(net)) => Ok(net),
                _ => Err(Problem::new("the network has no \"_object\"").hint(hint)),
            }
        }
        _ => Err(Problem::new("not a network of pandapower: no \"_class\" of pandapowerNet").hint(hint)),
    }
}

type Read = (FeederModel, Vec<Warning>);

fn read_net(name: &str, net: &Map<String, Value>, findings: &mut Findings<'_>) -> Result<Option<Read>, Problem> {
    for table in REFUSED {
        refuse(&Frame::of(net, table)?, table, findings);
    }
    let table = |name: &'static str| Frame::of(net, name);
    let switches = table("switch")?;
    let Some(mut buses) = Buses::of(&table("bus")?, &switches, findings) else { return Ok(None) };
    let external = external_grid(&table("ext_grid")?, &buses, findings);
    let hz = net.get("f_hz").and_then(Value::as_f64).filter(|hz| (1.0..=1000.0).contains(hz)).unwrap_or(USUAL_HZ);
    let mut branches = Vec::new();
    let (lines, trafos) = (table("line")?, table("trafo")?);
    for (frame, element) in [(&lines, "l"), (&trafos, "t")] {
        let open = open_branches(&switches, element);
        for row in (0..frame.n_rows()).filter(|row| frame.is_in_service(*row)) {
            let branch = match element {
                "l" => line_branch(frame, row, hz, findings),
                _ => transformer_branch(frame, row, findings),
            };
            let open_at = open.get(&frame.index(row)).map_or(&[][..], Vec::as_slice);
            branches.extend(branch.and_then(|branch| buses.place(branch, open_at)));
        }
    }
    let mut loads = Vec::new();
    for (name, sign) in [("load", 1.0), ("storage", 1.0), ("sgen", -1.0)] {
        read_loads(&table(name)?, name, sign, findings, &mut loads);
    }
    let Some(external) = external.filter(|_| findings.is_empty()) else { return Ok(None) };
    let Some(walk) = walk(&buses, &branches, external.bus, findings) else { return Ok(None) };
    Ok(assemble(name, &buses, &branches, &walk, &external, &loads, findings))
}

fn refuse(frame: &Frame, table: &'static str, findings: &mut Findings<'_>) {
    let n = (0..frame.n_rows()).filter(|row| frame.is_in_service(*row)).count();
    if n > 0 {
        let message = format!("{n} rows are in service, and this table is not read");
        let hint =
            "leave them out, or replace them by loads, static generators, lines and transformers of two windings";
        findings.push("table", Problem::new(message).of_key(table).hint(hint));
    }
}

fn external_grid(frame: &Frame, buses: &Buses, findings: &mut Findings<'_>) -> Option<External> {
    let mut rows = (0..frame.n_rows()).filter(|row| frame.is_in_service(*row));
    let (Some(row), None) = (rows.next(), rows.next()) else {
        let n = (0..frame.n_rows()).filter(|row| frame.is_in_service(*row)).count();
        let problem = Problem::new(format!("expected one external grid in service, found {n}")).of_key("ext_grid");
        findings.push("external grid", problem.hint("a feeder is fed from one bus"));
        return None;
    };
    let bus = frame.reference(row, "bus", findings);
    let pu = frame.optional(row, ("vm_pu", 1.0), 0.5..=1.5, findings);
    let degree = frame.optional(row, ("va_degree", 0.0), -360.0..=360.0, findings);
    let external = External { bus: bus?, pu: pu?, degree: degree? };
    if buses.group(external.bus).is_none() {
        frame.reject(row, "bus", "expected a bus in service", findings);
        return None;
    }
    Some(external)
}

/// Adds what the rows of a table take, `sign` times their power, by the indices of their buses.
fn read_loads(
    frame: &Frame,
    table: &'static str,
    sign: f64,
    findings: &mut Findings<'_>,
    loads: &mut Vec<(i64, f64, f64)>,
) {
    for row in (0..frame.n_rows()).filter(|row| frame.is_in_service(*row)) {
        let bus = frame.reference(row, "bus", findings);
        let p_mw = frame.number(row, "p_mw", -1e5..=1e5, findings);
        let q_mvar = frame.optional(row, ("q_mvar", 0.0), -1e5..=1e5, findings);
        let scaling = frame.optional(row, ("scaling", 1.0), -10.0..=10.0, findings);
        for column in VOLTAGE_DEPENDENT.iter().filter(|_| table == "load") {
            if frame.cell(row, column).as_f64().is_some_and(|share| share != 0.0) {
                frame.reject(row, column, "loads that depend on the voltage are not read: expected 0", findings);
            }
        }
        if let (Some(bus), Some(p), Some(q), Some(scaling)) = (bus, p_mw, q_mvar, scaling) {
            let factor = sign * scaling * KILO_PER_MEGA;
            loads.push((bus, p * factor, q * factor));
        }
    }
}

/// The model of what the walk has reached.
fn assemble(
    name: &str,
    buses: &Buses,
    branches: &[Placed],
    walk: &Walk,
    external: &External,
    loads: &[(i64, f64, f64)],
    findings: &mut Findings<'_>,
) -> Option<Read> {
    let fed: Vec<_> = branches.iter().filter_map(|placed| Some((&placed.branch, walk.buses_of(placed)?))).collect();
    let slack = walk.bus_of(buses, external.bus)?;
    let base_kv = walk.kv[slack];
    // Seen from the slack's voltage, a bus at `kv` has impedances greater by the square of the ratio.
    let factor: Vec<f64> = fed.iter().map(|(_, ends)| base_kv / walk.kv[ends[1]]).collect();
    let seen = |((branch, [from, to]), factor): (&(&Branch, [usize; 2]), &f64)| Line {
        from: *from,
        to: *to,
        r_ohm: branch.series[0] * factor * factor,
        x_ohm: branch.series[1] * factor * factor,
        g_siemens: branch.shunt[0] / (factor * factor),
        b_siemens: branch.shunt[1] / (factor * factor),
        max_i_ka: branch.max_i_ka / factor,
    };
    let lines: Vec<Line> = fed.iter().zip(&factor).map(seen).collect();
    let names: Vec<String> = fed.iter().map(|(branch, _)| branch.name.clone()).collect();
    let bus_names = walk.names(buses);
    let feeder = match Feeder::new(bus_names.len(), &lines, slack, base_kv, external.pu) {
        Ok(feeder) => feeder,
        Err(error) => {
            findings.push("feeder", worded(error, &bus_names, &names));
            return None;
        }
    };
    let at = |(bus, p_kw, q_kvar): &(i64, f64, f64)| {
        Some(BusLoad { bus: walk.bus_of(buses, *bus)?, p_kw: *p_kw, q_kvar: *q_kvar })
    };
    let transformers = fed.iter().enumerate().filter_map(|(line, (branch, _))| {
        branch.windings.map(|windings| Transformer { line, rated_kva: windings.rated_kva })
    });
    let model = FeederModel {
        name: name.to_owned(),
        aliases: walk.aliases(buses),
        lines: names,
        loads: loads.iter().filter_map(at).collect(),
        voltage_factor: walk.kv.iter().zip(&walk.nominal_kv).map(|(kv, nominal)| kv / nominal).collect(),
        angle_offset: walk.shift_degree.iter().map(|shift| turned(external.degree - shift)).collect(),
        current_factor: factor,
        transformers: transformers.collect(),
        buses: bus_names,
        feeder,
    };
    let unfed = walk.n_unfed(buses);
    let lost = loads.len() - model.loads.len();
    let message = format!(
        "{unfed} buses in service are not fed by the external grid; {lost} loads are at such or at buses out of service"
    );
    let warning = (unfed + lost > 0).then(|| Warning::new("unfed_buses", unfed + lost, message));
    Some((model, warning.into_iter().collect()))
}
