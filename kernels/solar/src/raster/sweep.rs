//! Horizons of cells by sweeps over lines.

use std::ops::Range;

use super::angle::{NO_HORIZON, QUANTUM_DEGREES, quantised};
use super::direction::{Axis, LineStep, Lines};
use super::gather::{LANES, Lane, NearOffsets, Side, Tile, higher, near_offsets};
use super::hull::{BURST, Hulls};
use super::plane::{NO_OBSTACLE_M, Plane, oriented, transpose};
use super::window::{Cells, HorizonParameters, RasterError, Window, halo_cells};

/// Horizon angles of cells in every direction.
#[derive(Debug, Clone, PartialEq)]
pub struct Horizons {
    /// Number of azimuths; direction d looks to 360° d / N, clockwise from north.
    pub directions: usize,
    /// Number of cells.
    pub n_cells: usize,
    /// Angles above the horizontal, in [`QUANTUM_DEGREES`], or [`NO_HORIZON`](super::NO_HORIZON): all cells of direction 0 first.
    pub angles: Vec<u16>,
}

/// What [`horizons`] finds.
#[derive(Debug, Clone, PartialEq)]
pub struct HorizonMap {
    /// Horizon angles.
    pub horizons: Horizons,
    /// Sky-view factor of each cell, 0 to 1; NaN where it has no height.
    pub sky_view_factors: Vec<f32>,
}

/// What a sweep works with: buffers, and where results go.
struct Sweep<'a> {
    parameters: &'a HorizonParameters,
    cells: &'a Cells,
    tile: Tile,
    hulls: Hulls,
    seen: Seen,
    /// Angles with rows and columns swapped.
    turned: [Vec<u16>; 2],
}

/// Blocks of lines whose results are written together: in memory, short pieces of far rows are slow.
const BLOCKS: usize = 4;

/// Lines whose results are written together.
const WIDTH: usize = BLOCKS * LANES;

/// What cells on lines side by side see, step by step.
#[derive(Default)]
struct Seen {
    /// Sums of cos² of horizons.
    shares: Vec<[f32; WIDTH]>,
    /// Angles at lower and at higher steps.
    angles: [Vec<[u16; WIDTH]>; 2],
}

/// One direction and its opposite over the cells asked for.
struct Pass<'a> {
    plane: &'a Plane,
    lines: &'a Lines,
    /// Steps and cells across that are asked for.
    steps: Range<usize>,
    across: Range<usize>,
    /// Steps at hand for the segment, and where lines are at each.
    warm: Range<usize>,
    moves: Vec<LineStep>,
    samples: [(Side, Vec<NearOffsets>); 2],
    /// 1 / distance of steps.
    inverse_distances: Vec<f32>,
}

/// Results of a pass: a step of the cells asked for is one run.
struct Target<'a> {
    sums: &'a mut [f32],
    /// Angles seen at lower and at higher steps; empty where not wanted.
    angles: [&'a mut [u16]; 2],
}

/// Lines side by side, from `line` on; not a closure, since calls of closures are not inlined where vectors are wide.
struct Blocks<'a, 'b, 'c> {
    sweep: &'a mut Sweep<'b>,
    pass: &'a Pass<'a>,
    line: i64,
    target: &'a mut Target<'c>,
    offset: usize,
}

impl Horizons {
    /// Horizon of a cell, degrees above the horizontal; NaN where it has no height.
    pub fn degrees(&self, direction: usize, cell: usize) -> f32 {
        let angle = self.of(direction)[cell];
        if angle == NO_HORIZON { f32::NAN } else { f32::from(angle) * QUANTUM_DEGREES }
    }

    /// Stored angles of all cells in one direction.
    pub fn of(&self, direction: usize) -> &[u16] {
        &self.angles[direction * self.n_cells..][..self.n_cells]
    }
}

