/** Numbers, points, proofs and signed messages as JSON values: read once, at the door, into types that cannot be wrong (spec 0.a). */
import { Refused } from '../protocol/errors.ts';
import { G, readPoint, vartimePower, type Point } from '../protocol/group.ts';
import { Form, read, type Json } from '../protocol/json.ts';
import { hashToScalar, readScalar } from '../protocol/numbers.ts';
import { schnorrHolds, type Proof } from '../protocol/proofs.ts';
import { hexOf } from '../protocol/group.ts';

/** A group element (0.4, 0.5). */
export function pointOf(form: Form, value: Json, what: string): Point {
  return readPoint(form.text(value, what));
}

/** `{"challenge":…,"response":…}` (0.3). */
export function proofOf(form: Form, value: Json): Proof {
  const fields = form.fields(value, ['challenge', 'response']);
  return {
    challenge: readScalar(form.text(fields.challenge, 'challenge')),
    response: readScalar(form.text(fields.response, 'response')),
  };
}

export function proofValue({ challenge, response }: Proof): Json {
  return { challenge: challenge.toString(), response: response.toString() };
}

/** A text and a signature of it (spec 3.b). */
export interface SignedMessage {
  readonly message: string;
  readonly signature: Proof;
}

export function signedOf(form: Form, value: Json): SignedMessage {
  const fields = form.fields(value, ['message', 'signature']);
  return { message: form.text(fields.message, 'message'), signature: proofOf(form, fields.signature) };
}

export function signedValue({ message, signature }: SignedMessage): Json {
  return { message, signature: proofValue(signature) };
}

/** Whether `signature` is one of the text with the key. */
export function isSigned(text: string, key: Point, signature: Proof): boolean {
  return schnorrHolds(`sigmsg|${text}|`, key, signature);
}

/** Whether `factor` = `alpha`^x for the x of `key` (Chaum and Pedersen 1992; BS §Partial decryptions). */
export function sameExponent(prefix: string, key: Point, alpha: Point, factor: Point, { challenge, response }: Proof): boolean {
  const a = vartimePower(G, response).add(vartimePower(key, challenge));
  const b = vartimePower(alpha, response).add(vartimePower(factor, challenge));
  return hashToScalar(`${prefix}${hexOf(a)},${hexOf(b)}`) === challenge;
}

/** The JSON value of a text whose refusals have another name: what is no JSON is malformed in the way of its word. */
export function readAs(form: Form, data: Uint8Array): Json {
  try {
    return read(data);
  } catch (error) {
    throw error instanceof Refused ? new Refused(form.refusal, error.particular) : error;
  }
}
