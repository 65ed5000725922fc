import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.comptes.models import Membre
from aap_portal.fichiers.models import Fichier
from candidatures.models import Dossier, PieceJustificative
from copil.models import Deport, Evaluation
from tests.copil.situations import accepter, lisible, noter, seance_close, seance_ouverte, seance_preparee
from tests.factories import UtilisateurFactory

pytestmark = pytest.mark.django_db

CONFIRME = {"motif": "Administratrice de cette association.", "confirmation": "on"}


def declarer(client, personne, dossier, **champs):
    client.force_login(personne)
    return client.post(reverse("copil:deport_declarer", args=[dossier.numero]), champs or CONFIRME)


def code(client, fichier):
    reponse = client.get(fichier.get_absolute_url())
    reponse.getvalue()  # read to its end, so that the file is closed
    return reponse.status_code


def pages_du_dossier(seance, dossier):
    return [
        reverse("copil:evaluer", args=[seance.pk, dossier.numero]),
        reverse("copil:salle_dossier", args=[seance.pk, dossier.numero]),
        reverse("copil:decider", args=[seance.pk, dossier.numero]),
        reverse("copil:deport_declarer", args=[dossier.numero]),
        reverse("candidatures:lire", args=[dossier.numero]),
    ]


def test_apres_un_deport_le_dossier_disparait_de_toutes_les_pages(client):
    seance = seance_close(dossiers=2, membres=2)
    inscription, autre = seance.inscriptions.all()
    fichier = Fichier.objects.produire(b"%PDF-1.7", nom="statuts.pdf", type_mime="application/pdf")
    PieceJustificative.objects.create(
        dossier=inscription.dossier, code="statuts", fichier=fichier, ajoutee_par=inscription.dossier.cree_par
    )
    membre = seance.membres.first().utilisateur
    client.force_login(membre)
    assert code(client, fichier) == 200

    declarer(client, membre, inscription.dossier)

    assert [client.get(page).status_code for page in pages_du_dossier(seance, inscription.dossier)] == [404] * 5
    assert code(client, fichier) == 404
    for page in (seance.get_absolute_url(), reverse("copil:salle", args=[seance.pk])):
        assertNotContains(client.get(page), inscription.dossier.numero)
        assertContains(client.get(page), autre.dossier.numero)


def test_un_deport_l_emporte_sur_tous_les_roles_d_un_agent(client):
    seance = seance_close(dossiers=2)
    inscription = seance.inscriptions.first()
    seance.agent.habilitations.create(service=seance.campagne.service, role="administrateur")

    declarer(client, seance.agent, inscription.dossier)

    assert [client.get(page).status_code for page in pages_du_dossier(seance, inscription.dossier)] == [404] * 5
    assert inscription.dossier not in Dossier.objects.instruits_par(seance.agent)
    assertNotContains(client.get(reverse("candidatures:file")), inscription.dossier.numero)
    export = client.get(reverse("copil:salle_tableur", args=[seance.pk]))
    assert [ligne[1] for ligne in _lignes(export)] == [seance.inscriptions.last().dossier.numero]


def _lignes(reponse):
    import io

    import openpyxl

    livre = openpyxl.load_workbook(io.BytesIO(reponse.content))
    return list(livre.active.iter_rows(min_row=2, values_only=True))


def test_membre_de_la_structure_candidate_vaut_deport(client):
    seance = seance_ouverte(dossiers=2)
    inscription = seance.inscriptions.first()
    membre = seance.membres.get().utilisateur
    Membre.objects.create(utilisateur=membre, structure=inscription.dossier.structure, droit="lecteur")
    client.force_login(membre)

    page = client.get(reverse("copil:evaluer", args=[seance.pk, inscription.dossier.numero]))
    deport = client.get(reverse("copil:deport_declarer", args=[inscription.dossier.numero]))

    assert page.status_code == 404
    assertContains(deport, "vous êtes déjà en déport", status_code=403)
    assert client.get(inscription.dossier.get_absolute_url()).status_code == 200


def test_un_deport_se_motive_et_se_confirme(client):
    seance = seance_ouverte()
    membre, dossier = seance.membres.get().utilisateur, seance.inscriptions.get().dossier

    reponse = declarer(client, membre, dossier, motif="  ")

    assertContains(reponse, "Cochez cette case pour confirmer votre déport.", status_code=422)
    assert not Deport.objects.exists()


def test_les_notes_deja_donnees_disparaissent_et_le_nom_n_est_pas_dit(client):
    seance = seance_ouverte(membres=2)
    inscription = seance.inscriptions.get()
    premier, second = seance.membres.all()
    noter(inscription, premier, part="1")
    noter(inscription, second, part="0.5")

    assertRedirects(declarer(client, premier.utilisateur, inscription.dossier), reverse("copil:seances"))
    client.force_login(second.utilisateur)
    salle = client.get(reverse("copil:salle", args=[seance.pk]))

    assert [evaluation.membre for evaluation in Evaluation.objects.all()] == [second]
    assert [ligne.synthese.totaux for ligne in salle.context["lignes"]] == [(50,)]
    assert "1 déport" in lisible(salle)
    assertNotContains(salle, premier.utilisateur.last_name)


def test_apres_la_cloture_les_notes_sont_gardees_et_ne_comptent_plus(client):
    seance = seance_close(membres=2)
    inscription = seance.inscriptions.get()
    declarer(client, seance.membres.first().utilisateur, inscription.dossier)
    client.force_login(seance.agent)

    salle = client.get(reverse("copil:salle", args=[seance.pk]))

    assert Evaluation.objects.count() == 2
    assert [len(ligne.synthese.totaux) for ligne in salle.context["lignes"]] == [1]