/// Finds horizons and sky-view factors of `cells`.
///
/// The surface is that of a raster whose cell centres are joined by triangles with the diagonals from south-west to
/// north-east. A cell looks from its own height along N azimuths; a horizon is the greatest arctan((h − z) / d) of the heights
/// h at distances d, and at least 0. The sky-view factor of a horizontal cell is the mean of cos² of its horizons.
/// Results do not depend, to the bit, on the window beyond [`halo_cells`].
///
/// Source: Timonen and Westerholm, Scalable height field self-shadowing, Computer Graphics Forum 29(2), 2010; Zakšek, Oštir
/// and Kokalj, Sky-view factor as a relief visualization technique, Remote Sensing 3, 2011, for the mean over azimuths.
///
/// # Errors
/// A parameter out of range, a window that is too small for its cells, or an impossible height.
pub fn horizons(window: &Window<'_>, cells: &Cells, parameters: &HorizonParameters) -> Result<HorizonMap, RasterError> {
    check(window, cells, parameters)?;
    let (n_cells, directions) = (cells.len(), parameters.directions);
    let mut angles = vec![0; n_cells * directions];
    let sky_view_factors = swept(window, cells, parameters, Some(&mut angles));
    Ok(HorizonMap { horizons: Horizons { directions, n_cells, angles }, sky_view_factors })
}

/// Finds sky-view factors of `cells` alone; see [`horizons`].
///
/// # Errors
/// As [`horizons`].
pub fn sky_view_factors(
    window: &Window<'_>,
    cells: &Cells,
    parameters: &HorizonParameters,
) -> Result<Vec<f32>, RasterError> {
    check(window, cells, parameters)?;
    Ok(swept(window, cells, parameters, None))
}

fn check(window: &Window<'_>, cells: &Cells, parameters: &HorizonParameters) -> Result<(), RasterError> {
    parameters.check()?;
    window.check(cells, halo_cells(parameters))?;
    // Points of lines side by side are counted in 32 bits.
    let longest = u32::MAX as usize / LANES / 2;
    let steps = window.rows.max(window.columns);
    if steps > longest {
        let expected = "at most 134 million";
        return Err(RasterError::Parameter { what: "side of the window", value: steps as f64, expected });
    }
    Ok(())
}

fn swept(
    window: &Window<'_>,
    cells: &Cells,
    parameters: &HorizonParameters,
    mut angles: Option<&mut [u16]>,
) -> Vec<f32> {
    if cells.is_empty() {
        return Vec::new();
    }
    let (n_cells, pairs) = (cells.len(), parameters.directions / 2);
    let mut sweep = Sweep {
        parameters,
        cells,
        tile: Tile::default(),
        hulls: Hulls::default(),
        seen: Seen::default(),
        turned: [Vec::new(), Vec::new()],
    };
    let mut totals = vec![0.0; n_cells];
    for axis in [Axis::Rows, Axis::Columns] {
        let plane = Plane::new(window, axis, LANES + parameters.exact_steps + 3);
        let mut sums = vec![0.0; n_cells];
        for pair in 0..pairs {
            let lines = Lines::new(pair, parameters.directions, parameters.cell_m);
            if lines.axis == axis {
                sweep.pair(&plane, &lines, &mut sums, angles.as_deref_mut());
            }
        }
        add_turned(&mut totals, &sums, cells, axis);
    }
    let directions = parameters.directions as f32;
    let rows = cells.rows.clone().flat_map(|row| cells.columns.clone().map(move |column| (row, column)));
    for (total, (row, column)) in totals.iter_mut().zip(rows) {
        let height = window.heights[window.index(row, column)];
        *total = if height.is_nan() { f32::NAN } else { *total / directions };
    }
    totals
}

/// Adds what was summed by steps to totals by rows.
fn add_turned(totals: &mut [f32], sums: &[f32], cells: &Cells, axis: Axis) {
    let rows = cells.rows.len();
    let mut turned = Vec::new();
    let sums = match axis {
        Axis::Rows => sums,
        Axis::Columns => {
            turned.resize(sums.len(), 0.0);
            transpose(sums, rows, &mut turned, cells.columns.len(), cells.columns.len());
            &turned
        }
    };
    for (total, sum) in totals.iter_mut().zip(sums) {
        *total += sum;
    }
}

