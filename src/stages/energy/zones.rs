//! Buildings become zones: geometry, archetype, use and measures as one heat balance.

use conurb_energy::zone::{
    Blinds, Boundary, Element, FLOOR, Facade, Film, Gains, Glazing, INSIDE, LEAST_RESISTANCE, Layer, MassClass,
    N_PARTS, ROOF, SolarShares, Supply, Surfaces, Ventilation, WALL, Window, Zone, ZoneError,
};

use super::sunlight::{FaceSunlight, open};
use super::variants::Variant;
use crate::archetypes::{Archetype, Construction, Mass, MassPlace, UsageProfile};
use crate::buildings::{Building, Face, FaceKind};
use crate::error::{Error, Problem, Problems};
use crate::inputs::EnergyInputs;
use crate::scenario::{Control, Energy};

/// Heat capacity of a cubic metre of air over an hour, at 20 °C and sea level (Wh/m³K).
pub const AIR_WH_PER_M3_K: f64 = 0.336;
/// Share of gains from people and appliances that is radiation, ISO 52016-1:2017 annex B (f_int,c = 0.40).
const RADIATIVE_GAINS: f64 = 0.6;
/// Share of transmitted sun that furniture gives to the air at once, ISO 52016-1:2017 annex B (f_sol,c = 0.10).
const SUN_TO_AIR: f64 = 0.1;
/// Share of the rest that falls onto floors first; what ANSI/ASHRAE 140-2020 finds of a room with windows in one wall.
const SUN_TO_FLOORS: f64 = 0.6;
/// Solar absorptance of plaster, brick and tiles of intermediate colours, ISO 52016-1:2017 annex B.
const ABSORPTANCE: f64 = 0.6;
/// Resistance between the underside of a floor and undisturbed ground (m²K/W), ISO 52016-1:2017 6.5.8 with 13370:2017.
const GROUND_RESISTANCE: f64 = 0.25;
/// U-value between rooms, which says how fast heat gets into what is inside (W/m²K): 0.15 m²K/W of masonry between films.
const INSIDE_U: f64 = 2.4;
/// U-value that what hardly leads any heat counts with, as a wall to a heated neighbour does (W/m²K).
const LEAST_U: f64 = 0.01;
/// No window takes more than this share of a face.
const MOST_WINDOW: f64 = 0.9;
/// Temperature that is always exceeded or fallen short of (°C).
const NEVER_C: f64 = 1000.0;
/// Outdoor air has to be colder than indoor air by this much for windows to be opened (K).
const OPENING_DIFFERENCE_K: f64 = 2.0;
/// Indoor temperature from which windows are opened (°C).
const OPENING_ABOVE_C: f64 = 24.0;

/// What a zone is made from.
#[derive(Clone, Copy)]
pub struct Makings<'a> {
    /// The building.
    pub building: &'a Building,
    /// What it is made of.
    pub archetype: &'a Archetype,
    /// How it is used.
    pub usage: &'a UsageProfile,
    /// What the scenario says of all buildings.
    pub energy: &'a Energy,
    /// What its faces see of sun and sky, in the order of the building's faces.
    pub sunlight: &'a [FaceSunlight],
    /// How many sun bins the climate has.
    pub n_sun_bins: usize,
}

/// Areas of a building that measures and costs count.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Areas {
    /// Outer walls without windows (m²).
    pub wall: f64,
    /// Roofs without windows (m²).
    pub roof: f64,
    /// Floor (m²).
    pub floor: f64,
    /// Windows with frames (m²).
    pub window: f64,
    /// Conditioned floor area (m²).
    pub conditioned: f64,
}

/// Areas of a building with the windows of its archetype.
pub fn areas(building: &Building, archetype: &Archetype) -> Areas {
    let mut areas = Areas { floor: building.ground_area, conditioned: building.floor_area.value, ..Areas::default() };
    for face in &building.faces {
        let window = window_area(face, archetype);
        areas.window += window;
        match face.kind {
            FaceKind::Wall => areas.wall += face.area - window,
            FaceKind::Roof => areas.roof += face.area - window,
        }
    }
    areas
}

