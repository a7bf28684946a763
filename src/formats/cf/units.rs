//! Units in words: products of powers of units with prefixes, as UDUNITS and CF write them.

/// Metres, kilograms, seconds, kelvins.
type Powers = [i32; 4];

/// A unit: what it measures, and how a number of it becomes one of SI.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    powers: Powers,
    scale: Scale,
    /// In SI what 0 of it is.
    zero: f64,
}

/// A factor as a fraction times a power of ten, so that factors such as 86,400 come out exactly.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    over: f64,
    under: f64,
    ten: i32,
}

/// How numbers of one unit become numbers of another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Conversion {
    /// They are multiplied by this first.
    pub factor: f64,
    /// Then this is added.
    pub offset: f64,
}

impl Conversion {
    /// That of a unit to itself.
    pub const NONE: Conversion = Conversion { factor: 1.0, offset: 0.0 };

    /// A number of the other unit.
    #[inline(always)]
    pub fn apply(self, value: f64) -> f64 {
        value * self.factor + self.offset
    }
}

const ONE: Scale = Scale { over: 1.0, under: 1.0, ten: 0 };
const LARGEST_POWER: i32 = 12;
/// Largest power of ten that a float holds exactly.
const EXACT_TEN: i32 = 22;

const fn unit(powers: Powers, over: f64, under: f64, ten: i32) -> Unit {
    Unit { powers, scale: Scale { over, under, ten }, zero: 0.0 }
}

const METRE: Powers = [1, 0, 0, 0];
const MASS: Powers = [0, 1, 0, 0];
const TIME: Powers = [0, 0, 1, 0];
const KELVIN: Powers = [0, 0, 0, 1];
const PRESSURE: Powers = [-1, 1, -2, 0];
const NOTHING: Powers = [0; 4];
const CELSIUS: Unit = Unit { zero: 273.15, ..unit(KELVIN, 1.0, 1.0, 0) };
const FAHRENHEIT: Unit = Unit { zero: 459.67 * 5.0 / 9.0, ..unit(KELVIN, 5.0, 9.0, 0) };

/// Symbols that take prefixes.
const SYMBOLS: [(&str, Unit); 10] = [
    ("m", unit(METRE, 1.0, 1.0, 0)),
    ("g", unit(MASS, 1.0, 1.0, -3)),
    ("s", unit(TIME, 1.0, 1.0, 0)),
    ("K", unit(KELVIN, 1.0, 1.0, 0)),
    ("Pa", unit(PRESSURE, 1.0, 1.0, 0)),
    ("bar", unit(PRESSURE, 1.0, 1.0, 5)),
    ("N", unit([1, 1, -2, 0], 1.0, 1.0, 0)),
    ("J", unit([2, 1, -2, 0], 1.0, 1.0, 0)),
    ("W", unit([2, 1, -3, 0], 1.0, 1.0, 0)),
    ("l", unit([3, 0, 0, 0], 1.0, 1.0, -3)),
];
/// Symbols that take none.
const BARE_SYMBOLS: [(&str, Unit); 18] = [
    ("%", unit(NOTHING, 1.0, 1.0, -2)),
    ("d", unit(TIME, 86_400.0, 1.0, 0)),
    ("h", unit(TIME, 3600.0, 1.0, 0)),
    ("hr", unit(TIME, 3600.0, 1.0, 0)),
    ("min", unit(TIME, 60.0, 1.0, 0)),
    ("sec", unit(TIME, 1.0, 1.0, 0)),
    ("degK", unit(KELVIN, 1.0, 1.0, 0)),
    ("degC", CELSIUS),
    ("deg_C", CELSIUS),
    ("C", CELSIUS),
    ("°C", CELSIUS),
    ("degF", FAHRENHEIT),
    ("F", FAHRENHEIT),
    ("°F", FAHRENHEIT),
    ("in", unit(METRE, 254.0, 1.0, -4)),
    ("ft", unit(METRE, 3048.0, 1.0, -4)),
    ("kn", unit([1, 0, -1, 0], 1852.0, 3600.0, 0)),
    ("kt", unit([1, 0, -1, 0], 1852.0, 3600.0, 0)),
];
/// Words, in the singular and lower case; the plural has an s.
const WORDS: [(&str, Unit); 26] = [
    ("meter", unit(METRE, 1.0, 1.0, 0)),
    ("metre", unit(METRE, 1.0, 1.0, 0)),
    ("gram", unit(MASS, 1.0, 1.0, -3)),
    ("second", unit(TIME, 1.0, 1.0, 0)),
    ("minute", unit(TIME, 60.0, 1.0, 0)),
    ("hour", unit(TIME, 3600.0, 1.0, 0)),
    ("day", unit(TIME, 86_400.0, 1.0, 0)),
    ("kelvin", unit(KELVIN, 1.0, 1.0, 0)),
    ("celsius", CELSIUS),
    ("degree_celsius", CELSIUS),
    ("degrees_celsius", CELSIUS),
    ("deg_c", CELSIUS),
    ("degree_c", CELSIUS),
    ("degrees_c", CELSIUS),
    ("fahrenheit", FAHRENHEIT),
    ("degree_fahrenheit", FAHRENHEIT),
    ("degrees_fahrenheit", FAHRENHEIT),
    ("pascal", unit(PRESSURE, 1.0, 1.0, 0)),
    ("bar", unit(PRESSURE, 1.0, 1.0, 5)),
    ("joule", unit([2, 1, -2, 0], 1.0, 1.0, 0)),
    ("watt", unit([2, 1, -3, 0], 1.0, 1.0, 0)),
    ("percent", unit(NOTHING, 1.0, 1.0, -2)),
    ("fraction", unit(NOTHING, 1.0, 1.0, 0)),
    ("inch", unit(METRE, 254.0, 1.0, -4)),
    ("mile", unit(METRE, 1_609_344.0, 1.0, -3)),
    ("knot", unit([1, 0, -1, 0], 1852.0, 3600.0, 0)),
];
const PREFIXES: [(&str, &str, i32); 11] = [
    ("G", "giga", 9),
    ("M", "mega", 6),
    ("k", "kilo", 3),
    ("h", "hecto", 2),
    ("da", "deca", 1),
    ("d", "deci", -1),
    ("c", "centi", -2),
    ("m", "milli", -3),
    ("µ", "micro", -6),
    ("u", "micro", -6),
    ("n", "nano", -9),
];

