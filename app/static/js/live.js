// One socket a tab. The server sends hints ("contest.changed"); the fragments that care fetch themselves by htmx,
// with hx-trigger="contest:changed:<code> from:body, missed from:body".
import { load } from "./loader.js";

const WORDS = {
  connecting: ["○", "connecting", "idle"],
  live: ["●", "live", "ok"],
  lost: ["✕", "not live", "bad"],
};

function show(place, state, since) {
  const [glyph, words, tone] = WORDS[state];
  const mark = Object.assign(document.createElement("span"), { textContent: glyph, ariaHidden: "true" });
  place.replaceChildren(mark, since ? `${words} since ${since}` : words);
  place.className = `pill ${tone}`;
  place.hidden = false;
}

const clock = () => new Date().toISOString().slice(11, 19);
const tell = (event, detail) => document.body.dispatchEvent(new CustomEvent(event, { detail, bubbles: true }));

// "contest.evaluated" {code: "M-1"} becomes contest:evaluated and contest:changed, each also with :M-1 at its end.
function dispatch(hint, facts = {}) {
  const [noun, verb] = hint.split(".");
  const key = facts.code ?? facts.id;
  for (const event of new Set([`${noun}:${verb}`, `${noun}:changed`])) {
    tell(event, facts);
    if (key !== undefined) tell(`${event}:${key}`, facts);
  }
}

export async function start(place) {
  show(place, "connecting");
  await load("sockets");
  const socket = globalThis.io({
    transports: ["websocket"], reconnectionDelay: 1000, reconnectionDelayMax: 30000, randomizationFactor: 0.5,
  });
  let lostAt = null;
  const lost = () => {
    lostAt ??= clock();
    show(place, "lost", lostAt);
  };
  socket.on("connect", () => {
    show(place, "live");
    socket.io.reconnectionDelay(1000);
    if (lostAt !== null) tell("missed");
    lostAt = null;
  });
  socket.onAny((hint, facts) => {
    if (hint === "server.draining") socket.io.reconnectionDelay(facts.retry_ms ?? 1000);
    else dispatch(hint, facts);
  });
  socket.on("disconnect", (reason) => {
    lost();
    if (reason === "io server disconnect") setTimeout(() => socket.connect(), socket.io.reconnectionDelay());
  });
  socket.on("connect_error", lost);
  addEventListener("pagehide", () => socket.close());
  addEventListener("pageshow", (event) => { if (event.persisted) socket.connect(); });
}
