//! A recogniser of one canonical text (spec 0.c).
//!
//! A ballot of given questions has exactly one canonical text for given values, so nothing is parsed: the reader walks along the bytes and
//! expects literal text, points and numbers. Whatever differs (white space, another order, an escape, a field too many) is refused,
//! which is what "written again, the text differs" (4.3) means, without writing anything.

use crate::group::{self, Encoded};
use crate::number::{self, MAX_DIGITS, Number};
use crate::refusal::Refusal;

/// A place in a text. Every method moves it forward or refuses; none reads beyond the end.
pub struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// At the beginning of the text.
    #[must_use]
    pub const fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// How many bytes have been read.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.at
    }

    /// The next `count` bytes, or a refusal where the text is shorter.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Refusal> {
        let rest = &self.text[self.at..];
        let taken = rest.get(..count).ok_or(Refusal::Text)?;
        self.at += count;
        Ok(taken)
    }

    /// Exactly this text.
    pub fn literal(&mut self, expected: &str) -> Result<(), Refusal> {
        self.named(expected, Refusal::Text)
    }

    /// Exactly this text, with a refusal of its own where it is another of the same length.
    pub fn named(&mut self, expected: &str, otherwise: Refusal) -> Result<(), Refusal> {
        if self.take(expected.len())? == expected.as_bytes() { Ok(()) } else { Err(otherwise) }
    }

    /// 64 lowercase digits. Whether they are a point is asked later (0.4, 0.5): that takes a thousand times as long.
    pub fn point(&mut self) -> Result<Encoded, Refusal> {
        let digits = self.take(64)?.first_chunk().ok_or(Refusal::Text)?;
        group::from_hex(digits).ok_or(Refusal::Text)
    }

    /// A number modulo q in canonical decimal digits, up to a byte that is no digit (0.3).
    pub fn number(&mut self) -> Result<Number, Refusal> {
        let rest = &self.text[self.at..];
        let count = number::count_digits(&rest[..rest.len().min(MAX_DIGITS + 1)]);
        number::read_decimal(self.take(count)?)
    }

    /// The end of the text: nothing may follow.
    pub fn end(&self) -> Result<(), Refusal> {
        if self.at == self.text.len() { Ok(()) } else { Err(Refusal::Text) }
    }
}
