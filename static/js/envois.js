// Sends a file by pieces, and goes on from where it stopped when the line comes back. Knows nothing of the page.
(function () {
  "use strict";

  const MORCEAU_MIN = 64 * 1024; // bytes; the server takes no less than 16 KB but for the last piece
  const DUREE_VISEE = 3000; // ms for one piece: what a cut may waste
  const PATIENCE = 60000; // ms without an answer: the line is dead
  const ATTENTES = [500, 1000, 2000, 4000, 8000, 15000]; // ms between two tries

  class Arret extends Error {} // no use to try again; its message is for the person

  function attendre(rang) {
    return new Promise(function (suite) {
      const reveil = window.setTimeout(finir, ATTENTES[Math.min(rang, ATTENTES.length - 1)]);
      function finir() {
        window.clearTimeout(reveil);
        window.removeEventListener("online", finir);
        suite();
      }
      window.addEventListener("online", finir);
    });
  }

  // One request; null when the line or the server is at fault, so that it may be made again.
  async function demander(adresse, options, signal) {
    const limite = new AbortController();
    const minuterie = window.setTimeout(function () {
      limite.abort();
    }, PATIENCE);
    const arreter = function () {
      limite.abort();
    };
    signal.addEventListener("abort", arreter);
    try {
      const reponse = await fetch(adresse, Object.assign({ redirect: "manual", signal: limite.signal }, options));
      return { reponse: reponse, texte: await reponse.text() };
    } catch {
      signal.throwIfAborted();
      return null;
    } finally {
      window.clearTimeout(minuterie);
      signal.removeEventListener("abort", arreter);
    }
  }

  // What an upload became: its state, or null to try again.
  async function interroger(adresse, options, signal) {
    const retour = await demander(adresse, options, signal);
    if (!retour || retour.reponse.status >= 500) return null;
    const reponse = retour.reponse;
    let corps = null;
    try {
      corps = JSON.parse(retour.texte);
    } catch {
      // a page instead of a state: said below
    }
    if (reponse.type === "opaqueredirect" || reponse.status === 403)
      throw new Arret("Votre session est terminée ou vos droits ont changé : rechargez la page, puis choisissez à nouveau le fichier.");
    if (corps && corps.erreur) throw new Arret(corps.erreur);
    if (reponse.status === 404)
      throw new Arret("Cet envoi n’est plus connu du portail : choisissez à nouveau le fichier.");
    return corps && corps.adresse ? corps : null;
  }

  async function insister(envoi, faire) {
    for (let essai = 0; ; essai += 1) {
      const etat = await faire();
      if (etat) {
        if (essai) envoi.dire("reprise");
        return etat;
      }
      if (!essai) envoi.dire("coupure");
      await attendre(essai);
      envoi.signal.throwIfAborted();
    }
  }

  async function lire(fichier, debut, fin) {
    try {
      return await fichier.slice(debut, fin).arrayBuffer();
    } catch {
      throw new Arret("Ce fichier a changé ou n’est plus accessible sur votre appareil : choisissez-le à nouveau.");
    }
  }

  function commencer(envoi) {
    const corps = new FormData();
    corps.append("nom", envoi.fichier.name);
    corps.append("taille", envoi.fichier.size);
    corps.append("marque", envoi.fichier.lastModified);
    if (envoi.remplacer) corps.append("remplacer", "on");
    return insister(envoi, function () {
      return interroger(envoi.depart, { method: "POST", headers: { "X-CSRFToken": envoi.jeton }, body: corps }, envoi.signal);
    });
  }

  // envoi: { fichier, depart (address that begins), jeton, remplacer, signal, dire(what, state) }. Gives the state at the end.
  window.envoyerParMorceaux = async function (envoi) {
    let etat = await commencer(envoi);
    let pas = MORCEAU_MIN;
    while (!etat.refus && etat.recu < etat.taille) {
      envoi.dire("avance", etat);
      const debut = etat.recu;
      const contenu = await lire(envoi.fichier, debut, Math.min(debut + pas, etat.taille));
      const depart = Date.now();
      let essais = 0;
      etat = await insister(envoi, async function () {
        // After a cut, what arrived of the piece is asked before it is sent again.
        if (essais++) return interroger(etat.adresse, {}, envoi.signal);
        const options = { method: "POST", headers: { "X-CSRFToken": envoi.jeton, "Content-Type": "application/octet-stream" }, body: contenu };
        return interroger(etat.adresse + "?debut=" + debut, options, envoi.signal);
      });
      const duree = Math.max(Date.now() - depart, 1);
      pas = essais > 1 ? MORCEAU_MIN : (contenu.byteLength * DUREE_VISEE) / duree;
      pas = Math.round(Math.min(Math.max(pas, MORCEAU_MIN), etat.morceau));
    }
    return etat;
  };
  window.envoyerParMorceaux.Arret = Arret;

  // The form itself, until an answer comes: it may be asked twice, the portal does it once.
  window.envoyerFormulaire = function (formulaire, champs, dire) {
    const corps = new FormData(formulaire);
    champs.forEach(function (champ) {
      corps.append(champ[0], champ[1]);
    });
    const options = { method: "POST", body: corps, headers: { "HX-Request": "true", "HX-Current-URL": window.location.href } };
    const signal = new AbortController().signal;
    return insister({ dire: dire, signal: signal }, async function () {
      const retour = await demander(formulaire.getAttribute("action"), options, signal);
      return retour && retour.reponse.status < 500 ? retour : null;
    });
  };
})();
