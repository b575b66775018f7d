/** Debian's Chromium, with a folder of its own and without anything that it would do on the network by itself. */
import { chromium, type BrowserContext, type BrowserContextOptions } from 'playwright-core';
import { temporary } from './temporary.ts';

const executablePath = process.env.SANDUQ_CHROMIUM ?? '/usr/bin/chromium';
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--disable-domain-reliability', '--no-default-browser-check'],
];

export function openChromium(options: BrowserContextOptions, more: readonly string[] = []): Promise<BrowserContext> {
  const folder = temporary('chromium');
  return chromium.launchPersistentContext(folder, { executablePath, args: [...args, ...more], headless: true, acceptDownloads: true, ...options });
}
