/**
 * A good archive changed at random, the same at every run: every change is refused. Bytes anywhere, which hashes and chain betray; and bytes in
 * one record with all hashes mended after it, so that what the record means has to betray it. SANDUQ_BOOTH_MUTATIONS says how many.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ArchiveReader, recordHeader, type Entry } from '../src/protocol/archive.ts';
import { Refused } from '../src/protocol/errors.ts';
import { weightValue, write } from '../src/protocol/json.ts';
import { verifyArchive } from '../src/verify/archive.ts';
import { localEngine } from '../src/verify/ballots.ts';
import { FileSource } from '../src/verify/source.ts';
import { VECTORS } from './expected.ts';

const COUNT = Number(process.env.SANDUQ_BOOTH_MUTATIONS ?? 40);
// Counted, and of one ballot: little to do for each change.
const GOOD = readFileSync(new URL('steps/watch/8.11-outcome/areas/A/9aYPAsqSK7hX8x.bel', VECTORS));

/** A small generator whose numbers are the same everywhere (xorshift). */
let state = 88675123;
function below(n: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % n;
}

async function verdictOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  try {
    await verifyArchive(new FileSource(new Blob([bytes])), localEngine());
    return 'accepted';
  } catch (error) {
    if (error instanceof Refused) return error.step;
    throw error;
  }
}

/** One byte changed, left out or put in. */
function changed(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const at = below(bytes.length);
  const act = below(4);
  if (act === 0) return Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + 1)]);
  if (act === 1) return Uint8Array.from([...bytes.subarray(0, at), 32 + below(95), ...bytes.subarray(at)]);
  const copy = Uint8Array.from(bytes);
  // Mostly another digit for a digit: what can still be read.
  const digit = 48 + below(10);
  copy[at] = copy[at]! >= 48 && copy[at]! < 58 && copy[at] !== digit ? digit : copy[at]! ^ (1 << below(8));
  return copy;
}

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
const text = (data: Uint8Array): string => Buffer.from(data).toString('latin1');

/** The archive of these events, with all names, references, parents and payloads made anew. */
function mended(time: number, entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const out: Buffer[] = [];
  const names = new Map<string, string>();
  const put = (name: string, content: string): void => {
    const bytes = Buffer.from(content, 'latin1');
    out.push(Buffer.from(recordHeader(name, bytes.length, time), 'latin1'), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512));
  };
  const rename = (content: string): string => [...names].reduce((found, [old, now]) => found.replaceAll(old, now), content);
  put('BELENIOS', write({ version: 1, timestamp: weightValue(BigInt(time)) }));
  let parent: string | null = null;
  for (const { kind, height, data, payload } of entries) {
    let last: string | null = payload;
    for (const [i, record] of data.entries()) {
      // Only the last record of an event names others.
      const isNaming = i > 0 && i === data.length - 1;
      const content = isNaming ? rename(text(record)) : text(record);
      const name = sha256(Buffer.from(content, 'latin1'));
      names.set(ORIGINAL.get(`${height} ${i}`)!, (last = name));
      put(`${name}.data.json`, content);
    }
    const event: string = JSON.stringify({ ...(parent !== null && { parent }), height, type: kind, ...(last !== null && { payload: last }) });
    parent = sha256(Buffer.from(event));
    put(`${parent}.event.json`, event);
  }
  return Uint8Array.from(Buffer.concat(out));
}

const ENTRIES = [...new ArchiveReader(new Uint8Array(GOOD)).entries()];
const TIME = Number.parseInt(text(GOOD.subarray(136, 147)), 8);
const ORIGINAL = new Map(ENTRIES.flatMap(({ height, data }) => data.map((record, i) => [`${height} ${i}`, sha256(record)] as const)));

describe('a good archive', () => {
  it('is accepted, and is made anew as it was', async () => {
    expect(await verdictOf(new Uint8Array(GOOD))).toBe('accepted');
    expect(Buffer.from(mended(TIME, ENTRIES)).equals(GOOD)).toBe(true);
  });

  it(`is refused with any byte changed (${COUNT})`, { timeout: 60_000 + COUNT * 500 }, async () => {
    for (let i = 0; i < COUNT; i++) {
      const bytes = changed(GOOD);
      expect(await verdictOf(bytes), `change ${i}`).not.toBe('accepted');
    }
  });

  it(`is refused with a byte of one record changed, and all hashes mended (${COUNT})`, { timeout: 60_000 + COUNT * 500 }, async () => {
    const found = new Set<string>();
    for (let i = 0; i < COUNT; i++) {
      const at = below(ENTRIES.length);
      // Not the roll: a voter more who has not voted is another election, and a good one.
      const records = ENTRIES[at]!.data.flatMap((_, n) => (at === 0 && n === 2 ? [] : [n]));
      const which = records[below(records.length)];
      const entries = ENTRIES.map((entry, e) => {
        if (e !== at) return entry;
        return { ...entry, data: entry.data.map((record, n) => (n === which ? changed(record) : record)) };
      });
      if (which === undefined) continue; // EndBallots brings no record
      const step = await verdictOf(mended(TIME, entries));
      expect(step, `change ${i}: event ${at}, record ${which}`).not.toBe('accepted');
      found.add(step);
    }
    expect(found.size).toBeGreaterThan(5);
  });
});
