/**
 * Builds pages that are one file each, script and style within, allowed by their hashes and nothing else allowed. Twice: both must be the
 * same to the byte.
 *
 * disc     into dist-disc: VERIFY.html, which checks the disc, and VERIFY-AREA.html, which verifies an area's archive on it. The keys that
 *          VERIFY.html trusts are written into it later (`sanduq disc page`), where no script is.
 * trustee  into dist-trustee: TRUSTEE.html, which cannot send anything, and trustee-online.html, whose policy lets the same script speak
 *          to the server that it came from.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const from = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const hash = (text, form) => createHash('sha256').update(text).digest(form);
const text = (name) => readFileSync(from(name), 'utf8');

/** Verifying takes long and is done in workers, which are made of the page's own script. */
const WORKERS = ' worker-src blob:;';
const TRUSTEE = { folder: 'src/trustee', styles: ['src/disc/style.css', 'src/area/style.css', 'src/trustee/style.css'] };
const PAGES = {
  disc: [
    { name: 'VERIFY.html', folder: 'src/disc', styles: ['src/disc/style.css'], more: '' },
    { name: 'VERIFY-AREA.html', folder: 'src/area', styles: ['src/disc/style.css', 'src/area/style.css'], more: WORKERS },
  ],
  trustee: [
    { name: 'TRUSTEE.html', ...TRUSTEE, more: WORKERS, transport: 'files' },
    { name: 'trustee-online.html', ...TRUSTEE, more: `${WORKERS} connect-src 'self';`, transport: 'server' },
  ],
};

async function made({ folder, styles, more, transport }) {
  const lib = { entry: from(`${folder}/main.ts`), formats: ['iife'], name: 'sanduqDisc', fileName: () => 'verify.js' };
  const [{ output }] = await build({
    configFile: false,
    root: from(''),
    publicDir: false,
    logLevel: 'warn',
    build: { target: 'es2022', write: false, minify: true, lib, modulePreload: false },
  });
  const script = output[0].code;
  const style = styles.map(text).join('\n');
  if (output.length !== 1 || /<\/script|<!--/i.test(script)) throw new Error('the script cannot stand within a page');
  const policy = `default-src 'none'; script-src 'sha256-${hash(script, 'base64')}'; style-src 'sha256-${hash(style, 'base64')}';${more} form-action 'none'; base-uri 'none'`;
  const parts = { policy, style, script, transport };
  return text(`${folder}/page.html`).replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
}

const set = process.argv[2] ?? 'disc';
mkdirSync(from(`dist-${set}`), { recursive: true });
for (const page of PAGES[set]) {
  const whole = await made(page);
  if (whole !== (await made(page))) throw new Error('a second build differs');
  writeFileSync(from(`dist-${set}/${page.name}`), whole);
  process.stdout.write(`${hash(whole, 'hex')}  ${page.name}, ${Buffer.byteLength(whole)} bytes\n`);
}
