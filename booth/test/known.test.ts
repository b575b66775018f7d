/** The known answers that the library made (vectors/known), and ballots sealed here that the library judges. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readBallot, trackerOf, unsignedValue } from '../src/protocol/ballot.ts';
import { checkBallot } from '../src/protocol/check.ts';
import { BASE58, checkCharacter, printedCredential, readTyped, withHyphens } from '../src/protocol/credential.ts';
import { readElection } from '../src/protocol/election.ts';
import { Refused } from '../src/protocol/errors.ts';
import { write } from '../src/protocol/json.ts';
import { hashToScalar, systemRandom, utf8, type Random } from '../src/protocol/numbers.ts';
import { checkReceipt, readReceipt, receiptText } from '../src/protocol/receipt.ts';
import { bucketDigits, publicCredential } from '../src/protocol/roll.ts';
import { readSetup } from '../src/protocol/setup.ts';
import { checkChallenge, checkChoices, seal } from '../src/protocol/seal.ts';
import type { Booth, Box, Question, Roll, Verdict } from './expected.ts';

function known<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../../vectors/known/${name}.json`, import.meta.url), 'utf8')) as T;
}

function stream(seed: string): Random {
  let counter = 0;
  return () => hashToScalar(`${seed}|${counter++}`);
}

function verdictOf(act: () => unknown): Verdict {
  try {
    return { accept: act() };
  } catch (error) {
    if (error instanceof Refused) return { step: error.step, error: error.name };
    throw error;
  }
}

const [roll, booth, box] = [known<Roll>('roll'), known<Booth>('booth'), known<Box>('box')];

describe('roll', () => {
  it.each(roll.credentials)('$credential', ({ uuid, credential, public: key, printed }) => {
    expect(publicCredential(uuid, credential)).toBe(key);
    expect(printedCredential(credential)).toBe(printed);
    expect(withHyphens(printed.replaceAll('-', ''))).toBe(printed);
    expect(withHyphens(credential.replaceAll('-', ' '))).toBe(credential);
  });

  it.each(roll.typed)('typed $typed', ({ typed, accept }) => {
    const read = readTyped(typed);
    expect(read.is === 'credential' ? read.credential : undefined).toBe(accept);
  });

  it('says which groups are wrong', () => {
    const printed = roll.credentials[0]!.printed.split('-');
    const wrong = printed.map((group, i) => (i % 2 === 1 ? group.slice(0, -1) + (group.endsWith('z') ? 'y' : 'z') : group));
    expect(readTyped(wrong.join('-'))).toEqual({ is: 'groups', groups: [2, 4] });
    expect(readTyped('0OIl')).toEqual({ is: 'alphabet', characters: ['0', 'O', 'I', 'l'] });
    expect(readTyped('abc')).toEqual({ is: 'short', missing: 19 });
    expect(readTyped('a'.repeat(24))).toEqual({ is: 'short', missing: 2 });
    expect(readTyped('a'.repeat(28))).toEqual({ is: 'long', extra: 2 });
  });

  it('notices every single wrong character', () => {
    for (const group of ['ooM1F', 'GKqoBa', '11111', 'zzzzzz']) {
      for (let i = 0; i < group.length; i++) {
        const checks = [...BASE58].map((other) => checkCharacter(group.slice(0, i) + other + group.slice(i + 1)));
        expect(new Set(checks).size).toBe(58);
      }
    }
  });
});

describe('roll', () => {
  it('tells a server no more of a credential than a large bucket needs', () => {
    for (const [asked, electorate] of [[0, 1], [1, 4096], [2, 65536], [4, 40_000_000], [1, 256]] as const) {
      expect(bucketDigits(asked, electorate)).toBe(asked);
    }
    for (const [asked, electorate] of [[64, 40_000_000], [1, 255], [6, 40_000_000], [-1, 100], [0.5, 100], [NaN, 100], ['2', 1e6], [undefined, 1e6], [null, 1e6], [Infinity, 1e6]] as const) {
      expect(() => bucketDigits(asked, electorate), String(asked)).toThrow('digits of the credential');
    }
  });
});

describe('question', () => {
  it.each(known<Question>('question').setups)('$what', ({ setup, anchor, accept, step, error }) => {
    const got = verdictOf(() => readSetup(utf8(setup), anchor).information);
    expect(got).toEqual(accept === undefined ? { step, error } : { accept });
  });
});

describe('booth', () => {
  it.each(booth.ballots)('$name', ({ seeds, choices, credential, ...texts }) => {
    const election = readElection(utf8(texts.election));
    const key = publicCredential(election.uuid, credential);
    const sealed = seal(election, key, choices, stream(seeds.seal));
    expect(write(unsignedValue(sealed.unsigned))).toBe(texts.unsigned);
    expect(sealed.hash).toBe(texts.hash);
    expect(seal(election, key, choices, stream(seeds.seal)).challenge()).toBe(texts.opened);
    const ballot = sealed.cast(credential, stream(seeds.cast));
    expect(ballot).toBe(texts.ballot);
    expect(trackerOf(utf8(ballot))).toBe(texts.tracker);
    checkBallot(readBallot(utf8(ballot), election), election);
  });

  it.each(booth.opened)('opened: $what', ({ election, opened, hash, ...verdict }) => {
    const { accept, step, error } = verdict;
    const got = verdictOf(() => checkChallenge(utf8(opened), readElection(utf8(election)), hash));
    expect(got).toEqual(accept === undefined ? { step, error } : { accept });
  });

  const election = readElection(utf8(booth.ballots[0]!.election));
  const { credential, choices } = booth.ballots[0]!;
  const sealed = (): ReturnType<typeof seal> =>
    seal(election, publicCredential(election.uuid, credential), choices, systemRandom);

  it('is cast or challenged, never both', () => {
    const cast = sealed();
    const ballot = cast.cast(credential, systemRandom);
    expect(verdictOf(() => cast.challenge()).error).toBe('SealSpent');
    expect(cast.cast(credential, systemRandom)).toBe(ballot);
    const challenged = sealed();
    const opened = challenged.challenge();
    expect(verdictOf(() => challenged.cast(credential, systemRandom)).error).toBe('SealSpent');
    expect(challenged.challenge()).toBe(opened);
  });

  it('is not signed with another credential, and can still be cast then', () => {
    const own = sealed();
    const other = booth.ballots[1]!.credential;
    expect(verdictOf(() => own.cast(other, systemRandom)).error).toBe('SecretKeyMismatch');
    expect(own.state).toBe('sealed');
    expect(own.cast(credential, systemRandom)).toContain('"signature"');
  });

  it('takes only choices that the question allows', () => {
    for (const wrong of [[], [[1, 0]], [[1, 1, 0]], [[0, 0, 0]], [[2, 0, 0]], [[1, 0, 0], [1]], [[0.5, 0.5, 0]]]) {
      expect(verdictOf(() => checkChoices(election, wrong)).error).toBe('ChoiceInvalid');
    }
  });
});

describe('box', () => {
  it.each(box.receipts)('$what', ({ receipt, accept, step, error }) => {
    const got = verdictOf(() => checkReceipt(readReceipt(utf8(receipt)), box.box_key));
    expect(got).toEqual(accept ? { accept: undefined } : { step, error });
    if (accept) expect(receiptText(readReceipt(utf8(receipt)))).toBe(receipt);
  });
});

const python = process.env.SANDUQ_PYTHON ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));

describe.skipIf(!existsSync(python))('the library', () => {
  it('accepts what is sealed here, on both engines', () => {
    const made = booth.ballots.map(({ election: text, credential: secret, choices: chosen }) => {
      const asked = readElection(utf8(text));
      const key = publicCredential(asked.uuid, secret);
      const ballot = seal(asked, key, chosen, systemRandom).cast(secret, systemRandom);
      return { key, line: JSON.stringify({ election: text, ballot }) };
    });
    const script = fileURLToPath(new URL('verify_ballots.py', import.meta.url));
    const { stdout, stderr } = spawnSync(python, [script], { input: made.map(({ line }) => line).join('\n'), encoding: 'utf8' });
    const verdicts = stdout.trim().split('\n').map((line) => JSON.parse(line) as unknown);
    expect(verdicts, stderr).toEqual(made.map(({ key }) => ({ python: key, rust: key })));
  });
});
