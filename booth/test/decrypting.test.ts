/** What a trustee's page refuses to decrypt (spec 7.d), and what it gives. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { affineOf } from '../src/protocol/group.ts';
import { readScalar, systemRandom, utf8 } from '../src/protocol/numbers.ts';
import { decryptionKey, readVoutput } from '../src/keys/ceremony.ts';
import { checkRequest, headsText, readHeads, readParts, readPart } from '../src/keys/decryption.ts';
import { seedOf } from '../src/keys/pki.ts';
import { makeTrial } from '../src/keys/trial.ts';
import { keyOfCommandLine } from '../src/trustee/commandline.ts';
import { decryptPlan, headsOf, Incomplete, pick, plan, sumsIn, verifyRecord, type Checked, type Verified } from '../src/trustee/record.ts';
import { readState } from '../src/trustee/transport.ts';
import { localEngine } from '../src/verify/ballots.ts';
import { Unreadable } from '../src/verify/source.ts';
import { readTrustees } from '../src/verify/trustees.ts';
import { VECTORS, type Keys } from './expected.ts';

const [told] = (JSON.parse(readFileSync(new URL('known/keys.json', VECTORS), 'utf8')) as Keys).ceremonies as [Keys['ceremonies'][number]];
const trial = makeTrial(readTrustees(utf8(told.trustees)));
const key = await decryptionKey(seedOf(told.members[0]!.seed), readVoutput(told.members[0]!.voutput).privateKey);
const HEAD = 'd'.repeat(64);

/** A record of one area, as if it had been verified: its sum is that of the trial. */
function verified(change: Partial<Checked> = {}, more: Partial<Verified> = {}): Verified {
  const sums = trial.sums.map((row) => row.map(({ alpha, beta }) => [affineOf(alpha), affineOf(beta)] as const));
  const { raw, uuid } = trial.election;
  const area: Checked = { code: 'north', name: 'North', uuid, phase: 'counting', head: HEAD, counted: 5, decryptions: 0, election: raw, sums, ...change };
  return { anchor: 'e'.repeat(64), minimum: 5, trustees: told.trustees, areas: [area], ...more };
}

const heads = (owner: number, head = HEAD): ReturnType<typeof readHeads> => ({ owner, heads: new Map([[trial.election.uuid, head]]) });

describe('a plan', () => {
  it('is decrypted as the library does it', async () => {
    const made = plan(verified(), key, [heads(3)]);
    expect([made.owner, [...sumsIn(made).keys()]]).toEqual([1, [trial.election.uuid]]);
    const text = await decryptPlan(made, key, systemRandom, () => Promise.resolve());
    const { owner, areas } = readParts(utf8(text));
    expect(owner).toBe(1);
    const wanted = { election: trial.election, sums: trial.sums, key: trial.trustees[0]!.keys[0]! };
    expect(readPart(areas.get(trial.election.uuid)!, wanted)[0]!.length).toBe(3);
    expect(() => readPart(areas.get(trial.election.uuid)!, { ...wanted, key: trial.trustees[0]!.keys[1]! })).toThrow('7.7');
  });

  it.each([
    ['heads of too few', verified(), [], '7.14'],
    ['heads that differ', verified(), [heads(2, '0'.repeat(64))], '7.14'],
    ['one of two heads that differs', verified(), [heads(2), heads(3, '0'.repeat(64))], '7.14'],
    ["one's own heads", verified(), [heads(1)], '7.14'],
    ['the same trustee twice', verified(), [heads(2), heads(2)], '7.14'],
    ['heads without the area', verified(), [{ owner: 2, heads: new Map() }], '7.14'],
    ['too few ballots', verified({ counted: 4 }), [heads(2)], '7.12'],
    ['no sum', verified({ phase: 'closed' }), [heads(2)], '0.15'],
    ['a result', verified({ phase: 'counted', decryptions: 2 }), [heads(2)], '0.15'],
    ['a decryption', verified({ decryptions: 1 }), [heads(2)], '0.15'],
  ] as const)('is refused: %s', (_, record, others, step) => {
    expect(() => plan(record, key, others)).toThrow(step);
  });

  it('is refused with the key of somebody else', () => {
    expect(() => plan(verified(), 7n, [heads(2)])).toThrow('3.18');
  });

  it('leaves areas below the minimum out, and takes those without a ballot', () => {
    const { areas } = verified();
    const record = verified({}, { areas: [areas[0]!, { ...areas[0]!, code: 'south', counted: 1 }, { ...areas[0]!, code: 'west', counted: 0 }] });
    const made = plan(record, key, [heads(2)]);
    expect(made.requests.length).toBe(2);
    expect(made.below.map(({ code }) => code)).toEqual(['south']);
  });
});

describe('a file of heads', () => {
  it('is the text of the command line', () => {
    const text = headsText(headsOf(verified(), 2));
    expect(text).toBe(`{"heads":{"${trial.election.uuid}":"${HEAD}"},"owner":2}`);
    expect(readHeads(utf8(text))).toEqual(heads(2));
    expect(headsText(headsOf(verified({ phase: 'closed' }), 2))).toBe('{"heads":{},"owner":2}');
  });

  it.each(['[]', '{"owner":0,"heads":{}}', '{"owner":1,"heads":[]}', '{"owner":1,"heads":{"x":"y"}}', '{"owner":1}', 'x'])('is refused: %s', (text) => {
    expect(() => readHeads(utf8(text))).toThrow('0.1');
  });

  it('is asked for by every trustee that is needed', () => {
    const two = trial.trustees.map((item) => ({ ...item, needed: 3 }));
    const request = { ...verified().areas[0]!, sums: trial.sums, trustees: two };
    expect(() => checkRequest(request, 1, [heads(2)])).toThrow('7.14');
    checkRequest(request, 1, [heads(2), heads(3)]);
  });
});

