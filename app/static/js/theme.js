// The theme changes at once; the server keeps it for the next page.
export function start(form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const wanted = event.submitter.value;
    const page = document.documentElement;
    if (wanted === "auto") delete page.dataset.theme;
    else page.dataset.theme = wanted;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button.value === wanted);
    dispatchEvent(new Event("theme:changed"));
    const data = new FormData(form);
    data.set("theme", wanted);
    await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
  });
}
