//! The map of roofs: polygons in the colours of their classes, the higher ones over the lower ones.

use super::super::markup::Html;
use super::legend;
use crate::report::numbers;
use crate::report::palette::{ColourScale, MISSING, hex};
use crate::report::solar::city::{City, Rings};

/// Width of the drawing.
const WIDTH: f64 = 960.0;
/// Greatest height of the drawing.
const MAX_HEIGHT: f64 = 760.0;
/// Roofs drawn at most, those with the largest area first; a page with more would not open on a phone.
const MAX_ROOFS: usize = 20_000;

/// What a map shows, in words.
pub struct Look {
    /// A line for those who cannot see it.
    pub summary: &'static str,
    /// What stands below it.
    pub description: &'static str,
    /// Heading of its classes.
    pub legend: &'static str,
}

/// The words of the map of irradiation.
pub const IRRADIATION: Look = Look {
    summary: "Map of roofs by annual irradiation",
    description: "Roofs from above. Colour shows the annual irradiation of each roof, kWh/m², from dark for little to light \
                  for much; grey has no value. Point at a roof for its building and its value.",
    legend: "Annual irradiation of roofs, kWh/m²",
};

/// The map of values of surfaces, kWh/m², with its legend.
pub fn figure(city: &City, rings: &Rings, (values, area): (&[f64], &[f64]), look: &Look) -> Html {
    let roofs: Vec<usize> = city.roofs().collect();
    if roofs.is_empty() {
        return Html::new().paragraph("No surface is a roof.");
    }
    let scale = ColourScale::of(roofs.iter().map(|&roof| values[roof]));
    let items: Vec<(f64, f64)> = roofs.iter().map(|&roof| (values[roof], area[roof].max(0.0))).collect();
    let drawn = roofs_to_draw(rings, roofs.clone(), area);
    let mut html = Html::new().raw("<figure class=\"roofs\">\n").with(drawing(
        (city, rings),
        &drawn,
        values,
        &scale,
        look.summary,
    ));
    html = html.raw("<figcaption>").text(look.description).raw("</figcaption>\n");
    if drawn.len() < roofs.len() {
        let text = format!(
            "Only the {} largest of the {} roofs are drawn; the others are in the exports.",
            numbers::count(drawn.len() as u64),
            numbers::count(roofs.len() as u64)
        );
        html = html.raw("<p class=\"notice\">").text(&text).raw("</p>\n");
    }
    html.with(legend(look.legend, "Roofs", &scale, &items)).raw("</figure>\n")
}

/// Roofs by height, the lowest first; of very many only the largest.
fn roofs_to_draw(rings: &Rings, mut roofs: Vec<usize>, area: &[f64]) -> Vec<usize> {
    if roofs.len() > MAX_ROOFS {
        roofs.sort_by(|one, other| area[*other].total_cmp(&area[*one]).then(one.cmp(other)));
        roofs.truncate(MAX_ROOFS);
    }
    let mut by_height: Vec<(f64, usize)> = roofs.into_iter().map(|roof| (rings.mean_height(roof), roof)).collect();
    by_height.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    by_height.into_iter().map(|(_, roof)| roof).collect()
}

fn drawing(
    (city, rings): (&City, &Rings),
    roofs: &[usize],
    values: &[f64],
    scale: &ColourScale,
    summary: &str,
) -> Html {
    let corners = || roofs.iter().flat_map(|&roof| rings.of(roof)).flatten();
    let least = |axis: usize| corners().map(|corner| corner[axis]).fold(f64::INFINITY, f64::min);
    let most = |axis: usize| corners().map(|corner| corner[axis]).fold(f64::NEG_INFINITY, f64::max);
    let (west, north) = (least(0), most(1));
    let (across, up) = ((most(0) - west).max(1.0), (north - least(1)).max(1.0));
    let size = ((WIDTH - 20.0) / across).min((MAX_HEIGHT - 20.0) / up);
    let mut svg = Html::new().raw("<svg viewBox=\"0 0 ").coordinate(across * size + 20.0).raw(" ");
    svg = svg.coordinate(up * size + 20.0).raw("\" role=\"img\" aria-label=\"").text(summary).raw("\">\n");
    for &roof in roofs {
        let class = scale.class_of(values[roof]);
        svg = svg.raw("<path fill-rule=\"evenodd\" fill=\"");
        svg = svg.text(&class.map_or_else(|| hex(MISSING), |class| hex(scale.colour(class)))).raw("\" d=\"");
        for ring in rings.of(roof) {
            for (index, corner) in ring.iter().enumerate() {
                svg = svg.raw(if index == 0 { "M" } else { "L" });
                svg = svg.coordinate(10.0 + (corner[0] - west) * size).raw(" ");
                svg = svg.coordinate(10.0 + (north - corner[1]) * size);
            }
            svg = svg.raw("Z");
        }
        let building = &city.building_id[city.surface_building[roof]];
        let words = format!("{building}: {} kWh/m²", numbers::number(values[roof]));
        svg = svg.raw("\"><title>").text(&words).raw("</title></path>\n");
    }
    svg.raw("</svg>\n")
}
