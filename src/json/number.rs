//! Numbers as Python writes them: `repr(float)` and decimal integers.
//!
//! Both Python and `zmij` print the shortest digits that read back as the same float, so only the layout differs: Python
//! goes over to an exponent below 1e-4 (not 1e-5), and its exponents have a sign and two digits.

/// Appends `number` as `json.dumps` would: `repr`, or `NaN`, `Infinity`, `-Infinity`.
pub fn write_float(number: f64, out: &mut Vec<u8>) {
    if !number.is_finite() {
        return out.extend_from_slice(match number {
            _ if number.is_nan() => b"NaN",
            _ if number > 0.0 => b"Infinity",
            _ => b"-Infinity",
        });
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(number);
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    if magnitude.len() < text.len() {
        out.push(b'-');
    }
    if let Some((digits, exponent)) = magnitude.split_once('e') {
        write_exponential(
            digits,
            exponent
                .parse()
                .expect("invariant: zmij writes small integers as exponents"),
            out,
        );
    } else if let Some(digits) = magnitude.strip_prefix("0.0000") {
        let (first, others) = digits.split_at(1);
        write_mantissa(first, others, out);
        out.extend_from_slice(b"e-05");
    } else {
        out.extend_from_slice(magnitude.as_bytes());
    }
}

fn write_exponential(digits: &str, exponent: i32, out: &mut Vec<u8>) {
    let (first, others) = digits.split_once('.').unwrap_or((digits, ""));
    write_mantissa(first, others, out);
    out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
    let size = exponent.unsigned_abs();
    if size < 10 {
        out.push(b'0');
    }
    out.extend_from_slice(itoa::Buffer::new().format(size).as_bytes());
}

fn write_mantissa(first: &str, others: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(first.as_bytes());
    if !others.is_empty() {
        out.push(b'.');
        out.extend_from_slice(others.as_bytes());
    }
}

/// Appends `number` in decimal.
pub fn write_int(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::{write_float, write_int};

    fn repr(number: f64) -> String {
        let mut out = Vec::new();
        write_float(number, &mut out);
        String::from_utf8(out).unwrap()
    }

    /// The right column is Python's `repr`, or what `json.dumps` has for the three that are no numbers.
    #[test]
    fn as_python_writes_them() {
        let table = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-1.5, "-1.5"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (123_456_789_012_345_680.0, "1.2345678901234568e+17"),
            (9_999_999_999_999_998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (1.5e16, "1.5e+16"),
            (1e22, "1e+22"),
            (1e100, "1e+100"),
            (f64::MAX, "1.7976931348623157e+308"),
            (0.001, "0.001"),
            (0.0001, "0.0001"),
            (0.000_12, "0.00012"),
            (0.000_01, "1e-05"),
            (0.000_012, "1.2e-05"),
            (-0.000_012_34, "-1.234e-05"),
            (1e-7, "1e-07"),
            (1.5e-10, "1.5e-10"),
            (5e-324, "5e-324"),
            (f64::MIN_POSITIVE, "2.2250738585072014e-308"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
            (f64::NAN, "NaN"),
        ];
        for (number, text) in table {
            assert_eq!(repr(number), text);
        }
    }

    #[test]
    fn reads_back_as_the_same_bits() {
        for exponent in 0..=2046_u64 {
            for mantissa in [0, 1, 0x000f_ffff_ffff_ffff] {
                let number = f64::from_bits(exponent << 52 | mantissa);
                assert_eq!(repr(number).parse::<f64>().unwrap().to_bits(), number.to_bits());
            }
        }
    }

    #[test]
    fn integers() {
        let mut out = Vec::new();
        write_int(i64::MIN, &mut out);
        assert_eq!(out, b"-9223372036854775808");
    }
}
