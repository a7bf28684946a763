//! Sun on facades and through windows.

use pulp::Simd;

use crate::climate::Climate;
use crate::hourly::LANES;
use crate::wide::{Chunk, Row, Wide};
use crate::zone::{Facade, Zone};

/// A visible share of 1, in the steps of [`Facade::sun_shares`].
const ALL: u8 = u8::MAX;

/// What the sun does to the zones of a block.
#[derive(Debug, Clone)]
pub(crate) struct SolarBlock {
    walls: Vec<Faces>,
    roofs: Vec<Faces>,
    angular: [Row; 6],
    diffuse: Row,
    blinds_above: Row,
    blinds_factor: Row,
}

/// Heat of the sun in an hour (W).
pub(crate) struct SolarHeat<S: Simd> {
    /// On the outside of walls.
    pub(crate) walls: Wide<S>,
    /// On the outside of roofs.
    pub(crate) roofs: Wide<S>,
    /// Through windows.
    pub(crate) windows: Wide<S>,
}

/// Sun and sky of an hour.
#[derive(Clone, Copy)]
pub(crate) struct Sun {
    direction: [f64; 3],
    /// Beam of one step of visible share.
    beam: f64,
    isotropic: f64,
    horizon: f64,
    ghi: f64,
    bin: usize,
}

/// A facade of each zone; those that a zone has not receive nothing.
#[derive(Debug, Clone)]
struct Faces {
    normal: [Row; 3],
    isotropic: Row,
    horizon: Row,
    reflected: Row,
    absorbing: Row,
    /// Area of glass times its share at normal incidence.
    glass: Row,
    glazed: bool,
    /// By bin, and once more for hours without a bin.
    sun_shares: Option<Vec<[u8; LANES]>>,
}

impl Sun {
    /// That of an hour, if it shines.
    #[inline(always)]
    pub(crate) fn of(climate: &Climate, hour: usize) -> Option<Self> {
        climate.is_lit(hour).then(|| Sun {
            direction: [climate.sun_east[hour], climate.sun_north[hour], climate.sun_up[hour]],
            beam: climate.beam[hour] * (1.0 / ALL as f64),
            isotropic: climate.isotropic[hour],
            horizon: climate.horizon[hour],
            ghi: climate.ghi[hour],
            bin: (climate.sun_bin[hour] as usize).min(climate.n_sun_bins),
        })
    }
}

impl SolarBlock {
    pub(crate) fn new(zones: &[&Zone; LANES]) -> Self {
        let faces = |facades_of: fn(&Zone) -> &[Facade]| -> Vec<Faces> {
            let most = zones.iter().map(|zone| facades_of(zone).len()).max().unwrap_or(0);
            (0..most).map(|index| Faces::new(zones, |zone| facades_of(zone).get(index))).collect()
        };
        let lanes = |value: fn(&Zone) -> f64| Row(zones.map(value));
        SolarBlock {
            walls: faces(|zone| &zone.walls),
            roofs: faces(|zone| &zone.roofs),
            angular: core::array::from_fn(|power| Row(zones.map(|zone| zone.window.glazing.angular[power]))),
            diffuse: lanes(|zone| zone.window.glazing.diffuse),
            blinds_above: lanes(|zone| zone.blinds.above),
            blinds_factor: lanes(|zone| zone.blinds.factor),
        }
    }

    /// Sum over facades, in their order.
    #[inline(always)]
    pub(crate) fn heat<S: Simd>(&self, chunk: Chunk<S>, sun: Option<&Sun>) -> SolarHeat<S> {
        let zero = chunk.splat(0.0);
        let (mut walls, mut roofs, mut windows) = (zero, zero, zero);
        if let Some(sun) = sun {
            for faces in &self.walls {
                self.add(chunk, sun, faces, &mut walls, &mut windows);
            }
            for faces in &self.roofs {
                self.add(chunk, sun, faces, &mut roofs, &mut windows);
            }
        }
        SolarHeat { walls, roofs, windows }
    }

