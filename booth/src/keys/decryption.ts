/**
 * A trustee's part of opening the sums (spec 7.b, 7.f), and what a trustee refuses first (7.d): the library's `count/trustee.py` and
 * `watch/trustee.py`. A trustee must never become an oracle that opens one ballot, so nothing here is called before the archive has been
 * verified whole.
 */
import { Refused, require } from '../protocol/errors.ts';
import { hexOf, modQ, secretPower, G, type Point } from '../protocol/group.ts';
import { Form, read, write, writeSorted, type Json } from '../protocol/json.ts';
import { hashToScalar, sha256Hex, utf8, type Random } from '../protocol/numbers.ts';
import type { Proof } from '../protocol/proofs.ts';
import { checkBinding, checkDecryption, tallyText, type Factors, type Rows, type Sums } from '../verify/count.ts';
import type { Phase } from '../verify/archive.ts';
import type { Election } from '../protocol/election.ts';
import type { Trustee } from '../verify/trustees.ts';
import { proofOf, proofValue } from '../verify/values.ts';

const form: Form = new Form('DecryptionMalformed');

/** One trustee's part of one area: factors with their proofs, and the second proofs. */
export interface Part {
  readonly factors: Factors;
  readonly proofs: Rows<Proof>;
  readonly bindings: Rows<Proof>;
}

/** What one trustee hands over: its number, and its parts by uuid. */
export interface Parts {
  readonly owner: number;
  readonly areas: ReadonlyMap<string, Part>;
}

/** That X = g^x and F = α^x have the same x (Chaum and Pedersen 1992). */
function proveSameExponent(prefix: string, alpha: Point, x: bigint, random: Random): Proof {
  const w = random();
  const challenge = hashToScalar(`${prefix}${hexOf(secretPower(G, w))},${hexOf(secretPower(alpha, w))}`);
  return { challenge, response: modQ(w - x * challenge) };
}

function map<A, B>(rows: Rows<A>, act: (item: A, q: number, c: number) => B): B[][] {
  return rows.map((row, q) => row.map((item, c) => act(item, q, c)));
}

/** A trustee's part with the secret key x. **Without any check** of what is decrypted: see `checkRequest`. */
export function decryptSums(sums: Sums, election: Election, x: bigint, random: Random): Part {
  const key = hexOf(secretPower(G, x));
  const factors = map(sums, ({ alpha }) => factorOf(alpha, x));
  const first = `decrypt|${election.fingerprint}|${key}|`;
  const proofs = map(sums, ({ alpha }) => proveSameExponent(first, alpha, x, random));
  const tally = sha256Hex(utf8(tallyText(sums)));
  const bindings = map(sums, ({ alpha }, q, c) => {
    const statement = `${election.fingerprint}|${key}|${tally}|${hexOf(alpha)},${hexOf(factors[q]![c]!)}`;
    return proveSameExponent(`sanduq-decrypt-1|${statement}|`, alpha, x, random);
  });
  return { factors, proofs, bindings };
}

/** α^x. An area without a ballot has identities, which noble's path for secrets takes as they are. */
function factorOf(alpha: Point, x: bigint): Point {
  return secretPower(alpha, x);
}

// --- the files --------------------------------------------------------------------------------------------------------------

function rowsValue<T>(rows: Rows<T>, valueOf: (item: T) => Json): Json {
  return map(rows, valueOf);
}

function decryptionText({ factors, proofs }: Part): string {
  return write({ decryption_factors: rowsValue(factors, hexOf), decryption_proofs: rowsValue(proofs, proofValue) });
}

/** What `sanduq count decrypt` writes and `sanduq count combine` takes. */
export function partsText({ owner, areas }: Parts): string {
  const told = [...areas].map(([uuid, part]) =>
    `${write(uuid)}:{"decryption":${decryptionText(part)},"bindings":${write(rowsValue(part.bindings, proofValue))}}`);
  return `{"owner":${owner},"areas":{${told.join()}}}`;
}

/** What a part is to open: sums with the key of the owner. */
export interface Wanted {
  readonly election: Election;
  readonly sums: Sums;
  readonly key: Point;
}

