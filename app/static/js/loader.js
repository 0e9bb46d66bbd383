// Loads a library from its CDN, or from our own copy when the CDN does not answer in time; both by the same hash.
const LIMIT_MS = 2500;
const FAILED = "cdn-failed";
const libraries = JSON.parse(document.getElementById("libraries")?.textContent ?? "{}");
const loading = new Map();

export const sources = {};

export function load(name) {
  if (!loading.has(name)) loading.set(name, fetchLibrary(name));
  return loading.get(name);
}

async function fetchLibrary(name) {
  const { cdn, local, integrity } = libraries[name];
  if (cdn && sessionStorage.getItem(FAILED) === null) {
    try {
      await insert(cdn, integrity, LIMIT_MS);
      sources[name] = "cdn";
      return;
    } catch {
      sessionStorage.setItem(FAILED, "1");
    }
  }
  await insert(local, integrity);
  sources[name] = "local";
}

function insert(address, integrity, limit) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const giveUp = () => {
      script.remove();
      reject(new Error(`${address} could not be loaded.`));
    };
    const timer = limit === undefined ? undefined : setTimeout(giveUp, limit);
    script.addEventListener("load", () => { clearTimeout(timer); resolve(); });
    script.addEventListener("error", () => { clearTimeout(timer); giveUp(); });
    Object.assign(script, { src: address, integrity, crossOrigin: "anonymous", async: true });
    document.head.append(script);
  });
}
