/**
 * What a link or a code carries behind `#`: `r` the anchor, `a` the area, `c` the credential, `l` the language; `check` that nobody
 * votes here, and `o` an opened ballot to be checked; `find` that a credential is only looked up; `practice` that nothing is cast.
 */
import { readTyped } from './protocol/credential.ts';

export interface Link {
  readonly anchor: string | null;
  readonly area: string | null;
  credential: string | null;
  readonly language: string | null;
  /** The seed of a practice, empty for a new one; null where nobody practises. */
  readonly practice: string | null;
  readonly check: boolean;
  readonly opened: string | null;
  readonly find: boolean;
}

/** Reads a fragment. What has another form than it should is left out. */
export function readFragment(fragment: string): Link {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const field = (name: string, form: RegExp): string | null => {
    const value = fields.get(name);
    return value !== null && form.test(value) ? value : null;
  };
  return {
    anchor: field('r', /^[0-9a-f]{64}$/),
    area: field('a', /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/),
    credential: credentialIn(fields.get('c') ?? ''),
    language: field('l', /^[A-Za-z0-9-]{2,20}$/),
    practice: fields.has('practice') ? (field('practice', /^[1-9A-HJ-NP-Za-km-z]{12}$/) ?? '') : null,
    check: fields.has('check'),
    opened: field('o', /^[A-Za-z0-9_-]{1,8000}$/),
    find: fields.has('find'),
  };
}

function credentialIn(text: string): string | null {
  const typed = readTyped(text);
  return typed.is === 'credential' ? typed.credential : null;
}

/** What a scanned code holds: a whole link, or the credential alone. */
export function readCode(code: string): Link {
  const at = code.indexOf('#');
  return readFragment(at >= 0 ? code.slice(at) : `#c=${encodeURIComponent(code)}`);
}

/**
 * Take the fragment out of the address and out of the arrows' way back, before anything else happens. No page can take it out of the
 * browser's list of visited pages: the voter is told.
 */
export function takeFragment(): Link {
  const link = readFragment(location.hash);
  if (location.hash !== '') history.replaceState(null, '', location.pathname);
  return link;
}
