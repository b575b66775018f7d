/** The election of one counting area: its questions, its key, its uuid, as the protocol writes them (spec 2.a). */
import { Refused, require } from './errors.ts';
import { hexOf, readPoint, withTable, type Point } from './group.ts';
import { Form, read, requireSame, write, type Json } from './json.ts';
import { sha256B64 } from './numbers.ts';

const MAX_QUESTIONS = 50;
const MAX_ANSWERS = 250;
const MAX_CHOSEN = 1000;
const UUID = /^[1-9A-HJ-NP-Za-km-z]{14,64}$/;
const form = new Form('ElectionMalformed');

/** `min` to `max` of the answers, or blank. `blank` is null where the text does not have the field (the same as false). */
export interface Question {
  readonly question: string;
  readonly answers: readonly string[];
  readonly min: number;
  readonly max: number;
  readonly blank: boolean | null;
}

/** What a voter's ballot is bound to. `fingerprint` is φ, the hash of the text, which every ballot names. */
export interface Election {
  readonly raw: Uint8Array;
  readonly uuid: string;
  readonly name: string;
  readonly description: string;
  readonly y: Point;
  readonly questions: readonly Question[];
  readonly fingerprint: string;
  readonly administrator?: string;
  readonly credentialAuthority?: string;
  readonly language?: readonly [string, string];
}

/** How many ciphertexts an answer has: one per answer, and one before them for "blank". */
export function choicesOf(question: Question): number {
  return question.answers.length + (question.blank ? 1 : 0);
}

/** How many disjuncts the overall proof has. */
export function overallProofsOf(question: Question): number {
  return question.max - question.min + 1 + (question.blank ? 1 : 0);
}

function readQuestion(value: Json): Question {
  if (typeof value === 'object' && value !== null && 'type' in value) {
    throw new Refused('UnsupportedQuestion', 'only homomorphic questions are known here');
  }
  const fields = form.fields(value, ['answers', 'min', 'max', 'question'], ['blank']);
  const question = {
    question: form.text(fields.question, 'question'),
    answers: form.items(fields.answers, 'answer', (item) => form.text(item, 'answer')),
    min: form.number(fields.min, 'min'),
    max: form.number(fields.max, 'max'),
    blank: fields.blank === undefined ? null : form.boolean(fields.blank, 'blank'),
  };
  checkBounds(question.min, question.max, question.answers.length);
  return question;
}

/** The question can be answered, and its proofs stay short (2.5). */
export function checkBounds(min: number, max: number, answers: number): void {
  const fits = answers >= 1 && answers <= MAX_ANSWERS && min <= max && min <= answers && max <= MAX_CHOSEN;
  require('QuestionBounds', fits, `${min} to ${max} of ${answers} answers`);
}

export function checkUuid(uuid: string): string {
  require('UuidInvalid', UUID.test(uuid));
  return uuid;
}

function readLanguage(value: Json): readonly [string, string] {
  const [language = '', direction = '', more] = form.items(value, 'language', (item) => form.text(item, 'language'));
  if (more !== undefined || (direction !== 'ltr' && direction !== 'rtl')) form.fail('language');
  return [language, direction];
}

const NEEDED = ['version', 'description', 'name', 'group', 'public_key', 'questions', 'uuid'] as const;
const OPTIONAL = ['administrator', 'credential_authority', 'language'] as const;

/** The election in `raw` (2.1 to 2.6, 0.2, 3.14). */
export function readElection(raw: Uint8Array): Election {
  const value = read(raw);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) form.fail('election');
  const loose = value as { readonly [key: string]: Json };
  require('UnsupportedVersion', loose.version === 1);
  require('UnsupportedGroup', loose.group === 'Ed25519');
  const fields = form.fields(loose, NEEDED, OPTIONAL);
  const questions = form.items(fields.questions, 'question', readQuestion);
  require('QuestionBounds', questions.length >= 1 && questions.length <= MAX_QUESTIONS, 'questions');
  const { administrator, credential_authority: authority, language } = fields;
  const election: Election = {
    raw,
    uuid: checkUuid(form.text(fields.uuid, 'uuid')),
    name: form.text(fields.name, 'name'),
    description: form.text(fields.description, 'description'),
    y: readPoint(form.text(fields.public_key, 'public_key')),
    questions,
    fingerprint: sha256B64(raw),
    ...(administrator !== undefined && { administrator: form.text(administrator, 'administrator') }),
    ...(authority !== undefined && { credentialAuthority: form.text(authority, 'credential_authority') }),
    ...(language !== undefined && { language: readLanguage(language) }),
  };
  requireSame(raw, electionText(election));
  require('ElectionKeyIdentity', !election.y.is0());
  return { ...election, y: withTable(election.y) };
}

/** The canonical text of an election. */
export function electionText(election: Omit<Election, 'raw' | 'fingerprint'>): string {
  const { administrator, credentialAuthority, language } = election;
  return write({
    version: 1,
    description: election.description,
    name: election.name,
    group: 'Ed25519',
    public_key: hexOf(election.y),
    questions: election.questions.map(({ answers, blank, min, max, question }) => ({
      answers,
      ...(blank !== null && { blank }),
      min,
      max,
      question,
    })),
    uuid: election.uuid,
    ...(administrator !== undefined && { administrator }),
    ...(credentialAuthority !== undefined && { credential_authority: credentialAuthority }),
    ...(language !== undefined && { language }),
  });
}
