//! Numbers as people read them: few digits, thin spaces between thousands, no exponents that a planner has to decode.

const THIN_SPACE: char = '\u{202f}';
const MINUS: char = '\u{2212}';
const NOTHING: &str = "\u{2013}";
const SUPERSCRIPTS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];

/// A number with about four digits that count; a dash where there is none.
pub fn number(value: f64) -> String {
    let size = value.abs();
    if !value.is_finite() {
        NOTHING.to_owned()
    } else if size == 0.0 {
        "0".to_owned()
    } else if !(1e-3..1e15).contains(&size) {
        scientific(value)
    } else if size >= 999.5 {
        grouped(&format!("{value:.0}"))
    } else {
        // 4 digits that count: 3 decimals below 10, one less for each power of ten, 1 more for each below 1.
        let decimals = (3 - size.log10().floor() as i32).max(0) as usize;
        signed(trimmed(&format!("{value:.decimals$}")))
    }
}

/// A number with a fixed number of decimals, for columns that are read downwards.
pub fn fixed(value: f64, decimals: usize) -> String {
    if value.is_finite() && value.abs() < 1e6 { signed(&format!("{value:.decimals$}")) } else { number(value) }
}

/// A whole number.
pub fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// A number with its sign, for differences.
pub fn difference(value: f64) -> String {
    if value > 0.0 { format!("+{}", number(value)) } else { number(value) }
}

/// A share as a percentage with its sign, for differences.
pub fn percent_difference(share: f64) -> String {
    if share.is_finite() { format!("{} %", difference(share * 100.0)) } else { NOTHING.to_owned() }
}

/// Seconds as seconds, minutes or hours.
pub fn seconds(value: f64) -> String {
    if !value.is_finite() {
        NOTHING.to_owned()
    } else if value.abs() < 120.0 {
        format!("{} s", if value.abs() < 1.0 { number(value) } else { fixed(value, 1) })
    } else if value.abs() < 7200.0 {
        format!("{} min", fixed(value / 60.0, 1))
    } else {
        format!("{} h", fixed(value / 3600.0, 1))
    }
}

/// Bytes in binary units.
pub fn bytes(value: u64) -> String {
    let mut size = value as f64;
    for unit in ["bytes", "KiB", "MiB", "GiB"] {
        if size < 1024.0 {
            return format!("{} {unit}", number(size));
        }
        size /= 1024.0;
    }
    format!("{} TiB", number(size))
}

fn scientific(value: f64) -> String {
    let text = format!("{value:.2e}");
    let (digits, exponent) = text.split_once('e').expect("the format puts an e there");
    let raised: String =
        exponent.chars().map(|letter| letter.to_digit(10).map_or('⁻', |digit| SUPERSCRIPTS[digit as usize])).collect();
    format!("{} × 10{raised}", signed(trimmed(digits)))
}

fn trimmed(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

fn signed(digits: &str) -> String {
    digits.replace('-', &MINUS.to_string())
}

fn grouped(digits: &str) -> String {
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("\u{2212}", digits));
    let mut text = String::from(sign);
    for (index, digit) in digits.chars().enumerate() {
        // Four digits read well in one piece; from five on they are cut into thousands.
        if index > 0 && digits.len() > 4 && (digits.len() - index).is_multiple_of(3) {
            text.push(THIN_SPACE);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_few_and_grouped() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (0.25, "0.25"),
            (0.123_456, "0.1235"),
            (12.345_6, "12.35"),
            (999.4, "999.4"),
            (999.6, "1000"),
            (1234.5, "1234"),
            (12_345.6, "12\u{202f}346"),
            (-1_234_567.0, "\u{2212}1\u{202f}234\u{202f}567"),
            (-0.5, "\u{2212}0.5"),
            (3.2e-7, "3.2 × 10⁻⁷"),
            (1e-10, "1 × 10⁻¹⁰"),
            (2.5e16, "2.5 × 10¹⁶"),
            (f64::NAN, "–"),
            (f64::INFINITY, "–"),
        ];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn units_fit_the_size() {
        assert_eq!(seconds(90.0), "90.0 s");
        assert_eq!(seconds(0.0123), "0.0123 s");
        assert_eq!(seconds(180.0), "3.0 min");
        assert_eq!(seconds(9000.0), "2.5 h");
        assert_eq!(
            [fixed(-1.005, 1), fixed(f64::NAN, 1), fixed(2e6, 1)],
            ["\u{2212}1.0", "–", "2\u{202f}000\u{202f}000"]
        );
        assert_eq!(bytes(512), "512 bytes");
        assert_eq!(bytes(3 << 29), "1.5 GiB");
        assert_eq!(count(1_000_000), "1\u{202f}000\u{202f}000");
        assert_eq!(difference(2.0), "+2");
        assert_eq!(percent_difference(-0.125), "\u{2212}12.5 %");
    }
}
