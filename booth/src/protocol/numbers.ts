/** Numbers modulo q as text and as randomness, and the one hash (spec 0.a, 0.b). */
import { sha256 } from '@noble/hashes/sha2.js';
import { Refused, require } from './errors.ts';
import { modQ, Q } from './group.ts';

const DECIMAL = /^(0|[1-9][0-9]{0,79})$/;
const encoder = new TextEncoder();

/** Gives a fresh number, uniform modulo q, at each call. An argument everywhere, so that tests can repeat themselves. */
export type Random = () => bigint;

/**
 * A number modulo q from the system's generator, the only source of randomness of the booth. 512 bits are reduced, so no number
 * is more likely than another by more than 2⁻²⁵⁹.
 */
export function systemRandom(): bigint {
  const bytes = crypto.getRandomValues(new Uint8Array(64));
  const value = modQ(BigInt(`0x${bytesToHex(bytes)}`));
  bytes.fill(0);
  return value;
}

/** The number modulo q that is written in canonical decimal (0.3). */
export function readScalar(text: string): bigint {
  if (!DECIMAL.test(text)) throw new Refused('MalformedJson', 'not a decimal number of at most 80 digits');
  const value = BigInt(text);
  require('ScalarNotReduced', value < Q);
  return value;
}

/** H(text) of 0.b: SHA-256 as a big-endian number, modulo q. */
export function hashToScalar(text: string): bigint {
  return modQ(BigInt(`0x${sha256Hex(utf8(text))}`));
}

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function bytesToHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** The bytes of an even number of lowercase digits, or null. */
export function hexToBytes(text: string): Uint8Array | null {
  if (!/^([0-9a-f]{2})*$/.test(text)) return null;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** SHA-256, 64 lowercase digits. */
export function sha256Hex(data: Uint8Array): string {
  return bytesToHex(sha256(data));
}

/** SHA-256 in base64 without padding: election hashes and trackers (43 characters). */
export function sha256B64(data: Uint8Array): string {
  return btoa(String.fromCharCode(...sha256(data))).replace(/=+$/, '');
}
