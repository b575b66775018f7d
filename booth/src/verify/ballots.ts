/** What is asked of each ballot and each key of the roll by itself: the slow part, which several workers can do at the same time. */
import { readBallot } from '../protocol/ballot.ts';
import { checkBallot } from '../protocol/check.ts';
import { readElection, type Election } from '../protocol/election.ts';
import { Refused, type RefusalName } from '../protocol/errors.ts';
import { affineOf, pointAt, type Affine } from '../protocol/group.ts';
import { checkKey } from './roll.ts';
import type { Sums } from './count.ts';

/** A refusal as a message between workers. */
export interface Told {
  readonly refusal: RefusalName;
  readonly particular: string;
  readonly places: readonly string[];
}

/** A good ballot's credential, and α and β of each choice of each question. */
export interface Good {
  readonly credential: string;
  readonly choices: readonly (readonly (readonly [Affine, Affine])[])[];
}

export type Verdict = Good | Told;

/** Whoever checks ballots and keys: in this thread, or in several others. */
export interface Engine {
  /** How many lists of ballots or keys may wait for it at once. */
  readonly lanes: number;
  /** Ballots of the election that is named from now on. */
  begin(election: Uint8Array): void;
  ballots(raws: readonly Uint8Array[]): Promise<readonly Verdict[]>;
  /** The first key that is refused, with its place in the list. */
  keys(keys: readonly string[]): Promise<(Told & { readonly at: number }) | null>;
}

export function tell({ refusal, particular, places }: Refused): Told {
  return { refusal, particular, places };
}

export function refused({ refusal, particular, places }: Told): Refused {
  const found = new Refused(refusal, particular);
  for (const place of [...places].reverse()) found.within(place);
  return found;
}

function caught<T>(act: () => T): T | Told {
  try {
    return act();
  } catch (error) {
    if (error instanceof Refused) return tell(error);
    throw error;
  }
}

/** 4.1 to 4.5, 4.8 to 4.15, 0.3 to 0.5 of one ballot. */
export function checkOne(raw: Uint8Array, election: Election): Verdict {
  return caught(() => {
    const ballot = readBallot(raw, election);
    checkBallot(ballot, election);
    const { credential, answers } = ballot.unsigned;
    const choices = answers.map((answer) => answer.choices.map(({ alpha, beta }) => [affineOf(alpha), affineOf(beta)] as const));
    return { credential, choices };
  });
}

/** 0.4, 0.5, 1.3 of public credentials. */
export function checkKeys(keys: readonly string[]): (Told & { readonly at: number }) | null {
  for (const [at, key] of keys.entries()) {
    const told = caught(() => void checkKey(key));
    if (told) return { ...told, at };
  }
  return null;
}

/** The ciphertexts of a good ballot. */
export function sumsOf({ choices }: Good): Sums {
  return choices.map((row) => row.map(([alpha, beta]) => ({ alpha: pointAt(alpha), beta: pointAt(beta) })));
}

/** An engine in this thread. */
export function localEngine(): Engine {
  let election: Election | null = null;
  return {
    lanes: 1,
    begin: (raw) => (election = readElection(raw)),
    ballots: (raws) => Promise.resolve(raws.map((raw) => checkOne(raw, election!))),
    keys: (keys) => Promise.resolve(checkKeys(keys)),
  };
}
