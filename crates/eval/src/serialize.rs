//! Values as `serialize()` writes them, and back.
//!
//! ThinkPHP keeps values of caches in this form. Only what PHP itself writes is
//! read here, to the byte. PHP reads more, and takes what is wrong for `false`;
//! that is refused.

use tilde_syntax::{Options, Version};

use crate::array::{Array, Key, range};
use crate::convert::{Result, deeper};
use crate::error::ErrorKind;
use crate::export::serialized_float;
use crate::number::general;
use crate::value::{Bytes, Value};

/// The text that `serialize()` of the PHP of these options gives. Floats have
/// 17 digits up to PHP 7.0, and the fewest that tell them apart since then.
///
/// # Errors
///
/// An object or closure, and arrays that are nested too deep.
pub fn serialize(value: &Value, options: Options) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    write(value, options, 0, &mut text)?;
    Ok(text)
}

/// The value of a text that [`serialize`] gives.
///
/// # Errors
///
/// A text that `serialize()` of that PHP does not write, one with an object or
/// reference, and arrays that are nested too deep.
pub fn unserialize(text: &[u8], options: Options) -> Result<Value> {
    let mut reader = Reader { rest: text, options };
    let value = reader.value(0)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(malformed()) }
}

fn malformed() -> ErrorKind {
    ErrorKind::unsupported("unserialize() of this text")
}

fn write(value: &Value, options: Options, depth: u32, text: &mut Vec<u8>) -> Result<()> {
    deeper(depth, || {
        match value {
            Value::Null => text.extend(b"N;"),
            Value::Bool(value) => text.extend(format!("b:{};", i32::from(*value)).bytes()),
            Value::Int(integer) => text.extend(format!("i:{integer};").bytes()),
            Value::Float(float) => {
                text.extend(b"d:");
                text.extend(match options.version {
                    // It has 17 digits there, unlike `var_export()`.
                    Version::V5_2 => general(*float, Some(17), b'E'),
                    _ => serialized_float(*float, options),
                });
                text.push(b';');
            }
            Value::String(bytes) => write_string(bytes, text),
            Value::Array(array) => {
                text.extend(format!("a:{}:{{", array.len()).bytes());
                for (key, value) in array.iter() {
                    match key {
                        Key::Int(integer) => text.extend(format!("i:{integer};").bytes()),
                        Key::String(bytes) => write_string(&bytes, text),
                    }
                    write(value, options, depth + 1, text)?;
                }
                text.push(b'}');
            }
            // One that is there twice would be written as `r:2;` then.
            Value::Object(_) | Value::Instance(_) => {
                return Err(ErrorKind::unsupported("an object in serialize()"));
            }
            Value::Closure(_) => return Err(ErrorKind::fatal("a closure cannot be serialized")),
            Value::Reference(_) => return Err(ErrorKind::unsupported("references in serialize()")),
        }
        Ok(())
    })
}

fn write_string(bytes: &[u8], text: &mut Vec<u8>) {
    text.extend(format!("s:{}:\"", bytes.len()).bytes());
    text.extend_from_slice(bytes);
    text.extend(b"\";");
}

struct Reader<'s> {
    rest: &'s [u8],
    options: Options,
}

impl<'s> Reader<'s> {
    fn value(&mut self, depth: u32) -> Result<Value> {
        deeper(depth, || {
            let [kind, tail @ ..] = self.rest else { return Err(malformed()) };
            self.rest = tail;
            if *kind == b'N' {
                self.skip(b";")?;
                return Ok(Value::Null);
            }
            self.skip(b":")?;
            match kind {
                b'b' => match self.until(b';')? {
                    b"0" => Ok(false.into()),
                    b"1" => Ok(true.into()),
                    _ => Err(malformed()),
                },
                b'i' => self.integer(b';').map(Value::Int),
                b'd' => float(self.until(b';')?).map(Value::Float).ok_or_else(malformed),
                b's' => self.string().map(Value::String),
                b'a' => self.array(depth),
                b'O' | b'C' | b'E' => Err(ErrorKind::unsupported("unserialize() of an object")),
                b'R' | b'r' => Err(ErrorKind::unsupported("unserialize() of a reference")),
                _ => Err(malformed()),
            }
        })
    }

