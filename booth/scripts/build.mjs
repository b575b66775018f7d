/** Builds dist/ and prints the booth's hash (scripts/manifest.mjs). With --twice, builds again elsewhere and compares. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { boothHash, manifestOf } from './manifest.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const quiet = process.argv.includes('--quiet');
const make = (outDir) => build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });

await make(folder('dist'));
if (!quiet) process.stdout.write(manifestOf(folder('dist')));
process.stdout.write(`booth_sha256 ${boothHash(folder('dist'))}\n`);
if (process.argv.includes('--twice')) {
  await make(folder('dist-again'));
  const same = manifestOf(folder('dist')) === manifestOf(folder('dist-again'));
  rmSync(folder('dist-again'), { recursive: true });
  process.stdout.write(same ? 'a second build is the same to the byte\n' : 'a second build differs\n');
  if (!same) process.exit(1);
}
