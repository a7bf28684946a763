//! The order of a series, found once, and windows on it: which of its values, in their order, lie in the pool of a group.
//!
//! From one group to the next few days enter and leave. A set of bits over the sorted series tells who is in; counting the
//! bits before a place gives ranks, and walking along them quantiles, with ties as exact as in a sorted copy of the pool.

use crate::quantile::{Place, node_probability};
use crate::ranking::Shares;
use crate::sample::Sample;

/// Bits of a key that a pass sorts by.
const DIGIT_BITS: u32 = 11;
const DIGITS: usize = 1 << DIGIT_BITS;

/// The values of a series in ascending order, missing ones left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Order<T: Sample> {
    values: Vec<T>,
    /// Place of each day in the order; those of missing days lie behind all words of windows.
    places: Vec<u32>,
    keys: Vec<T::Key>,
    days: Vec<u32>,
    sorted_keys: Vec<T::Key>,
    sorted_days: Vec<u32>,
    counts: Vec<u32>,
}

/// First place of the values equal to each, and the place behind the last.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ties {
    starts: Vec<u32>,
    ends: Vec<u32>,
}

/// Which values of an order are in a pool.
#[derive(Debug, Clone, Default)]
pub(crate) struct Window {
    words: Vec<u64>,
    /// Values in the words before each, and in all.
    before: Vec<u32>,
}

/// Places of the nodes among a number of values.
#[derive(Debug, Clone, Default)]
pub(crate) struct NodePlaces {
    count: usize,
    places: Vec<Place>,
}

impl<T: Sample> Order<T> {
    /// Sorts a series: digits of the keys, the lowest first (radix sort; Knuth, The Art of Computer Programming 3, 5.2.5).
    pub(crate) fn sort(&mut self, series: &[T]) {
        self.keys.clear();
        self.days.clear();
        for (day, value) in series.iter().enumerate() {
            if !value.is_missing() {
                self.keys.push(value.key());
                self.days.push(day as u32);
            }
        }
        let count = self.keys.len();
        self.sorted_keys.resize(count, T::Key::default());
        self.sorted_days.resize(count, 0);
        for shift in (0..T::KEY_BITS).step_by(DIGIT_BITS as usize) {
            self.sort_by_digit(shift);
        }
        self.places.clear();
        self.places.resize(series.len(), words_for(count) as u32 * 64);
        for (place, &day) in self.days.iter().enumerate() {
            self.places[day as usize] = place as u32;
        }
        self.values.clear();
        self.values.extend(self.days.iter().map(|&day| series[day as usize]));
    }

    fn sort_by_digit(&mut self, shift: u32) {
        let digit = |key: T::Key| T::digit(key, shift) & (DIGITS - 1);
        self.counts.clear();
        self.counts.resize(DIGITS, 0);
        let counts: &mut [u32; DIGITS] = (&mut self.counts[..]).try_into().expect("one count per digit");
        for &key in &self.keys {
            counts[digit(key)] += 1;
        }
        let mut start = 0;
        for count in counts.iter_mut() {
            start += std::mem::replace(count, start);
        }
        for (&key, &day) in self.keys.iter().zip(&self.days) {
            let place = &mut counts[digit(key)];
            self.sorted_keys[*place as usize] = key;
            self.sorted_days[*place as usize] = day;
            *place += 1;
        }
        std::mem::swap(&mut self.keys, &mut self.sorted_keys);
        std::mem::swap(&mut self.days, &mut self.sorted_days);
    }

    /// Place of a day in the order; none if it is missing.
    #[inline(always)]
    pub(crate) fn place(&self, day: u32) -> Option<usize> {
        let place = self.places[day as usize] as usize;
        (place < self.values.len()).then_some(place)
    }
}

impl Ties {
    pub(crate) fn find<T: Sample>(&mut self, order: &Order<T>) {
        let values = &order.values;
        self.starts.clear();
        self.ends.clear();
        self.ends.resize(values.len(), 0);
        let mut start = 0;
        for place in 0..values.len() {
            if values[start] < values[place] {
                self.ends[start..place].fill(place as u32);
                start = place;
            }
            self.starts.push(start as u32);
        }
        self.ends[start..].fill(values.len() as u32);
    }
}

