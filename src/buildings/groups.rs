//! Surfaces that look nearly the same way, together.

/// Largest angle between the first, largest surface of a group and its others: the first of these that leaves few enough
/// groups (°). Beyond the last no more groups are joined.
const DIRECTION_LIMITS_DEG: [f64; 4] = [15.0, 30.0, 45.0, 60.0];

/// A surface: where it looks and how large it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Direction {
    /// Unit normal.
    pub normal: [f64; 3],
    /// Area (m²), above zero.
    pub area: f64,
}

/// A group of surfaces.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    /// Unit vector of the sum of area times normal.
    pub normal: [f64; 3],
    /// Sum of areas in the order of the members (m²).
    pub area: f64,
    /// Indices of its surfaces, ascending.
    pub members: Vec<usize>,
}

/// Members of each group, ascending within a group, larger leaders first.
///
/// The largest surface that is in no group yet leads the next one; of several groups within the limit a surface joins the
/// one whose leader it is closest to. All members lie within the limit of their leader, so the mean of their normals
/// does too and lies within twice the limit of each. If more than `most` groups come out, the next limit is tried.
fn group_directions(surfaces: &[Direction], most: usize) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..surfaces.len()).collect();
    order.sort_by(|&a, &b| surfaces[b].area.total_cmp(&surfaces[a].area).then(a.cmp(&b)));
    let mut groups = Vec::new();
    for limit in DIRECTION_LIMITS_DEG {
        groups = groups_within(surfaces, &order, libm::cos(limit.to_radians()));
        if groups.len() <= most {
            break;
        }
    }
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups
}

/// The groups of [`group_directions`] with their means.
pub(super) fn mean_groups(surfaces: &[Direction], most: usize) -> Vec<Group> {
    let mean = |members: Vec<usize>| {
        let mut sum = [0.0; 3];
        let mut area = 0.0;
        for &member in &members {
            let Direction { normal, area: own } = surfaces[member];
            area += own;
            sum.iter_mut().zip(normal).for_each(|(sum, component)| *sum += own * component);
        }
        Group { normal: unit(sum), area, members }
    };
    group_directions(surfaces, most).into_iter().map(mean).collect()
}

fn groups_within(surfaces: &[Direction], order: &[usize], cosine: f64) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &surface in order {
        let normal = surfaces[surface].normal;
        let mut closest: Option<(f64, usize)> = None;
        for (number, group) in groups.iter().enumerate() {
            let with = dot(normal, surfaces[group[0]].normal);
            if with >= cosine && closest.is_none_or(|(known, _)| with > known) {
                closest = Some((with, number));
            }
        }
        match closest {
            Some((_, number)) => groups[number].push(surface),
            None => groups.push(vec![surface]),
        }
    }
    groups
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The vector with length 1; members of a group lie within 60° of one of them, so their sum has a length.
fn unit(vector: [f64; 3]) -> [f64; 3] {
    let length = dot(vector, vector).sqrt();
    vector.map(|component| component / length)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn wall(azimuth: f64, area: f64) -> Direction {
        Direction { normal: [azimuth.to_radians().sin(), azimuth.to_radians().cos(), 0.0], area }
    }

    #[test]
    fn walls_of_a_turned_block_make_four_groups() {
        let walls: Vec<Direction> = [31.0, 121.0, 211.0, 301.0, 35.0, 209.0].map(|azimuth| wall(azimuth, 10.0)).into();
        let groups = group_directions(&walls, 8);
        assert_eq!(groups, [vec![0, 4], vec![1], vec![2, 5], vec![3]]);
        let mean = &mean_groups(&walls, 8)[0];
        let azimuth = libm::atan2(mean.normal[0], mean.normal[1]).to_degrees();
        assert!((azimuth - 33.0).abs() < 1e-9 && mean.area == 20.0, "{mean:?}");
    }

    #[test]
    fn the_mean_direction_counts_areas() {
        // 30 m² north and 10 m² to an azimuth of 10°: tan = 10 sin 10° / (30 + 10 cos 10°).
        let mean = &mean_groups(&[wall(0.0, 30.0), wall(10.0, 10.0)], 8)[0];
        let ten = 10.0f64.to_radians();
        assert!((mean.normal[0] / mean.normal[1] - 10.0 * ten.sin() / (30.0 + 10.0 * ten.cos())).abs() < 1e-12);
    }

    #[test]
    fn a_surface_joins_the_closer_of_two_leaders() {
        // 0° and 20° lead; 12° lies within 15° of both and is closer to the second.
        let walls = [wall(0.0, 30.0), wall(20.0, 20.0), wall(12.0, 1.0)];
        assert_eq!(group_directions(&walls, 8), [vec![0], vec![1, 2]]);
    }

    #[test]
    fn a_round_tower_has_few_groups() {
        let walls: Vec<Direction> = (0..72).map(|step| wall(5.0 * f64::from(step), 1.0)).collect();
        assert!(group_directions(&walls, 24).len() > 16, "leaders are 15° or 20° apart");
        let groups = group_directions(&walls, 8);
        assert!((6..=8).contains(&groups.len()), "leaders are 45° or 50° apart: {}", groups.len());
    }

    #[test]
    fn no_surfaces_make_no_groups() {
        assert!(group_directions(&[], 8).is_empty());
    }

    fn surface() -> impl Strategy<Value = Direction> {
        (0.0..360.0f64, -1.0..1.0f64, 0.01..1000.0f64).prop_map(|(azimuth, up, area)| {
            let level = (1.0 - up * up).sqrt();
            let azimuth = azimuth.to_radians();
            Direction { normal: [level * azimuth.sin(), level * azimuth.cos(), up], area }
        })
    }

    proptest! {
        #[test]
        fn groups_hold_every_surface_once_and_close_to_their_mean(
            surfaces in proptest::collection::vec(surface(), 0..60),
            most in 1..12usize,
        ) {
            let groups = mean_groups(&surfaces, most);
            let mut all: Vec<usize> = groups.iter().flat_map(|group| group.members.clone()).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..surfaces.len()).collect::<Vec<_>>());
            let total: f64 = surfaces.iter().map(|surface| surface.area).sum();
            let kept: f64 = groups.iter().map(|group| group.area).sum();
            prop_assert!((total - kept).abs() <= 1e-12 * total);
            let is_last = groups.len() > most;
            for group in &groups {
                prop_assert!((dot(group.normal, group.normal) - 1.0).abs() < 1e-12);
                let leader = group.members.iter().copied().max_by(|&a, &b| surfaces[a].area.total_cmp(&surfaces[b].area));
                let leader = surfaces[leader.unwrap()].normal;
                let limit = DIRECTION_LIMITS_DEG[3].to_radians();
                for &member in &group.members {
                    prop_assert!(dot(surfaces[member].normal, leader) >= limit.cos() - 1e-12);
                    prop_assert!(dot(surfaces[member].normal, group.normal) >= (2.0 * limit).cos() - 1e-12);
                }
                prop_assert!(dot(leader, group.normal) >= limit.cos() - 1e-12);
            }
            // Points more than 60° apart on a sphere: at most 12.
            prop_assert!(!is_last || groups.len() <= 12);
        }

        #[test]
        fn walls_never_make_more_than_eight_groups(
            azimuths in proptest::collection::vec((0.0..360.0f64, 0.1..100.0f64), 1..80)
        ) {
            let walls: Vec<Direction> = azimuths.iter().map(|&(azimuth, area)| wall(azimuth, area)).collect();
            prop_assert!(group_directions(&walls, 8).len() <= 8);
        }
    }
}
