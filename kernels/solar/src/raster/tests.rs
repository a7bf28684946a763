//! Horizons against closed forms, plain searches and themselves in tiles.

use proptest::prelude::*;

use super::*;

/// A made city: blocks of 0 to 40 m on rolling ground, with some cells without height.
fn city(rows: usize, columns: usize, seed: u64) -> Vec<f32> {
    let mut state = seed | 1;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u32 << 24) as f32
    };
    let blocks: Vec<f32> = (0..1024).map(|_| (40.0 * (random() - 0.4)).max(0.0)).collect();
    let cell = |index: usize| {
        let (row, column) = (index / columns, index % columns);
        let ground = 3.0 * libm::sinf(row as f32 * 0.05) + 2.0 * libm::cosf(column as f32 * 0.07);
        let block = blocks[(row / 9 * 31 + column / 7) % blocks.len()];
        if random() < 0.01 { f32::NAN } else { ground + block + 0.3 * random() }
    };
    (0..rows * columns).map(cell).collect()
}

/// Horizon along a row or column by a search over all cells, degrees.
fn searched(heights: &[f32], columns: usize, cell: (usize, usize), way: (isize, isize), cell_m: f32) -> f32 {
    let rows = heights.len() / columns;
    let own = heights[cell.0 * columns + cell.1];
    let mut best = 0.0_f32;
    for step in 1.. {
        let (row, column) = (cell.0 as isize + way.0 * step, cell.1 as isize + way.1 * step);
        if !(0..rows as isize).contains(&row) || !(0..columns as isize).contains(&column) {
            return libm::atanf(best).to_degrees();
        }
        // `max` passes over cells without height.
        best = best.max((heights[row as usize * columns + column as usize] - own) / (step as f32 * cell_m));
    }
    unreachable!("lines end")
}

#[test]
fn horizons_along_rows_columns_and_diagonals_are_those_of_a_search() {
    let (rows, columns) = (70, 90);
    let heights = city(rows, columns, 7);
    let parameters = HorizonParameters { cell_m: 2.0, directions: 8, ..Default::default() };
    let found = horizons(&Window::whole(&heights, rows, columns), &Cells::all(rows, columns), &parameters)
        .expect("valid")
        .horizons;
    // Not south-west and north-east: along these, triangles of neighbours meet the line nowhere but in cells as well, but
    // their cells are √2 apart.
    let ways = [
        (0, -1, 0, 1.0),
        (1, -1, 1, 2.0_f32.sqrt()),
        (2, 0, 1, 1.0),
        (4, 1, 0, 1.0),
        (5, 1, -1, 2.0_f32.sqrt()),
        (6, 0, -1, 1.0),
    ];
    for (direction, down, right, length) in ways {
        for (cell, &height) in heights.iter().enumerate() {
            let degrees = found.degrees(direction, cell);
            let expected = searched(&heights, columns, (cell / columns, cell % columns), (down, right), 2.0 * length);
            let same = if height.is_nan() { degrees.is_nan() } else { (degrees - expected).abs() < 0.002 };
            assert!(same, "direction {direction}, cell {cell}: {degrees} instead of {expected}");
        }
    }
}

/// A street along the raster's rows, `width` cells wide, between walls of `height` m.
fn canyon(rows: usize, columns: usize, width: usize, height: f32) -> Vec<f32> {
    let start = (rows - width) / 2;
    (0..rows * columns)
        .map(|cell| if (start..start + width).contains(&(cell / columns)) { 0.0 } else { height })
        .collect()
}

/// SVF in the middle of an infinite street of height H and width W is cos(arctan(2 H / W)) (Oke, Boundary Layer Climates,
/// 1987, with a wall on either side).
#[test]
fn middle_of_a_canyon_sees_the_closed_form() {
    for (ratio, expected) in [(0.5, 0.5_f32.sqrt()), (1.0, 0.447_214), (2.0, 0.242_536)] {
        // Cells of 10 cm; the surface falls from roof to street between two cells, so that the street is 20 m between tops
        // of walls.
        let (rows, columns, width) = (299, 4001, 199);
        let heights = canyon(rows, columns, width, 20.0 * ratio);
        let cells = Cells { rows: 149..150, columns: 2000..2001 };
        let parameters = HorizonParameters { cell_m: 0.1, directions: 180, ..Default::default() };
        let found = sky_view_factors(&Window::whole(&heights, rows, columns), &cells, &parameters).expect("valid");
        assert!((found[0] / expected - 1.0).abs() < 0.005, "{ratio}: {} instead of {expected}", found[0]);
    }
}

