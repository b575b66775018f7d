/** What the worker hands to the page: numbers and texts only, as a message carries them. */
import type { Phase } from '../verify/archive.ts';
import type { AreaReport } from '../verify/area.ts';
import { askedIn } from '../verify/steps.ts';

/** Votes of one question; the first label is null where it is the blank vote. `votes` are null as long as there is no result. */
export interface Counted {
  readonly question: string;
  readonly rows: readonly { readonly label: string | null; readonly votes: bigint | null }[];
}

export interface Summary {
  readonly phase: Phase;
  readonly name: string;
  readonly uuid: string;
  readonly code: string | null;
  readonly electorate: number | null;
  /** SHA-256 of the setup that was picked. */
  readonly anchor: string | null;
  /** What the election says of itself: in a referendum, the anchor. */
  readonly description: string;
  readonly given: AreaReport['given'];
  readonly height: number;
  readonly head: string;
  readonly size: number;
  readonly sha256: string;
  readonly rollSize: number;
  readonly ballots: number;
  readonly counted: number;
  readonly weight: bigint;
  readonly decryptions: number;
  readonly trustees: number;
  readonly bound: number;
  readonly questions: readonly Counted[];
  readonly steps: readonly { readonly number: string; readonly sentence: string; readonly times: number | null }[];
}

export function summaryOf(report: AreaReport): Summary {
  const { archive, area, setup, given, bound, size, sha256 } = report;
  const { election, trustees, phase, height, head, rollSize, ballots, counted, weight, decryptions, result } = archive;
  return {
    ...{ phase, given, bound, size, sha256, height, head, rollSize, ballots, counted, weight },
    name: election.name,
    uuid: election.uuid,
    description: election.description,
    code: area?.code ?? null,
    electorate: area?.electorate ?? null,
    anchor: setup?.anchor ?? null,
    decryptions: decryptions.size,
    trustees: trustees.reduce((sum, { keys }) => sum + keys.length, 0),
    questions: election.questions.map(({ question, answers, blank }, q) => ({
      question,
      rows: [...(blank ? [null] : []), ...answers].map((label, c) => ({ label, votes: result?.[q]?.[c] ?? null })),
    })),
    steps: askedIn(report).map(({ step: { number, sentence }, times }) => ({ number, sentence, times })),
  };
}
