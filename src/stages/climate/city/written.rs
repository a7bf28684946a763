//! What is written of places of the city.

use ndarray::ArrayView3;

use super::super::output::Layout;
use super::{PlaceValue, Places};
use crate::error::Error;
use crate::field::climate_indices::{
    self, PLACE_CELL, PLACE_COLUMN, PLACE_ELEVATION, PLACE_LAT, PLACE_LON, PLACE_NAME,
};
use crate::field::climate_indices::{PLACE_ROW, Told};
use crate::field::{FieldSpec, Values};
use crate::stages::Context;
use crate::stages::writing::{write_f64, write_i32};

impl Places {
    /// The fields that are written.
    pub fn fields(&self, layout: &Layout) -> Vec<FieldSpec> {
        let mut fields = vec![PLACE_LAT, PLACE_LON, PLACE_ELEVATION, PLACE_CELL];
        match self.inputs.raster.is_empty() {
            true => fields.push(PLACE_NAME),
            false => fields.extend([PLACE_ROW, PLACE_COLUMN]),
        }
        fields.extend(layout.indices.iter().map(|&index| climate_indices::index(index, Told::OfPlaces)));
        fields
    }

    /// Writes where places lie and the indices that the ranks found there; collective.
    ///
    /// # Errors
    /// The store cannot take them, or a rank has ended.
    pub fn write(&self, context: &mut Context<'_>, layout: &Layout, own: &[PlaceValue]) -> Result<(), Error> {
        let found = context.runtime.all_gather(Ok(bytemuck::cast_slice(own).to_vec()))?;
        let (sink, inputs) = (&mut *context.sink, &self.inputs);
        write_f64(sink, &PLACE_LAT, &inputs.lat)?;
        write_f64(sink, &PLACE_LON, &inputs.lon)?;
        write_f64(sink, &PLACE_ELEVATION, &inputs.elevation_m)?;
        let whole = |values: &mut dyn Iterator<Item = usize>| values.map(|value| value as i32).collect::<Vec<i32>>();
        write_i32(sink, &PLACE_CELL, &whole(&mut self.cell.iter().copied()))?;
        if inputs.raster.is_empty() {
            sink.write(&PLACE_NAME, Values::Text(&inputs.names))?;
        } else {
            write_i32(sink, &PLACE_ROW, &whole(&mut inputs.raster.iter().map(|place| place[0])))?;
            write_i32(sink, &PLACE_COLUMN, &whole(&mut inputs.raster.iter().map(|place| place[1])))?;
        }
        let [n_indices, n_periods, n_simulations] = self.shape;
        let values = self.in_order(&found, n_indices * n_periods * n_simulations);
        let shape = (n_periods, n_simulations, self.len());
        let of_index = values.chunks_exact((shape.0 * shape.1 * shape.2).max(1));
        for (&index, values) in layout.indices.iter().zip(of_index) {
            let values = ArrayView3::from_shape(shape, values).expect("a value for each place");
            sink.write(&climate_indices::index(index, Told::OfPlaces), Values::F32(values.into_dyn()))?;
        }
        Ok(())
    }

    /// Values of all ranks in the order of fields and places; each was computed once.
    fn in_order(&self, found: &[Vec<u8>], n: usize) -> Vec<f32> {
        let mut values = vec![f32::NAN; n * self.len()];
        for bytes in found {
            for value in bytes.chunks_exact(size_of::<PlaceValue>()).map(bytemuck::pod_read_unaligned::<PlaceValue>) {
                values[value.at as usize * self.len() + value.place as usize] = value.mean;
            }
        }
        values
    }
}
