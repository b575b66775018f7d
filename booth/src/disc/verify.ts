/** Whether a folder is the edition that its signers signed (spec 10.e): the library's verdict, from files that a browser hands over. */
import { sha256 } from '@noble/hashes/sha2.js';
import { caught, Refused, require } from './errors.ts';
import { checkSignature, follow, LARGEST, LARGEST_KEYS, readEdition, readKeys, readSignature, sameKey } from './minisign.ts';
import type { Edition, Key, KeyEntry, Reached, Signature } from './minisign.ts';
import { comparePaths, LARGEST_SUMS, leftBehind, readSums, SIGNATURE, SUMS } from './sums.ts';

export type Verdict = 'good' | 'incomplete' | 'unconfirmed' | 'bad';

export interface Signed {
  readonly name: string;
  readonly keyId: string;
  /** null: nobody knows it. */
  readonly key: Key | null;
  /** From a key that the reader trusts to this one; empty if none leads here. */
  readonly way: readonly Key[];
  readonly edition: Edition | null;
  readonly refusal: Refused | null;
}

export interface Report {
  readonly verdict: Verdict;
  /** The worst that is wrong; null if the verdict is good. */
  readonly refusal: Refused | null;
  readonly edition: Edition | null;
  readonly signed: readonly Signed[];
  readonly files: number;
  readonly changed: readonly string[];
  readonly extra: readonly string[];
  readonly missing: readonly string[];
  readonly leftBehind: readonly string[];
}

type Files = ReadonlyMap<string, Blob>;
type Progress = (done: number, total: number) => void;

/** Above this, a file is read piece by piece: the browser's own hash wants all of it in memory. */
const WHOLE = 2 ** 22;

export async function hashOf(file: Blob): Promise<string> {
  let digest: Uint8Array;
  if (file.size <= WHOLE && globalThis.crypto?.subtle) {
    digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await file.arrayBuffer()));
  } else {
    const hash = sha256.create();
    const reader = (file.stream() as ReadableStream<Uint8Array>).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) hash.update(piece.value);
    digest = hash.digest();
  }
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Some systems hand names over in another form of Unicode than they were given. A name that is taken then keeps its own. */
export function byName(entries: Iterable<readonly [string, Blob]>): Files {
  const files = new Map<string, Blob>();
  for (const [path, file] of entries) {
    const name = path.normalize('NFC');
    files.set(files.has(name) ? path : name, file);
  }
  return files;
}

async function read(files: Files, name: string, largest: number): Promise<Uint8Array> {
  const file = files.get(name);
  const refusal = name === SUMS ? 'SumsMalformed' : 'MinisignMalformed';
  if (!file || file.size > largest) throw new Refused(refusal, name);
  return new Uint8Array(await file.arrayBuffer());
}

async function awaited<T>(work: Promise<T>): Promise<T | Refused> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

function judge(name: string, given: Signature, data: Uint8Array, reached: readonly Reached[], known: readonly KeyEntry[]): Signed {
  const expected = SIGNATURE.exec(name)?.[1] ?? given.keyId;
  require('SignatureOtherKey', given.keyId === expected);
  const none = { name, keyId: given.keyId, key: null, way: [], edition: null, refusal: null };
  let first: Signed = none;
  for (const { key } of [...reached, ...known].filter((one) => one.key.id === given.keyId)) {
    const found = caught(() => {
      checkSignature(given, key, data);
      return readEdition(given.comment);
    });
    if (!(found instanceof Refused)) {
      return { ...none, key, way: reached.find((one) => sameKey(one.key, key))?.way ?? [], edition: found };
    }
    if (first === none) first = { ...none, key, refusal: found };
  }
  return first;
}

