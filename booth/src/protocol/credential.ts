/** A secret credential as text, and what is typed for it (spec 1.a, 1.d). No group is needed here, so the page loads none. */
import { Refused, require } from './errors.ts';

export const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
/** How many characters the four groups of a credential have. */
export const GROUPS = [5, 6, 5, 6] as const;
const CREDENTIAL = new RegExp(`^${GROUPS.map((count) => `[${BASE58}]{${count}}`).join('-')}$`);

/** The credential itself, if it has the form of one (1.8); the refusal never repeats it. */
export function checkCredential(credential: string): string {
  require('CredentialMalformed', CREDENTIAL.test(credential), 'expected XXXXX-XXXXXX-XXXXX-XXXXXX in base58');
  return credential;
}

// --- check characters (spec 1.d) --------------------------------------------------------------------------------------------

/**
 * The check character of a group of base58: Luhn's algorithm modulo 58, doubling every other character from the last one on. As 58
 * is even, doubling is a permutation: every single mistyped character changes the sum.
 */
export function checkCharacter(group: string): string {
  let sum = 0;
  for (let i = group.length - 1, twice = true; i >= 0; i--, twice = !twice) {
    const value = BASE58.indexOf(group[i]!);
    if (value < 0) throw new Refused('CredentialMalformed', 'a character that is not used');
    const weighted = twice ? 2 * value : value;
    sum += Math.floor(weighted / 58) + (weighted % 58);
  }
  return BASE58[(58 - (sum % 58)) % 58]!;
}

/** How the credential is printed: each group followed by its check character. */
export function printedCredential(credential: string): string {
  return checkCredential(credential).split('-').map((group) => group + checkCharacter(group)).join('-');
}

/** What can be said about a credential while it is typed. `groups` count from 1. */
export type Typed =
  | { readonly is: 'credential'; readonly credential: string; readonly checked: boolean }
  | { readonly is: 'empty' }
  | { readonly is: 'alphabet'; readonly characters: readonly string[] }
  | { readonly is: 'short'; readonly missing: number }
  | { readonly is: 'long'; readonly extra: number }
  | { readonly is: 'groups'; readonly groups: readonly number[] };

const PLAIN = GROUPS.reduce<number>((sum, count) => sum + count, 0);
const CHECKED = PLAIN + GROUPS.length;
/** Hyphens and dashes as keyboards make them, spaces, and the invisible marks of direction. */
const BETWEEN = /[-\u2010-\u2015\u2212\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Reads what somebody typed: a credential with all its check characters or with none; hyphens and spaces anywhere. The alphabet is
 * looked at first (the digit 0 and the letters O, I and l are not used), then the length, then which groups do not fit.
 */
export function readTyped(text: string): Typed {
  const bare = text.replace(BETWEEN, '');
  if (bare === '') return { is: 'empty' };
  const foreign = [...new Set(bare)].filter((character) => !BASE58.includes(character));
  if (foreign.length > 0) return { is: 'alphabet', characters: foreign };
  const { length } = bare;
  if (length < PLAIN) return { is: 'short', missing: PLAIN - length };
  if (length > PLAIN && length < CHECKED) return { is: 'short', missing: CHECKED - length };
  if (length > CHECKED) return { is: 'long', extra: length - CHECKED };
  const checked = length === CHECKED;
  const groups: string[] = [];
  const wrong: number[] = [];
  let at = 0;
  GROUPS.forEach((count, i) => {
    const group = bare.slice(at, at + count);
    at += checked ? count + 1 : count;
    groups.push(group);
    if (checked && bare[at - 1] !== checkCharacter(group)) wrong.push(i + 1);
  });
  if (wrong.length > 0) return { is: 'groups', groups: wrong };
  return { is: 'credential', credential: groups.join('-'), checked };
}

/** Put hyphens where they are printed, as far as the text goes. A text with foreign characters is left as it is. */
export function withHyphens(text: string): string {
  const bare = text.replace(BETWEEN, '');
  const lengths: number[] = GROUPS.map((count) => (bare.length > PLAIN ? count + 1 : count));
  if ([...bare].some((character) => !BASE58.includes(character))) return text;
  const groups: string[] = [];
  let at = 0;
  for (const count of [...lengths, bare.length]) {
    if (at < bare.length) groups.push(bare.slice(at, at + count));
    at += count;
  }
  return groups.join('-');
}
