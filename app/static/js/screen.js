// The server's clock as this page hears it, and how long prices took to get onto this screen.
const KEPT = 240;
const SHOWN_EVERY = 20;

// The frame that came fastest tells the server's time best; slower ones correct it a little, for clocks that drift.
export class ServerClock {
  constructor(startsAt) {
    this.ahead = startsAt - performance.now();
  }

  hear(at) {
    const ahead = at - performance.now();
    this.ahead = ahead > this.ahead ? ahead : this.ahead - (this.ahead - ahead) / 500;
  }

  now() {
    return performance.now() + this.ahead;
  }
}

export class Screen {
  constructor(goal) {
    this.goal = goal;
    this.took = [];
    this.waits = null;
    this.paints = 0;
  }

  wait(acceptedAt) {
    this.waits ??= acceptedAt;
  }

  // p99 of the last few hundred paints, now and then; else null.
  painted(now) {
    if (this.waits === null || document.hidden) return null;
    this.took.push(Math.max(0, now - this.waits));
    this.waits = null;
    if (this.took.length > KEPT) this.took.shift();
    this.paints += 1;
    if (this.paints % SHOWN_EVERY) return null;
    const sorted = [...this.took].sort((one, other) => one - other);
    return Math.round(sorted[Math.ceil(sorted.length * 0.99) - 1]);
  }
}
