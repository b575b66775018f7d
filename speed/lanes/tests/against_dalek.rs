//! The same results as the curve library, on many random values and on every edge that we know. In debug builds the arithmetic also
//! asserts its bounds. On a processor without the instructions these tests say so and pass.

mod common;

use common::Numbers;
use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::{CompressedEdwardsY, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, IsIdentity};
use sanduq_speed_lanes::{Encoded, Lanes, Membership, WIDTH};

impl Numbers {
    fn element(&mut self) -> EdwardsPoint {
        EdwardsPoint::mul_base(&self.scalar())
    }
}

fn eight<T>(mut make: impl FnMut() -> T) -> [T; WIDTH] {
    std::array::from_fn(|_| make())
}

fn big_endian(point: &EdwardsPoint) -> Encoded {
    let mut bytes = point.compress().to_bytes();
    bytes.reverse();
    bytes
}

/// The strict meaning of an encoding, by the curve library.
fn membership(encoded: &Encoded) -> Membership {
    let mut little = *encoded;
    little.reverse();
    match CompressedEdwardsY(little).decompress() {
        Some(point) if big_endian(&point) != *encoded => Membership::NoPoint,
        Some(point) if point.is_torsion_free() => Membership::Element,
        Some(_) => Membership::OutsideGroup,
        None => Membership::NoPoint,
    }
}

fn lanes() -> Option<Lanes> {
    let lanes = Lanes::detect();
    if lanes.is_none() {
        eprintln!("this processor has no AVX-512 IFMA: nothing is tested");
    }
    lanes
}

#[test]
fn random_points_with_and_without_torsion() {
    let Some(lanes) = lanes() else { return };
    let mut numbers = Numbers(1);
    for _ in 0..200 {
        let points = eight(|| {
            let torsion = EIGHT_TORSION[(numbers.next() % 16).min(8) as usize % 8];
            numbers.element() + torsion
        });
        let encoded = points.map(|point| big_endian(&point));
        let (element, _, _, verdicts) = lanes.decode(&encoded);
        assert_eq!(verdicts, encoded.map(|encoded| membership(&encoded)));
        assert_eq!(lanes.encode(&[lanes.point(&element)])[0], encoded);
    }
}

#[test]
fn any_bytes() {
    let Some(lanes) = lanes() else { return };
    let mut numbers = Numbers(2);
    for _ in 0..500 {
        let encoded = eight(|| numbers.bytes());
        let (element, _, _, verdicts) = lanes.decode(&encoded);
        assert_eq!(verdicts, encoded.map(|encoded| membership(&encoded)));
        let written = lanes.encode(&[lanes.point(&element)])[0];
        for lane in 0..WIDTH {
            assert!(verdicts[lane] == Membership::NoPoint || written[lane] == encoded[lane]);
        }
    }
}

#[test]
fn edges_of_the_encoding() {
    let Some(lanes) = lanes() else { return };
    let mut edges: Vec<Encoded> = EIGHT_TORSION.iter().map(big_endian).collect();
    for sign in [0, 0x80] {
        for low in 0..=255 {
            for rest in [0, 0xff] {
                let mut bytes = [rest; 32];
                bytes[0] = rest & 0x7f | sign;
                bytes[31] = low;
                edges.push(bytes);
            }
        }
    }
    for chunk in edges.chunks_exact(WIDTH) {
        let encoded = chunk.try_into().unwrap();
        let (_, _, _, verdicts) = lanes.decode(encoded);
        assert_eq!(verdicts, encoded.map(|encoded| membership(&encoded)), "{encoded:02x?}");
    }
}

