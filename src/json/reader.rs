//! JSON text in, calls on a [`Builder`] out: one walk over the text, no tree in between.
//!
//! Accepts exactly the documents that `json.loads` accepts (`NaN`, `Infinity` and `-Infinity` among them, the last of
//! equal keys wins if the builder lets it), minus a few that are left to Python on purpose: lone surrogates, nesting
//! beyond [`MAX_DEPTH`], integers of thousands of digits. A refused document gets no reason here: Python's
//! own message is the one users know.

use jiter::{Jiter, NumberAny, NumberInt, Peek};

/// How many lists and dicts may be open at once.
pub const MAX_DEPTH: usize = 500;

/// Makes the host's values. Lists get their finished items; a dict is filled pair by pair.
pub trait Builder {
    type Value;
    type Key;
    type Dict;
    type Error;

    /// # Errors
    /// Whatever the host can fail with, here and in the other methods.
    fn null(&mut self) -> Result<Self::Value, Self::Error>;
    fn boolean(&mut self, value: bool) -> Result<Self::Value, Self::Error>;
    fn integer(&mut self, value: i64) -> Result<Self::Value, Self::Error>;
    /// Digits, perhaps after a minus sign, of a number that doesn't fit an `i64`.
    fn big_integer(&mut self, digits: &str) -> Result<Self::Value, Self::Error>;
    fn float(&mut self, value: f64) -> Result<Self::Value, Self::Error>;
    fn string(&mut self, text: &str) -> Result<Self::Value, Self::Error>;
    fn list(&mut self, items: std::vec::Drain<'_, Self::Value>) -> Result<Self::Value, Self::Error>;
    fn open_dict(&mut self) -> Self::Dict;
    fn key(&mut self, text: &str) -> Result<Self::Key, Self::Error>;
    fn put(&mut self, dict: &mut Self::Dict, key: Self::Key, value: Self::Value) -> Result<(), Self::Error>;
    fn close_dict(&mut self, dict: Self::Dict) -> Result<Self::Value, Self::Error>;
}

/// Why there is no value.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError<E> {
    /// Not JSON, or not plain enough: left to Python's reader.
    Refused,
    /// The builder failed.
    Builder(E),
}

impl<E> From<jiter::JiterError> for ReadError<E> {
    fn from(_: jiter::JiterError) -> Self {
        Self::Refused
    }
}

impl<E> From<jiter::JsonError> for ReadError<E> {
    fn from(_: jiter::JsonError) -> Self {
        Self::Refused
    }
}

/// Reads `text`, which must be one whole document, as UTF-8.
///
/// # Errors
/// [`ReadError::Refused`] for text that this reader doesn't take, [`ReadError::Builder`] when the builder fails.
pub fn read<B: Builder>(text: &[u8], builder: &mut B) -> Result<B::Value, ReadError<B::Error>> {
    let mut walk = Walk {
        text: Jiter::new(text).with_allow_inf_nan(),
        builder,
        pending: Vec::new(),
        depth: 0,
    };
    let first = walk.text.peek()?;
    let value = walk.value(first)?;
    walk.text.finish()?;
    Ok(value)
}

struct Walk<'j, 'b, B: Builder> {
    text: Jiter<'j>,
    builder: &'b mut B,
    /// Items of all lists that are still open, the innermost list's last: one allocation for the document.
    pending: Vec<B::Value>,
    depth: usize,
}

type Outcome<B> = Result<<B as Builder>::Value, ReadError<<B as Builder>::Error>>;

impl<B: Builder> Walk<'_, '_, B> {
    fn value(&mut self, next: Peek) -> Outcome<B> {
        match next {
            Peek::String => {
                let text = self.text.known_str()?;
                self.builder.string(text)
            }
            Peek::Object => return self.nested(Self::dict),
            Peek::Array => return self.nested(Self::list),
            Peek::True | Peek::False => {
                let value = self.text.known_bool(next)?;
                self.builder.boolean(value)
            }
            Peek::Null => {
                self.text.known_null()?;
                self.builder.null()
            }
            _ if next.is_num() => return self.number(next),
            _ => return Err(ReadError::Refused),
        }
        .map_err(ReadError::Builder)
    }

    fn number(&mut self, next: Peek) -> Outcome<B> {
        match self.text.known_number(next) {
            Ok(NumberAny::Int(NumberInt::Int(value))) => self.builder.integer(value),
            Ok(NumberAny::Float(value)) => self.builder.float(value),
            // An error leaves the position alone: the same number is looked at again, as text. Only integers come here.
            _ => {
                let digits = str::from_utf8(self.text.known_number_bytes(next)?).map_err(|_| ReadError::Refused)?;
                if digits.bytes().any(|byte| !byte.is_ascii_digit() && byte != b'-') {
                    return Err(ReadError::Refused);
                }
                self.builder.big_integer(digits)
            }
        }
        .map_err(ReadError::Builder)
    }

