//! Rays against triangles: what stands between a point and the sky.
