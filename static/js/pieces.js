// Files go as soon as they are chosen or dropped, one after the other, and one sees how far they are. Without this script
// the button of the form sends them.
(function () {
  "use strict";

  const attente = []; // sendings of the page, in their order: { code, fichier, etat, cle, texte, part }
  let occupe = false;

  function formulaire(code) {
    return document.querySelector("form[data-depot='" + code + "']");
  }

  function taille(octets) {
    if (octets < 1024) return octets + " octets";
    const mega = octets >= 1024 * 1024;
    const nombre = octets / (mega ? 1024 * 1024 : 1024);
    return nombre.toLocaleString("fr-FR", { maximumFractionDigits: mega ? 1 : 0 }) + (mega ? " Mo" : " ko");
  }

  // --- What is shown: a line for each sending, made again when htmx brings a new card ---------------
  function ligne(envoi) {
    const liste = formulaire(envoi.code) && formulaire(envoi.code).querySelector("[data-envois]");
    if (!liste) return;
    if (!envoi.li || envoi.li.parentNode !== liste) {
      envoi.li = dessiner(envoi);
      liste.append(envoi.li);
      liste.hidden = false;
    }
    envoi.li.querySelector("[data-texte]").textContent = envoi.texte;
    const barre = envoi.li.querySelector("progress");
    barre.value = envoi.part;
    barre.hidden = envoi.fini;
    envoi.li.querySelector("button").hidden = envoi.fini;
  }

  function dessiner(envoi) {
    const li = document.createElement("li");
    const nom = document.createElement("span");
    const texte = document.createElement("span");
    const barre = document.createElement("progress");
    const bouton = document.createElement("button");
    nom.textContent = envoi.fichier.name;
    nom.className = "fr-text--bold";
    texte.dataset.texte = "";
    barre.max = 100;
    barre.setAttribute("aria-label", "Envoi de " + envoi.fichier.name);
    bouton.type = "button";
    bouton.className = "fr-btn fr-btn--sm fr-btn--tertiary";
    bouton.textContent = "Annuler";
    bouton.setAttribute("aria-label", "Annuler l’envoi de " + envoi.fichier.name);
    bouton.addEventListener("click", function () {
      annuler(envoi);
    });
    li.append(nom, " ", texte, barre, bouton);
    return li;
  }

  function montrer(envoi, texte, part) {
    envoi.texte = texte;
    if (part !== undefined) envoi.part = part;
    ligne(envoi);
  }

  function preparer() {
    document.querySelectorAll("form[data-depot]").forEach(function (form) {
      form.querySelector("[data-invite]").hidden = false;
      form.querySelector("button:not([data-envois] *)").hidden = true;
    });
    attente.forEach(ligne);
  }

  // --- The queue -----------------------------------------------------------------------------------------
  function ajouter(form, fichiers) {
    const remplacer = form.querySelector("[name='remplacer']");
    Array.from(fichiers).forEach(function (fichier) {
      const envoi = { code: form.dataset.depot, fichier: fichier, part: 0, texte: "en attente", fini: false };
      envoi.remplacer = Boolean(remplacer && remplacer.checked);
      envoi.arret = new AbortController();
      attente.push(envoi);
      ligne(envoi);
    });
    avancer();
  }

  async function avancer() {
    if (occupe) return;
    occupe = true;
    let envoi;
    while ((envoi = attente.find((e) => !e.fini))) {
      await envoyer(envoi);
      if (!attente.some((e) => e.code === envoi.code && !e.fini)) await verser(envoi.code);
    }
    occupe = false;
  }

  async function envoyer(envoi) {
    const form = formulaire(envoi.code);
    const nom = "« " + envoi.fichier.name + " »";
    window.annoncer("Envoi de " + nom + ", " + taille(envoi.fichier.size) + ".");
    try {
      const etat = await window.envoyerParMorceaux({
        fichier: envoi.fichier,
        depart: form.dataset.televerser,
        jeton: form.querySelector("[name='csrfmiddlewaretoken']").value,
        remplacer: envoi.remplacer,
        signal: envoi.arret.signal,
        dire: function (quoi, etat) {
          raconter(envoi, nom, quoi, etat);
        },
      });
      envoi.cle = etat.cle;
      envoi.fini = true;
      montrer(envoi, "reçu, vérification en cours", 100);
    } catch (erreur) {
      envoi.fini = true;
      if (!(erreur instanceof window.envoyerParMorceaux.Arret) && !envoi.arret.signal.aborted) throw erreur;
      if (!envoi.arret.signal.aborted) montrer(envoi, erreur.message);
      if (!envoi.arret.signal.aborted) window.annoncer(nom + " : " + erreur.message);
    }
  }

  function raconter(envoi, nom, quoi, etat) {
    if (quoi === "coupure") {
      montrer(envoi, "connexion interrompue, l’envoi reprendra de lui-même");
      window.annoncer("Connexion interrompue : l’envoi de " + nom + " reprendra de lui-même.");
      return;
    }
    if (quoi === "reprise") {
      window.annoncer("L’envoi de " + nom + " a repris.");
      return;
    }
    envoi.adresse = etat.adresse;
    document.querySelectorAll("[data-inacheve='" + etat.adresse + "']").forEach((rappel) => rappel.remove());
    const part = etat.taille ? Math.floor((100 * etat.recu) / etat.taille) : 0;
    const quart = Math.floor(part / 25);
    if (quart > (envoi.quart || 0)) window.annoncer(nom + " : " + part + " % envoyés.");
    envoi.quart = quart;
    montrer(envoi, taille(etat.recu) + " sur " + taille(etat.taille) + " (" + part + " %)", part);
  }

  function annuler(envoi) {
    envoi.arret.abort();
    envoi.fini = true;
    if (envoi.adresse) {
      const jeton = formulaire(envoi.code).querySelector("[name='csrfmiddlewaretoken']").value;
      fetch(envoi.adresse + "abandonner/", { method: "POST", headers: { "X-CSRFToken": jeton } }).catch(function () {});
    }
    attente.splice(attente.indexOf(envoi), 1);
    const zone = formulaire(envoi.code).querySelector("input[type='file']");
    envoi.li.remove();
    zone.focus();
    window.annoncer("L’envoi de « " + envoi.fichier.name + " » est annulé.");
  }

  // --- At the end the form goes, with the keys of what the portal has received -----------------------------
  async function verser(code) {
    const form = formulaire(code);
    const recus = attente.filter((e) => e.code === code && e.cle);
    if (!form || !recus.length) return;
    const champs = recus.map((envoi) => ["envois", envoi.cle]);
    const retour = await window.envoyerFormulaire(form, champs, function (quoi) {
      if (quoi !== "coupure") return;
      const texte = "reçu, sera ajouté dès le retour de la connexion";
      recus.forEach((envoi) => montrer(envoi, texte));
      window.annoncer("Connexion interrompue : vos fichiers sont reçus, ils seront ajoutés dès son retour.");
    });
    recus.forEach((envoi) => attente.splice(attente.indexOf(envoi), 1));
    remplacerCarte(code, retour);
  }

  function remplacerCarte(code, retour) {
    const ailleurs = retour.reponse.headers.get("HX-Redirect");
    if (ailleurs) window.location.assign(ailleurs);
    else if (retour.reponse.status !== 200 && retour.reponse.status !== 422) window.location.reload();
    else {
      window.htmx.swap(document.getElementById("piece-" + code), retour.texte, { swapStyle: "outerHTML" });
      window.htmx.trigger(document.body, "piecesChangees");
    }
  }

  function formulaireDe(evenement) {
    return evenement.target.closest ? evenement.target.closest("form[data-depot]") : null;
  }

  // --- Chosen, or dropped --------------------------------------------------------------------------------------
  document.addEventListener("change", function (evenement) {
    const form = formulaireDe(evenement);
    if (!form || evenement.target.type !== "file" || !evenement.target.files.length) return;
    const fichiers = Array.from(evenement.target.files);
    evenement.target.value = "";
    ajouter(form, fichiers);
  });

  ["dragover", "dragleave", "drop"].forEach(function (nom) {
    document.addEventListener(nom, function (evenement) {
      const form = formulaireDe(evenement);
      if (!form || !evenement.dataTransfer.types.includes("Files")) return;
      evenement.preventDefault();
      form.classList.toggle("pd-zone--survol", nom === "dragover");
      if (nom === "drop") ajouter(form, evenement.dataTransfer.files);
    });
  });

  document.addEventListener("DOMContentLoaded", preparer);
  document.addEventListener("htmx:afterSettle", preparer);
})();
