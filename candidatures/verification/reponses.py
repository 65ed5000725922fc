"""What the written answers and the commitments of a dossier still lack."""

from aap_portal.referentiel.erreurs import Obstacle


def _reponses(dossier, champs, reference=""):
    for champ, phrase in champs.items():
        valeur = getattr(dossier, champ)
        if valeur is None or (isinstance(valeur, str) and not valeur.strip()):
            yield Obstacle("reponse_manquante", phrase, champ=champ, reference=reference)


def structure(dossier):
    champs = {
        "contact_nom": "Indiquez la personne chargée de la demande.",
        "contact_courriel": "Indiquez le courriel de la personne chargée de la demande.",
        "presentation": "Présentez votre structure et son activité.",
    }
    if dossier.structure.est_association:
        champs["subventions_publiques"] = (
            "Indiquez le total des subventions publiques reçues sur le dernier exercice clos."
        )
    return list(_reponses(dossier, champs, "AAP 2022, annexe 2"))


def projet(dossier):
    return list(
        _reponses(
            dossier,
            {
                "intitule": "Donnez un intitulé à votre projet.",
                "diagnostic": "Rédigez le diagnostic territorial.",
                "objectifs": "Décrivez les objectifs visés.",
                "strategie": "Exposez votre stratégie et sa mise en œuvre.",
            },
            "AAP 2022, B.2-1",
        )
    )


def territoire(dossier):
    champs = {"implantation": "Décrivez votre présence et votre implantation dans le territoire."}
    if dossier.zones_blanches:
        champs["reponse_zones_blanches"] = "Vos postes couvrent une zone blanche : expliquez comment vous y répondrez."
    return list(_reponses(dossier, champs, "AAP 2022, B.1"))


def missions(dossier):
    if not dossier.missions:
        yield Obstacle(
            "mission", "Choisissez au moins une mission de l’appel à projets.", "missions", reference="AAP 2022, B.2-1"
        )
    if not any(volume.marches_prevus or volume.heures_prevues for volume in dossier.volumes.all()):
        yield Obstacle(
            "volume",
            "Indiquez au moins un volume d’activité visé (marchés ou heures).",
            "volumes",
            reference="AAP 2022, annexe 2",
        )


def attestations(dossier):
    champs = {
        "atteste_exactitude": "Attestez l’exactitude des informations.",
        "atteste_obligations": "Attestez que la structure est à jour de ses obligations.",
        "atteste_maintien": "Engagez-vous à ne pas baisser les financements des postes existants.",
    }
    if dossier.structure.est_association:
        champs["atteste_engagement"] = "Attestez avoir souscrit le contrat d’engagement républicain."
    for champ, phrase in champs.items():
        if not getattr(dossier, champ):
            yield Obstacle("attestation", phrase, champ, reference="Cerfa n°12156*06")
