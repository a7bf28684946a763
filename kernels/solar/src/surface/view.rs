//! What a surface sees: sky patches, suns, ground and the surfaces across.

use std::collections::BTreeMap;
use std::f64::consts::PI;

use super::bits::BitRows;
use super::plane::{Half, LookAt, PlaneSky, dot, half_weights, look_at};
use super::points::SamplePoints;
use super::sun_bins::SunBins;
use crate::rays::{Direction, LANES, NO_SURFACE, Packet, Scene};
use crate::sky::{Patches, RaysPerPatch, Subdivision};

/// Whether what blocks the sky is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounce {
    /// No: rays stop at whatever they meet.
    None,
    /// The surface met first, for light that it reflects.
    Once,
}

/// The rays by which surfaces look around, the same for all surfaces of a tile.
pub struct ViewRays<'a> {
    scene: &'a Scene,
    sky: &'a Patches,
    suns: &'a SunBins,
    bounce: Bounce,
    reach: f32,
    sky_directions: Vec<Direction>,
    sun_directions: Vec<Direction>,
    /// The half below the horizon needs no fine patches: ground and walls shine evenly.
    ground: Patches,
    ground_directions: Vec<Direction>,
}

/// What one planar surface sees, as the mean of its points by the area that each stands for.
///
/// View factors are shares of all that the surface sees, ∫ cos aoi dω / π: those of sky, ground, terrain and reflectors sum
/// to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct SurfaceView {
    /// ∫ visible max(0, cos aoi) dω of each sky patch (sr); times radiance (W/m²/sr) gives diffuse irradiance.
    pub sky_coefficients: Vec<f32>,
    /// Share of the surface that sees each sun bin.
    pub sun_visible_share: Vec<f32>,
    /// View factor of the visible sky.
    pub sky_view_factor: f64,
    /// That of the sky over that of a free plane, (1 + cos tilt) / 2: 1 when nothing stands in the way.
    pub f_sky: f64,
    /// Visible share of the horizon band before the plane.
    pub horizon_share: f64,
    /// View factor of the ground below the horizon.
    pub ground_view_factor: f64,
    /// That of the ground over that of a free plane, (1 − cos tilt) / 2; 1 for a level one.
    pub ground_share: f64,
    /// View factor of what rises above the horizon and belongs to no surface, as terrain does; known with
    /// [`Bounce::Once`].
    pub terrain_view_factor: f64,
    /// Surfaces across, ascending; those above the horizon are known with [`Bounce::Once`].
    pub reflectors: Vec<Reflector>,
    /// Sky rays that each point sees.
    pub sky_visible: BitRows,
    /// Sun bins that each point sees.
    pub sun_visible: BitRows,
    /// ∫ max(0, cos aoi) dω of each sky ray of a free plane (sr).
    weights: Vec<f64>,
    rays_per_patch: usize,
}

/// A surface that blocks a part of the view.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reflector {
    /// Its number.
    pub surface: u32,
    /// Share of all that is seen.
    pub view_factor: f64,
}

/// Energies of some hours, to be summed by what a point sees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PointEnergies<'a> {
    /// Diffuse energy of each sky patch (Wh/m²/sr); the same for all patches of an isotropic sky.
    pub patches: &'a [f64],
    /// Beam energy of each sun bin on the surface's plane (Wh/m²), with cos aoi.
    pub suns: &'a [f64],
}

/// Share of all directions below which ground and surfaces under the horizon are not looked for.
const LEAST_GROUND: f64 = 1.0e-4;

impl<'a> ViewRays<'a> {
    /// Rays through `scene` to the `sky` and `suns`; they end at `reach` (m).
    pub fn new(scene: &'a Scene, sky: &'a Patches, suns: &'a SunBins, reach: f32, bounce: Bounce) -> Self {
        let ground = Patches::new(Subdivision::Tregenza145, RaysPerPatch::One);
        ViewRays {
            scene,
            sky,
            suns,
            bounce,
            reach,
            sky_directions: directions(sky, Half::Upper),
            sun_directions: suns.directions.iter().map(|&sun| Direction::new(single(sun))).collect(),
            ground_directions: directions(&ground, Half::Lower),
            ground,
        }
    }

