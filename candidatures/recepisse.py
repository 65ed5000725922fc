"""What a receipt says: on the page, in the PDF and in the mail (CRPA, R. 112-11-1 to R. 112-11-4; domain: AR électronique)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aap_portal.referentiel.formats import INSECABLE, cloture, etp, euros, instant, jour, siret, taille

from .delais import rejet_implicite
from .lecture import NON_RENSEIGNE
from .models import Depot, Dossier
from .models.reponses import QualiteSignataire
from .pieces import CodePiece


@dataclass(frozen=True)
class Recepisse:
    """The mentions of one filing, from its snapshot: a later change of the dossier changes nothing in it."""

    depot: Depot
    dossier: Dossier

    @property
    def service(self):
        return self.dossier.campagne.service

    @property
    def titre(self):
        return f"Récépissé de dépôt du dossier {self.dossier.numero}"

    @property
    def instant(self):
        return instant(self.depot.depose_le, self.service.fuseau, self.service.fuseau_libelle)

    @property
    def horodatage(self):
        """The server's own instant, to the second, with its distance from UTC."""
        return self.depot.depose_le.astimezone(self.service.zone).isoformat(sep=" ", timespec="seconds")

    @property
    def etat(self):
        return "incomplet" if self.depot.incomplet else "complet"

    @property
    def libelle_etat(self):
        if self.depot.incomplet:
            return "Déposé, incomplet"
        return "Déposé, complet"

    @property
    def manquantes(self):
        return self.depot.instantane.get("pieces_manquantes", [])

    @property
    def a_completer_avant(self):
        return jour(self._jour + timedelta(days=self._regle("delai_complement_jours")))

    @property
    def phrases(self):
        """State of the filing, in sentences."""
        return [phrase for phrase in (self._saisie, self._hors_delai, self._complet) if phrase]

    @property
    def _saisie(self):
        if not self.recu_le:
            return ""
        return (
            f"Reçu par courriel le {self.instant_de_reception}, cette demande a été saisie par le service pour le compte de la "
            "structure. La date de réception du courriel est celle qui compte."
        )

    @property
    def _hors_delai(self):
        if not self.depot.hors_delai:
            return ""
        cloture_le = self._regle("cloture_le")
        if isinstance(cloture_le, str):
            cloture_le = datetime.fromisoformat(cloture_le)
        fin = cloture(cloture_le, self.service.fuseau, self.service.fuseau_libelle)
        return (
            f"{'Reçu' if self.recu_le else 'Déposé'} hors délai\u00a0: le dépôt était ouvert jusqu’au {fin}. Votre dossier est "
            "conservé\u00a0; le service vous fera savoir s’il est admis."
        )

    @property
    def _complet(self):
        if not self.depot.incomplet:
            return "Toutes les pièces obligatoires sont données."
        return (
            f"Le dossier est incomplet. Donnez les pièces qui manquent au plus tard le {self.a_completer_avant}\u00a0: il ne sera "
            "pas instruit avant d’être complet (AAP 2022, B.2-2)."
        )

    @property
    def silence(self):
        """What the administration's silence would mean, and when (CRPA, L. 231-4 3° and R. 112-11-1)."""
        if self.depot.incomplet:
            mois = self._regle("delai_rejet_implicite_mois")
            return (
                "Tant que des pièces manquent, le délai de réponse ne court pas. Une fois la demande complète, le silence "
                f"gardé pendant {mois}{INSECABLE}mois vaudra décision implicite de rejet (code des relations entre le public et "
                "l’administration, article L.\u00a0231-4)."
            )
        terme = jour(self._terme)
        return (
            f"Sous réserve que la demande soit complète, le silence gardé jusqu’au {terme} vaut décision implicite de rejet "
            "(code des relations entre le public et l’administration, article L.\u00a0231-4)."
        )

    @property
    def recours(self):
        return (
            "Un rejet peut faire l’objet, dans un délai de deux mois à compter de la date à laquelle il intervient, d’un recours "
            f"gracieux auprès {_de(self.service.autorite)}, d’un recours hiérarchique auprès du ministre chargé du travail, ou "
            f"d’un recours contentieux devant le {self.service.tribunal}, par courrier ou par l’application Télérecours citoyens "
            "(www.telerecours.fr). Un recours gracieux ou hiérarchique formé dans ce délai le conserve pour le recours "
            f"contentieux. {self.service.recours_distance}"
        ).strip()

    @property
    def definitions(self):
        contenu = self.depot.instantane
        structure = contenu["structure"]
        lignes = [
            ("Numéro du dossier", contenu["numero"]),
            ("Appel à projets", contenu["campagne"]),
            ("Structure", f"{structure['denomination']}, SIRET {siret(structure['siret'])}"),
            ("Projet", contenu["dossier"]["intitule"] or NON_RENSEIGNE),
            *self._reception,
            ("Horodatage du serveur", self.horodatage),
        ]
        lignes += self._autres_mains
        if complement := contenu.get("complement"):
            lignes.append(("En réponse à", f"Demande de compléments n°\u00a0{complement['rang']}"))
        if demande := contenu.get("demande"):
            lignes.append(("Demande", f"{etp(demande['etp'])}, {euros(demande['subvention'])}"))
        return lignes

    @property
    def recu_le(self):
        """Instant of the e-mail, for the filing that an agent entered from it; None for one made on the portal."""
        return self.dossier.recu_par_courriel_le if self.depot.rang == 1 else None

    @property
    def instant_de_reception(self):
        return instant(self.recu_le, self.service.fuseau, self.service.fuseau_libelle)

    @property
    def _reception(self):
        par = self.depot.par.get_full_name() or self.depot.par.email
        if not self.recu_le:
            return [("Reçu le", self.instant), ("Déposé par", par)]
        return [
            ("Reçu par courriel le", self.instant_de_reception),
            ("Saisi par", f"{par}, {self.service.nom}, pour le compte de la structure"),
            ("Enregistré le", self.instant),
        ]

    @property
    def _autres_mains(self):
        """Who engages the structure in place of its legal representative, and who carries the project with it."""
        contenu, reponses = self.depot.instantane, self.depot.instantane["dossier"]
        if reponses.get("qualite_signataire") == QualiteSignataire.MANDATAIRE:
            qui = ", ".join(filter(None, [reponses["mandataire_nom"], reponses["mandataire_fonction"]]))
            yield "Par pouvoir du représentant légal", qui
        if partenaires := contenu.get("partenaires"):
            yield "Avec", " ; ".join(f"{p['denomination']} (SIRET {p['siret']})" for p in partenaires)

    @property
    def contact(self):
        service = self.service
        return [
            ("Service chargé du dossier", service.nom),
            ("Adresse", ", ".join(service.adresse.split("\n")) or "—"),
            ("Courriel", service.courriel),
            ("Téléphone", service.telephone or "—"),
        ]

    @property
    def pieces(self):
        """(title, file or reference, size, sha256) of all that was given at this filing."""
        return [_ligne(piece) for piece in self.depot.instantane["pieces"]]

    def _regle(self, nom):
        """A number of the campaign as it was at the filing (those made before it was frozen: as it is)."""
        return self.depot.instantane.get("regles", {}).get(nom) or getattr(self.dossier.campagne, nom)

    @property
    def _terme(self):
        """Implicit rejection as it stood once this was filed: the requests answered or closed by then count."""
        finies = [d for d in self.dossier.demandes_lues if d.terminee_le and d.terminee_le <= self.depot.depose_le]
        recu_le = self.dossier.recu_le.astimezone(self.service.zone).date()
        mois = self._regle("delai_rejet_implicite_mois")
        return rejet_implicite(recu_le, mois=mois, suspensions=[demande.suspension for demande in finies])

    @property
    def _jour(self):
        return self.depot.depose_le.astimezone(self.service.zone).date()


def _ligne(piece):
    titre, fichier = CodePiece(piece["code"]).label, piece["fichier"]
    if fichier:
        return titre, fichier["nom"], taille(fichier["taille"]), fichier["sha256"]
    return titre, piece["reference"] or "Non concerné", "—", "—"


def _de(autorite):
    """« du préfet », « de la préfète », « de l’administrateur »."""
    return f"du {autorite.removeprefix('le ')}" if autorite.startswith("le ") else f"de {autorite}"
