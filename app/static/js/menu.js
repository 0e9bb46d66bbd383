// A menu made of <details> closes when one looks elsewhere.
export function start(menu) {
  const summary = menu.querySelector("summary");
  for (const opener of menu.querySelectorAll("[data-opens]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => {
      menu.open = false;
      document.getElementById(opener.dataset.opens).showModal();
    });
  }
  document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
  menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
  });
}