impl Scale {
    fn times(self, other: Scale) -> Scale {
        Scale { over: self.over * other.over, under: self.under * other.under, ten: self.ten.saturating_add(other.ten) }
    }
    fn inverse(self) -> Scale {
        Scale { over: self.under, under: self.over, ten: -self.ten }
    }
    fn value(self) -> f64 {
        let ten = |power: i32| (0..power).fold(1.0, |product, _| product * 10.0);
        match self.ten {
            power if power.abs() > EXACT_TEN => f64::NAN,
            power if power >= 0 => self.over * ten(power) / self.under,
            power => self.over / (self.under * ten(-power)),
        }
    }
}

impl Unit {
    /// The number 1.
    pub const ONE: Unit = unit(NOTHING, 1.0, 1.0, 0);

    /// A unit in words; the empty text is the number 1, as in UDUNITS.
    pub fn parse(text: &str) -> Option<Unit> {
        let mut rest = text.trim();
        let mut product = Unit::ONE;
        let mut n_factors = 0;
        while !rest.is_empty() {
            let (inverse, behind) = match rest.strip_prefix('/') {
                Some(behind) => (true, behind.trim_start()),
                None => (false, rest.trim_start_matches([' ', '\t', '.', '*', '·', '⋅'])),
            };
            if n_factors == 0 && behind.len() != rest.len() && !inverse {
                return None;
            }
            let (factor, power, behind) = factor(behind)?;
            product = product.times(factor, if inverse { -power } else { power })?;
            // A zero that is not nothing has a meaning only where temperatures stand alone.
            product.zero = if n_factors == 0 && power == 1 && !inverse { factor.zero } else { 0.0 };
            n_factors += 1;
            rest = behind.trim_start_matches([' ', '\t']);
        }
        Some(product)
    }

    /// How numbers of it become numbers of another unit, if both measure the same.
    pub fn to(self, other: Unit) -> Option<Conversion> {
        if self.powers != other.powers {
            return None;
        }
        let factor = self.scale.times(other.scale.inverse()).value();
        let offset = (self.zero - other.zero) / other.scale.value();
        (factor.is_finite() && factor != 0.0 && offset.is_finite()).then_some(Conversion { factor, offset })
    }

