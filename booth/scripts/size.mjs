/** How much a voter downloads, compressed (gzip): under 100 kB without the scanner, which is loaded when it is asked for. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { builtFiles } from './manifest.mjs';

const LIMIT = 100_000;
const dist = fileURLToPath(new URL('../dist/', import.meta.url));
const sizes = builtFiles(dist).map((path) => [path, gzipSync(readFileSync(dist + path), { level: 9 }).length]);
const isScanner = ([path]) => /jsQR/i.test(path);
const total = sizes.filter((entry) => !isScanner(entry)).reduce((sum, [, size]) => sum + size, 0);
for (const entry of sizes) process.stdout.write(`${String(entry[1]).padStart(7)}  ${entry[0]}${isScanner(entry) ? '  (when asked for)' : ''}\n`);
process.stdout.write(`${String(total).padStart(7)}  bytes compressed, all languages; the limit is ${LIMIT}\n`);
if (total >= LIMIT) process.exit(1);
