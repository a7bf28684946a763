//! Rows of bits: what each point of a surface sees.

/// A table of bits, a row for each point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BitRows {
    n_columns: usize,
    words_per_row: usize,
    words: Vec<u64>,
}

impl BitRows {
    /// A table of clear bits.
    pub fn new(n_rows: usize, n_columns: usize) -> Self {
        let words_per_row = n_columns.div_ceil(64);
        BitRows { n_columns, words_per_row, words: vec![0; n_rows * words_per_row] }
    }

    /// How many bits a row has.
    pub fn n_columns(&self) -> usize {
        self.n_columns
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.words.len().checked_div(self.words_per_row).unwrap_or(0)
    }

    /// Whether a bit is set.
    #[inline]
    pub fn get(&self, row: usize, column: usize) -> bool {
        self.words[row * self.words_per_row + column / 64] >> (column % 64) & 1 == 1
    }

    /// Sets a bit.
    #[inline]
    pub fn set(&mut self, row: usize, column: usize) {
        self.words[row * self.words_per_row + column / 64] |= 1 << (column % 64);
    }

    /// The columns whose bits are set, ascending.
    pub fn ones(&self, row: usize) -> impl Iterator<Item = usize> + '_ {
        let words = &self.words[row * self.words_per_row..][..self.words_per_row];
        words.iter().enumerate().flat_map(|(index, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros() as usize)?;
                rest &= rest - 1;
                Some(index * 64 + bit)
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_found_where_they_were_set() {
        let mut bits = BitRows::new(3, 145);
        for column in [0, 63, 64, 144] {
            bits.set(1, column);
        }
        assert_eq!(bits.ones(1).collect::<Vec<_>>(), [0, 63, 64, 144]);
        assert!(bits.get(1, 63) && !bits.get(1, 62) && !bits.get(2, 0));
        assert_eq!(bits.ones(0).count() + bits.ones(2).count(), 0);
        assert_eq!((bits.n_rows(), bits.n_columns()), (3, 145));
    }
}
