/**
 * Everything that touches a secret or decides about validity, behind a few calls. It runs in a worker of its own, so that sealing
 * does not hold up the page, and so that credential and randomness stay out of the page's reach.
 */
import { trackerOf } from '../protocol/ballot.ts';
import { pack, unpack } from '../protocol/compact.ts';
import { readElection, type Election } from '../protocol/election.ts';
import { Refused } from '../protocol/errors.ts';
import { G, withTable } from '../protocol/group.ts';
import { Form, read } from '../protocol/json.ts';
import { systemRandom, utf8 } from '../protocol/numbers.ts';
import { checkReceiptFor, readReceipt, receiptText } from '../protocol/receipt.ts';
import { lastOf, publicCredential, requireOnRoll, type Last } from '../protocol/roll.ts';
import { checkChallenge, openedHash, seal, type Choices, type SealedBallot } from '../protocol/seal.ts';
import { checkElection, readSetup, type Setup } from '../protocol/setup.ts';

/** How many characters of a hash are enough to know it by. */
const BEGINNING = 12;
const bucketForm = new Form('RollMalformed');

export class Desk {
  private known: Setup | null = null;
  private election: Election | null = null;
  private credential: string | null = null;
  private public = '';
  private sealed: SealedBallot | null = null;

  /** The setup, if its SHA-256 is the anchor (8.1). */
  setup(data: Uint8Array, anchor: string): Setup {
    this.known = readSetup(data, anchor);
    return this.known;
  }

  /** Take the election of an area, if it is what setup and trustees give for it (2.1 to 2.6, 3.13, 8.5); its φ. */
  area(data: Uint8Array, trustees: Uint8Array, code: string): string {
    const election = readElection(data);
    checkElection(election, this.must(this.known), trustees, code);
    this.election = election;
    this.sealed = null;
    // The tables of both bases are made while the voter reads, not while the voter waits.
    withTable(G);
    return election.fingerprint;
  }

  /** Remember a credential; its public half. */
  open(credential: string): string {
    this.public = publicCredential(this.must(this.election).uuid, credential);
    this.credential = credential;
    return this.public;
  }

  /** The remembered credential is in this bucket of the public list (4.6). */
  onRoll(data: Uint8Array): void {
    const fields = bucketForm.fields(read(data), ['prefix', 'credentials']);
    requireOnRoll(fields.credentials, this.public);
  }

  /** The remembered credential's last ballot among those of its bucket; null if the public record shows none. */
  find(data: Uint8Array): Last | null {
    return lastOf(read(data), this.public);
  }

  /** Seal choices; the hash to be shown. */
  seal(choices: Choices): string {
    this.sealed = seal(this.must(this.election), this.public, choices, systemRandom);
    return this.sealed.hash;
  }

  /** Open the sealed ballot for good. */
  challenge(): string {
    return this.must(this.sealed).challenge();
  }

  /** Sign the sealed ballot and let go of its randomness. */
  cast(): { readonly ballot: string; readonly tracker: string } {
    const ballot = this.must(this.sealed).cast(this.must(this.credential), systemRandom);
    return { ballot, tracker: trackerOf(utf8(ballot)) };
  }

  /** Whether a ballot can be sealed: a credential is remembered. */
  ready(): boolean {
    return this.credential !== null;
  }

  /** The tracker of a signed ballot that waited on this device. */
  tracker(ballot: string): string {
    return trackerOf(utf8(ballot));
  }

  /** The box's receipt, if it is one for this ballot in this area (5.3). */
  receipt(data: Uint8Array, code: string, tracker: string): { readonly text: string; readonly height: number } {
    const setup = this.must(this.known);
    const area = setup.areas.find((one) => one.code === code);
    if (area === undefined) throw new Refused('ReceiptInvalid', 'of no area');
    const receipt = readReceipt(data);
    checkReceiptFor(receipt, setup.boxKey, area.uuid, tracker);
    return { text: receiptText(receipt), height: receipt.height };
  }

  /** An opened ballot in a few bytes, and back: for a code from one screen to another device. */
  pack(opened: string): string {
    return pack(opened);
  }

  unpack(packed: string): string {
    return unpack(packed, this.must(this.election));
  }

  /**
   * What an opened ballot of another device says, if its hash is the one that was shown there (4.16). Who wrote down only its
   * beginning may enter that: twelve characters are 72 bits, which no booth finds again while a voter waits.
   */
  checkOpened(text: string, shown: string): number[][] {
    const data = utf8(text);
    const hash = shown.length >= BEGINNING ? openedHash(data) : shown;
    return checkChallenge(data, this.must(this.election), hash.startsWith(shown) ? hash : shown);
  }

  /** Forget credential and ballot; setup and election stay. */
  forget(): void {
    this.credential = null;
    this.public = '';
    this.sealed = null;
  }

  private must<T>(value: T | null): T {
    if (value === null) throw new Error('asked out of order');
    return value;
  }
}
