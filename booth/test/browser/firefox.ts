/**
 * Debian's Firefox ESR, spoken to by WebDriver BiDi: a few calls, and so no driver but a socket. Its preferences are those of a
 * reader: drivers like to switch off what keeps file: pages apart from each other.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import WebSocket from 'ws';
import { temporary } from './temporary.ts';

const PATH = process.env.SANDUQ_FIREFOX ?? '/usr/bin/firefox-esr';
export const isThere = existsSync(PATH);
const PREFERENCES = {
  'remote.prefs.recommended': false, // what drivers recommend switches the next one off
  'security.fileuri.strict_origin_policy': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'app.update.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'intl.accept_languages': 'en-GB',
};

interface Value {
  readonly type: string;
  readonly value?: unknown;
  readonly sharedId?: string;
}

type Answer = Record<string, unknown>;

export class Firefox {
  private next = 0;
  private readonly waiting = new Map<number, { done: (answer: Answer) => void; failed: (error: Error) => void }>();
  private context = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly socket: WebSocket,
  ) {
    socket.on('message', (data) => {
      const { id, result, error, message } = JSON.parse(String(data)) as { id?: number; result: Answer; error?: string; message?: string };
      const call = this.waiting.get(id ?? -1);
      if (error) call?.failed(new Error(`${error}: ${message}`));
      else call?.done(result);
    });
  }

  static async open(): Promise<Firefox> {
    const profile = temporary('firefox');
    const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
    writeFileSync(join(profile, 'user.js'), lines.join(''));
    const child = spawn(PATH, ['--headless', '--no-remote', '--remote-debugging-port=0', '--remote-allow-system-access', '--profile', profile], {
      env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
    });
    const address = await new Promise<string>((done, failed) => {
      let said = '';
      child.stderr!.on('data', (data) => {
        said += String(data);
        const found = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
        if (found) done(found[1]!);
      });
      child.on('exit', () => failed(new Error(`Firefox ended: ${said.slice(-500)}`)));
    });
    const socket = new WebSocket(`${address}/session`);
    await new Promise((done, failed) => socket.on('open', done).on('error', failed));
    const browser = new Firefox(child, socket);
    await browser.call('session.new', { capabilities: {} });
    const { contexts } = (await browser.call('browsingContext.getTree', {})) as { contexts: { context: string }[] };
    browser.context = contexts[0]!.context;
    return browser;
  }

  private call(method: string, params: Answer): Promise<Answer> {
    const id = ++this.next;
    this.socket.send(JSON.stringify({ id, method, params }));
    return new Promise((done, failed) => this.waiting.set(id, { done, failed }));
  }

  async goto(url: string): Promise<void> {
    await this.call('browsingContext.navigate', { context: this.context, url, wait: 'complete' });
  }

  /** What an expression comes to: a text, a number, whether; or an element, as a reference. A promise is waited for. */
  async evaluate(expression: string, context = this.context): Promise<Value> {
    const target = { context };
    const answer = await this.call('script.evaluate', { expression, target, awaitPromise: true, userActivation: true });
    if (answer['type'] === 'exception') throw new Error(JSON.stringify(answer['exceptionDetails']));
    return answer['result'] as Value;
  }

  async text(expression: string): Promise<unknown> {
    return (await this.evaluate(expression)).value;
  }

  /**
   * Pick a folder as a reader does: click, choose it, and agree when Firefox asks whether to *upload*. BiDi sets files and no folders,
   * so the system's dialog is replaced, in the browser's own process; the question and the reading are Firefox's.
   */
  async pick(selector: string, folder: string): Promise<void> {
    await this.inBrowser(`(${replaceDialog.toString()})(${JSON.stringify(folder)})`);
    await this.evaluate(`document.querySelector(${JSON.stringify(selector)}).click()`);
    await this.inBrowser(`(${agree.toString()})()`);
  }

  /** Pick a file. */
  async give(selector: string, path: string): Promise<void> {
    const { sharedId } = await this.evaluate(`document.querySelector(${JSON.stringify(selector)})`);
    await this.call('input.setFiles', { context: this.context, element: { sharedId }, files: [path] });
  }

  /** What a preference is, whoever has set it. */
  async preference(name: string): Promise<unknown> {
    return (await this.inBrowser(`Services.prefs.getBoolPref(${JSON.stringify(name)})`)).value;
  }

  private async inBrowser(expression: string): Promise<Value> {
    const { contexts } = (await this.call('browsingContext.getTree', { 'moz:scope': 'chrome' })) as { contexts: { context: string }[] };
    return this.evaluate(expression, contexts[0]!.context);
  }

  async close(): Promise<void> {
    const ended = new Promise((done) => this.child.on('exit', done));
    this.call('browser.close', {}).catch(() => this.child.kill());
    await ended;
    this.socket.close();
  }
}

// What runs in the browser's own process. It has no types.

/** The dialog that picks a folder is one that picks this folder. */
function replaceDialog(path: string): void {
  const { Cc, ChromeUtils, Ci, Components } = globalThis as never as Record<string, any>;
  const file = Cc['@mozilla.org/file/local;1'].createInstance(Ci.nsIFile);
  file.initWithPath(path);
  const nothing = (): void => {};
  const picker = {
    ...{ file, init: nothing, appendFilters: nothing, appendFilter: nothing, appendRawFilter: nothing },
    isModeSupported: () => Promise.resolve(true),
    open: (callback: { done(result: number): void }) => setTimeout(() => callback.done(0)), // returnOK
    QueryInterface: ChromeUtils['generateQI'](['nsIFilePicker']),
  };
  const factory = { createInstance: (id: unknown) => picker.QueryInterface(id) };
  const registrar = Components['manager'].QueryInterface(Ci.nsIComponentRegistrar);
  const id = Cc['@mozilla.org/uuid-generator;1'].getService(Ci.nsIUUIDGenerator).generateUUID();
  registrar.registerFactory(id, '', '@mozilla.org/filepicker;1', factory);
}

/** Says yes to the question that the browser asks, once it stands there. */
async function agree(): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    for (const frame of document.querySelectorAll<any>('browser.dialogFrame')) {
      const dialog = frame.contentDocument?.querySelector('dialog');
      const button = dialog?._buttons && dialog.getButton('accept'); // not before it is made
      if (button && frame.currentURI.spec.endsWith('commonDialog.xhtml')) {
        button.disabled = false;
        button.click();
        return;
      }
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error('Firefox asked nothing');
}
