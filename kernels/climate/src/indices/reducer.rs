//! An index of a cell whose days come in parts.

use super::rule::{Condition, Rule, Spells};
use super::tally::{DayCounter, DaysSoFar, FiveDays, N_SUMS, Runs, Sum, greatest};
use super::years::Year;
use super::{DailySeries, Index, IndexError, Thresholds, Variable, Years, ZERO_CELSIUS};
use crate::sample::Sample;

/// An index of a cell, fed with its days in turn: any parts give the same bits.
#[derive(Debug, Clone, PartialEq)]
pub struct Reducer<T> {
    index: Index,
    rule: Rule<T>,
    tally: Tally,
    is_missing: bool,
    year: usize,
    day: usize,
}

/// What is remembered of the current year.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Tally {
    Days(DaysSoFar),
    Sum(Sum),
    /// Sum and days of it.
    Wet(Sum, DaysSoFar),
    Extreme(f64),
    Runs(Runs),
    FiveDays(FiveDays),
}

impl<T: Sample> Reducer<T> {
    /// An index before its first day.
    pub fn new(index: Index, thresholds: &Thresholds) -> Self {
        let rule = Rule::new(index, thresholds);
        Reducer { index, rule, tally: Tally::new(&rule), is_missing: false, year: 0, day: 0 }
    }

    /// Adds the days that follow those added before, and writes the years that end with them into `out`, which has room for
    /// all years; others are left as they are.
    ///
    /// # Errors
    /// A variable that the index needs and is not given, or lengths that do not fit each other; nothing is added then.
    pub fn add(&mut self, part: &DailySeries<'_, T>, years: &Years, out: &mut [f64]) -> Result<(), IndexError> {
        let n = self.check(part, years, out)?;
        let mut begin = 0;
        while begin < n {
            let year = years.get(self.year);
            if self.day == year.days.start {
                self.begin_year(year);
            }
            let end = n.min(begin + year.days.end - self.day);
            self.add_in_year(part, begin, end, year);
            self.day += end - begin;
            begin = end;
            if self.day == year.days.end {
                let value = if year.is_complete && !self.is_missing { self.result() } else { f64::NAN };
                out[self.year] = if value.is_finite() { value } else { f64::NAN };
                self.year += 1;
            }
        }
        Ok(())
    }

    fn check(&self, part: &DailySeries<'_, T>, years: &Years, out: &[f64]) -> Result<usize, IndexError> {
        let values = part.needed_length(self.index)?;
        if values > years.n_days() - self.day {
            return Err(IndexError::TooLong { values, days: years.n_days() - self.day });
        }
        if out.len() != years.len() {
            return Err(IndexError::Years { found: out.len(), expected: years.len() });
        }
        let found = part.tasmax_limits.map_or(0, <[f64]>::len);
        if self.index.needs_day_limits() && found < years.longest() {
            return Err(IndexError::NoLimits { index: self.index, days: years.longest(), found });
        }
        Ok(values)
    }

    fn begin_year(&mut self, year: &Year) {
        self.is_missing = false;
        self.tally = match self.tally {
            Tally::FiveDays(mut five) => {
                five.begin_year(year.unbroken_before);
                Tally::FiveDays(five)
            }
            _ => Tally::new(&self.rule),
        };
    }

    fn add_in_year(&mut self, part: &DailySeries<'_, T>, begin: usize, end: usize, year: &Year) {
        let of = |variable| &part.of(variable).expect("what the index needs was checked")[begin..end];
        for &variable in self.index.needs() {
            self.is_missing |= any_missing(of(variable));
        }
        // Five-day sums look back into years that have no value themselves.
        if let (Rule::FiveDays(variable), Tally::FiveDays(five)) = (self.rule, &mut self.tally) {
            return five.add(of(variable));
        }
        if !year.is_complete {
            return;
        }
        let limits = if self.index.needs_day_limits() {
            let first = self.day - year.days.start;
            &part.tasmax_limits.expect("limits were checked")[first..first + end - begin]
        } else {
            &[]
        };
        self.is_missing |= any_missing(limits);
        match (&mut self.tally, self.rule) {
            (Tally::Sum(sum), Rule::Mean(variable) | Rule::Total(variable)) => sum.add(of(variable), |value| value),
            (Tally::Sum(sum), Rule::DegreesBelow(base)) => sum.add(of(Variable::Tas), |value| positive(base - value)),
            (Tally::Sum(sum), Rule::DegreesAbove(base)) => sum.add(of(Variable::Tas), |value| positive(value - base)),
            (Tally::Extreme(least), Rule::Minimum(variable)) => *least = minimum(of(variable), *least),
            (Tally::Extreme(greatest), Rule::Maximum(variable)) => *greatest = maximum(of(variable), *greatest),
            (Tally::Wet(sum, days), Rule::Intensity(wet)) => {
                let limit = wet.to_f64();
                sum.add(of(Variable::Pr), |value| if value >= limit { value } else { 0.0 });
                Condition::AtLeast(Variable::Pr, wet).feed(days, end - begin, of, limits);
            }
            (Tally::Days(days), Rule::Days(condition)) => condition.feed(days, end - begin, of, limits),
            (Tally::Runs(runs), Rule::Spells { of: condition, .. }) => condition.feed(runs, end - begin, of, limits),
            _ => unreachable!("a tally is that of its rule"),
        }
    }

