//! Ballots and their events as they stand in an archive (spec 0.d), recognised and not parsed: there is one text for each.

use sha2::{Digest, Sha256};

use crate::group::{Encoded, from_hex, to_hex};

/// Headers and padding come in blocks of so many bytes.
pub const BLOCK: usize = 512;
/// The longest event (0.10).
const LARGEST_EVENT: usize = 512;

const DATA: &[u8] = b".data.json";
const EVENT: &[u8] = b".event.json";
const NAME: usize = 64;
const SIZE: std::ops::Range<usize> = 124..135;
const TIME: std::ops::Range<usize> = 136..147;
const CHECKSUM: std::ops::Range<usize> = 148..154;

/// Where a ballot and its event stand in some bytes; whether they are what they should be is not known yet.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    start: usize,
    length: usize,
    event_length: usize,
}

impl Entry {
    /// Where the ballot's text begins.
    pub const fn text_start(&self) -> usize {
        self.start + BLOCK
    }

    /// The ballot's text.
    pub fn text<'a>(&self, data: &'a [u8]) -> &'a [u8] {
        &data[self.text_start()..][..self.length]
    }

    pub const fn length(&self) -> usize {
        self.length
    }

    const fn event_start(&self) -> usize {
        self.text_start() + self.length.next_multiple_of(BLOCK)
    }

    /// Behind the event's padding.
    pub const fn end(&self) -> usize {
        self.event_start() + BLOCK + self.event_length.next_multiple_of(BLOCK)
    }

    /// The name that the event's header gives it.
    fn event_name<'a>(&self, data: &'a [u8]) -> &'a [u8] {
        &data[self.event_start()..][..NAME]
    }

    /// What the event's name says is its hash. Right only where [`Entry::holds`].
    pub fn head(&self, data: &[u8]) -> Option<Encoded> {
        from_hex(self.event_name(data).first_chunk()?)
    }
}

/// The whole entries at the beginning of some bytes, as far as headers look like those of ballots of at most `largest` bytes.
pub fn walk(data: &[u8], largest: usize) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut start = 0;
    while let Some(entry) = next(data, start, largest) {
        start = entry.end();
        entries.push(entry);
    }
    entries
}

fn next(data: &[u8], start: usize, largest: usize) -> Option<Entry> {
    let length = size(data.get(start..start + BLOCK)?, DATA).filter(|length| *length <= largest)?;
    let mut entry = Entry { start, length, event_length: 0 };
    let event = entry.event_start();
    entry.event_length = size(data.get(event..event + BLOCK)?, EVENT).filter(|length| *length <= LARGEST_EVENT)?;
    (entry.end() <= data.len()).then_some(entry)
}

/// The size that a header tells, if its name has this ending.
fn size(header: &[u8], ending: &[u8]) -> Option<usize> {
    if &header[NAME..NAME + ending.len()] != ending {
        return None;
    }
    header[SIZE].iter().try_fold(0, |size, digit| matches!(digit, b'0'..=b'7').then(|| size << 3 | usize::from(digit - b'0')))
}

/// What all headers of an archive have in common.
pub struct Header {
    block: [u8; BLOCK],
    /// The sum of its bytes, without name and size, and with spaces for the checksum.
    sum: u32,
}

impl Header {
    /// For the archive's time, in seconds since 1970; `None` if it cannot be written.
    pub fn new(time: u64) -> Option<Self> {
        let mut block = [0; BLOCK];
        block[100..108].copy_from_slice(b"0000644\0");
        block[108..124].copy_from_slice(b"0000000\x000000000\0");
        octal(&mut block[TIME], time)?;
        block[155] = b' ';
        block[156] = b'0';
        let sum = block.iter().map(|byte| u32::from(*byte)).sum::<u32>() + 7 * u32::from(b' ');
        Some(Self { block, sum })
    }

    /// Whether a header is the one of a record with this hash, ending and size.
    fn is(&self, header: &[u8], digits: &[u8; NAME], ending: &[u8], size: usize) -> bool {
        let mut block = self.block;
        block[..NAME].copy_from_slice(digits);
        block[NAME..NAME + ending.len()].copy_from_slice(ending);
        if octal(&mut block[SIZE], size as u64).is_none() {
            return false;
        }
        let own = block[..NAME + ending.len()].iter().chain(&block[SIZE]);
        let sum = self.sum + own.map(|byte| u32::from(*byte)).sum::<u32>();
        octal(&mut block[CHECKSUM], u64::from(sum)).is_some() && block == header
    }
}

/// Octal digits, as many as there is room for.
fn octal(place: &mut [u8], mut number: u64) -> Option<()> {
    for digit in place.iter_mut().rev() {
        *digit = b'0' + (number & 7) as u8;
        number >>= 3;
    }
    (number == 0).then_some(())
}

/// An entry of a ballot in its place in the chain.
pub struct Link<'a> {
    pub header: &'a Header,
    /// The hash of the event before, in digits.
    pub parent: &'a [u8],
    pub height: u64,
}

impl Entry {
    /// The digits of the hash that the next event must name.
    pub fn name<'a>(&self, data: &'a [u8]) -> &'a [u8] {
        self.event_name(data)
    }

    /// 0.7 to 0.15 of a ballot whose SHA-256 is `digest`, and of its event.
    pub fn holds(&self, data: &[u8], digest: &Encoded, link: &Link) -> bool {
        let zeros =
            |start: usize, length: usize| data[start + length..start + length.next_multiple_of(BLOCK)].iter().all(|byte| *byte == 0);
        let digits = to_hex(digest);
        let (text, event) = (self.text_start(), self.event_start());
        let content = &data[event + BLOCK..][..self.event_length];
        let mut expected = Vec::with_capacity(LARGEST_EVENT);
        expected.extend_from_slice(b"{\"parent\":\"");
        expected.extend_from_slice(link.parent);
        expected.extend_from_slice(format!("\",\"height\":{},\"type\":\"Ballot\",\"payload\":\"", link.height).as_bytes());
        expected.extend_from_slice(&digits);
        expected.extend_from_slice(b"\"}");
        content == expected
            && link.header.is(&data[self.start..][..BLOCK], &digits, DATA, self.length)
            && zeros(text, self.length)
            && link.header.is(&data[event..][..BLOCK], &to_hex(&Sha256::digest(content).into()), EVENT, self.event_length)
            && zeros(event + BLOCK, self.event_length)
    }
}