#[test]
fn powers_and_products() {
    let Some(lanes) = lanes() else { return };
    let mut numbers = Numbers(3);
    let key = EdwardsPoint::mul_base(&Scalar::from_bytes_mod_order(numbers.bytes()));
    let (g, y) = (ED25519_BASEPOINT_POINT, key);
    let tables = [g, y].map(|point| lanes.fixed(&big_endian(&point)).unwrap());
    for _ in 0..100 {
        let points = eight(|| numbers.element());
        let (element, base, _, verdicts) = lanes.decode(&points.map(|point| big_endian(&point)));
        assert_eq!(verdicts, [Membership::Element; WIDTH]);
        let (e, f) = (eight(|| numbers.scalar()), eight(|| numbers.scalar()));
        let (eb, fb) = (e.map(|x| x.to_bytes()), f.map(|x| x.to_bytes()));
        let mut results = Vec::new();
        let mut expected = Vec::new();
        for (fixed, b) in tables.iter().zip([g, y]) {
            results.push(lanes.commit(fixed, &fb, &base, &eb));
            expected.push(std::array::from_fn(|i| b * f[i] + points[i] * e[i]));
            results.push(lanes.power(fixed, &fb));
            expected.push(std::array::from_fn(|i| b * f[i]));
        }
        let quotient = lanes.quotient(&lanes.product(&element, &element), &tables[1]);
        results.push(lanes.commit(&tables[0], &fb, &lanes.base(&quotient), &eb));
        expected.push(std::array::from_fn(|i| g * f[i] + (points[i] + points[i] - y) * e[i]));
        let start = lanes.point(&quotient);
        results.push(lanes.times_power(&start, &tables[1], &eb));
        expected.push(std::array::from_fn(|i| points[i] + points[i] - y + y * e[i]));
        results.push(lanes.times_bit(&start, &tables[0], [0, 1, 0, 1, 1, 1, 0, 0]));
        expected.push(std::array::from_fn(|i| points[i] + points[i] - y + g * Scalar::from([0_u8, 1, 0, 1, 1, 1, 0, 0][i])));
        results.push(lanes.product_of_points(&start, &lanes.point(&lanes.identity())));
        expected.push(std::array::from_fn(|i| points[i] + points[i] - y));
        let expected: Vec<[Encoded; WIDTH]> = expected.iter().map(|row: &[EdwardsPoint; WIDTH]| row.map(|p| big_endian(&p))).collect();
        assert_eq!(lanes.encode(&results), expected);
    }
}

#[test]
fn a_fixed_base_must_be_an_element() {
    let Some(lanes) = lanes() else { return };
    assert!(lanes.fixed(&[0xff; 32]).is_none());
    assert!(lanes.fixed(&big_endian(&EIGHT_TORSION[1])).is_none());
    assert!(lanes.fixed(&big_endian(&(ED25519_BASEPOINT_POINT + EIGHT_TORSION[4]))).is_none());
    assert!(EdwardsPoint::identity().is_identity() && lanes.fixed(&big_endian(&EdwardsPoint::identity())).is_some());
}

/// A lane that holds no point does not disturb the others.
#[test]
fn lanes_never_meet() {
    let Some(lanes) = lanes() else { return };
    let mut numbers = Numbers(4);
    let table = lanes.fixed(&big_endian(&ED25519_BASEPOINT_POINT)).unwrap();
    let points = eight(|| EdwardsPoint::mul_base(&Scalar::from_bytes_mod_order(numbers.bytes())));
    let mut encoded = points.map(|point| big_endian(&point));
    encoded[3] = [0xff; 32];
    encoded[5] = big_endian(&EIGHT_TORSION[1]);
    encoded[6] = big_endian(&EdwardsPoint::identity());
    let (_, base, _, _) = lanes.decode(&encoded);
    let e = eight(|| Scalar::from_bytes_mod_order(numbers.bytes()));
    let result = lanes.encode(&[lanes.commit(&table, &e.map(|x| x.to_bytes()), &base, &e.map(|x| x.to_bytes()))])[0];
    for lane in [0, 1, 2, 4, 7] {
        assert_eq!(result[lane], big_endian(&(ED25519_BASEPOINT_POINT * e[lane] + points[lane] * e[lane])));
    }
}
