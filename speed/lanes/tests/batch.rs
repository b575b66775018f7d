//! What checks of many ballots use, with eight lanes and in plain 64-bit arithmetic, against the curve library: on many random values
//! and on every edge that we know.

mod common;

use common::Numbers;
use curve25519_dalek::constants::{ED25519_BASEPOINT_POINT, EIGHT_TORSION};
use curve25519_dalek::edwards::EdwardsPoint;
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::{Identity, IsIdentity};
use sanduq_speed_lanes::{Affine, Batch, Encoded, Long, Points, Product, Tables, affine};

impl Numbers {
    /// In the group or, every third time, outside.
    fn point(&mut self) -> EdwardsPoint {
        let torsion = EIGHT_TORSION[(self.next() % 24) as usize % 8];
        let element = EdwardsPoint::mul_base(&self.scalar());
        if self.next().is_multiple_of(3) { element + torsion } else { element }
    }
}

fn big_endian(point: &EdwardsPoint) -> Encoded {
    let mut bytes = point.compress().to_bytes();
    bytes.reverse();
    bytes
}

fn hints(points: &[EdwardsPoint]) -> Vec<Affine> {
    let encodings: Vec<_> = points.iter().map(big_endian).collect();
    affine(&encodings).into_iter().map(Option::unwrap).collect()
}

fn long(scalar: &Scalar) -> Long {
    let bytes = scalar.to_bytes();
    std::array::from_fn(|i| u64::from_le_bytes(bytes[8 * i..8 * i + 8].try_into().unwrap()))
}

const ENGINES: [fn() -> Batch; 2] = [Batch::detect, Batch::portable];

/// All points at their own places.
fn read(batch: Batch, hints: &[Affine]) -> (Points, Vec<Option<Encoded>>) {
    let places: Vec<_> = (0..hints.len() as u32).collect();
    let mut points = Points::new(hints.len());
    let encodings = batch.read(hints, &places, &mut points);
    (points, encodings)
}

#[test]
fn eighth_powers_of_hints() {
    let mut numbers = Numbers(1);
    let mut points: Vec<_> = (0..700).map(|_| numbers.point()).collect();
    points.extend(EIGHT_TORSION);
    let hints = hints(&points);
    let expected: Vec<_> = points.iter().map(|point| Some(big_endian(&point.mul_by_cofactor()))).collect();
    for engine in ENGINES {
        for count in [0, 1, 7, 8, 9, 255, 256, 257, hints.len()] {
            assert_eq!(read(engine(), &hints[..count]).1, expected[..count]);
        }
    }
}

/// Coordinates that are not those of a point, or not canonical, are no hint, and disturb none beside them.
#[test]
fn what_is_no_point() {
    let mut numbers = Numbers(2);
    let points: Vec<_> = (0..64).map(|_| numbers.point()).collect();
    let honest = hints(&points);
    let p: [u8; 32] = std::array::from_fn(|i| match i {
        0 => 0xed,
        31 => 0x7f,
        _ => 0xff,
    });
    let mut bad: Vec<Affine> = vec![[0; 64], [0xff; 64]];
    for half in [0, 32] {
        for bit in [0, 7, 100, 250, 255] {
            let mut changed = honest[5];
            changed[half + bit / 8] ^= 1 << (bit % 8);
            bad.push(changed);
        }
    }
    // The identity (0, 1), and the point of order two (0, −1), with p in the place of 0 and p + 1 in that of 1.
    let mut one = [0; 32];
    one[0] = 1;
    let mut more = p;
    more[0] += 1;
    for (x, y) in [(p, one), ([0; 32], more), (p, more)] {
        bad.push([x, y].concat().try_into().unwrap());
    }
    for engine in ENGINES {
        for (number, hint) in bad.iter().enumerate() {
            let mut all = honest.clone();
            all[number % 64] = *hint;
            let (points_read, encodings) = read(engine(), &all);
            for (i, point) in points.iter().enumerate() {
                let expected = (i != number % 64).then(|| big_endian(&point.mul_by_cofactor()));
                assert_eq!(encodings[i], expected, "{number} {i}");
            }
            let rest = points.iter().enumerate().filter(|(i, _)| *i != number % 64).map(|(_, point)| point);
            let sum: EdwardsPoint = rest.sum();
            let places: Vec<_> = (0..64).collect();
            assert_eq!(engine().product(&points_read, &places), big_endian(&sum.mul_by_cofactor()));
        }
    }
}

