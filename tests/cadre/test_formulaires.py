"""The crispy pack: labels, hints, errors and required marks as the design system prescribes."""

import pytest
from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.utils.html import format_html
from pytest_django.asserts import assertContains, assertInHTML, assertNotContains

from tests.cadre.vitrine import LignesFormSet, MiseEnPageForm, VitrineForm

LIGNES_VIDES = {"lignes-TOTAL_FORMS": "0", "lignes-INITIAL_FORMS": "0"}


def rendu(gabarit, **contexte):
    return Template("{% load crispy_forms_tags %}" + gabarit).render(Context(contexte))


def test_l_aide_est_dans_l_etiquette_et_annoncee_par_son_identifiant():
    html = rendu("{{ form.siret|as_crispy_field }}", form=VitrineForm())
    assertInHTML(
        '<label class="fr-label" for="id_siret">SIRET (facultatif)'
        '<span class="fr-hint-text" id="id_siret_helptext">14 chiffres, sans espace.</span></label>',
        html,
    )
    assertInHTML(
        '<input type="text" name="siret" class="fr-input" aria-describedby="id_siret_helptext" id="id_siret">', html
    )


class AidesForm(forms.Form):
    texte = forms.CharField(help_text="moins de < 10 & plus")
    voulu = forms.CharField(help_text=format_html("voir <em>{}</em>", "<la notice>"))
    de_django = forms.CharField(help_text=password_validators_help_text_html())
    case = forms.BooleanField(help_text="<script>alert(1)</script>")


def test_une_aide_est_du_texte_sauf_si_elle_se_dit_elle_meme_du_html():
    html = rendu("{{ form|crispy }}", form=AidesForm())
    assert "moins de &lt; 10 &amp; plus" in html
    assert "voir <em>&lt;la notice&gt;</em>" in html
    assert "<ul><li>" in html
    assert "<script>" not in html


def test_une_erreur_est_sous_le_champ_et_sous_l_identifiant_que_django_annonce():
    html = rendu("{{ form.montant|as_crispy_field }}", form=VitrineForm({"montant": "abc"}))
    assert 'class="fr-input-group fr-input-group--error' in html
    assert 'aria-describedby="id_montant_helptext id_montant_error"' in html
    assert 'aria-invalid="true"' in html
    assertInHTML(
        '<div class="fr-messages-group" id="id_montant_error"><p class="fr-error-text">'
        "Saisissez un nombre, par exemple « 12 345,50 » (deux décimales au plus).</p></div>",
        html,
    )


def test_la_saisie_refusee_est_rendue_telle_quelle():
    html = rendu("{{ form.montant|as_crispy_field }}", form=VitrineForm({"montant": "12 abc"}))
    assert 'value="12 abc"' in html


def test_les_boutons_radio_forment_un_groupe_nomme():
    html = rendu("{{ form.metier|as_crispy_field }}", form=VitrineForm({"metier": "coordinateur"}))
    assert '<fieldset class="fr-fieldset ' in html
    assert 'aria-describedby="id_metier_helptext"' in html
    assertInHTML('<input type="radio" name="metier" value="coordinateur" id="id_metier_1" required checked>', html)
    assertInHTML('<label class="fr-label" for="id_metier_0">Facilitateur</label>', html)


@pytest.mark.parametrize(
    ("champ", "classe"),
    [
        ("categorie", "fr-select"),
        ("piece", "fr-upload"),
        ("projet", "fr-input"),
        ("courriel", "fr-input"),
        ("prise_le", "fr-input"),
    ],
)
def test_chaque_saisie_porte_la_classe_du_systeme(champ, classe):
    html = rendu("{{ form.champ|as_crispy_field }}".replace("champ", champ), form=VitrineForm())
    assert f'class="{classe}"' in html


def test_les_attributs_de_la_saisie_sont_gardes():
    html = rendu("{{ form|crispy }}", form=VitrineForm())
    assert 'autocomplete="organization"' in html
    assert 'inputmode="decimal"' in html
    assert 'rows="4"' in html


def test_l_obligation_est_dite_une_fois_et_le_facultatif_a_chaque_fois():
    html = rendu("{{ form|crispy }}", form=VitrineForm())
    assert html.count("Sauf mention contraire, tous les champs sont obligatoires.") == 1
    assert html.count("(facultatif)") == 2  # the SIRET and the file; never a box to tick, never a hidden field


