//! Geometry of city models: polygons in space, solids, walls that buildings share.
//!
//! Coordinates are metres, x east, y north, z up, in the projected reference system of the run. Pure functions: no
//! files, no threads, the same bits on every machine of one instruction set.