    /// What the surface of unit `normal` sees from its `points`.
    ///
    /// Nothing behind the surface's own plane is looked at; where the plane cuts a part of the sky, the ray goes to the
    /// middle of what is before it.
    ///
    /// # Panics
    /// If there is no point.
    pub fn view(&self, normal: [f64; 3], points: &SamplePoints) -> SurfaceView {
        let shares = area_shares(points);
        let packets: Vec<_> = packets(points);
        let plane = PlaneSky::new(self.sky, normal);
        let mut met = Met::default();
        let sky_rays = aimed(self.sky, &self.sky_directions, normal, Half::Upper);
        let sky_visible = match self.bounce {
            Bounce::None => self.unblocked(&packets, points.points.len(), &sky_rays),
            Bounce::Once => self.looked_up(&packets, &shares, &sky_rays, &plane.weights, &mut met),
        };
        let terrain = met.of_no_surface;
        let ground = self.looked_down(&packets, &shares, normal, &mut met);
        let sun_visible = self.unblocked(&packets, points.points.len(), &self.sun_rays(normal));
        let sky_view_factor = mean(&sky_visible, &shares, &plane.weights) / PI;
        SurfaceView {
            sky_coefficients: coefficients(&sky_visible, &shares, &plane.weights, self.sky.rays_per_patch()),
            sun_visible_share: coefficients(&sun_visible, &shares, &vec![1.0; self.suns.n_bins()], 1),
            sky_view_factor,
            f_sky: share_of(sky_view_factor, Half::Upper.whole(normal) / PI),
            horizon_share: mean(&sky_visible, &shares, &plane.horizon),
            ground_view_factor: ground,
            ground_share: share_of(ground, Half::Lower.whole(normal) / PI),
            terrain_view_factor: terrain / PI,
            reflectors: met.reflectors(),
            sky_visible,
            sun_visible,
            weights: plane.weights,
            rays_per_patch: self.sky.rays_per_patch(),
        }
    }

    /// Rays that meet nothing.
    fn unblocked(&self, packets: &[Packet], n_points: usize, rays: &[Option<Direction>]) -> BitRows {
        let mut visible = BitRows::new(n_points, rays.len());
        for (index, packet) in packets.iter().enumerate() {
            for (ray, direction) in rays.iter().enumerate() {
                let Some(direction) = direction else { continue };
                let blocked = self.scene.occluded(packet, direction, self.reach);
                for lane in ones(packet.lanes() & !blocked) {
                    visible.set(index * LANES + lane, ray);
                }
            }
        }
        visible
    }

    /// Rays of the sky that meet nothing; what the others meet goes to `met`.
    fn looked_up(
        &self,
        packets: &[Packet],
        shares: &[f64],
        rays: &[Option<Direction>],
        weights: &[f64],
        met: &mut Met,
    ) -> BitRows {
        let mut visible = BitRows::new(shares.len(), rays.len());
        for (index, packet) in packets.iter().enumerate() {
            for (ray, direction) in rays.iter().enumerate() {
                let Some(direction) = direction else { continue };
                let hits = self.scene.closest(packet, direction, self.reach);
                for lane in ones(packet.lanes()) {
                    let point = index * LANES + lane;
                    if hits.distances[lane] < f32::INFINITY {
                        met.add(hits.surfaces[lane], weights[ray] * shares[point]);
                    } else {
                        visible.set(point, ray);
                    }
                }
            }
        }
        visible
    }

    /// View factor of the ground; surfaces that stand before it go to `met`.
    fn looked_down(&self, packets: &[Packet], shares: &[f64], normal: [f64; 3], met: &mut Met) -> f64 {
        let free = Half::Lower.whole(normal) / PI;
        if free < LEAST_GROUND {
            return free;
        }
        let weights = half_weights(&self.ground, normal, Half::Lower);
        let rays = aimed(&self.ground, &self.ground_directions, normal, Half::Lower);
        let mut ground = 0.0;
        for (index, packet) in packets.iter().enumerate() {
            for (ray, direction) in rays.iter().enumerate() {
                let Some(direction) = direction else { continue };
                let hits = self.scene.closest(packet, direction, self.reach);
                for lane in ones(packet.lanes()) {
                    let weight = weights[ray] * shares[index * LANES + lane];
                    if hits.surfaces[lane] == NO_SURFACE {
                        ground += weight;
                    } else {
                        met.add(hits.surfaces[lane], weight);
                    }
                }
            }
        }
        ground / PI
    }