/// Checks the heat balance of every building as it is before any is computed; what it sees of the sun is of no matter here.
///
/// # Errors
/// The buildings that have a value out of its range.
pub fn check(inputs: &EnergyInputs, energy: &Energy, archetype_of: &[Option<usize>]) -> Result<(), Error> {
    let mut problems = Problems::new();
    for (building, archetype) in inputs.buildings.iter().zip(archetype_of) {
        let Some(archetype) = archetype.map(|number| &inputs.archetypes.archetypes[number]) else { continue };
        let sunlight: Vec<FaceSunlight> = building.faces.iter().map(|face| open(face, 0.0)).collect();
        let usage = inputs.archetypes.profile(building.usage.value);
        let makings = Makings { building, archetype, usage, energy, sunlight: &sunlight, n_sun_bins: 0 };
        if let Err(error) = zone(&makings, &Variant::default()) {
            problems.push_with("buildings out of range", || {
                Problem::new(format!("building {} ({}): {error}", building.id, archetype.code)).of_key("buildings")
            });
        }
    }
    problems.into_result(())
}

/// The zone of a building after the measures of `variant`.
///
/// # Errors
/// A value out of its range.
pub fn zone(makings: &Makings<'_>, variant: &Variant) -> Result<Zone, ZoneError> {
    let Makings { building, archetype, usage, energy, .. } = *makings;
    let areas = areas(building, archetype);
    let volume = areas.conditioned * archetype.room_height;
    let bridges = archetype.thermal_bridges;
    let outdoors =
        |film: Film, sky_view: f64| Surfaces { inner: film, outer: Film::OUTER, boundary: Boundary::Air, sky_view };
    let wall = element(
        areas.wall,
        &archetype.wall,
        (variant.wall, bridges),
        outdoors(Film::INNER_WALL, wall_sky_view(makings)),
    )?;
    let roof = element(
        areas.roof,
        &archetype.roof,
        (variant.roof, bridges),
        outdoors(Film::INNER_UPWARD, roof_sky_view(makings)),
    )?;
    let ground = Surfaces {
        inner: Film::INNER_DOWNWARD,
        outer: Film { convective: 1.0 / GROUND_RESISTANCE, radiative: 0.0 },
        boundary: Boundary::Ground,
        sky_view: 0.0,
    };
    // What the ground keeps warm is told by its temperature, not by a factor.
    let on_ground = Construction { adjustment: 1.0, ..archetype.floor.clone() };
    let floor = element(areas.floor, &on_ground, (variant.floor, bridges), ground)?;
    let between_rooms =
        Surfaces { inner: Film::INNER_WALL, outer: Film::INNER_WALL, boundary: Boundary::Adiabatic, sky_view: 0.0 };
    let inside_area = archetype.inside_area_per_floor_area * areas.conditioned + building.party_area;
    let inside = Construction { u: INSIDE_U, adjustment: 1.0, ..archetype.inside.clone() };
    let inside = element(inside_area, &inside, (0.0, 0.0), between_rooms)?;
    let parts = [wall, roof, floor, inside];
    let kind = variant.window.as_ref().unwrap_or(&archetype.window);
    let before_window = outdoors(Film::INNER_WALL, wall_sky_view(makings));
    let window = Window {
        area: areas.window,
        conductance: Window::conductance_from_u_value(kind.u + bridges, before_window.inner, before_window.outer)?,
        shutter_resistance: 0.0,
        inner: before_window.inner,
        outer: before_window.outer,
        sky_view: before_window.sky_view,
        glazing: Glazing::from_g_value(kind.g)?,
    };
    let faces = |of: FaceKind| facades(makings, of, 1.0 - kind.frame_share);
    let capacity = archetype.air_capacity * areas.conditioned;
    let flow = |per_hour: f64| AIR_WH_PER_M3_K * per_hour * volume;
    let zone = Zone {
        floor_area: areas.conditioned,
        air_capacity: capacity,
        effective_capacity: effective_capacity(&parts) + capacity,
        effective_mass_area: effective_mass_area(&parts),
        solar: solar_shares(&parts, areas.conditioned, &window),
        parts,
        window,
        walls: faces(FaceKind::Wall),
        roofs: faces(FaceKind::Roof),
        gains: Gains {
            occupants: usage.occupant_gains * areas.conditioned,
            appliances: usage.appliance_gains * areas.conditioned,
            radiative_share: RADIATIVE_GAINS,
        },
        air: Ventilation {
            infiltration: flow(
                variant.infiltration.map_or(archetype.infiltration, |sealed| sealed.min(archetype.infiltration)),
            ),
            ventilation: flow(usage.ventilation),
            recovery: variant.heat_recovery,
            night: flow(energy.night_ventilation_per_h),
            night_above: OPENING_ABOVE_C,
            night_difference: OPENING_DIFFERENCE_K,
        },
        blinds: Blinds { above: energy.blinds_above_w_m2.unwrap_or(f64::INFINITY), factor: energy.blinds_factor },
        heating: heating(makings, areas.conditioned),
        cooling: cooling(makings, areas.conditioned),
        control_radiant_share: match energy.control {
            Control::Air => 0.0,
            Control::Operative => 0.5,
        },
    };
    zone.check(makings.n_sun_bins)?;
    Ok(zone)
}

