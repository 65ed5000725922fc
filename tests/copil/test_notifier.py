import subprocess

import page as verificateur
import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from aap_portal.courriels.models import Courriel
from candidatures.etapes import etat_public
from candidatures.models import Dossier
from copil.models import Decision
from copil.taches import produire_lettre
from tests.copil.situations import accepter, lisible, seance_close, seance_preparee
from tests.factories import StructureFactory, UtilisateurFactory

pytestmark = pytest.mark.django_db(transaction=True)


def decidee(sens="accepte"):
    """A decision that is not notified; its session's agent may do it."""
    seance = seance_close()
    inscription = seance.inscriptions.get()
    if sens == "accepte":
        decision = accepter(inscription, seance.agent)
    else:
        decision = Decision.objects.rendre(
            inscription, sens=sens, avis_copil=sens, motifs="Le diagnostic ne nomme aucun acheteur.", par=seance.agent
        )
    decision.agent = seance.agent
    return decision


def adresse(decision, nom="notifier"):
    return reverse(f"copil:{nom}", args=[decision.inscription.seance_id, decision.inscription.dossier.numero])


def page_du_porteur(decision):
    return reverse("copil:decision", args=[decision.inscription.dossier.numero])


def texte(fichier, tmp_path):
    return " ".join(pages_de(fichier, tmp_path))


def pages_de(fichier, tmp_path):
    """The text of each page."""
    chemin = tmp_path / "lettre.pdf"
    chemin.write_bytes(fichier.lire())
    for profil in ("ua1", "3a"):
        assert verificateur.validate_pdf(str(chemin), profile=profil).is_compliant
    sortie = subprocess.run(["pdftotext", "-layout", chemin, "-"], capture_output=True, text=True, check=True).stdout
    return [" ".join(page.split()) for page in sortie.split("\f")]


@time_machine.travel("2022-12-01 09:00+03:00", tick=False)
def test_notifier_date_previent_et_fige_une_seule_lettre(client, tmp_path):
    decision = decidee()
    client.force_login(decision.agent)

    premiere = client.post(adresse(decision))
    decision.refresh_from_db()
    lettre = decision.lettre
    seconde = client.post(adresse(decision), follow=True)
    produire_lettre.call(decision.pk)

    assertRedirects(premiere, adresse(decision, "decider"))
    assertContains(seconde, "Cette décision était déjà notifiée")
    decision.refresh_from_db()
    assert (decision.lettre, decision.notifiee_par) == (lettre, decision.agent)
    assert lisible(seconde).count("notifiée</li>") <= 1
    assert [c.destinataire for c in Courriel.objects.filter(cle__startswith="decision-")] == [
        decision.inscription.dossier.cree_par.email
    ]
    contenu = texte(lettre, tmp_path)
    for attendu in (
        "Attribution d’une subvention",
        "Mamoudzou, le 1er décembre 2022",
        "28 000,00 €",
        "vingt-huit mille euros",
        "la note moyenne de 50,00 sur 100",
        "dans les 15 jours",
        "Pour le préfet de Mayotte et par délégation",
        "recours gracieux auprès du préfet de Mayotte",
        "le tribunal administratif de Mayotte",
        f"Affaire suivie par {decision.agent}",
    ):
        assert attendu in contenu
    assert "Reste de l’enveloppe" not in lisible(client.get(adresse(decision, "decider")))


@time_machine.travel("2022-12-01 09:00+03:00", tick=False)
@pytest.mark.parametrize("longueur", [1, 12, 30])
def test_la_signature_et_les_voies_de_recours_ne_se_separent_pas(tmp_path, longueur):
    decision = decidee("refuse")
    motifs = "\n".join(["Le diagnostic ne nomme aucun acheteur."] * longueur)
    Decision.objects.filter(pk=decision.pk).update(motifs=motifs)
    decision.refresh_from_db()
    decision.agent = decision.decidee_par

    decision.notifier(par=decision.agent)

    decision.refresh_from_db()
    (page,) = (page for page in pages_de(decision.lettre, tmp_path) if "Délais et voies de recours" in page)
    assert "Je vous prie d’agréer" in page
    assert "conserve le recours contentieux." in page


