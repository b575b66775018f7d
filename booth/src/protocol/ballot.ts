/** The ballot: its text and its parts (spec 4.a), read once, at the door (4.1 to 4.3, 0.3, 0.4). */
import { choicesOf, overallProofsOf, type Election } from './election.ts';
import { Refused, require } from './errors.ts';
import { hexOf, uncheckedPoint, type Point } from './group.ts';
import { Form, read, requireSame, write, type Json } from './json.ts';
import { readScalar, sha256B64, utf8 } from './numbers.ts';
import { textOf, type Ciphertext, type Proof } from './proofs.ts';

const form = new Form('BallotMalformed');

/** What a ballot says to one question. */
export interface Answer {
  readonly choices: readonly Ciphertext[];
  readonly individualProofs: readonly (readonly Proof[])[];
  readonly overallProof: readonly Proof[];
  readonly blankProof: readonly Proof[] | null;
}

/** A sealed ballot before it is cast: everything but the signature. */
export interface Unsigned {
  readonly uuid: string;
  readonly electionHash: string;
  readonly credential: string;
  readonly answers: readonly Answer[];
}

/** A signed ballot; `raw` is its exact text. */
export interface Ballot {
  readonly raw: Uint8Array;
  readonly unsigned: Unsigned;
  readonly signatureHash: string;
  readonly signature: Proof;
}

/** α₁,β₁,α₂,β₂,…: how the choices enter the hashes. */
export function choicesText(choices: readonly Ciphertext[]): string {
  return choices.map(textOf).join(',');
}

// --- writing ----------------------------------------------------------------------------------------------------------------

function proofValue({ challenge, response }: Proof): Json {
  return { challenge: challenge.toString(), response: response.toString() };
}

function answerValue(answer: Answer): Json {
  return {
    choices: answer.choices.map(({ alpha, beta }) => ({ alpha: hexOf(alpha), beta: hexOf(beta) })),
    individual_proofs: answer.individualProofs.map((proofs) => proofs.map(proofValue)),
    overall_proof: answer.overallProof.map(proofValue),
    ...(answer.blankProof !== null && { blank_proof: answer.blankProof.map(proofValue) }),
  };
}

/** The JSON value of a ballot without signature, fields in their order. */
export function unsignedValue(unsigned: Unsigned): { [key: string]: Json } {
  return {
    election_uuid: unsigned.uuid,
    election_hash: unsigned.electionHash,
    credential: unsigned.credential,
    answers: unsigned.answers.map(answerValue),
  };
}

/** h: what the booth shows and the signature signs. */
export function hashOf(unsigned: Unsigned): string {
  return sha256B64(utf8(write(unsignedValue(unsigned))));
}

/** The text of a signed ballot. */
export function ballotText(unsigned: Unsigned, hash: string, signature: Proof): string {
  return write({ ...unsignedValue(unsigned), signature: { hash, proof: proofValue(signature) } });
}

/** The tracker, with which its voter finds the ballot: the hash of the whole text. */
export function trackerOf(raw: Uint8Array): string {
  return sha256B64(raw);
}

// --- reading ----------------------------------------------------------------------------------------------------------------

/** The length in bytes of the longest ballot that these questions allow (4.1). */
export function maxBallotSize(election: Election): number {
  const proof = { challenge: '9'.repeat(76), response: '9'.repeat(76) };
  const choice = { alpha: '0'.repeat(64), beta: '0'.repeat(64) };
  const answers = election.questions.map((question) => ({
    choices: Array<Json>(choicesOf(question)).fill(choice),
    individual_proofs: Array<Json>(choicesOf(question)).fill([proof, proof]),
    overall_proof: Array<Json>(overallProofsOf(question)).fill(proof),
    ...(question.blank && { blank_proof: [proof, proof] }),
  }));
  const hash = '0'.repeat(43);
  const outer = { election_uuid: election.uuid, election_hash: hash, credential: '0'.repeat(64), answers };
  return write({ ...outer, signature: { hash, proof } }).length;
}

function readPointOf(value: Json, what: string): Point {
  return uncheckedPoint(form.text(value, what));
}

function readCiphertext(value: Json): Ciphertext {
  const fields = form.fields(value, ['alpha', 'beta']);
  return { alpha: readPointOf(fields.alpha, 'alpha'), beta: readPointOf(fields.beta, 'beta') };
}

function readProof(value: Json): Proof {
  const fields = form.fields(value, ['challenge', 'response']);
  return {
    challenge: readScalar(form.text(fields.challenge, 'challenge')),
    response: readScalar(form.text(fields.response, 'response')),
  };
}

function readProofs(value: Json): Proof[] {
  return form.items(value, 'proof', readProof);
}

function readAnswer(value: Json): Answer {
  const fields = form.fields(value, ['choices', 'individual_proofs', 'overall_proof'], ['blank_proof']);
  return {
    choices: form.items(fields.choices, 'choice', readCiphertext),
    individualProofs: form.items(fields.individual_proofs, 'individual proof', readProofs),
    overallProof: readProofs(fields.overall_proof),
    blankProof: fields.blank_proof === undefined ? null : readProofs(fields.blank_proof),
  };
}

const UNSIGNED = ['election_uuid', 'election_hash', 'credential', 'answers'] as const;

/** A ballot without signature from its JSON value; points are not yet known to be in the group. */
export function readUnsigned(value: Json): Unsigned {
  return unsignedOf(form.fields(value, UNSIGNED));
}

function unsignedOf(fields: Record<(typeof UNSIGNED)[number], Json>): Unsigned {
  return {
    uuid: form.text(fields.election_uuid, 'election_uuid'),
    electionHash: form.text(fields.election_hash, 'election_hash'),
    credential: form.hash(fields.credential, 'credential'),
    answers: form.items(fields.answers, 'answer', readAnswer),
  };
}

/** The ballot in `raw` (4.1 to 4.3, 0.3, 0.4). */
export function readBallot(raw: Uint8Array, election: Election): Ballot {
  const limit = maxBallotSize(election);
  require('BallotOversize', raw.length <= limit, `expected at most ${limit} bytes, got ${raw.length}`);
  let value: Json;
  try {
    value = read(raw);
  } catch (error) {
    // Text that is no JSON is a ballot that cannot be read (4.2). Numbers inside it keep their own refusals (0.1, 0.3, 0.4).
    throw error instanceof Refused ? new Refused('BallotMalformed', error.particular) : error;
  }
  const fields = form.fields(value, [...UNSIGNED, 'signature']);
  const signature = form.fields(fields.signature, ['hash', 'proof']);
  const unsigned = unsignedOf(fields);
  const hash = form.text(signature.hash, 'hash');
  const ballot = { raw, unsigned, signatureHash: hash, signature: readProof(signature.proof) };
  requireSame(raw, ballotText(unsigned, hash, ballot.signature), 'BallotNotCanonical');
  return ballot;
}
