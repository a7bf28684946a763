//! The archetypes of a country: the project's own, those of a table, or those of TABULA; and which one a building gets.

use std::path::Path;

use super::{Archetype, UsageProfile, WindowKind, layers, tabula};
use crate::buildings::{SizeClass, Usage};
use crate::error::{Error, Warning};
use crate::formats::archetypes::{read_archetypes, read_measures, read_profiles};
use crate::formats::tabula::read_tabula;
use crate::formats::{Source, teaser::TypeElements};
use crate::scenario::Country;

/// What buildings are made of, how they are used, and what measures make of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Archetypes {
    /// What buildings are made of.
    pub archetypes: Vec<Archetype>,
    /// How they are used, one for each use.
    pub profiles: Vec<UsageProfile>,
    /// What measures make of them.
    pub measures: MeasureEffects,
}

/// What measures make of a building, at the standard and the ambitious level.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasureEffects {
    /// Resistance that insulation adds to walls (m²K/W).
    pub wall_resistance: [f64; 2],
    /// Resistance that insulation adds to roofs (m²K/W).
    pub roof_resistance: [f64; 2],
    /// Resistance that insulation adds to floors (m²K/W).
    pub floor_resistance: [f64; 2],
    /// New windows.
    pub window: [WindowKind; 2],
    /// Change of air through leaks after sealing (1/h).
    pub infiltration: [f64; 2],
    /// Share of ventilation's heat that is recovered.
    pub heat_recovery: [f64; 2],
    /// Share of roofs that photovoltaics cover.
    pub pv_roof_share: [f64; 2],
    /// Temperature of the heating water that a heat pump gives (°C).
    pub heat_pump_flow_c: [f64; 2],
    /// Where its numbers come from.
    pub source: String,
}

impl Archetypes {
    /// The project's own tables of a country.
    pub fn built_in(country: Country) -> Self {
        let (table, code) = match country {
            Country::Germany => (own("archetypes_de.csv", include_str!("tables/archetypes_de.csv")), "DE"),
            Country::Netherlands => (own("archetypes_nl.csv", include_str!("tables/archetypes_nl.csv")), "NL"),
        };
        let (archetypes, _) = read_archetypes(table).expect("the tables of the project are valid, as tests say");
        Archetypes { archetypes, profiles: own_profiles(Some(code)), measures: own_measures(Some(code)) }
    }

    /// A table of the same columns as the project's own; use and measures are those that hold for all countries.
    ///
    /// # Errors
    /// Everything wrong with the file, each with line, column and hint.
    pub fn from_csv(source: Source<'_>) -> Result<(Self, Vec<Warning>), Error> {
        let (archetypes, warnings) = read_archetypes(source)?;
        Ok((Archetypes { archetypes, profiles: own_profiles(None), measures: own_measures(None) }, warnings))
    }

    /// Parameter tables of TABULA, found by the names of their files, and the country to take from them.
    ///
    /// # Errors
    /// A table that is needed is missing, everything wrong with the files, and a country that they do not know.
    pub fn from_tabula(sources: &[Source<'_>], country: &str) -> Result<(Self, Vec<Warning>), Error> {
        let tables = read_tabula(sources)?;
        let base =
            Archetypes { archetypes: Vec::new(), profiles: own_profiles(Some(country)), measures: own_measures(None) };
        tabula::archetypes(&tables, country, base)
    }

    /// Replaces masses and U-values of opaque elements by layers where there are some for the age and size class.
    ///
    /// Gives how many archetypes got any.
    pub fn with_layers(&mut self, elements: &TypeElements) -> usize {
        self.archetypes.iter_mut().filter_map(|archetype| layers::apply(archetype, elements)).count()
    }

    /// The archetype of a building; none only where there are no rows for its use nor for any that stands in for it.
    ///
    /// Rows of its use go first, else those of the next use that stands in for it (see `substitutes`); a use other than the
    /// building's tells. Among them those whose years are nearest, 0 if they include the building's; among those its own
    /// size class, then rows for all sizes, then the next smaller or larger.
    pub fn find(&self, usage: Usage, size_class: SizeClass, year: i32) -> Option<&Archetype> {
        substitutes(usage).iter().find_map(|usage| {
            let rows = self.archetypes.iter().filter(|row| row.usage == *usage);
            rows.min_by_key(|row| (years_off(row, year), size_off(row, size_class)))
        })
    }

    /// How buildings of a use are used.
    pub fn profile(&self, usage: Usage) -> &UsageProfile {
        self.profiles.iter().find(|profile| profile.usage == usage).expect("each use has a profile")
    }
}

/// The use itself and those whose buildings stand in for it, in this order.
///
/// Buildings that are not dwellings are more like offices than like dwellings; what is not heated may be made of anything.
fn substitutes(usage: Usage) -> &'static [Usage] {
    match usage {
        Usage::Residential => &[Usage::Residential, Usage::Office],
        Usage::Office => &[Usage::Office, Usage::Residential],
        Usage::School => &[Usage::School, Usage::Office, Usage::Residential],
        Usage::Retail => &[Usage::Retail, Usage::Office, Usage::Residential],
        Usage::Hotel => &[Usage::Hotel, Usage::Office, Usage::Residential],
        Usage::Hospital => &[Usage::Hospital, Usage::Office, Usage::Residential],
        Usage::Industrial => &[Usage::Industrial, Usage::Office, Usage::Residential],
        Usage::Unheated => &[Usage::Unheated, Usage::Industrial, Usage::Office, Usage::Residential],
    }
}

