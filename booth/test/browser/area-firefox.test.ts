/** VERIFY-AREA.html from file:// in Firefox ESR, where it is installed: workers, packed archives and folders as a reader picks them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TEXTS } from '../../src/area/words/index.ts';
import { ANCHOR, disc, file, forged, honest, packed, page, RECORD, tampered, torn } from './area.ts';
import { Firefox, isThere } from './firefox.ts';
import { clean } from './temporary.ts';

describe.skipIf(!isThere)('in Firefox ESR (skipped where there is none: apt-get install firefox-esr)', () => {
  let browser: Firefox;
  let address: string;

  beforeAll(async () => {
    address = page();
    browser = await Firefox.open();
  });

  afterAll(async () => {
    await browser.close();
    clean();
  });

  const click = (selector: string): Promise<unknown> => browser.evaluate(`document.querySelector('${selector}').click()`);
  const appears = (selector: string): Promise<unknown> =>
    browser.text(`new Promise((done) => { const look = () => document.querySelector('${selector}') ? done(true) : setTimeout(look, 20); look(); })`);
  const told = async (): Promise<unknown> => {
    await appears('.verdict');
    return browser.text('[document.querySelector(".verdict").dataset.verdict, document.querySelector("[data-step]")?.dataset.step].join(" ")');
  };

  it.each([
    ['an honest archive', () => honest, 'verified '],
    ['the same, packed', () => packed(honest), 'verified '],
    ['a forged ballot', () => forged, 'refused 4.11'],
    ['another result', () => tampered(honest), 'refused 0.11'],
    ['a file that only has the name of one', () => file('holiday.bel', 'The sea was warm.'), 'refused 0.6'],
    ['a torn file', () => torn(honest), 'unfinished '],
  ])('%s', async (_, path, expected) => {
    await browser.goto(address);
    await browser.give('#files', path());
    await appears('#start');
    await click('#start');
    expect(await told()).toBe(expected);
  });

  it('a record, with its anchor', async () => {
    await browser.goto(address);
    await browser.evaluate(`(() => { const field = document.querySelector('#anchor'); field.value = '${ANCHOR}'; field.dispatchEvent(new Event('input')); })()`);
    await browser.pick('#folder', RECORD);
    await appears('#start');
    await click('#start');
    expect(await told()).toBe('verified ');
    expect(await browser.text('document.querySelectorAll(\'[data-list="unchecked"] li\').length')).toBe(TEXTS['en']!.never.length);
  });

  it('an area of a disc, chosen from a list', async () => {
    await browser.goto(address);
    await browser.pick('#folder', disc());
    await appears('#area');
    await click('#start');
    expect(await told()).toBe('verified ');
  });

  it('stops when it is told to', async () => {
    await browser.goto(address);
    await browser.give('#files', honest);
    await appears('#start');
    await browser.evaluate(`(() => { document.querySelector('#start').click(); const look = () => {
      const stop = document.querySelector('#stop'); stop ? stop.click() : document.querySelector('.verdict') || setTimeout(look, 1); }; look(); })()`);
    expect(await told()).toBe('unfinished ');
  });
});