/// An opaque element with the resistance that a measure adds, and thermal bridges.
fn element(
    area: f64,
    construction: &Construction,
    (added_resistance, bridges): (f64, f64),
    surfaces: Surfaces,
) -> Result<Element, ZoneError> {
    match &construction.mass {
        Mass::Class { capacity, place } => {
            let u = transmittance(construction.u, construction.adjustment, added_resistance) + bridges;
            let u = u.max(LEAST_U);
            Element::from_u_value(area, u, *capacity, mass_class(*place), surfaces)
        }
        Mass::Layers(layers) => {
            // Insulation comes from outside, where it leaves the mass to the room.
            let insulation = (added_resistance > 0.0).then(|| Layer::massless(added_resistance));
            let own = layers.iter().map(|layer| Layer {
                thickness: layer.thickness,
                conductivity: layer.conductivity,
                density: layer.density,
                specific_heat: layer.specific_heat,
            });
            let mut layers: Vec<Layer> = insulation.into_iter().chain(own).collect();
            let faster = conduction(&layers, construction.adjustment, bridges, &surfaces);
            layers.iter_mut().for_each(|layer| layer.conductivity *= faster);
            Element::from_layers(area, &layers, surfaces)
        }
    }
}

/// How much better than by themselves layers conduct, so that the U-value is adjusted and has its thermal bridges.
fn conduction(layers: &[Layer], adjustment: f64, bridges: f64, surfaces: &Surfaces) -> f64 {
    if (adjustment, bridges) == (1.0, 0.0) {
        return 1.0;
    }
    let behind = match surfaces.boundary {
        Boundary::Air => 1.0 / surfaces.outer.total(),
        Boundary::Ground => 0.0,
        Boundary::Adiabatic => 1.0 / surfaces.inner.total(),
    };
    let films = 1.0 / surfaces.inner.total() + behind;
    let resistance = layers.iter().map(Layer::resistance).sum::<f64>().max(LEAST_RESISTANCE);
    let u = transmittance(1.0 / (resistance + films), adjustment, 0.0) + bridges;
    resistance / (1.0 / u - films).max(LEAST_RESISTANCE)
}

/// U-value with an adjustment factor for what lies behind, and with added resistance (W/m²K).
pub fn transmittance(u: f64, adjustment: f64, added_resistance: f64) -> f64 {
    adjustment / (1.0 / u + added_resistance)
}

fn mass_class(place: MassPlace) -> MassClass {
    match place {
        MassPlace::Inside => MassClass::Inside,
        MassPlace::Outside => MassClass::Outside,
        MassPlace::Both => MassClass::InsideOutside,
        MassPlace::Distributed => MassClass::Distributed,
        MassPlace::Middle => MassClass::Middle,
    }
}