fn years_off(row: &Archetype, year: i32) -> i32 {
    (row.first_year.saturating_sub(year)).max(year.saturating_sub(row.last_year)).max(0)
}

fn size_off(row: &Archetype, size_class: SizeClass) -> i32 {
    match row.size_class {
        Some(own) if own == size_class => 0,
        None => 1,
        Some(other) => 1 + (other as i32 - size_class as i32).abs(),
    }
}

fn own(name: &'static str, text: &'static str) -> Source<'static> {
    Source { file: Path::new(name), bytes: text.as_bytes() }
}

fn own_profiles(country: Option<&str>) -> Vec<UsageProfile> {
    let figures = own("usage_profiles.csv", include_str!("tables/usage_profiles.csv"));
    let hours = own("usage_hours.csv", include_str!("tables/usage_hours.csv"));
    read_profiles(figures, hours, country).expect("the tables of the project are valid, as tests say")
}

fn own_measures(country: Option<&str>) -> MeasureEffects {
    let measures = own("measures.csv", include_str!("tables/measures.csv"));
    read_measures(measures, country).expect("the tables of the project are valid, as tests say")
}

#[cfg(test)]
mod tests {
    use super::super::Mass;
    use super::*;

    const COUNTRIES: [Country; 2] = [Country::Germany, Country::Netherlands];

    #[test]
    fn every_building_of_any_year_resolves_to_sane_values() {
        for country in COUNTRIES {
            let archetypes = Archetypes::built_in(country);
            for usage in Usage::ALL {
                for size_class in SizeClass::ALL {
                    for year in 1600..=2100 {
                        let found = archetypes.find(usage, size_class, year).unwrap();
                        assert!((found.first_year..=found.last_year).contains(&year), "{} {year}", found.code);
                        for (part, most) in [(&found.wall, 2.5), (&found.roof, 2.7), (&found.floor, 3.0)] {
                            assert!((0.05..=most).contains(&part.u), "{} U {}", found.code, part.u);
                            assert!((0.3..=1.0).contains(&part.adjustment), "{}", found.code);
                            let Mass::Class { capacity, .. } = part.mass else { panic!("{} has layers", found.code) };
                            assert!((20e3..=700e3).contains(&capacity), "{} {capacity}", found.code);
                        }
                        let window = &found.window;
                        assert!((0.5..=6.0).contains(&window.u) && (0.1..=0.95).contains(&window.g), "{}", found.code);
                        assert!(found.window_share.iter().all(|share| (0.02..=0.7).contains(share)), "{}", found.code);
                        assert!(!found.source.is_empty() && found.infiltration > 0.0, "{}", found.code);
                    }
                }
            }
        }
    }

