/* The other unit while packs or pieces are typed. Without this script the page shows it again before sending.
   <output data-of="ID of the input" data-unit="ID of the choice, or empty" data-each="pieces per pack"
           data-packs="{packs} boxes of {each} = {pieces} pieces" data-pieces="{pieces} pieces = {packs} boxes of {each}"
           data-packs-one, data-pieces-one: the same for one box>
   A number that is no whole one, or pieces that are no whole packs, leave it empty: the server says why. */
"use strict";

(function () {
  const language = document.documentElement.lang;
  const shown = (number) => number.toLocaleString(language);

  function say(output) {
    const input = document.getElementById(output.dataset.of);
    const choice = output.dataset.unit && document.getElementById(output.dataset.unit);
    const unit = choice ? choice.value : "packs";
    const each = Number(output.dataset.each);
    const typed = input.value.trim();
    output.textContent = "";
    if (!/^\d{1,9}$/.test(typed) || !output.dataset[unit]) return;
    const packs = unit === "packs" ? Number(typed) : Number(typed) / each;
    if (!Number.isInteger(packs)) return;
    output.textContent = output.dataset[packs === 1 ? `${unit}One` : unit]
      .replace("{packs}", shown(packs))
      .replace("{each}", shown(each))
      .replace("{pieces}", shown(packs * each));
  }

  function sayAll(root) {
    root.querySelectorAll("output[data-of]").forEach(say);
  }

  document.addEventListener("input", (event) => {
    document.querySelectorAll("output[data-of]").forEach((output) => {
      if ([output.dataset.of, output.dataset.unit].includes(event.target.id)) say(output);
    });
  });
  document.addEventListener("htmx:load", (event) => sayAll(event.target));
  sayAll(document);
})();

/* On a small screen the pages fold behind one word; without this script they stay open. */
(function () {
  const small = matchMedia("(max-width: 40rem)");
  const fold = () => document.querySelectorAll(".top nav details").forEach((pages) => (pages.open = !small.matches));
  small.addEventListener("change", fold);
  fold();
})();
