// The status that frames bring about once a second: sources and lags in one line, sentiment, news.
import { age, clock, count, signed } from "./digits.js";

const TRENDS = { rising: "▲ rising", falling: "▼ falling", steady: "steady" };
const REJECTS_SHOWN = 4;

export const mood = (score) => (score >= 15 ? "rising" : score <= -15 ? "falling" : "even");

function rejects(counted) {
  const most = Object.entries(counted).filter(([, number]) => number)
    .sort(([one, few], [other, many]) => many - few || (one < other ? -1 : 1)).slice(0, REJECTS_SHOWN);
  if (!most.length) return "no rejects in 10 s";
  return `rejects in 10 s: ${most.map(([reason, number]) => `${number} ${reason.replaceAll("_", " ")}`).join(", ")}`;
}

const lag = (p50, p99) => (p99 === null ? "lag —" : `lag p50 ${p50} ms, p99 ${p99} ms`);

export class FeedLine {
  constructor(place) {
    this.place = place;
    this.heard = "";
  }

  part(name) {
    return this.place.querySelector(`[data-part="${name}"]`);
  }

  say(name, text) {
    const part = this.part(name);
    if (part && part.textContent !== text) part.textContent = text;
  }

  show(status) {
    this.say("sources", count(status.sources.length, "source"));
    this.say("ticks", `${count(status.ticks_s, "tick").replace(/ticks?$/, "ticks/s in")}`);
    this.say("frames", `${count(status.frames_s, "frame").replace(/frames?$/, "frames/s out")}`);
    this.say("lag", lag(status.lag_p50_ms, status.lag_p99_ms));
    this.say("rejects", rejects(status.rejects));
    this.say("stale", status.stale_tokens ? `${status.stale_tokens} of ${status.active_tokens} tokens stale` : "");
    this.list("each", "one-source", status.sources.map((one) => [
      one.name, `${one.ticks_s} ticks/s, last ${age(one.age_ms)} ago, ${count(one.rejects, "reject")} in 10 s`,
    ]));
    this.mood(status);
    this.news(status.news);
  }

  // How long a price took from the gate to this screen, against the goal.
  showScreen(p99, goal) {
    const part = this.part("screen");
    if (!part) return;
    part.hidden = false;
    part.classList.toggle("late", p99 > goal);
    this.say("screen", `to this screen p99 ${p99} ms ${p99 > goal ? "▲ over" : "of"} ${goal} ms`);
  }

  mood({ sentiment, volume_trend: trend }) {
    const meter = this.part("meter");
    if (!meter) return;
    meter.value = sentiment;
    this.say("score", signed(sentiment));
    this.say("mood", mood(sentiment));
    this.say("trend", TRENDS[trend] ?? trend);
  }

  news(items) {
    const key = items.map((item) => `${item.at}${item.words}`).join();
    if (key === this.heard || !this.part("news")) return;
    this.heard = key;
    this.list("news", "one-news", items.map((item) => [clock(item.at), item.words]));
    this.part("no-news").hidden = items.length > 0;
  }

  list(name, template, lines) {
    const list = this.part(name);
    if (!list) return;
    while (list.children.length > lines.length) list.lastElementChild.remove();
    while (list.children.length < lines.length) list.append(this.part(template).content.cloneNode(true));
    lines.forEach((texts, line) => texts.forEach((text, place) => {
      const shown = list.children[line].children[place];
      if (shown.textContent !== text) shown.textContent = text;
    }));
  }
}
