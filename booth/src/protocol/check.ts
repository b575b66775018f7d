/** What makes a ballot valid: the numbered checks of spec 4.b, in their order, each with the name that the library gives it. */
import { choicesText, hashOf, type Answer, type Ballot, type Unsigned } from './ballot.ts';
import { choicesOf, overallProofsOf, type Election, type Question } from './election.ts';
import { inside, require } from './errors.ts';
import { hexOf, isInGroup, uncheckedPoint } from './group.ts';
import { interval, intervalPrefix, product, provesOne, schnorrHolds, type Statement } from './proofs.ts';

/** The ballot is one for this election, well formed, proven and signed (4.4, 4.5, 4.8 to 4.15, 0.5). */
export function checkBallot(ballot: Ballot, election: Election): void {
  checkUnsigned(ballot.unsigned, election);
  const h = hashOf(ballot.unsigned);
  require('SignatureHashInvalid', ballot.signatureHash === h, `expected ${h}, got ${ballot.signatureHash}`);
  const key = uncheckedPoint(ballot.unsigned.credential);
  require('RollKeyIdentity', !key.is0());
  require('PointOutsideGroup', isInGroup(key), 'credential');
  require('SignatureInvalid', schnorrHolds(signaturePrefix(h), key, ballot.signature));
}

/** The text of the signature's hash before the commitment. */
export function signaturePrefix(hash: string): string {
  return `sig|${hash}|`;
}

/** The same for a ballot without its signature (4.4, 4.5, 4.8 to 4.13, 0.5). */
export function checkUnsigned(unsigned: Unsigned, election: Election): void {
  require('BallotOtherElection', unsigned.uuid === election.uuid, `expected ${election.uuid}, got ${unsigned.uuid}`);
  const phi = election.fingerprint;
  require('BallotOtherQuestions', unsigned.electionHash === phi, `expected ${phi}, got ${unsigned.electionHash}`);
  const { answers } = unsigned;
  require('BallotShape', answers.length === election.questions.length, `${answers.length} answers`);
  const alphas = new Set<string>();
  const context = `${phi}|${unsigned.credential}`;
  answers.forEach((answer, i) =>
    inside(`answer ${i + 1}`, () => {
      const question = election.questions[i]!;
      checkShape(question, answer);
      checkPoints(answer, alphas);
      checkProofs(question, answer, election, context);
    }),
  );
}

function checkShape(question: Question, answer: Answer): void {
  const count = (what: string, expected: number, got: number): void =>
    require('BallotShape', got === expected, `${what}: expected ${expected}, got ${got}`);
  count('choices', choicesOf(question), answer.choices.length);
  count('individual proofs', choicesOf(question), answer.individualProofs.length);
  answer.individualProofs.forEach((proofs, i) => count(`parts of individual proof ${i + 1}`, 2, proofs.length));
  count('parts of the overall proof', overallProofsOf(question), answer.overallProof.length);
  count('parts of the blank proof', question.blank ? 2 : 0, answer.blankProof?.length ?? 0);
  // An empty list is not the same as no field: the text would differ from the one that everybody makes.
  require('BallotShape', (answer.blankProof !== null) === Boolean(question.blank), 'blank proof');
}

function checkPoints(answer: Answer, alphas: Set<string>): void {
  answer.choices.forEach(({ alpha, beta }, i) =>
    inside(`choice ${i + 1}`, () => {
      require('PointOutsideGroup', isInGroup(alpha) && isInGroup(beta));
      require('AlphaIdentity', !alpha.is0());
      require('AlphaRepeated', !alphas.has(hexOf(alpha)));
      alphas.add(hexOf(alpha));
    }),
  );
}

function checkProofs(question: Question, answer: Answer, { y }: Election, context: string): void {
  answer.choices.forEach((choice, i) => {
    const proofs = answer.individualProofs[i]!;
    const holds = provesOne(y, intervalPrefix(context, choice), interval(choice, 0, 1), proofs);
    require('IndividualProofInvalid', holds, `choice ${i + 1}`);
  });
  const whole = `${context}|${choicesText(answer.choices)}`;
  if (answer.blankProof !== null) {
    const blank = provesOne(y, `bproof0|${whole}|`, blankStatements(answer.choices), answer.blankProof);
    require('BlankProofInvalid', blank);
  }
  const { prefix, statements } = overallStatements(question, answer.choices, whole);
  require('OverallProofInvalid', provesOne(y, prefix, statements, answer.overallProof));
}

/** m₀ = 0 ∨ mΣ = 0: not blank, or nothing chosen. */
export function blankStatements(choices: Answer['choices']): Statement[] {
  return [
    { ciphertext: choices[0]!, message: 0 },
    { ciphertext: product(choices.slice(1)), message: 0 },
  ];
}

/** The text of the hash, and: mΣ ∈ [min, max]; where blank is allowed, m₀ = 1 ∨ mΣ ∈ [min, max]. */
export function overallStatements(
  question: Question,
  choices: Answer['choices'],
  whole: string,
): { prefix: string; statements: Statement[] } {
  const { min, max } = question;
  if (!question.blank) {
    const total = product(choices);
    return { prefix: intervalPrefix(whole, total), statements: interval(total, min, max) };
  }
  const total = product(choices.slice(1));
  const statements = [{ ciphertext: choices[0]!, message: 1 }, ...interval(total, min, max)];
  return { prefix: `bproof1|${whole}|`, statements };
}
