//! Links as a scenario names them.

use std::path::Path;

use crate::error::{Error, Problem, Problems};
use crate::formats::RoadNetwork;
use crate::scenario::LinkReference;

/// Finds links by id or by their ends.
pub struct LinkFinder<'a> {
    roads: &'a RoadNetwork,
    file: &'a Path,
    by_id: Vec<((i64, i64), usize)>,
    by_ends: Vec<((i64, i64), usize)>,
}

impl<'a> LinkFinder<'a> {
    /// A finder for the links of `roads`, which were read from `file`.
    pub fn new(roads: &'a RoadNetwork, file: &'a Path) -> Self {
        let sorted = |key: &dyn Fn(usize) -> (i64, i64)| {
            let mut index: Vec<((i64, i64), usize)> = (0..roads.n_links()).map(|link| (key(link), link)).collect();
            index.sort_unstable();
            index
        };
        let ends = |link: usize| (roads.node_id[roads.tail[link] as usize], roads.node_id[roads.head[link] as usize]);
        LinkFinder { roads, file, by_id: sorted(&|link| (roads.link_id[link], 0)), by_ends: sorted(&ends) }
    }

    /// The links that a key names, in its order.
    ///
    /// # Errors
    /// Every one that is not a link, or could be several.
    pub fn find_all(&self, references: &[LinkReference], key: &str) -> Result<Vec<usize>, Error> {
        let (mut links, mut problems) = (Vec::new(), Problems::new());
        for reference in references {
            let (index, wanted) = match *reference {
                LinkReference::Id(id) => (&self.by_id, (id, 0)),
                LinkReference::Between(from, to) => (&self.by_ends, (from, to)),
            };
            let first = index.partition_point(|(known, _)| *known < wanted);
            let found: Vec<usize> =
                index[first..].iter().take_while(|(known, _)| *known == wanted).map(|&(_, link)| link).collect();
            match found.as_slice() {
                [link] => links.push(*link),
                several => problems.push("link", self.unclear(reference, several).of_key(key)),
            }
        }
        problems.into_result(links)
    }

    fn unclear(&self, reference: &LinkReference, found: &[usize]) -> Problem {
        let (roads, file) = (self.roads, self.file.display());
        let name = match reference {
            LinkReference::Id(id) => format!("{id}"),
            LinkReference::Between(from, to) => format!("\"{from}->{to}\""),
        };
        let problem = Problem::new(match found.len() {
            0 => format!("no link {name} in {file}"),
            count => format!("{count} links match {name} in {file}"),
        });
        let ids: Vec<String> = found.iter().take(8).map(|&link| roads.link_id[link].to_string()).collect();
        if found.is_empty() {
            let ends = roads.link_id.iter().min().zip(roads.link_id.iter().max());
            let range = ends.map_or_else(String::new, |(first, last)| format!("; link ids run from {first} to {last}"));
            problem.hint(format!("name a link by its id or as \"from->to\"{range}"))
        } else {
            problem.hint(format!("name one by its id: {}", ids.join(", ")))
        }
    }
}
