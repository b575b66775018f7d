/**
 * Keys, signatures and chains of keys in the form of minisign (spec 10.b, 10.c).
 *
 * Ed25519 is verified with noble's group and the equation written out, without cofactor and with the text of R compared: exactly
 * what the library's OpenSSL does, and the same in every browser, which differ in what they let through, and in whether they can
 * do it at all. There are only a few signatures, so nothing faster is wanted.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { caught, Refused, require } from './errors.ts';
import { HIDDEN, textOf } from './sums.ts';
import { fingerprint } from './words.ts';

export interface Key {
  /** 16 digits: a name that anybody can give to another key. */
  readonly id: string;
  readonly public: Uint8Array;
}

export interface Signature {
  readonly keyId: string;
  readonly signature: Uint8Array;
  readonly comment: string;
  readonly seal: Uint8Array;
  readonly untrusted: string;
}

export interface KeyEntry {
  readonly key: Key;
  readonly by: Signature | null;
}

export const LARGEST = 2 ** 14;
export const LARGEST_KEYS = 2 ** 17;
const UNTRUSTED = 'untrusted comment: ';
const TRUSTED = 'trusted comment: ';
const { Point } = ed25519;
const encoder = new TextEncoder();

const hex = (data: Uint8Array): string => Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('');
const idOf = (data: Uint8Array): string => hex(data.slice(2, 10).reverse()).toUpperCase();
const number = (data: Uint8Array): bigint => BigInt(`0x${hex(data.slice().reverse())}`);
const concat = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));

export const sameKey = (a: Key, b: Key): boolean => a.id === b.id && hex(a.public) === hex(b.public);

/** The lines of a small text, each with a line feed alone at its end; minisign's own comments have tabs. */
function linesOf(data: Uint8Array, largest = LARGEST): string[] {
  require('MinisignMalformed', data.length <= largest, 'too large');
  const lines = textOf(data)?.split('\n');
  if (!lines || lines.pop() !== '' || lines.some((line) => HIDDEN.test(line.replaceAll('\t', ' ')))) {
    throw new Refused('MinisignMalformed', 'lines of plain text');
  }
  return lines;
}

function after(prefix: string, line: string | undefined): string {
  if (!line?.startsWith(prefix)) throw new Refused('MinisignMalformed', prefix);
  return line.slice(prefix.length);
}

/** So many bytes from their one text in base64. */
function unbase64(line: string, size: number): Uint8Array {
  let data = '';
  try {
    data = atob(line);
  } catch {
    // refused below
  }
  require('MinisignMalformed', data.length === size && btoa(data) === line, 'base64');
  return Uint8Array.from(data, (byte) => byte.charCodeAt(0));
}

/** 10.5, 10.7, 10.8: the file, or the one line of it that counts. */
export function readKey(text: string): Key {
  const lines = linesOf(encoder.encode(text.endsWith('\n') ? text : `${text}\n`));
  if (lines.length === 2) after(UNTRUSTED, lines.shift());
  require('MinisignMalformed', lines.length === 1, 'two lines');
  return keyOf(lines[0]!);
}

function keyOf(line: string): Key {
  const data = unbase64(line, 42);
  require('MinisignMalformed', data[0] === 0x45 && data[1] === 0x64, 'Ed');
  pointOf(data.slice(10));
  return { id: idOf(data), public: data.slice(10) };
}

function pointOf(data: Uint8Array): InstanceType<typeof Point> {
  let point;
  try {
    point = Point.fromBytes(data, false); // false: the strict decoding of RFC 8032 §5.1.3, y < p and no −0
  } catch {
    throw new Refused('EditionKeyInvalid');
  }
  require('EditionKeySmallOrder', point.isTorsionFree() && !point.is0());
  return point;
}

/** 10.5, 10.6 */
export function readSignature(data: Uint8Array): Signature {
  const lines = linesOf(data);
  require('MinisignMalformed', lines.length === 4, 'four lines');
  const untrusted = after(UNTRUSTED, lines[0]);
  const comment = after(TRUSTED, lines[2]);
  const [signature, seal] = [unbase64(lines[1]!, 74), unbase64(lines[3]!, 64)];
  require('SignaturePrehashed', signature[0] !== 0x45 || signature[1] !== 0x44);
  require('MinisignMalformed', signature[0] === 0x45 && signature[1] === 0x64, 'Ed');
  return { keyId: idOf(signature), signature: signature.slice(10), comment, seal, untrusted };
}

