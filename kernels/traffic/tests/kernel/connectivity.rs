//! Which zones lie apart, on networks small enough to see it.

use conurb_traffic::{Network, zones_apart};

use super::random::{constant, network};

/// Zones apart in a network whose nodes are all zones.
fn apart(links: &[(u32, u32)], through: &[bool]) -> Vec<usize> {
    let links: Vec<_> = links.iter().map(|&(tail, head)| (tail, head, constant(1.0))).collect();
    zones_apart(&network(&links, through))
}

#[test]
fn a_ring_joins_all() {
    assert!(apart(&[(0, 1), (1, 2), (2, 0)], &[true; 3]).is_empty());
}

#[test]
fn a_zone_that_can_only_be_left_or_reached_is_apart() {
    assert_eq!(apart(&[(0, 1), (1, 0), (2, 0)], &[true; 3]), [2]);
    assert_eq!(apart(&[(0, 1), (1, 0), (0, 2)], &[true; 3]), [2]);
}

#[test]
fn of_two_parts_the_smaller_is_apart() {
    let links = [(0, 1), (1, 0), (2, 3), (3, 4), (4, 2)];
    assert_eq!(apart(&links, &[true; 5]), [0, 1]);
}

#[test]
fn zones_at_which_paths_end_join_by_links_both_ways() {
    // Node 0 ends paths; 1 and 2 are joined. Links both ways join zone 0, one way does not.
    let through = [false, true, true];
    assert!(apart(&[(0, 1), (2, 0), (1, 2), (2, 1)], &through).is_empty());
    assert_eq!(apart(&[(0, 1), (1, 2), (2, 1)], &through), [0]);
    assert_eq!(apart(&[(2, 0), (1, 2), (2, 1)], &through), [0]);
}

#[test]
fn no_path_leads_through_a_zone_at_which_paths_end() {
    // 1 ↔ 2 and 3 ↔ 4 ↔ 5 meet only in node 0, which ends paths.
    let links = [(1, 2), (2, 1), (3, 4), (4, 3), (4, 5), (5, 4), (0, 1), (1, 0), (0, 3), (3, 0)];
    let through = [false, true, true, true, true, true];
    assert_eq!(apart(&links, &through), [1, 2]);
}

#[test]
fn zones_without_links_are_not_listed() {
    assert!(apart(&[(0, 1), (1, 0)], &[true; 4]).is_empty());
    assert!(apart(&[], &[true; 4]).is_empty());
    assert!(apart(&[], &[]).is_empty());
}

#[test]
fn closed_links_join_nothing() {
    let ends = (vec![0, 1, 1, 2], vec![1, 0, 2, 1]);
    let open = vec![true, true, false, true];
    let network = Network::new(ends, vec![constant(1.0).into(); 4], open, vec![true; 3], vec![0, 1, 2]).unwrap();
    assert_eq!(zones_apart(&network), [2]);
}
