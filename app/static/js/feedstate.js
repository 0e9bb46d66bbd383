// How the feed is, beside the heading and across the page. Each state has its own words, glyph and colour.
import { clock } from "./digits.js";

const KEPT = "The last good prices stay, struck through.";
const STATES = {
  connecting: ["○", "connecting", "idle"],
  live: ["●", "live", "ok"],
  lagging: ["▲", "lagging", "warn"],
  stopped: ["▲", "feed stopped", "warn", "STALE", `No fresh price has come since then. ${KEPT}`],
  disconnected: ["✕", "disconnected", "bad", "STALE", `This page lost its connection and tries again by itself. ${KEPT}`],
  empty: ["○", "no data yet", "idle", "No prices yet", "No source has told a price since the market began."],
};

let shown = "";

export function showState(name, since) {
  const key = `${name} ${since}`;
  if (key === shown) return;
  shown = key;
  const [glyph, words, tone, title, told] = STATES[name];
  const when = since ? ` since ${clock(since)}` : "";
  const pill = document.getElementById("feed-state");
  pill.className = `pill ${tone}`;
  pill.children[0].textContent = glyph;
  pill.children[1].textContent = words + when;
  const banner = document.getElementById("feed-banner");
  if (!banner) return;
  banner.hidden = !told;
  if (!told) return;
  banner.className = `notice ${tone === "idle" ? "now" : tone}`;
  banner.querySelector(".glyph").textContent = glyph;
  banner.querySelector("strong").textContent = `${title}${when}.`;
  banner.querySelector("strong + span").textContent = told;
}