    /// Wall, roof, floor and window of houses as the TABULA tables have them: `tabula_constructions.csv` of the Netherlands,
    /// variants `DE.N.SFH.05.Gen.ReEx.001.001` (floor 1.6 with 0.3 m²K/W of the cellar) and `DE.N.AB.06.Gen.ReEx.001.001`
    /// (ceiling 0.6 with 0.3 m²K/W of the attic).
    #[test]
    fn published_values_stand_in_the_tables() {
        let of = |country, usage, size_class, year| {
            let archetypes = Archetypes::built_in(country);
            let found = archetypes.find(usage, size_class, year).unwrap();
            (found.code.clone(), [found.wall.u, found.roof.u, found.floor.u, found.window.u, found.window.g])
        };
        let (nl, de) = (Country::Netherlands, Country::Germany);
        let house = (Usage::Residential, SizeClass::Terraced);
        assert_eq!(of(nl, house.0, house.1, 1930), ("NL.TH.0-1964".into(), [1.613, 1.538, 1.724, 5.2, 0.8]));
        assert_eq!(of(nl, house.0, house.1, 1990), ("NL.TH.1988-1991".into(), [0.442, 0.442, 0.641, 2.9, 0.7]));
        assert_eq!(of(nl, house.0, house.1, 2020), ("NL.TH.2015-".into(), [0.21, 0.16, 0.266, 1.8, 0.6]));
        let old = of(de, Usage::Residential, SizeClass::SingleFamily, 1960);
        assert_eq!(old, ("DE.SFH.05".into(), [1.2, 0.8, 1.081, 2.8, 0.75]));
        let block = of(de, Usage::Residential, SizeClass::ApartmentBlock, 1970);
        assert_eq!(block, ("DE.AB.06".into(), [1.1, 0.508, 0.769, 3.0, 0.75]));
        let office = of(de, Usage::Office, SizeClass::MultiFamily, 1995);
        assert_eq!(office, ("DE.office.B".into(), [0.48, 0.46, 0.27, 1.89, 0.75]));
    }

    #[test]
    fn what_has_no_row_of_its_own_gets_the_nearest() {
        let mut archetypes = Archetypes::built_in(Country::Netherlands);
        let code = |archetypes: &Archetypes, usage, size_class, year| {
            archetypes.find(usage, size_class, year).map(|found| found.code.clone())
        };
        let school = code(&archetypes, Usage::School, SizeClass::MultiFamily, 1970);
        assert_eq!(school.as_deref(), Some("NL.MFH.1965-1974"), "dwellings stand in");
        archetypes.archetypes.retain(|row| row.last_year < 2000 && row.size_class != Some(SizeClass::MultiFamily));
        let late = code(&archetypes, Usage::Residential, SizeClass::SingleFamily, 2050);
        assert_eq!(late.as_deref(), Some("NL.SFH.1988-1991"), "the nearest years");
        let flats = code(&archetypes, Usage::Residential, SizeClass::MultiFamily, 1950);
        assert_eq!(flats.as_deref(), Some("NL.TH.0-1964"), "the next smaller size");
        archetypes.archetypes[0].size_class = None;
        let any = code(&archetypes, Usage::Residential, SizeClass::MultiFamily, 1950);
        assert_eq!(any.as_deref(), Some("NL.SFH.0-1964"), "rows for all sizes go before other sizes");
        archetypes.archetypes.clear();
        assert_eq!(archetypes.find(Usage::Office, SizeClass::Terraced, 1950), None);
    }

    #[test]
    fn dutch_dwellings_have_no_second_setback() {
        let dutch = Archetypes::built_in(Country::Netherlands);
        let german = Archetypes::built_in(Country::Germany);
        let (nl, de) = (dutch.profile(Usage::Residential), german.profile(Usage::Residential));
        assert_eq!((nl.heating_setpoint, nl.heating_setback), (18.0, 18.0));
        assert_eq!((de.heating_setpoint, de.heating_setback), (20.0, 17.0));
    }

    /// The mean heat of people and appliances is TABULA's phi_int: 3 W/m², 6 W/m² in the Netherlands.
    #[test]
    fn mean_gains_of_dwellings_are_those_of_tabula() {
        for (country, expected) in [(Country::Germany, 3.0), (Country::Netherlands, 6.0)] {
            let archetypes = Archetypes::built_in(country);
            let profile = archetypes.profile(Usage::Residential);
            let mean = |hours: [f64; 24]| hours.iter().sum::<f64>() / 24.0;
            let day = &profile.days[0];
            let gains = profile.occupant_gains * mean(day.occupants) + profile.appliance_gains * mean(day.appliances);
            assert!((gains - expected).abs() < 0.01, "{gains}");
        }
    }

    #[test]
    fn measures_of_a_country_go_before_those_of_all() {
        let dutch = Archetypes::built_in(Country::Netherlands).measures;
        let german = Archetypes::built_in(Country::Germany).measures;
        assert_eq!((dutch.wall_resistance, german.wall_resistance), ([3.5, 5.0], [3.45, 6.88]));
        assert_eq!(dutch.heat_recovery, german.heat_recovery);
        assert_eq!([german.window[0].u, german.window[1].u], [1.3, 0.8]);
    }
}
