/** Reading a `.bel` (spec 0.d): its events in their order, each with the records that it brings. */
import { inside, Refused, require } from './errors.ts';
import { Form, read, requireSame, weightValue, write, type Json } from './json.ts';
import { sha256Hex } from './numbers.ts';

const BLOCK = 512;
const LARGEST_EVENT = 512;
const LARGEST_RECORD = 1 << 24;
/** The public list, which stands third in the setup. */
const LARGEST_ROLL = 1 << 30;
const ROLL = 2;
const NAME = /^([0-9a-f]{64})\.(data|event)\.json$/;
const form = new Form('MalformedJson');
const ascii = new TextDecoder('latin1');

/** How many data records an event brings, and what may follow it (0.14, 0.15). */
const KINDS: Record<string, { readonly data: readonly number[]; readonly next: readonly string[] }> = {
  '': { data: [], next: ['Setup'] },
  Setup: { data: [4, 5], next: ['Ballot', 'EndBallots'] },
  Ballot: { data: [1], next: ['Ballot', 'EndBallots'] },
  EndBallots: { data: [0], next: ['EncryptedTally'] },
  EncryptedTally: { data: [2], next: ['EndShuffles', 'PartialDecryption', 'Result'] },
  Shuffle: { data: [2], next: [] },
  EndShuffles: { data: [0], next: ['PartialDecryption', 'Result'] },
  PartialDecryption: { data: [2], next: ['PartialDecryption', 'Result'] },
  Result: { data: [1], next: [] },
};

export interface Entry {
  readonly kind: string;
  readonly height: number;
  readonly hash: string;
  readonly payload: string | null;
  readonly data: readonly Uint8Array[];
}

interface ArchiveRecord {
  readonly name: string;
  readonly time: number;
  readonly content: Uint8Array;
}

/** The one form of a header for given name, size and time (0.7). */
export function recordHeader(name: string, size: number, time: number): string {
  const octal = (value: number): string => `${value.toString(8).padStart(11, '0')}\0`;
  const before = `${name.padEnd(100, '\0')}0000644\0${'0000000\0'.repeat(2)}${octal(size)}${octal(time)}`;
  const after = '0'.padEnd(BLOCK - 156, '\0');
  let sum = 8 * 32;
  for (const character of before + after) sum += character.charCodeAt(0);
  return `${before}${sum.toString(8).padStart(6, '0')}\0 ${after}`;
}

/** What a reader asks for: so many bytes, or (0) whether there are any. The answer is null where the file ends before. */
type Asking<T> = Generator<number, T, Uint8Array | null>;

/** A file that is read from its beginning to its end. `take` gives exactly so many bytes, or null; of 0 bytes an empty list, or null at the end. */
export interface Source {
  take(count: number): Promise<Uint8Array | null>;
}

/**
 * Iterates over the events of one archive, each with the data records that it brings (0.1, 0.2, 0.6 to 0.15). It asks for bytes and does not
 * care where they come from: `entries` reads what is in memory, `stream` a source of any length.
 */
export class ArchiveReader {
  /** The longest record that may follow: lowered by whoever knows the questions (0.10). */
  largest = LARGEST_RECORD;
  /** Of the last whole event. */
  head: string | null = null;
  height = -1;
  kind = '';
  records = 0;
  private time = 0;

  constructor(private readonly bytes: Uint8Array = new Uint8Array()) {}

  *entries(): Generator<Entry> {
    let at = 0;
    const take = (count: number): Uint8Array | null => {
      if (at + count > this.bytes.length || (count === 0 && at === this.bytes.length)) return null;
      at += count;
      return this.bytes.subarray(at - count, at);
    };
    const asking = this.asking();
    for (let step = asking.next(); !step.done; ) {
      if (typeof step.value === 'number') {
        step = asking.next(take(step.value));
      } else {
        yield step.value;
        step = asking.next(null);
      }
    }
  }

  async *stream(source: Source): AsyncGenerator<Entry> {
    const asking = this.asking();
    for (let step = asking.next(); !step.done; ) {
      if (typeof step.value === 'number') {
        step = asking.next(await source.take(step.value));
      } else {
        yield step.value;
        step = asking.next(null);
      }
    }
  }

  private *asking(): Generator<number | Entry, void, Uint8Array | null> {
    yield* this.first();
    while ((yield 0) !== null) yield yield* this.entry();
  }

  private *first(): Asking<void> {
    const record = yield* this.record(LARGEST_EVENT, true);
    this.time = record.time;
    const header = new Form('ArchiveHeader');
    const { version, timestamp } = header.fields(read(record.content), ['version', 'timestamp']);
    // Where true is 1, as in Python, the version may be true: then it is another text than the one that would be written.
    require('ArchiveHeader', version === 1 || version === true);
    require('ArchiveHeader', header.weight(timestamp, 'timestamp') === BigInt(record.time));
    requireSame(record.content, write({ version: 1, timestamp: weightValue(BigInt(record.time)) }));
  }

