//! Elements with their layers, looked up by kind, age and size class.

use std::collections::BTreeMap;

use super::super::Source;
use super::super::findings::Findings;
use super::documents::{Element, Material, entries};
use crate::archetypes::MaterialLayer;
use crate::buildings::SizeClass;
use crate::error::{Error, Problem};

/// Constructions that no retrofit changed have this in their name.
const AS_BUILT: &str = "standard";
/// More layers than any construction has.
const MOST_LAYERS: usize = 50;
const JOULES_PER_KILOJOULE: f64 = 1000.0;
/// Least and most thickness (m), conductivity (W/mK), density (kg/m³) and specific heat (J/kgK) of a layer.
const RANGES: [(&str, f64, f64); 4] = [
    ("thickness", 1e-5, 5.0),
    ("thermal_conduc", 1e-3, 500.0),
    ("density", 0.1, 25_000.0),
    ("heat_capac", 10.0, 20_000.0),
];

/// Constructions as built, with their layers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TypeElements {
    /// In the order of the file.
    pub elements: Vec<TypeElement>,
}

/// A construction of buildings of some years and size.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeElement {
    /// What it is.
    pub kind: ElementKind,
    /// Buildings from this year on.
    pub first_year: i32,
    /// Buildings up to this year.
    pub last_year: i32,
    /// Size class of the buildings; none for all.
    pub size_class: Option<SizeClass>,
    /// Layers from outside to inside.
    pub layers: Vec<MaterialLayer>,
}

/// Opaque parts of a building.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementKind {
    /// Outer walls.
    OuterWall,
    /// Roofs.
    Rooftop,
    /// What lies on the ground or above a cellar.
    GroundFloor,
    /// Inner walls.
    InnerWall,
    /// Ceilings, as the room below sees them.
    Ceiling,
    /// Floors between storeys, as the room above sees them.
    Floor,
}

impl ElementKind {
    const ALL: [(ElementKind, &str); 6] = [
        (ElementKind::OuterWall, "OuterWall"),
        (ElementKind::Rooftop, "Rooftop"),
        (ElementKind::GroundFloor, "GroundFloor"),
        (ElementKind::InnerWall, "InnerWall"),
        (ElementKind::Ceiling, "Ceiling"),
        (ElementKind::Floor, "Floor"),
    ];

    /// Entries are named as in `OuterWall_[1969, 1978]_tabula_de_standard_1_SFH`.
    fn of_entry(name: &str) -> Option<Self> {
        let (kind, _) = name.split_once('_')?;
        ElementKind::ALL.into_iter().find(|(_, known)| *known == kind).map(|(kind, _)| kind)
    }
}

impl TypeElements {
    /// Layers, from outside to inside, of the construction that shares most years with a span of them.
    ///
    /// A construction of the size class goes before one for all; among equals the first of the file counts.
    pub fn find(
        &self,
        kind: ElementKind,
        first_year: i32,
        last_year: i32,
        size_class: Option<SizeClass>,
    ) -> Option<&[MaterialLayer]> {
        let shared =
            |element: &TypeElement| last_year.min(element.last_year).saturating_sub(first_year.max(element.first_year));
        let is_of_size = |element: &TypeElement| element.size_class.is_none() || element.size_class == size_class;
        let of_kind = self.elements.iter().filter(|element| element.kind == kind && is_of_size(element));
        // `min_by_key` keeps the first of equals.
        let best = of_kind
            .filter(|element| shared(element) >= 0)
            .min_by_key(|element| (element.size_class.is_none(), -shared(element)));
        best.map(|element| element.layers.as_slice())
    }
}

/// Reads constructions as built; doors, windows and retrofitted constructions are left out.
///
/// # Errors
/// Files that are no such JSON, materials that are not listed, layers no wall has.
pub fn read_teaser(materials: Source<'_>, elements: Source<'_>) -> Result<TypeElements, Error> {
    let of_materials = entries::<Material>(materials, |_| true);
    let materials: BTreeMap<String, Material> =
        of_materials.map_err(|problem| problem.in_file(materials.file))?.into_iter().collect();
    let is_wanted = |name: &str| ElementKind::of_entry(name).is_some() && name.contains(AS_BUILT);
    let found = entries::<Element>(elements, is_wanted).map_err(|problem| problem.in_file(elements.file))?;
    let mut findings = Findings::new(elements.file);
    let mut all = TypeElements::default();
    for (name, element) in found {
        match type_element(&name, &element, &materials) {
            Ok(element) => all.elements.push(element),
            Err(problem) => findings.push("element", problem.of_key(name)),
        }
    }
    if all.elements.is_empty() && findings.is_empty() {
        findings.push("empty", Problem::new("the file has no constructions as built"));
    }
    findings.conclude(Ok(all))
}

