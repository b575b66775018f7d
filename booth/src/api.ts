/** The server's API (contract version 1). Nothing secret is ever in a request: a credential's public half at most. */

export interface Problem {
  readonly status: number;
  readonly step: string;
  readonly name: string;
  readonly detail: string;
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
  /** Send a signed ballot; the receipt. Sending it again is harmless: the same ballot gets the same receipt. */
  cast(area: string, ballot: string): Promise<Uint8Array>;
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

  cast(area: string, ballot: string): Promise<Uint8Array> {
    const headers = { 'content-type': 'application/json' };
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
    if (BUSY.has(response.status)) throw new Unreachable(Number(response.headers.get('retry-after')) || null);
    throw new Rejected(problemOf(response.status, body));
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
