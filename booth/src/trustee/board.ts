/**
 * What the trustees of a ceremony have handed over, as far as this one has got it: public messages, each in its place. Everything that comes,
 * by file or from a server, is told by what it is and who has signed it, not by its name, and is checked before it is put up. What is there
 * is never replaced: two different messages of one trustee are told.
 */
import { Refused, require } from '../protocol/errors.ts';
import { read, type Json } from '../protocol/json.ts';
import { utf8 } from '../protocol/numbers.ts';
import { checkCert, type Cert } from '../verify/certificates.ts';
import { checkTrustees, readTrustees, single, trusteesText, type Trustee } from '../verify/trustees.ts';
import * as ceremony from '../keys/ceremony.ts';
import { readHeads } from '../keys/decryption.ts';
import { makeTrial, readTrial, type Trial, type TrialPart } from '../keys/trial.ts';

/** What can be handed over: the names that `sanduq keys` and the server have for it, too. */
export const KINDS = ['cert', 'commitment', 'polynomial', 'vinput', 'voutput', 'pubkey', 'trustees', 'trial', 'heads'] as const;
export type Kind = (typeof KINDS)[number];

export interface Message {
  readonly kind: Kind;
  readonly text: string;
  /** Whose it is, where the text does not say it: a commitment's trustee. */
  readonly of?: number;
}

/** As it is kept between two visits. */
export interface Kept {
  readonly cert: readonly (string | null)[];
  readonly commitment: readonly (string | null)[];
  readonly polynomial: readonly (string | null)[];
  readonly voutput: readonly (string | null)[];
  readonly vinput: string | null;
  readonly pubkeys: readonly string[];
  readonly trustees: string | null;
  readonly trials: readonly (readonly [number, string])[];
  readonly heads: readonly (readonly [number, string])[];
  /** This trustee's own, which is held back until all commitments are there. */
  readonly held: string | null;
  /** Which ceremony of the server's this is, if there is a server. */
  readonly round: number | null;
}

type Places = (string | null)[];
const COMMITMENT = /^[0-9a-f]{64}$/;

/** Two messages of one kind by one trustee that differ: somebody has shown different things to different people. */
export class Different extends Error {
  constructor(
    readonly kind: Kind,
    readonly number: number,
  ) {
    super(`${kind} ${number}`);
  }
}

export class Board {
  readonly cert: Places;
  readonly commitment: Places;
  readonly polynomial: Places;
  readonly voutput: Places;
  vinput: string | null = null;
  readonly pubkeys: string[] = [];
  trustees: string | null = null;
  readonly trials = new Map<number, string>();
  readonly heads = new Map<number, string>();
  held: string | null = null;
  round: number | null = null;
  /** What follows from what is here. As nothing is ever replaced, it is worked out once. */
  private known: {
    certs?: readonly Cert[];
    polynomials?: readonly ceremony.Polynomial[];
    group?: Trustee;
    own?: readonly Trustee[];
    trial?: Trial;
  } = {};
  private readonly parts = new Map<number, TrialPart>();

  /** `context` is null for a mandatory trustee, who has no part in the group's messages. */
  constructor(readonly context: ceremony.Context | null) {
    const empty = (): Places => Array.from({ length: context?.size ?? 0 }, () => null);
    [this.cert, this.commitment, this.polynomial, this.voutput] = [empty(), empty(), empty(), empty()];
  }

  static of(context: ceremony.Context | null, kept: Kept): Board {
    const board = new Board(context);
    for (const name of ['cert', 'commitment', 'polynomial', 'voutput'] as const) {
      kept[name].forEach((text, i) => i < board[name].length && (board[name][i] = text));
    }
    board.pubkeys.push(...kept.pubkeys);
    for (const [owner, text] of kept.trials) board.trials.set(owner, text);
    for (const [owner, text] of kept.heads) board.heads.set(owner, text);
    [board.vinput, board.trustees, board.held, board.round] = [kept.vinput, kept.trustees, kept.held, kept.round];
    return board;
  }

  kept(): Kept {
    const { cert, commitment, polynomial, voutput, vinput, pubkeys, trustees, held, round } = this;
    return { cert, commitment, polynomial, voutput, vinput, pubkeys, trustees, held, round, trials: [...this.trials], heads: [...this.heads] };
  }

  /** All certificates, checked together, as soon as they are there and good (3.4, 3.7, 3.8). */
  get certs(): readonly Cert[] | null {
    return orNull(() => this.checkedCerts());
  }

  checkedCerts(): readonly Cert[] | null {
    return isWhole(this.cert) ? (this.known.certs ??= ceremony.readCerts(this.cert)) : null;
  }

