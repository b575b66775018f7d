/// <reference path="../disc/raw.d.ts" />
/** The numbered steps as a reader of the report sees them: the library's own table, read as it stands there. */
import table from '../../../library/src/sanduq/watch/steps.py?raw';
import type { AreaReport } from './area.ts';
import { choicesOf } from '../protocol/election.ts';

export interface Step {
  readonly number: string;
  readonly counts: string;
  readonly sentence: string;
}

export const STEPS: readonly Step[] = [...table.matchAll(/^(\d+\.\d+) +(\w+) +(.+)$/gm)].map(([, number, counts, sentence]) => ({
  number: number!,
  counts: counts!,
  sentence: sentence!,
}));

/** About the record as a whole, its test sum, journal and outcome: one area's archive says nothing about them. And 2.11, see `setup.ts`. */
const ABOUT_THE_WHOLE = ['7.18', '7.19', '7.20', '8.2', '8.3', '8.4', '8.8', '8.9', '8.10', '8.11', '8.13', '8.16', '8.17', '8.18'];
export const NEVER: ReadonlySet<string> = new Set(['2.11', ...ABOUT_THE_WHOLE]);
/** Those that need more than the archive, by what they need. */
const NEEDS: Record<string, 'anchor' | 'setup' | 'proofs' | 'fingerprints'> = {
  '8.1': 'anchor',
  ...Object.fromEntries(['2.7', '2.8', '2.9', '2.10', '2.12', '2.13', '2.14', '3.19', '7.15', '7.12', '8.5', '8.6', '8.7'].map((step) => [step, 'setup'])),
  '7.17': 'proofs',
  '8.12': 'fingerprints',
};

/** Each step with how often it was asked: null where this page does not ask, or has not got what it would need. */
export function askedIn(report: AreaReport): { readonly step: Step; readonly times: number | null }[] {
  const counts = countsOf(report);
  return STEPS.map((step) => {
    const needs = NEEDS[step.number];
    const isAsked = !NEVER.has(step.number) && (needs === undefined || report.given[needs]);
    return { step, times: isAsked ? (counts[step.counts] ?? 1) : null };
  });
}

/** How many of each thing the archive has; what is not named here is there once. */
function countsOf({ archive, bound }: AreaReport): Record<string, number> {
  const { election, trustees, phase, records, height, rollSize, ballots, decryptions, result } = archive;
  const choices = election.questions.reduce((sum, question) => sum + choicesOf(question), 0);
  const keys = trustees.reduce((sum, item) => sum + item.keys.length, 0);
  const tallies = phase === 'counting' || phase === 'counted' ? 1 : 0;
  return {
    ...{ records, json: records, events: height + 1, roll: rollSize, certificate: Number(archive.hasCertificate) },
    ...{ questions: election.questions.length, trustees: keys, groups: trustees.filter(({ group }) => group !== null).length },
    points: rollSize + keys + ballots * (2 * choices + 1) + 2 * choices * tallies + choices * decryptions.size,
    ...{ ballots, tallies, decryptions: decryptions.size, results: Number(result !== null), bindings: bound },
  };
}
