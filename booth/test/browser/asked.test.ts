/** Voters in Chromium at a box that asks for more than the credential: a PIN, or a code by e-mail. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeReferendum, type Referendum } from './record.ts';
import { serveApi, serveBooth, type Site, type Trouble } from './servers.ts';
import { clean } from './temporary.ts';
import { DESKTOP, PHONE, sites, Voter } from './voter.ts';

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

describe('a box that asks for more than the credential', () => {
  /** From the link to where the ballot is on its way. */
  async function cast(voter: Voter, area: string, credential: string, names: readonly string[]): Promise<void> {
    const { page } = voter;
    await voter.open(`r=${referendum.anchor}&a=${area}&c=${credential}&l=${names[0]}`);
    await page.getByLabel(names[1]!).check();
    await page.getByLabel(names[2]!).check();
    await page.locator('button.main').click();
    await voter.heading(names[3]!);
    await page.locator('button.main').click();
    await page.locator('#cast').click();
  }

  it('gets the PIN, says what to do about a wrong one, and has it stored nowhere', async () => {
    const credential = referendum.credentials.north![20]!;
    const voter = await Voter.at('pin', DESKTOP);
    const { page } = voter;
    trouble.asks = { is: 'pin', code: '01234567' };
    await cast(voter, 'north', credential, ['en', 'Yes, as planned', 'Mill Bridge', 'Review your choice']);
    await voter.heading('Enter your PIN');
    await voter.look('5-pin');
    const before = api.seen.filter(({ method }) => method === 'POST').length;
    const field = page.getByLabel('PIN', { exact: true });
    expect(await field.getAttribute('inputmode')).toBe('numeric');
    await field.fill('0123');
    await field.press('Enter');
    await page.getByText('Enter eight digits.').waitFor();
    expect(api.seen.filter(({ method }) => method === 'POST').length, 'nothing was sent').toBe(before);
    await field.fill('99999999');
    await field.press('Enter');
    await page.getByText('This is not the PIN.').waitFor();
    await voter.look('5-pin-wrong');
    // The connection is lost with the right one on its way: it is sent again from memory.
    trouble.lost = true;
    await field.fill('0123 4567');
    await field.press('Enter');
    await page.locator('#keep').check();
    const stored = await page.evaluate(() => JSON.stringify(localStorage));
    expect(stored).toContain('sanduq-waiting-ballot');
    expect(stored).not.toContain('01234567');
    trouble.lost = false;
    await page.locator('#send-now').click();
    await voter.heading('Your ballot is in the box');
    expect(await page.evaluate(() => localStorage.length)).toBe(0);
    const urls = [...api.seen, ...booth.seen].map(({ url }) => url).join(' ');
    expect(urls).not.toContain('01234567');
    voter.checkSilence(credential);
    trouble.asks = null;
    await voter.close();
  });

  it('gets the code of an e-mail, in Persian digits', async () => {
    const credential = referendum.credentials.south![20]!;
    const voter = await Voter.at('code', PHONE);
    const { page } = voter;
    trouble.asks = { is: 'email', code: '76543210' };
    await cast(voter, 'south', credential, ['fa', 'آری، چنان که برنامه‌ریزی شده', 'پل سپیدار', 'بازبینی']);
    await page.locator('#code').waitFor();
    await voter.look('5-code');
    expect(await page.locator('#code').getAttribute('autocomplete')).toBe('one-time-code');
    await page.locator('#another').click();
    await page.locator('#code').waitFor();
    await page.locator('#code').fill('۷۶۵۴ ۳۲۱۰');
    await page.locator('button.main').click();
    await page.locator('#tracker').waitFor();
    const said = api.seen.filter(({ method }) => method === 'POST').slice(-3).map(({ headers }) => headers);
    expect(said.map((headers) => /sanduq-code\W+(\w+)/.exec(headers)?.[1])).toEqual([undefined, 'again', '76543210']);
    expect(said.every((headers) => /accept-language\W+fa\b/.test(headers))).toBe(true);
    trouble.asks = null;
    await voter.close();
  });
});
