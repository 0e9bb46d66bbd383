// One row of the price table: takes what frames say at any rate, and writes it when asked to, text by text.
import { age, change, clock, compact, fixed } from "./digits.js";

export const STALE_MS = 3000;
const AGE_EVERY_MS = 200;
const REST_EVERY_MS = 250;
const FLASH_MS = 400;
const FLASH_EVERY_MS = 1500;
const FLASH_FROM = 0.0001;
const FIELD = { price: 1, at: 2, m1: 3, h1: 4, d1: 5, volume: 6, high: 7, low: 8, fresh: 9, spread: 10, mark: 11 };
const CHANGES = ["m1", "h1", "d1"];
const CELL = { price: 1, m1: 2, h1: 3, d1: 4, volume: 5, high: 6, low: 7, sources: 8, age: 9 };

function write(place, text) {
  const node = place.firstChild;
  if (!node) place.append(text);
  else if (node.nodeValue !== text) node.nodeValue = text;
}

export class PriceRow {
  constructor(element) {
    this.element = element;
    this.id = Number(element.dataset.token);
    this.mint = element.dataset.mint;
    this.places = Number(element.dataset.places);
    this.at = Number(element.dataset.at ?? NaN);
    this.cells = [...element.cells];
    [this.turn, this.price] = this.cells[CELL.price].children;
    this.values = null;
    this.isNew = false;
    this.restAt = performance.now() + Math.random() * REST_EVERY_MS; // not all rows at one moment
    this.shownPrice = null;
    this.flashedPrice = null;
    this.flashedAt = -Infinity;
    this.agedAt = -Infinity;
    this.isStale = null;
  }

  take(values) {
    this.values = values;
    this.isNew = true;
    this.at = values[FIELD.at];
  }

  // What the table is sorted by; numbers here only decide an order.
  key(column) {
    if (!this.values) return null;
    const value = column === "volume" ? this.traded() : this.values[FIELD[column]];
    return value === null || value === undefined ? null : Number(value);
  }

  // At the price now, so that tokens compare; a glance of three digits needs no exact product.
  traded() {
    return Number(this.values[FIELD.volume]) * Number(this.values[FIELD.price]);
  }

  paint(now, isCut) {
    const moment = performance.now();
    if (this.isNew) this.write(moment);
    this.settle(moment);
    if (!Number.isFinite(this.at)) return;
    const isStale = isCut || now - this.at > STALE_MS;
    if (isStale === this.isStale && moment - this.agedAt < AGE_EVERY_MS) return;
    this.agedAt = moment;
    this.isStale = isStale;
    this.element.classList.toggle("stale", isStale);
    write(this.cells[CELL.age], isStale ? `STALE since ${clock(this.at)}` : age(now - this.at));
  }

  // The price with every frame; what nobody reads ten times a second, four times.
  write(moment) {
    const { values, cells } = this;
    this.writePrice(values[FIELD.price], moment);
    if (moment < this.restAt) return;
    this.restAt = moment + REST_EVERY_MS - ((moment - this.restAt) % REST_EVERY_MS);
    this.isNew = false;
    for (const column of CHANGES) this.writeChange(cells[CELL[column]], values[FIELD[column]]);
    write(cells[CELL.volume], compact(this.traded().toFixed(2)));
    write(cells[CELL.high], fixed(values[FIELD.high], this.places));
    write(cells[CELL.low], fixed(values[FIELD.low], this.places));
    write(cells[CELL.sources], `${values[FIELD.fresh]} · ${values[FIELD.spread] ?? "—"} bp`);
    this.element.classList.toggle("suspect", values[FIELD.mark] !== null);
  }

  writePrice(price, moment) {
    if (price === this.shownPrice) return;
    if (!this.element.dataset.at && this.shownPrice === null) this.places = placesOf(price);
    write(this.price, fixed(price, this.places));
    this.shownPrice = price;
    this.flashedPrice ??= price;
    const moved = Math.abs(Number(price) / Number(this.flashedPrice) - 1);
    if (moment - this.flashedAt < FLASH_EVERY_MS || moved < FLASH_FROM) return;
    const rose = Number(price) > Number(this.flashedPrice);
    this.flashedAt = moment;
    this.flashedPrice = price;
    write(this.turn, rose ? "▲" : "▼");
    this.element.dataset.flash = rose ? "up" : "down";
  }

  writeChange(cell, bps) {
    write(cell, change(bps));
    cell.classList.toggle("up", bps > 0);
    cell.classList.toggle("down", bps < 0);
  }

  settle(moment) {
    if (this.element.dataset.flash && moment - this.flashedAt > FLASH_MS) delete this.element.dataset.flash;
  }
}

// As app/market/rules/digits.py: six digits that count.
function placesOf(price) {
  const [whole, rest = ""] = price.split(".");
  const adjusted = whole === "0" ? -(rest.search(/[1-9]/) + 1) : whole.length - 1;
  return Math.min(18, Math.max(2, 5 - adjusted));
}
