//! The map of a page: what is drawn goes along as numbers in base64, a small script draws it on a canvas.

use super::markup::Cell;
use super::markup::{Html, table};
use crate::error::Error;
use crate::report::numbers;
use crate::store::read::RunReader;

/// Links drawn at most, those with the greatest width first; a page with more would not open on a phone.
pub const MAX_LINKS: usize = 200_000;

/// Where the links are.
pub struct Network<'a> {
    /// Id of each link.
    pub link_id: &'a [i64],
    /// Index of the node each link starts at.
    pub tail: &'a [usize],
    /// Index of the node each link ends at.
    pub head: &'a [usize],
    /// Position of each node.
    pub node_xy: &'a [[f64; 2]],
}

/// What x and y of a node are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plane {
    /// Lengths on a plane.
    Projected,
    /// Degrees of longitude and latitude.
    Geographic,
}

/// One figure of each link.
pub struct Field<'a> {
    label: &'static str,
    unit: &'static str,
    values: &'a [f64],
}

/// What colour and width say.
pub struct Look<'a> {
    /// The figure that colour shows.
    pub colour_by: Field<'a>,
    /// The figure whose size width shows.
    pub width_by: Field<'a>,
    /// Figures that only the note beside the pointer tells.
    pub also: Vec<Field<'a>>,
    /// Classes of colour.
    pub classes: Classes,
}

/// Borders between the classes of colour, ascending, and the ramp they are drawn in.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    breaks: Vec<f64>,
    ramp: Ramp,
}

/// A row of colours that colour-blind people can tell apart, from light to dark or from one end to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ramp {
    /// Six steps from little to much.
    Sequential,
    /// Five steps from less over equal to more.
    Diverging,
}

/// A map, ready to be put on a page.
pub struct Map {
    data: serde_json::Value,
    legend: Html,
    /// Place of each link in the drawing; none for those left out.
    drawn: Vec<Option<u32>>,
    n_drawn: usize,
}

impl<'a> Field<'a> {
    /// A figure with its name and unit.
    pub fn new(label: &'static str, unit: &'static str, values: &'a [f64]) -> Field<'a> {
        Field { label, unit, values }
    }
}

impl Classes {
    /// Classes of volume over capacity.
    pub fn volume_capacity() -> Classes {
        Classes { breaks: vec![0.5, 0.7, 0.85, 1.0, 1.2], ramp: Ramp::Sequential }
    }

    /// Classes of differences, symmetric about zero, that suit these values.
    pub fn differences(values: &[f64]) -> Classes {
        let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).filter(|size| size.is_finite()).collect();
        sizes.sort_by(f64::total_cmp);
        // One link in fifty may be off the scale, so that a single outlier does not leave the rest grey.
        let large = sizes.get(sizes.len().saturating_sub(1) * 49 / 50).copied().unwrap_or(0.0);
        let large = if large > 0.0 { large } else { sizes.last().copied().unwrap_or(0.0) };
        let outer = if large > 0.0 { round_number(large / 2.0) } else { 1.0 };
        Classes { breaks: vec![-outer, -outer / 10.0, outer / 10.0, outer], ramp: Ramp::Diverging }
    }

    fn of(&self, value: f64) -> Option<usize> {
        // Written out so that NaN belongs to no class.
        value.is_finite().then(|| self.breaks.iter().take_while(|limit| value >= **limit).count())
    }

    fn label(&self, class: usize) -> String {
        let limit = |index: usize| numbers::number(self.breaks[index]);
        match class {
            0 => format!("below {}", limit(0)),
            class if class == self.breaks.len() => format!("{} and more", limit(class - 1)),
            class => format!("{} to {}", limit(class - 1), limit(class)),
        }
    }
}

