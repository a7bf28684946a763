//! Turns the slow way: which link may follow which, least costs over links, paths walked link by link, and a network in which
//! every movement is a link of its own.

use conurb_traffic::{BprDelay, Network};

use super::random::constant;

/// Each pair of open links of which the second may follow the first, with what the turn costs.
pub fn movements(network: &Network) -> Vec<(usize, usize, f64)> {
    let open = || (0..network.n_links()).filter(|&link| network.open()[link]);
    let pairs = open().flat_map(|from| open().map(move |to| (from, to)));
    let allowed = |&(from, to): &(usize, usize)| {
        let node = network.head()[from];
        network.tail()[to] == node && network.through()[node as usize]
    };
    pairs
        .filter(allowed)
        .map(|(from, to)| (from, to, network.turn_penalty(from as u32, to as u32)))
        .filter(|(.., penalty)| penalty.is_finite())
        .collect()
}

/// Least cost from node `origin` to each node: links correct those that may follow them until nothing changes.
pub fn least_costs(network: &Network, cost: impl Fn(usize) -> f64, origin: u32) -> Vec<f64> {
    let movements = movements(network);
    let mut at_end = vec![f64::INFINITY; network.n_links()];
    for link in (0..network.n_links()).filter(|&link| network.open()[link] && network.tail()[link] == origin) {
        at_end[link] = cost(link);
    }
    loop {
        let mut changes = false;
        for &(from, to, penalty) in &movements {
            let through = at_end[from] + (cost(to) + penalty);
            if through < at_end[to] {
                at_end[to] = through;
                changes = true;
            }
        }
        if !changes {
            break;
        }
    }
    let mut least = vec![f64::INFINITY; network.n_nodes()];
    for (link, &at_end) in at_end.iter().enumerate() {
        let node = network.head()[link] as usize;
        least[node] = least[node].min(at_end);
    }
    least[origin as usize] = 0.0;
    least
}

/// What a path from one node to another and its turns cost; none if it may not be driven.
pub fn walk(
    network: &Network,
    cost: impl Fn(usize) -> f64,
    path: &[usize],
    (from, to): (u32, u32),
) -> Option<(f64, f64)> {
    let (mut node, mut total, mut of_turns) = (from, 0.0, 0.0);
    for (step, &link) in path.iter().enumerate() {
        let penalty = match step {
            0 => 0.0,
            _ => network.turn_penalty(path[step - 1] as u32, link as u32),
        };
        let may_pass = step == 0 || network.through()[node as usize];
        if !(may_pass && network.open()[link] && network.tail()[link] == node && penalty.is_finite()) {
            return None;
        }
        total += cost(link) + penalty;
        of_turns += penalty;
        node = network.head()[link];
    }
    (node == to).then_some((total, of_turns))
}

/// The network without turns in which each movement is a link at constant cost.
///
/// Its first links are those of `network`, each between two nodes of its own; its first nodes are those of `network`, at which
/// trips only start, by any link that leaves there, and end, by any that arrives.
pub fn expanded(network: &Network) -> Network {
    let (n_nodes, n_links) = (network.n_nodes(), network.n_links());
    let (start, end) = (|link: usize| (n_nodes + 2 * link) as u32, |link: usize| (n_nodes + 2 * link + 1) as u32);
    let (mut tail, mut head): (Vec<u32>, Vec<u32>) = (0..n_links).map(|link| (start(link), end(link))).unzip();
    let (mut delay, mut open) = (network.delay().to_vec(), network.open().to_vec());
    let mut join = |from: u32, to: u32, cost: f64| {
        tail.push(from);
        head.push(to);
        delay.push(BprDelay::into(constant(cost)));
        open.push(true);
    };
    movements(network).iter().for_each(|&(from, to, penalty)| join(end(from), start(to), penalty));
    for link in 0..n_links {
        join(network.tail()[link], start(link), 0.0);
        join(end(link), network.head()[link], 0.0);
    }
    let through = (0..n_nodes + 2 * n_links).map(|node| node >= n_nodes).collect();
    Network::new((tail, head), delay, open, through, (0..n_nodes as u32).collect()).unwrap()
}
