// Small helps on top of native details elements; every page works without this file.

// Browsers without ::details-content cannot hold the filters open on a wide window by style alone.
const wide = window.matchMedia("(min-width: 860px)");
if (wide.matches && !CSS.supports("selector(::details-content)")) {
  document.querySelectorAll(".filter-panel:not(.filter-drop)").forEach((panel) => { panel.open = true; });
}

// Escape closes the menu and gives the focus back to its button.
document.querySelectorAll(".menu").forEach((menu) => {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
});
