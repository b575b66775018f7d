/** The parts of the page that need no browser: links, languages, the outbox, JSON, the anchor and what follows from it. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Server, Rejected, Unreachable } from '../src/api.ts';
import { readCode, readFragment } from '../src/link.ts';
import { Outbox, type Outcome } from '../src/outbox.ts';
import { Refused } from '../src/protocol/errors.ts';
import { read, write, writeSorted } from '../src/protocol/json.ts';
import { sha256Hex, utf8 } from '../src/protocol/numbers.ts';
import { ArchiveReader } from '../src/protocol/archive.ts';
import { Desk } from '../src/sealing/desk.ts';
import { readDigits } from '../src/view/code.ts';
import { LANGUAGES, languageFor, Speaker } from '../src/words/index.ts';
import { VECTORS } from './expected.ts';

describe('links', () => {
  const anchor = 'a'.repeat(64);

  it('are read, and what has another form is left out', () => {
    expect(readFragment(`#r=${anchor}&a=north&c=ooM1FS-GKqoBaN-nZGqtm-j1fNAEJ&l=fa`)).toEqual({
      ...{ anchor, area: 'north', credential: 'ooM1F-GKqoBa-nZGqt-j1fNAE', language: 'fa', practice: null, check: false, opened: null, find: false },
    });
    const nothing = { anchor: null, area: null, credential: null, language: null, practice: null, check: false, opened: null, find: false };
    expect(readFragment('')).toEqual(nothing);
    expect(readFragment('#r=AA&a=../x&c=0OIl&l=<b>')).toEqual(nothing);
    expect(readFragment(`#check&r=${anchor}`).check).toBe(true);
    expect(['', '&r=x', '=23456789ABCD', '=0OIl'].map((rest) => readFragment(`#practice${rest}`).practice)).toEqual(['', '', '23456789ABCD', '']);
  });

  it('may be a code on paper, or the credential alone', () => {
    expect(readCode('ooM1F-GKqoBa-nZGqt-j1fNAE').credential).toBe('ooM1F-GKqoBa-nZGqt-j1fNAE');
    expect(readCode(`https://booth.example/#r=${anchor}&c=ooM1FGKqoBanZGqtj1fNAE`).anchor).toBe(anchor);
    expect(readCode('https://elsewhere.example/').credential).toBeNull();
  });
});

describe('languages', () => {
  it.each(LANGUAGES.map(({ tag }) => tag))('%s has every text with the same places to fill', async (tag) => {
    const [english, other] = await Promise.all([Speaker.of(languageFor(['en'])), Speaker.of(languageFor([tag]))]);
    const textsOf = (value: unknown, path: string): [string, string][] =>
      typeof value === 'string'
        ? [[path, value]]
        : Object.entries(value as object).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`));
    const places = (text: string): string => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort().join();
    const mine = new Map(textsOf(other.words, ''));
    const forms = /\.(zero|one|two|few|many|other)$/;
    for (const [path, text] of textsOf(english.words, '').filter(([name]) => !forms.test(name))) {
      expect(places(mine.get(path) ?? ''), path).toBe(places(text));
      expect(mine.get(path)!.trim(), path).not.toBe('');
    }
  });

  it('is chosen from what the reader reads', () => {
    expect(['az-IR', 'az-Arab-IR', 'az-Latn', 'fa-IR', 'de-DE'].map((tag) => languageFor([tag]).tag)).toEqual([
      ...['azb', 'azb', 'az', 'fa', 'en'],
    ]);
  });

  it('has plural forms', async () => {
    const arabic = await Speaker.of(languageFor(['ar']));
    const said = [1, 2, 3, 11, 100].map((n) => arabic.plural(arabic.words.missing, n));
    expect(new Set(said).size).toBe(5);
    const persian = await Speaker.of(languageFor(['fa']));
    expect(persian.number(12)).toBe('۱۲');
    expect(persian.time('2030-05-03T18:00:00Z')).toContain('۱۴۰۹');
  });
});

describe('the outbox', () => {
  const listeners = new Map<string, () => void>();
  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('addEventListener', (name: string, act: () => void) => listeners.set(name, act));
    vi.stubGlobal('removeEventListener', (name: string) => listeners.delete(name));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function outcome(): { said: string[]; tell: Outcome } {
    const said: string[] = [];
    const tell = {
      sending: () => void said.push('sending'),
      waiting: () => void (said.at(-1) === 'waiting' || said.push('waiting')),
      sent: () => void said.push('sent'),
      rejected: () => void said.push('rejected'),
    };
    return { said, tell };
  }

  it('sends again until the box answers', async () => {
    const { said, tell } = outcome();
    let left = 3;
    new Outbox(() => (left-- > 0 ? Promise.reject(new Unreachable()) : Promise.resolve(new Uint8Array())), tell);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said).toEqual([...Array(3).fill(['sending', 'waiting']).flat(), 'sending', 'sent']);
    expect(listeners.has('online')).toBe(false);
  });

  it('tries at once when the device is connected again, and waits as long as the server asks', async () => {
    const { said, tell } = outcome();
    let there = false;
    new Outbox(() => (there ? Promise.resolve(new Uint8Array()) : Promise.reject(new Unreachable(300))), tell);
    await vi.advanceTimersByTimeAsync(250_000);
    expect(said).toEqual(['sending', 'waiting']);
    there = true;
    listeners.get('online')!();
    await vi.advanceTimersByTimeAsync(1);
    expect(said.at(-1)).toBe('sent');
  });

  it('does not repeat what was refused', async () => {
    const { said, tell } = outcome();
    new Outbox(() => Promise.reject(new Rejected({ status: 422, step: '4.15', name: 'SignatureInvalid', detail: '' })), tell);
    await vi.advanceTimersByTimeAsync(200_000);
    expect(said).toEqual(['sending', 'rejected']);
  });
});

describe('a PIN or code', () => {
  afterEach(() => vi.unstubAllGlobals());

  it('is read in the digits of any of the languages, and has eight', () => {
    expect(['01234567', ' 0123-4567 ', '۰۱۲۳۴۵۶۷', '٠١٢٣٤٥٦٧'].map(readDigits)).toEqual(Array(4).fill('01234567'));
    expect(['', '0123456', '012345678', '0123456x', 'again', '--------'].map(readDigits)).toEqual(Array(6).fill(null));
  });

  function answering(status: number, name: string | null, after: string): { asked: Request[]; api: Server } {
    const asked: Request[] = [];
    vi.stubGlobal('fetch', (url: string, { signal: _, ...how }: RequestInit) => {
      asked.push(new Request(url, { ...how, credentials: 'omit' }));
      return Promise.resolve(new Response(JSON.stringify({ name }), { status, headers: { 'retry-after': after } }));
    });
    return { asked, api: new Server('https://vote.example', 'a'.repeat(64)) };
  }

  const errorOf = (sent: Promise<unknown>): Promise<unknown> => sent.then(() => null, (error: unknown) => error);

  it('goes in a header, and only if there is one', async () => {
    const { asked, api } = answering(201, null, '');
    await api.cast('A', '{}', { code: '01234567', language: 'fa' });
    await api.cast('A', '{}', { code: null, language: 'fa' });
    expect(asked.map(({ headers }) => headers.get('sanduq-code'))).toEqual(['01234567', null]);
    expect(asked.map(({ headers }) => headers.get('accept-language'))).toEqual(['fa', 'fa']);
    expect(asked.filter(({ url }) => url.includes('01234567'))).toEqual([]);
    expect(await Promise.all(asked.map((one) => one.text()))).toEqual(['{}', '{}']);
  });

  it('that was tried too often is not sent again by itself; a busy box is asked again', async () => {
    const beside = { code: '01234567', language: 'en' };
    const tries = await errorOf(answering(429, 'TooManyTries', '240').api.cast('A', '{}', beside));
    expect(tries).toBeInstanceOf(Rejected);
    expect((tries as Rejected).problem.after).toBe(240);
    for (const [status, name] of [[429, null], [503, null], [503, 'X']] as const) {
      const busy = await errorOf(answering(status, name, '7').api.cast('A', '{}', beside));
      expect(busy).toBeInstanceOf(Unreachable);
      expect((busy as Unreachable).after).toBe(7);
    }
  });
});

describe('JSON', () => {
  it.each(['', '{', '[1,]', '{"a":1,"a":2}', '1.5', '1e3', 'NaN', '01', '"\\x"', '"\u0001"', '[1] 2', `${'['.repeat(33)}${']'.repeat(33)}`, '9'.repeat(81)])(
    'refuses %s',
    (text) => {
      expect(() => read(utf8(text))).toThrow(Refused);
    },
  );

  it('refuses bytes that are not UTF-8, and a mark of their order', () => {
    expect(() => read(new Uint8Array([0x22, 0xc3, 0x22]))).toThrow(Refused);
    expect(() => read(utf8('\ufeff1'))).toThrow(Refused);
  });

  it('writes what it reads', () => {
    const text = '{"b":[1,-2,"\\u007f\\n\\"\\\\é𝄞"],"a":{"c":null,"d":true},"n":12345678901234567890}';
    expect(write(read(utf8(text)))).toBe(text);
    expect(writeSorted(read(utf8(text)))).toBe(`{"a":{"c":null,"d":true},"b":[1,-2,"\\u007f\\n\\"\\\\é𝄞"],"n":12345678901234567890}`);
    expect(write(read(utf8(`${'['.repeat(32)}${']'.repeat(32)}`)))).toHaveLength(64);
  });
});

describe('the desk', () => {
  // A record of the vectors whose own files are sound: what is wrong with it is not looked at here.
  const folder = new URL('steps/watch/8.13-file/', VECTORS);
  const setup = new Uint8Array(readFileSync(new URL('setup.json', folder)));
  const archive = new Uint8Array(readFileSync(new URL('areas/A/na9Fi9vhGbTHrc.bel', folder)));
  const [election, trustees] = new ArchiveReader(archive).entries().next().value!.data as [Uint8Array, Uint8Array];
  const anchor = sha256Hex(setup);
  const text = new TextDecoder();
  const nameOf = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      return (error as Error).name;
    }
    return 'accept';
  };
  const other = (data: Uint8Array, from: string | RegExp, to: string): Uint8Array => utf8(text.decode(data).replace(from, to));

  it('takes the frozen setup and election, and nothing else', () => {
    const desk = new Desk();
    expect(nameOf(() => desk.setup(other(setup, '"en"', '"tr"'), anchor))).toBe('AnchorMismatch');
    expect(desk.setup(setup, anchor).areas.map(({ code }) => code)).toContain('A');
    expect(nameOf(() => desk.area(election, trustees, 'A'))).toBe('accept');
    expect(nameOf(() => desk.area(election, trustees, 'Z'))).toBe('AreaOtherSetup');
    expect(nameOf(() => desk.area(other(election, '"min":1', '"min":0'), trustees, 'A'))).toBe('AreaOtherSetup');
    const base = `"public_key":"${'6'.repeat(62)}58"`;
    expect(nameOf(() => desk.area(other(election, /"public_key":"[0-9a-f]{64}"/, base), trustees, 'A'))).toBe('ElectionKeyWrong');
    expect(nameOf(() => desk.area(election, other(trustees, '"challenge"', '"response"'), 'A'))).toBe('AreaOtherSetup');
  });

  it('finds a credential in its bucket or refuses it', () => {
    const desk = new Desk();
    desk.setup(setup, anchor);
    desk.area(election, trustees, 'A');
    const key = desk.open('ooM1F-GKqoBa-nZGqt-j1fNAE');
    const bucket = (credentials: string[]): Uint8Array => utf8(JSON.stringify({ prefix: key.slice(0, 1), credentials }));
    expect(nameOf(() => desk.onRoll(bucket([key])))).toBe('accept');
    expect(nameOf(() => desk.onRoll(bucket([`${key},5`])))).toBe('accept');
    expect(nameOf(() => desk.onRoll(bucket([])))).toBe('CredentialUnknown');
    expect(nameOf(() => desk.onRoll(utf8('{}')))).toBe('RollMalformed');
    desk.forget();
    expect(desk.ready()).toBe(false);
  });

  it('finds the last ballot of its credential among those of a bucket, and of no other', () => {
    const desk = new Desk();
    desk.setup(setup, anchor);
    desk.area(election, trustees, 'A');
    const credential = desk.open('ooM1F-GKqoBa-nZGqt-j1fNAE');
    const row = { credential, height: 7, tracker: 'A'.repeat(43) };
    const other = { ...row, credential: 'a'.repeat(64), height: 9 };
    const answer = (ballots: unknown, more = {}): Uint8Array => utf8(JSON.stringify({ prefix: '', height: 9, ballots, ...more }));
    expect(desk.find(answer([other, row]))).toEqual({ height: 7, tracker: row.tracker });
    expect(desk.find(answer([other]))).toBeNull();
    const bad = [[row, row], [{ ...row, height: 10 }], [{ ...row, height: 0 }], [{ ...row, tracker: 'short' }], [{ credential }], {}, [7]];
    for (const ballots of bad) expect(nameOf(() => desk.find(answer(ballots)))).toBe('RollMalformed');
    expect(nameOf(() => desk.find(answer([], { more: 1 })))).toBe('RollMalformed');
    desk.forget();
    expect(desk.find(answer([row]))).toBeNull();
  });
});
