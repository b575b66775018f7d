/** The server's API (contract version 1). Nothing secret is ever in a request: a credential's public half at most. */

export interface Problem {
  readonly status: number;
  readonly step: string;
  readonly name: string;
  readonly detail: string;
  /** Seconds until it may be tried again, if the server says so. */
  readonly after?: number | null;
}

/** The server cannot be reached, or asks to try again (after so many seconds, if it says so). */
export class Unreachable extends Error {
  constructor(readonly after: number | null = null) {
    super('unreachable');
  }
}

/** The server refuses, and would again. */
export class Rejected extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.name || problem.status} ${problem.step}`.trim());
  }
}

export interface AreaState {
  readonly uuid: string;
  readonly roll_prefix: number;
}

/** What changes: the phase of the vote. It is no part of what is frozen, and nothing about validity hangs on it. */
export interface State {
  readonly phase: 'frozen' | 'open' | 'closed' | 'counting' | 'decided';
  readonly areas: Readonly<Record<string, AreaState>>;
  /** What the box asks for beside the credential; nothing if it does not say. */
  readonly authentication?: 'none' | 'pin' | 'email';
}

/** What goes beside a ballot: a PIN or code if the box asks for one; the language of the mail that it may send. */
export interface Beside {
  readonly code: string | null;
  readonly language: string;
}

/** All that the booth asks of anybody. The vote site answers it (`Server`); so does the practice, on the device itself. */
export interface Api {
  readonly anchor: string;
  /** What a link holds behind `#` to lead to the same referendum. */
  readonly fragment: string;
  state(): Promise<State>;
  setup(): Promise<Uint8Array>;
  /** The trustees' text, the same for all areas: the election's key follows from it. */
  trustees(): Promise<Uint8Array>;
  election(area: string): Promise<Uint8Array>;
  bucket(area: string, prefix: string): Promise<Uint8Array>;
  /** Of every credential in a bucket the last ballot that the public record shows. */
  last(area: string, prefix: string): Promise<Uint8Array>;
  /** Send a signed ballot; the receipt. Sending it again is harmless: the same ballot gets the same receipt. */
  cast(area: string, ballot: string, beside: Beside): Promise<Uint8Array>;
}

const TIMEOUT = 20_000;
const BUSY = new Set([408, 425, 429, 500, 502, 503, 504]);

export class Server implements Api {
  readonly fragment: string;

  constructor(
    private readonly origin: string,
    readonly anchor: string,
  ) {
    this.fragment = `r=${anchor}`;
  }

  async state(): Promise<State> {
    return JSON.parse(new TextDecoder().decode(await this.ask('', { cache: 'no-store' }))) as State;
  }

  setup(): Promise<Uint8Array> {
    return this.ask('/setup.json', {});
  }

  trustees(): Promise<Uint8Array> {
    return this.ask('/trustees.json', {});
  }

  election(area: string): Promise<Uint8Array> {
    return this.ask(`/areas/${encodeURIComponent(area)}/election.json`, {});
  }

  bucket(area: string, prefix: string): Promise<Uint8Array> {
    return this.ask(`/areas/${encodeURIComponent(area)}/roll/${prefix}`, {});
  }

  last(area: string, prefix: string): Promise<Uint8Array> {
    return this.ask(`/areas/${encodeURIComponent(area)}/cast/${prefix}`, { cache: 'no-store' });
  }

  cast(area: string, ballot: string, { code, language }: Beside): Promise<Uint8Array> {
    const headers = { 'content-type': 'application/json', 'accept-language': language, ...(code === null ? {} : { 'sanduq-code': code }) };
    return this.ask(`/areas/${encodeURIComponent(area)}/ballots`, { method: 'POST', body: ballot, headers, cache: 'no-store' });
  }

  private async ask(path: string, more: RequestInit): Promise<Uint8Array> {
    const url = `${this.origin}/api/v1/referendums/${this.anchor}${path}`;
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), TIMEOUT);
    const how: RequestInit = { credentials: 'omit', referrerPolicy: 'no-referrer', redirect: 'error', signal: stop.signal };
    let response: Response;
    let body: Uint8Array;
    try {
      response = await fetch(url, { ...how, ...more });
      body = new Uint8Array(await response.arrayBuffer());
    } catch {
      throw new Unreachable();
    } finally {
      clearTimeout(timer);
    }
    if (response.ok) return body;
    const after = Number(response.headers.get('retry-after')) || null;
    const problem = { ...problemOf(response.status, body), after };
    // Who has tried too many codes must not send the same one again by itself: that refusal has a name.
    if (BUSY.has(response.status) && !(response.status === 429 && problem.name !== '')) throw new Unreachable(after);
    throw new Rejected(problem);
  }
}

function problemOf(status: number, body: Uint8Array): Problem {
  const text = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 300) : '');
  let said: Record<string, unknown> = {};
  try {
    said = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>;
  } catch {
    // The number alone has to do.
  }
  return { status, step: text(said.step), name: text(said.name), detail: text(said.detail) };
}

/** Where the API is: `/config.json` of the booth's own origin. The page's policy is narrowed to it at once. */
export async function findApi(): Promise<string> {
  const response = await fetch('./config.json', { credentials: 'omit', cache: 'no-store' }).catch(() => null);
  if (!response?.ok) throw new Unreachable();
  const { api } = (await response.json()) as { readonly api?: unknown };
  const { origin } = new URL(String(api));
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = `connect-src 'self' ${origin}`;
  document.head.append(policy);
  return origin;
}
