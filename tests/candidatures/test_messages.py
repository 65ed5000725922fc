"""Messages between a structure and its service, from the first draft on (AAP 2022, C.3)."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aap_portal.comptes.models import Membre
from aap_portal.courriels.models import Courriel
from aap_portal.fichiers.models import Analyse, Fichier
from candidatures.models import Dossier, Message, PartageBrouillon
from copil.models import Deport
from tests.candidatures.textes import aplatir, texte
from tests.factories import (
    DEPOT_OUVERT,
    DossierFactory,
    InscriptionFactory,
    MembreSeanceFactory,
    StructureFactory,
    UtilisateurFactory,
    dossier_depose,
)
from tests.fichiers.echantillons import pdf

pytestmark = pytest.mark.django_db
PDF_SIMPLE = pdf()


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False) as horloge:
        yield horloge


@pytest.fixture
def brouillon():
    return DossierFactory(complet=True)


@pytest.fixture
def agent(brouillon):
    return UtilisateurFactory(instructeur_de=brouillon.campagne.service, email="hadidja@deets.example")


def page_de(dossier):
    return reverse("candidatures:messages", args=[dossier.numero])


def envoyer(client, personne, dossier, phrase="Puis-je demander 0,5 ETP ?", **champs):
    client.force_login(personne)
    return client.post(page_de(dossier), {"texte": phrase, "cle": uuid.uuid4(), "vu": 0} | champs, follow=True)


def ecrire(par, dossier, phrase="Bonjour.", **champs):
    return Message.objects.envoyer(dossier, par=par, texte=phrase, cle=uuid.uuid4(), **champs)


def televerse(nom="devis.pdf", contenu=PDF_SIMPLE):
    return SimpleUploadedFile(nom, contenu, content_type="application/pdf")


# --- Writing --------------------------------------------------------------------------------------
def test_la_structure_ecrit_des_le_brouillon_et_le_service_repond(client, brouillon, agent):
    assert "Votre message est envoyé." in texte(envoyer(client, brouillon.cree_par, brouillon))

    reponse = envoyer(client, agent, brouillon, "Oui, c’est le minimum.")

    assert [(m.cote, m.texte) for m in Message.objects.all()] == [
        ("structure", "Puis-je demander 0,5 ETP ?"),
        ("service", "Oui, c’est le minimum."),
    ]
    page = texte(reponse)
    assert "Puis-je demander 0,5 ETP ?" in page
    assert "15 septembre 2022 à 10 h (heure de Mayotte)" in page


def test_l_agent_lit_les_messages_du_brouillon_pas_le_brouillon(client, brouillon, agent):
    ecrire(brouillon.cree_par, brouillon)
    client.force_login(agent)

    page = client.get(page_de(brouillon))

    assert "Vous lisez ces messages, pas le dossier" in texte(page)
    assert brouillon.intitule not in texte(page)
    for nom in ("candidatures:dossier", "candidatures:lire", "candidatures:pieces"):
        assert client.get(reverse(nom, args=[brouillon.numero])).status_code == 404


def test_un_brouillon_sans_message_n_existe_pas_pour_l_agent(client, brouillon, agent):
    client.force_login(agent)

    assert client.get(page_de(brouillon)).status_code == 404
    assert brouillon.numero not in texte(client.get(reverse("candidatures:conversations")))


def test_le_meme_envoi_repete_ne_fait_qu_un_message(client, brouillon):
    cle = uuid.uuid4()

    reponses = [envoyer(client, brouillon.cree_par, brouillon, cle=cle, fichiers=[televerse()]) for _ in range(2)]

    assert [reponse.status_code for reponse in reponses] == [200, 200]
    assert (Message.objects.count(), Fichier.objects.count(), Courriel.objects.count()) == (1, 1, 1)


def test_la_cle_d_un_autre_est_refusee(client, brouillon):
    cle = uuid.uuid4()
    envoyer(client, brouillon.cree_par, brouillon, cle=cle)
    autre = UtilisateurFactory(redacteur_de=brouillon.structure)

    reponse = envoyer(client, autre, brouillon, "Le mien.", cle=cle)

    assert (reponse.status_code, Message.objects.count()) == (422, 1)
    assert "Ce formulaire est celui d’un autre dossier" in texte(reponse)
    assert "Le mien." in reponse.content.decode()


@pytest.mark.parametrize("phrase", ["", "   ", "a" * 5001])
def test_un_texte_refuse_revient_tel_quel(client, brouillon, phrase):
    reponse = envoyer(client, brouillon.cree_par, brouillon, phrase)

    assert (reponse.status_code, Message.objects.count()) == (422, 0)
    attendu = "Écrivez votre message." if not phrase.strip() else "raccourcissez-le à 5000 au plus"
    assert attendu in texte(reponse)
    assert phrase.strip() in reponse.content.decode()


def test_le_texte_le_plus_long_passe(client, brouillon):
    assert envoyer(client, brouillon.cree_par, brouillon, "a" * 5000).status_code == 200
    assert Message.objects.count() == 1


# --- Files ----------------------------------------------------------------------------------------
def test_un_fichier_joint_se_lit_des_deux_cotes_et_de_nulle_part_ailleurs(client, brouillon, agent):
    envoyer(client, brouillon.cree_par, brouillon, fichiers=[televerse()])
    fichier = Fichier.objects.get()
    personnes = {
        brouillon.cree_par: 200,
        agent: 200,
        UtilisateurFactory(lecteur_de=brouillon.structure): 200,
        UtilisateurFactory(signataire_de=StructureFactory()): 404,
        UtilisateurFactory(membre_copil_de=brouillon.campagne.service): 404,
    }

    for personne, statut in personnes.items():
        client.force_login(personne)
        reponse = client.get(fichier.get_absolute_url())
        b"".join(reponse)
        assert reponse.status_code == statut


def test_un_fichier_refuse_est_nomme_et_rien_du_reste_n_est_a_refaire(client, brouillon):
    faux = televerse("piège.pdf", b"MZ ceci n'est pas un PDF")

    refus = envoyer(client, brouillon.cree_par, brouillon, fichiers=[televerse(), faux])

    assert (refus.status_code, Message.objects.count()) == (422, 0)
    page = texte(refus)
    assert "piège.pdf" in page
    assert "Puis-je demander 0,5 ETP ?" in page
    assert "Fichiers déjà reçus, joints à l’envoi devis.pdf" in page
    gardes = [jeton for _, jeton in refus.context["gardes"]]
    assert envoyer(client, brouillon.cree_par, brouillon, gardes=gardes).status_code == 200
    assert [fichier.nom for fichier in Message.objects.get().fichiers.all()] == ["devis.pdf"]


def test_un_jeton_d_un_autre_ou_forge_ne_joint_rien(client, brouillon):
    refus = envoyer(client, brouillon.cree_par, brouillon, "", fichiers=[televerse()])
    jetons = [jeton for _, jeton in refus.context["gardes"]]
    autre = UtilisateurFactory(redacteur_de=brouillon.structure)

    envoyer(client, autre, brouillon, gardes=[*jetons, "faux", "1:2:3"])

    assert list(Message.objects.get().fichiers.all()) == []


@pytest.mark.parametrize(
    ("analyse", "phrase"),
    [
        (Analyse.EN_ATTENTE, "devis.pdf : l’antivirus l’examine, il sera lisible ensuite."),
        (Analyse.INFECTE, "devis.pdf : l’antivirus y a trouvé un virus, personne ne peut l’ouvrir."),
    ],
)
def test_un_fichier_joint_que_l_antivirus_retient_est_nomme_sans_lien(client, brouillon, agent, analyse, phrase):
    envoyer(client, brouillon.cree_par, brouillon, fichiers=[televerse()])
    Fichier.objects.update(analyse=analyse)
    client.force_login(agent)

    page = client.get(page_de(brouillon))

    assert phrase in texte(page)
    assert Fichier.objects.get().get_absolute_url() not in page.content.decode()


@pytest.mark.parametrize(("combien", "statut"), [(5, 200), (6, 422)])
def test_cinq_fichiers_par_message(client, brouillon, combien, statut):
    fichiers = [televerse(f"f{rang}.pdf", PDF_SIMPLE + b"%" * rang) for rang in range(combien)]

    reponse = envoyer(client, brouillon.cree_par, brouillon, fichiers=fichiers)

    assert reponse.status_code == statut
    assert ("« f5.pdf » n’est pas joint : un message porte 5 fichiers au plus" in texte(reponse)) == (statut == 422)
    assert Fichier.objects.count() == 5


@pytest.mark.parametrize(("max_", "statut"), [(2, 200), (1, 422)])
def test_les_messages_d_un_dossier_portent_un_nombre_de_fichiers_borne(client, brouillon, settings, max_, statut):
    settings.DOSSIER_FICHIERS_MAX = max_
    envoyer(client, brouillon.cree_par, brouillon, fichiers=[televerse()])

    reponse = envoyer(client, brouillon.cree_par, brouillon, fichiers=[televerse("deux.pdf")])

    assert reponse.status_code == statut
    assert ("portent au plus 1 fichiers, et celui-ci les mènerait à 2" in texte(reponse)) == (statut == 422)


@pytest.mark.parametrize(("marge", "statut"), [(0, 200), (-1, 422)])
def test_leur_poids_aussi(client, brouillon, settings, marge, statut):
    settings.DOSSIER_TAILLE_MAX = 2 * len(PDF_SIMPLE) + marge
    envoyer(client, brouillon.cree_par, brouillon, fichiers=[televerse()])

    assert envoyer(client, brouillon.cree_par, brouillon, fichiers=[televerse("deux.pdf")]).status_code == statut


# --- Who ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("droit", "statut"), [("lecteur", 403), ("redacteur", 200), ("signataire", 200)])
def test_un_lecteur_lit_sans_ecrire(client, brouillon, droit, statut):
    ecrire(brouillon.cree_par, brouillon, "Une question.")
    personne = UtilisateurFactory(**{f"{droit}_de": brouillon.structure})
    client.force_login(personne)

    page = client.get(page_de(brouillon))

    assert "Une question." in texte(page)
    assert ('name="texte"' in page.content.decode()) == (statut == 200)
    assert envoyer(client, personne, brouillon).status_code == statut


def test_le_copil_lit_le_dossier_sans_ses_messages(client):
    inscription = InscriptionFactory()
    membre = MembreSeanceFactory(seance=inscription.seance).utilisateur
    type(inscription.seance).objects.update(etat="convoquee")
    dossier = inscription.dossier
    ecrire(dossier.cree_par, dossier, "Entre nous.")
    client.force_login(membre)

    lecture, fil = (client.get(reverse(f"candidatures:{nom}", args=[dossier.numero])) for nom in ("lire", "messages"))

    assert (lecture.status_code, fil.status_code) == (200, 403)
    assert "Entre nous." not in texte(lecture)


def test_un_deport_cache_aussi_les_messages(client, agent, brouillon):
    dossier = dossier_depose(campagne=brouillon.campagne)
    ecrire(dossier.cree_par, dossier)
    assert list(Message.objects.a_lire_par(agent)) == list(Message.objects.all())
    Deport.objects.create(dossier=dossier, utilisateur=agent, motif="Ancien salarié.")
    client.force_login(agent)

    assert client.get(page_de(dossier)).status_code == 404
    assert list(Message.objects.a_lire_par(agent)) == []
    assert dossier.numero not in texte(client.get(reverse("candidatures:conversations")))
    assert dossier.numero not in texte(client.get(reverse("courriels:courriels")))


def test_le_dossier_recu_par_courriel_a_ses_messages_des_sa_saisie(client, brouillon, agent):
    """The service enters it, hence reads it: either side may write first (reading 5)."""
    Dossier.objects.filter(pk=brouillon.pk).update(recu_par_courriel_le=DEPOT_OUVERT)

    assert envoyer(client, agent, brouillon, "Il nous manque vos statuts.").status_code == 200
    assert envoyer(client, brouillon.cree_par, brouillon, "Les voici.").status_code == 200


# --- Read, unread ---------------------------------------------------------------------------------
def test_lire_est_un_geste_qui_ne_touche_que_ce_qui_etait_montre(client, brouillon, agent):
    premier = ecrire(brouillon.cree_par, brouillon, "Un.")
    client.force_login(agent)
    assert f"1 message non lu, dossier {brouillon.numero}" in texte(client.get(reverse("accueil")))
    client.get(page_de(brouillon))
    assert Message.objects.a_lire_par(agent).count() == 1, "a GET writes nothing"
    second = ecrire(brouillon.cree_par, brouillon, "Deux.")

    client.post(reverse("candidatures:messages_lus", args=[brouillon.numero]), {"vu": premier.pk})

    assert list(Message.objects.a_lire_par(agent)) == [second]
    premier.refresh_from_db()
    assert (premier.lu_par, premier.lu_le) == (agent, DEPOT_OUVERT)
    client.force_login(brouillon.cree_par)
    page = texte(client.get(page_de(brouillon)))
    assert f"Lu par {agent} le 15 septembre 2022 à 10 h" in page
    assert "Pas encore lu" in page


@pytest.mark.parametrize("vu", ["", "abc", "-1", "9" * 30, "١"])
def test_un_repere_forge_ne_marque_rien(client, brouillon, agent, vu):
    ecrire(brouillon.cree_par, brouillon)
    client.force_login(agent)

    reponse = client.post(reverse("candidatures:messages_lus", args=[brouillon.numero]), {"vu": vu})

    assert (reponse.status_code, Message.objects.filter(lu_le=None).count()) == (302, 1)


def test_repondre_c_est_avoir_lu(client, brouillon, agent):
    question = ecrire(brouillon.cree_par, brouillon)

    envoyer(client, agent, brouillon, vu=question.pk)

    assert list(Message.objects.filter(lu_le=None).values_list("cote", flat=True)) == ["service"]


def test_un_lecteur_ne_lit_pas_a_la_place_de_ses_collegues(client, brouillon, agent):
    ecrire(brouillon.cree_par, brouillon)
    reponse = ecrire(agent, brouillon)
    lecteur = UtilisateurFactory(lecteur_de=brouillon.structure)
    client.force_login(lecteur)

    refus = client.post(reverse("candidatures:messages_lus", args=[brouillon.numero]), {"vu": reponse.pk})

    assert (refus.status_code, Message.objects.a_lire_par(lecteur).count()) == (403, 0)
    assert Message.objects.a_lire_par(brouillon.cree_par).count() == 1


def test_les_non_lus_se_voient_a_l_accueil_et_sur_les_listes_des_deux_cotes(client, brouillon, agent):
    dossier = dossier_depose(campagne=brouillon.campagne)
    for objet in (brouillon, dossier):
        ecrire(objet.cree_par, objet)
    client.force_login(agent)
    assert "2 messages non lus" in texte(client.get(reverse("accueil")))
    assert f"{dossier.numero} 1 message non lu" in texte(client.get(reverse("candidatures:file")))
    assert "Messages (1 non lu)" in texte(client.get(reverse("candidatures:instruire", args=[dossier.numero])))
    liste = texte(client.get(reverse("candidatures:conversations")))
    assert f"Dossier {brouillon.numero} Brouillon 1 message non lu" in liste

    ecrire(agent, dossier, vu=Message.objects.last().pk)
    client.force_login(dossier.cree_par)
    assert f"1 message non lu, dossier {dossier.numero}" in texte(client.get(reverse("accueil")))
    assert "1 message non lu Lire" in texte(client.get(reverse("candidatures:dossiers")))
    assert "Messages avec le service (1 non lu)" in texte(client.get(dossier.get_absolute_url()))


# --- Mails ----------------------------------------------------------------------------------------
def test_l_avis_ne_porte_que_le_chemin(brouillon):
    message = ecrire(brouillon.cree_par, brouillon, "Notre trésorier part en mars.")

    courriel = Courriel.objects.get()

    assert courriel.destinataire == message.dossier.campagne.service.courriel
    corps = aplatir(courriel.corps)
    assert page_de(brouillon) in corps
    assert "trésorier" not in corps + courriel.objet
    assert "02 69 00 00 00" in corps


def test_la_reponse_previent_qui_peut_agir(brouillon, agent):
    UtilisateurFactory(lecteur_de=brouillon.structure)
    partie = UtilisateurFactory(redacteur_de=brouillon.structure)
    Membre.objects.get(utilisateur=partie).retirer(par=brouillon.cree_par)
    redacteur = UtilisateurFactory(redacteur_de=brouillon.structure)

    ecrire(agent, brouillon)

    assert {c.destinataire for c in Courriel.objects.filter(objet_lie=brouillon.numero)} == {
        brouillon.cree_par.email,
        redacteur.email,
    }


def test_l_agent_qui_suit_le_dossier_est_prevenu_tant_qu_il_le_peut(brouillon, agent, en_periode_de_depot):
    dossier = dossier_depose(campagne=brouillon.campagne)
    dossier.affecter(agent, par=agent)
    ecrire(dossier.cree_par, dossier)
    Deport.objects.create(dossier=dossier, utilisateur=agent, motif="Ancien salarié.")
    en_periode_de_depot.shift(timedelta(days=1))

    ecrire(dossier.cree_par, dossier)

    destinataires = [c.destinataire for c in Courriel.objects.order_by("pk")]
    assert destinataires == [agent.email, dossier.campagne.service.courriel]


@pytest.mark.parametrize(("heures", "combien"), [(13, 1), (14, 2)])
def test_un_avis_par_jour_tant_que_rien_n_est_lu(brouillon, en_periode_de_depot, heures, combien):
    ecrire(brouillon.cree_par, brouillon)
    en_periode_de_depot.shift(timedelta(hours=heures))  # midnight in Mayotte after 14 hours

    ecrire(brouillon.cree_par, brouillon)

    assert Courriel.objects.count() == combien


def test_une_fois_lu_le_suivant_previent_de_nouveau(brouillon, agent):
    premier = ecrire(brouillon.cree_par, brouillon)
    Message.objects.marquer_lus(brouillon, par=agent, jusqu_a=premier.pk)

    ecrire(brouillon.cree_par, brouillon)

    assert Courriel.objects.count() == 2


# --- Sharing a draft ------------------------------------------------------------------------------
def partager(client, personne, dossier, geste):
    client.force_login(personne)
    return client.post(reverse("candidatures:partager", args=[dossier.numero]), {"partage": geste}, follow=True)


def lisible(client, agent, dossier):
    client.force_login(agent)
    noms = ("candidatures:lire", "candidatures:dossier", "candidatures:pieces")
    return {client.get(reverse(nom, args=[dossier.numero])).status_code for nom in noms}


def test_la_structure_ouvre_son_brouillon_au_service_puis_le_referme(client, brouillon, agent):
    ouverture = texte(partager(client, brouillon.cree_par, brouillon, "ouvrir"))
    assert "Le service peut maintenant lire ce brouillon." in ouverture
    assert "Autorisé par" in ouverture
    assert lisible(client, agent, brouillon) == {200}
    assert client.post(reverse("candidatures:rubrique", args=[brouillon.numero, "projet"])).status_code == 403
    assert brouillon.numero not in texte(client.get(reverse("candidatures:file")))

    fermeture = texte(partager(client, brouillon.cree_par, brouillon, "fermer"))

    assert "ne peut plus lire ce brouillon" in fermeture
    assert lisible(client, agent, brouillon) == {404}
    partage = PartageBrouillon.objects.get()
    assert (partage.ouvert_par, partage.ferme_par, partage.ferme_le) == (
        brouillon.cree_par, brouillon.cree_par, DEPOT_OUVERT,
    )  # fmt: skip


def test_partager_deux_fois_ne_fait_qu_un_partage(client, brouillon):
    for _ in range(2):
        partager(client, brouillon.cree_par, brouillon, "ouvrir")

    assert PartageBrouillon.objects.count() == 1


def test_un_brouillon_partage_ne_s_ouvre_ni_au_copil_ni_a_un_autre_service(client, brouillon):
    PartageBrouillon.objects.ouvrir(brouillon, par=brouillon.cree_par)

    assert lisible(client, UtilisateurFactory(membre_copil_de=brouillon.campagne.service), brouillon) == {404}


def test_un_brouillon_abandonne_reste_prive(client, brouillon, agent):
    PartageBrouillon.objects.ouvrir(brouillon, par=brouillon.cree_par)
    brouillon.retirer(par=brouillon.cree_par)

    assert lisible(client, agent, brouillon) == {404}
    assert client.get(reverse("candidatures:instruire", args=[brouillon.numero])).status_code == 404
    assert list(Dossier.objects.instruits_par(agent)) == []


def test_un_dossier_depose_ne_se_partage_plus(client):
    dossier = dossier_depose()

    reponse = partager(client, dossier.cree_par, dossier, "ouvrir")

    assert "Ce dossier n’est plus un brouillon" in texte(reponse)
    assert PartageBrouillon.objects.count() == 0


# --- Lists ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("nom", ["candidatures:conversations", "candidatures:file"])
def test_une_liste_ne_coute_pas_plus_pour_trois_dossiers(client, brouillon, agent, nom):
    client.force_login(agent)
    for _ in range(2):
        dossier = dossier_depose(campagne=brouillon.campagne)
        ecrire(dossier.cree_par, dossier)
    client.get(reverse(nom))
    with CaptureQueriesContext(connection) as avant:
        client.get(reverse(nom))
    for _ in range(2):
        dossier = dossier_depose(campagne=brouillon.campagne)
        ecrire(dossier.cree_par, dossier)
    with CaptureQueriesContext(connection) as apres:
        client.get(reverse(nom))

    assert len(apres) == len(avant)


def test_un_fil_ne_coute_pas_plus_pour_trois_messages(client, brouillon, agent):
    client.force_login(agent)
    fichier = Fichier.objects.produire(PDF_SIMPLE, nom="a.pdf", type_mime="application/pdf")
    ecrire(brouillon.cree_par, brouillon, fichiers=[fichier])
    client.get(page_de(brouillon))
    with CaptureQueriesContext(connection) as avant:
        client.get(page_de(brouillon))
    for _ in range(2):
        ecrire(brouillon.cree_par, brouillon, fichiers=[fichier])
    with CaptureQueriesContext(connection) as apres:
        client.get(page_de(brouillon))

    assert len(apres) == len(avant)
