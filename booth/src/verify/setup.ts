/**
 * The whole setup as a verifier reads it (spec 2.7 to 2.10, 2.12 to 2.14, 3.19): what the booth reads of it, and the rest. **Not** 2.11: the rule of
 * decision says what follows from the results of all areas; of one area nothing depends on it.
 */
import { checkBounds, checkUuid } from '../protocol/election.ts';
import { Refused, require } from '../protocol/errors.ts';
import { IDENTITY, isInGroup, uncheckedPoint } from '../protocol/group.ts';
import { Form, read, requireSame, writeSorted, type Json } from '../protocol/json.ts';
import { sha256Hex } from '../protocol/numbers.ts';
import { readSetup, type Setup } from '../protocol/setup.ts';

const form: Form = new Form('SetupMalformed');
const CODE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const LANGUAGE = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const LONGEST_TEXT = 20_000;

/** How many mandatory trustees there are, and size and threshold of the group (0, 0 without one). */
export interface Policy {
  readonly mandatory: number;
  readonly size: number;
  readonly threshold: number;
}

export interface WholeSetup extends Setup {
  readonly minimumBallots: number;
  readonly policy: Policy;
  /** Whether every decryption needs a second proof (7.f). */
  readonly bindings: boolean;
  /** SHA-256 of each area's roll, in the order of the areas. */
  readonly rolls: readonly string[];
}

/** Refuse unless the text's SHA-256 is the announced one (8.1). */
export function checkAnchor(data: Uint8Array, anchor: string): void {
  const got = sha256Hex(data);
  require('AnchorMismatch', got === anchor.trim().toLowerCase(), `expected ${anchor.trim()}, got ${got}`);
}

/** The setup in `data` (2.5 to 2.10, 2.12 to 2.14, 3.19). */
export function readWholeSetup(data: Uint8Array): WholeSetup {
  const value = read(data);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) form.fail('setup');
  const fields = value as Readonly<Record<string, Json>>;
  require('SetupMalformed', fields.format === 'sanduq-setup-1', 'format');
  requireSame(data, writeSorted(value), 'SetupNotCanonical');
  // Written as an escape, half of a surrogate pair would come out as it went in.
  require('SetupNotCanonical', textsIn(value).every((text) => !/\p{Surrogate}/u.test(text)), 'half of a surrogate pair');
  const setup = readSetup(data, sha256Hex(data));
  checkLanguages(setup);
  checkTexts(setup);
  for (const asked of setup.questions) checkBounds(asked.min, asked.max, asked.answers.length);
  const { opens, closes } = setup;
  require('SetupMalformed', [opens, closes].every(isTime) && opens < closes, `opens ${opens}, closes ${closes}`);
  const minimumBallots = form.number(fields.minimum_ballots!, 'minimum_ballots');
  const policy = readPolicy(fields.trustees!);
  const bindings = form.boolean(fields.bindings!, 'bindings');
  const rolls = (fields.areas as readonly { readonly [name: string]: Json }[]).map((area) => form.hash(area.roll_sha256!, 'roll_sha256'));
  const below = form.text(fields.below_minimum!, 'below_minimum');
  require('SetupMalformed', below === 'uncounted' || below === 'repeat', 'below_minimum');
  const regions = fields.regions as readonly { readonly [name: string]: Json }[];
  checkAreas(setup, regions.map(({ code, parent }) => [String(code), parent === null ? null : form.text(parent!, 'parent')] as const));
  checkSupervisor(setup);
  require('TestUuid', setup.areas.every(({ uuid }) => uuid !== setup.testUuid), setup.testUuid ?? '');
  return { ...setup, minimumBallots, policy, bindings, rolls };
}

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]) => [name, ...textsIn(item as Json)]);
}

/** A moment that exists in the calendar. */
function isTime(text: string): boolean {
  const time = TIME.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(time) && new Date(time).toISOString() === text.replace('Z', '.000Z');
}

