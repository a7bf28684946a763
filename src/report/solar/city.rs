//! Buildings of a finished run: objects of the city model and the polygons that bound them.

use std::ops::Range;

use super::{column, misfit, no_surfaces};
use crate::error::Error;
use crate::field::solar;
use crate::store::read::RunReader;

/// What a surface of a building is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SurfaceType {
    /// A roof.
    Roof,
    /// A wall.
    Wall,
    /// What the building stands on.
    Ground,
}

impl SurfaceType {
    /// All of them, in the order of the numbers that stand for them.
    pub const ALL: [SurfaceType; 3] = [SurfaceType::Roof, SurfaceType::Wall, SurfaceType::Ground];

    /// Name in tables.
    pub fn name(self) -> &'static str {
        match self {
            SurfaceType::Roof => "roof",
            SurfaceType::Wall => "wall",
            SurfaceType::Ground => "ground",
        }
    }
}

/// Buildings, the objects they consist of, and the surfaces of these.
#[derive(Debug, Clone, PartialEq)]
pub struct City {
    /// Id of each building.
    pub building_id: Vec<String>,
    /// Id of each object.
    pub object_id: Vec<String>,
    /// Building of each object.
    pub object_building: Vec<usize>,
    /// Object of each surface.
    pub surface_object: Vec<usize>,
    /// Building of each surface.
    pub surface_building: Vec<usize>,
    /// What each surface is.
    pub surface_type: Vec<SurfaceType>,
}

/// The rings of surfaces.
#[derive(Debug, Clone, PartialEq)]
pub struct Rings {
    /// Where the rings of each surface start, and where those of the last end.
    surface_start: Vec<usize>,
    /// Where the vertices of each ring start, and where those of the last end.
    ring_start: Vec<usize>,
    /// All vertices, x, y and z in metres.
    pub vertices: Vec<[f64; 3]>,
}

impl City {
    /// Reads the buildings of a run.
    ///
    /// # Errors
    /// The run has none, or its fields do not fit together.
    pub fn read(run: &RunReader) -> Result<City, Error> {
        if !super::has_surfaces(run) {
            return Err(no_surfaces(run));
        }
        let building_id = run.text_of(&solar::BUILDING_ID)?;
        let object_id = run.text(solar::OBJECT_ID.name)?;
        let codes = run.i64(solar::SURFACE_TYPE.name)?.into_raw_vec_and_offset().0;
        let surface_type = codes.iter().map(|&code| {
            let known = usize::try_from(code).ok().and_then(|code| SurfaceType::ALL.get(code).copied());
            known.ok_or_else(|| misfit(run, format!("field {} has {code}, expected 0 to 2", solar::SURFACE_TYPE.name)))
        });
        let surface_type: Vec<SurfaceType> = surface_type.collect::<Result<_, _>>()?;
        let n_surfaces = surface_type.len();
        Ok(City {
            object_building: indices(run, solar::OBJECT_BUILDING.name, object_id.len(), building_id.len())?,
            surface_object: indices(run, solar::SURFACE_OBJECT.name, n_surfaces, object_id.len())?,
            surface_building: indices(run, solar::SURFACE_BUILDING.name, n_surfaces, building_id.len())?,
            building_id,
            object_id,
            surface_type,
        })
    }

    /// Number of surfaces.
    pub fn n_surfaces(&self) -> usize {
        self.surface_type.len()
    }

    /// The surfaces that are roofs.
    pub fn roofs(&self) -> impl Iterator<Item = usize> {
        (0..self.n_surfaces()).filter(|&surface| self.surface_type[surface] == SurfaceType::Roof)
    }
}

impl Rings {
    /// Reads the rings of the surfaces of a run.
    ///
    /// # Errors
    /// The run has none, or its fields do not fit together.
    pub fn read(run: &RunReader, n_surfaces: usize) -> Result<Rings, Error> {
        let lengths = run.i64(solar::RING_LENGTH.name)?.into_raw_vec_and_offset().0;
        let surfaces = indices(run, solar::RING_SURFACE.name, lengths.len(), n_surfaces)?;
        if let Some(ring) = surfaces.windows(2).position(|pair| pair[1] < pair[0]) {
            let message = format!("ring {} of field {} goes back", ring + 1, solar::RING_SURFACE.name);
            return Err(misfit(run, message));
        }
        let mut surface_start = vec![0; n_surfaces + 1];
        surfaces.iter().for_each(|&surface| surface_start[surface + 1] += 1);
        (0..n_surfaces).for_each(|surface| surface_start[surface + 1] += surface_start[surface]);
        let ring_start =
            starts(&lengths).ok_or_else(|| misfit(run, format!("field {} has no lengths", solar::RING_LENGTH.name)))?;
        let n_vertices = ring_start[lengths.len()];
        let axis = |field| column(run, field, n_vertices);
        let (x, y, z) = (axis(&solar::VERTEX_X)?, axis(&solar::VERTEX_Y)?, axis(&solar::VERTEX_Z)?);
        let vertices: Vec<[f64; 3]> = x.into_iter().zip(y).zip(z).map(|((x, y), z)| [x, y, z]).collect();
        match vertices.iter().position(|vertex| !vertex.iter().all(|value| value.is_finite())) {
            Some(vertex) => Err(misfit(run, format!("vertex {vertex} of the surfaces is not finite"))),
            None => Ok(Rings { surface_start, ring_start, vertices }),
        }
    }

    /// The rings of a surface, the outer one first.
    pub fn of(&self, surface: usize) -> impl Iterator<Item = &[[f64; 3]]> {
        self.corners_of(surface).map(|corners| &self.vertices[corners])
    }

    /// The rings of a surface as indices of their vertices, the outer one first.
    pub fn corners_of(&self, surface: usize) -> impl Iterator<Item = Range<usize>> {
        let rings = self.surface_start[surface]..self.surface_start[surface + 1];
        rings.map(|ring| self.ring_start[ring]..self.ring_start[ring + 1])
    }

    /// Mean height of the corners of a surface's outer ring; zero for one without rings.
    pub fn mean_height(&self, surface: usize) -> f64 {
        let outer = self.of(surface).next().unwrap_or_default();
        outer.iter().map(|vertex| vertex[2]).sum::<f64>() / outer.len().max(1) as f64
    }
}

/// Running sums of lengths; none if one is below zero or the sum has no number.
fn starts(lengths: &[i64]) -> Option<Vec<usize>> {
    let mut starts = vec![0_usize];
    let mut end = 0_usize;
    for &length in lengths {
        end = end.checked_add(usize::try_from(length).ok()?)?;
        starts.push(end);
    }
    Some(starts)
}

/// A column of indices below `limit`.
fn indices(run: &RunReader, name: &str, length: usize, limit: usize) -> Result<Vec<usize>, Error> {
    let values = run.i64(name)?;
    if values.shape() != [length] {
        return Err(misfit(run, format!("field {name} has shape {:?} instead of [{length}]", values.shape())));
    }
    let index = |&value: &i64| {
        let index = usize::try_from(value).ok().filter(|index| *index < limit);
        index.ok_or_else(|| misfit(run, format!("field {name} has {value}, expected 0 to {}", limit.saturating_sub(1))))
    };
    values.iter().map(index).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_below_zero_or_beyond_all_numbers_have_no_starts() {
        assert_eq!(starts(&[3, 0, 4]), Some(vec![0, 3, 3, 7]));
        assert_eq!(starts(&[3, -1]), None);
        assert_eq!(starts(&[i64::MAX, i64::MAX, i64::MAX]), None);
    }
}