impl Sweep<'_> {
    /// Adds cos² of the horizons of two opposite directions to `sums` and writes their angles.
    fn pair(&mut self, plane: &Plane, lines: &Lines, sums: &mut [f32], angles: Option<&mut [u16]>) {
        let n_cells = self.cells.len();
        let Some(angles) = angles else {
            return self.segments(plane, lines, &mut Target { sums, angles: [&mut [], &mut []] });
        };
        let (first, last) = (lines.lower.min(lines.higher), lines.lower.max(lines.higher));
        let (head, tail) = angles.split_at_mut(last * n_cells);
        let (low, high) = (&mut head[first * n_cells..][..n_cells], &mut tail[..n_cells]);
        let (lower, higher) = if lines.lower < lines.higher { (low, high) } else { (high, low) };
        match lines.axis {
            Axis::Rows => self.segments(plane, lines, &mut Target { sums, angles: [lower, higher] }),
            Axis::Columns => {
                let [mut turned, mut turned_back] = std::mem::take(&mut self.turned);
                turned.resize(n_cells, 0);
                turned_back.resize(n_cells, 0);
                self.segments(plane, lines, &mut Target { sums, angles: [&mut turned, &mut turned_back] });
                let (rows, columns) = (self.cells.rows.len(), self.cells.columns.len());
                transpose(&turned, rows, lower, columns, columns);
                transpose(&turned_back, rows, higher, columns, columns);
                self.turned = [turned, turned_back];
            }
        }
    }

    /// Sweeps each segment of steps, with hulls that start far enough before it.
    fn segments(&mut self, plane: &Plane, lines: &Lines, target: &mut Target<'_>) {
        let (steps, across) = oriented(self.cells, lines.axis);
        let segment = self.parameters.segment_steps().unwrap_or(usize::MAX);
        let reach = self.parameters.reach_steps().unwrap_or(usize::MAX);
        let near = lines.near(self.parameters.exact_steps);
        let samples = [Side::Lower, Side::Higher].map(|side| (side, near_offsets(&near, plane, side)));
        let mut start = steps.start;
        while start < steps.end {
            let first = start / segment * segment;
            let end = first.saturating_add(segment).min(steps.end);
            let last = first.saturating_add(segment).saturating_add(reach).min(plane.steps.end);
            let warm = first.saturating_sub(reach).max(plane.steps.start)..last;
            let margin = 2 * (self.parameters.exact_steps + 1) + BURST;
            let inverse = |n: usize| if n == 0 { 0.0 } else { (1.0 / (n as f64 * lines.step_m)) as f32 };
            let pass = Pass {
                plane,
                lines,
                steps: start..end,
                across: across.clone(),
                moves: warm.clone().map(|step| lines.step(step)).collect(),
                inverse_distances: (0..=warm.len() + margin).map(inverse).collect(),
                warm,
                samples: samples.clone(),
            };
            let offset = (start - steps.start) * across.len();
            self.lines(&pass, target, offset);
            start = end;
        }
    }

    /// Sweeps all lines that meet the cells of a segment.
    fn lines(&mut self, pass: &Pass<'_>, target: &mut Target<'_>, offset: usize) {
        let shifts = [pass.lines.shift(pass.steps.start), pass.lines.shift(pass.steps.end - 1)];
        let (least, most) = (shifts[0].min(shifts[1]), shifts[0].max(shifts[1]));
        let mut line = pass.across.start as i64 - most;
        while line < pass.across.end as i64 - least {
            pulp::Arch::new().dispatch(Blocks { sweep: self, pass, line, target, offset });
            line += WIDTH as i64;
        }
    }

    /// Sweeps blocks of lines and writes what their cells see.
    #[inline(always)]
    fn blocks(&mut self, pass: &Pass<'_>, line: i64, target: &mut Target<'_>, offset: usize) {
        let asked = pass.steps_within((line, WIDTH), &pass.across, &pass.steps);
        self.seen.make_room(asked.len());
        for block in 0..BLOCKS {
            self.block(pass, line, block, asked.start);
        }
        for (index, moved) in pass.moves_of(&asked).iter().enumerate() {
            let run = (asked.start + index - pass.steps.start) * pass.across.len() + offset;
            self.seen.write(index, (line + moved.shift, &pass.across), run, target);
        }
    }

    /// Sweeps the lines of a block, side by side, both ways; what is seen at step `first` comes first.
    #[inline(always)]
    fn block(&mut self, pass: &Pass<'_>, line: i64, block: usize, first: usize) {
        let line = line + (block * LANES) as i64;
        let asked = pass.steps_within((line, LANES), &pass.across, &pass.steps);
        if asked.is_empty() {
            return;
        }
        let held = pass.steps_within((line, LANES), &pass.plane.across, &pass.warm);
        let gap = self.parameters.exact_steps + 1;
        self.tile.fill(pass.plane, line, held.clone(), pass.moves_of(&held), gap);
        let moves = pass.moves_of(&asked);
        for (side, samples) in &pass.samples {
            if *side == Side::Higher {
                self.tile.reverse();
            }
            self.tile.look_near(pass.plane, (line, moves), &asked, (*side, samples));
            let rows = self.tile.rows(*side, &asked);
            let points = self.tile.first_row()..(rows.end - gap).max(self.tile.first_row());
            let tile = &self.tile;
            self.hulls.push(&tile.heights, &pass.inverse_distances, points);
            let views = (&tile.heights[..], &tile.observers[..], &tile.near[..]);
            self.hulls.look(views, &pass.inverse_distances, rows, gap);
            self.seen.take(*side, tile, &self.hulls, &asked, (asked.start - first, block));
        }
    }
}

