/**
 * One area of a referendum: its archive, and, as far as they are there, that it is the one of the setup, that the setup is the announced one,
 * that every decryption has its second proof, and that the archive has grown out of the one that was fingerprinted. The order is that
 * of the library's `watch/record.py`.
 */
import { inside, Refused, require } from '../protocol/errors.ts';
import { Form, read, requireSame, type Json } from '../protocol/json.ts';
import { expectedElection, type Area } from '../protocol/setup.ts';
import { verifyArchive, type ArchiveReport, type Progress } from './archive.ts';
import type { Engine } from './ballots.ts';
import { checkBinding, readBindings } from './count.ts';
import { checkAnchor, readWholeSetup, type Policy, type WholeSetup } from './setup.ts';
import { FileSource } from './source.ts';
import { productOf, type Trustee } from './trustees.ts';

/** What the reader picked. `proofs`: null where a record's folder has none, undefined where nobody looked for them. */
export interface Given {
  readonly archive: Blob;
  readonly anchor?: string;
  readonly setup?: Uint8Array;
  readonly proofs?: Uint8Array | null;
  readonly fingerprints?: Uint8Array;
}

export interface AreaReport {
  readonly archive: ArchiveReport;
  readonly area: Area | null;
  readonly setup: WholeSetup | null;
  /** Which of the files beside the archive were there. */
  readonly given: Record<'anchor' | 'setup' | 'proofs' | 'fingerprints', boolean>;
  /** How many decryptions have a second proof. */
  readonly bound: number;
  /** Of the whole archive, unpacked: compare it with `fingerprints.json`. */
  readonly size: number;
  readonly sha256: string;
}

export interface Fingerprint {
  readonly uuid: string;
  readonly height: number;
  readonly head: string;
  readonly size: number;
  readonly sha256: string;
}

const form: Form = new Form('FingerprintMismatch');
const LARGEST_SIZE = 2 ** 50;

/** What `fingerprints.json` says, by area. */
export function readFingerprints(data: Uint8Array): Map<string, Fingerprint> {
  const value = read(data);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) form.fail('fingerprints');
  const one = (item: Json): Fingerprint => {
    const fields = form.fields(item, ['uuid', 'height', 'head', 'size', 'sha256']);
    const { uuid, height, head, size, sha256 } = fields;
    return {
      uuid: form.text(uuid, 'uuid'),
      height: form.number(height, 'height'),
      head: form.hash(head, 'head'),
      size: form.number(size, 'size', 0, LARGEST_SIZE),
      sha256: form.hash(sha256, 'sha256'),
    };
  };
  return new Map(Object.entries(value as { readonly [code: string]: Json }).map(([code, item]) => [code, one(item)]));
}

/** Verify what was picked; throws the first refusal. `told` is called when the source is there, to ask it how far it is. */
export async function verifyArea(given: Given, engine: Engine, progress?: Progress, told?: (source: FileSource) => void): Promise<AreaReport> {
  if (given.setup && given.anchor !== undefined) checkAnchor(given.setup, given.anchor);
  const setup = given.setup ? readWholeSetup(given.setup) : null;
  const fingerprints = given.fingerprints ? readFingerprints(given.fingerprints) : null;
  if (setup && fingerprints) checkFingerprintAreas(setup, fingerprints);
  // Which one is the archive's is known when it is read: hashes are made at every length that may be asked for.
  const source = new FileSource(given.archive, [...(fingerprints?.values() ?? [])].map(({ size }) => size));
  told?.(source);
  const archive = await verifyArchive(source, engine, progress);
  const area = setup ? checkArea(setup, archive) : null;
  const bound = given.proofs === undefined ? 0 : checkBindings(given.proofs, archive, setup?.bindings ?? false);
  if (fingerprints) checkFingerprint(fingerprints, archive, source);
  const has = { anchor: given.anchor !== undefined && setup !== null, setup: setup !== null, proofs: given.proofs !== undefined };
  return { archive, area, setup, given: { ...has, fingerprints: fingerprints !== null }, bound, size: source.size, sha256: source.digest()! };
}

