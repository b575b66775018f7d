/** A trustee's protocol: the known answers that the library made, and ceremonies in which it and this page are trustees of one group. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Refused } from '../src/protocol/errors.ts';
import { hexOf } from '../src/protocol/group.ts';
import { hashToScalar, readScalar, systemRandom, utf8, type Random } from '../src/protocol/numbers.ts';
import { groupText, readTrustees, single, trusteesText } from '../src/verify/trustees.ts';
import * as ceremony from '../src/keys/ceremony.ts';
import { isSeed, newSeed, receive, seedOf, send } from '../src/keys/pki.ts';
import { checkTrial, decryptTrial, makeTrial, readTrial } from '../src/keys/trial.ts';
import type { Keys, Verdict } from './expected.ts';

const { ceremonies, judged } = JSON.parse(readFileSync(new URL('../../vectors/known/keys.json', import.meta.url), 'utf8')) as Keys;

function stream(seed: string): Random {
  let counter = 0;
  return () => hashToScalar(`${seed}|${counter++}`);
}

async function verdictOf(act: () => Promise<unknown> | unknown): Promise<Verdict> {
  try {
    return { accept: await act() };
  } catch (error) {
    if (error instanceof Refused) return { step: error.step, error: error.name };
    throw error;
  }
}

describe.each(ceremonies)('$name', ({ name, threshold, members, singles, group, trustees, trials, numbers }) => {
  const certs = ceremony.readCerts(members.map(({ cert }) => cert));
  const commitments = members.map(({ commitment }) => commitment);
  const polynomials = members.map(({ polynomial }) => ceremony.readPolynomial(polynomial));
  const voutputs = members.map(({ voutput }) => ceremony.readVoutput(voutput));

  it('gives the same files with the same randomness', async () => {
    for (const [i, member] of members.entries()) {
      const seed = seedOf(member.seed);
      const context = { size: members.length, threshold, index: i + 1 };
      expect(ceremony.begin(seed, context, stream(member.random.begin))).toBe(member.cert);
      expect(ceremony.ownIndex(seed, certs)).toBe(i + 1);
      const made = await ceremony.makePolynomial(seed, certs, stream(member.random.polynomial));
      expect(ceremony.polynomialText(made)).toBe(member.polynomial);
      expect(ceremony.commitmentOf(made)).toBe(member.commitment);
      const given = ceremony.readVinput(member.vinput);
      const done = await ceremony.finish(seed, certs, given, commitments, stream(member.random.finish), member.name);
      expect(ceremony.voutputText(done)).toBe(member.voutput);
    }
    expect(ceremony.route(certs, polynomials).map(ceremony.vinputText)).toEqual(members.map(({ vinput }) => vinput));
  });

  it('finds out whose a file is, whatever it is called', () => {
    expect(polynomials.map((one) => ceremony.senderOf(certs, one))).toEqual(members.map((_, i) => i + 1));
    expect(voutputs.map((one) => ceremony.ownerOf(certs, polynomials, one))).toEqual(members.map((_, i) => i + 1));
  });

  it('is put together', () => {
    const made = ceremony.assemble(certs, polynomials, voutputs);
    expect(groupText(made)).toBe(group);
    expect(trusteesText([...singles.map(({ pubkey }) => single(ceremony.readSingle(pubkey))), made])).toBe(trustees);
    for (const { random, pubkey, privkey } of singles) {
      const numbersOf = stream(random);
      const x = numbersOf();
      expect(JSON.parse(privkey)).toBe(String(x));
      expect(ceremony.publicKeyText(ceremony.publicKeyOf(x, numbersOf))).toBe(pubkey);
    }
  });

  it('is tried on the test sum', async () => {
    const trial = makeTrial(readTrustees(utf8(trustees)));
    expect(trial.numbers).toEqual(numbers);
    const keys = singles.map(({ privkey }) => readScalar(JSON.parse(privkey) as string));
    for (const [i, { seed }] of members.entries()) keys.push(await ceremony.decryptionKey(seedOf(seed), voutputs[i]!.privateKey));
    expect(keys.map((x, i) => decryptTrial(trial, x, stream(`${name}|trial|${i + 1}`)))).toEqual(trials);
    const parts = trials.map((text) => readTrial(trial, utf8(text)));
    checkTrial(trial, parts);
    checkTrial(trial, parts.slice(0, -1));
    expect(await verdictOf(() => checkTrial(trial, parts.slice(0, singles.length + threshold - 1)))).toMatchObject({ error: 'DecryptionsMissing' });
    expect(await verdictOf(() => readTrial(trial, utf8(trials[0]!.replace('"owner":1', '"owner":2'))))).toMatchObject({ error: 'DecryptionProofInvalid' });
  });
});

describe('what reaches a trustee', () => {
  it.each(judged)('$what', async ({ seed, certs, vinput, commitments, ...verdict }) => {
    const act = async (): Promise<string> => {
      const read = ceremony.readCerts(certs);
      const done = await ceremony.finish(seedOf(seed), read, ceremony.readVinput(vinput), commitments, systemRandom);
      return hexOf(done.publicKey.key);
    };
    const { accept, step, error } = verdict;
    expect(await verdictOf(act)).toEqual(accept === undefined ? { step, error } : { accept });
  });
});

describe('seeds and letters', () => {
  it('are fresh, and of the alphabet', () => {
    const seeds = Array.from({ length: 200 }, newSeed);
    expect(new Set(seeds).size).toBe(200);
    expect(seeds.every(isSeed)).toBe(true);
    expect(new Set(seeds.join('')).size).toBe(58);
  });

  it.each(['', '1'.repeat(21), '0'.repeat(22), `${'1'.repeat(21)}é`])('are refused without being repeated: %s', async (text) => {
    const { error } = await verdictOf(() => seedOf(text));
    expect(error).toBe('SecretKeyMismatch');
  });

  it('go to whom they are written, and to nobody else', async () => {
    const [ann, bob, cem] = [seedOf(newSeed()), seedOf(newSeed()), seedOf(newSeed())];
    const letter = await send(ann, bob.encryptionKey, 'a share — سهم', systemRandom);
    expect(await receive(bob, ann.verificationKey, letter)).toBe('a share — سهم');
    expect(await verdictOf(() => receive(cem, ann.verificationKey, letter))).toMatchObject({ error: 'MessageRefused' });
    expect(await verdictOf(() => receive(bob, cem.verificationKey, letter))).toMatchObject({ error: 'MessageRefused' });
    const spoiled = letter.replace(/.(?="})/, (digit) => (digit === '0' ? '1' : '0'));
    expect(await verdictOf(() => receive(bob, ann.verificationKey, spoiled))).toMatchObject({ error: 'MessageRefused' });
  });
});