impl Seen {
    /// Makes room for so many steps.
    fn make_room(&mut self, steps: usize) {
        self.shares.resize(steps.max(self.shares.len()), [0.0; WIDTH]);
        for angles in &mut self.angles {
            angles.resize(steps.max(angles.len()), [0; WIDTH]);
        }
    }

    /// Takes what cells of a block see on a side at `steps`, the first of which is at `place`.
    #[inline(always)]
    fn take(&mut self, side: Side, tile: &Tile, hulls: &Hulls, steps: &Range<usize>, (place, block): (usize, usize)) {
        let angles = &mut self.angles[side as usize][place..];
        for ((step, shares), angles) in steps.clone().zip(&mut self.shares[place..]).zip(angles) {
            let row = tile.row(side, step);
            let (observers, near, far) = (tile.observers[row], tile.near[row], hulls.tangents(row));
            let shares: &mut Lane = &mut shares.as_chunks_mut().0[block];
            let mut sums = if side == Side::Lower { [0.0; LANES] } else { *shares };
            let mut stored = [0; LANES];
            for lane in 0..LANES {
                let tangent = higher(far[lane], near[lane]);
                sums[lane] += 1.0 / (1.0 + tangent * tangent);
                let angle = quantised(tangent);
                stored[lane] = if observers[lane] == NO_OBSTACLE_M { NO_HORIZON } else { angle };
            }
            *shares = sums;
            angles.as_chunks_mut().0[block] = stored;
        }
    }

    /// Writes what cells of a step see, the first of them at `first` across; in a loop of its own, since memory is slow here.
    #[inline(always)]
    fn write(&self, index: usize, (first, across): (i64, &Range<usize>), run: usize, target: &mut Target<'_>) {
        let skipped = (across.start as i64 - first).max(0) as usize;
        let taken = (across.end as i64 - first).min(WIDTH as i64) as usize;
        let place = run + (first + skipped as i64 - across.start as i64) as usize;
        if let (0, WIDTH) = (skipped, taken) {
            let sums: &mut [f32; WIDTH] = target.sums[place..].first_chunk_mut().expect("a step holds the lines");
            for (sum, share) in sums.iter_mut().zip(&self.shares[index]) {
                *sum += share;
            }
        } else {
            let width = taken - skipped;
            for (sum, share) in target.sums[place..place + width].iter_mut().zip(&self.shares[index][skipped..taken]) {
                *sum += share;
            }
        }
        for (angles, stored) in target.angles.iter_mut().zip(&self.angles) {
            if let (false, 0, WIDTH) = (angles.is_empty(), skipped, taken) {
                angles[place..place + WIDTH].copy_from_slice(&stored[index]);
            } else if !angles.is_empty() {
                angles[place..place + taken - skipped].copy_from_slice(&stored[index][skipped..taken]);
            }
        }
    }
}

impl pulp::NullaryFnOnce for Blocks<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.sweep.blocks(self.pass, self.line, self.target, self.offset);
    }
}

impl Pass<'_> {
    /// The steps of `steps` at which any of `width` lines side by side from `line` on is within `across`.
    #[inline(always)]
    fn steps_within(&self, (line, width): (i64, usize), across: &Range<usize>, steps: &Range<usize>) -> Range<usize> {
        let moves = self.moves_of(steps);
        let (start, end) = (across.start as i64 - line - width as i64, across.end as i64 - line);
        let rising = moves.last().is_some_and(|last| last.shift >= moves[0].shift);
        let (from, to) = if rising {
            (moves.partition_point(|at| at.shift <= start), moves.partition_point(|at| at.shift < end))
        } else {
            (moves.partition_point(|at| at.shift >= end), moves.partition_point(|at| at.shift > start))
        };
        steps.start + from..steps.start + to.max(from)
    }

    #[inline(always)]
    fn moves_of(&self, steps: &Range<usize>) -> &[LineStep] {
        &self.moves[steps.start - self.warm.start..steps.end - self.warm.start]
    }
}
