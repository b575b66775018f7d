/**
 * Verify one `.bel`: every numbered check of chapters 0 to 7, in one pass, with bounded memory, in the order of the library's
 * `watch/archive.py`. The reader has by then done 0.6 to 0.15; each method names the steps that it does. Ballots are handed to an engine in
 * batches; what is kept of each is its payload's hash (4.7) and, for each credential, the ciphertexts of its last ballot.
 */
import { ArchiveReader, readOwned, readSized, type Entry, type Source } from '../protocol/archive.ts';
import { largestRecord } from '../protocol/box.ts';
import { choicesOf, readElection, type Election } from '../protocol/election.ts';
import { inside, Refused, require } from '../protocol/errors.ts';
import { IDENTITY, vartimePower, hexOf, type Point } from '../protocol/group.ts';
import { sha256Hex, utf8 } from '../protocol/numbers.ts';
import { refused, sumsOf, type Engine, type Good, type Verdict } from './ballots.ts';
import { checkDecryption, checkResult, checkTally, combine, tallyText, type Factors, type Result, type Sums } from './count.ts';
import { checkCertificate, readCertificate, readWeightedRoll, type Roll } from './roll.ts';
import { checkTrustees, productOf, readTrustees, type Trustee } from './trustees.ts';

export type Phase = 'open' | 'closed' | 'counting' | 'counted';

/** What a verified archive says. `ballots` were taken in, of which `counted` are the last of their credential. */
export interface ArchiveReport {
  readonly election: Election;
  readonly trustees: readonly Trustee[];
  readonly trusteesSha256: string;
  readonly rollSha256: string;
  readonly rollSize: number;
  readonly rollWeight: bigint;
  readonly hasCertificate: boolean;
  readonly phase: Phase;
  readonly height: number;
  readonly head: string;
  readonly records: number;
  readonly ballots: number;
  readonly counted: number;
  readonly weight: bigint;
  readonly sums: Sums;
  readonly decryptions: ReadonlyMap<number, Factors>;
  readonly result: Result | null;
}

/** Told, now and then, how many ballots are verified, and how many keys of the roll. */
export type Progress = (done: { readonly ballots: number; readonly keys: number; readonly roll: number }) => void;

const PHASES: Record<string, Phase> = {
  Setup: 'open',
  Ballot: 'open',
  EndBallots: 'closed',
  EncryptedTally: 'counting',
  EndShuffles: 'counting',
  PartialDecryption: 'counting',
  Result: 'counted',
};
/** Ballots, and keys, that are handed over at once: at most so many, and of ballots so many bytes. */
const BATCH = 16;
const BATCH_BYTES = 1 << 20;
const KEYS = 64;

/** What is known once the Setup event is verified. */
interface Known {
  readonly election: Election;
  readonly trustees: readonly Trustee[];
  readonly trusteesSha256: string;
  readonly roll: Roll;
  readonly hasCertificate: boolean;
}

interface Waiting {
  readonly entries: readonly Entry[];
  readonly verdicts: Promise<readonly Verdict[]>;
}

class Verifier {
  private readonly reader = new ArchiveReader();
  private known: Known | null = null;
  private batch: Entry[] = [];
  private bytes = 0;
  private readonly queue: Waiting[] = [];
  private readonly seen = new Set<string>();
  private readonly last = new Map<string, Good>();
  private readonly decryptions = new Map<number, Factors>();
  private sums: Sums = [];
  private accepted = 0;
  private result: Result | null = null;

  constructor(
    private readonly engine: Engine,
    private readonly progress: Progress,
  ) {}

  async run(source: Source): Promise<ArchiveReport> {
    try {
      for await (const entry of this.reader.stream(source)) {
        if (entry.kind === 'Ballot') {
          await this.ballot(entry);
          continue;
        }
        await this.drain();
        if (entry.kind === 'Setup') await this.setup(entry);
        else inside(place(entry), () => this.take(entry, this.setUp()));
      }
    } catch (error) {
      // Of several refusals the first in the file is told: a ballot before this place may be bad too.
      if (error instanceof Refused) await this.drain();
      throw error;
    }
    await this.drain();
    return this.report(this.setUp());
  }