def test_un_deport_ne_bloque_pas_la_cloture():
    seance = seance_ouverte(membres=2)
    inscription = seance.inscriptions.get()
    en_deport, note = seance.membres.all()
    Deport.objects.declarer(inscription.dossier, en_deport.utilisateur, motif="Lien familial.")
    noter(inscription, note)

    seance.clore(par=seance.agent)

    assert seance.est_close


def test_declare_deux_fois_un_deport_reste_un(client):
    seance = seance_ouverte()
    membre, dossier = seance.membres.get().utilisateur, seance.inscriptions.get().dossier

    Deport.objects.declarer(dossier, membre, motif="Premier motif.")
    Deport.objects.declarer(dossier, membre, motif="Second motif.")

    assert [deport.motif for deport in Deport.objects.all()] == ["Premier motif."]


def test_un_porteur_ne_declare_pas_de_deport_et_un_etranger_ne_trouve_rien(client):
    seance = seance_preparee()
    dossier = seance.inscriptions.get().dossier
    etranger = UtilisateurFactory(membre_copil_de=seance.campagne.service)

    assert declarer(client, dossier.cree_par, dossier).status_code == 403
    assert declarer(client, etranger, dossier).status_code == 404
    assert not Deport.objects.exists()


def test_un_agent_en_deport_ne_lit_ni_ne_telecharge_la_lettre(client, django_capture_on_commit_callbacks):
    seance = seance_close()
    inscription = seance.inscriptions.get()
    decision = accepter(inscription, seance.agent)
    with django_capture_on_commit_callbacks(execute=True):
        decision.notifier(par=seance.agent)
    decision.refresh_from_db()
    autre = UtilisateurFactory(instructeur_de=seance.campagne.service)
    client.force_login(autre)
    avant = code(client, decision.lettre)

    declarer(client, autre, inscription.dossier)

    assert (avant, code(client, decision.lettre)) == (200, 404)


# --- Taken back -----------------------------------------------------------------------------------
def retirer(client, deport):
    client.force_login(deport.utilisateur)
    return client.post(reverse("copil:deport_retirer", args=[deport.pk]), follow=True)


@pytest.mark.parametrize("situation", ["sans_seance", "preparee", "convoquee"])
def test_un_deport_se_retire_avant_l_ouverture_de_la_seance_et_laisse_sa_trace(client, situation):
    seance = seance_preparee()
    dossier, agent = seance.inscriptions.get().dossier, seance.agent
    if situation == "sans_seance":
        seance.desinscrire(seance.inscriptions.get(), par=agent)
    elif situation == "convoquee":
        seance.convoquer(par=agent)
    deport = Deport.objects.declarer(dossier, agent, motif="Erreur de dossier.")
    page = reverse("candidatures:lire", args=[dossier.numero])
    client.force_login(agent)
    assert client.get(page).status_code == 404
    assertContains(client.get(reverse("copil:deports")), "Erreur de dossier.")
    assertContains(client.get(reverse("copil:deport_retirer", args=[deport.pk])), "vous sera de nouveau montré")

    assertContains(retirer(client, deport), "Votre déport est retiré")

    assert client.get(page).status_code == 200
    trace = Deport.historique.filter(dossier=dossier).order_by("history_id")
    assert [(ligne.history_type, ligne.motif) for ligne in trace] == [("+", deport.motif), ("-", deport.motif)]
    assert trace.last().history_user == agent


@pytest.mark.parametrize("ouvrir", [seance_ouverte, seance_close])
def test_un_deport_ne_se_retire_plus_des_qu_une_seance_s_est_ouverte(client, ouvrir):
    seance = ouvrir()
    deport = Deport.objects.declarer(seance.inscriptions.get().dossier, seance.agent, motif="Ancien salarié.")
    client.force_login(seance.agent)
    liste = client.get(reverse("copil:deports"))
    assertContains(liste, "Définitif : une séance s’est ouverte sur ce dossier.")
    assertNotContains(liste, reverse("copil:deport_retirer", args=[deport.pk]))

    assertContains(retirer(client, deport), "votre déport ne se retire plus")

    assert Deport.objects.get() == deport


def test_personne_d_autre_ne_retire_un_deport(client):
    seance = seance_preparee()
    deport = Deport.objects.declarer(seance.inscriptions.get().dossier, seance.agent, motif="Ancien salarié.")
    client.force_login(UtilisateurFactory(administrateur_de=seance.campagne.service))

    for verbe in (client.get, client.post):
        assert verbe(reverse("copil:deport_retirer", args=[deport.pk])).status_code == 404
    assertNotContains(client.get(reverse("copil:deports")), "Ancien salarié.")
    assert Deport.objects.exists()


@pytest.mark.parametrize("nombre", [1, 3])
def test_la_liste_des_deports_coute_autant_pour_un_que_pour_trois(client, nombre, django_assert_num_queries):
    seance = seance_preparee(dossiers=nombre)
    for inscription in seance.inscriptions.all():
        Deport.objects.declarer(inscription.dossier, seance.agent, motif="Ancien salarié.")
    client.force_login(seance.agent)
    client.get(reverse("copil:deports"))

    with django_assert_num_queries(4):
        client.get(reverse("copil:deports"))
