/** Certificates between threshold trustees (spec 3.b): two keys, for signatures and for encryption, signed by themselves. */
import { inside, require } from '../protocol/errors.ts';
import { hexOf, type Point } from '../protocol/group.ts';
import { read, requireSame, write, type Form, type Json } from '../protocol/json.ts';
import { utf8 } from '../protocol/numbers.ts';
import { isSigned, pointOf, signedValue, type SignedMessage } from './values.ts';

const GROUP = 'Ed25519';

export interface Cert {
  readonly signed: SignedMessage;
  readonly size: number;
  readonly threshold: number;
  readonly index: number;
  readonly verification: Point;
  readonly encryption: Point;
}

/** The certificate in a signed message (3.1, 0.2; the group's name is 3.7). */
export function readCert(form: Form, signed: SignedMessage): Cert {
  const data = utf8(signed.message);
  const fields = form.fields(read(data), ['context', 'verification', 'encryption']);
  const context = form.fields(fields.context, ['group', 'size', 'threshold', 'index']);
  const group = form.text(context.group, 'group');
  require('CertContext', group === GROUP, `expected ${GROUP}, got ${group}`);
  const size = form.number(context.size, 'size');
  const threshold = form.number(context.threshold, 'threshold');
  const index = form.number(context.index, 'index');
  const verification = pointOf(form, fields.verification, 'verification');
  const encryption = pointOf(form, fields.encryption, 'encryption');
  const value = { context: { group, size, threshold, index }, verification: hexOf(verification), encryption: hexOf(encryption) };
  requireSame(data, write(value));
  return { signed, size, threshold, index, verification, encryption };
}

export function certValue({ signed }: Cert): Json {
  return signedValue(signed);
}

/** A certificate is for this place, its keys are not trivial, and it is signed by itself (3.7, 3.3, 3.8). */
export function checkCert(cert: Cert, { size, threshold, index }: Pick<Cert, 'size' | 'threshold' | 'index'>): void {
  const fits = cert.size === size && cert.threshold === threshold && cert.index === index;
  require('CertContext', fits, `for number ${cert.index} of ${cert.size}, threshold ${cert.threshold}`);
  require('TrusteeKeyIdentity', !cert.verification.is0() && !cert.encryption.is0(), 'a key of a certificate is the identity');
  require('CertSignature', isSigned(cert.signed.message, cert.verification, cert.signed.signature));
}

/** All certificates of a group, and that no key stands twice among them (3.7, 3.3, 3.8, 3.4). */
export function checkCerts(certs: readonly Cert[], threshold: number): void {
  certs.forEach((cert, i) =>
    inside(`certificate ${i + 1}`, () => checkCert(cert, { size: certs.length, threshold, index: i + 1 })),
  );
  const keys = certs.flatMap(({ verification, encryption }) => [hexOf(verification), hexOf(encryption)]);
  require('TrusteeTwice', new Set(keys).size === keys.length, 'a key stands twice among the certificates');
}
