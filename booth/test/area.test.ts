/** Every archive of the vectors through the verifier of `VERIFY-AREA.html`: the verdicts of Python and Rust, by step and name. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Refused } from '../src/protocol/errors.ts';
import { verifyArchive } from '../src/verify/archive.ts';
import { localEngine } from '../src/verify/ballots.ts';
import { FileSource } from '../src/verify/source.ts';
import { steps, VECTORS, whole } from './expected.ts';

async function judge(name: string): Promise<unknown> {
  const file = new Blob([readFileSync(new URL(`${name}.bel`, VECTORS))]);
  try {
    const { result } = await verifyArchive(new FileSource(file), localEngine());
    return { verdict: 'accept', result: result?.map((row) => row.map(Number)) ?? null };
  } catch (error) {
    if (error instanceof Refused) return { verdict: 'reject', step: error.step, error: error.name };
    throw error;
  }
}

describe('archives made with belenios-tool', () => {
  it.each(whole)('%s', async (name, { verdict, step, result = null }) => {
    expect(await judge(name)).toMatchObject(verdict === 'accept' ? { verdict, result } : { verdict, step });
  });
});

describe('steps', () => {
  const archives = steps.filter(([, { kind }]) => kind === 'archive');
  it.each(archives)('%s', async (name, { step, error }) => {
    expect(await judge(`steps/${name}`)).toEqual({ verdict: 'reject', step, error });
  });
});