fn tile<'a>(all: &'a [f32], size: (usize, usize), cells: &Cells, halo: usize, buffer: &'a mut Vec<f32>) -> Window<'a> {
    let grow = |range: &std::ops::Range<usize>, limit: usize| {
        range.start.saturating_sub(halo)..range.end.saturating_add(halo).min(limit)
    };
    let (rows, columns) = (grow(&cells.rows, size.0), grow(&cells.columns, size.1));
    buffer.clear();
    for row in rows.clone() {
        buffer.extend_from_slice(&all[row * size.1..][columns.clone()]);
    }
    Window {
        heights: buffer,
        first_row: rows.start,
        first_column: columns.start,
        rows: rows.len(),
        columns: columns.len(),
        raster_rows: size.0,
        raster_columns: size.1,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn tiles_give_the_bits_of_the_whole(
        seed in any::<u64>(),
        (rows, columns) in (20_usize..260, 20_usize..260),
        (reach, unlimited) in (1.0_f64..60.0, prop::bool::weighted(0.2)),
        (half, exact_steps) in (1_usize..10, 1_usize..8),
        (row, column) in (0.0_f64..1.0, 0.0_f64..1.0),
        (height, width, extra) in (1_usize..80, 1_usize..80, 0_usize..20),
    ) {
        let heights = city(rows, columns, seed);
        let reach_m = (!unlimited).then_some(reach);
        let parameters = HorizonParameters { cell_m: 0.7, directions: 2 * half, reach_m, exact_steps };
        let whole = horizons(&Window::whole(&heights, rows, columns), &Cells::all(rows, columns), &parameters).expect("valid");
        let (row, column) = ((row * rows as f64) as usize, (column * columns as f64) as usize);
        let cells = Cells { rows: row..(row + height).min(rows), columns: column..(column + width).min(columns) };
        let halo = halo_cells(&parameters).saturating_add(extra);
        let mut buffer = Vec::new();
        let window = tile(&heights, (rows, columns), &cells, halo, &mut buffer);
        let part = horizons(&window, &cells, &parameters).expect("valid");
        for (index, (row, column)) in cells.rows.clone().flat_map(|row| cells.columns.clone().map(move |column| (row, column))).enumerate() {
            let cell = row * columns + column;
            prop_assert_eq!(part.sky_view_factors[index].to_bits(), whole.sky_view_factors[cell].to_bits());
            for direction in 0..2 * half {
                prop_assert_eq!(part.horizons.of(direction)[index], whole.horizons.of(direction)[cell]);
            }
        }
        prop_assert_eq!(&sky_view_factors(&window, &cells, &parameters).expect("valid").iter().map(|v| v.to_bits()).collect::<Vec<_>>(),
            &part.sky_view_factors.iter().map(|v| v.to_bits()).collect::<Vec<_>>());
    }
}

#[test]
fn a_wall_casts_a_shadow_of_its_height_over_the_tangent_of_the_sun() {
    let (rows, columns, wall) = (60, 41, 50);
    let heights: Vec<f32> = (0..rows * columns).map(|cell| if cell / columns == wall { 10.0 } else { 0.0 }).collect();
    let (window, cells) = (Window::whole(&heights, rows, columns), Cells::all(rows, columns));
    let found = horizons(&window, &cells, &HorizonParameters::default()).expect("valid").horizons;
    let planes = cell_planes(&window, &cells, 1.0, Tilt::Flat).expect("valid");
    // Sun in the south at 30°: 10 m / tan 30° = 17.32 m.
    let lit = beam(&planes, &found, &[SunSample::new(60.0, 180.0, 100.0, 0)], 1).expect("valid");
    for distance in 1..=40 {
        let expected = if distance <= 17 { 0.0 } else { 50.0 };
        let value = lit[(wall - distance) * columns + 20];
        assert!((value - expected).abs() < 1e-3, "{distance} m: {value}");
    }
}

#[test]
fn what_cannot_be_computed_is_refused() {
    let heights = vec![0.0; 400];
    let whole = Window::whole(&heights, 20, 20);
    let (all, fine) = (Cells::all(20, 20), HorizonParameters::default());
    let refused = |window: &Window<'_>, cells: &Cells, parameters: &HorizonParameters| {
        horizons(window, cells, parameters).expect_err("refused").to_string()
    };
    let with = |change: fn(&mut HorizonParameters)| {
        let mut parameters = HorizonParameters::default();
        change(&mut parameters);
        parameters
    };
    for parameters in [
        with(|parameters| parameters.directions = 7),
        with(|parameters| parameters.directions = 0),
        with(|parameters| parameters.directions = 1 << 40),
        with(|parameters| parameters.cell_m = f64::NAN),
        with(|parameters| parameters.cell_m = 0.0),
        with(|parameters| parameters.reach_m = Some(-1.0)),
        with(|parameters| parameters.exact_steps = 0),
        with(|parameters| parameters.exact_steps = usize::MAX),
    ] {
        assert!(refused(&whole, &all, &parameters).contains("must be"));
    }
    // Cells that see beyond the window, windows beyond the raster, too few heights, heights of no ground.
    let larger = Window { raster_rows: 21, ..whole };
    assert_eq!(refused(&larger, &all, &fine), "rows that cells see 0..21 must lie within 0..20");
    assert!(refused(&Window { first_row: usize::MAX, ..whole }, &all, &fine).contains("rows of the window"));
    assert!(refused(&Window { rows: usize::MAX, ..whole }, &all, &fine).contains("has 400 values"));
    assert!(refused(&whole, &Cells::all(20, 21), &fine).contains("columns of cells"));
    let mut spiked = heights.clone();
    spiked[25] = f32::INFINITY;
    assert!(refused(&Window::whole(&spiked, 20, 20), &all, &fine).contains("row 1, column 5"));
    assert!(sky_view_factors(&whole, &Cells { rows: 3..3, columns: 0..5 }, &fine).expect("valid").is_empty());
    let huge = with(|parameters| parameters.reach_m = Some(f64::MAX));
    assert_eq!(horizons(&whole, &all, &huge).expect("valid"), horizons(&whole, &all, &fine).expect("valid"));
}
