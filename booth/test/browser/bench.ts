/**
 * Sealing in Chromium with the processor slowed four times; prints one JSON line. One question with three choices, without blank,
 * as in vectors/known. The work is done on the page's thread, since slowing by the debugger reaches only that one.
 */
import { readFileSync } from 'node:fs';
import { serveTests } from './bundle.ts';
import { openChromium } from './chromium.ts';
import type { Booth } from '../expected.ts';
import type { tests as Tests } from './page.ts';
import { clean } from './temporary.ts';

declare const tests: typeof Tests;
const SLOWER = 4;
const TIMES = 15;

export async function bench(): Promise<Record<string, number | string>> {
  const known = JSON.parse(readFileSync(new URL('../../../vectors/known/booth.json', import.meta.url), 'utf8')) as Booth;
  const ballot = known.ballots.find(({ name }) => name === 'one of three')!;
  const site = await serveTests([]);
  const context = await openChromium({});
  const page = context.pages()[0]!;
  await page.goto(`${site.origin}/tests.html`);
  await page.waitForFunction(() => 'tests' in globalThis);
  const debug = await context.newCDPSession(page);
  await debug.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const { ready, first, sealing, signing } = await page.evaluate(([one, times]) => tests.bench(one, times), [ballot, TIMES] as const);
  const version = context.browser()?.version() ?? (await page.evaluate(() => navigator.userAgent.replace(/.*Chrome\/(\S+).*/, '$1')));
  await context.close();
  site.server.close();
  clean();
  const sorted = [...sealing].sort((a, b) => a - b);
  const round = (value: number): number => Math.round(value * 10) / 10;
  return {
    bench: 'booth-seal',
    unit: 'ms',
    chromium: version,
    cpu_slowdown: SLOWER,
    question: 'one of three, without blank',
    first: round(first),
    median: round(sorted[TIMES >> 1]!),
    worst: round(sorted.at(-1)!),
    ready: round(ready),
    signing: round(signing),
    limit: 500,
  };
}
