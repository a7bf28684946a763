//! What values of a use attribute mean: names of this program, codes of CityGML and ALKIS, words of the Dutch BAG, German
//! and English words.

use super::Usage;

/// Prefix of building functions in German city models: object type 31001 of the cadastre.
const ALKIS_BUILDING: &str = "31001_";
/// Prefix of other structures, such as canopies.
const ALKIS_STRUCTURE: &str = "51009_";

/// Ranges of the code list for functions of buildings of CityGML 2.0 (OGC 12-019, annex C; SIG3D
/// `_AbstractBuilding_function.xml`); mixed use with dwellings counts as dwellings. Codes between them have no use here.
const CITYGML: [(u16, u16, Usage); 23] = [
    (1000, 1060, Usage::Residential),
    (1080, 1110, Usage::Residential),
    (1120, 1140, Usage::Office),
    (1150, 1200, Usage::Retail),
    (1210, 1300, Usage::Hotel),
    (1310, 1370, Usage::Industrial),
    (1380, 1380, Usage::School),
    (1390, 1460, Usage::Industrial),
    (1470, 1470, Usage::Office),
    (1480, 1600, Usage::Industrial),
    (1610, 1650, Usage::Unheated),
    (1660, 1860, Usage::Industrial),
    (1070, 1070, Usage::Unheated),
    (1870, 1900, Usage::Unheated),
    (1930, 1950, Usage::Unheated),
    (1960, 2060, Usage::Office),
    (2070, 2110, Usage::School),
    (2120, 2200, Usage::Office),
    (2300, 2330, Usage::Hospital),
    (2360, 2360, Usage::Hospital),
    (2380, 2380, Usage::School),
    (2390, 2390, Usage::Residential),
    (2400, 2410, Usage::Office),
];

/// Ranges of functions of buildings in ALKIS (AdV, GeoInfoDok 6.0.1, AX_Gebaeudefunktion).
const ALKIS: [(u16, u16, Usage); 18] = [
    (1000, 1223, Usage::Residential),
    (1310, 1312, Usage::Residential),
    (1313, 1313, Usage::Unheated),
    (2010, 2010, Usage::Retail),
    (2020, 2040, Usage::Office),
    (2050, 2060, Usage::Retail),
    (2070, 2094, Usage::Hotel),
    (2100, 2220, Usage::Industrial),
    (2310, 2320, Usage::Residential),
    (2400, 2451, Usage::Industrial),
    (2460, 2465, Usage::Unheated),
    (2500, 2623, Usage::Industrial),
    (2700, 2742, Usage::Unheated),
    (3010, 3019, Usage::Office),
    (3020, 3024, Usage::School),
    (3050, 3052, Usage::Hospital),
    (3065, 3065, Usage::School),
    (3070, 3072, Usage::Office),
];

/// Words of the BAG (Dutch register of buildings, gebruiksdoel), of OpenStreetMap (`building`), of German and English.
const WORDS: [(Usage, &[&str]); 8] = [
    (
        Usage::Residential,
        &[
            "woonfunctie",
            "wonen",
            "wohnen",
            "wohngebäude",
            "wohnhaus",
            "dwelling",
            "dwellings",
            "housing",
            "house",
            "detached",
            "semidetached_house",
            "terrace",
            "bungalow",
            "apartments",
            "apartment",
            "flat",
            "dormitory",
            "farm",
            "single-family house",
            "multi-family house",
        ],
    ),
    (Usage::Office, &["kantoorfunctie", "kantoor", "bürogebäude", "büro", "offices", "government", "administration"]),
    (
        Usage::School,
        &[
            "onderwijsfunctie",
            "sportfunctie",
            "schule",
            "schools",
            "education",
            "university",
            "college",
            "kindergarten",
        ],
    ),
    (Usage::Retail, &["winkelfunctie", "winkel", "handel", "shop", "shops", "supermarket", "commercial", "kiosk"]),
    (Usage::Hotel, &["logiesfunctie", "bijeenkomstfunctie", "hostel", "restaurant", "gaststätte"]),
    (Usage::Hospital, &["gezondheidszorgfunctie", "celfunctie", "krankenhaus", "clinic", "healthcare", "care home"]),
    (Usage::Industrial, &["industriefunctie", "industrie", "factory", "warehouse", "workshop", "hangar", "werkstatt"]),
    (
        Usage::Unheated,
        &[
            "overige gebruiksfunctie",
            "garage",
            "garages",
            "carport",
            "shed",
            "barn",
            "hut",
            "roof",
            "parking",
            "greenhouse",
            "scheune",
            "schuppen",
        ],
    ),
];

/// What one value of a use attribute means: a name of [`Usage`], a code, or a word, in any case.
pub fn usage_of(value: &str) -> Option<Usage> {
    let text = value.trim().to_lowercase();
    if let Some(code) = text.strip_prefix(ALKIS_BUILDING) {
        return in_ranges(&ALKIS, code);
    }
    if text.starts_with(ALKIS_STRUCTURE) {
        return Some(Usage::Unheated);
    }
    let named = Usage::ALL.into_iter().find(|usage| usage.name() == text);
    let meant = || WORDS.iter().find(|(_, words)| words.contains(&text.as_str())).map(|(usage, _)| *usage);
    named.or_else(|| in_ranges(&CITYGML, &text)).or_else(meant)
}

fn in_ranges(ranges: &[(u16, u16, Usage)], code: &str) -> Option<Usage> {
    let code: u16 = code.parse().ok()?;
    ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&code)).map(|(_, _, usage)| *usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words_of_several_sources_are_understood() {
        for (value, usage) in [
            ("1000", Some(Usage::Residential)),
            ("1150", Some(Usage::Retail)),
            ("2310", Some(Usage::Hospital)),
            ("31001_1000", Some(Usage::Residential)),
            ("31001_2310", Some(Usage::Residential)),
            ("31001_2463", Some(Usage::Unheated)),
            ("31001_3021", Some(Usage::School)),
            ("51009_1610", Some(Usage::Unheated)),
            (" Woonfunctie ", Some(Usage::Residential)),
            ("overige gebruiksfunctie", Some(Usage::Unheated)),
            ("WOHNGEBÄUDE", Some(Usage::Residential)),
            ("hospital", Some(Usage::Hospital)),
            ("31001_9998", None),
            ("2700", None),
            ("99999999", None),
            ("-1000", None),
            ("", None),
            ("castle in the air", None),
        ] {
            assert_eq!(usage_of(value), usage, "{value}");
        }
    }

    #[test]
    fn no_range_is_backwards_and_no_code_has_two_uses() {
        for ranges in [&CITYGML[..], &ALKIS[..]] {
            assert!(ranges.iter().all(|(first, last, _)| first <= last));
            for code in 0..=u16::MAX {
                assert!(
                    ranges.iter().filter(|(first, last, _)| (*first..=*last).contains(&code)).count() <= 1,
                    "{code}"
                );
            }
        }
        let all: Vec<&str> = WORDS.iter().flat_map(|(_, words)| words.iter().copied()).collect();
        assert!(all.iter().enumerate().all(|(place, word)| !all[..place].contains(word)));
    }
}
