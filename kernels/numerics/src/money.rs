//! Money over years: what is paid in the future is worth less now.
//!
//! Source: Short, Packey & Holt, A manual for the economic evaluation of energy efficiency and renewable energy technologies,
//! NREL/TP-462-5173, 1995, chapters 2 and 3.

/// Money that was paid comes back, and when all has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    value: f64,
    repaid_after: Option<f64>,
}

/// What a payment of 1 at the end of each of `years` years is worth now: Σ (1 + r)^−t, `discount_rate` r > −1.
pub fn annuity_factor(discount_rate: f64, years: u32) -> f64 {
    let (mut worth, mut sum) = (1.0, 0.0);
    for _ in 0..years {
        worth /= 1.0 + discount_rate;
        sum += worth;
    }
    sum
}

impl Balance {
    /// Begins with `payment` ≥ 0 paid; a payment of nothing is repaid at once.
    pub fn after_paying(payment: f64) -> Self {
        Balance { value: -payment, repaid_after: (payment == 0.0).then_some(0.0) }
    }

    /// What comes in during the year after `years` whole ones; within the year in which the balance turns, it is taken as
    /// linear.
    pub fn receive(&mut self, income: f64, years: u32) {
        if self.repaid_after.is_none() && self.value + income >= 0.0 {
            self.repaid_after = Some(f64::from(years) - self.value / income);
        }
        self.value += income;
    }

    /// What came in less what was paid.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// Years until what was paid had come back for the first time.
    pub fn repaid_after(&self) -> Option<f64> {
        self.repaid_after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn annuities_of_tables() {
        // (1 − 1.03^−25) / 0.03 = 17.41314769; without discount a year counts as one.
        assert!((annuity_factor(0.03, 25) - 17.413_147_69).abs() < 1e-8);
        assert_eq!((annuity_factor(0.0, 30), annuity_factor(0.05, 0)), (30.0, 0.0));
    }

    #[test]
    fn a_balance_turns_within_a_year() {
        // 100 paid, 40 a year: 20 are missing after two years, half of the third.
        let mut balance = Balance::after_paying(100.0);
        for year in 0..3 {
            assert_eq!(balance.repaid_after(), None);
            balance.receive(40.0, year);
        }
        assert_eq!((balance.value(), balance.repaid_after()), (20.0, Some(2.5)));
        balance.receive(-500.0, 3);
        assert_eq!(balance.repaid_after(), Some(2.5));
        assert_eq!(Balance::after_paying(0.0).repaid_after(), Some(0.0));
    }
}
