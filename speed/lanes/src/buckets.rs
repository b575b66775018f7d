//! Pippenger's way to a product of many powers: coefficients are cut into signed digits; for each place of digits the points are sorted
//! into a bucket for each absolute value, a bucket's points are added up, and bucket d counts d times.

/// Digits of all coefficients. The first points have long coefficients, the others short ones, whose digits are in the low windows only.
pub struct Digits {
    width: usize,
    windows: Vec<Vec<i16>>,
}

/// The longest digits, in bits: a digit's absolute value, and twice 2¹³ lists of places, fit where they are kept.
const WIDEST: usize = 14;

impl Digits {
    /// Of coefficients below 2²⁵³, and of short ones **with the opposite sign**.
    pub fn new(long: &[[u64; 4]], short: &[u128]) -> Self {
        let width = width_for(long.len(), short.len());
        // One bit more than a coefficient has: what the highest digit carries.
        let (all, low) = (254_usize.div_ceil(width), 129_usize.div_ceil(width));
        let mut windows: Vec<Vec<i16>> = Vec::with_capacity(all);
        for window in 0..all {
            windows.push(Vec::with_capacity(long.len() + if window < low { short.len() } else { 0 }));
        }
        for coefficient in long {
            push(&mut windows, width, coefficient, false);
        }
        for coefficient in short {
            push(&mut windows[..low], width, &[*coefficient as u64, (coefficient >> 64) as u64, 0, 0], true);
        }
        Self { width, windows }
    }

    pub const fn width(&self) -> usize {
        self.width
    }

    pub fn windows(&self) -> usize {
        self.windows.len()
    }

    pub fn window(&self, window: usize) -> &[i16] {
        &self.windows[window]
    }
}

/// The width that needs the fewest additions: one for each digit, and two dearer ones for each of the 2^(width − 1) buckets.
fn width_for(long: usize, short: usize) -> usize {
    let cost = |width: usize| {
        let (all, low) = (254_usize.div_ceil(width), 129_usize.div_ceil(width));
        long * all + short * low + all * (5 << width) / 4
    };
    (4..=WIDEST).min_by_key(|width| cost(*width)).unwrap_or(WIDEST)
}

/// c = Σ digit[w]·2^(width·w) with digits from −2^(width−1) to 2^(width−1).
#[inline]
fn push(windows: &mut [Vec<i16>], width: usize, words: &[u64; 4], negated: bool) {
    let (mask, half) = ((1 << width) - 1, 1 << (width - 1));
    let mut carry = 0;
    for (window, digits) in windows.iter_mut().enumerate() {
        let (word, bit) = (window * width / 64, window * width % 64);
        let mut bits = words[word] >> bit;
        if bit + width > 64 && word < 3 {
            bits |= words[word + 1] << (64 - bit);
        }
        let value = (bits & mask) as i32 + carry;
        carry = i32::from(value > half);
        let digit = value - (carry << width);
        digits.push(if negated { -digit } else { digit } as i16);
    }
    debug_assert_eq!(carry, 0, "a coefficient that is too long");
}

/// One window's points, sorted.
pub struct Buckets {
    /// Where each bucket's list begins; at last where the last one ends.
    starts: Vec<u32>,
    /// Twice a point's place, and one more where the digit was negative.
    order: Vec<u32>,
    /// All buckets, the longest lists first.
    by_length: Vec<u32>,
}

impl Buckets {
    pub fn new(width: usize) -> Self {
        Self { starts: vec![0; (1 << (width - 1)) + 1], order: Vec::new(), by_length: Vec::new() }
    }

    /// How many buckets there are, a power of two: number b is of the digits b + 1 and −(b + 1).
    pub fn count(&self) -> usize {
        self.starts.len() - 1
    }