  private setUp(): Known {
    if (this.known === null) throw new Refused('Truncated', 'the archive has no Setup event');
    return this.known;
  }

  /** 2.1 to 2.6; 3.1 to 3.14; 1.1 to 1.7, 0.4 and 0.5 of every key. */
  private async setup(entry: Entry): Promise<void> {
    const [text, trusteesText, list, certificate] = entry.data as readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
    const within = <T>(what: string, act: () => T): T => inside(place(entry), () => inside(what, act));
    const election = within('election', () => readElection(text));
    const trustees = within('trustees', () => readChecked(trusteesText, election.y));
    const roll = within('roll', () => readWeightedRoll(list));
    await this.keys([...roll.weights.keys()], place(entry));
    const hasCertificate = entry.data.length > 4;
    if (hasCertificate) within('certificate', () => checkCertificate(readCertificate(certificate), election.uuid, roll));
    this.known = { election, trustees, trusteesSha256: sha256Hex(trusteesText), roll, hasCertificate };
    this.sums = election.questions.map((question) =>
      Array.from({ length: choicesOf(question) }, () => ({ alpha: IDENTITY, beta: IDENTITY })));
    this.reader.largest = largestRecord(election);
    this.engine.begin(election.raw);
  }

  private async keys(keys: readonly string[], where: string): Promise<void> {
    const waiting: Promise<void>[] = [];
    let done = 0;
    for (let start = 0; start < keys.length; start += KEYS) {
      const slice = keys.slice(start, start + KEYS);
      const judge = async (): Promise<void> => {
        const told = await this.engine.keys(slice);
        if (told) throw refused(told).within(`entry ${start + told.at + 1}`).within('roll').within(where);
        this.progress({ ballots: 0, keys: (done += slice.length), roll: keys.length });
      };
      const judged = judge();
      judged.catch(() => {}); // it is awaited below, in its turn
      waiting.push(judged);
      if (waiting.length > 2 * this.engine.lanes) await waiting.shift();
    }
    for (const judged of waiting) await judged;
  }

  // --- ballots --------------------------------------------------------------------------------------------------------------

  private async ballot(entry: Entry): Promise<void> {
    this.batch.push(entry);
    this.bytes += entry.data[0]!.length;
    if (this.batch.length >= BATCH || this.bytes > BATCH_BYTES) this.handOver();
    while (this.queue.length > 2 * this.engine.lanes) await this.finish();
  }

  private handOver(): void {
    const verdicts = this.engine.ballots(this.batch.map(({ data }) => data[0]!));
    verdicts.catch(() => {}); // it is awaited in its turn
    this.queue.push({ entries: this.batch, verdicts });
    [this.batch, this.bytes] = [[], 0];
  }

  /** Finish all ballots read so far. */
  private async drain(): Promise<void> {
    if (this.batch.length > 0) this.handOver();
    while (this.queue.length > 0) await this.finish();
  }

  /** 4.1 to 4.15 of the ballots that were handed over first, in their order, and their product into the sum. */
  private async finish(): Promise<void> {
    const { entries, verdicts } = this.queue.shift()!;
    const known = this.setUp();
    const judged = await verdicts;
    entries.forEach((entry, i) => inside(place(entry), () => this.judge(known, entry, judged[i]!)));
    this.accepted += entries.length;
    this.progress({ ballots: this.accepted, keys: known.roll.weights.size, roll: known.roll.weights.size });
  }

  private judge({ roll }: Known, entry: Entry, verdict: Verdict): void {
    if ('refusal' in verdict) throw refused(verdict);
    const { credential } = verdict;
    const weight = roll.weights.get(credential);
    if (weight === undefined) throw new Refused('CredentialUnknown', credential);
    const payload = entry.payload ?? '';
    require('BallotReplayed', !this.seen.has(payload), payload);
    this.seen.add(payload);
    const before = this.last.get(credential);
    this.add(verdict, weight, 1);
    if (before) this.add(before, weight, -1);
    this.last.set(credential, verdict);
  }

