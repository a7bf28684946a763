use proptest::prelude::*;

use super::*;
use crate::samples::{self, Random};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn heat_is_conserved_in_any_zone(seed in any::<u64>()) {
        let mut random = Random(seed);
        let zones: Vec<_> = (0..LANES).map(|_| samples::zone(&mut random)).collect();
        let hours = 72;
        let (climate, profile) = (samples::climate(hours, &mut random), samples::profile(hours, &mut random));
        let mut block = FiveR1CBlock::new(&zones.iter().collect::<Vec<_>>());
        let mut out = Hourly::default();
        let balances = block.advance_with_balance(&climate, &profile, 0..hours, &mut out);
        for balance in balances.iter().flatten() {
            let (residual, largest) = (balance.residual(), balance.largest());
            prop_assert!(residual.abs() <= 1e-9 * largest.max(1.0), "{residual} of {largest}: {balance:?}");
        }
    }
}
