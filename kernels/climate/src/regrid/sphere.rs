//! Places as directions from the middle of the Earth.

use conurb_numerics::sin_cos_degrees;

/// Unit vector of a place.
pub(super) fn direction([lat, lon]: [f64; 2]) -> [f64; 3] {
    let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos_degrees(lat), sin_cos_degrees(lon));
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

/// Square of the chord between two directions.
pub(super) fn chord_squared(one: [f64; 3], other: [f64; 3]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other) * (one - other)).sum()
}

/// A direction as seen from another one, on the plane that touches the sphere there, east and north.
pub(super) fn on_plane(middle: [f64; 3], direction: [f64; 3]) -> [f64; 2] {
    let flat = (middle[0] * middle[0] + middle[1] * middle[1]).sqrt();
    // At a pole any direction is as good an east as another.
    let east = if flat > 1e-12 { [-middle[1] / flat, middle[0] / flat, 0.0] } else { [1.0, 0.0, 0.0] };
    let north = [
        middle[1] * east[2] - middle[2] * east[1],
        middle[2] * east[0] - middle[0] * east[2],
        middle[0] * east[1] - middle[1] * east[0],
    ];
    let along = |axis: [f64; 3]| axis.iter().zip(direction).map(|(axis, part)| axis * part).sum::<f64>();
    let depth = along(middle);
    [along(east) / depth, along(north) / depth]
}
