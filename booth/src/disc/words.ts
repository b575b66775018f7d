/// <reference path="./raw.d.ts" />
/** The fingerprint of a key in words and in digits (spec 10.b). The list of words is the library's file. */
import { sha256 } from '@noble/hashes/sha2.js';
import list from '../../../library/src/sanduq/disc/words.txt?raw';

export const WORDS: readonly string[] = list.trimEnd().split('\n');

/** 40 decimal digits. */
export function fingerprint(key: Uint8Array): string {
  const hash = sha256(Uint8Array.from([...new TextEncoder().encode('sanduq-disc-key-1\n'), ...key]));
  const number = hash.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n) >> 124n;
  return number.toString().padStart(40, '0');
}

export function asWords(digits: string): string[] {
  const number = BigInt(digits);
  return Array.from({ length: 12 }, (_, i) => WORDS[Number((number >> BigInt(121 - 11 * i)) & 2047n)]!);
}

export function asGroups(digits: string): string[] {
  return digits.match(/.{5}/g) ?? [];
}

/** A fingerprint as somebody typed it, in words or digits (also ۰–۹ and ٠–٩); null if it is none. */
export function readFingerprint(text: string): string | null {
  const western = text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));
  const parts = western.toLowerCase().trim().split(/\s+/);
  const digits = parts.join('');
  if (/^[0-9]{40}$/.test(digits)) return BigInt(digits) >> 132n === 0n ? digits : null;
  const numbers = parts.map((word) => WORDS.indexOf(word));
  if (numbers.length !== 12 || numbers.includes(-1)) return null;
  return numbers.reduce((sum, index) => (sum << 11n) | BigInt(index), 0n).toString().padStart(40, '0');
}
