// Keeps what somebody writes in a section of an application: saves it while they write, says so, and holds it in this
// browser until it is saved. Without this file the buttons of the form do all of it.

const form = document.querySelector("[data-section]");
const words = form.dataset;
const status = form.querySelector("[data-status]");
const heard = form.querySelector("[data-status-heard]");
const signInLine = form.querySelector("[data-sign-in-line]");
const PAUSE = 2000; // after the last key
const LONGEST = 10_000; // while somebody writes on
const RETRIES = [5000, 10_000, 20_000, 40_000, 60_000];
const PRESENCE = 30_000;
const TIMEOUT = 20_000;
const SMALL = 15_000; // characters; browsers keep 64 kB on their way, with the frame of each field
const STORE = `draft:${words.application}:${words.section}:${words.person}`;

const questions = new Map([...form.querySelectorAll("[data-question]")].map((box) => [box.dataset.question, {
  box, key: box.dataset.question, seen: box.querySelector(`input[type=hidden]`), saved: "", unsure: false, waiting: null,
}]));

// --- what stands in the fields of a question, as a text to be compared

function entries(question) {
  const found = [];
  for (const field of question.box.querySelectorAll("input, select, textarea")) {
    const skip = field === question.seen || field.type === "file" || field.closest(".clash, .kept, template");
    if (skip || ((field.type === "radio" || field.type === "checkbox") && !field.checked)) continue;
    found.push([field.name, field.value]);
  }
  return found;
}

const snapshot = (question) => JSON.stringify(entries(question));
const isChanged = (question) => snapshot(question) !== question.saved;
const isClashing = (question) => question.box.querySelector(".clash") !== null;
const changed = () => [...questions.values()].filter(isChanged);
const unsaved = () => changed().length > 0 || uploading > 0;

// What clashed stands in its field without being saved.
questions.forEach((question) => { question.saved = isClashing(question) ? "" : snapshot(question); });
document.documentElement.classList.add("js");

// --- the status line; only what came of saving is heard, and only when its words change

let tone = "";

function tell(sentence, kind = "") {
  status.textContent = sentence;
  if (kind && heard.textContent !== sentence) heard.textContent = sentence;
  status.dataset.tone = tone = kind;
  signInLine.hidden = kind !== "signed-out";
  if (kind === "signed-out") {
    status.dataset.tone = "error";
    if (!signInLine.firstChild) {
      const link = document.createElement("a");
      link.href = words.signInAddress;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = words.signIn;
      signInLine.append(link);
    }
  }
}

// --- kept in this browser until it is saved

function keep() {
  const kept = {};
  for (const question of changed()) kept[question.key] = { seen: question.seen.value, entries: entries(question) };
  try {
    if (Object.keys(kept).length) localStorage.setItem(STORE, JSON.stringify({ at: Date.now(), kept }));
    else if (!form.querySelector(".question .kept")) localStorage.removeItem(STORE);
  } catch { /* a browser without room or without storage: saving goes on */ }
}

function readable(found) {
  return found.filter(([name, value]) => value !== "" && !/^(yes)$/.test(value)).map(([, value]) => value).join("\n");
}

function put(question, found) {
  const lines = question.box.querySelector("[data-rows]");
  if (lines) lines.dispatchEvent(new CustomEvent("lines-needed", { detail: [...new Set(found.map(([name]) => name.split(".")[2]))] }));
  const values = new Map();
  for (const [name, value] of found) values.set(name, [...(values.get(name) ?? []), value]);
  for (const field of question.box.querySelectorAll("input, select, textarea")) {
    if (field === question.seen || field.type === "file" || field.closest(".clash, .kept, template")) continue;
    const wanted = values.get(field.name) ?? [];
    if (field.type === "radio" || field.type === "checkbox") field.checked = wanted.includes(field.value);
    else field.value = wanted[0] ?? "";
  }
  question.box.dispatchEvent(new Event("change", { bubbles: true }));
  question.box.querySelectorAll("textarea").forEach((area) => area.dispatchEvent(new Event("input", { bubbles: true })));
}

function part(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function offer(question, found, at) {
  const box = part("div", "kept", "");
  box.setAttribute("role", "group");
  const moment = new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  box.append(part("p", "kept-title", words.kept), part("p", "small", words.keptAt.replace("{moment}", moment)));
  for (const [title, text] of [[words.keptMine, readable(found)], [words.keptStored, readable(entries(question))]]) {
    box.append(part("p", "small kept-side", title), part("div", "kept-text", text || "–"));
  }
  const buttons = part("div", "actions", "");
  const choices = [
    [words.keptTake, "kern-btn kern-btn--secondary btn-small", () => put(question, found)],
    [words.keptDrop, "text-button", () => {}],
  ];
  for (const [label, name, act] of choices) {
    const button = part("button", name, "");
    button.type = "button";
    button.append(part("span", name.startsWith("kern") ? "kern-label" : "", label));
    button.addEventListener("click", () => {
      box.remove();
      act();
      keep();
      question.box.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    });
    buttons.append(button);
  }
  box.append(buttons);
  question.box.prepend(box);
}

function offerKept() {
  let stored;
  try { stored = JSON.parse(localStorage.getItem(STORE)); } catch { return; }
  for (const [key, one] of Object.entries(stored?.kept ?? {})) {
    const question = questions.get(key);
    if (question && JSON.stringify(one.entries) !== question.saved) offer(question, one.entries, stored.at);
  }
  keep();
}

// --- sending

let timer, firstChange = 0, inFlight = null, tries = 0, stopped = false, uploading = 0, leaving = false;

function body(these) {
  const data = new FormData();
  data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const question of these) {
    data.append(question.seen.name, question.seen.value);
    for (const [name, value] of entries(question)) data.append(name, value);
  }
  return data;
}

