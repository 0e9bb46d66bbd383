// A screen on the wall: puts its modules together and looks four times a second at how it is.
import { subscribe } from "./feed.js";
import { ServerClock } from "./screen.js";
import { Link } from "./walllink.js";
import { Parts, renew } from "./wallparts.js";
import { Prices } from "./wallprices.js";
import { Ranks } from "./wallranks.js";
import { Reporter } from "./wallreport.js";
import { LAGGING_MS, STALE_MS, show, showClock } from "./wallstate.js";
import { Turns } from "./wallturns.js";
import { Version } from "./wallversion.js";

const LOOK_MS = 250;

class Wall {
  constructor(place) {
    this.place = place;
    this.clock = new ServerClock(Number(place.dataset.now));
    this.prices = new Prices();
    this.ranks = new Ranks();
    this.parts = new Parts(place, { replaced: () => this.bind(), revoked: () => this.revoke() });
    this.turns = new Turns(place, (name) => this.parts.board(name));
    this.version = new Version(place);
    this.link = new Link(place, { pulse: (pulse, isFirst) => this.hear(pulse, isFirst), revoked: () => this.revoke() });
    Object.assign(this, { pulse: null, soundAt: null, epoch: 0, seq: -1, framed: 0, pending: 0, isRevoked: false, state: "connecting" });
    this.startedAt = Number(place.dataset.now);
    this.bind();
  }

  async open() {
    await this.link.open();
    const take = (frame) => this.take(frame);
    await subscribe("market", { snapshot: take, rows: take, state: () => this.look() }, { lagging: LAGGING_MS, stale: STALE_MS });
    this.reporter = new Reporter(this.link.line, this.place.dataset.reportS * 1000, () => this.facts());
    this.timer = setInterval(() => this.look(), LOOK_MS);
  }

  bind() {
    this.prices.bind(document);
    this.ranks.bind(document, this.clock.now());
    this.schedule();
  }

  // Only the next beat of the same heart counts, and only while it is young.
  hear(pulse, isFirst) {
    if (!isFirst && (pulse.epoch !== this.epoch || pulse.seq <= this.seq)) return;
    this.clock.hear(pulse.at);
    Object.assign(this, { epoch: pulse.epoch, seq: pulse.seq });
    if (this.clock.now() - pulse.at > LAGGING_MS) return;
    this.pulse = pulse;
    if (!pulse.trouble) this.soundAt = pulse.at; // a server with trouble vouches for nothing that is shown
    const word = document.getElementById("word");
    if (pulse.word && word.textContent !== pulse.word) word.textContent = pulse.word;
    this.parts.hear(pulse);
    this.turns.hear(pulse);
    this.version.hear(pulse);
    this.look();
  }

  // The feed has looked at epoch and number; here an old frame that came late is kept from looking fresh.
  take(frame) {
    this.clock.hear(frame.at);
    this.prices.take(frame);
    if (this.clock.now() - frame.at < LAGGING_MS && frame.at > this.framed) {
      this.framed = frame.at;
      const part = document.querySelector("[data-part=prices]");
      if (part) renew(part, frame.at);
    }
    this.schedule();
  }

  schedule() {
    this.pending ||= requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.pending = 0;
    const now = this.clock.now();
    this.prices.paint(now);
    this.ranks.paint(now);
    showClock(now);
  }

  // How old the oldest of what keeps this board fresh is; a board without prices needs no frames.
  age() {
    if (this.soundAt === null) return null;
    const frames = document.querySelector("[data-part=prices] tr") ? Math.max(this.framed, this.startedAt) : Infinity;
    return Math.max(0, this.clock.now() - Math.min(this.soundAt, frames));
  }

  look() {
    const { pulse, link, isRevoked } = this;
    const isCalm = !this.turns.isCritical;
    const { maintenance, trouble } = pulse ?? {};
    const told = { isRevoked, link, maintenance, trouble, since: this.soundAt ?? this.startedAt };
    this.state = show(this.place, { ...told, age_ms: this.age(), reloads: this.version.left(isCalm) });
    if (isRevoked) return;
    if (link.isUp) for (const one of [this.turns, this.version]) one.look(isCalm);
    this.schedule();
  }

  facts() {
    const age = this.age();
    const word = document.getElementById("word").textContent;
    const version = this.place.dataset.build;
    return { state: this.state, board: this.turns.shown, word, version, lag_ms: age === null ? null : Math.round(age) };
  }

  revoke() {
    if (this.isRevoked) return;
    this.isRevoked = true;
    this.link.end();
    clearInterval(this.timer);
    this.look();
  }
}

export function start(place) {
  new Wall(place).open();
}
