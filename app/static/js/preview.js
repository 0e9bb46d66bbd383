// Shows what a submitter would be told by the reason that is focused or pointed at, with the words typed so far.
export function start(form) {
  const place = form.querySelector("[data-preview]");
  const words = form.querySelector("textarea");
  if (!place || !words) return;
  const usual = place.textContent;
  let reason = "";
  const show = () => { place.textContent = reason ? [reason, words.value.trim()].filter(Boolean).join(" ") : usual; };
  const choose = (event) => {
    const button = event.target.closest("[data-message]");
    if (!button) return;
    reason = button.dataset.message;
    show();
  };
  form.addEventListener("focusin", choose);
  form.addEventListener("mouseover", choose);
  words.addEventListener("input", show);
}