    fn array(&mut self, depth: u32) -> Result<Value> {
        let count = self.len(b':')?;
        self.skip(b"{")?;
        let mut array = Array::new();
        for _ in 0..count {
            let key = match self.rest.first() {
                Some(b'i') => self.value(depth + 1)?,
                Some(b's') => self.value(depth + 1)?,
                _ => return Err(malformed()),
            };
            let key = match key {
                Value::Int(integer) => Key::Int(integer),
                Value::String(bytes) => match Key::from_string(&bytes, self.options.int_size) {
                    // An array of PHP has no such key as a string.
                    Key::Int(_) => return Err(malformed()),
                    key @ Key::String(_) => key,
                },
                _ => return Err(malformed()),
            };
            if array.get(&key).is_some() {
                return Err(malformed());
            }
            let value = self.value(depth + 1)?;
            array.insert(key, value);
        }
        self.skip(b"}")?;
        array.settle_if_empty(self.options);
        Ok(array.into())
    }

    fn string(&mut self) -> Result<Bytes> {
        let len = self.len(b':')?;
        self.skip(b"\"")?;
        let (text, rest) = self.rest.split_at_checked(len).ok_or_else(malformed)?;
        self.rest = rest;
        self.skip(b"\";")?;
        Ok(text.into())
    }

    fn skip(&mut self, text: &[u8]) -> Result<()> {
        self.rest = self.rest.strip_prefix(text).ok_or_else(malformed)?;
        Ok(())
    }

    fn until(&mut self, end: u8) -> Result<&'s [u8]> {
        let at = self.rest.iter().position(|byte| *byte == end).ok_or_else(malformed)?;
        let text = &self.rest[..at];
        self.rest = &self.rest[at + 1..];
        Ok(text)
    }

    /// A number of bytes or elements, each of which takes a byte at least.
    fn len(&mut self, end: u8) -> Result<usize> {
        let len = usize::try_from(self.integer(end)?).map_err(|_| malformed())?;
        if len > self.rest.len() {
            return Err(malformed());
        }
        Ok(len)
    }

    /// An integer that the target has, as it writes it: no sign of plus, no
    /// zeros in front.
    fn integer(&mut self, end: u8) -> Result<i64> {
        let text = str::from_utf8(self.until(end)?).map_err(|_| malformed())?;
        let integer: i64 = text.parse().map_err(|_| malformed())?;
        let (min, max) = range(self.options.int_size);
        if integer.to_string() != text || !(min..=max).contains(&integer) {
            return Err(malformed());
        }
        Ok(integer)
    }
}

