/** Desks of several trustees who exchange messages: whole ceremonies, and what is refused, told or held back on the way. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Refused } from '../src/protocol/errors.ts';
import { utf8 } from '../src/protocol/numbers.ts';
import { readTrustees } from '../src/verify/trustees.ts';
import { Different, messagesIn, type Kind } from '../src/trustee/board.ts';
import { Desk, type Given } from '../src/trustee/desk.ts';
import { isSealed, keyFileText, readKeyFile, seal, unseal, WrongPassphrase } from '../src/trustee/keyfile.ts';
import { fleetingStore } from '../src/trustee/store.ts';
import type { Keys } from './expected.ts';

const { ceremonies } = JSON.parse(readFileSync(new URL('../../vectors/known/keys.json', import.meta.url), 'utf8')) as Keys;

const PASSPHRASE = 'seven sails on the sea';
const CHEAP = 4;
const desk = (store = fleetingStore()): Desk => new Desk(store, undefined, CHEAP);

async function saved(one: Desk): Promise<Uint8Array> {
  const file = await one.sealed(PASSPHRASE);
  expect(await one.readBack(file, PASSPHRASE)).toBe(true);
  return file;
}

function given(kind: Kind, from: readonly Desk[]): Given[] {
  return from.map((one) => ({ name: kind, kind, text: one.own(kind)!, ...(kind === 'commitment' && { of: one.key!.context!.index }) }));
}

async function exchange(kind: Kind, desks: readonly Desk[]): Promise<void> {
  const all = given(kind, desks);
  expect(all.map(({ text }) => text)).not.toContain(null);
  for (const one of desks) expect(await one.take(all)).toEqual([]);
}

async function group(size = 3, threshold = 2): Promise<Desk[]> {
  const desks = Array.from({ length: size }, () => desk());
  for (const [i, one] of desks.entries()) {
    await one.make({ size, threshold, index: i + 1 }, i === 0 ? 'Ay' : null);
    await saved(one);
  }
  return desks;
}

/** A group that has all its messages; what is wrong on the way is in the tests' refusals. */
const finished = (async (): Promise<Desk[]> => {
  const desks = await group();
  expect(steps(desks)).toEqual(new Set(['cert']));
  await exchange('cert', desks);
  expect(steps(desks)).toEqual(new Set(['commitment']));
  expect(desks.map((one) => one.own('polynomial'))).toEqual([null, null, null]);
  await exchange('commitment', desks);
  expect(steps(desks)).toEqual(new Set(['polynomial']));
  await exchange('polynomial', desks);
  expect(steps(desks)).toEqual(new Set(['save']));
  expect(desks.map((one) => one.own('voutput'))).toEqual([null, null, null]);
  for (const one of desks) await saved(one);
  expect(steps(desks)).toEqual(new Set(['voutput']));
  await exchange('voutput', desks);
  return desks;
})();

function steps(desks: readonly Desk[]): Set<string> {
  return new Set(desks.map(({ step }) => step));
}

