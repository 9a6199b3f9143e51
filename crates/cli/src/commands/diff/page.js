"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const changes = () => [...document.querySelectorAll(".change:not([hidden])")];
  let current = -1;
  const go = (step) => {
    const list = changes();
    if (list.length === 0) return;
    const focused = list.findIndex((it) => it.contains(document.activeElement));
    const from = focused >= 0 ? focused : current;
    current = Math.min(Math.max(from + step, 0), list.length - 1);
    list[current].focus({ preventScroll: true });
    list[current].scrollIntoView({ block: "start" });
  };
  const turn = () => {
    const root = document.documentElement;
    const isDark = getComputedStyle(root).colorScheme === "dark";
    root.dataset.theme = isDark ? "light" : "dark";
  };
  byId("next").addEventListener("click", () => go(1));
  byId("previous").addEventListener("click", () => go(-1));
  byId("theme").addEventListener("click", turn);
  byId("filter").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const it of document.querySelectorAll("[data-name]")) {
      it.hidden = !it.dataset.name.toLowerCase().includes(wanted);
    }
    for (const group of document.querySelectorAll("nav li:has(ul)")) {
      group.hidden = group.querySelector("[data-name]:not([hidden])") === null;
    }
    byId("found").textContent = wanted === "" ? "" : `${changes().length} found`;
    current = -1;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target === byId("filter")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const keys = { j: () => go(1), k: () => go(-1), t: turn, "/": () => byId("filter").focus() };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
