"""What the committee's room adds to the instructor's reader: the agenda, the national advice, the decision."""

from candidatures.instruction import Encart, declarer_encart

from .models import AvisNational, Inscription


@declarer_encart
def copil_du_dossier(dossier, personne):
    """The sessions of this dossier and what came of them; for an emerging structure, the national advice."""
    if dossier.est_brouillon:
        return None
    inscriptions = (
        Inscription.objects.visibles_par(personne)
        .filter(dossier=dossier)
        .select_related("seance__campagne__service", "decision")
        .order_by("-seance__tenue_le")
    )
    return Encart(
        "copil/_encart.html",
        {
            "inscriptions": inscriptions,
            "avis_national": AvisNational.objects.filter(dossier=dossier).first(),
            "attend_avis": dossier.structure.est_emergente,
        },
    )
