/** What the booth knows while a voter uses it, and how the page changes from one step to the next. */
import type { Api, State } from './api.ts';
import type { Link } from './link.ts';
import type { Area, Setup, Texts } from './protocol/setup.ts';
import type { Sealing } from './sealing/client.ts';
import { saveFile, type Child } from './view/dom.ts';
import type { Shell } from './view/shell.ts';
import type { Speaker } from './words/index.ts';

/** One page of the booth. `step` is its place in the way of a vote, from 1; 0 is beside it. */
export interface View {
  readonly step: number;
  readonly title: string;
  readonly body: readonly Child[];
  /** What stands above the step. */
  readonly banner?: Child;
}

/** Makes a page from what is known. It is called again when the language changes, so it must not act. */
export type Render = (booth: Booth) => View;

/** What the voter chose for a question: the numbers of answers, or blank. */
export interface Chosen {
  readonly blank: boolean;
  readonly answers: ReadonlySet<number>;
}

/** Nothing around a page. */
export const plain = (_: Booth, view: View): View => view;

export class Booth {
  api: Api | null = null;
  setup: Setup | null = null;
  state: State | null = null;
  area: Area | null = null;
  typed = '';
  fromLink = false;
  busy = false;
  chosen: (Chosen | null)[] = [];
  hash = '';
  ballot = '';
  tracker = '';
  /** Whether leaving the page would lose something that the voter may want. */
  unsaved = false;
  /** Stands before the names of files and in the window's title: empty but in the practice. */
  mark = '';
  /** What is put around every page. */
  frame: (booth: Booth, view: View) => View = plain;
  private render: Render | null = null;

  constructor(
    public link: Link,
    readonly sealing: Sealing,
    readonly shell: Shell,
    public speaker: Speaker,
  ) {
    // A reload or a closed tab throws away what is not in the box yet: the browser asks first.
    addEventListener('beforeunload', (event) => {
      if (this.unsaved) event.preventDefault();
    });
  }

  /** Show a page and move the focus to its heading. */
  go(render: Render): void {
    this.render = render;
    this.shell.show(this, this.frame(this, render(this)), true);
  }

  /** The same page again, in another language or with other facts; the focus stays where it is. */
  refresh(): void {
    if (this.render) this.shell.show(this, this.frame(this, this.render(this)), false);
  }

  /** Say what happened, to those who hear the page. */
  say(text: string): void {
    this.shell.say(text);
  }

  named(name: string): string {
    return this.mark ? `${this.mark}-${name}` : name;
  }

  /** Give the voter a file. */
  save(name: string, content: string | Uint8Array<ArrayBuffer>): void {
    saveFile(this.named(name), content);
  }

  fill(text: string, values: Readonly<Record<string, string | number>>): string {
    return this.speaker.fill(text, values);
  }

  /** A text of the setup in the language of the page, else in the one of the area, else in the leading one. */
  textIn(texts: Texts): { readonly text: string; readonly lang: string; readonly dir: string } {
    const languages = this.setup?.languages ?? [];
    const tags = languages.map(([tag]) => tag);
    const lang = [this.speaker.language.tag, this.area?.language, ...tags].find((tag) => tag !== undefined && tag in texts);
    const dir = languages.find(([tag]) => tag === lang)?.[1] ?? 'ltr';
    return { text: lang === undefined ? '' : (texts[lang] ?? ''), lang: lang ?? '', dir };
  }

  /** Forget everything that is about this voter. */
  async forget(): Promise<void> {
    this.typed = this.hash = this.ballot = this.tracker = '';
    this.chosen = [];
    this.unsaved = false;
    await this.sealing.forget();
  }
}
