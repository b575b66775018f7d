/**
 * A record as a trustee picked it, and what is to be decrypted of it. The order is that of the library's `watch/trustee.py`: everything is
 * verified, then everything is checked, then it is remembered, and only then anything is decrypted.
 */
import { readElection } from '../protocol/election.ts';
import { inside, Refused } from '../protocol/errors.ts';
import { affineOf, pointAt, type Affine } from '../protocol/group.ts';
import { utf8, type Random } from '../protocol/numbers.ts';
import { checkRequest, decryptSums, isBelow, ownerOfKey, partsText, tallyHash, type Heads, type Part, type Request } from '../keys/decryption.ts';
import { verifyArea } from '../verify/area.ts';
import type { ArchiveReport, Phase, Progress } from '../verify/archive.ts';
import type { Engine } from '../verify/ballots.ts';
import { checkAnchor, readWholeSetup } from '../verify/setup.ts';
import type { FileSource } from '../verify/source.ts';
import { readTrustees, trusteesText, type Trustee } from '../verify/trustees.ts';
import { isZip, unzip } from './zip.ts';

const ARCHIVE = /^([1-9A-HJ-NP-Za-km-z]{14,64})\.bel(\.gz)?$/;
const LARGEST_SETUP = 2 ** 26;

/** Why a record cannot be looked at: it is no refusal of it. */
export class Incomplete extends Error {
  constructor(
    readonly why: 'setup' | 'twice' | 'area',
    readonly what: string,
  ) {
    super(`${why}: ${what}`);
  }
}

/** The files of a record that a decryption needs: the setup, and the archives by uuid. */
export interface Picked {
  readonly setup: Uint8Array;
  readonly archives: ReadonlyMap<string, Blob>;
}

/** Among files from a folder, from a zip file or picked one by one, by their names. What is in them is judged later. */
export async function pick(given: readonly File[]): Promise<Picked> {
  const isWanted = (name: string): boolean => name === 'setup.json' || ARCHIVE.test(name);
  const unpacked = await Promise.all(given.map((file) => (isZip(file.name) ? unzip(file, isWanted) : [file])));
  const files = unpacked.flat();
  const setups = files.filter(({ name }) => name === 'setup.json');
  if (setups.length !== 1 || setups[0]!.size > LARGEST_SETUP) throw new Incomplete('setup', String(setups.length));
  const archives = new Map<string, Blob>();
  for (const file of files) {
    const uuid = ARCHIVE.exec(file.name)?.[1];
    if (uuid === undefined) continue;
    if (archives.has(uuid)) throw new Incomplete('twice', file.name);
    archives.set(uuid, file);
  }
  return { setup: new Uint8Array(await setups[0]!.arrayBuffer()), archives };
}

/** What is known of one verified area: numbers, texts and coordinates only, as a message between workers carries them. */
export interface Checked {
  readonly code: string;
  readonly name: string;
  readonly uuid: string;
  readonly phase: Phase;
  readonly head: string;
  readonly counted: number;
  readonly decryptions: number;
  readonly election: Uint8Array;
  readonly sums: readonly (readonly (readonly [Affine, Affine])[])[];
}

/** A record that was verified, as far as trustees need it. */
export interface Verified {
  readonly anchor: string;
  readonly minimum: number;
  /** The text of the trustees, the same in all areas. */
  readonly trustees: string;
  readonly areas: readonly Checked[];
}

export interface Told {
  readonly area: number;
  readonly areas: number;
  readonly part: number;
  readonly ballots: number;
}

