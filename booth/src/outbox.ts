/**
 * A signed ballot on its way. It is sent until the box answers: at once, then after growing pauses, and whenever the device says
 * that it is connected again. Sending twice is harmless (spec 5.a).
 */
import { Unreachable } from './api.ts';

const FIRST = 2;
const LONGEST = 60;

export interface Outcome {
  readonly sending: () => void;
  readonly waiting: (seconds: number) => void;
  readonly sent: (receipt: Uint8Array) => void | Promise<void>;
  readonly rejected: (error: Error) => void;
}

export class Outbox {
  private attempt = 0;
  private left = 0;
  private timer: ReturnType<typeof setInterval> | undefined;
  private busy = false;
  private over = false;
  private readonly online = (): void => this.now();

  constructor(
    private readonly send: () => Promise<Uint8Array>,
    private readonly tell: Outcome,
  ) {
    addEventListener('online', this.online);
    this.now();
  }

  /** Try now, whatever the pause. */
  now(): void {
    if (this.over || this.busy) return;
    void this.try();
  }

  stop(): void {
    this.over = true;
    clearInterval(this.timer);
    removeEventListener('online', this.online);
  }

  private async try(): Promise<void> {
    this.busy = true;
    clearInterval(this.timer);
    this.tell.sending();
    try {
      const receipt = await this.send();
      if (this.over) return;
      this.stop();
      await this.tell.sent(receipt);
    } catch (error) {
      if (this.over) return;
      if (error instanceof Unreachable) this.wait(error.after);
      else {
        this.stop();
        this.tell.rejected(error as Error);
      }
    } finally {
      this.busy = false;
    }
  }

  /** Pauses double up to a minute. A part of each is chance, so that not all devices come back at the same moment. */
  private wait(after: number | null): void {
    const [chance] = crypto.getRandomValues(new Uint8Array(1));
    const pause = Math.min(FIRST * 2 ** this.attempt++, LONGEST);
    this.left = Math.max(Math.min(after ?? 0, 10 * LONGEST), Math.ceil(pause * (1 + chance! / 512)));
    this.tell.waiting(this.left);
    this.timer = setInterval(() => {
      this.left -= 1;
      if (this.left <= 0) this.now();
      else this.tell.waiting(this.left);
    }, 1000);
  }
}
