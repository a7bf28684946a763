//! What tells how to read a map: classes with their colours, a bar of known length, and where north is.

use tiny_skia::PathBuilder;

use super::canvas::{Anchor, Area, Canvas, Fill, Letters, ring};
use super::text::Weight;
use super::{INK, SOFT};
use crate::report::numbers;
use crate::report::palette::ColourScale;

/// Sizes at the usual width, in pixels.
const SWATCH: (f32, f32) = (52.0, 34.0);
const ROW: f32 = 46.0;
const HEADING_SIZE: f32 = 26.0;
const LABEL_SIZE: f32 = 24.0;

/// What stands beside a map.
pub struct Legend<'a> {
    /// What is shown.
    pub heading: &'a str,
    /// In which unit.
    pub unit_words: &'a str,
    /// Classes.
    pub scale: &'a ColourScale,
    /// Whether something has no value.
    pub has_missing: bool,
    /// Size of a metre.
    pub pixels_per_m: f64,
    /// Left edge at the usual width.
    pub left: f32,
    /// Width at the usual width.
    pub width: f32,
    /// Upper edge at the usual width.
    pub top: f32,
    /// Lower edge at the usual width.
    pub bottom: f32,
}

impl Legend<'_> {
    /// Draws it; `unit` is the size of a pixel at the usual width.
    pub fn draw(&self, canvas: &mut Canvas, unit: f32) {
        self.draw_classes(canvas, unit);
        self.draw_north(canvas, unit);
        self.draw_bar(canvas, unit);
    }

    fn draw_classes(&self, canvas: &mut Canvas, unit: f32) {
        let bold = Letters { size: HEADING_SIZE * unit, weight: Weight::Bold, colour: INK };
        let plain = Letters { size: LABEL_SIZE * unit, weight: Weight::Regular, colour: INK };
        let mut y = self.top + HEADING_SIZE;
        for line in canvas.font.lines(self.heading, bold.weight, bold.size, self.width * unit, 3) {
            canvas.words(&line, (self.left * unit, y * unit), bold, Anchor::Start);
            y += HEADING_SIZE * 1.3;
        }
        canvas.words(self.unit_words, (self.left * unit, y * unit), Letters { colour: SOFT, ..plain }, Anchor::Start);
        y += 24.0;
        let classes = (0..self.scale.n_classes()).rev();
        let mut rows: Vec<(Fill, String)> =
            classes.map(|class| (Fill::Colour(self.scale.colour(class)), self.scale.label(class))).collect();
        if self.has_missing {
            rows.push((Fill::Missing, "no value".to_owned()));
        }
        for (fill, label) in rows {
            let (left, top) = ((self.left * unit).round(), (y * unit).round());
            let swatch = Area { left, top, width: SWATCH.0 * unit, height: SWATCH.1 * unit };
            canvas.rectangle(swatch, Some(fill), Some((SOFT, unit)));
            let at = ((self.left + SWATCH.0 + 16.0) * unit, (y + SWATCH.1 - 8.0) * unit);
            canvas.words(&label, at, plain, Anchor::Start);
            y += ROW;
        }
    }

    fn draw_north(&self, canvas: &mut Canvas, unit: f32) {
        let (x, y) = (self.left + 30.0, self.bottom - 190.0);
        let mut arrow = PathBuilder::new();
        let corners = [(0.0, 0.0), (22.0, 72.0), (0.0, 56.0), (-22.0, 72.0)];
        ring(&mut arrow, corners.map(|(across, down)| ((x + across) * unit, (y + down) * unit)));
        if let Some(arrow) = arrow.finish() {
            canvas.fill(&arrow, Fill::Colour(INK));
            canvas.stroke(&arrow, INK, unit);
        }
        let letters = Letters { size: 30.0 * unit, weight: Weight::Bold, colour: INK };
        canvas.words("N", (x * unit, (y - 10.0) * unit), letters, Anchor::Middle);
    }

    /// A bar of a round length, at most as long as the legend is wide.
    fn draw_bar(&self, canvas: &mut Canvas, unit: f32) {
        let metres = round_length(f64::from(self.width * 0.85 * unit) / self.pixels_per_m);
        let width = (metres * self.pixels_per_m) as f32;
        let (left, top) = (self.left * unit, (self.bottom - 34.0) * unit);
        let half = Area { left, top, width: width / 2.0, height: 14.0 * unit };
        canvas.rectangle(Area { width, ..half }, Some(Fill::Colour([255; 3])), Some((INK, 2.0 * unit)));
        canvas.rectangle(half, Some(Fill::Colour(INK)), None);
        let words = match metres >= 1000.0 {
            true => format!("{} km", numbers::number(metres / 1000.0)),
            false => format!("{} m", numbers::number(metres)),
        };
        let letters = Letters { size: LABEL_SIZE * unit, weight: Weight::Regular, colour: INK };
        canvas.words(&words, (left, top - 12.0 * unit), letters, Anchor::Start);
    }
}

/// The largest of 1, 2, 5 × 10ⁿ that is not above a length.
fn round_length(longest: f64) -> f64 {
    let power = 10_f64.powf(longest.log10().floor());
    [5.0, 2.0].map(|digit| digit * power).into_iter().find(|length| *length <= longest).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_round_and_not_too_long() {
        assert_eq!([99.0, 100.0, 250.0, 7.0, 0.3].map(round_length), [50.0, 100.0, 200.0, 5.0, 0.2]);
    }
}
