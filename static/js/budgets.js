// An account that is detailed shows the sum that the server made, and is not sent: its details are.
(function () {
  "use strict";
  const budgets = document.querySelector("[data-budgets]");
  if (!budgets) { return; }

  function placer() {
    const totaux = new Map();
    budgets.querySelectorAll("[data-total]").forEach(function (total) { totaux.set(total.value, total.textContent); });
    budgets.querySelectorAll("input[data-calcule], input[readonly]").forEach(function (champ) {
      if (!totaux.has(champ.name)) {
        champ.disabled = champ.readOnly = false;
        champ.value = "";
        delete champ.dataset.calcule;
      }
    });
    totaux.forEach(function (montant, nom) {
      const champ = budgets.querySelector("input[name='" + nom + "']");
      if (champ && !champ.matches("[aria-invalid='true']")) {
        champ.value = montant;
        champ.disabled = true;
        champ.dataset.calcule = "";
      }
    });
  }

  placer();
  document.body.addEventListener("htmx:oobAfterSwap", placer);
})();
