// The rows of the financing plan: blank ones wait until one asks for them. Without this script they all lie open.
(function () {
  "use strict";

  function estVide(ligne) {
    return !ligne.querySelector(".fr-error-text") && Array.from(ligne.querySelectorAll("input[type='text'], select")).every(function (champ) {
      return champ.value === "";
    });
  }

  function ajouterUneLigne(groupe) {
    const total = groupe.querySelector("[name$='-TOTAL_FORMS']");
    const rang = Number(total.value);
    const modele = groupe.querySelector("template");
    modele.insertAdjacentHTML("beforebegin", modele.innerHTML.replaceAll("__prefix__", rang).replaceAll("__rang__", rang + 1));
    total.value = rang + 1;
    return modele.previousElementSibling;
  }

  document.querySelectorAll("[data-financeurs]").forEach(function (groupe) {
    const bouton = groupe.querySelector("[data-ajouter]");
    const maximum = Number(groupe.querySelector("[name$='-MAX_NUM_FORMS']").value);
    const lignes = Array.from(groupe.querySelectorAll(".pd-financeur"));
    lignes.filter(estVide).forEach(function (ligne) {
      ligne.hidden = ligne !== lignes[0];
    });
    bouton.hidden = false;
    bouton.addEventListener("click", function () {
      const cachee = groupe.querySelector(".pd-financeur[hidden]") || ajouterUneLigne(groupe);
      cachee.hidden = false;
      cachee.querySelector("select").focus();
      bouton.hidden = groupe.querySelectorAll(".pd-financeur").length >= maximum && !groupe.querySelector(".pd-financeur[hidden]");
    });
  });

  // « Demander le maximum » fills the grant here; without this script the server does it and saves.
  document.querySelectorAll("[data-maximum]").forEach(function (bouton) {
    bouton.addEventListener("click", function (evenement) {
      const poste = bouton.closest("[data-financeurs]");
      const champ = poste.querySelector("[name$='-aap-montant']");
      evenement.preventDefault();
      champ.value = poste.querySelector("[data-le-maximum]").textContent.replace("€", "").trim();
      champ.dispatchEvent(new Event("input", { bubbles: true }));
      champ.focus();
    });
  });

  // The way the maximum is computed stays open when the figures around it change.
  document.body.addEventListener("htmx:beforeSwap", function (evenement) {
    const calcul = document.getElementById("calcul-maximum");
    evenement.detail.calculOuvert = Boolean(calcul && calcul.open);
  });
  document.body.addEventListener("htmx:afterSwap", function (evenement) {
    const calcul = document.getElementById("calcul-maximum");
    if (calcul && evenement.detail.calculOuvert) {
      calcul.open = true;
    }
  });
})();