function checkLanguages({ languages, areas }: Setup): void {
  const tags = languages.map(([tag]) => tag);
  require('SetupTexts', tags.length > 0 && tags.every((tag) => LANGUAGE.test(tag)) && new Set(tags).size === tags.length, 'languages');
  require('SetupTexts', areas.every(({ language }) => tags.includes(language)), "an area's language is not among the setup's");
}

/** Names are not empty, and no text is longer than a text may be; the booth has asked for the rest of 2.10. */
function checkTexts({ title, questions, commission, registrar, supervisor, regions, areas }: Setup): void {
  const told = [title, supervisor?.name ?? {}, ...questions.flatMap(({ text, answers }) => [text, ...answers])].flatMap((texts) => Object.values(texts));
  const names = [commission, registrar, ...regions.map(({ name }) => name), ...areas.map(({ name }) => name)];
  for (const text of [...told, ...names]) {
    require('SetupTexts', text.trim() !== '' && [...text].length <= LONGEST_TEXT, 'a text that is empty, or too long');
  }
}

/** Some trustees; more than half of a threshold group must agree, and not all need to (3.19): n/2 < t < n. */
function readPolicy(value: Json): Policy {
  const fields = form.fields(value, ['mandatory', 'size', 'threshold']);
  const number = (name: keyof Policy): number => form.number(fields[name], name, 0, 100);
  const policy = { mandatory: number('mandatory'), size: number('size'), threshold: number('threshold') };
  const { mandatory, size, threshold } = policy;
  require('TrusteePolicy', mandatory + size > 0, 'no trustees');
  require('TrusteePolicy', size > 0 ? size < 2 * threshold && threshold < size : threshold === 0, `${threshold} of ${size}`);
  return policy;
}

/** The supervisor's key is the one way to write a point of the group, and not the key of the box (2.13). */
function checkSupervisor({ supervisor, boxKey }: Setup): void {
  if (supervisor === null) return;
  // RFC 8032 writes the same number with its lowest byte first.
  const text = supervisor.key.match(/../g)!.reverse().join('');
  require('SupervisorKeyInvalid', isKey(text) && supervisor.key !== boxKey, supervisor.key);
}

function isKey(text: string): boolean {
  try {
    const point = uncheckedPoint(text);
    return isInGroup(point) && !point.equals(IDENTITY);
  } catch (error) {
    if (error instanceof Refused) return false;
    throw error;
  }
}

/** Codes and uuids are unique, parents exist, and no region is its own ancestor (2.9). */
function checkAreas({ areas }: Setup, regions: readonly (readonly [string, string | null])[]): void {
  require('SetupAreas', areas.length > 0, 'there is no area');
  const parents = new Map(regions);
  const all = [...regions, ...areas.map(({ code, parent }) => [code, parent] as const)];
  for (const [code] of all) require('SetupAreas', CODE.test(code), `not a code: ${code}`);
  // Folders are named by codes, and some file systems do not tell A from a.
  const different = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;
  require('SetupAreas', different(areas.map(({ code }) => code.toLowerCase())), 'the code of an area stands twice');
  require('SetupAreas', different(regions.map(([code]) => code.toLowerCase())), 'the code of a region stands twice');
  require('SetupAreas', different(areas.map(({ uuid }) => checkUuid(uuid))), 'a uuid stands twice');
  for (const [code, parent] of all) require('SetupAreas', parent === null || parents.has(parent), `${code}: its parent is no region`);
  const safe = new Set<string>(); // from here upwards comes an end
  for (const [start] of regions) {
    const way = new Set<string>();
    for (let above: string | null = start; above !== null && !safe.has(above); above = parents.get(above) ?? null) {
      if (way.has(above)) throw new Refused('SetupAreas', `${above}: is its own ancestor`);
      way.add(above);
    }
    for (const code of way) safe.add(code);
  }
}
