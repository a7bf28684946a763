//! Writing what every surface sees of the sun, for stages that compute with shadows: a byte for each surface and sun bin.

use ndarray::{ArrayView1, ArrayView2};

use super::shade::Shade;
use super::sky::Sky;
use crate::city::City;
use crate::error::Error;
use crate::field::{FieldSpec, Values, solar as field};
use crate::stages::FieldSink;

/// Value of a share of 1.
const WHOLE: f32 = 255.0;

/// Whether shadows leave the stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shadows {
    /// Another stage reads them.
    Written,
    /// Nobody does.
    Forgotten,
}

impl Shadows {
    /// The fields that are written here.
    pub fn fields(self) -> Vec<FieldSpec> {
        match self {
            Shadows::Written => vec![field::SURFACE_SUN_SHARE, field::SUN_BIN_OF_HOUR],
            Shadows::Forgotten => Vec::new(),
        }
    }

    /// Announces shares and writes the bin of each hour.
    ///
    /// # Errors
    /// The store cannot take them.
    pub fn create(self, sink: &mut dyn FieldSink, city: &City, sky: &Sky, n_hours: usize) -> Result<(), Error> {
        if self == Shadows::Forgotten {
            return Ok(());
        }
        sink.create(&field::SURFACE_SUN_SHARE, &[city.surfaces.len(), sky.suns.n_bins()])?;
        let bins = sky.bins_of_hours(n_hours);
        sink.write(&field::SUN_BIN_OF_HOUR, Values::I32(ArrayView1::from(&bins).into_dyn()))
    }

    /// Writes the shares of buildings; collective, with any number of them.
    ///
    /// # Errors
    /// The store cannot take them.
    pub fn write<'a>(
        self,
        sink: &mut dyn FieldSink,
        city: &City,
        n_bins: usize,
        blocks: impl Iterator<Item = (&'a [usize], &'a [Shade])>,
    ) -> Result<(), Error> {
        if self == Shadows::Forgotten {
            return Ok(());
        }
        let mut parts: Vec<(usize, Vec<u8>)> = Vec::new();
        for (buildings, shades) in blocks {
            for &building in buildings {
                let surfaces = city.surfaces_of(building);
                if surfaces.is_empty() {
                    continue;
                }
                let mut shares = vec![0; surfaces.len() * n_bins];
                for shade in shades.iter().filter(|shade| surfaces.contains(&shade.surface)) {
                    let row = &mut shares[(shade.surface - surfaces.start) * n_bins..][..n_bins];
                    row.iter_mut().zip(&shade.suns).for_each(|(byte, share)| *byte = (share * WHOLE).round() as u8);
                }
                parts.push((surfaces.start, shares));
            }
        }
        let views = parts.iter().map(|(start, shares)| {
            let view = ArrayView2::from_shape((shares.len() / n_bins.max(1), n_bins), shares);
            (vec![*start, 0], Values::U8(view.expect("a row for each surface").into_dyn()))
        });
        sink.write_parts(&field::SURFACE_SUN_SHARE, &views.collect::<Vec<_>>())
    }
}
