//! Which buildings are computed together: tiles share a scene of what shades them, blocks are worth a thread's while.

use std::collections::BTreeMap;

use crate::city::City;

/// Sample points that a block aims at: tens of milliseconds of rays.
const POINTS_OF_BLOCK: usize = 2048;

/// A rectangle in metres relative to the origin of the problem.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extent {
    /// Westernmost and southernmost coordinate.
    pub low: [f64; 2],
    /// Easternmost and northernmost coordinate.
    pub high: [f64; 2],
}

/// A square of the city with the buildings whose middle lies in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    /// What its buildings cover.
    pub extent: Extent,
    /// Its buildings in blocks, each ascending.
    pub blocks: Vec<Vec<usize>>,
}

/// What each building of a city covers.
pub fn extents(city: &City) -> Vec<Extent> {
    let extent = |building: usize| {
        let mut extent = Extent::EMPTY;
        for face in &city.surfaces[city.surfaces_of(building)] {
            face.rings.iter().flatten().for_each(|&[x, y, _]| extent.add([x, y]));
        }
        extent
    };
    (0..city.buildings.len()).map(extent).collect()
}

impl Extent {
    /// An extent that holds nothing.
    pub const EMPTY: Extent = Extent { low: [f64::INFINITY; 2], high: [f64::NEG_INFINITY; 2] };

    /// Grows to hold a point.
    pub fn add(&mut self, point: [f64; 2]) {
        for (axis, value) in point.into_iter().enumerate() {
            self.low[axis] = self.low[axis].min(value);
            self.high[axis] = self.high[axis].max(value);
        }
    }

    /// Grows to hold all of another.
    pub fn join(&mut self, other: &Extent) {
        for axis in 0..2 {
            self.low[axis] = self.low[axis].min(other.low[axis]);
            self.high[axis] = self.high[axis].max(other.high[axis]);
        }
    }

    /// The same with a margin all around.
    pub fn grown(&self, margin: f64) -> Extent {
        Extent { low: self.low.map(|value| value - margin), high: self.high.map(|value| value + margin) }
    }

    /// Whether the two share a point.
    pub fn meets(&self, other: &Extent) -> bool {
        (0..2).all(|axis| self.low[axis] <= other.high[axis] && other.low[axis] <= self.high[axis])
    }

    /// Whether all of another lies within.
    pub fn holds(&self, other: &Extent) -> bool {
        (0..2).all(|axis| self.low[axis] <= other.low[axis] && other.high[axis] <= self.high[axis])
    }

    fn middle(&self) -> [f64; 2] {
        [0, 1].map(|axis| 0.5 * (self.low[axis] + self.high[axis]))
    }
}

/// Cuts a city into tiles of side `tile_m`, from the south-west; `n_points` estimates the work of each building.
///
/// Buildings without points belong to no tile.
pub fn tiles(extents: &[Extent], n_points: &[usize], tile_m: f64) -> Vec<Tile> {
    let mut members: BTreeMap<[i64; 2], Vec<usize>> = BTreeMap::new();
    for building in (0..extents.len()).filter(|&building| n_points[building] > 0) {
        let [x, y] = extents[building].middle().map(|value| (value / tile_m).floor() as i64);
        members.entry([y, x]).or_default().push(building);
    }
    let tile = |buildings: Vec<usize>| {
        let mut extent = Extent::EMPTY;
        buildings.iter().for_each(|&building| extent.join(&extents[building]));
        Tile { extent, blocks: blocks(&buildings, n_points) }
    };
    members.into_values().map(tile).collect()
}

fn blocks(buildings: &[usize], n_points: &[usize]) -> Vec<Vec<usize>> {
    let mut blocks: Vec<Vec<usize>> = Vec::new();
    let mut filled = POINTS_OF_BLOCK;
    for &building in buildings {
        if filled >= POINTS_OF_BLOCK {
            blocks.push(Vec::new());
            filled = 0;
        }
        blocks.last_mut().expect("one was just pushed").push(building);
        filled += n_points[building];
    }
    blocks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn house(x: f64, y: f64) -> Extent {
        Extent { low: [x, y], high: [x + 10.0, y + 10.0] }
    }

    #[test]
    fn buildings_lie_in_the_tile_of_their_middle() {
        let extents = [house(98.0, 0.0), house(0.0, 0.0), house(50.0, 150.0), house(5.0, 5.0)];
        let tiles = tiles(&extents, &[10, 10, 10, 0], 100.0);
        // The first reaches over the border with its middle beyond; the last has nothing to compute.
        let blocks: Vec<_> = tiles.iter().map(|tile| tile.blocks.clone()).collect();
        assert_eq!(blocks, [vec![vec![1]], vec![vec![0]], vec![vec![2]]]);
        assert_eq!(tiles[1].extent, extents[0]);
    }

    #[test]
    fn blocks_are_worth_a_threads_while() {
        assert_eq!(blocks(&[0, 1, 2, 3], &[1000, 1000, 1000, 9000]), [vec![0, 1, 2], vec![3]]);
    }

    proptest! {
        #[test]
        fn every_building_with_points_is_in_one_block(
            houses in prop::collection::vec((-500.0..500.0_f64, -500.0..500.0_f64, 0..4000_usize), 0..60),
            tile_m in 5.0..2000.0_f64,
        ) {
            let extents: Vec<Extent> = houses.iter().map(|&(x, y, _)| house(x, y)).collect();
            let n_points: Vec<usize> = houses.iter().map(|&(_, _, n)| n).collect();
            let found = tiles(&extents, &n_points, tile_m);
            let mut all: Vec<usize> = found.iter().flat_map(|tile| tile.blocks.iter().flatten().copied()).collect();
            all.sort_unstable();
            let expected: Vec<usize> = (0..houses.len()).filter(|&building| n_points[building] > 0).collect();
            prop_assert_eq!(all, expected);
            for tile in &found {
                for &building in tile.blocks.iter().flatten() {
                    prop_assert!(tile.extent.holds(&extents[building]));
                }
            }
        }
    }
}
