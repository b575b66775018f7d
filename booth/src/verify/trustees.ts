/**
 * The trustees as the archive shows them: read them, check them, multiply their keys (spec 3.a). Owners of partial decryptions are
 * counted from 1 over all trustees in the order of the text, those of a threshold group one by one.
 */
import { inside, Refused, require } from '../protocol/errors.ts';
import { hexOf, IDENTITY, vartimePower, type Point } from '../protocol/group.ts';
import { Form, read, requireSame, write, type Json } from '../protocol/json.ts';
import { utf8 } from '../protocol/numbers.ts';
import { schnorrHolds, type Proof } from '../protocol/proofs.ts';
import { certValue, checkCerts, readCert, type Cert } from './certificates.ts';
import { isSigned, pointOf, proofOf, proofValue, signedOf, signedValue, type SignedMessage } from './values.ts';

const MAX_TRUSTEES = 100;
const form: Form = new Form('TrusteesMalformed');

/** One trustee's key X = g^x with a proof of knowledge of x; in a group signed, and perhaps named. */
export interface PublicKey {
  readonly key: Point;
  readonly proof: Proof;
  readonly signature: Proof | null;
  readonly name: string | null;
}

/** A mandatory trustee (`group` null), or a group of whom `needed` are enough. */
export interface Trustee {
  /** This item's part of the election's key. */
  readonly key: Point;
  /** The keys that partial decryptions are verified with, in the order of owners. */
  readonly keys: readonly Point[];
  readonly needed: number;
  readonly group: Group | null;
  readonly public: readonly PublicKey[];
}

export interface Group {
  readonly certs: readonly Cert[];
  readonly coefexps: readonly SignedMessage[];
  readonly signatures: readonly Proof[];
  /** A_ik = g^(a_ik). */
  readonly coefficients: readonly (readonly Point[])[];
}

export function productOf(points: readonly Point[]): Point {
  return points.reduce((product, point) => product.add(point), IDENTITY);
}

// --- reading ----------------------------------------------------------------------------------------------------------------

export function readKey(value: Json): PublicKey {
  const fields = form.fields(value, ['pok', 'public_key'], ['signature', 'name']);
  return {
    key: pointOf(form, fields.public_key, 'public_key'),
    proof: proofOf(form, fields.pok),
    signature: fields.signature === undefined ? null : proofOf(form, fields.signature),
    name: fields.name === undefined ? null : form.text(fields.name, 'name'),
  };
}

export function keyValue({ key, proof, signature, name }: PublicKey): Json {
  const signed = signature !== null && { signature: proofValue(signature) };
  return { pok: proofValue(proof), public_key: hexOf(key), ...signed, ...(name !== null && { name }) };
}

/** The A_k in a message `{"coefexps":[…]}`. */
export function readCoefficients({ message }: SignedMessage): Point[] {
  const data = utf8(message);
  const { coefexps } = form.fields(read(data), ['coefexps']);
  const points = form.items(coefexps, 'coefficient', (item) => pointOf(form, item, 'coefficient'), MAX_TRUSTEES);
  requireSame(data, write({ coefexps: points.map(hexOf) }));
  return points;
}

const LISTS = ['certs', 'coefexps', 'signatures', 'verification_keys'] as const;

function readGroup(value: Json): Trustee {
  const fields = form.fields(value, ['threshold', ...LISTS]);
  for (const name of LISTS) {
    const list = fields[name];
    if (!Array.isArray(list) || list.length < 1 || list.length > MAX_TRUSTEES) form.fail(name);
  }
  const coefexps = form.items(fields.coefexps, 'coefexps', (item) => signedOf(form, item));
  const needed = form.number(fields.threshold, 'threshold');
  const certs = form.items(fields.certs, 'certificate', (item) => readCert(form, signedOf(form, item)));
  const signatures = form.items(fields.signatures, 'signature', (item) => proofOf(form, item));
  const keys = form.items(fields.verification_keys, 'verification key', readKey);
  return groupOf(needed, { certs, coefexps, signatures }, keys);
}

function readItem(value: Json): Trustee {
  const [kind = null, content = null, more] = Array.isArray(value) ? (value as readonly Json[]) : [];
  if (content === null || more !== undefined) form.fail('a trustee');
  if (kind === 'Pedersen') return readGroup(content);
  if (kind !== 'Single') form.fail('kind of trustee');
  return single(readKey(content));
}

/** The canonical text of trustees: `trustees.json`. */
export function trusteesText(trustees: readonly Trustee[]): string {
  return write(trustees.map(itemValue));
}

/** What is published of a threshold group by itself: what `sanduq keys assemble` writes. */
export function groupText(item: Trustee): string {
  return write((itemValue(item) as readonly Json[])[1]!);
}

/** A mandatory trustee from its public key. */
export function single(key: PublicKey): Trustee {
  return { key: key.key, keys: [key.key], needed: 1, group: null, public: [key] };
}

/** A threshold group from its parts, not yet checked. */
export function groupOf(needed: number, group: Omit<Group, 'coefficients'>, keys: readonly PublicKey[]): Trustee {
  const coefficients = group.coefexps.map(readCoefficients);
  const key = productOf(coefficients.flatMap((row) => row[0] ?? []));
  return { key, keys: keys.map((one) => one.key), needed, group: { ...group, coefficients }, public: keys };
}

function itemValue({ needed, group, public: keys }: Trustee): Json {
  if (group === null) return ['Single', keyValue(keys[0]!)];
  const parameters = {
    threshold: needed,
    certs: group.certs.map(certValue),
    coefexps: group.coefexps.map(signedValue),
    signatures: group.signatures.map(proofValue),
    verification_keys: keys.map(keyValue),
  };
  return ['Pedersen', parameters];
}