    fn nested(&mut self, read: fn(&mut Self) -> Outcome<B>) -> Outcome<B> {
        if self.depth == MAX_DEPTH {
            return Err(ReadError::Refused);
        }
        self.depth += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn list(&mut self) -> Outcome<B> {
        let start = self.pending.len();
        let mut next = self.text.known_array()?;
        while let Some(peek) = next {
            let item = self.value(peek)?;
            self.pending.push(item);
            next = self.text.array_step()?;
        }
        self.builder
            .list(self.pending.drain(start..))
            .map_err(ReadError::Builder)
    }

    fn dict(&mut self) -> Outcome<B> {
        let mut dict = self.builder.open_dict();
        let mut next = self.text.known_object()?;
        while let Some(text) = next {
            let key = self.builder.key(text).map_err(ReadError::Builder)?;
            let peek = self.text.peek()?;
            let value = self.value(peek)?;
            self.builder.put(&mut dict, key, value).map_err(ReadError::Builder)?;
            next = self.text.next_key()?;
        }
        self.builder.close_dict(dict).map_err(ReadError::Builder)
    }
}

#[cfg(test)]
mod tests {
    use super::{Builder, MAX_DEPTH, ReadError, read};
    use std::convert::Infallible;

    /// Builds a text that names the calls it received, in order.
    struct Spell;

    impl Builder for Spell {
        type Value = String;
        type Key = String;
        type Dict = Vec<String>;
        type Error = Infallible;

        fn null(&mut self) -> Result<String, Infallible> {
            Ok("null".to_owned())
        }
        fn boolean(&mut self, value: bool) -> Result<String, Infallible> {
            Ok(value.to_string())
        }
        fn integer(&mut self, value: i64) -> Result<String, Infallible> {
            Ok(format!("i{value}"))
        }
        fn big_integer(&mut self, digits: &str) -> Result<String, Infallible> {
            Ok(format!("I{digits}"))
        }
        fn float(&mut self, value: f64) -> Result<String, Infallible> {
            Ok(format!("f{value:?}"))
        }
        fn string(&mut self, text: &str) -> Result<String, Infallible> {
            Ok(format!("{text:?}"))
        }
        fn list(&mut self, items: std::vec::Drain<'_, String>) -> Result<String, Infallible> {
            Ok(format!("[{}]", items.collect::<Vec<_>>().join(" ")))
        }
        fn open_dict(&mut self) -> Vec<String> {
            Vec::new()
        }
        fn key(&mut self, text: &str) -> Result<String, Infallible> {
            Ok(text.to_owned())
        }
        fn put(&mut self, dict: &mut Vec<String>, key: String, value: String) -> Result<(), Infallible> {
            dict.push(format!("{key}={value}"));
            Ok(())
        }
        fn close_dict(&mut self, dict: Vec<String>) -> Result<String, Infallible> {
            Ok(format!("{{{}}}", dict.join(" ")))
        }
    }

    fn spelled(text: &str) -> Option<String> {
        match read(text.as_bytes(), &mut Spell) {
            Ok(value) => Some(value),
            Err(ReadError::Refused) => None,
            Err(ReadError::Builder(never)) => match never {},
        }
    }

    #[test]
    fn documents() {
        let table = [
            ("null", "null"),
            (" [ ] ", "[]"),
            ("{}", "{}"),
            (r#"{"a": [1, {"b": true}], "c": "d"}"#, r#"{a=[i1 {b=true}] c="d"}"#),
            ("[[1],[2,[3]],4]", "[[i1] [i2 [i3]] i4]"),
            ("9223372036854775807", "i9223372036854775807"),
            ("9223372036854775808", "I9223372036854775808"),
            ("-9223372036854775809", "I-9223372036854775809"),
            ("-0", "i0"),
            ("-0.0", "f-0.0"),
            ("1e400", "finf"),
            ("1E2", "f100.0"),
            ("[NaN,Infinity,-Infinity]", "[fNaN finf f-inf]"),
            (r#""\ud83d\ude00\u0041\/""#, r#""😀A/""#),
            (r#"{"a":1,"a":2}"#, "{a=i1 a=i2}"),
        ];
        for (text, value) in table {
            assert_eq!(spelled(text).as_deref(), Some(value), "{text}");
        }
    }

    #[test]
    fn refusals() {
        let table = [
            "",
            " ",
            "[1,]",
            "[1 2]",
            "{\"a\":1,}",
            "{a:1}",
            "{\"a\" 1}",
            "nul",
            "tru",
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "--1",
            "-NaN",
            "1 2",
            "'a'",
            "\"",
            "\"\n\"",
            r#""\x""#,
            r#""\ud800""#,
            r#""\ud800\u0041""#,
            "\u{feff}1",
            "[",
            "]",
            "{\"a\":",
            "\u{a0}1",
            "nan",
            "inf",
        ];
        for text in table {
            assert_eq!(spelled(text), None, "{text}");
        }
        assert!(matches!(read(b"\"\xff\"", &mut Spell), Err(ReadError::Refused)));
    }

    #[test]
    fn depth_has_a_limit() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(spelled(&nested(MAX_DEPTH)).is_some());
        assert!(spelled(&nested(MAX_DEPTH + 1)).is_none());
        assert!(spelled(&"[".repeat(100_000)).is_none());
    }
}
