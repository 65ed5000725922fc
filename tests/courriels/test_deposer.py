import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from aap_portal.courriels.models import Courriel, Etat
from aap_portal.courriels.redaction import sans_controle, une_ligne
from aap_portal.fichiers.models import Fichier
from tests.factories import ServiceFactory

pytestmark = pytest.mark.django_db


def test_un_message_est_ecrit_en_texte_simple_avec_un_lien_complet(settings, deposer):
    settings.SITE_URL = "https://portail.example"

    courriel = deposer(service=ServiceFactory(), objet_lie="2022-0001")

    assert courriel.objet == "Dossier de L’Atelier & Cie"
    assert courriel.corps == (
        "Bonjour,\n\nLe dossier de L’Atelier & Cie est reçu.\n\nhttps://portail.example/dossiers/2022-0001/\n"
    )
    assert (courriel.destinataire, courriel.objet_lie) == ("claude@structure.example", "2022-0001")


def test_la_meme_cle_est_le_meme_message(deposer):
    premier = deposer()
    second = deposer(destinataire="autre@structure.example")

    assert second == premier
    assert list(Courriel.objects.values_list("destinataire", flat=True)) == ["claude@structure.example"]


def test_un_message_disparait_avec_la_transaction_qui_l_a_ecrit(deposer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as suites, transaction.atomic():
        deposer()
        transaction.set_rollback(True)

    assert not Courriel.objects.exists()
    assert suites == []


def test_un_objet_reste_sur_une_ligne_et_sans_caractere_de_controle(deposer):
    courriel = deposer(contexte={"structure": "Atelier\r\nBcc: tous@example.org\0"})

    assert courriel.objet == "Dossier de Atelier"
    assert "\0" not in courriel.corps


@given(st.text())
def test_tout_texte_devient_un_objet_d_une_ligne(texte):
    objet = une_ligne(texte)

    assert len(objet) <= 200
    assert "\n" not in objet
    assert objet == objet.strip()
    assert sans_controle(objet) == objet


def test_un_gabarit_sans_objet_est_un_defaut_du_portail(deposer):
    with pytest.raises(ValueError, match="must begin with « Objet : … »"):
        deposer(gabarit="sans_objet")


def test_sans_serveur_de_messagerie_le_message_est_conserve(deposer, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        courriel = deposer()

    courriel.refresh_from_db()
    assert (courriel.etat, courriel.get_etat_display()) == (Etat.CONSERVE, "conservé dans la boîte d’envoi")
    assert mailoutbox == []


def test_un_message_part_apres_la_validation(envoi, deposer, mailoutbox, django_capture_on_commit_callbacks):
    piece = Fichier.objects.produire(b"%PDF", nom="Récépissé.pdf", type_mime="application/pdf")
    with django_capture_on_commit_callbacks(execute=True):
        courriel = deposer(pieces=[piece])
        assert mailoutbox == []

    (message,) = mailoutbox
    assert (message.to, message.subject) == (["claude@structure.example"], "Dossier de L’Atelier & Cie")
    assert [(jointe.filename, jointe.content) for jointe in message.attachments] == [("Récépissé.pdf", b"%PDF")]
    courriel.refresh_from_db()
    assert (courriel.etat, courriel.tentatives) == (Etat.ENVOYE, 1)
    assert courriel.envoye_le is not None
