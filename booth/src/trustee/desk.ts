/**
 * A trustee's desk: the key, what was handed over by all, and what to do next. It knows nothing of pages. Everything that it needs to be told is
 * asked for by a step; whatever it can do by itself, it does in `advance`.
 */
import { Refused, require } from '../protocol/errors.ts';
import { G, hexOf, secretPower } from '../protocol/group.ts';
import { write } from '../protocol/json.ts';
import { readScalar, systemRandom, type Random } from '../protocol/numbers.ts';
import { schnorrProve } from '../protocol/proofs.ts';
import * as ceremony from '../keys/ceremony.ts';
import { ownerOfKey } from '../keys/decryption.ts';
import { newSeed, seedOf, type Seed } from '../keys/pki.ts';
import { checkTrial, decryptTrial } from '../keys/trial.ts';
import { keyValue } from '../verify/trustees.ts';
import { Board, Different, inOrder, type Kind, type Message } from './board.ts';
import { keyFileText, seal, SHORTEST_PASSPHRASE, unseal, type KeyFile } from './keyfile.ts';
import type { Store } from './store.ts';

/**
 * What the trustee has to do. `save`: the key file has changed and must be saved and read back. `cert` … `trial`: hand over one's own, collect
 * the others'. `final`: say which trustees' file is the final one. `ready`: the ceremony is over for this key.
 */
export type Step = 'begin' | 'save' | 'cert' | 'commitment' | 'polynomial' | 'voutput' | 'pubkey' | 'final' | 'trial' | 'ready';

/** Why something that was given could not be taken. */
export interface Trouble {
  readonly name: string;
  readonly error: unknown;
}

export type Given = Message & { readonly name: string };

function isEarly({ kind }: Message): boolean {
  return kind === 'cert' || kind === 'commitment' || kind === 'polynomial' || kind === 'vinput';
}

export class Desk {
  key: KeyFile | null = null;
  board = new Board(null);
  /** The key as it is now was read back from the file that the trustee has saved. */
  isSaved = false;
  /** What others have handed over does not go together. */
  problem: Refused | null = null;
  private seed: Seed | null = null;
  private x: bigint | null = null;

  constructor(
    readonly store: Store,
    private readonly random: Random = systemRandom,
    private readonly work?: number,
  ) {}

  // --- the key ----------------------------------------------------------------------------------------------------------------

  /** A fresh key, of a member of a group or (null) of a mandatory trustee. */
  async make(context: ceremony.Context | null, name: string | null = null): Promise<void> {
    if (context !== null) checkPlace(context);
    const secret = context ? newSeed() : String(this.random());
    const cert = context && ceremony.begin(seedOf(secret), context, this.random);
    await this.use({ context, secret, cert, name, privateKey: null, decrypted: {} });
    this.isSaved = false;
    await this.advance();
  }

  /** A key that was made before, out of its file. */
  async open(data: Uint8Array, passphrase: string): Promise<void> {
    await this.adopt(await unseal(data, passphrase), true);
  }

  /** A key in the files of the command line, which has still to be saved with a passphrase. */
  async adopt(key: KeyFile, isSaved = false): Promise<void> {
    await this.use(key);
    this.isSaved = isSaved;
    const kept = await this.store.board(this.id);
    this.board = kept ? Board.of(key.context, kept) : new Board(key.context);
    await this.advance();
  }

  private async use(key: KeyFile): Promise<void> {
    const seed = key.context && seedOf(key.secret);
    const x = seed === null ? readScalar(key.secret) : key.privateKey && (await ceremony.decryptionKey(seed, key.privateKey));
    [this.key, this.seed, this.x] = [key, seed, x || null];
    this.board = new Board(key.context);
  }

  /** The file to save: needs a passphrase that is long enough. */
  sealed(passphrase: string): Promise<Uint8Array<ArrayBuffer>> {
    if (passphrase.length < SHORTEST_PASSPHRASE) throw new RangeError('the passphrase is too short');
    return seal(this.key!, passphrase, this.work);
  }

  /** The saved file, read back: whether it is the key as it is now. */
  async readBack(data: Uint8Array, passphrase: string): Promise<boolean> {
    const found = await unseal(data, passphrase);
    this.isSaved = keyFileText(found) === keyFileText(this.key!);
    if (this.isSaved) await this.advance();
    return this.isSaved;
  }

  /** Names the key in this browser's memory, and tells nothing of it. */
  get id(): string {
    return hexOf(this.seed ? this.seed.verificationKey : secretPower(G, this.x!));
  }

  /** The decryption key, once there is one. */
  get decryptionKey(): bigint | null {
    return this.x;
  }