  private *record(largest: number, first: boolean): Asking<ArchiveRecord> {
    const block = ascii.decode(yield* this.take(BLOCK));
    const field = (from: number, to: number): number => {
      const digits = block.slice(from, to).replace(/[\0 ]+$/, '');
      require('TarHeader', /^[0-7]+$/.test(digits));
      return Number.parseInt(digits, 8);
    };
    const [name, size, time] = [block.slice(0, 100).replace(/\0+$/, ''), field(124, 136), field(136, 148)];
    require('TarHeader', !/[^\0-\x7f]/.test(name) && recordHeader(name, size, time) === block);
    require('RecordName', (name === 'BELENIOS') === first);
    require('ArchiveHeader', first || time === this.time);
    require('RecordOversize', size <= (name.endsWith('.event.json') ? LARGEST_EVENT : largest), name);
    const filled = yield* this.take(size + ((BLOCK - (size % BLOCK)) % BLOCK));
    require('TarHeader', filled.subarray(size).every((byte) => byte === 0), 'padding is not zero');
    this.records++;
    return { name, time, content: filled.subarray(0, size) };
  }

  private *entry(): Asking<Entry> {
    const names: string[] = [];
    const data: Uint8Array[] = [];
    for (;;) {
      require('Truncated', data.length === 0 || (yield 0) !== null, 'the file ends before an event');
      const isRoll = this.head === null && data.length === ROLL;
      const record = yield* this.record(isRoll ? LARGEST_ROLL : this.largest, false);
      const match = NAME.exec(record.name);
      if (match === null) throw new Refused('RecordName', record.name);
      require('RecordHash', sha256Hex(record.content) === match[1], record.name);
      if (match[2] === 'event') {
        const height = this.height + 1;
        return inside(`event ${height}`, () => this.link(record.content, match[1]!, names, data));
      }
      names.push(match[1]!);
      data.push(record.content);
      require('EventPayload', data.length <= 5, 'too many data records without an event');
    }
  }

  private link(content: Uint8Array, hash: string, names: readonly string[], data: readonly Uint8Array[]): Entry {
    const event = readEvent(content);
    require('EventParent', event.parent === this.head);
    require('EventHeight', event.height === this.height + 1);
    require('EventOrder', KINDS[this.kind]!.next.includes(event.kind), `${event.kind} may not follow ${this.kind || 'the beginning'}`);
    require('EventPayload', KINDS[event.kind]!.data.includes(names.length), event.kind);
    require('EventPayload', event.payload === (names.at(-1) ?? null), event.kind);
    if (names.length > 1) {
      const named = referencesOf(event.kind, data.at(-1)!);
      require('EventPayload', named.join() === names.slice(0, -1).join(), 'a record names others than those before it');
    }
    [this.head, this.height, this.kind] = [hash, event.height, event.kind];
    return { kind: event.kind, height: event.height, hash, payload: event.payload, data };
  }

  private *take(count: number): Asking<Uint8Array> {
    const bytes = count === 0 ? new Uint8Array() : yield count;
    if (bytes === null) throw new Refused('Truncated', `expected ${count} bytes more`);
    return bytes;
  }
}

function readEvent(content: Uint8Array): { parent: string | null; height: number; kind: string; payload: string | null } {
  const fields = form.fields(read(content), ['height', 'type'], ['parent', 'payload']);
  const hash = (value: Json | undefined, what: string): string | null => (value === undefined ? null : form.hash(value, what));
  const kind = form.text(fields.type, 'type');
  if (kind === '' || !Object.hasOwn(KINDS, kind)) form.fail('type');
  const event = { parent: hash(fields.parent, 'parent'), height: form.number(fields.height, 'height'), kind };
  const payload = hash(fields.payload, 'payload');
  const { parent, height } = event;
  const canonical = { ...(parent !== null && { parent }), height, type: kind, ...(payload !== null && { payload }) };
  requireSame(content, write(canonical));
  return { ...event, payload };
}

/** How many ballots are in an encrypted tally, their weight, and its hash. */
export interface Sized {
  readonly counted: number;
  readonly weight: bigint;
  readonly tally: string;
}

/** A sized encrypted tally (0.1, 0.2). */
export function readSized(data: Uint8Array): Sized {
  const fields = form.fields(read(data), ['num_tallied', 'total_weight', 'encrypted_tally']);
  const counted = form.number(fields.num_tallied, 'num_tallied');
  const weight = form.weight(fields.total_weight, 'total_weight');
  const tally = form.hash(fields.encrypted_tally, 'encrypted_tally');
  requireSame(data, write({ num_tallied: counted, total_weight: weightValue(weight), encrypted_tally: tally }));
  return { counted, weight, tally };
}

/** Whose a partial decryption is: trustees are counted from 1. */
export interface Owned {
  readonly owner: number;
  readonly payload: string;
}

/** An owned partial decryption (0.1, 0.2). */
export function readOwned(data: Uint8Array): Owned {
  const fields = form.fields(read(data), ['owner', 'payload']);
  const owned = { owner: form.number(fields.owner, 'owner'), payload: form.hash(fields.payload, 'payload') };
  requireSame(data, write(owned));
  return owned;
}

/** The hashes of other records that a payload names. */
function referencesOf(kind: string, data: Uint8Array): string[] {
  if (kind === 'EncryptedTally') return [readSized(data).tally];
  if (kind !== 'Setup') return [readOwned(data).payload];
  const needed = ['election', 'trustees', 'credentials'] as const;
  const fields = form.fields(read(data), needed, ['credentials_certificate']);
  const names = 'credentials_certificate' in fields ? ([...needed, 'credentials_certificate'] as const) : needed;
  const hashes = names.map((name) => form.hash(fields[name]!, name));
  requireSame(data, write(Object.fromEntries(names.map((name, i) => [name, hashes[i]!]))));
  return hashes;
}
