/** `SHA256SUMS` and the names of an edition's files (spec 10.a), read as the library reads them. */
import { Refused, require } from './errors.ts';

export const SUMS = 'SHA256SUMS';
export const LARGEST_SUMS = 2 ** 24;
export const SIGNATURE = /^SHA256SUMS(?:\.([0-9A-F]{16}))?\.minisig$/;
export const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/u;
const LINE = /^([0-9a-f]{64}) {2}([^\n]+)$/;
const NOT_EVERYWHERE = /[\\<>:"|?*]|^ |[ .]$/;
const LEFT_BEHIND =
  /^(System Volume Information|\$RECYCLE\.BIN|\.Trash-[0-9]+|\.Trashes|\.Spotlight-V100|\.fseventsd|lost\+found)\//;

/** UTF-8 and nothing else, a mark of byte order kept. */
export function textOf(data: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data);
  } catch {
    return null;
  }
}

/** What systems put on a stick unasked: the folder at the top, or the file; null if it is something else. */
export function leftBehind(path: string): string | null {
  return LEFT_BEHIND.exec(path)?.[0] ?? (/(^|\/)\.DS_Store$/.test(path) ? path : null);
}

function folded(path: string): string {
  return path.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** 10.2 */
function checkPath(path: string): void {
  require('SumsPath', [...path].length <= 240, 'too long');
  require('SumsPath', !HIDDEN.test(path) && path.normalize('NFC') === path, path);
  for (const part of path.split('/')) {
    require('SumsPath', !['', '.', '..'].includes(part) && !NOT_EVERYWHERE.test(part), path);
  }
  require('SumsPath', !folded(path).startsWith(SUMS.toLowerCase()) && leftBehind(path) === null, path);
}

/** Below zero if the first path stands before the second: by code points, which is the order of UTF-8's bytes. */
export function comparePaths(a: string, b: string): number {
  const [one, two] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(one.length, two.length); i++) {
    const difference = one[i]!.codePointAt(0)! - two[i]!.codePointAt(0)!;
    if (difference) return difference;
  }
  return one.length - two.length;
}

/** Path to hash, in order (10.1 to 10.4). */
export function readSums(data: Uint8Array): Map<string, string> {
  require('SumsMalformed', data.length > 0 && data.length <= LARGEST_SUMS, 'the size');
  const text = textOf(data);
  if (text === null || !text.endsWith('\n')) throw new Refused('SumsMalformed', 'UTF-8, and a line feed at the end');
  const files = new Map<string, string>();
  const names = new Map<string, string>();
  let before = '';
  for (const line of text.slice(0, -1).split('\n')) {
    const found = LINE.exec(line);
    if (!found) throw new Refused('SumsMalformed', line.slice(0, 120));
    const path = found[2]!;
    checkPath(path);
    require('SumsOrder', before === '' || comparePaths(before, path) < 0, path);
    enter(names, path);
    files.set(path, found[1]!);
    before = path;
  }
  return files;
}

/** 10.4: a folder's name ends in a slash, so that no file has it. */
function enter(names: Map<string, string>, path: string): void {
  const parts = path.split('/');
  for (let end = 1; end <= parts.length; end++) {
    const name = parts.slice(0, end).join('/');
    const whole = end < parts.length ? `${name}/` : name;
    const known = names.get(folded(name));
    require('SumsCollision', known === undefined || (known === whole && whole.endsWith('/')), path);
    names.set(folded(name), whole);
  }
}
