//! Glass: how much of the sun it lets in at which angle.

use super::error::within;
use super::{Glazing, ZoneError};

/// Number of powers of the cosine that are fitted: 1 to 5, as no light comes in at 90°.
const N_FITTED: usize = 5;
/// Steps of the integral over the hemisphere.
const HEMISPHERE_STEPS: usize = 1000;
/// Steps of the angles to which panes are fitted (°).
const ANGLE_STEP: f64 = 5.0;

/// Panes of one kind, one behind the other with gaps between.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panes {
    /// How many, 1 to 4.
    pub count: usize,
    /// Solar transmittance of a pane at normal incidence, 0 to 1.
    pub transmittance: f64,
    /// Solar reflectance of each side of a pane at normal incidence, 0 to 1.
    pub reflectance: f64,
    /// U-value of the glazing, between the films below (W/m²K).
    pub u_value: f64,
    /// Resistance of the inner surface (m²K/W), 0.13 in ISO 6946.
    pub inner_resistance: f64,
    /// Resistance of the outer surface (m²K/W), 0.04 in ISO 6946.
    pub outer_resistance: f64,
}

impl Glazing {
    /// Glazing measured at some angles of incidence (°) with its solar heat gain coefficients: the polynomial of cosines
    /// that comes closest (least squares) with the value of the first entry, which must be at 0°, and 0 at 90°.
    ///
    /// # Errors
    ///
    /// If there are fewer than six angles, they do not rise from 0 to at most 90°, or values are not within 0 and 1.
    pub fn from_angles(table: &[(f64, f64)], absorbed_share: f64) -> Result<Self, ZoneError> {
        within("number of angles", table.len() as f64, 6.0..=1000.0, "6 to 1000")?;
        within("first angle of incidence", table[0].0, 0.0..=0.0, "0")?;
        within("absorbed share", absorbed_share, 0.0..=1.0, "0 to 1")?;
        let normal = within("solar heat gain coefficient at 0°", table[0].1, 1e-3..=1.0, "0.001 to 1")?;
        let mut last = -1.0;
        for &(angle, gain) in table {
            within("angle of incidence", angle, 0.0..=90.0, "0 to 90")?;
            within("rise between angles of incidence", angle - last, 1e-6..=91.0, "more than 0")?;
            within("solar heat gain coefficient", gain, 0.0..=1.0, "0 to 1")?;
            last = angle;
        }
        let points: Vec<_> = table.iter().map(|&(angle, gain)| (cosine(angle), gain / normal)).collect();
        let angular = fit(&points);
        Ok(Glazing { normal, angular, diffuse: hemispherical(&angular), absorbed_share })
    }

    /// Glazing of clear panes, by Fresnel's and Bouguer's laws, with all reflections between the panes of light that is
    /// unpolarised at each; index of refraction and absorption follow from transmittance and reflectance at normal incidence (Finlayson,
    /// Arasteh, Huizenga, Rubin, Reilly 1993, WINDOW 4.0, LBL-33943, 4.2.1).
    ///
    /// Heat that a pane absorbs comes in as far as the pane lies inside: by the share of the glazing's resistance that is
    /// outside of it; panes themselves have none and gaps share what surfaces leave of 1/U (ISO 9050 / EN 410 5.4.6).
    ///
    /// # Errors
    ///
    /// If a value is out of its range or no such pane exists.
    pub fn from_panes(panes: &Panes) -> Result<Self, ZoneError> {
        let glass = Glass::of(panes)?;
        let inward = inward_shares(panes);
        let absorbed_at = |optics: &Optics| -> f64 {
            optics.absorbed.iter().zip(inward).map(|(absorbed, inward)| absorbed * inward).sum()
        };
        let absorbed = absorbed_at(&glass.stack(1.0, panes.count));
        let (table, normal) = by_angle(&glass, panes.count, |optics| optics.transmitted + absorbed_at(optics));
        Self::from_angles(&table, absorbed / normal)
    }

    /// As [`Glazing::from_panes`], of the light alone: without the heat that panes absorb.
    ///
    /// # Errors
    ///
    /// If a value is out of its range or no such pane exists.
    pub fn light_through_panes(panes: &Panes) -> Result<Self, ZoneError> {
        let (table, _) = by_angle(&Glass::of(panes)?, panes.count, |optics| optics.transmitted);
        Self::from_angles(&table, 0.0)
    }

