// Questions of an application: words counted while one writes, questions that depend on others, lines that come and
// go. The server counts and decides the same; every page works without this file.

const form = document.querySelector("[data-section]");

// --- words: the same expression as in applications/answers.py, the same cases in tests/applications/words.json

const WORD = /(?<!\S)\S*?[\p{L}\p{N}]\S*/gu;
const FEW_LEFT = 20;

// What counts as white space differs in two characters between Python and here.
const plain = (text) => text.replaceAll("\u0085", " ").replaceAll("\uFEFF", "\u2060");
const countWords = (text) => (plain(text).match(WORD) ?? []).length;

function say(words, values) {
  return words.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
}

function sayCount(area, count) {
  const most = Number(area.dataset.mostWords);
  const left = most - count;
  const words = form.dataset;
  const sentence = left < 0
    ? (left === -1 ? words.wordOver : say(words.wordsOver, { words: -left }))
    : (left === 1 ? words.wordLeft : say(words.wordsLeft, { words: left }));
  return { sentence, left, of: say(words.ofWords, { words: count, most }) };
}

form?.querySelectorAll("textarea").forEach((area) => {
  const box = area.closest(".kern-form-input");
  const shown = box.querySelector("[data-count]");
  const heard = box.querySelector("[data-count-said]");
  if (!area.dataset.mostWords) {
    shown.hidden = true;
    return;
  }
  let timer;
  const count = () => {
    const { sentence, left, of } = sayCount(area, countWords(area.value));
    shown.textContent = `${sentence} · ${of}`;
    shown.classList.toggle("over", left < 0);
    clearTimeout(timer);
    // Heard only near the limit, and when the writing pauses.
    timer = setTimeout(() => { heard.textContent = left <= FEW_LEFT ? sentence : ""; }, 1500);
  };
  count();
  clearTimeout(timer);
  area.addEventListener("input", count);
});

// --- questions that are asked only if another one has a certain answer

const questionOf = (key) => [...form.querySelectorAll("[data-question]")].find((one) => one.dataset.question === key);

function said(question) {
  const chosen = [...question.querySelectorAll("input:checked, option:checked")]
    .filter((one) => !one.closest(".clash")).map((one) => one.value);
  return new Set(chosen);
}

function follow() {
  // In order: a condition never looks at a later question.
  form.querySelectorAll("[data-only-if]").forEach((question) => {
    const other = questionOf(question.dataset.onlyIf);
    if (!other) return; // it cannot be changed here: what the server says stays
    const answers = said(other);
    question.hidden = other.hidden || !question.dataset.anyOf.split(" ").some((key) => answers.has(key));
  });
}

if (form) {
  follow();
  form.addEventListener("change", follow);
}

// --- lines

let numbers = 1000; // of new lines: above all the server has written

function title(lines) {
  lines.querySelectorAll(":scope > [data-row]").forEach((line, place) => {
    line.querySelector("legend").textContent = say(form.dataset.row, { number: place + 1 });
    line.querySelector("[data-remove-row] span").textContent = ` ${place + 1}`;
  });
}

function isEmpty(line) {
  return [...line.querySelectorAll("input")].every((input) => input.value === "" && !input.validity.badInput);
}

form?.querySelectorAll("[data-rows]").forEach((lines) => {
  const box = lines.closest("fieldset");
  const pattern = box.querySelector("[data-row-pattern]");
  const add = box.querySelector("[data-add-row]");
  const status = box.querySelector("[data-row-status]");
  const all = () => [...lines.querySelectorAll(":scope > [data-row]")];

  const refresh = () => {
    add.hidden = all().length >= Number(lines.dataset.most);
    title(lines);
  };

  const append = (number) => {
    const made = document.importNode(pattern.content, true);
    made.querySelectorAll("[name], [id], [for]").forEach((part) => {
      for (const name of ["name", "id", "for"]) {
        if (part.hasAttribute(name)) part.setAttribute(name, part.getAttribute(name).replace("__n__", number));
      }
    });
    const line = made.querySelector("[data-row]");
    watch(line);
    lines.append(line);
    refresh();
    return line;
  };

  const remove = (line) => {
    const place = all().indexOf(line);
    line.remove();
    if (!all().length) append(numbers++);
    refresh();
    const next = all()[Math.min(place, all().length - 1)];
    next.querySelector("input").focus();
    status.textContent = form.dataset.rowGone;
    lines.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const watch = (line) => {
    const button = line.querySelector("[data-remove-row]");
    button.hidden = false;
    button.addEventListener("click", () => remove(line));
  };

  box.querySelector("[data-save-rows]").hidden = true;
  all().forEach(watch);
  // Of the empty lines that the server offers, as many as are asked for are enough here.
  const empty = all().filter(isEmpty);
  empty.slice(Math.max(Number(lines.dataset.least) - (all().length - empty.length), 0)).forEach((line) => line.remove());
  add.addEventListener("click", () => append(numbers++).querySelector("input").focus());
  // Somebody wants to put kept text into lines that are not there: `detail` are their numbers.
  lines.addEventListener("lines-needed", (event) => {
    const names = new Set([...lines.querySelectorAll("input")].map((input) => input.name.split(".")[2]));
    event.detail.filter((number) => !names.has(number)).forEach(append);
  });
  refresh();
});
