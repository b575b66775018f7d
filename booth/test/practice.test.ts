/** Practice without a browser: a whole vote in it, and that nothing of it passes for anything of a vote. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Rejected } from '../src/api.ts';
import { PracticeBox } from '../src/practice/box.ts';
import { exampleSetup } from '../src/practice/example.ts';
import { makeWorld, newSeed, UUID_MARK } from '../src/practice/world.ts';
import { ArchiveReader } from '../src/protocol/archive.ts';
import { readBallot } from '../src/protocol/ballot.ts';
import { BallotBox, checkArchive } from '../src/protocol/box.ts';
import { readElection } from '../src/protocol/election.ts';
import { Refused } from '../src/protocol/errors.ts';
import { sha256Hex, utf8 } from '../src/protocol/numbers.ts';
import { checkReceiptFor, readReceipt } from '../src/protocol/receipt.ts';
import { readSetup } from '../src/protocol/setup.ts';
import { Desk } from '../src/sealing/desk.ts';
import type { Catalogue } from '../src/words/catalogue.ts';
import { LANGUAGES } from '../src/words/index.ts';
import { VECTORS } from './expected.ts';

const SEED = '23456789ABCD';
const python = process.env.SANDUQ_PYTHON ?? fileURLToPath(new URL('../../.venv/bin/python', import.meta.url));
const real = new Uint8Array(readFileSync(new URL('steps/watch/8.13-file/setup.json', VECTORS)));
const realArchive = new Uint8Array(readFileSync(new URL('steps/watch/8.13-file/areas/A/na9Fi9vhGbTHrc.bel', VECTORS)));
const catalogues = new Map<string, Catalogue>();

beforeAll(async () => {
  for (const { tag, load } of LANGUAGES) catalogues.set(tag, (await load()).words);
});

async function nameOf(act: () => unknown): Promise<string> {
  try {
    await act();
    return 'accept';
  } catch (error) {
    return error instanceof Rejected ? error.problem.name : (error as Error).name;
  }
}

/** A voter who practises: everything through the desk, as in the booth. */
async function practise(box: PracticeBox): Promise<Desk> {
  const desk = new Desk();
  const { world } = box;
  desk.setup(await box.setup(), box.anchor);
  desk.area(await box.election(world.area.code), await box.trustees(), world.area.code);
  const key = desk.open(world.credential);
  desk.onRoll(await box.bucket(world.area.code, key.slice(0, 1)));
  return desk;
}

const boxOf = (source: Uint8Array): PracticeBox => new PracticeBox(makeWorld(SEED, source, {}, null), `practice=${SEED}`, 1_800_000_000);

