//! Points as second operands of many sums, in one form for all engines.

use crate::limbs::Limbs;
use crate::one::field::Fe;
use crate::one::point::TWO_D;

/// y + x, y − x and 2dxy of an affine point, each in five reduced limbs; the last word is not used. Two lines of a processor's cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub struct Niels(pub [u64; 16]);

impl Niels {
    /// The identity: (1, 1, 0).
    pub const IDENTITY: Self = Self([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

    pub fn new(plus: &Fe, minus: &Fe, t2d: &Fe) -> Self {
        let mut words = [0; 16];
        words[..5].copy_from_slice(&plus.0);
        words[5..10].copy_from_slice(&minus.0);
        words[10..15].copy_from_slice(&t2d.0);
        Self(words)
    }

    /// Ask for a point that will be needed soon, where the processor has a word for it.
    #[inline(always)]
    pub fn prefetch(&self) {
        #[cfg(target_arch = "x86_64")]
        {
            use core::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            #[allow(unsafe_code)]
            // SAFETY: every x86-64 processor has SSE, and a prefetch of any address reads nothing into the program; this one is a
            // reference's.
            unsafe {
                _mm_prefetch::<_MM_HINT_T0>(self.0.as_ptr().cast());
                _mm_prefetch::<_MM_HINT_T0>(self.0[8..].as_ptr().cast());
            }
        }
    }

    /// From canonical affine coordinates.
    pub fn from_affine((x, y): (Limbs, Limbs)) -> Self {
        let (x, y) = (Fe(x), Fe(y));
        Self::new(&y.plus(&x).reduced(), &y.minus(&x).reduced(), &x.times(&y).times(&Fe(TWO_D)))
    }

    #[inline(always)]
    fn limbs(&self, start: usize) -> Limbs {
        core::array::from_fn(|i| self.0[start + i])
    }

    #[inline(always)]
    pub fn plus(&self) -> Fe {
        Fe(self.limbs(0))
    }

    #[inline(always)]
    pub fn minus(&self) -> Fe {
        Fe(self.limbs(5))
    }

    #[inline(always)]
    pub fn t2d(&self) -> Fe {
        Fe(self.limbs(10))
    }

    /// The words in two halves.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub fn halves(&self) -> [&[u64; 8]; 2] {
        let ([low, high], _) = self.0.as_chunks::<8>() else { unreachable!("sixteen words") };
        [low, high]
    }

    /// From two halves.
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    pub fn from_halves(low: [u64; 8], high: [u64; 8]) -> Self {
        let mut words = [0; 16];
        words[..8].copy_from_slice(&low);
        words[8..].copy_from_slice(&high);
        Self(words)
    }
}
