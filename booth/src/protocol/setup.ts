/**
 * The setup of a referendum as far as a voter needs it (spec 2.b). Its SHA-256 is the anchor, so its text is known to be the one
 * that was frozen; whether its rule and areas make sense is the business of `sanduq watch verify`.
 */
import { electionText, checkUuid, type Election, type Question } from './election.ts';
import { Refused, require } from './errors.ts';
import { checkInformation, isPlain, type Information } from './information.ts';
import type { Point } from './group.ts';
import { Form, read, requireSame, type Json } from './json.ts';
import { sha256Hex } from './numbers.ts';
import { electionKey } from './trustees.ts';

const form: Form = new Form('SetupMalformed');
const LONGEST_TEXT = 20_000;

/** A text in every language of the setup, by language. */
export type Texts = Readonly<Record<string, string>>;

export interface Asked {
  readonly text: Texts;
  readonly answers: readonly Texts[];
  readonly blank: boolean;
  readonly min: number;
  readonly max: number;
}

export interface Area {
  readonly code: string;
  readonly name: string;
  readonly parent: string | null;
  readonly electorate: number;
  readonly language: string;
  readonly uuid: string;
}

/** What the booth shows and compares. `languages` are tag and direction, the leading one first. */
export interface Setup {
  readonly anchor: string;
  readonly title: Texts;
  readonly languages: readonly (readonly [string, 'ltr' | 'rtl'])[];
  readonly questions: readonly Asked[];
  readonly opens: string;
  readonly closes: string;
  readonly commission: string;
  readonly registrar: string;
  readonly trusteesSha256: string;
  readonly boxKey: string;
  readonly boothSha256: string | null;
  readonly regions: readonly { readonly code: string; readonly name: string }[];
  readonly areas: readonly Area[];
  readonly information: Information | null;
  /** Who signs the acts of the journal, and may suspend (spec 5.e). */
  readonly supervisor: { readonly name: Texts; readonly key: string } | null;
  /** Reserved for the test sum that the trustees decrypt before the opening (spec 7.h). */
  readonly testUuid: string | null;
}

const FIELDS = [
  ...['format', 'title', 'languages', 'questions', 'rule', 'calendar', 'minimum_ballots', 'below_minimum', 'commission'],
  ...['registrar', 'trustees', 'trustees_sha256', 'box_key', 'booth_sha256', 'bindings', 'regions', 'areas'],
];

/** The setup in `data`, if it is the one with this anchor (8.1, 2.7, 2.10, 2.12). */
export function readSetup(data: Uint8Array, anchor: string): Setup {
  const got = sha256Hex(data);
  require('AnchorMismatch', got === anchor, `expected ${anchor}, got ${got}`);
  const fields = form.fields(read(data), FIELDS, ['information', 'supervisor', 'test_uuid']) as Record<string, Json | undefined>;
  require('SetupMalformed', fields.format === 'sanduq-setup-1', 'format');
  const field = (name: string): Json => fields[name]!;
  const languages = form.items(field('languages'), 'language', readLanguage);
  const texts = (value: Json, what: string): Texts => readTexts(value, what, languages);
  const calendar = form.fields(field('calendar'), ['opens', 'closes']);
  const setup = {
    anchor,
    title: texts(field('title'), 'title'),
    languages,
    questions: form.items(field('questions'), 'question', (item) => readAsked(item, texts)),
    opens: form.text(calendar.opens, 'opens'),
    closes: form.text(calendar.closes, 'closes'),
    commission: form.text(field('commission'), 'commission'),
    registrar: form.text(field('registrar'), 'registrar'),
    trusteesSha256: form.hash(field('trustees_sha256'), 'trustees_sha256'),
    boxKey: form.hash(field('box_key'), 'box_key'),
    boothSha256: field('booth_sha256') === null ? null : form.hash(field('booth_sha256'), 'booth_sha256'),
    regions: form.items(field('regions'), 'region', readRegion),
    areas: form.items(field('areas'), 'area', readArea),
    information: fields.information === undefined ? null : readInformation(fields.information, texts),
    supervisor: fields.supervisor === undefined ? null : readSupervisor(fields.supervisor, texts),
    testUuid: fields.test_uuid === undefined ? null : checkUuid(form.text(fields.test_uuid, 'test_uuid')),
  };
  checkPlain(setup);
  return setup;
}

/** Titles, questions, answers and names are plain text (2.10): else a yes could be made to look like a no. */
function checkPlain({ title, questions, commission, registrar, supervisor, regions, areas }: Setup): void {
  const told = [title, ...questions.flatMap(({ text, answers }) => [text, ...answers])].flatMap((texts) => Object.values(texts));
  const names = [...Object.values(supervisor?.name ?? {}), ...[...regions, ...areas].map(({ name }) => name)];
  require('SetupTexts', [...told, ...names, commission, registrar].every(isPlain), 'a character that plain text does not have');
}

