"""The posts of a draft: added, changed, taken up again, withdrawn; never someone else's."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import FinancementPoste, LignePoste, PosteETP
from candidatures.forms.postes import retirer_ligne
from candidatures.models import Dossier
from tests.candidatures.textes import texte
from tests.factories import (
    DEPOT_OUVERT,
    CampagneFactory,
    CommuneFactory,
    DossierFactory,
    LignePosteFactory,
    PlanFinancementFactory,
    PosteETPFactory,
    ServiceFactory,
    StructureFactory,
    UtilisateurFactory,
    ZoneBlancheFactory,
    dossier_depose,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def en_periode_de_depot():
    with time_machine.travel(DEPOT_OUVERT, tick=False):
        yield


@pytest.fixture
def dossier(client):
    dossier = DossierFactory()
    client.force_login(dossier.cree_par)
    return dossier


def adresse(nom, dossier, *suite):
    return reverse(f"candidatures:{nom}", args=[dossier.numero, *suite])


def saisie(**champs):
    return {
        "metier": "facilitateur",
        "intitule": "Facilitatrice Sud",
        "nature": "creation",
        "quotite_apres": "0,80",
        "cout_annuel": "48 749,99",
        **champs,
    }


def ligne_de(dossier, **champs):
    poste = champs.pop("poste", None) or PosteETPFactory(structure=dossier.structure)
    return LignePosteFactory(plan=dossier.plan, poste=poste, **champs)


def test_un_poste_ajoute_dit_son_assiette_et_la_subvention_possible(client, dossier):
    commune = CommuneFactory(code_insee="97608", nom="Koungou")

    reponse = client.post(adresse("poste_ajouter", dossier), saisie(communes=[commune.pk]), follow=True)

    ligne = dossier.plan.lignes.get()
    assert (ligne.quotite_avant, ligne.quotite_apres, ligne.cout_annuel) == (0, Decimal("0.80"), Decimal("48749.99"))
    assert (ligne.poste.structure, ligne.poste.intitule) == (dossier.structure, "Facilitatrice Sud")
    assert list(ligne.poste.communes.all()) == [commune]
    page = texte(reponse)
    assert "Assiette 38 999,99 €" in page
    assert "Subvention possible : au plus 27 299,99 € , pour une assiette de 38 999,99 €." in page
    assert "0,80 ETP demandés, pour un minimum de 0,50 ETP" in page


def test_la_page_vide_dit_ce_qui_viendra_et_qu_il_faut_un_poste(client, dossier):
    page = texte(client.get(adresse("rubrique", dossier, "postes")))

    assert "Aucun poste demandé" in page
    assert "Ajoutez au moins un poste demandé." in page


def test_le_meme_envoi_deux_fois_n_ajoute_qu_un_poste(client, dossier):
    for _ in range(2):
        reponse = client.post(adresse("poste_ajouter", dossier), saisie(envoi="meme-page"))
        assert reponse.url == adresse("postes", dossier)

    assert dossier.plan.lignes.count() == 1
    client.post(adresse("poste_ajouter", dossier), saisie(envoi="autre-page"))
    assert dossier.plan.lignes.count() == 2


@pytest.mark.parametrize(
    ("champs", "champ", "phrase"),
    [
        ({"intitule": ""}, "id_intitule", "Ce champ est obligatoire."),
        ({"nature": "vol"}, "id_nature", "Sélectionnez un choix valide. vol n’en fait pas partie."),
        ({"quotite_apres": "0"}, "id_quotite_apres", "Le nombre doit être au moins 0,01."),
        ({"quotite_apres": "1,01"}, "id_quotite_apres", "Le nombre doit être au plus 1,00."),
        ({"quotite_apres": "quatre"}, "id_quotite_apres", "Saisissez une quotité en ETP, par exemple « 0,80 »"),
        ({"quotite_apres": ""}, "id_quotite_apres", "Saisissez la quotité, en ETP."),
        ({"cout_annuel": "0"}, "id_cout_annuel", "Le coût annuel doit être supérieur à zéro."),
        ({"cout_annuel": "-5"}, "id_cout_annuel", "Le nombre ne peut pas être négatif."),
        ({"cout_annuel": "999999999999"}, "id_cout_annuel", "Le nombre doit être au plus 99 999 999,99."),
        ({"cout_annuel": "12.345"}, "id_cout_annuel", "Saisissez un nombre, par exemple « 12 345,50 »"),
        ({"quotite_avant": "0,50"}, "id_quotite_avant", "Un poste créé n’a pas de quotité actuelle"),
        ({"nature": "augmentation"}, "id_quotite_avant", "Cette demande suppose un poste qui existe"),
        (
            {"nature": "consolidation", "quotite_avant": "0"},
            "id_quotite_avant",
            "Cette demande suppose un poste qui existe",
        ),
        (
            {"nature": "augmentation", "quotite_avant": "0,80"},
            "id_quotite_apres",
            "Une augmentation suppose une quotité prévue supérieure à la quotité actuelle.",
        ),
        ({"communes": ["999999"]}, "id_communes", "Sélectionnez un choix valide. 999999"),
    ],
)
def test_un_poste_refuse_dit_pourquoi_au_bon_champ_et_ne_perd_rien(client, dossier, champs, champ, phrase):
    reponse = client.post(adresse("poste_ajouter", dossier), saisie(titulaire="Claude", **champs))

    assert reponse.status_code == 422
    assert phrase in texte(reponse)
    assert f'<a href="#{champ}' in reponse.content.decode()
    assert 'value="Claude"' in reponse.content.decode()
    assert (LignePoste.objects.count(), PosteETP.objects.count()) == (0, 0)


def test_les_caracteres_invisibles_sont_retires_et_dits(client, dossier):
    reponse = client.post(adresse("poste_ajouter", dossier), saisie(intitule="Facilitatrice\x00 Sud"), follow=True)

    assert dossier.plan.lignes.get().poste.intitule == "Facilitatrice Sud"
    assert "Des caractères invisibles ont été retirés de votre saisie" in texte(reponse)


def test_une_augmentation_se_finance_sur_la_hausse_une_consolidation_sur_tout(client, dossier):
    client.post(
        adresse("poste_ajouter", dossier), saisie(nature="augmentation", quotite_avant="0,30", cout_annuel="40000")
    )
    client.post(
        adresse("poste_ajouter", dossier), saisie(nature="consolidation", quotite_avant="0,80", cout_annuel="40000")
    )

    hausse, consolide = dossier.constat.lignes
    assert (hausse.etp, hausse.assiette) == (Decimal("0.50"), Decimal("20000.00"))
    assert (consolide.etp, consolide.assiette) == (Decimal("0.80"), Decimal("32000.00"))
    assert "de 0,30 ETP à 0,80 ETP (demande : 0,50 ETP)" in texte(client.get(adresse("postes", dossier)))


def test_un_poste_existant_sans_demande_n_a_pas_d_assiette(client, dossier):
    client.post(adresse("poste_ajouter", dossier), saisie(nature="existant", quotite_apres="1"))

    ligne = dossier.plan.lignes.get()
    assert (ligne.quotite_avant, ligne.est_demandee) == (1, False)
    assert dossier.constat.lignes == ()
    assert "Postes existants, sans demande" in texte(client.get(adresse("postes", dossier)))


@pytest.mark.parametrize(
    ("quotites", "suffit"), [(["0,49"], False), (["0,50"], True), (["0,25", "0,25"], True), (["0,25", "0,24"], False)]
)
def test_le_minimum_de_la_demande_porte_sur_la_somme_des_postes(client, dossier, quotites, suffit):
    commune = CommuneFactory()
    for quotite in quotites:
        client.post(adresse("poste_ajouter", dossier), saisie(quotite_apres=quotite, communes=[commune.pk]))

    page = texte(client.get(adresse("postes", dossier)))

    assert ("Cette rubrique est complète." in page) == suffit
    assert ("Votre demande porte sur 0,49 ETP : le minimum est de 0,50 ETP, il manque 0,01 ETP." in page) == (
        not suffit
    )


def test_chaque_commune_blanche_porte_sa_raison_datee(client, dossier):
    ZoneBlancheFactory(commune=CommuneFactory(code_insee="97602", nom="Acoua"))
    CommuneFactory(code_insee="97611", nom="Mamoudzou")
    ailleurs = ServiceFactory(code="DEETS974", nom="DEETS de La Réunion")
    CommuneFactory(code_insee="97411", nom="Saint-Denis", service=ailleurs)

    page = texte(client.get(adresse("poste_ajouter", dossier)))

    assert "Acoua Zone blanche : non couverte, constatée le 1er mars 2022" in page
    assert page.count("Zone blanche :") == 1
    assert "Saint-Denis" not in page


def test_une_commune_d_un_autre_service_est_refusee(client, dossier):
    ailleurs = CommuneFactory(code_insee="97411", nom="Saint-Denis", service=ServiceFactory(code="DEETS974"))

    assert client.post(adresse("poste_ajouter", dossier), saisie(communes=[ailleurs.pk])).status_code == 422
    assert PosteETP.objects.count() == 0


def test_le_calcul_suit_la_saisie_sans_rien_ecrire(client, dossier):
    reponse = client.post(adresse("poste_calcul", dossier), saisie(intitule="", cout_annuel="48749,99"))

    assert "27 299,99 € au plus, soit 70 % de l’assiette (AAP 2022, B.2-3)" in texte(reponse)
    assert "48 749,99 € × 0,80 ETP" in texte(reponse)
    assert 'data-annonce="Subvention possible' in reponse.content.decode()
    assert LignePoste.objects.count() == 0


@pytest.mark.parametrize(
    "champs", [{"cout_annuel": ""}, {"cout_annuel": "abc"}, {"quotite_apres": "2"}, {"nature": ""}]
)
def test_le_calcul_attend_d_avoir_de_quoi_calculer(client, dossier, champs):
    reponse = client.post(adresse("poste_calcul", dossier), saisie(**champs))

    assert "Indiquez la demande, la quotité et le coût annuel" in texte(reponse)


def test_le_calcul_d_une_collectivite_compte_ses_autres_aides_de_l_etat(client):
    dossier = DossierFactory(structure=StructureFactory(categorie="collectivite"))
    ligne = ligne_de(dossier, sources={"etat_autre": "12000"})
    client.force_login(dossier.cree_par)

    reponse = client.post(
        reverse("candidatures:poste_calcul", args=[dossier.numero, ligne.pk]),
        saisie(quotite_apres="1", cout_annuel="40000"),
    )

    assert "20 000,00 € au plus, soit 80 % de l’assiette, toutes les aides de l’État tenant dans 80 %" in texte(reponse)


def test_un_poste_de_la_structure_se_reprend_le_meme(client, dossier):
    poste = PosteETPFactory(structure=dossier.structure, intitule="Facilitateur Nord")
    assert "Facilitateur Nord, facilitateur Reprendre" in texte(client.get(adresse("postes", dossier)))

    lien = f"{adresse('poste_ajouter', dossier)}?poste={poste.pk}"
    assert 'value="Facilitateur Nord"' in client.get(lien).content.decode()
    client.post(
        lien, saisie(intitule="Facilitateur Nord-Est", nature="consolidation", quotite_avant="1", quotite_apres="1")
    )

    assert dossier.plan.lignes.get().poste == poste
    assert PosteETP.objects.get().intitule == "Facilitateur Nord-Est"
    assert "Reprendre" not in texte(client.get(adresse("postes", dossier)))
    assert client.get(lien).status_code == 404


def test_un_poste_d_une_demande_figee_garde_son_identite_et_ses_communes(client, dossier):
    depose = dossier_depose(structure=dossier.structure, campagne=CampagneFactory(annee=2021))
    poste = depose.plan.lignes.get().poste
    lien = f"{adresse('poste_ajouter', dossier)}?poste={poste.pk}"

    page = client.get(lien)
    client.post(
        lien, saisie(intitule="Volé", metier="coordinateur", communes=[], nature="consolidation", quotite_avant="1")
    )

    assert "Ce poste figure dans une autre demande déjà déposée" in texte(page)
    assert 'value="40 000,00"'.replace(" ", "\u202f") in page.content.decode()
    poste.refresh_from_db()
    assert (poste.intitule, poste.metier, poste.communes.count()) == ("Facilitatrice Sud", "facilitateur", 1)
    assert dossier.plan.lignes.get().nature == "consolidation"


def saisie_par_courriel(client, structure, campagne):
    agent = UtilisateurFactory(instructeur_de=campagne.service)
    client.force_login(agent)
    return DossierFactory(structure=structure, campagne=campagne, cree_par=agent, recu_par_courriel_le=DEPOT_OUVERT)


@pytest.mark.parametrize("ou", ["brouillon", "depose_ailleurs"])
def test_une_saisie_par_courriel_ne_lit_ni_ne_change_le_poste_d_un_brouillon_ou_d_un_autre_service(client, ou):
    ailleurs = CampagneFactory(service=ServiceFactory(code="AUTRE", nom="DEETS d’ailleurs"))
    prive = DossierFactory(complet=True) if ou == "brouillon" else dossier_depose(campagne=ailleurs)
    poste = prive.plan.lignes.get().poste
    PosteETP.objects.filter(pk=poste.pk).update(titulaire="Titulaire Privée")
    saisi = saisie_par_courriel(client, prive.structure, CampagneFactory())
    lien = f"{adresse('poste_ajouter', saisi)}?poste={poste.pk}"

    assert "Reprendre" not in texte(client.get(adresse("postes", saisi)))
    assert client.get(lien).status_code == 404
    assert client.post(lien, saisie(intitule="Détourné")).status_code == 404
    poste.refresh_from_db()
    assert (poste.intitule, poste.titulaire) == ("Facilitatrice Sud", "Titulaire Privée")
    assert not saisi.plan.lignes.exists()


def test_une_saisie_par_courriel_reprend_le_poste_depose_au_service_sans_rien_dire_du_brouillon(client):
    depose = dossier_depose(campagne=CampagneFactory(annee=2021))
    poste = depose.plan.lignes.get().poste
    brouillon = DossierFactory(structure=depose.structure, cree_par=depose.cree_par)
    ligne_de(brouillon, poste=poste, quotite_apres=Decimal("0.70"), cout_annuel=Decimal("77777.00"))
    saisi = saisie_par_courriel(client, depose.structure, brouillon.campagne)
    lien = f"{adresse('poste_ajouter', saisi)}?poste={poste.pk}"

    assert "Facilitatrice Sud, facilitateur Reprendre" in texte(client.get(adresse("postes", saisi)))
    page = client.get(lien).content.decode()
    assert 'value="40\u202f000,00"' in page
    assert "77\u202f777" not in page
    client.post(lien, saisie(nature="consolidation", quotite_avant="1"))
    assert saisi.plan.lignes.get().poste == poste


@pytest.mark.parametrize("valeur", ["abc", "0", "99999999999999999999", "-1"])
def test_un_numero_de_poste_forge_n_ouvre_rien(client, dossier, valeur):
    assert client.get(f"{adresse('poste_ajouter', dossier)}?poste={valeur}").status_code == 404


def test_un_poste_d_une_autre_structure_ne_se_reprend_pas(client, dossier):
    autre = PosteETPFactory()

    reponse = client.post(f"{adresse('poste_ajouter', dossier)}?poste={autre.pk}", saisie())

    assert reponse.status_code == 404
    assert dossier.plan.lignes.count() == 0


def test_modifier_un_poste_garde_la_meme_ligne(client, dossier):
    ligne = ligne_de(dossier)

    client.post(
        adresse("poste_modifier", dossier, ligne.pk), saisie(quotite_apres="0,60", plan="999", poste="999", etat="x")
    )

    ligne.refresh_from_db()
    assert (ligne.quotite_apres, ligne.plan, ligne.poste.structure) == (
        Decimal("0.60"),
        dossier.plan,
        dossier.structure,
    )
    assert PosteETP.objects.count() == 1


def test_changer_la_nature_de_la_demande_efface_les_financements_d_une_autre_base_et_le_dit(client, dossier):
    ligne = ligne_de(dossier, sources={"aap": "28000", "fonds_propres": "12000"})

    memes = client.post(adresse("poste_modifier", dossier, ligne.pk), saisie(), follow=True)
    assert "a changé de nature" not in texte(memes)
    assert ligne.financements.count() == 2

    reponse = client.post(adresse("poste_modifier", dossier, ligne.pk), saisie(nature="existant"), follow=True)

    assert "La demande a changé de nature : les financements saisis pour ce poste sont effacés" in texte(reponse)
    assert ligne.financements.count() == 0


def test_retirer_un_poste_neuf_le_fait_disparaitre(client, dossier):
    ligne = ligne_de(dossier, sources={"aap": "28000"})
    lien = adresse("poste_retirer", dossier, ligne.pk)

    assert "Sa quotité, son coût et ses financements seront effacés de ce dossier." in texte(client.get(lien))
    assert LignePoste.objects.count() == 1
    reponse = client.post(lien, follow=True)

    assert "« Facilitatrice Sud » est retiré de la demande." in texte(reponse)
    assert (LignePoste.objects.count(), PosteETP.objects.count(), FinancementPoste.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("usage", ["autre_demande", "zone_levee", "commence", "inscrit"])
def test_retirer_un_poste_qui_existe_ailleurs_le_garde(client, dossier, usage):
    ligne = ligne_de(dossier)
    if usage == "autre_demande":
        LignePosteFactory(plan=PlanFinancementFactory(), poste=ligne.poste)
    elif usage == "zone_levee":
        ZoneBlancheFactory(poste=ligne.poste, levee_le=date(2022, 6, 1))
    else:
        champ = "debut_le" if usage == "commence" else "marche_inclusion_le"
        PosteETP.objects.filter(pk=ligne.poste_id).update(**{champ: date(2021, 1, 1)})

    client.post(adresse("poste_retirer", dossier, ligne.pk))

    assert dossier.plan.lignes.count() == 0
    assert PosteETP.objects.filter(pk=ligne.poste_id).exists()


def gestes(dossier, ligne):
    return [
        adresse("poste_ajouter", dossier),
        adresse("poste_calcul", dossier),
        adresse("poste_modifier", dossier, ligne.pk),
        adresse("poste_retirer", dossier, ligne.pk),
        reverse("candidatures:poste_calcul", args=[dossier.numero, ligne.pk]),
    ]


def test_l_echelle_des_droits(client):
    dossier = DossierFactory()
    ligne = ligne_de(dossier)
    page = adresse("postes", dossier)
    attendus = {
        UtilisateurFactory(signataire_de=dossier.structure): (200, {200, 302, 422}),
        UtilisateurFactory(redacteur_de=dossier.structure): (200, {200, 302, 422}),
        UtilisateurFactory(lecteur_de=dossier.structure): (200, {403}),
        UtilisateurFactory(signataire_de=StructureFactory()): (404, {404}),
        UtilisateurFactory(instructeur_de=dossier.campagne.service): (404, {404}),
    }

    for personne, (lecture, ecritures) in attendus.items():
        client.force_login(personne)
        assert client.get(page).status_code == lecture
        if lecture == 404 or ecritures == {403}:
            assert {client.post(lien, saisie()).status_code for lien in gestes(dossier, ligne)} == ecritures
    assert dossier.plan.lignes.get() == ligne


def test_un_lecteur_lit_les_postes_sans_les_modifier(client, dossier):
    ligne_de(dossier)
    client.force_login(UtilisateurFactory(lecteur_de=dossier.structure))

    page = texte(client.get(adresse("postes", dossier)))

    assert "Facilitatrice Sud" in page
    assert "Ajouter un poste" not in page


def test_un_dossier_depose_ne_change_plus_de_postes(client):
    dossier = dossier_depose()
    ligne = dossier.plan.lignes.get()
    client.force_login(dossier.cree_par)

    assert "Facilitatrice Sud" in texte(client.get(adresse("postes", dossier)))
    for lien in gestes(dossier, ligne):
        reponse = client.post(lien, saisie(quotite_apres="0,10"))
        assert reponse.status_code == 403
        assert "Ce dossier n’est plus un brouillon" in texte(reponse)
    ligne.refresh_from_db()
    assert ligne.quotite_apres == 1


def test_un_depot_survenu_pendant_la_saisie_ne_laisse_rien_ecrire(client, dossier):
    """The form was read on a draft that a colleague files meanwhile: the lock sees it."""
    ligne = ligne_de(dossier)
    depots = []

    def deposer_a_l_instant_du_verrou(executer, sql, *suite):
        if sql.startswith("SAVEPOINT") and not depots:
            depots.append(Dossier.objects.filter(pk=dossier.pk).update(etat="depose", depose_le=DEPOT_OUVERT))
        return executer(sql, *suite)

    with connection.execute_wrapper(deposer_a_l_instant_du_verrou):
        reponse = client.post(adresse("poste_modifier", dossier, ligne.pk), saisie(quotite_apres="0,10"))

    assert (depots, reponse.status_code) == ([1], 422)
    assert "Ce dossier n’est plus un brouillon" in texte(reponse)
    with pytest.raises(ErreurMetier, match="Ce dossier n’est plus un brouillon"):
        retirer_ligne(ligne, dossier)
    ligne.refresh_from_db()
    assert ligne.quotite_apres == 1


def test_la_ligne_d_un_autre_dossier_est_introuvable(client, dossier):
    autre = ligne_de(DossierFactory())

    for nom in ("poste_modifier", "poste_retirer", "poste_calcul"):
        assert client.post(adresse(nom, dossier, autre.pk), saisie()).status_code == 404
    assert LignePoste.objects.filter(pk=autre.pk).exists()


# --- Somebody else, meanwhile -------------------------------------------------------------------------------
def version_ouverte(client, dossier, ligne):
    return {"version": client.get(adresse("poste_modifier", dossier, ligne.pk)).context["form"].version}


def test_deux_personnes_sur_un_poste_se_fondent_ou_se_croisent(client, dossier):
    ligne = ligne_de(dossier)
    page = client.get(adresse("poste_modifier", dossier, ligne.pk)).context["form"]
    depart = {champ: page[champ].value() for champ in ("intitule", "cout_annuel", "quotite_apres", "version")}
    depart |= {"communes": [commune.pk for commune in ligne.poste.communes.all()], "quotite_avant": ""}

    def envoyer(**champs):
        return client.post(adresse("poste_modifier", dossier, ligne.pk), saisie(**champs))

    assert envoyer(**depart | {"titulaire": "Awa"}).status_code == 302
    fondu = envoyer(**depart | {"titulaire": "", "quotite_apres": "0,50"})
    croise = envoyer(**depart | {"titulaire": "Youssouf", "quotite_apres": "0,50"})

    ligne = LignePoste.objects.select_related("poste").get()
    assert (fondu.status_code, croise.status_code) == (302, 422)
    assert (ligne.poste.titulaire, ligne.quotite_apres) == ("Awa", Decimal("0.50"))
    assert "Deux personnes ont écrit au même endroit" in texte(croise)


def test_une_bribe_n_efface_pas_les_financements_d_une_autre_nature(client, dossier):
    ligne = ligne_de(dossier, sources={"aap": "100"})
    bribe = saisie(nature="existant", intitule="Nouveau nom", quotite_avant="1") | version_ouverte(
        client, dossier, ligne
    )

    corps = client.post(
        adresse("poste_modifier", dossier, ligne.pk), bribe | {"bribe": "1"}, headers={"Accept": "application/json"}
    ).json()

    assert "efface les financements saisis pour ce poste" in (corps.get("reste") or [corps["phrase"]])[0]
    ligne.refresh_from_db()
    assert (ligne.nature, ligne.financements.count()) == ("creation", 1)


def test_un_ajout_dont_la_reponse_s_est_perdue_n_ajoute_qu_un_poste(client, dossier):
    une_page = saisie(envoi="meme-page") | {"version": "v1"}

    suites = [
        client.post(adresse("poste_ajouter", dossier), une_page, headers={"Accept": "application/json"}).json()["suite"]
        for _ in range(2)
    ]

    assert suites == [adresse("postes", dossier)] * 2
    assert LignePoste.objects.count() == 1
