/**
 * A trustee's key file: everything secret, and what was decrypted with it, encrypted with a passphrase.
 *
 * The form is age's (age-encryption.org, recipient *scrypt*), so that the file outlives this page: `age -d` opens it anywhere, and
 * `sanduq keys unpack` makes of what is inside the files of the command line.
 */
import { Decrypter, Encrypter } from 'age-encryption';
import { Form, read, write, type Json } from '../protocol/json.ts';
import { utf8 } from '../protocol/numbers.ts';
import type { Context } from '../keys/ceremony.ts';
import { isSeed } from '../keys/pki.ts';

const form: Form = new Form('SecretKeyMismatch');
const FORMAT = 'sanduq-trustee-1';
/** scrypt with N = 2¹⁷: 128 MiB and about a second in a browser. */
const WORK = 17;
const LARGEST = 1 << 24;
export const SHORTEST_PASSPHRASE = 12;

export interface KeyFile {
  /** Null: a mandatory trustee. */
  readonly context: Context | null;
  /** A threshold trustee's seed, or a mandatory trustee's key in decimal. */
  readonly secret: string;
  /** The certificate that was made with the seed; a second one would be another. Null: a mandatory trustee, or a key from the command line. */
  readonly cert: string | null;
  /** A public name, if the trustees are to be named. */
  readonly name: string | null;
  /** The letter of step 5 in which the decryption key stands; null before it, and for mandatory trustees. */
  readonly privateKey: string | null;
  /** What was decrypted: SHA-256 of the encrypted tally, by uuid (7.13). */
  readonly decrypted: Readonly<Record<string, string>>;
}

export function keyFileText({ context, secret, cert, name, privateKey, decrypted }: KeyFile): string {
  const sorted = Object.fromEntries(Object.entries(decrypted).sort(([a], [b]) => (a < b ? -1 : 1)));
  const place = context && { size: context.size, threshold: context.threshold, index: context.index };
  return write({ format: FORMAT, context: place, secret, cert, name, private_key: privateKey, decrypted: sorted });
}

export function readKeyFile(data: Uint8Array): KeyFile {
  const fields = form.fields(read(data), ['format', 'context', 'secret', 'cert', 'name', 'private_key', 'decrypted']);
  if (fields.format !== FORMAT) form.fail('format');
  const optional = (value: Json, what: string): string | null => (value === null ? null : form.text(value, what));
  const context = fields.context === null ? null : readContext(fields.context);
  const secret = form.text(fields.secret, 'secret');
  if (context ? !isSeed(secret) : !/^[0-9]{1,80}$/.test(secret)) form.fail('secret');
  if (typeof fields.decrypted !== 'object' || fields.decrypted === null || Array.isArray(fields.decrypted)) form.fail('decrypted');
  const decrypted = Object.entries(fields.decrypted as { readonly [uuid: string]: Json }).map(([uuid, hash]) => [uuid, form.hash(hash, 'tally')]);
  return {
    context,
    secret,
    cert: optional(fields.cert, 'cert'),
    name: optional(fields.name, 'name'),
    privateKey: optional(fields.private_key, 'private_key'),
    decrypted: Object.fromEntries(decrypted) as Record<string, string>,
  };
}

function readContext(value: Json): Context {
  const fields = form.fields(value, ['size', 'threshold', 'index']);
  const number = (name: keyof Context): number => form.number(fields[name], name, 1, 100);
  return { size: number('size'), threshold: number('threshold'), index: number('index') };
}

/** The encrypted file. */
export async function seal(key: KeyFile, passphrase: string, work = WORK): Promise<Uint8Array<ArrayBuffer>> {
  const encrypter = new Encrypter();
  encrypter.setScryptWorkFactor(work);
  encrypter.setPassphrase(passphrase);
  return new Uint8Array(await encrypter.encrypt(utf8(keyFileText(key))));
}

export class WrongPassphrase extends Error {}

/** The key in an encrypted file. Of a wrong passphrase and of a damaged file the same is said: nobody can tell them apart. */
export async function unseal(data: Uint8Array, passphrase: string): Promise<KeyFile> {
  if (data.length > LARGEST) throw new WrongPassphrase();
  const decrypter = new Decrypter();
  decrypter.addPassphrase(passphrase);
  let text: Uint8Array;
  try {
    text = await decrypter.decrypt(data);
  } catch {
    throw new WrongPassphrase();
  }
  return readKeyFile(text);
}

/** Whether a file is one of age. */
export function isSealed(data: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(data.subarray(0, 21)) === 'age-encryption.org/v1';
}
