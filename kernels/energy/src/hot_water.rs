//! Hot water: how much heat a day's draw takes.

use crate::parameter::{ParameterError, check};

/// Heat that warms a litre of water by a kelvin (Wh/(L K)): 4186 J/(kg K) and 1 kg/L over 3600 s.
pub const WATT_HOURS_PER_LITRE_KELVIN: f64 = 1.163;

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

/// Heat in `litres` ≥ 0 a day that are `warmer` (0 to 90 K) than the water main (Wh).
///
/// # Errors
/// A value out of its range.
pub fn daily_by_volume(litres: f64, warmer: f64) -> Result<f64, ParameterError> {
    check("hot water a day", litres, 0.0..=1e8, "0 to 1e8 L")?;
    check("warming of hot water", warmer, 0.0..=90.0, "0 to 90 K")?;
    Ok(litres * warmer * WATT_HOURS_PER_LITRE_KELVIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_known_need() {
        // 146 m² · 10 kWh / 365 = 4 kWh; 100 L by 40 K = 4.652 kWh.
        assert!((daily_by_area(146.0, 10.0).unwrap() - 4000.0).abs() < 1e-9);
        assert!((daily_by_volume(100.0, 40.0).unwrap() - 4652.0).abs() < 1e-9);
        assert!(daily_by_area(-1.0, 10.0).is_err());
        assert!(daily_by_area(1.0, f64::NAN).is_err());
        assert!(daily_by_volume(1.0, 95.0).is_err());
    }
}
