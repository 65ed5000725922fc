"""What the written answers and the commitments of a dossier still lack."""

from aap_portal.referentiel.erreurs import Obstacle

from ..missions import Mission


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
    yield from _reponses(dossier, champs, "AAP 2022, annexe 2")
    if dossier.salaries is not None and (dossier.emplois_aides or 0) > dossier.salaries:
        yield Obstacle(
            "emplois_aides",
            f"Les emplois aidés ({dossier.emplois_aides}) font partie des salariés ({dossier.salaries} au total) : "
            "corrigez l’un des deux nombres.",
            "emplois_aides",
            reference="Cerfa n°12156*06",
        )


def projet(dossier):
    yield from (
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
    debut, fin = dossier.realisation_debut_le, dossier.realisation_fin_le
    if debut and fin and fin < debut:
        yield Obstacle(
            "realisation",
            "La réalisation finirait avant de commencer : corrigez l’une des deux dates.",
            "realisation_fin_le",
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
    for mission in dossier.missions:
        if mission in Mission and not dossier.positions.get(mission, "").strip():
            yield Obstacle(
                "position",
                f"Dites comment vous remplirez la mission « {Mission(mission).label} ».",
                f"position_{mission}",
                reference="AAP 2022, B.2-1",
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
        "atteste_compte": "Attestez que la subvention sera versée au compte bancaire de la structure.",
    }
    if dossier.structure.est_association:
        champs["atteste_engagement"] = "Attestez avoir souscrit le contrat d’engagement républicain."
        champs["atteste_charte"] = "Attestez le respect de la charte des engagements réciproques."
        champs["aides_publiques"] = "Indiquez le total des aides publiques des trois derniers exercices."
    champs["qualite_signataire"] = "Dites qui engage la structure : son représentant légal, ou une personne mandatée."
    if dossier.est_signe_par_mandat:
        champs["mandataire_nom"] = "Indiquez la personne qui a reçu pouvoir du représentant légal."
    for champ, phrase in champs.items():
        if not getattr(dossier, champ):
            yield Obstacle("attestation", phrase, champ, reference="Cerfa n°12156*06")
