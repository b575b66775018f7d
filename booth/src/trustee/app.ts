/** What the page knows and does; how it looks is in `view/`. Every act ends in `show`. */
import { fillIn, plain, startTag } from '../disc/telling.ts';
import { Refused } from '../protocol/errors.ts';
import { systemRandom } from '../protocol/numbers.ts';
import { readHeads, type Heads } from '../keys/decryption.ts';
import { Different, messagesIn, type Message } from './board.ts';
import { keyOfCommandLine } from './commandline.ts';
import { Desk, type Given } from './desk.ts';
import { isSealed, SHORTEST_PASSPHRASE, WrongPassphrase } from './keyfile.ts';
import { proposePassphrase } from './passphrase.ts';
import { decryptPlan, headsOf, ownerIn, pick, plan, sumsIn, trusteesIn, type Plan, type Told, type Verified } from './record.ts';
import type { Store } from './store.ts';
import { byFiles, ServerTrouble, type SentKind, type State, type Transport } from './transport.ts';
import { TEXTS, type Place, type Texts } from './words/index.ts';
import { start, type Run } from '../verify/workers.ts';
import { outcomeOf, type Outcome } from './worker.ts';
import { saveFile } from '../view/dom.ts';

const LARGEST = 2 ** 26;
const POLL = 10_000; // milliseconds

/** Something to be said, in whatever language is chosen then. */
export type Saying = (words: Texts, fill: (text: string, values: Record<string, string | number>) => string) => string;

/** The part after the vote. */
export class Decrypting {
  anchor = '';
  run: Run<Outcome> | null = null;
  told: Told | null = null;
  outcome: Outcome | null = null;
  verified: Verified | null = null;
  readonly others = new Map<number, Heads>();
  plan: Plan | null = null;
  done = 0;
  parts: string | null = null;
}

export class App {
  readonly desk: Desk;
  tag = startTag(TEXTS);
  mode: 'ceremony' | 'decrypting' = 'ceremony';
  work = new Decrypting();
  /** What went wrong in the last act. */
  sayings: Saying[] = [];
  proposal = proposePassphrase();
  server: State | null = null;
  isBusy = false;
  private turn: Promise<void> = Promise.resolve();
  private polling: ReturnType<typeof setInterval> | null = null;

  constructor(
    readonly store: Store,
    readonly transport: Transport,
    private readonly script: string,
    private readonly show: () => void,
  ) {
    this.desk = new Desk(store);
  }

  get words(): Texts {
    return TEXTS[this.tag]!;
  }

  readonly fill = (text: string, values: Record<string, string | number>): string => fillIn(text, values, this.words.numbers);

  /** Where the trustee is. */
  get place(): Place {
    const { desk, work } = this;
    if (this.mode === 'ceremony' || desk.key === null || !desk.isSaved) return desk.step;
    if (work.parts !== null) return 'end';
    if (work.plan !== null) return 'decrypt';
    return work.verified === null ? 'record' : 'heads';
  }

  /** Do something that may fail, one after the other, and show what came of it. */
  act(doing: () => Promise<void> | void): Promise<void> {
    return (this.turn = this.turn.then(() => this.doNow(doing)));
  }

  private async doNow(doing: () => Promise<void> | void): Promise<void> {
    [this.isBusy, this.sayings] = [true, []];
    this.show();
    // The browser draws before a passphrase is stretched, which takes a second.
    await new Promise((resolve) => setTimeout(resolve, 20));
    try {
      await doing();
    } catch (error) {
      this.sayings.push(sayingOf(error));
    }
    this.isBusy = false;
    this.show();
  }

  speak(tag: string): void {
    this.tag = tag;
    this.show();
  }

  // --- the key ----------------------------------------------------------------------------------------------------------------

  make(context: { size: number; threshold: number; index: number } | null, name: string): Promise<void> {
    return this.act(async () => {
      await this.desk.make(context, name.trim() || null);
      this.watch();
    });
  }

  open(files: readonly File[], passphrase: string): Promise<void> {
    return this.act(async () => {
      const sealed = await firstSealed(files);
      if (sealed) await this.desk.open(sealed, passphrase);
      else await this.desk.adopt(await keyOfCommandLine(files));
      this.watch();
      await this.sync();
    });
  }

  /** Another passphrase to be shown. */
  propose(): string {
    return (this.proposal = proposePassphrase());
  }

