/**
 * A referendum of its own, made on this device: for a question that is asked for practice, one voter, two trustees and a box.
 *
 * Everything follows from a short seed, so that another device that is told the seed can check a ballot that was opened here. No
 * secret hangs on it: whoever knows the seed can open the practice's ballots, and the practice does so itself. Uuids, key and
 * anchor are others than those of any vote, so that nothing made here can pass for a ballot or a receipt of one.
 */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { BASE58, GROUPS } from '../protocol/credential.ts';
import { G, hexOf, secretPower } from '../protocol/group.ts';
import { read, write, writeSorted, type Json } from '../protocol/json.ts';
import { bytesToHex, hashToScalar, sha256Hex, utf8 } from '../protocol/numbers.ts';
import { schnorrProve } from '../protocol/proofs.ts';
import { publicCredential } from '../protocol/roll.ts';
import { readSetup, type Area, type Setup } from '../protocol/setup.ts';

type Fields = { readonly [key: string]: Json };

/** The word before every title, by language. */
export type Marks = Readonly<Record<string, string>>;

/** What stands at the beginning of each uuid, and so in each ballot and receipt (base58 has no capital I). */
export const UUID_MARK = 'PRACTiCE';
/** How the practice is called where no language is known: in names of files, and in titles of languages that the booth lacks. */
export const MARK = 'PRACTICE';
const SEED = 12;
/** Uuids are as long as those of votes, so that a ballot is refused there for what it is: one of another election. */
const UUID_REST = 6;
const TRUSTEES = ['A', 'B'];

export interface World {
  readonly seed: string;
  readonly setup: Setup;
  readonly setupText: Uint8Array;
  readonly trusteesText: Uint8Array;
  /** The area that stands in the practice's letter: the only one with a voter. */
  readonly area: Area;
  readonly credential: string;
  /** The public half of the credential: the whole roll. */
  readonly voter: string;
  /** The trustees' secret exponents. */
  readonly shares: readonly bigint[];
  readonly boxSecret: Uint8Array;
}

/** A seed that nobody had before. */
export function newSeed(): string {
  return base58(bytesToHex(crypto.getRandomValues(new Uint8Array(32))), SEED);
}

/** As many characters as are asked for, from the digits of a hash. */
function base58(hex: string, length: number): string {
  let rest = BigInt(`0x${hex}`);
  let text = '';
  for (; text.length < length; rest /= 58n) text += BASE58[Number(rest % 58n)]!;
  return text;
}

/** The practice of the question in `source`, the text of a setup; `wanted` is the code of an area of it, if one is known. */
export function makeWorld(seed: string, source: Uint8Array, marks: Marks, wanted: string | null): World {
  const from = (name: string): string => `sanduq-practice|${seed}|${name}`;
  const hash = (name: string): Uint8Array => sha256(utf8(from(name)));
  const letters = base58(bytesToHex(hash('credential')), GROUPS.reduce<number>((sum, count) => sum + count, 0));
  let at = 0;
  const credential = GROUPS.map((count) => letters.slice(at, (at += count))).join('-');
  const shares = TRUSTEES.map((name) => hashToScalar(from(`trustee ${name}`)));
  const trusteesText = utf8(write(shares.map((x, i) => trustee(x, TRUSTEES[i]!, from))));
  const boxSecret = hash('box');

  const real = read(source) as Fields;
  const areas = real.areas as readonly Fields[];
  const mine = areas.find(({ code }) => code === wanted) ?? areas[0]!;
  const uuidOf = (code: Json | undefined): string => UUID_MARK + base58(bytesToHex(hash(`uuid ${String(code)}`)), UUID_REST);
  const voter = publicCredential(uuidOf(mine.code), credential);
  const setupText = utf8(
    writeSorted({
      ...real,
      title: marked(real.title as Fields, marks),
      trustees: { mandatory: TRUSTEES.length, size: 0, threshold: 0 },
      trustees_sha256: sha256Hex(trusteesText),
      box_key: bytesToHex(ed25519.getPublicKey(boxSecret)),
      areas: areas.map((area) => ({
        ...area,
        uuid: uuidOf(area.code),
        ...(area === mine && { electorate: 1, roll_sha256: sha256Hex(utf8(write([voter]))) }),
      })),
    }),
  );
  const setup = readSetup(setupText, sha256Hex(setupText));
  const area = setup.areas.find(({ code }) => code === mine.code)!;
  return { seed, setup, setupText, trusteesText, area, credential, voter, shares, boxSecret };
}

/** A mandatory trustee with the proof that belongs to it (spec 3.a). */
function trustee(x: bigint, name: string, from: (name: string) => string): Json {
  const key = hexOf(secretPower(G, x));
  const { challenge, response } = schnorrProve(`pok|Ed25519|${key}|`, x, () => hashToScalar(from(`proof ${name}`)));
  const pok = { challenge: challenge.toString(), response: response.toString() };
  return ['Single', { pok, public_key: key, name: `${MARK} ${name}` }];
}

function marked(title: Fields, marks: Marks): Json {
  return Object.fromEntries(Object.entries(title).map(([tag, text]) => [tag, `${marks[tag] ?? MARK}: ${String(text)}`]));
}
