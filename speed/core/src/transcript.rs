//! The texts that are hashed into challenges (spec 4.a). Prover and verifier build them here, so they cannot drift apart.

use curve25519_dalek::scalar::Scalar;
use sha2::{Digest, Sha256};

use crate::group::{Encoded, to_hex};
use crate::number;

/// S₀ = φ`|`c: the election and whose ballot it is.
#[derive(Clone)]
pub struct Context {
    start: Vec<u8>,
}

impl Context {
    /// For the election hash φ and the public credential c.
    #[must_use]
    pub fn new(election_hash: &str, credential: &Encoded) -> Self {
        let mut start = Vec::with_capacity(election_hash.len() + 65);
        start.extend_from_slice(election_hash.as_bytes());
        start.push(b'|');
        start.extend_from_slice(&to_hex(credential));
        Self { start }
    }

    /// S = S₀`|`α₁`,`β₁`,`α₂`,`β₂…
    #[must_use]
    pub fn with_choices<'a>(&self, choices: impl Iterator<Item = (&'a Encoded, &'a Encoded)>) -> Self {
        let mut start = self.start.clone();
        let mut separator = b'|';
        for (alpha, beta) in choices {
            for point in [alpha, beta] {
                start.push(separator);
                start.extend_from_slice(&to_hex(point));
                separator = b',';
            }
        }
        Self { start }
    }

    /// H(`prove|`S`|`α`,`β`|`A₀`,`B₀`,`…)
    #[must_use]
    pub fn prove(&self, alpha: &Encoded, beta: &Encoded, commitments: &[Encoded]) -> Scalar {
        let hash = Sha256::new_with_prefix(b"prove|").chain_update(&self.start);
        let hash = points(hash, &[*alpha, *beta]);
        number::finish(points(hash, commitments))
    }

    /// H(`bproof0|`S`|`A₀`,`B₀`,`AΣ`,`BΣ)
    #[must_use]
    pub fn bproof0(&self, commitments: &[Encoded]) -> Scalar {
        let hash = Sha256::new_with_prefix(b"bproof0|").chain_update(&self.start);
        number::finish(points(hash, commitments))
    }

    /// H(`bproof1|`S`|`A₀`,`B₀`,`…)
    #[must_use]
    pub fn bproof1(&self, commitments: &[Encoded]) -> Scalar {
        let hash = Sha256::new_with_prefix(b"bproof1|").chain_update(&self.start);
        number::finish(points(hash, commitments))
    }
}

/// H(`sig|`h`|`A)
#[must_use]
pub fn signature(signed_hash: &[u8], commitment: &Encoded) -> Scalar {
    let hash = Sha256::new_with_prefix(b"sig|").chain_update(signed_hash);
    number::finish(points(hash, &[*commitment]))
}

/// A bar, then the points with commas between them.
fn points(mut hash: Sha256, points: &[Encoded]) -> Sha256 {
    let mut text = [0; 8 * 65];
    for (number, some) in points.chunks(8).enumerate() {
        for (i, (place, point)) in text.as_chunks_mut::<65>().0.iter_mut().zip(some).enumerate() {
            place[0] = if number + i == 0 { b'|' } else { b',' };
            place[1..].copy_from_slice(&to_hex(point));
        }
        hash.update(&text[..65 * some.len()]);
    }
    hash
}
