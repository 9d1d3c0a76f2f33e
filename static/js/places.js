// While somebody types the name of a place, the portal's own list is asked for names that begin so. Without this file
// the cities of the directory are suggested, and every other place is looked for when the form is sent.

const list = document.querySelector("datalist[data-suggestions]");
const field = list && document.querySelector(`input[list="${list.id}"]`);
const SHORTEST = 3;
const PAUSE = 200; // milliseconds without a letter
let timer;
let asked;

async function suggest(text) {
  asked?.abort();
  asked = new AbortController();
  try {
    const address = `${list.dataset.suggestions}?${new URLSearchParams({ q: text })}`;
    const answer = await fetch(address, { signal: asked.signal });
    if (!answer.ok) return;
    const { places } = await answer.json();
    list.replaceChildren(...places.map((place) => new Option("", place)));
  } catch { /* the next letter asks again */ }
}

field?.addEventListener("input", () => {
  clearTimeout(timer);
  const text = field.value.trim();
  const isChosen = [...list.options].some((option) => option.value === field.value);
  if (text.length >= SHORTEST && !isChosen) timer = setTimeout(() => suggest(text), PAUSE);
});
