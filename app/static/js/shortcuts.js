// One map of shortcuts: elements say their key in data-key. No key acts in fields, with modifiers, on repeat or in flight.
import { isBusy } from "./busy.js";

const FIELDS = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const SEQUENCE_MS = 1200;
const YEAR_S = 31536000;
const page = document.documentElement;

const kept = (name) => document.cookie.split("; ").includes(`${name}=off`);
const keep = (name, on) => { document.cookie = `${name}=${on ? "on" : "off"}; path=/; max-age=${YEAR_S}; samesite=lax`; };
const visible = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
// A key that stands in every row acts on the row that has the focus, and on none without one.
const isMeant = (element) => element.closest("[data-row]")?.contains(document.activeElement) ?? true;
const holders = (press) => [...document.querySelectorAll("[data-key]")].filter((e) => e.dataset.key === press && !e.disabled && isMeant(e) && visible(e));
const PRESSED_BY_SPACE = "button, summary, input, [role=button]";
const nameOf = (event) => (event.key === " " ? "Space" : event.key);

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")].filter(visible);
  const now = rows.findIndex((row) => row.contains(document.activeElement));
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
  (next?.querySelector("a, button") ?? next)?.focus();
}

function open() {
  document.activeElement?.closest("[data-row]")?.querySelector("a")?.click();
}

function badges() {
  const on = page.dataset.badges === "off";
  page.dataset.badges = on ? "on" : "off";
  keep("badges", on);
}

function describe(dialog) {
  const list = dialog.querySelector("[data-here]");
  const held = new Map([...document.querySelectorAll("[data-key]")].reverse().filter(visible).map((element) => [element.dataset.key, element]));
  list.replaceChildren(...[...held.values()].reverse().map((element) => {
    const line = document.createElement("div");
    const key = document.createElement("dt");
    key.append(...element.dataset.key.split(" ").flatMap((press) => [Object.assign(document.createElement("kbd"), { textContent: press }), " "]));
    const words = element.ariaLabel || element.querySelector(":scope > span")?.textContent || element.labels?.[0]?.firstChild.textContent || element.placeholder || element.textContent;
    line.append(key, Object.assign(document.createElement("dd"), { textContent: words.trim() }));
    return line;
  }));
}

function act(element) {
  if (element.matches(FIELDS)) { element.focus(); element.select?.(); } else element.click();
}

export function start(dialog) {
  const fixed = {
    "?": () => { describe(dialog); dialog.showModal(); },
    j: () => move(1),
    k: () => move(-1),
    o: open,
    b: () => history.back(),
    K: badges,
  };
  const toggle = dialog.querySelector("[data-switch]");
  toggle.checked = !kept("shortcuts");
  toggle.addEventListener("change", () => keep("shortcuts", toggle.checked));
  if (kept("badges")) page.dataset.badges = "off";

  page.dataset.shortcuts = "ready";
  let first = "";
  let timer;
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.repeat && !isBusy()) {
      event.target.closest("form")?.requestSubmit();
      return;
    }
    if (event.key === "k" && (event.ctrlKey || event.metaKey) && !event.repeat && !dialog.open) {
      const [box] = holders("Ctrl k");
      if (box) { event.preventDefault(); act(box); }
      return;
    }
    if (event.key === "Escape" && event.target.matches(FIELDS) && !dialog.open) event.target.blur();
    const single = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat && !event.isComposing;
    if (!single || dialog.open || isBusy() || event.target.matches(FIELDS)) return;
    if (!toggle.checked && event.key !== "?") return;
    if (event.key === " " && event.target.matches(PRESSED_BY_SPACE)) return;
    const press = first ? `${first} ${nameOf(event)}` : nameOf(event);
    clearTimeout(timer);
    first = "";
    const [element] = holders(press);
    if (element ?? fixed[press]) {
      event.preventDefault();
      if (element) act(element); else fixed[press]();
    } else if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
      first = event.key;
      timer = setTimeout(() => { first = ""; }, SEQUENCE_MS);
    }
  });
}
