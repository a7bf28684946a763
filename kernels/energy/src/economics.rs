//! What a package of measures costs and saves over years.

use conurb_numerics::{Balance, annuity_factor};

use crate::parameter::{ParameterError, check, check_all};

const KG_PER_TONNE: f64 = 1000.0;

/// A measure as an investment; money in any one currency.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outlay {
    /// Paid at the start and whenever its life ends, ≥ 0.
    pub capex: f64,
    /// Paid at the end of each year; negative where the measure replaces something dearer to keep.
    pub opex_per_year: f64,
    /// 1 to 200 years.
    pub lifetime_years: u32,
}

/// What is saved in a year, at the prices of the first; negative for what gets more.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct YearlySaving {
    /// Cost of energy.
    pub money: f64,
    /// Final energy (kWh).
    pub energy: f64,
    /// Emissions (kg CO2e); none if they are not known.
    pub emissions: Option<f64>,
}

/// Over which years and at which rates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Years that are looked at, 1 to 200; 30 for homes in Regulation (EU) 244/2012.
    pub years: u32,
    /// Real rate of discount per year, −0.5 to 1.
    pub discount_rate: f64,
    /// Real growth of energy prices per year, −0.5 to 1.
    pub price_growth: f64,
}

/// What a package comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PackageAppraisal {
    /// Paid at the start.
    pub capex: f64,
    /// Each measure's cost spread evenly over its own life, and running costs (per year).
    pub yearly_cost: f64,
    /// Net present value over the years, with replacements and what measures are still worth at the end.
    pub npv: f64,
    /// Years until savings less running costs and replacements have repaid the start.
    pub simple_payback_years: Option<f64>,
    /// The same with discounted amounts.
    pub discounted_payback_years: Option<f64>,
    /// Cost of a tonne of CO2e that is not emitted: yearly cost less yearly saving, per tonne; negative if it pays anyway, none
    /// if no emissions are saved or known.
    pub cost_per_tonne: Option<f64>,
    /// Cost of a kWh that is not used: yearly cost per kWh, to compare with its price; none if none is saved.
    pub cost_per_kwh: Option<f64>,
    /// Energy saved per money paid at the start (kWh a year); none if nothing is paid.
    pub energy_per_capex: Option<f64>,
}

/// Appraises a package of `outlays` that saves `saving` every year.
///
/// Year t = 1 to n brings, at its end, saving (1 + g)^(t − 1) − running costs − what is replaced then, worth 1 / (1 + r)^t of
/// that now. What is not worn out at the end counts by its share of life left, as in the global cost of Commission Delegated
/// Regulation (EU) 244/2012, annex I, 4, and EN 15459-1; it is part of the present value, not of payback. For cost
/// per tonne the saving is the even one of the same present value. Source of present values, payback and annuities: Short,
/// Packey & Holt, NREL/TP-462-5173, 1995, chapters 2 and 3.
///
/// # Errors
/// A value out of its range or not a number.
pub fn appraise_package(
    outlays: &[Outlay],
    saving: &YearlySaving,
    terms: &Terms,
) -> Result<PackageAppraisal, ParameterError> {
    check_inputs(outlays, saving, terms)?;
    let capex: f64 = outlays.iter().map(|outlay| outlay.capex).sum();
    let opex: f64 = outlays.iter().map(|outlay| outlay.opex_per_year).sum();
    let (mut simple, mut discounted) = (Balance::after_paying(capex), Balance::after_paying(capex));
    let (mut worth, mut price, mut saved) = (1.0, 1.0, 0.0);
    for year in 0..terms.years {
        worth /= 1.0 + terms.discount_rate;
        let income = saving.money * price - opex - replaced_after(outlays, year + 1, terms.years);
        simple.receive(income, year);
        discounted.receive(income * worth, year);
        saved += saving.money * price * worth;
        price *= 1.0 + terms.price_growth;
    }
    let left: f64 = outlays.iter().map(|outlay| outlay.worth_after(terms.years)).sum();
    let even_saving = saved / annuity_factor(terms.discount_rate, terms.years);
    let spread = outlays.iter().map(|outlay| outlay.capex / annuity_factor(terms.discount_rate, outlay.lifetime_years));
    let yearly_cost = spread.sum::<f64>() + opex;
    let per = |amount: f64, of: f64| (of > 0.0).then(|| amount / of);
    Ok(PackageAppraisal {
        capex,
        yearly_cost,
        npv: discounted.value() + left * worth,
        simple_payback_years: simple.repaid_after(),
        discounted_payback_years: discounted.repaid_after(),
        cost_per_tonne: per(yearly_cost - even_saving, saving.emissions.unwrap_or(0.0) / KG_PER_TONNE),
        cost_per_kwh: per(yearly_cost, saving.energy),
        energy_per_capex: per(saving.energy, capex),
    })
}

