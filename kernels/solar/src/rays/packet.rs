//! Packets of rays: many origins, one direction.

use super::triangle::{Bounds, greatest};

/// Rays of one packet.
pub const LANES: usize = 16;

/// A direction with all that does not depend on where a ray starts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Direction {
    /// Inverse components, finite: what is nearly 0 counts as [`Direction::SMALLEST`].
    pub(super) inverse: [f32; 3],
    /// Whether each component points to lower coordinates.
    pub(super) falls: [bool; 3],
    /// Axes of the sheared frame; the last is the one along which the direction is longest.
    pub(super) axes: [usize; 3],
    /// Shear that turns the direction into the last axis, and the scale of that axis (Woop et al. 2013).
    pub(super) shear: [f32; 3],
}

/// Up to [`LANES`] origins that are traced together.
#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(64))]
pub struct Packet {
    /// Coordinates by axis; lanes without an origin repeat the first.
    pub(super) origins: [[f32; LANES]; 3],
    pub(super) bounds: Bounds,
    pub(super) lanes: u32,
}

impl Direction {
    /// Least component whose inverse is used; a ray drifts by it per metre, less than coordinates resolve.
    const SMALLEST: f32 = 1.0e-12;

    /// Takes `direction`, which must be finite and not 0; of any length, as distances are measured in its length.
    pub fn new(direction: [f32; 3]) -> Self {
        let length = |axis: usize| direction[axis].abs();
        let mut along = 0;
        for axis in 1..3 {
            if length(axis) > length(along) {
                along = axis;
            }
        }
        assert!(length(along) > 0.0 && length(along).is_finite(), "direction {direction:?} points nowhere");
        let (first, second) = ((along + 1) % 3, (along + 2) % 3);
        let longest = direction[along];
        Direction {
            inverse: direction.map(|component| {
                let size = greatest(component.abs(), Self::SMALLEST);
                if component < 0.0 { -1.0 / size } else { 1.0 / size }
            }),
            falls: direction.map(|component| component < 0.0),
            axes: [first, second, along],
            shear: [direction[first] / longest, direction[second] / longest, 1.0 / longest],
        }
    }
}

impl Packet {
    /// Takes 1 to [`LANES`] origins (m); more are an error of the caller. Those near each other cost least.
    pub fn new(origins: &[[f32; 3]]) -> Self {
        assert!((1..=LANES).contains(&origins.len()), "a packet of {} rays", origins.len());
        let mut packet = Packet {
            origins: origins[0].map(|coordinate| [coordinate; LANES]),
            bounds: Bounds::EMPTY,
            lanes: ((1_u64 << origins.len()) - 1) as u32,
        };
        for (lane, origin) in origins.iter().enumerate() {
            for (axis, &coordinate) in origin.iter().enumerate() {
                packet.origins[axis][lane] = coordinate;
            }
            packet.bounds.grow(&Bounds { low: *origin, high: *origin });
        }
        packet
    }

    /// One bit for each origin, the first lowest.
    pub fn lanes(&self) -> u16 {
        self.lanes as u16
    }
}
