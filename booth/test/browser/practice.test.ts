/** People who practise, in Chromium: with the invented question, and with the one of a real record. What they send is watched. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { words as en } from '../../src/words/en.ts';
import { words as fa } from '../../src/words/fa.ts';
import { openChromium } from './chromium.ts';
import { makeReferendum, sanduq, type Referendum } from './record.ts';
import { serveApi, serveBooth, type Site, type Trouble } from './servers.ts';
import { clean } from './temporary.ts';

const SHOTS = fileURLToPath(new URL('shots/', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
mkdirSync(SHOTS, { recursive: true });

const trouble: Trouble = { lost: false, busy: false, setup: null, election: null, phase: 'frozen', asks: null };
let referendum: Referendum;
let api: Site;
let booth: Site;
let context: BrowserContext;
let page: Page;
const requests: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  referendum = makeReferendum();
  api = await serveApi(referendum, trouble);
  booth = await serveBooth(api.origin);
  context = await openChromium({ viewport: { width: 360, height: 740 }, locale: 'en-GB', timezoneId: 'UTC' });
  page = context.pages()[0]!;
  context.on('request', (request) => requests.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => void dialog.accept());
});

afterAll(async () => {
  await context.close();
  api.server.close();
  booth.server.close();
  clean();
});

async function open(fragment: string): Promise<void> {
  await page.goto('about:blank');
  await page.goto(`${booth.origin}/#${fragment}`);
}

/** On a step: it says that it is practice, fits the screen, and axe finds nothing serious. */
async function step(title: string, shot = ''): Promise<void> {
  await page.getByRole('heading', { level: 1, name: title }).waitFor({ timeout: 60_000 });
  expect(await page.locator('.practice').isVisible()).toBe(true);
  expect(await page.title()).toContain('PRACTICE');
  expect(page.url()).toBe(`${booth.origin}/`);
  if (shot) await page.screenshot({ path: join(SHOTS, `practice-${shot}.png`), fullPage: true });
  await page.evaluate(axe);
  const [wide, findings] = await page.evaluate(async () => {
    type Axe = { run: (context: Document) => Promise<{ violations: { id: string; impact: string }[] }> };
    const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(document);
    return [document.documentElement.scrollWidth - document.documentElement.clientWidth, violations] as const;
  });
  expect(wide, `${title}: wider than the screen`).toBeLessThanOrEqual(0);
  expect(findings.filter(({ impact }) => impact === 'serious' || impact === 'critical'), title).toEqual([]);
}

/** Nothing but files of the booth was asked for, and, where a referendum is named, its frozen setup. Nothing was ever sent. */
function checkSilence(...more: string[]): void {
  const asked = requests.map((said) => said.trim()).filter((said) => !said.startsWith('GET blob:'));
  expect(asked.filter((said) => !said.startsWith(`GET ${booth.origin}/`))).toEqual(more);
  expect([...api.seen, ...booth.seen].filter(({ method, body }) => method === 'POST' || body !== '')).toEqual([]);
}

async function saved(id: string): Promise<{ readonly name: string; readonly text: string }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator(id).click()]);
  const file = join(referendum.folder, download.suggestedFilename());
  await download.saveAs(file);
  return { name: download.suggestedFilename(), text: readFileSync(file, 'latin1') };
}

