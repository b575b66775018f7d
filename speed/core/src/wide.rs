//! Sums of products that are reduced once, at the end.

use curve25519_dalek::scalar::Scalar;

/// A number below 2⁵¹². A product of a coefficient (below 2¹²⁸), a number modulo q (below 2²⁵³) and a small factor (below 2³²) is below
/// 2⁴¹³, so that 2⁹⁹ of them fit.
#[derive(Clone, Copy, Default)]
pub struct Wide([u64; 8]);

/// The words of a number modulo q, the lowest first.
pub fn words(number: &Scalar) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(number.as_bytes().as_chunks().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    words
}

impl Wide {
    /// += coefficient · number
    #[inline]
    pub fn add_product(&mut self, coefficient: u128, number: &[u64; 4]) {
        for (shift, factor) in [coefficient as u64, (coefficient >> 64) as u64].into_iter().enumerate() {
            let mut carry = 0_u128;
            for (i, word) in number.iter().enumerate() {
                let place = &mut self.0[shift + i];
                // Below (2⁶⁴ − 1)² + 2·(2⁶⁴ − 1) = 2¹²⁸ − 1.
                carry += u128::from(*word) * u128::from(factor) + u128::from(*place);
                *place = carry as u64;
                carry >>= 64;
            }
            self.carry(shift + 4, carry);
        }
    }

    /// += number
    #[inline]
    pub fn add_words(&mut self, number: &[u64; 4]) {
        self.add_product(1, number);
    }

    /// += factor · other
    #[inline]
    pub fn add_times(&mut self, factor: u32, other: &Self) {
        let mut carry = 0_u128;
        for (place, word) in self.0.iter_mut().zip(other.0) {
            carry += u128::from(word) * u128::from(factor) + u128::from(*place);
            *place = carry as u64;
            carry >>= 64;
        }
        debug_assert_eq!(carry, 0);
    }

    #[inline]
    fn carry(&mut self, start: usize, mut carry: u128) {
        for place in &mut self.0[start..] {
            carry += u128::from(*place);
            *place = carry as u64;
            carry >>= 64;
        }
        debug_assert_eq!(carry, 0);
    }

    /// Modulo q.
    pub fn reduce(&self) -> Scalar {
        let mut bytes = [0; 64];
        for (place, word) in bytes.as_chunks_mut().0.iter_mut().zip(self.0) {
            *place = word.to_le_bytes();
        }
        Scalar::from_bytes_mod_order_wide(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_of_products() {
        let (mut wide, mut expected) = (Wide::default(), Scalar::ZERO);
        let mut number = -Scalar::ONE;
        for coefficient in [0, 1, u128::MAX, 1 << 127, u128::from(u64::MAX)].repeat(30) {
            wide.add_product(coefficient, &words(&number));
            expected += Scalar::from(coefficient) * number;
            let copy = wide;
            wide.add_times(3, &copy);
            expected *= Scalar::from(4_u8);
            if coefficient == 1 {
                wide = Wide(std::array::from_fn(|i| if i < 4 { words(&wide.reduce())[i] } else { 0 }));
            }
            assert_eq!(wide.reduce(), expected);
            number *= number + Scalar::ONE;
            number -= Scalar::ONE;
        }
    }
}
