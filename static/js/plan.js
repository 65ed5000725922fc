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
})();
