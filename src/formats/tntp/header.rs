//! The line that names the columns of a TNTP table.

use super::without_comment;
use crate::error::Problem;
use crate::formats::table::Layout;

/// Names that columns go by, in lower case without anything but letters, and what they are called here.
const SYNONYMS: &[(&str, &str)] = &[
    ("initnode", "from_node"),
    ("inode", "from_node"),
    ("anode", "from_node"),
    ("fromnode", "from_node"),
    ("from", "from_node"),
    ("tailnode", "from_node"),
    ("tail", "from_node"),
    ("termnode", "to_node"),
    ("jnode", "to_node"),
    ("bnode", "to_node"),
    ("tonode", "to_node"),
    ("to", "to_node"),
    ("headnode", "to_node"),
    ("head", "to_node"),
    ("capacity", "capacity"),
    ("length", "length"),
    ("freeflowtime", "free_flow_time"),
    ("fftt", "free_flow_time"),
    ("fft", "free_flow_time"),
    ("ftime", "free_flow_time"),
    ("b", "b"),
    ("alpha", "b"),
    ("power", "power"),
    ("beta", "power"),
    ("speedlimit", "speed"),
    ("speed", "speed"),
    ("toll", "toll"),
    ("linktype", "link_type"),
    ("type", "link_type"),
    ("volume", "volume"),
    ("flow", "volume"),
    ("cost", "cost"),
    ("time", "cost"),
    ("node", "node"),
    ("nodeid", "node"),
    ("id", "node"),
    ("x", "x"),
    ("xcoord", "x"),
    ("longitude", "x"),
    ("y", "y"),
    ("ycoord", "y"),
    ("latitude", "y"),
];

/// A line is a header only if it names this many columns that are known: comments may contain a few such words.
const FEWEST_KNOWN: usize = 3;

/// The layout that a line announces, if it is a header: one that names the first two of the needed columns.
pub(super) fn parse(line: &[u8], wanted: &'static [&'static str], needed: &[usize]) -> Option<Result<Layout, Problem>> {
    let line = line.trim_ascii();
    let names = names(without_comment(line.strip_prefix(b"~").unwrap_or(line)));
    let n_known = names.iter().filter(|name| wanted.contains(&name.as_str())).count();
    let has = |column: &usize| names.iter().any(|name| name == wanted[*column]);
    let is_header = n_known >= FEWEST_KNOWN && needed.iter().take(2).all(has);
    is_header.then(|| Layout::of_header(wanted, &names)?.having(needed))
}

/// The columns a header line names: separated by tabs if it has any, else by blanks.
fn names(line: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(line);
    let text = text.trim().trim_end_matches(';');
    if text.contains('\t') {
        return text.split('\t').map(str::trim).filter(|name| !name.is_empty()).map(canonical).collect();
    }
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.starts_with('(')).collect();
    let mut names = Vec::new();
    let mut at = 0;
    while at < words.len() {
        // "free flow time" is one column, though blanks separate columns here.
        let longest = (1..=3.min(words.len() - at)).rev().find(|n| known(&words[at..at + n].concat()).is_some());
        let n_words = longest.unwrap_or(1);
        names.push(canonical(&words[at..at + n_words].concat()));
        at += n_words;
    }
    names
}

fn canonical(name: &str) -> String {
    known(name).map_or_else(|| name.to_lowercase(), str::to_owned)
}

fn known(name: &str) -> Option<&'static str> {
    let without_unit = name.split(['(', '[']).next().unwrap_or(name);
    let letters: String = without_unit.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    SYNONYMS.iter().find(|(synonym, _)| *synonym == letters).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_kinds_are_understood() {
        let expected = [
            "from_node",
            "to_node",
            "capacity",
            "length",
            "free_flow_time",
            "b",
            "power",
            "speed",
            "toll",
            "link_type",
        ];
        for line in [
            "init_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;",
            " \tInit node \tTerm node \tCapacity \tLength \tFree Flow Time \tB\tPower\tSpeed limit \tToll \tType\t;",
            "Tail\tHead\tCapacity (veh/h)\tLength (ft)\tFree Flow Time (min)\tB\tPower\tSpeed (ft/min) \tToll \tType\t;",
            "from  to capacity length ftime B power speed toll type ;",
            "Init node Term node Capacity (veh/h) Length Free Flow Time B Power Speed limit Toll Link type",
        ] {
            assert_eq!(names(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn a_comment_is_no_header() {
        let parse = |line: &str| parse(line.as_bytes(), &["from_node", "to_node", "capacity"], &[0, 1, 2]);
        assert!(parse("~ capacity from surveys").is_none());
        assert!(parse("1 2 3").is_none());
        assert!(parse("").is_none());
        assert!(parse("~ from to lanes").is_none());
        assert!(parse("~\tTo\tlanes\tFrom\tcapacity").unwrap().is_ok());
        assert_eq!(parse("from to to capacity").unwrap().unwrap_err().key.unwrap(), "to_node");
    }

    #[test]
    fn a_header_must_name_all_that_is_needed() {
        let parsed = parse(b"From To Cost", &["from_node", "to_node", "volume", "cost"], &[0, 1, 2]);
        assert!(parsed.unwrap().unwrap_err().message.contains("volume"));
    }
}
