//! Elements from layers or from a U-value.

use super::error::within;
use super::{Boundary, Element, Film, N_NODES, Window, ZoneError};

/// Least resistance between the surfaces of an element or window (m²K/W): a U-value whose surface films leave less than
/// this, as that of single glass does, is taken as a construction without resistance of its own.
pub const LEAST_RESISTANCE: f64 = 1e-3;

/// Steps per layer among which the places of nodes are chosen.
const STEPS_PER_LAYER: usize = 12;

/// A layer of a construction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layer {
    /// Thickness (m, > 0).
    pub thickness: f64,
    /// Conductivity (W/mK, > 0).
    pub conductivity: f64,
    /// Density; 0 for what stores no heat (kg/m³).
    pub density: f64,
    /// Specific heat (J/kgK).
    pub specific_heat: f64,
}

/// Where the mass of an element lies, ISO 52016-1:2017 table B.13.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MassClass {
    /// At the inner surface (class I).
    Inside,
    /// At the outer surface (class E).
    Outside,
    /// Half at each surface (class IE).
    InsideOutside,
    /// All over (class D).
    Distributed,
    /// In the middle (class M).
    Middle,
}

/// What is on both sides of an element.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surfaces {
    /// Inner surface film.
    pub inner: Film,
    /// Outer surface film.
    pub outer: Film,
    /// What lies behind the element.
    pub boundary: Boundary,
    /// View factor of the sky.
    pub sky_view: f64,
}

impl Film {
    /// Inner surface of a wall, ISO 52016-1:2017 table B.25 and ISO 13789:2017.
    pub const INNER_WALL: Film = Film { convective: 2.5, radiative: 5.13 };
    /// Inner surface through which heat flows upward, of roofs and ceilings.
    pub const INNER_UPWARD: Film = Film { convective: 5.0, radiative: 5.13 };
    /// Inner surface through which heat flows downward, of floors.
    pub const INNER_DOWNWARD: Film = Film { convective: 0.7, radiative: 5.13 };
    /// Outer surface.
    pub const OUTER: Film = Film { convective: 20.0, radiative: 4.14 };

    /// Convective and radiative coefficient together (W/m²K).
    pub fn total(&self) -> f64 {
        self.convective + self.radiative
    }
}

impl Layer {
    /// A layer of resistance alone, such as an air gap (m²K/W).
    pub fn massless(resistance: f64) -> Self {
        Layer { thickness: resistance, conductivity: 1.0, density: 0.0, specific_heat: 0.0 }
    }

    /// Thermal resistance (m²K/W).
    pub fn resistance(&self) -> f64 {
        self.thickness / self.conductivity
    }

    /// Heat capacity (J/m²K).
    pub fn capacity(&self) -> f64 {
        self.thickness * self.density * self.specific_heat
    }
}

impl MassClass {
    /// Shares of the capacity by node, from outside, ISO 52016-1:2017 6.5.7.
    fn shares(self) -> [f64; N_NODES] {
        match self {
            MassClass::Inside => [0.0, 0.0, 0.0, 0.0, 1.0],
            MassClass::Outside => [1.0, 0.0, 0.0, 0.0, 0.0],
            MassClass::InsideOutside => [0.5, 0.0, 0.0, 0.0, 0.5],
            MassClass::Distributed => [0.125, 0.25, 0.25, 0.25, 0.125],
            MassClass::Middle => [0.0, 0.0, 1.0, 0.0, 0.0],
        }
    }
}

impl Element {
    /// An element of layers, named from outside to inside; surface films are no layers.
    ///
    /// The outermost node is the outer surface, the innermost the inner one. Heat stored between two nodes is split between
    /// them by the law of the lever, which keeps resistance, capacity and the heat stored in steady state exact; the nodes
    /// between are placed where this changes the storage seen from inside least, ∫ c (x − x_i) (x_{i+1} − x) dx over the
    /// resistance x from outside (least-moment lumping; the integrand is the error of a hat function for x²).
    ///
    /// # Errors
    ///
    /// If there is no layer, or a layer's values are not finite or out of their ranges.
    pub fn from_layers(area: f64, layers: &[Layer], surfaces: Surfaces) -> Result<Self, ZoneError> {
        within("number of layers", layers.len() as f64, 1.0..=100.0, "1 to 100")?;
        for layer in layers {
            within("thickness of a layer", layer.thickness, 1e-6..=100.0, "0.000001 to 100 m")?;
            within("conductivity of a layer", layer.conductivity, 1e-3..=1e4, "0.001 to 10000 W/mK")?;
            within("density of a layer", layer.density, 0.0..=2e4, "0 to 20000 kg/m³")?;
            within("specific heat of a layer", layer.specific_heat, 0.0..=1e4, "0 to 10000 J/kgK")?;
        }
        let resistance: f64 = layers.iter().map(Layer::resistance).sum();
        // A sheet of metal gets the least resistance, its mass as it is.
        let stretch = (LEAST_RESISTANCE / resistance).max(1.0);
        let slices: Vec<Slice> = layers
            .iter()
            .flat_map(|layer| {
                let slice = Slice {
                    resistance: layer.resistance() * stretch / STEPS_PER_LAYER as f64,
                    capacity: layer.capacity() / STEPS_PER_LAYER as f64,
                };
                [slice; STEPS_PER_LAYER]
            })
            .collect();
        let (conductances, capacities) = lump(&slices);
        let Surfaces { inner, outer, boundary, sky_view } = surfaces;
        Ok(Element { area, conductances, capacities, inner, outer, boundary, sky_view })
    }

