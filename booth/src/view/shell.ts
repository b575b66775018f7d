/** What stands around every step: the title, the choice of language, the way, the anchor, and what is said aloud. */
import type { Booth, View } from '../booth.ts';
import { LANGUAGES } from '../words/index.ts';
import { h, machine } from './dom.ts';

export class Shell {
  private readonly header = h('header');
  private readonly main = h('main');
  private readonly footer = h('footer');
  private readonly status = h('div', { role: 'status', class: 'heard' });

  constructor(private readonly speak: (tag: string) => void) {
    document.body.replaceChildren(this.header, this.main, this.status, this.footer);
  }

  /** Say something to those who hear the page. The same text twice is said twice. */
  say(text: string): void {
    this.status.textContent = '';
    setTimeout(() => (this.status.textContent = text), 50);
  }

  show(booth: Booth, view: View, moved: boolean): void {
    const { language, words } = booth.speaker;
    document.documentElement.lang = language.tag;
    document.documentElement.dir = language.dir;
    document.title = [booth.mark, view.title, words.booth].filter(Boolean).join(' – ');
    this.header.replaceChildren(...this.headOf(booth));
    const heading = h('h1', { tabindex: -1 }, view.title);
    const banner = view.banner ? [view.banner] : [];
    this.main.replaceChildren(...banner, ...this.wayOf(booth, view), heading, ...view.body.filter((part) => part !== null && part !== false));
    this.footer.replaceChildren(...footOf(booth));
    if (moved) {
      heading.focus();
      scrollTo(0, 0);
    }
  }

  private headOf(booth: Booth): HTMLElement[] {
    const { language, words } = booth.speaker;
    const title = booth.setup ? booth.textIn(booth.setup.title) : { text: words.booth, lang: language.tag, dir: language.dir };
    const options = LANGUAGES.map(({ tag, name }) => h('option', { value: tag, lang: tag, selected: tag === language.tag }, name));
    const onchange = (event: Event): void => this.speak((event.target as HTMLSelectElement).value);
    return [
      h('p', { class: 'title' }, h('span', { lang: title.lang, dir: title.dir }, title.text)),
      h('label', { class: 'language' }, `${words.language} `, h('select', { id: 'language', onchange }, ...options)),
    ];
  }

  /** The way of a vote. A screen reader hears it as one sentence. */
  private wayOf(booth: Booth, view: View): HTMLElement[] {
    const { words } = booth.speaker;
    if (view.step === 0) return [];
    const of = words.steps.length;
    const text = booth.fill(words.progress, { n: view.step, of, step: words.steps[view.step - 1] ?? '' });
    const marks = words.steps.map((_, i) => h('span', { class: i < view.step ? 'passed' : 'ahead' }));
    return [h('p', { class: 'way' }, text), h('div', { class: 'marks', 'aria-hidden': 'true' }, ...marks)];
  }
}

function footOf(booth: Booth): HTMLElement[] {
  const { setup, speaker } = booth;
  if (!setup) return [];
  const { anchor, until } = speaker.words;
  return [
    h(
      'details',
      { class: 'anchor' },
      h('summary', {}, `${anchor.label}: `, machine(`${setup.anchor.slice(0, 16)}…`)),
      h('p', {}, machine(setup.anchor)),
      h('p', {}, anchor.what),
    ),
    h('p', {}, booth.fill(until, { time: speaker.time(setup.closes) })),
  ];
}