fn check_inputs(outlays: &[Outlay], saving: &YearlySaving, terms: &Terms) -> Result<(), ParameterError> {
    const MONEY: f64 = 1e15;
    let each = |of: fn(&Outlay) -> f64| outlays.iter().map(of).collect::<Vec<f64>>();
    check_all("cost of a measure", &each(|outlay| outlay.capex), 0.0..=MONEY, "0 or more")?;
    check_all("yearly cost of a measure", &each(|outlay| outlay.opex_per_year), -MONEY..=MONEY, "a number")?;
    let lifetimes = each(|outlay| f64::from(outlay.lifetime_years));
    check_all("lifetime of a measure", &lifetimes, 1.0..=200.0, "1 to 200 years")?;
    check("saving of money", saving.money, -MONEY..=MONEY, "a number")?;
    check("saving of energy", saving.energy, -MONEY..=MONEY, "a number of kWh")?;
    check("saving of emissions", saving.emissions.unwrap_or(0.0), -MONEY..=MONEY, "a number of kg")?;
    check("number of years", f64::from(terms.years), 1.0..=200.0, "1 to 200")?;
    check("discount rate", terms.discount_rate, -0.5..=1.0, "-0.5 to 1 per year")?;
    check("growth of energy prices", terms.price_growth, -0.5..=1.0, "-0.5 to 1 per year")
}

/// What is bought anew after `year` years; nothing when no year is left to use it.
fn replaced_after(outlays: &[Outlay], year: u32, years: u32) -> f64 {
    let worn_out = |outlay: &&Outlay| year < years && year.is_multiple_of(outlay.lifetime_years);
    outlays.iter().filter(worn_out).map(|outlay| outlay.capex).sum()
}

