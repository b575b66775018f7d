//! Credentials (spec 1; BS §Credentials), and lists of points such as the roll.

use std::array;

use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use rayon::prelude::*;
use sanduq_speed_lanes::{Affine, Batch, Membership, Points, WIDTH};
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::group::{self, Encoded, IDENTITY};
use crate::question::{is_base58, is_uuid};
use crate::refusal::{BadInput, require};

/// How many credentials one task takes: their points are encoded with one inversion.
const CHUNK: usize = 64;

/// The secret exponent x of a credential: SHA-256 of `derive_credential|uuid|i|c` for i = 0 and 1, as one big-endian number, modulo q.
///
/// `None` if the text has not the form of a credential (1.8).
#[must_use]
pub fn secret_exponent(uuid: &str, credential: &str) -> Option<Zeroizing<Scalar>> {
    if !is_credential(credential.as_bytes()) {
        return None;
    }
    let mut wide = Zeroizing::new([0; 64]);
    for (i, half) in [b"0", b"1"].into_iter().zip(wide.chunks_exact_mut(32)) {
        let hash = Sha256::new_with_prefix(b"derive_credential|")
            .chain_update(uuid)
            .chain_update(b"|")
            .chain_update(i)
            .chain_update(b"|")
            .chain_update(credential);
        let mut digest: [u8; 32] = hash.finalize().into();
        half.copy_from_slice(&digest);
        digest.zeroize();
    }
    wide.reverse();
    Some(Zeroizing::new(Scalar::from_bytes_mod_order_wide(&wide)))
}

/// `XXXXX-XXXXXX-XXXXX-XXXXXX` in Base58.
fn is_credential(text: &[u8]) -> bool {
    text.len() == 25
        && text.iter().enumerate().all(|(i, c)| match i {
            5 | 12 | 18 => *c == b'-',
            _ => is_base58(*c),
        })
}

/// The public credential g^x of each secret one, in their order, on all processors.
///
/// # Errors
/// An uuid or a credential of another form; the message names the place and never the credential.
pub fn derive<T: AsRef<str> + Sync>(uuid: &str, credentials: &[T]) -> Result<Vec<Encoded>, BadInput> {
    require(is_uuid(uuid), || "uuid: not 14 to 64 characters of Base58".into())?;
    let chunks: Result<Vec<_>, _> = credentials
        .par_chunks(CHUNK)
        .enumerate()
        .map(|(number, chunk)| {
            let exponents = chunk.iter().enumerate().map(|(i, credential)| {
                let index = number * CHUNK + i;
                secret_exponent(uuid, credential.as_ref()).ok_or_else(|| malformed(index))
            });
            Ok(powers_of_g(&exponents.collect::<Result<Vec<_>, _>>()?))
        })
        .collect();
    Ok(chunks?.concat())
}

/// In constant time.
fn powers_of_g(exponents: &[Zeroizing<Scalar>]) -> Vec<Encoded> {
    let Some((lanes, g)) = group::LANES.as_ref() else {
        let points: Vec<_> = exponents.iter().map(|x| EdwardsPoint::mul_base(x)).collect();
        return group::encode_all(&points);
    };
    let eight_powers = |eight: &[Zeroizing<Scalar>]| {
        let lane = |i: usize| eight.get(i).map_or([0; 32], |x| x.to_bytes());
        lanes.power(g, &Zeroizing::new(array::from_fn(lane)))
    };
    let points: Vec<_> = exponents.chunks(WIDTH).map(eight_powers).collect();
    lanes.encode(&points).into_flattened().into_iter().take(exponents.len()).collect()
}

pub(crate) fn malformed(index: usize) -> BadInput {
    BadInput(format!("credentials[{index}]: not of the form XXXXX-XXXXXX-XXXXX-XXXXXX in Base58"))
}

/// The index of the first encoding that is no element of the group or is the identity (0.4, 0.5, 1.3).
#[must_use]
pub fn first_bad_point(points: &[Encoded]) -> Option<usize> {
    let chunks = points.par_chunks(WIDTH).enumerate();
    chunks.find_map_first(|(number, chunk)| first_bad_of_eight(chunk).map(|i| number * WIDTH + i))
}

/// The same for up to eight points.
fn first_bad_of_eight(points: &[Encoded]) -> Option<usize> {
    let Some((lanes, _)) = group::LANES.as_ref() else {
        return points.iter().position(|encoded| *encoded == IDENTITY || group::decode(encoded).is_none());
    };
    // A lane without a point holds the identity, which is an element: it is looked for apart.
    let (_, _, _, members) = lanes.decode(&array::from_fn(|i| *points.get(i).unwrap_or(&IDENTITY)));
    let bad = |(encoded, membership): (&Encoded, Membership)| *encoded == IDENTITY || membership != Membership::Element;
    points.iter().zip(members).position(bad)
}

/// Whether hints show that all of these are elements of the group other than the identity; if not, nothing is said.
#[must_use]
pub fn fit_hints(points: &[Encoded], hints: &[Affine]) -> bool {
    let all = |(points, hints): (&[Encoded], &[Affine])| {
        let places: Vec<_> = (0..points.len() as u32).collect();
        let found = Batch::detect().read(hints, &places, &mut Points::new(points.len()));
        points.iter().zip(found).all(|(point, eighth)| *point != IDENTITY && eighth == Some(*point))
    };
    points.len() == hints.len() && points.par_chunks(HINTED).zip(hints.par_chunks(HINTED)).all(all)
}

/// How many points one task compares with their hints.
const HINTED: usize = 2048;

/// The hints of points (0.e): x and y of the power 1/8 of each; zeros for what is not in the group.
#[must_use]
pub fn hints(points: &[Encoded]) -> Vec<Affine> {
    points.par_chunks(CHUNK).flat_map_iter(hints_of_chunk).collect()
}

fn hints_of_chunk(points: &[Encoded]) -> Vec<Affine> {
    let Some((lanes, _)) = group::LANES.as_ref() else {
        let eighths: Vec<_> =
            points.iter().map(|point| group::decode(point).map(|point| group::encode(&group::vartime_eighth(&point)))).collect();
        let affine = |eighth: Option<Encoded>| sanduq_speed_lanes::affine(&[eighth?])[0];
        return eighths.into_iter().map(|eighth| affine(eighth).unwrap_or([0; 64])).collect();
    };
    let decode = |eight: &[Encoded]| {
        let (_, _, eighths, members) = lanes.decode(&array::from_fn(|i| *eight.get(i).unwrap_or(&IDENTITY)));
        (eighths, members)
    };
    let (eighths, members): (Vec<_>, Vec<_>) = points.chunks(WIDTH).map(decode).unzip();
    let found = lanes.affine(&eighths).into_flattened().into_iter().zip(members.into_flattened());
    found.map(|(hint, member)| if member == Membership::Element { hint } else { [0; 64] }).take(points.len()).collect()
}
