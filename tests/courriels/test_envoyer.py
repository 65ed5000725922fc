import smtplib
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from aap_portal.courriels import envoi as remise
from aap_portal.courriels.models import ESSAIS_MAX, Courriel, Etat, delai
from aap_portal.courriels.taches import envoyer_courriel
from aap_portal.referentiel.erreurs import ErreurMetier

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("envoi")]


@pytest.fixture
def serveur(monkeypatch):
    """`serveur.append(erreur)`: the mail server answers so, once for each error; then it accepts."""
    reponses = []
    vraie = remise.remettre

    def remettre(courriel):
        if reponses:
            raise reponses.pop(0)
        vraie(courriel)

    monkeypatch.setattr(remise, "remettre", remettre)
    return reponses


def test_un_echec_passager_est_note_et_sera_reessaye(deposer, serveur, mailoutbox):
    serveur.append(ConnectionRefusedError("refused"))
    with time_machine.travel("2022-10-01 08:00+00:00", tick=False):
        courriel = deposer()
        assert courriel.envoyer() is False
        courriel.refresh_from_db()
        assert (courriel.etat, courriel.tentatives) == (Etat.A_ENVOYER, 1)
        assert courriel.derniere_erreur == "ConnectionRefusedError: refused"
        assert courriel.prochain_essai_le == timezone.now() + timedelta(minutes=1)
        assert courriel.envoyer() is None  # too early
    assert mailoutbox == []

    with time_machine.travel("2022-10-01 08:01+00:00", tick=False):
        assert courriel.envoyer() is True
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.tentatives, courriel.derniere_erreur) == (Etat.ENVOYE, 2, "")
    assert len(mailoutbox) == 1


def test_les_essais_s_espacent_puis_s_arretent(deposer, serveur):
    serveur.extend([OSError("down")] * ESSAIS_MAX)
    with time_machine.travel("2022-10-01 08:00+00:00", tick=False) as horloge:
        courriel = deposer()
        attentes = []
        for _ in range(ESSAIS_MAX):
            courriel.envoyer()
            courriel.refresh_from_db()
            attentes.append(courriel.prochain_essai_le - timezone.now())
            horloge.move_to(courriel.prochain_essai_le)

    assert [attente.total_seconds() / 60 for attente in attentes] == [1, 4, 16, 64, 256, 720, 720, 720]
    assert (courriel.etat, courriel.tentatives) == (Etat.ECHEC, ESSAIS_MAX)


def test_une_adresse_refusee_pour_de_bon_n_est_pas_reessayee(deposer, serveur):
    serveur.append(smtplib.SMTPRecipientsRefused({"claude@structure.example": (550, b"unknown")}))
    courriel = deposer()

    courriel.envoyer()

    courriel.refresh_from_db()
    assert (courriel.etat, courriel.tentatives) == (Etat.ECHEC, 1)


def test_une_adresse_refusee_pour_le_moment_est_reessayee(deposer, serveur):
    serveur.append(smtplib.SMTPRecipientsRefused({"claude@structure.example": (450, b"later")}))
    courriel = deposer()

    courriel.envoyer()

    courriel.refresh_from_db()
    assert courriel.etat == Etat.A_ENVOYER


def test_un_processus_tue_pendant_l_envoi_laisse_le_message_a_reessayer(deposer, monkeypatch, mailoutbox):
    def tuer(_):
        raise SystemExit

    with monkeypatch.context() as rustine:
        rustine.setattr(remise, "remettre", tuer)
        courriel = deposer()
        with pytest.raises(SystemExit):
            courriel.envoyer()

    with time_machine.travel(timezone.now() + delai(1), tick=False):
        (encore,) = Courriel.objects.dus()
        assert encore.envoyer() is True
    assert len(mailoutbox) == 1


def test_deux_processus_n_envoient_pas_deux_fois(deposer, mailoutbox):
    courriel = deposer()
    autre = Courriel.objects.get(pk=courriel.pk)

    assert [courriel.envoyer(), autre.envoyer()] == [True, None]
    assert len(mailoutbox) == 1


def test_la_tache_faite_deux_fois_envoie_une_fois(deposer, mailoutbox):
    courriel = deposer()

    envoyer_courriel.enqueue(courriel.pk)
    envoyer_courriel.enqueue(courriel.pk)
    envoyer_courriel.enqueue(courriel.pk + 1)  # its row is gone: nothing to do

    assert len(mailoutbox) == 1


def test_chaque_essai_porte_le_meme_identifiant(deposer, settings):
    settings.DEFAULT_FROM_EMAIL = "Portail <ne-pas-repondre@deets.example>"
    courriel = deposer()
    remise.remettre(courriel)
    remise.remettre(courriel)

    un, autre = (message.message()["Message-ID"] for message in mail.outbox)
    assert un == autre
    assert un.endswith("@deets.example>")


def test_un_message_confidentiel_parti_ne_garde_pas_son_lien(deposer, mailoutbox):
    courriel = deposer(confidentiel=True)

    courriel.envoyer()

    assert "/dossiers/2022-0001/" in mailoutbox[0].body
    courriel.refresh_from_db()
    assert courriel.corps == ""


def test_un_serveur_retire_depuis_laisse_le_message_dans_la_boite(deposer, settings, mailoutbox):
    courriel = deposer()
    settings.EMAIL_CONFIGURE = False

    assert courriel.envoyer() is None
    courriel.refresh_from_db()
    assert courriel.etat == Etat.CONSERVE
    assert mailoutbox == []


def test_une_version_html_accompagne_le_texte(mailoutbox):
    courriel = Courriel.objects.deposer_texte(
        cle="a", destinataire="a@b.example", objet="Objet", corps="Texte", html="<p>Texte</p>"
    )

    courriel.envoyer()

    assert [(a.content, a.mimetype) for a in mailoutbox[0].alternatives] == [("<p>Texte</p>", "text/html")]


@pytest.mark.parametrize("etat", [Etat.A_ENVOYER, Etat.ENVOYE])
def test_seul_un_echec_se_relance(deposer, etat):
    courriel = deposer()
    Courriel.objects.update(etat=etat, envoye_le=timezone.now() if etat == Etat.ENVOYE else None)
    courriel.refresh_from_db()

    with pytest.raises(ErreurMetier, match="Seul un message en échec peut être envoyé à nouveau"):
        courriel.relancer()
    courriel.refresh_from_db()
    assert courriel.etat == etat
