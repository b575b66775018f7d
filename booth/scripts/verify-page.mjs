/**
 * Builds dist-disc/VERIFY.html: one file, script and style within, allowed by their hashes and nothing else allowed. Twice: both must be
 * the same to the byte. The keys that the page trusts are written into it later (`sanduq disc page`), where no script is.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const from = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const hash = (text, form) => createHash('sha256').update(text).digest(form);

async function page() {
  const lib = { entry: from('src/disc/main.ts'), formats: ['iife'], name: 'sanduqDisc', fileName: () => 'verify.js' };
  const [{ output }] = await build({
    configFile: false,
    root: from(''),
    publicDir: false,
    logLevel: 'warn',
    build: { target: 'es2022', write: false, minify: true, lib, modulePreload: false },
  });
  const script = output[0].code;
  const style = readFileSync(from('src/disc/style.css'), 'utf8');
  if (output.length !== 1 || /<\/script|<!--/i.test(script)) throw new Error('the script cannot stand within a page');
  const policy = `default-src 'none'; script-src 'sha256-${hash(script, 'base64')}'; style-src 'sha256-${hash(style, 'base64')}'; form-action 'none'; base-uri 'none'`;
  const parts = { policy, style, script };
  return readFileSync(from('src/disc/page.html'), 'utf8').replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
}

const made = await page();
if (made !== (await page())) throw new Error('a second build differs');
mkdirSync(from('dist-disc'), { recursive: true });
writeFileSync(from('dist-disc/VERIFY.html'), made);
process.stdout.write(`${hash(made, 'hex')}  VERIFY.html, ${made.length} characters\n`);
