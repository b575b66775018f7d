/**
 * Sealing a ballot, challenging it, casting it (spec 4.c; Benaloh, *Simple verifiable elections*, EVT 2006).
 *
 * Sealing makes everything but the signature and needs the *public* credential only. A `SealedBallot` can then be challenged or
 * cast, never both: it goes from `sealed` to `challenged` or to `cast` before anything is handed out, and no way leads back.
 */
import {
  ballotText,
  choicesText,
  hashOf,
  maxBallotSize,
  readUnsigned,
  unsignedValue,
  type Answer,
  type Unsigned,
} from './ballot.ts';
import { blankStatements, checkUnsigned, overallStatements, signaturePrefix } from './check.ts';
import { choicesOf, type Election, type Question } from './election.ts';
import { inside, Refused, require } from './errors.ts';
import { modQ } from './group.ts';
import { Form, read, requireSame, write, type Json } from './json.ts';
import { readScalar, type Random } from './numbers.ts';
import { encrypt, interval, intervalPrefix, proveOne, schnorrProve, type Opening } from './proofs.ts';
import { publicCredential, secretExponent } from './roll.ts';

/** For each question a number for each choice, 0 or 1; with blank, its first number says "blank". */
export type Choices = readonly (readonly number[])[];

/** `choices` has a vector for every question that the question allows (4.18). */
export function checkChoices(election: Election, choices: Choices): void {
  require('ChoiceInvalid', choices.length === election.questions.length, `expected ${election.questions.length} questions`);
  choices.forEach((chosen, i) => inside(`question ${i + 1}`, () => checkChoice(election.questions[i]!, chosen)));
}

function checkChoice(question: Question, chosen: readonly number[]): void {
  const form = chosen.length === choicesOf(question) && chosen.every((m) => m === 0 || m === 1);
  require('ChoiceInvalid', form, `expected ${choicesOf(question)} numbers, each 0 or 1`);
  const total = (question.blank ? chosen.slice(1) : chosen).reduce<number>((sum, m) => sum + m, 0);
  if (question.blank && chosen[0]) require('ChoiceInvalid', total === 0, 'a blank vote chooses nothing else');
  else require('ChoiceInvalid', total >= question.min && total <= question.max, `${question.min} to ${question.max} answers`);
}

type State =
  | { readonly name: 'sealed' | 'challenged'; readonly openings: readonly (readonly Opening[])[] }
  | { readonly name: 'cast'; readonly ballot: string };

/** A sealed ballot with the secrets that open it. It leaves this object by one of two doors, and the other one shuts. */
export class SealedBallot {
  readonly hash: string;
  #state: State;

  constructor(
    readonly unsigned: Unsigned,
    openings: readonly (readonly Opening[])[],
  ) {
    this.hash = hashOf(unsigned);
    this.#state = { name: 'sealed', openings };
  }

  get state(): State['name'] {
    return this.#state.name;
  }

  /** Open it for good: the file for the checker, the same as of `sanduq booth challenge`. */
  challenge(): string {
    const state = this.#state;
    if (state.name === 'cast') throw new Refused('SealSpent', 'the ballot was cast: its randomness is destroyed');
    this.#state = { name: 'challenged', openings: state.openings };
    const openings = state.openings.map((answer) => answer.map(({ r, m }) => ({ r: r.toString(), m })));
    return write({ ballot: unsignedValue(this.unsigned), openings });
  }

  /**
   * Sign it and let go of its randomness; the ballot to send. Asked again, it gives the same ballot.
   *
   * Nothing can wipe a big integer in JavaScript: what is destroyed is every way to it from here.
   */
  cast(credential: string, random: Random): string {
    const state = this.#state;
    if (state.name === 'challenged') throw new Refused('SealSpent', 'the ballot was challenged: its content is known');
    if (state.name === 'cast') return state.ballot;
    const { unsigned, hash } = this;
    if (publicCredential(unsigned.uuid, credential) !== unsigned.credential) {
      throw new Refused('SecretKeyMismatch', 'the ballot was sealed for another credential');
    }
    const proof = schnorrProve(signaturePrefix(hash), secretExponent(unsigned.uuid, credential), random);
    const ballot = ballotText(unsigned, hash, proof);
    this.#state = { name: 'cast', ballot };
    return ballot;
  }
}

