// An account that is detailed shows the sum that the server made, and is not sent: its details are.
(function () {
  "use strict";
  const budgets = document.querySelector("[data-budgets]");
  if (!budgets) { return; }

  function taire(champ, montant) {
    champ.dataset.nom = champ.dataset.nom || champ.name;
    champ.removeAttribute("name");
    champ.readOnly = true;
    champ.value = montant;
  }

  function rendre(champ) {
    champ.name = champ.dataset.nom || champ.name;
    delete champ.dataset.nom;
    champ.readOnly = false;
    champ.value = "";
  }

  function placer() {
    const totaux = new Map();
    budgets.querySelectorAll("[data-total]").forEach(function (total) { totaux.set(total.value, total.textContent); });
    budgets.querySelectorAll("input[readonly]").forEach(function (champ) {
      if (!totaux.has(champ.dataset.nom || champ.name)) { rendre(champ); }
    });
    totaux.forEach(function (montant, nom) {
      const champ = document.getElementById("id_" + nom);
      if (!champ.matches("[aria-invalid='true']")) { taire(champ, montant); }
    });
  }

  placer();
  document.body.addEventListener("htmx:oobAfterSwap", placer);
})();
