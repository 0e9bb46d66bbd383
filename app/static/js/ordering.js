// The order of the rows: pinned first, then as the table is sorted. It changes at most every ten seconds, and never
// while a pointer or the focus is on a row.
const EVERY_MS = 10000;
const KEPT = "market.pins";

const kept = () => new Set(JSON.parse(localStorage.getItem(KEPT) ?? "[]"));

export class Ordering {
  constructor(rows, table, order) {
    Object.assign(this, { rows, table, order, pins: kept(), isFrozen: false });
    for (const row of rows) this.dress(row);
    table.addEventListener("click", (event) => this.pin(event.target.closest(".pin")));
    addEventListener("storage", (event) => { if (event.key === KEPT) this.repin(kept()); });
    this.timer = setInterval(() => { if (!this.isHeld()) this.sort(); }, EVERY_MS);
    if (this.pins.size) this.place(this.pinnedFirst(rows));
  }

  isHeld() {
    return this.isFrozen || document.hidden || this.table.querySelector("tbody:is(:hover, :focus-within)");
  }

  dress(row) {
    const button = row.element.querySelector(".pin");
    const isPinned = this.pins.has(row.mint);
    button.hidden = false;
    button.setAttribute("aria-pressed", isPinned);
    row.element.classList.toggle("pinned", isPinned);
  }

  pin(button) {
    if (!button) return;
    const row = this.rows.find((one) => one.element.contains(button));
    const pins = kept();
    if (!pins.delete(row.mint)) pins.add(row.mint);
    localStorage.setItem(KEPT, JSON.stringify([...pins]));
    this.repin(pins);
    button.focus();
  }

  repin(pins) {
    this.pins = pins;
    for (const row of this.rows) this.dress(row);
    this.place(this.pinnedFirst(this.current()));
  }

  current() {
    const places = new Map([...this.table.rows].map((element, place) => [element, place]));
    return [...this.rows].sort((one, other) => places.get(one.element) - places.get(other.element));
  }

  pinnedFirst(rows) {
    const isPinned = (row) => this.pins.has(row.mint);
    return [...rows.filter(isPinned), ...rows.filter((row) => !isPinned(row))];
  }

  sort() {
    const column = this.order.replace("-", "");
    const sign = this.order.startsWith("-") ? -1 : 1;
    if (column === "token" || !this.rows.some((row) => row.values)) return;
    const keys = new Map(this.rows.map((row) => [row, row.key(column)]));
    const compare = (one, other) => {
      const [left, right] = [keys.get(one), keys.get(other)];
      if (left === null || right === null) return (left === null) - (right === null);
      return sign * (left - right);
    };
    this.place(this.pinnedFirst(this.current().sort(compare)));
  }

  place(rows) {
    const elements = rows.map((row) => row.element);
    const groups = [...this.table.tBodies].map((body) => ({ body, shown: [...body.rows] }));
    const shown = groups.flatMap((group) => group.shown);
    if (elements.every((element, place) => element === shown[place])) return;
    for (const group of groups) group.body.append(...elements.splice(0, group.shown.length));
  }

  end() {
    clearInterval(this.timer);
  }
}
