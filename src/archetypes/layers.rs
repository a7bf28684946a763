//! Layers of constructions in the place of classes of mass.

use super::{Archetype, Construction, Mass, MaterialLayer};
use crate::formats::teaser::{ElementKind, TypeElements};

/// Resistance of the outer surface (m²K/W), ISO 6946 table 7.
const OUTER: f64 = 0.04;
/// Resistances of the inner surface for heat that flows sideways, up and down (m²K/W), ISO 6946 table 7.
const INNER_SIDEWAYS: f64 = 0.13;
const INNER_UP: f64 = 0.10;
const INNER_DOWN: f64 = 0.17;

/// Gives an archetype the layers of its age and size class; none where there are none for it.
pub(super) fn apply(archetype: &mut Archetype, elements: &TypeElements) -> Option<()> {
    let (first, last, size) = (archetype.first_year, archetype.last_year, archetype.size_class);
    let find = |kind| elements.find(kind, first, last, size);
    let outer = [
        (&mut archetype.wall, find(ElementKind::OuterWall), INNER_SIDEWAYS),
        (&mut archetype.roof, find(ElementKind::Rooftop), INNER_UP),
        (&mut archetype.floor, find(ElementKind::GroundFloor), INNER_DOWN),
    ];
    let mut is_changed = None;
    for (construction, layers, inner) in outer {
        if let Some(layers) = layers {
            *construction = Construction { u: transmittance(layers, inner), ..construction.clone() };
            construction.mass = Mass::Layers(layers.to_vec());
            is_changed = Some(());
        }
    }
    if let Some(layers) = find(ElementKind::InnerWall) {
        archetype.inside.mass = Mass::Layers(inner_half(layers));
        is_changed = Some(());
    }
    is_changed
}

/// U = 1 / (R_se + Σ d/λ + R_si), ISO 6946 equation 4 (W/m²K).
fn transmittance(layers: &[MaterialLayer], inner: f64) -> f64 {
    let through: f64 = layers.iter().map(|layer| layer.thickness / layer.conductivity).sum();
    1.0 / (OUTER + through + inner)
}

/// The half of a wall that one of its rooms sees: no heat passes its middle, and both sides count as areas of their own.
fn inner_half(layers: &[MaterialLayer]) -> Vec<MaterialLayer> {
    let whole: f64 = layers.iter().map(|layer| layer.thickness).sum();
    let mut left = 0.5 * whole;
    let mut half = Vec::new();
    for layer in layers.iter().rev() {
        let thickness = layer.thickness.min(left);
        if thickness > 0.0 {
            half.push(MaterialLayer { thickness, ..layer.clone() });
        }
        left -= thickness;
    }
    half.reverse();
    half
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(thickness: f64, conductivity: f64) -> MaterialLayer {
        MaterialLayer { material: "m".into(), thickness, conductivity, density: 1000.0, specific_heat: 1000.0 }
    }

    /// 0.24 / 0.5 + 0.1 / 0.035 = 0.48 + 2.857143 m²K/W, with surfaces 3.507143 m²K/W.
    #[test]
    fn layers_give_the_u_value() {
        let u = transmittance(&[layer(0.1, 0.035), layer(0.24, 0.5)], INNER_SIDEWAYS);
        assert!((u - 1.0 / 3.507_142_857).abs() < 1e-9, "{u}");
    }

    #[test]
    fn half_a_wall_ends_in_its_middle() {
        let half = inner_half(&[layer(0.02, 1.0), layer(0.1, 2.0), layer(0.04, 3.0)]);
        let thicknesses: Vec<f64> = half.iter().map(|layer| layer.thickness).collect();
        assert_eq!(half.iter().map(|layer| layer.conductivity).collect::<Vec<_>>(), [2.0, 3.0]);
        assert!((thicknesses[0] - 0.04).abs() < 1e-12 && (thicknesses[1] - 0.04).abs() < 1e-12, "{thicknesses:?}");
    }
}