    /// Glazing of which only the g-value at normal incidence is known: angles as two clear panes of 4 mm have (τ 0.81, ρ
    /// 0.075, U 2.8 W/m²K), whose hemispherical share of 0.87 is close to the 0.90 of ISO 52016-1:2017 table B.43.
    ///
    /// # Errors
    ///
    /// If `g_value` is not within 0.01 and 1.
    pub fn from_g_value(g_value: f64) -> Result<Self, ZoneError> {
        let normal = within("g-value", g_value, 0.01..=1.0, "0.01 to 1")?;
        let clear = Panes {
            count: 2,
            transmittance: 0.81,
            reflectance: 0.075,
            u_value: 2.8,
            inner_resistance: 0.13,
            outer_resistance: 0.04,
        };
        Ok(Glazing { normal, ..Self::from_panes(&clear)? })
    }

    /// Share of the normal heat gain at an angle of incidence with this cosine (0 to 1), 0 behind the glass.
    pub fn at(&self, cosine: f64) -> f64 {
        relative(&self.angular, cosine)
    }
}

/// What light of each angle of incidence (°) comes to, and what it does at normal incidence.
fn by_angle(glass: &Glass, count: usize, value: impl Fn(&Optics) -> f64) -> (Vec<(f64, f64)>, f64) {
    let steps = (90.0 / ANGLE_STEP) as usize;
    let at = |step: usize| {
        let angle = step as f64 * ANGLE_STEP;
        // At 90° glass reflects everything, which the formulas only approach.
        (angle, if step == steps { 0.0 } else { value(&glass.stack(cosine(angle), count)) })
    };
    let table: Vec<_> = (0..=steps).map(at).collect();
    let normal = table[0].1;
    (table, normal)
}

/// Cosine of an angle in degrees, 0 at 90°.
fn cosine(degrees: f64) -> f64 {
    if degrees == 90.0 { 0.0 } else { libm::cos(degrees.to_radians()) }
}

fn relative(angular: &[f64; 6], cosine: f64) -> f64 {
    let sum = angular.iter().rev().fold(0.0, |sum, coefficient| sum * cosine + coefficient);
    if cosine > 0.0 { sum.clamp(0.0, 1.0) } else { 0.0 }
}

/// ∫ f(θ) 2 sin θ cos θ dθ from 0 to 90°, by midpoints of the cosine.
fn hemispherical(angular: &[f64; 6]) -> f64 {
    let step = 1.0 / HEMISPHERE_STEPS as f64;
    (0..HEMISPHERE_STEPS)
        .map(|index| (index as f64 + 0.5) * step)
        .map(|cosine| 2.0 * cosine * relative(angular, cosine) * step)
        .sum()
}

/// Least squares for Σ a_k c^k, k = 1 to 5, with Σ a_k = 1 put in for a_1: f − c = Σ a_k (c^k − c), k = 2 to 5.
fn fit(points: &[(f64, f64)]) -> [f64; 6] {
    const FREE: usize = N_FITTED - 1;
    let mut normal = [[0.0; FREE + 1]; FREE];
    for &(cosine, share) in points {
        let mut power = cosine;
        let basis: [f64; FREE] = core::array::from_fn(|_| {
            power *= cosine;
            power - cosine
        });
        for row in 0..FREE {
            for column in 0..FREE {
                normal[row][column] += basis[row] * basis[column];
            }
            normal[row][FREE] += basis[row] * (share - cosine);
        }
    }
    let free = solve(normal);
    let mut angular = [0.0; 6];
    angular[2..].copy_from_slice(&free);
    angular[1] = 1.0 - free.iter().sum::<f64>();
    angular
}

/// Gaussian elimination with row exchange of a positive definite system whose last column is the right-hand side.
fn solve<const N: usize, const M: usize>(mut rows: [[f64; M]; N]) -> [f64; N] {
    for pivot in 0..N {
        let largest = (pivot..N).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()));
        rows.swap(pivot, largest.unwrap_or(pivot));
        let pivot_row = rows[pivot];
        for row in &mut rows[pivot + 1..] {
            let factor = row[pivot] / pivot_row[pivot];
            for (value, above) in row.iter_mut().zip(pivot_row) {
                *value -= factor * above;
            }
        }
    }
    let mut solution = [0.0; N];
    for row in (0..N).rev() {
        let known: f64 = (row + 1..N).map(|column| rows[row][column] * solution[column]).sum();
        solution[row] = (rows[row][M - 1] - known) / rows[row][row];
    }
    solution
}