  get commitments(): readonly string[] | null {
    return isWhole(this.commitment) ? this.commitment : null;
  }

  get polynomials(): readonly ceremony.Polynomial[] | null {
    return isWhole(this.polynomial) ? (this.known.polynomials ??= this.polynomial.map(ceremony.readPolynomial)) : null;
  }

  /** The group, as soon as all voutputs are there and good (step 6). */
  get group(): Trustee | null {
    return orNull(() => this.checkedGroup());
  }

  private checkedGroup(): Trustee | null {
    const { certs, polynomials } = this;
    if (certs === null || polynomials === null || !isWhole(this.voutput)) return null;
    return (this.known.group ??= ceremony.assemble(certs, polynomials, this.voutput.map(ceremony.readVoutput)));
  }

  /** The trustees as they follow from what is here: mandatory ones first, then the group. */
  assembled(): string | null {
    const group = this.checkedGroup();
    if (group === null) return null;
    const whole = [...this.pubkeys.map((line) => single(ceremony.readSingle(line))), group];
    checkTrustees(whole);
    return trusteesText(whole);
  }

  /** The trustees that were said to be the final ones. */
  get final(): readonly Trustee[] | null {
    if (this.trustees === null) return null;
    return (this.known.own ??= checked(this.trustees));
  }

  get trial(): Trial | null {
    return this.final && (this.known.trial ??= makeTrial(this.final));
  }

  /** Another file than this one may be the final one after all. */
  unsettle(): void {
    this.trustees = null;
    const { own: _, trial: __, ...known } = this.known;
    this.known = known;
    this.trials.clear();
    this.parts.clear();
  }

  /** The same without anything that others have handed over. */
  alone(): Board {
    const board = new Board(this.context);
    const at = (this.context?.index ?? 0) - 1;
    for (const name of ['cert', 'commitment'] as const) if (at >= 0) board[name][at] = this[name][at]!;
    [board.held, board.round] = [this.held, this.round];
    board.pubkeys.push(...(this.context ? [] : this.pubkeys.slice(0, 1)));
    return board;
  }

  trialParts(): TrialPart[] {
    for (const [owner, text] of this.trials) if (!this.parts.has(owner)) this.parts.set(owner, readTrial(this.trial!, utf8(text)));
    return [...this.parts.values()];
  }

  // --- what comes in ----------------------------------------------------------------------------------------------------------

  /** Put a message up. Refuses what is no good; `Different` where another one of this trustee is there. The same again is nothing new. */
  put({ kind, text, of = 0 }: Message): void {
    if (kind === 'cert') return this.place('cert', this.certIndex(text), text);
    if (kind === 'commitment') return this.putCommitment(text, of);
    if (kind === 'polynomial') return this.putPolynomial(text);
    if (kind === 'vinput') return this.putVinput(text);
    if (kind === 'voutput') return this.place('voutput', this.voutputIndex(text), text);
    if (kind === 'pubkey') return this.putPubkey(text);
    if (kind === 'trustees') return this.putTrustees(text);
    if (kind === 'heads') return this.owned(this.heads, 'heads', readHeads(utf8(text)).owner, text);
    if (this.trial === null) throw new Refused('NoTrustees', 'a trial before the trustees are known');
    const part = readTrial(this.trial, utf8(text));
    this.owned(this.trials, 'trial', part.owner, text);
    this.parts.set(part.owner, part);
  }

  private place(kind: 'cert' | 'commitment' | 'polynomial' | 'voutput', index: number, text: string): void {
    const before = this[kind][index - 1];
    if (before !== null && before !== text) throw new Different(kind, index);
    this[kind][index - 1] = text;
  }

  private owned(places: Map<number, string>, kind: Kind, owner: number, text: string): void {
    const before = places.get(owner);
    if (before !== undefined && before !== text) throw new Different(kind, owner);
    places.set(owner, text);
  }

  private certIndex(text: string): number {
    const cert = ceremony.readCertLine(text);
    const { size, threshold } = this.context ?? { size: 0, threshold: 0 };
    require('CertContext', cert.index >= 1 && cert.index <= size, `for number ${cert.index} of ${cert.size}`);
    checkCert(cert, { size, threshold, index: cert.index });
    return cert.index;
  }

  private putCommitment(text: string, of: number): void {
    require('CommitmentMismatch', COMMITMENT.test(text), 'expected 64 digits');
    require('CommitmentMismatch', of >= 1 && of <= this.commitment.length, 'it is not said whose commitment this is');
    this.place('commitment', of, text);
  }

