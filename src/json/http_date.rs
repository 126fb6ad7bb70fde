//! A moment in UTC as `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7): how dates appear in JSON and in tagged
//! session values.

/// A moment in UTC, by the calendar that Python's `datetime` uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// 1 to 9999.
    pub year: i32,
    /// 1 to 12.
    pub month: u8,
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

impl Moment {
    /// Always 29 characters.
    #[must_use]
    pub fn to_http_date(self) -> String {
        const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
        const MONTHS: [&str; 12] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ];
        let weekday = DAYS[self.weekday()];
        let month = MONTHS[usize::from(self.month - 1)];
        let Self {
            year,
            day,
            hour,
            minute,
            second,
            ..
        } = self;
        format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT")
    }

    /// 0 is Sunday. Sakamoto's rule: every month shifts the weekday by a fixed amount, and the leap day counts from
    /// March on.
    fn weekday(self) -> usize {
        const SHIFT: [i32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
        let year = if self.month < 3 { self.year - 1 } else { self.year };
        let sum = year + year / 4 - year / 100 + year / 400 + SHIFT[usize::from(self.month - 1)] + i32::from(self.day);
        usize::try_from(sum.rem_euclid(7)).expect("invariant: a remainder of seven is small and positive")
    }
}

#[cfg(test)]
mod tests {
    use super::Moment;

    #[test]
    fn known_dates() {
        let table = [
            ((1994, 11, 6, 8, 49, 37), "Sun, 06 Nov 1994 08:49:37 GMT"),
            ((1970, 1, 1, 0, 0, 0), "Thu, 01 Jan 1970 00:00:00 GMT"),
            ((2000, 2, 29, 23, 59, 59), "Tue, 29 Feb 2000 23:59:59 GMT"),
            ((2024, 3, 1, 12, 0, 5), "Fri, 01 Mar 2024 12:00:05 GMT"),
            ((1, 1, 1, 0, 0, 0), "Mon, 01 Jan 0001 00:00:00 GMT"),
            ((9999, 12, 31, 23, 59, 59), "Fri, 31 Dec 9999 23:59:59 GMT"),
        ];
        for ((year, month, day, hour, minute, second), text) in table {
            assert_eq!(
                Moment {
                    year,
                    month,
                    day,
                    hour,
                    minute,
                    second
                }
                .to_http_date(),
                text
            );
        }
    }
}
