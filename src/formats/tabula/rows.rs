//! What a row of each table says.

use super::super::cells::Cells;
use super::super::csv_table::Columns;

/// A class of years of construction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct YearClass {
    /// Its code, as in `NL.02`.
    pub code: String,
    /// Country.
    pub country: String,
    /// First year.
    pub first_year: i32,
    /// Last year.
    pub last_year: i32,
}

/// U-values of a class of years (W/m²K).
#[derive(Debug, Clone, PartialEq)]
pub struct UClass {
    /// Country.
    pub country: String,
    /// Code of the class of years.
    pub year_class: String,
    /// Roofs.
    pub roof: Option<f64>,
    /// Ceilings below a cold attic.
    pub upper_ceiling: Option<f64>,
    /// Walls.
    pub wall: Option<f64>,
    /// Floors.
    pub floor: Option<f64>,
}

/// Windows up to two years and after them.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowClass {
    /// Code, as in `EU.Gen.-.-.-.-.-` for windows of which nothing but the year is known.
    pub code: String,
    /// Country.
    pub country: String,
    /// First years of the second and third values.
    pub from: [Option<i32>; 2],
    /// U-values (W/m²K).
    pub u: [Option<f64>; 3],
    /// g-values.
    pub g: [Option<f64>; 3],
}

/// How dwellings are used.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundaryCondition {
    /// Code, as in `NL.SUH`.
    pub code: String,
    /// Country.
    pub country: String,
    /// Indoor temperature (°C).
    pub theta_i: Option<f64>,
    /// Factor of losses for setback and unheated rooms at 1 and at 4 W/m²K; 1 where the temperature has them in it.
    pub reduction: [Option<f64>; 2],
    /// Change of air by use (1/h).
    pub n_air_use: Option<f64>,
    /// Height of rooms (m).
    pub room_height: Option<f64>,
    /// Internal gains (W/m²).
    pub phi_int: Option<f64>,
    /// Share of frames.
    pub frame_share: Option<f64>,
    /// Need of hot water (kWh/m² a).
    pub hot_water: Option<f64>,
}

/// A part of a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// Outer walls.
    Wall,
    /// Roofs.
    Roof,
    /// Ceilings below a cold attic.
    Ceiling,
    /// Floors.
    Floor,
    /// Windows.
    Window,
    /// Doors and what else the tables have.
    Other,
}

/// A construction.
#[derive(Debug, Clone, PartialEq)]
pub struct Construction {
    /// Code.
    pub code: String,
    /// Country.
    pub country: String,
    /// What it is.
    pub element: Element,
    /// Whether it is a real example (`ReEx`), not a synthetic average.
    pub is_example: bool,
    /// Code of the class of years.
    pub year_class: String,
    /// U-value (W/m²K).
    pub u: Option<f64>,
}

/// A measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Code.
    pub code: String,
    /// Country.
    pub country: String,
    /// What it is done to.
    pub element: Element,
    /// Resistance that it adds (m²K/W).
    pub resistance: Option<f64>,
    /// U-value of a new window (W/m²K).
    pub u: Option<f64>,
    /// g-value of a new window.
    pub g: Option<f64>,
}

const U: (f64, f64) = (0.0, 20.0);

