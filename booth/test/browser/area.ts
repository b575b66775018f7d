/** Archives and records for the tests of VERIFY-AREA.html, and the page as it was built. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { temporary } from './temporary.ts';

const vectors = (path: string): string => fileURLToPath(new URL(`../../../vectors/${path}`, import.meta.url));

/** A record whose area is good and counted; what is wrong in it is the outcome in its journal, which no page about one area reads. */
export const RECORD = vectors('steps/watch/8.11-outcome');
export const ANCHOR = '4ea34f14ada15f215db0c7921b3b46b48cc57b37f574418c6674dec44c517c2b';

export const honest = vectors('honest/referendum.bel');
export const running = vectors('honest/running.bel');
export const forged = vectors('forged/ballot-swing.bel');

/** The page, built anew: a file: address. */
export function page(): string {
  const built = spawnSync('node', [fileURLToPath(new URL('../../scripts/verify-page.mjs', import.meta.url))], { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(built.stderr);
  return new URL('../../dist-disc/VERIFY-AREA.html', import.meta.url).href;
}

/** A file with this name and content in a folder of its own. */
export function file(name: string, content: Uint8Array | string): string {
  const path = join(temporary('area'), name);
  writeFileSync(path, content);
  return path;
}

export function packed(path: string): string {
  return file('archive.bel.gz', gzipSync(readFileSync(path)));
}

/** A gzip file whose end is missing. */
export function torn(path: string): string {
  return file('torn.bel.gz', gzipSync(readFileSync(path)).subarray(0, -100));
}

/** One letter of the last record, the result, is another. */
export function tampered(path: string): string {
  const bytes = readFileSync(path);
  const at = bytes.lastIndexOf('{"result":[[') + '{"result":[['.length;
  bytes[at] = bytes[at]! ^ 1;
  return file('tampered.bel', bytes);
}

/** The record below a folder that a disc might have: its archives packed, and one more beside them. */
export function disc(): string {
  const folder = join(temporary('disc'), 'edition');
  const areas = join(folder, 'record', 'areas');
  cpSync(RECORD, join(folder, 'record'), { recursive: true });
  mkdirSync(join(areas, 'ZZ'));
  cpSync(forged, join(areas, 'ZZ', 'AAAAAAAAAAAAAA.bel'));
  for (const path of readdirSync(areas, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.bel'))) {
    writeFileSync(join(areas, `${path}.gz`), gzipSync(readFileSync(join(areas, path))));
    rmSync(join(areas, path));
  }
  return folder;
}
