/** What the tests run inside Chromium: the protocol as the booth has it, on the page's own thread. */
import { readBallot, trackerOf } from '../../src/protocol/ballot.ts';
import { checkArchive } from '../../src/protocol/box.ts';
import { checkBallot } from '../../src/protocol/check.ts';
import { readElection } from '../../src/protocol/election.ts';
import { Refused } from '../../src/protocol/errors.ts';
import { G, withTable } from '../../src/protocol/group.ts';
import { hashToScalar, systemRandom, utf8 } from '../../src/protocol/numbers.ts';
import { publicCredential } from '../../src/protocol/roll.ts';
import { checkChallenge, seal, type Choices } from '../../src/protocol/seal.ts';

function verdictOf(act: () => unknown): string {
  try {
    act();
    return 'accept';
  } catch (error) {
    return error instanceof Refused ? `${error.step} ${error.refusal}` : String(error);
  }
}

/** The verdict on an archive of the vectors. */
async function archive(url: string): Promise<string> {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return verdictOf(() => checkArchive(bytes));
}

interface Known {
  readonly election: string;
  readonly credential: string;
  readonly choices: Choices;
  readonly seeds: { readonly seal: string; readonly cast: string };
}

/** The tracker of a ballot that is made with the known randomness, and checked. */
function known({ election: text, credential, choices, seeds }: Known): string {
  const stream = (seed: string, counter = { i: 0 }) => () => hashToScalar(`${seed}|${counter.i++}`);
  const election = readElection(utf8(text));
  const sealed = seal(election, publicCredential(election.uuid, credential), choices, stream(seeds.seal));
  const raw = utf8(sealed.cast(credential, stream(seeds.cast)));
  checkBallot(readBallot(raw, election), election);
  return trackerOf(raw);
}

function opened(text: string, data: string, hash: string): string {
  return verdictOf(() => checkChallenge(utf8(data), readElection(utf8(text)), hash));
}

type Times = Record<'ready' | 'first' | 'signing', number> & { readonly sealing: number[] };

/**
 * Milliseconds in a page that has run nothing yet: what is done while the voter reads the question (election, tables, public
 * credential); the first sealing after it, which is the one that a voter waits for; more of them; signing.
 */
function bench({ election: text, credential, choices }: Known, times: number): Times {
  const clock = <T>(act: () => T): [number, T] => {
    const start = performance.now();
    const value = act();
    return [performance.now() - start, value];
  };
  const [ready, { election, key }] = clock(() => {
    const read = readElection(utf8(text));
    withTable(G);
    return { election: read, key: publicCredential(read.uuid, credential) };
  });
  const once = (): [number, ReturnType<typeof seal>] => clock(() => seal(election, key, choices, systemRandom));
  const [first, sealed] = once();
  const sealing = Array.from({ length: times }, () => once()[0]);
  const [signing] = clock(() => sealed.cast(credential, systemRandom));
  return { ready, first, sealing, signing };
}

export const tests = { archive, known, opened, bench };
Object.assign(globalThis, { tests });