    #[inline(always)]
    fn add<S: Simd>(&self, chunk: Chunk<S>, sun: &Sun, faces: &Faces, absorbed: &mut Wide<S>, through: &mut Wide<S>) {
        let zero = chunk.splat(0.0);
        let [east, north, up] =
            core::array::from_fn(|axis| chunk.load(&faces.normal[axis]) * chunk.splat(sun.direction[axis]));
        let cosine = (east + north + up).greatest(zero);
        let share = faces.visible(chunk, sun.bin);
        let direct = chunk.splat(sun.beam) * cosine * share;
        let sky = chunk.splat(sun.isotropic) * chunk.load(&faces.isotropic)
            + chunk.splat(sun.horizon) * chunk.load(&faces.horizon);
        let diffuse = sky.greatest(zero) + chunk.splat(sun.ghi) * chunk.load(&faces.reflected);
        let total = direct + diffuse;
        *absorbed = *absorbed + total * chunk.load(&faces.absorbing);
        if faces.glazed {
            let mut angular = chunk.load(&self.angular[5]);
            for power in (0..5).rev() {
                angular = angular * cosine + chunk.load(&self.angular[power]);
            }
            let angular = angular.greatest(zero).least(chunk.splat(1.0));
            let transmitted = direct * angular + diffuse * chunk.load(&self.diffuse);
            let above = chunk.load(&self.blinds_above);
            let blinds = total.if_greater(above, chunk.load(&self.blinds_factor), chunk.splat(1.0));
            *through = *through + transmitted * blinds * chunk.load(&faces.glass);
        }
    }
}