describe('practice', () => {
  it.each(['the invented question', 'the question of a referendum'])('is a whole vote: %s', async (which) => {
    const source = which.startsWith('the invented') ? exampleSetup(catalogues) : real;
    const box = boxOf(source);
    const desk = await practise(box);
    const { code } = box.world.area;
    const blank = box.world.setup.questions[0]!.blank;
    const vote = async (choice: number[]): Promise<void> => {
      desk.seal([choice]);
      const { ballot, tracker } = desk.cast();
      const receipt = await box.cast(code, ballot);
      expect(desk.receipt(receipt, code, tracker).height).toBe(box.taken.length);
      expect(await box.cast(code, ballot)).toEqual(receipt);
      expect(box.open()).toEqual([choice]);
    };
    await vote(blank ? [0, 1, 0] : [1, 0]);
    await vote(blank ? [1, 0, 0] : [0, 1]);
    expect(box.taken).toHaveLength(2);
    expect(checkArchive(box.record()).ballots).toBe(2);
  });

  it('is refused for what a real box refuses, and a wrong area', async () => {
    const box = boxOf(real);
    const desk = await practise(box);
    desk.seal([[1, 0]]);
    const { ballot } = desk.cast();
    expect(await nameOf(() => box.cast('A', ballot.replace(/"response":"\d/, '"response":"9')))).not.toBe('accept');
    expect(await nameOf(() => box.cast('Z', ballot))).toBe('CredentialUnknown');
    expect(await nameOf(() => box.cast('A', '{}'))).toBe('BallotMalformed');
    const other = new Desk();
    other.setup(await box.setup(), box.anchor);
    other.area(await box.election('A'), await box.trustees(), 'A');
    const key = other.open('ooM1F-GKqoBa-nZGqt-j1fNAE');
    expect(await nameOf(async () => other.onRoll(await box.bucket('A', key.slice(0, 1))))).toBe('CredentialUnknown');
    expect(box.taken).toHaveLength(0);
    expect(checkArchive(box.record()).ballots).toBe(0);
  });

  it('makes nothing that passes for a ballot or a receipt of the vote', async () => {
    const [election] = new ArchiveReader(realArchive).entries().next().value!.data as [Uint8Array];
    const theirs = readSetup(real, sha256Hex(real));
    const box = boxOf(real);
    const { world } = box;
    const [mine, vote] = [readElection(await box.election('A')), readElection(election)];
    expect(world.setup.anchor).not.toBe(theirs.anchor);
    expect(mine.uuid).not.toBe(vote.uuid);
    expect(mine.uuid.startsWith(UUID_MARK)).toBe(true);
    expect(mine.y.equals(vote.y)).toBe(false);
    expect(mine.fingerprint).not.toBe(vote.fingerprint);
    expect(mine.name).toMatch(/^PRACTICE: /);
    expect(world.setup.boxKey).not.toBe(theirs.boxKey);
    const desk = await practise(box);
    desk.seal([[1, 0]]);
    const { ballot, tracker } = desk.cast();
    // Even if its credential stood on the roll of the vote.
    expect(await nameOf(() => new BallotBox(vote, new Set([world.voter])).take(utf8(ballot)))).toBe('BallotOtherElection');
    const receipt = readReceipt(await box.cast('A', ballot));
    const realBox = makeWorld(newSeed(), real, {}, null).setup.boxKey;
    expect(await nameOf(() => checkReceiptFor(receipt, realBox, theirs.areas[0]!.uuid, tracker))).toBe('ReceiptInvalid');
    expect(await nameOf(() => checkReceiptFor(receipt, realBox, receipt.uuid, tracker))).toBe('ReceiptInvalid');
    // Nor the other way round: the desk of the vote takes no setup of the practice, and no election of it.
    const official = new Desk();
    expect(await nameOf(async () => official.setup(await box.setup(), theirs.anchor))).toBe('AnchorMismatch');
    official.setup(real, theirs.anchor);
    expect(await nameOf(async () => official.area(await box.election('A'), await box.trustees(), 'A'))).toBe('AreaOtherSetup');
    expect(readBallot(utf8(ballot), mine).unsigned.uuid).toBe(mine.uuid);
  });

  it('is the same wherever its seed is known, and another with another seed', async () => {
    const box = boxOf(real);
    expect(boxOf(real).anchor).toBe(box.anchor);
    expect(makeWorld(newSeed(), real, {}, null).setup.anchor).not.toBe(box.anchor);
    const desk = await practise(box);
    const hash = desk.seal([[0, 1]]);
    const opened = desk.challenge();
    const elsewhere = await practise(boxOf(real));
    expect(elsewhere.checkOpened(elsewhere.unpack(desk.pack(opened)), hash.slice(0, 12))).toEqual([[0, 1]]);
    expect(await nameOf(() => elsewhere.checkOpened(opened, `A${hash.slice(1)}`))).toBe('ChallengeMismatch');
  });

  it('has a question in every language that nobody takes for a real one', () => {
    const { setup } = makeWorld(SEED, exampleSetup(catalogues), {}, null);
    expect(setup.languages.map(([tag]) => tag)).toEqual(LANGUAGES.map(({ tag }) => tag));
    for (const { tag } of LANGUAGES) {
      expect(new Set([setup.title[tag], setup.questions[0]!.text[tag], ...setup.questions[0]!.answers.map((one) => one[tag])]).size).toBe(4);
    }
  });

  it('refuses to be made of a setup that was changed', async () => {
    expect(await nameOf(() => readSetup(utf8(new TextDecoder().decode(real).replace('"en"', '"tr"')), sha256Hex(real)))).toBe('AnchorMismatch');
    expect(await nameOf(() => makeWorld(SEED, utf8('{"areas":[{"code":"A"}],"title":{}}'), {}, null))).toBe(new Refused('SetupMalformed').name);
  });
});

describe.skipIf(!existsSync(python))('the library', () => {
  it('reads the record of the practice as it reads any', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sanduq-practice-'));
    const sanduq = (...args: string[]): { status: number | null; stdout: string } =>
      spawnSync(python, ['-m', 'sanduq', ...args], { cwd: folder, encoding: 'utf8' });
    try {
      const box = boxOf(exampleSetup(catalogues));
      const desk = await practise(box);
      const hash = desk.seal([[0, 0, 1]]);
      writeFileSync(join(folder, 'opened.json'), desk.challenge());
      desk.seal([[0, 0, 1]]);
      await box.cast(box.world.area.code, desk.cast().ballot);
      writeFileSync(join(folder, 'practice.bel'), box.record());
      const verified = sanduq('watch', 'verify', 'practice.bel', '--anchor', box.anchor);
      expect(verified.status, verified.stdout).toBe(0);
      expect(sanduq('watch', 'verify', 'practice.bel', '--anchor', sha256Hex(real)).status).toBe(1);
      expect(sanduq('booth', 'check', 'opened.json', '--archive', 'practice.bel', '--hash', hash).status).toBe(0);
      writeFileSync(join(folder, 'vote.bel'), realArchive);
      expect(sanduq('booth', 'check', 'opened.json', '--archive', 'vote.bel', '--hash', hash).status).toBe(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
