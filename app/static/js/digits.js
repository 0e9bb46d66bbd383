// Numbers as the server writes them (app/core/formats.py). Prices stay text: no digit is lost on the way.
const MINUS = "\u2212";
const NBSP = "\u00a0";
const LARGE = [[12, "T"], [9, "B"], [6, "M"], [3, "k"]];

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

// Half away from zero, for a decimal text without exponent: ("1.25", 1) is "1.3".
export function fixed(text, places) {
  const [whole, rest = ""] = text.split(".");
  let digits = whole + rest.slice(0, places).padEnd(places, "0");
  if (rest[places] >= "5") digits = (BigInt(digits) + 1n).toString().padStart(digits.length, "0");
  const point = digits.length - places;
  return places ? `${grouped(digits.slice(0, point))}.${digits.slice(point)}` : grouped(digits);
}

export function compact(text) {
  const [whole, rest = ""] = text.split(".");
  const length = whole === "0" ? 0 : whole.length;
  const large = LARGE.find(([zeros]) => length > zeros);
  if (!large) return fixed(text, 1);
  const point = whole.length - large[0];
  return `${fixed(`${whole.slice(0, point)}.${whole.slice(point)}${rest}`, 1)}${NBSP}${large[1]}`;
}

export function change(bps) {
  if (bps === null) return "—";
  const size = Math.abs(bps);
  const percent = `${grouped(String(Math.trunc(size / 100)))}.${String(size % 100).padStart(2, "0")}${NBSP}%`;
  if (!bps) return percent;
  return bps > 0 ? `▲ +${percent}` : `▼ ${MINUS}${percent}`;
}

export function age(ms) {
  if (ms < 60000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  if (ms < 3600000) return `${Math.floor(ms / 60000)} min`;
  return `${Math.floor(ms / 3600000)} h`;
}

export const signed = (score) => (score > 0 ? `+${score}` : String(score).replace("-", MINUS));
export const clock = (ms) => new Date(ms).toISOString().slice(11, 19);
export const count = (number, noun) => `${grouped(String(number))} ${noun}${number === 1 ? "" : "s"}`;
