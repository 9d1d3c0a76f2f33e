// Small helps on top of native elements; every page works without this file.

const wide = window.matchMedia("(min-width: 860px)");

// Escape closes a menu and gives the focus back to its button.
document.querySelectorAll(".menu, .person-menu").forEach((menu) => {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
});

// Browsers without ::details-content cannot hold the filters open on a wide window by style alone.
if (wide.matches && !CSS.supports("selector(::details-content)")) {
  document.querySelectorAll(".filter-panel:not(.filter-drop)").forEach((panel) => { panel.open = true; });
}

// A changed filter applies at once on a wide window; on a narrow one people choose several first and press the button.
document.querySelectorAll("[data-facets]").forEach((form) => {
  form.addEventListener("change", (event) => {
    if (wide.matches && event.target.matches("input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
  // Short addresses to share: what says nothing is left out.
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData.entries()]) {
      if (value === "" || (name === "network_mode" && value === "any")) formData.delete(name);
    }
  });
});

// Answers that this browser keeps until they are saved (application.js) go when the person signs out, and after a week.
const WEEK = 7 * 24 * 3600 * 1000;
function forgetDrafts(isOver) {
  try {
    for (const key of Object.keys(localStorage).filter((name) => name.startsWith("draft:"))) {
      if (isOver(JSON.parse(localStorage.getItem(key)))) localStorage.removeItem(key);
    }
  } catch { /* a browser that keeps nothing */ }
}
forgetDrafts((draft) => !(draft?.at > Date.now() - WEEK));
document.querySelectorAll("form[action$='/sign-out/']").forEach((form) => {
  form.addEventListener("submit", () => forgetDrafts(() => true));
});

// A session's time by the reader's own clock, in place of the portal's.
document.querySelectorAll("[data-own-clock]").forEach((line) => {
  const begins = new Date(line.dataset.ownClock);
  if (Number.isNaN(begins.getTime())) return;
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const format = new Intl.DateTimeFormat(language, { dateStyle: "full", timeStyle: "short" });
  const ends = new Date(line.dataset.ownEnd);
  const words = Number.isNaN(ends.getTime()) ? format.format(begins) : format.formatRange(begins, ends);
  line.querySelector("span").textContent = line.dataset.words;
  line.querySelector("b").textContent = words;
  line.hidden = false;
});
