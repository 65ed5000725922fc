"""Requests for complements of the demonstration: one answered, then instructed; one that waits for its answer."""

import uuid
from datetime import timedelta

from candidatures.models import DemandeComplement, Depot, Dossier

from .temps import a_l_instant

_CHIFFRER = "Précisez le calendrier, trimestre par trimestre, et les acheteurs que vous rencontrerez d’abord."
_STRATEGIE = (
    "Premier trimestre\u00a0: rencontrer les communes de Chiconi et d’Ouangani et le bailleur social, programmer avec eux les "
    "marchés de l’année. Deuxième trimestre\u00a0: tenir une permanence mensuelle avec les structures d’insertion et France "
    "Travail. Second semestre\u00a0: suivre les premiers chantiers et former les entreprises titulaires."
)


def demande_repondue(h, dossier, demande_le, reponse_le):
    """A field and a written answer: the new filing says what changed."""
    demande = _demander(h, dossier, demande_le, [("champ:projet.strategie", _CHIFFRER)], "Votre projet est clair.")
    with a_l_instant(h.a(reponse_le, 15)):
        Dossier.objects.filter(pk=dossier.pk).update(strategie=_STRATEGIE)
        mots = {demande.points.get().pk: "Le calendrier est repris dans la stratégie, acheteur par acheteur."}
        Depot.objects.repondre(demande, par=h.personnes["partenaire"], cle=uuid.uuid4(), reponses=mots)


def demande_ouverte(h, dossier, demande_le):
    """A piece, a field and the posts with their plan."""
    points = [
        ("piece:rib", "Le RIB donné n’est pas au nom de la structure."),
        ("champ:projet.diagnostic", "D’où viennent les chiffres de 2021\u00a0? Citez la source et sa date."),
        (
            "rubrique:postes",
            "Le coût du poste comprend-il les charges patronales\u00a0? Revoyez-le, et le plan avec lui.",
        ),
    ]
    message = "Votre demande est à l’étude. Trois points nous manquent pour la présenter au comité."
    _demander(h, dossier, demande_le, points, message)


def _demander(h, dossier, jour, points, message):
    agent = h.personnes["instructeur"]
    with a_l_instant(h.a(jour, 10)):
        dossier.affecter(agent, par=agent)
        for objet, question in points:
            point = objet if objet.startswith("piece:") else f"rubrique:{objet.partition(':')[2].partition('.')[0]}"
            dossier.controler(point, constat="a_completer", commentaire=question, par=agent)
        return DemandeComplement.objects.demander(
            dossier, points, par=agent, echeance_le=jour + timedelta(days=15), message=message
        )
