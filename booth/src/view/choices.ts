/** The second and third step: what is asked, what is chosen, and the review before anything is sealed. */
import type { Booth, Chosen, Render, View } from '../booth.ts';
import { paragraphs } from '../protocol/information.ts';
import type { Asked } from '../protocol/setup.ts';
import { actions, button, h } from './dom.ts';
import { reasonOf } from './problem.ts';
import { sealedPage } from './sealed.ts';

/** A text of the setup with its own language and direction. */
export function said(booth: Booth, texts: Asked['text']): HTMLElement {
  const { text, lang, dir } = booth.textIn(texts);
  return h('span', { lang, dir, class: 'said' }, text);
}

/** Whether one answer at most can be marked: then the choices are radio buttons. */
function isSingle(asked: Asked): boolean {
  return asked.max === 1;
}

/** Nothing at all may be chosen, and that is no blank vote. */
function mayBeNone(asked: Asked): boolean {
  return asked.min === 0;
}

function isAllowed(asked: Asked, chosen: Chosen | null): boolean {
  if (chosen === null) return false;
  const { size } = chosen.answers;
  return chosen.blank ? asked.blank && size === 0 : size >= asked.min && size <= asked.max;
}

export function choicesPage(booth: Booth): View {
  const { words } = booth.speaker;
  const setup = booth.setup!;
  const foreign = !setup.languages.some(([tag]) => tag === booth.speaker.language.tag);
  const submit = (event: Event): void => {
    event.preventDefault();
    review(booth);
  };
  return {
    step: 2,
    title: words.choice.title,
    body: [
      h(
        'p',
        { class: 'note' },
        booth.fill(words.credential.good, { area: booth.area?.name ?? '' }),
        booth.fromLink && ` ${words.credential.fromLink}`,
      ),
      foreign && h('p', { class: 'note' }, words.choice.otherLanguage),
      informationBox(booth),
      h(
        'form',
        { onsubmit: submit, novalidate: true },
        ...setup.questions.map((asked, i) => questionField(booth, asked, i)),
        actions(h('button', { type: 'submit', class: 'main' }, words.buttons.next)),
      ),
    ],
  };
}

/** What was frozen beside the question, plain, each side in a box of its own; closed, so that the choice comes first. */
function informationBox(booth: Booth): HTMLElement | null {
  const { words, information } = { words: booth.speaker.words.choice, information: booth.setup!.information };
  if (information === null) return null;
  const told = (texts: Asked['text']): HTMLElement => {
    const { text, lang, dir } = booth.textIn(texts);
    return h('div', { lang, dir }, ...paragraphs(text).map((paragraph) => h('p', {}, paragraph)));
  };
  const sides = information.sides.map(({ heading, text }) => h('section', {}, h('div', {}, h('h2', {}, said(booth, heading)), told(text))));
  return h(
    'details',
    { class: 'information' },
    h('summary', {}, words.information),
    told(information.text),
    h('p', { class: 'hint' }, words.sides),
    h('div', { class: 'two' }, ...sides),
  );
}

function questionField(booth: Booth, asked: Asked, i: number): HTMLElement {
  const { words } = booth.speaker;
  const hint = isSingle(asked) ? words.choice.one : booth.speaker.plural(words.upTo, asked.max, { min: asked.min });
  const none = isSingle(asked) && mayBeNone(asked);
  return h(
    'fieldset',
    { 'aria-describedby': `hint-${i} mistake-${i}` },
    h('legend', {}, said(booth, asked.text)),
    h('p', { id: `hint-${i}`, class: 'hint' }, hint),
    h('p', { id: `mistake-${i}`, class: 'mistake', hidden: true }, words.choice.needed),
    ...asked.answers.map((answer, n) => option(booth, asked, i, n, said(booth, answer))),
    none && option(booth, asked, i, 'none', words.choice.none),
    asked.blank && option(booth, asked, i, 'blank', words.choice.blank),
  );
}

