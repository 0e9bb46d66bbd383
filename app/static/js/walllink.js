// A screen's way to the server. It comes back by itself, knows when it tries next, and asks whether it was revoked.
import { socket } from "./socket.js";

const LATEST_MS = 30000;
const ANSWER_MS = 3000;
const SILENT_MS = 8000;
const AGAIN_MS = 10000;
const REVOKED = 410;

export class Link {
  // told.pulse(pulse, isFirst), told.revoked()
  constructor(place, told) {
    Object.assign(this, { told, wall: place.dataset.wall, screen: place.dataset.screen });
    Object.assign(this, { isUp: false, lostAt: null, triesAt: null, failures: 0, soonest: null, heardAt: null });
  }

  async open() {
    try {
      this.line = await socket({ query: { screen: this.screen }, reconnection: false });
    } catch {
      setTimeout(() => location.reload(), AGAIN_MS); // the library did not come: without it nothing can be said
      return;
    }
    this.line.on("connect", () => this.greet());
    this.line.on("disconnect", () => this.lose());
    this.line.on("connect_error", () => this.lose());
    this.line.on("server.draining", (facts) => { this.soonest = facts?.retry_ms ?? null; });
    this.line.on("pulse", (pulse) => this.hear(pulse, false));
    if (this.line.connected) this.greet();
    setInterval(() => this.look(), 250);
  }

  greet() {
    this.heardAt = performance.now();
    this.line.timeout(ANSWER_MS).emit("watch", {}, (error, first) => {
      if (error || first.refused) this.line.disconnect();
      else this.hear(first, true);
    });
  }

  hear(pulse, isFirst) {
    this.heardAt = performance.now();
    if (isFirst) Object.assign(this, { isUp: true, lostAt: null, triesAt: null, failures: 0, soonest: null });
    if (this.isUp) this.told.pulse(pulse, isFirst);
  }

  // Each screen comes back at its own moment, later and later.
  lose() {
    if (this.triesAt !== null) return;
    this.isUp = false;
    this.lostAt ??= Date.now();
    const most = Math.min(LATEST_MS, 2000 * 2 ** this.failures);
    this.failures += 1;
    this.triesAt = performance.now() + (this.soonest ?? most * (0.5 + Math.random() / 2));
    this.soonest = null;
    this.ask();
  }

  async ask() {
    try {
      const answer = await fetch(`${this.wall}/standing`, { signal: AbortSignal.timeout(ANSWER_MS) });
      if (answer.status === REVOKED) this.told.revoked();
    } catch {
      return; // the line is what is broken, and it is tried again
    }
  }

  look() {
    const now = performance.now();
    if (this.isUp && now - this.heardAt > SILENT_MS) this.line.disconnect();
    if (this.triesAt === null || now < this.triesAt) return;
    this.triesAt = null;
    this.line.connect();
  }

  end() {
    this.lose = () => {};
    this.triesAt = null;
    this.line?.disconnect();
  }
}
