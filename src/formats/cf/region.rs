//! Parts of arrays: tiles that cover one, chunks that a block touches, and copies between them.

use super::file::Block;

/// Where a part of an array begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Region<'a> {
    /// Shape of the array.
    pub(super) shape: &'a [usize],
    /// First index of the part.
    pub(super) start: &'a [usize],
}

/// What a block has in common with a chunk.
pub(super) struct Touched {
    /// Number of the chunk in C order.
    pub(super) number: usize,
    /// First index in the chunk.
    pub(super) from: Vec<usize>,
    /// First index in the block.
    pub(super) to: Vec<usize>,
    /// Number of indices.
    pub(super) count: Vec<usize>,
}

/// Tiles of a size that cover an array once, in C order, cut off at its end.
pub(super) fn tiles(shape: &[usize], size: &[usize]) -> impl Iterator<Item = Block> {
    let grid: Vec<usize> = shape.iter().zip(size).map(|(&length, &size)| length.div_ceil(size)).collect();
    let (shape, size) = (shape.to_vec(), size.to_vec());
    indices(grid).map(move |index| {
        let start: Vec<usize> = index.iter().zip(&size).map(|(&index, &size)| index * size).collect();
        let count = (0..start.len()).map(|of| size[of].min(shape[of] - start[of])).collect();
        Block { start, count }
    })
}

/// The chunks that a block touches, in C order.
pub(super) fn touched(shape: &[usize], chunk: &[usize], block: &Block) -> impl Iterator<Item = Touched> {
    let rank = shape.len();
    let grid: Vec<usize> = (0..rank).map(|of| shape[of].div_ceil(chunk[of])).collect();
    let first: Vec<usize> = (0..rank).map(|of| block.start[of] / chunk[of]).collect();
    let end = |of: usize| block.start[of] + block.count[of];
    let touched_grid = (0..rank).map(|of| end(of).div_ceil(chunk[of]) - first[of]).collect();
    let (chunk, block) = (chunk.to_vec(), block.clone());
    indices(touched_grid).map(move |index| {
        let mut found = Touched { number: 0, from: vec![0; rank], to: vec![0; rank], count: vec![0; rank] };
        for of in 0..rank {
            let place = first[of] + index[of];
            found.number = found.number * grid[of] + place;
            let begin = (place * chunk[of]).max(block.start[of]);
            let end = ((place + 1) * chunk[of]).min(block.start[of] + block.count[of]);
            found.from[of] = begin - place * chunk[of];
            found.to[of] = begin - block.start[of];
            found.count[of] = end - begin;
        }
        found
    })
}

/// Copies a part of one array of values to a part of another.
pub(super) fn copy(
    from: &[u8],
    from_region: Region<'_>,
    to: &mut [u8],
    to_region: Region<'_>,
    count: &[usize],
    value_bytes: usize,
) {
    // Last dimensions that are wanted as a whole are copied as one.
    let rank = count.len();
    let is_whole = |of: usize| count[of] == from_region.shape[of] && count[of] == to_region.shape[of];
    let n_whole = (0..rank).rev().take_while(|&of| is_whole(of)).count();
    let outer = (rank - n_whole).saturating_sub(1);
    let row = count[outer.min(rank)..].iter().product::<usize>() * value_bytes;
    let place = |region: Region<'_>, index: &[usize]| {
        let of_dimension = |of: usize| region.start[of] + index.get(of).copied().unwrap_or(0);
        (0..rank).fold(0, |place, of| place * region.shape[of] + of_dimension(of)) * value_bytes
    };
    for index in indices(count[..outer].to_vec()) {
        let (source, target) = (place(from_region, &index), place(to_region, &index));
        to[target..target + row].copy_from_slice(&from[source..source + row]);
    }
}

/// All indices of an array in C order; one, empty, for an array without dimensions.
fn indices(shape: Vec<usize>) -> impl Iterator<Item = Vec<usize>> {
    let n = shape.iter().product::<usize>();
    let mut next = vec![0; shape.len()];
    (0..n).map(move |_| {
        let index = next.clone();
        for of in (0..shape.len()).rev() {
            next[of] += 1;
            if next[of] < shape[of] {
                break;
            }
            next[of] = 0;
        }
        index
    })
}
