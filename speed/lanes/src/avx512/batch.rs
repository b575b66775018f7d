//! Eight points at once for checks of many ballots together: what `batch.rs` asks for.

use core::arch::x86_64::*;

use super::field::{Fe, Mask};
use super::point::{Affine, D, Point, TWO_D};
use super::transpose::{self, gather, load, scatter, store};
use crate::batch::AHEAD;
use crate::buckets::Buckets;
use crate::niels::Niels;
use crate::one::{field, point};
use crate::{Encoded, limbs};

/// How many vectors are encoded with one inversion.
const CHUNK: usize = 32;

impl Affine {
    /// Divided by where the mask is set.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn signed(&self, negative: Mask) -> Self {
        Self {
            plus: self.plus.or(negative, self.minus),
            minus: self.minus.or(negative, self.plus),
            t2d: self.t2d.or(negative, self.t2d.negative()),
        }
    }
}

impl Point {
    /// Eight points, one by one.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn to_ones(self) -> [point::Point; 8] {
        let [x, y, z, t] = [self.x.to_lanes(), self.y.to_lanes(), self.z.to_lanes(), self.t.to_lanes()];
        core::array::from_fn(|lane| point::Point {
            x: field::Fe(x[lane]),
            y: field::Fe(y[lane]),
            z: field::Fe(z[lane]),
            t: field::Fe(t[lane]),
        })
    }
}

/// Eight lists of points, each added up. An entry is twice a point's place, and one more where it is divided by. The last of the points
/// must be the identity: it stands in where a list is shorter than the longest.
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
fn sums(points: &[Niels], lists: [&[u32]; 8]) -> Point {
    let nothing = ((points.len() - 1) as u32) << 1;
    let longest = lists.iter().map(|list| list.len()).max().unwrap_or(0);
    let mut sum = Point::identity();
    let entries = |step: usize| -> [u32; 8] { core::array::from_fn(|lane| lists[lane].get(step).copied().unwrap_or(nothing)) };
    for step in 0..longest {
        let here = entries(step);
        for entry in entries(step + AHEAD) {
            points[(entry >> 1) as usize].prefetch();
        }
        let addend = gather(core::array::from_fn(|lane| &points[(here[lane] >> 1) as usize]));
        let mut negative = 0;
        for (lane, entry) in here.iter().enumerate() {
            negative |= ((entry & 1) as Mask) << lane;
        }
        sum = sum.plus_affine(&addend.signed(negative));
    }
    sum
}

/// One point's coordinates, five limbs each.
type Slot = [u64; 20];

/// ∏ over all buckets of (the product of its points)^(its number).
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn window(points: &[Niels], buckets: &Buckets) -> point::Point {
    let count = buckets.count();
    let mut slots: Vec<Slot> = vec![[0; 20]; count];
    // Lists of similar length side by side.
    for eight in buckets.by_length().as_chunks::<8>().0 {
        let sum = sums(points, eight.map(|bucket| buckets.list(bucket as usize)));
        let limbs = [sum.x.0, sum.y.0, sum.z.0, sum.t.0];
        for (i, vector) in limbs.as_flattened().iter().enumerate() {
            for (word, bucket) in store(*vector).iter().zip(eight) {
                slots[*bucket as usize][i] = *word;
            }
        }
    }
    // Lane l takes the l-th eighth of the buckets.
    let eighth = count / 8;
    let (mut running, mut total) = (Point::identity(), Point::identity());
    for j in (0..eighth).rev() {
        running = running.plus(&from_slots(core::array::from_fn(|lane| &slots[lane * eighth + j])).cached());
        total = total.plus(&running.cached());
    }
    // Bucket lane·eighth + j counts lane·eighth + j + 1 times, of which j + 1 are in `total`.
    let (running, total) = (running.to_ones(), total.to_ones());
    let (mut above, mut eighths) = (point::Point::IDENTITY, point::Point::IDENTITY);
    for lane in (1..8).rev() {
        above = above.plus(&running[lane]);
        eighths = eighths.plus(&above);
    }
    total.iter().fold(eighths.doubled_times(eighth.trailing_zeros() as usize), |sum, point| sum.plus(point))
}

#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
fn from_slots(slots: [&Slot; 8]) -> Point {
    let mut limbs = [[Fe::small(0).0[0]; 5]; 4];
    for (i, vector) in limbs.as_flattened_mut().iter_mut().enumerate() {
        *vector = load(&slots.map(|slot| slot[i]));
    }
    let [x, y, z, t] = limbs.map(Fe);
    Point { x, y, z, t }
}

