//! The tables `[weather]`, `[buildings]` and `[economy]`.

use super::view::{View, meant};
use crate::buildings::Usage;
use crate::scenario::tree::Node;
use crate::scenario::{
    ArchetypeSource, AttributeNames, Buildings, Carrier, CarrierFactors, Country, Economy, Radiation, Weather,
    WeatherFile,
};

/// The `[weather]` table.
pub(super) fn weather(view: &View<'_>) -> Weather {
    let file = view.path("epw").map(WeatherFile::Epw).or_else(|| view.path("tmy3").map(WeatherFile::Tmy3));
    Weather {
        // One of the three is checked to be there.
        file: file.unwrap_or(WeatherFile::Downscaled),
        sun_year: year(view, "sun_year"),
        radiation: view.known_choice("radiation", &Radiation::ALL, Radiation::name),
        linke_turbidity: view.number("linke_turbidity"),
    }
}

/// The `[buildings]` table.
pub(super) fn buildings(view: &View<'_>) -> Buildings {
    Buildings {
        cityjson: view.paths("cityjson"),
        lod: view.text("lod"),
        table: view.path("table"),
        archetypes: archetypes(view),
        layers: view.path("layers"),
        attributes: attributes(&view.inner("attributes")),
        default_year: year(view, "default_year"),
        default_use: view.known_choice("default_use", &Usage::ALL, Usage::name),
        storey_height_m: view.known_number("storey_height_m"),
    }
}

fn archetypes(view: &View<'_>) -> Option<ArchetypeSource> {
    let (text, path) = (view.text("archetypes")?, view.path("archetypes")?);
    let country = Country::ALL.into_iter().find(|country| country.name() == text);
    Some(match (country, view.text("archetype_country")) {
        (Some(country), _) => ArchetypeSource::Country(country),
        (None, Some(country)) => ArchetypeSource::Tabula { folder: path, country },
        (None, None) => ArchetypeSource::Table(path),
    })
}

fn attributes(view: &View<'_>) -> AttributeNames {
    let usage = |node: &Node| node.text().map(|text| meant(text, &Usage::ALL, Usage::name));
    AttributeNames {
        id: view.text("id"),
        year: view.text("year"),
        usage: view.text("use"),
        storeys: view.text("storeys"),
        usages: view.named("uses", usage),
    }
}

/// The `[economy]` table.
pub(super) fn economy(view: &View<'_>) -> Economy {
    Economy {
        currency: view.text("currency").expect("a required key is there"),
        price_year: year(view, "price_year"),
        discount_rate: view.known_number("discount_rate"),
        measure_costs: view.path("measure_costs"),
        carriers: carriers(&view.inner("carriers")),
    }
}

fn carriers(view: &View<'_>) -> Vec<(Carrier, CarrierFactors)> {
    let factors = |view: View<'_>| CarrierFactors {
        price_per_kwh: view.number("price_per_kwh"),
        kg_co2_per_kwh: view.number("kg_co2_per_kwh"),
        primary_energy_factor: view.number("primary_energy_factor"),
    };
    Carrier::ALL.into_iter().filter_map(|carrier| Some((carrier, factors(view.asked(carrier.name())?)))).collect()
}

fn year(view: &View<'_>, name: &str) -> i32 {
    i32::try_from(view.integer(name)).expect("years are checked to have four digits")
}