/** How many trustees an item has, before it is read: each of them costs time. */
function sizeOf(value: Json): number {
  const content = Array.isArray(value) && value.length === 2 ? (value as readonly Json[])[1]! : null;
  const lists = typeof content === 'object' && content !== null && !Array.isArray(content) ? Object.values(content) : [];
  const sizes = lists.flatMap((list: unknown) => (Array.isArray(list) ? [list.length] : []));
  return sizes.length === 0 ? 1 : Math.max(...sizes);
}

/** The trustees in `data`, not yet checked (3.1, 0.2). */
export function readTrustees(data: Uint8Array): Trustee[] {
  const value = read(data);
  const items: readonly Json[] = Array.isArray(value) ? (value as readonly Json[]) : form.fail('trustees');
  if (items.length > MAX_TRUSTEES || items.reduce((sum: number, item) => sum + sizeOf(item), 0) > MAX_TRUSTEES) form.fail('trustees');
  const trustees = form.items(value, 'trustee', readItem);
  requireSame(data, trusteesText(trustees));
  return trustees;
}

// --- checking ---------------------------------------------------------------------------------------------------------------

/** The key protects something, and its owner knows the secret (3.3, 3.5). */
export function checkKey({ key, proof }: PublicKey): void {
  require('TrusteeKeyIdentity', !key.is0());
  require('KeyProofInvalid', schnorrHolds(`pok|Ed25519|${hexOf(key)}|`, key, proof), hexOf(key));
}

function each<T>(what: string, items: readonly T[], check: (item: T, index: number) => void): void {
  items.forEach((item, i) => inside(`${what} ${i + 1}`, () => check(item, i)));
}

/** All of chapter 3 for these trustees, but for the election's key (3.2 to 3.12). */
export function checkTrustees(trustees: readonly Trustee[]): void {
  require('NoTrustees', trustees.length > 0);
  each('trustee', trustees, (item) => {
    if (item.group !== null) return checkGroup(item, item.group);
    checkKey(item.public[0]!);
    require('TrusteesMalformed', item.public[0]!.signature === null, 'a mandatory trustee with a signature');
  });
  const texts = trustees.flatMap(({ keys }) => keys.map(hexOf));
  require('TrusteeTwice', new Set(texts).size === texts.length);
}

/** Certificates, coefficients, signatures and verification keys of a threshold group (3.3 to 3.12). */
function checkGroup(item: Trustee, group: Group): void {
  const { certs, coefexps, signatures, coefficients } = group;
  const size = certs.length;
  const fits = [coefexps, signatures, item.public].every((list) => list.length === size);
  require('ThresholdInvalid', fits, `expected ${size} parts, one for each trustee`);
  require('ThresholdInvalid', item.needed >= 1 && item.needed <= size, `expected 1 to ${size}, got ${item.needed}`);
  checkCerts(certs, item.needed);
  each('group member', certs, (cert, i) => checkRow({ certs, cert, row: coefficients[i]!, signed: coefexps[i]!, signature: signatures[i]! }));
  const sums = sumsOf(coefficients);
  require('TrusteeKeyIdentity', !sums.some((point) => point.is0()), 'the coefficients of all cancel each other');
  each('group member', certs, (cert, i) => checkMember(cert, item.public[i]!, sums, i + 1));
}

/** What one member of a group says of its polynomial: `row` is what stands in `signed`. */
export interface Row {
  readonly certs: readonly Cert[];
  readonly cert: Cert;
  readonly row: readonly Point[];
  readonly signed: SignedMessage;
  readonly signature: Proof;
}

/** A member's coefficients: as many as the threshold, none trivial, signed, and signed under all certificates (3.6, 3.3, 3.9, 3.10). */
export function checkRow({ certs, cert, row, signed, signature }: Row): void {
  require('ThresholdInvalid', row.length === cert.threshold, `expected ${cert.threshold} coefficients, got ${row.length}`);
  require('TrusteeKeyIdentity', !row.some((point) => point.is0()), 'a coefficient is the identity');
  require('CoefficientsSignature', isSigned(signed.message, cert.verification, signed.signature));
  require('CertsSignature', isSigned(certsText(certs, row), cert.verification, signature));
}

/** The coefficients of the polynomial that nobody knows. If one is trivial, fewer than the threshold can decrypt. */
export function sumsOf(rows: readonly (readonly Point[])[]): Point[] {
  return rows[0]!.map((_, k) => productOf(rows.map((row) => row[k]!)));
}

/** g^f(index) from the coefficients in the exponent: ∏ A_k^(index^k), by Horner's rule. */
export function valueAt(row: readonly Point[], index: number): Point {
  return row.reduceRight((value, point) => vartimePower(value, BigInt(index)).add(point), IDENTITY);
}

/** What a trustee signs under 3.10: all certificates, and its own coefficients. */
export function certsText(certs: readonly Cert[], row: readonly Point[]): string {
  return `certs_sig|${write({ certs: certs.map(certValue), coefexps: row.map(hexOf) })}`;
}

/** A verification key is what all coefficients give at its index, is proven and signed (3.3, 3.5, 3.11, 3.12). */
export function checkMember(cert: Cert, member: PublicKey, sums: readonly Point[], index: number): void {
  checkKey(member);
  const expected = valueAt(sums, index);
  require('VerificationKeyWrong', member.key.equals(expected), `expected ${hexOf(expected)}, got ${hexOf(member.key)}`);
  if (member.signature === null) throw new Refused('TrusteesMalformed', 'a verification key without a signature');
  require('VerificationKeySignature', isSigned(hexOf(member.key), cert.verification, member.signature));
}
