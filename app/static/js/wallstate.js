// How a screen is, in a word with its shape and colour, and across the picture when somebody has to know.
import { age, clock } from "./digits.js";

export const LAGGING_MS = 2000;
export const STALE_MS = 5000;
const SKEW_MS = 1000;
const WORDS = {
  connecting: ["○", "connecting"],
  live: ["●", "LIVE"],
  lagging: ["▲", "LAGGING"],
  stale: ["▲", "STALE"],
  disconnected: ["✕", "NO LINE"],
  maintenance: ["■", "MAINTENANCE"],
  updating: ["↻", "UPDATING"],
  revoked: ["✕", "revoked"],
};

// Worst first; of a screen that hears nothing it does not matter what else is the matter.
export function stateOf({ isRevoked, link, age_ms, reloads, maintenance }) {
  if (isRevoked) return "revoked";
  if (!link.isUp) return link.lostAt === null ? "connecting" : "disconnected";
  if (age_ms === null) return "connecting";
  if (age_ms > STALE_MS) return "stale";
  if (age_ms > LAGGING_MS) return "lagging";
  if (reloads !== null) return "updating";
  return maintenance ? "maintenance" : "live";
}

const seconds = (ms) => Math.max(0, Math.ceil(ms / 1000));

function told(state, { link, since, reloads, maintenance, trouble }) {
  if (state === "revoked") return ["This screen was revoked.", "Ask ops for a new link."];
  if (state === "disconnected") {
    const lost = seconds(Date.now() - link.lostAt);
    const next = link.triesAt === null ? "trying now" : `next try in ${seconds(link.triesAt - performance.now())} s`;
    return [`DISCONNECTED for ${lost} s`, `The values are those of ${clock(since)} UTC · ${next}`];
  }
  if (state === "updating") return ["New version", `This screen reloads in ${seconds(reloads)} s.`];
  if (state === "maintenance") return ["MAINTENANCE", maintenance];
  if (trouble) return ["The server has trouble.", trouble];
  return null;
}

function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

export function show(place, facts) {
  const state = stateOf(facts);
  const [glyph, words] = WORDS[state];
  if (place.dataset.state !== state) place.dataset.state = state;
  const pill = document.getElementById("link");
  if (pill.className !== `state ${state}`) pill.className = `state ${state}`;
  write(pill.children[0], glyph);
  write(pill.children[1], facts.age_ms === null || state === "revoked" ? words : `${words} ${age(facts.age_ms)}`);
  const banner = document.getElementById("banner");
  const said = told(state, facts);
  banner.hidden = said === null;
  if (said === null) return state;
  if (banner.className !== state) banner.className = state;
  write(banner.children[0], glyph);
  write(banner.children[1], said[0]);
  write(banner.children[2], said[1]);
  return state;
}

// A screen whose own clock is wrong shows the server's, and says how wrong its own is.
export function showClock(now) {
  write(document.getElementById("clock"), clock(now));
  const skew = Date.now() - now;
  const place = document.getElementById("skew");
  place.hidden = Math.abs(skew) < SKEW_MS;
  if (!place.hidden) write(place, `own clock ${skew > 0 ? "+" : "−"}${age(Math.abs(skew))}`);
  for (const words of document.querySelectorAll("[data-until]")) write(words, hms(words.dataset.until - now));
  for (const words of document.querySelectorAll("[data-from]")) {
    const waited = now - words.dataset.from;
    write(words, hms(waited).replace(/^00:0?/, "").replace(/^0(?=\d+:\d+:)/, ""));
    words.classList.toggle("late", waited > words.dataset.goalS * 1000);
  }
}

function hms(ms) {
  const whole = Math.max(0, Math.floor(ms / 1000));
  return [whole / 3600, (whole / 60) % 60, whole % 60].map((part) => String(Math.floor(part)).padStart(2, "0")).join(":");
}
