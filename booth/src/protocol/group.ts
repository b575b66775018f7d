/**
 * The group: the prime-order subgroup of edwards25519, written multiplicatively as the specification does (spec 0.a), over
 * `@noble/curves`.
 *
 * **Time.** Powers with a secret exponent go through `secretPower`, which takes noble's path of a fixed sequence of additions
 * with a table. What JavaScript cannot promise: its big integers are of varying length and take time that depends on their
 * values, the compiler may change the order of things, and secrets are copied and collected when the engine likes, never wiped.
 * Who can time this process closely, or read its memory, can learn the vote; a browser keeps other pages from both.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { Refused, require } from './errors.ts';

const Curve = ed25519.Point;

export type Point = InstanceType<typeof Curve>;

/** The order of the group: every exponent lives modulo Q. */
export const Q: bigint = Curve.Fn.ORDER;
/** The base point g. */
export const G: Point = Curve.BASE;
export const IDENTITY: Point = Curve.ZERO;

const HEX = /^[0-9a-f]{64}$/;

/** x modulo Q, from 0 to Q − 1. */
export function modQ(x: bigint): bigint {
  const rest = x % Q;
  return rest < 0n ? rest + Q : rest;
}

/** Make the table of a point whose secret powers will be wanted: takes some milliseconds, once. */
export function withTable(point: Point): Point {
  tabled.add(point);
  return point.precompute(6, false);
}

/** base^exponent where the exponent is a secret. */
export function secretPower(base: Point, exponent: bigint): Point {
  const x = modQ(exponent);
  // Zero comes once in 2²⁵² times by chance; noble's path for secrets does not take it.
  return x === 0n ? IDENTITY : base.multiply(x);
}

/** base^exponent where everything is public. A second power of the same point costs only additions. */
export function vartimePower(base: Point, exponent: bigint): Point {
  const x = modQ(exponent);
  return tabled.has(base) ? base.multiplyUnsafe(x) : chainOf(base).power(x);
}

// --- powers of one point ----------------------------------------------------------------------------------------------------

/** P, P², P⁴, P⁸, …: a verifier wants several powers of each point of a ballot, and doubling is most of the work. */
class Chain {
  private readonly doublings: Point[];

  constructor(point: Point) {
    this.doublings = [point];
  }

  private doubling(i: number): Point {
    for (let n = this.doublings.length; n <= i; n++) this.doublings.push(this.doublings[n - 1]!.double());
    return this.doublings[i]!;
  }

  /**
   * P^x for x ≥ 0. With digits ±1, ±3, ±5, ±7, of which at most every fourth is not zero: the doublings of each digit's places are
   * added up, and P^x is ∏ (their sum)^digit (Yao, On the evaluation of powers, 1976).
   */
  power(x: bigint): Point {
    const sums = [IDENTITY, IDENTITY, IDENTITY, IDENTITY];
    const bits = x.toString(2);
    const bit = (i: number): number => (bits.charCodeAt(bits.length - 1 - i) & 1) || 0;
    for (let i = 0, carry = 0; i < bits.length || carry > 0; ) {
      if (bit(i) === carry) {
        i++;
        continue;
      }
      const digit = bit(i) + 2 * bit(i + 1) + 4 * bit(i + 2) + 8 * bit(i + 3) + carry;
      carry = digit > 8 ? 1 : 0;
      const place = this.doubling(i);
      const at = ((carry ? 16 - digit : digit) - 1) >> 1;
      sums[at] = carry ? sums[at]!.subtract(place) : sums[at]!.add(place);
      i += 4;
    }
    const [one, three, five, seven] = sums as [Point, Point, Point, Point];
    // one·three³·five⁵·seven⁷ = (one·three·five·seven)·(three·(five·seven)·seven… )²: from the top down.
    const top = seven.add(five);
    const middle = top.add(three);
    return seven.add(top).add(middle).double().add(middle.add(one));
  }
}

const chains = new WeakMap<Point, Chain>();
const tabled = new WeakSet<Point>([Curve.BASE]);

function chainOf(point: Point): Chain {
  const known = chains.get(point);
  if (known) return known;
  const chain = new Chain(point);
  chains.set(point, chain);
  return chain;
}

/** The point of 64 digits, without asking whether it is in the prime-order subgroup (0.4). */
export function uncheckedPoint(text: string): Point {
  if (!HEX.test(text)) throw new Refused('PointInvalid', 'not 64 lowercase hexadecimal digits');
  const bytes = new Uint8Array(32);
  // The protocol writes big-endian what RFC 8032 writes little-endian.
  for (let i = 0; i < 32; i++) bytes[31 - i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  try {
    return Curve.fromBytes(bytes, false); // false: the strict decoding of RFC 8032 §5.1.3, y < p and no −0
  } catch {
    throw new Refused('PointInvalid', `no point has the digits ${text}`);
  }
}

/** Whether P^q = 1: no component of small order (the identity is in the group). */
export function isInGroup(point: Point): boolean {
  return chainOf(point).power(Q).is0();
}

/** The group element of 64 digits (0.4, 0.5). */
export function readPoint(text: string): Point {
  const point = uncheckedPoint(text);
  require('PointOutsideGroup', isInGroup(point), text);
  return point;
}

/** The 64 digits of a point (0.a). */
export function hexOf(point: Point): string {
  let text = '';
  for (const byte of point.toBytes()) text = byte.toString(16).padStart(2, '0') + text;
  return text;
}

/** Both coordinates of a point: a form that workers hand over, from which no root has to be taken again. */
export type Affine = readonly [x: bigint, y: bigint];

export function affineOf(point: Point): Affine {
  const { x, y } = point.toAffine();
  return [x, y];
}

/** The point with these coordinates, which come from `affineOf`. */
export function pointAt([x, y]: Affine): Point {
  return Curve.fromAffine({ x, y });
}
