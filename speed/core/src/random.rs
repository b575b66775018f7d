//! Randomness: an argument of whatever needs it, so that tests can repeat themselves.

use curve25519_dalek::scalar::Scalar;
use zeroize::{Zeroize, Zeroizing};

use crate::refusal::BadInput;

/// A source of unpredictable bytes.
pub trait Random {
    /// Fill the buffer.
    ///
    /// # Errors
    /// The source has failed; nothing may be made with what the buffer holds.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), BadInput>;

    /// A number that is uniform modulo q, but for a bias below 2⁻²⁵⁸: 512 bits are reduced.
    ///
    /// # Errors
    /// As [`Random::fill`].
    fn scalar(&mut self) -> Result<Scalar, BadInput> {
        let mut wide = Zeroizing::new([0; 64]);
        self.fill(&mut *wide)?;
        Ok(Scalar::from_bytes_mod_order_wide(&wide))
    }
}

const POOL: usize = 4096;

/// The operating system's generator, asked for some pages at a time; what was given out is wiped.
pub struct SystemRandom {
    pool: Zeroizing<[u8; POOL]>,
    used: usize,
}

impl SystemRandom {
    /// An empty pool: nothing is asked for before it is needed.
    #[must_use]
    pub fn new() -> Self {
        Self { pool: Zeroizing::new([0; POOL]), used: POOL }
    }
}

impl Default for SystemRandom {
    fn default() -> Self {
        Self::new()
    }
}

impl Random for SystemRandom {
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), BadInput> {
        for part in buffer.chunks_mut(POOL) {
            if part.len() == POOL {
                getrandom::fill(part).map_err(no_randomness)?;
                continue;
            }
            if part.len() > POOL - self.used {
                getrandom::fill(&mut *self.pool).map_err(no_randomness)?;
                self.used = 0;
            }
            let taken = &mut self.pool[self.used..self.used + part.len()];
            part.copy_from_slice(taken);
            taken.zeroize();
            self.used += part.len();
        }
        Ok(())
    }
}

fn no_randomness(error: getrandom::Error) -> BadInput {
    BadInput(format!("no randomness from the system: {error}"))
}
