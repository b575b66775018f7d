/**
 * An opened ballot in a few bytes, so that a code on one screen carries it to the camera of another device.
 *
 * Ciphertexts are left out, since whoever checks computes them anew from r and m; numbers take 32 bytes each. Unpacked, it is the
 * same text to the byte as the file of a challenge, if the ballot was honest; if not, its hash is another than the one shown (4.16).
 */
import { readUnsigned, unsignedValue, type Answer } from './ballot.ts';
import { choicesOf, overallProofsOf, type Election } from './election.ts';
import { Refused, require } from './errors.ts';
import { Form, read, write } from './json.ts';
import { bytesToHex, hexToBytes, utf8 } from './numbers.ts';
import { encrypt, type Opening, type Proof } from './proofs.ts';

const form: Form = new Form('ChallengeMismatch');
const NUMBER = 32;

/** The opened ballot's text in base64url. */
export function pack(opened: string): string {
  const value = form.fields(read(utf8(opened)), ['ballot', 'openings']);
  const unsigned = readUnsigned(value.ballot);
  const openings = form.items(value.openings, 'answer', (row) => form.items(row, 'opening', (one) => form.fields(one, ['r', 'm'])));
  let hex = unsigned.credential;
  const number = (n: bigint): void => void (hex += n.toString(16).padStart(2 * NUMBER, '0'));
  const proofs = (list: readonly Proof[]): void => list.forEach(({ challenge, response }) => [challenge, response].forEach(number));
  unsigned.answers.forEach((answer, i) => {
    for (const { r, m } of openings[i]!) {
      number(BigInt(form.text(r, 'r')));
      hex += m === 1 ? '01' : '00';
    }
    answer.individualProofs.forEach(proofs);
    proofs(answer.overallProof);
    proofs(answer.blankProof ?? []);
  });
  const binary = String.fromCharCode(...hexToBytes(hex)!);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The opened ballot's text again: the file of a challenge. */
export function unpack(packed: string, election: Election): string {
  const reader = new Reader(packed);
  const credential = reader.hex(NUMBER);
  const openings: Opening[][] = [];
  const answers = election.questions.map((question): Answer => {
    const count = choicesOf(question);
    const opened = reader.times(count, () => reader.opening());
    openings.push(opened);
    return {
      choices: opened.map((opening) => encrypt(election.y, opening)),
      individualProofs: reader.times(count, () => reader.times(2, () => reader.proof())),
      overallProof: reader.times(overallProofsOf(question), () => reader.proof()),
      blankProof: question.blank ? reader.times(2, () => reader.proof()) : null,
    };
  });
  reader.end();
  const unsigned = { uuid: election.uuid, electionHash: election.fingerprint, credential, answers };
  const rows = openings.map((row) => row.map(({ r, m }) => ({ r: r.toString(), m })));
  return write({ ballot: unsignedValue(unsigned), openings: rows });
}

class Reader {
  private readonly bytes: Uint8Array;
  private at = 0;

  constructor(packed: string) {
    let binary: string;
    try {
      binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    } catch {
      throw new Refused('ChallengeMismatch', 'not base64url');
    }
    this.bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  }

  hex(count: number): string {
    require('ChallengeMismatch', this.at + count <= this.bytes.length, 'too short for these questions');
    this.at += count;
    return bytesToHex(this.bytes.subarray(this.at - count, this.at));
  }

  number(): bigint {
    return BigInt(`0x${this.hex(NUMBER)}`);
  }

  proof(): Proof {
    return { challenge: this.number(), response: this.number() };
  }

  opening(): Opening {
    return { r: this.number(), m: this.hex(1) === '01' ? 1 : 0 };
  }

  times<T>(count: number, act: () => T): T[] {
    return Array.from({ length: count }, act);
  }

  end(): void {
    require('ChallengeMismatch', this.at === this.bytes.length, 'too long for these questions');
  }
}