describe('a ceremony', () => {
  it('goes from step to step, and ends with keys that were tried', async () => {
    const desks = await finished;
    expect(steps(desks)).toEqual(new Set(['final']));
    const texts = desks.map((one) => one.board.assembled()!);
    expect(new Set(texts).size).toBe(1);
    expect(readTrustees(utf8(texts[0]!))[0]!.public[0]!.name).toBe('Ay');
    for (const one of desks) await one.settle();
    expect(steps(desks)).toEqual(new Set(['trial']));
    await exchange('trial', desks);
    expect(steps(desks)).toEqual(new Set(['ready']));
    expect(desks.map(({ owner }) => owner)).toEqual([1, 2, 3]);
    for (const one of desks) one.board.unsettle();
  });

  it('goes on from the key file and what the browser has kept', async () => {
    const desks = await group();
    const store = desks[0]!.store;
    const file = await saved(desks[0]!);
    await exchange('cert', desks);
    const again = desk(store);
    await again.open(file, PASSPHRASE);
    expect([again.step, again.own('commitment')]).toEqual(['commitment', desks[0]!.own('commitment')]);
    await exchange('commitment', [again, desks[1]!, desks[2]!]);
    await exchange('polynomial', [again, desks[1]!, desks[2]!]);
    expect(again.step).toBe('save');
  });

  it('goes on elsewhere from the key file and the own polynomial, and not with another polynomial', async () => {
    const desks = await group();
    const file = await saved(desks[0]!);
    await exchange('cert', desks);
    await exchange('commitment', desks);
    const public_ = [...given('cert', desks), ...given('commitment', desks)];
    const [lost, found] = [desk(), desk()];
    await lost.open(file, PASSPHRASE);
    expect(await lost.take(public_)).toEqual([]);
    expect([lost.isHeldLost, lost.own('polynomial')]).toEqual([true, null]);
    await found.open(file, PASSPHRASE);
    expect(await found.take([...public_, ...given('polynomial', desks)])).toEqual([]);
    expect([found.isHeldLost, found.step]).toEqual([false, 'save']);
  });

  it('has the decryption key back from the first key file and the own voutput', async () => {
    const desks = await group();
    const first = await saved(desks[0]!);
    for (const kind of ['cert', 'commitment', 'polynomial'] as const) await exchange(kind, desks);
    for (const one of desks) await saved(one);
    const all = (['cert', 'commitment', 'polynomial', 'voutput'] as const).flatMap((kind) => given(kind, desks));
    const again = desk();
    await again.open(first, PASSPHRASE);
    await again.take(all.filter(({ kind }) => kind !== 'voutput'));
    // It has finished anew, with the same key; only the letter to itself and the proof are others.
    expect(again.publicKey).toBe(desks[0]!.publicKey);
  });

  it('tells of two different messages of one trustee, and keeps the first', async () => {
    const desks = await group();
    const other = desk();
    await other.make({ size: 3, threshold: 2, index: 2 });
    await saved(other);
    await exchange('cert', desks);
    const before = desks[0]!.board.cert[1];
    const [trouble] = await desks[0]!.take(given('cert', [other]));
    expect(trouble!.error).toBeInstanceOf(Different);
    expect(desks[0]!.board.cert[1]).toBe(before);
    await desks[0]!.collectAnew();
    expect([desks[0]!.step, desks[0]!.board.cert[1]]).toEqual(['cert', null]);
  });

  it('stops where others saw other certificates, and says so', async () => {
    const [ann, bob, cem] = (await group()) as [Desk, Desk, Desk];
    const mallory = desk();
    await mallory.make({ size: 3, threshold: 2, index: 2 });
    await saved(mallory);
    await ann.take(given('cert', [ann, bob, cem]));
    await cem.take(given('cert', [ann, mallory, cem]));
    await bob.take(given('cert', [ann, bob, cem]));
    const commitments = given('commitment', [ann, bob, cem]);
    for (const one of [ann, bob, cem]) await one.take(commitments);
    const [trouble] = await ann.take(given('polynomial', [cem]));
    expect(trouble!.error).toMatchObject({ name: 'CertsSignature' });
  });

  it('refuses a polynomial that is not what was committed to', async () => {
    const desks = await group();
    await exchange('cert', desks);
    const commitments = given('commitment', desks);
    for (const one of desks) await one.take(commitments.map((message, i) => (i === 2 && one === desks[0] ? { ...message, text: '0'.repeat(64) } : message)));
    const [trouble] = await desks[0]!.take(given('polynomial', [desks[2]!]));
    expect(trouble!.error).toMatchObject({ name: 'CommitmentMismatch' });
    expect(desks[0]!.step).toBe('polynomial');
  });

  it.each([[2, 1], [3, 3], [4, 2], [3, 1]])('is not begun with a threshold that is no good: of %i, %i', async (size, threshold) => {
    await expect(desk().make({ size, threshold, index: 1 })).rejects.toMatchObject({ name: 'TrusteePolicy' });
  });

  it('is not finished with trustees that do not have my key', async () => {
    const one = desk();
    await one.make(null);
    await saved(one);
    await expect(one.settle(ceremonies[0]!.trustees)).rejects.toMatchObject({ name: 'SecretKeyMismatch' });
    expect([one.board.trustees, one.step]).toEqual([null, 'pubkey']);
  });
});

