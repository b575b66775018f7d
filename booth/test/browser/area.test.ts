/** VERIFY-AREA.html from file:// in Chromium: archives and records as a reader picks them, in six languages, with nothing asked of any network. */
import { readFileSync } from 'node:fs';
import AxeBuilder from 'axe-core';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEXTS } from '../../src/area/words/index.ts';
import { ANCHOR, disc, file, forged, honest, packed, page, RECORD, running, tampered, torn } from './area.ts';
import { openChromium } from './chromium.ts';
import { clean } from './temporary.ts';

let context: BrowserContext;
let tab: Page;
let address: string;
const asked: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  address = page();
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

async function told(): Promise<string | null> {
  await tab.waitForSelector('.verdict');
  return tab.getAttribute('.verdict', 'data-verdict');
}

async function verdict(files: string | string[], anchor = ''): Promise<string | null> {
  await tab.goto(address);
  await tab.fill('#anchor', anchor);
  await tab.setInputFiles('#files', files);
  await tab.click('#start');
  return told();
}

const step = (): Promise<string | null> => tab.getAttribute('[data-step]', 'data-step');
const votes = (): Promise<string[]> => tab.locator('[data-votes] td').allTextContents();

describe('an archive by itself', () => {
  it('is verified, plain and packed', async () => {
    expect(await verdict(honest)).toBe('verified');
    const plain = await votes();
    expect(plain).toEqual(JSON.parse(readFileSync(new URL('../../../vectors/expected.json', import.meta.url), 'utf8'))['honest/referendum'].result[0].map(String));
    const table = tab.locator('[data-list="steps"] tr', { hasText: '4.11' });
    expect(await table.locator('td').last().textContent()).toBe('6');
    expect(await verdict(packed(honest))).toBe('verified');
    expect(await votes()).toEqual(plain);
    expect(await tab.locator('[data-list="unchecked"] li').allTextContents()).toContain(TEXTS['en']!.without.setup);
  });

  it('is verified as far as it goes', async () => {
    expect(await verdict(running)).toBe('running');
    expect(new Set(await votes())).toEqual(new Set(['–']));
  });

  it.each([
    ['a forged ballot', () => forged, '4.11'],
    ['another result', () => tampered(honest), '0.11'],
    ['a forged ballot, packed', () => packed(forged), '4.11'],
    ['a file that only has the name of one', () => file('holiday.bel', 'The sea was warm.'), '0.6'],
    ['a picture that has the name of one', () => file('picture.bel', Buffer.alloc(4096, 7)), '0.7'],
  ])('is refused: %s', async (_, path, expected) => {
    expect([await verdict(path()), await step()]).toEqual(['refused', expected]);
  });

  it('is neither where the file cannot be read to its end', async () => {
    expect(await verdict(torn(honest))).toBe('unfinished');
    expect(await tab.textContent('.verdict')).toContain(TEXTS['en']!.whys.damaged);
  });

  it('is asked for where there is none, or are several', async () => {
    await tab.goto(address);
    await tab.setInputFiles('#files', file('letter.txt', 'x'));
    expect(await tab.textContent('.verdict')).toContain(TEXTS['en']!.whys.none);
    await tab.setInputFiles('#files', [honest, forged]);
    expect(await tab.textContent('.verdict')).toContain(TEXTS['en']!.whys.several);
    expect(await tab.locator('#start').count()).toBe(0);
  });
});

describe('an area of a record', () => {
  it('is verified with the anchor that was announced, and refused with another', async () => {
    await tab.goto(address);
    await tab.fill('#anchor', `${ANCHOR.slice(1)}`);
    await tab.setInputFiles('#folder', RECORD);
    expect(await tab.isDisabled('#start')).toBe(true); // a digit is missing
    await tab.fill('#anchor', ANCHOR.toUpperCase());
    await tab.click('#start');
    expect(await told()).toBe('verified');
    expect(await tab.textContent('.anchor')).toBe(ANCHOR);
    expect(await tab.locator('[data-list="unchecked"] li').count()).toBe(TEXTS['en']!.never.length);
    await tab.fill('#anchor', `0${ANCHOR.slice(1)}`);
    await tab.click('#start');
    await tab.waitForSelector('.verdict.refused');
    expect(await step()).toBe('8.1');
  });

  it('is chosen from a list; an archive that is not the setup\'s is refused', async () => {
    await tab.goto(address);
    await tab.setInputFiles('#folder', disc());
    expect(await tab.locator('#area option').count()).toBe(2);
    await tab.click('#start');
    expect(await told()).toBe('verified');
    await tab.selectOption('#area', '1');
    await tab.click('#start');
    await tab.waitForSelector('.verdict.refused');
  });
});

it('stops when it is told to, and begins again', async () => {
  await tab.goto(address);
  await tab.setInputFiles('#files', honest);
  await tab.evaluate(() => {
    document.querySelector<HTMLElement>('#start')!.click();
    const look = (): unknown => document.querySelector<HTMLElement>('#stop')?.click() ?? (document.querySelector('.verdict') || setTimeout(look, 1));
    look();
  });
  expect(await told()).toBe('unfinished');
  expect(await tab.textContent('.verdict')).toContain(TEXTS['en']!.whys.stopped);
  await tab.click('#start');
  await tab.waitForSelector('.verdict.verified');
});

it('speaks six languages, from the right where they are written so, and axe finds nothing', async () => {
  for (const [files, kind] of [[honest, 'verified'], [forged, 'refused']] as const) {
    expect(await verdict(files)).toBe(kind);
    for (const [tag, words] of Object.entries(TEXTS)) {
      await tab.click(`nav button[lang="${tag}"]`);
      expect([await tab.getAttribute('html', 'dir'), await tab.textContent('h1')]).toEqual([words.dir, words.title]);
      expect([await tab.textContent('.note'), await tab.textContent('.verdict h2')]).toEqual([words.forged, words.verdicts[kind][0]]);
      if (kind === 'refused' && tag !== 'en' && tag !== 'fa') continue;
      await tab.evaluate(() => document.querySelector('details')?.setAttribute('open', ''));
      await tab.evaluate(AxeBuilder.source);
      const found = await tab.evaluate(async () => (await (globalThis as unknown as { axe: typeof AxeBuilder }).axe.run()).violations.map(({ id }) => id));
      expect(found).toEqual([]);
    }
  }
});

it('shows names that would turn around or hide what follows', async () => {
  await tab.goto(address);
  await tab.setInputFiles('#files', file('a\u202eleb.bel', 'x'.repeat(600)));
  await tab.click('#start');
  expect(await told()).toBe('refused');
  expect(await tab.textContent('main')).not.toContain('\u202e');
});

it('is one file that asks for nothing, and whose policy allows nothing else', async () => {
  const text = readFileSync(new URL(address), 'utf8');
  expect(Buffer.byteLength(text)).toBeLessThan(200_000);
  expect(text).toContain(`default-src 'none'; script-src 'sha256-`);
  const markup = text.replace(/<script>.*<\/script>/s, '');
  expect(markup.match(/\b(?:src|href|integrity|action)=/g) ?? []).toEqual([]);
  expect([...new Set(asked)].filter((url) => !/^(?:file:\/\/\/|blob:)/.test(url))).toEqual([]);
  expect(complaints).toEqual([]);
  await tab.goto(address);
  await tab.evaluate(() => document.head.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.inserted = 1' })));
  expect(await tab.evaluate(() => 'inserted' in globalThis)).toBe(false);
});