/// Share of the heat each pane absorbs that comes in, from outside.
fn inward_shares(panes: &Panes) -> [f64; 4] {
    let total = (1.0 / panes.u_value).max(panes.inner_resistance + panes.outer_resistance);
    let gaps = total - panes.inner_resistance - panes.outer_resistance;
    let gap = if panes.count > 1 { gaps / (panes.count - 1) as f64 } else { 0.0 };
    // The only pane lies in the middle of what resistance it has.
    let before = if panes.count > 1 { 0.0 } else { 0.5 * gaps };
    core::array::from_fn(|pane| (panes.outer_resistance + before + pane as f64 * gap) / total)
}

/// What a pane is made of.
struct Glass {
    /// Index of refraction.
    index: f64,
    /// Transmission of the inside of the glass at normal incidence.
    clarity: f64,
}

/// What becomes of light that meets panes.
struct Optics {
    transmitted: f64,
    absorbed: [f64; 4],
}

impl Glass {
    fn of(panes: &Panes) -> Result<Self, ZoneError> {
        within("number of panes", panes.count as f64, 1.0..=4.0, "1 to 4")?;
        within("transmittance of a pane", panes.transmittance, 0.01..=0.99, "0.01 to 0.99")?;
        within("reflectance of a pane", panes.reflectance, 0.001..=0.5, "0.001 to 0.5")?;
        let sum = panes.transmittance + panes.reflectance;
        within("transmittance and reflectance of a pane", sum, 0.0..=0.9999, "at most 0.9999")?;
        within("U-value of a glazing", panes.u_value, 0.1..=10.0, "0.1 to 10 W/m²K")?;
        within("inner surface resistance", panes.inner_resistance, 0.01..=1.0, "0.01 to 1 m²K/W")?;
        within("outer surface resistance", panes.outer_resistance, 0.0..=1.0, "0 to 1 m²K/W")?;
        let (tau, rho) = (panes.transmittance, panes.reflectance);
        let beta = tau * tau - rho * rho + 2.0 * rho + 1.0;
        let surface = (beta - (beta * beta - 4.0 * (2.0 - rho) * rho).sqrt()) / (2.0 * (2.0 - rho));
        let clarity = (rho - surface) / (surface * tau);
        let expected = "what a pane with this transmittance can reflect";
        if !(surface > 0.0 && surface < 1.0 && clarity > 0.0 && clarity <= 1.0) {
            return Err(ZoneError::Value { what: "reflectance of a pane", value: rho, expected });
        }
        Ok(Glass { index: (1.0 + surface.sqrt()) / (1.0 - surface.sqrt()), clarity })
    }

    /// Light at an angle with this cosine through so many panes.
    fn stack(&self, cosine: f64, count: usize) -> Optics {
        let sine_inside = (1.0 - cosine * cosine).sqrt() / self.index;
        let cosine_inside = (1.0 - sine_inside * sine_inside).sqrt();
        let across = (cosine - self.index * cosine_inside) / (cosine + self.index * cosine_inside);
        let along = (self.index * cosine - cosine_inside) / (self.index * cosine + cosine_inside);
        let clarity = libm::pow(self.clarity, 1.0 / cosine_inside);
        let [s, p] = [across, along].map(|amplitude| pane(amplitude * amplitude, clarity));
        through(0.5 * (s.0 + p.0), 0.5 * (s.1 + p.1), count)
    }
}

/// Transmittance and reflectance of a pane for light of one polarisation, of which its surfaces reflect the share `surface`.
fn pane(surface: f64, clarity: f64) -> (f64, f64) {
    let tau = (1.0 - surface) * (1.0 - surface) * clarity / (1.0 - surface * surface * clarity * clarity);
    (tau, surface * (1.0 + clarity * tau))
}

/// Light through panes that let through and reflect so much.
fn through(tau: f64, rho: f64, count: usize) -> Optics {
    // Reflectance of all panes from each on inwards, then light that arrives at each from both sides.
    let mut behind = [0.0; 5];
    for pane in (0..count).rev() {
        behind[pane] = rho + tau * tau * behind[pane + 1] / (1.0 - rho * behind[pane + 1]);
    }
    let mut arriving = 1.0;
    let mut absorbed = [0.0; 4];
    for pane in 0..count {
        let leaving = tau * arriving / (1.0 - rho * behind[pane + 1]);
        absorbed[pane] = (1.0 - tau - rho) * (arriving + leaving * behind[pane + 1]);
        arriving = leaving;
    }
    Optics { transmitted: arriving, absorbed }
}
