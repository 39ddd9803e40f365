(() => {
  "use strict";
  const thinking = [...document.querySelectorAll("details")];
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = thinking.filter((one) => !one.open);
    folded.forEach((one) => (one.open = true));
  });
  addEventListener("afterprint", () => folded.forEach((one) => (one.open = false)));

  const form = document.getElementById("filter");
  if (!form) return;
  const names = ["move", "outcome", "arm"];
  const count = document.getElementById("count");
  const pairs = [...document.querySelectorAll(".pair")];
  const total = document.querySelectorAll(".case").length;

  // Twins stay together: an outcome says little without what the same model did on the other side.
  function apply() {
    const want = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    let shown = 0;
    for (const pair of pairs) {
      const moves = !want.move || (pair.dataset.move || "-") === want.move;
      let found = false;
      for (const column of pair.querySelectorAll(".column")) {
        const here = !want.arm || column.dataset.arm === want.arm;
        column.hidden = !here;
        for (const reply of column.querySelectorAll(".reply")) {
          const fits = here && (!want.outcome || reply.dataset.outcome === want.outcome);
          reply.classList.toggle("match", fits && want.outcome !== "");
          found = found || fits;
        }
      }
      pair.hidden = !(moves && (found || (!want.outcome && !want.arm)));
      shown += pair.hidden ? 0 : pair.querySelectorAll(".case").length;
    }
    const narrowed = names.some((name) => want[name]);
    document.getElementById("prompts").classList.toggle("narrowed", narrowed);
    count.textContent = `${shown} of ${total} shown`;
    return want;
  }

  function remember() {
    const want = apply();
    const kept = new URLSearchParams(names.filter((name) => want[name]).map((name) => [name, want[name]]));
    if (String(kept) || location.hash.includes("=")) history.replaceState(null, "", `#${kept}`);
  }

  function recall() {
    if (!location.hash.includes("=")) return;
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const name of names) {
      const options = [...form.elements[name].options].map((option) => option.value);
      const value = kept.get(name) || "";
      form.elements[name].value = options.includes(value) ? value : "";
    }
    apply();
  }

  const unfold = document.getElementById("unfold");
  unfold.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-pressed") !== "true";
    document.querySelectorAll("details.thinking").forEach((one) => (one.open = open));
    unfold.setAttribute("aria-pressed", String(open));
  });
  form.addEventListener("change", remember);
  form.addEventListener("reset", () => setTimeout(remember));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", recall);
  form.hidden = false;
  apply();
  recall();
})();