function readLanguage(value: Json): readonly [string, 'ltr' | 'rtl'] {
  const [tag = '', direction = ''] = form.items(value, 'language', (item) => form.text(item, 'language'));
  if (direction !== 'ltr' && direction !== 'rtl') form.fail('language with direction');
  return [tag, direction];
}

function readTexts(value: Json, what: string, languages: Setup['languages']): Texts {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) form.fail(what);
  const fields = value as Readonly<Record<string, Json>>;
  const same = Object.keys(fields).length === languages.length && languages.every(([tag]) => Object.hasOwn(fields, tag));
  require('SetupTexts', same, `${what}: not in every language of the setup, or in another one`);
  const words = languages.map(([tag]) => [tag, form.text(fields[tag]!, what)] as const);
  require('SetupTexts', words.every(([, text]) => text.trim() !== '' && text.length <= 2 * LONGEST_TEXT), `${what}: empty, or too long`);
  return Object.fromEntries(words);
}

function readInformation(value: Json, texts: (value: Json, what: string) => Texts): Information {
  const fields = form.fields(value, ['text', 'sides']);
  const text = texts(fields.text, 'text');
  const sides = form.items(fields.sides, 'side', (item) => {
    const side = form.fields(item, ['heading', 'text']);
    return { heading: texts(side.heading, 'heading'), text: texts(side.text, 'text') };
  });
  checkInformation({ text, sides });
  return { text, sides };
}

function readSupervisor(value: Json, texts: (value: Json, what: string) => Texts): NonNullable<Setup['supervisor']> {
  const { name, key } = form.fields(value, ['name', 'key']);
  return { name: texts(name, 'supervisor'), key: form.hash(key, 'key') };
}

function readAsked(value: Json, texts: (value: Json, what: string) => Texts): Asked {
  const fields = form.fields(value, ['id', 'text', 'answers', 'blank', 'min', 'max']);
  return {
    text: texts(fields.text, 'question'),
    answers: form.items(fields.answers, 'answer', (item) => texts(form.fields(item, ['id', 'text']).text, 'answer')),
    blank: form.boolean(fields.blank, 'blank'),
    min: form.number(fields.min, 'min'),
    max: form.number(fields.max, 'max'),
  };
}

function readRegion(value: Json): { readonly code: string; readonly name: string } {
  const fields = form.fields(value, ['code', 'name', 'parent']);
  return { code: form.text(fields.code, 'code'), name: form.text(fields.name, 'name') };
}

function readArea(value: Json): Area {
  const fields = form.fields(value, ['code', 'name', 'parent', 'electorate', 'language', 'uuid', 'roll_sha256']);
  return {
    code: form.text(fields.code, 'code'),
    name: form.text(fields.name, 'name'),
    parent: fields.parent === null ? null : form.text(fields.parent, 'parent'),
    electorate: form.number(fields.electorate, 'electorate'),
    language: form.text(fields.language, 'language'),
    uuid: checkUuid(form.text(fields.uuid, 'uuid')),
  };
}

/** The election is, to the byte, what setup and trustees give for this area (8.5, 3.13). */
export function checkElection(election: Election, setup: Setup, trustees: Uint8Array, code: string): void {
  const y = electionKey(trustees, setup.trusteesSha256);
  require('ElectionKeyWrong', election.y.equals(y));
  requireSame(election.raw, expectedElection(setup, y, code), 'AreaOtherSetup');
}

/** The text of an area's election with the key y (8.5). */
export function expectedElection(setup: Setup, y: Point, code: string): string {
  const area = setup.areas.find((one) => one.code === code);
  if (area === undefined) throw new Refused('AreaOtherSetup', `the setup has no area ${code}`);
  const { language } = area;
  const direction = setup.languages.find(([tag]) => tag === language)?.[1];
  if (direction === undefined) throw new Refused('AreaOtherSetup', `the setup has no language ${language}`);
  return electionText({
    uuid: area.uuid,
    name: `${setup.title[language]!} — ${area.name}`,
    description: setup.anchor,
    y,
    questions: setup.questions.map((asked) => inLanguage(asked, language)),
    administrator: setup.commission,
    credentialAuthority: setup.registrar,
    language: [language, direction],
  });
}

function inLanguage({ text, answers, blank, min, max }: Asked, language: string): Question {
  return { question: text[language]!, answers: answers.map((answer) => answer[language]!), min, max, blank: blank || null };
}
