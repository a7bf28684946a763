//! What the surfaces of a geometry are.

use serde_json::Value;

use super::document::{SemanticSurface, Semantics};
use crate::formats::city::SurfaceKind;

/// The kind of each semantic surface of a geometry; empty without semantics.
///
/// Windows and doors are of the kind of what they are in, walls where the file does not say.
pub(super) fn kinds(semantics: Option<&Semantics<'_>>) -> Vec<SurfaceKind> {
    let surfaces = semantics.and_then(|semantics| semantics.surfaces.as_deref()).unwrap_or_default();
    surfaces.iter().map(|surface| kind(surface, surfaces)).collect()
}

fn kind(surface: &SemanticSurface<'_>, all: &[SemanticSurface<'_>]) -> SurfaceKind {
    if !matches!(&*surface.kind, "Window" | "Door") {
        return of_type(&surface.kind);
    }
    let parent =
        surface.parent.as_ref().and_then(Value::as_u64).and_then(|parent| all.get(usize::try_from(parent).ok()?));
    parent.map_or(SurfaceKind::Wall, |parent| of_type(&parent.kind))
}

/// The kind that a type of CityJSON stands for.
///
/// Outer floors face up and lie open like roofs; outer ceilings face down like grounds. Closure surfaces stand where
/// there is nothing, so they are not outside.
fn of_type(kind: &str) -> SurfaceKind {
    match kind {
        "RoofSurface" | "OuterFloorSurface" => SurfaceKind::Roof,
        "WallSurface" | "Window" | "Door" => SurfaceKind::Wall,
        "GroundSurface" | "OuterCeilingSurface" => SurfaceKind::Ground,
        "ClosureSurface" | "InteriorWallSurface" | "CeilingSurface" | "FloorSurface" => SurfaceKind::Interior,
        _ => SurfaceKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_of_the_kind_of_what_they_are_in() {
        let text = r#"{"surfaces": [{"type": "RoofSurface", "children": [1]}, {"type": "Window", "parent": 0},
            {"type": "Door"}, {"type": "Window", "parent": 99}, {"type": "Window", "parent": "x"}, {"type": "+Moss"},
            {"type": "Window", "parent": 6}]}"#;
        let semantics: Semantics<'_> = serde_json::from_str(text).unwrap();
        use SurfaceKind::{Roof, Unknown, Wall};
        assert_eq!(kinds(Some(&semantics)), [Roof, Roof, Wall, Wall, Wall, Unknown, Wall]);
        assert!(kinds(None).is_empty());
    }
}
