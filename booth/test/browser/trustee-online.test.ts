/** A trustee at trustee-online.html: messages go over the server that the page came from, and nothing else does. */
import { readFileSync } from 'node:fs';
import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unseal } from '../../src/trustee/keyfile.ts';
import { Desk, type Given } from '../../src/trustee/desk.ts';
import { fleetingStore } from '../../src/trustee/store.ts';
import { TEXTS } from '../../src/trustee/words/index.ts';
import { openChromium } from './chromium.ts';
import { clean, temporary } from './temporary.ts';
import { CeremonyServer } from './trustee-server.ts';
import { page, PASSPHRASE, Trustee } from './trustee.ts';

const server = new CeremonyServer();
const others: Desk[] = [];
const asked: string[] = [];
let address: string;
let context: BrowserContext;
let ann: Trustee;

beforeAll(async () => {
  page();
  address = await server.start();
  for (const index of [2, 3]) {
    const desk = new Desk(fleetingStore(), undefined, 4);
    await desk.make({ size: 3, threshold: 2, index });
    await save(desk);
    others.push(desk);
  }
  context = await openChromium({ locale: 'en-GB', acceptDownloads: true });
  context.on('request', (request) => asked.push(request.url()));
  ann = new Trustee(context.pages()[0]!, temporary('online'));
  await ann.tab.goto(address);
});

afterAll(async () => {
  await context.close();
  server.stop();
  clean();
});

async function save(desk: Desk): Promise<void> {
  await desk.readBack(await desk.sealed(PASSPHRASE), PASSPHRASE);
}

/** The other two take what the server has, and hand over. */
async function theOthers(kind: 'cert' | 'commitment' | 'polynomial' | 'voutput' | 'trial'): Promise<void> {
  const { board } = server;
  for (const desk of others) {
    const given: Given[] = (['cert', 'commitment', 'polynomial', 'voutput'] as const).flatMap((one) =>
      board[one].flatMap((text, i): Given[] => (text === null ? [] : [{ name: one, kind: one, text, ...(one === 'commitment' && { of: i + 1 }) }])));
    await desk.take(given);
    if (kind === 'trial') await desk.settle(board.trustees);
    if (!desk.isSaved) await save(desk);
    server.take(desk.key!.context!.index, kind, desk.own(kind)!);
  }
}

async function send(kind: string): Promise<void> {
  await ann.tab.click(`#send-${kind}`);
  await ann.tab.waitForSelector(`#send-${kind}`, { state: 'detached' });
  await ann.idle();
}

/** The page asks by itself every ten seconds, and when its window is looked at. */
async function look(): Promise<void> {
  await ann.tab.evaluate(() => dispatchEvent(new Event('focus')));
}

it('goes through a ceremony with what the server has', async () => {
  expect(await ann.tab.locator('main').textContent()).toContain(TEXTS['en']!.online);
  await ann.make(1);
  await ann.save();
  await ann.at('cert');
  await send('cert');
  await theOthers('cert');
  await look();
  await ann.at('commitment');
  await send('commitment');
  await theOthers('commitment');
  expect(server.board.polynomial).toEqual([null, null, null]);
  await look();
  await ann.at('polynomial');
  await send('polynomial');
  await theOthers('polynomial');
  await look();
  await ann.at('save');
  await ann.save();
  await ann.at('voutput');
  await send('voutput');
  await theOthers('voutput');
  await look();
  await ann.at('trial');
  await send('trial');
  await theOthers('trial');
  await look();
  await ann.at('ready');
});

it('sends messages to the server alone, and no secret', async () => {
  const { secret } = await unseal(readFileSync(ann.key), PASSPHRASE);
  const sent = server.seen.join('\n');
  expect(sent).not.toContain(secret);
  expect(sent).not.toContain(PASSPHRASE);
  expect(sent).not.toContain('age-encryption');
  expect([...new Set(asked.filter((url) => !url.startsWith('blob:')))].sort()).toEqual([address, `${address}ceremony/message`, `${address}ceremony/state`]);
  const kinds = server.seen.filter((one) => one.startsWith('POST')).map((one) => /"kind":"(\w+)"/.exec(one)![1]);
  expect(kinds).toEqual(['cert', 'commitment', 'polynomial', 'voutput', 'trial']);
});

it('says that the ceremony was begun anew, and does not mix rounds', async () => {
  server.round = 2;
  await look();
  await ann.tab.waitForSelector('#sayings p');
  expect((await ann.sayings()).join()).toContain(TEXTS['en']!.errors.round.slice(0, 20));
  await ann.at('ready');
});

it('says that the server cannot be reached, and goes on with files', async () => {
  server.stop();
  await context.setOffline(true);
  await look();
  await ann.tab.getByText(TEXTS['en']!.errors.server.slice(0, 20)).waitFor();
  await context.setOffline(false);
});
