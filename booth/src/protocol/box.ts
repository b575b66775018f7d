/** The ballots of one area in their order, each checked as the box does before it takes it (spec 4.b; 4.6 and 4.7 too). */
import { ArchiveReader } from './archive.ts';
import { maxBallotSize, readBallot } from './ballot.ts';
import { checkBallot } from './check.ts';
import { choicesOf, readElection, type Election } from './election.ts';
import { inside, Refused, require } from './errors.ts';
import { sha256Hex } from './numbers.ts';
import { readRoll } from './roll.ts';

/** Takes ballots one after the other and remembers them. */
export class BallotBox {
  private readonly seen = new Set<string>();

  constructor(
    readonly election: Election,
    readonly roll: ReadonlySet<string>,
  ) {}

  /** Refuse the ballot, or remember it; its public credential. */
  take(raw: Uint8Array): string {
    const ballot = readBallot(raw, this.election);
    checkBallot(ballot, this.election);
    const { credential } = ballot.unsigned;
    require('CredentialUnknown', this.roll.has(credential), credential);
    const hash = sha256Hex(raw);
    require('BallotReplayed', !this.seen.has(hash), hash);
    this.seen.add(hash);
    return credential;
  }
}

/** Checks every ballot of an archive; how many there are. Roll and trustees are the business of `sanduq watch verify`. */
export function checkArchive(bytes: Uint8Array): { readonly election: Election; readonly ballots: number } {
  let box: BallotBox | null = null;
  let ballots = 0;
  const reader = new ArchiveReader(bytes);
  for (const { kind, height, data } of reader.entries()) {
    if (kind === 'Setup') {
      box = new BallotBox(readElection(data[0]!), readRoll(data[2]!));
      reader.largest = largestRecord(box.election);
    } else if (kind === 'Ballot') {
      inside(`event ${height}`, () => box!.take(data[0]!));
      ballots++;
    }
  }
  if (box === null) throw new Refused('Truncated', 'the archive has no Setup event');
  return { election: box.election, ballots };
}

/** No later record is longer than this: a ballot, or a partial decryption of every sum. */
export function largestRecord(election: Election): number {
  const choices = election.questions.reduce((sum, question) => sum + choicesOf(question), 0);
  return Math.max(maxBallotSize(election) + 1, 512 * choices + 4096);
}
