/** Runs the bench outside of a test runner: vite loads the TypeScript. */
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const vite = await createServer({ root, configFile: false, logLevel: 'error', server: { middlewareMode: true }, appType: 'custom' });
const { bench } = await vite.ssrLoadModule('/test/browser/bench.ts');
const result = await bench();
process.stdout.write(`${JSON.stringify(result)}\n`);
await vite.close();
process.exit(result.first < result.limit && result.worst < result.limit ? 0 : 1);
