//! Writing what a city is and its series: geometry, weather, month × hour tables, hourly irradiance.

use conurb_geometry::Kind;
use ndarray::{ArrayView1, ArrayView2, ArrayView3, ArrayViewD};

use super::results::{BlockResult, BuildingSeries};
use super::year::SolarYear;
use crate::city::City;
use crate::error::Error;
use crate::field::{FieldSpec, Values, solar as field};
use crate::stages::FieldSink;
use crate::stages::writing::{write_f64, write_i32};

/// Blocks whose series are held at the same time, for each thread.
pub const BLOCKS_PER_THREAD: usize = 4;
/// Seconds of an hour.
const HOUR_S: f64 = 3600.0;

/// Which series a run writes.
#[derive(Debug, Clone, Copy)]
pub struct Series {
    /// Whether hour by hour too.
    pub hourly: bool,
    /// Hours of the year.
    pub n_hours: usize,
}

/// The fields that are written here.
pub fn fields(hourly: bool) -> Vec<FieldSpec> {
    let mut fields = vec![
        field::BUILDING_ID,
        field::BUILDING_FINDINGS,
        field::OBJECT_ID,
        field::OBJECT_BUILDING,
        field::OBJECT_TYPE,
        field::OBJECT_LOD,
        field::OBJECT_ATTRIBUTES,
        field::SURFACE_OBJECT,
        field::SURFACE_BUILDING,
        field::SURFACE_TYPE,
        field::SURFACE_TILT,
        field::SURFACE_AZIMUTH,
        field::SURFACE_AREA,
        field::SURFACE_EXPOSED_AREA,
        field::RING_SURFACE,
        field::RING_LENGTH,
        field::VERTEX_X,
        field::VERTEX_Y,
        field::VERTEX_Z,
        field::TIME,
        field::TIME_BOUNDS,
        field::GHI,
        field::DNI,
        field::DHI,
        field::SOLAR_ZENITH,
        field::SOLAR_AZIMUTH,
        field::MONTH_HOUR_IRRADIATION,
        field::BUILDING_MONTH_HOUR_IRRADIATION,
    ];
    if hourly {
        fields.extend([field::SURFACE_IRRADIANCE, field::BUILDING_IRRADIANCE]);
    }
    fields
}

/// Writes buildings, objects, surfaces and their rings.
///
/// # Errors
/// The store cannot take them.
pub fn write_city(sink: &mut dyn FieldSink, city: &City, convergence_deg: f64) -> Result<(), Error> {
    sink.write(&field::BUILDING_ID, Values::Text(&city.buildings))?;
    sink.write(&field::BUILDING_FINDINGS, Values::Text(&city.findings))?;
    let text = |of: &dyn Fn(usize) -> String| -> Vec<String> { (0..city.objects.len()).map(of).collect() };
    sink.write(&field::OBJECT_ID, Values::Text(&text(&|object| city.objects[object].id.clone())))?;
    sink.write(&field::OBJECT_TYPE, Values::Text(&text(&|object| city.objects[object].kind.clone())))?;
    sink.write(&field::OBJECT_LOD, Values::Text(&text(&|object| city.objects[object].lod.clone())))?;
    sink.write(&field::OBJECT_ATTRIBUTES, Values::Text(&text(&|object| city.objects[object].attributes.clone())))?;
    let building_of: Vec<i32> = city.objects.iter().map(|object| object.building as i32).collect();
    write_i32(sink, &field::OBJECT_BUILDING, &building_of)?;
    write_faces(sink, city, convergence_deg)?;
    write_rings(sink, city)
}

fn write_faces(sink: &mut dyn FieldSink, city: &City, convergence_deg: f64) -> Result<(), Error> {
    let index = |of: &dyn Fn(usize) -> usize| -> Vec<i32> {
        (0..city.surfaces.len()).map(|surface| of(surface) as i32).collect()
    };
    let number = |of: &dyn Fn(usize) -> f64| -> Vec<f64> { (0..city.surfaces.len()).map(of).collect() };
    let shape = |surface: usize| &city.surfaces[surface].shape;
    write_i32(sink, &field::SURFACE_OBJECT, &index(&|surface| city.surfaces[surface].object))?;
    write_i32(sink, &field::SURFACE_BUILDING, &index(&|surface| city.surfaces[surface].building))?;
    let kind = |surface: usize| match shape(surface).kind {
        Kind::Roof => 0,
        Kind::Wall => 1,
        Kind::Ground | Kind::Interior | Kind::Unknown => 2,
    };
    write_i32(sink, &field::SURFACE_TYPE, &index(&kind))?;
    write_f64(sink, &field::SURFACE_TILT, &number(&|surface| shape(surface).tilt))?;
    let level = |surface: usize| shape(surface).normal[0] == 0.0 && shape(surface).normal[1] == 0.0;
    let true_azimuth = |surface: usize| match level(surface) {
        true => 0.0,
        false => (shape(surface).azimuth + convergence_deg).rem_euclid(360.0),
    };
    write_f64(sink, &field::SURFACE_AZIMUTH, &number(&true_azimuth))?;
    write_f64(sink, &field::SURFACE_AREA, &number(&|surface| shape(surface).area))?;
    write_f64(sink, &field::SURFACE_EXPOSED_AREA, &number(&|surface| shape(surface).exposed_area))
}

