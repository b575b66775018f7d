/**
 * How messages reach the others: as files that the trustee carries, or over the server that the page came from (`trustee-online.html`; the
 * contract stands in docs/look-up/trustee-http.md). Whatever comes either way is judged in the same manner, and the key goes neither way.
 */
import { Refused } from '../protocol/errors.ts';
import { Form, read, type Json } from '../protocol/json.ts';
import { utf8 } from '../protocol/numbers.ts';
import { saveFile } from '../view/dom.ts';
import type { Given } from './desk.ts';

export type SentKind = 'cert' | 'commitment' | 'polynomial' | 'voutput' | 'pubkey' | 'trial' | 'heads' | 'decryption';

/** What a server says of a ceremony. */
export interface State {
  readonly title: string;
  readonly round: number;
  /** Which member of the group the server takes this trustee for; null: a mandatory one. */
  readonly context: { readonly size: number; readonly threshold: number; readonly index: number } | null;
  readonly messages: readonly Given[];
  /** Which kinds of mine it has. */
  readonly mine: ReadonlySet<string>;
  readonly record: readonly { readonly path: string; readonly url: string }[] | null;
}

export interface Transport {
  readonly isOnline: boolean;
  /** What the server has; null: there is none. */
  state(): Promise<State | null>;
  /** Hand a message over: send it, or save it as a file with this name. */
  hand(kind: SentKind, name: string, text: string): Promise<State | null>;
  /** The files of the record, if the server has one to be decrypted. */
  record(state: State): Promise<File[]>;
}

export const byFiles: Transport = {
  isOnline: false,
  state: () => Promise.resolve(null),
  hand(kind, name, text) {
    // As the command line writes them: lines end, the canonical texts of heads and decryptions do not.
    saveFile(name, kind === 'heads' || kind === 'decryption' || kind === 'trial' ? text : `${text}\n`);
    return Promise.resolve(null);
  },
  record: () => Promise.resolve([]),
};

/** The server did not take it, or cannot be reached. */
export class ServerTrouble extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {
    super(`${status} ${detail}`);
  }
}

const form: Form = new Form('MalformedJson');
const PLACES = ['cert', 'commitment', 'polynomial', 'voutput'] as const;
const OWNED = ['trial', 'heads'] as const;
const LARGEST = 1 << 26;

export function readState(data: Uint8Array): State & { readonly csrf: string } {
  const names = ['format', 'csrf', 'title', 'round', 'group', 'mandatory', 'owner', 'step', 'messages', 'pubkey', 'trustees', 'record'] as const;
  const fields = form.fields(read(data), names);
  if (fields.format !== 'sanduq-ceremony-1') form.fail('format');
  const context = fields.group === null ? null : readContext(fields.group);
  const owner = form.number(fields.owner, 'owner', 1, 100);
  const places = form.fields(fields.messages, [...PLACES, ...OWNED, 'decryption']);
  const messages: Given[] = [];
  const mine = new Set<string>();
  for (const kind of [...PLACES, ...OWNED, 'decryption'] as const) {
    form.items(places[kind], kind, (item) => item, 100).forEach((item, i) => {
      if (item === null) return;
      const isOwned = kind === 'trial' || kind === 'heads' || kind === 'decryption';
      if (i + 1 === (isOwned ? owner : context?.index)) mine.add(kind);
      if (kind === 'decryption') return;
      messages.push({ name: `${kind} ${i + 1}`, kind, text: form.text(item, kind), ...(kind === 'commitment' && { of: i + 1 }) });
    });
  }
  if (fields.pubkey !== null) mine.add('pubkey');
  if (fields.trustees !== null) messages.push({ name: 'trustees.json', kind: 'trustees', text: form.text(fields.trustees, 'trustees') });
  return {
    ...{ csrf: form.text(fields.csrf, 'csrf'), title: form.text(fields.title, 'title'), round: form.number(fields.round, 'round', 1) },
    ...{ context, messages, mine, record: fields.record === null ? null : readFiles(fields.record) },
  };
}

function readContext(value: Json): NonNullable<State['context']> {
  const fields = form.fields(value, ['size', 'threshold', 'index']);
  const number = (name: 'size' | 'threshold' | 'index'): number => form.number(fields[name], name, 1, 100);
  return { size: number('size'), threshold: number('threshold'), index: number('index') };
}

function readFiles(value: Json): NonNullable<State['record']> {
  return form.items(form.fields(value, ['files']).files, 'file', (item) => {
    const fields = form.fields(item, ['path', 'url'], ['size']);
    return { path: form.text(fields.path, 'path'), url: form.text(fields.url, 'url') };
  });
}

/** The server that gave the page, at addresses beside the page's own. */
export function byServer(base: string): Transport {
  let csrf = '';
  const ask = async (path: string, body: string | null): Promise<State> => {
    const headers = { Accept: 'application/json', ...(body !== null && { 'Content-Type': 'application/json', 'X-CSRFToken': csrf }) };
    let answer: Response;
    try {
      answer = await fetch(new URL(path, base), { method: body === null ? 'GET' : 'POST', headers, body, cache: 'no-store', credentials: 'same-origin', redirect: 'error' });
    } catch {
      throw new ServerTrouble(0, '');
    }
    const text = await answer.text();
    if (!answer.ok || text.length > LARGEST) throw new ServerTrouble(answer.status, detailIn(text));
    try {
      const found = readState(utf8(text));
      csrf = found.csrf;
      return found;
    } catch (error) {
      throw error instanceof Refused ? new ServerTrouble(answer.status, error.message) : error;
    }
  };
  let round = 0;
  return {
    isOnline: true,
    async state() {
      const found = await ask('ceremony/state', null);
      round = found.round;
      return found;
    },
    hand: (kind, _, text) => ask('ceremony/message', JSON.stringify({ round, kind, text })),
    async record({ record }) {
      const files: File[] = [];
      for (const { path, url } of record ?? []) {
        const from = new URL(url, base);
        if (from.origin !== new URL(base).origin) throw new ServerTrouble(0, path);
        const answer = await fetch(from, { credentials: 'same-origin', redirect: 'error' });
        if (!answer.ok) throw new ServerTrouble(answer.status, path);
        files.push(new File([await answer.blob()], path.split('/').pop()!));
      }
      return files;
    },
  };
}

function detailIn(text: string): string {
  try {
    const { detail, error, step } = JSON.parse(text) as { detail?: unknown; error?: unknown; step?: unknown };
    return [detail, step, error].filter((one) => typeof one === 'string').join(' ').slice(0, 500);
  } catch {
    return '';
  }
}
