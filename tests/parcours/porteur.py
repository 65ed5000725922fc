"""The gestures of a porteur, from the account to the receipt."""

from tests.factories import siret
from tests.fichiers.echantillons import pdf
from tests.parcours.navigation import dernier_lien, lire, presser, remplir, se_connecter, telecharger

ADRESSE, PHRASE = "awa@structure.example", "quatre mots bien choisis ensemble"
SIRET = siret(4321)


def ouvrir_un_compte(page):
    page.goto("/compte/inscription/")
    remplir(page, first_name="Awa", last_name="Exemple", email=ADRESSE, password1=PHRASE, password2=PHRASE)
    presser(page, "Créer mon compte")
    page.goto(dernier_lien(ADRESSE))
    presser(page, "Confirmer mon adresse")
    if "/connexion/" in page.url:
        remplir(page, login=ADRESSE, password=PHRASE)
        presser(page, "Se connecter")
    assert page.locator("h1").inner_text().startswith("Bonjour")


def inscrire_sa_structure(page):
    presser(page, "Donner le SIRET de ma structure")
    remplir(page, siret=SIRET[:-1] + str((int(SIRET[-1]) + 1) % 10))
    presser(page, "Continuer")
    assert page.title().startswith("Erreur")
    remplir(page, siret=f"{SIRET[:3]} {SIRET[3:6]} {SIRET[6:9]} {SIRET[9:]}")
    presser(page, "Continuer")
    remplir(
        page,
        denomination="Association Exemple du Sud",
        categorie="association",
        situation="existante",
        adresse="1 rue de l’Exemple",
        code_postal="97600",
        ville="Mamoudzou",
        courriel="contact@structure.example",
        representant_prenom="Dominique",
        representant_nom="Exemple",
        representant_qualite="Présidente",
        iban="FR14 2004 1010 0505 0001 3M02 606",
    )
    presser(page, "Enregistrer la structure")


def commencer_un_dossier(page):
    """The number of the new dossier."""
    page.goto("/dossiers/")
    presser(page, "Commencer un dossier")
    return page.url.rstrip("/").rpartition("/")[2]


def remplir_les_rubriques(page, numero):
    _rubrique(
        page,
        f"/dossiers/{numero}/structure/",
        contact_nom="Awa Exemple",
        contact_courriel=ADRESSE,
        presentation="Association d’insertion active depuis 2017.",
        subventions_publiques="90 000,00",
    )
    _rubrique(
        page,
        f"/dossiers/{numero}/projet/",
        intitule="Développer la clause sociale dans le Sud",
        diagnostic="132 marchés clausés et 367 069 heures auprès de 19 acheteurs.",
        objectifs="Suivre 40 marchés de plus.",
        strategie="Rencontrer chaque acheteur public.",
    )
    _rubrique(
        page,
        f"/dossiers/{numero}/territoire/",
        implantation="Trois salariés à Bandrélé.",
        reponse_zones_blanches="Une permanence par mois.",
    )


def ajouter_un_poste(page, numero, commune):
    page.goto(f"/dossiers/{numero}/postes/ajouter/")
    remplir(
        page,
        metier="facilitateur",
        intitule="Facilitatrice Sud",
        nature="creation",
        quotite_apres="1",
        cout_annuel="40 000,00",
        communes=[str(commune.pk)],
    )
    page.locator("#calcul", has_text="28 000,00").wait_for()  # the State's share follows the typing
    presser(page, "Enregistrer le poste")


def financer(page, numero, ligne):
    """Above the cap first: the page says so while one types; then right, and balanced."""
    page.goto(f"/dossiers/{numero}/plan/")
    subvention, prefixe = f"ligne_{ligne}-aap-montant", f"ligne_{ligne}-0"
    remplir(page, **{subvention: "28 000,01", f"{prefixe}-source": "fonds_propres", f"{prefixe}-montant": "11999,99"})
    page.locator("#constat .pa-jauge", has_text="70").first.wait_for()
    remplir(page, **{subvention: "28 000,00", f"{prefixe}-montant": "12000"})
    presser(page, "Enregistrer et continuer")


def remplir_missions_et_budgets(page, numero):
    _rubrique(
        page,
        f"/dossiers/{numero}/missions/",
        missions=[page.locator('[name="missions"]').first],
        position_marches_etat="Chaque acheteur de l’État est rencontré.",
        volumes_etat_marches_prevus="10",
        volumes_etat_heures_prevues="12 000",
    )
    budgets = {"structure_64": "40 000", "structure_74": "40 000"}  # the project's come from the plan
    for rang in (2, 3):
        annee = {"etp": "1", "cout": "40000", "subvention": "28000", "cofinancements": "12000"}
        budgets |= {f"projection_{rang}_{champ}": valeur for champ, valeur in annee.items()}
    _rubrique(page, f"/dossiers/{numero}/budgets/", **budgets)


def essayer_de_deposer_trop_tot(page, numero):
    """Every reason at once, each with its link."""
    page.goto(f"/dossiers/{numero}/deposer/")
    presser(page, "Déposer le dossier", dans="main form")
    assert page.title().startswith("Erreur"), lire(page)
    resume = page.locator(".pa-erreurs")
    liens = resume.get_by_role("link").all_inner_texts()
    assert len(liens) >= 3
    assert "Il manque 3 pièces" in lire(page)
    with page.expect_navigation():
        resume.get_by_role("link").first.click()
    assert f"/dossiers/{numero}/" in page.url


def attester(page, numero):
    cases = ("exactitude", "obligations", "engagement", "charte", "maintien", "compte")
    _rubrique(
        page,
        f"/dossiers/{numero}/attestations/",
        **{f"atteste_{case}": True for case in cases},
        aides_publiques="jusqu_a",
        qualite_signataire="representant",
    )


def donner_les_pieces(page, numero):
    page.goto(f"/dossiers/{numero}/pieces/")
    for code in ("rapport_activite", "comptes_annuels", "attestation_structure", "rib"):
        carte = page.locator(f"#piece-{code}")
        if carte.locator("details:not([open])").count():
            carte.locator("summary").click()
        carte.locator("input[type=file]").set_input_files(
            {"name": f"{code}.pdf", "mimeType": "application/pdf", "buffer": pdf(pages=len(code))}
        )
        page.locator(f"#piece-{code}", has_text=f"« {code}.pdf » est ajouté").wait_for()


def deposer(page, numero):
    """The bytes of the receipt."""
    page.goto(f"/dossiers/{numero}/deposer/")
    presser(page, "Déposer le dossier", dans="main form")
    assert "/recepisse/1/" in page.url, lire(page)
    recu = lire(page)
    assert numero in recu
    assert "heure de Mayotte" in recu
    assert "rapport_activite.pdf" in recu
    return telecharger(page, "Télécharger le récépissé").read_bytes()


def revenir(page):
    se_connecter(page, ADRESSE, PHRASE)


def lire_la_decision(page, numero):
    """From the home page: what is granted, the letter, and the way to appeal in it."""
    presser(page, "Lire")
    assert f"/dossiers/{numero}/decision/" in page.url
    assert "20 000,00 €" in lire(page)
    assert telecharger(page, "Lettre de notification").read_bytes().startswith(b"%PDF")


def _rubrique(page, chemin, **reponses):
    page.goto(chemin)
    for nom, reponse in reponses.items():
        if isinstance(reponse, list):
            page.locator(f'main [name="{nom}"]').first.check(force=True)
        else:
            remplir(page, **{nom: reponse})
    presser(page, "Enregistrer et continuer")
    assert not page.title().startswith("Erreur"), lire(page)
