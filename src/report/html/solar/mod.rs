//! The sun on buildings and ground: key figures, a map of roofs, the best buildings, the mean roof by month and hour.

mod buildings;
mod figures;
mod month_hour;
pub(super) mod roofs;

use super::markup::{Cell, Html, section, table};
use crate::error::Error;
use crate::field::solar as fields;
use crate::report::palette::{ColourScale, hex};
use crate::report::solar::city::{City, Rings};
use crate::report::solar::columns::{building_columns, building_findings};
use crate::report::solar::notes::SolarNotes;
use crate::report::solar::{column, has_raster, has_surfaces};
use crate::store::read::RunReader;

/// All sections about the sun; nothing where the run has none.
pub fn sections(run: &RunReader) -> Result<Html, Error> {
    let (with_surfaces, with_raster) = (has_surfaces(run), has_raster(run));
    if !with_surfaces && !with_raster {
        return Ok(Html::new());
    }
    let notes = SolarNotes::read(run)?;
    let mut body = Html::new();
    if with_surfaces {
        let city = City::read(run)?;
        let columns = building_columns(run, &city, &notes)?;
        let findings = building_findings(run, &city)?;
        let annual = column(run, &fields::ANNUAL_IRRADIATION, city.n_surfaces())?;
        let area = column(run, &fields::SURFACE_EXPOSED_AREA, city.n_surfaces())?;
        body = body.with(figures::section(&city, &columns, &notes, (&annual, &area)));
        let rings = Rings::read(run, city.n_surfaces())?;
        body = body.with(section(
            "roofs",
            "Sun on roofs",
            roofs::figure(&city, &rings, (&annual, &area), &roofs::IRRADIATION),
        ));
        body = body.with(month_hour::section(run, &city, &area)?);
        body = body.with(buildings::best_section(&city, &columns, &notes));
        body = body.with(buildings::findings_section(&city, &findings));
    }
    if with_raster {
        body = body.with(figures::raster_section(run)?);
    }
    Ok(body.with(method_section(&notes)))
}

/// Which models the results are from.
fn method_section(notes: &SolarNotes) -> Html {
    let or_dash = |words: String| if words.is_empty() { "not stated".to_owned() } else { words };
    let stated = |text: &Option<String>| text.clone().unwrap_or_else(|| "not stated".to_owned());
    let rows = [
        ("Sky model", or_dash(notes.sky_model_words())),
        ("Direct and diffuse radiation", or_dash(notes.radiation_words())),
        ("Weather file", stated(&notes.weather_file)),
        ("Year whose sun shines", stated(&notes.sun_year)),
        ("Position of the sun", "Reda and Andreas 2004 (SPA)".to_owned()),
    ];
    let rows = rows.into_iter().map(|(what, value)| vec![Cell::Words(what.to_owned()), Cell::Words(value)]);
    let text = "Irradiation is the mean over the area of a surface that no other building covers, with the shadows of \
                its surroundings. Hours are local standard time. The sky model alone moves a roof by some 5 percent, so \
                compare only results of the same model.";
    section(
        "sun-method",
        "How the sun was computed",
        Html::new().paragraph(text).with(table("Models", &["What", "Model"], rows.collect())),
    )
}

/// Classes with their colours, how many there are of each, and their share of the area.
fn legend(caption: &str, counted: &str, scale: &ColourScale, items: &[(f64, f64)]) -> Html {
    let total: f64 = items.iter().map(|(_, area)| area).sum();
    let row = |class: Option<usize>| {
        let of_class = items.iter().filter(|(value, _)| scale.class_of(*value) == class);
        let (count, area) = of_class.fold((0, 0.0), |(count, sum), (_, area)| (count + 1, sum + area));
        let share = if total > 0.0 { area / total } else { f64::NAN };
        let colour = class.map_or_else(|| hex(crate::report::palette::MISSING), |class| hex(scale.colour(class)));
        let label = class.map_or_else(|| "no value".to_owned(), |class| scale.label(class));
        let swatch = Html::new().raw("<span class=\"swatch\" style=\"background:").text(&colour).raw("\"></span> ");
        vec![
            Cell::Piece(swatch.text(&label)),
            Cell::Number(super::numbers::count(count)),
            Cell::Number(format!("{} %", super::numbers::fixed(100.0 * share, 1))),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = (0..scale.n_classes()).rev().map(|class| row(Some(class))).collect();
    if items.iter().any(|(value, _)| scale.class_of(*value).is_none()) {
        rows.push(row(None));
    }
    let table = table(caption, &["Class", counted, "Share of area"], rows);
    Html::new().raw("<div class=\"legend\">").with(table).raw("</div>\n")
}
