/**
 * The ceremonies that make a key which no one holds (spec 3.c): the same steps, files and refusals as the library's `keys/ceremony.py`, so that
 * a trustee with this page, one with `sanduq keys` and one with belenios-tool can be trustees of one referendum. The order in which random
 * numbers are asked for is the library's, too: vectors/known/keys.json holds both to the same bytes.
 */
import { inside, Refused, require } from '../protocol/errors.ts';
import { G, hexOf, modQ, secretPower, type Point } from '../protocol/group.ts';
import { Form, read, write, type Json } from '../protocol/json.ts';
import { readScalar, sha256Hex, utf8, type Random } from '../protocol/numbers.ts';
import { schnorrProve, type Proof } from '../protocol/proofs.ts';
import { checkCerts, readCert, type Cert } from '../verify/certificates.ts';
import { certsText, checkKey, checkMember, checkRow, checkTrustees, groupOf, keyValue, readCoefficients, readKey, sumsOf, valueAt, type PublicKey, type Trustee } from '../verify/trustees.ts';
import { proofOf, proofValue, signedOf, signedValue, type SignedMessage } from '../verify/values.ts';
import { receive, send, sign, type Seed } from './pki.ts';

const form: Form = new Form('TrusteesMalformed');
const text = (value: Json): string => form.text(value, 'letter');

/** The group that a certificate is for. */
export interface Context {
  readonly size: number;
  readonly threshold: number;
  readonly index: number;
}

/** g^x with a proof of knowledge of x; in a threshold group also signed by its owner, and perhaps named. */
export function publicKeyOf(x: bigint, random: Random, signer: Seed | null = null, name: string | null = null): PublicKey {
  const key = secretPower(G, x);
  const proof = schnorrProve(`pok|Ed25519|${hexOf(key)}|`, x, random);
  const signature = signer && sign(hexOf(key), signer.signing, random).signature;
  return { key, proof, signature, name };
}

/** A mandatory trustee's public key, for others to see: the text of `trustee.pubkey`. */
export function publicKeyText(key: PublicKey): string {
  return write(keyValue(key));
}

/** A mandatory trustee's public key from its text, checked (3.3, 3.5). */
export function readSingle(line: string): PublicKey {
  const key = readKey(read(utf8(line)));
  checkKey(key);
  return key;
}

/** Step 1: the certificate of a seed, one line of JSON. */
export function begin(seed: Seed, { size, threshold, index }: Context, random: Random): string {
  const context = { group: 'Ed25519', size, threshold, index };
  const message = write({ context, verification: hexOf(seed.verificationKey), encryption: hexOf(seed.encryptionKey) });
  return write(signedValue(sign(message, seed.signing, random)));
}

export function readCertLine(line: string): Cert {
  return readCert(form, signedOf(form, read(utf8(line))));
}

/** Step 2: the certificates of a group, in the order of their indices, checked (3.4, 3.7, 3.8). */
export function readCerts(lines: readonly string[]): Cert[] {
  const certs = form.items(lines, 'certificate', (line) => readCertLine(text(line)));
  if (certs.length === 0) form.fail('no certificate at all');
  checkCerts(certs, certs[0]!.threshold);
  return certs;
}

/** Which of the certificates (from 1) belongs to the seed (3.18). */
export function ownIndex(seed: Seed, certs: readonly Cert[]): number {
  const isOwn = ({ verification, encryption }: Cert): boolean =>
    verification.equals(seed.verificationKey) && encryption.equals(seed.encryptionKey);
  const found = certs.findIndex(isOwn);
  require('SecretKeyMismatch', found >= 0, 'none of the certificates belongs to this key');
  return found + 1;
}

// --- polynomials ------------------------------------------------------------------------------------------------------------

/** What a trustee hands over in step 3: letters to itself and to each, and signed coefficients for all. */
export interface Polynomial {
  readonly polynomial: string;
  readonly secrets: readonly string[];
  readonly coefexps: SignedMessage;
  readonly signature: Proof;
}

/** SHA-256 of the coefficients' text: exchanged before the rest. */
export function commitmentOf({ coefexps }: Pick<Polynomial, 'coefexps'>): string {
  return sha256Hex(utf8(coefexps.message));
}

export function polynomialText({ polynomial, secrets, coefexps, signature }: Polynomial): string {
  return write({ polynomial, secrets, coefexps: signedValue(coefexps), signature: proofValue(signature) });
}

