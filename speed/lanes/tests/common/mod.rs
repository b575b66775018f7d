//! What the tests share.

use curve25519_dalek::scalar::Scalar;

/// Numbers that repeat themselves in every run (xorshift64*).
pub struct Numbers(pub u64);

impl Numbers {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn bytes(&mut self) -> [u8; 32] {
        std::array::from_fn(|_| (self.next() >> 56) as u8)
    }

    /// Random, but now and then an edge.
    pub fn scalar(&mut self) -> Scalar {
        match self.next() % 12 {
            0 => Scalar::ZERO,
            1 => Scalar::ONE,
            2 => -Scalar::ONE,
            3 => Scalar::from(self.next() >> 60),
            4 => Scalar::from_bytes_mod_order([0x88; 32]),
            _ => Scalar::from_bytes_mod_order(self.bytes()),
        }
    }
}
