/* The directory, better with a script: a changed filter applies at once. Without it the button does the same. */

const form = document.querySelector("[data-facets]");
if (form) {
  const wide = window.matchMedia("(min-width: 54rem)");
  form.addEventListener("change", (event) => {
    /* On a narrow screen people choose several filters first; years are typed and sent with the button. */
    if (wide.matches && event.target.matches("input[type=checkbox], input[type=radio]")) form.requestSubmit();
  });
  form.addEventListener("formdata", (event) => {
    /* Short addresses to share: what says nothing is left out. */
    for (const [name, value] of [...event.formData.entries()]) {
      if (value === "" || (name === "network_mode" && value === "any")) event.formData.delete(name);
    }
  });
  /* Wide screens show the filters from the start. */
  const panel = form.closest("details");
  if (panel && !panel.classList.contains("filter-drop")) panel.open = wide.matches || panel.open;
}
