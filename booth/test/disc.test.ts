/** The editions, sums, keys and signatures that Python has (vectors/disc), with the same verdicts. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Refused } from '../src/disc/errors.ts';
import { readKey, readKeys, readSignature } from '../src/disc/minisign.ts';
import { readSums } from '../src/disc/sums.ts';
import { byName, hashOf, verify } from '../src/disc/verify.ts';
import { asGroups, asWords, fingerprint, readFingerprint } from '../src/disc/words.ts';

interface Case {
  readonly what: string;
  readonly text: string;
  readonly file: string;
  readonly accept?: unknown;
  readonly step?: string;
  readonly error?: string;
}

interface EditionCase {
  readonly what: string;
  readonly files: Record<string, string>;
  readonly trusted: string[];
  readonly fingerprints: string[];
}

const load = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../vectors/disc/${name}.json`, import.meta.url), 'utf8'));
const keys = load('keys') as { secret: { public: string; fingerprint: string; words: string }[]; public: Case[]; rings: Case[] };
const sums = load('sums') as Case[];
const signatures = load('signatures') as { read: Case[] };
export const editions = load('editions') as EditionCase[];
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function judged(act: () => unknown, { accept, step, error }: Case): void {
  let found: unknown;
  try {
    found = { accept: act() };
  } catch (refusal) {
    if (!(refusal instanceof Refused)) throw refusal;
    found = { step: refusal.step, error: refusal.name };
  }
  expect(found).toEqual(accept === undefined ? { step, error } : { accept });
}

describe('what is read or refused', () => {
  it.each(sums.map((one) => [one.what, one] as const))('sums: %s', (_, one) => judged(() => [...readSums(bytes(one.text)).keys()], one));
  it.each(keys.public.map((one) => [one.what, one] as const))('a key: %s', (_, one) => judged(() => fingerprint(readKey(one.file).public), one));
  it.each(keys.rings.map((one) => [one.what, one] as const))('KEYS: %s', (_, one) =>
    judged(() => readKeys(bytes(one.file)).map(({ key }) => key.id), one));
  it.each(signatures.read.map((one) => [one.what, one] as const))('a signature: %s', (_, one) =>
    judged(() => readSignature(bytes(one.file)).keyId, one));
});

it.each(editions.map((one) => [one.what, one] as const))('an edition: %s', async (_, { what, files, trusted, fingerprints, ...expected }) => {
  const entries = Object.entries(files).map(([path, text]) => [path, new Blob([text])] as const);
  const report = await verify(byName(entries), trusted.map(readKey), fingerprints);
  expect({
    verdict: report.verdict,
    step: report.refusal?.step ?? null,
    error: report.refusal?.name ?? null,
    edition: report.edition?.comment ?? null,
    ways: report.signed.map(({ way }) => way.map(({ id }) => id)),
    changed: report.changed,
    extra: report.extra,
    missing: report.missing,
    left_behind: report.leftBehind,
  }).toEqual(expected);
});

it('shows and reads the fingerprints of the library', () => {
  for (const one of keys.secret) {
    const digits = fingerprint(readKey(one.public).public);
    expect([digits, asWords(digits).join(' '), asGroups(digits).join('')]).toEqual([one.fingerprint, one.words, digits]);
    const persian = digits.replace(/[0-9]/g, (digit) => String.fromCharCode(0x6f0 + Number(digit)));
    for (const typed of [one.words, ` ${one.words.toUpperCase()}\n`, asGroups(digits).join(' '), persian]) {
      expect(readFingerprint(typed)).toBe(digits);
    }
  }
  for (const typed of ['', '1', '9'.repeat(40), `${'abandon '.repeat(11)}sanduq`, 'abandon '.repeat(13)]) expect(readFingerprint(typed)).toBeNull();
});

it('hashes large files piece by piece, to the same', async () => {
  const large = new Blob([new Uint8Array(2 ** 26)]);
  expect(await hashOf(large)).toBe('3b6a07d0d404fab4e23b6d34bc6696a6a312dd92821332385e5af7c01c421351');
});

it('knows a name in the form in which some systems hand it over, once', () => {
  const [one, two] = [new Blob(['1']), new Blob(['2'])];
  expect([...byName([['u\u0308', one]]).keys()]).toEqual(['ü']);
  expect([...byName([['ü', one], ['u\u0308', two]]).keys()]).toEqual(['ü', 'u\u0308']);
});

it('takes a file that cannot be read for a change', async () => {
  const { files, trusted } = editions[0]!;
  const broken = Object.assign(new Blob(['x']), { arrayBuffer: () => Promise.reject(new Error('scratched')) });
  const entries = Object.entries(files).map(([path, text]) => [path, path === 'START.html' ? broken : new Blob([text])] as const);
  expect((await verify(byName(entries), trusted.map(readKey), [])).changed).toEqual(['START.html']);
});
