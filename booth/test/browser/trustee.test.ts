/** Three trustees, two of whom are enough: two at TRUSTEE.html from file:// in Chromium, one at the command line. From their keys to an outcome. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEXTS } from '../../src/trustee/words/index.ts';
import { openChromium } from './chromium.ts';
import { freeze, joined, sanduq, type Referendum } from './record.ts';
import { clean, temporary } from './temporary.ts';
import { page, PASSPHRASE, Trustee } from './trustee.ts';

let address: string;
let folder: string;
let ann: Trustee;
let bob: Trustee;
let context: BrowserContext;
let referendum: Referendum;
const contexts: BrowserContext[] = [];
const asked: string[] = [];
const complaints: string[] = [];
const AT = ['--time', '2030-05-02T08:00:00Z'];

async function newTab(): Promise<Page> {
  const made = await openChromium({ locale: 'en-GB', acceptDownloads: true });
  contexts.push(made);
  made.on('request', (request) => asked.push(request.url()));
  const tab = made.pages()[0]!;
  tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(String(error)));
  await tab.goto(address);
  return tab;
}

async function newTrustee(name: string): Promise<Trustee> {
  mkdirSync(join(folder, name), { recursive: true });
  return new Trustee(await newTab(), join(folder, name));
}

const run = (...args: string[]): string => sanduq(folder, ...args);
const at = (path: string): string => join(folder, path);
const text = (path: string): string => readFileSync(path, 'utf8').trim();

async function axe(tab: Page): Promise<string[]> {
  await tab.evaluate(AxeBuilder.source);
  return tab.evaluate(async () => (await (globalThis as unknown as { axe: typeof AxeBuilder }).axe.run()).violations.map(({ id }) => id));
}

beforeAll(async () => {
  address = page();
  folder = temporary('trustees');
  [ann, bob] = [await newTrustee('ann'), await newTrustee('bob')];
  context = contexts[0]!;
});

afterAll(async () => {
  for (const one of contexts) await one.close();
  clean();
});

describe('the ceremony', () => {
  it('begins with a key that is saved and read back, and not before', async () => {
    await ann.make(1);
    expect(await ann.tab.locator('#save-cert').count()).toBe(0);
    await ann.tab.fill('#new-passphrase', 'short');
    await ann.tab.click('#save-key');
    await ann.idle();
    expect((await ann.sayings()).join()).toContain('12');
    await ann.tab.fill('#new-passphrase', PASSPHRASE);
    ann.key = await ann.file('save-key');
    expect(readFileSync(ann.key, 'latin1')).toContain('age-encryption.org/v1');
    await ann.check(ann.key, 'another passphrase');
    expect(await ann.sayings()).toEqual([TEXTS['en']!.errors.wrongPassphrase]);
    await ann.check(ann.key);
    await ann.at('cert');
    await bob.make(2);
    await bob.check(ann.key);
    expect(await bob.sayings()).toEqual([TEXTS['en']!.errors.otherKey]);
    await bob.save();
    await bob.at('cert');
    run('keys', 'begin', '--index', '3', '--threshold', '2', '--size', '3', '--out', 'cem');
  });

  it('goes on with files of both kinds, and holds the polynomial back', async () => {
    const certs = [await ann.file('save-cert'), await bob.file('save-cert'), at('cem/trustee.cert')];
    await ann.take(...certs);
    await bob.take(certs[2]!, certs[0]!);
    await ann.at('commitment');
    writeFileSync(at('certs.jsons'), certs.map((path) => `${text(path)}\n`).join(''));
    run('keys', 'polynomial', '--certs', 'certs.jsons', '--key', 'cem/trustee.key', '--out', 'cem');
    expect(await ann.tab.locator('#save-polynomial').count()).toBe(0);
    // One has it read aloud, the other gets files; the command line's has no number in its name.
    const [mine, theirs] = [await ann.file('save-commitment'), await bob.file('save-commitment')];
    await ann.tab.fill('#commitment-2', text(theirs).toUpperCase());
    await ann.tab.fill('#commitment-3', text(at('cem/trustee.commitment')));
    await ann.tab.click('#put');
    await ann.at('polynomial');
    await bob.take(mine, at('cem/trustee.commitment'));
    expect((await bob.sayings()).join()).toContain('3.17');
    await bob.tab.fill('#commitment-3', text(at('cem/trustee.commitment')));
    await bob.tab.click('#put');
    await bob.at('polynomial');
    writeFileSync(at('commitments'), [mine, theirs, at('cem/trustee.commitment')].map((path) => `${text(path)}\n`).join(''));
  });

  it('is taken up again after the page was closed, with the key file alone', async () => {
    await bob.tab.goto(address);
    await bob.open(bob.key, 'not the passphrase');
    expect(await bob.sayings()).toEqual([TEXTS['en']!.errors.wrongPassphrase]);
    await bob.open();
    await bob.at('polynomial');
  });

  it('ends with the same trustees for all, which sanduq accepts', async () => {
    const polynomials = [await ann.file('save-polynomial'), await bob.file('save-polynomial'), at('cem/trustee.polynomial')];
    writeFileSync(at('polynomials.jsons'), polynomials.map((path) => `${text(path)}\n`).join(''));
    run('keys', 'route', '--certs', 'certs.jsons', '--polynomials', 'polynomials.jsons', '--out', 'vinputs');
    run('keys', 'finish', '--certs', 'certs.jsons', '--key', 'cem/trustee.key', '--vinput', 'vinputs/3.vinput', '--commitments', 'commitments', '--out', 'cem');
    for (const trustee of [ann, bob]) {
      await trustee.take(at('polynomials.jsons'));
      await trustee.at('save');
      expect(await trustee.tab.locator('#save-voutput').count()).toBe(0);
      const before = trustee.key;
      await trustee.check(before); // the file of before does not do: it has no decryption key
      expect(await trustee.sayings()).toEqual([TEXTS['en']!.errors.otherKey]);
      await trustee.save();
      await trustee.at('voutput');
    }
    const voutputs = [await ann.file('save-voutput'), await bob.file('save-voutput'), at('cem/trustee.voutput')];
    writeFileSync(at('voutputs.jsons'), voutputs.map((path) => `${text(path)}\n`).join(''));
    for (const trustee of [ann, bob]) {
      await trustee.take(...voutputs);
      await trustee.at('final');
    }
    run('keys', 'assemble', '--certs', 'certs.jsons', '--polynomials', 'polynomials.jsons', '--voutputs', 'voutputs.jsons', '--out', 'group.json');
    run('keys', 'trustees', '--group', 'group.json', '--out', 'trustees.json');
    const made = await ann.file('save-trustees');
    expect(readFileSync(made)).toEqual(readFileSync(at('trustees.json')));
    expect(readFileSync(await bob.file('save-group'))).toEqual(readFileSync(at('group.json')));
    const key = await ann.tab.locator('.anchor').first().textContent();
    expect(run('keys', 'show', 'trustees.json')).toContain(`trustee 1  ${key}`);
  });

  it('is over when the keys have opened the test sum', async () => {
    await ann.tab.click('#settle');
    await bob.take(at('trustees.json'));
    run('count', 'trial', '--trustees', 'trustees.json', '--key', 'cem/trustee.key', '--dkey', 'cem/trustee.dkey', '--out', 'cem/trial.json');
    await ann.at('trial');
    await bob.at('trial');
    const trials = [await ann.file('save-trial'), await bob.file('save-trial'), at('cem/trial.json')];
    expect(run('count', 'trial-check', '--trustees', 'trustees.json', ...trials)).toContain('opened by trustees 1, 2, 3');
    await ann.take(trials[2]!);
    await bob.take(trials[0]!, trials[2]!);
    await ann.at('ready');
    await bob.at('ready');
  });
});

describe('decrypting', () => {
  beforeAll(() => {
    referendum = freeze(folder);
    const [north, south] = [referendum.credentials.north!, referendum.credentials.south!];
    const votes = [[north[0]!, 'north', [0, 1, 0]], [north[1]!, 'north', [0, 0, 1]], [south[0]!, 'south', [0, 1, 0]]] as const;
    votes.forEach(([credential, area, answer], i) => {
      writeFileSync(at('c.txt'), credential);
      writeFileSync(at('choices'), JSON.stringify([answer, [0, 1, 0]]));
      run('booth', 'seal', '--archive', referendum.archives[area]!, '--credential', 'c.txt', '--choices', 'choices', '--out', `s${i}.json`);
      run('booth', 'cast', `s${i}.json`, '--credential', 'c.txt', '--out', `b${i}.json`);
      run('box', 'cast', 'record', `b${i}.json`, '--key', 'box-key/box.key', ...AT);
    });
    // Another record that is in good order, with one ballot more in one area: its sum less the other's is that ballot.
    cpSync(at('record'), at('longer'), { recursive: true });
    writeFileSync(at('c.txt'), south[1]!);
    run('booth', 'seal', '--archive', referendum.archives.south!, '--credential', 'c.txt', '--choices', 'choices', '--out', 'more.json');
    run('booth', 'cast', 'more.json', '--credential', 'c.txt', '--out', 'more-ballot.json');
    run('box', 'cast', 'longer', 'more-ballot.json', '--key', 'box-key/box.key', ...AT);
    run('box', 'close', 'longer', '--time', '2030-05-03T18:00:00Z');
    run('count', 'sum', 'longer', '--time', '2030-05-03T18:05:00Z');
    run('count', 'heads', 'longer', '--trustee', '3', '--out', 'cem/longer-heads.json');
    run('box', 'close', 'record', '--time', '2030-05-03T18:00:00Z');
    cpSync(at('record'), at('closed'), { recursive: true });
    run('count', 'sum', 'record', '--time', '2030-05-03T18:05:00Z');
    run('count', 'heads', 'record', '--trustee', '3', '--out', 'cem/heads.json');
  }, 600_000);

  async function verify(record: string, anchor: string): Promise<void> {
    await ann.tab.fill('#anchor', anchor);
    await ann.tab.setInputFiles('#folder', at(record));
    await ann.tab.click('#verify');
  }

  it('is refused with another anchor, of a record that is not the anchored one, and of one without sums', async () => {
    await ann.tab.goto(address);
    await ann.open();
    await ann.tab.click('#to-record');
    await ann.tab.fill('#anchor', referendum.anchor.slice(1));
    expect(await ann.tab.isDisabled('#verify')).toBe(true);
    await verify('record', `${referendum.anchor.startsWith('0') ? 1 : 0}${referendum.anchor.slice(1)}`);
    await ann.tab.waitForSelector('[data-step="8.1"]');
    cpSync(at('record'), at('spoiled'), { recursive: true });
    const archive = at(referendum.archives.south!.replace('record', 'spoiled'));
    const bytes = readFileSync(archive);
    bytes[Math.floor(bytes.length * 0.6)]! ^= 1;
    writeFileSync(archive, bytes);
    await verify('spoiled', referendum.anchor);
    await ann.tab.waitForSelector('[data-step="0.11"]');
    await verify('closed', referendum.anchor);
    await ann.at('heads');
    await ann.tab.setInputFiles('#their-heads', at('cem/heads.json'));
    await ann.tab.click('#decrypt:enabled');
    await ann.tab.waitForSelector('#sayings p');
    expect((await ann.sayings()).join()).toContain('0.15');
  });

  it('is refused with heads that differ, or too few', async () => {
    await ann.tab.goto(address);
    await ann.open();
    await ann.tab.click('#to-record');
    await verify('record', referendum.anchor.toUpperCase());
    await ann.at('heads');
    expect(await ann.tab.isDisabled('#decrypt')).toBe(true);
    const right = JSON.parse(text(at('cem/heads.json'))) as { owner: number; heads: Record<string, string> };
    const [uuid] = Object.keys(right.heads);
    writeFileSync(at('other.json'), JSON.stringify({ owner: 2, heads: { ...right.heads, [uuid!]: '0'.repeat(64) } }));
    await ann.tab.setInputFiles('#their-heads', at('other.json'));
    await ann.tab.click('#decrypt:enabled');
    await ann.tab.waitForSelector('#sayings p');
    expect((await ann.sayings()).join()).toContain('7.14');
    await ann.at('heads');
  });

  it('remembers first, and gives what sanduq combines to an outcome', async () => {
    await ann.tab.goto(address);
    await ann.open();
    await ann.tab.click('#to-record');
    await verify('record', referendum.anchor);
    await ann.at('heads');
    const heads = await ann.file('save-heads');
    run('count', 'heads', 'record', '--trustee', '1', '--out', 'expected-heads.json');
    expect(readFileSync(heads)).toEqual(readFileSync(at('expected-heads.json')));
    await ann.tab.setInputFiles('#their-heads', at('cem/heads.json'));
    await ann.tab.click('#decrypt:enabled');
    await ann.at('save');
    const before = ann.key;
    await ann.check(before);
    expect(await ann.sayings()).toEqual([TEXTS['en']!.errors.otherKey]);
    await ann.save();
    await ann.at('end');
    const parts = await ann.file('save-decryption');
    const theirs = ['--heads', heads, '--out', 'cem/parts.json'];
    run('count', 'decrypt', 'record', '--anchor', referendum.anchor, '--key', 'cem/trustee.key', '--dkey', 'cem/trustee.dkey', ...theirs);
    run('count', 'combine', 'record', parts, 'cem/parts.json', '--time', '2030-05-03T19:00:00Z');
    const told = run('watch', 'verify', 'record', '--anchor', referendum.anchor, '--final');
    expect(told).toContain('accepted');
    joined(folder, ['certs.jsons'], 'done');
  });

  it.each([
    ['here, with the key file of before', () => ann, '-complete'],
    ['elsewhere, with the newest key file', () => newTrustee('fresh'), '-decrypted'],
  ] as const)('refuses another sum of an area %s', async (_, who, key) => {
    const trustee = await who();
    await trustee.tab.goto(address);
    await trustee.open(at(`ann/trustee1-key${key}.age`));
    await trustee.tab.click('#to-record');
    await trustee.tab.fill('#anchor', referendum.anchor);
    await trustee.tab.setInputFiles('#folder', at('longer'));
    await trustee.tab.click('#verify');
    await trustee.at('heads');
    await trustee.tab.setInputFiles('#their-heads', at('cem/longer-heads.json'));
    await trustee.tab.click('#decrypt:enabled');
    await trustee.tab.waitForSelector('#sayings p');
    expect((await trustee.sayings()).join()).toContain('7.13');
    await trustee.at('heads');
  });
});

describe('the page', () => {
  it('speaks six languages, fits a small phone, is dark where that is wanted, and axe finds nothing', async () => {
    const tab = await newTab();
    for (const [tag, words] of Object.entries(TEXTS)) {
      await tab.click(`nav button[lang="${tag}"]`);
      expect([await tab.getAttribute('html', 'dir'), await tab.textContent('h1')]).toEqual([words.dir, words.title]);
      expect(await axe(tab)).toEqual([]);
    }
    await tab.setViewportSize({ width: 320, height: 640 });
    await tab.emulateMedia({ colorScheme: 'dark' });
    for (const tag of ['fa', 'az']) {
      await tab.click(`nav button[lang="${tag}"]`);
      expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
      expect(await axe(tab)).toEqual([]);
    }
    for (const tag of ['en', 'ar']) {
      await ann.tab.click(`nav button[lang="${tag}"]`);
      expect(await axe(ann.tab)).toEqual([]);
    }
    expect(await axe(bob.tab)).toEqual([]);
  });

  it('asks for nothing, keeps no secret, and its policy allows nothing else', async () => {
    const whole = readFileSync(new URL(address), 'utf8');
    expect(whole).toContain(`default-src 'none'; script-src 'sha256-`);
    expect(whole.slice(0, 1000)).not.toContain('connect-src');
    expect([...new Set(asked)].filter((url) => !/^(?:file:\/\/\/|blob:)/.test(url))).toEqual([]);
    expect(complaints).toEqual([]);
    const refused = await ann.tab.evaluate(() => fetch('http://127.0.0.1:9/').then(() => 'sent', () => 'refused'));
    expect(refused).toBe('refused');
    expect(context.pages().length).toBe(1);
  });
});