fn type_element(name: &str, element: &Element, materials: &BTreeMap<String, Material>) -> Result<TypeElement, Problem> {
    let kind = ElementKind::of_entry(name).ok_or_else(|| Problem::new("the kind is not known"))?;
    let [first, last] = element.building_age_group;
    let (Ok(first_year), Ok(last_year)) = (i32::try_from(first), i32::try_from(last)) else {
        return Err(Problem::new(format!("expected years, found {first} and {last}")));
    };
    if first_year > last_year || element.layer.is_empty() || element.layer.len() > MOST_LAYERS {
        let message = format!("expected years that ascend and 1 to {MOST_LAYERS} layers");
        return Err(Problem::new(message));
    }
    let size = element.construction_data.rsplit('_').next().unwrap_or_default();
    let mut numbered = Vec::new();
    for (number, layer) in &element.layer {
        let place: usize = number.parse().map_err(|_| Problem::new(format!("layer \"{number}\" has no number")))?;
        let id = &layer.material.material_id;
        let material = materials.get(id).ok_or_else(|| {
            Problem::new(format!("the material {id} of layer {place} is not listed"))
                .hint("the materials are to be of the same version as the elements")
        })?;
        numbered.push((place, material_layer(layer.thickness, material)?));
    }
    numbered.sort_by_key(|(place, _)| std::cmp::Reverse(*place));
    let layers = numbered.into_iter().map(|(_, layer)| layer).collect();
    let size_class = SizeClass::ALL.into_iter().find(|class| class.name() == size);
    Ok(TypeElement { kind, first_year, last_year, size_class, layers })
}

