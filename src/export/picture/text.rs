//! Words as outlines of Noto Sans, so that a picture looks the same on every machine.
//!
//! The font (© 2012 Google Inc., version 1.04) names the Apache License 2.0 as its own; the package that carries it adds the
//! SIL Open Font License 1.1 of later versions. Both let a program of any licence carry it.

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

/// What stands for a letter that the font lacks.
const UNKNOWN: char = '\u{fffd}';
const ELLIPSIS: char = '…';

/// How heavy letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// For most words.
    Regular,
    /// For headings.
    Bold,
}

/// A font of both weights.
pub struct Font {
    regular: Face<'static>,
    bold: Face<'static>,
}

impl Font {
    /// The font that the program carries.
    pub fn new() -> Font {
        let face = |bytes| Face::parse(bytes, 0).expect("the font that the program carries is whole");
        Font { regular: face(notosans::REGULAR_TTF), bold: face(notosans::BOLD_TTF) }
    }

    /// Width of words in pixels at a size in pixels per em.
    pub fn width(&self, words: &str, weight: Weight, size: f32) -> f32 {
        let face = self.face(weight);
        words.chars().map(|letter| advance(face, glyph(face, letter))).sum::<f32>() * size / em(face)
    }

    /// Outlines of words whose base line starts at (x, y); none where there is nothing to see.
    pub fn outline(&self, words: &str, weight: Weight, size: f32, (x, y): (f32, f32)) -> Option<Path> {
        let face = self.face(weight);
        let mut pen = Pen { path: PathBuilder::new(), scale: size / em(face), x, y };
        for letter in words.chars() {
            let glyph = glyph(face, letter);
            face.outline_glyph(glyph, &mut pen);
            pen.x += advance(face, glyph) * pen.scale;
        }
        pen.path.finish()
    }

    /// Words in lines of at most this width; the last of `max_lines` ends in an ellipsis if some are left.
    pub fn lines(&self, words: &str, weight: Weight, size: f32, width: f32, max_lines: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in words.split_whitespace() {
            let longer = lines.last().map(|line| format!("{line} {word}"));
            match longer.filter(|line| self.width(line, weight, size) <= width) {
                Some(longer) => *lines.last_mut().expect("a longer line comes from the last one") = longer,
                None => lines.push(word.to_owned()),
            }
        }
        let is_cut = lines.len() > max_lines;
        lines.truncate(max_lines);
        for (index, line) in lines.iter_mut().enumerate() {
            let is_last = is_cut && index + 1 == max_lines;
            if is_last || self.width(line, weight, size) > width {
                *line = self.shortened(line, weight, size, width);
            }
        }
        lines
    }

    fn shortened(&self, line: &str, weight: Weight, size: f32, width: f32) -> String {
        let mut letters: Vec<char> = line.chars().collect();
        loop {
            let text: String = letters.iter().copied().chain([ELLIPSIS]).collect();
            if letters.is_empty() || self.width(&text, weight, size) <= width {
                return text;
            }
            letters.pop();
        }
    }

    fn face(&self, weight: Weight) -> &Face<'static> {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

/// Draws outlines of letters, whose y goes up, onto a picture, whose y goes down.
struct Pen {
    path: PathBuilder,
    scale: f32,
    x: f32,
    y: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }
    fn close(&mut self) {
        self.path.close();
    }
}

fn glyph(face: &Face<'_>, letter: char) -> GlyphId {
    face.glyph_index(letter).or_else(|| face.glyph_index(UNKNOWN)).unwrap_or_default()
}

fn advance(face: &Face<'_>, glyph: GlyphId) -> f32 {
    f32::from(face.glyph_hor_advance(glyph).unwrap_or(0))
}

fn em(face: &Face<'_>) -> f32 {
    f32::from(face.units_per_em())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_wide_as_their_letters() {
        let font = Font::new();
        let width = |words: &str| font.width(words, Weight::Regular, 100.0);
        // Its table hmtx, as fontTools reads it: 532 for a space and 1171 for a one, of 2048 per em.
        assert_eq!([width("1"), width("1 1"), width("")], [117_100.0 / 2048.0, 287_400.0 / 2048.0, 0.0]);
        assert!(width("kWh/m²") > 0.0 && font.width("m", Weight::Bold, 100.0) > width("m"));
        let outline = font.outline("1", Weight::Regular, 100.0, (10.0, 50.0)).unwrap();
        assert!(outline.bounds().left() >= 10.0 && outline.bounds().bottom() <= 50.5 && outline.bounds().top() < 0.0);
        assert!(font.outline(" ", Weight::Regular, 100.0, (0.0, 0.0)).is_none());
    }

    #[test]
    fn long_words_are_broken_and_cut() {
        let font = Font::new();
        let lines = |words: &str, width, most| font.lines(words, Weight::Regular, 10.0, width, most);
        let width = font.width("solar potential", Weight::Regular, 10.0);
        assert_eq!(lines("solar potential of roofs", width + 0.1, 3), ["solar potential", "of roofs"]);
        let cut = lines("solar potential of roofs", width + 0.1, 1);
        assert!(cut[0].ends_with('…') && font.width(&cut[0], Weight::Regular, 10.0) <= width + 0.1, "{cut:?}");
        assert!(lines("Donaudampfschifffahrtsgesellschaft", 40.0, 2)[0].ends_with('…'));
        assert!(lines("", 10.0, 2).is_empty());
    }
}
