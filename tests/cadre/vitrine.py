"""A page with every component and every state of a form: what the tests of the frame look at."""

from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Button, ButtonHolder, Column, Div, Fieldset, Hidden, Layout, Row, Submit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import render
from django.urls import path

from aap_portal.comptes.models.droits import Role
from aap_portal.referentiel.erreurs import Obstacle
from aap_portal.referentiel.montants import MontantFormField
from aap_portal.urls import handler400, handler403, handler404, handler429, handler500  # noqa: F401
from aap_portal.urls import urlpatterns as urls_du_portail

COMMUNES = [("97608", "Dzaoudzi"), ("97611", "Mamoudzou"), ("97616", "Sada")]


class VitrineForm(forms.Form):
    nom = forms.CharField(label="Nom de la structure", widget=forms.TextInput(attrs={"autocomplete": "organization"}))
    siret = forms.CharField(label="SIRET", help_text="14 chiffres, sans espace.", required=False)
    courriel = forms.EmailField(label="Adresse électronique")
    projet = forms.CharField(
        label="Le projet", widget=forms.Textarea(attrs={"rows": 4}), help_text="Dix lignes au plus."
    )
    categorie = forms.ChoiceField(label="Catégorie", choices=[("", "Choisir"), ("association", "Association")])
    metier = forms.ChoiceField(
        label="Métier",
        choices=[("facilitateur", "Facilitateur"), ("coordinateur", "Coordinateur")],
        widget=forms.RadioSelect,
        help_text="Celui du poste demandé.",
    )
    communes = forms.MultipleChoiceField(label="Communes", choices=COMMUNES, widget=forms.CheckboxSelectMultiple)
    montant = MontantFormField(label="Montant demandé", help_text="En euros, par exemple « 12 345,50 ».")
    prise_le = forms.DateField(label="Prise de poste", widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    piece = forms.FileField(label="Budget signé", help_text="PDF, 20 Mo au plus.", required=False)
    atteste = forms.BooleanField(label="J’atteste l’exactitude des renseignements", help_text="Engage la structure.")
    jeton = forms.CharField(widget=forms.HiddenInput, required=False)


class MiseEnPageForm(forms.Form):
    prenom = forms.CharField(label="Prénom")
    nom = forms.CharField(label="Nom")
    ville = forms.CharField(label="Ville", required=False)

    def clean(self):
        raise forms.ValidationError("Le nom et la ville ne vont pas ensemble.")

    @property
    def helper(self):
        helper = FormHelper()
        helper.layout = Layout(
            Fieldset("Représentant", Row("prenom", Column("nom"))),
            Div("ville", css_class="bloc-ville"),
            HTML("<p>Une phrase libre.</p>"),
            Hidden("suite", "oui"),
            ButtonHolder(
                Submit("enregistrer", "Enregistrer"),
                Submit("apercu", "Aperçu", css_class="fr-btn--secondary"),
                Button("annuler", "Annuler"),
            ),
        )
        return helper


class LigneForm(forms.Form):
    financeur = forms.CharField(label="Financeur")
    montant = MontantFormField(label="Montant")


LignesFormSet = forms.formset_factory(LigneForm, extra=1, can_delete=True)

OBSTACLES = [
    Obstacle("plafond", "La subvention dépasse 70 % de l’assiette.", champ="id_montant", reference="AAP 2022, B.2-3"),
    Obstacle("piece", "Il manque le RIB.", lien="/pieces/"),
    Obstacle("delai", "Le dépôt est clos."),
]


class Personne(SimpleNamespace):
    """Stands for a signed-in person, without any database."""

    is_authenticated = True
    is_active = True
    pk = 1
    droits_par_structure = {}

    def __str__(self):
        return "Échati Exemple"


def personne(role):
    agent = role in {Role.INSTRUCTEUR, Role.ADMINISTRATEUR}
    return Personne(
        is_staff=role == Role.ADMINISTRATEUR,
        roles_par_service={1: {role}} if role else {},
        est_agent=agent,
        est_externe=bool(role) and not agent,
        est_porteur=not role,
    )


@login_not_required
def vitrine(request):
    if "role" in request.GET:
        request.user = personne(request.GET["role"])
    messages.success(request, "Le dossier est enregistré.")
    messages.warning(request, "La clôture approche.")
    messages.error(request, "Le fichier n’a pas pu être lu.")
    service = SimpleNamespace(
        fuseau="Indian/Mayotte", fuseau_libelle="heure de Mayotte", courriel="aap@service.example"
    )
    return render(
        request,
        "vitrine/vitrine.html",
        {
            "service": service,
            "quand": datetime(2022, 10, 30, 21, 0, tzinfo=UTC),
            "montant": Decimal("63699.99"),
            "page_liste": Paginator(range(200), 10).get_page(request.GET.get("page", 5)),
            "lignes": [("SIRET", "900 000 017 00011"), ("Représentant", None), ("Siège", "Mamoudzou")],
            "etapes": [
                {"libelle": "Éditée", "avancement": "faite", "detail": "12 mars 2024"},
                {"libelle": "Signée par la structure", "avancement": "courante"},
                {"libelle": "Signée par l’État", "avancement": "a_venir"},
            ],
            "fichier": SimpleNamespace(nom="budget-previsionnel.pdf", taille=1258291),
            "lignes_tableau": range(1, 4),
        },
    )


@login_not_required
def formulaires(request):
    donnees = request.POST or None
    fichiers = request.FILES or None
    form = VitrineForm(donnees, fichiers)
    mise_en_page = MiseEnPageForm(donnees)
    formset = LignesFormSet(donnees, prefix="lignes", initial=[{"financeur": "FSE", "montant": Decimal("8000")}])
    contexte = {
        "form": form,
        "mise_en_page": mise_en_page,
        "formset": formset,
        "obstacles": OBSTACLES if donnees else [],
    }
    return render(request, "vitrine/formulaires.html", contexte, status=422 if donnees else 200)


@login_not_required
def refus(request):
    raise PermissionDenied("Ce dossier est instruit par un autre service.")


@login_not_required
def panne(request):
    raise RuntimeError("fault")


urlpatterns = [
    path("vitrine/", vitrine, name="vitrine"),
    path("vitrine/formulaires/", formulaires, name="vitrine_formulaires"),
    path("vitrine/refus/", refus, name="vitrine_refus"),
    path("vitrine/panne/", panne, name="vitrine_panne"),
    *urls_du_portail,
]
