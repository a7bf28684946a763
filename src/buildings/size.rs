//! Size classes of buildings.

use super::SizeClass;

/// Houses of one or two dwellings have no more conditioned floor area than this (m²): of the German example buildings of
/// TABULA the largest single-family house has 302 m², the smallest multi-family house 312 m².
const LARGEST_HOUSE: f64 = 305.0;
/// Apartment blocks have at least so many storeys, as those of TABULA.
const STOREYS_OF_BLOCK: f64 = 5.0;
/// Apartment blocks have at least so much floor area (m²): the smallest of TABULA has 829 m².
const SMALLEST_BLOCK: f64 = 820.0;
/// Share of walls that neighbours cover from which on a house is a terraced one; a garage alone does not reach it.
const ATTACHED_FROM: f64 = 0.15;

/// Size class after TABULA, where the number of dwellings is not known.
///
/// The typology (Loga et al. 2016, doi:10.1016/j.enbuild.2016.06.094; IWU 2015, Deutsche Wohngebäudetypologie)
/// calls a building of one or two dwellings a single-family house or, if attached, a terraced house, of 3 to 12 a multi-family
/// house, and of more an apartment block. Dwellings are rarely in a city model, so the classes are told apart by conditioned
/// `floor_area` (m²), full `storeys` and `party_share`, the share of walls shared with neighbours (0 to 1).
pub fn size_class(floor_area: f64, storeys: f64, party_share: f64) -> SizeClass {
    let is_tall = storeys >= STOREYS_OF_BLOCK;
    match () {
        () if floor_area <= LARGEST_HOUSE && !is_tall && party_share >= ATTACHED_FROM => SizeClass::Terraced,
        () if floor_area <= LARGEST_HOUSE && !is_tall => SizeClass::SingleFamily,
        () if floor_area >= SMALLEST_BLOCK && is_tall => SizeClass::ApartmentBlock,
        () => SizeClass::MultiFamily,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_attachment_and_storeys_tell_the_class() {
        assert_eq!(size_class(150.0, 2.0, 0.0), SizeClass::SingleFamily);
        assert_eq!(size_class(150.0, 2.0, 0.1), SizeClass::SingleFamily);
        assert_eq!(size_class(150.0, 2.0, 0.5), SizeClass::Terraced);
        assert_eq!(size_class(800.0, 4.0, 0.5), SizeClass::MultiFamily);
        assert_eq!(size_class(250.0, 6.0, 0.5), SizeClass::MultiFamily);
        assert_eq!(size_class(3000.0, 3.0, 0.0), SizeClass::MultiFamily);
        assert_eq!(size_class(3000.0, 8.0, 0.0), SizeClass::ApartmentBlock);
    }
}
