/** `VERIFY.html`: the reader picks the folder, and is told what it is. Nothing is fetched, nothing is kept, nothing leaves the page. */
import { h, machine, type Child } from '../view/dom.ts';
import { readKey, type Key } from './minisign.ts';
import { fillIn, plain, startTag } from './telling.ts';
import { TEXTS, type Texts } from './texts.ts';
import { byName, verify, type Report, type Signed } from './verify.ts';
import { asGroups, asWords, fingerprint, readFingerprint } from './words.ts';

const SHOWN = 100;

/** The keys that whoever made this edition wrote into the page: what a later edition is checked with. */
const OWN: readonly Key[] = (JSON.parse(document.getElementById('keys')!.textContent!) as string[]).map(readKey);

let tag = startTag(TEXTS);
let typed = '';
let picked: Iterable<readonly [string, Blob]> | null = null;
let shown: { readonly report: Report } | { readonly done: number } | null = null;
let run = 0;

function texts(): Texts {
  return TEXTS[tag]!;
}

function fill(text: string, values: Record<string, string | number>): string {
  return fillIn(text, values, texts().numbers);
}

function render(): void {
  const words = texts();
  document.documentElement.lang = tag === 'azb' ? 'azb-Arab' : tag;
  document.documentElement.dir = words.dir;
  document.title = words.title;
  const pressed = (one: string): string => String(one === tag);
  const languages = Object.entries(TEXTS).map(([one, { name }]) =>
    h('button', { type: 'button', lang: one, 'aria-pressed': pressed(one), onclick: () => ((tag = one), render()) }, name));
  const main = h(
    'main',
    {},
    h('h1', {}, words.title),
    h('p', {}, words.intro),
    h('p', { class: 'note' }, words.forged),
    h('label', { for: 'trust' }, words.trust),
    h('textarea', { id: 'trust', rows: 2, dir: 'ltr', spellcheck: 'false', autocomplete: 'off', oninput: keepTyped }),
    h('p', { id: 'slip', class: 'bad', role: 'alert' }),
    h('label', { for: 'folder' }, words.pick),
    h('input', { type: 'file', id: 'folder', webkitdirectory: true, multiple: true, onchange: pick }),
    h('div', { id: 'result', role: 'status' }),
    ...ownKeys(),
  );
  document.querySelector('nav')?.remove();
  document.querySelector('main')?.remove();
  document.body.prepend(h('nav', { 'aria-label': words.language }, ...languages), main);
  document.querySelector('textarea')!.value = typed;
  showResult();
}

function ownKeys(): Child[] {
  if (OWN.length === 0) return [];
  return [h('h2', {}, texts().own), h('p', {}, texts().ownWhat), ...OWN.flatMap(keyShown)];
}

function keyShown(key: Key): Child[] {
  const digits = fingerprint(key.public);
  return [
    h('p', { class: 'words', lang: 'en', translate: 'no' }, ...asWords(digits).map((word) => h('span', {}, word))),
    h('p', {}, machine(asGroups(digits).join(' '))),
  ];
}

/** What was typed counts the next time that it is read: at once, if a folder was picked already. */
function keepTyped(event: Event): void {
  typed = (event.target as HTMLTextAreaElement).value;
  const isSlip = typed.trim() !== '' && readFingerprint(typed) === null;
  document.getElementById('slip')!.textContent = isSlip && typed.trim().split(/\s+/).length >= 8 ? texts().slip : '';
  if (!isSlip && picked) void check();
}

function pick(event: Event): void {
  const files = Array.from((event.target as HTMLInputElement).files ?? []);
  // The first part is the folder's own name.
  picked = files.map((file) => [file.webkitRelativePath.split('/').slice(1).join('/'), file] as const);
  void check();
}

async function check(): Promise<void> {
  const mine = ++run;
  const wanted = readFingerprint(typed);
  shown = { done: 0 };
  showResult();
  const report = await verify(byName(picked!), OWN, wanted === null ? [] : [wanted], (done, total) => {
    if (mine !== run) return;
    shown = { done: total === 0 ? 1 : done / total };
    const bar = document.querySelector('progress');
    if (bar) bar.value = shown.done;
  });
  if (mine !== run) return;
  shown = { report };
  showResult();
}

function showResult(): void {
  const place = document.getElementById('result')!;
  if (shown === null) place.replaceChildren();
  else if ('done' in shown) place.replaceChildren(h('p', {}, texts().reading), h('progress', { max: 1, value: shown.done }));
  else place.replaceChildren(...told(shown.report));
}

function told(report: Report): Node[] {
  const words = texts();
  const [title, what] = words.verdicts[report.verdict];
  const lists = [['changed', report.changed], ['extra', report.extra], ['missing', report.missing], ['leftBehind', report.leftBehind]] as const;
  return [
    h(
      'div',
      { class: `verdict ${report.verdict}`, 'data-verdict': report.verdict },
      h('h2', {}, title),
      h('p', {}, what),
      report.edition && h('p', {}, fill(words.edition, { n: report.edition.number, date: report.edition.date })),
      h('p', {}, fill(words.files, { n: report.files })),
      report.refusal && h('p', { class: 'quiet' }, machine(plain(report.refusal.message))),
    ),
    ...report.signed.flatMap(signature),
    ...lists.flatMap(([name, paths]) => list(words[name], name, paths)),
  ];
}

function signature(signed: Signed): Node[] {
  const words = texts();
  const state = signed.refusal ? 'refused' : !signed.key ? 'unknown' : signed.way.length === 0 ? 'compare' : signed.way.length === 1 ? 'trusted' : 'follows';
  const found = h('section', { 'data-signature': state }, h('h2', {}, machine(signed.name)), h('p', {}, words.signatures[state]));
  if (signed.refusal) found.append(h('p', { class: 'quiet' }, machine(plain(signed.refusal.message))));
  else if (signed.way.length > 1) found.append(h('p', {}, machine(signed.way.map(({ id }) => id).join(' → '))));
  if (signed.key && !signed.refusal) found.append(...keyShown(signed.key).filter((child) => child !== null && child !== false));
  return [found];
}

function list(title: string, name: string, paths: readonly string[]): Node[] {
  if (paths.length === 0) return [];
  const items = paths.slice(0, SHOWN).map((path) => h('li', {}, machine(plain(path))));
  const more = paths.length > SHOWN ? [h('li', {}, fill(texts().more, { n: paths.length - SHOWN }))] : [];
  return [h('h2', {}, title), h('ul', { 'data-list': name }, ...items, ...more)];
}

render();