fn float(text: &[u8]) -> Option<f64> {
    match text {
        b"INF" => Some(f64::INFINITY),
        b"-INF" => Some(f64::NEG_INFINITY),
        b"NAN" => Some(f64::NAN),
        text => {
            let is_digit = |byte: &u8| byte.is_ascii_digit();
            let is_number = text.iter().any(is_digit)
                && text.iter().all(|byte| is_digit(byte) || b"+-.eE".contains(byte));
            str::from_utf8(text).ok().filter(|_| is_number)?.parse().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tilde_syntax::IntSize;

    fn written(value: &Value, version: Version) -> String {
        let text = serialize(value, Options::new(version)).expect("it can be written");
        String::from_utf8(text).expect("the value is text")
    }

    fn read(text: &str) -> Option<Value> {
        unserialize(text.as_bytes(), Options::new(Version::V7_4)).ok()
    }

    #[test]
    fn values_come_back() {
        for text in [
            "N;",
            "b:0;",
            "b:1;",
            "i:0;",
            "i:-9223372036854775808;",
            "d:0.1;",
            "d:-0;",
            "d:1.0E+25;",
            "d:INF;",
            "d:-INF;",
            "d:NAN;",
            "s:0:\"\";",
            "s:4:\"a\";b\";",
            "a:0:{}",
            "a:3:{i:5;s:1:\"x\";s:1:\"k\";a:1:{i:0;N;}i:-1;d:1.5;}",
        ] {
            let value = read(text).expect(text);
            assert_eq!(written(&value, Version::V7_4), text);
        }
    }

    #[test]
    fn floats_are_those_of_the_version() {
        for (float, old, new) in [
            (0.1, "d:0.10000000000000001;", "d:0.1;"),
            (-0.0, "d:-0;", "d:-0;"),
            (1e25, "d:1.0000000000000001E+25;", "d:1.0E+25;"),
            (f64::NAN, "d:NAN;", "d:NAN;"),
            (f64::NEG_INFINITY, "d:-INF;", "d:-INF;"),
        ] {
            for version in [Version::V5_2, Version::V5_6, Version::V7_0] {
                assert_eq!(written(&Value::Float(float), version), old, "{version:?}");
            }
            assert_eq!(written(&Value::Float(float), Version::V7_1), new);
        }
    }

    #[test]
    fn bytes_are_kept() {
        let options = Options::new(Version::V5_2);
        let value = Value::string(&b"\xff\0\"';"[..]);
        let text = serialize(&value, options).expect("it can be written");
        assert_eq!(text, b"s:5:\"\xff\0\"';\";");
        let back = unserialize(&text, options).expect("it can be read");
        assert_eq!(back.as_bytes(), Some(&b"\xff\0\"';"[..]));
    }

    const REFUSED: &[&str] = &[
        "",
        "N",
        "n;",
        "N;N;",
        "b:2;",
        "b:;",
        "i:;",
        "i:+1;",
        "i:01;",
        "i:-0;",
        "i:9223372036854775808;",
        "i: 1;",
        "d:;",
        "d:.;",
        "d:inf;",
        "d:nan;",
        "d:1e;",
        "d:0x1;",
        "s:1:\"\";",
        "s:-1:\"\";",
        "s:1:\"ab\";",
        "s:99999999999999:\"a\";",
        "s:1:'a';",
        "s:1:\"a\"",
        "a:1:{}",
        "a:0:{i:0;N;}",
        "a:4294967295:{i:0;N;}",
        "a:-1:{}",
        "a:1:{N;N;}",
        "a:1:{d:1;N;}",
        "a:1:{i:0;N;",
        "a:1:{s:1:\"5\";N;}",
        "a:2:{i:0;N;i:0;N;}",
        "a:1:{i:0;R:1;}",
        "O:8:\"stdClass\":0:{}",
        "C:1:\"A\":0:{}",
        "E:3:\"A:B\";",
        "r:1;",
        "x:1;",
        "\u{e4}",
    ];

    #[test]
    fn everything_else_is_refused() {
        for text in REFUSED {
            assert!(read(text).is_none(), "{text}");
        }
        let deep = "a:1:{i:0;".repeat(100_000);
        assert!(read(&deep).is_none());
        let narrow = Options::new(Version::V5_2).with_int_size(IntSize::Four);
        assert!(unserialize(b"i:2147483648;", narrow).is_err());
        assert!(unserialize(b"i:2147483647;", narrow).is_ok());
        let object = Value::Object(std::sync::Arc::default());
        assert!(serialize(&object, narrow).is_err());
    }

    #[test]
    fn no_text_makes_it_panic() {
        let seed = b"a:2:{i:5;s:3:\"x;y\";s:1:\"k\";a:1:{i:0;d:-1.5E-7;}}b:1;N;";
        let alphabet = b"abdisNORC:;{}\"0123456789-+.E\xff";
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        let options = Options::new(Version::V8_2);
        for _ in 0..20_000 {
            let mut text = seed.to_vec();
            for _ in 0..=next(4) {
                let at = next(text.len());
                match next(3) {
                    0 => text[at] = alphabet[next(alphabet.len())],
                    1 => text.truncate(at.max(1)),
                    _ => text.insert(at, alphabet[next(alphabet.len())]),
                }
            }
            if let Ok(value) = unserialize(&text, options) {
                let again = serialize(&value, options).expect("it was read");
                let back = unserialize(&again, options).expect("it was written");
                assert_eq!(serialize(&back, options).expect("it was read"), again);
            }
        }
    }
}
