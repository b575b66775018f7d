/** The public list with its weights, and the certificate that a server may add to it (spec 1.b, 1.c). */
import { Refused, require } from '../protocol/errors.ts';
import { isInGroup, modQ, uncheckedPoint, type Point } from '../protocol/group.ts';
import { Form, read, requireSame, write, type Json } from '../protocol/json.ts';
import { sha256Hex, utf8 } from '../protocol/numbers.ts';
import type { Proof } from '../protocol/proofs.ts';
import { isSigned, proofOf, proofValue, readAs } from './values.ts';

const MAX_WEIGHT = 10n ** 11n;
const ENTRY = /^([0-9a-f]{64})(?:,(0|[1-9][0-9]{0,11}))?$/;
const form = new Form('RollMalformed');

/** Each public credential with its weight, in the order of the file. */
export interface Roll {
  readonly weights: ReadonlyMap<string, bigint>;
  readonly total: bigint;
  readonly sha256: string;
}

/** The list in `data` (1.1, 1.2, 1.4, 0.2); its keys are not yet known to be points. */
export function readWeightedRoll(data: Uint8Array): Roll {
  // An entry has two quotation marks around 64 digits or more. What has more is no roll: seen before it becomes values.
  require('RollMalformed', count(data, 0x22) <= 2 * Math.floor(data.length / 66), 'entries that are too short');
  const value = readAs(form, data);
  const entries = form.items(value, 'entry', (item) => {
    const match = typeof item === 'string' ? ENTRY.exec(item) : null;
    if (match === null) throw new Refused('RollMalformed', 'expected 64 digits, or 64 digits, a comma and a weight');
    return match;
  });
  const weights = new Map<string, bigint>();
  let total = 0n;
  for (const [, key = '', weight] of entries) {
    require('RollDuplicate', !weights.has(key), key);
    require('RollWeight', (weight === undefined) === (entries[0]![2] === undefined), 'some voters have a weight and some have none');
    const number = BigInt(weight ?? '1');
    require('RollWeight', number <= MAX_WEIGHT, `expected at most ${MAX_WEIGHT}, got ${number}`);
    weights.set(key, number);
    total += number;
  }
  require('RollWeight', total <= MAX_WEIGHT, 'all weights together');
  requireSame(data, write(value));
  return { weights, total, sha256: sha256Hex(data) };
}

function count(data: Uint8Array, byte: number): number {
  let found = 0;
  for (let at = data.indexOf(byte); at >= 0; at = data.indexOf(byte, at + 1)) found++;
  return found;
}

/** A public credential as a group element other than the identity (0.4, 0.5, 1.3). */
export function checkKey(key: string): Point {
  const point = uncheckedPoint(key);
  require('PointOutsideGroup', isInGroup(point), key);
  require('RollKeyIdentity', !point.is0(), key);
  return point;
}

// --- the certificate --------------------------------------------------------------------------------------------------------

const certificateForm = new Form('CertificateMalformed');
const NAMES = ['uuid', 'voter_list_length', 'public_creds_hash', 'verification_key', 'encryption_key'] as const;

export interface Certificate {
  /** The fields whose text is hashed and signed. */
  readonly signed: { readonly [name in (typeof NAMES)[number]]: Json };
  readonly message: string;
  readonly signature: Proof;
}

/** The certificate in `data` (1.5, 0.2). */
export function readCertificate(data: Uint8Array): Certificate {
  const own = certificateForm;
  const fields = own.fields(read(data), [...NAMES, 'signature']);
  const outer = own.fields(fields.signature, ['message', 'signature']);
  const signed = {
    uuid: own.text(fields.uuid, 'uuid'),
    voter_list_length: own.number(fields.voter_list_length, 'voter_list_length'),
    public_creds_hash: own.hash(fields.public_creds_hash, 'public_creds_hash'),
    verification_key: own.hash(fields.verification_key, 'verification_key'),
    encryption_key: own.hash(fields.encryption_key, 'encryption_key'),
  };
  const certificate = { signed, message: own.hash(outer.message, 'message'), signature: proofOf(own, outer.signature) };
  const { message, signature } = certificate;
  requireSame(data, write({ ...signed, signature: { message, signature: proofValue(signature) } }));
  return certificate;
}

/** The certificate is for this election and this list, and is signed (1.6, 1.7). */
export function checkCertificate({ signed, message, signature }: Certificate, uuid: string, roll: Roll): void {
  const fits = signed.uuid === uuid && signed.public_creds_hash === roll.sha256 && signed.voter_list_length === roll.weights.size;
  require('CertificateMismatch', fits);
  const key = checkKey(String(signed.verification_key));
  checkKey(String(signed.encryption_key));
  const expected = sha256Hex(utf8(write(signed)));
  require('CertificateInvalid', message === expected, `expected ${expected}, got ${message}`);
  // Certificates with either sign of the response are in circulation, and both are sound: docs/decisions/0005.
  const { challenge, response } = signature;
  const other = { challenge, response: modQ(-response) };
  require('CertificateInvalid', isSigned(message, key, signature) || isSigned(message, key, other));
}
