/** VERIFY.html from file:// in Chromium: every edition of vectors/disc that can be a folder, in six languages, with nothing asked of any network. */
import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEXTS } from '../../src/disc/texts.ts';
import { openChromium } from './chromium.ts';
import { edition, editions, page, secret, withLarge, write } from './disc.ts';
import { clean } from './temporary.ts';

let context: BrowserContext;
let tab: Page;
let address: string;
const asked: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  address = page([secret[0]!.public]);
  context = await openChromium({ locale: 'en-GB' });
  tab = context.pages()[0]!;
  context.on('request', (request) => asked.push(request.url()));
  tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  tab.on('pageerror', (error) => complaints.push(String(error)));
});

afterAll(async () => {
  await context.close();
  clean();
});

async function verdict(folder: string, where = address, trust = ''): Promise<string | null> {
  await tab.goto(where);
  if (trust) await tab.fill('#trust', trust);
  await tab.setInputFiles('#folder', folder);
  await tab.waitForSelector('.verdict');
  return tab.getAttribute('.verdict', 'data-verdict');
}

const listed = (name: string): Promise<string[]> => tab.locator(`[data-list="${name}"] li`).allTextContents();

// Where this one key is trusted the page has it; the others trust other keys, or nobody.
const ofThisKey = editions.filter((one) => one.trusted.length === 1 && one.trusted[0] === secret[0]!.public && one.fingerprints.length === 0);

describe('an edition', () => {
  it.each(ofThisKey.map((one) => [one.what, one] as const))('%s', async (_, one) => {
    expect(await verdict(write(one.files))).toBe(one.verdict);
    expect([await listed('changed'), await listed('extra'), await listed('missing')]).toEqual([one.changed, one.extra, one.missing]);
    const told = await tab.textContent('.verdict');
    if (one.error) expect(told).toContain(one.error);
  });
});

it('trusts nobody by itself, shows the words large, and believes words that were typed', async () => {
  const nobody = page([]);
  const folder = write(edition('nobody is trusted, the key is there').files);
  expect(await verdict(folder, nobody)).toBe('unconfirmed');
  expect((await tab.locator('[data-signature="compare"] .words span').allTextContents()).join(' ')).toBe(secret[0]!.words);
  await tab.fill('#trust', 'these are not the words of any list at all no');
  expect(await tab.textContent('#slip')).toBe(TEXTS['en']!.slip);
  await tab.fill('#trust', secret[0]!.words.toUpperCase());
  await tab.waitForSelector('.verdict.good');
  expect(await tab.textContent('#slip')).toBe('');
  expect(await verdict(folder, nobody, secret[1]!.words)).toBe('unconfirmed');
});

it('checks a new disc with the page of an old one, over a chain of keys', async () => {
  expect(await verdict(write(edition('a chain of three keys').files))).toBe('good');
  expect(await tab.textContent('[data-signature="follows"]')).toContain(' → ');
});

it('shows names that would turn around or hide what follows', async () => {
  await verdict(write({ ...edition('an edition').files, 'a\u202egnp.exe': 'x', 'b\u0007<img src=x>': 'x' }));
  expect(await listed('extra')).toEqual(['a\\u{202e}gnp.exe', 'b\\u{7}<img src=x>']);
});

it('speaks six languages, from the right where they are written so, and says that a forged page says nothing', async () => {
  await verdict(write(edition('a file less').files));
  for (const [tag, words] of Object.entries(TEXTS)) {
    await tab.click(`nav button[lang="${tag}"]`);
    expect([await tab.getAttribute('html', 'dir'), await tab.textContent('h1')]).toEqual([words.dir, words.title]);
    expect(await tab.textContent('.note')).toBe(words.forged);
    expect(await tab.textContent('.verdict h2')).toBe(words.verdicts.incomplete[0]);
    await tab.evaluate(AxeBuilder.source);
    const found = await tab.evaluate(async () => (await (globalThis as unknown as { axe: typeof AxeBuilder }).axe.run()).violations.map(({ id }) => id));
    expect(found).toEqual([]);
  }
});

it('reads a large file piece by piece', async () => {
  const folder = withLarge({ ...edition('an edition').files }, 300);
  const digest = createHash('sha256').update(readFileSync(join(folder, 'large'))).digest('hex');
  appendFileSync(join(folder, 'SHA256SUMS'), `${digest}  large\n`);
  expect(await verdict(folder)).toBe('bad'); // nobody has signed these sums
  expect([await listed('changed'), await listed('extra'), await listed('missing')]).toEqual([[], [], []]);
});

it('is one file that asks for nothing, and whose policy allows nothing else', async () => {
  const text = readFileSync(new URL(address), 'utf8');
  expect(text).toContain(`default-src 'none'; script-src 'sha256-`);
  expect(text.match(/\b(?:src|href|integrity|action)=/g) ?? []).toEqual([]);
  expect([...new Set(asked)].filter((url) => !url.startsWith('file:///'))).toEqual([]);
  expect(complaints).toEqual([]);
  await tab.goto(address);
  await tab.evaluate(() => document.head.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.inserted = 1' })));
  expect(await tab.evaluate(() => 'inserted' in globalThis)).toBe(false);
});