def test_un_formulaire_de_filtres_ne_dit_ni_obligatoire_ni_facultatif():
    class Filtres(forms.Form):
        sans_mention = True
        etat = forms.CharField(required=False)

    html = rendu("{{ form|crispy }}", form=Filtres())
    assert "facultatif" not in html
    assert "obligatoires" not in html


def test_le_resume_renvoie_a_chaque_champ_en_erreur(client, site):
    reponse = client.post("/vitrine/formulaires/", LIGNES_VIDES | {"nom": "Association"})
    assertContains(reponse, 'role="alert" tabindex="-1" data-focus', status_code=422)
    assertContains(
        reponse, '<a href="#id_montant">Montant demandé : Saisissez un montant.</a>', status_code=422, html=True
    )
    assertContains(reponse, 'href="#id_metier_0"', status_code=422)
    assertNotContains(reponse, 'href="#id_nom">Nom de la structure', status_code=422)


def test_le_resume_des_obstacles_donne_lien_et_reference(client, site):
    reponse = client.post("/vitrine/formulaires/", LIGNES_VIDES)
    assertContains(
        reponse, '<a href="#id_montant">La subvention dépasse 70 % de l’assiette.</a>', status_code=422, html=True
    )
    assertContains(reponse, "(AAP 2022, B.2-3)", status_code=422)
    assertContains(reponse, '<a href="/pieces/">Il manque le RIB.</a>', status_code=422, html=True)
    assertContains(reponse, "<li>Le dépôt est clos.</li>", status_code=422, html=True)


def test_une_erreur_du_formulaire_entier_est_dans_le_resume():
    form = MiseEnPageForm({"prenom": "A", "nom": "B"})
    html = rendu("{% crispy form %}", form=form)
    assertInHTML("<li>Le nom et la ville ne vont pas ensemble.</li>", html)


def test_la_mise_en_page_de_crispy_est_suivie():
    html = rendu("{% crispy form %}", form=MiseEnPageForm(), csrf_token="jeton")
    assert '<form  method="post" novalidate>' in html
    assert 'name="csrfmiddlewaretoken" value="jeton"' in html
    assertInHTML('<legend class="fr-fieldset__legend">Représentant</legend>', html)
    assertInHTML(
        '<button type="submit" name="enregistrer" value="Enregistrer" class="fr-btn" id="submit-id-enregistrer">Enregistrer</button>',
        html,
    )
    assert '<button type="submit" name="apercu" value="Aperçu" class="fr-btn  fr-btn--secondary"' in html
    assert '<input type="hidden" name="suite" value="oui">' in html
    assert '<div class="bloc-ville">' in html


def test_un_formset_porte_sa_gestion_et_le_rang_de_ses_lignes():
    lignes = {
        "lignes-TOTAL_FORMS": "2",
        "lignes-INITIAL_FORMS": "0",
        "lignes-0-financeur": "FSE",
        "lignes-1-montant": "x",
    }
    html = rendu("{{ formset|crispy }}", formset=LignesFormSet(lignes, prefix="lignes"))
    assert 'name="lignes-TOTAL_FORMS"' in html
    assert "Ligne 2</legend>" in html
    assert '<a href="#id_lignes-1-financeur">Ligne 2, Financeur : Ce champ est obligatoire.</a>' in html


def test_ce_qu_une_personne_a_tape_est_echappe():
    html = rendu("{{ form|crispy }}", form=VitrineForm({"nom": "<script>x</script>"}))
    assert "<script>" not in html


def test_un_champ_de_tableau_est_nomme_sans_etiquette_visible():
    html = rendu('{% champ_nu form.montant "Montant, poste Sud" %}', form=VitrineForm())
    assert 'aria-label="Montant, poste Sud"' in html
    assert "<label" not in html
    assert 'id="id_montant_helptext"' in html


def test_le_fichier_deja_depose_est_dit():
    class Piece(forms.Form):
        piece = forms.FileField(label="RIB")

    depose = SimpleUploadedFile("rib.pdf", b"%PDF")
    depose.url = "/fichiers/1/"
    html = rendu("{{ form|crispy }}", form=Piece(initial={"piece": depose}))
    assert "Fichier déjà déposé : rib.pdf. Un nouveau fichier le remplacera." in html