impl Faces {
    fn new<'a>(zones: &[&'a Zone; LANES], facade_of: impl Fn(&'a Zone) -> Option<&'a Facade>) -> Self {
        let facades = zones.map(facade_of);
        let lanes = |value: fn(&Facade) -> f64| Row(facades.map(|facade| facade.map_or(0.0, value)));
        let mut glass = lanes(|facade| facade.glass_area);
        for (glass, zone) in glass.iter_mut().zip(zones) {
            *glass *= zone.window.glazing.normal;
        }
        let n_bins = facades.iter().flatten().filter_map(|facade| Some(facade.sun_shares.as_ref()?.len())).max();
        let sun_shares = n_bins.map(|n_bins| {
            let share = |facade: Option<&Facade>, bin: usize| {
                facade.and_then(|facade| facade.sun_shares.as_ref()?.get(bin).copied()).unwrap_or(ALL)
            };
            (0..=n_bins).map(|bin| facades.map(|facade| share(facade, bin))).collect()
        });
        Faces {
            normal: [
                lanes(|facade| facade.normal[0]),
                lanes(|facade| facade.normal[1]),
                lanes(|facade| facade.normal[2]),
            ],
            isotropic: lanes(|facade| 0.5 * (1.0 + facade.normal[2]) * facade.sky_share),
            horizon: lanes(|facade| {
                let [east, north, _] = facade.normal;
                (east * east + north * north).sqrt() * facade.horizon_share
            }),
            reflected: lanes(|facade| facade.reflected),
            absorbing: lanes(|facade| facade.absorbing_area),
            glazed: glass.iter().any(|&glass| glass > 0.0),
            glass,
            sun_shares,
        }
    }

    /// Visible share of the sun in a bin, in steps.
    #[inline(always)]
    fn visible<S: Simd>(&self, chunk: Chunk<S>, bin: usize) -> Wide<S> {
        match &self.sun_shares {
            Some(shares) => chunk.load_steps(&shares[bin]),
            None => chunk.splat(ALL as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use pulp::Scalar;

    use super::*;
    use crate::samples::{dark, house, open_facade};
    use crate::zone::{Blinds, Glazing};

    /// One lit hour: sun 30° high in the south with 800 W/m², sky 100 W/m², horizon 40 W/m², ghi 500 W/m², bin 1 of 3.
    fn noon() -> Climate {
        Climate {
            sun_north: vec![-0.75_f64.sqrt()],
            sun_up: vec![0.5],
            beam: vec![800.0],
            isotropic: vec![100.0],
            horizon: vec![40.0],
            ghi: vec![500.0],
            sun_bin: vec![1],
            n_sun_bins: 3,
            ..dark(1, 0.0)
        }
    }

    /// Heat on walls, on roofs and through windows.
    fn heat(zone: &Zone, climate: &Climate) -> [f64; 3] {
        let zones = [zone; LANES];
        let chunk = Chunk { simd: Scalar::new(), index: 3 };
        let heat = SolarBlock::new(&zones).heat(chunk, Sun::of(climate, 0).as_ref());
        [heat.walls.scalar(), heat.roofs.scalar(), heat.windows.scalar()]
    }

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-9 * expected.abs().max(1.0)
    }

    #[test]
    fn facades_get_beam_sky_horizon_and_ground() {
        let mut zone = house();
        zone.walls = vec![open_facade([0.0, -1.0, 0.0], 10.0, 0.0), open_facade([0.0, 1.0, 0.0], 1.0, 0.0)];
        zone.roofs = vec![open_facade([0.0, 0.0, 1.0], 7.0, 0.0)];
        let [walls, roofs, windows] = heat(&zone, &noon());
        // South: 800 cos 30° + 100/2 + 40 + 500 · 0.1; north without beam; the roof 800 sin 30° + 100.
        let south = 800.0 * 0.75_f64.sqrt() + 50.0 + 40.0 + 50.0;
        assert!(near(walls, 10.0 * south + 140.0), "{walls}");
        assert!(near(roofs, 7.0 * 500.0), "{roofs}");
        assert_eq!(windows, 0.0);
    }

    #[test]
    fn glass_lets_in_by_angle_and_hemisphere() {
        let mut zone = house();
        zone.window.glazing =
            Glazing { normal: 0.6, angular: [0.0, 2.0, -1.0, 0.0, 0.0, 0.0], diffuse: 0.8, absorbed_share: 0.1 };
        zone.walls = vec![open_facade([0.0, -1.0, 0.0], 0.0, 5.0)];
        // cos θ = √0.75: angular 2 cos θ − cos² θ; 692.8 W/m² of beam and 140 W/m² of sky.
        let cosine = 0.75_f64.sqrt();
        let expected = 5.0 * 0.6 * (800.0 * cosine * (2.0 * cosine - 0.75) + 0.8 * 140.0);
        assert!(near(heat(&zone, &noon())[2], expected));
        zone.blinds = Blinds { above: 750.0, factor: 0.3 };
        assert!(near(heat(&zone, &noon())[2], 0.3 * expected));
        zone.blinds.above = 900.0;
        assert!(near(heat(&zone, &noon())[2], expected));
    }

    #[test]
    fn shadows_take_the_beam_of_their_bin() {
        let mut zone = house();
        zone.walls = vec![open_facade([0.0, -1.0, 0.0], 1.0, 0.0)];
        zone.walls[0].sun_shares = Some(vec![255, 51, 255]);
        let expected = 0.2 * 800.0 * 0.75_f64.sqrt() + 140.0;
        assert!(near(heat(&zone, &noon())[0], expected));
        let mut unbinned = noon();
        unbinned.sun_bin[0] = crate::climate::NO_BIN;
        assert!(near(heat(&zone, &unbinned)[0], 800.0 * 0.75_f64.sqrt() + 140.0));
    }

    #[test]
    fn a_dark_horizon_takes_no_more_than_the_sky() {
        let mut zone = house();
        zone.walls = vec![open_facade([0.0, 1.0, 0.0], 1.0, 0.0)];
        let climate = Climate { horizon: vec![-80.0], ..noon() };
        assert!(near(heat(&zone, &climate)[0], 50.0));
    }
}