describe('a record', () => {
  const folder = new URL('steps/watch/8.11-outcome/', VECTORS).pathname;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(json|bel)$/.test(name));
  const files = names.map((name) => new File([readFileSync(join(folder, name))], name.split('/').pop()!));
  const anchor = '4ea34f14ada15f215db0c7921b3b46b48cc57b37f574418c6674dec44c517c2b';
  const verify = async (some: readonly File[], announced = anchor): Promise<Verified> => verifyRecord(await pick(some), announced, localEngine(), () => {});

  it('is verified with the announced anchor', async () => {
    const found = await verify(files);
    expect(found.areas.map(({ phase }) => phase)).toEqual(['counted']);
    await expect(verify(files, `0${anchor.slice(1)}`)).rejects.toThrow('8.1');
  });

  it('is verified out of a zip file, and not out of a damaged one', async () => {
    const python = "import sys, zipfile, pathlib; z = zipfile.ZipFile(sys.argv[2], 'w', int(sys.argv[3])); r = pathlib.Path(sys.argv[1]); [z.write(p, 'record/' + str(p.relative_to(r))) for p in sorted(r.rglob('*'))]; z.comment = b'a comment'; z.close()";
    for (const method of ['0', '8']) {
      const path = join(mkdtempSync(join(tmpdir(), 'sanduq-zip-')), 'record.zip');
      execFileSync('python3', ['-c', python, folder, path, method]);
      const bytes = readFileSync(path);
      expect((await verify([new File([bytes], 'record.zip')])).areas.length).toBe(1);
      await expect(pick([new File([bytes.subarray(0, -40)], 'record.zip')])).rejects.toThrow(Unreadable);
      await expect(pick([new File([bytes.subarray(5000)], 'record.zip')])).rejects.toThrow(Unreadable);
      bytes[bytes.length >> 1]! ^= 1;
      await expect(verify([new File([bytes], 'record.zip')])).rejects.toThrow();
      rmSync(dirname(path), { recursive: true });
    }
    await expect(pick([new File(['PK'], 'record.zip')])).rejects.toThrow(Unreadable);
  });

  it('is not looked at where something is missing, or there twice', async () => {
    const archives = files.filter(({ name }) => name.endsWith('.bel'));
    const rest = files.filter(({ name }) => !name.endsWith('.bel'));
    await expect(verify(rest)).rejects.toMatchObject({ why: 'area' });
    await expect(verify(archives)).rejects.toMatchObject({ why: 'setup' });
    await expect(verify([...files, ...archives])).rejects.toBeInstanceOf(Incomplete);
    const other = archives.map(({ name }) => new File([readFileSync(new URL('honest/referendum.bel', VECTORS))], name));
    await expect(verify([...rest, ...other])).rejects.toThrow('7.15');
  });
});

describe('a key of the command line', () => {
  const { seed, cert, voutput } = told.members[0]!;
  const file = (text: string): File => new File([text], 'x');
  const { privateKey } = readVoutput(voutput);

  it('is read with its certificate, and with what it has decrypted', async () => {
    const memory = `{"uuid":"kPDakbEc8Brvk2","tally":"${HEAD}"}\n`;
    const found = await keyOfCommandLine([file(`${seed}\n`), file(`${cert}\n`), file(`${privateKey}\n`), file(memory)]);
    expect(found).toEqual({ context: { size: 3, threshold: 2, index: 1 }, secret: seed, cert, name: null, privateKey, decrypted: { kPDakbEc8Brvk2: HEAD } });
    expect((await keyOfCommandLine([file('"17"\n')])).secret).toBe(String(readScalar('17')));
  });

  it.each([[[seed]], [[seed, cert, '"17"']], [['hello']], [['"x"']], [[cert]], [['{"uuid":"a"}']]])('is refused: %#', async (texts) => {
    await expect(keyOfCommandLine(texts.map(file))).rejects.toMatchObject({ name: expect.stringMatching(/SecretKeyMismatch|MalformedJson/) as string });
  });
});

describe('what a server says', () => {
  const places = (): null[] => [null, null, null];
  const messages = { cert: [told.members[0]!.cert, null, null], commitment: places(), polynomial: places(), voutput: places(), trial: places(), heads: places(), decryption: places() };
  const state = {
    ...{ format: 'sanduq-ceremony-1', csrf: 'x', title: 'The bridge', round: 1, group: { size: 3, threshold: 2, index: 1 }, mandatory: 0, owner: 1 },
    ...{ step: 'cert', messages, pubkey: null, trustees: null, record: null },
  };

  it('is read into messages', () => {
    const found = readState(utf8(JSON.stringify(state)));
    expect([found.messages.length, [...found.mine], found.context?.index]).toEqual([1, ['cert'], 1]);
  });

  it.each([{ format: 'x' }, { owner: 0 }, { group: {} }, { messages: {} }, { record: [] }, { more: 1 }, { round: '1' }])('is refused: %j', (change) => {
    expect(() => readState(utf8(JSON.stringify({ ...state, ...change })))).toThrow('0.1');
  });
});
