// Files go as soon as they are chosen or dropped, and one sees how far they are. Without this script the button sends them.
(function () {
  "use strict";

  function preparer(racine) {
    racine.querySelectorAll("form[data-depot]").forEach(function (formulaire) {
      formulaire.querySelector("[data-invite]").hidden = false;
      formulaire.querySelector("button").hidden = true;
    });
  }

  function formulaireDe(evenement) {
    return evenement.target.closest ? evenement.target.closest("form[data-depot]") : null;
  }

  document.addEventListener("change", function (evenement) {
    const formulaire = formulaireDe(evenement);
    if (formulaire && evenement.target.type === "file" && evenement.target.files.length) formulaire.requestSubmit();
  });

  ["dragover", "dragleave", "drop"].forEach(function (nom) {
    document.addEventListener(nom, function (evenement) {
      const formulaire = formulaireDe(evenement);
      if (!formulaire || !evenement.dataTransfer.types.includes("Files")) return;
      evenement.preventDefault();
      formulaire.classList.toggle("pd-zone--survol", nom === "dragover");
      if (nom !== "drop") return;
      formulaire.querySelector("input[type='file']").files = evenement.dataTransfer.files;
      formulaire.requestSubmit();
    });
  });

  document.addEventListener("htmx:beforeRequest", function (evenement) {
    const formulaire = formulaireDe(evenement);
    if (!formulaire) return;
    formulaire.querySelector("[data-progres]").hidden = false;
    formulaire.querySelector("[data-echec]").hidden = true;
    window.annoncer("Envoi en cours.");
  });

  document.addEventListener("htmx:xhr:progress", function (evenement) {
    const formulaire = formulaireDe(evenement);
    if (!formulaire || !evenement.detail.lengthComputable) return;
    formulaire.querySelector("progress").value = (100 * evenement.detail.loaded) / evenement.detail.total;
  });

  document.addEventListener("htmx:afterRequest", function (evenement) {
    const formulaire = formulaireDe(evenement);
    if (formulaire) formulaire.querySelector("[data-progres]").hidden = true;
  });

  ["htmx:sendError", "htmx:responseError"].forEach(function (nom) {
    document.addEventListener(nom, function (evenement) {
      const formulaire = formulaireDe(evenement);
      if (!formulaire || evenement.detail.xhr.status === 422) return;
      formulaire.querySelector("[data-echec]").hidden = false;
      formulaire.querySelector("button").hidden = false;
    });
  });

  document.addEventListener("DOMContentLoaded", function () {
    preparer(document);
  });
  document.addEventListener("htmx:afterSettle", function () {
    preparer(document);
  });
})();