    fn result(&self) -> f64 {
        match (&self.tally, self.rule) {
            (Tally::Sum(sum), Rule::Mean(_)) => sum.mean() - ZERO_CELSIUS,
            (Tally::Sum(sum), _) => sum.total(),
            (Tally::Extreme(value), Rule::Minimum(Variable::Pr) | Rule::Maximum(Variable::Pr)) => *value,
            (Tally::Extreme(value), _) => value - ZERO_CELSIUS,
            (Tally::Wet(_, DaysSoFar(0)), _) => 0.0,
            (Tally::Wet(sum, days), _) => sum.total() / f64::from(days.0),
            (Tally::Days(days), _) => f64::from(days.0),
            (Tally::Runs(runs), Rule::Spells { count, .. }) => f64::from(match count {
                Spells::Events => runs.events,
                Spells::Days => runs.days,
                Spells::Longest => runs.longest,
            }),
            (Tally::FiveDays(five), _) => five.greatest(),
            (Tally::Runs(_), _) => unreachable!("a tally is that of its rule"),
        }
    }
}

impl Tally {
    fn new<T>(rule: &Rule<T>) -> Tally {
        match rule {
            Rule::Mean(_) | Rule::Total(_) | Rule::DegreesBelow(_) | Rule::DegreesAbove(_) => {
                Tally::Sum(Sum::default())
            }
            Rule::Minimum(_) => Tally::Extreme(f64::INFINITY),
            Rule::Maximum(_) => Tally::Extreme(f64::NEG_INFINITY),
            Rule::Days(_) => Tally::Days(DaysSoFar::default()),
            Rule::Spells { at_least, .. } => Tally::Runs(Runs::new(*at_least)),
            Rule::Intensity(_) => Tally::Wet(Sum::default(), DaysSoFar::default()),
            Rule::FiveDays(_) => Tally::FiveDays(FiveDays::none()),
        }
    }
}

/// Whether a value is missing, or infinite, which no day is; not `any`, which would stop at each value to ask.
fn any_missing<T: Sample>(values: &[T]) -> bool {
    values.iter().fold(false, |missing, value| missing | !value.to_f64().is_finite())
}

#[inline(always)]
fn positive(value: f64) -> f64 {
    if value > 0.0 { value } else { 0.0 }
}

fn minimum<T: Sample>(values: &[T], least: f64) -> f64 {
    let (blocks, tail) = values.as_chunks::<N_SUMS>();
    let negative = |value: &T| -value.to_f64();
    -greatest(-least, blocks.iter().map(|block| block.each_ref().map(negative)), tail.iter().map(negative))
}

fn maximum<T: Sample>(values: &[T], most: f64) -> f64 {
    let (blocks, tail) = values.as_chunks::<N_SUMS>();
    let value = |value: &T| value.to_f64();
    greatest(most, blocks.iter().map(|block| block.each_ref().map(value)), tail.iter().map(value))
}

impl<T: Sample> Condition<T> {
    /// Feeds a counter with `n` days; the loops are the counter's, one for each condition.
    fn feed<'a>(self, counter: &mut impl DayCounter, n: usize, of: impl Fn(Variable) -> &'a [T], limits: &[f64]) {
        match self {
            Condition::Above(variable, limit) => {
                let values = &of(variable)[..n];
                counter.add(n, |day| values[day] > limit);
            }
            Condition::Below(variable, limit) => {
                let values = &of(variable)[..n];
                counter.add(n, |day| values[day] < limit);
            }
            Condition::AtLeast(variable, limit) => {
                let values = &of(variable)[..n];
                counter.add(n, |day| values[day] >= limit);
            }
            Condition::NightAndDayAbove(night, day) => {
                let (nights, days) = (&of(Variable::Tasmin)[..n], &of(Variable::Tasmax)[..n]);
                counter.add(n, |at| (nights[at] > night) & (days[at] > day));
            }
            Condition::AboveDayLimit => {
                let (values, limits) = (&of(Variable::Tasmax)[..n], &limits[..n]);
                counter.add(n, |day| values[day].to_f64() > limits[day]);
            }
        }
    }
}