/// Windows of a face with their frames: its own, else the archetype's share for the nearest quarter of the compass.
fn window_area(face: &Face, archetype: &Archetype) -> f64 {
    let share = || match face.kind {
        FaceKind::Roof => archetype.roof_window_share,
        FaceKind::Wall => {
            let [east, north, _] = face.normal;
            let [of_north, of_east, of_south, of_west] = archetype.window_share;
            match east.abs() > north.abs() {
                true if east > 0.0 => of_east,
                true => of_west,
                false if north > 0.0 => of_north,
                false => of_south,
            }
        }
    };
    face.window_area.unwrap_or_else(|| share() * face.area).min(MOST_WINDOW * face.area)
}

fn facades(makings: &Makings<'_>, kind: FaceKind, glass_share: f64) -> Vec<Facade> {
    let of_kind = makings.building.faces.iter().zip(makings.sunlight).filter(|(face, _)| face.kind == kind);
    let facade = |(face, seen): (&Face, &FaceSunlight)| {
        let window = window_area(face, makings.archetype);
        Facade {
            normal: face.normal,
            absorbing_area: ABSORPTANCE * (face.area - window),
            glass_area: glass_share * window,
            sky_share: seen.sky_share,
            horizon_share: seen.horizon_share,
            reflected: seen.reflected,
            sun_shares: seen.sun_shares.clone(),
        }
    };
    of_kind.map(facade).collect()
}

/// View factor of the sky of all faces of a kind, by area.
fn sky_view(makings: &Makings<'_>, kind: FaceKind, without: f64) -> f64 {
    let (mut sum, mut area) = (0.0, 0.0);
    for (face, seen) in makings.building.faces.iter().zip(makings.sunlight).filter(|(face, _)| face.kind == kind) {
        sum += face.area * seen.sky_share * (1.0 + face.normal[2]) / 2.0;
        area += face.area;
    }
    if area > 0.0 { sum / area } else { without }
}

fn wall_sky_view(makings: &Makings<'_>) -> f64 {
    sky_view(makings, FaceKind::Wall, 0.5)
}

fn roof_sky_view(makings: &Makings<'_>) -> f64 {
    sky_view(makings, FaceKind::Roof, 1.0)
}

/// Where transmitted sun goes: some to the air, most onto floors, the rest onto all surfaces by area.
fn solar_shares(parts: &[Element; N_PARTS], floor_area: f64, window: &Window) -> SolarShares {
    let to_surfaces = 1.0 - SUN_TO_AIR;
    // Where nothing stands inside, all floors are that on the ground.
    let on_ground = if parts[INSIDE].area > 0.0 { (parts[FLOOR].area / floor_area).min(1.0) } else { 1.0 };
    let total: f64 = parts.iter().map(|part| part.area).sum::<f64>() + window.area;
    let spread = to_surfaces * (1.0 - SUN_TO_FLOORS) / total;
    let mut shares = [WALL, ROOF, FLOOR, INSIDE].map(|part| spread * parts[part].area);
    shares[FLOOR] += to_surfaces * SUN_TO_FLOORS * on_ground;
    shares[INSIDE] += to_surfaces * SUN_TO_FLOORS * (1.0 - on_ground);
    SolarShares { parts: shares, window: spread * window.area, air: SUN_TO_AIR, lost: 0.0 }
}

/// Heat capacity that follows a day's swings: the inner half of what has an outside, all of what is inside.
fn effective_capacity(parts: &[Element; N_PARTS]) -> f64 {
    parts.iter().map(|part| part.area * inner_capacity(part)).sum()
}

/// Effective mass area A_m = (Σ A κ)² / Σ A κ², ISO 13790:2008 12.2.2.
fn effective_mass_area(parts: &[Element; N_PARTS]) -> f64 {
    let capacity = effective_capacity(parts);
    let squares: f64 = parts.iter().map(|part| part.area * inner_capacity(part) * inner_capacity(part)).sum();
    if squares > 0.0 { capacity * capacity / squares } else { 0.0 }
}

fn inner_capacity(part: &Element) -> f64 {
    let [outer, second, middle, fourth, inner] = part.capacities;
    match part.boundary {
        // A wall between two rooms gives each of them half.
        Boundary::Adiabatic => outer + second + middle + fourth + inner,
        Boundary::Air | Boundary::Ground => 0.5 * middle + fourth + inner,
    }
}