    /// The unit of products of two quantities.
    pub fn and(self, other: Unit) -> Option<Unit> {
        self.times(other, 1)
    }

    fn times(self, other: Unit, power: i32) -> Option<Unit> {
        let mut product = Unit { zero: 0.0, ..self };
        let step = if power < 0 { other.scale.inverse() } else { other.scale };
        for _ in 0..power.unsigned_abs() {
            product.scale = product.scale.times(step);
        }
        for (own, of_other) in product.powers.iter_mut().zip(other.powers) {
            *own += of_other * power;
        }
        let is_usual = product.powers.iter().all(|power| power.abs() <= LARGEST_POWER);
        (is_usual && product.scale.value().is_finite()).then_some(product)
    }
}

/// The first factor of a text: a unit, its power, and what follows.
fn factor(text: &str) -> Option<(Unit, i32, &str)> {
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        let (number, rest) = number(text)?;
        let (power, rest) = match strip_power_sign(rest) {
            Some(rest) => power(rest)?,
            None => (1, rest),
        };
        return Some((Unit { scale: number, ..Unit::ONE }, power, rest));
    }
    let is_name = |c: char| c.is_alphabetic() && !RAISED.contains(&c) || "_°%µμ".contains(c);
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let found = named(name)?;
    let (power, rest) = match strip_power_sign(rest) {
        Some(rest) => power(rest)?,
        None if rest.starts_with(is_of_power) => power(rest)?,
        None => (1, rest),
    };
    Some((found, power, rest))
}

fn strip_power_sign(text: &str) -> Option<&str> {
    text.strip_prefix('^').or_else(|| text.strip_prefix("**"))
}

const RAISED: [char; 12] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹', '⁺', '⁻'];

fn is_of_power(c: char) -> bool {
    c.is_ascii_digit() || c == '-' || c == '+' || RAISED.contains(&c)
}

/// A power, in digits or raised digits, and what follows.
fn power(text: &str) -> Option<(i32, &str)> {
    let plain = |c: char| match RAISED.iter().position(|&raised| raised == c) {
        Some(10) => Some('+'),
        Some(11) => Some('-'),
        Some(digit) => char::from_digit(digit as u32, 10),
        None => (c.is_ascii_digit() || c == '-' || c == '+').then_some(c),
    };
    let end = text
        .char_indices()
        .find(|&(at, c)| plain(c).is_none_or(|c| at > 0 && !c.is_ascii_digit()))
        .map_or(text.len(), |(at, _)| at);
    let digits: String = text[..end].chars().filter_map(plain).collect();
    let power: i32 = digits.parse().ok()?;
    (power.abs() <= EXACT_TEN).then_some((power, &text[end..]))
}

/// A decimal number without sign as a whole number and a power of ten.
fn number(text: &str) -> Option<(Scale, &str)> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (whole, mut rest) = text.split_at(digits(text));
    let mut decimals = "";
    if let Some(behind) = rest.strip_prefix('.')
        && digits(behind) > 0
    {
        (decimals, rest) = behind.split_at(digits(behind));
    }
    let mut ten = -(decimals.len() as i32);
    if let Some(behind) = rest.strip_prefix(['e', 'E'])
        && let Some((power, behind)) = power(behind)
    {
        ten += power;
        rest = behind;
    }
    let over: f64 = format!("{whole}{decimals}").parse().ok()?;
    (over > 0.0 && over.is_finite()).then_some((Scale { over, ten, ..ONE }, rest))
}