  saveKey(passphrase: string): Promise<void> {
    return this.act(async () => {
      const { key } = this.desk;
      if (passphrase.length < SHORTEST_PASSPHRASE) throw new Said((words, fill) => fill(words.errors.shortPassphrase, { n: SHORTEST_PASSPHRASE }));
      const complete = Object.keys(key!.decrypted).length > 0 ? '-decrypted' : key!.context && key!.privateKey ? '-complete' : '';
      saveFile(`${this.prefix}-key${complete}.age`, await this.desk.sealed(passphrase));
    });
  }

  readBack(files: readonly File[], passphrase: string): Promise<void> {
    return this.act(async () => {
      const sealed = await firstSealed(files);
      if (!sealed) throw new Said(({ errors }) => errors.notAKey);
      if (!(await this.desk.readBack(sealed, passphrase))) throw new Said(({ errors }) => errors.otherKey);
      this.proposal = proposePassphrase();
      if (this.place === 'decrypt') await this.decryptNow();
      await this.sync();
    });
  }

  /** Where the browser could not go on before. */
  decryptAgain(): Promise<void> {
    return this.act(() => this.decryptNow());
  }

  /** How the files of this trustee begin. */
  get prefix(): string {
    const context = this.desk.key?.context;
    return context ? `trustee${String(context.index).padStart(String(context.size).length, '0')}` : 'mandatory';
  }

  // --- messages ---------------------------------------------------------------------------------------------------------------

  /** Save a message as a file, to carry it over. */
  saveMessage(kind: SentKind, name: string, text: string): void {
    void byFiles.hand(kind, name, text);
  }

  hand(kind: SentKind, name: string, text: string): Promise<void> {
    return this.act(async () => this.heard(await this.transport.hand(kind, name, text)));
  }

  take(files: readonly File[]): Promise<void> {
    return this.act(async () => {
      const given: Given[] = [];
      for (const file of files) {
        const messages = file.size > LARGEST ? null : messagesIn(file.name, await file.text(), this.desk.key?.context?.size ?? 0);
        if (messages === null) this.sayings.push(({ errors }, fill) => fill(errors.notOurs, { name: plain(file.name) }));
        else given.push(...messages.map((message) => ({ ...message, name: file.name })));
      }
      await this.put(given);
    });
  }

  commit(texts: readonly string[]): Promise<void> {
    const typed = texts.flatMap((text, i): (Message & { name: string })[] => {
      const plain = text.replace(/\s/g, '').toLowerCase();
      return plain === '' ? [] : [{ kind: 'commitment', text: plain, of: i + 1, name: String(i + 1) }];
    });
    return this.act(() => this.put(typed));
  }

  private async put(given: readonly Given[]): Promise<void> {
    for (const { name, error } of await this.desk.take(given)) {
      const saying = sayingOf(error, name);
      this.sayings.push(saying);
    }
  }

  collectAnew(): Promise<void> {
    return this.act(() => this.desk.collectAnew());
  }

  settle(): Promise<void> {
    return this.act(() => this.desk.settle());
  }

  // --- the server -------------------------------------------------------------------------------------------------------------

  private watch(): void {
    if (!this.transport.isOnline || this.polling !== null) return;
    const again = (): void => void (document.hidden || (this.turn = this.turn.then(() => this.poll())));
    this.polling = setInterval(again, POLL);
    addEventListener('focus', again);
  }

  /** Ask again, and say only what is new: what was said before stays. */
  private async poll(): Promise<void> {
    const before = this.fingerprint;
    try {
      await this.sync();
    } catch (error) {
      this.sayings = [sayingOf(error)];
      return this.show();
    }
    if (this.fingerprint !== before) this.show();
  }

  private get fingerprint(): string {
    const { server, desk, work } = this;
    return JSON.stringify([desk.board.kept(), [...(server?.mine ?? [])], server?.record?.length, work.others.size, this.sayings.length]);
  }

  private async sync(): Promise<void> {
    if (this.transport.isOnline) await this.heard(await this.transport.state());
  }

  /** What the server says is judged like any file. */
  private async heard(state: State | null): Promise<void> {
    if (state === null) return;
    const { key, board } = this.desk;
    if (key === null) return;
    this.server = state;
    if (JSON.stringify(state.context) !== JSON.stringify(key.context && { ...key.context })) throw new Said(({ errors }) => errors.place);
    if (board.round !== null && board.round !== state.round) throw new Said(({ errors }, fill) => fill(errors.round, { n: state.round }));
    board.round = state.round;
    const heads = state.messages.filter(({ kind }) => kind === 'heads');
    await this.put(state.messages.filter(({ kind }) => kind !== 'heads'));
    if (this.mode === 'decrypting' && this.work.verified) for (const { text } of heads) this.putHeads(text);
  }

