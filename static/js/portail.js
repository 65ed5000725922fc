// What the pages do beyond their HTML. Everything works without it.
(function () {
  "use strict";

  // A form goes once: the second click of a double click finds the buttons at rest.
  document.addEventListener("submit", function (evenement) {
    const formulaire = evenement.target;
    if (evenement.defaultPrevented || formulaire.matches("[data-double], [method='dialog']")) return;
    if (formulaire.getAttribute("aria-busy") === "true") {
      evenement.preventDefault();
      return;
    }
    if (formulaire.method !== "post" || formulaire.closest("[hx-post]")) return;
    formulaire.setAttribute("aria-busy", "true");
    // The answer may be a download, or never come: the page stays, and the form may go again.
    window.setTimeout(function () {
      formulaire.removeAttribute("aria-busy");
    }, 15000);
  });

  // Back from the next page, or from the browser's memory: the form may go again.
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[aria-busy]").forEach(function (formulaire) {
      formulaire.removeAttribute("aria-busy");
    });
  });

  // Says a text to screen readers.
  window.annoncer = function (texte) {
    const region = document.getElementById("annonce");
    if (!region) return;
    region.textContent = "";
    window.setTimeout(function () {
      region.textContent = texte;
    }, 100);
  };

  // Computers are shared: what waits in the tab goes with its author's session, here and in the other tabs.
  function oublierLaSaisie(gardee) {
    try {
      Object.keys(sessionStorage).forEach(function (cle) {
        if (cle.startsWith("aap-saisie:") && !(gardee && cle.startsWith(gardee))) sessionStorage.removeItem(cle);
      });
    } catch (erreur) {
      // A browser that keeps nothing has nothing to forget.
    }
  }

  document.addEventListener("submit", function (evenement) {
    if (!evenement.target.action.includes("/deconnexion/")) return;
    oublierLaSaisie("");
    try {
      localStorage.setItem("aap-deconnexion", String(Date.now()));
    } catch (erreur) {
      // Other tabs then forget at their next page.
    }
  });
  window.addEventListener("storage", function (evenement) {
    if (evenement.key === "aap-deconnexion") oublierLaSaisie("");
  });
  document.addEventListener("DOMContentLoaded", function () {
    if (document.body.dataset.personne) oublierLaSaisie("aap-saisie:" + document.body.dataset.personne + ":");
  });

  function montrerLesErreurs(racine) {
    const resume = racine.querySelector("[data-focus]");
    if (resume) resume.focus();
  }

  document.addEventListener("DOMContentLoaded", function () {
    montrerLesErreurs(document);
  });

  // Fragments that htmx brings in: their errors take the focus, their data-annonce is said.
  document.addEventListener("htmx:afterSettle", function (evenement) {
    const racine = evenement.target;
    montrerLesErreurs(racine);
    const source = racine.matches("[data-annonce]") ? racine : racine.querySelector("[data-annonce]");
    if (source) window.annoncer(source.dataset.annonce);
  });

  // A refused form comes back with 422: htmx must show it all the same.
  document.addEventListener("htmx:beforeSwap", function (evenement) {
    if (evenement.detail.xhr.status === 422) {
      evenement.detail.shouldSwap = true;
      evenement.detail.isError = false;
    }
  });
  document.addEventListener("htmx:sendError", function (evenement) {
    if (evenement.target.closest("[data-enregistrement]")) return; // this form says by itself what it could not send
    window.annoncer("La connexion est interrompue : rien n’a été enregistré. Réessayez dans un instant.");
  });
})();
