//! A city of any size from a seed: a grid of streets, some of them arterial, and trips that thin out with distance.

use conurb_traffic::{BprDelay, Network};

/// Trips from one node to others.
pub type Row = (u32, Vec<(u32, f64)>);

/// A grid of `side` × `side` crossings; every `spacing`-th in each direction sends and receives trips, every crossing is a zone.
pub fn grid(side: u32, spacing: usize, seed: u64) -> (Network, Vec<Row>) {
    let mut random = Random(seed);
    let (mut tail, mut head, mut delay) = (Vec::new(), Vec::new(), Vec::new());
    for node in 0..side * side {
        let (row, column) = (node / side, node % side);
        let right = (column + 1 < side).then_some((node + 1, row));
        let below = (row + 1 < side).then_some((node + side, column));
        for (other, line) in right.into_iter().chain(below) {
            let lanes = if line % 5 == 0 { 3.0 } else { 1.0 };
            for (from, to) in [(node, other), (other, node)] {
                tail.push(from);
                head.push(to);
                let free_flow_time = (0.5 + random.next()) / lanes;
                delay.push(BprDelay { free_flow_time, b: 0.15, capacity: 800.0 * lanes, power: 4.0 }.into());
            }
        }
    }
    let (n_links, n_nodes) = (tail.len(), (side * side) as usize);
    let zones = (0..side * side).collect();
    let network = Network::new((tail, head), delay, vec![true; n_links], vec![true; n_nodes], zones);
    (network.expect("a grid is a network"), trips(side, spacing, &mut random))
}

/// As many trips that the busiest streets are about full.
fn trips(side: u32, spacing: usize, random: &mut Random) -> Vec<Row> {
    let every = |_: ()| (0..side).step_by(spacing);
    let places: Vec<u32> = every(()).flat_map(|row| every(()).map(move |column| row * side + column)).collect();
    let mean = 1500.0 * f64::from(side) / (places.len() * places.len()) as f64;
    let mut row_from = |&origin: &u32| {
        let distance = |node: u32| (origin / side).abs_diff(node / side) + (origin % side).abs_diff(node % side);
        let others = places.iter().filter(|&&node| node != origin);
        let trips = others.map(|&node| {
            let nearness = f64::from(side) / f64::from(side / 2 + distance(node));
            (node, mean * nearness * (0.5 + random.next()))
        });
        (origin, trips.collect())
    };
    places.iter().map(&mut row_from).collect()
}

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014, <https://doi.org/10.1145/2660193.2660195>): the same city from the same seed.
struct Random(u64);

impl Random {
    /// A number in [0, 1).
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