impl Map {
    /// Lays out a map.
    pub fn new(network: &Network<'_>, plane: Plane, look: Look<'_>) -> Map {
        let shown = links_to_draw(look.width_by.values);
        let mut drawn = vec![None; network.link_id.len()];
        for (place, link) in shown.iter().enumerate() {
            drawn[*link] = u32::try_from(place).ok();
        }
        let legend = legend(look.colour_by.label, &look.classes, look.colour_by.values);
        let fields: Vec<serde_json::Value> = [&look.colour_by, &look.width_by]
            .into_iter()
            .chain(&look.also)
            .map(|field| {
                let values = shown.iter().flat_map(|link| (field.values[*link] as f32).to_le_bytes());
                serde_json::json!({"label": field.label, "unit": field.unit, "data": base64(values)})
            })
            .collect();
        let ids: Vec<i64> = shown.iter().map(|link| network.link_id[*link]).collect();
        let ends: Vec<usize> = shown.iter().flat_map(|link| [network.tail[*link], network.head[*link]]).collect();
        let (nodes, width, height) = place_nodes(network.node_xy, plane);
        let data = serde_json::json!({
            "width": width,
            "height": height,
            "nodes": base64(nodes.into_iter().flat_map(u16::to_le_bytes)),
            "ends": pack_ends(&ends, network.node_xy.len()),
            "ids": pack_ids(&ids),
            "fields": fields,
            "breaks": look.classes.breaks,
            "ramp": look.classes.ramp.name(),
        });
        Map { data, legend, drawn, n_drawn: shown.len() }
    }

    /// The figure with canvas, buttons, legend and data.
    pub fn html(&self, description: &str) -> Html {
        let mut html = Html::new()
            .raw("<figure class=\"map\">\n<div class=\"frame\">\n<canvas tabindex=\"0\" role=\"img\" aria-label=\"");
        html = html.text(description).raw("\">").text(description).raw("</canvas>\n");
        html = html.raw(
            "<div class=\"buttons\"><button type=\"button\" data-do=\"in\" aria-label=\"Zoom in\">+</button>\
             <button type=\"button\" data-do=\"out\" aria-label=\"Zoom out\">−</button>\
             <button type=\"button\" data-do=\"fit\" aria-label=\"Show the whole network\">fit</button></div>\n\
             <div class=\"note\" role=\"status\" hidden></div>\n</div>\n<figcaption>",
        );
        html = html.text(description).raw(
            " Drag to move; pinch, use the buttons, or hold Ctrl and turn the wheel to zoom; point at a link for its \
             figures. With the keyboard: arrows move, + and − zoom, 0 shows all, N and P go through the links from \
             the widest.</figcaption>\n<noscript><p class=\"notice\">The map needs JavaScript; all tables work without.</p></noscript>\n",
        );
        if self.n_drawn < self.drawn.len() {
            let text = format!(
                "Only the {} widest of the {} links are drawn; the others are in the tables and exports.",
                numbers::count(self.n_drawn as u64),
                numbers::count(self.drawn.len() as u64)
            );
            html = html.raw("<p class=\"notice\">").text(&text).raw("</p>\n");
        }
        html.with(self.legend.clone())
            .raw("<script type=\"application/json\">")
            .json(&self.data)
            .raw("</script>\n</figure>\n")
    }
}

impl Ramp {
    fn name(self) -> &'static str {
        match self {
            Ramp::Sequential => "load",
            Ramp::Diverging => "diff",
        }
    }
}

/// The colours with what they mean and how many links have them; readable without the map.
pub fn legend(label: &str, classes: &Classes, values: &[f64]) -> Html {
    let mut counts = vec![0_u64; classes.breaks.len() + 1];
    let mut n_without = 0;
    for value in values {
        match classes.of(*value) {
            Some(class) => counts[class] += 1,
            None => n_without += 1,
        }
    }
    let share = |count: u64| format!("{} %", numbers::fixed(100.0 * count as f64 / values.len().max(1) as f64, 1));
    let mut rows: Vec<Vec<Cell>> = counts
        .iter()
        .enumerate()
        .map(|(class, count)| {
            let swatch = Html::new().raw("<span class=\"swatch ").text(classes.ramp.name()).raw("-");
            let swatch = swatch.text(&class.to_string()).raw("\"></span> ").text(&classes.label(class));
            vec![Cell::Piece(swatch), Cell::Number(numbers::count(*count)), Cell::Number(share(*count))]
        })
        .collect();
    if n_without > 0 {
        let none = Cell::Words("no value".to_owned());
        rows.push(vec![none, Cell::Number(numbers::count(n_without)), Cell::Number(share(n_without))]);
    }
    Html::new().raw("<div class=\"legend\">").with(table(label, &["Class", "Links", "Share"], rows)).raw("</div>\n")
}

