/** Voters in Chromium, with a real record behind a small API: what they see, what they send, and what nobody else learns. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jsQR from 'jsqr';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printedCredential } from '../../src/protocol/credential.ts';
import { cameraArguments } from './camera.ts';
import { makeReferendum, sanduq, type Referendum } from './record.ts';
import { clean } from './temporary.ts';
import { serveApi, serveBooth, type Site, type Trouble } from './servers.ts';
import { DESKTOP, PHONE, SHOTS, sites, Voter } from './voter.ts';

let referendum: Referendum;
let api: Site;
let booth: Site;
const trouble: Trouble = { lost: false, busy: false, setup: null, election: null, phase: 'open', asks: null };

beforeAll(async () => {
  referendum = makeReferendum();
  api = await serveApi(referendum, trouble);
  booth = await serveBooth(api.origin);
  Object.assign(sites, { api, booth });
});

afterAll(() => {
  api.server.close();
  booth.server.close();
  clean();
});

describe('a voter at a desktop, in English', () => {
  it('opens the link, votes, and gets a receipt that the record bears out', async () => {
    const credential = referendum.credentials.north![0]!;
    const voter = await Voter.at('en', DESKTOP);
    const { page } = voter;
    await voter.open(`r=${referendum.anchor}&a=north&c=${credential}&l=en`);
    await voter.heading('Your choice');
    expect(page.url()).toBe(`${booth.origin}/`);
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('ltr');
    await voter.look('2-choice');
    // What was frozen beside the question is closed at first, and shows every side in its order, in boxes of one width.
    expect(await page.getByText('For the bridge').isVisible()).toBe(false);
    await page.getByText('Information, and every side').click();
    expect(await page.locator('.information h2').allTextContents()).toEqual(['For the bridge', 'Against the bridge']);
    const boxes = await Promise.all((await page.locator('.information section').all()).map((box) => box.boundingBox()));
    expect(new Set(boxes.map((box) => `${box?.width} ${box?.height}`)).size).toBe(1);
    await voter.look('2-information', false);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('Choose an answer to this question.').first().waitFor();
    await page.getByLabel('Yes, as planned').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    // One of two questions is answered: the page says so at the other one, and goes there.
    await page.locator('#mistake-1:visible').waitFor();
    expect(await page.locator('#mistake-0').isVisible()).toBe(false);
    expect(await page.evaluate(() => (document.activeElement as HTMLInputElement).name)).toBe('question-1');
    await page.getByLabel('Poplar Bridge').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await voter.heading('Review your choice');
    await voter.look('3-review');
    await page.getByRole('button', { name: 'Seal the ballot' }).click();
    await voter.heading('The ballot is sealed');
    expect(await page.locator('#hash').textContent()).toMatch(/^[A-Za-z0-9+/]{43}$/);
    await voter.look('4-sealed');
    await page.locator('#cast').click();
    await voter.heading('Your ballot is in the box');
    await voter.look('5-receipt');
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save-receipt').click()]);
    await download.saveAs(join(referendum.folder, 'saved-receipt.json'));
    expect(sanduq(referendum.folder, 'box', 'check', 'record', 'saved-receipt.json')).toContain('it is the last ballot');
    await page.emulateMedia({ media: 'print' });
    await page.screenshot({ path: join(SHOTS, 'en-6-print.png'), fullPage: true });
    await page.emulateMedia({ media: 'screen' });
    await page.locator('#again').click();
    await voter.heading('Your choice');
    await page.getByLabel('Blank vote').check();
    await page.getByLabel('Mill Bridge').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Seal the ballot' }).click();
    await page.locator('#cast').click();
    await voter.heading('Your ballot is in the box');
    expect(sanduq(referendum.folder, 'box', 'check', 'record', 'saved-receipt.json')).toContain('a later ballot');
    await page.locator('#finish').click();
    await voter.heading('Finished');
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie])).toEqual([0, 0, '']);
    expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(2);
    voter.checkSilence(credential);
    expect(voter.complaints).toEqual([]);
    await voter.close();
  });
});

describe('a voter with a phone, in Persian', () => {
  it('types the credential, challenges a ballot, has it checked, and casts another', async () => {
    const credential = referendum.credentials.south![3]!;
    const voter = await Voter.at('fa', PHONE);
    const { page } = voter;
    await voter.open(`r=${referendum.anchor}`);
    await voter.heading('شناسهٔ رأی خود را وارد کنید');
    expect(await page.evaluate(() => document.documentElement.dir)).toBe('rtl');
    await voter.look('1-credential');
    await page.getByRole('button', { name: 'ادامه' }).tap();
    await page.getByText('حوزه‌ای را که در نامهٔ شما آمده است برگزینید.').first().waitFor();
    await page.locator('#area').selectOption('south');
    const printed = printedCredential(credential);
    const wrong = printed.replace(/.(?=-)/, (character) => (character === '2' ? '3' : '2'));
    await page.locator('#credential').fill(wrong);
    await page.getByRole('button', { name: 'ادامه' }).tap();
    await page.getByText(/گروه .?۱.? درست نیست/).first().waitFor();
    expect(await page.locator('#credential').getAttribute('aria-invalid')).toBe('true');
    await voter.look('1-wrong-group', false);
    await page.locator('#credential').fill(printed.replaceAll('-', ''));
    await page.getByText('همهٔ نویسه‌های وارسی درست‌اند.').waitFor();
    await page.getByRole('button', { name: 'ادامه' }).tap();
    await voter.heading('انتخاب شما');
    await voter.look('2-choice');
    await page.getByLabel('نه', { exact: true }).check();
    await page.getByLabel('پل نو').check();
    await page.getByRole('button', { name: 'ادامه' }).tap();
    await voter.heading('انتخاب خود را بازبینی کنید');
    await voter.look('3-review');
    await page.getByRole('button', { name: 'مُهر کردن برگه' }).tap();
    await voter.heading('برگه مُهر شد');
    const hash = (await page.locator('#hash').textContent())!;
    await voter.look('4-sealed');
    await page.locator('#challenge').tap();
    await voter.heading('برگهٔ بازشده');
    await voter.look('4-opened');
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save-opened').tap()]);
    await download.saveAs(join(referendum.folder, 'opened.json'));
    const said = sanduq(referendum.folder, 'booth', 'check', 'opened.json', '--archive', referendum.archives.south!, '--hash', hash);
    expect(said).toContain('the ballot holds this');
    expect(said).toContain('New Bridge');
    await checkElsewhere(hash);
    await checkByCode(hash, await codeOn(page));
    await page.locator('#seal-again').tap();
    await page.getByRole('button', { name: 'مُهر کردن برگه' }).tap();
    await voter.heading('برگه مُهر شد');
    expect(await page.locator('#hash').textContent()).not.toBe(hash);
    await page.locator('#cast').tap();
    await voter.heading('برگهٔ شما در صندوق است');
    await voter.look('5-receipt');
    voter.checkSilence(credential);
    expect(voter.complaints).toEqual([]);
    await voter.close();
  });

  /** What another device's camera reads off the screen. */
  async function codeOn(page: Page): Promise<string> {
    const path = (await page.locator('.code path').getAttribute('d'))!;
    const box = (await page.locator('.code').getAttribute('viewBox'))!.split(' ').map(Number);
    const [scale, size] = [3, box[2]!];
    const pixels = new Uint8ClampedArray(4 * (size * scale) ** 2).fill(255);
    for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1/g)) {
      for (let i = 0; i < scale * scale; i++) {
        const [px, py] = [(Number(x) + 4) * scale + (i % scale), (Number(y) + 4) * scale + Math.floor(i / scale)];
        pixels.fill(0, 4 * (py * size * scale + px), 4 * (py * size * scale + px) + 3);
      }
    }
    return jsQR(pixels, size * scale, size * scale)!.data;
  }

  async function checkByCode(hash: string, code: string): Promise<void> {
    expect(code.startsWith(`${booth.origin}/#check&`)).toBe(true);
    const other = await Voter.at('check', DESKTOP);
    await other.open(`l=en&${code.split('#')[1]!}`);
    await other.heading('Check an opened ballot');
    expect(other.page.url()).toBe(`${booth.origin}/`);
    await other.page.locator('#shown-hash').fill(hash.slice(0, 12));
    await other.page.getByRole('button', { name: 'Check' }).click();
    await other.page.getByText('The ballot holds this').first().waitFor();
    await other.page.getByText('New Bridge').waitFor();
    await other.close();
  }

  async function checkElsewhere(hash: string): Promise<void> {
    const other = await Voter.at('check', DESKTOP);
    await other.open(`check&r=${referendum.anchor}&a=south&l=en`);
    await other.heading('Check an opened ballot');
    await other.page.locator('#opened-file').setInputFiles(join(referendum.folder, 'opened.json'));
    await other.page.locator('#shown-hash').fill(hash);
    await other.page.getByRole('button', { name: 'Check' }).click();
    await other.page.getByText('The ballot holds this').first().waitFor();
    await other.look('opened');
    await other.page.locator('#opened-file').setInputFiles(join(referendum.folder, 'opened.json'));
    await other.page.locator('#shown-hash').fill(`A${hash.slice(1)}`);
    await other.page.getByRole('button', { name: 'Check' }).click();
    await other.page.getByText('Do not trust the device').first().waitFor();
    await other.close();
  }
});

