/** A trustee at TRUSTEE.html: what one clicks, and the files that come and go. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

export const PASSPHRASE = 'seven sails on the sea';

/** The page, built anew: a file: address. */
export function page(): string {
  const built = spawnSync('node', [fileURLToPath(new URL('../../scripts/verify-page.mjs', import.meta.url)), 'trustee'], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  return new URL('../../dist-trustee/TRUSTEE.html', import.meta.url).href;
}

export class Trustee {
  /** The newest key file. */
  key = '';

  constructor(
    readonly tab: Page,
    readonly folder: string,
  ) {}

  /** Wait until the page is at this step. */
  async at(place: string): Promise<void> {
    await this.tab.waitForSelector(`#now[data-place="${place}"]`);
    await this.idle();
  }

  async idle(): Promise<void> {
    await this.tab.waitForSelector('main[aria-busy="false"]');
  }

  /** Click, and keep the file that comes; its path. */
  async file(id: string): Promise<string> {
    const [download] = await Promise.all([this.tab.waitForEvent('download'), this.tab.click(`#${id}`)]);
    const path = join(this.folder, download.suggestedFilename());
    await download.saveAs(path);
    return path;
  }

  /** Make a key of a group of three, of whom two are enough. */
  async make(index: number): Promise<void> {
    await this.tab.fill('#index', String(index));
    await this.tab.click('#make-group');
    await this.at('save');
  }

  /** Save the key, and have the file read back. */
  async save(): Promise<void> {
    await this.tab.fill('#new-passphrase', PASSPHRASE);
    this.key = await this.file('save-key');
    await this.check(this.key);
  }

  async check(path: string, passphrase = PASSPHRASE): Promise<void> {
    await this.idle();
    await this.tab.setInputFiles('#saved', path);
    await this.tab.fill('#again', passphrase);
    await this.tab.click('#check');
    await this.idle();
  }

  async open(path = this.key, passphrase = PASSPHRASE): Promise<void> {
    await this.at('begin');
    await this.tab.setInputFiles('#key-files', path);
    await this.tab.fill('#passphrase', passphrase);
    await this.tab.click('#open');
    await this.tab.waitForTimeout(50);
    await this.idle();
  }

  async take(...paths: string[]): Promise<void> {
    await this.tab.setInputFiles('#theirs', paths);
    await this.tab.waitForTimeout(50);
    await this.idle();
  }

  sayings(): Promise<string[]> {
    return this.tab.locator('#sayings p').allTextContents();
  }
}