/** Encrypt and prove `choices` for a public credential. */
export function seal(election: Election, credential: string, choices: Choices, random: Random): SealedBallot {
  checkChoices(election, choices);
  const context = `${election.fingerprint}|${credential}`;
  const openings: Opening[][] = [];
  const answers = choices.map((chosen, i) => {
    const opened = chosen.map((m) => ({ r: random(), m }));
    openings.push(opened);
    return sealAnswer(election, election.questions[i]!, opened, context, random);
  });
  const unsigned = { uuid: election.uuid, electionHash: election.fingerprint, credential, answers };
  return new SealedBallot(unsigned, openings);
}

function sealAnswer(
  { y }: Election,
  question: Question,
  opened: readonly Opening[],
  context: string,
  random: Random,
): Answer {
  const choices: Answer['choices'][number][] = [];
  const individualProofs = opened.map((opening) => {
    const choice = encrypt(y, opening);
    choices.push(choice);
    const prefix = intervalPrefix(context, choice);
    return proveOne(y, prefix, interval(choice, 0, 1), [opening, opening], opening.m, random);
  });
  const whole = `${context}|${choicesText(choices)}`;
  const sum = sumOf(question.blank ? opened.slice(1) : opened);
  const first = opened[0]!;
  const isBlank = question.blank === true && first.m === 1;
  let blankProof: Answer['blankProof'] = null;
  if (question.blank) {
    // m₀ = 0 ∨ mΣ = 0: of an ordinary vote the first holds, of a blank one the second.
    const prefix = `bproof0|${whole}|`;
    blankProof = proveOne(y, prefix, blankStatements(choices), [first, sum], isBlank ? 1 : 0, random);
  }
  const { prefix, statements } = overallStatements(question, choices, whole);
  const offset = question.blank ? 1 : 0;
  const bases = statements.map((_, i) => (question.blank && i === 0 ? first : sum));
  const index = isBlank ? 0 : sum.m - question.min + offset;
  return { choices, individualProofs, overallProof: proveOne(y, prefix, statements, bases, index, random), blankProof };
}

function sumOf(openings: readonly Opening[]): Opening {
  return openings.reduce((sum, { r, m }) => ({ r: modQ(sum.r + r), m: sum.m + m }), { r: 0n, m: 0 });
}

// --- checking what was challenged -------------------------------------------------------------------------------------------

const form = new Form('ChallengeMismatch');
/** More than the length in bytes of r and m of one ciphertext, and of what stands around them. */
const OPENING = 128;

/**
 * What an opened ballot says, question by question, if it is the one whose hash the booth had shown (4.16, 4.4 to 4.13).
 *
 * Every ciphertext is computed anew from r and m: a booth that encrypted something else than it was told is caught here, as long
 * as the checker is another device than the booth.
 */
export function checkChallenge(data: Uint8Array, election: Election, shownHash: string): number[][] {
  const choices = election.questions.reduce((sum, question) => sum + choicesOf(question), 0);
  require('ChallengeMismatch', data.length <= maxBallotSize(election) + OPENING * choices, 'longer than it can be');
  const value = form.fields(read(data), ['ballot', 'openings']);
  const unsigned = readUnsigned(value.ballot);
  requireSame(data, write({ ballot: unsignedValue(unsigned), openings: value.openings }));
  const hash = hashOf(unsigned);
  require('ChallengeMismatch', hash === shownHash, `hash: expected ${shownHash}, got ${hash}`);
  const readAnswer = (answer: Json): Opening[] => form.items(answer, 'opening', readOpening);
  const openings = form.items(value.openings, 'answer', readAnswer);
  const lengths = (rows: readonly { readonly length: number }[]): string => rows.map((row) => row.length).join();
  const asMany = lengths(openings) === lengths(unsigned.answers.map((answer) => answer.choices));
  require('ChallengeMismatch', asMany, 'openings');
  openings.forEach((row, i) =>
    row.forEach((opening, j) => {
      const { alpha, beta } = unsigned.answers[i]!.choices[j]!;
      const made = encrypt(election.y, opening);
      const same = made.alpha.equals(alpha) && made.beta.equals(beta);
      require('ChallengeMismatch', same, `answer ${i + 1}, choice ${j + 1}: does not encrypt what it says`);
    }),
  );
  checkUnsigned(unsigned, election);
  return openings.map((row) => row.map(({ m }) => m));
}

/** h of an opened ballot, before anything of it is checked. */
export function openedHash(data: Uint8Array): string {
  return hashOf(readUnsigned(form.fields(read(data), ['ballot', 'openings']).ballot));
}

function readOpening(value: Json): Opening {
  const fields = form.fields(value, ['r', 'm']);
  return { r: readScalar(form.text(fields.r, 'r')), m: form.number(fields.m, 'm', 0, 1) };
}
