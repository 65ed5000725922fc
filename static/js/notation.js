// The scoring page: total shown as one types, draft saved by itself. The server adds up again at each save.
(function () {
  "use strict";

  const DELAI = 1500;
  const formulaire = document.getElementById("notation");
  if (!formulaire) return;
  const sortie = document.getElementById("total");
  const suivi = document.getElementById("combien");
  const version = formulaire.elements.version;
  const notes = Array.from(formulaire.querySelectorAll("[data-note]"));
  let minuterie = null;
  let envoi = null; // the save under way
  let change = false;

  function lire(champ) {
    const texte = champ.value.replace(/\s/g, "").replace(",", ".");
    return /^\d+(\.\d{1,2})?$/.test(texte) ? Number(texte) : null;
  }

  function additionner() {
    const valeurs = notes.map(lire).filter(function (valeur) { return valeur !== null; });
    const total = valeurs.reduce(function (somme, valeur) { return somme + valeur; }, 0);
    sortie.textContent = String(Math.round(total * 100) / 100).replace(".", ",");
    return valeurs.length + " critère" + (valeurs.length > 1 ? "s" : "") + " sur " + notes.length;
  }

  function noter(texte, important) {
    suivi.textContent = additionner() + ", " + texte;
    if (important) window.annoncer(texte);
  }

  function enregistrer() {
    window.clearTimeout(minuterie);
    if (!change || envoi) return envoi;
    change = false;
    envoi = fetch(formulaire.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new FormData(formulaire),
      redirect: "error",
    })
      .then(function (reponse) {
        return reponse.json().then(function (corps) {
          if (!reponse.ok) return noter(corps.phrases.join(" "), true);
          version.value = corps.version;
          const heure = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" }).replace(":", " h ");
          noter("enregistré à " + heure, false);
        });
      })
      .catch(function () {
        change = true;
        noter("pas enregistré : la connexion est interrompue", true);
      })
      .finally(function () {
        envoi = null;
        if (change) programmer();
      });
    return envoi;
  }

  function programmer() {
    window.clearTimeout(minuterie);
    minuterie = window.setTimeout(enregistrer, DELAI);
  }

  formulaire.addEventListener("input", function () {
    change = true;
    noter("à enregistrer", false);
    programmer();
  });

  // A save under way changes the version that the form carries: the form waits for it.
  formulaire.addEventListener("submit", function (evenement) {
    window.clearTimeout(minuterie);
    change = false;
    if (!envoi) return;
    evenement.preventDefault();
    const bouton = evenement.submitter;
    envoi.then(function () { formulaire.requestSubmit(bouton); });
  });

  additionner();
})();
