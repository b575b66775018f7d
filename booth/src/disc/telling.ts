/** What both pages of a disc need to say something: the reader's language, texts with places to fill, and names that somebody else gave. */
import { HIDDEN } from './sums.ts';

/** The first of the reader's languages that there are texts in; English if there is none. */
export function startTag(texts: object): string {
  for (const wanted of navigator.languages) {
    const southern = /^az-(Arab|IR)/i.test(wanted) ? 'azb' : wanted.toLowerCase().split('-')[0]!;
    if (southern in texts) return southern;
  }
  return 'en';
}

/** The text with its `{…}` filled, numbers in the digits that `Intl` has for `numbers`; what comes from elsewhere is set apart from the text's direction. */
export function fillIn(text: string, values: Record<string, string | number>, numbers: string): string {
  const digits = new Intl.NumberFormat(numbers, { useGrouping: false });
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name]!;
    return typeof value === 'number' ? digits.format(value) : `\u2068${value}\u2069`;
  });
}

/** A name that somebody else gave: what is not shown, or turns around what follows, is spelled out. */
export function plain(text: string): string {
  return text.replace(new RegExp(HIDDEN, 'gu'), (letter) => `\\u{${letter.codePointAt(0)!.toString(16)}}`);
}