fn material_layer(thickness: f64, material: &Material) -> Result<MaterialLayer, Problem> {
    let specific_heat = material.heat_capac * JOULES_PER_KILOJOULE;
    let values = [thickness, material.thermal_conduc, material.density, specific_heat];
    for ((what, least, most), value) in RANGES.into_iter().zip(values) {
        if !(least..=most).contains(&value) {
            return Err(Problem::new(format!("expected {what} from {least} to {most} (SI units), found {value}")));
        }
    }
    Ok(MaterialLayer {
        material: material.name.clone(),
        thickness,
        conductivity: material.thermal_conduc,
        density: material.density,
        specific_heat,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;

    const MATERIALS: &str = r#"{"version": "0.7", "a": {"name": "brick", "density": 1800, "thermal_conduc": 0.8, "heat_capac": 0.9},
"b": {"name": "wool", "density": 40, "thermal_conduc": 0.04, "heat_capac": 0.84}, "c": {"name": "glass", "density": 0, "thermal_conduc": 0.76,
"heat_capac": 0}}"#;

    fn wall(construction: &str, years: &str, layers: &str) -> String {
        format!(
            r#""OuterWall_[{years}]_{construction}": {{"building_age_group": [{years}], "construction_data": "{construction}",
"inner_radiation": 5.0, "layer": {{{layers}}}}}"#
        )
    }

    fn layer(number: usize, thickness: f64, material: &str) -> String {
        format!(r#""{number}": {{"thickness": {thickness}, "material": {{"name": "n", "material_id": "{material}"}}}}"#)
    }

    fn read_walls(walls: &[String]) -> Result<TypeElements, Error> {
        let text = format!("{{\"version\": \"0.7\", {}}}", walls.join(", "));
        let source = |name, bytes| Source { file: Path::new(name), bytes };
        read_teaser(source("m.json", MATERIALS.as_bytes()), source("e.json", text.as_bytes()))
    }

    #[test]
    fn layers_come_from_outside_to_inside_in_si_units() {
        let layers: Vec<String> = (0..11).map(|number| layer(number, 0.1 + number as f64 / 100.0, "a")).collect();
        let found = read_walls(&[wall("tabula_de_standard_1_SFH", "1969, 1978", &layers.join(", "))]).unwrap();
        let wall = &found.elements[0];
        assert_eq!((wall.kind, wall.size_class), (ElementKind::OuterWall, Some(SizeClass::SingleFamily)));
        assert_eq!((wall.first_year, wall.last_year), (1969, 1978));
        assert_eq!((wall.layers[0].thickness, wall.layers[10].thickness), (0.2, 0.1));
        assert_eq!((wall.layers[0].specific_heat, wall.layers[0].material.as_str()), (900.0, "brick"));
    }

    #[test]
    fn the_construction_that_shares_most_years_is_found() {
        let found = read_walls(&[
            wall("tabula_de_retrofit_1_SFH", "1958, 1968", &layer(0, 0.9, "a")),
            wall("tabula_de_standard_1_SFH", "1958, 1968", &layer(0, 0.3, "a")),
            wall("tabula_de_standard_1_SFH", "1969, 1978", &layer(0, 0.2, "a")),
            wall("tabula_de_standard", "1900, 2100", &layer(0, 0.1, "b")),
        ])
        .unwrap();
        let of = |first, last, size| found.find(ElementKind::OuterWall, first, last, size).map(|it| it[0].thickness);
        assert_eq!(found.elements.len(), 3);
        assert_eq!(of(1965, 1974, Some(SizeClass::SingleFamily)), Some(0.2));
        assert_eq!(of(1950, 1960, Some(SizeClass::SingleFamily)), Some(0.3));
        assert_eq!(of(1980, 1990, Some(SizeClass::SingleFamily)), Some(0.1));
        assert_eq!(of(1965, 1974, None), Some(0.1));
        assert_eq!(of(1000, 1100, None), None);
        assert_eq!(found.find(ElementKind::Rooftop, 1965, 1974, None), None);
    }

    #[test]
    fn what_is_wrong_names_the_entry() {
        let name = "tabula_de_standard_1_SFH";
        for (walls, expected) in [
            (wall(name, "1969, 1978", &layer(0, 0.1, "x")), "the material x of layer 0 is not listed"),
            (wall(name, "1969, 1978", &layer(0, 0.1, "c")), "expected density from 0.1 to 25000 (SI units), found 0"),
            (
                wall(name, "1969, 1978", &layer(0, -0.1, "a")),
                "expected thickness from 0.00001 to 5 (SI units), found -0.1",
            ),
            (wall(name, "1979, 1978", &layer(0, 0.1, "a")), "expected years that ascend and 1 to 50 layers"),
            (wall(name, "1969, 1978", ""), "expected years that ascend and 1 to 50 layers"),
            (wall(name, "1969, 1978", &layer(0, 0.1, "a").replace("\"0\"", "\"x\"")), "layer \"x\" has no number"),
            (wall(name, "1969, 1978", &layer(0, 0.1, "a").replace("0.1", "\"thick\"")), "the entry is of another form"),
        ] {
            let error = read_walls(std::slice::from_ref(&walls)).unwrap_err().to_string();
            assert!(error.starts_with("e.json: OuterWall_[") && error.contains(expected), "{error}");
        }
        let error = read_walls(&["\"x\": 1".to_owned()]).unwrap_err().to_string();
        assert_eq!(error, "e.json: the file has no constructions as built");
        assert!(
            read_walls(&["x".to_owned()]).unwrap_err().to_string().starts_with("e.json:1: the file is no JSON object")
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn damaged_files_give_problems_or_layers_with_a_resistance(
            changes in proptest::collection::vec((0_usize..1 << 12, any::<u8>()), 1..6),
        ) {
            let text = wall("tabula_de_standard_1_SFH", "1969, 1978", &layer(0, 0.2, "a"));
            let mut bytes = format!("{{{text}}}").into_bytes();
            let length = bytes.len();
            for (place, byte) in changes {
                bytes[place % length] = byte;
            }
            let source = |name, bytes| Source { file: Path::new(name), bytes };
            if let Ok(found) = read_teaser(source("m.json", MATERIALS.as_bytes()), source("e.json", &bytes)) {
                let layer = &found.elements[0].layers[0];
                prop_assert!(layer.thickness > 0.0 && (layer.thickness / layer.conductivity).is_finite());
            }
        }
    }
}
