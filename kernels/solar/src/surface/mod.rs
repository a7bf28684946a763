//! Roofs and walls: sample points, visibility of sky and sun, irradiation.
