//! What a picture is drawn on: rectangles, polygons, lines and words, and the PNG file that it becomes.

use std::io::{self, Write};

use tiny_skia::{
    Color, FillRule, FilterQuality, Paint, Path, PathBuilder, Pattern, Pixmap, PremultipliedColorU8, Rect, SpreadMode,
    Stroke, Transform,
};

use super::text::{Font, Weight};
use crate::report::palette::{MISSING, MISSING_LINES, Rgb};

/// Side of the square that the lines over missing data repeat in, in pixels.
const HATCH: u32 = 8;

/// Where words stand with respect to their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// They start there.
    Start,
    /// They are centred there.
    Middle,
}

/// How words look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Letters {
    /// Pixels per em.
    pub size: f32,
    /// How heavy they are.
    pub weight: Weight,
    /// Their colour.
    pub colour: Rgb,
}

/// A rectangle, in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f32,
    /// Upper edge.
    pub top: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// What fills an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// One colour.
    Colour(Rgb),
    /// The lines that stand for missing data.
    Missing,
}

/// A picture in the making.
pub struct Canvas {
    pixels: Pixmap,
    hatch: Pixmap,
    /// The font of all words.
    pub font: Font,
}

impl Canvas {
    /// A white picture.
    ///
    /// # Panics
    /// A side is zero or too long for any memory.
    pub fn new(width: u32, height: u32) -> Canvas {
        let mut pixels = Pixmap::new(width, height).expect("a picture has a size that was checked");
        pixels.fill(Color::WHITE);
        Canvas { pixels, hatch: hatch(), font: Font::new() }
    }

    /// Colours one pixel; those outside are left alone.
    pub fn set(&mut self, (x, y): (u32, u32), fill: Fill) {
        let [red, green, blue] = match fill {
            Fill::Colour(colour) => colour,
            Fill::Missing => hatched(x, y),
        };
        let width = self.pixels.width();
        if x < width && y < self.pixels.height() {
            let colour = PremultipliedColorU8::from_rgba(red, green, blue, 255);
            self.pixels.pixels_mut()[(y * width + x) as usize] = colour.expect("opaque colours are premultiplied");
        }
    }

    /// Fills a rectangle and draws its border.
    pub fn rectangle(&mut self, area: Area, fill: Option<Fill>, border: Option<(Rgb, f32)>) {
        let Some(rect) = Rect::from_xywh(area.left, area.top, area.width, area.height) else { return };
        let path = PathBuilder::from_rect(rect);
        if let Some(fill) = fill {
            self.fill(&path, fill);
        }
        if let Some((colour, width)) = border {
            self.stroke(&path, colour, width);
        }
    }

    /// Fills a path by the even-odd rule, each pixel wholly or not at all.
    pub fn fill(&mut self, path: &Path, fill: Fill) {
        let mut paint = Paint { anti_alias: false, ..Paint::default() };
        match fill {
            Fill::Colour(colour) => paint.set_color(opaque(colour)),
            Fill::Missing => {
                let tile = self.hatch.as_ref();
                let (repeat, nearest) = (SpreadMode::Repeat, FilterQuality::Nearest);
                paint.shader = Pattern::new(tile, repeat, nearest, 1.0, Transform::identity());
            }
        }
        self.pixels.fill_path(path, &paint, FillRule::EvenOdd, Transform::identity(), None);
    }

    /// Draws the line of a path.
    pub fn stroke(&mut self, path: &Path, colour: Rgb, width: f32) {
        let mut paint = Paint { anti_alias: true, ..Paint::default() };
        paint.set_color(opaque(colour));
        let stroke = Stroke { width, ..Stroke::default() };
        self.pixels.stroke_path(path, &paint, &stroke, Transform::identity(), None);
    }

    /// Draws words on a base line.
    pub fn words(&mut self, words: &str, (x, y): (f32, f32), letters: Letters, anchor: Anchor) {
        let left = match anchor {
            Anchor::Start => x,
            Anchor::Middle => x - self.font.width(words, letters.weight, letters.size) / 2.0,
        };
        let Some(outline) = self.font.outline(words, letters.weight, letters.size, (left, y)) else { return };
        let mut paint = Paint { anti_alias: true, ..Paint::default() };
        paint.set_color(opaque(letters.colour));
        self.pixels.fill_path(&outline, &paint, FillRule::Winding, Transform::identity(), None);
    }

    /// Writes the picture as PNG, the same bytes for the same picture.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write_png(&self, out: impl Write) -> io::Result<()> {
        let mut encoder = png::Encoder::new(out, self.pixels.width(), self.pixels.height());
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header()?;
        let rgb: Vec<u8> =
            self.pixels.pixels().iter().flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
        writer.write_image_data(&rgb)?;
        Ok(writer.finish()?)
    }
}

/// A closed path through points; none for fewer than three.
pub fn ring(path: &mut PathBuilder, points: impl IntoIterator<Item = (f32, f32)>) {
    let mut points = points.into_iter();
    let Some((x, y)) = points.next() else { return };
    path.move_to(x, y);
    points.for_each(|(x, y)| path.line_to(x, y));
    path.close();
}

fn opaque([red, green, blue]: Rgb) -> Color {
    Color::from_rgba8(red, green, blue, 255)
}

/// The colour of a pixel where there is no data.
fn hatched(x: u32, y: u32) -> Rgb {
    if (x + y) % HATCH < 2 { MISSING_LINES } else { MISSING }
}

fn hatch() -> Pixmap {
    let mut tile = Pixmap::new(HATCH, HATCH).expect("the tile has a size");
    for (index, pixel) in tile.pixels_mut().iter_mut().enumerate() {
        let [red, green, blue] = hatched(index as u32 % HATCH, index as u32 / HATCH);
        *pixel = PremultipliedColorU8::from_rgba(red, green, blue, 255).expect("opaque colours are premultiplied");
    }
    tile
}
