//! The layer of the city: indices at places, inhabitants as weights; and the made files it is tested with.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "common/made_climate.rs"]
mod made_climate;

use conurb::formats::cf::{DailyScratch, Quantity, open_daily};
use conurb_climate::calendar::Calendar;
use made_climate::{Cells, Made};

#[test]
fn made_files_are_read_as_they_were_made() {
    let folder = tempfile::tempdir().unwrap();
    let value = |day: usize, cell: usize| 280.0 + day as f64 / 8.0 + cell as f64 / 64.0;
    for (name, cells) in [
        ("grid.nc", Cells::grid(&[48.0, 49.0], &[10.0, 11.0, 12.0])),
        ("places.nc", Cells::places(&[("Montréal", 45.5, -73.6), ("Amos", 48.6, -78.1)])),
    ] {
        for chunk_days in [None, Some(100)] {
            let path = folder.path().join(name);
            let height = (0..cells.len()).map(|cell| 100.0 * cell as f64).collect::<Vec<_>>();
            let mut made = Made::new("tas", "K", Calendar::NoLeap, [2000, 2001], &cells);
            (made.elevation_m, made.chunk_days) = (Some(height.clone()), chunk_days);
            made.write(&path, |day, _, cell| if day == 3 { f64::NAN } else { value(day, cell) });
            let daily = open_daily(&[path.clone()], "tas", Quantity::Temperature).unwrap();
            assert_eq!(daily.days, made.days());
            assert_eq!((daily.grid.len(), daily.grid.elevation.as_ref()), (cells.len(), Some(&height)));
            let mut read = vec![0.0_f64; daily.days.len() * cells.len()];
            let mut scratch = DailyScratch::default();
            daily.read_cells(0..cells.len(), 0..daily.days.len(), &mut scratch, &mut read).unwrap();
            for (cell, series) in read.chunks_exact(daily.days.len()).enumerate() {
                assert!(series[3].is_nan());
                assert_eq!(series[729], value(729, cell));
            }
        }
    }
}
