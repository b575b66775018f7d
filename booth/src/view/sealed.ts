/** The fourth step: the hash is shown, and only then the voter says what happens to the ballot (spec 4.c). */
import type { Booth, Render, View } from '../booth.ts';
import { castPage } from './cast.ts';
import { chosenList, reviewPage } from './choices.ts';
import { qrCode } from '../qr.ts';
import { actions, button, h, machine } from './dom.ts';
import { problemPage } from './problem.ts';

export function sealedPage(booth: Booth): View {
  const { words } = booth.speaker;
  const { sealed } = words;
  booth.unsaved = true;
  // One of the two, once: the desk would refuse the other, and a page for that would hide the first.
  const decide = (act: (booth: Booth) => Promise<void>) => (): void => {
    document.querySelectorAll<HTMLButtonElement>('#cast, #challenge').forEach((one) => (one.disabled = true));
    void act(booth);
  };
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
        h('section', {}, h('p', {}, sealed.castWhat), button(sealed.cast, decide(cast), 'main', { id: 'cast' })),
        h('section', {}, h('p', {}, sealed.challengeWhat), button(sealed.challenge, decide(challenge), 'second', { id: 'challenge' })),
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
    booth.go(openedPage(opened, await booth.sealing.pack(opened)));
    booth.say(booth.speaker.words.sealed.opened);
  } catch (error) {
    booth.go(problemPage(error, null));
  }
}

function openedPage(opened: string, packed: string): Render {
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
          button(words.opened.save, () => booth.save('opened.json', opened), 'main', { id: 'save-opened' }),
          button(words.opened.again, again, 'second', { id: 'seal-again' }),
        ),
        howToCheck(booth, packed),
        textOf(booth, opened),
      ],
    };
  };
}

function howToCheck(booth: Booth, packed: string): HTMLElement {
  const { words } = booth.speaker;
  const link = `${location.origin}${location.pathname}#check&${booth.api?.fragment ?? ''}&a=${booth.area?.code ?? ''}`;
  const [before = '', after = ''] = words.opened.device.split('{link}');
  const command = `sanduq booth check ${booth.named('opened.json')} --archive ${booth.area?.uuid ?? ''}.bel --hash '${booth.hash}'`;
  return h(
    'section',
    {},
    h('h2', {}, words.opened.how),
    ...codeOf(words.opened.code, `${link}&o=${packed}`),
    h('p', { class: 'command' }, before, machine(link), after),
    h('p', {}, words.opened.command),
    h('p', { class: 'command' }, machine(command)),
  );
}

/** The link with the opened ballot as a code, unless it asks too many questions for one. Dark on light, whatever the page is. */
function codeOf(what: string, link: string): HTMLElement[] {
  const grid = qrCode(link);
  if (grid === null) return [];
  const space = 'http://www.w3.org/2000/svg';
  const picture = document.createElementNS(space, 'svg');
  const size = grid.length + 8;
  picture.setAttribute('viewBox', `-4 -4 ${size} ${size}`);
  picture.setAttribute('class', 'code');
  picture.setAttribute('role', 'img');
  picture.setAttribute('aria-label', what);
  const path = document.createElementNS(space, 'path');
  const modules = grid.flatMap((row, y) => [...row].map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')));
  path.setAttribute('d', modules.join(''));
  picture.append(path);
  return [h('p', {}, what), h('p', {}, picture)];
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
