/** The fourth step: the hash is shown, and only then the voter says what happens to the ballot (spec 4.c). */
import type { Booth, Render, View } from '../booth.ts';
import { castPage } from './cast.ts';
import { chosenList, reviewPage } from './choices.ts';
import { actions, button, h, machine, saveFile } from './dom.ts';
import { problemPage } from './problem.ts';

export function sealedPage(booth: Booth): View {
  const { words } = booth.speaker;
  const { sealed } = words;
  booth.unsaved = true;
  return {
    step: 4,
    title: sealed.title,
    body: [
      h('p', {}, sealed.intro),
      h('p', { class: 'hash' }, machine(booth.hash, { id: 'hash', 'aria-label': `${sealed.hash}: ${booth.hash}`, role: 'img' })),
      h('p', {}, sealed.note),
      h(
        'div',
        { class: 'two' },
        h('section', {}, h('p', {}, sealed.castWhat), button(sealed.cast, () => void cast(booth), 'main', { id: 'cast' })),
        h('section', {}, h('p', {}, sealed.challengeWhat), button(sealed.challenge, () => void challenge(booth), 'second', { id: 'challenge' })),
      ),
    ],
  };
}

async function cast(booth: Booth): Promise<void> {
  try {
    const { ballot, tracker } = await booth.sealing.cast();
    [booth.ballot, booth.tracker] = [ballot, tracker];
    castPage(booth);
  } catch (error) {
    booth.go(problemPage(error, null));
  }
}

async function challenge(booth: Booth): Promise<void> {
  try {
    const opened = await booth.sealing.challenge();
    booth.go(openedPage(opened));
    booth.say(booth.speaker.words.sealed.opened);
  } catch (error) {
    booth.go(problemPage(error, null));
  }
}

function openedPage(opened: string): Render {
  return (booth) => {
    const { words } = booth.speaker;
    const again = (): void => {
      booth.hash = '';
      booth.unsaved = false;
      booth.go(reviewPage());
    };
    return {
      step: 4,
      title: words.opened.title,
      body: [
        h('p', {}, words.opened.intro),
        h('p', {}, words.opened.holds),
        chosenList(booth),
        h('p', { class: 'hash' }, machine(booth.hash)),
        h('p', { class: 'note' }, words.opened.secret),
        actions(
          button(words.opened.save, () => saveFile('opened.json', opened), 'main', { id: 'save-opened' }),
          button(words.opened.again, again, 'second', { id: 'seal-again' }),
        ),
        howToCheck(booth),
        textOf(booth, opened),
      ],
    };
  };
}

function howToCheck(booth: Booth): HTMLElement {
  const { words } = booth.speaker;
  const anchor = booth.setup?.anchor ?? '';
  const link = `${location.origin}${location.pathname}#check&r=${anchor}&a=${booth.area?.code ?? ''}`;
  const [before = '', after = ''] = words.opened.device.split('{link}');
  const command = `sanduq booth check opened.json --archive ${booth.area?.uuid ?? ''}.bel --hash '${booth.hash}'`;
  return h(
    'section',
    {},
    h('h2', {}, words.opened.how),
    h('p', { class: 'command' }, before, machine(link), after),
    h('p', {}, words.opened.command),
    h('p', { class: 'command' }, machine(command)),
  );
}

function textOf(booth: Booth, opened: string): HTMLElement {
  const { words } = booth.speaker;
  const area = h('textarea', { readonly: true, dir: 'ltr', rows: 6, id: 'opened-text' });
  area.value = opened;
  const copy = (): void => {
    area.select();
    void navigator.clipboard?.writeText(opened).then(() => booth.say(words.buttons.copied));
  };
  const label = h('label', { for: 'opened-text' }, words.opened.text);
  return h('details', {}, h('summary', {}, words.opened.text), label, area, actions(button(words.buttons.copy, copy)));
}
