// Rows of prices on a wall: a frame is taken in at any rate and written once a painted picture, text by text.
import { age, change, clock, fixed } from "./digits.js";

const STALE_MS = 5000;
const POINTS = 60;
const POINT_EVERY_MS = 1000;
const FIELD = { id: 0, price: 1, at: 2, d1: 5 };
const lines = new Map(); // of each token its last minute

function write(cell, text) {
  const node = cell.firstChild;
  if (!node) cell.append(text);
  else if (node.nodeValue !== text) node.nodeValue = text;
}

class Row {
  constructor(element) {
    this.element = element;
    this.id = Number(element.dataset.token);
    this.places = Number(element.dataset.places);
    this.at = Number(element.dataset.at ?? NaN);
    const [, price, moved, line, aged, said] = element.cells;
    Object.assign(this, { price, moved, line, aged, said, values: null, isNew: false });
    this.canvas = line.firstElementChild;
  }

  take(values) {
    this.values = values;
    this.at = values[FIELD.at];
    this.isNew = true;
  }

  paint(now) {
    if (this.isNew) this.write();
    if (!Number.isFinite(this.at)) return;
    const isStale = now - this.at > STALE_MS;
    if (this.said.hidden === isStale) {
      this.element.classList.toggle("stale", isStale);
      this.said.hidden = !isStale;
      this.said.colSpan = 3;
      for (const cell of [this.moved, this.line, this.aged]) cell.hidden = isStale;
    }
    write(isStale ? this.said : this.aged, isStale ? `STALE since ${clock(this.at)}` : age(now - this.at));
  }

  write() {
    this.isNew = false;
    write(this.price, fixed(this.values[FIELD.price], this.places));
    const bps = this.values[FIELD.d1];
    write(this.moved, change(bps === null ? null : Math.sign(bps) * Math.round(Math.abs(bps) / 10) * 10).replace(/0(?=\s%)/, ""));
    this.moved.classList.toggle("up", bps > 0);
    this.moved.classList.toggle("down", bps < 0);
  }

  // A ring of points: the picture of the last minute never grows.
  point() {
    if (!this.values) return;
    const points = lines.get(this.id) ?? [];
    points.push(Number(this.values[FIELD.price]));
    if (points.length > POINTS) points.shift();
    lines.set(this.id, points);
    const { width, height } = this.canvas;
    const least = Math.min(...points);
    const span = Math.max(...points) - least || 1;
    const pen = this.canvas.getContext("2d");
    pen.clearRect(0, 0, width, height);
    pen.strokeStyle = getComputedStyle(this.canvas).color;
    pen.lineWidth = 3;
    pen.beginPath();
    points.forEach((value, place) => {
      pen.lineTo(place * (width / (POINTS - 1)), height - 3 - ((value - least) / span) * (height - 6));
    });
    pen.stroke();
  }
}

export class Prices {
  constructor() {
    this.rows = [];
    this.known = new Map();
    this.pointedAt = 0;
  }

  // Again whenever the board or the order of its rows was fetched.
  bind(root) {
    this.rows = [...root.querySelectorAll("tr[data-token]")].map((element) => new Row(element));
    const shown = new Set(this.rows.map((row) => row.id));
    for (const id of lines.keys()) if (this.rows.length && !shown.has(id)) lines.delete(id);
    for (const row of this.rows) if (this.known.has(row.id)) row.take(this.known.get(row.id));
  }

  take(frame) {
    for (const values of frame.rows) {
      this.known.set(values[FIELD.id], values);
      this.rows.find((row) => row.id === values[FIELD.id])?.take(values);
    }
  }

  paint(now) {
    for (const row of this.rows) row.paint(now);
    if (now - this.pointedAt < POINT_EVERY_MS) return;
    this.pointedAt = now;
    for (const row of this.rows) row.point();
  }
}