describe('a mandatory trustee', () => {
  it('hands over one file, and is put before the group', async () => {
    const chair = desk();
    await chair.make(null);
    expect(chair.own('pubkey')).toBe(null);
    await saved(chair);
    expect(chair.step).toBe('pubkey');
    const [ann] = await finished;
    await ann!.take(given('pubkey', [chair]));
    const text = ann!.board.assembled()!;
    expect(await chair.take([{ name: 'trustees.json', kind: 'trustees', text }])).toEqual([]);
    expect([chair.owner, chair.step]).toEqual([1, 'trial']);
    expect(readTrustees(utf8(text)).map(({ needed }) => needed)).toEqual([1, 2]);
  });
});

describe('the key file', () => {
  it('is one of age, is read back, and nobody reads it without the passphrase', async () => {
    const one = desk();
    await one.make({ size: 3, threshold: 2, index: 2 });
    await expect(async () => one.sealed('too short')).rejects.toThrow();
    const file = await one.sealed(PASSPHRASE);
    expect(isSealed(file)).toBe(true);
    expect(new TextDecoder('latin1').decode(file)).not.toContain(one.key!.secret);
    await expect(unseal(file, `${PASSPHRASE}.`)).rejects.toBeInstanceOf(WrongPassphrase);
    await expect(unseal(file.subarray(0, -1), PASSPHRASE)).rejects.toBeInstanceOf(WrongPassphrase);
    const other = desk();
    await other.make({ size: 3, threshold: 2, index: 2 });
    expect(await other.readBack(file, PASSPHRASE)).toBe(false);
    expect([other.step, other.own('cert')]).toEqual(['save', null]);
    expect(keyFileText(await unseal(file, PASSPHRASE))).toBe(keyFileText(one.key!));
  });

  it.each([
    ['another format', { format: 'sanduq-trustee-2' }],
    ['a seed that is none', { secret: '0' }],
    ['a field more', { more: 1 }],
    ['what was decrypted is no hash', { decrypted: { a: 'b' } }],
    ['a place that is none', { context: { size: 3, threshold: 2, index: 0 } }],
  ])('is refused: %s', async (_, change) => {
    const one = desk();
    await one.make({ size: 3, threshold: 2, index: 2 });
    const text = JSON.stringify({ ...(JSON.parse(keyFileText(one.key!)) as object), ...change });
    expect(() => readKeyFile(utf8(text))).toThrow(Refused);
  });

  it('remembers what was decrypted, and refuses another sum of the same election', async () => {
    const one = desk();
    await one.make(null);
    const first = await saved(one);
    const [a, b] = ['a'.repeat(64), 'b'.repeat(64)];
    await one.remember(new Map([['kPDakbEc8Brvk2', a]]));
    expect(one.step).toBe('save');
    await saved(one);
    await one.remember(new Map([['kPDakbEc8Brvk2', a]]));
    expect(one.isSaved).toBe(true);
    await expect(one.remember(new Map([['2eHLB5tvyNaP8E', a], ['kPDakbEc8Brvk2', b]]))).rejects.toMatchObject({ name: 'AlreadyDecrypted' });
    expect(one.key!.decrypted).toEqual({ kPDakbEc8Brvk2: a });
    // The key file of before knows nothing of it; this browser does.
    const again = desk(one.store);
    await again.open(first, PASSPHRASE);
    await expect(again.remember(new Map([['kPDakbEc8Brvk2', b]]))).rejects.toMatchObject({ name: 'AlreadyDecrypted' });
  });
});

describe('files', () => {
  it('are told by what is in them', async () => {
    const hash = 'c'.repeat(64);
    expect(messagesIn('trustee2.commitment', `${hash}\n`, 3)).toEqual([{ kind: 'commitment', text: hash, of: 2 }]);
    expect(messagesIn('commitments', `${hash}\n${hash}\n${hash}\n`, 3)!.map(({ of }) => of)).toEqual([1, 2, 3]);
    expect(messagesIn('trustee.commitment', hash, 3)![0]!.of).toBe(0);
    for (const text of ['', 'hello', '{}', '{"message":1,"other":2}', '[', '\u0000', `${hash}\nhello`]) expect(messagesIn('x', text, 3)).toBe(null);
    expect(messagesIn('trustees.json', '[]', 3)![0]!.kind).toBe('trustees');
    expect((await seal({ context: null, secret: '1', cert: null, name: null, privateKey: null, decrypted: {} }, PASSPHRASE, CHEAP)).length).toBeGreaterThan(100);
  });
});
