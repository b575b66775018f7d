/**
 * QR codes (ISO/IEC 18004), as far as a link on a screen needs them: bytes, error correction level L, all forty versions.
 * Level L, because a screen is clean and a smaller code is easier to read from another screen.
 */

/** Codewords for error correction in a block, and number of blocks, by version from 1 (level L; table 9 of the standard). */
const CORRECTION = [
  ...[7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28],
  ...[28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30],
];
const BLOCKS = [
  ...[1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8],
  ...[8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
];
const LEVEL_L = 1;

type Grid = Uint8Array[];

/** How many bits of data and correction a version holds: all modules but those of the patterns. */
function rawBits(version: number): number {
  const alignments = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const patterns = alignments === 0 ? 0 : 25 * alignments ** 2 - 10 * alignments - 55;
  return (16 * version + 128) * version + 64 - patterns - (version >= 7 ? 36 : 0);
}

function dataBytes(version: number): number {
  return Math.floor(rawBits(version) / 8) - CORRECTION[version - 1]! * BLOCKS[version - 1]!;
}

/** The modules of the smallest code for the text (1 is dark), or null if it is too long for any. */
export function qrCode(text: string): Grid | null {
  const bytes = new TextEncoder().encode(text);
  const header = (version: number): number => (version < 10 ? 12 : 20);
  const fits = (version: number): boolean => header(version) + 8 * bytes.length <= 8 * dataBytes(version);
  let version = 1;
  while (version <= 40 && !fits(version)) version++;
  if (version > 40) return null;
  const codewords = interleave(version, encode(version, bytes));
  const candidates = Array.from({ length: 8 }, (_, mask) => draw(version, codewords, mask));
  const scores = candidates.map(penalty);
  return candidates[scores.indexOf(Math.min(...scores))]!;
}

/** Mode, length, bytes, end, and padding up to what the version holds. */
function encode(version: number, bytes: Uint8Array): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, count: number): void => {
    for (let i = count - 1; i >= 0; i--) bits.push((value >>> i) & 1);
  };
  put(4, 4);
  put(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => put(byte, 8));
  const capacity = 8 * dataBytes(version);
  put(0, Math.min(4, capacity - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let pad = 0xec; bits.length < capacity; pad ^= 0xec ^ 0x11) put(pad, 8);
  return Uint8Array.from({ length: capacity / 8 }, (_, i) => Number.parseInt(bits.slice(8 * i, 8 * i + 8).join(''), 2));
}

// --- error correction: Reed–Solomon over GF(2⁸) modulo x⁸+x⁴+x³+x²+1 ------------------------------------------------------------

function multiply(a: number, b: number): number {
  let product = 0;
  for (let i = 7; i >= 0; i--) product = (product << 1) ^ ((product >>> 7) * 0x11d) ^ (((b >>> i) & 1) * a);
  return product;
}

/** The generator polynomial of this degree, without its leading 1. */
function generator(degree: number): Uint8Array {
  const result = new Uint8Array(degree);
  result[degree - 1] = 1;
  for (let i = 0, root = 1; i < degree; i++, root = multiply(root, 2)) {
    for (let j = 0; j < degree; j++) result[j] = multiply(result[j]!, root) ^ (result[j + 1] ?? 0);
  }
  return result;
}

function remainder(data: Uint8Array, divisor: Uint8Array): Uint8Array {
  const result = new Uint8Array(divisor.length);
  for (const byte of data) {
    const factor = byte ^ result[0]!;
    result.copyWithin(0, 1);
    result[result.length - 1] = 0;
    divisor.forEach((coefficient, i) => (result[i]! ^= multiply(coefficient, factor)));
  }
  return result;
}

/** The blocks' bytes in turns, then their correction in turns. The first blocks are a byte shorter if they cannot be equal. */
function interleave(version: number, data: Uint8Array): Uint8Array {
  const [count, degree] = [BLOCKS[version - 1]!, CORRECTION[version - 1]!];
  const divisor = generator(degree);
  const shortLength = Math.floor(data.length / count);
  const shortCount = count - (data.length % count);
  const blocks: Uint8Array[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const length = shortLength + (i < shortCount ? 0 : 1);
    blocks.push(data.subarray(at, at + length));
    at += length;
  }
  const corrections = blocks.map((block) => remainder(block, divisor));
  const result: number[] = [];
  for (let i = 0; i <= shortLength; i++) for (const block of blocks) if (i < block.length) result.push(block[i]!);
  for (let i = 0; i < degree; i++) for (const correction of corrections) result.push(correction[i]!);
  return Uint8Array.from(result);
}

// --- the picture ------------------------------------------------------------------------------------------------------------

const MASKS: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

function alignmentPlaces(version: number): number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.floor((version * 8 + count * 3 + 5) / (count * 4 - 4)) * 2;
  const last = version * 4 + 10;
  return [6, ...Array.from({ length: count - 1 }, (_, i) => last - (count - 2 - i) * step)];
}

