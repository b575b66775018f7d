/**
 * Ballots changed at random, the same at every run: this verifier and the library's two engines say the same of each, with the
 * step and the name. SANDUQ_BOOTH_MUTATIONS says how many: each takes the two verifiers a tenth of a second.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readBallot } from '../src/protocol/ballot.ts';
import { checkBallot } from '../src/protocol/check.ts';
import { readElection, type Election } from '../src/protocol/election.ts';
import { Refused } from '../src/protocol/errors.ts';
import { Q } from '../src/protocol/group.ts';
import { utf8 } from '../src/protocol/numbers.ts';
import { VECTORS, type Booth } from './expected.ts';

const COUNT = Number(process.env.SANDUQ_BOOTH_MUTATIONS ?? 200);
const booth = JSON.parse(readFileSync(new URL('known/booth.json', VECTORS), 'utf8')) as Booth;
const python = process.env.SANDUQ_PYTHON ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));

/** A small generator whose numbers are the same everywhere (xorshift). */
let state = 2463534242;
function below(n: number): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % n;
}

function one<T>(items: readonly T[]): T {
  return items[below(items.length)]!;
}

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/** Identity, order 2, order 4, no point, not reduced, sign of zero, upper case. */
const POINTS = [
  `${'0'.repeat(63)}1`,
  `7${'f'.repeat(61)}ec`,
  '0'.repeat(64),
  `${'0'.repeat(63)}2`,
  `7${'f'.repeat(61)}ee`,
  `8${'0'.repeat(62)}1`,
  `${'6'.repeat(62)}58`.replace('6', 'A'),
  `${'6'.repeat(62)}58`,
];

function changedText(text: string): string {
  const [at, more] = [below(text.length), one(['"', ' ', '0', '1', ',', '}', 'a', '\\u0041', '\u0000', 'é', '\n', '-', '.'])];
  return text.slice(0, at) + one(['', more]) + text.slice(at + one([0, 1, 1, 7]));
}

function changedScalar(value: string): Value {
  const number = /^[0-9]+$/.test(value) ? BigInt(value) : 0n;
  const numbers = [number + 1n, number + Q, Q, 0n, -1n, number * 10n ** 8n].map(String);
  return one<Value>([...numbers, `0${value}`, ` ${value}`, 1, null, '', value.toUpperCase(), one(POINTS), one(POINTS)]);
}

function changed(value: Value): Value {
  if (typeof value === 'string') return changedScalar(value);
  if (Array.isArray(value)) {
    const copy = [...value];
    const [i, j] = [below(copy.length), below(copy.length)];
    const act = below(6);
    if (act === 0 || copy.length === 0) return one<Value>([[], {}, null, [...copy, ...copy]]);
    if (act === 1) copy.splice(i, 1);
    else if (act === 2) [copy[i], copy[j]] = [copy[j]!, copy[i]!];
    else copy[i] = changed(copy[i]!);
    return copy;
  }
  if (typeof value !== 'object' || value === null) return one<Value>([null, true, 0, 'x', []]);
  const entries = Object.entries(value);
  const i = below(entries.length);
  const act = below(12);
  if (act === 0) entries.splice(i, 1);
  else if (act === 1) entries.reverse();
  else if (act === 2) entries.push(['note', 'yes']);
  else entries[i] = [entries[i]![0], changed(entries[i]![1])];
  return Object.fromEntries(entries);
}

function verdictOf(raw: Uint8Array, election: Election): string {
  try {
    const ballot = readBallot(raw, election);
    checkBallot(ballot, election);
    return ballot.unsigned.credential;
  } catch (error) {
    if (error instanceof Refused) return `${error.step} ${error.name}`;
    throw error;
  }
}

describe.skipIf(!existsSync(python))('ballots changed at random', () => {
  it(`have one verdict (${COUNT})`, { timeout: 120_000 + COUNT * 2_000 }, () => {
    const cases = Array.from({ length: COUNT }, () => {
      const { election, ballot } = one(booth.ballots);
      const other = one(booth.ballots);
      const act = below(10);
      const mutated = act < 3 ? changedText(ballot) : act < 9 ? JSON.stringify(changed(JSON.parse(ballot) as Value)) : other.ballot;
      return { election, ballot: mutated };
    });
    const script = fileURLToPath(new URL('verify_ballots.py', import.meta.url));
    const input = cases.map((one) => JSON.stringify(one)).join('\n');
    const { stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
    const theirs = stdout.trim().split('\n').map((line) => JSON.parse(line) as { python: string; rust: string });
    expect(theirs.length, stderr).toBe(COUNT);
    const ours = cases.map(({ election, ballot }) => verdictOf(utf8(ballot), readElection(utf8(election))));
    const different = ours.flatMap((mine, i) =>
      mine === theirs[i]!.python && mine === theirs[i]!.rust ? [] : [{ mine, ...theirs[i]!, ballot: cases[i]!.ballot.slice(0, 300) }],
    );
    expect(different).toEqual([]);
    const steps = new Set(ours.map((verdict) => verdict.split(' ')[0]!));
    expect(steps.size).toBeGreaterThan(10);
  });
});