  // --- after the vote ---------------------------------------------------------------------------------------------------------

  go(mode: App['mode']): void {
    [this.mode, this.sayings] = [mode, []];
    this.show();
  }

  async verify(files: readonly File[]): Promise<void> {
    const { work } = this;
    if (work.run) return;
    [work.outcome, this.sayings] = [null, []];
    try {
      const mine = (work.run = start<Told, Outcome>(this.script, { verify: await pick(files), anchor: work.anchor }, (told) => {
        work.told = told;
        if (work.run === mine) this.show();
      }));
      this.show();
      work.outcome = await mine.outcome;
    } catch (error) {
      work.outcome = outcomeOf(error);
    }
    [work.run, work.told] = [null, null];
    if (work.outcome.is === 'verified') work.verified = work.outcome.found;
    this.show();
  }

  verifyFromServer(): Promise<void> {
    return this.act(async () => {
      const files = await this.transport.record(this.server!);
      setTimeout(() => void this.verify(files));
    });
  }

  /** The trustees' file as it follows from what is here; null as long as it does not. */
  get assembled(): string | null {
    try {
      return this.desk.board.assembled();
    } catch (error) {
      if (error instanceof Refused) return null;
      throw error;
    }
  }

  /** How many trustees must decrypt, and how many there are, in the verified record. */
  get needed(): number {
    return trusteesIn(this.work.verified!).reduce((sum, item) => sum + item.needed, 0);
  }

  get trusteeCount(): number {
    return trusteesIn(this.work.verified!).reduce((sum, item) => sum + item.keys.length, 0);
  }

  /** What this trustee has found, with its number in the verified record. */
  get heads(): Heads | null {
    const { verified } = this.work;
    const x = this.desk.decryptionKey;
    return verified && x !== null ? headsOf(verified, ownerIn(verified, x)) : null;
  }

  takeHeads(files: readonly File[]): Promise<void> {
    return this.act(async () => {
      for (const file of files) {
        try {
          this.putHeads(await file.text());
        } catch (error) {
          this.sayings.push(sayingOf(error, file.name));
        }
      }
    });
  }

  private putHeads(text: string): void {
    const theirs = readHeads(new TextEncoder().encode(text));
    const before = this.work.others.get(theirs.owner);
    const same = (heads: Heads): string => JSON.stringify([...heads.heads].sort());
    if (before && same(before) !== same(theirs)) throw new Different('heads', theirs.owner);
    if (theirs.owner !== this.heads?.owner) this.work.others.set(theirs.owner, theirs);
  }

  /** All refusals, then the memory; what follows waits until the key file is saved again. */
  prepare(): Promise<void> {
    return this.act(async () => {
      const made = plan(this.work.verified!, this.desk.decryptionKey!, [...this.work.others.values()]);
      await this.desk.remember(sumsIn(made));
      this.work.plan = made;
      if (this.desk.isSaved) await this.decryptNow();
    });
  }

  private async decryptNow(): Promise<void> {
    const { work, desk } = this;
    work.parts = await decryptPlan(work.plan!, desk.decryptionKey!, systemRandom, async (done) => {
      work.done = done;
      this.show();
      await new Promise((resolve) => setTimeout(resolve));
    });
  }
}

/** A refusal of the page itself. */
class Said extends Error {
  constructor(readonly saying: Saying) {
    super();
  }
}

function sayingOf(error: unknown, from = ''): Saying {
  const name = plain(from);
  const before = name && `${name}: `;
  if (error instanceof Said) return error.saying;
  if (error instanceof WrongPassphrase) return ({ errors }) => errors.wrongPassphrase;
  if (error instanceof Different) return ({ errors }, fill) => fill(errors.different, { name: name || error.kind, n: error.number });
  if (error instanceof ServerTrouble) return ({ errors }, fill) => `${fill(errors.server, { status: error.status })} ${plain(error.detail)}`;
  if (error instanceof Refused) {
    return ({ errors }, fill) => `${before}${fill(errors.refused, { number: error.step, name: error.refusal })} — ${plain(error.message)}`;
  }
  return ({ errors }) => `${before}${errors.broken} ${error instanceof Error ? error.name : ''}`;
}

async function firstSealed(files: readonly File[]): Promise<Uint8Array | null> {
  for (const file of files) {
    if (file.size > LARGEST) continue;
    const data = new Uint8Array(await file.arrayBuffer());
    if (isSealed(data)) return data;
  }
  return null;
}