  /** Public key of the decryption key: what `sanduq keys show` prints at this trustee's number. */
  get publicKey(): string | null {
    return this.x === null ? null : hexOf(secretPower(G, this.x));
  }

  // --- what to do next --------------------------------------------------------------------------------------------------------

  get step(): Step {
    const { key, board } = this;
    if (key === null) return 'begin';
    if (!this.isSaved) return 'save';
    if (board.trustees !== null) return this.isTried ? 'ready' : 'trial';
    if (key.context === null) return 'pubkey';
    const index = key.context.index - 1;
    if (board.voutput[index] !== null && board.voutput[index] !== undefined) return board.group || board.vinput ? 'final' : 'voutput';
    // A complete key on a device that knows nothing of its ceremony: it is for decrypting.
    if (key.privateKey !== null && board.held === null) return 'final';
    if (board.certs === null) return 'cert';
    if (board.commitments === null) return 'commitment';
    return 'polynomial';
  }

  /** Enough trustees have opened the test sum. */
  get isTried(): boolean {
    try {
      checkTrial(this.board.trial!, this.board.trialParts());
      return true;
    } catch (error) {
      if (error instanceof Refused) return false;
      throw error;
    }
  }

  /** What this trustee hands over at this step; null: nothing (yet). */
  own(kind: Kind): string | null {
    const { board, key } = this;
    // Nothing that others build upon leaves before the key is safe.
    if (!this.isSaved) return null;
    const index = (key?.context?.index ?? 0) - 1;
    if (kind === 'cert') return board.cert[index] ?? null;
    if (kind === 'commitment') return board.commitment[index] ?? null;
    // Held back until everybody has said what theirs will be (3.17).
    if (kind === 'polynomial') return board.commitments && board.held;
    if (kind === 'voutput') return board.voutput[index] ?? null;
    if (kind === 'trial') return board.final && this.x !== null ? (board.trials.get(ownerOfKey(board.final, this.x)) ?? null) : null;
    return kind === 'pubkey' ? this.pubkey() : null;
  }

  private pubkey(): string | null {
    return this.board.pubkeys.find((line) => line.includes(`"public_key":"${this.publicKey}"`)) ?? null;
  }

  /** Which member of the group this trustee is in all: its number in `keys show`, heads and decryptions; null as long as nobody can know. */
  get owner(): number | null {
    const { final } = this.board;
    return final && this.x !== null ? ownerOfKey(final, this.x) : null;
  }

  /** The files of all together, for trustees who use the command line: name and content. */
  collected(): (readonly [string, string])[] {
    const { board } = this;
    const lines = (places: readonly (string | null)[]): string => places.map((text) => `${text}\n`).join('');
    const files: (readonly [string, string])[] = [];
    if (board.certs) files.push(['certs.jsons', lines(board.cert)]);
    if (board.commitments) files.push(['commitments', lines(board.commitment)]);
    const { certs, polynomials } = board;
    if (certs && polynomials) {
      files.push(['polynomials.jsons', lines(board.polynomial)]);
      ceremony.route(certs, polynomials).forEach((vinput, i) => files.push([`${i + 1}.vinput`, `${ceremony.vinputText(vinput)}\n`]));
    }
    if (board.group) files.push(['voutputs.jsons', lines(board.voutput)]);
    return files;
  }

  // --- what comes in, and what follows ----------------------------------------------------------------------------------------

  /** Take messages, as far as they are good; what is not is told. Then go on as far as it goes. */
  async take(messages: readonly Given[]): Promise<Trouble[]> {
    const troubles: Trouble[] = [];
    // What follows from the first messages is needed to judge the others; but a polynomial of mine that comes back must be seen before a new one is made.
    for (const some of [messages.filter(isEarly), messages.filter((one) => !isEarly(one))]) {
      for (const message of inOrder(some) as Given[]) {
        try {
          if (message.kind === 'trustees') await this.settle(message.text);
          else this.board.put(message);
        } catch (error) {
          if (!(error instanceof Refused || error instanceof Different)) throw error;
          troubles.push({ name: message.name, error });
        }
      }
      await this.advance();
    }
    return troubles;
  }

  /** Forget what others have handed over: it is to be collected anew. What this trustee has made stays. */
  async collectAnew(): Promise<void> {
    this.board = this.board.alone();
    await this.advance();
  }