impl Window {
    /// An empty window on an order.
    pub(crate) fn clear<T: Sample>(&mut self, order: &Order<T>) {
        let words = words_for(order.values.len());
        self.words.clear();
        // One more for missing days.
        self.words.resize(words + 1, 0);
        self.before.clear();
        self.before.resize(words + 1, 0);
    }

    /// Lets days in that are out, and out that are in; returns how many values there are then.
    #[inline(always)]
    pub(crate) fn change<T: Sample>(&mut self, order: &Order<T>, days: &[u32]) -> usize {
        for &day in days {
            let place = order.places[day as usize];
            self.words[(place >> 6) as usize] ^= 1 << (place & 63);
        }
        let mut count = 0;
        for (before, word) in self.before.iter_mut().zip(&self.words) {
            *before = count;
            count += word.count_ones();
        }
        // The last word is not of the order.
        self.before[self.before.len() - 1] as usize
    }

    /// Values of the window before a place of the order.
    #[inline(always)]
    fn rank(&self, place: u32) -> usize {
        let word = (place >> 6) as usize;
        let lower = self.words[word] & ((1 << (place & 63)) - 1);
        (self.before[word] + lower.count_ones()) as usize
    }

    /// How many values of the window lie below the value at a place, and how many equal it.
    #[inline(always)]
    pub(crate) fn below_and_tied(&self, ties: &Ties, place: usize) -> (usize, usize) {
        let below = self.rank(ties.starts[place]);
        (below, self.rank(ties.ends[place]) - below)
    }

    /// Shares of the values of a window of `count` values, if there is one.
    #[inline(always)]
    pub(crate) fn shares(&self, ties: &Ties, count: usize) -> Option<Shares> {
        if count == 0 {
            return None;
        }
        let words = &self.words[..self.words.len() - 1];
        let low = words.iter().position(|&word| word != 0)?;
        let high = words.iter().rposition(|&word| word != 0)?;
        let lowest = low * 64 + words[low].trailing_zeros() as usize;
        let highest = high * 64 + 63 - words[high].leading_zeros() as usize;
        Some(Shares::new(count, self.below_and_tied(ties, lowest).1, self.below_and_tied(ties, highest).1))
    }

    /// Quantiles of a window of `count` values at nodes; NaN if there is no value.
    #[inline(always)]
    pub(crate) fn node_quantiles<T: Sample>(
        &self,
        order: &Order<T>,
        count: usize,
        nodes: &mut NodePlaces,
        quantiles: &mut [f64],
    ) {
        if count == 0 {
            quantiles.fill(f64::NAN);
            return;
        }
        nodes.spread(count, quantiles.len());
        let mut word = 0;
        for (place, quantile) in nodes.places.iter().zip(quantiles) {
            while self.before[word + 1] as usize <= place.lower {
                word += 1;
            }
            let mut rest = self.words[word];
            for _ in self.before[word] as usize..place.lower {
                rest &= rest - 1;
            }
            let lower = order.values[word * 64 + rest.trailing_zeros() as usize].to_f64();
            let upper = if place.upper == place.lower {
                lower
            } else {
                let (mut next, mut rest) = (word, rest & (rest - 1));
                while rest == 0 {
                    next += 1;
                    rest = self.words[next];
                }
                order.values[next * 64 + rest.trailing_zeros() as usize].to_f64()
            };
            *quantile = place.between(lower, upper);
        }
    }
}

impl NodePlaces {
    /// Most windows have as many values as the one before.
    #[inline(always)]
    fn spread(&mut self, count: usize, nodes: usize) {
        if self.count == count && self.places.len() == nodes {
            return;
        }
        self.count = count;
        self.places.clear();
        self.places.extend((0..nodes).map(|node| Place::of(node_probability(node, nodes), count)));
    }
}

fn words_for(count: usize) -> usize {
    count.div_ceil(64)
}
