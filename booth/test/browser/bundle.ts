/** Builds the page of the tests with the same tool and for the same browsers as the booth. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { serveBooth, type Site } from './servers.ts';
import { temporary } from './temporary.ts';

const VECTORS = fileURLToPath(new URL('../../../vectors/', import.meta.url));

/** Serves the bundle at /tests.js in an empty page /tests.html, and the vectors that are named. */
export async function serveTests(vectors: readonly string[]): Promise<Site> {
  const outDir = temporary('tests');
  const entry = fileURLToPath(new URL('page.ts', import.meta.url));
  await build({
    configFile: false,
    logLevel: 'error',
    build: { outDir, target: 'es2022', lib: { entry, formats: ['es'], fileName: () => 'tests.js' } },
  });
  const page = '<!doctype html><html lang="en"><title>tests</title><script type="module" src="/tests.js"></script></html>';
  const more: Record<string, () => Buffer> = {
    'tests.html': () => Buffer.from(page),
    'tests.js': () => readFileSync(join(outDir, 'tests.js')),
  };
  for (const path of vectors) more[`vectors/${path}`] = () => readFileSync(join(VECTORS, path));
  return serveBooth('http://localhost', more);
}