export function readPolynomial(line: string): Polynomial {
  const fields = form.fields(read(utf8(line)), ['polynomial', 'secrets', 'coefexps', 'signature']);
  return {
    polynomial: text(fields.polynomial),
    secrets: form.items(fields.secrets, 'secret', text),
    coefexps: signedOf(form, fields.coefexps),
    signature: proofOf(form, fields.signature),
  };
}

/** f(x) modulo q, the coefficients beginning with the constant one. */
function evaluate(coefficients: readonly bigint[], x: number): bigint {
  return coefficients.reduceRight((value, coefficient) => modQ(value * BigInt(x) + coefficient), 0n);
}

/** Step 3: a fresh secret polynomial of degree threshold − 1, its coefficients in the exponent, a share for each trustee. */
export async function makePolynomial(seed: Seed, certs: readonly Cert[], random: Random): Promise<Polynomial> {
  const { threshold } = certs[ownIndex(seed, certs) - 1]!;
  const coefficients = Array.from({ length: threshold }, random);
  const points = coefficients.map((coefficient) => secretPower(G, coefficient));
  const coefexps = sign(write({ coefexps: points.map(hexOf) }), seed.signing, random);
  const polynomial = await send(seed, seed.encryptionKey, write({ polynomial: coefficients.map(String) }), random);
  const secrets: string[] = [];
  for (const [i, cert] of certs.entries()) {
    secrets.push(await send(seed, cert.encryption, write({ secret: String(evaluate(coefficients, i + 1)) }), random));
  }
  return { polynomial, secrets, coefexps, signature: sign(certsText(certs, points), seed.signing, random).signature };
}

/** Everybody's coefficients, signed under the same certificates (3.6, 3.3, 3.9, 3.10). */
function checkRows(certs: readonly Cert[], coefexps: readonly SignedMessage[], signatures: readonly Proof[]): Point[][] {
  const fits = coefexps.length === certs.length && signatures.length === certs.length;
  require('ThresholdInvalid', fits, `expected ${certs.length} parts, one for each trustee`);
  return certs.map((cert, i) =>
    inside(`trustee ${i + 1}`, () => {
      const row = readCoefficients(coefexps[i]!);
      checkRow({ certs, cert, row, signed: coefexps[i]!, signature: signatures[i]! });
      return row;
    }),
  );
}

/** Whose polynomial this is (from 1): the one whose signature holds, or null. Certificates say it, not the order of files. */
export function senderOf(certs: readonly Cert[], { coefexps, signature }: Polynomial): number | null {
  const isBy = (cert: Cert): boolean => {
    try {
      checkRow({ certs, cert, row: readCoefficients(coefexps), signed: coefexps, signature });
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  };
  const found = certs.findIndex(isBy);
  return found < 0 ? null : found + 1;
}

// --- what reaches a trustee -------------------------------------------------------------------------------------------------

/** What reaches one trustee in step 5: its own polynomial, everybody's share for it, everybody's coefficients. */
export interface Vinput {
  readonly polynomial: string;
  readonly secrets: readonly string[];
  readonly coefexps: readonly SignedMessage[];
  readonly signatures: readonly Proof[];
}

export function vinputText({ polynomial, secrets, coefexps, signatures }: Vinput): string {
  return write({ polynomial, secrets, coefexps: coefexps.map(signedValue), signatures: signatures.map(proofValue) });
}

export function readVinput(line: string): Vinput {
  const fields = form.fields(read(utf8(line)), ['polynomial', 'secrets', 'coefexps', 'signatures']);
  return {
    polynomial: text(fields.polynomial),
    secrets: form.items(fields.secrets, 'secret', text),
    coefexps: form.items(fields.coefexps, 'coefexps', (item) => signedOf(form, item)),
    signatures: form.items(fields.signatures, 'signature', (item) => proofOf(form, item)),
  };
}

/** Step 4: for each trustee what the others sent to it; the signatures are checked on the way. */
export function route(certs: readonly Cert[], polynomials: readonly Polynomial[]): Vinput[] {
  const coefexps = polynomials.map((one) => one.coefexps);
  const signatures = polynomials.map((one) => one.signature);
  checkRows(certs, coefexps, signatures);
  polynomials.forEach(({ secrets }, i) =>
    inside(`trustee ${i + 1}`, () => require('ThresholdInvalid', secrets.length === certs.length, `expected ${certs.length} shares`)));
  return polynomials.map(({ polynomial }, j) => ({ polynomial, secrets: polynomials.map(({ secrets }) => secrets[j]!), coefexps, signatures }));
}

// --- finishing --------------------------------------------------------------------------------------------------------------

/** What a trustee hands over in step 5: its decryption key in a letter to itself, and its public verification key. */
export interface Voutput {
  readonly privateKey: string;
  readonly publicKey: PublicKey;
}

export function voutputText({ privateKey, publicKey }: Voutput): string {
  return write({ private_key: privateKey, public_key: keyValue(publicKey) });
}

export function readVoutput(line: string): Voutput {
  const fields = form.fields(read(utf8(line)), ['private_key', 'public_key']);
  return { privateKey: text(fields.private_key), publicKey: readKey(fields.public_key) };
}

async function secretNumber(seed: Seed, sender: Point, letter: string, name: string): Promise<bigint> {
  const fields = form.fields(read(utf8(await receive(seed, sender, letter))), [name]);
  return readScalar(form.text(fields[name]!, name));
}

async function within<T>(place: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof Refused ? error.within(place) : error;
  }
}

