/** VERIFY.html from file:// in Firefox ESR, where it is installed (SANDUQ_FIREFOX names another): folders picked as a reader picks them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edition, page, secret, write } from './disc.ts';
import { Firefox, isThere } from './firefox.ts';
import { clean } from './temporary.ts';

const CASES = [
  'an edition',
  'two signers, one of them trusted',
  'a chain of three keys',
  'a file less',
  'a letter changed',
  'a file more',
  'a file and its line',
  'another number in the trusted comment',
  'S not reduced',
  'a link is signed by another key',
  'another key under a trusted key\'s id',
];

describe.skipIf(!isThere)('in Firefox ESR (skipped where there is none: apt-get install firefox-esr)', () => {
  let browser: Firefox;
  let address: string;

  beforeAll(async () => {
    address = page([secret[0]!.public]);
    browser = await Firefox.open();
  });

  afterAll(async () => {
    await browser.close();
    clean();
  });

  const lists = (name: string): Promise<unknown> =>
    browser.text(`JSON.stringify([...document.querySelectorAll('[data-list="${name}"] li')].map((item) => item.textContent))`);

  it.each(CASES)('%s', async (what) => {
    const one = edition(what);
    await browser.goto(address);
    await browser.pick('#folder', write(one.files));
    const found = `new Promise((done) => { const look = () => {
      const told = document.querySelector('.verdict'); told ? done(told.dataset.verdict) : setTimeout(look, 50); }; look(); })`;
    expect(await browser.text(found)).toBe(one.verdict);
    for (const name of ['changed', 'extra', 'missing'] as const) expect(await lists(name)).toBe(JSON.stringify(one[name]));
    if (one.error) expect(await browser.text('document.querySelector(".verdict").textContent')).toContain(one.error);
  });

  it('was asked as a reader\'s Firefox: file: pages are kept apart', async () => {
    expect(await browser.preference('security.fileuri.strict_origin_policy')).toBe(true);
  });

  it('runs no script but its own, and is right to left where it should be', async () => {
    await browser.goto(address);
    await browser.evaluate(`document.querySelector('nav button[lang="azb"]').click()`);
    expect(await browser.text('document.dir')).toBe('rtl');
    await browser.evaluate(`document.head.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.inserted = 1' }))`);
    expect(await browser.text(`'inserted' in globalThis`)).toBe(false);
  });
});