    /// Suns before the surface's plane.
    fn sun_rays(&self, normal: [f64; 3]) -> Vec<Option<Direction>> {
        let suns = self.suns.directions.iter().zip(&self.sun_directions);
        suns.map(|(&sun, &direction)| (dot(sun, normal) > 0.0).then_some(direction)).collect()
    }
}

impl SurfaceView {
    /// Irradiation of each point (Wh/m²) by the sky and the suns that it sees: how evenly the surface is lit, and whether
    /// its points are enough.
    ///
    /// # Panics
    /// If there is not an energy for each patch and each sun bin.
    pub fn point_irradiation(&self, energies: &PointEnergies<'_>) -> Vec<f64> {
        assert_eq!(energies.patches.len(), self.sky_coefficients.len(), "an energy for each patch");
        assert_eq!(energies.suns.len(), self.sun_visible_share.len(), "an energy for each sun bin");
        let of_rays: Vec<_> = (self.weights.iter().enumerate())
            .map(|(ray, weight)| weight * energies.patches[ray / self.rays_per_patch])
            .collect();
        (0..self.sky_visible.n_rows())
            .map(|point| {
                let sky: f64 = self.sky_visible.ones(point).map(|ray| of_rays[ray]).sum();
                let suns: f64 = self.sun_visible.ones(point).map(|bin| energies.suns[bin]).sum();
                sky + suns
            })
            .collect()
    }
}

/// What rays met, by surface.
#[derive(Default)]
struct Met {
    of_surface: BTreeMap<u32, f64>,
    of_no_surface: f64,
}

impl Met {
    fn add(&mut self, surface: u32, weight: f64) {
        if surface == NO_SURFACE {
            self.of_no_surface += weight;
        } else {
            *self.of_surface.entry(surface).or_insert(0.0) += weight;
        }
    }

    fn reflectors(self) -> Vec<Reflector> {
        let entries = self.of_surface.into_iter();
        entries.map(|(surface, weight)| Reflector { surface, view_factor: weight / PI }).collect()
    }
}

/// Directions to the centres of all that rays look at.
fn directions(patches: &Patches, half: Half) -> Vec<Direction> {
    patches.directions().iter().map(|&direction| Direction::new(single(half.turn(direction)))).collect()
}

/// Where the rays of a half go for a plane; `None` for those behind it.
fn aimed(patches: &Patches, centres: &[Direction], normal: [f64; 3], half: Half) -> Vec<Option<Direction>> {
    let aim = |(ray, centre): (usize, &Direction)| match look_at(patches, ray, normal, half) {
        LookAt::Nowhere => None,
        LookAt::Centre => Some(*centre),
        LookAt::Aside(direction) => Some(Direction::new(single(direction))),
    };
    centres.iter().enumerate().map(aim).collect()
}

fn packets(points: &SamplePoints) -> Vec<Packet> {
    let origins: Vec<_> = points.points.iter().map(|&point| single(point)).collect();
    origins.chunks(LANES).map(Packet::new).collect()
}

fn area_shares(points: &SamplePoints) -> Vec<f64> {
    assert!(!points.points.is_empty(), "a surface without points");
    let area: f64 = points.areas.iter().sum();
    points.areas.iter().map(|part| part / area).collect()
}

/// Mean over the points of what they see of `weights`, which may end before the columns do.
fn mean(visible: &BitRows, shares: &[f64], weights: &[f64]) -> f64 {
    let seen = |point: usize| visible.ones(point).filter_map(|column| weights.get(column)).sum::<f64>();
    shares.iter().enumerate().map(|(point, share)| share * seen(point)).sum()
}

/// Mean over the points of each column's weight, `per_column` columns summed to one.
fn coefficients(visible: &BitRows, shares: &[f64], weights: &[f64], per_column: usize) -> Vec<f32> {
    let mut sums = vec![0.0; weights.len() / per_column];
    for (point, share) in shares.iter().enumerate() {
        for column in visible.ones(point) {
            sums[column / per_column] += share * weights[column];
        }
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}

/// `part` of `whole`, at most 1; 1 of nothing.
fn share_of(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 1.0 }
}

/// Set bits, ascending.
fn ones(bits: u16) -> impl Iterator<Item = usize> {
    (0..LANES).filter(move |lane| bits >> lane & 1 == 1)
}

/// To the precision of rays.
fn single(vector: [f64; 3]) -> [f32; 3] {
    vector.map(|component| component as f32)
}