function send(data, hasFiles) {
  const signal = hasFiles ? undefined : AbortSignal.timeout(TIMEOUT);
  // What is sent while the window closes still arrives, if it is small.
  const keepalive = document.visibilityState === "hidden" && !hasFiles && [...data.values()].join("").length < SMALL;
  return fetch(location.pathname, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" }, redirect: "manual",
    signal, keepalive });
}

// After signing in again in another window the token of this page is too old: a new one stands in the page itself.
async function newToken() {
  const answer = await fetch(location.pathname, { redirect: "manual" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("[data-section] [name=csrfmiddlewaretoken]")?.value;
  if (token) document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = token; });
  return Boolean(token);
}

// Sends, and says what came of it: "saved", "clash", "refused", or why nothing was saved.
async function attempt(make, take, these) {
  const hasFiles = these === undefined;
  let answer;
  try {
    answer = await send(make(), hasFiles);
    if (answer.status === 403 && (await answer.clone().json().catch(() => ({}))).csrf) {
      answer = (await newToken()) ? await send(make(), hasFiles) : { status: 401 };
    }
  } catch {
    these?.forEach((question) => { question.unsure = true; });
    return "offline";
  }
  if (answer.status === 401 || answer.type === "opaqueredirect") return "signed-out";
  if (!answer.ok) {
    these?.forEach((question) => { question.unsure = answer.status >= 500; });
    return "failed";
  }
  const found = await answer.json().catch(() => null);
  if (!found) return "failed";
  if (found.refusal) {
    stopped = true;
    tell(found.refusal, "error");
    return "refused";
  }
  return take(found);
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(save, RETRIES[Math.min(tries++, RETRIES.length - 1)]);
}

function save() {
  clearTimeout(timer);
  inFlight ??= saveNow().finally(() => { inFlight = null; });
  return inFlight;
}

async function saveNow() {
  const these = changed().filter((question) => !isClashing(question));
  if (!these.length || stopped) return "saved";
  const sent = new Map(these.map((question) => [question.key, snapshot(question)]));
  tell(words.saving);
  firstChange = 0;
  const outcome = await attempt(() => body(these), (found) => taken(found, sent), these);
  if (["offline", "failed", "signed-out"].includes(outcome)) {
    tell({ offline: words.offline, failed: words.failed, "signed-out": words.signedOut }[outcome], outcome === "signed-out" ? outcome : "error");
    later();
  } else if (outcome === "again") {
    return saveNow();
  }
  return outcome;
}

function taken(found, sent) {
  tries = 0;
  let again = false;
  for (const [key, text] of sent) {
    const question = questions.get(key);
    if (key in found.versions) {
      question.seen.value = found.versions[key];
      question.saved = text;
      question.unsure = false;
    } else if (key in found.overtaken) {
      newer(question, found.overtaken[key]);
    }
    question.waiting = found.sentences[key] ?? [];
    if (!question.box.contains(document.activeElement)) showSentences(question);
    const clash = found.clashes[key];
    if (!clash) continue;
    // An answer of mine whose receipt was lost on the way is no clash.
    if (clash.mine && question.unsure && clash.version === Number(question.seen.value) + 1) {
      question.seen.value = clash.version;
      question.unsure = false;
      again = true;
    } else {
      showClash(question, clash.html);
    }
  }
  keep();
  if (again) return "again";
  if (Object.keys(found.clashes).length) {
    tell(words.clash, "error");
    return "clash";
  }
  if (changed().some((question) => !isClashing(question))) {
    tell(words.notYet);
    schedule();
  } else {
    tell(found.saved, "done");
  }
  return "saved";
}

// --- what is shown beside a question

function showSentences(question) {
  if (!question.waiting) return;
  const box = question.box.querySelector("[data-wrong]");
  box.querySelector("p").textContent = question.waiting.join(" ");
  box.hidden = question.waiting.length === 0;
  question.waiting = null;
}

function badDates(question) {
  const bad = [...question.box.querySelectorAll("input[type=date]")].some((field) => field.validity.badInput);
  if (bad) question.waiting = [words.badDate];
}

