//! Eight exponents as signed digits of radix 16, side by side.

/// How many digits an exponent below 2²⁵³ has.
pub const COUNT: usize = 64;

/// x = Σ digit[i]·16^i with digits from −8 to 8; byte j of each word belongs to exponent j.
pub struct Digits([u64; COUNT]);

impl Digits {
    /// Of eight exponents below 2²⁵³, little-endian. In constant time.
    pub fn new(exponents: &[[u8; 32]; 8]) -> Self {
        let mut words = [0; COUNT];
        for (lane, exponent) in exponents.iter().enumerate() {
            let mut carry = 0;
            for (i, word) in words.iter_mut().enumerate() {
                let digit = i16::from(exponent[i / 2] >> (4 * (i % 2)) & 15) + carry;
                // The last digit is at most 2, so nothing is carried out of it.
                carry = (digit + 8) >> 4;
                let signed = (digit - (carry << 4)) as i8;
                *word |= u64::from(signed as u8) << (8 * lane);
            }
            debug_assert_eq!(carry, 0, "an exponent of more than 253 bits");
        }
        Self(words)
    }

    /// Digit i of all eight.
    pub const fn at(&self, i: usize) -> i64 {
        self.0[i] as i64
    }
}

impl Drop for Digits {
    /// Exponents may be secret. Not a guarantee, since the optimiser sees that nobody reads this; it is what safe code can do.
    fn drop(&mut self) {
        std::hint::black_box(&mut self.0).fill(0);
        std::hint::black_box(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_add_up() {
        let mut exponents = [[0_u8; 32]; 8];
        exponents[1] = [0x88; 32];
        exponents[2] = [0xff; 32];
        exponents[3] = [0x77; 32];
        exponents[4][0] = 1;
        for exponent in &mut exponents {
            exponent[31] &= 0x1f;
        }
        let digits = Digits::new(&exponents);
        for (lane, exponent) in exponents.iter().enumerate() {
            let (mut bytes, mut borrow) = ([0_u8; 32], 0_i32);
            for (i, byte) in bytes.iter_mut().enumerate() {
                let digit = |k: usize| i32::from((digits.at(2 * i + k) >> (8 * lane)) as i8);
                assert!(digit(0).abs() <= 8 && digit(1).abs() <= 8);
                let value = digit(0) + 16 * digit(1) + borrow;
                *byte = value.rem_euclid(256) as u8;
                borrow = value.div_euclid(256);
            }
            assert_eq!((&bytes, borrow), (exponent, 0));
        }
    }
}
