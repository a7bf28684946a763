//! What a system costs, earns and saves over its life.

use conurb_numerics::Balance;

use super::PvError;
use super::error::check;

/// A system as an investment; money in any one currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Investment {
    /// Paid at the start, ≥ 0.
    pub capex: f64,
    /// Paid at the end of each year, ≥ 0.
    pub opex_per_year: f64,
    /// 1 to 200 years.
    pub lifetime_years: u32,
    /// Yield lost from each year to the next, 0 to 1.
    pub degradation: f64,
    /// Real rate of discount per year, −0.5 to 1.
    pub discount_rate: f64,
    /// Share of the yield that replaces bought electricity, 0 to 1; the rest is fed in.
    pub self_consumption_share: f64,
    /// Price of bought electricity per kWh.
    pub electricity_price: f64,
    /// Payment for electricity fed in per kWh.
    pub feed_in_price: f64,
    /// CO2 that a kWh saves, kg.
    pub co2_kg_per_kwh: f64,
}

/// What an investment comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Appraisal {
    /// Yield over the lifetime, kWh.
    pub lifetime_yield_kwh: f64,
    /// Σ yield of year t / (1 + r)^t, kWh.
    pub discounted_yield_kwh: f64,
    /// Levelised cost per kWh: discounted cost over discounted yield; `None` without yield.
    pub lcoe: Option<f64>,
    /// Net present value: discounted revenue less discounted cost.
    pub npv: f64,
    /// Years until revenue less running cost has repaid the investment, within the lifetime.
    pub simple_payback_years: Option<f64>,
    /// The same with discounted amounts.
    pub discounted_payback_years: Option<f64>,
    /// CO2 saved over the lifetime, kg.
    pub co2_saved_kg: f64,
}

/// Appraises `investment` in a system that yields `first_year_kwh` ≥ 0 in its first year.
///
/// Year t = 1 to n yields E_t = E_1 (1 − d)^(t − 1) and earns E_t (s p + (1 − s) f) − opex at its end, worth 1 / (1 + r)^t of
/// that now. Within the year in which the balance turns, it is taken as linear. Source: Short, Packey & Holt, A manual
/// for the economic evaluation of energy efficiency and renewable energy technologies, NREL/TP-462-5173, 1995, chapter 3.
///
/// # Errors
/// A value out of its range or not a number.
pub fn appraise(investment: &Investment, first_year_kwh: f64) -> Result<Appraisal, PvError> {
    investment.check()?;
    check("yield of the first year", first_year_kwh, 0.0..=f64::MAX, "a number of kWh, 0 or more")?;
    let share = investment.self_consumption_share;
    let revenue_per_kwh = share * investment.electricity_price + (1.0 - share) * investment.feed_in_price;
    let start = Balance::after_paying(investment.capex);
    let (mut simple, mut discounted) = (start, start);
    let (mut energy, mut worth) = (first_year_kwh, 1.0);
    let (mut lifetime_yield_kwh, mut discounted_yield_kwh, mut discounted_cost) = (0.0, 0.0, investment.capex);
    for year in 0..investment.lifetime_years {
        worth /= 1.0 + investment.discount_rate;
        let income = energy * revenue_per_kwh - investment.opex_per_year;
        simple.receive(income, year);
        discounted.receive(income * worth, year);
        lifetime_yield_kwh += energy;
        discounted_yield_kwh += energy * worth;
        discounted_cost += investment.opex_per_year * worth;
        energy *= 1.0 - investment.degradation;
    }
    Ok(Appraisal {
        lifetime_yield_kwh,
        discounted_yield_kwh,
        lcoe: (discounted_yield_kwh > 0.0).then(|| discounted_cost / discounted_yield_kwh),
        npv: discounted.value(),
        simple_payback_years: simple.repaid_after(),
        discounted_payback_years: discounted.repaid_after(),
        co2_saved_kg: lifetime_yield_kwh * investment.co2_kg_per_kwh,
    })
}

