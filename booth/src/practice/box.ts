/** The practice's box: answers everything that a vote site answers, on this device. It makes no request. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { Rejected, type Api, type State } from '../api.ts';
import { readBallot, trackerOf, type Unsigned } from '../protocol/ballot.ts';
import { BallotBox } from '../protocol/box.ts';
import { readElection, type Election } from '../protocol/election.ts';
import { Refused } from '../protocol/errors.ts';
import { G, IDENTITY, secretPower } from '../protocol/group.ts';
import { write, writeSorted } from '../protocol/json.ts';
import { bytesToHex, utf8 } from '../protocol/numbers.ts';
import { product } from '../protocol/proofs.ts';
import { receiptText, RECEIPT_PREFIX } from '../protocol/receipt.ts';
import { expectedElection } from '../protocol/setup.ts';
import { electionKey } from '../protocol/trustees.ts';
import { ArchiveWriter, type Written } from './archive.ts';
import type { World } from './world.ts';

/** What the public record shows of a ballot. */
export interface Shown extends Written {
  readonly tracker: string;
}

export class PracticeBox implements Api {
  readonly anchor: string;
  readonly taken: Shown[] = [];
  private readonly receipts = new Map<string, Uint8Array>();
  private readonly mine: Election;
  private readonly box: BallotBox;
  private readonly archive: ArchiveWriter;
  private newest: Unsigned | null = null;

  /** `fragment` leads another device to the same practice; `time` is in seconds since 1970. */
  constructor(
    readonly world: World,
    readonly fragment: string,
    time: number,
  ) {
    this.anchor = world.setup.anchor;
    const text = utf8(this.electionText(world.area.code));
    this.mine = readElection(text);
    this.box = new BallotBox(this.mine, new Set([world.voter]));
    this.archive = new ArchiveWriter(time, [text, world.trusteesText, utf8(write([world.voter]))]);
  }

  state(): Promise<State> {
    const areas = this.world.setup.areas.map(({ code, uuid }) => [code, { uuid, roll_prefix: 0 }]);
    return Promise.resolve({ phase: 'open', areas: Object.fromEntries(areas) as State['areas'] });
  }

  setup(): Promise<Uint8Array> {
    return Promise.resolve(this.world.setupText);
  }

  trustees(): Promise<Uint8Array> {
    return Promise.resolve(this.world.trusteesText);
  }

  election(area: string): Promise<Uint8Array> {
    return Promise.resolve(utf8(this.electionText(area)));
  }

  bucket(area: string, prefix: string): Promise<Uint8Array> {
    const { voter, area: mine } = this.world;
    const credentials = area === mine.code && voter.startsWith(prefix) ? [voter] : [];
    return Promise.resolve(utf8(write({ prefix, credentials })));
  }

  last(area: string, prefix: string): Promise<Uint8Array> {
    const { voter, area: mine } = this.world;
    const shown = area === mine.code && voter.startsWith(prefix) ? this.taken.slice(-1) : [];
    const ballots = shown.map(({ height, tracker }) => ({ credential: voter, height, tracker }));
    return Promise.resolve(utf8(write({ prefix, height: this.taken.at(-1)?.height ?? 0, ballots })));
  }

  /** Checks the ballot as every box must, and signs a receipt. */
  async cast(area: string, ballot: string): Promise<Uint8Array> {
    const raw = utf8(ballot);
    const tracker = trackerOf(raw);
    const before = this.receipts.get(tracker);
    if (before) return before;
    try {
      if (area !== this.world.area.code) throw new Refused('CredentialUnknown', 'nobody votes there in this practice');
      this.box.take(raw);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      throw new Rejected({ status: 422, step: error.step, name: error.refusal, detail: error.particular });
    }
    this.newest = readBallot(raw, this.mine).unsigned;
    const written = this.archive.append('Ballot', [raw]);
    this.taken.push({ ...written, tracker });
    const receipt = this.sign(written, tracker);
    this.receipts.set(tracker, receipt);
    return receipt;
  }

  /** The public record so far: an archive that any verifier reads. */
  record(): Uint8Array<ArrayBuffer> {
    return this.archive.bytes();
  }

  /** How often each choice was taken, question by question: the sum of all ballots that count, opened by both trustees. */
  open(): number[][] {
    const total = this.world.shares.reduce((sum, share) => sum + share, 0n);
    return (this.newest?.answers ?? []).map(({ choices }) =>
      choices.map((choice) => {
        // One voter has one ballot that counts, so the sum of each choice is 0 or 1.
        const { alpha, beta } = product([choice]);
        const rest = beta.subtract(secretPower(alpha, total));
        if (rest.equals(IDENTITY)) return 0;
        if (rest.equals(G)) return 1;
        throw new Error('a sum that no ballots make');
      }),
    );
  }

  private electionText(area: string): string {
    const { setup, trusteesText } = this.world;
    return expectedElection(setup, electionKey(trusteesText, setup.trusteesSha256), area);
  }

  private sign({ height, hash: event }: Written, tracker: string): Uint8Array {
    const { area, boxSecret } = this.world;
    const said = { event, height, tracker, uuid: area.uuid };
    const signature = bytesToHex(ed25519.sign(utf8(RECEIPT_PREFIX + writeSorted(said)), boxSecret));
    return utf8(receiptText({ ...said, signature }));
  }
}
