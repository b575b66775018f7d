/** A voter in Chromium: what is seen, what is sent, and what nobody else learns. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openChromium } from './chromium.ts';
import type { Site } from './servers.ts';

export const SHOTS = fileURLToPath(new URL('shots/', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
mkdirSync(SHOTS, { recursive: true });

/** The servers that voters of a test go to; set before the first. */
export const sites = {} as { api: Site; booth: Site };

/** One voter at one device. Everything that the browser asks for is watched. */
export class Voter {
  readonly requests: string[] = [];
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly name: string,
  ) {
    page.on('request', (request) => {
      const said = `${request.method()} ${request.url()} ${JSON.stringify(request.headers())} ${request.postData() ?? ''}`;
      this.requests.push(said);
    });
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('dialog', (dialog) => void dialog.accept());
  }

  static async at(name: string, options: BrowserContextOptions, more: readonly string[] = []): Promise<Voter> {
    const context = await openChromium(options, more);
    return new Voter(context, context.pages()[0] ?? (await context.newPage()), name);
  }

  async open(fragment: string): Promise<void> {
    await this.page.goto(`${sites.booth.origin}/#${fragment}`);
  }

  heading(text: string | RegExp): Promise<void> {
    return this.page.getByRole('heading', { level: 1, name: text }).waitFor({ timeout: 60_000 });
  }

  /** Look at the page: a picture, no serious finding of axe, the focus on the heading, nothing wider than the screen. */
  async look(step: string, focused = true): Promise<void> {
    const { page } = this;
    await page.screenshot({ path: join(SHOTS, `${this.name}-${step}.png`), fullPage: true });
    const state = await page.evaluate(() => ({
      focused: document.activeElement?.tagName,
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    }));
    expect(state.wide, `${step}: wider than the screen`).toBeLessThanOrEqual(0);
    if (focused) expect(state.focused, step).toBe('H1');
    // Injected by the test's own door into the page, which the policy of the page does not govern.
    await page.evaluate(axe);
    const findings = await page.evaluate(async () => {
      type Axe = { run: (context: Document) => Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
      const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run(document);
      return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(findings.filter((finding) => /^(serious|critical)/.test(finding)), step).toEqual([]);
    if (findings.length > 0) console.warn(step, findings);
  }

  /** What the voter's device gave away. */
  checkSilence(credential: string): void {
    const bare = credential.replaceAll('-', '');
    const everything = [...this.requests, ...[...sites.api.seen, ...sites.booth.seen].map((seen) => JSON.stringify(seen))];
    for (const said of everything) {
      expect(said.includes(credential) || said.includes(bare) || said.includes(encodeURIComponent(credential))).toBe(false);
    }
    const origins = this.requests.map((said) => new URL(said.split(' ')[1]!).origin).filter((origin) => origin !== 'null');
    expect([...new Set(origins)].sort()).toEqual([sites.api.origin, sites.booth.origin].sort());
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

export const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 }, locale: 'en-GB' };
export const PHONE: BrowserContextOptions = { viewport: { width: 360, height: 740 }, locale: 'fa-IR', hasTouch: true, isMobile: true };
