/**
 * An archive's bytes from a file that a reader picked, plain or compressed with gzip, piece by piece: never the whole of it is in memory.
 * On the way its SHA-256 is made, over all of it and over its beginnings of given lengths (8.12).
 */
import { sha256 } from '@noble/hashes/sha2.js';
import type { Source } from '../protocol/archive.ts';
import { bytesToHex } from '../protocol/numbers.ts';

/** Why nothing can be said about a file: it is no refusal, for another program, or another copy, may get on. */
export class Unreadable extends Error {
  constructor(readonly why: 'damaged' | 'large') {
    super(why);
    this.name = 'Unreadable';
  }
}

/** The longest record that is held at once (a public list of some four million), and the longest archive that is unpacked. */
const LARGEST_PIECE = 2 ** 28;
const LARGEST_UNPACKED = 2 ** 33;
const MAGIC = [0x1f, 0x8b];

/** The stream of a file as it is, or unpacked if it is compressed: told by its first two bytes, not by its name. */
async function open(file: Blob, packed: (bytes: number) => void): Promise<ReadableStream<Uint8Array>> {
  const start = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, to) {
      packed(piece.length);
      to.enqueue(piece);
    },
  });
  const stream = (file.stream() as ReadableStream<Uint8Array>).pipeThrough(counted);
  const isPacked = start.length === 2 && start.every((byte, i) => byte === MAGIC[i]);
  const unpack = (): ReadableWritablePair<Uint8Array, Uint8Array> =>
    new DecompressionStream('gzip') as unknown as ReadableWritablePair<Uint8Array, Uint8Array>;
  return isPacked ? stream.pipeThrough(unpack()) : stream;
}

export class FileSource implements Source {
  /** Bytes of the archive, unpacked, and of the file as it is. */
  size = 0;
  packed = 0;
  private readonly hash = sha256.create();
  private readonly early = new Map<number, string>();
  private readonly sizes: number[];
  private reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  private pieces: Uint8Array[] = [];
  private waiting = 0;
  private ended = false;

  /** `sizes`: of how many bytes at the beginning the SHA-256 is wanted, too. */
  constructor(
    private readonly file: Blob,
    sizes: Iterable<number> = [],
    private readonly most = LARGEST_UNPACKED,
  ) {
    this.sizes = [...new Set(sizes)].sort((a, b) => a - b);
  }

  /** How much of the file is read, from 0 to 1. */
  get part(): number {
    return this.file.size === 0 ? 1 : this.packed / this.file.size;
  }

  async take(count: number): Promise<Uint8Array | null> {
    if (count > LARGEST_PIECE) throw new Unreadable('large');
    while (this.waiting < Math.max(count, 1) && !this.ended) await this.more();
    if (this.waiting < Math.max(count, 1)) return null;
    const taken = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      const [first] = this.pieces as [Uint8Array];
      const part = first.subarray(0, count - at);
      taken.set(part, at);
      at += part.length;
      if (part.length === first.length) this.pieces.shift();
      else this.pieces[0] = first.subarray(part.length);
    }
    this.waiting -= count;
    return taken;
  }

  private async more(): Promise<void> {
    this.reader ??= (await open(this.file, (bytes) => (this.packed += bytes))).getReader();
    // A disc that cannot be read, and what is not packed as it says, end in the same way.
    const { done, value } = await this.reader.read().catch(() => {
      throw new Unreadable('damaged');
    });
    if (done) {
      this.ended = true;
      return;
    }
    if (this.size + value.length > this.most) throw new Unreadable('large');
    let from = 0;
    for (let [size] = this.sizes; size !== undefined && size <= this.size + value.length; [size] = this.sizes) {
      this.hash.update(value.subarray(from, (from = size - this.size)));
      this.early.set(size, bytesToHex(this.hash.clone().digest()));
      this.sizes.shift();
    }
    this.hash.update(value.subarray(from));
    this.size += value.length;
    this.waiting += value.length;
    if (value.length > 0) this.pieces.push(value);
  }

  /** SHA-256 of all that was read so far, or of its first bytes (null: there are not so many). */
  digest(size?: number): string | null {
    return size === undefined ? bytesToHex(this.hash.clone().digest()) : (this.early.get(size) ?? null);
  }
}