impl Investment {
    fn check(&self) -> Result<(), PvError> {
        const MONEY: f64 = 1e15;
        check("capital cost", self.capex, 0.0..=MONEY, "0 or more")?;
        check("yearly cost", self.opex_per_year, 0.0..=MONEY, "0 or more")?;
        check("lifetime", f64::from(self.lifetime_years), 1.0..=200.0, "1 to 200 years")?;
        check("degradation", self.degradation, 0.0..=1.0, "0 to 1 per year")?;
        check("discount rate", self.discount_rate, -0.5..=1.0, "-0.5 to 1 per year")?;
        check("share of self-consumption", self.self_consumption_share, 0.0..=1.0, "0 to 1")?;
        check("electricity price", self.electricity_price, -MONEY..=MONEY, "a number")?;
        check("feed-in price", self.feed_in_price, -MONEY..=MONEY, "a number")?;
        check("CO2 saved per kWh", self.co2_kg_per_kwh, 0.0..=100.0, "0 to 100 kg")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROOF: Investment = Investment {
        capex: 6000.0,
        opex_per_year: 100.0,
        lifetime_years: 25,
        degradation: 0.0,
        discount_rate: 0.03,
        self_consumption_share: 0.4,
        electricity_price: 0.30,
        feed_in_price: 0.08,
        co2_kg_per_kwh: 0.3,
    };

    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() <= 1e-9 * expected.abs(), "{value} {expected}");
    }

    #[test]
    fn an_annuity_without_degradation() {
        // Annuity factor of 25 years at 3 %: (1 − 1.03^−25) / 0.03 = 17.41314769; 0.4 · 0.30 + 0.6 · 0.08 = 0.168 per kWh.
        let annuity = (1.0 - libm::pow(1.03, -25.0)) / 0.03;
        near(annuity, 17.413_147_69);
        let found = appraise(&ROOF, 5000.0).unwrap();
        near(found.discounted_yield_kwh, 5000.0 * annuity);
        near(found.lcoe.unwrap(), (6000.0 + 100.0 * annuity) / (5000.0 * annuity));
        near(found.npv, 740.0 * annuity - 6000.0);
        near(found.simple_payback_years.unwrap(), 6000.0 / 740.0);
        near(found.lifetime_yield_kwh, 125_000.0);
        near(found.co2_saved_kg, 37_500.0);
        // −ln(1 − 6000 · 0.03 / 740) / ln 1.03 = 9.43 years; linear within the year it differs by less than 0.01.
        let exact = -libm::log(1.0 - 6000.0 * 0.03 / 740.0) / libm::log(1.03);
        assert!((found.discounted_payback_years.unwrap() - exact).abs() < 0.01);
    }

    #[test]
    fn degradation_is_a_geometric_series() {
        let found = appraise(&Investment { degradation: 0.005, ..ROOF }, 5000.0).unwrap();
        near(found.lifetime_yield_kwh, 5000.0 * (1.0 - libm::pow(0.995, 25.0)) / 0.005);
        // Ratio q = 0.995 / 1.03 of a series that begins with 1 / 1.03.
        let q: f64 = 0.995 / 1.03;
        near(found.discounted_yield_kwh, 5000.0 / 1.03 * (1.0 - libm::pow(q, 25.0)) / (1.0 - q));
    }

    #[test]
    fn without_discount_npv_is_the_plain_balance() {
        let found = appraise(&Investment { discount_rate: 0.0, ..ROOF }, 5000.0).unwrap();
        near(found.npv, 25.0 * 740.0 - 6000.0);
        assert_eq!(found.simple_payback_years, found.discounted_payback_years);
    }

    #[test]
    fn what_never_pays_back_says_so() {
        let found = appraise(&ROOF, 0.0).unwrap();
        assert_eq!((found.lcoe, found.simple_payback_years, found.co2_saved_kg), (None, None, 0.0));
        assert_eq!(appraise(&Investment { capex: 0.0, ..ROOF }, 5000.0).unwrap().simple_payback_years, Some(0.0));
        assert!(appraise(&Investment { lifetime_years: 0, ..ROOF }, 1.0).is_err());
        assert!(appraise(&ROOF, f64::NAN).is_err());
        let error = appraise(&Investment { degradation: 2.0, ..ROOF }, 1.0).unwrap_err();
        assert_eq!(error.to_string(), "degradation is 2; expected 0 to 1 per year");
    }

    proptest! {
        #[test]
        fn sold_at_its_levelised_cost_a_system_just_pays(
            capex in 100.0_f64..1e5, opex_per_year in 0.0_f64..500.0, lifetime_years in 1_u32..40,
            degradation in 0.0_f64..0.05, discount_rate in -0.02_f64..0.15, energy in 100.0_f64..1e5,
        ) {
            let system = Investment { capex, opex_per_year, lifetime_years, degradation, discount_rate, ..ROOF };
            let price = appraise(&system, energy).unwrap().lcoe.unwrap();
            let sold = Investment { electricity_price: price, feed_in_price: price, ..system };
            prop_assert!(appraise(&sold, energy).unwrap().npv.abs() < 1e-8 * (capex + 40.0 * opex_per_year));
        }
    }
}