/** One area's part from JSON, both proofs checked (7.4, 7.7, 7.17). */
export function readPart(value: Json, { election, sums, key }: Wanted): Factors {
  const fields = form.fields(value, ['decryption', 'bindings']);
  const factors = checkDecryption(utf8(write(fields.decryption)), sums, election, key);
  const proofs = form.items(fields.bindings, 'question', (row) => form.items(row, 'proof', (item) => proofOf(form, item)));
  checkBinding({ election, sums, key, factors }, proofs);
  return factors;
}

/** Owner and areas of a file of parts; the parts are read with `readPart`. */
export function readParts(data: Uint8Array): { readonly owner: number; readonly areas: ReadonlyMap<string, Json> } {
  const fields = form.fields(read(data), ['owner', 'areas']);
  const { owner, areas } = fields;
  if (typeof areas !== 'object' || areas === null || Array.isArray(areas)) form.fail('areas');
  return { owner: form.number(owner, 'owner', 1), areas: new Map(Object.entries(areas as { readonly [uuid: string]: Json })) };
}

/** What a trustee found on its own copy: the hash of the last event of each verified area, by uuid. */
export interface Heads {
  readonly owner: number;
  readonly heads: ReadonlyMap<string, string>;
}

/** The file to exchange: that of `sanduq count heads`. */
export function headsText({ owner, heads }: Heads): string {
  return writeSorted({ owner, heads: Object.fromEntries(heads) });
}

export function readHeads(data: Uint8Array): Heads {
  const malformed: Form = new Form('MalformedJson');
  const fields = malformed.fields(read(data), ['owner', 'heads']);
  const { heads } = fields;
  if (typeof heads !== 'object' || heads === null || Array.isArray(heads)) malformed.fail('heads');
  const each = Object.entries(heads as { readonly [uuid: string]: Json }).map(([uuid, head]) => [uuid, malformed.hash(head, 'head')] as const);
  return { owner: malformed.number(fields.owner, 'owner', 1), heads: new Map(each) };
}

// --- what a trustee refuses -------------------------------------------------------------------------------------------------

/** Facts of one archive of the anchored setup that was verified just now. */
export interface Request {
  readonly uuid: string;
  readonly head: string;
  readonly phase: Phase;
  readonly decryptions: number;
  readonly counted: number;
  readonly sums: Sums;
  readonly trustees: readonly Trustee[];
}

/** SHA-256 of the encrypted tally: what is remembered of a request. */
export function tallyHash({ sums }: Pick<Request, 'sums'>): string {
  return sha256Hex(utf8(tallyText(sums)));
}

/** Which owner (from 1) a secret key makes its holder (3.18). */
export function ownerOfKey(trustees: readonly Trustee[], x: bigint): number {
  const key = secretPower(G, x);
  const found = trustees.flatMap(({ keys }) => keys).findIndex((one) => one.equals(key));
  require('SecretKeyMismatch', found >= 0, 'no trustee of this election has this key');
  return found + 1;
}

/** An encrypted sum that nobody has decrypted yet, and the same that enough other trustees have (0.15, 7.14). */
export function checkRequest(request: Request, owner: number, others: readonly Heads[]): void {
  const fresh = request.phase === 'counting' && request.decryptions === 0;
  require('EventOrder', fresh, `only an encrypted tally that nobody has decrypted yet is decrypted, got ${request.phase}`);
  const needed = request.trustees.reduce((sum, item) => sum + item.needed, 0);
  const owners = others.map((theirs) => theirs.owner);
  require('HeadMismatch', !owners.includes(owner), `a file of heads is this trustee's own: trustee ${owner}`);
  require('HeadMismatch', new Set(owners).size === owners.length, 'two files of heads are of the same trustee');
  require('HeadMismatch', owners.length >= needed - 1, `other trustees' heads: expected ${needed - 1} or more, got ${owners.length}`);
  for (const theirs of others) {
    const got = theirs.heads.get(request.uuid);
    if (got !== request.head) {
      throw new Refused('HeadMismatch', `expected ${request.head}, got ${got ?? 'none'}`).within(`heads of trustee ${theirs.owner}`);
    }
  }
}

/** Enough ballots, or none (7.12). */
export function isBelow({ counted }: Pick<Request, 'counted'>, minimum: number): boolean {
  return counted !== 0 && counted < minimum;
}
