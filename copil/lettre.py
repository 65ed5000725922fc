"""What the notification letter says, gathered from the rows: nothing is typed for it."""

from aap_portal.documents.lettres import montant_en_lettres
from candidatures.models import Dossier

from .classement import synthese_de

_CONTRACTIONS = (("les ", "des "), ("le ", "du "))


def contexte_de_la_lettre(decision):
    """Context of `documents/lettre_decision.html`."""
    inscription = decision.inscription
    dossier = Dossier.objects.avec_contenu().get(pk=inscription.dossier_id)
    service = dossier.campagne.service
    synthese = synthese_de(inscription)
    return {
        "decision": decision,
        "dossier": dossier,
        "campagne": dossier.campagne,
        "structure": dossier.structure,
        "service": service,
        "seance": inscription.seance,
        "grille": inscription.seance.grille,
        "note": synthese and synthese.moyenne,
        "jour_de_la_lettre": decision.notifiee_le.astimezone(service.zone).date(),
        "jour_de_la_seance": inscription.seance.tenue_le.astimezone(service.zone).date(),
        "agent": decision.notifiee_par,
        "postes": decision.postes.select_related("ligne__poste"),
        "montant_en_lettres": montant_en_lettres(decision.montant),
        "autorite_contractee": avec_de(service.autorite),
        "reference": f"Dossier {dossier.numero}",
    }


def avec_de(nom: str) -> str:
    """« du préfet de Mayotte » for « le préfet de Mayotte », « de la préfète » for « la préfète »."""
    for article, contraction in _CONTRACTIONS:
        if nom.startswith(article):
            return contraction + nom.removeprefix(article)
    return f"de {nom}"
