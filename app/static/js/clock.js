// The time by the server's clock, how long ago things were, and how long is left until others.
const UNITS = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];

function ago(seconds) {
  for (const [size, unit] of UNITS) {
    const amount = Math.floor(Math.abs(seconds) / size);
    if (amount) return seconds > 0 ? `${amount} ${unit} ago` : `in ${amount} ${unit}`;
  }
  return "now";
}

const SPANS = [["h", 3600], ["min", 60], ["s", 1]];

// The two largest units, as the server writes durations.
function left(seconds) {
  let rest = Math.max(0, seconds);
  const parts = [];
  for (const [unit, size] of SPANS) {
    const amount = Math.floor(rest / size);
    rest -= amount * size;
    if (amount || parts.length) parts.push([amount, unit]);
  }
  return parts.slice(0, 2).filter(([amount]) => amount).map((part) => part.join(" ")).join(" ") || "0 s";
}

export function start(place) {
  const ahead = Date.parse(place.dateTime) - Date.now();
  const tick = () => {
    const now = new Date(Date.now() + ahead);
    place.dateTime = now.toISOString();
    place.textContent = now.toISOString().slice(11, 19);
    for (const words of document.querySelectorAll("time [data-ago]")) {
      const text = ago(Math.trunc((now - Date.parse(words.closest("time").dateTime)) / 1000));
      if (words.textContent !== text) words.textContent = text;
    }
    for (const words of document.querySelectorAll("time [data-left]")) {
      words.textContent = left(Math.ceil((Date.parse(words.closest("time").dateTime) - now) / 1000));
    }
  };
  tick();
  setInterval(tick, 1000);
}
