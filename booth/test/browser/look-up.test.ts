/**
 * The look-up of a tracker in an edition of the vote site, from file:// in Firefox ESR. web/tests/browser/test_edition.py makes the
 * edition and names its page (SANDUQ_LOOK_UP) and a ballot of it (SANDUQ_TRACKER); without them nothing is tested.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Firefox, isThere } from './firefox.ts';
import { clean } from './temporary.ts';

const { SANDUQ_LOOK_UP: page = '', SANDUQ_TRACKER: tracker = '' } = process.env;

describe.skipIf(!isThere || !page)('a copy of the vote site in Firefox ESR', () => {
  let browser: Firefox;

  beforeAll(async () => {
    browser = await Firefox.open();
  });

  afterAll(async () => {
    await browser.close();
    clean();
  });

  const ask = async (text: string): Promise<unknown> => {
    await browser.goto(page);
    await browser.evaluate(`document.querySelector('#tracker').value = ${JSON.stringify(text)}`);
    await browser.evaluate(`document.querySelector('#look-up').click()`);
    return browser.text(`new Promise((done) => { const look = () => {
      const told = document.querySelector('.answer:not([hidden])'); told ? done(told.id) : setTimeout(look, 50); }; look(); })`);
  };

  it('finds a ballot, and the page has its look', async () => {
    expect(await browser.preference('security.fileuri.strict_origin_policy')).toBe(true);
    expect(await ask(tracker)).toBe('found');
    expect(await browser.text(`document.querySelector('#found-tracker').textContent`)).toBe(tracker);
    expect(await browser.text(`document.fonts.load('1em Vazirmatn').then((fonts) => fonts.length)`)).toBe(1);
  });

  it('says when it knows none', async () => {
    expect(await ask('A'.repeat(43))).toBe('none');
  });
});
