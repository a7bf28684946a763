//! What energy costs households of what they have.

use crate::parameter::{ParameterError, check_all, check_length};

/// Share of income that energy costs, and who pays too much of it.
#[derive(Debug, Clone, PartialEq)]
pub struct CostShares {
    /// Cost over income; none without income.
    pub shares: Vec<Option<f64>>,
    /// Median of households with income; none if there are none.
    pub median: Option<f64>,
    /// Whether the share is more than twice the median ("2M"); who pays without having income is.
    pub twice_median: Vec<bool>,
}

/// Shares of `cost` ≥ 0 in `income` ≥ 0 (both a year, in one currency) of groups of `households` ≥ 0 each.
///
/// The indicator 2M flags shares above twice the national median: Thema & Vondung, EPOV indicator dashboard: methodology
/// guidebook, Wuppertal Institut, 2020. A city has a median of its own, which hides what all of it suffer; give `median` where the
/// national one is known. The median is that of households: the least share that half of them do not exceed.
///
/// # Errors
/// Lists of different lengths, or a value out of its range.
pub fn cost_shares(
    cost: &[f64],
    income: &[f64],
    households: &[f64],
    median: Option<f64>,
) -> Result<CostShares, ParameterError> {
    check_length("income", income.len(), cost.len())?;
    check_length("number of households", households.len(), cost.len())?;
    for (what, values) in [("energy cost", cost), ("income", income), ("number of households", households)] {
        check_all(what, values, 0.0..=1e15, "0 to 1e15")?;
    }
    check_all("median share", median.as_slice(), 0.0..=f64::MAX, "a share, 0 or more")?;
    let share = |(cost, income): (&f64, &f64)| (*income > 0.0).then(|| cost / income);
    let shares: Vec<Option<f64>> = cost.iter().zip(income).map(share).collect();
    let median = median.or_else(|| weighted_median(&shares, households));
    let above = |(share, cost): (&Option<f64>, &f64)| match (share, median) {
        (Some(share), Some(median)) => *share > 2.0 * median,
        (None, _) => *cost > 0.0,
        (Some(_), None) => false,
    };
    let twice_median = shares.iter().zip(cost).map(above).collect();
    Ok(CostShares { shares, median, twice_median })
}

fn weighted_median(shares: &[Option<f64>], weights: &[f64]) -> Option<f64> {
    let known = shares.iter().zip(weights).filter_map(|(share, weight)| share.map(|share| (share, *weight)));
    let mut known: Vec<(f64, f64)> = known.filter(|(_, weight)| *weight > 0.0).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let half = 0.5 * known.iter().map(|(_, weight)| weight).sum::<f64>();
    let mut below = 0.0;
    known.into_iter().find_map(|(share, weight)| {
        below += weight;
        (below >= half).then_some(share)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_groups() {
        // Shares 2, 4, 5, 9 and 10.5 %; with 10, 10, 10, 10 and 1 households the median is 5 %, twice that 10 %.
        let found = cost_shares(
            &[400.0, 1600.0, 1500.0, 1800.0, 2100.0],
            &[20_000.0, 40_000.0, 30_000.0, 20_000.0, 20_000.0],
            &[10.0, 10.0, 10.0, 10.0, 1.0],
            None,
        )
        .unwrap();
        assert_eq!(found.median, Some(0.05));
        assert_eq!(found.twice_median, [false, false, false, false, true]);
    }

    #[test]
    fn the_national_median_may_be_lower() {
        let found = cost_shares(&[800.0, 1000.0], &[10_000.0; 2], &[1.0; 2], Some(0.045)).unwrap();
        assert_eq!((found.median, found.twice_median), (Some(0.045), vec![false, true]));
    }

    #[test]
    fn without_income_there_is_no_share() {
        let found = cost_shares(&[800.0, 0.0], &[0.0; 2], &[1.0; 2], None).unwrap();
        assert_eq!((found.shares, found.median), (vec![None, None], None));
        assert_eq!(found.twice_median, [true, false]);
        assert!(cost_shares(&[1.0], &[f64::NAN], &[1.0], None).is_err());
        assert!(cost_shares(&[1.0], &[1.0], &[], None).is_err());
        assert!(cost_shares(&[1.0], &[1.0], &[1.0], Some(f64::NAN)).is_err());
    }
}