/**
 * Step 5: check everything that came, and make this trustee's decryption key S = Σ shares.
 *
 * `commitments` are the hashes exchanged before step 3's files, in the order of the trustees (3.17). A share that does not fit its
 * sender's coefficients is refused by the sender's number (3.15).
 */
export async function finish(
  seed: Seed,
  certs: readonly Cert[],
  vinput: Vinput,
  commitments: readonly string[],
  random: Random,
  name: string | null = null,
): Promise<Voutput> {
  const index = ownIndex(seed, certs);
  const got = vinput.coefexps.map((coefexps) => commitmentOf({ coefexps }));
  require('CommitmentMismatch', got.join() === commitments.join(), `expected ${commitments.join(', ')}, got ${got.join(', ')}`);
  const rows = checkRows(certs, vinput.coefexps, vinput.signatures);
  const own = form.fields(read(utf8(await receive(seed, seed.verificationKey, vinput.polynomial))), ['polynomial']);
  const mine = form.items(own.polynomial, 'coefficient', (item) => secretPower(G, readScalar(form.text(item, 'coefficient'))));
  const isMine = mine.length === rows[index - 1]!.length && mine.every((point, k) => point.equals(rows[index - 1]![k]!));
  inside(`trustee ${index}`, () => require('SecretShareWrong', isMine, 'the coefficients published as mine are not mine'));
  require('ThresholdInvalid', vinput.secrets.length === certs.length, `expected ${certs.length} shares, got ${vinput.secrets.length}`);
  let total = 0n;
  for (const [i, cert] of certs.entries()) {
    total += await within(`trustee ${i + 1}`, async () => {
      const share = await secretNumber(seed, cert.verification, vinput.secrets[i]!, 'secret');
      require('SecretShareWrong', secretPower(G, share).equals(valueAt(rows[i]!, index)));
      return share;
    });
  }
  const x = modQ(total);
  const privateKey = await send(seed, seed.encryptionKey, write({ decryption_key: String(x) }), random);
  return { privateKey, publicKey: publicKeyOf(x, random, seed, name) };
}

/** The secret decryption key in the letter that a trustee wrote to itself in step 5. */
export function decryptionKey(seed: Seed, privateKey: string): Promise<bigint> {
  return secretNumber(seed, seed.verificationKey, privateKey, 'decryption_key');
}

/** Whose voutput this is (from 1), with everything checked that 3.3, 3.5, 3.11 and 3.12 ask; null: nobody's. */
export function ownerOf(certs: readonly Cert[], polynomials: readonly Polynomial[], { publicKey }: Voutput): number | null {
  const sums = sumsOf(polynomials.map(({ coefexps }) => readCoefficients(coefexps)));
  const found = certs.findIndex((cert, i) => {
    if (!valueAt(sums, i + 1).equals(publicKey.key)) return false;
    checkMember(cert, publicKey, sums, i + 1);
    return true;
  });
  return found < 0 ? null : found + 1;
}

/** Step 6: what is published of the group, checked like any verifier does. */
export function assemble(certs: readonly Cert[], polynomials: readonly Polynomial[], voutputs: readonly Voutput[]): Trustee {
  const coefexps = polynomials.map((one) => one.coefexps);
  const signatures = polynomials.map((one) => one.signature);
  checkRows(certs, coefexps, signatures);
  const group = groupOf(certs[0]!.threshold, { certs, coefexps, signatures }, voutputs.map((one) => one.publicKey));
  checkTrustees([group]);
  return group;
}
