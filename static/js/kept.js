// What this browser has kept of answers that can no longer be written here, since they were closed meanwhile: shown to
// be copied, until the person lets go of it.

const box = document.querySelector("[data-store]");
const open = box.dataset.store;
const closed = `${open}:closed`;

function read(name) {
  try { return JSON.parse(localStorage.getItem(name)) ?? { at: Date.now(), kept: {} }; } catch { return { at: 0, kept: {} }; }
}

function write(name, draft) {
  try {
    if (Object.keys(draft.kept).length) localStorage.setItem(name, JSON.stringify(draft));
    else localStorage.removeItem(name);
  } catch { /* a browser that keeps nothing */ }
}

const isOpen = (key) => document.querySelector(`[data-question="${CSS.escape(key)}"]`) !== null;
const draft = read(open);
const left = read(closed);
for (const [key, one] of Object.entries(draft.kept)) {
  if (isOpen(key)) continue;
  left.kept[key] = one;
  left.at = draft.at;
  delete draft.kept[key];
}
write(open, draft);
write(closed, left);

const texts = box.querySelector("[data-texts]");
for (const [key, one] of Object.entries(left.kept)) {
  const label = document.createElement("p");
  label.className = "kept-side small";
  label.textContent = document.getElementById(`question.${key}`)?.querySelector(".question-label")?.textContent ?? "";
  const text = document.createElement("div");
  text.className = "kept-text";
  text.textContent = one.entries.map(([, value]) => value).filter((value) => value && value !== "yes").join("\n");
  texts.append(label, text);
}
box.hidden = Object.keys(left.kept).length === 0;
box.querySelector("button").addEventListener("click", () => {
  write(closed, { kept: {} });
  box.hidden = true;
});
