/**
 * What voters are told beside the question: a neutral explanation, and each side in equal space (spec 2.d). The booth checks
 * the lengths itself, so that it never shows one side at greater length than the other.
 */
import { require } from './errors.ts';

type Texts = Readonly<Record<string, string>>;

export interface Side {
  readonly heading: Texts;
  readonly text: Texts;
}

/** The explanation, and at least two sides in the order in which they are shown. */
export interface Information {
  readonly text: Texts;
  readonly sides: readonly Side[];
}

const [FEWEST_SIDES, MOST_SIDES] = [2, 6];
const LONGEST_HEADING = 120;
const LONGEST_TEXT = 6000;
const MOST_PARAGRAPHS = 20;

// Controls but the line feed, line and paragraph separators, what sets a direction for more than one character, and tags.
const HIDDEN = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

/** Whether a text has none of these. */
export function isPlain(text: string): boolean {
  return !HIDDEN.test(text);
}

/** The paragraphs of a text: an empty line stands between them. */
export function paragraphs(text: string): string[] {
  return text.split('\n\n');
}

/** Refuse (2.12) texts that are too long, not plain, or of unequal length. */
export function checkInformation({ text, sides }: Information): void {
  const fits = sides.length >= FEWEST_SIDES && sides.length <= MOST_SIDES;
  require('SetupInformation', fits, `expected ${FEWEST_SIDES} to ${MOST_SIDES} sides, got ${sides.length}`);
  Object.values(text).forEach(checkText);
  for (const side of sides) {
    Object.values(side.heading).forEach(checkHeading);
    Object.values(side.text).forEach(checkText);
  }
  for (const language of Object.keys(text)) checkEqual(sides.map((side) => side.text[language]!), language);
}

/** In characters: code points, as the library counts them. */
function length(text: string): number {
  return [...text].length;
}

function checkPlain(text: string, longest: number): void {
  require('SetupInformation', length(text) <= longest, `expected at most ${longest} characters, got ${length(text)}`);
  require('SetupInformation', isPlain(text), 'a character that plain text does not have');
}

function checkHeading(text: string): void {
  checkPlain(text, LONGEST_HEADING);
  require('SetupInformation', !text.includes('\n') && text === text.trim(), 'a heading that is not one plain line');
}

function checkText(text: string): void {
  checkPlain(text, LONGEST_TEXT);
  const parts = paragraphs(text);
  const plain = parts.every((part) => part !== '' && part === part.trim() && !part.includes('\n'));
  require('SetupInformation', plain, 'expected paragraphs with one empty line between them');
  require('SetupInformation', parts.length <= MOST_PARAGRAPHS, `expected at most ${MOST_PARAGRAPHS} paragraphs`);
}

function checkEqual(texts: readonly string[], language: string): void {
  const [lengths, parts] = [texts.map(length), texts.map((text) => paragraphs(text).length)];
  const equal = 4 * Math.max(...lengths) <= 5 * Math.min(...lengths) && Math.max(...parts) - Math.min(...parts) <= 1;
  require('SetupInformation', equal, `the sides have no equal space (${language}): ${lengths.join(', ')} characters`);
}
