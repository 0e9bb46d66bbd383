// The contest on a wall: who rose or fell within the last minute, and the last five minutes in large.
const BACK_MS = 60000;
const CLOSING_MS = 300000;

export class Ranks {
  constructor() {
    this.code = null;
    this.before = new Map(); // of each entry the ranks of the last minute, oldest first
  }

  bind(root, now) {
    const place = root.querySelector("[data-part=spotlight]");
    if (!place) return;
    if (place.dataset.code !== this.code) this.before.clear();
    this.code = place.dataset.code;
    const rows = [...place.querySelectorAll("tr[data-entry]")];
    const shown = new Set(rows.map((row) => row.dataset.entry));
    for (const entry of this.before.keys()) if (!shown.has(entry)) this.before.delete(entry);
    for (const row of rows) this.mark(row, now);
  }

  mark(row, now) {
    const rank = Number(row.dataset.rank);
    const ranks = this.before.get(row.dataset.entry) ?? [];
    if (ranks.at(-1)?.rank !== rank) ranks.push({ rank, at: now });
    while (ranks.length > 1 && ranks[1].at < now - BACK_MS) ranks.shift();
    this.before.set(row.dataset.entry, ranks);
    const rose = ranks[0].rank - rank;
    const turn = row.querySelector(".turn");
    turn.className = `turn ${rose > 0 ? "up" : rose < 0 ? "down" : ""}`;
    turn.textContent = rose ? `${rose > 0 ? "▲" : "▼"}${Math.abs(rose)}` : "";
  }

  paint(now) {
    const place = document.querySelector("[data-part=spotlight][data-ends]");
    place?.classList.toggle("closing", place.dataset.ends - now < CLOSING_MS);
  }
}
