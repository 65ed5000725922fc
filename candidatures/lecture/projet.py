"""What is read of the project, of its territory and of the commitments taken with it."""

from aap_portal.referentiel.formats import etp, jour

from .elements import NON_RENSEIGNE, Cellule, Reponse, Tableau, champ, champs, champs_donnes, dire


def projet(dossier):
    reponses = [
        Reponse("Nature de la demande", nature(dossier)),
        *champs(dossier, "intitule", "diagnostic", "objectifs", "strategie"),
        *champs_donnes(dossier, "beneficiaires", "quartiers", "moyens"),
        Reponse("Recrutement envisagé", recrutement(dossier)),
    ]
    if dossier.realisation_debut_le or dossier.realisation_fin_le:
        reponses.append(Reponse("Réalisation", _periode(dossier)))
    return [*reponses, *champs_donnes(dossier, "indicateurs", "informations_complementaires")], []


def nature(dossier):
    """The four answers of the Cerfa n°12156*06, page 1: three are those of the call itself."""
    frequence = dire(dossier, "frequence") or "fréquence non renseignée"
    return f"En numéraire, {frequence[:1].lower()}{frequence[1:]}, pour un projet, annuelle"


def recrutement(dossier):
    """Posts asked for that nobody holds yet, and their ETP."""
    a_pourvoir = [ligne for ligne in dossier.plan.lignes.all() if ligne.est_demandee and not ligne.poste.titulaire]
    if not a_pourvoir:
        return "Aucun"
    total = sum(ligne.quotite_apres for ligne in a_pourvoir)
    return f"{len(a_pourvoir)} poste{'s' if len(a_pourvoir) > 1 else ''} à pourvoir, {etp(total)}"


def _periode(dossier):
    debut, fin = dossier.realisation_debut_le, dossier.realisation_fin_le
    if debut and fin:
        return f"Du {jour(debut)} au {jour(fin)}"
    return f"À partir du {jour(debut)}" if debut else f"Jusqu’au {jour(fin)}"


def territoire(dossier):
    zones = [(zone.commune.nom, zone.get_motif_display(), jour(zone.constatee_le)) for zone in dossier.zones_blanches]
    reponses = [
        Reponse("Communes couvertes", ", ".join(commune.nom for commune in dossier.communes) or NON_RENSEIGNE),
        *champs(dossier, "implantation", "reponse_zones_blanches"),
    ]
    tableaux = [
        Tableau(
            "Zones blanches couvertes par la demande",
            (("Commune", False), ("Motif", False), ("Constatée le", False)),
            tuple(tuple(Cellule(texte) for texte in zone) for zone in zones),
        )
    ]
    return reponses, tableaux if zones else []


_ATTESTATIONS = ["atteste_exactitude", "atteste_obligations", "atteste_maintien", "atteste_compte"]
_ATTESTATIONS_ASSOCIATION = ["atteste_engagement", "atteste_charte"]


def attestations(dossier):
    association = dossier.structure.est_association
    reponses = [_attestation(dossier, nom) for nom in [*_ATTESTATIONS, *(_ATTESTATIONS_ASSOCIATION * association)]]
    if association:
        reponses.append(champ(dossier, "aides_publiques"))
    reponses.append(champ(dossier, "qualite_signataire"))
    if dossier.est_signe_par_mandat:
        reponses += champs(dossier, "mandataire_nom", "mandataire_fonction")
    return reponses, []


def _attestation(dossier, nom):
    reponse = champ(dossier, nom)
    return Reponse(reponse.question, "Attesté" if getattr(dossier, nom) else NON_RENSEIGNE)