#[test]
fn products() {
    let mut numbers = Numbers(3);
    let points: Vec<_> = (0..150).map(|_| numbers.point()).collect();
    let hints = hints(&points);
    for engine in ENGINES {
        let (read, _) = read(engine(), &hints);
        for each in [1, 2, 3, 17] {
            let lists: Vec<u32> = (0..each * 41).map(|_| (numbers.next() % 150) as u32).collect();
            let expected: Vec<_> = lists
                .chunks(each)
                .map(|list| big_endian(&list.iter().map(|i| points[*i as usize]).sum::<EdwardsPoint>().mul_by_cofactor()))
                .collect();
            assert_eq!(engine().products(&read, &lists, each), expected);
            let all: EdwardsPoint = lists.iter().map(|i| points[*i as usize]).sum();
            assert_eq!(engine().product(&read, &lists), big_endian(&all.mul_by_cofactor()));
        }
        assert_eq!(engine().product(&read, &[]), big_endian(&EdwardsPoint::identity()));
    }
}

/// Sums that are the identity, and the same with one coefficient or one point changed.
#[test]
fn one_equation() {
    let mut numbers = Numbers(4);
    for count in [1, 2, 30, 300, 3000] {
        let points: Vec<_> = (0..2 * count).map(|_| numbers.point()).collect();
        let coefficients: Vec<_> = (0..count).map(|_| numbers.scalar()).collect();
        let mut short: Vec<u128> = (0..count).map(|_| u128::from(numbers.next()) << 64 | u128::from(numbers.next())).collect();
        short[0] = u128::MAX;
        if count > 2 {
            short[1] = 0;
            short[2] = 1 << 127;
        }
        let mut sum = EdwardsPoint::identity();
        for (point, coefficient) in points.iter().zip(&coefficients) {
            sum += point.mul_by_cofactor() * coefficient;
        }
        for (point, coefficient) in points[count..].iter().zip(&short) {
            sum -= point.mul_by_cofactor() * Scalar::from(*coefficient);
        }
        // −sum/8 with the coefficient 3 is what is missing.
        let missing = -sum * Scalar::from(24_u8).invert();
        let others = [(big_endian(&missing), [3, 0, 0, 0]), (big_endian(&ED25519_BASEPOINT_POINT), [0; 4])];
        let mut long: Vec<_> = coefficients.iter().map(long).collect();
        let hints = hints(&points);
        for engine in ENGINES {
            let (read, _) = read(engine(), &hints);
            assert!(engine().is_identity(&read, &long, &short, &others), "{count}");
            assert!(!engine().is_identity(&read, &long, &short, &[(others[0].0, [4, 0, 0, 0])]) || sum.is_identity());
            for changed in [0, count / 2, count - 1] {
                short[changed] ^= 1 << 77;
                assert_eq!(engine().is_identity(&read, &long, &short, &others), points[count + changed].is_small_order());
                short[changed] ^= 1 << 77;
                long[changed][1] ^= 1 << 13;
                assert_eq!(engine().is_identity(&read, &long, &short, &others), points[changed].is_small_order());
                long[changed][1] ^= 1 << 13;
            }
        }
    }
}

#[test]
fn coordinates_of_encodings() {
    let mut numbers = Numbers(5);
    for _ in 0..300 {
        let bytes = numbers.bytes();
        let mut little = bytes;
        little.reverse();
        let point = curve25519_dalek::edwards::CompressedEdwardsY(little).decompress();
        let canonical = point.filter(|point| big_endian(point) == bytes);
        let written = affine(&[bytes])[0];
        assert_eq!(written.is_some(), canonical.is_some());
        if let (Some(hint), Some(point)) = (written, canonical) {
            for engine in ENGINES {
                assert_eq!(read(engine(), &[hint]).1, [Some(big_endian(&point.mul_by_cofactor()))]);
            }
        }
    }
}

#[test]
fn powers_by_tables() {
    let mut numbers = Numbers(6);
    let bases = [ED25519_BASEPOINT_POINT, numbers.point()];
    let tables = Tables::new(&bases.map(|base| big_endian(&base))).unwrap();
    assert!(Tables::new(&[[0xff; 32]]).is_none());
    let (mut products, mut expected) = (vec![Product::default()], vec![EdwardsPoint::identity()]);
    for _ in 0..300 {
        let (mut product, mut point) = (Product::default(), EdwardsPoint::identity());
        for (base, element) in bases.iter().enumerate().take((numbers.next() % 3) as usize) {
            let scalar = numbers.scalar();
            product.vartime_times(base, &scalar.to_bytes());
            // As the integer that it is: a base may be outside the group.
            point += EdwardsPoint::vartime_double_scalar_mul_basepoint(&scalar, element, &Scalar::ZERO);
        }
        products.push(product);
        expected.push(point);
    }
    let expected: Vec<_> = expected.iter().map(big_endian).collect();
    for engine in ENGINES {
        assert_eq!(engine().vartime_powers(&tables, &products), expected);
    }
}
