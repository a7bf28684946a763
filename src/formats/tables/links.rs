//! Links as the rows of a table name them: by id, by name, or by the two nodes they join.

use crate::error::Problem;
use crate::formats::RoadNetwork;
use crate::formats::findings::Findings;
use crate::formats::ids::Ids;
use crate::formats::table::{Layout, Row};
use crate::formats::text::{integer, shown};

/// Which columns of a table name a link.
#[derive(Clone, Copy)]
pub(super) struct LinkColumns {
    pub(super) id: usize,
    pub(super) from_node: usize,
    pub(super) to_node: usize,
}

impl LinkColumns {
    /// What a header must have: the id, or both nodes.
    pub(super) fn required(self, layout: &Layout) -> Result<(), Problem> {
        let has = |column| layout.position(column).is_some();
        if has(self.id) || (has(self.from_node) && has(self.to_node)) {
            return Ok(());
        }
        let [id, from, to] = [self.id, self.from_node, self.to_node].map(|column| layout.name(column));
        Err(Problem::new("no column says which link a row is about")
            .hint(format!("needed is {id}, or {from} and {to}")))
    }
}

/// The links of a network, found by what tables call them.
pub(super) struct LinkFinder<'a> {
    network: &'a RoadNetwork,
    by_id: Vec<(i64, u32)>,
    by_name: Vec<(&'a [u8], u32)>,
    by_nodes: Vec<([u32; 2], u32)>,
}

impl<'a> LinkFinder<'a> {
    pub(super) fn new(network: &'a RoadNetwork) -> Self {
        let links = || 0..network.n_links() as u32;
        let ends = |link: u32| [network.tail[link as usize], network.head[link as usize]];
        let names = network.link_name.iter().flatten().map(|name| name.as_bytes());
        let mut finder = LinkFinder {
            network,
            by_id: network.link_id.iter().copied().zip(links()).collect(),
            by_name: names.zip(links()).collect(),
            by_nodes: links().map(|link| (ends(link), link)).collect(),
        };
        finder.by_id.sort_unstable();
        finder.by_name.sort_unstable();
        finder.by_nodes.sort_unstable();
        finder
    }

    /// The link that a row names in either way; none if that is told, or if the header lacks the columns.
    pub(super) fn of_row(
        &self,
        row: Row<'_>,
        layout: &Layout,
        columns: LinkColumns,
        line: usize,
        findings: &mut Findings<'_>,
    ) -> Option<u32> {
        if layout.position(columns.id).is_some() {
            return self.by_id(row, layout, columns.id, line, findings);
        }
        let tail = self.node(row, layout, columns.from_node, line, findings);
        let head = self.node(row, layout, columns.to_node, line, findings);
        self.between([tail?, head?], line, findings)
    }

    /// The link whose name or id stands in a column.
    pub(super) fn by_id(
        &self,
        row: Row<'_>,
        layout: &Layout,
        column: usize,
        line: usize,
        findings: &mut Findings<'_>,
    ) -> Option<u32> {
        let field = row.field(layout.position(column)?);
        let link = self.find(field);
        if link.is_none() {
            findings.at("unknown link", line, || self.unknown(field).of_key(layout.name(column)));
        }
        link
    }

    /// The node whose id stands in a column.
    pub(super) fn node(
        &self,
        row: Row<'_>,
        layout: &Layout,
        column: usize,
        line: usize,
        findings: &mut Findings<'_>,
    ) -> Option<u32> {
        let field = row.field(layout.position(column)?);
        let nodes = Ids::new(&self.network.node_id);
        let node = integer(field).and_then(|id| nodes.find(id));
        if node.is_none() {
            findings.at("unknown node", line, || {
                let problem = Problem::new(format!("there is no node {}", shown(field))).of_key(layout.name(column));
                match integer(field) {
                    Some(id) => problem.hint(nodes.hint("nodes", id)),
                    None => problem,
                }
            });
        }
        node
    }

    /// The one link from a node to another.
    pub(super) fn between(&self, [tail, head]: [u32; 2], line: usize, findings: &mut Findings<'_>) -> Option<u32> {
        let first = self.by_nodes.partition_point(|(ends, _)| *ends < [tail, head]);
        let n_links = self.by_nodes[first..].iter().take_while(|(ends, _)| *ends == [tail, head]).count();
        if n_links == 1 {
            return Some(self.by_nodes[first].1);
        }
        findings.at("link between nodes", line, || {
            let [from, to] = [tail, head].map(|node| self.network.node_id[node as usize]);
            match n_links {
                0 => Problem::new(format!("there is no link from node {from} to node {to}")),
                _ => Problem::new(format!("there are {n_links} links from node {from} to node {to}"))
                    .hint("name the link by its id"),
            }
        });
        None
    }

    /// What a message calls a link.
    pub(super) fn shown(&self, link: u32) -> String {
        match &self.network.link_name {
            Some(names) => format!("\"{}\"", names[link as usize]),
            None => self.network.link_id[link as usize].to_string(),
        }
    }

    fn find(&self, field: &[u8]) -> Option<u32> {
        if let Ok(place) = self.by_name.binary_search_by_key(&field, |(name, _)| *name) {
            return Some(self.by_name[place].1);
        }
        let id = integer(field)?;
        self.by_id.binary_search_by_key(&id, |(known, _)| *known).ok().map(|place| self.by_id[place].1)
    }

    fn unknown(&self, field: &[u8]) -> Problem {
        let problem = Problem::new(format!("there is no link {}", shown(field)));
        match integer(field) {
            Some(id) => {
                let ids: Vec<i64> = self.by_id.iter().map(|(id, _)| *id).collect();
                problem.hint(Ids::new(&ids).hint("links", id))
            }
            None if self.by_name.is_empty() => problem.hint("links of this network have integer ids"),
            None => problem,
        }
    }
}
