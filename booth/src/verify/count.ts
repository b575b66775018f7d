/** The encrypted tally, the trustees' decryptions, and the result that they give (spec 7.a to 7.c, 7.f). */
import { choicesOf, type Election } from '../protocol/election.ts';
import { inside, require } from '../protocol/errors.ts';
import { G, hexOf, IDENTITY, modQ, Q, vartimePower, type Point } from '../protocol/group.ts';
import { Form, read, requireSame, weightValue, write, type Json } from '../protocol/json.ts';
import { sha256Hex, utf8 } from '../protocol/numbers.ts';
import type { Ciphertext, Proof } from '../protocol/proofs.ts';
import type { Trustee } from './trustees.ts';
import { pointOf, proofOf, proofValue, sameExponent } from './values.ts';

const MAX_QUESTIONS = 50;
const MAX_CHOICES = 251;

/** For each question, one for each choice. */
export type Rows<T> = readonly (readonly T[])[];
export type Sums = Rows<Ciphertext>;
export type Factors = Rows<Point>;
export type Result = Rows<bigint>;

function shapeOf(election: Election): string {
  return election.questions.map(choicesOf).join();
}

function shape(rows: Rows<unknown>): string {
  return rows.map((row) => row.length).join();
}

function rowsOf<T>(form: Form, value: Json, what: string, readOne: (item: Json) => T): T[][] {
  return form.items(value, 'question', (row) => form.items(row, what, readOne, MAX_CHOICES), MAX_QUESTIONS);
}

function rowsValue<T>(rows: Rows<T>, valueOf: (item: T) => Json): Json {
  return rows.map((row) => row.map(valueOf));
}

// --- the encrypted tally ----------------------------------------------------------------------------------------------------

/** The canonical text of an encrypted tally. */
export function tallyText(sums: Sums): string {
  return write(rowsValue(sums, ({ alpha, beta }) => ({ alpha: hexOf(alpha), beta: hexOf(beta) })));
}

/** An encrypted tally with the shape of the questions (7.11, 0.2 to 0.5), which is the product of the ballots (7.3). */
export function checkTally(data: Uint8Array, election: Election, sums: Sums): void {
  const form = new Form('TallyMalformed');
  const read_ = rowsOf(form, read(data), 'choice', (value) => {
    const fields = form.fields(value, ['alpha', 'beta']);
    return { alpha: pointOf(form, fields.alpha, 'alpha'), beta: pointOf(form, fields.beta, 'beta') };
  });
  require('TallyMalformed', shape(read_) === shapeOf(election), `expected ${shapeOf(election)} choices, got ${shape(read_)}`);
  requireSame(data, tallyText(read_));
  const same = read_.every((row, q) => row.every((one, c) => one.alpha.equals(sums[q]![c]!.alpha) && one.beta.equals(sums[q]![c]!.beta)));
  require('EncryptedSumWrong', same);
}

// --- partial decryptions ----------------------------------------------------------------------------------------------------

/** A partial decryption whose every factor is the trustee's part of opening these sums (7.4, 7.7, 0.2 to 0.5); its factors. */
export function checkDecryption(data: Uint8Array, sums: Sums, election: Election, key: Point): Factors {
  const form = new Form('DecryptionMalformed');
  const fields = form.fields(read(data), ['decryption_factors', 'decryption_proofs']);
  const factors = rowsOf(form, fields.decryption_factors, 'factor', (item) => pointOf(form, item, 'factor'));
  const proofs = rowsOf(form, fields.decryption_proofs, 'proof', (item) => proofOf(form, item));
  requireSame(data, write({ decryption_factors: rowsValue(factors, hexOf), decryption_proofs: rowsValue(proofs, proofValue) }));
  require('DecryptionMalformed', shape(factors) === shape(sums) && shape(proofs) === shape(sums), 'not of the shape of the tally');
  const prefix = `decrypt|${election.fingerprint}|${hexOf(key)}|`;
  sums.forEach((row, q) =>
    row.forEach(({ alpha }, c) => {
      const holds = sameExponent(prefix, key, alpha, factors[q]![c]!, proofs[q]![c]!);
      require('DecryptionProofInvalid', holds, `question ${q + 1}, choice ${c + 1}`);
    }),
  );
  return factors;
}

/** What the second proofs of one trustee are about (7.f). */
export interface Decrypted {
  readonly election: Election;
  readonly sums: Sums;
  readonly key: Point;
  readonly factors: Factors;
}

/** The second proofs bind every factor to this very tally (7.17). */
export function checkBinding({ election, sums, key, factors }: Decrypted, proofs: Rows<Proof>): void {
  require('BindingInvalid', shape(proofs) === shape(sums), 'numbers of proofs');
  const tally = sha256Hex(utf8(tallyText(sums)));
  sums.forEach((row, q) =>
    row.forEach(({ alpha }, c) => {
      const factor = factors[q]![c]!;
      const prefix = `sanduq-decrypt-1|${election.fingerprint}|${hexOf(key)}|${tally}|${hexOf(alpha)},${hexOf(factor)}|`;
      require('BindingInvalid', sameExponent(prefix, key, alpha, factor, proofs[q]![c]!), `question ${q + 1}, choice ${c + 1}`);
    }),
  );
}

