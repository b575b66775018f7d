/** Elements without markup in strings: nothing that comes from outside is ever read as HTML. */

export type Child = Node | string | null | false;

export interface Props {
  readonly [attribute: string]: string | number | boolean | null | undefined | ((event: Event) => void);
}

/** An element. Attributes that are false, null or undefined are left out; functions listen to the event that they are named for. */
export function h<T extends keyof HTMLElementTagNameMap>(tag: T, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[T] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) if (child !== null && child !== false) element.append(child);
  return element;
}

export function button(text: string, onclick: () => void, kind: 'main' | 'second' | 'quiet' = 'second', more: Props = {}): HTMLButtonElement {
  return h('button', { type: 'button', class: kind, onclick, ...more }, text);
}

/** A hash, tracker or other text of the machine: left to right in every language. */
export function machine(text: string, more: Props = {}): HTMLElement {
  return h('code', { dir: 'ltr', translate: 'no', ...more }, text);
}

export function actions(...children: Child[]): HTMLElement {
  return h('div', { class: 'actions' }, ...children);
}

/** Give the browser a file to save. Nothing is sent anywhere. */
export function saveFile(name: string, content: string | Uint8Array<ArrayBuffer>): void {
  const type = typeof content === 'string' ? 'application/json' : 'application/octet-stream';
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = h('a', { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
