/** The vectors that Python and Rust have: honest archives pass, and ballots are refused at their step by their name. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ArchiveReader } from '../src/protocol/archive.ts';
import { checkArchive } from '../src/protocol/box.ts';
import { readElection } from '../src/protocol/election.ts';
import { Refused } from '../src/protocol/errors.ts';
import { hexOf } from '../src/protocol/group.ts';
import { sha256Hex } from '../src/protocol/numbers.ts';
import { electionKey } from '../src/protocol/trustees.ts';
import { INSIDE_A_BALLOT, isOurs, steps, VECTORS, whole } from './expected.ts';

function bytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.bel`, VECTORS)));
}

function refusalOf(act: () => unknown): Refused {
  try {
    act();
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('honest archives', () => {
  it.each(whole.filter(([, { verdict }]) => verdict === 'accept').map(([name]) => name))('%s', (name) => {
    expect(checkArchive(bytes(name)).ballots).toBeGreaterThanOrEqual(0);
  });
});

describe('the election key', () => {
  it.each(whole.filter(([, { verdict }]) => verdict === 'accept').map(([name]) => name))('follows from the trustees of %s', (name) => {
    const { data } = new ArchiveReader(bytes(name)).entries().next().value!;
    const [election, trustees] = data;
    expect(hexOf(electionKey(trustees!, sha256Hex(trustees!)))).toBe(hexOf(readElection(election!).y));
  });
});

describe('forged ballots', () => {
  const forged = whole.filter(([name, { step }]) => name.startsWith('forged/ballot-') && step);
  it.each(forged)('%s', (name, { step }) => {
    expect(refusalOf(() => checkArchive(bytes(name))).step).toBe(step);
  });
});

describe('steps', () => {
  const ours = steps.filter(isOurs);
  it.each(ours)('%s', (name, { step, error }) => {
    const refusal = refusalOf(() => checkArchive(bytes(`steps/${name}`)));
    expect([refusal.step, refusal.name]).toEqual([step, error]);
  });

  it('has every check of a ballot', () => {
    const checked = new Set(ours.map(([, { step }]) => step));
    const numbers = Array.from({ length: 15 }, (_, i) => `4.${i + 1}`);
    expect([...numbers, '0.3', '0.4', '0.5'].filter((step) => !checked.has(step))).toEqual([]);
    expect([...INSIDE_A_BALLOT].filter((name) => !ours.some(([other]) => other === name))).toEqual([]);
  });
});
