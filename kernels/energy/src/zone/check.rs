//! Whether a zone can be computed.

use core::ops::RangeInclusive;

use super::error::within;
use super::{Boundary, Element, Facade, Film, N_PARTS, ROOF, WALL, Zone, ZoneError};

/// How far sums of shares may be from what they should be.
const SHARE_TOLERANCE: f64 = 1e-6;
/// How far the length of a normal may be from 1.
const NORMAL_TOLERANCE: f64 = 1e-6;

const AREA: RangeInclusive<f64> = 0.0..=1e8;
const POWER: RangeInclusive<f64> = 0.0..=f64::INFINITY;
const SHARE: RangeInclusive<f64> = 0.0..=1.0;
const TEMPERATURE: RangeInclusive<f64> = -1000.0..=1000.0;

impl Zone {
    /// Checks that every value is finite and in its range and that shares sum to what they should, for a climate with this
    /// many sun bins.
    ///
    /// # Errors
    ///
    /// The first value that is not.
    pub fn check(&self, n_sun_bins: usize) -> Result<(), ZoneError> {
        within("floor area", self.floor_area, 1e-3..=1e8, "0.001 to 100000000 m²")?;
        within("heat capacity of air and furniture", self.air_capacity, 0.0..=1e13, "0 to 1e13 J/K")?;
        self.check_parts()?;
        self.check_window()?;
        let (walls, roofs) = (&self.parts[WALL], &self.parts[ROOF]);
        for (what, part, facades) in [("wall", walls, &self.walls), ("roof", roofs, &self.roofs)] {
            for (index, facade) in facades.iter().enumerate() {
                check_facade(what, index, facade, n_sun_bins)?;
            }
            let absorbing: f64 = facades.iter().map(|facade| facade.absorbing_area).sum();
            if absorbing > 0.0 && (part.area <= 0.0 || part.boundary != Boundary::Air) {
                let expected = "0 of parts without area or not before air";
                return Err(ZoneError::Together { what: "absorbing area", value: absorbing, expected });
            }
        }
        self.check_glass()?;
        within("heat of people", self.gains.occupants, 0.0..=1e9, "0 to 1e9 W")?;
        within("heat of appliances", self.gains.appliances, 0.0..=1e9, "0 to 1e9 W")?;
        within("radiative share of gains", self.gains.radiative_share, SHARE, "0 to 1")?;
        self.check_solar()?;
        self.check_air()?;
        if self.blinds.above.is_nan() {
            return Err(ZoneError::Value {
                what: "irradiance above which blinds close",
                value: f64::NAN,
                expected: "a number",
            });
        }
        within("factor of blinds", self.blinds.factor, SHARE, "0 to 1")?;
        self.check_supply()?;
        within("effective heat capacity", self.effective_capacity, 1.0..=1e14, "1 to 1e14 J/K")?;
        within("effective mass area", self.effective_mass_area, 1e-3..=1e9, "0.001 to 1e9 m²")?;
        Ok(())
    }

    fn check_parts(&self) -> Result<(), ZoneError> {
        for (index, part) in self.parts.iter().enumerate() {
            indexed("area of part", index, part.area, AREA, "0 to 100000000 m²")?;
            if part.area > 0.0 {
                check_element(index, part)?;
            }
        }
        let inner: f64 = self.parts.iter().map(|part| part.area).sum();
        within("area of all parts", inner, 1e-3..=4e8, "0.001 to 400000000 m²")?;
        Ok(())
    }

    fn check_window(&self) -> Result<(), ZoneError> {
        let window = &self.window;
        within("area of windows", window.area, AREA, "0 to 100000000 m²")?;
        if window.area > 0.0 {
            within("conductance of windows", window.conductance, 1e-4..=1e4, "0.0001 to 10000 W/m²K")?;
            within("resistance of shutters", window.shutter_resistance, 0.0..=100.0, "0 to 100 m²K/W")?;
            check_film("inner film of windows", N_PARTS, window.inner)?;
            check_film("outer film of windows", N_PARTS, window.outer)?;
            within("sky view of windows", window.sky_view, SHARE, "0 to 1")?;
            let glazing = &window.glazing;
            within("solar heat gain coefficient", glazing.normal, SHARE, "0 to 1")?;
            within("diffuse share of glazing", glazing.diffuse, SHARE, "0 to 1")?;
            within("absorbed share of glazing", glazing.absorbed_share, SHARE, "0 to 1")?;
            for (power, &coefficient) in glazing.angular.iter().enumerate() {
                indexed("angular coefficient", power, coefficient, -1e6..=1e6, "finite")?;
            }
        }
        Ok(())
    }

    fn check_glass(&self) -> Result<(), ZoneError> {
        let glass: f64 = self.walls.iter().chain(&self.roofs).map(|facade| facade.glass_area).sum();
        if glass > self.window.area * (1.0 + SHARE_TOLERANCE) {
            let expected = "no more than the area of windows with their frames";
            return Err(ZoneError::Together { what: "glass of all facades (m²)", value: glass, expected });
        }
        Ok(())
    }