/// A link's id; where the map draws it, as a button that shows it there.
pub fn link_button(map: Option<&Map>, link_id: i64, link: usize) -> Html {
    match map.and_then(|map| map.drawn[link]) {
        Some(place) => Html::new()
            .raw("<button type=\"button\" class=\"show\" data-link=\"")
            .text(&place.to_string())
            .raw("\" title=\"Show on the map\">")
            .text(&link_id.to_string())
            .raw("</button>"),
        None => Html::new().text(&link_id.to_string()),
    }
}

/// Whether a run's coordinates are degrees.
pub fn geographic(run: &RunReader) -> Result<Plane, Error> {
    let scenario = run.scenario()?;
    let crs = scenario.get("scenario").and_then(|table| table.get("crs")).and_then(toml::Value::as_str);
    Ok(match crs {
        Some(crs) if is_longitude_latitude(crs) => Plane::Geographic,
        _ => Plane::Projected,
    })
}

/// Whether a coordinate reference system is longitude and latitude on WGS 84.
pub fn is_longitude_latitude(crs: &str) -> bool {
    ["EPSG:4326", "OGC:CRS84", "CRS84"].iter().any(|known| known.eq_ignore_ascii_case(crs.trim()))
}

fn links_to_draw(width: &[f64]) -> Vec<usize> {
    let mut links: Vec<usize> = (0..width.len()).collect();
    if links.len() > MAX_LINKS {
        let size = |link: &usize| if width[*link].is_finite() { width[*link].abs() } else { 0.0 };
        links.sort_by(|one, other| size(other).total_cmp(&size(one)).then(one.cmp(other)));
        links.truncate(MAX_LINKS);
        links.sort_unstable();
    }
    links
}

