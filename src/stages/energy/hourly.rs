//! Series over the hours of the year.

use conurb_energy::climate::Climate;
use ndarray::{ArrayView1, ArrayView2, ArrayView3};

use super::chunk::{ChunkResult, Connection};
use crate::error::Error;
use crate::field::{FieldSpec, Values, energy as field};
use crate::stages::FieldSink;
use crate::stages::solar::SolarYear;
use crate::stages::writing::{write_f64, write_i32};

/// Seconds of an hour.
const HOUR_S: f64 = 3600.0;
const NEEDS: [FieldSpec; 3] = [field::HOURLY_HEATING, field::HOURLY_COOLING, field::HOURLY_TEMPERATURE];

/// The fields that are written here.
pub fn fields(needs: bool, connections: bool) -> Vec<FieldSpec> {
    let mut fields = vec![field::TIME, field::TIME_BOUNDS, field::OUTDOOR_TEMPERATURE];
    if needs {
        fields.extend(NEEDS);
    }
    if connections {
        fields.extend([
            field::CONNECTION_BUILDING,
            field::CONNECTION_LOAD,
            field::CONNECTION_HEAT_PUMP,
            field::CONNECTION_PV,
            field::CONNECTION_PV_CAPACITY,
        ]);
    }
    fields
}

/// Writes the hours and their weather.
///
/// # Errors
/// The store cannot take them.
pub fn write_time(sink: &mut dyn FieldSink, year: &SolarYear, climate: &Climate) -> Result<(), Error> {
    write_f64(sink, &field::TIME, &year.start_s)?;
    let bounds: Vec<f64> = year.start_s.iter().flat_map(|start| [*start, start + HOUR_S]).collect();
    let bounds = ArrayView2::from_shape((year.start_s.len(), 2), &bounds).expect("two bounds for each hour");
    sink.write(&field::TIME_BOUNDS, Values::F64(bounds.into_dyn()))?;
    let outdoors: Vec<f32> = climate.temp_air.iter().map(|&value| value as f32).collect();
    sink.write(&field::OUTDOOR_TEMPERATURE, Values::F32(ArrayView1::from(&outdoors).into_dyn()))
}

/// Announces heating, cooling and temperature hour by hour.
///
/// # Errors
/// The store cannot take them.
pub fn create_needs(sink: &mut dyn FieldSink, n_hours: usize, n_buildings: usize) -> Result<(), Error> {
    NEEDS.iter().try_for_each(|spec| sink.create(spec, &[n_hours, n_buildings]))
}

/// Writes them for some chunks of this rank; collective, with any number of chunks.
///
/// # Errors
/// The store cannot take them.
pub fn write_needs(sink: &mut dyn FieldSink, chunks: &[ChunkResult]) -> Result<(), Error> {
    for (series, spec) in NEEDS.iter().enumerate() {
        // Hours are the slow axis of the field, buildings that of the results.
        let turned: Vec<Vec<f32>> = chunks
            .iter()
            .map(|chunk| {
                let n_hours = chunk.hourly.first().map_or(0, |of| of[series].len());
                let of_hour = |hour: usize| chunk.hourly.iter().map(move |of| of[series][hour]);
                (0..n_hours).flat_map(of_hour).collect()
            })
            .collect();
        let parts = chunks.iter().zip(&turned).map(|(chunk, values)| {
            let shape = (values.len() / chunk.n_buildings().max(1), chunk.n_buildings());
            let view = ArrayView2::from_shape(shape, values).expect("a value for each hour");
            (vec![0, chunk.first], Values::F32(view.into_dyn()))
        });
        sink.write_parts(spec, &parts.collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Announces what feeders see of `connected` buildings; `shape` is connections, variants, hours.
///
/// # Errors
/// The store cannot take them.
pub fn create_connections(
    sink: &mut dyn FieldSink,
    connected: &[usize],
    (n_connections, n_variants, n_hours): (usize, usize, usize),
) -> Result<(), Error> {
    let buildings: Vec<i32> = connected.iter().map(|&building| building as i32).collect();
    write_i32(sink, &field::CONNECTION_BUILDING, &buildings)?;
    sink.create(&field::CONNECTION_LOAD, &[n_connections, n_variants, n_hours])?;
    sink.create(&field::CONNECTION_HEAT_PUMP, &[n_connections, n_hours])?;
    sink.create(&field::CONNECTION_PV, &[n_connections, n_hours])?;
    sink.create(&field::CONNECTION_PV_CAPACITY, &[n_connections, n_variants])
}

/// Writes them for some chunks of this rank; collective, with any number of chunks.
///
/// # Errors
/// The store cannot take them.
pub fn write_connections(sink: &mut dyn FieldSink, connected: &[usize], chunks: &[ChunkResult]) -> Result<(), Error> {
    let all: Vec<(usize, &Connection)> = chunks
        .iter()
        .flat_map(|chunk| &chunk.connections)
        .map(|connection| {
            let at = connected.binary_search(&connection.building);
            (at.expect("results are of connected buildings"), connection)
        })
        .collect();
    let loads: Vec<Vec<f32>> = all.iter().map(|(_, connection)| connection.load.concat()).collect();
    let parts = all.iter().zip(&loads).map(|((at, connection), values)| {
        let n_variants = connection.load.len();
        let view = ArrayView3::from_shape((1, n_variants, values.len() / n_variants), values);
        (vec![*at, 0, 0], Values::F32(view.expect("variants have equal hours").into_dyn()))
    });
    sink.write_parts(&field::CONNECTION_LOAD, &parts.collect::<Vec<_>>())?;
    for (spec, series) in [
        (&field::CONNECTION_HEAT_PUMP, (|of| &of.heat_pump) as fn(&Connection) -> &Vec<f32>),
        (&field::CONNECTION_PV, |of| &of.per_kilowatt),
    ] {
        let parts = all.iter().map(|(at, connection)| {
            let values = series(connection);
            let view = ArrayView2::from_shape((1, values.len()), values).expect("one row");
            (vec![*at, 0], Values::F32(view.into_dyn()))
        });
        sink.write_parts(spec, &parts.collect::<Vec<_>>())?;
    }
    let parts = all.iter().map(|(at, connection)| {
        let view = ArrayView2::from_shape((1, connection.capacity.len()), &connection.capacity).expect("one row");
        (vec![*at, 0], Values::F64(view.into_dyn()))
    });
    sink.write_parts(&field::CONNECTION_PV_CAPACITY, &parts.collect::<Vec<_>>())
}
