// Shows only the rules that are looked for. Without this script the page shows everything; on paper it always does.
{
  const search = document.querySelector("[role=search]");
  const [text, state, level] = search.querySelectorAll("input, select");
  const told = search.querySelector("output");
  const rules = new Map();
  for (const part of document.querySelectorAll("[data-rule]")) {
    const rule = rules.get(part.dataset.rule) ?? { ...part.dataset, parts: [], words: "" };
    rule.parts.push(part);
    rule.words += part.textContent.toLowerCase() + "\n";
    rules.set(part.dataset.rule, rule);
  }

  function filter() {
    const wanted = text.value.trim().toLowerCase();
    let shown = 0;
    for (const rule of rules.values()) {
      const found =
        rule.words.includes(wanted) &&
        (!state.value || rule.state === state.value) &&
        (!level.value || rule.level === level.value);
      for (const part of rule.parts) part.classList.toggle("filtered", !found);
      shown += found;
    }
    told.textContent = told.dataset.words.replace("…", shown);
  }

  function clear() {
    for (const field of [text, state, level]) field.value = "";
    filter();
  }

  search.addEventListener("input", filter);
  search.querySelector("button").addEventListener("click", () => {
    clear();
    text.focus();
  });
  // A link to what is filtered out must still lead there.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && document.getElementById(link.hash.slice(1))?.closest(".filtered")) clear();
  });
  clear();
  search.hidden = false;
}
