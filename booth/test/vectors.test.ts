/** The vectors that Python and Rust have: honest archives pass, and ballots are refused at their step by their name. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkArchive } from '../src/protocol/box.ts';
import { Refused } from '../src/protocol/errors.ts';

const VECTORS = new URL('../../vectors/', import.meta.url);

interface Case {
  readonly verdict?: 'accept' | 'reject';
  readonly step?: string;
  readonly error?: string;
  readonly kind?: string;
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8')) as T;
}

function bytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.bel`, VECTORS)));
}

const whole = Object.entries(json<Record<string, Case>>('expected.json'));
const steps = Object.entries(json<{ vectors: Record<string, Case> }>('steps/expected.json').vectors);

/** The vectors of the foundations whose number or point is inside a ballot. */
const INSIDE_A_BALLOT = new Set([
  'foundations/0.1-hexadecimal',
  'foundations/0.1-leading-zero',
  'foundations/0.1-plus',
  'foundations/0.3-individual-proof',
  'foundations/0.3-signature',
  'foundations/0.4-upper-case',
  'foundations/0.5-alpha',
  'foundations/0.5-beta',
  'foundations/0.5-credential',
]);

/** 0.6 to 0.15 are about the archive's own form, which the reader of ballots refuses as well. */
const FORM = /^0\.([6-9]|1[0-5])$/;

function isOurs([name, { step = '', kind }]: [string, Case]): boolean {
  return kind === 'archive' && (step.startsWith('4.') || FORM.test(step) || INSIDE_A_BALLOT.has(name));
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