    /// The points of one bucket.
    pub fn list(&self, bucket: usize) -> &[u32] {
        &self.order[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }

    /// The buckets' numbers, the longest lists first.
    #[cfg_attr(not(target_arch = "x86_64"), allow(dead_code))]
    pub fn by_length(&self) -> &[u32] {
        &self.by_length
    }

    /// Sort the points by these digits.
    pub fn sort(&mut self, digits: &[i16]) {
        let count = self.count();
        // Number 0 counts the digits that are zero: they are nowhere.
        let mut lengths = vec![0_u32; count + 1];
        for digit in digits {
            lengths[usize::from(digit.unsigned_abs())] += 1;
        }
        let (mut end, mut next) = (0, vec![0_u32; count + 1]);
        for bucket in 0..count {
            self.starts[bucket] = end;
            next[bucket + 1] = end;
            end += lengths[bucket + 1];
        }
        self.starts[count] = end;
        self.order.clear();
        self.order.resize(end as usize + 1, 0);
        for (place, digit) in digits.iter().enumerate() {
            let bucket = usize::from(digit.unsigned_abs());
            if bucket > 0 {
                self.order[next[bucket] as usize] = (place as u32) << 1 | u32::from(*digit < 0);
                next[bucket] += 1;
            }
        }
        self.order.truncate(end as usize);
        self.sort_by_length(&lengths[1..]);
    }

    fn sort_by_length(&mut self, lengths: &[u32]) {
        let longest = lengths.iter().copied().max().unwrap_or(0) as usize;
        let mut next = vec![0_u32; longest + 2];
        for length in lengths {
            next[longest - *length as usize + 1] += 1;
        }
        for i in 1..next.len() {
            next[i] += next[i - 1];
        }
        self.by_length.clear();
        self.by_length.resize(lengths.len(), 0);
        for (bucket, length) in lengths.iter().enumerate() {
            let place = &mut next[longest - *length as usize];
            self.by_length[*place as usize] = bucket as u32;
            *place += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number whose remainders tell coefficients apart.
    const PRIME: i128 = (1 << 61) - 1;

    fn remainder(words: &[u64]) -> i128 {
        words.iter().rev().fold(0, |value, word| ((value << 64) + i128::from(*word)).rem_euclid(PRIME))
    }

    /// Digits put together again.
    fn value(digits: &Digits, place: usize) -> i128 {
        let digit = |window| i128::from(digits.window(window).get(place).copied().unwrap_or(0));
        (0..digits.windows()).rev().fold(0, |value, window| ((value << digits.width()) + digit(window)).rem_euclid(PRIME))
    }

    #[test]
    fn digits_add_up() {
        let longest = [u64::MAX, u64::MAX, u64::MAX, (1 << 61) - 1];
        for copies in [1, 10, 40, 300, 3000, 20000] {
            let long = [longest, [1, 0, 0, 0], [0; 4], [0x8888_8888_8888_8888; 4].map(|word| word >> 4)].repeat(copies);
            let short = [u128::MAX, 0, 1, 1 << 127].repeat(copies);
            let digits = Digits::new(&long, &short);
            let half = 1 << (digits.width() - 1);
            for window in 0..digits.windows() {
                assert!(digits.window(window).iter().all(|digit| i32::from(*digit).abs() <= half));
            }
            for (place, words) in long.iter().enumerate() {
                assert_eq!(value(&digits, place), remainder(words));
            }
            for (place, coefficient) in short.iter().enumerate() {
                let negative = (PRIME - remainder(&[*coefficient as u64, (coefficient >> 64) as u64])) % PRIME;
                assert_eq!(value(&digits, long.len() + place), negative);
            }
        }
    }

    #[test]
    fn every_point_is_in_its_bucket() {
        let digits: Vec<i16> = (0..2000).map(|i| ((i * 7919 + 13) % 257 - 128) as i16).collect();
        let mut buckets = Buckets::new(8);
        buckets.sort(&digits);
        let mut found = 0;
        for bucket in 0..buckets.count() {
            for entry in buckets.list(bucket) {
                let digit = i32::from(digits[(entry >> 1) as usize]);
                assert_eq!((digit.unsigned_abs() as usize, digit < 0), (bucket + 1, entry & 1 == 1));
                found += 1;
            }
        }
        assert_eq!(found, digits.iter().filter(|digit| **digit != 0).count());
        let lengths: Vec<_> = buckets.by_length().iter().map(|bucket| buckets.list(*bucket as usize).len()).collect();
        assert!(lengths.is_sorted_by(|a, b| a >= b));
        let mut all = buckets.by_length().to_vec();
        all.sort_unstable();
        assert!(all.iter().enumerate().all(|(i, bucket)| i == *bucket as usize));
    }
}
