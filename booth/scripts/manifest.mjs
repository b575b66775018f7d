/**
 * The booth's hash, as it stands in setup.json (`booth_sha256`): SHA-256 of the manifest, which has a line for each built file,
 * sorted by the bytes of its path: SHA-256 in 64 digits, two spaces, the path with /, a newline. `config.json` is left out: it says
 * where the API is, which differs from one server to the next. The same with the shell:
 *
 *   cd dist && find . -type f ! -path ./config.json -printf '%P\n' | LC_ALL=C sort | xargs sha256sum | sha256sum
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** The paths of all built files, sorted, with / between the parts. */
export function builtFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== 'config.json')
    .sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

export function manifestOf(folder) {
  return builtFiles(folder).map((path) => `${sha256(readFileSync(join(folder, path)))}  ${path}\n`).join('');
}

export function boothHash(folder) {
  return sha256(manifestOf(folder));
}
