//! A map of a run's roofs or raster as a PNG picture, the same bytes for the same run.

mod canvas;
mod legend;
mod quantity;
mod scene;
mod text;

use std::path::Path;

use self::canvas::{Anchor, Area, Canvas, Letters};
use self::legend::Legend;
use self::quantity::Quantity;
use self::scene::Scene;
use self::text::Weight;
use super::Options;
use super::file::write_file;
use crate::error::{Error, Problem};
use crate::report::palette::Rgb;
use crate::report::solar::notes::SolarNotes;
use crate::store::read::RunReader;

/// Width of a picture that nobody asked otherwise, in pixels; it is three quarters as high.
pub const USUAL_WIDTH: usize = 1600;
/// Widths that words are legible at and that fit into memory.
pub const WIDTHS: std::ops::RangeInclusive<usize> = 600..=8000;

/// Words.
const INK: Rgb = [0x1b, 0x1f, 0x24];
/// Words and lines that matter less.
const SOFT: Rgb = [0x4a, 0x55, 0x60];

/// Where things stand at the usual width, in pixels; all grows with the width.
const FRAME: Area = Area { left: 40.0, top: 160.0, width: 1180.0, height: 900.0 };
const LEGEND_LEFT: f32 = 1250.0;
const LEGEND_WIDTH: f32 = 310.0;
const TITLE_WIDTH: f32 = 1520.0;

/// Writes the picture of a run.
///
/// # Errors
/// The run has nothing to draw or not what was asked for, or is damaged, or the file cannot be written.
pub fn write(run: &RunReader, path: &Path, options: &Options<'_>) -> Result<(), Error> {
    if !WIDTHS.contains(&options.width) {
        let message =
            format!("a picture is {} to {} pixels wide, found {}", WIDTHS.start(), WIDTHS.end(), options.width);
        return Err(Problem::new(message).of_key("--width").into());
    }
    let quantity = quantity::choose(run, options.field)?;
    let canvas = draw(run, &quantity, options.width)?;
    write_file(path, options.existing, |out| canvas.write_png(out))
}

/// The whole picture.
fn draw(run: &RunReader, quantity: &Quantity, width: usize) -> Result<Canvas, Error> {
    let notes = SolarNotes::read(run)?;
    let unit = width as f32 / USUAL_WIDTH as f32;
    let scaled = |area: Area| Area {
        left: (area.left * unit).round(),
        top: (area.top * unit).round(),
        width: (area.width * unit).round(),
        height: (area.height * unit).round(),
    };
    let frame = scaled(FRAME);
    let scene = Scene::read(run, quantity, frame)?;
    let scale = scene.scale();
    let mut canvas = Canvas::new(width as u32, (width * 3 / 4) as u32);
    scene.draw(&mut canvas, &scale);
    canvas.rectangle(frame, None, Some((SOFT, 1.5 * unit)));
    let unit_words = quantity.unit.replace("CUR", notes.currency.as_deref().unwrap_or("currency"));
    title(&mut canvas, unit, &run.report().scenario.title, &format!("{}, {unit_words}", quantity.label));
    let legend = Legend {
        heading: quantity.label,
        unit_words: &unit_words,
        scale: &scale,
        has_missing: scene.has_missing(),
        pixels_per_m: scene.place().pixels_per_m,
        left: LEGEND_LEFT,
        width: LEGEND_WIDTH,
        top: FRAME.top,
        bottom: FRAME.top + FRAME.height,
    };
    legend.draw(&mut canvas, unit);
    credits(&mut canvas, unit, &sky_words(&notes), &source_words(run));
    Ok(canvas)
}

fn title(canvas: &mut Canvas, unit: f32, title: &str, subtitle: &str) {
    let bold = Letters { size: 44.0 * unit, weight: Weight::Bold, colour: INK };
    let regular = Letters { size: 30.0 * unit, weight: Weight::Regular, colour: SOFT };
    for (words, letters, y) in [(title, bold, 78.0), (subtitle, regular, 130.0)] {
        let lines = canvas.font.lines(words, letters.weight, letters.size, TITLE_WIDTH * unit, 1);
        lines.iter().for_each(|line| canvas.words(line, (40.0 * unit, y * unit), letters, Anchor::Start));
    }
}

fn credits(canvas: &mut Canvas, unit: f32, sky: &str, sources: &str) {
    let letters = Letters { size: 22.0 * unit, weight: Weight::Regular, colour: SOFT };
    let mut lines = canvas.font.lines(sky, letters.weight, letters.size, TITLE_WIDTH * unit, 1);
    lines.extend(canvas.font.lines(sources, letters.weight, letters.size, TITLE_WIDTH * unit, 2));
    for (index, line) in lines.iter().enumerate() {
        canvas.words(line, (40.0 * unit, (1100.0 + 32.0 * index as f32) * unit), letters, Anchor::Start);
    }
}

/// How the sun was computed.
fn sky_words(notes: &SolarNotes) -> String {
    let sky = notes.sky_model_words();
    let radiation = notes.radiation_words();
    let weather = notes.weather_file.as_ref().map(|file| format!("weather: {file}"));
    let year = notes.sun_year.as_ref().map(|year| format!("sun of {year}"));
    let sky = (!sky.is_empty()).then(|| format!("Sky model: {sky}"));
    let radiation = (!radiation.is_empty()).then_some(radiation);
    [sky, radiation, weather, year].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Credits of the inputs, each once.
fn source_words(run: &RunReader) -> String {
    let mut credits: Vec<&str> = Vec::new();
    for source in &run.report().sources {
        if let Some(credit) = source.attribution.as_deref().filter(|credit| !credits.contains(credit)) {
            credits.push(credit);
        }
    }
    let drawn_by = concat!("Computed with conurb ", env!("CARGO_PKG_VERSION"));
    if credits.is_empty() { drawn_by.to_owned() } else { format!("Sources: {}. {drawn_by}", credits.join("; ")) }
}
