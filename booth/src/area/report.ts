/** What a verified archive says, for its reader: votes, numbers, the anchor, the fingerprint, and what nobody has checked. */
import { plain } from '../disc/telling.ts';
import { h, machine, type Child } from '../view/dom.ts';
import type { Counted, Summary } from './summary.ts';
import type { Texts } from './words/index.ts';

export type Fill = (text: string, values: Record<string, string | number>) => string;

export function factsOf(found: Summary, words: Texts, fill: Fill): Node[] {
  const number = (value: number | bigint): string => new Intl.NumberFormat(words.numbers).format(value);
  const { given } = found;
  // Said at once: without these, what holds may be somebody else's archive.
  const made = !given.setup ? words.without.setup : !given.anchor ? words.without.anchor : null;
  return [
    ...(made === null ? [] : [h('p', { class: 'note' }, made)]),
    ...anchorOf(found, words),
    ...found.questions.map((one) => votesOf(one, words, number)),
    numbersOf(found, words, number),
    h('h2', {}, words.fingerprint),
    listOf([
      [words.facts.height, machine(String(found.height))],
      [words.facts.head, machine(found.head)],
      [words.facts.size, machine(String(found.size))],
      [words.facts.sha256, machine(found.sha256)],
    ]),
    ...uncheckedIn(found, words),
    stepsOf(found, words, fill),
  ];
}

function anchorOf({ anchor, description, given }: Summary, words: Texts): Node[] {
  const [title, text] = anchor === null ? [words.electionSays, description] : [words.anchorIs, anchor];
  return [h('p', {}, title), h('p', { class: 'anchor' }, machine(plain(text))), ...(given.anchor ? [h('p', {}, words.anchorTyped)] : [])];
}

function votesOf({ question, rows }: Counted, words: Texts, number: (value: bigint) => string): HTMLElement {
  const row = ({ label, votes }: Counted['rows'][number]): HTMLElement =>
    h(
      'tr',
      {},
      h('th', { scope: 'row' }, label === null ? words.blank : h('bdi', {}, plain(label))),
      h('td', { class: 'number' }, votes === null ? '–' : number(votes)),
    );
  return h(
    'table',
    { 'data-votes': '' },
    h('caption', {}, h('bdi', {}, plain(question))),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, words.choice), h('th', { scope: 'col' }, words.votes))),
    h('tbody', {}, ...rows.map(row)),
  );
}

function numbersOf(found: Summary, words: Texts, number: (value: number | bigint) => string): HTMLElement {
  const { facts } = words;
  const area = h('bdi', {}, [found.code, found.name].filter((text) => text !== null).map(plain).join(' — '));
  return listOf([
    [facts.area, area],
    [facts.uuid, machine(found.uuid)],
    [facts.phase, words.phases[found.phase]],
    ...(found.electorate === null ? [] : [[facts.electorate, number(found.electorate)] as const]),
    [facts.roll, number(found.rollSize)],
    [facts.ballots, number(found.ballots)],
    [facts.counted, number(found.counted)],
    ...(found.weight === BigInt(found.counted) ? [] : [[facts.weight, number(found.weight)] as const]),
    [facts.invalid, number(0)],
    [facts.decryptions, `${number(found.decryptions)} / ${number(found.trustees)}`],
    ...(found.given.proofs ? [[facts.bound, number(found.bound)] as const] : []),
  ]);
}

function listOf(rows: readonly (readonly [string, Child])[]): HTMLElement {
  return h('dl', {}, ...rows.flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

/** What needed a file that was not there comes first: the reader can mend it. */
function uncheckedIn({ given }: Summary, words: Texts): Node[] {
  const missing = (['setup', 'anchor', 'proofs', 'fingerprints'] as const).filter((name) => !given[name]);
  const items = [...missing.map((name) => words.without[name]), ...words.never];
  return [h('h2', {}, words.unchecked), h('ul', { 'data-list': 'unchecked' }, ...items.map((text) => h('li', {}, text)))];
}

function stepsOf({ steps }: Summary, words: Texts, fill: Fill): HTMLElement {
  const row = ({ number, sentence, times }: Summary['steps'][number]): HTMLElement =>
    h(
      'tr',
      { class: times === null ? 'quiet' : null },
      h('th', { scope: 'row' }, machine(number)),
      h('td', { lang: 'en', dir: 'ltr' }, sentence),
      h('td', { class: 'number' }, times === null ? '–' : fill('{n}', { n: times })),
    );
  const head = h('thead', {}, h('tr', {}, ...words.stepsHead.map((text) => h('th', { scope: 'col' }, text))));
  const table = h('table', { 'data-list': 'steps' }, head, h('tbody', {}, ...steps.map(row)));
  return h('details', {}, h('summary', {}, words.steps), table);
}