fn write_rings(sink: &mut dyn FieldSink, city: &City) -> Result<(), Error> {
    let rings = || {
        city.surfaces.iter().enumerate().flat_map(|(surface, face)| face.rings.iter().map(move |ring| (surface, ring)))
    };
    let of_surface: Vec<i32> = rings().map(|(surface, _)| surface as i32).collect();
    let lengths: Vec<i32> = rings().map(|(_, ring)| ring.len() as i32).collect();
    write_i32(sink, &field::RING_SURFACE, &of_surface)?;
    write_i32(sink, &field::RING_LENGTH, &lengths)?;
    for (axis, spec) in [field::VERTEX_X, field::VERTEX_Y, field::VERTEX_Z].iter().enumerate() {
        let values: Vec<f64> =
            rings().flat_map(|(_, ring)| ring).map(|vertex| vertex[axis] + city.origin[axis]).collect();
        write_f64(sink, spec, &values)?;
    }
    Ok(())
}

/// Writes the sun and the radiation of a year.
///
/// # Errors
/// The store cannot take them.
pub fn write_weather(sink: &mut dyn FieldSink, year: &SolarYear) -> Result<(), Error> {
    write_f64(sink, &field::TIME, &year.start_s)?;
    let bounds: Vec<f64> = year.start_s.iter().flat_map(|start| [*start, start + HOUR_S]).collect();
    let bounds = ArrayView2::from_shape((year.start_s.len(), 2), &bounds).expect("two bounds for each hour");
    sink.write(&field::TIME_BOUNDS, Values::F64(bounds.into_dyn()))?;
    for (spec, values) in [(&field::GHI, &year.ghi), (&field::DNI, &year.dni), (&field::DHI, &year.dhi)] {
        let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
        sink.write(spec, Values::F32(ArrayView1::from(&values).into_dyn()))?;
    }
    write_f64(sink, &field::SOLAR_ZENITH, &year.sun.iter().map(|sun| sun.apparent_zenith).collect::<Vec<_>>())?;
    write_f64(sink, &field::SOLAR_AZIMUTH, &year.sun.iter().map(|sun| sun.azimuth).collect::<Vec<_>>())
}

impl Series {
    /// Announces the fields of series.
    ///
    /// # Errors
    /// The store cannot take them.
    pub fn create(&self, sink: &mut dyn FieldSink, city: &City) -> Result<(), Error> {
        let (n_surfaces, n_buildings) = (city.surfaces.len(), city.buildings.len());
        sink.create(&field::MONTH_HOUR_IRRADIATION, &[12, 24, n_surfaces])?;
        sink.create(&field::BUILDING_MONTH_HOUR_IRRADIATION, &[12, 24, n_buildings])?;
        if self.hourly {
            sink.create(&field::SURFACE_IRRADIANCE, &[self.n_hours, n_surfaces])?;
            sink.create(&field::BUILDING_IRRADIANCE, &[self.n_hours, n_buildings])?;
        }
        Ok(())
    }

    /// Writes the series of some blocks of this rank; collective, with any number of blocks.
    ///
    /// # Errors
    /// The store cannot take them.
    pub fn write(&self, sink: &mut dyn FieldSink, blocks: &[BlockResult]) -> Result<(), Error> {
        let buildings: Vec<&BuildingSeries> = blocks.iter().flat_map(|block| &block.buildings).collect();
        let single = |values: &[f64]| -> Vec<f32> { values.iter().map(|&value| value as f32).collect() };
        let with_surfaces: Vec<&BuildingSeries> =
            buildings.iter().filter(|series| !series.surfaces.is_empty()).copied().collect();
        let parts = with_surfaces
            .iter()
            .map(|series| (vec![0, 0, series.surfaces.start], cube(&series.month_hour, series.surfaces.len())));
        sink.write_parts(&field::MONTH_HOUR_IRRADIATION, &parts.collect::<Vec<_>>())?;
        let tables: Vec<Vec<f32>> = buildings.iter().map(|series| single(&series.building_month_hour)).collect();
        let parts = buildings.iter().zip(&tables).map(|(series, table)| (vec![0, 0, series.building], cube(table, 1)));
        sink.write_parts(&field::BUILDING_MONTH_HOUR_IRRADIATION, &parts.collect::<Vec<_>>())?;
        if self.hourly {
            let parts = with_surfaces.iter().map(|series| (vec![0, series.surfaces.start], self.rows(&series.hourly)));
            sink.write_parts(&field::SURFACE_IRRADIANCE, &parts.collect::<Vec<_>>())?;
            let hours: Vec<Vec<f32>> = buildings.iter().map(|series| single(&series.building_hourly)).collect();
            let parts =
                buildings.iter().zip(&hours).map(|(series, hours)| (vec![0, series.building], self.rows(hours)));
            sink.write_parts(&field::BUILDING_IRRADIANCE, &parts.collect::<Vec<_>>())?;
        }
        Ok(())
    }

    fn rows<'a>(&self, values: &'a [f32]) -> Values<'a> {
        let shape = (self.n_hours, values.len() / self.n_hours);
        let view: ArrayViewD<'a, f32> =
            ArrayView2::from_shape(shape, values).expect("series have a value for each hour").into_dyn();
        Values::F32(view)
    }
}

fn cube(values: &[f32], n_columns: usize) -> Values<'_> {
    let view = ArrayView3::from_shape((12, 24, n_columns), values).expect("tables have 12 months of 24 hours");
    Values::F32(view.into_dyn())
}
