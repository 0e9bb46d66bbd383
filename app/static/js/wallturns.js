// Whose turn it is: each board of the playlist for a while, and the alerts as long as something is critical.
const ALERTS = "alerts";
const PAUSE_MS = 1500;
const KEYS = { ArrowRight: 1, ArrowLeft: -1 };

export class Turns {
  // show(name) resolves to whether the board stands there now.
  constructor(place, show) {
    this.show = show;
    this.boards = place.dataset.boards.split(" ");
    this.turn_ms = Number(place.dataset.turnS) * 1000;
    this.stays_ms = Number(place.dataset.staysS) * 1000;
    this.index = Math.max(0, this.boards.indexOf(this.shown));
    Object.assign(this, { turnedAt: performance.now(), criticalAt: null, isHeld: false, isTurning: false, restsUntil: 0 });
    addEventListener("keydown", (event) => this.press(event));
  }

  get shown() {
    return document.getElementById("board").dataset.board;
  }

  get isCritical() {
    return this.criticalAt !== null && performance.now() - this.criticalAt < this.stays_ms;
  }

  hear(pulse) {
    if (pulse.critical) this.criticalAt = performance.now();
    this.look();
  }

  // A keyboard, where there is one: arrows turn, space holds what is shown and lets it go.
  press(event) {
    if (event.key === " ") this.isHeld = !this.isHeld;
    else if (event.key in KEYS) this.turn(KEYS[event.key]);
    else return;
    event.preventDefault();
    this.look();
  }

  turn(steps) {
    this.index = (this.index + steps + this.boards.length) % this.boards.length;
    this.turnedAt = performance.now();
  }

  async look() {
    if (!this.isHeld && !this.isCritical && performance.now() - this.turnedAt > this.turn_ms) this.turn(1);
    const wanted = this.isCritical ? ALERTS : this.boards[this.index];
    if (wanted === this.shown || this.isTurning || performance.now() < this.restsUntil) return;
    this.isTurning = true;
    if (!(await this.show(wanted))) this.restsUntil = performance.now() + PAUSE_MS; // a server in need is not asked at each look
    this.isTurning = false;
  }
}
