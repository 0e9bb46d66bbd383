// The order of the rows: pinned first, then as the table is sorted. It changes at most every ten seconds, and never
// while a pointer or the focus is on a row.
const EVERY_MS = 10000;
const KEPT = "market.pins";

const kept = () => new Set(JSON.parse(localStorage.getItem(KEPT) ?? "[]"));

export class Ordering {
  constructor(rows, table, order) {
    Object.assign(this, { rows, table, order, shown: rows, pins: kept(), isFrozen: false });
    this.groups = [...table.tBodies].map((body) => ({ body, size: body.rows.length }));
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
    this.place(this.pinnedFirst(this.shown));
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
    this.place(this.pinnedFirst([...this.shown].sort(compare)));
  }

  // Whoever stands right already stays: a row that is moved costs its group a layout.
  place(rows) {
    this.shown = rows;
    let first = 0;
    for (const { body, size } of this.groups) {
      this.fill(body, rows.slice(first, first + size).map((row) => row.element));
      first += size;
    }
  }

  fill(body, wanted) {
    const stays = new Set(wanted);
    let next = body.firstElementChild;
    for (const element of wanted) {
      while (next && !stays.has(next)) next = next.nextElementSibling; // another group fetches it
      if (next && next !== element && next.nextElementSibling === element) next = element; // the one passed comes later
      if (next === element) next = next.nextElementSibling;
      else body.insertBefore(element, next);
    }
  }

  end() {
    clearInterval(this.timer);
  }
}
