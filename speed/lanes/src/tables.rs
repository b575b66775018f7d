//! Tables for many powers of a few points, **in variable time**: addresses and the number of additions depend on exponents. For rehearsals, and
//! for nothing secret.

use crate::Encoded;
use crate::batch::{Batch, sum};
use crate::niels::Niels;
use crate::one::point::Point;

/// Digits of eight bits.
const WINDOWS: usize = 32;
/// Absolute values of digits.
const HALF: usize = 128;

/// The multiples b^(d·256^w) for d from 1 to 128, of each base b.
pub struct Tables(Vec<Niels>);

/// A product of powers that is to be computed: places in the tables, twice each, and one more for those that are divided by.
#[derive(Clone, Default)]
pub struct Product(pub(crate) Vec<u32>);

impl Tables {
    /// Of these bases; `None` where one is no point.
    #[must_use]
    pub fn new(bases: &[Encoded]) -> Option<Self> {
        let mut points = Vec::with_capacity(bases.len() * WINDOWS * HALF + 1);
        for base in bases {
            let mut power = Point::decode(base)?;
            for _ in 0..WINDOWS {
                let mut multiple = Point::IDENTITY;
                for _ in 0..HALF {
                    multiple = multiple.plus(&power);
                    points.push(multiple);
                }
                power = multiple.doubled();
            }
        }
        let mut niels: Vec<_> = Point::affine_all(&points).into_iter().map(Niels::from_affine).collect();
        niels.push(Niels::IDENTITY);
        Some(Self(niels))
    }
}

impl Product {
    /// Times base^exponent, where the exponent is below 2²⁵³.
    pub fn vartime_times(&mut self, base: usize, exponent: &[u8; 32]) {
        let mut carry = 0;
        for (window, byte) in exponent.iter().enumerate() {
            let value = i32::from(*byte) + carry;
            carry = i32::from(value > HALF as i32);
            let digit = value - (carry << 8);
            if digit != 0 {
                let place = (base * WINDOWS + window) * HALF + digit.unsigned_abs() as usize - 1;
                self.0.push((place as u32) << 1 | u32::from(digit < 0));
            }
        }
        debug_assert_eq!(carry, 0, "an exponent that is too long");
    }
}

impl Batch {
    /// The encodings of these products.
    ///
    /// # Panics
    /// A base that the tables do not have.
    #[must_use]
    pub fn vartime_powers(self, tables: &Tables, products: &[Product]) -> Vec<Encoded> {
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = self.lanes() {
            let lists: Vec<&[u32]> = products.iter().map(|product| &product.0[..]).collect();
            return lanes.vartime_powers(&tables.0, &lists);
        }
        let points: Vec<_> = products.iter().map(|product| sum(&tables.0, &product.0)).collect();
        Point::encode_all(&points)
    }
}