describe('trouble', () => {
  it('loses nothing when the connection is lost', async () => {
    const credential = referendum.credentials.north![7]!;
    const voter = await Voter.at('lost', { ...DESKTOP, viewport: { width: 320, height: 700 }, colorScheme: 'dark' });
    const { page } = voter;
    await voter.open(`r=${referendum.anchor}&a=north&c=${printedCredential(credential)}&l=en`);
    await voter.heading('Your choice');
    await voter.look('2-choice');
    await page.getByLabel('No', { exact: true }).check();
    await page.getByLabel('New Bridge').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Seal the ballot' }).click();
    await voter.heading('The ballot is sealed');
    await voter.look('4-sealed');
    trouble.lost = true;
    await page.locator('#cast').click();
    await page.getByText('The ballot box cannot be reached.').first().waitFor();
    await page.locator('#keep').check();
    await voter.look('5-waiting', false);
    const before = api.seen.filter(({ method }) => method === 'POST').length;
    await page.reload();
    trouble.lost = false;
    trouble.busy = true;
    await page.goto('about:blank');
    await voter.open(`r=${referendum.anchor}&l=en`);
    await voter.heading('A ballot is waiting on this device');
    await voter.look('0-kept');
    await page.getByRole('button', { name: 'Send the ballot' }).click();
    await page.getByText('The ballot box cannot be reached.').first().waitFor();
    trouble.busy = false;
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await voter.heading('Your ballot is in the box');
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    expect(api.seen.filter(({ method }) => method === 'POST').length).toBeGreaterThan(before);
    voter.checkSilence(credential);
    await voter.close();
  });

  it('refuses another setup, and credentials that are not on the list', async () => {
    const voter = await Voter.at('trouble', DESKTOP);
    const { page } = voter;
    trouble.setup = (bytes) => Buffer.from(bytes.toString().replace('The bridge', 'The ridge'));
    await voter.open(`r=${referendum.anchor}&a=north&l=tr`);
    await page.getByText('Burada oy vermeyin').first().waitFor();
    await voter.look('other-setup');
    trouble.setup = null;
    // Another key, with which somebody else could read the votes: everything but the key is as it was frozen.
    trouble.election = (bytes) => Buffer.from(bytes.toString().replace(/"public_key":"[0-9a-f]{64}"/, `"public_key":"${'6'.repeat(62)}58"`));
    await page.goto('about:blank');
    await voter.open(`r=${referendum.anchor}&a=north&c=${referendum.credentials.north![1]}&l=en`);
    await page.getByText('Do not vote here').first().waitFor();
    trouble.election = null;
    for (const [phase, sentence] of [['frozen', 'Voting is not open yet.'], ['closed', 'Voting is over.']] as const) {
      trouble.phase = phase;
      await page.goto('about:blank');
      await voter.open(`r=${referendum.anchor}&a=north&l=en`);
      await page.getByText(sentence).first().waitFor();
    }
    trouble.phase = 'open';
    await page.goto('about:blank');
    await voter.open('l=en');
    await page.getByText('The link names no referendum.').first().waitFor();
    // A second link in the same window: the page stays, the address must not keep the credential.
    await page.evaluate((hash) => void (location.hash = hash), `r=${referendum.anchor}&a=north&c=${referendum.credentials.north![1]}&l=en`);
    await voter.heading('Your choice');
    expect(page.url()).toBe(`${booth.origin}/`);
    await page.goto('about:blank');
    await voter.open(`r=${referendum.anchor}&a=south&c=${referendum.credentials.north![1]}&l=ar`);
    await page.getByText('هذا الرمز ليس في القائمة العلنية').first().waitFor();
    await voter.look('unknown');
    voter.checkSilence(referendum.credentials.north![1]!);
    await voter.close();
  });

  it('scans a code, and loads the decoder only then', async () => {
    const voter = await Voter.at('scan', { ...PHONE, locale: 'tr-TR' }, cameraArguments());
    const { page } = voter;
    await voter.open(`r=${referendum.anchor}`);
    await voter.heading('Kimlik kodunuzu girin');
    const decoders = (): number => voter.requests.filter((said) => /jsQR/i.test(said)).length;
    expect(decoders()).toBe(0);
    await page.getByRole('button', { name: 'Mektuptaki kodu tara' }).tap();
    // The code is read, and is not taken: it is that of another referendum.
    await page.getByText('Okunan kodda kimlik kodu yok.').waitFor();
    expect(decoders()).toBe(1);
    await voter.look('1-scanned', false);
    voter.checkSilence('ooM1F-GKqoBa-nZGqt-j1fNAE');
    expect(voter.complaints).toEqual([]);
    await voter.close();
  });

  it('can be used with the keyboard alone, in a language that the referendum does not have', async () => {
    const credential = referendum.credentials.south![9]!;
    const voter = await Voter.at('keys', { ...DESKTOP, viewport: { width: 320, height: 640 }, colorScheme: 'dark' });
    const { page } = voter;
    await voter.open(`r=${referendum.anchor}&a=south&l=azb`);
    await voter.heading('سس وئرمه کودونوزو یازین');
    await voter.look('1-azb');
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    await press('Tab', 'Tab'); // the area, the credential
    await page.keyboard.type(credential.replaceAll('-', ''));
    await press('Enter');
    await voter.heading('سئچیمینیز');
    expect(await page.locator('legend .said').first().getAttribute('lang')).toBe('en');
    await press('Tab'); // past what was said by both sides
    await press('Tab', 'Space', 'ArrowDown', 'Tab', 'Space', 'Enter');
    await voter.heading('سئچیمینیزی یوخلایین');
    await press('Tab', 'Enter');
    await voter.heading('بولتن مؤهورلندی');
    await press('Tab', 'Enter');
    await voter.heading('بولتنینیز صاندیقدادیر');
    await voter.look('5-azb');
    expect(voter.complaints).toEqual([]);
    await voter.close();
  });
});

describe('the record', () => {
  it('is accepted as a whole', () => {
    const report = sanduq(referendum.folder, 'watch', 'verify', 'record', '--anchor', referendum.anchor);
    writeFileSync(join(SHOTS, 'verify.txt'), report);
    expect(report).toContain(referendum.anchor);
  });
});