/// Nodes as (x, y) in 16 bits, y downwards, both axes to one scale, with the width and height they fill.
fn place_nodes(node_xy: &[[f64; 2]], plane: Plane) -> (Vec<u16>, u16, u16) {
    let range = |axis: usize| {
        let values = || node_xy.iter().map(|xy| xy[axis]);
        (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
    };
    let ((west, east), (south, north)) = (range(0), range(1));
    // A degree of longitude is shorter than one of latitude by the cosine of the latitude.
    let stretch = match plane {
        Plane::Geographic => ((south + north) / 2.0).to_radians().cos().abs().max(0.01),
        Plane::Projected => 1.0,
    };
    let extent = ((east - west) * stretch).max(north - south);
    let scale = if extent > 0.0 && extent.is_finite() { f64::from(u16::MAX) / extent } else { 0.0 };
    let place = |distance: f64| (distance * scale).round() as u16;
    let nodes = node_xy.iter().flat_map(|[x, y]| [place((x - west) * stretch), place(north - y)]).collect();
    (nodes, place((east - west) * stretch), place(north - south))
}

/// Node indices in 16 bits each where they fit, else in 32; the script tells which by the length.
fn pack_ends(ends: &[usize], n_nodes: usize) -> String {
    if n_nodes <= usize::from(u16::MAX) + 1 {
        base64(ends.iter().flat_map(|node| (*node as u16).to_le_bytes()))
    } else {
        base64(ends.iter().flat_map(|node| (*node as u32).to_le_bytes()))
    }
}

/// Ids in 32 bits each where they fit, else as 64-bit floats, which hold whole numbers exactly up to 2^53.
fn pack_ids(ids: &[i64]) -> String {
    if ids.iter().all(|id| u32::try_from(*id).is_ok()) {
        base64(ids.iter().flat_map(|id| (*id as u32).to_le_bytes()))
    } else {
        base64(ids.iter().flat_map(|id| (*id as f64).to_le_bytes()))
    }
}

/// The nearest of 1, 2, 5 × 10ⁿ.
fn round_number(value: f64) -> f64 {
    let power = 10_f64.powf(value.log10().floor());
    let lead = value / power;
    let lead = if lead < 1.5 {
        1.0
    } else if lead < 3.5 {
        2.0
    } else if lead < 7.5 {
        5.0
    } else {
        10.0
    };
    lead * power
}

fn base64(bytes: impl Iterator<Item = u8>) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bytes: Vec<u8> = bytes.collect();
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for triple in bytes.chunks(3) {
        let word =
            triple.iter().enumerate().fold(0_u32, |word, (index, byte)| word | u32::from(*byte) << (16 - 8 * index));
        for index in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * index)) as usize & 63];
            text.push(if index <= triple.len() { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_agrees_with_the_standard_examples() {
        // RFC 4648, section 10.
        let cases =
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE=")];
        for (plain, coded) in cases {
            assert_eq!(base64(plain.bytes()), coded);
        }
    }

    #[test]
    fn small_numbers_are_packed_small() {
        let bytes = |text: &str| text.len() / 4 * 3;
        assert_eq!([bytes(&pack_ends(&[0, 1, 65_535], 65_536)), bytes(&pack_ends(&[0, 1, 2], 65_537))], [6, 12]);
        assert_eq!([bytes(&pack_ids(&[1, 2, 4_294_967_295])), bytes(&pack_ids(&[1, 2, 4_294_967_296]))], [12, 24]);
        assert_eq!(bytes(&pack_ids(&[-1, 2, 3])), 24);
    }

    #[test]
    fn classes_hold_their_lower_border() {
        let classes = Classes::volume_capacity();
        assert_eq!(
            [0.0, 0.49, 0.5, 0.99, 1.0, 1.2, 9.0].map(|ratio| classes.of(ratio).unwrap()),
            [0, 0, 1, 3, 4, 5, 5]
        );
        assert_eq!(classes.of(f64::NAN), None);
        assert_eq!(classes.label(0), "below 0.5");
        assert_eq!(classes.label(5), "1.2 and more");
        let differences = Classes::differences(&[-400.0, 0.0, 1.0, 380.0, f64::NAN]);
        assert_eq!(differences.breaks, [-200.0, -20.0, 20.0, 200.0]);
        assert_eq!(Classes::differences(&[0.0, 0.0]).breaks, [-1.0, -0.1, 0.1, 1.0]);
    }

    #[test]
    fn nodes_keep_their_shape() {
        // 200 wide, 100 high; north is up, so the greatest y becomes 0.
        let (nodes, width, height) = place_nodes(&[[100.0, 0.0], [300.0, 100.0]], Plane::Projected);
        assert_eq!((nodes, width, height), (vec![0, 32768, 65535, 0], 65535, 32768));
        // At 60° north a degree of longitude is half a degree of latitude long.
        let (_, width, height) = place_nodes(&[[0.0, 59.0], [2.0, 61.0]], Plane::Geographic);
        assert_eq!((width, height), (32768, 65535));
        // One point, or none, is a map without extent rather than a division by zero.
        assert_eq!(place_nodes(&[[7.0, 7.0]], Plane::Projected), (vec![0, 0], 0, 0));
        assert_eq!(place_nodes(&[], Plane::Geographic), (vec![], 0, 0));
    }

    #[test]
    fn only_the_widest_links_of_a_huge_network_are_drawn() {
        let width: Vec<f64> = (0..MAX_LINKS + 3).map(|link| if link < 3 { f64::NAN } else { link as f64 }).collect();
        let drawn = links_to_draw(&width);
        assert_eq!((drawn.len(), drawn[0]), (MAX_LINKS, 3));
    }
}
