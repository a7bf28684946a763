//! Heights of lines that lie side by side, and what cells see close by.

use std::ops::Range;

use super::direction::{LineStep, NearSample};
use super::plane::{NO_OBSTACLE_M, Plane};

/// Lines that are gathered together; those of one step are neighbours in a plane.
pub(super) const LANES: usize = 16;

/// One value for each of the lines.
pub(super) type Lane = [f32; LANES];

/// To which side of a cell along its line obstacles are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// At lower steps.
    Lower,
    /// At higher steps.
    Higher,
}

/// Lines side by side, in the order in which a hull passes them; obstacles are in front, at lower rows.
///
/// Some rows before the first step and after the last hide nothing, so that a hull has a root and queries a first node.
#[derive(Debug, Default)]
pub(super) struct Tile {
    /// Heights of the lines.
    pub heights: Vec<Lane>,
    /// Heights of the cells nearest to the lines.
    pub observers: Vec<Lane>,
    /// Tangents of what cells see along their exact lines.
    pub near: Vec<Lane>,
    /// Steps that the tile holds.
    steps: Range<usize>,
    /// Rows that hide nothing, at either end.
    margin: usize,
}

/// [`NearSample`] by distances in the memory of a plane.
#[derive(Debug, Clone, Copy)]
pub(super) struct NearOffsets {
    first: isize,
    second: isize,
    weight: f32,
    inverse_distance: f32,
}

/// Samples as offsets in `plane`, mirrored where obstacles are at lower steps.
pub(super) fn near_offsets(samples: &[NearSample], plane: &Plane, side: Side) -> Vec<NearOffsets> {
    let sign = match side {
        Side::Lower => -1,
        Side::Higher => 1,
    };
    let offset = |(step, across): (i64, i64)| sign * plane.offset(step, across);
    let turned = |sample: &NearSample| NearOffsets {
        first: offset(sample.first),
        second: offset(sample.second),
        weight: sample.weight,
        inverse_distance: sample.inverse_distance,
    };
    samples.iter().map(turned).collect()
}

impl Tile {
    /// Takes heights of lines `line` and on, at `steps`; `moves` are those of the steps.
    #[inline(always)]
    pub(super) fn fill(&mut self, plane: &Plane, line: i64, steps: Range<usize>, moves: &[LineStep], margin: usize) {
        self.margin = margin;
        let rows = steps.len() + 2 * margin;
        for field in [&mut self.heights, &mut self.observers, &mut self.near] {
            field.resize(rows, [0.0; LANES]);
        }
        self.heights[..margin].fill([NO_OBSTACLE_M; LANES]);
        self.heights[rows - margin..].fill([NO_OBSTACLE_M; LANES]);
        let rows = self.heights[margin..].iter_mut().zip(&mut self.observers[margin..]);
        for ((heights, observers), (step, moved)) in rows.zip(steps.clone().zip(moves)) {
            let own = *plane.lanes(plane.position(step, line + moved.shift));
            let mut highest = [f32::MIN; LANES];
            for (way, across, weight) in moved.others {
                let position = plane.position(step, line + moved.shift).wrapping_add_signed(plane.offset(way, across));
                let other = *plane.lanes(position);
                for lane in 0..LANES {
                    highest[lane] = higher(highest[lane], own[lane] + weight * (other[lane] - own[lane]));
                }
            }
            *observers = own;
            *heights = highest;
        }
        self.steps = steps;
    }

    /// Reverses the order of steps.
    #[inline(always)]
    pub(super) fn reverse(&mut self) {
        let rows = self.steps.len() + 2 * self.margin;
        self.heights[..rows].reverse();
        self.observers[..rows].reverse();
    }

    /// Row of a step, where the tile stands so that obstacles on `side` come first.
    #[inline(always)]
    pub(super) fn row(&self, side: Side, step: usize) -> usize {
        match side {
            Side::Lower => self.margin + (step - self.steps.start),
            Side::Higher => self.margin + (self.steps.end - 1 - step),
        }
    }

    /// Rows of `steps`.
    #[inline(always)]
    pub(super) fn rows(&self, side: Side, steps: &Range<usize>) -> Range<usize> {
        let (a, b) = (self.row(side, steps.start), self.row(side, steps.end - 1));
        a.min(b)..a.max(b) + 1
    }

    /// First row with heights.
    pub(super) fn first_row(&self) -> usize {
        self.margin
    }

    /// Finds what cells of `steps` see nearby, on the side that comes first.
    #[inline(always)]
    pub(super) fn look_near(
        &mut self,
        plane: &Plane,
        (line, moves): (i64, &[LineStep]),
        steps: &Range<usize>,
        (side, samples): (Side, &[NearOffsets]),
    ) {
        for (step, moved) in steps.clone().zip(moves) {
            let row = self.row(side, step);
            let position = plane.position(step, line + moved.shift);
            let own = &self.observers[row];
            let mut near = [0.0; LANES];
            for sample in samples {
                let first = plane.lanes(position.wrapping_add_signed(sample.first));
                let second = plane.lanes(position.wrapping_add_signed(sample.second));
                for lane in 0..LANES {
                    let height = first[lane] + sample.weight * (second[lane] - first[lane]);
                    near[lane] = higher(near[lane], (height - own[lane]) * sample.inverse_distance);
                }
            }
            self.near[row] = near;
        }
    }
}

/// The greater of two numbers; what vector units do in one instruction.
#[inline(always)]
pub(super) fn higher(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}
