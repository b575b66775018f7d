/** `VERIFY-AREA.html`: the reader picks an archive, and is told whether it holds. In a worker, the same script does the work. */
import { fillIn, plain, startTag } from '../disc/telling.ts';
import { STEPS } from '../verify/steps.ts';
import { h, machine, type Child } from '../view/dom.ts';
import { amongFiles, given, inFolder, TooLarge, type Choice } from './picked.ts';
import { factsOf, type Fill } from './report.ts';
import { start, type Run } from '../verify/workers.ts';
import { TEXTS, type Texts } from './words/index.ts';
import { work, type Done, type Outcome } from './worker.ts';

const SCRIPT = typeof document === 'undefined' ? '' : document.currentScript!.textContent!;

let tag = 'en';
let anchor = '';
let choices: readonly Choice[] = [];
let chosen = 0;
let run: Run<Outcome> | null = null;
let outcome: Outcome | null = null;
/** How far the run is, and since when its ballots are being verified. */
let done: Done = { part: 0, ballots: 0, keys: 0, roll: 0 };
let since = 0;

function texts(): Texts {
  return TEXTS[tag]!;
}

const fill: Fill = (text, values) => fillIn(text, values, texts().numbers);

function render(): void {
  const words = texts();
  document.documentElement.lang = tag === 'azb' ? 'azb-Arab' : tag;
  document.documentElement.dir = words.dir;
  document.title = words.title;
  const languages = Object.entries(TEXTS).map(([one, { name }]) =>
    h('button', { type: 'button', lang: one, 'aria-pressed': String(one === tag), onclick: () => ((tag = one), render()) }, name));
  const main = h(
    'main',
    {},
    h('h1', {}, words.title),
    h('p', {}, words.intro),
    h('p', { class: 'note' }, words.forged),
    h('label', { for: 'anchor' }, words.anchor),
    h('input', { id: 'anchor', dir: 'ltr', spellcheck: 'false', autocomplete: 'off', maxlength: 80, oninput: keepAnchor }),
    h('p', { id: 'slip', class: 'bad', role: 'alert' }),
    h('label', { for: 'files' }, words.files),
    h('input', { type: 'file', id: 'files', multiple: true, onchange: pickFiles }),
    h('label', { for: 'folder' }, words.folder),
    h('input', { type: 'file', id: 'folder', webkitdirectory: true, multiple: true, onchange: pickFolder }),
    h('div', { id: 'choose' }),
    h('div', { id: 'progress', role: 'status' }),
    h('div', { id: 'result', role: 'status' }),
  );
  document.querySelector('nav')?.remove();
  document.querySelector('main')?.remove();
  document.body.prepend(h('nav', { 'aria-label': words.language }, ...languages), main);
  document.querySelector<HTMLInputElement>('#anchor')!.value = anchor;
  showChoices();
  showProgress();
  showOutcome();
}

function replace(id: string, ...children: Child[]): void {
  document.getElementById(id)!.replaceChildren(...children.filter((child) => child !== null && child !== false));
}

// --- what is picked ---------------------------------------------------------------------------------------------------------

function keepAnchor(event: Event): void {
  anchor = (event.target as HTMLInputElement).value.trim().toLowerCase();
  showChoices();
}

function isSlip(): boolean {
  return anchor !== '' && !/^[0-9a-f]{64}$/.test(anchor);
}

function pickFiles(event: Event): void {
  const files = Array.from((event.target as HTMLInputElement).files ?? []);
  const found = amongFiles(files);
  offer(found.length > 1 ? [] : found, found.length > 1 ? 'several' : 'none');
}

async function pickFolder(event: Event): Promise<void> {
  offer(await inFolder(Array.from((event.target as HTMLInputElement).files ?? [])), 'none');
}

function offer(found: readonly Choice[], otherwise: 'none' | 'several'): void {
  stop();
  [choices, chosen] = [found, 0];
  outcome = found.length === 0 ? { is: 'unfinished', why: otherwise, message: '' } : null;
  showChoices();
  showOutcome();
}

