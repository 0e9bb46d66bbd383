// Prices as the server sends them. A page gives three functions: `snapshot(frame)` replaces what it knows, `rows(frame)`
// adds to it, `state(name, since)` says how the line is: connecting, live, lagging, stale or disconnected.
// Only a fresh frame that follows on the one before keeps a page live; everything else decays.
import { socket } from "./socket.js";

const LIMITS = { lagging: 1000, stale: 3000 };
const LOOK_MS = 250;
const ANSWER_MS = 3000;
const REPORT_MS = 2000;

class Feed {
  constructor(line, room, told, limits) {
    Object.assign(this, { line, room, told, limits, epoch: 0, seq: 0, since: null, name: null, reportedAt: 0 });
    Object.assign(this, { beganAt: performance.now(), freshAt: null, isAsking: false, hasGap: false });
    line.on("connect", () => this.begin());
    line.on("disconnect", () => this.show("disconnected"));
    line.on("connect_error", () => this.show("disconnected"));
    line.on("frame", (frame) => { if (frame.stream === room) this.take(frame); });
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.begin()));
    setInterval(() => this.look(), LOOK_MS);
    this.show("connecting");
    if (line.connected) this.begin();
  }

  begin() {
    this.beganAt = performance.now();
    this.freshAt = null;
    this.ask("join");
  }

  // A tab that nobody sees gets nothing; shown again, it asks for what it lacks.
  rest() {
    if (this.line.connected) this.line.emit("leave", { room: this.room });
  }

  ask(event) {
    if (this.isAsking || document.hidden || !this.line.connected) return;
    this.isAsking = true;
    this.hasGap = false;
    const known = { room: this.room, epoch: this.epoch, seq: this.seq };
    this.line.timeout(ANSWER_MS).emit(event, known, (error, answer) => {
      this.isAsking = false;
      if (error) this.hasGap = true;
      else if (answer.frame?.seq) this.use(answer.frame, answer.frame.age_ms < this.limits.lagging);
    });
  }

  take(frame) {
    if (document.hidden) return;
    const isOld = frame.epoch === this.epoch && frame.seq <= this.seq;
    if (isOld) return;
    const since = frame.since ?? frame.seq - 1;
    if (!frame.whole && (frame.epoch !== this.epoch || since > this.seq)) {
      this.hasGap = true;
      return;
    }
    this.use(frame, true);
    this.report(frame);
  }

  use(frame, isFresh) {
    if (frame.epoch === this.epoch && frame.seq < this.seq) return;
    this.epoch = frame.epoch;
    this.seq = frame.seq;
    if (frame.whole) this.told.snapshot(frame);
    else this.told.rows(frame);
    if (isFresh) this.freshAt = performance.now();
    this.look();
  }

  look() {
    if (!this.line.connected || document.hidden) return;
    if (this.hasGap) this.ask("sync");
    const age = performance.now() - (this.freshAt ?? this.beganAt);
    if (age > this.limits.stale) this.show("stale");
    else if (this.freshAt === null) this.show("connecting");
    else this.show(age > this.limits.lagging ? "lagging" : "live");
  }

  show(name) {
    if (name === this.name) return;
    const isTrouble = name === "stale" || name === "disconnected";
    const wasTrouble = this.name === "stale" || this.name === "disconnected";
    if (isTrouble && !wasTrouble) this.since = Date.now();
    if (!isTrouble) this.since = null;
    this.name = name;
    this.told.state(name, this.since);
  }

  // Now and then the server hears how long it took until a frame was painted.
  report(frame) {
    const heardAt = performance.now();
    if (!frame.oldest || heardAt - this.reportedAt < REPORT_MS) return;
    this.reportedAt = heardAt;
    const { epoch, seq } = frame;
    requestAnimationFrame(() => setTimeout(() => {
      if (this.line.connected) this.line.emit("painted", { epoch, seq, ms: performance.now() - heardAt });
    }));
  }
}

export async function subscribe(room, told, limits = LIMITS) {
  told.state("connecting", null);
  return new Feed(await socket(), room, told, limits);
}