/// One sum of many points.
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn total(points: &[Niels], list: &[u32]) -> point::Point {
    let eighth = list.len().div_ceil(8).max(1);
    let part = |lane: usize| list.chunks(eighth).nth(lane).unwrap_or(&[]);
    let sum = sums(points, core::array::from_fn(part));
    sum.to_ones().iter().fold(point::Point::IDENTITY, |sum, point| sum.plus(point))
}

/// The encodings of the eighth powers of products of `each` points.
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn products(points: &[Niels], lists: &[u32], each: usize) -> Vec<Encoded> {
    let lists: Vec<&[u32]> = lists.chunks_exact(each).collect();
    encoded_sums(points, &lists, 3)
}

/// The encodings of products, doubled so many times.
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn encoded_sums(points: &[Niels], lists: &[&[u32]], doublings: usize) -> Vec<Encoded> {
    let mut encodings = Vec::with_capacity(lists.len() + 8);
    for chunk in lists.chunks(8 * CHUNK) {
        let mut results = Vec::with_capacity(CHUNK);
        for eight in chunk.chunks(8) {
            let list = |lane: usize| *eight.get(lane).unwrap_or(&eight[0]);
            let sum = sums(points, core::array::from_fn(list));
            results.push(if doublings == 0 { sum } else { sum.doubled_times(doublings) });
        }
        let before = encodings.len();
        encodings.extend(Point::encode_all(&results).into_flattened());
        encodings.truncate(before + chunk.len());
    }
    encodings
}

/// Hints become points, and the encodings of their eighth powers.
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
pub fn read_hints(hints: &[[u8; 64]], places: &[u32], points: &mut [Niels]) -> Vec<Option<Encoded>> {
    let mut encodings = Vec::with_capacity(hints.len() + 8);
    for (hints, places) in hints.chunks(8 * CHUNK).zip(places.chunks(8 * CHUNK)) {
        let mut eighths = Vec::with_capacity(CHUNK);
        let mut good = Vec::with_capacity(CHUNK);
        for (eight, places) in hints.chunks(8).zip(places.chunks(8)) {
            let (point, found) = read_eight(eight);
            let niels = scatter(&point.affine_of_one());
            for (niels, place) in niels.iter().zip(places) {
                points[*place as usize] = *niels;
            }
            eighths.push(point.doubled_times(3));
            good.push(found);
        }
        let encoded = Point::encode_all(&eighths).into_iter().zip(good);
        let before = encodings.len();
        encodings.extend(encoded.flat_map(|(row, found)| core::array::from_fn::<_, 8, _>(|i| (found >> i & 1 == 1).then_some(row[i]))));
        encodings.truncate(before + hints.len());
    }
    encodings
}

/// Up to eight points by their affine coordinates, and where they are canonical and on the curve. Elsewhere is the identity.
#[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
fn read_eight(hints: &[[u8; 64]]) -> (Point, Mask) {
    let row = |hint: &[u8; 64]| load(&core::array::from_fn(|i| u64::from_le_bytes(hint.as_chunks().0[i])));
    let mut rows = [Fe::small(0).0[0]; 8];
    for (vector, hint) in rows.iter_mut().zip(hints) {
        *vector = row(hint);
    }
    let words = transpose::transposed(rows);
    let one = Fe::small(1);
    let (x, y) = (transpose::limbs(&words[..4]), transpose::limbs(&words[4..]));
    let (xx, yy, t) = (x.squared(), y.squared(), x.times(y));
    let off = yy.minus(xx).minus(Fe::splat(&D).times(xx.times(yy)).plus(one));
    let canonical = x.is_canonical() & y.is_canonical() & !_mm512_movepi64_mask(_mm512_or_si512(words[3], words[7]));
    let found = off.is_zero() & canonical;
    (Point::identity().or(found, &Point { x, y, z: one, t }), found)
}

impl Point {
    /// For points with Z = 1.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    fn affine_of_one(&self) -> Affine {
        Affine { plus: self.y.plus(self.x), minus: self.y.minus(self.x), t2d: self.t.times(Fe::splat(&TWO_D)) }
    }

    /// Affine coordinates as hints write them.
    #[target_feature(enable = "avx512f,avx512dq,avx512ifma")]
    pub fn write_all(points: &[Self]) -> Vec<[[u8; 64]; 8]> {
        let mut hints = Vec::with_capacity(points.len());
        for (point, inverse) in points.iter().zip(Self::invert_all(points)) {
            let (xs, ys) = (point.x.times(inverse).to_lanes(), point.y.times(inverse).to_lanes());
            let both = |lane: usize| -> [limbs::Limbs; 2] { [xs[lane], ys[lane]] };
            hints.push(core::array::from_fn(|lane| {
                let [x, y] = both(lane);
                point::write_affine(&(x, y))
            }));
        }
        hints
    }
}
