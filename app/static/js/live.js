// The server sends hints ("contest.changed"); the fragments that care fetch themselves by htmx,
// with hx-trigger="contest:changed:<code> from:body, missed from:body".
import { socket } from "./socket.js";

const NO_HINTS = new Set(["server.draining", "frame"]);
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

// A part of the page that is being fetched is replaced by the answer, and with it whatever it was about to ask again.
// So a hint that arrives meanwhile is told once more when the answer stands in the page.
const fetching = new Set();
const meanwhile = new Map();
const SETTLED_MS = 100;

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.defaultPrevented) fetching.add(event.detail.xhr);
});
// A part that could not be fetched would stay as it is until the next hint: all parts ask once more a moment later.
const AGAIN_MS = 2000;
let askAgain;

function askOnceMore({ detail: { elt, requestConfig, xhr } }) {
  const isAway = xhr.status === 0 || xhr.status === 503;
  if (!isAway || requestConfig.verb !== "get" || !elt.matches("[hx-trigger*='missed']")) return;
  clearTimeout(askAgain);
  askAgain = setTimeout(() => tell("missed"), AGAIN_MS * (1 + Math.random()));
}
for (const failure of ["htmx:sendError", "htmx:responseError"]) document.body.addEventListener(failure, askOnceMore);

document.body.addEventListener("htmx:afterRequest", ({ detail }) => setTimeout(() => {
  fetching.delete(detail.xhr);
  if (isFetching()) return;
  const missed = [...meanwhile];
  meanwhile.clear();
  missed.forEach(([event, facts]) => tell(event, facts));
}, SETTLED_MS));

function isFetching() {
  for (const xhr of fetching) if (xhr.readyState === XMLHttpRequest.UNSENT) fetching.delete(xhr); // it was aborted
  return fetching.size > 0;
}

// "contest.evaluated" {code: "M-1"} becomes contest:evaluated and contest:changed, each also with :M-1 at its end.
function dispatch(hint, facts = {}) {
  const [noun, verb] = hint.split(".");
  const key = facts.code ?? facts.id;
  const again = isFetching();
  const hear = (event) => {
    if (again) meanwhile.set(event, facts);
    tell(event, facts);
  };
  for (const event of new Set([`${noun}:${verb}`, `${noun}:changed`])) {
    hear(event);
    if (key !== undefined) hear(`${event}:${key}`);
  }
}

export async function start(place) {
  show(place, "connecting");
  const line = await socket();
  let lostAt = null;
  const lost = () => {
    lostAt ??= clock();
    show(place, "lost", lostAt);
  };
  const found = () => {
    show(place, "live");
    if (lostAt !== null) tell("missed");
    lostAt = null;
  };
  line.on("connect", found);
  line.on("disconnect", lost);
  line.on("connect_error", lost);
  line.onAny((hint, facts) => { if (!NO_HINTS.has(hint)) dispatch(hint, facts); });
  if (line.connected) found();
}