describe('practice with the invented question', () => {
  it('goes every step of a vote, and casts nothing', async () => {
    // A ballot of a real vote waits on this device: practising must not touch it.
    await open('practice&l=en');
    await page.evaluate(() => localStorage.setItem('sanduq-waiting-ballot', '{"anchor":"real","area":"A","ballot":"{}"}'));
    await step(en.credential.title, 'en-1');
    // The font is the booth's own, and its policy lets it in.
    expect(await page.evaluate(async () => [...(await document.fonts.ready)].map(({ family, status }) => `${family} ${status}`))).toEqual(['Vazirmatn loaded']);
    await page.locator('#credential').fill(referendum.credentials.north![0]!);
    await page.getByRole('button', { name: en.buttons.next }).click();
    await page.getByText('is not on the public list').first().waitFor();
    const letter = (await page.locator('#practice-credential').textContent())!;
    await page.locator('#credential').fill(letter);
    await page.getByText(en.credential.checked).waitFor();
    await page.getByRole('button', { name: en.buttons.next }).click();
    await step(en.choice.title, 'en-2');
    await page.getByLabel(en.practice.yes).check();
    await page.getByRole('button', { name: en.buttons.next }).click();
    await step(en.review.title);
    await page.getByRole('button', { name: en.review.seal }).click();
    await step(en.sealed.title);
    const hash = (await page.locator('#hash').textContent())!;
    await page.locator('#challenge').click();
    await step(en.opened.title, 'en-4-opened');
    const opened = await saved('#save-opened');
    expect(opened.name).toBe('PRACTICE-opened.json');
    expect(opened.text).toContain('"election_uuid":"PRACTiCE');
    const link = (await page.locator('.command code').first().textContent())!;
    await page.locator('#seal-again').click();
    await page.getByRole('button', { name: en.review.seal }).click();
    await step(en.sealed.title);
    await page.locator('#cast').click();
    await step(en.done.title, 'en-5');
    const receipt = await saved('#save-receipt');
    expect(receipt.name).toBe('PRACTICE-receipt.json');
    expect(receipt.text).toMatch(/"uuid":"PRACTiCE/);
    const record = await saved('#save-record');
    expect(record.name).toMatch(/^PRACTICE-PRACTiCE\w+\.bel$/);
    expect(sanduq(referendum.folder, 'watch', 'verify', record.name)).toContain('PRACTiCE');
    expect(sanduq(referendum.folder, 'booth', 'check', opened.name, '--archive', record.name, '--hash', hash)).toContain('lemonade');
    expect(() => sanduq(referendum.folder, 'box', 'check', 'record', receipt.name)).toThrow();
    await page.locator('#open-sum').click();
    expect(await page.locator('#opened-sum dd').allTextContents()).toEqual(['0', '1', '0']);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.practice').isVisible()).toBe(true);
    await page.screenshot({ path: join(SHOTS, 'practice-en-6-print.png'), fullPage: true });
    await page.emulateMedia({ media: 'screen' });
    expect(await page.evaluate(() => localStorage.getItem('sanduq-waiting-ballot'))).toContain('real');
    await page.evaluate(() => localStorage.clear());
    await checkElsewhere(link, hash);
    checkSilence();
    expect(complaints).toEqual([]);
  });

  async function checkElsewhere(link: string, hash: string): Promise<void> {
    await open(`l=en&${link.split('#')[1]!}`);
    await step(en.check.title);
    await page.locator('#opened-file').setInputFiles(join(referendum.folder, 'PRACTICE-opened.json'));
    await page.locator('#shown-hash').fill(hash.slice(0, 12));
    await page.getByRole('button', { name: en.check.run }).click();
    await page.getByText(en.check.good).first().waitFor();
    await page.getByText(en.practice.yes).waitFor();
  }
});

describe('days in Chromium', () => {
  it.each([
    ...([['en', '1 January 2100'], ['az', '1 yanvar 2100'], ['azb', '۱۲ دی ۱۴۷۸'], ['fa', '۱۲ دی ۱۴۷۸']] as const),
    ...([['ar', '1 يناير 2100'], ['tr', '1 Ocak 2100']] as const),
  ])('%s: %s', async (tag, day) => {
    await open(`practice&l=${tag}`);
    await page.locator('#practice-credential').waitFor();
    expect(await page.locator('footer').textContent()).toContain(day);
  });
});

describe('practice with the question of a referendum', () => {
  it.each(['frozen', 'open', 'decided'])('works while it is %s', async (phase) => {
    trouble.phase = phase;
    [requests.length, complaints.length, api.seen.length] = [0, 0, 0];
    // Whoever puts a real credential into the link is not helped, and it is used for nothing.
    await open(`practice&r=${referendum.anchor}&a=south&c=${referendum.credentials.south![0]!}&l=fa`);
    await step(fa.credential.title, 'fa-1');
    expect(await page.locator('#credential').inputValue()).toBe('');
    await page.locator('#as-link').click();
    await step(fa.choice.title, 'fa-2');
    await page.getByLabel('نه', { exact: true }).check();
    await page.getByLabel('پل نو').check();
    await page.getByRole('button', { name: fa.buttons.next }).click();
    await step(fa.review.title);
    await page.getByRole('button', { name: fa.review.seal }).click();
    await step(fa.sealed.title, 'fa-4');
    await page.locator('#cast').click();
    await step(fa.done.title, 'fa-5');
    await page.locator('#again').click();
    await step(fa.choice.title);
    const setup = `${api.origin}/api/v1/referendums/${referendum.anchor}/setup.json`;
    checkSilence(`GET ${setup}`);
    expect(complaints).toEqual([]);
  });

  it('is not loaded by who votes, whose pages do not say that it is practice', async () => {
    trouble.phase = 'open';
    [requests.length] = [0];
    await open(`r=${referendum.anchor}&a=south&l=en`);
    await page.getByRole('heading', { level: 1, name: en.credential.title }).waitFor();
    expect(requests.filter((said) => /practice/i.test(said))).toEqual([]);
    expect(await page.locator('.practice').count()).toBe(0);
    // Another link in the same window: from the vote into practice, and back.
    await page.evaluate(() => void (location.hash = 'practice&l=en'));
    await page.locator('#practice-credential').waitFor();
    await page.evaluate((hash) => void (location.hash = hash), `r=${referendum.anchor}&a=south&l=en`);
    await page.locator('.practice').waitFor({ state: 'detached' });
    await page.getByRole('heading', { level: 1, name: en.credential.title }).waitFor();
    expect(await page.title()).not.toContain('PRACTICE');
    expect(await page.locator('header .title').textContent()).toBe('The bridge');
  });

  it.each(['practice', 'vote'])('is not mixed with a vote by two links, of which the first, a %s, is slow', async (first) => {
    trouble.phase = 'open';
    const links = { practice: `practice&r=${referendum.anchor}&a=south&l=en`, vote: `r=${referendum.anchor}&a=south&l=en&c=${referendum.credentials.south![0]!}` };
    let [seen, held, release] = [() => {}, true, () => {}];
    const asked = new Promise<void>((resolve) => (seen = resolve));
    const wait = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/setup.json', async (route) => {
      if (held) {
        held = false;
        seen();
        await wait;
      }
      await route.continue();
    });
    await open(links[first as keyof typeof links]);
    await asked;
    const isPractice = first === 'vote';
    await page.evaluate((hash) => void (location.hash = hash), isPractice ? links.practice : links.vote);
    const title = isPractice ? en.credential.title : en.choice.title;
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    release();
    await page.waitForTimeout(1500);
    await page.unroute('**/setup.json');
    await page.getByLabel('Language').selectOption('fa');
    await page.getByRole('heading', { level: 1, name: isPractice ? fa.credential.title : fa.choice.title }).waitFor();
    expect(await page.locator('.practice').count()).toBe(isPractice ? 1 : 0);
    expect((await page.title()).includes('PRACTICE')).toBe(isPractice);
  });

  it('does not begin with a setup that was changed', async () => {
    trouble.setup = (bytes) => Buffer.from(bytes.toString().replace('The bridge', 'The ridge'));
    await open(`practice&r=${referendum.anchor}&l=en`);
    await page.getByText(en.error.otherSetup).first().waitFor();
    trouble.setup = null;
  });
});
