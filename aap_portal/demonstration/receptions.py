"""A joint project, the sheet of an association, and a dossier that came by e-mail, half entered by an agent."""

from datetime import date

from aap_portal.referentiel.models import Agrement, Structure
from candidatures.models import Dossier, Partenaire

from .structures import siret_fictif
from .temps import a_l_instant

_RANG = 90  # far from the structures that have an account


def decrire_l_association(structure):
    """What the Cerfa asks of an association, known once for all its dossiers."""
    Structure.objects.filter(pk=structure.pk).update(
        rna="W9T1000001",
        site_web="https://aeis.demo.example",
        representant_telephone="06 39 00 00 00",
        representant_courriel="presidence@demo.example",
        assujettie_impots=False,
        reseaux="Réseau Exemple de l’économie solidaire (fictif)",
    )
    Agrement.objects.get_or_create(
        structure=structure,
        type="Jeunesse et éducation populaire",
        defaults={"attribue_par": "DRAJES de Mayotte", "attribue_le": date(2021, 3, 15)},
    )


def associer(dossier, structure):
    """This structure carries the project too."""
    Partenaire.objects.create(
        dossier=dossier,
        siret=structure.siret,
        denomination=structure.denomination,
        role="Accueille une permanence par semaine et oriente les acheteurs de ses communes membres.",
        contact_nom=structure.representant,
        contact_courriel=structure.courriel,
    )


def recevoir_par_courriel(h, jour):
    """An association without an account wrote to the service: Hadidja has begun to enter what it sent."""
    structure, _ = Structure.objects.get_or_create(
        siret=siret_fictif(_RANG),
        defaults={
            "denomination": "Association Exemple Chissioua (fictive)",
            "categorie": Structure.Categorie.ASSOCIATION,
            "situation": Structure.Situation.EMERGENTE,
            "adresse": "3 rue de l’Exemple",
            "code_postal": "97670",
            "ville": "Ouangani",
            "representant_prenom": "Mariama",
            "representant_nom": "Fictive",
            "representant_qualite": "Présidente",
            "courriel": "chissioua@demo.example",
        },
    )
    recu_le = h.a(jour, 17, 48)
    with a_l_instant(h.a(jour, 18)):
        dossier = Dossier.objects.recevoir(
            campagne=h.campagne, structure=structure, recu_le=recu_le, par=h.personnes["instructeur"]
        )
        dossier.intitule = "Une facilitatrice pour le Centre"
        dossier.contact_nom, dossier.contact_courriel = structure.representant, structure.courriel
        dossier.save()
    return dossier
