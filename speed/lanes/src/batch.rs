//! Many points at once, for checks of many ballots together: reading hints, sums, and one multi-scalar multiplication.
//!
//! **Variable time**, all of it: hints, ballots and coefficients are public once they are used here.
//!
//! What is common to all processors stands here and in `buckets.rs`; two kernels do the arithmetic: eight lanes (`avx512/batch.rs`), and
//! plain 64-bit words (below).

use crate::buckets::{Buckets, Digits};
use crate::niels::Niels;
use crate::one::point::{self, Point};
use crate::{Affine, Encoded};

#[cfg(target_arch = "x86_64")]
use crate::door::Lanes;

/// A multiple of a point: less than 2²⁵³, four words, the lowest first.
pub type Long = [u64; 4];

/// Which arithmetic is used.
#[derive(Clone, Copy, Debug)]
pub struct Batch {
    #[cfg(target_arch = "x86_64")]
    lanes: Option<Lanes>,
}

/// Points that hints gave, ready for sums.
#[derive(Default)]
pub struct Points(Vec<Niels>);

impl Points {
    /// Room for `count` points, all of them the identity.
    #[must_use]
    pub fn new(count: usize) -> Self {
        // One more than asked for: lists that are shorter than others go on with it.
        Self(vec![Niels::IDENTITY; count + 1])
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len() - 1
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What became of a hint.
pub type Eighth = Option<Encoded>;

impl Batch {
    /// The fastest that this processor can.
    #[must_use]
    pub fn detect() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            lanes: Lanes::detect(),
        }
    }

    /// Plain 64-bit arithmetic.
    #[must_use]
    pub const fn portable() -> Self {
        Self {
            #[cfg(target_arch = "x86_64")]
            lanes: None,
        }
    }

    /// The lanes, if it uses any.
    #[cfg(target_arch = "x86_64")]
    pub(crate) const fn lanes(self) -> Option<Lanes> {
        self.lanes
    }

    /// Reads hints: hint i becomes point `places[i]`, and the encoding of its eighth power (P⁸, or 8P) is given; `None` for what is no
    /// point of the curve in canonical coordinates, which leaves the identity.
    ///
    /// # Panics
    /// A place beyond the points, or lists of different lengths.
    #[must_use]
    pub fn read(self, hints: &[Affine], places: &[u32], points: &mut Points) -> Vec<Eighth> {
        assert_eq!(hints.len(), places.len());
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = self.lanes {
            return lanes.read_hints(hints, places, &mut points.0);
        }
        read_one_by_one(hints, places, &mut points.0)
    }

    /// For each list of `each` places the encoding of the eighth power of the points' product.
    ///
    /// # Panics
    /// A place beyond the points.
    #[must_use]
    pub fn products(self, points: &Points, lists: &[u32], each: usize) -> Vec<Encoded> {
        let signed: Vec<u32> = lists.iter().map(|place| place << 1).collect();
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = self.lanes {
            return lanes.products(&points.0, &signed, each);
        }
        let eighths: Vec<_> = signed.chunks_exact(each).map(|list| sum(&points.0, list).doubled_times(3)).collect();
        Point::encode_all(&eighths)
    }

    /// The encoding of the eighth power of one product of many points.
    ///
    /// # Panics
    /// A place beyond the points.
    #[must_use]
    pub fn product(self, points: &Points, places: &[u32]) -> Encoded {
        let signed: Vec<u32> = places.iter().map(|place| place << 1).collect();
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = self.lanes {
            return encode_eighth(&lanes.total(&points.0, &signed));
        }
        encode_eighth(&sum(&points.0, &signed))
    }

    /// Whether (∏ P_i^long_i · ∏ Q_j^−short_j · ∏ R_k^other_k)⁸ is the identity. The P are the first points, the Q those that follow; the R
    /// are given by the encodings of elements.
    ///
    /// # Panics
    /// More coefficients than points, or an R that is no point.
    #[must_use]
    pub fn is_identity(self, points: &Points, long: &[Long], short: &[u128], others: &[(Encoded, Long)]) -> bool {
        assert!(long.len() + short.len() <= points.len(), "more coefficients than points");
        let digits = Digits::new(long, short);
        let mut buckets = Buckets::new(digits.width());
        let mut total = Point::IDENTITY;
        for window in (0..digits.windows()).rev() {
            total = total.doubled_times(digits.width());
            buckets.sort(digits.window(window));
            total = total.plus(&self.window(&points.0, &buckets));
        }
        for (encoded, exponent) in others {
            let base = Point::decode(encoded).expect("an element");
            total = total.plus(&power(&base, exponent));
        }
        total.doubled_times(3).is_identity()
    }

    fn window(self, points: &[Niels], buckets: &Buckets) -> Point {
        #[cfg(target_arch = "x86_64")]
        if let Some(lanes) = self.lanes {
            return lanes.window(points, buckets);
        }
        let (mut running, mut total) = (Point::IDENTITY, Point::IDENTITY);
        for bucket in (0..buckets.count()).rev() {
            let list = buckets.list(bucket);
            if !list.is_empty() {
                running = running.plus(&sum(points, list));
            }
            total = total.plus(&running);
        }
        total
    }
}

/// The product of points by their places, twice each, and one more for those that are divided by.
pub fn sum(points: &[Niels], list: &[u32]) -> Point {
    let at = |place: usize| list.get(place).map_or(Niels::IDENTITY, |entry| points[(entry >> 1) as usize]);
    let (mut sum, mut next) = (Point::IDENTITY, at(0));
    for (i, entry) in list.iter().enumerate() {
        // The next one is on its way out of the memory while this one is added.
        let here = next;
        next = at(i + 1);
        sum = sum.plus_niels(&here, entry & 1 == 1);
    }
    sum
}

fn encode_eighth(point: &Point) -> Encoded {
    Point::encode_all(&[point.doubled_times(3)])[0]
}

/// P^e
fn power(base: &Point, exponent: &Long) -> Point {
    let bit = |i: usize| exponent[i / 64] >> (i % 64) & 1 == 1;
    (0..256).rev().fold(Point::IDENTITY, |power, i| if bit(i) { power.doubled().plus(base) } else { power.doubled() })
}

/// How many points are encoded with one inversion.
const CHUNK: usize = 256;

fn read_one_by_one(hints: &[Affine], places: &[u32], points: &mut [Niels]) -> Vec<Eighth> {
    let mut eighths = Vec::with_capacity(hints.len());
    for (hints, places) in hints.chunks(CHUNK).zip(places.chunks(CHUNK)) {
        let found: Vec<_> = hints.iter().map(point::read_affine).collect();
        let doubled: Vec<_> = found.iter().map(|point| point.unwrap_or(Point::IDENTITY).doubled_times(3)).collect();
        for ((point, place), encoded) in found.iter().zip(places).zip(Point::encode_all(&doubled)) {
            points[*place as usize] = point.map_or(Niels::IDENTITY, |point| point.niels());
            eighths.push(point.map(|_| encoded));
        }
    }
    eighths
}

/// The affine coordinates of points by their encodings: what a hint of them holds. `None` for what encodes no point.
#[must_use]
pub fn affine(encodings: &[Encoded]) -> Vec<Option<Affine>> {
    let write = |point: Point| point::write_affine(&(point.x.canonical(), point.y.canonical()));
    encodings.iter().map(|encoded| Point::decode(encoded).map(write)).collect()
}
