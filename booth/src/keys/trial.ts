/**
 * The trial: the trustees open a test sum with their real keys, before anybody votes (spec 7.i). Nobody hands the sum over: each trustee makes
 * it alone from the trustees' text, with randomness that is a hash of it, known to everybody. So a factor of it tells nothing.
 */
import { BASE58 } from '../protocol/credential.ts';
import { electionText, readElection, type Election } from '../protocol/election.ts';
import { inside, Refused, require } from '../protocol/errors.ts';
import { G, secretPower, vartimePower, type Point } from '../protocol/group.ts';
import { hashToScalar, sha256Hex, utf8, type Random } from '../protocol/numbers.ts';
import { combine, type Factors, type Sums } from '../verify/count.ts';
import { productOf, trusteesText, type Trustee } from '../verify/trustees.ts';
import { decryptSums, ownerOfKey, partsText, readPart, readParts } from './decryption.ts';

const TAG = 'sanduq-trial-1';
const CHOICES = 3;
const UUID = 14;

export interface Trial {
  readonly trustees: readonly Trustee[];
  readonly election: Election;
  readonly sums: Sums;
  readonly numbers: readonly number[];
}

function uuidOf(sha256: string): string {
  let rest = BigInt(`0x${sha256Hex(utf8(`${TAG}|${sha256}`))}`);
  let text = '';
  for (; text.length < UUID; rest /= 58n) text += BASE58[Number(rest % 58n)]!;
  return text;
}

/** The test sum of these trustees, the same wherever it is made. They have been checked (3.1 to 3.12). */
export function makeTrial(trustees: readonly Trustee[]): Trial {
  const sha256 = sha256Hex(utf8(trusteesText(trustees)));
  const y = productOf(trustees.map(({ key }) => key));
  const names = Array.from({ length: CHOICES }, (_, n) => String(n + 1));
  const question = { question: 'Do the keys open a sum?', answers: names, min: 1, max: 1, blank: null };
  const text = electionText({ uuid: uuidOf(sha256), name: "Trial of the trustees' keys", description: sha256, y, questions: [question] });
  const numbers = names.map((_, n) => Number(hashToScalar(`${TAG}|${sha256}|m|${n}`) % 1000n));
  const sums = numbers.map((m, n) => {
    const r = hashToScalar(`${TAG}|${sha256}|r|${n}`);
    return { alpha: vartimePower(G, r), beta: vartimePower(y, r).add(vartimePower(G, BigInt(m))) };
  });
  return { trustees, election: readElection(utf8(text)), sums: [sums], numbers };
}

/** A trustee's part of the trial, with its real secret key x (3.18): the text of the file to hand over. */
export function decryptTrial(trial: Trial, x: bigint, random: Random): string {
  const owner = ownerOfKey(trial.trustees, x);
  const part = decryptSums(trial.sums, trial.election, x, random);
  return partsText({ owner, areas: new Map([[trial.election.uuid, part]]) });
}

export interface TrialPart {
  readonly owner: number;
  readonly factors: Factors;
}

/** Whether a file of parts is one of a trial, of these trustees or others: its only area is no area of a vote that is known. */
export function isTrialOf(trial: Trial, data: Uint8Array): boolean {
  try {
    return [...readParts(data).areas.keys()].join() === trial.election.uuid;
  } catch {
    return false;
  }
}

/** One trustee's part from its file, checked (7.4, 7.5, 7.7, 7.15, 7.17). */
export function readTrial(trial: Trial, data: Uint8Array): TrialPart {
  const { owner, areas } = readParts(data);
  const value = areas.get(trial.election.uuid);
  if (value === undefined || areas.size !== 1) throw new Refused('NotInSetup', 'not the trial of these trustees');
  const key: Point | undefined = trial.trustees.flatMap(({ keys }) => keys)[owner - 1];
  if (key === undefined) throw new Refused('DecryptionOwner', String(owner));
  return { owner, factors: inside(`trustee ${owner}`, () => readPart(value, { election: trial.election, sums: trial.sums, key })) };
}

/** The parts open the test sum to its numbers (7.8, 7.10, 7.16). */
export function checkTrial(trial: Trial, parts: readonly TrialPart[]): void {
  const given = new Map(parts.map(({ owner, factors }) => [owner, factors]));
  require('DecryptionTwice', given.size === parts.length);
  const factors = combine(trial.trustees, given);
  trial.sums[0]!.forEach(({ beta }, c) => {
    const votes = beta.subtract(factors[0]![c]!);
    require('ResultWrong', votes.equals(secretPower(G, BigInt(trial.numbers[c]!))), `choice ${c + 1}`);
  });
}
