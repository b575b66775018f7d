/**
 * Exponential ElGamal, and proofs that a ciphertext holds an allowed number (spec 4.a).
 *
 * All proofs of a ballot are one construction: a disjunction of Chaum–Pedersen proofs (Cramer, Damgård, Schoenmakers, CRYPTO
 * 1994), made non-interactive by hashing statement and commitments (Bernhard, Pereira, Warinschi, ASIACRYPT 2012).
 */
import { G, hexOf, IDENTITY, modQ, secretPower, vartimePower, type Point } from './group.ts';
import { hashToScalar, type Random } from './numbers.ts';

/** (α, β) = (g^r, y^r·g^m). */
export interface Ciphertext {
  readonly alpha: Point;
  readonly beta: Point;
}

/** Challenge e and response f, both modulo q. */
export interface Proof {
  readonly challenge: bigint;
  readonly response: bigint;
}

/** That `ciphertext` encrypts `message`. */
export interface Statement {
  readonly ciphertext: Ciphertext;
  readonly message: number;
}

/** r and m of one ciphertext: the voter's secrets. */
export interface Opening {
  readonly r: bigint;
  readonly m: number;
}

/** Encrypt m, 0 or 1, under the key y with the randomness r. */
export function encrypt(y: Point, { r, m }: Opening): Ciphertext {
  const shared = secretPower(y, r);
  // Both are computed, so that the time of an addition does not tell which one was taken.
  const both = [shared, shared.add(G)] as const;
  return { alpha: secretPower(G, r), beta: both[m === 1 ? 1 : 0] };
}

/** The encryption of the sum of all. */
export function product(ciphertexts: readonly Ciphertext[]): Ciphertext {
  let [alpha, beta] = [IDENTITY, IDENTITY];
  for (const one of ciphertexts) [alpha, beta] = [alpha.add(one.alpha), beta.add(one.beta)];
  return { alpha, beta };
}

/** `α,β`: how a ciphertext enters a hash. */
export function textOf(ciphertext: Ciphertext): string {
  return `${hexOf(ciphertext.alpha)},${hexOf(ciphertext.beta)}`;
}

/** The statements "m = low" … "m = high". */
export function interval(ciphertext: Ciphertext, low: number, high: number): Statement[] {
  return Array.from({ length: high - low + 1 }, (_, i) => ({ ciphertext, message: low + i }));
}

/** The hash's text before the commitments, for "m lies in an interval". */
export function intervalPrefix(context: string, ciphertext: Ciphertext): string {
  return `prove|${context}|${textOf(ciphertext)}|`;
}

/** `A,B` of a proof: A = g^f·α^e, B = y^f·(β/g^m)^e. Everything here is public. */
function commitment(y: Point, { ciphertext, message }: Statement, { challenge, response }: Proof): string {
  const a = vartimePower(G, response).add(vartimePower(ciphertext.alpha, challenge));
  const powers = vartimePower(y, response).add(vartimePower(ciphertext.beta, challenge));
  const b = message === 0 ? powers : powers.subtract(vartimePower(G, BigInt(message) * challenge));
  return `${hexOf(a)},${hexOf(b)}`;
}

function sumOf(proofs: readonly Proof[]): bigint {
  return modQ(proofs.reduce((sum, proof) => sum + proof.challenge, 0n));
}

/** Whether the proofs show that one of the statements holds (the caller has checked that there are as many). */
export function provesOne(y: Point, prefix: string, statements: readonly Statement[], proofs: readonly Proof[]): boolean {
  const texts = statements.map((statement, i) => commitment(y, statement, proofs[i]!));
  return hashToScalar(prefix + texts.join(',')) === sumOf(proofs);
}

/**
 * Prove that the statement at `trueIndex` holds, without showing which; `opening` is what each statement's ciphertext was made
 * from.
 *
 * The others are simulated. As the prover knows r, α^e = g^(re), and all powers are of the two bases with tables: fewer and in a
 * fixed sequence, where the general formula would need α and β. The same work is done wherever the true statement stands.
 */
export function proveOne(
  y: Point,
  prefix: string,
  statements: readonly Statement[],
  openings: readonly Opening[],
  trueIndex: number,
  random: Random,
): Proof[] {
  const w = random();
  const proofs: Proof[] = [];
  const texts = statements.map((statement, index) => {
    if (index === trueIndex) {
      proofs.push({ challenge: 0n, response: 0n });
      return `${hexOf(secretPower(G, w))},${hexOf(secretPower(y, w))}`;
    }
    const simulated = { challenge: random(), response: random() };
    proofs.push(simulated);
    return simulatedCommitment(y, statement.message, openings[index]!, simulated);
  });
  const challenge = modQ(hashToScalar(prefix + texts.join(',')) - sumOf(proofs));
  proofs[trueIndex] = { challenge, response: modQ(w - openings[trueIndex]!.r * challenge) };
  return proofs;
}

/** A = g^(f+re), B = y^(f+re)·g^((m−m')e), where m' is what is claimed. */
function simulatedCommitment(y: Point, claimed: number, { r, m }: Opening, { challenge, response }: Proof): string {
  const exponent = response + r * challenge;
  const b = secretPower(y, exponent).add(secretPower(G, BigInt(m - claimed) * challenge));
  return `${hexOf(secretPower(G, exponent))},${hexOf(b)}`;
}

/** A proof of knowledge of the exponent x of X = g^x over a text (spec 4.a, *signature*). */
export function schnorrProve(prefix: string, x: bigint, random: Random): Proof {
  const w = random();
  const challenge = hashToScalar(prefix + hexOf(secretPower(G, w)));
  return { challenge, response: modQ(w - x * challenge) };
}

export function schnorrHolds(prefix: string, key: Point, { challenge, response }: Proof): boolean {
  const commitment = vartimePower(G, response).add(vartimePower(key, challenge));
  return hashToScalar(prefix + hexOf(commitment)) === challenge;
}
