//! Values as stored into values as meant: missing ones, packing, units.
//!
//! CF Conventions 1.11, sections 2.5.1 (missing data), 3.1 (units), 8.1 (packed data).

use super::description::{ValueKind, Variable};
use super::units::{Conversion, Unit};
use crate::error::Problem;

/// What a variable measures; each has one unit inside the engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Temperature, K.
    Temperature,
    /// Precipitation, mm/d.
    Precipitation,
    /// Irradiance, W/m².
    Irradiance,
    /// Relative humidity, %.
    RelativeHumidity,
    /// Specific humidity, 1.
    SpecificHumidity,
    /// Speed, m/s.
    Speed,
    /// Pressure, Pa.
    Pressure,
    /// Length, m, such as the height of the ground.
    Length,
}

/// Values that stand for nothing, at most.
const MOST_MISSING: usize = 4;
/// What the netCDF library writes where no value was written and no fill value is set.
const DEFAULT_FILL_FLOAT: f64 = f64::from_bits(0x479e_0000_0000_0000);
const DEFAULT_FILL_I16: f64 = -32_767.0;
const DEFAULT_FILL_I32: f64 = -2_147_483_647.0;
/// Numbers beyond this have no place in a series of 32-bit floats.
const LARGEST: f64 = f32::MAX as f64;

/// From values as stored to values as meant, in 64-bit floats.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decoding {
    missing: [f64; MOST_MISSING],
    /// What is valid as stored.
    stored: [f64; 2],
    /// What is valid once unpacked.
    unpacked: [f64; 2],
    scale: f64,
    offset: f64,
    /// From the file's unit to that of the engine.
    pub conversion: Conversion,
}

impl Quantity {
    /// Its unit inside the engine.
    pub fn unit(self) -> &'static str {
        match self {
            Quantity::Temperature => "K",
            Quantity::Precipitation => "mm d-1",
            Quantity::Irradiance => "W m-2",
            Quantity::RelativeHumidity => "%",
            Quantity::SpecificHumidity => "1",
            Quantity::Speed => "m s-1",
            Quantity::Pressure => "Pa",
            Quantity::Length => "m",
        }
    }

    /// How numbers of a unit become numbers of its own.
    ///
    /// A mass of water per area is a depth of water of 1000 kg/m³. Precipitation in a depth or a mass alone is the
    /// day's sum, as observations are often written.
    pub fn conversion_from(self, units: &str) -> Option<Conversion> {
        let own = Unit::parse(self.unit()).expect("own units are units");
        let unit = Unit::parse(units)?;
        if let Some(conversion) = unit.to(own) {
            return Some(conversion);
        }
        if self != Quantity::Precipitation {
            return None;
        }
        let volume_of_water = Unit::parse("1e-3 m3 kg-1").expect("a unit");
        let per_day = Unit::parse("d-1").expect("a unit");
        let depth = unit.and(volume_of_water);
        let forms = [depth, unit.and(per_day), depth.and_then(|depth| depth.and(per_day))];
        forms.into_iter().flatten().find_map(|form| form.to(own))
    }
}

impl Decoding {
    /// That of a variable, without a change of units.
    ///
    /// # Errors
    /// Attributes that contradict themselves.
    pub fn of(variable: &Variable) -> Result<Decoding, Problem> {
        let one = |name: &str, usual: f64| match variable.numbers(name).as_deref() {
            None | Some([]) => Ok(usual),
            Some([number]) if number.is_finite() => Ok(*number),
            Some(numbers) => Err(Problem::new(format!("expected one finite number, found {numbers:?}"))
                .of_key(format!("{}:{name}", variable.name))),
        };
        if variable.text("_Unsigned").is_some_and(|text| text == "true") {
            return Err(
                Problem::new("unsigned values in a signed type (_Unsigned) are not read").of_key(&variable.name)
            );
        }
        let (scale, offset) = (one("scale_factor", 1.0)?, one("add_offset", 0.0)?);
        if scale == 0.0 {
            return Err(
                Problem::new("expected a number other than 0").of_key(format!("{}:scale_factor", variable.name))
            );
        }
        let mut decoding = Decoding {
            missing: missing(variable)?,
            stored: [f64::NEG_INFINITY, f64::INFINITY],
            unpacked: [f64::NEG_INFINITY, f64::INFINITY],
            scale,
            offset,
            conversion: Conversion::NONE,
        };
        decoding.limit(variable);
        Ok(decoding)
    }

    /// A value as meant; NaN for none.
    #[inline(always)]
    pub fn value(&self, stored: f64) -> f64 {
        let mut is_missing = !(stored >= self.stored[0] && stored <= self.stored[1]);
        for missing in self.missing {
            is_missing |= stored == missing;
        }
        let unpacked = stored * self.scale + self.offset;
        is_missing |= !(unpacked >= self.unpacked[0] && unpacked <= self.unpacked[1]);
        let value = self.conversion.apply(unpacked);
        // No comparison holds for NaN.
        if !is_missing && value.abs() <= LARGEST { value } else { f64::NAN }
    }

    /// Limits of `valid_min`, `valid_max` and `valid_range`: of stored values unless they are floats and those are not.
    fn limit(&mut self, variable: &Variable) {
        let range = variable.numbers("valid_range").filter(|range| range.len() == 2);
        let bounds = [
            ("valid_min", 0, variable.numbers("valid_min").and_then(|least| least.first().copied())),
            ("valid_max", 1, variable.numbers("valid_max").and_then(|most| most.first().copied())),
            ("valid_range", 0, range.as_ref().map(|range| range[0])),
            ("valid_range", 1, range.as_ref().map(|range| range[1])),
        ];
        for (name, side, bound) in bounds {
            let Some(bound) = bound.filter(|bound| bound.is_finite()) else { continue };
            let is_float = matches!(variable.attribute(name), Some(super::AttributeValue::Floats(_)));
            if is_float && variable.kind.is_integer() {
                self.unpacked[side] = bound;
            } else {
                self.stored[side] = in_kind(bound, variable.kind);
            }
        }
    }
}