    fn check_solar(&self) -> Result<(), ZoneError> {
        let solar = &self.solar;
        for (index, (&share, part)) in solar.parts.iter().zip(&self.parts).enumerate() {
            indexed("solar share of part", index, share, SHARE, "0 to 1")?;
            if part.area == 0.0 {
                indexed("solar share of part", index, share, 0.0..=0.0, "0 as it has no area")?;
            }
        }
        within("solar share of windows", solar.window, SHARE, "0 to 1")?;
        if self.window.area == 0.0 {
            within("solar share of windows", solar.window, 0.0..=0.0, "0 as there is none")?;
        }
        within("solar share of air", solar.air, SHARE, "0 to 1")?;
        within("solar share that is lost", solar.lost, SHARE, "0 to 1")?;
        let sum = solar.parts.iter().sum::<f64>() + solar.window + solar.air + solar.lost;
        if (sum - 1.0).abs() > SHARE_TOLERANCE {
            return Err(ZoneError::Together { what: "sum of solar shares", value: sum, expected: "1" });
        }
        Ok(())
    }

    fn check_air(&self) -> Result<(), ZoneError> {
        let air = &self.air;
        for (what, flow) in
            [("infiltration", air.infiltration), ("ventilation", air.ventilation), ("night ventilation", air.night)]
        {
            within(what, flow, 0.0..=1e9, "0 to 1e9 W/K")?;
        }
        within("heat recovery", air.recovery, SHARE, "0 to 1")?;
        within("air temperature of night ventilation", air.night_above, -1e9..=1e9, "finite")?;
        within("temperature difference of night ventilation", air.night_difference, -1e9..=1e9, "finite")?;
        Ok(())
    }

    fn check_supply(&self) -> Result<(), ZoneError> {
        let heating = ["heating setpoint", "heating setback", "heating power", "convective share of heating"];
        let cooling = ["cooling setpoint", "cooling setback", "cooling power", "convective share of cooling"];
        for ([setpoint, setback, power, convective], supply) in [(heating, self.heating), (cooling, self.cooling)] {
            within(setpoint, supply.setpoint, TEMPERATURE, "-1000 to 1000 °C")?;
            within(setback, supply.setback, TEMPERATURE, "-1000 to 1000 °C")?;
            within(power, supply.max_power, POWER, "0 or more W")?;
            within(convective, supply.convective_share, SHARE, "0 to 1")?;
        }
        within("radiant share of thermostats", self.control_radiant_share, SHARE, "0 to 1")?;
        let warmest = self.heating.setpoint.max(self.heating.setback);
        let coolest = self.cooling.setpoint.min(self.cooling.setback);
        if self.heating.max_power > 0.0 && self.cooling.max_power > 0.0 && warmest > coolest {
            let expected = "no more than 0: heating no warmer than cooling, in setback too";
            return Err(ZoneError::Together {
                what: "heating minus cooling setpoint (K)",
                value: warmest - coolest,
                expected,
            });
        }
        Ok(())
    }
}

fn indexed(
    what: &'static str,
    index: usize,
    value: f64,
    range: RangeInclusive<f64>,
    expected: &'static str,
) -> Result<(), ZoneError> {
    if range.contains(&value) { Ok(()) } else { Err(ZoneError::Indexed { what, index, value, expected }) }
}

fn check_element(index: usize, part: &Element) -> Result<(), ZoneError> {
    for &conductance in &part.conductances {
        indexed("conductance in part", index, conductance, 1e-4..=1e12, "0.0001 to 1e12 W/m²K")?;
    }
    for &capacity in &part.capacities {
        indexed("heat capacity in part", index, capacity, 0.0..=1e8, "0 to 1e8 J/m²K")?;
    }
    check_film("inner film of part", index, part.inner)?;
    if part.boundary != Boundary::Adiabatic {
        indexed("outer convective film of part", index, part.outer.convective, 1e-4..=1e4, "0.0001 to 10000 W/m²K")?;
        indexed("outer radiative film of part", index, part.outer.radiative, 0.0..=1e4, "0 to 10000 W/m²K")?;
    }
    indexed("sky view of part", index, part.sky_view, SHARE, "0 to 1")
}

/// Both coefficients must be there: without radiation a surface would not be part of the mean radiant temperature.
fn check_film(what: &'static str, index: usize, film: Film) -> Result<(), ZoneError> {
    for value in [film.convective, film.radiative] {
        indexed(what, index, value, 1e-4..=1e4, "0.0001 to 10000 W/m²K")?;
    }
    Ok(())
}

fn check_facade(what: &'static str, index: usize, facade: &Facade, n_sun_bins: usize) -> Result<(), ZoneError> {
    let [absorbing, glass, sky, horizon, reflected] = match what {
        "wall" => [
            "absorbing area of wall",
            "glass of wall",
            "sky share of wall",
            "horizon share of wall",
            "reflected share of wall",
        ],
        _ => [
            "absorbing area of roof",
            "glass of roof",
            "sky share of roof",
            "horizon share of roof",
            "reflected share of roof",
        ],
    };
    let length: f64 = facade.normal.iter().map(|component| component * component).sum();
    if (length - 1.0).abs().is_nan() || (length - 1.0).abs() > NORMAL_TOLERANCE {
        return Err(ZoneError::Indexed { what, index, value: length, expected: "a normal of length 1" });
    }
    indexed(absorbing, index, facade.absorbing_area, AREA, "0 to 100000000 m²")?;
    indexed(glass, index, facade.glass_area, AREA, "0 to 100000000 m²")?;
    indexed(sky, index, facade.sky_share, 0.0..=10.0, "0 to 10")?;
    indexed(horizon, index, facade.horizon_share, 0.0..=10.0, "0 to 10")?;
    indexed(reflected, index, facade.reflected, 0.0..=10.0, "0 to 10")?;
    match &facade.sun_shares {
        Some(shares) if shares.len() != n_sun_bins => {
            let what = "sun shares of facade";
            Err(ZoneError::Length { what, index, len: shares.len(), expected: n_sun_bins })
        }
        _ => Ok(()),
    }
}
