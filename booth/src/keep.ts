/**
 * A signed ballot on this device, only if the voter agreed. Nothing else of the booth is ever stored.
 *
 * What stands there is what the public record will show: no credential and no choice. But who looks at the device sees that it was
 * used to vote, and with which public credential. So it is asked for each time, said plainly, and removed with the receipt.
 */
const NAME = 'sanduq-waiting-ballot';

export interface Kept {
  readonly anchor: string;
  readonly area: string;
  readonly ballot: string;
}

/** Whether the browser let us (private windows and settings may not). */
export function keep(kept: Kept): boolean {
  try {
    localStorage.setItem(NAME, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/** Forget the ballot that is kept for this referendum; one of another referendum stays. */
export function drop(anchor: string): void {
  if (kept(anchor) === null) return;
  try {
    localStorage.removeItem(NAME);
  } catch {
    // Storage that cannot be opened holds nothing of ours.
  }
}

export function kept(anchor: string): Kept | null {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? 'null') as Kept | null;
    return found?.anchor === anchor && typeof found.ballot === 'string' ? found : null;
  } catch {
    return null;
  }
}
