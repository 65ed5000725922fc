"""A person leaves a structure: nothing is lost, nobody is stranded, no link leads back in."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.comptes.models import DemandeRattachement, Droit, Invitation, Membre
from aap_portal.courriels.models import Courriel
from aap_portal.fichiers.models import Analyse, Fichier
from aap_portal.referentiel.erreurs import ErreurMetier
from candidatures.models import Dossier, PieceJustificative
from tests.factories import DEPOT_OUVERT, DossierFactory, StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def structure(db):
    return StructureFactory(denomination="Association Exemple")


@pytest.fixture
def signataire(structure, client):
    personne = UtilisateurFactory(signataire_de=structure)
    client.force_login(personne)
    return personne


def membre(personne):
    return personne.appartenances.get()


def retirer(objet, par=None):
    objet.retirer(par=par or objet.utilisateur)


def en_faire_un_lecteur(objet):
    objet.changer_droit(Droit.LECTEUR)


@pytest.mark.parametrize("geste", [retirer, en_faire_un_lecteur])
@pytest.mark.parametrize("autres", ["aucun", "redacteur", "compte_ferme", "parti", "ailleurs"])
def test_le_dernier_signataire_reste(structure, geste, autres):
    dernier = membre(UtilisateurFactory(signataire_de=structure))
    if autres == "redacteur":
        UtilisateurFactory(redacteur_de=structure)
    elif autres == "compte_ferme":
        UtilisateurFactory(signataire_de=structure, is_active=False)
    elif autres == "parti":
        Membre.objects.filter(utilisateur=UtilisateurFactory(signataire_de=structure)).update(actif=False)
    elif autres == "ailleurs":
        UtilisateurFactory(signataire_de=StructureFactory())

    with pytest.raises(ErreurMetier, match="au moins un signataire") as refus:
        geste(dernier)

    assert refus.value.codes == ["dernier_signataire"]
    dernier.refresh_from_db()
    assert (dernier.actif, dernier.droit) == (True, Droit.SIGNATAIRE)


@pytest.mark.parametrize("geste", [retirer, en_faire_un_lecteur])
def test_un_signataire_parmi_deux_peut_partir(structure, geste):
    premier, second = (membre(UtilisateurFactory(signataire_de=structure)) for _ in range(2))

    geste(premier)

    assert list(Membre.objects.signataires(structure.pk)) == [second]


def test_l_administration_garde_elle_aussi_un_signataire(structure):
    dernier = membre(UtilisateurFactory(signataire_de=structure))
    dernier.actif = False
    with pytest.raises(ValidationError, match="au moins un signataire"):
        dernier.full_clean()

    UtilisateurFactory(signataire_de=structure)
    dernier.full_clean()


def test_on_ne_retire_ni_ne_change_qui_est_deja_parti(structure):
    parti = membre(UtilisateurFactory(lecteur_de=structure))
    UtilisateurFactory(signataire_de=structure)
    Membre.objects.filter(pk=parti.pk).update(actif=False)

    for geste in (retirer, en_faire_un_lecteur):
        with pytest.raises(ErreurMetier, match="déjà plus membre"):
            geste(parti)


def test_la_page_dit_ce_qui_suit_avant_de_retirer(client, structure, signataire):
    collegue = UtilisateurFactory(first_name="Zaïna", last_name="Exemple", redacteur_de=structure)
    page = reverse("comptes:membre_retirer", args=[membre(collegue).pk])

    assertContains(client.get(page), "Rien ne se perd")
    assert membre(collegue).actif

    reponse = client.post(page, follow=True)

    assertRedirects(reponse, reverse("comptes:structure", args=[structure.pk]))
    assertContains(reponse, "Zaïna Exemple n’est plus membre de la structure.")
    assert not membre(collegue).actif
    courriel = Courriel.objects.get()
    assert (courriel.destinataire, courriel.objet) == (collegue.email, "Vous n’êtes plus membre de Association Exemple")


@pytest.mark.parametrize("droit", ["lecteur", "redacteur"])
def test_chacun_peut_quitter_sa_structure(client, structure, signataire, droit):
    collegue = UtilisateurFactory(**{f"{droit}_de": structure})
    client.force_login(collegue)
    page = reverse("comptes:membre_retirer", args=[membre(collegue).pk])
    assertContains(client.get(page), "il vous faudra une invitation")

    reponse = client.post(page, follow=True)

    assertContains(reponse, "Vous n’êtes plus membre de Association Exemple.")
    assert not membre(collegue).actif
    assert not Courriel.objects.exists()
    assert client.get(reverse("comptes:structure", args=[structure.pk])).status_code == 404


def test_le_seul_signataire_est_dit_et_ne_part_pas(client, structure, signataire):
    page = reverse("comptes:structure", args=[structure.pk])
    depart = reverse("comptes:membre_retirer", args=[membre(signataire).pk])
    assertContains(client.get(page), "Seul signataire")
    assertNotContains(client.get(page), depart)

    assertContains(client.post(depart, follow=True), "Une structure garde toujours au moins un signataire")

    assert membre(signataire).actif
    UtilisateurFactory(signataire_de=structure)
    assertContains(client.get(page), depart)


@time_machine.travel(DEPOT_OUVERT)
def test_le_brouillon_et_les_pieces_de_qui_part_restent_a_la_structure(client, structure, signataire):
    auteur = UtilisateurFactory(redacteur_de=structure)
    brouillon = DossierFactory(structure=structure, cree_par=auteur)
    fichier = Fichier.objects.produire(b"%PDF-1.4\n%%EOF\n", nom="statuts.pdf", type_mime="application/pdf")
    Fichier.objects.filter(pk=fichier.pk).update(depose_par=auteur, analyse=Analyse.NON_ANALYSE)
    PieceJustificative.objects.create(dossier=brouillon, code="statuts", fichier=fichier, ajoutee_par=auteur)

    membre(auteur).retirer(par=signataire)

    for adresse in (brouillon.get_absolute_url(), reverse("candidatures:retirer", args=[brouillon.numero])):
        assert client.get(adresse).status_code == 200
    assert b"".join(client.get(fichier.get_absolute_url())) == b"%PDF-1.4\n%%EOF\n"
    client.force_login(auteur)
    for adresse in (brouillon.get_absolute_url(), fichier.get_absolute_url()):
        assert client.get(adresse).status_code == 404
    assert Dossier.objects.get().cree_par == auteur


def test_une_invitation_ouverte_ne_ramene_pas_qui_a_ete_retire(structure, signataire):
    lecteur = UtilisateurFactory(lecteur_de=structure)
    Invitation.objects.inviter(courriel=lecteur.email, par=signataire, structure=structure, droit=Droit.SIGNATAIRE)
    ailleurs, _ = Invitation.objects.inviter(
        courriel=lecteur.email, par=signataire, structure=StructureFactory(), droit=Droit.LECTEUR
    )

    membre(lecteur).retirer(par=signataire)

    assert list(Invitation.objects.en_cours()) == [ailleurs]


def test_les_invitations_de_qui_part_restent_valables_et_se_voient(client, structure, signataire):
    partante = UtilisateurFactory(first_name="Zaïna", last_name="Exemple", signataire_de=structure)
    invitation, jeton = Invitation.objects.inviter(
        courriel="c@exemple.fr", par=partante, structure=structure, droit=Droit.REDACTEUR
    )
    membre(partante).retirer(par=signataire)

    assertContains(
        client.get(reverse("comptes:structure", args=[structure.pk])), "Invitation envoyée par Zaïna Exemple"
    )
    assert invitation.accepter(UtilisateurFactory(email="c@exemple.fr")).droit == Droit.REDACTEUR
    client.logout()
    reponse = client.get(reverse("comptes:invitation", args=[jeton]))
    assertContains(reponse, "à un signataire de Association Exemple", status_code=410)


def test_une_demande_en_attente_reste_aux_autres_signataires(client, structure, signataire):
    partante = UtilisateurFactory(signataire_de=structure)
    demande = DemandeRattachement.objects.demander(UtilisateurFactory(), structure)
    membre(partante).retirer(par=signataire)

    client.post(reverse("comptes:demande_accepter", args=[demande.pk]), {"droit": "lecteur"})

    demande.refresh_from_db()
    assert demande.etat == DemandeRattachement.Etat.ACCEPTEE


def test_l_invitation_acceptee_repond_aussi_a_la_demande_en_attente(structure, signataire):
    personne = UtilisateurFactory()
    demande = DemandeRattachement.objects.demander(personne, structure)
    ailleurs = DemandeRattachement.objects.demander(personne, StructureFactory())
    invitation, _ = Invitation.objects.inviter(
        courriel=personne.email, par=signataire, structure=structure, droit=Droit.REDACTEUR
    )

    invitation.accepter(personne)

    demande.refresh_from_db()
    assert (demande.etat, demande.traitee_par) == (DemandeRattachement.Etat.ACCEPTEE, signataire)
    assert list(DemandeRattachement.objects.en_attente()) == [ailleurs]


def test_qui_est_parti_peut_redemander(client, structure, signataire):
    personne = UtilisateurFactory(lecteur_de=structure)
    membre(personne).retirer(par=signataire)
    client.force_login(personne)

    client.post(reverse("comptes:rattachement"), {"siret": structure.siret})

    assert DemandeRattachement.objects.get().etat == DemandeRattachement.Etat.EN_ATTENTE


@pytest.mark.parametrize("ecriture", ["zaina@exemple.fr", " Zaina@Exemple.FR "])
def test_on_n_invite_pas_qui_est_deja_membre(client, structure, signataire, ecriture):
    UtilisateurFactory(email="zaina@exemple.fr", first_name="Zaïna", last_name="Exemple", lecteur_de=structure)

    reponse = client.post(
        reverse("comptes:membre_inviter", args=[structure.pk]), {"courriel": ecriture, "droit": "signataire"}
    )

    assertContains(reponse, "Zaïna Exemple est déjà membre de la structure", status_code=422)
    assert not Invitation.objects.exists()


def test_une_personne_de_plusieurs_structures_passe_de_l_une_a_l_autre(client, structure, signataire):
    page = reverse("comptes:structure", args=[structure.pk])
    assertNotContains(client.get(page), "Vos structures")
    assertContains(client.get(page), "Ma structure")

    autre = StructureFactory(denomination="Commune Exemple")
    Membre.objects.create(utilisateur=signataire, structure=autre, droit=Droit.LECTEUR)

    reponse = client.get(page)
    assertContains(reponse, "Mes structures")
    assertContains(reponse, f'href="{reverse("comptes:structure", args=[autre.pk])}"')
    assertNotContains(client.get(reverse("comptes:structure", args=[autre.pk])), "Modifier la structure")


def test_une_invitation_a_une_structure_expire_au_bout_de_sept_jours(structure, signataire):
    depart = timezone.now()
    with time_machine.travel(depart, tick=False):
        invitation, _ = Invitation.objects.inviter(
            courriel="c@exemple.fr", par=signataire, structure=structure, droit=Droit.LECTEUR
        )
    personne = UtilisateurFactory(email="c@exemple.fr")
    with time_machine.travel(depart + timedelta(days=7), tick=False), pytest.raises(ErreurMetier, match="a expiré"):
        invitation.accepter(personne)
    with time_machine.travel(depart + timedelta(days=7, microseconds=-1), tick=False):
        assert invitation.accepter(personne).droit == Droit.LECTEUR
