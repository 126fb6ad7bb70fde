//! HTTP dates: seconds since 1970 to `Sun, 06 Nov 1994 08:49:37 GMT` and back.
//!
//! The reader knows the one form that is sent today and returns `None` for any other: the older ones are the caller's. Years
//! run from 1 to 9999, as Python's do. Knows no clock and no time zone but GMT.

use std::cell::RefCell;

use bytes::Bytes;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// 0001-01-01 and 9999-12-31, in days since 1970-01-01.
const FIRST_DAY: i64 = -719_162;
const LAST_DAY: i64 = 2_932_896;

/// A moment in GMT, split into its fields. Ordered by time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DateFields {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

impl DateFields {
    /// The fields of a moment in seconds since 1970; `None` outside the years 1 to 9999.
    #[must_use]
    pub fn from_seconds(seconds: i64) -> Option<Self> {
        let days = seconds.div_euclid(86_400);
        if !(FIRST_DAY..=LAST_DAY).contains(&days) {
            return None;
        }
        let in_day = seconds.rem_euclid(86_400);
        let (year, month, day) = civil_from_days(days);
        Some(Self {
            year: u16::try_from(year).ok()?,
            month: u8::try_from(month).ok()?,
            day: u8::try_from(day).ok()?,
            hour: u8::try_from(in_day / 3600).ok()?,
            minute: u8::try_from(in_day / 60 % 60).ok()?,
            second: u8::try_from(in_day % 60).ok()?,
        })
    }