/// What a file of a kind of rows looks like.
pub(super) trait TableRow: Sized {
    /// Its columns, in lower case.
    const COLUMNS: Columns;
    /// Takes one row; none if something is wrong with it.
    fn take(cells: &mut Cells<'_, '_, '_>) -> Option<Self>;
}

impl TableRow for YearClass {
    const COLUMNS: Columns = Columns::of(
        &[
            "code_constructionyearclass",
            "code_country",
            "constructionyearclass_firstyear",
            "constructionyearclass_lastyear",
        ],
        &[0, 1, 2, 3],
    );
    fn take(cells: &mut Cells<'_, '_, '_>) -> Option<Self> {
        let (first_year, last_year) = (cells.year(2)?, cells.year(3)?);
        if first_year > last_year {
            return cells.problem("years", 3, format!("{last_year} comes before the first year {first_year}"));
        }
        Some(YearClass { code: cells.text(0), country: cells.text(1), first_year, last_year })
    }
}

impl TableRow for UClass {
    const COLUMNS: Columns = Columns::of(
        &[
            "code_country",
            "code_constructionyearclass",
            "u_class_roof_default",
            "u_class_upperceiling_default",
            "u_class_wall_default",
            "u_class_floor_default",
        ],
        &[0, 1, 2, 3, 4, 5],
    );
    fn take(cells: &mut Cells<'_, '_, '_>) -> Option<Self> {
        Some(UClass {
            country: cells.text(0),
            year_class: cells.text(1),
            roof: cells.optional_number(2, U.0, U.1)?,
            upper_ceiling: cells.optional_number(3, U.0, U.1)?,
            wall: cells.optional_number(4, U.0, U.1)?,
            floor: cells.optional_number(5, U.0, U.1)?,
        })
    }
}

impl TableRow for WindowClass {
    const COLUMNS: Columns = Columns::of(
        &[
            "code_u_class_window",
            "code_country",
            "window_value2_firstyear",
            "window_value3_firstyear",
            "u_class_window_1",
            "u_class_window_2",
            "u_class_window_3",
            "g_gl_n_class_window_1",
            "g_gl_n_class_window_2",
            "g_gl_n_class_window_3",
        ],
        &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    fn take(cells: &mut Cells<'_, '_, '_>) -> Option<Self> {
        let mut from = [None; 2];
        for (index, year) in from.iter_mut().enumerate() {
            *year = cells.optional_number(2 + index, 0.0, 9999.0)?.map(|year| year as i32);
        }
        let (mut u, mut g) = ([None; 3], [None; 3]);
        for index in 0..3 {
            u[index] = cells.optional_number(4 + index, U.0, U.1)?;
            g[index] = cells.optional_number(7 + index, 0.0, 1.0)?;
        }
        Some(WindowClass { code: cells.text(0), country: cells.text(1), from, u, g })
    }
}

impl TableRow for BoundaryCondition {
    const COLUMNS: Columns = Columns::of(
        &[
            "code_boundarycond",
            "code_country",
            "theta_i",
            "f_red_htr1",
            "f_red_htr4",
            "n_air_use",
            "h_room",
            "phi_int",
            "f_f",
            "q_w_nd",
        ],
        &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    fn take(cells: &mut Cells<'_, '_, '_>) -> Option<Self> {
        Some(BoundaryCondition {
            code: cells.text(0),
            country: cells.text(1),
            theta_i: cells.optional_number(2, 0.0, 40.0)?,
            reduction: [cells.optional_number(3, 0.0, 2.0)?, cells.optional_number(4, 0.0, 2.0)?],
            n_air_use: cells.optional_number(5, 0.0, 20.0)?,
            room_height: cells.optional_number(6, 1.5, 10.0)?,
            phi_int: cells.optional_number(7, 0.0, 100.0)?,
            frame_share: cells.optional_number(8, 0.0, 0.9)?,
            hot_water: cells.optional_number(9, 0.0, 500.0)?,
        })
    }
}

impl TableRow for Construction {
    const COLUMNS: Columns = Columns::of(
        &[
            "code_construction",
            "code_country",
            "code_elementtype",
            "code_datatype_construction",
            "code_construction_constructionyearclass",
            "u",
        ],
        &[0, 1, 2, 3, 4, 5],
    );
    fn take(cells: &mut Cells<'_, '_, '_>) -> Option<Self> {
        Some(Construction {
            code: cells.text(0),
            country: cells.text(1),
            element: element(&cells.text(2)),
            is_example: cells.text(3) == "ReEx",
            year_class: cells.text(4),
            u: cells.optional_number(5, U.0, U.1)?,
        })
    }
}

impl TableRow for Measure {
    const COLUMNS: Columns = Columns::of(
        &["code_measure", "code_country", "code_elementtype", "r_measure", "u_measure", "g_gl_n"],
        &[0, 1, 2, 3, 4, 5],
    );
    fn take(cells: &mut Cells<'_, '_, '_>) -> Option<Self> {
        Some(Measure {
            code: cells.text(0),
            country: cells.text(1),
            element: element(&cells.text(2)),
            resistance: cells.optional_number(3, 0.0, 100.0)?,
            u: cells.optional_number(4, 0.0, 1e6)?,
            g: cells.optional_number(5, 0.0, 1.0)?,
        })
    }
}

fn element(name: &str) -> Element {
    match name {
        "Wall" => Element::Wall,
        "Roof" => Element::Roof,
        "Ceiling" => Element::Ceiling,
        "Floor" => Element::Floor,
        "Window" => Element::Window,
        _ => Element::Other,
    }
}
