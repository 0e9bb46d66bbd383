// The live table: frames come in at any rate, the rows that can be seen are written once a painted frame of the screen.
import { clock } from "./digits.js";
import { subscribe } from "./feed.js";
import { FeedLine } from "./feedline.js";
import { showState } from "./feedstate.js";
import { Ordering } from "./ordering.js";
import { PriceRow, STALE_MS } from "./pricerow.js";
import { ServerClock, Screen } from "./screen.js";

const AGES_EVERY_MS = 250;
const BEYOND = 4;

class Market {
  constructor(place) {
    this.place = place;
    this.rows = [...place.querySelectorAll("tr[data-token]")].map((element) => new PriceRow(element));
    this.byId = new Map(this.rows.map((row) => [row.id, row]));
    this.clock = new ServerClock(Number(place.dataset.now));
    this.screen = new Screen(Number(place.dataset.goal));
    this.line = new FeedLine(place);
    this.newest = Math.max(...this.rows.map((row) => row.at).filter(Number.isFinite), 0);
    this.link = { name: "connecting", since: null };
    this.frozenAt = null;
    this.pending = 0;
    this.byElement = new Map(this.rows.map((row) => [row.element, row]));
    this.table = this.rows[0]?.element.closest("table");
    if (this.table) this.ordering = new Ordering(this.rows, this.table, place.querySelector("#prices").dataset.order);
    for (const moved of ["scroll", "resize"]) addEventListener(moved, () => this.schedule(), { passive: true });
    this.freezing();
    this.paintedAt = 0;
    this.timer = setInterval(() => this.grow(), AGES_EVERY_MS);
  }

  // Rows have one height: which are on the screen, and a few beyond its edges, two numbers say. The others keep what
  // they heard until they come into view.
  *seen() {
    if (!this.table) return;
    const { tBodies, rows } = this.table;
    const { top } = tBodies[0].getBoundingClientRect();
    const each = (tBodies[tBodies.length - 1].getBoundingClientRect().bottom - top) / this.rows.length;
    const last = Math.min(this.rows.length, Math.ceil((innerHeight - top) / each) + BEYOND);
    for (let place = Math.max(0, Math.floor(-top / each) - BEYOND); place < last; place += 1) {
      yield this.byElement.get(rows[1 + place]); // after the head
    }
  }

  freezing() {
    const button = this.place.querySelector("[data-part=freeze]");
    if (!button) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      this.frozenAt = this.frozenAt === null ? this.clock.now() : null;
      button.setAttribute("aria-pressed", this.frozenAt !== null);
      this.place.classList.toggle("frozen", this.frozenAt !== null);
      const words = this.place.querySelector("[data-part=holding]");
      words.hidden = this.frozenAt === null;
      if (this.frozenAt !== null) words.textContent = `Frozen at ${clock(this.frozenAt)}. Prices go on behind it.`;
      if (this.ordering) this.ordering.isFrozen = this.frozenAt !== null;
      this.schedule();
    });
  }

  take(frame) {
    this.clock.hear(frame.at);
    for (const values of frame.rows) {
      this.newest = Math.max(this.newest, values[2]);
      this.byId.get(values[0])?.take(values);
    }
    if (frame.oldest) this.screen.wait(frame.oldest / 1000);
    if (frame.status) this.showStatus(frame.status);
    this.schedule();
  }

  showStatus(status) {
    this.line.show(status);
    const told = JSON.stringify(status.breaker);
    if (this.breaker !== undefined && this.breaker !== told) document.body.dispatchEvent(new CustomEvent("breaker:changed"));
    this.breaker = told;
  }

  // Ages grow by themselves only while no frame comes: each of those shows them too.
  grow() {
    if (performance.now() - this.paintedAt >= AGES_EVERY_MS) this.schedule();
  }

  schedule() {
    this.pending ||= requestAnimationFrame(() => this.paint());
  }

  paint() {
    this.pending = 0;
    this.paintedAt = performance.now();
    const now = this.clock.now();
    const [name, since] = this.state(now);
    showState(name, since);
    const p99 = this.screen.painted(now);
    if (p99 !== null) this.line.showScreen(p99, this.screen.goal);
    if (this.frozenAt !== null) return;
    const isCut = name === "disconnected" || this.link.name === "stale";
    for (const row of this.seen()) row.paint(now, isCut);
  }

  // Three different troubles: the line is cut; it is not, but no fresh price comes; there never was one.
  state(now) {
    const { name, since } = this.link;
    if (name === "disconnected") return [name, since];
    if (!this.newest) return [name === "connecting" ? name : "empty", null];
    if (name === "stale" || now - this.newest > STALE_MS) return ["stopped", this.newest];
    return [name, null];
  }
}

export function start(place) {
  const market = new Market(place);
  subscribe(place.dataset.room, {
    snapshot: (frame) => market.take(frame),
    rows: (frame) => market.take(frame),
    state: (name, since) => { market.link = { name, since }; market.schedule(); },
  });
}
