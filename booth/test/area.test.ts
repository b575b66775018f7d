/** Every archive of the vectors through the verifier of `VERIFY-AREA.html`: the verdicts of Python and Rust, by step and name. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Refused } from '../src/protocol/errors.ts';
import { verifyArchive } from '../src/verify/archive.ts';
import { localEngine } from '../src/verify/ballots.ts';
import { verifyArea } from '../src/verify/area.ts';
import { checkAnchor, readWholeSetup } from '../src/verify/setup.ts';
import { NEVER } from '../src/verify/steps.ts';
import { FileSource } from '../src/verify/source.ts';
import { steps, VECTORS, whole } from './expected.ts';

/** All of them take half a minute: without SANDUQ_BOOTH_MUTATIONS, which `make test-all` sets, it is the first vector of each step. */
const ALL = process.env.SANDUQ_BOOTH_MUTATIONS !== undefined;
function some(vectors: typeof steps): typeof steps {
  const seen = new Set<string>();
  return vectors.filter(([, { step = '', error = '' }]) => ALL || (!seen.has(`${step} ${error}`) && seen.add(`${step} ${error}`)));
}

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
  it.each(whole.filter(([name]) => ALL || name.startsWith('honest/')))('%s', async (name, { verdict, step, result = null }) => {
    expect(await judge(name)).toMatchObject(verdict === 'accept' ? { verdict, result } : { verdict, step });
  });
});

describe('steps', () => {
  const archives = steps.filter(([, { kind }]) => kind === 'archive');
  it.each(some(archives))('%s', async (name, { step, error }) => {
    expect(await judge(`steps/${name}`)).toEqual({ verdict: 'reject', step, error });
  });
});

// --- records: what can be said about one area of them -----------------------------------------------------------------------

const RESPELLED = 'question/2.8-rule';
const RECORDS = new URL('steps/', VECTORS);
const load = (name: string, path: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(new URL(`${name}/${path}`, RECORDS)));
const there = (name: string, path: string): boolean => existsSync(new URL(`${name}/${path}`, RECORDS));

/** The area whose folder is named, or each of them until one is refused. */
async function judgeRecord(name: string, anchor: string | null): Promise<unknown> {
  try {
    const setup = load(name, 'setup.json');
    if (anchor !== null) checkAnchor(setup, anchor);
    const fingerprints = there(name, 'fingerprints.json') ? { fingerprints: load(name, 'fingerprints.json') } : {};
    for (const { code, uuid } of readWholeSetup(setup).areas) {
      const path = `areas/${code}/${uuid}`;
      if (!there(name, `${path}.bel`)) continue;
      const proofs = there(name, `${path}.proofs`) ? load(name, `${path}.proofs`) : null;
      const archive = new Blob([load(name, `${path}.bel`)]);
      await verifyArea({ archive, setup, proofs, ...fingerprints, ...(anchor !== null && { anchor }) }, localEngine());
    }
    return { verdict: 'accept' };
  } catch (error) {
    if (error instanceof Refused) return { verdict: 'reject', step: error.step, error: error.name };
    throw error;
  }
}

describe('records', () => {
  const records = steps.filter(([, { kind }]) => kind === 'record');
  // What the page says that it does not check; and of 8.12, that the record's folder has the file.
  const passes = (name: string, step: string): boolean => NEVER.has(step) || name === 'watch/8.12-missing';
  it.each(some(records.filter(([name]) => name !== RESPELLED)))('%s', async (name, { step = '', error, anchor = null }) => {
    const expected = passes(name, step) ? { verdict: 'accept' } : { verdict: 'reject', step, error };
    expect(await judgeRecord(name, anchor)).toEqual(expected);
  });

  it('a rule that has a second spelling is not read (2.11): its setup is another one all the same', async () => {
    expect(await judgeRecord(RESPELLED, null)).toEqual({ verdict: 'reject', step: '8.5', error: 'AreaOtherSetup' });
  });
});
