//! The tables `[weather]`, `[buildings]` and `[economy]`.

use super::view::View;
use crate::scenario::{Buildings, Economy, Radiation, Weather, WeatherFile};

/// The `[weather]` table.
pub(super) fn weather(view: &View<'_>) -> Weather {
    let file = view.path("epw").map(WeatherFile::Epw).or_else(|| view.path("tmy3").map(WeatherFile::Tmy3));
    Weather {
        file: file.expect("one of the two is checked to be there"),
        sun_year: year(view, "sun_year"),
        radiation: view.known_choice("radiation", &Radiation::ALL, Radiation::name),
        linke_turbidity: view.number("linke_turbidity"),
    }
}

/// The `[buildings]` table.
pub(super) fn buildings(view: &View<'_>) -> Buildings {
    Buildings { cityjson: view.paths("cityjson"), lod: view.text("lod") }
}

/// The `[economy]` table.
pub(super) fn economy(view: &View<'_>) -> Economy {
    Economy {
        currency: view.text("currency").expect("a required key is there"),
        price_year: year(view, "price_year"),
        discount_rate: view.known_number("discount_rate"),
    }
}

fn year(view: &View<'_>, name: &str) -> i32 {
    i32::try_from(view.integer(name)).expect("years are checked to have four digits")
}