fn named(name: &str) -> Option<Unit> {
    let bare = BARE_SYMBOLS.iter().chain(&SYMBOLS).find(|(symbol, _)| *symbol == name);
    if let Some((_, unit)) = bare {
        return Some(*unit);
    }
    let with_prefix = |unit: Unit, ten: i32| Unit { scale: unit.scale.times(Scale { ten, ..ONE }), ..unit };
    for (prefix, _, ten) in PREFIXES {
        let stem = name.strip_prefix(prefix);
        if let Some((_, unit)) = SYMBOLS.iter().find(|(symbol, _)| Some(*symbol) == stem) {
            return Some(with_prefix(*unit, ten));
        }
    }
    let lower = name.to_lowercase();
    let word = |text: &str| {
        let is = |word: &str| matches!(text.strip_prefix(word), Some("" | "s" | "es"));
        WORDS.iter().find(|(word, _)| is(word)).map(|(_, unit)| *unit)
    };
    if let Some(unit) = word(&lower) {
        return Some(unit);
    }
    PREFIXES.iter().find_map(|(_, prefix, ten)| Some(with_prefix(word(lower.strip_prefix(prefix)?)?, *ten)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn factor_between(from: &str, to: &str) -> Option<f64> {
        Some(Unit::parse(from)?.to(Unit::parse(to)?)?.factor)
    }

    #[test]
    fn units_of_climate_files() {
        for (from, to, factor) in [
            ("m s-1", "m s**-1", 1.0),
            ("km h-1", "m s-1", 1000.0 / 3600.0),
            ("km/h", "m/s", 1000.0 / 3600.0),
            ("knots", "m s-1", 1852.0 / 3600.0),
            ("m day-1", "mm/d", 1000.0),
            ("m s-1", "mm d-1", 86_400_000.0),
            ("cm/day", "mm d-1", 10.0),
            ("mm s-1", "mm day^-1", 86_400.0),
            ("kg m-2 s-1", "kg m-2 day-1", 86_400.0),
            ("kg/m2/s", "kg m⁻² d⁻¹", 86_400.0),
            ("kg m^-2 s^-1", "kg.m-2.d-1", 86_400.0),
            ("MJ m-2 day-1", "W m-2", 1_000_000.0 / 86_400.0),
            ("J m**-2 d**-1", "W/m²", 1.0 / 86_400.0),
            ("g kg-1", "1", 0.001),
            ("kg/kg", "", 1.0),
            ("1e-3 kg kg-1", "g/kg", 1.0),
            ("10^-3", "1", 0.001),
            ("%", "1", 0.01),
            ("1", "percent", 100.0),
            ("hPa", "Pa", 100.0),
            ("mbar", "Pa", 100.0),
            ("millibars", "hPa", 1.0),
            ("kilopascal", "hPa", 10.0),
            ("0.1 mm day-1", "mm/d", 0.1),
            ("inches", "mm", 25.4),
        ] {
            assert_eq!(factor_between(from, to), Some(factor), "{from} to {to}");
        }
    }

    #[test]
    fn temperatures_have_their_zero() {
        for celsius in ["degC", "°C", "Celsius", "degrees_C", "degree_Celsius", "C", "deg_C"] {
            let conversion = Unit::parse(celsius).unwrap().to(Unit::parse("K").unwrap()).unwrap();
            assert_eq!(conversion, Conversion { factor: 1.0, offset: 273.15 }, "{celsius}");
            assert_eq!(conversion.apply(-40.0), -40.0 + 273.15);
        }
        let of_fahrenheit = Unit::parse("degF").unwrap().to(Unit::parse("kelvin").unwrap()).unwrap();
        // Water freezes at 32 °F and boils at 212 °F.
        assert!((of_fahrenheit.apply(32.0) - 273.15).abs() < 1e-12);
        assert!((of_fahrenheit.apply(212.0) - 373.15).abs() < 1e-12);
        // Differences have none.
        let rate = Unit::parse("degC d-1").unwrap().to(Unit::parse("K d-1").unwrap()).unwrap();
        assert_eq!(rate, Conversion::NONE);
    }

    #[test]
    fn what_is_no_unit_or_another_quantity() {
        for text in
            ["furlongs", "m s-", "m^", "(m)", "m--2", "m s-1x", "days since 1850-01-01", "m999", "/", "*m", "0 m"]
        {
            assert_eq!(Unit::parse(text), None, "{text}");
        }
        assert_eq!(factor_between("K", "m"), None);
        assert_eq!(factor_between("kg m-2 s-1", "mm d-1"), None);
    }

    proptest! {
        #[test]
        fn any_text_is_a_unit_or_none(text in "\\PC{0,24}") {
            let _ = Unit::parse(&text);
        }

        #[test]
        fn conversions_back_are_inverse(text in "(k|m|h|)(Pa|W|J|g|m|s)( |/|\\.)(m|s|d|h|kg)(-[1-3]|[1-3])?") {
            if let Some(unit) = Unit::parse(&text) {
                let base = Unit { scale: ONE, ..unit };
                let product = unit.to(base).unwrap().factor * base.to(unit).unwrap().factor;
                prop_assert!((product - 1.0).abs() < 1e-14, "{text}: {product}");
            }
        }
    }
}
