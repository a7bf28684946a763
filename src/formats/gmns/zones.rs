//! Zones of a folder: where trips start and end.

use crate::error::{Error, Warning};
use crate::formats::csv_table::{self, Columns};
use crate::formats::findings::Findings;
use crate::formats::gmns::nodes::{NodeKind, Nodes};
use crate::formats::ids::Ids;
use crate::formats::text::integer;
use crate::formats::{RoadNetwork, Source};

const ZONE_ID: usize = 0;
const COLUMNS: Columns = Columns::of(&["zone_id"], &[ZONE_ID]);

/// Gives the network its zones and tells what was taken.
///
/// A zone stands at its centroid, else at the node of its own id, else at the node of the lowest id that belongs to it.
/// Without any `zone_id`, the linked nodes of type centroid and external are zones, else all linked nodes.
pub(super) fn place(network: &mut RoadNetwork, nodes: &Nodes, zone: Option<Source<'_>>) -> Result<Vec<Warning>, Error> {
    let mut warnings = Vec::new();
    let mut candidates: Vec<(i64, bool, bool, u32)> = (0..nodes.id.len())
        .filter_map(|node| {
            let zone = nodes.zone[node]?;
            Some((zone, nodes.kind[node] != NodeKind::Centroid, nodes.id[node] != zone, node as u32))
        })
        .collect();
    candidates.sort_unstable();
    if candidates.is_empty() {
        warnings.push(zones_at_nodes(network, nodes));
    }
    let mut n_chosen = 0;
    for (place, (zone, is_no_centroid, is_elsewhere, node)) in candidates.iter().enumerate() {
        if network.zone_id.last() == Some(zone) {
            continue;
        }
        let is_shared = candidates.get(place + 1).is_some_and(|next| next.0 == *zone);
        n_chosen += usize::from(is_shared && *is_no_centroid && *is_elsewhere);
        network.zone_id.push(*zone);
        network.zone_node.push(*node);
    }
    if n_chosen > 0 {
        let message = format!(
            "{n_chosen} zones have several nodes, none of them a centroid or of the zone's id: the lowest id was taken"
        );
        warnings.push(Warning::new("gmns_zone_nodes", n_chosen, message));
    }
    if let Some(zone) = zone {
        warnings.extend(without_node(zone, network)?);
    }
    Ok(warnings)
}

/// Adds zones at the nodes of these ids, where there is no such zone yet; ids of no node are left to whoever uses them.
///
/// Demand may name zones that no `zone_id` does and mean the nodes of these ids, as in the example Lima, whose external
/// stations have `zone_id` 0.
pub fn add_zones_at_nodes(network: &mut RoadNetwork, ids: &[i64]) -> Option<Warning> {
    let mut zones: Vec<(i64, u32)> = network.zone_id.iter().copied().zip(network.zone_node.iter().copied()).collect();
    let known = Ids::new(&network.zone_id);
    let nodes = Ids::new(&network.node_id);
    let mut added: Vec<(i64, u32)> = ids
        .iter()
        .filter(|id| known.find(**id).is_none())
        .filter_map(|id| nodes.find(*id).map(|node| (*id, node)))
        .collect();
    added.sort_unstable();
    added.dedup();
    let n_added = added.len();
    zones.extend(added);
    zones.sort_unstable();
    (network.zone_id, network.zone_node) = zones.into_iter().unzip();
    let message =
        || format!("{n_added} zones of the demand are no zone_id and were taken to be at the nodes of these ids");
    (n_added > 0).then(|| Warning::new("gmns_zones_at_nodes", n_added, message()))
}

fn zones_at_nodes(network: &mut RoadNetwork, nodes: &Nodes) -> Warning {
    let mut is_linked = vec![false; nodes.id.len()];
    network.tail.iter().chain(&network.head).for_each(|node| is_linked[*node as usize] = true);
    let linked = |kinds: &[NodeKind]| -> Vec<u32> {
        let fits = |node: &usize| is_linked[*node] && kinds.contains(&nodes.kind[*node]);
        (0..nodes.id.len()).filter(fits).map(|node| node as u32).collect()
    };
    let marked = linked(&[NodeKind::Centroid, NodeKind::External]);
    let (zones, words) = if marked.is_empty() {
        (linked(&[NodeKind::Ordinary]), "each node with links became one")
    } else {
        (marked, "each linked node of type centroid or external became one")
    };
    network.zone_id = zones.iter().map(|node| nodes.id[*node as usize]).collect();
    network.zone_node = zones;
    let n_zones = network.n_zones();
    Warning::new(
        "gmns_zones_assumed",
        n_zones,
        format!("no node has a zone_id, so there are no zones: {words} ({n_zones})"),
    )
}

/// Zones of `zone.csv` at which no node is; their ids may be anything.
fn without_node(source: Source<'_>, network: &RoadNetwork) -> Result<Option<Warning>, Error> {
    let mut findings = Findings::new(source.file);
    let zones = Ids::new(&network.zone_id);
    let mut n_without = 0;
    let read = csv_table::read(source, COLUMNS, &mut findings, |row, layout, _, _| {
        let id = layout.position(ZONE_ID).and_then(|position| integer(row.field(position)));
        n_without += usize::from(id.is_none_or(|id| zones.find(id).is_none()));
    });
    findings.conclude(read)?;
    let message = || format!("{n_without} zones of zone.csv have no node and were left out");
    Ok((n_without > 0).then(|| Warning::new("gmns_zones_without_node", n_without, message())))
}
