/**
 * A whole edition from file:// in Firefox ESR, as a reader walks through it: from START-HERE.html to an article, the search,
 * the vote, a tracker, and the check of the disc. web/tests_press/disc/test_canary_editions.py makes the edition and names its folder
 * (SANDUQ_EDITION) and a ballot of it (SANDUQ_TRACKER, SANDUQ_ANCHOR); without them nothing is tested.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Firefox, isThere } from './firefox.ts';
import { clean } from './temporary.ts';

const { SANDUQ_EDITION: folder = '', SANDUQ_TRACKER: tracker = '', SANDUQ_ANCHOR: anchor = '' } = process.env;
const at = (path: string): string => pathToFileURL(join(folder, path)).href;

/** What both browsers do. */
interface Reader {
  goto(url: string): Promise<void>;
  text(expression: string): Promise<unknown>;
}

/** What an expression comes to, once it comes to something; within ten seconds. */
const later = (expression: string): string => `new Promise((done) => { const look = () => {
  const told = ${expression}; told || --tries < 1 ? done(told ?? '') : setTimeout(look, 50); }; let tries = 200; look(); })`;

async function walk(reader: Reader): Promise<void> {
  /** Follow a link of the page, which must be a file of the edition. */
  const follow = async (link: string): Promise<string> => {
    const to = String(await reader.text(`document.querySelector(${JSON.stringify(link)}).href`));
    expect(to.startsWith(at(''))).toBe(true);
    await reader.goto(to);
    return decodeURI(String(await reader.text('location.pathname'))).slice(folder.length + 1);
  };
  await reader.goto(at('START-HERE.html'));
  expect(await follow('#fa a')).toBe('press/fa/index.html');
  expect(await reader.text(`document.fonts.ready.then((fonts) => [...fonts].some(({ status }) => status === 'loaded'))`)).toBe(true);
  expect(await follow('main a[href*="darya"]')).toBe('press/fa/news/darya/index.html');
  expect(await reader.text(`document.querySelector('h1').textContent`)).toContain('کتاب');

  // Written with a Persian kaf, looked for with an Arabic one.
  await reader.goto(`${at('press/fa/search/index.html')}?q=${encodeURIComponent('كتاب')}`);
  expect(await reader.text(later(`document.querySelector('#found h2')?.textContent`))).toContain('کتاب');
  expect(await follow('#found a')).toBe('press/fa/news/darya/index.html');

  await reader.goto(at('START-HERE.html'));
  expect(await follow('section[lang=fa] a[href^="vote/"]')).toBe('vote/fa/index.html');
  expect(await follow(`a[href*="${anchor}"]`)).toBe(`vote/fa/${anchor}/index.html`);
  await reader.goto(at(`vote/fa/${anchor}/check/index.html`));
  await reader.text(`document.querySelector('#tracker').value = ${JSON.stringify(tracker)}`);
  await reader.text(`document.querySelector('#look-up').click()`);
  expect(await reader.text(later(`document.querySelector('.answer:not([hidden])')?.id`))).toBe('found');

  await reader.goto(at('START-HERE.html'));
  expect(await follow('section[lang=fa] a[href="VERIFY.html"]')).toBe('VERIFY.html');
  expect(await reader.text(later(`document.querySelector('h1')?.textContent`))).not.toBe('');
}

describe.skipIf(!isThere || !folder)('an edition in Firefox ESR', () => {
  let browser: Firefox;
  beforeAll(async () => {
    browser = await Firefox.open();
  });
  afterAll(async () => {
    await browser.close();
    clean();
  });

  it('is walked through', async () => {
    expect(await browser.preference('security.fileuri.strict_origin_policy')).toBe(true);
    await walk(browser);
  });
});
