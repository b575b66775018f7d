//! Many powers of two fixed bases, in constant time.

use std::array;

use curve25519_dalek::edwards::{EdwardsBasepointTable, EdwardsPoint};
use curve25519_dalek::scalar::Scalar;
use curve25519_dalek::traits::BasepointTable;
use sanduq_speed_lanes::{Batch, Fixed, Lanes, Point, Product, Tables};
use subtle::{Choice, ConditionallySelectable};
use zeroize::Zeroize;

use crate::group::{self, Encoded, G};

/// How many ballots one task makes: as many as there are lanes.
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

impl Job {
    const fn exponent_of_g(&self) -> Scalar {
        match self {
            Self::G(a) | Self::YG(_, a) => *a,
            Self::Y(_) | Self::YBit(..) | Self::Product(_) => Scalar::ZERO,
        }
    }

    const fn exponent_of_y(&self) -> Scalar {
        match self {
            Self::Y(b) | Self::YBit(b, _) | Self::YG(b, _) => *b,
            Self::G(_) | Self::Product(_) => Scalar::ZERO,
        }
    }

    fn bit(&self) -> u8 {
        match self {
            Self::YBit(_, bit) => bit.unwrap_u8(),
            _ => 0,
        }
    }
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

/// The tables of y; those of g are the libraries' own.
pub(super) struct Powers {
    key: EdwardsBasepointTable,
    eight: Option<(Lanes, &'static Fixed, Fixed)>,
    vartime: Option<(Batch, Tables)>,
}

impl Powers {
    pub fn new(key: &EdwardsPoint) -> Self {
        let tables = |(lanes, g): &'static (Lanes, Fixed)| Some((*lanes, g, lanes.fixed(&group::encode(key))?));
        Self { key: EdwardsBasepointTable::create(key), eight: group::LANES.as_ref().and_then(tables), vartime: None }
    }

    /// Without the processor's extra instructions.
    pub fn portable(key: &EdwardsPoint) -> Self {
        Self { key: EdwardsBasepointTable::create(key), eight: None, vartime: None }
    }

    /// With larger tables, **in variable time**: for rehearsals, where there is no secret.
    pub fn vartime(key: &EdwardsPoint, batch: Batch) -> Self {
        let tables = Tables::new(&[group::encode(&G), group::encode(key)]);
        Self { vartime: tables.map(|tables| (batch, tables)), ..Self::portable(key) }
    }

    /// For each of up to eight drafts of one election the encodings of its jobs' results, in their order.
    pub fn compute(&self, drafts: &[&[Job]]) -> Vec<Vec<Encoded>> {
        if let Some((batch, tables)) = &self.vartime {
            return vartime(*batch, tables, drafts);
        }
        match &self.eight {
            Some(eight) if drafts.len() > 1 => side_by_side(eight, drafts),
            _ => drafts.iter().map(|jobs| self.one_by_one(jobs)).collect(),
        }
    }

    fn one_by_one(&self, jobs: &[Job]) -> Vec<Encoded> {
        let mut points: Vec<EdwardsPoint> = Vec::with_capacity(jobs.len());
        for job in jobs {
            let point = match job {
                Job::G(a) => EdwardsPoint::mul_base(a),
                Job::Y(b) => self.key.mul_base(b),
                Job::YBit(b, bit) => self.key.mul_base(b) + EdwardsPoint::conditional_select(&group::identity(), &G, *bit),
                Job::YG(b, a) => self.key.mul_base(b) + EdwardsPoint::mul_base(a),
                Job::Product(count) => every_other(&points, *count).sum(),
            };
            points.push(point);
        }
        group::encode_all(&points)
    }
}

/// The factors of [`Job::Product`].
fn every_other<T>(points: &[T], count: usize) -> impl Iterator<Item = &T> {
    points.iter().rev().skip(1).step_by(2).take(count)
}

/// Drafts of one election have the same jobs in the same order, so each lane takes a draft. Lanes without one repeat the first.
fn side_by_side((lanes, g, key): &(Lanes, &Fixed, Fixed), drafts: &[&[Job]]) -> Vec<Vec<Encoded>> {
    let mut points: Vec<Point> = Vec::with_capacity(drafts[0].len());
    for (index, first) in drafts[0].iter().enumerate() {
        let jobs: [&Job; 8] = array::from_fn(|lane| &drafts.get(lane).unwrap_or(&drafts[0])[index]);
        let (a, b) = (Exponents::of(&jobs, Job::exponent_of_g), Exponents::of(&jobs, Job::exponent_of_y));
        let point = match first {
            Job::G(_) => lanes.power(g, &a.0),
            Job::Y(_) => lanes.power(key, &b.0),
            Job::YBit(..) => lanes.times_bit(&lanes.power(key, &b.0), g, jobs.map(Job::bit)),
            Job::YG(..) => lanes.times_power(&lanes.power(key, &b.0), g, &a.0),
            Job::Product(count) => {
                let nothing = lanes.point(&lanes.identity());
                every_other(&points, *count).fold(nothing, |product, point| lanes.product_of_points(&product, point))
            }
        };
        points.push(point);
    }
    let encodings = lanes.encode(&points);
    (0..drafts.len()).map(|lane| encodings.iter().map(|row| row[lane]).collect()).collect()
}

/// The same by tables; products by the sums of their factors' exponents.
fn vartime(batch: Batch, tables: &Tables, drafts: &[&[Job]]) -> Vec<Vec<Encoded>> {
    let mut exponents: Vec<Vec<[Scalar; 2]>> = vec![Vec::new(); drafts.len()];
    let mut products = Vec::with_capacity(drafts.len() * drafts[0].len());
    for index in 0..drafts[0].len() {
        for (jobs, exponents) in drafts.iter().zip(&mut exponents) {
            let job = &jobs[index];
            let [g, y] = match job {
                Job::Product(count) => every_other(exponents, *count).fold([Scalar::ZERO; 2], |[a, b], [c, d]| [a + c, b + d]),
                _ => [job.exponent_of_g() + Scalar::from(job.bit()), job.exponent_of_y()],
            };
            exponents.push([g, y]);
            let mut product = Product::default();
            for (base, exponent) in [g, y].iter().enumerate() {
                product.vartime_times(base, exponent.as_bytes());
            }
            products.push(product);
        }
    }
    let encodings = batch.vartime_powers(tables, &products);
    (0..drafts.len()).map(|draft| encodings.iter().skip(draft).step_by(drafts.len()).copied().collect()).collect()
}

/// Eight exponents, wiped after use.
struct Exponents([[u8; 32]; 8]);

impl Exponents {
    fn of(jobs: &[&Job; 8], exponent: impl Fn(&Job) -> Scalar) -> Self {
        Self(jobs.map(|job| exponent(job).to_bytes()))
    }
}

impl Drop for Exponents {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}
