//! Where light goes that came into a room.

use std::f64::consts::PI;

use conurb_energy::zone::{Glazing, SolarShares};

use super::zone_file::ZoneFile;

/// Areas that light falls onto (m²).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Inside {
    pub walls: f64,
    pub windows: f64,
}

/// Shares of transmitted light by the reflections of a room: all of it meets the floor first; what the floor reflects
/// goes to the ceiling by their view factor and to walls and windows by area; what is then still there meets all surfaces by area
/// until it is taken up. Opaque surfaces take up their solar absorptance of it, windows let a part out again and take up another.
///
/// Where the file gives the floor's share, the others keep their proportions. `light` is what the glazing lets through.
pub(super) fn solar_shares(zone: &ZoneFile, inside: &Inside, light: &Glazing) -> SolarShares {
    let absorptance = zone.absorptance;
    let window = Pane::of(zone, light);
    let [length, width, height] = zone.size;
    let to_ceiling = opposite_view_factor(length / height, width / height);
    let vertical = inside.walls + inside.windows;
    let onto = |area: f64| if vertical > 0.0 { (1.0 - to_ceiling) * area / vertical } else { 0.0 };
    // Shares of the light that meet walls, ceiling, floor and windows, first and second time.
    let first = [0.0, 0.0, 1.0, 0.0];
    let reflected = 1.0 - absorptance;
    let second = [onto(inside.walls), to_ceiling, 0.0, onto(inside.windows)].map(|share| reflected * share);
    let stays = [reflected, reflected, reflected, window.reflected];
    let left: f64 = second.iter().zip(stays).map(|(share, stays)| share * stays).sum();
    let areas = [inside.walls, zone.floor_area, zone.floor_area, inside.windows];
    let taken_by_area: f64 = areas.iter().zip(stays).map(|(area, stays)| area * (1.0 - stays)).sum();
    let later = areas.map(|area| if taken_by_area > 0.0 { left * area / taken_by_area } else { 0.0 });
    let [walls, ceiling, floor, windows] =
        [0, 1, 2, 3].map(|surface| first[surface] + second[surface] + later[surface]);
    let (walls, ceiling, floor) = (walls * absorptance, ceiling * absorptance, floor * absorptance);
    let (lost, in_window) = (windows * window.transmitted, windows * window.absorbed);
    let others = walls + ceiling + lost + in_window;
    let on_floor = zone.solar_on_floor.filter(|_| others > 0.0).unwrap_or(floor);
    let scale = if others > 0.0 { (1.0 - on_floor) / others } else { 0.0 };
    let parts = [walls * scale, ceiling * scale, on_floor, 0.0];
    let (lost, in_window) = (lost * scale, in_window * scale);
    // Rounding and dark glass: what is left over goes to the air, so that shares sum to 1.
    let air = (1.0 - parts.iter().sum::<f64>() - lost - in_window).max(0.0);
    SolarShares { parts, window: in_window, air, lost }
}

/// What a glazing does to light from all directions.
struct Pane {
    transmitted: f64,
    absorbed: f64,
    reflected: f64,
}

impl Pane {
    /// Absorption hardly depends on the angle: that at normal incidence, 1 − τ − ρ of all panes with the reflections between.
    fn of(zone: &ZoneFile, light: &Glazing) -> Pane {
        let (tau, rho) = (zone.glass.transmittance, zone.glass.reflectance);
        let (mut all, mut back) = (tau, rho);
        for _ in 1..zone.glass.panes {
            let between = 1.0 - back * rho;
            (all, back) = (all * tau / between, rho + tau * tau * back / between);
        }
        let transmitted = light.normal * light.diffuse;
        let absorbed = (1.0 - all - back).clamp(0.0, 1.0 - transmitted);
        Pane { transmitted, absorbed, reflected: 1.0 - transmitted - absorbed }
    }
}

/// View factor between equal rectangles that face each other, by their sides over their distance (Howell, Catalog of
/// radiation heat transfer configuration factors, C-11).
fn opposite_view_factor(x: f64, y: f64) -> f64 {
    let (xx, yy) = (1.0 + x * x, 1.0 + y * y);
    let logarithm = 0.5 * libm::log(xx * yy / (1.0 + x * x + y * y));
    let across = x * yy.sqrt() * libm::atan(x / yy.sqrt()) + y * xx.sqrt() * libm::atan(y / xx.sqrt());
    2.0 / (PI * x * y) * (logarithm + across - x * libm::atan(x) - y * libm::atan(y))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faces_of_a_cube_see_a_fifth_of_each_other() {
        // Howell C-11: 0.1998 for a cube; plates without distance see each other alone.
        assert!((opposite_view_factor(1.0, 1.0) - 0.1998).abs() < 1e-4);
        assert!(opposite_view_factor(1000.0, 1000.0) > 0.998);
    }

    #[test]
    fn shares_of_a_room_sum_to_one() {
        let zone = ZoneFile { solar_on_floor: Some(0.5), ..ZoneFile::usual() };
        let light =
            Glazing { normal: 0.7, angular: [0.0, 1.0, 0.0, 0.0, 0.0, 0.0], diffuse: 0.87, absorbed_share: 0.0 };
        let shares = solar_shares(&zone, &Inside { walls: 63.6, windows: 12.0 }, &light);
        let sum = shares.parts.iter().sum::<f64>() + shares.window + shares.air + shares.lost;
        assert!((sum - 1.0).abs() < 1e-12 && shares.parts[2] == 0.5 && shares.air < 1e-12, "{shares:?}");
        // Without a given share: floor 0.6 at once, ceiling 0.4 × F × 0.6 with F = 0.4676 by Howell C-11 for 8 × 6 × 2.7 m, and
        // the rest of the light by area.
        let shares = solar_shares(&ZoneFile::usual(), &Inside { walls: 63.6, windows: 12.0 }, &light);
        assert!(shares.parts[2] > 0.63 && shares.parts[2] < 0.66, "{shares:?}");
        assert!(shares.lost > 0.02 && shares.lost < 0.05, "{shares:?}");
        let dark = ZoneFile { absorptance: 1.0, ..ZoneFile::usual() };
        let shares = solar_shares(&dark, &Inside { walls: 63.6, windows: 12.0 }, &light);
        assert_eq!((shares.parts, shares.lost), ([0.0, 0.0, 1.0, 0.0], 0.0));
    }
}
