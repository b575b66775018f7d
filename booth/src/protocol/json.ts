/**
 * JSON as the protocol writes it, and a strict reader for any bytes (spec 0.c).
 *
 * The browser's own `JSON.parse` takes repeated keys, fractions and any depth, and loses digits of long numbers. This reader
 * refuses what 0.1 refuses; `requireCanonical` then compares the text with the one that would be written.
 */
import { Refused, require, type RefusalName } from './errors.ts';

export type Json = null | boolean | number | bigint | string | readonly Json[] | { readonly [key: string]: Json };

const MAX_NUMBER = 80;
const MAX_DEPTH = 32;
const MAX_PARTS = 1 << 20;
const SMALL = 1 << 30;
const WEIGHT = /^[1-9][0-9]{9,17}$/;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** The JSON value of `data`; refuses any other bytes (0.1). */
export function read(data: Uint8Array): Json {
  let text: string;
  try {
    text = decoder.decode(data);
  } catch {
    throw new Refused('MalformedJson', 'not UTF-8');
  }
  return new Reader(text).whole();
}

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

class Reader {
  private at = 0;
  private parts = 0;

  constructor(private readonly text: string) {}

  whole(): Json {
    this.skip();
    const value = this.value(0);
    this.skip();
    if (this.at !== this.text.length) this.fail('more behind the value');
    return value;
  }

  private fail(what: string): never {
    throw new Refused('MalformedJson', `${what}, at character ${this.at}`);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private skip(): void {
    this.match(SPACE);
  }

  private take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.at)) return false;
    this.at += expected.length;
    return true;
  }

  private value(depth: number): Json {
    if (this.take('"')) return this.string();
    if (this.take('{')) return this.object(this.deeper(depth));
    if (this.take('[')) return this.list(this.deeper(depth));
    if (this.take('null')) return null;
    if (this.take('true')) return true;
    if (this.take('false')) return false;
    return this.number();
  }

  private deeper(depth: number): number {
    if (depth >= MAX_DEPTH) this.fail(`nested deeper than ${MAX_DEPTH} levels`);
    if (++this.parts > MAX_PARTS) this.fail('too many lists and objects');
    return depth + 1;
  }

  private number(): number | bigint {
    const digits = this.match(NUMBER);
    if (digits === '') this.fail('no value');
    if (!/^-?[0-9]+$/.test(digits)) this.fail('only whole numbers are used here');
    if (digits.length > MAX_NUMBER) this.fail(`a number of ${digits.length} digits`);
    const value = Number(digits);
    return Number.isSafeInteger(value) ? value : BigInt(digits);
  }

  private string(): string {
    let result = '';
    for (;;) {
      result += this.match(PLAIN);
      if (this.take('"')) return result;
      if (!this.take('\\')) this.fail('a string without end, or with a control character');
      result += this.escape();
    }
  }

  private escape(): string {
    const letter = this.text[this.at++] ?? '';
    const plain = ESCAPES[letter];
    if (plain !== undefined) return plain;
    const digits = this.text.slice(this.at, this.at + 4);
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(digits)) this.fail('an escape that JSON does not know');
    this.at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  private list(depth: number): Json[] {
    const items: Json[] = [];
    this.skip();
    if (this.take(']')) return items;
    for (;;) {
      this.skip();
      items.push(this.value(depth));
      this.skip();
      if (this.take(']')) return items;
      if (!this.take(',')) this.fail('no comma');
    }
  }

  private object(depth: number): { [key: string]: Json } {
    const fields = Object.create(null) as { [key: string]: Json };
    this.skip();
    if (this.take('}')) return fields;
    for (;;) {
      this.skip();
      if (!this.take('"')) this.fail('no key');
      const key = this.string();
      if (key in fields) this.fail('a key stands twice in one object');
      this.skip();
      if (!this.take(':')) this.fail('no colon');
      this.skip();
      fields[key] = this.value(depth);
      this.skip();
      if (this.take('}')) return fields;
      if (!this.take(',')) this.fail('no comma');
    }
  }
}