@pytest.mark.parametrize(
    ("sens", "titre"),
    [("refuse", "Rejet de votre demande de subvention"), ("ajourne", "Ajournement de votre demande de subvention")],
)
def test_un_refus_et_un_ajournement_disent_leurs_motifs_et_les_recours(tmp_path, sens, titre):
    decision = decidee(sens)

    decision.notifier(par=decision.agent)

    decision.refresh_from_db()
    contenu = texte(decision.lettre, tmp_path)
    assert titre in contenu
    assert "Le diagnostic ne nomme aucun acheteur." in contenu
    assert "Délais et voies de recours" in contenu


def test_la_structure_ne_sait_rien_avant_la_notification(client):
    decision = decidee()
    dossier = decision.inscription.dossier
    client.force_login(dossier.cree_par)

    avant = client.get(page_du_porteur(decision)).status_code
    dossier_avant = client.get(dossier.get_absolute_url())
    decision.notifier(par=decision.agent)
    dossier_apres = client.get(dossier.get_absolute_url())

    assert avant == 404
    assertNotContains(dossier_avant, "Accepté")
    assertContains(dossier_apres, page_du_porteur(decision))
    assertContains(client.get(page_du_porteur(decision)), "Postes accordés")


def test_la_premiere_lecture_par_la_structure_est_datee_une_fois(client):
    decision = decidee()
    decision.notifier(par=decision.agent)
    client.force_login(decision.agent)
    assert client.get(page_du_porteur(decision)).status_code == 403
    decision.refresh_from_db()
    assert decision.consultee_le is None

    client.force_login(decision.inscription.dossier.cree_par)
    dates = []
    for _ in range(2):
        client.get(page_du_porteur(decision))
        decision.refresh_from_db()
        dates.append(decision.consultee_le)

    assert dates[0] is not None
    assert dates[0] == dates[1]


def test_une_autre_structure_ne_trouve_ni_la_page_ni_la_lettre(client):
    decision = decidee()
    decision.notifier(par=decision.agent)
    decision.refresh_from_db()
    codes = {}
    personnes = {
        "sienne": decision.inscription.dossier.cree_par,
        "autre": UtilisateurFactory(signataire_de=StructureFactory()),
        "membre du COPIL": decision.inscription.seance.membres.get().utilisateur,
    }
    for nom, personne in personnes.items():
        client.force_login(personne)
        lettre = client.get(decision.lettre.get_absolute_url())
        lettre.getvalue()
        codes[nom] = (client.get(page_du_porteur(decision)).status_code, lettre.status_code)

    assert codes == {"sienne": (200, 200), "autre": (404, 404), "membre du COPIL": (403, 404)}


def test_sans_signataire_la_structure_elle_meme_est_prevenue():
    decision = decidee()
    decision.inscription.dossier.cree_par.appartenances.update(actif=False)

    decision.notifier(par=decision.agent)

    assert Courriel.objects.get(cle__startswith="decision-").destinataire == "contact@structure.example"


def test_un_ajournement_notifie_ne_revele_pas_la_decision_suivante(client):
    decision = decidee("ajourne")
    decision.notifier(par=decision.agent)
    suivante = seance_preparee(dossiers=0)
    suivante.inscrire(Dossier.objects.get(), par=suivante.agent)
    client.force_login(decision.inscription.dossier.cree_par)

    page = client.get(page_du_porteur(decision))
    assertContains(page, "Votre demande est ajournée")

    assert etat_public(Dossier.objects.get()) == Dossier.Etat.INSCRIT
    inscription = suivante.inscriptions.get()
    Dossier.objects.update(etat=Dossier.Etat.AJOURNE)
    Decision.objects.create(
        inscription=inscription, sens="ajourne", avis_copil="ajourne", motifs="Encore.",
        decidee_par=suivante.agent, decidee_le=decision.decidee_le,
    )  # fmt: skip
    assert etat_public(Dossier.objects.get()) == Dossier.Etat.EXAMINE
