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
