/** What the page says, in six languages. The sentences of the steps, and what a refusal says to whoever looks closer, are English in all of them. */
import type { Phase } from '../../verify/archive.ts';
import type { Why } from '../worker.ts';
import { ar } from './ar.ts';
import { az } from './az.ts';
import { azb } from './azb.ts';
import { en } from './en.ts';
import { fa } from './fa.ts';
import { tr } from './tr.ts';

type Fact =
  | 'area' | 'uuid' | 'phase' | 'electorate' | 'roll' | 'ballots' | 'counted' | 'weight' | 'invalid' | 'decryptions' | 'bound'
  | 'height' | 'head' | 'size' | 'sha256';

export interface Texts {
  readonly name: string;
  readonly dir: 'ltr' | 'rtl';
  /** What `Intl` knows its digits as. */
  readonly numbers: string;
  readonly language: string;
  readonly title: string;
  readonly intro: string;
  readonly forged: string;
  readonly anchor: string;
  readonly anchorSlip: string;
  readonly files: string;
  readonly folder: string;
  readonly which: string;
  readonly start: string;
  readonly stop: string;
  readonly keysAt: string;
  readonly ballotsAt: string;
  readonly left: string;
  readonly verdicts: Record<'verified' | 'running' | 'refused' | 'unfinished', readonly [string, string]>;
  readonly whys: Record<Why, string>;
  /** What is wrong, by the chapter of the specification that a check stands in. */
  readonly chapters: Record<'0' | '1' | '2' | '3' | '4' | '7' | '8', string>;
  readonly step: string;
  readonly holds: string;
  readonly result: string;
  readonly choice: string;
  readonly votes: string;
  readonly blank: string;
  readonly facts: Record<Fact, string>;
  readonly phases: Record<Phase, string>;
  readonly anchorIs: string;
  readonly anchorTyped: string;
  readonly electionSays: string;
  readonly fingerprint: string;
  readonly unchecked: string;
  readonly never: readonly string[];
  readonly without: Record<'setup' | 'anchor' | 'proofs' | 'fingerprints', string>;
  readonly steps: string;
  readonly stepsHead: readonly [string, string, string];
}

export const TEXTS: Record<string, Texts> = { en, az, azb, fa, ar, tr };
