"""Two people at the same instant, each in a process of their own, on the engine under test."""

import pytest
from django.urls import reverse

from aap_portal.comptes.models import Droit, Invitation, Membre
from aap_portal.referentiel.models import Structure
from tests.courses import courir
from tests.factories import StructureFactory, UtilisateurFactory, siret

pytestmark = pytest.mark.django_db(transaction=True)


def faire(*gestes, sans_verrou=False):
    """Do these gestures at the same instant; what each process says, sorted."""
    return sorted(courir("tests.comptes.gestes:faire", list(gestes), sans_verrou=sans_verrou))


def deux_departs():
    """Two signataires, each of whom takes the other out."""
    structure = StructureFactory()
    premier, second = UtilisateurFactory(signataire_de=structure), UtilisateurFactory(signataire_de=structure)
    return [
        {"geste": "retirer", "membre": partant.appartenances.get().pk, "personne": par.pk}
        for partant, par in ((premier, second), (second, premier))
    ]


def test_deux_signataires_ne_se_retirent_pas_l_un_l_autre():
    assert faire(*deux_departs()) == ["dernier_signataire", "fait"]

    assert Membre.objects.filter(actif=True, droit=Droit.SIGNATAIRE).count() == 1


def test_temoin_sans_le_verrou_la_structure_perd_ses_deux_signataires():
    assert faire(*deux_departs(), sans_verrou=True) == ["fait", "fait"]

    assert not Membre.objects.filter(actif=True).exists()


def test_un_lien_d_invitation_suivi_deux_fois_a_la_fois_ne_sert_qu_une_fois():
    structure, personne = StructureFactory(), UtilisateurFactory(email="c@exemple.fr")
    invitation, _ = Invitation.objects.inviter(
        courriel=personne.email, par=UtilisateurFactory(signataire_de=structure), structure=structure, droit="lecteur"
    )
    geste = {"geste": "accepter", "invitation": invitation.pk, "personne": personne.pk}

    assert faire(geste, geste) == ["fait", "invitation_perimee"]

    assert personne.appartenances.count() == 1


def test_deux_personnes_qui_decrivent_la_meme_structure_n_en_font_qu_une():
    numero, personnes = siret(700), [UtilisateurFactory(), UtilisateurFactory()]

    adresses = faire(*({"geste": "creer", "siret": numero, "personne": personne.pk} for personne in personnes))

    assert adresses == [reverse("accueil"), reverse("comptes:rattachement")]
    assert Structure.objects.count() == Membre.objects.count() == 1