    /// Monday is 0.
    fn weekday(self) -> usize {
        let days = days_from_civil(i64::from(self.year), i64::from(self.month), i64::from(self.day));
        // 1970-01-01 was a Thursday.
        usize::try_from((days + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// The date as HTTP headers have it, always 29 characters.
    #[must_use]
    pub fn http_date(self) -> String {
        str::from_utf8(&self.http_date_bytes())
            .expect("invariant: a date is ASCII")
            .to_owned()
    }

    /// The date as HTTP headers have it, in ASCII.
    #[must_use]
    pub fn http_date_bytes(self) -> [u8; 29] {
        let mut text = *b"Day, 00 Mon 0000 00:00:00 GMT";
        text[..3].copy_from_slice(DAYS[self.weekday()].as_bytes());
        text[8..11].copy_from_slice(MONTHS[usize::from(self.month) - 1].as_bytes());
        let (century, of_century) = (self.year / 100, self.year % 100);
        let pairs = [
            (5, u16::from(self.day)),
            (12, century),
            (14, of_century),
            (17, u16::from(self.hour)),
            (20, u16::from(self.minute)),
            (23, u16::from(self.second)),
        ];
        for (at, number) in pairs {
            let [tens, ones] = [number / 10 % 10, number % 10].map(|digit| u8::try_from(digit).unwrap_or(0));
            text[at] += tens;
            text[at + 1] += ones;
        }
        text
    }
}

/// The HTTP date of a moment in whole seconds since 1970; `None` outside the years 1 to 9999.
#[must_use]
pub fn http_date(seconds: i64) -> Option<String> {
    DateFields::from_seconds(seconds).map(DateFields::http_date)
}

/// The HTTP date of the current second, which is written once in that second.
#[must_use]
pub fn http_date_now(seconds: i64) -> Option<Bytes> {
    with_http_date_now(seconds, Bytes::clone)
}

/// What `read` makes of the HTTP date of the current second, which is written once in that second.
pub fn with_http_date_now<T>(seconds: i64, read: impl FnOnce(&Bytes) -> T) -> Option<T> {
    thread_local! {
        static LAST: RefCell<(i64, Bytes)> = const { RefCell::new((i64::MIN, Bytes::new())) };
    }
    LAST.with_borrow_mut(|(second, text)| {
        if *second != seconds {
            *text = Bytes::copy_from_slice(&DateFields::from_seconds(seconds)?.http_date_bytes());
            *second = seconds;
        }
        Some(read(text))
    })
}

/// The whole seconds that Python's `datetime` makes of a floating-point moment: it rounds to microseconds, half to
/// even, and cuts the rest off. `None` for what is not a moment of the years 1 to 9999.
#[must_use]
pub fn whole_seconds(moment: f64) -> Option<i64> {
    if !moment.is_finite() || moment.abs() > 1e15 {
        return None;
    }
    let micros = (moment.fract() * 1e6).round_ties_even();
    let carry = if micros >= 1e6 {
        1
    } else if micros < 0.0 {
        -1
    } else {
        0
    };
    #[expect(clippy::cast_possible_truncation, reason = "the range was checked above")]
    let seconds = moment.trunc() as i64 + carry;
    Some(seconds)
}

/// Reads the preferred form, `Sun, 06 Nov 1994 08:49:37 GMT`. `None` says that the text is something else, valid or
/// not.
#[must_use]
pub fn parse_imf_date(text: &str) -> Option<DateFields> {
    let bytes: &[u8; 29] = text.as_bytes().try_into().ok()?;
    let punctuation = [
        (3, b','),
        (4, b' '),
        (7, b' '),
        (11, b' '),
        (16, b' '),
        (19, b':'),
        (22, b':'),
        (25, b' '),
    ];
    let shaped = punctuation.into_iter().all(|(at, expected)| bytes[at] == expected)
        && bytes.ends_with(b"GMT")
        && bytes[..3].iter().all(u8::is_ascii_alphabetic);
    if !shaped {
        return None;
    }
    let month = MONTHS.iter().position(|name| name.as_bytes() == &bytes[8..11])?;
    let fields = DateFields {
        year: number(&bytes[12..16])?,
        month: u8::try_from(month + 1).ok()?,
        day: u8::try_from(number(&bytes[5..7])?).ok()?,
        hour: u8::try_from(number(&bytes[17..19])?).ok()?,
        minute: u8::try_from(number(&bytes[20..22])?).ok()?,
        second: u8::try_from(number(&bytes[23..25])?).ok()?,
    };
    let plausible = fields.year >= 1000
        && (1..=days_in_month(fields.year, fields.month)).contains(&fields.day)
        && fields.hour < 24
        && fields.minute < 60
        && fields.second < 60;
    plausible.then_some(fields)
}

fn number(digits: &[u8]) -> Option<u16> {
    digits.iter().try_fold(0, |sum: u16, byte| {
        byte.is_ascii_digit().then(|| sum * 10 + u16::from(byte - b'0'))
    })
}

fn days_in_month(year: u16, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970 of a proleptic Gregorian date. Years are counted from March, so that the leap day comes last.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::{DateFields, http_date, http_date_now, parse_imf_date, whole_seconds};

    #[test]
    fn written() {
        let table = [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
            (-62_135_596_800, "Mon, 01 Jan 0001 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ];
        for (seconds, text) in table {
            assert_eq!(http_date(seconds).as_deref(), Some(text));
            if seconds >= 0 {
                assert_eq!(parse_imf_date(text), DateFields::from_seconds(seconds), "{text}");
            }
        }
        for (seconds, text) in table.into_iter().chain(table) {
            assert_eq!(http_date_now(seconds).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(http_date_now(253_402_300_800), None);
        assert_eq!(http_date(253_402_300_800), None);
        assert_eq!(http_date(-62_135_596_801), None);
    }

    #[test]
    fn fractions() {
        let table = [
            (0.999_999_4, 0),
            (0.999_999_9, 1),
            (-0.5, -1),
            (-0.000_000_1, 0),
            (1.5, 1),
        ];
        for (moment, seconds) in table {
            assert_eq!(whole_seconds(moment), Some(seconds), "{moment}");
        }
        assert_eq!(whole_seconds(f64::NAN), None);
    }

    #[test]
    fn other_forms_are_not_judged() {
        let table = [
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 0094 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "",
        ];
        for text in table {
            assert_eq!(parse_imf_date(text), None, "{text}");
        }
    }
}