    /// An element of which only U-value (W/m²K) and heat capacity (J/m²K) are known, ISO 52016-1:2017 6.5.7: conductances
    /// 6, 3, 3, 6 over R_c, capacity by class.
    ///
    /// R_c = 1/U − R_si − R_se with R_si = 1/(h_ci + h_ri) of the inner film; R_se is that of the outer film before air, 0
    /// on the ground and R_si once more between rooms (ISO 6946:2017 6.8). No less than [`LEAST_RESISTANCE`].
    ///
    /// # Errors
    ///
    /// If `u_value` or `capacity` are not finite or out of their ranges.
    pub fn from_u_value(
        area: f64,
        u_value: f64,
        capacity: f64,
        class: MassClass,
        surfaces: Surfaces,
    ) -> Result<Self, ZoneError> {
        within("U-value", u_value, 0.01..=10.0, "0.01 to 10 W/m²K")?;
        within("heat capacity", capacity, 0.0..=1e7, "0 to 10000000 J/m²K")?;
        let Surfaces { inner, outer, boundary, sky_view } = surfaces;
        let behind = match boundary {
            Boundary::Air => 1.0 / outer.total(),
            Boundary::Ground => 0.0,
            Boundary::Adiabatic => 1.0 / inner.total(),
        };
        let resistance = (1.0 / u_value - 1.0 / inner.total() - behind).max(LEAST_RESISTANCE);
        let conductances = [6.0, 3.0, 3.0, 6.0].map(|share| share / resistance);
        let capacities = class.shares().map(|share| share * capacity);
        Ok(Element { area, conductances, capacities, inner, outer, boundary, sky_view })
    }

    /// Resistance between the surfaces (m²K/W).
    pub fn resistance(&self) -> f64 {
        self.conductances.iter().map(|conductance| 1.0 / conductance).sum()
    }

    /// U-value with the films of this element (W/m²K): to the air behind it, or to the ground's temperature; 0 to rooms.
    pub fn u_value(&self) -> f64 {
        let behind = match self.boundary {
            Boundary::Air => self.outer.total(),
            Boundary::Ground => self.outer.convective,
            Boundary::Adiabatic => 0.0,
        };
        1.0 / (1.0 / self.inner.total() + self.resistance() + 1.0 / behind)
    }
}

impl Window {
    /// Conductance between the surfaces of a window with this U-value (W/m²K), frames included, no more than
    /// 1/[`LEAST_RESISTANCE`].
    ///
    /// # Errors
    ///
    /// If `u_value` is not finite or out of its range.
    pub fn conductance_from_u_value(u_value: f64, inner: Film, outer: Film) -> Result<f64, ZoneError> {
        within("U-value", u_value, 0.01..=10.0, "0.01 to 10 W/m²K")?;
        Ok(1.0 / (1.0 / u_value - 1.0 / inner.total() - 1.0 / outer.total()).max(LEAST_RESISTANCE))
    }
}

/// A thin piece of a construction.
#[derive(Clone, Copy)]
struct Slice {
    resistance: f64,
    capacity: f64,
}

/// Conductances and capacities of the nodes for slices from outside: the best places of the inner nodes among the borders
/// of slices, by dynamic programming over segments.
fn lump(slices: &[Slice]) -> ([f64; N_NODES - 1], [f64; N_NODES]) {
    let n_slices = slices.len();
    let segments = N_NODES - 1;
    let mut best = vec![f64::INFINITY; n_slices + 1];
    best[0] = 0.0;
    let mut starts = vec![vec![0; n_slices + 1]; segments];
    for starts in &mut starts {
        let mut next = vec![f64::INFINITY; n_slices + 1];
        for start in 0..n_slices {
            let errors = errors_from(&slices[start..]);
            for (end, error) in (start + 1..).zip(errors) {
                if best[start] + error < next[end] {
                    next[end] = best[start] + error;
                    starts[end] = start;
                }
            }
        }
        best = next;
    }
    let mut borders = [n_slices; N_NODES];
    for segment in (0..segments).rev() {
        borders[segment] = starts[segment][borders[segment + 1]];
    }
    let (mut conductances, mut capacities) = ([0.0; N_NODES - 1], [0.0; N_NODES]);
    for segment in 0..segments {
        let within = &slices[borders[segment]..borders[segment + 1]];
        let resistance: f64 = within.iter().map(|slice| slice.resistance).sum();
        conductances[segment] = 1.0 / resistance;
        let mut before = 0.0;
        for slice in within {
            let lever = (before + 0.5 * slice.resistance) / resistance;
            capacities[segment] += (1.0 - lever) * slice.capacity;
            capacities[segment + 1] += lever * slice.capacity;
            before += slice.resistance;
        }
    }
    (conductances, capacities)
}

/// Error of a segment that starts with the first slice and ends with each, ∫ c x (r − x) dx.
fn errors_from(slices: &[Slice]) -> impl Iterator<Item = f64> {
    let (mut length, mut first, mut second) = (0.0, 0.0, 0.0);
    slices.iter().map(move |slice| {
        let middle = length + 0.5 * slice.resistance;
        length += slice.resistance;
        first += slice.capacity * middle;
        second += slice.capacity * (middle * middle + slice.resistance * slice.resistance / 12.0);
        length * first - second
    })
}
