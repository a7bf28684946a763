use proptest::prelude::*;

use super::*;

fn apply(weights: &Weights, values: &[f64]) -> Vec<f64> {
    let mean = |cell: usize| {
        let (cells, weights) = weights.row(cell);
        if cells.is_empty() {
            return f64::NAN;
        }
        cells.iter().zip(weights).map(|(&cell, weight)| weight * values[cell as usize]).sum()
    };
    (0..weights.len()).map(mean).collect()
}

fn axis(from: f64, step: f64, n: usize) -> Vec<f64> {
    (0..n).map(|entry| from + step * entry as f64).collect()
}

#[test]
fn four_cells_around_by_hand() {
    let source = Grid::Regular { lat: &[50.0, 51.0], lon: &[4.0, 6.0] };
    let target = Grid::Points { lat: &[50.25, 51.0, 53.0], lon: &[4.5, 366.0, 5.0] };
    let weights = bilinear(&source, &target).unwrap();
    // A quarter up, a quarter along: 9, 3, 3 and 1 sixteenths.
    assert_eq!(weights.row(0), (&[0, 1, 2, 3][..], &[0.5625, 0.1875, 0.1875, 0.0625][..]));
    // On a middle, whatever turn; two degrees outside of everything.
    assert_eq!(weights.row(1), (&[3][..], &[1.0][..]));
    assert_eq!((weights.row(2).0.len(), weights.n_unreached()), (0, 1));
}

#[test]
fn the_ends_of_a_globe_meet() {
    let lon = axis(0.0, 90.0, 4);
    let source = Grid::Regular { lat: &[10.0, -10.0], lon: &lon };
    let target = Grid::Points { lat: &[10.0, -10.0], lon: &[315.0, -22.5] };
    let weights = bilinear(&source, &target).unwrap();
    assert_eq!(weights.row(0), (&[0, 3][..], &[0.5, 0.5][..]));
    assert_eq!(weights.row(1), (&[4, 7][..], &[0.75, 0.25][..]));
    let near = nearest(&source, &target).unwrap();
    assert_eq!(near.row(1).0, [4]);
}

#[test]
fn parts_of_the_globe_may_lie_across_greenwich() {
    let (lat, lon) = (&[50.0, 51.0][..], &[350.0, 355.0, 0.0, 5.0][..]);
    let (source, target) = (Grid::Regular { lat, lon }, Grid::Points { lat: &[50.0, 50.0], lon: &[-2.5, 3.0] });
    let weights = bilinear(&source, &target).unwrap();
    assert_eq!(weights.row(0), (&[1, 2][..], &[0.5, 0.5][..]));
    assert_eq!(weights.row(1).0, [2, 3]);
    assert_eq!(nearest(&source, &target).unwrap().row(1).0, [3]);
    assert_eq!(conservative(&source, &target).unwrap().row(1).0, [3]);
}

#[test]
fn the_only_cell_of_a_model_is_that_of_all() {
    let source = Grid::Regular { lat: &[52.5], lon: &[4.7] };
    let target = Grid::Points { lat: &[51.4, 53.0], lon: &[3.9, 5.5] };
    for weights in [bilinear(&source, &target), nearest(&source, &target)] {
        assert_eq!(weights.unwrap().n_unreached(), 0);
    }
}

#[test]
fn areas_by_hand() {
    // One target cell over halves of two source columns and all of one row.
    let source = Grid::Regular { lat: &[0.5, 1.5], lon: &[0.5, 1.5] };
    let target = Grid::Regular { lat: &[0.5, 1.5], lon: &[1.0] };
    let weights = conservative(&source, &target).unwrap();
    assert_eq!(weights.row(0), (&[0, 1][..], &[0.5, 0.5][..]));
    // From the equator to 60° and on to the pole: areas as sin 60° to 1 − sin 60°.
    let source = Grid::Regular { lat: &[30.0, 90.0], lon: &[0.0] };
    let target = Grid::Regular { lat: &[0.0, 45.0, 90.0], lon: &[0.0] };
    // The middle one goes from 22.5° to 67.5°: sin 60° − sin 22.5° of the one and sin 67.5° − sin 60° of the other.
    let weights = conservative(&source, &target).unwrap();
    let (cells, shares) = weights.row(1);
    let (below, above) = (
        60.0_f64.to_radians().sin() - 22.5_f64.to_radians().sin(),
        67.5_f64.to_radians().sin() - 60.0_f64.to_radians().sin(),
    );
    assert_eq!(cells, [0, 1]);
    assert!((shares[0] - below / (below + above)).abs() < 1e-12);
    let inside = conservative(
        &Grid::Regular { lat: &[50.0, 51.0], lon: &[4.0, 5.0] },
        &Grid::Points { lat: &[50.6], lon: &[4.4] },
    );
    assert_eq!(inside.unwrap().row(0), (&[2][..], &[1.0][..]));
}

#[test]
fn what_cannot_be_done_is_told() {
    let points = Grid::Points { lat: &[1.0], lon: &[1.0] };
    let grid = Grid::Regular { lat: &[1.0, 2.0], lon: &[1.0] };
    assert_eq!(bilinear(&points, &grid), Err(RegridError::Points));
    assert_eq!(conservative(&points, &grid), Err(RegridError::Areas));
    assert_eq!(nearest(&Grid::Points { lat: &[], lon: &[] }, &grid), Err(RegridError::Cells(0)));
    let twisted = Grid::Regular { lat: &[1.0, 2.0, 2.0], lon: &[1.0] };
    assert_eq!(bilinear(&twisted, &grid), Err(RegridError::Axis(2)));
}