function option(booth: Booth, asked: Asked, i: number, value: number | 'none' | 'blank', label: Node | string): HTMLElement {
  const chosen = booth.chosen[i];
  const checked = isMarked(chosen ?? null, value);
  const single = isSingle(asked);
  const onchange = (event: Event): void => {
    const { checked: on } = event.target as HTMLInputElement;
    booth.chosen[i] = marked(booth.chosen[i] ?? null, value, on, single);
    const mistake = document.getElementById(`mistake-${i}`);
    if (mistake) mistake.hidden = true;
    // Blank and answers exclude each other, also among check boxes.
    if (!single) booth.refresh();
    if (!single) document.getElementById(`choice-${i}-${value}`)?.focus();
  };
  const type = single ? 'radio' : 'checkbox';
  const input = h('input', { type, name: `question-${i}`, id: `choice-${i}-${value}`, checked, onchange });
  return h('label', { class: `option ${value === 'blank' ? 'blank' : ''}` }, input, label);
}

function isMarked(chosen: Chosen | null, value: number | 'none' | 'blank'): boolean {
  if (chosen === null) return false;
  if (value === 'blank') return chosen.blank;
  if (value === 'none') return !chosen.blank && chosen.answers.size === 0;
  return chosen.answers.has(value);
}

function marked(before: Chosen | null, value: number | 'none' | 'blank', on: boolean, single: boolean): Chosen {
  if (value === 'blank') return { blank: on, answers: new Set() };
  if (value === 'none') return { blank: false, answers: new Set() };
  const answers = new Set(single ? [] : before?.answers);
  if (on) answers.add(value);
  else answers.delete(value);
  return { blank: false, answers };
}

function review(booth: Booth): void {
  const questions = booth.setup!.questions;
  // A question of check boxes where nothing may be chosen is answered by leaving it alone.
  questions.forEach((asked, i) => {
    if (!isSingle(asked) && mayBeNone(asked)) booth.chosen[i] ??= { blank: false, answers: new Set() };
  });
  const wrong = questions.findIndex((asked, i) => !isAllowed(asked, booth.chosen[i] ?? null));
  if (wrong < 0) return booth.go(reviewPage());
  questions.forEach((asked, i) => {
    const mistake = document.getElementById(`mistake-${i}`);
    if (mistake) mistake.hidden = isAllowed(asked, booth.chosen[i] ?? null);
  });
  document.querySelector<HTMLInputElement>(`input[name="question-${wrong}"]`)?.focus();
  booth.say(booth.speaker.words.choice.needed);
}

/** Questions with what was chosen, as a list. */
export function chosenList(booth: Booth): HTMLElement {
  const { words } = booth.speaker;
  const rows = booth.setup!.questions.flatMap((asked, i) => {
    const chosen = booth.chosen[i];
    const answers = asked.answers.flatMap((answer, n) => (chosen?.answers.has(n) ? [h('dd', {}, said(booth, answer))] : []));
    const otherwise = h('dd', {}, chosen?.blank ? words.choice.blank : words.choice.none);
    return [h('dt', {}, said(booth, asked.text)), ...(answers.length > 0 ? answers : [otherwise])];
  });
  return h('dl', { class: 'chosen' }, ...rows);
}

/** What was chosen as the protocol wants it: for each question 0 and 1, with blank before the answers (spec 4.a). */
function vectors(booth: Booth): number[][] {
  return booth.setup!.questions.map((asked, i) => {
    const chosen = booth.chosen[i];
    const answers = asked.answers.map((_, n) => (chosen?.answers.has(n) ? 1 : 0));
    return asked.blank ? [chosen?.blank ? 1 : 0, ...answers] : answers;
  });
}

export function reviewPage(mistake = ''): Render {
  return (booth) => {
    const { words } = booth.speaker;
    const seal = (event: Event): void => {
      (event.currentTarget as HTMLButtonElement).disabled = true;
      booth.say(words.review.sealing);
      void sealNow(booth);
    };
    return {
      step: 3,
      title: words.review.title,
      body: [
        chosenList(booth),
        mistake !== '' && h('p', { class: 'mistake', role: 'alert' }, mistake),
        h('p', {}, words.review.intro),
        h('p', { class: 'note' }, words.review.again),
        actions(
          h('button', { type: 'button', class: 'main', onclick: seal }, words.review.seal),
          button(words.review.change, () => booth.go(choicesPage)),
        ),
      ],
    };
  };
}

async function sealNow(booth: Booth): Promise<void> {
  const { link } = booth;
  try {
    const hash = await booth.sealing.seal(vectors(booth));
    if (booth.link !== link) return;
    booth.hash = hash;
    booth.go(sealedPage);
  } catch (error) {
    if (booth.link === link) booth.go(reviewPage(reasonOf(booth, error)));
  }
}
