/** Credentials and the public list (spec 1). A credential never leaves the device: only its public half is shown to anybody. */
import { checkCredential } from './credential.ts';
import { Refused, require } from './errors.ts';
import { G, hexOf, modQ, secretPower } from './group.ts';
import { Form, read, requireSame, write, type Json } from './json.ts';
import { sha256Hex, utf8 } from './numbers.ts';

const MAX_WEIGHT = 10n ** 11n;
const ENTRY = /^([0-9a-f]{64})(?:,(0|[1-9][0-9]{0,11}))?$/;
const TRACKER = /^[A-Za-z0-9+/]{43}$/;
const form: Form = new Form('RollMalformed');

/** The exponent x of a credential in the election `uuid` (secret; spec 1.a). */
export function secretExponent(uuid: string, credential: string): bigint {
  const half = (i: number): string => sha256Hex(utf8(`derive_credential|${uuid}|${i}|${credential}`));
  return modQ(BigInt(`0x${half(0)}${half(1)}`));
}

/** g^x in its 64 digits. */
export function publicCredential(uuid: string, credential: string): string {
  return hexOf(secretPower(G, secretExponent(uuid, checkCredential(credential))));
}

// --- the public list (spec 1.b) ---------------------------------------------------------------------------------------------

/** The public credentials of a list's entries, which may have weights (1.1, 1.2, 1.4). */
export function readEntries(value: Json): Set<string> {
  const keys = new Set<string>();
  let total = 0n;
  let weights = 0;
  form.items(value, 'entry', (item) => {
    const match = typeof item === 'string' ? ENTRY.exec(item) : null;
    if (match === null) throw new Refused('RollMalformed', 'expected 64 digits, or 64 digits, a comma and a weight');
    require('RollDuplicate', !keys.has(match[1]!), match[1]);
    keys.add(match[1]!);
    const weight = BigInt(match[2] ?? '1');
    require('RollWeight', weight <= MAX_WEIGHT);
    total += weight;
    weights += match[2] === undefined ? 0 : 1;
  });
  require('RollWeight', weights === 0 || weights === keys.size, 'some voters have a weight and some have none');
  require('RollWeight', total <= MAX_WEIGHT, 'all weights together');
  return keys;
}

/** A whole list from its text, as it stands in an archive. */
export function readRoll(data: Uint8Array): Set<string> {
  const value = read(data);
  const keys = readEntries(value);
  requireSame(data, write(value));
  return keys;
}

/** The credential is among the entries of its bucket (4.6). */
export function requireOnRoll(bucket: Json, credential: string): void {
  require('CredentialUnknown', readEntries(bucket).has(credential));
}

/** As few entries as a bucket may have on average, going by the frozen electorate. Honest servers keep to 256. */
const FEWEST = 16;

/**
 * How many digits of a public credential the server is told, if it asks for so many. It is refused to one that asks for more: with all
 * of them it would know who looks at the question and does not vote.
 */
export function bucketDigits(asked: unknown, electorate: number): number {
  const fits = Number.isInteger(asked) && (asked === 0 || electorate >= FEWEST * 16 ** (asked as number));
  require('RollMalformed', fits && (asked as number) >= 0, `the server asks for ${String(asked)} digits of the credential`);
  return asked as number;
}

// --- the public record, bucket by bucket ------------------------------------------------------------------------------------

/** Where a credential's last ballot stands in the public record. */
export interface Last {
  readonly height: number;
  readonly tracker: string;
}

/**
 * The last ballot of a credential in a server's answer for its bucket; null if there is none. It is what the server says: that the record
 * says the same is for whoever verifies the record to see.
 */
export function lastOf(answer: Json, credential: string): Last | null {
  const { height, ballots } = form.fields(answer, ['prefix', 'height', 'ballots']);
  const until = form.number(height, 'height');
  const rows = form.items(ballots, 'ballot', (item) => {
    const row = form.fields(item, ['credential', 'height', 'tracker']);
    const at = form.number(row.height, 'height');
    const tracker = form.text(row.tracker, 'tracker');
    if (at < 1 || at > until || !TRACKER.test(tracker)) form.fail('a ballot of the public record');
    return { credential: form.hash(row.credential, 'credential'), height: at, tracker };
  });
  const mine = rows.filter((row) => row.credential === credential);
  if (mine.length > 1) throw new Refused('RollMalformed', 'a credential with two last ballots');
  return mine[0] ? { height: mine[0].height, tracker: mine[0].tracker } : null;
}
