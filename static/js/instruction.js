// Reader of the instructor: keys 1, 2, 3 for the point that is shown, while the focus is inside the reader.
(function () {
  "use strict";

  function lecteur() {
    return document.getElementById("lecteur");
  }

  document.addEventListener("keydown", function (evenement) {
    const racine = lecteur();
    if (!racine || !racine.contains(evenement.target) || evenement.altKey || evenement.ctrlKey || evenement.metaKey) return;
    if (evenement.target.matches("input:not([type='hidden']), textarea, select")) return;
    const bouton = racine.querySelector("[data-touche='" + evenement.key + "']");
    if (!bouton) return;
    evenement.preventDefault();
    const commentaire = racine.querySelector("#id_commentaire");
    if (bouton.value === "a_completer" && commentaire && !commentaire.value.trim()) {
      commentaire.focus();
      return;
    }
    bouton.click();
  });

  // The next point has come: the focus goes to its title, from where the keys work again.
  document.addEventListener("htmx:afterSettle", function (evenement) {
    const racine = lecteur();
    if (!racine || evenement.target !== racine) return;
    const titre = racine.querySelector("#titre-point");
    if (titre && !racine.querySelector("[data-focus]")) titre.focus({ preventScroll: true });
    const courant = racine.querySelector(".pi-point[aria-current]");
    if (courant) courant.scrollIntoView({ block: "nearest" });
  });
})();