/** A verified archive is the one of an area of this setup (7.15, 8.5 to 8.7, 3.19, 7.12); the area. */
export function checkArea(setup: WholeSetup, report: ArchiveReport): Area {
  const { election, trustees, rollSize, rollWeight } = report;
  const index = setup.areas.findIndex(({ uuid }) => uuid === election.uuid);
  const area = setup.areas[index];
  if (area === undefined) throw new Refused('NotInSetup', election.uuid);
  const y = productOf(trustees.map(({ key }) => key));
  requireSame(election.raw, expectedElection(setup, y, area.code), 'AreaOtherSetup');
  require('AreaRoll', report.rollSha256 === setup.rolls[index], `expected ${setup.rolls[index]}, got ${report.rollSha256}`);
  const size = rollWeight > BigInt(rollSize) ? rollWeight : BigInt(rollSize);
  require('AreaRoll', size <= BigInt(area.electorate), `more credentials than electors: expected at most ${area.electorate}, got ${size}`);
  const { trusteesSha256 } = report;
  require('AreaTrustees', trusteesSha256 === setup.trusteesSha256, `expected ${setup.trusteesSha256}, got ${trusteesSha256}`);
  checkPolicy(setup.policy, trustees);
  const enough = report.result === null || report.counted === 0 || report.counted >= setup.minimumBallots;
  require('BelowMinimum', enough, `expected at least ${setup.minimumBallots}, got ${report.counted}`);
  return area;
}

function checkPolicy({ mandatory, size, threshold }: Policy, trustees: readonly Trustee[]): void {
  const groups = trustees.filter(({ group }) => group !== null);
  require('TrusteePolicy', groups.length <= 1, `${groups.length} threshold groups`);
  const got = [trustees.length - groups.length, groups[0]?.keys.length ?? 0, groups[0]?.needed ?? 0];
  require('TrusteePolicy', got.join() === [mandatory, size, threshold].join(), `expected ${[mandatory, size, threshold].join()}, got ${got.join()}`);
}

/** Every decryption has its second proof, if they are needed; those that are there are right (7.17). How many there are. */
function checkBindings(data: Uint8Array | null, report: ArchiveReport, needed: boolean): number {
  const proofs = data === null ? new Map<number, never>() : inside('second proofs', () => readBindings(data));
  const { election, sums, decryptions } = report;
  const owners = [...decryptions.keys()].sort((a, b) => a - b);
  const missing = owners.filter((owner) => !proofs.has(owner));
  require('BindingInvalid', !needed || missing.length === 0, `no proof of trustees ${missing.join()}`);
  // Before the decryptions stand in the archive their proofs may be there already: they are written first.
  const extra = owners.length === 0 ? [] : [...proofs.keys()].filter((owner) => !decryptions.has(owner));
  require('BindingInvalid', extra.length === 0, `a proof of no decryption, of trustees ${extra.join()}`);
  const keys = report.trustees.flatMap((item) => item.keys);
  const done = owners.filter((owner) => proofs.has(owner));
  for (const owner of done) {
    const decrypted = { election, sums, key: keys[owner - 1]!, factors: decryptions.get(owner)! };
    inside(`trustee ${owner}`, () => checkBinding(decrypted, proofs.get(owner)!));
  }
  return done.length;
}

// --- fingerprints -----------------------------------------------------------------------------------------------------------

function checkFingerprintAreas({ areas }: WholeSetup, fingerprints: ReadonlyMap<string, Fingerprint>): void {
  const same = fingerprints.size === areas.length && areas.every(({ code, uuid }) => fingerprints.get(code)?.uuid === uuid);
  require('FingerprintMismatch', same, 'other areas than those of the setup');
}

/** The archive is, or has grown out of, the one that was fingerprinted (8.12). */
function checkFingerprint(fingerprints: ReadonlyMap<string, Fingerprint>, report: ArchiveReport, source: FileSource): void {
  const { election, height, head } = report;
  const known = [...fingerprints.values()].find(({ uuid }) => uuid === election.uuid);
  if (known === undefined) throw new Refused('FingerprintMismatch', `none is of ${election.uuid}`);
  require('FingerprintMismatch', known.height <= height && known.size <= source.size, 'the archive is shorter than when it was fingerprinted');
  const got = source.digest(known.size);
  require('FingerprintMismatch', got === known.sha256, `expected ${known.sha256}, got ${got}`);
  if (known.height === height) require('FingerprintMismatch', known.head === head && known.size === source.size, 'another last event');
}
