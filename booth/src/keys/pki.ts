/**
 * A threshold trustee's own keys, and sealed letters between trustees (spec 3.b).
 *
 * One seed of 22 characters gives a signing key and a decryption key. Letters go through anybody's hands: signed by the sender, naming the
 * recipient inside the signature, encrypted to the recipient with ElGamal and AES-256-GCM. Cipher and vector are those of belenios-tool (a
 * vector of 32 bytes, the tag behind the text); the browser's own AES does the work.
 */
import { BASE58 } from '../protocol/credential.ts';
import { Refused } from '../protocol/errors.ts';
import { G, hexOf, secretPower, type Point } from '../protocol/group.ts';
import { Form, read, write } from '../protocol/json.ts';
import { bytesToHex, hashToScalar, hexToBytes, utf8, type Random } from '../protocol/numbers.ts';
import { schnorrProve } from '../protocol/proofs.ts';
import { sha256 } from '@noble/hashes/sha2.js';
import { isSigned, pointOf, signedOf, signedValue, type SignedMessage } from '../verify/values.ts';

const form: Form = new Form('MessageRefused');
const ALGORITHM = 'AES-GCM';
const SEED = 22;
const MAX_MESSAGE = 1 << 20;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A trustee's secret seed with the keys that follow from it. */
export interface Seed {
  readonly text: string;
  readonly signing: bigint;
  readonly decryption: bigint;
  readonly verificationKey: Point;
  readonly encryptionKey: Point;
}

/** A fresh seed: 22 characters of base58, 128 bits, from the system's generator. Bytes that would favour a character are thrown away. */
export function newSeed(): string {
  let text = '';
  while (text.length < SEED) {
    const [byte] = crypto.getRandomValues(new Uint8Array(1)) as unknown as [number];
    if (byte < 4 * BASE58.length) text += BASE58[byte % BASE58.length]!;
  }
  return text;
}

export function isSeed(text: string): boolean {
  return text.length === SEED && [...text].every((character) => BASE58.includes(character));
}

/** The keys of a seed (3.18). Nothing of what stands there enters the refusal. */
export function seedOf(text: string): Seed {
  if (!isSeed(text)) throw new Refused('SecretKeyMismatch', "not a trustee's key: expected 22 characters of base58");
  const [signing, decryption] = [hashToScalar(`sk|${text}`), hashToScalar(`dk|${text}`)];
  return { text, signing, decryption, verificationKey: secretPower(G, signing), encryptionKey: secretPower(G, decryption) };
}

export function sign(message: string, key: bigint, random: Random): SignedMessage {
  return { message, signature: schnorrProve(`sigmsg|${message}|`, key, random) };
}

async function cipherOf(shared: Point, alpha: Point): Promise<readonly [CryptoKey, AesGcmParams]> {
  const key = await crypto.subtle.importKey('raw', bytes(`key|${hexOf(shared)}`), ALGORITHM, false, ['encrypt', 'decrypt']);
  return [key, { name: ALGORITHM, iv: bytes(`iv|${hexOf(alpha)}`) }];
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(sha256(utf8(text)));
}

/** Encrypt a text to the owner of `recipient`; the result is JSON. */
export async function encryptTo(recipient: Point, text: string, random: Random): Promise<string> {
  const [r, s] = [random(), random()];
  const [alpha, shared] = [secretPower(G, r), secretPower(G, s)];
  const beta = secretPower(recipient, r).add(shared);
  const [key, how] = await cipherOf(shared, alpha);
  const data = new Uint8Array(await crypto.subtle.encrypt(how, key, new Uint8Array(utf8(text))));
  return write({ algorithm: ALGORITHM, alpha: hexOf(alpha), beta: hexOf(beta), data: bytesToHex(data) });
}

/** Open what `encryptTo` made (3.16). Nothing of the content enters a refusal. */
export async function decryptWith(secret: bigint, message: string): Promise<string> {
  if (message.length > MAX_MESSAGE) throw new Refused('MessageRefused', 'the message is too long');
  const fields = form.fields(read(utf8(message)), ['alpha', 'beta', 'data'], ['algorithm']);
  if (fields.algorithm !== ALGORITHM) throw new Refused('MessageRefused', `cipher: expected ${ALGORITHM}`);
  const [alpha, beta] = [pointOf(form, fields.alpha, 'alpha'), pointOf(form, fields.beta, 'beta')];
  const data = hexToBytes(form.text(fields.data, 'data'));
  try {
    const [key, how] = await cipherOf(beta.subtract(secretPower(alpha, secret)), alpha);
    return decoder.decode(await crypto.subtle.decrypt(how, key, new Uint8Array(data!)));
  } catch {
    throw new Refused('MessageRefused', 'the message cannot be opened with this key');
  }
}

/** A sealed letter: signed by the sender for this recipient, then encrypted. */
export async function send(sender: Seed, recipient: Point, message: string, random: Random): Promise<string> {
  const inner = write({ recipient: hexOf(recipient), message });
  const signed = sign(inner, sender.signing, random);
  return encryptTo(recipient, write(signedValue(signed)), random);
}

/** Open a letter to `reader` that `sender` must have signed for it (3.16). */
export async function receive(reader: Seed, sender: Point, letter: string): Promise<string> {
  const signed = signedOf(form, read(utf8(await decryptWith(reader.decryption, letter))));
  if (!isSigned(signed.message, sender, signed.signature)) throw new Refused('MessageRefused', 'the letter is not signed by its sender');
  const fields = form.fields(read(utf8(signed.message)), ['recipient', 'message']);
  if (fields.recipient !== hexOf(reader.encryptionKey)) throw new Refused('MessageRefused', 'the letter was written for another recipient');
  return form.text(fields.message, 'message');
}