/** A picture in the making: what is set as a pattern stays, data goes where nothing is set. */
class Picture {
  readonly size: number;
  readonly dark: Grid;
  private readonly fixed: Grid;

  constructor(private readonly version: number) {
    this.size = 4 * version + 17;
    this.dark = Array.from({ length: this.size }, () => new Uint8Array(this.size));
    this.fixed = Array.from({ length: this.size }, () => new Uint8Array(this.size));
  }

  set(x: number, y: number, dark: boolean): void {
    if (x < 0 || y < 0 || x >= this.size || y >= this.size) return;
    this.dark[y]![x] = dark ? 1 : 0;
    this.fixed[y]![x] = 1;
  }

  private square(x: number, y: number, radius: number, isDark: (distance: number) => boolean): void {
    for (let dy = -radius; dy <= radius; dy++) {
      for (let dx = -radius; dx <= radius; dx++) this.set(x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
    }
  }

  patterns(): void {
    for (let i = 0; i < this.size; i++) {
      this.set(6, i, i % 2 === 0);
      this.set(i, 6, i % 2 === 0);
    }
    const far = this.size - 4;
    for (const [x, y] of [[3, 3], [far, 3], [3, far]] as const) this.square(x, y, 4, (d) => d !== 2 && d !== 4);
    const places = alignmentPlaces(this.version);
    const last = places.length - 1;
    places.forEach((x, i) =>
      places.forEach((y, j) => {
        const corner = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0);
        if (!corner) this.square(x, y, 2, (d) => d !== 1);
      }),
    );
  }

  /** Level and mask, twice, and from version 7 on the version, twice; each with a code of its own. */
  notes(mask: number): void {
    const bits = withRemainder((LEVEL_L << 3) | mask, 10, 0x537) ^ 0x5412;
    const bit = (i: number): boolean => ((bits >>> i) & 1) === 1;
    for (let i = 0; i < 15; i++) {
      const along = i < 6 ? i : i + 1;
      if (i < 8) this.set(8, along, bit(i));
      else this.set(i === 8 ? 7 : 14 - i, 8, bit(i));
      if (i < 8) this.set(this.size - 1 - i, 8, bit(i));
      else this.set(8, this.size - 15 + i, bit(i));
    }
    this.set(8, this.size - 8, true);
    if (this.version < 7) return;
    const version = withRemainder(this.version, 12, 0x1f25);
    for (let i = 0; i < 18; i++) {
      const [a, b] = [this.size - 11 + (i % 3), Math.floor(i / 3)];
      const dark = ((version >>> i) & 1) === 1;
      this.set(a, b, dark);
      this.set(b, a, dark);
    }
  }

  /** Two columns at a time from the right, up and down in turns, around what is fixed; the mask turns modules over. */
  data(codewords: Uint8Array, mask: number): void {
    let at = 0;
    for (let right = this.size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5;
      const upward = ((right + 1) & 2) === 0;
      for (let i = 0; i < this.size; i++) {
        const y = upward ? this.size - 1 - i : i;
        for (const x of [right, right - 1]) {
          if (this.fixed[y]![x]) continue;
          const bit = ((codewords[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
          this.dark[y]![x] = bit ^ (MASKS[mask]!(x, y) ? 1 : 0);
          at++;
        }
      }
    }
  }
}

/** The value with the remainder of its polynomial behind it (BCH code). */
function withRemainder(value: number, degree: number, polynomial: number): number {
  let rest = value;
  for (let i = 0; i < degree; i++) rest = (rest << 1) ^ ((rest >>> (degree - 1)) * polynomial);
  return (value << degree) | rest;
}

function draw(version: number, codewords: Uint8Array, mask: number): Grid {
  const picture = new Picture(version);
  picture.patterns();
  picture.notes(mask);
  picture.data(codewords, mask);
  return picture.dark;
}

/** How hard a picture is to read: long runs, blocks of one colour, and an uneven share of dark modules. */
function penalty(grid: Grid): number {
  const size = grid.length;
  const at = (x: number, y: number): number => grid[y]![x]!;
  let score = 0;
  let dark = 0;
  for (let i = 0; i < size; i++) {
    for (const line of [(j: number) => at(j, i), (j: number) => at(i, j)]) {
      for (let j = 0, run = 0; j < size; j++) {
        run = j > 0 && line(j) === line(j - 1) ? run + 1 : 1;
        if (run === 5) score += 3;
        else if (run > 5) score += 1;
      }
    }
    for (let j = 0; j < size; j++) {
      dark += at(j, i);
      if (i > 0 && j > 0 && new Set([at(j, i), at(j - 1, i), at(j, i - 1), at(j - 1, i - 1)]).size === 1) score += 3;
    }
  }
  return score + 10 * Math.floor(Math.abs(20 * dark - 10 * size * size) / (size * size));
}
