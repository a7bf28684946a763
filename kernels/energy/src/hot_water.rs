//! Hot water: how much heat a day's draw takes.

use crate::parameter::{ParameterError, check};

const DAYS_PER_YEAR: f64 = 365.0;

/// Heat in the hot water of a day, losses of storage and pipes included where `yearly` has them (Wh).
///
/// `floor_area` ≥ 0 m² of conditioned floor, `yearly` 0 to 500 kWh/m² a. TABULA takes 10 for single-family and 15 for
/// multi-family houses of Germany and the Netherlands (TABULA tables, IWU, boundary conditions).
///
/// # Errors
/// A value out of its range.
pub fn daily_by_area(floor_area: f64, yearly: f64) -> Result<f64, ParameterError> {
    check("floor area", floor_area, 0.0..=1e7, "0 to 1e7 m²")?;
    check("need of hot water", yearly, 0.0..=500.0, "0 to 500 kWh/m² a")?;
    Ok(floor_area * yearly * 1000.0 / DAYS_PER_YEAR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_known_need() {
        // 146 m² · 10 kWh / 365 = 4 kWh.
        assert!((daily_by_area(146.0, 10.0).unwrap() - 4000.0).abs() < 1e-9);
        assert!(daily_by_area(-1.0, 10.0).is_err());
        assert!(daily_by_area(1.0, f64::NAN).is_err());
    }
}
