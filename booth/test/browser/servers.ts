/**
 * Two servers for the tests, each with a port of its own as in life: one gives the built booth with the documented headers, the
 * other speaks the API and has every ballot taken by the library's own box. Both remember everything that they were sent.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { ArchiveReader } from '../../src/protocol/archive.ts';
import { OPEN, type Referendum } from './record.ts';

export const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));
const python = process.env.SANDUQ_PYTHON ?? fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));
const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
  json: 'application/json',
};

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: string;
  readonly body: string;
}

export interface Site {
  readonly origin: string;
  readonly seen: Seen[];
  readonly server: Server;
}

type Handle = (request: IncomingMessage, body: string, response: ServerResponse) => void | Promise<void>;

async function site(handle: Handle): Promise<Site> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      seen.push({ method: request.method!, url: request.url!, headers: JSON.stringify(request.headers), body });
      void handle(request, body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { origin: `http://localhost:${(server.address() as AddressInfo).port}`, seen, server };
}

/** The headers of README.md, with the API that config.json names. */
export function headersFor(api: string): Record<string, string> {
  const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; worker-src 'self'; form-action 'none'";
  return {
    'Content-Security-Policy': `${policy}; base-uri 'none'; frame-ancestors 'none'; connect-src 'self' ${api}`,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(self), microphone=(), geolocation=()',
  };
}

/** The built booth; `more` are files beside it, by path. */
export function serveBooth(api: string, more: Readonly<Record<string, () => Buffer>> = {}): Promise<Site> {
  return site((request, _, response) => {
    const path = request.url!.split('?')[0]!.replace(/^\//, '') || 'index.html';
    try {
      const config = path === 'config.json' ? Buffer.from(JSON.stringify({ api })) : null;
      const content = config ?? more[path]?.() ?? readFileSync(join(DIST, path));
      const type = TYPES[path.split('.').pop()!] ?? 'application/octet-stream';
      response.writeHead(200, { 'Content-Type': type, ...headersFor(api) }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
}

/** What a test may do to the API: lose the connection, say that the box is busy, give another setup. */
export interface Trouble {
  lost: boolean;
  busy: boolean;
  setup: ((bytes: Buffer) => Buffer) | null;
  election: ((bytes: Buffer) => Buffer) | null;
  phase: string;
  /** What is asked for beside the credential, which code is right, and what a wrong one is answered with. */
  asks: { readonly is: 'pin' | 'email'; readonly code: string } | null;
}

export function serveApi(referendum: Referendum, trouble: Trouble): Promise<Site> {
  const base = `/api/v1/referendums/${referendum.anchor}`;
  const setup = readFileSync(join(referendum.folder, 'record/setup.json'));
  const areas = (JSON.parse(setup.toString()) as { areas: { code: string; uuid: string }[] }).areas;
  return site(async (request, body, response) => {
    const cors = { 'Access-Control-Allow-Origin': request.headers.origin ?? '*', 'Access-Control-Allow-Headers': 'content-type, sanduq-code' };
    const answer = (status: number, content: Buffer | string): void => {
      response.writeHead(status, { ...cors, 'Content-Type': status < 300 ? 'application/json' : 'application/problem+json' }).end(content);
    };
    if (trouble.lost) return void request.socket.destroy();
    if (request.method === 'OPTIONS') return answer(204, '');
    if (trouble.busy && request.method === 'POST') return answer(503, '{}');
    const path = request.url!.slice(base.length);
    const [, , code = '', what = '', prefix = ''] = path.split('/');
    if (path === '') {
      const table = Object.fromEntries(areas.map(({ code: one, uuid }) => [one, { uuid, roll_prefix: 0 }]));
      return answer(200, JSON.stringify({ anchor: referendum.anchor, phase: trouble.phase, authentication: trouble.asks?.is ?? 'none', now: OPEN, areas: table }));
    }
    if (path === '/setup.json') return answer(200, trouble.setup ? trouble.setup(setup) : setup);
    if (path === '/trustees.json') return answer(200, Buffer.from(dataOf(referendum, areas[0]!.code)[1]!));
    if (what === 'election.json' && trouble.election) return answer(200, trouble.election(Buffer.from(dataOf(referendum, code)[0]!)));
    if (what === 'election.json') return answer(200, Buffer.from(dataOf(referendum, code)[0]!));
    if (what === 'roll') {
      const roll = JSON.parse(Buffer.from(dataOf(referendum, code)[2]!).toString()) as string[];
      return answer(200, JSON.stringify({ prefix, credentials: roll.filter((entry) => entry.startsWith(prefix)) }));
    }
    const { asks } = trouble;
    const said = request.headers['sanduq-code'];
    if (asks && said !== asks.code) {
      const needed = said === undefined || said === 'again' ? 'Needed' : 'Wrong';
      return answer(401, JSON.stringify({ status: 401, name: `${asks.is === 'pin' ? 'Pin' : 'Code'}${needed}`, detail: '' }));
    }
    const { status, text } = await take(referendum, body);
    return answer(status, text);
  });
}

function dataOf(referendum: Referendum, code: string): readonly Uint8Array[] {
  const bytes = new Uint8Array(readFileSync(join(referendum.folder, referendum.archives[code]!)));
  return new ArchiveReader(bytes).entries().next().value!.data;
}

let number = 0;

/** `sanduq box cast`: checks the ballot, appends it to the record, signs the receipt. */
async function take({ folder }: Referendum, ballot: string): Promise<{ readonly status: number; readonly text: string }> {
  const [file, receipt] = [join(folder, `ballot-${++number}.json`), join(folder, `receipt-${number}.json`)];
  writeFileSync(file, ballot);
  const args = ['-m', 'sanduq', 'box', 'cast', 'record', file, '--key', 'box-key/box.key', '--receipt', receipt, '--time', OPEN];
  try {
    await promisify(execFile)(python, args, { cwd: folder });
    return { status: 201, text: readFileSync(receipt, 'utf8') };
  } catch (error) {
    const said = String((error as { stderr?: string }).stderr ?? error);
    const [, step = '', name = ''] = /\[(\S+) (\w+)\]/.exec(said) ?? [];
    return { status: 422, text: JSON.stringify({ type: 'about:blank', title: 'refused', status: 422, step, name, detail: said }) };
  }
}
