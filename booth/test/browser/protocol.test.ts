/** The vectors in Chromium, with the verdicts that they have in Node, in Python and in Rust. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isOurs, steps, whole, type Booth } from '../expected.ts';
import { serveTests } from './bundle.ts';
import { openChromium } from './chromium.ts';
import type { tests as Tests } from './page.ts';
import type { Site } from './servers.ts';
import { clean } from './temporary.ts';

declare const tests: typeof Tests;

const known = JSON.parse(readFileSync(new URL('../../../vectors/known/booth.json', import.meta.url), 'utf8')) as Booth;
const honest = whole.filter(([, { verdict }]) => verdict === 'accept').map(([name]) => name);
const forged = steps.filter(isOurs);
let site: Site;
let page: Page;

beforeAll(async () => {
  const names = [...honest, ...forged.map(([name]) => `steps/${name}`)];
  site = await serveTests(names.map((name) => `${name}.bel`));
  page = (await openChromium({})).pages()[0]!;
  await page.goto(`${site.origin}/tests.html`);
  await page.waitForFunction(() => 'tests' in globalThis);
});

afterAll(async () => {
  await page.context().close();
  site.server.close();
  clean();
});

async function verdictsOf(names: readonly string[]): Promise<Record<string, string>> {
  const verdicts: Record<string, string> = {};
  for (const name of names) verdicts[name] = await page.evaluate((url) => tests.archive(url), `/vectors/${name}.bel`);
  return verdicts;
}

it('accepts the honest archives', async () => {
  expect(await verdictsOf(honest)).toEqual(Object.fromEntries(honest.map((name) => [name, 'accept'])));
});

it('refuses the forged ones at their steps', async () => {
  const expected = Object.fromEntries(forged.map(([name, { step, error }]) => [`steps/${name}`, `${step} ${error}`]));
  expect(await verdictsOf(Object.keys(expected))).toEqual(expected);
});

it('seals to the same text as the library', async () => {
  for (const { tracker, ...ballot } of known.ballots) {
    expect(await page.evaluate((one) => tests.known(one), ballot)).toBe(tracker);
  }
});

it('believes and refuses the same opened ballots', async () => {
  for (const { election, opened, hash, accept, step, error } of known.opened) {
    const verdict = await page.evaluate((args) => tests.opened(...args), [election, opened, hash] as const);
    expect(verdict).toBe(accept === undefined ? `${step} ${error}` : 'accept');
  }
});
