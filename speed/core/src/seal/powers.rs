//! Many powers of two fixed bases, in constant time.

use curve25519_dalek::edwards::{EdwardsBasepointTable, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::BasepointTable;
use subtle::{Choice, ConditionallySelectable};
use zeroize::Zeroize;

use crate::group::{self, Encoded, G};

/// How many ballots one task makes: their points are encoded with one inversion.
pub(super) const BALLOTS: usize = 8;

/// A point to compute. Which jobs there are is public; the exponents are secret.
#[derive(Clone, Copy)]
pub(super) enum Job {
    /// g^a
    G(Scalar),
    /// y^b
    Y(Scalar),
    /// y^b·g or y^b: what a ciphertext says is the choice.
    YBit(Scalar, Choice),
    /// y^b·g^a
    YG(Scalar, Scalar),
    /// The product of so many earlier results, every other one, counted back from the one before the last.
    Product(usize),
}

impl Zeroize for Job {
    fn zeroize(&mut self) {
        match self {
            Self::G(x) | Self::Y(x) | Self::YBit(x, _) => x.zeroize(),
            Self::YG(x, y) => {
                x.zeroize();
                y.zeroize();
            }
            Self::Product(_) => {}
        }
    }
}

/// The table of y; that of g is the curve library's.
pub(super) struct Powers {
    key: EdwardsBasepointTable,
}

impl Powers {
    pub fn new(key: &EdwardsPoint) -> Self {
        Self { key: EdwardsBasepointTable::create(key) }
    }

    /// The encodings of the jobs' results, in their order.
    pub fn compute<'a>(&self, jobs: impl Iterator<Item = &'a Job>) -> Vec<Encoded> {
        let mut points: Vec<EdwardsPoint> = Vec::new();
        for job in jobs {
            let point = match job {
                Job::G(a) => EdwardsPoint::mul_base(a),
                Job::Y(b) => self.key.mul_base(b),
                Job::YBit(b, bit) => self.key.mul_base(b) + EdwardsPoint::conditional_select(&group::identity(), &G, *bit),
                Job::YG(b, a) => self.key.mul_base(b) + EdwardsPoint::mul_base(a),
                Job::Product(count) => points.iter().rev().skip(1).step_by(2).take(*count).sum(),
            };
            points.push(point);
        }
        group::encode_all(&points)
    }
}