/** Whether S·B − h·A is R, to the byte (RFC 8032 §5.1.7, without cofactor); S is reduced. */
function holds(key: Key, signature: Uint8Array, message: Uint8Array): boolean {
  const s = number(signature.slice(32));
  const q = Point.Fn.ORDER;
  if (s >= q) return false;
  const h = number(sha512(concat(signature.slice(0, 32), key.public, message))) % q;
  const expected = Point.BASE.multiplyUnsafe(s).subtract(pointOf(key.public).multiplyUnsafe(h));
  return hex(expected.toBytes()) === hex(signature.slice(0, 32));
}

/** 10.9 to 10.11 */
export function checkSignature(given: Signature, key: Key, message: Uint8Array): void {
  require('SignatureOtherKey', given.keyId === key.id);
  require('EditionSignatureInvalid', holds(key, given.signature, message));
  require('EditionCommentInvalid', holds(key, given.seal, concat(given.signature, encoder.encode(given.comment))));
}

export interface Edition {
  readonly number: number;
  readonly date: string;
  readonly comment: string;
}

/** 10.12 */
export function readEdition(comment: string): Edition {
  const found = /^sanduq edition ([1-9][0-9]{0,8}) of ([0-9]{4}-[0-9]{2}-[0-9]{2})$/.exec(comment);
  if (!found || !isDate(found[2]!)) throw new Refused('EditionComment', comment);
  return { number: Number(found[1]), date: found[2]!, comment };
}

function isDate(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !text.startsWith('0000') && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

// --- KEYS --------------------------------------------------------------------------------------------------------------------

function keyText(key: Key): string {
  const id = Uint8Array.from(key.id.match(/../g)!.reverse(), (digits) => Number.parseInt(digits, 16));
  const line = btoa(String.fromCharCode(0x45, 0x64, ...id, ...key.public));
  return `${UNTRUSTED}minisign public key ${key.id}\n${line}\n`;
}

/** The entries of KEYS (10.5 to 10.8). Each of their lines has one writing. */
export function readKeys(data: Uint8Array): KeyEntry[] {
  const lines = linesOf(data, LARGEST_KEYS);
  const found: KeyEntry[] = [];
  while (lines.length > 0) {
    const comment = after(UNTRUSTED, lines[0]);
    const key = keyOf(lines[1] ?? '');
    require('MinisignMalformed', comment === `minisign public key ${key.id}`, comment);
    // A key's line is short, a signature's is long.
    const isSigned = (lines[3]?.length ?? 0) > 56;
    const by = isSigned ? readSignature(encoder.encode(lines.slice(2, 6).map((line) => `${line}\n`).join(''))) : null;
    found.push({ key, by });
    lines.splice(0, isSigned ? 6 : 2);
  }
  require('MinisignMalformed', found.length > 0, 'KEYS');
  return found;
}

/** A key that is trusted, and the way to it from a key of the reader's own. */
export interface Reached {
  readonly key: Key;
  readonly way: readonly Key[];
}

/** The keys that are trusted: the reader's own, and those that they lead to (10.13). */
export function follow(entries: readonly KeyEntry[], keys: readonly Key[], fingerprints: readonly string[]): Reached[] {
  const reached: Reached[] = keys.map((key) => ({ key, way: [key] }));
  const enter = (key: Key, way: readonly Key[]): void => {
    if (!reached.some((one) => sameKey(one.key, key))) reached.push({ key, way });
  };
  for (const { key, by } of entries) {
    if (fingerprints.includes(fingerprint(key.public))) enter(key, [key]);
    if (by === null) continue;
    const older = reached.filter((one) => one.key.id === by.keyId && !sameKey(one.key, key));
    if (older.length === 0) continue;
    const said = /^sanduq key ([0-9A-F]{16}) after ([0-9A-F]{16}) of ([0-9]{4}-[0-9]{2}-[0-9]{2})$/.exec(by.comment);
    require('RenewalInvalid', said !== null && said[1] === key.id && said[2] === by.keyId && isDate(said[3]!), by.comment);
    const message = encoder.encode(keyText(key));
    const signer = older.find((one) => !(caught(() => checkSignature(by, one.key, message)) instanceof Refused));
    if (!signer) throw new Refused('RenewalInvalid', key.id);
    enter(key, [...signer.way, key]);
  }
  return reached;
}
