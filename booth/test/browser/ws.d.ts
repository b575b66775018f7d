/** As much of `ws` as the tests use. */
declare module 'ws' {
  export default class WebSocket {
    constructor(address: string);
    on(event: 'message', act: (data: unknown) => void): this;
    on(event: 'open' | 'error', act: (error: Error) => void): this;
    send(text: string): void;
    close(): void;
  }
}