function parsed(html) {
  return [...new DOMParser().parseFromString(html, "text/html").body.children];
}

function showClash(question, html) {
  question.box.querySelector(".clash")?.remove();
  question.seen.after(...parsed(html));
}

function newer(question, sentence) {
  if (question.box.querySelector(".newer")) return;
  const line = part("p", "newer message message-attention", `${sentence} `);
  line.setAttribute("role", "status");
  const link = part("a", "", words.reload);
  link.href = `${location.pathname}#question.${question.key}`;
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    if (await save() !== "saved") return;
    location.hash = `question.${question.key}`;
    location.reload();
  });
  line.append(link);
  question.seen.after(line);
}

// --- when

function schedule() {
  if (stopped) return;
  clearTimeout(timer);
  firstChange ||= Date.now();
  timer = setTimeout(save, Math.max(0, Math.min(PAUSE, firstChange + LONGEST - Date.now())));
}

let keeping;
function noticed(event) {
  if (event.target.closest(".clash, .kept") || event.target.type === "file") return;
  clearTimeout(keeping);
  keeping = setTimeout(keep, 300);
  if (!changed().length) {
    if (!tone) tell("");
    return;
  }
  if (!inFlight && !stopped && !["error", "signed-out"].includes(tone)) tell(words.notYet);
  schedule();
}

form.addEventListener("input", noticed);
form.addEventListener("change", noticed);
form.addEventListener("focusout", (event) => {
  const box = event.target.closest("[data-question]");
  const question = box && questions.get(box.dataset.question);
  if (!question) return;
  badDates(question);
  setTimeout(() => { if (!box.contains(document.activeElement)) showSentences(question); });
});
window.addEventListener("online", save);
window.addEventListener("focus", () => { if (["error", "signed-out"].includes(tone)) save(); });
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") { keep(); save(); } });
window.addEventListener("beforeunload", (event) => { if (!leaving && unsaved()) event.preventDefault(); });

// --- the buttons: everything is saved first, so that no page of the browser's own takes the text away

let pressed = false;
form.addEventListener("submit", async (event) => {
  if (leaving) return;
  event.preventDefault();
  if (pressed) return;
  pressed = true;
  await inFlight;
  const outcome = await save();
  await new Promise((done) => { setTimeout(done); }); // a form cannot be sent while it tells that it is being sent
  pressed = false;
  if (["offline", "failed", "signed-out", "refused"].includes(outcome)) return;
  if (!navigator.onLine) {
    tell(words.offline, "error");
    return;
  }
  // What is decided now need not be kept any longer.
  questions.forEach((question) => { if (question.box.querySelector(".clash input:checked")) question.saved = snapshot(question); });
  keep();
  leaving = true;
  form.requestSubmit(event.submitter);
});
window.addEventListener("pageshow", () => { leaving = false; });

// --- documents go on their way as soon as they are chosen

form.addEventListener("change", async (event) => {
  const field = event.target;
  if (field.type !== "file" || !field.files.length) return;
  const question = questions.get(field.closest("[data-question]").dataset.question);
  const said = question.box.querySelector("[data-upload-status]");
  const make = () => {
    const data = body([]);
    data.append(question.seen.name, question.seen.value);
    for (const file of field.files) data.append(field.name, file);
    return data;
  };
  said.textContent = words.uploading;
  uploading += 1;
  const outcome = await attempt(make, (found) => uploaded(question, found));
  uploading -= 1;
  const sentence = { offline: words.offline, failed: words.failed, "signed-out": words.signedOut }[outcome];
  if (sentence) {
    said.textContent = sentence;
    if (outcome === "signed-out") tell(sentence, outcome);
  }
});

function uploaded(question, found) {
  const box = question.box.querySelector("[data-documents]");
  if (found.documents[question.key]) {
    box.replaceChildren(...parsed(found.documents[question.key]));
    quiet(box);
  }
  question.waiting = found.refusals[question.key] ?? found.sentences[question.key] ?? [];
  showSentences(question);
  box.querySelector("[data-upload-status]")?.append(found.saved);
  return "saved";
}

function quiet(box) {
  box.querySelectorAll("[data-upload-note]").forEach((note) => { note.hidden = true; });
}
quiet(form);

// --- who else is here

async function present() {
  if (document.visibilityState === "hidden") return;
  const data = body([]);
  data.append("section", words.section);
  questions.forEach((question) => data.append(question.seen.name, question.seen.value));
  try {
    const answer = await fetch(words.presence, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
    if (!answer.ok) return;
    const found = await answer.json();
    const line = document.querySelector("[data-people]");
    const shown = line.querySelector("span");
    if (shown.textContent !== found.people) shown.textContent = found.people;
    line.hidden = !found.people;
    for (const [key, sentence] of Object.entries(found.changed)) {
      const question = questions.get(key);
      if (question && !isClashing(question) && !isChanged(question)) newer(question, sentence);
    }
  } catch { /* not important: the next time */ }
}

offerKept();
present();
setInterval(present, PRESENCE);