  private need<T>(value: T | null, what: string): T {
    if (value === null) throw new Refused('ThresholdInvalid', `${what} of all trustees are needed first`);
    return value;
  }

  private putPolynomial(text: string): void {
    const certs = this.need(this.certs, 'the certificates');
    const made = ceremony.readPolynomial(text);
    const index = ceremony.senderOf(certs, made);
    if (index === null) throw new Refused('CertsSignature', 'a polynomial of none of these trustees, or under other certificates');
    require('ThresholdInvalid', made.secrets.length === certs.length, `expected ${certs.length} shares, got ${made.secrets.length}`);
    const commitment = this.commitment[index - 1];
    const got = ceremony.commitmentOf(made);
    require('CommitmentMismatch', commitment === null || commitment === got, `trustee ${index}: expected ${commitment}, got ${got}`);
    // One's own comes back from a file that was saved before: it is held back as before.
    if (index === this.context?.index && this.polynomial[index - 1] === null) {
      if (this.held !== null && this.held !== text) throw new Different('polynomial', index);
      this.held = text;
    } else this.place('polynomial', index, text);
  }

  private putVinput(text: string): void {
    ceremony.readVinput(text);
    if (this.vinput !== null && this.vinput !== text) throw new Different('vinput', this.context?.index ?? 0);
    this.vinput = text;
  }

  /** Whose it is takes all polynomials; without them (a vinput was given) the trustees' file does as well. */
  private voutputIndex(text: string): number {
    const [certs, polynomials] = [this.need(this.certs, 'the certificates'), this.need(this.polynomials, 'the polynomials')];
    const index = ceremony.ownerOf(certs, polynomials, ceremony.readVoutput(text));
    if (index === null) throw new Refused('VerificationKeyWrong', 'a voutput of none of these trustees');
    return index;
  }

  private putPubkey(text: string): void {
    ceremony.readSingle(text);
    if (!this.pubkeys.includes(text)) this.pubkeys.push(text);
  }

  private putTrustees(text: string): void {
    if (this.trustees === text) return;
    if (this.trustees !== null) throw new Different('trustees', 0);
    const whole = checked(text);
    const { group } = this;
    const groups = whole.filter((item) => item.group !== null);
    const mine = group === null || (groups.length === 1 && trusteesText(groups) === trusteesText([group]));
    require('TrusteePolicy', mine, 'another group than the one that was made here');
    this.trustees = text;
  }
}

function orNull<T>(act: () => T): T | null {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
}

function checked(text: string): readonly Trustee[] {
  const trustees = readTrustees(utf8(text));
  checkTrustees(trustees);
  return trustees;
}

export function isWhole(places: Places): places is string[] {
  return places.length > 0 && places.every((text) => text !== null);
}

// --- what a file is ---------------------------------------------------------------------------------------------------------

const FORMS: readonly (readonly [string, Kind])[] = [
  ['message,signature', 'cert'],
  ['coefexps,polynomial,secrets,signature', 'polynomial'],
  ['coefexps,polynomial,secrets,signatures', 'vinput'],
  ['private_key,public_key', 'voutput'],
  ['pok,public_key', 'pubkey'],
  ['heads,owner', 'heads'],
  ['areas,owner', 'trial'],
];

/** What a line of a file is, by its fields; null: nothing of a ceremony. */
function kindOf(line: string): Kind | null {
  if (COMMITMENT.test(line)) return 'commitment';
  let value: Json;
  try {
    value = read(utf8(line));
  } catch (error) {
    if (error instanceof Refused) return null;
    throw error;
  }
  if (Array.isArray(value)) return 'trustees';
  if (typeof value !== 'object' || value === null) return null;
  const fields = Object.keys(value).sort().join();
  return FORMS.find(([names]) => names === fields)?.[1] ?? null;
}

/** The messages in a file; null if there is none. A file of all commitments has them in the order of the trustees; a single one's name may have a number. */
export function messagesIn(name: string, content: string, size: number): Message[] | null {
  const lines = content.split('\n').map((line) => line.trim()).filter((line) => line !== '');
  const kinds = lines.map(kindOf);
  if (lines.length === 0 || kinds.includes(null)) return null;
  const isAll = lines.length === size && lines.length > 1;
  const number = Number(/(?:trustee[-_ ]?|^)0*(\d+)/i.exec(name)?.[1] ?? 0);
  return lines.map((text, i) => ({ kind: kinds[i]!, text, ...(kinds[i] === 'commitment' && { of: isAll ? i + 1 : lines.length === 1 ? number : 0 }) }));
}

/** In the order in which they can be judged. */
export function inOrder(messages: readonly Message[]): Message[] {
  return [...messages].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}
