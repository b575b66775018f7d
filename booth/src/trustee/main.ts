/** `TRUSTEE.html`: a trustee's work in the browser. In a worker, the same script verifies archives. */
import { h, type Child } from '../view/dom.ts';
import { App } from './app.ts';
import { openStore } from './store.ts';
import { byFiles, byServer } from './transport.ts';
import { PANELS as BEFORE } from './view/ceremony.ts';
import { PANELS as AFTER, progress } from './view/decrypting.ts';
import { TEXTS, type Place } from './words/index.ts';
import { work } from './worker.ts';

const SCRIPT = typeof document === 'undefined' ? '' : document.currentScript!.textContent!;
const PLACES = { ...BEFORE, ...AFTER };

let app: App;
let shown = '';
let waiting = '';

function render(): void {
  const { words, place, tag } = app;
  const state = JSON.stringify([tag, place, app.work.run !== null]);
  // While archives are verified only the progress changes, and what is typed stays.
  if (app.work.run && state === shown) return document.querySelector('#progress')!.replaceChildren(...progress(app));
  const isNew = shown !== '' && place !== (JSON.parse(shown) as unknown[])[1];
  shown = state;
  document.documentElement.lang = tag === 'azb' ? 'azb-Arab' : tag;
  document.documentElement.dir = words.dir;
  document.title = words.title;
  const languages = Object.entries(TEXTS).map(([one, { name }]) =>
    h('button', { type: 'button', lang: one, 'aria-pressed': String(one === tag), onclick: () => app.speak(one) }, name));
  const typed = isNew ? [] : [...document.querySelectorAll<HTMLInputElement>('#now input')].filter(({ id }) => !id.startsWith('their'));
  const opened = isNew ? [] : [...document.querySelectorAll<HTMLDetailsElement>('#now details')].map(({ open }) => open);
  // What is disabled while something is done loses the focus, and gets it back.
  const focused = isNew ? '' : document.activeElement?.id || waiting;
  waiting = app.isBusy ? focused : '';
  document.querySelector('nav')?.remove();
  document.querySelector('main')?.remove();
  document.body.prepend(h('nav', { 'aria-label': words.language }, ...languages), page(place));
  typed.forEach(restore);
  [...document.querySelectorAll('#now details')].forEach((details, i) => details.toggleAttribute('open', opened[i] ?? false));
  if (focused !== '') document.getElementById(focused)?.focus();
  if (isNew) document.querySelector<HTMLElement>('#now h2')!.focus();
}

/** What was typed and chosen stays where the page is drawn again at the same place. */
function restore({ id, type, value, files }: HTMLInputElement): void {
  const input = document.querySelector<HTMLInputElement>(`#${id}`);
  if (input === null || input.readOnly || input.disabled) return;
  if (type === 'file') input.files = files;
  else input.value = value;
}

function page(place: Place): HTMLElement {
  const { words, fill, desk, transport, store } = app;
  const [title, what] = words.steps[place];
  return h(
    'main',
    { 'aria-busy': String(app.isBusy) },
    h('h1', {}, words.title),
    h(
      'section',
      { id: 'now', 'data-place': place, 'aria-labelledby': 'now-title' },
      h('h2', { id: 'now-title', tabindex: -1 }, `${words.now}: ${title}`),
      h('p', {}, what),
      desk.problem && h('p', { class: 'bad', role: 'alert', 'data-step': desk.problem.step }, `${words.stuck} ${fill(words.errors.refused, { number: desk.problem.step, name: desk.problem.refusal })} — ${desk.problem.message}`),
      h('div', { id: 'sayings', role: 'alert' }, ...app.sayings.map((saying) => h('p', { class: 'bad' }, saying(words, fill)))),
      ...PLACES[place](app).filter((child): child is Exclude<Child, null | false> => child !== null && child !== false),
    ),
    ...way(place),
    h('p', { class: 'note' }, words.lost),
    h('p', {}, words.intro),
    h('p', { class: 'note' }, transport.isOnline ? words.online : words.forged),
    !store.isDurable && h('p', { class: 'note' }, words.fleeting),
  );
}

/** All steps, with what is done. */
function way(place: Place): HTMLElement[] {
  const { words, desk } = app;
  const { board, key } = desk;
  const isDone: Record<Place, boolean> = {
    begin: key !== null,
    save: key !== null && desk.isSaved,
    cert: board.certs !== null || desk.decryptionKey !== null,
    commitment: board.commitments !== null || desk.decryptionKey !== null,
    polynomial: key !== null && key.privateKey !== null,
    voutput: board.group !== null || board.trustees !== null,
    pubkey: board.trustees !== null,
    final: board.trustees !== null,
    trial: board.trustees !== null && desk.isTried,
    ready: false,
    record: app.work.verified !== null,
    heads: app.work.plan !== null,
    decrypt: app.work.parts !== null,
    end: false,
  };
  const middle: readonly Place[] = key?.context === null && key ? ['pubkey'] : ['cert', 'commitment', 'polynomial', 'voutput', 'final'];
  const list = (title: string, places: readonly Place[]): HTMLElement[] => [
    h('h3', {}, title),
    h(
      'ol',
      { class: 'way' },
      ...places.map((one) => {
        const state = one === place ? 'now' : isDone[one] ? 'done' : 'later';
        return h('li', { class: state, ...(state === 'now' && { 'aria-current': 'step' }) }, `${words.steps[one][0]} — ${words.states[state]}`);
      }),
    ),
  ];
  return [
    h('h2', {}, words.way),
    ...list(words.parts[0], ['begin', 'save', ...middle, 'trial', 'ready']),
    ...list(words.parts[1], ['record', 'heads', 'decrypt', 'end']),
  ];
}

async function begin(): Promise<void> {
  const isOnline = document.documentElement.dataset.transport === 'server' && /^https?:$/.test(location.protocol);
  app = new App(await openStore(), isOnline ? byServer(location.href) : byFiles, SCRIPT, () => render());
  render();
}

if (SCRIPT === '') work();
else void begin();
