/** What the reader picked: some files, or the folder of a record. Told by names only; what is in them is judged later. */
import { readWholeSetup } from '../verify/setup.ts';
import type { Given } from '../verify/area.ts';

const ARCHIVE = /^([1-9A-HJ-NP-Za-km-z]{14,64})\.bel(\.gz)?$/;
const ANY_ARCHIVE = /\.bel(\.gz)?$/;
/** As the library bounds them. */
const LARGEST = 2 ** 26;

/** One archive with what is beside it. `code` and `name` are for the reader to choose by. */
export interface Choice {
  readonly code: string;
  readonly name: string;
  readonly archive: File;
  readonly setup: File | null;
  /** Null where a record's folder has none, undefined where no folder was looked into. */
  readonly proofs: File | null | undefined;
  readonly fingerprints: File | null;
}

export class TooLarge extends Error {}

async function read(file: File): Promise<Uint8Array> {
  if (file.size > LARGEST) throw new TooLarge(file.name);
  return new Uint8Array(await file.arrayBuffer());
}

/** The archives among files that were picked one by one. */
export function amongFiles(files: readonly File[]): Choice[] {
  const called = (name: string): File | null => files.find((file) => file.name === name) ?? null;
  return files.filter(({ name }) => ANY_ARCHIVE.test(name)).map((archive) => ({
    code: '',
    name: archive.name,
    archive,
    setup: called('setup.json'),
    proofs: called(archive.name.replace(ANY_ARCHIVE, '.proofs')) ?? undefined,
    fingerprints: called('fingerprints.json'),
  }));
}

/** The archives of a record's folder, `areas/<code>/<uuid>.bel`, wherever in what was picked the record is. */
export async function inFolder(files: readonly File[]): Promise<Choice[]> {
  const at = new Map(files.map((file) => [file.webkitRelativePath, file]));
  const choices: Choice[] = [];
  for (const [path, archive] of at) {
    const parts = path.split('/');
    const [areas, code, name] = parts.slice(-3) as [string, string, string];
    if (parts.length < 3 || areas !== 'areas' || !ARCHIVE.test(name)) continue;
    const root = parts.slice(0, -3).map((part) => `${part}/`).join('');
    const proofs = at.get(`${path.replace(ANY_ARCHIVE, '')}.proofs`) ?? null;
    const [setup, fingerprints] = [at.get(`${root}setup.json`) ?? null, at.get(`${root}fingerprints.json`) ?? null];
    choices.push({ code, name, archive, setup, proofs, fingerprints });
  }
  const names = await namesIn(choices[0]?.setup ?? null);
  return choices
    .map((choice) => ({ ...choice, name: names.get(choice.code) ?? choice.name }))
    .sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** The areas' names, if there is a setup that can be read; why it cannot is told when it is verified. */
async function namesIn(setup: File | null): Promise<Map<string, string>> {
  try {
    return new Map(setup && readWholeSetup(await read(setup)).areas.map(({ code, name }) => [code, name]));
  } catch {
    return new Map();
  }
}

export async function given({ archive, setup, proofs, fingerprints }: Choice, anchor: string): Promise<Given> {
  return {
    archive,
    ...(anchor !== '' && { anchor }),
    ...(setup && { setup: await read(setup) }),
    ...(proofs !== undefined && { proofs: proofs && (await read(proofs)) }),
    ...(fingerprints && { fingerprints: await read(fingerprints) }),
  };
}
