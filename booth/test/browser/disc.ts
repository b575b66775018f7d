/** Discs for the tests of VERIFY.html: an edition of vectors/disc as a folder, with the page as it was built and given its keys. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { temporary } from './temporary.ts';

interface EditionCase {
  readonly what: string;
  readonly files: Record<string, string>;
  readonly trusted: readonly string[];
  readonly fingerprints: readonly string[];
  readonly verdict: string;
  readonly error: string | null;
  readonly changed: readonly string[];
  readonly extra: readonly string[];
  readonly missing: readonly string[];
}

const load = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/disc/${name}.json`, import.meta.url), 'utf8'));
export const editions = load('editions') as EditionCase[];
export const secret = (load('keys') as { secret: { public: string; words: string }[] }).secret;

export function edition(what: string): EditionCase {
  const found = editions.find((one) => one.what === what);
  if (!found) throw new Error(`no edition is ${what}`);
  return found;
}

/** The files below a fresh folder; gives its path. */
export function write(files: Record<string, string>): string {
  const folder = join(temporary('disc'), 'edition');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The page, built anew, which trusts these keys: a file: address. */
export function page(keys: readonly string[]): string {
  const built = spawnSync('node', [fileURLToPath(new URL('../../scripts/verify-page.mjs', import.meta.url))], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  const text = readFileSync(new URL('../../dist-disc/VERIFY.html', import.meta.url), 'utf8');
  const lines = JSON.stringify(keys.map((key) => key.trimEnd().split('\n').at(-1)));
  const path = join(temporary('page'), 'VERIFY.html');
  // What `sanduq disc page` does.
  writeFileSync(path, text.replace('type="application/json">[]<', `type="application/json">${lines}<`));
  return `file://${path}`;
}

/** A file of so many MiB of zeros, and the edition's sums with it signed by nobody: only its hash is of interest. */
export function withLarge(files: Record<string, string>, mebibytes: number): string {
  const folder = write(files);
  rmSync(join(folder, 'SHA256SUMS.minisig'), { force: true });
  writeFileSync(join(folder, 'large'), Buffer.alloc(mebibytes * 2 ** 20));
  return folder;
}
