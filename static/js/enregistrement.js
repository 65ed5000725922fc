// Saves a section while one types. What has not reached the server waits in this tab, and goes when the line is back.
// Without this script the same form is saved by its buttons.
(function () {
  "use strict";

  const DELAI = 1500; // ms without a key before a save
  const ATTENTE_MAX = 10000; // ms of typing in a row before a save all the same
  const PATIENCE = 30000; // ms before an answer is no longer awaited
  const ESSAI_MAX = 60000; // ms between two attempts, at most
  const HORS_SAISIE = ["csrfmiddlewaretoken", "_auteur", "version", "envoi"]; // of the page, not of the person

  const formulaire = document.querySelector("form[data-enregistrement]");
  if (!formulaire) return;
  const automatique = formulaire.dataset.enregistrement === "auto";
  const cle = "aap-saisie:" + formulaire.dataset.cle;
  const suivi = formulaire.querySelector("[data-suivi]");

  let confirme = lire(); // what the server holds, as far as this page knows
  const depart = confirme;
  let paquet = null; // sent and not answered yet: the very same goes again until it is
  let voulu = null; // the button pressed meanwhile
  let enVol = false;
  let essais = 0;
  let minuterie = null;
  let premiere = 0; // instant of the first key that is not sent
  let reste = false; // the server could not take all of it
  let arret = false; // nothing more can be saved from this page
  let parti = false;
  let dite = "";

  // --- What is in the form ---------------------------------------------------------------------------------------
  function lire() {
    const saisie = new URLSearchParams();
    new FormData(formulaire).forEach(function (valeur, nom) {
      if (typeof valeur === "string" && !HORS_SAISIE.includes(nom)) saisie.append(nom, valeur.replace(/\r\n/g, "\n"));
    });
    return saisie.toString();
  }

  function valeurDe(nom) {
    const champ = formulaire.elements[nom];
    return champ ? champ.value : "";
  }

  function corps(envoi) {
    const donnees = new URLSearchParams(envoi.saisie);
    HORS_SAISIE.forEach(function (nom) {
      donnees.set(nom, nom === "version" ? envoi.version : valeurDe(nom));
    });
    if (envoi.bouton) donnees.append(envoi.bouton[0], envoi.bouton[1]);
    else donnees.append("bribe", "1");
    return donnees;
  }

  // --- What waits in the tab -------------------------------------------------------------------------------------
  function ranger(nom, contenu) {
    try {
      if (contenu) sessionStorage.setItem(nom, JSON.stringify(contenu));
      else sessionStorage.removeItem(nom);
    } catch (erreur) {
      // No room, or a browser that keeps nothing: the page itself still holds what was typed.
    }
  }

  function retrouver(nom) {
    try {
      return JSON.parse(sessionStorage.getItem(nom));
    } catch (erreur) {
      return null;
    }
  }

  function garder() {
    ranger(cle, { le: Date.now(), saisie: lire(), depart: depart, version: valeurDe("version"), envoi: valeurDe("envoi") });
  }

  // --- What is said ----------------------------------------------------------------------------------------------
  function dire(etat, phrase, bouton) {
    suivi.hidden = false;
    suivi.dataset.etat = etat;
    suivi.textContent = phrase;
    if (bouton) {
      const controle = document.createElement("button");
      controle.className = "fr-btn fr-btn--sm fr-btn--tertiary";
      controle.textContent = bouton;
      controle.dataset.natif = "";
      suivi.append(" ", controle);
    }
    if (etat === "frappe" || etat === "envoi" || phrase === dite) return;
    dite = phrase;
    window.annoncer(phrase);
  }

  // --- Sending ---------------------------------------------------------------------------------------------------
  function programmer(delai) {
    window.clearTimeout(minuterie);
    minuterie = window.setTimeout(envoyer, delai);
  }

  function envoyer() {
    window.clearTimeout(minuterie);
    if (enVol || arret || parti) return;
    if (!paquet) {
      if (!voulu && (!automatique || lire() === confirme)) return;
      paquet = { saisie: lire(), version: valeurDe("version"), bouton: voulu };
      voulu = null;
      premiere = 0;
    }
    enVol = true;
    dire("envoi", "Enregistrement…");
    const controle = new AbortController();
    const limite = window.setTimeout(function () { controle.abort(); }, PATIENCE);
    fetch(formulaire.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: corps(paquet),
      redirect: "manual",
      signal: controle.signal,
    })
      .then(function (reponse) {
        return reponse.text().then(function (texte) { return recevoir(reponse, texte); });
      })
      .catch(function () {
        reessayer("Hors ligne\u00a0: ce que vous écrivez reste dans cet onglet et partira au retour de la ligne.");
      })
      .finally(function () {
        window.clearTimeout(limite);
        enVol = false;
        if (!paquet && !arret && !parti && (voulu || lire() !== confirme)) programmer(voulu ? 0 : DELAI);
      });
  }

  function recevoir(reponse, texte) {
    let dit = {};
    try {
      dit = JSON.parse(texte);
    } catch (erreur) {
      // A page of HTML: its status tells enough.
    }
    if (reponse.ok && (dit.version || dit.suite)) return accuser(dit);
    if (reponse.status === 401 || reponse.type === "opaqueredirect") {
      return arreter("expiree", "Votre session a expiré\u00a0: reconnectez-vous, ce que vous avez écrit est gardé.", "Se reconnecter");
    }
    if (reponse.status === 403 && dit.jeton && essais < 3) {
      renouveler(dit.jeton);
      essais += 1;
      return programmer(0);
    }
    if (reponse.status >= 500 || reponse.status === 429 || reponse.ok) {
      return reessayer("Le service ne répond pas\u00a0: ce que vous écrivez reste dans cet onglet et partira dès que possible.");
    }
    if (reponse.status !== 422 || dit.fin) {
      return arreter("refus", "Non enregistré\u00a0: " + (dit.phrase || "vous ne pouvez plus modifier cette page. Copiez ce que vous avez écrit."));
    }
    const bouton = paquet.bouton;
    confirme = paquet.saisie;
    paquet = null;
    reste = true;
    dire("refus", "Non enregistré\u00a0: " + dit.phrase);
    if (bouton) soumettre(formulaire.querySelector("button[name='" + bouton[0] + "']"));
  }

  function accuser(dit) {
    const bouton = paquet.bouton;
    confirme = paquet.saisie;
    paquet = null;
    essais = 0;
    reste = Boolean(dit.reste && dit.reste.length);
    if (bouton && lire() === confirme) {
      ranger(cle, null);
      parti = true;
      window.location.assign(dit.suite);
      return;
    }
    if (dit.version) formulaire.elements.version.value = dit.version;
    reprendre(dit);
    if (reste || lire() !== confirme) garder();
    else ranger(cle, null);
    if (reste) dire("partiel", "Non enregistré\u00a0: " + dit.reste.join(" ") + " Le reste est enregistré.");
    else dire("enregistre", dit.phrase);
    if (dit.annonce) dire("enregistre", dit.annonce);
  }

  // What a colleague changed comes into the fields that one has not touched since.
  function reprendre(dit) {
    Object.entries(dit.reprises || {}).forEach(function (paire) {
      const champ = formulaire.elements[paire[0]];
      if (!champ || !champ.matches || !champ.matches("input[type='text'], input[type='email'], input[type='tel'], textarea")) return;
      if (new URLSearchParams(confirme).get(paire[0]) !== champ.value.replace(/\r\n/g, "\n")) return;
      champ.value = paire[1][0] || "";
      const saisie = new URLSearchParams(confirme);
      saisie.set(paire[0], champ.value.replace(/\r\n/g, "\n"));
      confirme = saisie.toString();
      const mots = formulaire.elements.version.value.split(" ").filter(function (mot) { return mot.split(":")[0] !== paire[0]; });
      formulaire.elements.version.value = mots.concat(dit.empreintes[paire[0]]).join(" ");
    });
  }

  function reessayer(phrase) {
    essais += 1;
    garder();
    dire("hors-ligne", phrase);
    programmer(Math.min(ESSAI_MAX, 1000 * 2 ** essais));
  }

  function arreter(etat, phrase, bouton) {
    arret = true;
    garder();
    dire(etat, phrase, bouton);
    formulaire.removeAttribute("aria-busy");
  }

  // Logged in again in another tab: the page goes on with the token of the new session.
  function renouveler(jeton) {
    formulaire.elements.csrfmiddlewaretoken.value = jeton;
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": jeton }));
  }

  // The browser itself sends the form, and shows the page that answers.
  function soumettre(bouton) {
    garder();
    parti = true;
    formulaire.requestSubmit(bouton);
  }

  // --- Gestures --------------------------------------------------------------------------------------------------
  formulaire.addEventListener("input", function () {
    garder();
    if (!automatique || arret) return;
    premiere = premiere || Date.now();
    if (essais) return; // the line is cut: the next attempt takes it all
    if (!enVol) dire("frappe", "Saisie en cours…");
    programmer(Math.max(0, Math.min(DELAI, premiere + ATTENTE_MAX - Date.now())));
  });

  formulaire.addEventListener("submit", function (evenement) {
    const bouton = evenement.submitter;
    if (parti) return;
    if (arret || (bouton && "natif" in bouton.dataset)) {
      garder();
      parti = true;
      return;
    }
    evenement.preventDefault();
    voulu = [(bouton && bouton.name) || "enregistrer", (bouton && bouton.value) || "1"];
    garder();
    if (!enVol) envoyer();
  });

  window.addEventListener("online", function () {
    if (paquet) envoyer();
  });
  window.addEventListener("offline", function () {
    if (automatique && !arret) dire("hors-ligne", "Hors ligne\u00a0: ce que vous écrivez reste dans cet onglet et partira au retour de la ligne.");
  });

  document.addEventListener("click", function (evenement) {
    if (!evenement.target.closest("[data-abandon]")) return;
    ranger(cle, null);
    parti = true;
  });

  function nonEnvoye() {
    if (parti) return false;
    return reste || (lire() !== confirme && (arret || essais > 0 || !automatique)) || (paquet !== null && essais > 0);
  }

  window.addEventListener("beforeunload", function (evenement) {
    if (nonEnvoye()) evenement.preventDefault();
  });

  // Leaving between two saves: a last one goes while the page closes.
  window.addEventListener("pagehide", function () {
    if (parti || arret || !automatique || (!paquet && lire() === confirme)) return;
    const dernier = { saisie: lire(), version: valeurDe("version"), bouton: null };
    fetch(formulaire.action, { method: "POST", headers: { Accept: "application/json" }, body: corps(dernier), keepalive: true }).catch(function () {});
  });

  // Back from the browser's memory: the page may be saved again.
  window.addEventListener("pageshow", function () {
    parti = false;
  });

  // --- What was left from the last time ------------------------------------------------------------------------
  function libelleDe(nom) {
    const champ = formulaire.elements[nom];
    const premier = champ instanceof RadioNodeList ? champ[0] : champ;
    if (!premier) return "";
    const groupe = champ instanceof RadioNodeList ? premier.closest("fieldset") : null;
    const etiquette = groupe ? groupe.querySelector("legend") : premier.labels && premier.labels[0];
    const texte = premier.getAttribute("aria-label") || (etiquette ? etiquette.firstChild.textContent : "");
    return texte.trim();
  }

  function touches(brouillon) {
    const saisie = new URLSearchParams(brouillon.saisie);
    const avant = new URLSearchParams(brouillon.depart);
    const ici = new URLSearchParams(lire());
    const noms = new Set([...saisie.keys(), ...avant.keys()]);
    return [...noms].filter(function (nom) {
      const ecrit = saisie.getAll(nom).join("\n");
      return !/_FORMS$/.test(nom) && ecrit !== avant.getAll(nom).join("\n") && ecrit !== ici.getAll(nom).join("\n");
    });
  }

  function proposer(brouillon, noms) {
    const cadre = document.createElement("div");
    const jour = new Date(brouillon.le);
    const libelles = [...new Set(noms.map(libelleDe).filter(Boolean))].map(function (texte) { return "«\u00a0" + texte + "\u00a0»"; });
    cadre.className = "fr-alert fr-alert--warning fr-mb-4w";
    cadre.dataset.brouillon = "";
    cadre.tabIndex = -1;
    cadre.innerHTML = "<p class='fr-alert__title'></p><p></p><p class='pa-boutons fr-mb-0'><button class='fr-btn fr-btn--sm' type='button'></button><button class='fr-btn fr-btn--sm fr-btn--secondary' type='button'></button></p>";
    const textes = cadre.querySelectorAll("p, button");
    textes[0].textContent = "Ce que vous aviez écrit n’a pas été enregistré";
    textes[1].textContent =
      "Le " + jour.toLocaleDateString("fr-FR", { day: "numeric", month: "long" }) +
      " à " + jour.toLocaleTimeString("fr-FR", { hour: "numeric", minute: "2-digit" }).replace(":", "\u00a0h\u00a0") +
      ", vous aviez écrit ici sans que cela parvienne au portail" + (libelles.length ? "\u00a0: " + libelles.join(", ") : "") + ".";
    textes[3].textContent = "Reprendre ce texte";
    textes[4].textContent = "L’effacer";
    textes[3].addEventListener("click", function () { renvoyer(brouillon); });
    textes[4].addEventListener("click", function () {
      ranger(cle + "~", null);
      cadre.remove();
      formulaire.querySelector("input:not([type='hidden']), textarea, select").focus();
    });
    formulaire.before(cadre);
    // A reloaded page opens where it was left, far from here.
    window.addEventListener("load", function () {
      window.setTimeout(function () { cadre.focus(); }, 0);
    });
    window.annoncer(textes[0].textContent + ". " + textes[1].textContent);
  }

  // Sent as the form would have been: merged with what was saved since, or shown beside it.
  function renvoyer(brouillon) {
    const envoi = document.createElement("form");
    const donnees = corps({ saisie: brouillon.saisie, version: brouillon.version, bouton: ["reprise", "1"] });
    if (brouillon.envoi) donnees.set("envoi", brouillon.envoi);
    envoi.method = "post";
    envoi.action = formulaire.action;
    donnees.forEach(function (valeur, nom) {
      const champ = document.createElement("textarea");
      champ.name = nom;
      champ.value = valeur;
      envoi.append(champ);
    });
    envoi.hidden = true;
    document.body.append(envoi);
    parti = true;
    envoi.submit();
  }

  function retablir() {
    if ("aEnregistrer" in formulaire.dataset) {
      // The server shows what was typed, and has not saved it.
      reste = true;
      ranger(cle + "~", null);
      return;
    }
    const recent = retrouver(cle);
    if (recent && !retrouver(cle + "~")) ranger(cle + "~", recent);
    ranger(cle, null);
    const brouillon = retrouver(cle + "~");
    if (!brouillon) return;
    const noms = touches(brouillon);
    if (noms.length) proposer(brouillon, noms);
    else ranger(cle + "~", null);
  }

  document.addEventListener("DOMContentLoaded", retablir);
})();