/** `keys` and `fingerprints` (40 digits) are the reader's own. Memory is bounded by the sums, not by the files. */
export async function verify(files: Files, keys: readonly Key[], fingerprints: readonly string[], progress: Progress = () => {}): Promise<Report> {
  const nothing = { edition: null, signed: [], files: 0, changed: [], extra: [], missing: [], leftBehind: [] };
  const data = await awaited(read(files, SUMS, LARGEST_SUMS));
  const listed = data instanceof Refused ? data : caught(() => readSums(data));
  if (data instanceof Refused || listed instanceof Refused) return { verdict: 'bad', refusal: listed as Refused, ...nothing };
  const wrong: Refused[] = [];
  let known: KeyEntry[] = [];
  let reached: Reached[] = keys.map((key) => ({ key, way: [key] }));
  if (files.has('KEYS')) {
    const text = await awaited(read(files, 'KEYS', LARGEST_KEYS));
    const entries = text instanceof Refused ? text : caught(() => readKeys(text));
    const found = entries instanceof Refused ? entries : caught(() => follow((known = entries), keys, fingerprints));
    if (found instanceof Refused) wrong.push(found);
    else reached = found;
  }
  const signed: Signed[] = [];
  const names = [...files.keys()].filter((name) => SIGNATURE.test(name)).sort((a, b) => a.length - b.length || comparePaths(a, b));
  for (const name of names) {
    const bytes = await awaited(read(files, name, LARGEST));
    const found = bytes instanceof Refused ? bytes : caught(() => judge(name, readSignature(bytes), data, reached, known));
    signed.push(found instanceof Refused ? { name, keyId: '', key: null, way: [], edition: null, refusal: found } : found);
  }
  for (const { refusal } of signed) if (refusal) wrong.push(refusal);
  const said = new Set(signed.filter(({ way }) => way.length > 0).flatMap(({ edition }) => edition?.comment ?? []));
  if (said.size > 1) wrong.push(new Refused('EditionComment', [...said].join(', ')));
  const there = [...listed.keys()].filter((path) => files.has(path));
  const unlisted = [...files.keys()].filter((path) => !listed.has(path) && path !== SUMS && !SIGNATURE.test(path)).sort(comparePaths);
  return conclude(wrong, {
    edition: signed.find(({ way, edition }) => way.length > 0 && edition)?.edition ?? null,
    signed,
    files: there.length,
    changed: await changedOf(files, listed, there, progress),
    extra: unlisted.filter((path) => leftBehind(path) === null),
    missing: [...listed.keys()].filter((path) => !files.has(path)),
    leftBehind: [...new Set(unlisted.flatMap((path) => leftBehind(path) ?? []))],
  });
}

async function changedOf(files: Files, listed: ReadonlyMap<string, string>, there: readonly string[], progress: Progress): Promise<string[]> {
  const total = there.reduce((sum, path) => sum + files.get(path)!.size, 0);
  const changed: string[] = [];
  let done = 0;
  for (const path of there) {
    const file = files.get(path)!;
    // What the disc does not give any more is not what was signed, either.
    const hash = await hashOf(file).catch(() => null);
    if (hash !== listed.get(path)) changed.push(path);
    progress((done += file.size), total);
  }
  return changed;
}

function conclude(wrong: readonly Refused[], found: Omit<Report, 'verdict' | 'refusal'>): Report {
  const { changed, extra, missing, edition, signed } = found;
  const refusal =
    wrong[0] ??
    (changed.length > 0 ? new Refused('FileChanged', changed[0]) : null) ??
    (extra.length > 0 ? new Refused('FileExtra', extra[0]) : null) ??
    (edition === null ? new Refused('EditionUnsigned') : null) ??
    (missing.length > 0 ? new Refused('FileMissing', missing[0]) : null);
  const isBad = wrong.length > 0 || changed.length > 0 || extra.length > 0 || signed.length === 0;
  const verdict = isBad ? 'bad' : edition === null ? 'unconfirmed' : missing.length > 0 ? 'incomplete' : 'good';
  return { verdict, refusal, ...found };
}
