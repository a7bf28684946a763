//! Corners as whole numbers of millimetres, each place once.

/// Metres per unit of the whole numbers.
pub const SCALE: f64 = 0.001;
/// Units that numbers of JSON readers hold exactly.
const MAX_UNITS: f64 = 9_007_199_254_740_991.0;

/// The corners of all surfaces as whole numbers, equal ones known as such.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantised {
    /// What to add to scaled numbers, in metres.
    pub translate: [f64; 3],
    /// The places, in ascending order.
    places: Vec<[i64; 3]>,
    /// Place of each corner.
    place_of: Vec<usize>,
}

/// The places that polygons have used so far, in the order of their first use.
#[derive(Debug, Clone, PartialEq)]
pub struct UsedPlaces {
    /// Their coordinates.
    pub vertices: Vec<[i64; 3]>,
    place_in_list: Vec<Option<usize>>,
    used: Vec<usize>,
}

impl Quantised {
    /// Rounds corners to millimetres from the lowest corner of all.
    ///
    /// # Errors
    /// They lie so far apart that their numbers would not be exact.
    pub fn new(corners: &[[f64; 3]]) -> Result<Quantised, String> {
        let least = |axis: usize| corners.iter().map(|corner| corner[axis]).fold(f64::INFINITY, f64::min);
        let translate =
            std::array::from_fn(|axis| Some(least(axis).floor()).filter(|low| low.is_finite()).unwrap_or(0.0));
        let mut units = Vec::with_capacity(corners.len());
        for corner in corners {
            let from_low: [f64; 3] = std::array::from_fn(|axis| ((corner[axis] - translate[axis]) / SCALE).round());
            if !from_low.iter().all(|unit| (0.0..=MAX_UNITS).contains(unit)) {
                return Err(format!("the corner {corner:?} lies too far from the others"));
            }
            units.push(from_low.map(|unit| unit as i64));
        }
        let mut places = units.clone();
        places.sort_unstable();
        places.dedup();
        let place_of = units.iter().map(|unit| places.binary_search(unit).expect("every corner is among the places"));
        Ok(Quantised { place_of: place_of.collect(), translate, places })
    }

    /// Lowest and highest coordinates in metres; none without corners.
    pub fn extent(&self) -> Option<[f64; 6]> {
        let metres = |axis: usize, unit: i64| self.translate[axis] + unit as f64 * SCALE;
        let units = |axis: usize| self.places.iter().map(move |place| place[axis]);
        let ends = |axis: usize| units(axis).min().zip(units(axis).max());
        let ((west, east), (south, north), (low, high)) = (ends(0)?, ends(1)?, ends(2)?);
        let rounded = |value: f64| (value / SCALE).round() / (1.0 / SCALE);
        Some(
            [metres(0, west), metres(1, south), metres(2, low), metres(0, east), metres(1, north), metres(2, high)]
                .map(rounded),
        )
    }

    /// The place of a corner.
    pub fn place_of(&self, corner: usize) -> usize {
        self.place_of[corner]
    }

    /// An empty list of used places.
    pub fn unused_places(&self) -> UsedPlaces {
        UsedPlaces { vertices: Vec::new(), place_in_list: vec![None; self.places.len()], used: Vec::new() }
    }

    /// Where a place stands in the list, to which it is added if it is new.
    pub fn place(&self, place: usize, list: &mut UsedPlaces) -> usize {
        *list.place_in_list[place].get_or_insert_with(|| {
            list.vertices.push(self.places[place]);
            list.used.push(place);
            list.vertices.len() - 1
        })
    }
}

impl UsedPlaces {
    /// Starts over with an empty list.
    pub fn forget(&mut self) {
        self.used.drain(..).for_each(|place| self.place_in_list[place] = None);
        self.vertices.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_within_half_a_millimetre_are_one() {
        let corners = [[10.2, 5.0, 1.0], [10.0, 5.5, 1.0], [10.2004, 5.0, 1.0], [10.201, 5.0, 1.0]];
        let quantised = Quantised::new(&corners).unwrap();
        assert_eq!(quantised.translate, [10.0, 5.0, 1.0]);
        assert_eq!(quantised.place_of(0), quantised.place_of(2));
        assert_ne!(quantised.place_of(0), quantised.place_of(3));
        assert_eq!(quantised.extent(), Some([10.0, 5.0, 1.0, 10.201, 5.5, 1.0]));
        let mut list = quantised.unused_places();
        let at = |corner: usize, list: &mut UsedPlaces| quantised.place(quantised.place_of(corner), list);
        assert_eq!([3, 0, 2, 3].map(|corner| at(corner, &mut list)), [0, 1, 1, 0]);
        assert_eq!(list.vertices, [[201, 0, 0], [200, 0, 0]]);
        list.forget();
        assert_eq!(at(0, &mut list), 0);
        assert_eq!(list.vertices, [[200, 0, 0]]);
    }

    #[test]
    fn corners_that_no_number_tells_apart_are_refused() {
        assert!(Quantised::new(&[[0.0; 3], [1e14, 0.0, 0.0]]).is_err());
        assert_eq!(Quantised::new(&[]).unwrap().extent(), None);
    }
}