/** Verify every area of a setup with this anchor (8.1, then all of chapters 0 to 7, 7.15, 8.5 to 8.7). */
export async function verifyRecord({ setup, archives }: Picked, anchor: string, engine: Engine, told: (done: Told) => void): Promise<Verified> {
  checkAnchor(setup, anchor);
  const whole = readWholeSetup(setup);
  const areas: Checked[] = [];
  let trustees = '';
  for (const [i, { code, uuid, name }] of whole.areas.entries()) {
    const archive = archives.get(uuid);
    if (archive === undefined) throw new Incomplete('area', `${code}: ${uuid}.bel`);
    let source: FileSource | null = null;
    const progress: Progress = ({ ballots }) => told({ area: i + 1, areas: whole.areas.length, part: source?.part ?? 0, ballots });
    try {
      const found = await verifyArea({ archive, setup, anchor }, engine, progress, (opened) => (source = opened));
      if (found.area?.uuid !== uuid) throw new Refused('AreaOtherSetup', `the archive is that of area ${found.area?.code ?? '?'}`);
      trustees ||= trusteesText(found.archive.trustees);
      areas.push(checkedOf(code, name, found.archive));
    } catch (error) {
      throw error instanceof Refused ? error.within(`area ${code}`) : error;
    }
    told({ area: i + 1, areas: whole.areas.length, part: 1, ballots: 0 });
  }
  return { anchor: whole.anchor, minimum: whole.minimumBallots, trustees, areas };
}

function checkedOf(code: string, name: string, report: ArchiveReport): Checked {
  const { election, phase, head, counted, decryptions, sums } = report;
  const affine = sums.map((row) => row.map(({ alpha, beta }) => [affineOf(alpha), affineOf(beta)] as const));
  return { code, name, uuid: election.uuid, phase, head, counted, decryptions: decryptions.size, election: election.raw, sums: affine };
}

let latest: { readonly text: string; readonly trustees: readonly Trustee[] } | null = null;

/** The trustees of a verified record, whose text was checked with it. Read once: each point costs time. */
export function trusteesIn({ trustees: text }: Verified): readonly Trustee[] {
  if (latest?.text !== text) latest = { text, trustees: readTrustees(utf8(text)) };
  return latest.trustees;
}

/** Which trustee of a verified record a key makes its holder (3.18). */
export function ownerIn(verified: Verified, x: bigint): number {
  return ownerOfKey(trusteesIn(verified), x);
}

/** The heads of the areas that wait to be decrypted: what trustees exchange. */
export function headsOf({ areas }: Verified, owner: number): Heads {
  return { owner, heads: new Map(areas.filter(({ phase }) => phase === 'counting').map(({ uuid, head }) => [uuid, head])) };
}

/** What is to be decrypted, and which areas stay below the minimum. */
export interface Plan {
  readonly owner: number;
  readonly requests: readonly (Request & { readonly election: Uint8Array })[];
  readonly below: readonly Checked[];
}

/** Everything that a trustee refuses but what it has to remember (0.15, 3.18, 7.12, 7.14). */
export function plan(verified: Verified, x: bigint, others: readonly Heads[]): Plan {
  const { areas, minimum } = verified;
  const trustees = trusteesIn(verified);
  const owner = ownerOfKey(trustees, x);
  const [requests, below]: [(Request & { election: Uint8Array })[], Checked[]] = [[], []];
  for (const area of areas) {
    const sums = area.sums.map((row) => row.map(([alpha, beta]) => ({ alpha: pointAt(alpha), beta: pointAt(beta) })));
    const request = { ...area, sums, trustees };
    inside(`area ${area.code}`, () => checkRequest(request, owner, others));
    if (isBelow(area, minimum)) below.push(area);
    else requests.push(request);
  }
  if (requests.length === 0) throw new Refused('BelowMinimum', `expected at least ${minimum}, got ${below[0]?.counted ?? 0}`).within(`area ${below[0]?.code ?? ''}`);
  return { owner, requests, below };
}

/** The sums of a plan, by uuid: what is to be remembered before the decryption leaves (7.13). */
export function sumsIn({ requests }: Plan): Map<string, string> {
  return new Map(requests.map((request) => [request.uuid, tallyHash(request)]));
}

/** Decrypt. To be called only when all of the plan has been remembered. `pause` lets the page breathe, and is told how far it is. */
export async function decryptPlan({ owner, requests }: Plan, x: bigint, random: Random, pause: (done: number) => Promise<void>): Promise<string> {
  const areas = new Map<string, Part>();
  for (const [i, { uuid, sums, election }] of requests.entries()) {
    await pause(i / requests.length);
    areas.set(uuid, decryptSums(sums, readElection(election), x, random));
  }
  return partsText({ owner, areas });
}