/// A grid around a pole at 39.25° N 162° W (CF Conventions 1.11, appendix F, rotated pole), as EURO-CORDEX has it.
fn rotated(rows: &[f64], columns: &[f64]) -> (Vec<f64>, Vec<f64>) {
    let (pole, pole_lon) = (39.25_f64.to_radians(), -162.0_f64);
    let mut all = (Vec::new(), Vec::new());
    for row in rows {
        for column in columns {
            let (lat, lon) = (row.to_radians(), column.to_radians());
            let sin = lat.sin() * pole.sin() + lat.cos() * lon.cos() * pole.cos();
            let east = lat.cos() * lon.sin();
            let north = lat.sin() * pole.cos() - lat.cos() * lon.cos() * pole.sin();
            all.0.push(sin.asin().to_degrees());
            all.1.push(
                pole_lon + 180.0 - east.atan2(-north).to_degrees().rem_euclid(360.0)
                    + 360.0 * f64::from(u8::from(east < 0.0)),
            );
        }
    }
    all
}

#[test]
fn grids_around_another_pole_are_interpolated_in() {
    let (rows, columns) = (axis(-3.0, 0.25, 25), axis(-4.0, 0.25, 33));
    let (lat, lon) = rotated(&rows, &columns);
    let source = Grid::Curvilinear { columns: columns.len(), lat: &lat, lon: &lon };
    // The middles of cells are theirs alone; between them a smooth field is found to the square of the spacing.
    let own = bilinear(&source, &Grid::Points { lat: &lat[40..41], lon: &lon[40..41] }).unwrap();
    let values: Vec<f64> = lat.iter().zip(&lon).map(|(lat, lon)| 280.0 + 0.3 * lat - 0.2 * lon).collect();
    assert!((apply(&own, &values)[0] - values[40]).abs() < 1e-9);
    let (targets_lat, targets_lon) = rotated(&axis(-2.6, 0.37, 14), &axis(-3.3, 0.41, 16));
    let target = Grid::Points { lat: &targets_lat, lon: &targets_lon };
    let found = apply(&bilinear(&source, &target).unwrap(), &values);
    for ((found, lat), lon) in found.iter().zip(&targets_lat).zip(&targets_lon) {
        assert!((found - (280.0 + 0.3 * lat - 0.2 * lon)).abs() < 2e-3, "{found} at {lat} {lon}");
    }
    assert_eq!(bilinear(&source, &Grid::Points { lat: &[0.0], lon: &[100.0] }).unwrap().n_unreached(), 1);
}

proptest! {
    #[test]
    fn linear_fields_are_found_exactly(down in any::<bool>(), lat in 41.0..48.0_f64, lon in 1.0..9.0_f64, turns in -1..2_i32) {
        let mut rows = axis(40.0, 1.5, 6);
        if down {
            rows.reverse();
        }
        let columns = axis(0.0, 2.0, 6);
        let source = Grid::Regular { lat: &rows, lon: &columns };
        prop_assume!(lat < 47.5);
        let values: Vec<f64> = (0..source.len()).map(|cell| source.place(cell)).map(|[lat, lon]| 3.0 * lat - lon).collect();
        let target = Grid::Points { lat: &[lat], lon: &[lon + 360.0 * f64::from(turns)] };
        let found = apply(&bilinear(&source, &target).unwrap(), &values)[0];
        prop_assert!((found - (3.0 * lat - lon)).abs() < 1e-9);
    }

    #[test]
    fn integrals_are_kept(seed in 0..1000_u64, n in 3..9_usize, m in 3..9_usize) {
        // Both cover the whole sphere.
        let (rows, columns) = (axis(-90.0 + 90.0 / n as f64, 180.0 / n as f64, n), axis(0.0, 360.0 / m as f64, m));
        let (fine_rows, fine_columns) = (axis(-85.0, 10.0, 18), axis(-170.0, 20.0, 18));
        let source = Grid::Regular { lat: &rows, lon: &columns };
        let target = Grid::Regular { lat: &fine_rows, lon: &fine_columns };
        let values: Vec<f64> = (0..source.len()).map(|cell| ((cell as u64 * 37 + seed) % 17) as f64).collect();
        let found = apply(&conservative(&source, &target).unwrap(), &values);
        let area = |lat: f64, half: f64| (lat + half).to_radians().sin() - (lat - half).to_radians().sin();
        let integral = |grid: &Grid<'_>, values: &[f64], half: f64, width: f64| -> f64 {
            (0..grid.len()).map(|cell| values[cell] * width * area(grid.place(cell)[0], half)).sum()
        };
        let before = integral(&source, &values, 90.0 / n as f64, 360.0 / m as f64);
        let after = integral(&target, &found, 5.0, 20.0);
        prop_assert!((before - after).abs() <= 1e-10 * before.abs().max(1.0), "{before} {after}");
    }

    #[test]
    fn the_nearest_is_the_nearest(seed in 0..10_000_u64) {
        let random = |number: u64| ((number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(seed)) >> 33) as f64 / (1_u64 << 31) as f64;
        let lat: Vec<f64> = (0..60).map(|place| 170.0 * random(2 * place) - 85.0).collect();
        let lon: Vec<f64> = (0..60).map(|place| 360.0 * random(2 * place + 1)).collect();
        let source = Grid::Points { lat: &lat, lon: &lon };
        let place = [160.0 * random(777) - 80.0, 360.0 * random(778)];
        let weights = nearest(&source, &Grid::Points { lat: &[place[0]], lon: &[place[1]] }).unwrap();
        let distance = |cell: usize| sphere::chord_squared(sphere::direction(source.place(cell)), sphere::direction(place));
        let best = (0..60).min_by(|one, other| distance(*one).total_cmp(&distance(*other))).unwrap();
        prop_assert_eq!(weights.row(0).0, [best as u32]);
    }
}
