/** Pieces that several panels have. */
import { h, machine, type Child } from '../../view/dom.ts';
import type { App } from '../app.ts';
import type { SentKind } from '../transport.ts';

/** A field with its label; the id is unique on the page. */
export function field(id: string, label: string, props: Parameters<typeof h>[1] = {}): HTMLElement[] {
  return [h('label', { for: id }, label), h('input', { id, autocomplete: 'off', ...props })];
}

export function button(id: string, text: string, onclick: () => void, app: App, disabled = false): HTMLElement {
  return h('button', { type: 'button', id, onclick, disabled: disabled || app.isBusy }, text);
}

export function valueOf(id: string): string {
  return document.querySelector<HTMLInputElement>(`#${id}`)?.value ?? '';
}

export function filesOf(id: string): File[] {
  return [...(document.querySelector<HTMLInputElement>(`#${id}`)?.files ?? [])];
}

/** The file input for what the others have handed over. */
export function theirs(app: App): HTMLElement[] {
  const onchange = (): void => void app.take(filesOf('theirs'));
  return field('theirs', app.words.theirs, { type: 'file', multiple: true, onchange, disabled: app.isBusy });
}

/** Hand something of mine over, by file; and over the server, if there is one. */
export function handing(app: App, kind: SentKind, name: string, text: string | null): Child[] {
  if (text === null) return [];
  const { words } = app;
  const save = button(`save-${kind}`, app.fill(words.handOver, { name }), () => app.saveMessage(kind, name, text), app);
  if (!app.transport.isOnline) return [save];
  const isSent = app.server?.mine.has(kind) ?? false;
  const sending = isSent ? h('p', { class: 'good' }, words.sent) : button(`send-${kind}`, words.send, () => void app.hand(kind, name, text), app);
  return [sending, h('details', {}, h('summary', {}, app.fill(words.handOver, { name })), save)];
}

/** Who has handed something over. */
export function present(app: App, there: readonly boolean[], own: number | null): HTMLElement {
  const { words, fill } = app;
  const row = (isThere: boolean, i: number): HTMLElement =>
    h(
      'li',
      { 'data-there': String(isThere) },
      `${fill(words.trustee, { n: i + 1 })}${i + 1 === own ? ` (${words.me})` : ''}: ${isThere ? words.there : words.missing}`,
    );
  return h('ul', { class: 'present' }, ...there.map(row));
}

export function digits(text: string): HTMLElement {
  return h('p', { class: 'anchor' }, machine(text));
}