fn heating(makings: &Makings<'_>, floor_area: f64) -> Supply {
    let Makings { usage, energy, .. } = *makings;
    let setpoint = energy.heating_setpoint_c.unwrap_or(usage.heating_setpoint);
    Supply {
        setpoint,
        setback: setback(energy.heating_setback_c, usage, setpoint),
        max_power: energy.heating_power_w_m2.map_or(f64::INFINITY, |power| power * floor_area),
        convective_share: 1.0,
    }
}

/// Heating setpoint at night: that for all buildings, else that of the use. A use whose setpoint stands for all hours, nights
/// in it, gets no setback by another setpoint.
fn setback(of_all: Option<f64>, usage: &UsageProfile, setpoint: f64) -> f64 {
    let has_setback = usage.heating_setback < usage.heating_setpoint;
    let setback = of_all.unwrap_or(if has_setback { usage.heating_setback } else { setpoint });
    setback.min(setpoint)
}

fn cooling(makings: &Makings<'_>, floor_area: f64) -> Supply {
    let Makings { building, usage, energy, .. } = *makings;
    if !energy.cooled.contains(&building.usage.value) {
        return Supply { setpoint: NEVER_C, setback: NEVER_C, max_power: 0.0, convective_share: 1.0 };
    }
    let setpoint = energy.cooling_setpoint_c.unwrap_or(usage.cooling_setpoint);
    Supply {
        setpoint,
        setback: usage.cooling_setback.max(setpoint),
        max_power: energy.cooling_power_w_m2.map_or(f64::INFINITY, |power| power * floor_area),
        convective_share: 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archetypes::{Archetypes, MaterialLayer};
    use crate::buildings::Usage;
    use crate::scenario::Country;

    const WALL: Surfaces =
        Surfaces { inner: Film::INNER_WALL, outer: Film::OUTER, boundary: Boundary::Air, sky_view: 0.5 };

    /// 12 cm of 0.04 W/mK before 24 cm of brick: 3 + 0.3 m²K/W between films of 1/7.63 and 1/24.14.
    fn layered(adjustment: f64) -> Construction {
        let layer = |thickness, conductivity, density| MaterialLayer {
            material: "m".into(),
            thickness,
            conductivity,
            density,
            specific_heat: 1000.0,
        };
        Construction {
            u: 0.288,
            adjustment,
            mass: Mass::Layers(vec![layer(0.12, 0.04, 30.0), layer(0.24, 0.8, 1800.0)]),
        }
    }

    #[test]
    fn layers_have_their_thermal_bridges_and_adjustment() {
        let plain = 1.0 / (3.3 + 1.0 / 7.63 + 1.0 / 24.14);
        let of = |adjustment, added, bridges| element(10.0, &layered(adjustment), (added, bridges), WALL).unwrap();
        assert!((of(1.0, 0.0, 0.0).u_value() - plain).abs() < 1e-9);
        assert!((of(1.0, 0.0, 0.1).u_value() - (plain + 0.1)).abs() < 1e-9);
        assert!((of(0.5, 0.0, 0.1).u_value() - (0.5 * plain + 0.1)).abs() < 1e-9);
        let insulated = 1.0 / (1.0 / plain + 3.45);
        assert!((of(1.0, 3.45, 0.05).u_value() - (insulated + 0.05)).abs() < 1e-9);
        // 0.12 · 30 · 1000 + 0.24 · 1800 · 1000 J/m²K, however well it conducts.
        let capacity: f64 = of(0.5, 0.0, 0.1).capacities.iter().sum();
        assert!((capacity - 435_600.0).abs() < 1e-6, "{capacity}");
    }

    #[test]
    fn uses_without_setback_get_none_by_another_setpoint() {
        let of = |country, of_all, setpoint| {
            setback(of_all, Archetypes::built_in(country).profile(Usage::Residential), setpoint)
        };
        assert_eq!(of(Country::Netherlands, None, 18.0), 18.0);
        assert_eq!(of(Country::Netherlands, None, 20.0), 20.0);
        assert_eq!(of(Country::Germany, None, 21.0), 17.0);
        assert_eq!(of(Country::Germany, None, 16.0), 16.0);
        assert_eq!(of(Country::Netherlands, Some(15.0), 20.0), 15.0);
    }
}