/// Values that stand for nothing, as the variable's own type has them.
fn missing(variable: &Variable) -> Result<[f64; MOST_MISSING], Problem> {
    let fill = variable.numbers("_FillValue").unwrap_or_default();
    let default_fill = match variable.kind {
        _ if !fill.is_empty() => None,
        ValueKind::F32 | ValueKind::F64 => Some(DEFAULT_FILL_FLOAT),
        ValueKind::I16 => Some(DEFAULT_FILL_I16),
        ValueKind::I32 => Some(DEFAULT_FILL_I32),
        _ => None,
    };
    let other = variable.numbers("missing_value").unwrap_or_default();
    let mut missing = [f64::NAN; MOST_MISSING];
    let mut n = 0;
    for value in fill.into_iter().chain(other).chain(default_fill).map(|value| in_kind(value, variable.kind)) {
        if value.is_nan() || missing[..n].contains(&value) {
            continue;
        }
        if n == MOST_MISSING {
            let message = format!("more than {MOST_MISSING} values that stand for nothing");
            return Err(Problem::new(message).of_key(&variable.name));
        }
        missing[n] = value;
        n += 1;
    }
    Ok(missing)
}

/// A number as the type has it: 1e20 of 64 bits is none of 32 bits.
fn in_kind(value: f64, kind: ValueKind) -> f64 {
    if kind == ValueKind::F32 { f64::from(value as f32) } else { value }
}

#[cfg(test)]
mod tests {
    use super::super::description::{Attribute, AttributeValue, ByteOrder, Layout};
    use super::*;

    fn variable(kind: ValueKind, attributes: &[(&str, AttributeValue)]) -> Variable {
        let attribute =
            |(name, value): &(&str, AttributeValue)| Attribute { name: (*name).into(), value: value.clone() };
        Variable {
            name: "tas".into(),
            kind,
            order: ByteOrder::Little,
            shape: vec![],
            dimensions: vec![],
            attributes: attributes.iter().map(attribute).collect(),
            layout: Layout::Unwritten,
            unwritten: vec![],
        }
    }

    fn floats(value: f64) -> AttributeValue {
        AttributeValue::Floats(vec![value])
    }

    #[test]
    fn fill_values_of_other_types() {
        // 1e20 of 64 bits on values of 32 bits.
        let decoding = Decoding::of(&variable(ValueKind::F32, &[("missing_value", floats(1e20))])).unwrap();
        assert!(decoding.value(f64::from(1e20_f32)).is_nan());
        assert_eq!(decoding.value(280.0), 280.0);
        // NaN on integers, packed with a negative factor.
        let attributes =
            [("_FillValue", floats(f64::NAN)), ("scale_factor", floats(-0.5)), ("add_offset", floats(10.0))];
        let decoding = Decoding::of(&variable(ValueKind::I16, &attributes)).unwrap();
        assert_eq!([decoding.value(0.0), decoding.value(-32_767.0)], [10.0, 16_393.5]);
        // Both, and limits.
        let attributes = [
            ("_FillValue", AttributeValue::Integers(vec![-100])),
            ("missing_value", AttributeValue::Integers(vec![-99])),
            ("valid_max", AttributeValue::Integers(vec![50])),
        ];
        let decoding = Decoding::of(&variable(ValueKind::I8, &attributes)).unwrap();
        assert!([-100.0, -99.0, 51.0].iter().all(|&stored| decoding.value(stored).is_nan()));
        assert_eq!(decoding.value(50.0), 50.0);
        // 9.969209968386869e36, the default of the netCDF library; infinities are none either.
        let decoding = Decoding::of(&variable(ValueKind::F32, &[])).unwrap();
        for missing in [f64::from(9.969_21e36_f32), f64::INFINITY, f64::NEG_INFINITY, f64::NAN] {
            assert!(decoding.value(missing).is_nan(), "{missing}");
        }
    }

    #[test]
    fn contradictions_are_told() {
        for (name, value) in [
            ("scale_factor", floats(0.0)),
            ("scale_factor", floats(f64::NAN)),
            ("add_offset", AttributeValue::Integers(vec![1, 2])),
            ("missing_value", AttributeValue::Integers(vec![1, 2, 3, 4, 5])),
            ("_Unsigned", AttributeValue::Text("true".into())),
        ] {
            assert!(Decoding::of(&variable(ValueKind::U8, &[(name, value)])).is_err(), "{name}");
        }
    }

    #[test]
    fn precipitation_is_depth_per_day() {
        for (units, factor) in [
            ("kg m-2 s-1", 86_400.0),
            ("mm s-1", 86_400.0),
            ("mm day-1", 1.0),
            ("mm/d", 1.0),
            ("mm d-1", 1.0),
            ("m s-1", 86_400_000.0),
            ("cm/day", 10.0),
            ("kg m-2 d-1", 1.0),
            ("kg m-2", 1.0),
            ("mm", 1.0),
            ("m", 1000.0),
        ] {
            let conversion = Quantity::Precipitation.conversion_from(units);
            assert_eq!(conversion, Some(Conversion { factor, offset: 0.0 }), "{units}");
        }
        assert_eq!(Quantity::Precipitation.conversion_from("K"), None);
        assert_eq!(Quantity::Irradiance.conversion_from("J m-2"), None);
    }
}
