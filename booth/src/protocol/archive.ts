/** Reading a `.bel` as far as its ballots (spec 0.d): the setup, then each ballot as it was taken. */
import { Refused, require } from './errors.ts';
import { Form, read, requireSame, write, type Json } from './json.ts';
import { sha256Hex } from './numbers.ts';

const BLOCK = 512;
const LARGEST_EVENT = 512;
const LARGEST_RECORD = 1 << 24;
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

/** Iterates over the events of one archive, each with the data records that it brings (0.1, 0.2, 0.6 to 0.15). */
export class ArchiveReader {
  /** The longest record that may follow: lowered by whoever knows the questions (0.10). */
  largest = LARGEST_RECORD;
  private at = 0;
  private head: string | null = null;
  private height = -1;
  private kind = '';
  private time = 0;

  constructor(private readonly bytes: Uint8Array) {}

  *entries(): Generator<Entry> {
    this.first();
    while (this.at < this.bytes.length) yield this.entry();
  }

  private first(): void {
    const record = this.record(LARGEST_EVENT, true);
    this.time = record.time;
    const fields = new Form('ArchiveHeader').fields(read(record.content), ['version', 'timestamp']);
    require('ArchiveHeader', fields.version === 1 && Number(fields.timestamp) === record.time);
    const timestamp = record.time < 1 << 30 ? record.time : record.time.toString();
    requireSame(record.content, write({ version: 1, timestamp }));
  }

  private record(largest: number, first: boolean): ArchiveRecord {
    const block = ascii.decode(this.take(BLOCK));
    const field = (from: number, to: number): number => {
      const digits = block.slice(from, to).replace(/[\0 ]+$/, '');
      require('TarHeader', /^[0-7]+$/.test(digits));
      return Number.parseInt(digits, 8);
    };
    const [name, size, time] = [block.slice(0, 100).replace(/\0+$/, ''), field(124, 136), field(136, 148)];
    require('TarHeader', recordHeader(name, size, time) === block);
    require('RecordName', (name === 'BELENIOS') === first);
    require('ArchiveHeader', first || time === this.time);
    require('RecordOversize', size <= (name.endsWith('.event.json') ? LARGEST_EVENT : largest), name);
    const filled = this.take(size + ((BLOCK - (size % BLOCK)) % BLOCK));
    require('TarHeader', filled.subarray(size).every((byte) => byte === 0), 'padding is not zero');
    return { name, time, content: filled.subarray(0, size) };
  }

  private entry(): Entry {
    const names: string[] = [];
    const data: Uint8Array[] = [];
    for (;;) {
      require('Truncated', this.at < this.bytes.length, 'the file ends before an event');
      const record = this.record(this.largest, false);
      const match = NAME.exec(record.name);
      if (match === null) throw new Refused('RecordName', record.name);
      require('RecordHash', sha256Hex(record.content) === match[1], record.name);
      if (match[2] === 'event') return this.link(record.content, match[1]!, names, data);
      names.push(match[1]!);
      data.push(record.content);
      require('EventPayload', data.length <= 5, 'too many data records without an event');
    }
  }

  private link(content: Uint8Array, hash: string, names: readonly string[], data: readonly Uint8Array[]): Entry {
    const event = readEvent(content);
    require('EventParent', event.parent === this.head);
    require('EventHeight', event.height === this.height + 1);
    require('EventOrder', KINDS[this.kind]!.next.includes(event.kind), `${event.kind} may not follow ${this.kind}`);
    require('EventPayload', KINDS[event.kind]!.data.includes(names.length), event.kind);
    require('EventPayload', event.payload === (names.at(-1) ?? null), event.kind);
    if (names.length > 1) {
      const named = referencesOf(event.kind, read(data.at(-1)!));
      require('EventPayload', named.join() === names.slice(0, -1).join(), 'a record names others than those before it');
    }
    [this.head, this.height, this.kind] = [hash, event.height, event.kind];
    return { kind: event.kind, height: event.height, hash, data };
  }

  private take(count: number): Uint8Array {
    require('Truncated', this.at + count <= this.bytes.length);
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
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

/** The hashes of other records that a payload names. */
function referencesOf(kind: string, value: Json): string[] {
  const hash = (item: Json | undefined): string[] => (item === undefined ? [] : [form.hash(item, 'hash')]);
  if (kind === 'Setup') {
    const needed = ['election', 'trustees', 'credentials'] as const;
    const fields = form.fields(value, needed, ['credentials_certificate']);
    return [...needed.flatMap((name) => hash(fields[name])), ...hash(fields.credentials_certificate)];
  }
  if (kind === 'EncryptedTally') {
    return hash(form.fields(value, ['num_tallied', 'total_weight', 'encrypted_tally']).encrypted_tally);
  }
  return hash(form.fields(value, ['owner', 'payload']).payload);
}