/** The compact text; object fields in the order in which they stand in `value`. */
export function write(value: Json): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, item]) => `${write(key)}:${write(item as Json)}`).join(',')}}`;
  }
  // The browser's own writer differs from the protocol in two things: it leaves U+007F as it is, and it escapes halves of
  // surrogate pairs, which have no UTF-8 and are refused when they are read.
  return JSON.stringify(value).replace(/\u007f/g, '\\u007f');
}

/** The same with the keys sorted: sanduq's own files (spec 2.b). Keys are ASCII, where all orders agree. */
export function writeSorted(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeSorted).join(',')}]`;
  if (typeof value !== 'object' || value === null) return write(value);
  const fields = value as { readonly [key: string]: Json };
  return `{${Object.keys(fields).sort().map((key) => `${write(key)}:${writeSorted(fields[key]!)}`).join(',')}}`;
}

/** A weight as it is written: from 2³⁰ on as a decimal string (0.c). */
export function weightValue(weight: bigint): Json {
  return weight < SMALL ? Number(weight) : weight.toString();
}

/** Refuse `data` unless it is exactly `text` (0.2). */
export function requireSame(data: Uint8Array, text: string, refusal: RefusalName = 'NotCanonical'): void {
  const written = encoder.encode(text);
  require(refusal, written.length === data.length && written.every((byte, i) => byte === data[i]));
}

/** Reads fields of JSON values; anything unexpected is refused by the name that the form was made with. */
export class Form {
  constructor(readonly refusal: RefusalName) {}

  fail(what: string): never {
    throw new Refused(this.refusal, `${what}: not of the form expected`);
  }

  /** An object with exactly these fields (the optional ones may be missing). */
  fields<N extends string, O extends string = never>(
    value: Json,
    needed: readonly N[],
    optional: readonly O[] = [],
  ): Record<N, Json> & Partial<Record<O, Json>> {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail('an object');
    const known: readonly string[] = [...needed, ...optional];
    if (needed.some((name) => !(name in value))) this.fail(`an object with ${needed.join(', ')}`);
    if (Object.keys(value).some((name) => !known.includes(name))) this.fail(`an object with nothing but ${known.join(', ')}`);
    return value as Record<N, Json> & Partial<Record<O, Json>>;
  }

  /** A list of at most `most`, each item read by `readOne`; a refusal inside says which item. */
  items<T>(value: Json, what: string, readOne: (item: Json) => T, most = Infinity): T[] {
    if (!Array.isArray(value) || value.length > most) this.fail(what);
    return (value as readonly Json[]).map((item, index) => {
      try {
        return readOne(item);
      } catch (error) {
        throw error instanceof Refused ? error.within(`${what} ${index + 1}`) : error;
      }
    });
  }

  /** A string that can be written as UTF-8. */
  text(value: Json, what: string): string {
    if (typeof value !== 'string') this.fail(what);
    if (/\p{Surrogate}/u.test(value)) this.fail(`${what}: half of a surrogate pair`);
    return value;
  }

  /** A SHA-256 value, or a key, in 64 lowercase digits. */
  hash(value: Json, what: string): string {
    if (typeof value !== 'string' || !/^[0-9a-f]{64}$/.test(value)) this.fail(what);
    return value;
  }

  /** A small integer within bounds. */
  number(value: Json, what: string, low = 0, high = SMALL - 1): number {
    if (typeof value !== 'number' || value < low || value > high) this.fail(what);
    return value;
  }

  /** A weight or a count of votes: a number, or from 2³⁰ on a decimal string. */
  weight(value: Json, what: string): bigint {
    if (typeof value === 'string' && WEIGHT.test(value) && BigInt(value) >= SMALL) return BigInt(value);
    return BigInt(this.number(value, what));
  }

  boolean(value: Json, what: string): boolean {
    if (typeof value !== 'boolean') this.fail(what);
    return value;
  }
}
