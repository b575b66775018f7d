/** Folders of a test, and their end: whoever makes some calls `clean` when the browser is closed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

export function temporary(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `sanduq-${name}-`));
  made.push(folder);
  return folder;
}

export function clean(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