  /** Do whatever needs nobody: certificate, polynomial, finishing, the trial. If what others sent is refused, that is the problem. */
  async advance(): Promise<void> {
    const { key, board, seed } = this;
    if (key === null) return;
    this.problem = null;
    try {
      if (key.context && seed) await this.advanceGroup(key, key.context, seed);
      else this.advanceSingle(key);
      if (board.final && this.x !== null) {
        const owner = ownerOfKey(board.final, this.x);
        if (!board.trials.has(owner)) board.trials.set(owner, decryptTrial(board.trial!, this.x, this.random));
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.problem = error;
    }
    await this.store.keep(this.id, board.kept());
  }

  /** Others say what this trustee has committed to, and it does not know its polynomial: on another device, or lost. */
  get isHeldLost(): boolean {
    const at = (this.key?.context?.index ?? 0) - 1;
    return this.key?.privateKey === null && this.board.held === null && (this.board.commitment[at] ?? null) !== null;
  }

  private async advanceGroup(key: KeyFile, context: ceremony.Context, seed: Seed): Promise<void> {
    const { board } = this;
    const at = context.index - 1;
    board.cert[at] ??= key.cert;
    const certs = board.checkedCerts();
    if (certs === null) return;
    require('SecretKeyMismatch', ceremony.ownIndex(seed, certs) === context.index, 'another certificate stands in the place of mine');
    if (board.held === null && key.privateKey === null && !this.isHeldLost) board.held = ceremony.polynomialText(await ceremony.makePolynomial(seed, certs, this.random));
    if (board.held !== null) board.commitment[at] ??= ceremony.commitmentOf(ceremony.readPolynomial(board.held));
    if (board.commitments === null || board.held === null) return;
    board.polynomial[at] ??= board.held;
    if (key.privateKey === null) await this.finish(key, certs, board.commitments, seed);
  }

  /** Step 5, once everything for it is there. A voutput of mine that was handed over before says what the key is. */
  private async finish(key: KeyFile, certs: Parameters<typeof ceremony.route>[0], commitments: readonly string[], seed: Seed): Promise<void> {
    const { board } = this;
    const { polynomials } = board;
    const vinput = polynomials ? ceremony.route(certs, polynomials)[key.context!.index - 1]! : board.vinput && ceremony.readVinput(board.vinput);
    if (!vinput) return;
    const at = key.context!.index - 1;
    const before = board.voutput[at];
    const made = before ? ceremony.readVoutput(before) : await ceremony.finish(seed, certs, vinput, commitments, this.random, key.name);
    board.voutput[at] = ceremony.voutputText(made);
    this.key = { ...key, privateKey: made.privateKey };
    this.x = await ceremony.decryptionKey(seed, made.privateKey);
    this.isSaved = false;
  }

  private advanceSingle(key: KeyFile): void {
    if (this.pubkey() !== null) return;
    const x = readScalar(key.secret);
    const public_key = hexOf(secretPower(G, x));
    const proof = schnorrProve(`pok|Ed25519|${public_key}|`, x, this.random);
    this.board.pubkeys.push(write(keyValue({ key: secretPower(G, x), proof, signature: null, name: key.name })));
  }

  /** Say that the trustees' file which follows from what is here is the final one; or this one. */
  async settle(text: string | null = this.board.assembled()): Promise<void> {
    if (text === null) throw new Refused('NoTrustees', 'not all have handed over their part');
    if (text === this.board.trustees) return;
    this.board.put({ kind: 'trustees', text });
    try {
      if (this.x !== null) ownerOfKey(this.board.final!, this.x);
    } catch (error) {
      this.board.unsettle();
      throw error;
    }
    await this.advance();
  }

  /** Remember sums that are about to be decrypted, here and in the key, which has to be saved again (7.13). */
  async remember(sums: ReadonlyMap<string, string>): Promise<void> {
    const before = new Map(Object.entries(this.key!.decrypted));
    for (const [uuid, tally] of sums) {
      const known = before.get(uuid);
      require('AlreadyDecrypted', known === undefined || known === tally, `election ${uuid}: expected ${known}, got ${tally}`);
    }
    await this.store.remember(this.publicKey!, sums);
    const decrypted = { ...this.key!.decrypted, ...Object.fromEntries(sums) };
    if (Object.keys(decrypted).length !== before.size) [this.key, this.isSaved] = [{ ...this.key!, decrypted }, false];
  }
}

/** More than half of a group must be needed, and fewer than all (3.19). */
function checkPlace({ size, threshold, index }: ceremony.Context): void {
  require('TrusteePolicy', size < 2 * threshold && threshold < size && size <= 100, `${threshold} of ${size}: more than half must be needed, and fewer than all`);
  require('TrusteePolicy', index >= 1 && index <= size, `trustee ${index} of ${size}`);
}