/** The second proofs in `<uuid>.proofs`, by owner (7.17). */
export function readBindings(data: Uint8Array): Map<number, Rows<Proof>> {
  const form = new Form('BindingInvalid');
  const value = read(data);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) form.fail('proofs by owner');
  const owners = Object.entries(value as { readonly [owner: string]: Json });
  if (!owners.every(([owner]) => /^[0-9]{1,3}$/.test(owner))) form.fail('proofs by owner');
  const one = (item: Json): Proof => proofOf(form, item);
  const read_ = owners.map(([owner, rows]) => {
    const proofs = form.items(rows, 'question', (row) => form.items(row, 'proof', one, 2048), 64);
    return [Number(owner), proofs] as const;
  });
  const proofs = new Map(read_.sort(([a], [b]) => a - b));
  const text = [...proofs].map(([owner, rows]) => `"${owner}":${write(rowsValue(rows, proofValue))}`);
  requireSame(data, `{${text.join()}}`, 'BindingInvalid');
  return proofs;
}

// --- the result -------------------------------------------------------------------------------------------------------------

/** λ of `index` within `indices`, for the polynomial's value at `at`: ∏ (k − at)/(k − index) over the others, modulo q. */
function lagrange(index: number, indices: readonly number[], at: number): bigint {
  let [above, below] = [1n, 1n];
  for (const k of indices) {
    if (k === index) continue;
    above = modQ(above * BigInt(k - at));
    below = modQ(below * BigInt(k - index));
  }
  return modQ(above * inverse(below));
}

/** x^(q−2): q is a prime. */
function inverse(x: bigint): bigint {
  let [result, base] = [1n, x];
  for (let e = Q - 2n; e > 0n; e >>= 1n) {
    if (e & 1n) result = modQ(result * base);
    base = modQ(base * base);
  }
  return result;
}

function multiply(left: Factors, right: Factors): Factors {
  return left.map((row, q) => row.map((factor, c) => factor.add(right[q]![c]!)));
}

/** α^f(at) for the polynomial f that has α^f(i) in `parts` at each i of `used`. */
function interpolate(parts: ReadonlyMap<number, Factors>, used: readonly number[], at: number): Factors {
  const powers: Factors[] = used.map((i) => {
    const weight = lagrange(i, used, at);
    return parts.get(i)!.map((row) => row.map((factor) => vartimePower(factor, weight)));
  });
  return powers.reduce(multiply);
}

function same(left: Factors, right: Factors): boolean {
  return left.every((row, q) => row.every((factor, c) => factor.equals(right[q]![c]!)));
}

/** The factors of the whole key from those of enough trustees, by owner (7.8); those beyond them must fit (7.16). */
export function combine(trustees: readonly Trustee[], decryptions: ReadonlyMap<number, Factors>): Factors {
  let total: Factors | null = null;
  let first = 1;
  for (const { keys, needed } of trustees) {
    const found = keys.flatMap((_, i) => (decryptions.has(first + i) ? [i + 1] : []));
    const parts = new Map(found.map((i) => [i, decryptions.get(first + i - 1)!]));
    const last = first + keys.length - 1;
    require('DecryptionsMissing', found.length >= needed, `expected ${needed} of trustees ${first} to ${last}, got ${found.length}`);
    const used = found.slice(0, needed);
    for (const beyond of found.slice(needed)) {
      const fits = same(interpolate(parts, used, beyond), parts.get(beyond)!);
      require('DecryptionsDisagree', fits, `trustee ${first + beyond - 1} and ${used.length} others`);
    }
    const factors = interpolate(parts, used, 0);
    total = total === null ? factors : multiply(total, factors);
    first += keys.length;
  }
  return total ?? [];
}

/** A published result with the shape of the questions, which is what the decryptions give (7.9, 0.2, 7.10). */
export function checkResult(data: Uint8Array, election: Election, sums: Sums, factors: Factors): Result {
  const form = new Form('ResultMalformed');
  const fields = form.fields(read(data), ['result']);
  const result = form.items(fields.result, 'question', (row) => form.items(row, 'choice', (votes) => form.weight(votes, 'votes')));
  require('ResultMalformed', shape(result) === shapeOf(election), `expected ${shapeOf(election)} choices, got ${shape(result)}`);
  requireSame(data, write({ result: rowsValue(result, weightValue) }));
  sums.forEach((row, q) =>
    row.forEach(({ beta }, c) => {
      const votes = beta.subtract(factors[q]?.[c] ?? IDENTITY);
      const holds = vartimePower(G, result[q]![c]!).equals(votes);
      inside(`question ${q + 1}, choice ${c + 1}`, () => require('ResultWrong', holds, `got ${result[q]![c]!}`));
    }),
  );
  return result;
}