function showChoices(): void {
  const words = texts();
  document.getElementById('slip')!.textContent = isSlip() ? words.anchorSlip : '';
  if (choices.length === 0) return replace('choose');
  const option = ({ code, name }: Choice, i: number): HTMLElement =>
    h('option', { value: i, selected: i === chosen }, code === '' ? plain(name) : `${code} — ${plain(name)}`);
  const several = choices.length > 1;
  const select = several && h('select', { id: 'area', onchange: choose }, ...choices.map(option));
  const label = several && h('label', { for: 'area' }, words.which);
  const button = h('button', { type: 'button', id: 'start', disabled: isSlip() || run !== null, onclick: () => void begin() }, words.start);
  replace('choose', label, select, button);
}

function choose(event: Event): void {
  chosen = Number((event.target as HTMLSelectElement).value);
}

// --- a run ------------------------------------------------------------------------------------------------------------------

function stop(): void {
  run?.stop();
  run = null;
  showProgress();
}

async function begin(): Promise<void> {
  stop();
  outcome = null;
  showOutcome();
  let picked;
  try {
    picked = await given(choices[chosen]!, anchor);
  } catch (error) {
    outcome = { is: 'unfinished', why: error instanceof TooLarge ? 'large' : 'damaged', message: '' };
    return showOutcome();
  }
  done = { part: 0, ballots: 0, keys: 0, roll: 0 };
  const mine = (run = start<Done, Outcome>(SCRIPT, { verify: picked }, (now) => {
    if (done.ballots === 0) since = performance.now();
    done = now;
    if (run === mine) showProgress();
  }));
  showProgress();
  showChoices();
  const found = await mine.outcome;
  if (run !== null && run !== mine) return;
  [run, outcome] = [null, found];
  showProgress();
  showChoices();
  showOutcome();
}

function showProgress(): void {
  if (run === null) return replace('progress');
  const words = texts();
  const seconds = (performance.now() - since) / 1000;
  const told = done.ballots === 0 ? fill(words.keysAt, { n: done.keys, all: done.roll }) : fill(words.ballotsAt, { n: done.ballots, rate: Math.round(done.ballots / Math.max(seconds, 0.1)) });
  const left = done.ballots > 0 && seconds > 3 && done.part > 0 ? Math.ceil((seconds * (1 - done.part)) / done.part) : null;
  replace(
    'progress',
    h('p', { 'data-ballots': done.ballots }, told),
    h('progress', { max: 1, value: done.part, 'aria-label': words.start }),
    left !== null && h('p', {}, fill(words.left, { minutes: Math.floor(left / 60), seconds: left % 60 })),
    h('button', { type: 'button', id: 'stop', onclick: () => run?.stop() }, words.stop),
  );
}

// --- the verdict ------------------------------------------------------------------------------------------------------------

function showOutcome(): void {
  if (outcome === null) return replace('result');
  const words = texts();
  const kind = outcome.is === 'verified' ? (outcome.summary.phase === 'counted' ? 'verified' : 'running') : outcome.is;
  const [title, what] = words.verdicts[kind];
  const verdict = h('div', { class: `verdict ${kind}`, 'data-verdict': kind }, h('h2', {}, title), h('p', {}, what), ...more(outcome));
  replace('result', verdict, ...(outcome.is === 'verified' ? factsOf(outcome.summary, words, fill) : []));
}

function more(found: Outcome): Child[] {
  const words = texts();
  if (found.is === 'verified') return [];
  if (found.is === 'unfinished') return [h('p', {}, words.whys[found.why]), found.message !== '' && h('p', {}, machine(plain(found.message)))];
  const { step, name, message } = found;
  const chapter = words.chapters[step.split('.')[0] as keyof Texts['chapters']];
  const sentence = STEPS.find(({ number }) => number === step)?.sentence;
  return [
    h('p', {}, chapter),
    h('p', { 'data-step': step }, fill(words.step, { number: step, name })),
    h('p', {}, words.holds, ' ', h('span', { lang: 'en', dir: 'ltr' }, sentence ?? name)),
    h('p', { class: 'quiet' }, machine(plain(message))),
  ];
}

if (SCRIPT === '') {
  work();
} else {
  tag = startTag(TEXTS);
  render();
}