  /** Of each credential the last ballot counts: one that is replaced is taken out of the sum again. */
  private add(ballot: Good, weight: bigint, sign: 1 | -1): void {
    const more = (sum: Point, point: Point): Point => {
      const power = weight === 1n ? point : vartimePower(point, weight);
      return sign === 1 ? sum.add(power) : sum.subtract(power);
    };
    const choices = sumsOf(ballot);
    this.sums = this.sums.map((row, q) =>
      row.map(({ alpha, beta }, c) => ({ alpha: more(alpha, choices[q]![c]!.alpha), beta: more(beta, choices[q]![c]!.beta) })));
  }

  private get counted(): readonly [number, bigint] {
    const { roll } = this.setUp();
    return [this.last.size, [...this.last.keys()].reduce((sum, credential) => sum + roll.weights.get(credential)!, 0n)];
  }

  // --- the count ------------------------------------------------------------------------------------------------------------

  private take(entry: Entry, known: Known): void {
    const [first, second] = entry.data as readonly [Uint8Array, Uint8Array];
    if (entry.kind === 'EncryptedTally') this.tally(known, first, second);
    else if (entry.kind === 'PartialDecryption') this.decryption(known, first, second);
    else if (entry.kind === 'Result') {
      const factors = combine(known.trustees, this.decryptions);
      this.result = checkResult(first, known.election, this.sums, factors);
    }
  }

  /** 7.1 to 7.3, 7.11. */
  private tally({ election }: Known, text: Uint8Array, sizedText: Uint8Array): void {
    const sized = readSized(sizedText);
    const [counted, weight] = this.counted;
    require('CountWrong', sized.counted === counted, `expected ${counted}, got ${sized.counted}`);
    require('WeightWrong', sized.weight === weight, `expected ${weight}, got ${sized.weight}`);
    // The very text of the sum that was made here needs no reading: its points are known. Only another one is looked into.
    if (sha256Hex(utf8(tallyText(this.sums))) !== sha256Hex(text)) checkTally(text, election, this.sums);
  }

  /** 7.4 to 7.7. */
  private decryption({ election, trustees }: Known, text: Uint8Array, ownedText: Uint8Array): void {
    const { owner } = readOwned(ownedText);
    const keys = trustees.flatMap((item) => item.keys);
    const key = keys[owner - 1];
    if (key === undefined) throw new Refused('DecryptionOwner', `expected 1 to ${keys.length}, got ${owner}`);
    require('DecryptionTwice', !this.decryptions.has(owner), String(owner));
    this.decryptions.set(owner, checkDecryption(text, this.sums, election, key));
  }

  private report({ election, trustees, trusteesSha256, roll, hasCertificate }: Known): ArchiveReport {
    const [counted, weight] = this.counted;
    const { height, head, kind, records } = this.reader;
    return {
      ...{ election, trustees, trusteesSha256, rollSha256: roll.sha256, rollSize: roll.weights.size, rollWeight: roll.total },
      ...{ hasCertificate, phase: PHASES[kind]!, height, head: head!, records, ballots: this.accepted, counted, weight },
      ...{ sums: this.sums, decryptions: this.decryptions, result: this.result },
    };
  }
}

/** 3.1 to 3.13. */
function readChecked(data: Uint8Array, y: Point): Trustee[] {
  const trustees = readTrustees(data);
  checkTrustees(trustees);
  const product = productOf(trustees.map(({ key }) => key));
  require('ElectionKeyWrong', product.equals(y), `expected ${hexOf(product)}, got ${hexOf(y)}`);
  return trustees;
}

function place(entry: Entry): string {
  return `event ${entry.height} (${entry.kind})`;
}

/** Verify an archive from its beginning to its end; throws the first refusal. */
export function verifyArchive(source: Source, engine: Engine, progress: Progress = () => {}): Promise<ArchiveReport> {
  return new Verifier(engine, progress).run(source);
}
