/**
 * How much a voter downloads, compressed (gzip): under 100 kB without the font, which no page waits for, and the scanner, which is
 * loaded when it is asked for. The practice is counted, though who votes never loads it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { builtFiles } from './manifest.mjs';

const LIMIT = 100_000;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const sizes = builtFiles(dist).map((path) => [path, gzipSync(readFileSync(dist + path), { level: 9 }).length]);
const isScanner = ([path]) => /jsQR/i.test(path);
const isFont = ([path]) => path.endsWith('.woff2');
const apart = (entry) => (isScanner(entry) ? '  (apart: when asked for)' : isFont(entry) ? '  (apart: a font)' : '');
const total = sizes.filter((entry) => apart(entry) === '').reduce((sum, [, size]) => sum + size, 0);
for (const entry of sizes) process.stdout.write(`${String(entry[1]).padStart(7)}  ${entry[0]}${apart(entry)}\n`);
process.stdout.write(`${String(total).padStart(7)}  bytes compressed, all languages; the limit is ${LIMIT}\n`);
if (total >= LIMIT) process.exit(1);
