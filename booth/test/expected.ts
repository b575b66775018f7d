/** What the vectors and the known answers expect (vectors/README.md). */
import { readFileSync } from 'node:fs';

export const VECTORS = new URL('../../vectors/', import.meta.url);

export interface Case {
  readonly verdict?: 'accept' | 'reject';
  readonly step?: string;
  readonly error?: string;
  readonly kind?: string;
  readonly anchor?: string | null;
  readonly result?: readonly (readonly number[])[] | null;
}

function json<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, VECTORS), 'utf8')) as T;
}

export const whole = Object.entries(json<Record<string, Case>>('expected.json'));
export const steps = Object.entries(json<{ vectors: Record<string, Case> }>('steps/expected.json').vectors);

/** The vectors of the foundations whose number or point is inside a ballot. */
export const INSIDE_A_BALLOT = new Set([
  'foundations/0.1-hexadecimal',
  'foundations/0.1-leading-zero',
  'foundations/0.1-plus',
  'foundations/0.3-individual-proof',
  'foundations/0.3-signature',
  'foundations/0.4-upper-case',
  'foundations/0.5-alpha',
  'foundations/0.5-beta',
  'foundations/0.5-credential',
]);

/** 0.6 to 0.15 are about the archive's own form, which the reader of ballots refuses as well. */
const FORM = /^0\.([6-9]|1[0-5])$/;

export function isOurs([name, { step = '', kind }]: [string, Case]): boolean {
  return kind === 'archive' && (step.startsWith('4.') || FORM.test(step) || INSIDE_A_BALLOT.has(name));
}

// --- vectors/known ----------------------------------------------------------------------------------------------------------

export interface Verdict {
  readonly accept?: unknown;
  readonly step?: string;
  readonly error?: string;
}
export interface Roll {
  readonly credentials: readonly Record<'uuid' | 'credential' | 'public' | 'printed', string>[];
  readonly typed: readonly (Verdict & { readonly typed: string })[];
}
type Texts = Record<'name' | 'election' | 'credential' | 'hash' | 'unsigned' | 'opened' | 'ballot' | 'tracker', string>;
export interface Booth {
  readonly ballots: readonly (Texts & { readonly choices: number[][]; readonly seeds: Record<'seal' | 'cast', string> })[];
  readonly opened: readonly (Verdict & Record<'what' | 'election' | 'opened' | 'hash', string>)[];
}
export interface Question {
  readonly setups: readonly (Verdict & Record<'what' | 'setup' | 'anchor', string>)[];
}
export interface Box {
  readonly box_key: string;
  readonly receipts: readonly (Verdict & Record<'what' | 'receipt', string>)[];
}
type Member = Record<'seed' | 'cert' | 'commitment' | 'polynomial' | 'vinput' | 'voutput', string> & {
  readonly random: Record<'begin' | 'polynomial' | 'finish', string>;
  readonly name: string | null;
};
export interface Keys {
  readonly ceremonies: readonly (Record<'name' | 'group' | 'trustees', string> & {
    readonly threshold: number;
    readonly singles: readonly Record<'random' | 'privkey' | 'pubkey', string>[];
    readonly members: readonly Member[];
    readonly trials: readonly string[];
    readonly numbers: readonly number[];
  })[];
  readonly judged: readonly (Verdict & Record<'what' | 'seed' | 'vinput', string> & Record<'certs' | 'commitments', readonly string[]>)[];
}