impl Outlay {
    /// What the one in use after `years` years is still worth: cost times the share of its life that is left.
    fn worth_after(&self, years: u32) -> f64 {
        let used = years % self.lifetime_years;
        if used == 0 {
            0.0
        } else {
            self.capex * f64::from(self.lifetime_years - used) / f64::from(self.lifetime_years)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WALL: Outlay = Outlay { capex: 12_000.0, opex_per_year: 0.0, lifetime_years: 40 };
    const PUMP: Outlay = Outlay { capex: 9000.0, opex_per_year: 100.0, lifetime_years: 20 };
    const SAVING: YearlySaving = YearlySaving { money: 1500.0, energy: 12_000.0, emissions: Some(2500.0) };
    const PLAIN: Terms = Terms { years: 30, discount_rate: 0.0, price_growth: 0.0 };

    #[test]
    fn without_discount_it_is_a_plain_sum() {
        let found = appraise_package(&[WALL, PUMP], &SAVING, &PLAIN).unwrap();
        // 30 · 1400 − 21 000 − 9000 for the second pump; left: a quarter of the wall and half of the pump.
        assert!((found.npv - (42_000.0 - 30_000.0 + 3000.0 + 4500.0)).abs() < 1e-9);
        // Yearly: 300 + 450 + 100; (850 − 1500) per 2.5 t; 850 per 12 000 kWh; back after 21 000 / 1400 years.
        assert_eq!((found.capex, found.yearly_cost, found.cost_per_tonne), (21_000.0, 850.0, Some(-260.0)));
        assert!((found.cost_per_kwh.unwrap() - 850.0 / 12_000.0).abs() < 1e-12);
        assert_eq!((found.simple_payback_years, found.discounted_payback_years), (Some(15.0), Some(15.0)));
        assert!((found.energy_per_capex.unwrap() - 12.0 / 21.0).abs() < 1e-12);
    }

    #[test]
    fn with_discount_and_growth() {
        // One wall over 30 years at 3 %: annuity 19.60044135; a quarter left, worth 1.03^−30 = 0.41198676 of it.
        let terms = Terms { discount_rate: 0.03, ..PLAIN };
        let found = appraise_package(&[WALL], &SAVING, &terms).unwrap();
        let expected = 1500.0 * 19.600_441_35 + 3000.0 * 0.411_986_76 - 12_000.0;
        assert!((found.npv - expected).abs() < 1e-3, "{} {expected}", found.npv);
        // 12 000 over 40 years at 3 %: / 23.11477197.
        assert!((found.yearly_cost - 12_000.0 / 23.114_771_97).abs() < 1e-5);
        // Prices that grow as fast as money loses worth: each saving is worth 1500 / 1.03, one year of discount.
        let growing = appraise_package(&[WALL], &SAVING, &Terms { price_growth: 0.03, ..terms }).unwrap();
        let expected = 30.0 * 1500.0 / 1.03 + 3000.0 * 0.411_986_76 - 12_000.0;
        assert!((growing.npv - expected).abs() < 1e-3);
        let even = 30.0 * 1500.0 / 1.03 / 19.600_441_35;
        assert!((growing.cost_per_tonne.unwrap() - (growing.yearly_cost - even) / 2.5).abs() < 1e-4);
    }

    #[test]
    fn a_life_that_ends_with_the_years_is_not_renewed() {
        let outlay = Outlay { lifetime_years: 30, ..WALL };
        let found = appraise_package(&[outlay], &SAVING, &PLAIN).unwrap();
        assert_eq!(found.npv, 45_000.0 - 12_000.0);
        let short = appraise_package(&[Outlay { lifetime_years: 10, ..WALL }], &SAVING, &PLAIN).unwrap();
        assert_eq!(short.npv, 45_000.0 - 36_000.0);
    }

    #[test]
    fn what_saves_nothing_has_no_price_of_saving() {
        let none = YearlySaving { money: 0.0, energy: 0.0, emissions: Some(-1.0) };
        let unknown = YearlySaving { emissions: None, ..SAVING };
        assert_eq!(appraise_package(&[WALL], &unknown, &PLAIN).unwrap().cost_per_tonne, None);
        let found = appraise_package(&[WALL], &none, &PLAIN).unwrap();
        assert_eq!((found.cost_per_tonne, found.cost_per_kwh, found.simple_payback_years), (None, None, None));
        assert!(appraise_package(&[Outlay { lifetime_years: 0, ..WALL }], &SAVING, &PLAIN).is_err());
        assert!(appraise_package(&[WALL], &YearlySaving { money: f64::NAN, ..SAVING }, &PLAIN).is_err());
        let error = appraise_package(&[WALL, Outlay { capex: -1.0, ..WALL }], &SAVING, &PLAIN).unwrap_err();
        assert_eq!(error.to_string(), "cost of a measure of entry 1 is -1; expected 0 or more");
    }

    proptest! {
        #[test]
        fn a_saving_of_the_yearly_cost_just_pays_over_whole_lives(
            capex in 100.0_f64..1e5, opex_per_year in 0.0_f64..500.0, lifetime_years in 1_u32..40,
            lives in 1_u32..4, discount_rate in 0.0_f64..0.15,
        ) {
            let outlay = Outlay { capex, opex_per_year, lifetime_years };
            let terms = Terms { years: lives * lifetime_years, discount_rate, price_growth: 0.0 };
            let cost = appraise_package(&[outlay], &SAVING, &terms).unwrap().yearly_cost;
            let found = appraise_package(&[outlay], &YearlySaving { money: cost, ..SAVING }, &terms).unwrap();
            prop_assert!(found.npv.abs() < 1e-8 * (capex * 4.0 + 100.0 * opex_per_year));
            prop_assert!(found.cost_per_tonne.unwrap().abs() < 1e-8 * cost);
        }
    }
}
