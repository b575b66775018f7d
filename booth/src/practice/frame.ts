/** What stands around each step in the practice: that it is practice, the letter with the credential, and at the end the record. */
import { printedCredential } from '../protocol/credential.ts';
import type { Booth, View } from '../booth.ts';
import { said } from '../view/choices.ts';
import { enterFromLink } from '../view/credential.ts';
import { actions, button, h, machine } from '../view/dom.ts';
import type { PracticeBox } from './box.ts';

export function frameOf(box: PracticeBox): (booth: Booth, view: View) => View {
  return (booth, view) => {
    const { practice, done } = booth.speaker.words;
    const isDone = view.title === done.title && box.taken.length > 0;
    const banner = h(
      'aside',
      { class: 'practice', 'aria-label': practice.word },
      h('p', {}, h('strong', {}, `${practice.word}:`), ` ${practice.banner}`),
      view.step === 1 && letter(booth, box),
    );
    return { ...view, banner, body: isDone ? [...view.body, record(booth, box)] : view.body };
  };
}

/** The letter that a real voter would have on paper. */
function letter(booth: Booth, { world }: PracticeBox): HTMLElement {
  const { practice, area: label } = booth.speaker.words;
  const asLink = (): void => {
    booth.area = world.area;
    enterFromLink(booth, world.credential);
  };
  return h(
    'div',
    { class: 'letter' },
    h('p', {}, practice.letter),
    h('p', {}, `${label.label}: `, h('bdi', {}, world.area.name)),
    h('p', {}, machine(printedCredential(world.credential), { id: 'practice-credential' })),
    actions(button(practice.fromLink, asLink, 'second', { id: 'as-link' })),
  );
}

/** What everybody would see, and what only the trustees together could do. */
function record(booth: Booth, box: PracticeBox): HTMLElement {
  const { words } = booth.speaker;
  const { practice } = words;
  const place = (height: number): string => booth.speaker.number(height);
  const result = h('div', { id: 'opened-sum', role: 'status' });
  const open = (): void => result.replaceChildren(h('p', {}, practice.openWhat), sums(booth, box));
  const last = box.taken.length - 1;
  return h(
    'section',
    { class: 'record' },
    h('h2', {}, practice.record),
    h('p', {}, practice.recordWhat),
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, ...[words.done.height, words.done.tracker, ''].map((text) => h(text ? 'th' : 'td', text ? { scope: 'col' } : {}, text)))),
      h(
        'tbody',
        {},
        h('tr', {}, h('td', {}, place(0)), h('td', {}, practice.setup), h('td', {})),
        ...box.taken.map(({ height, tracker }, i) =>
          h('tr', {}, h('td', {}, place(height)), h('td', {}, machine(tracker)), h('td', {}, i === last ? practice.counts : practice.replaced)),
        ),
      ),
    ),
    actions(
      button(practice.saveRecord, () => booth.save(`${box.world.area.uuid}.bel`, box.record()), 'second', { id: 'save-record' }),
      button(practice.open, open, 'second', { id: 'open-sum' }),
    ),
    result,
  );
}

function sums(booth: Booth, box: PracticeBox): HTMLElement {
  const { choice } = booth.speaker.words;
  const row = (name: Node | string, count: number): HTMLElement[] => [h('dt', {}, name), h('dd', {}, booth.speaker.number(count))];
  const rows = box.open().flatMap((counts, i) => {
    const { answers, blank } = booth.setup!.questions[i]!;
    const names = [...(blank ? [choice.blank] : []), ...answers.map((answer) => said(booth, answer))];
    return counts.flatMap((count, n) => row(names[n]!, count));
  });
  return h('dl', { class: 'sum' }, ...rows);
}
