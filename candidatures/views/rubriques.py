"""The sections made of answers and of tables: each one form, saved as often as one likes while the dossier is a draft."""

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from aap_portal.comptes.sessions import saisie_a_reprendre, veut_quelques_mots
from aap_portal.referentiel.erreurs import ErreurMetier
from aap_portal.referentiel.models import ZoneBlanche

from ..droits import peut_rediger
from ..forms.saisie import lire_saisie, par_bribes
from ..forms.sections import SECTIONS
from ..lecture import lire_rubrique
from ..models import Dossier
from ..resume import resumer
from ..rubriques import PAR_CODE, RUBRIQUES
from .acces import contexte, dossier_a_ecrire, dossier_visible
from .enregistrement import ce_qui_manque, ce_qui_refuse, enregistre, refuse


@require_http_methods(["GET", "HEAD", "POST"])
def rubrique(request, numero, code):
    if code not in SECTIONS:
        raise Http404
    if request.method == "POST":
        return _enregistrer(request, numero, code)
    dossier = dossier_visible(request, numero)
    page = page_de_rubrique(request, dossier, code)
    if not page["peut_rediger"]:
        return render(request, "candidatures/rubrique_lue.html", page | {"section": lire_rubrique(dossier, code)})
    return _formulaire(request, page, _formulaire_de(dossier, code, saisie_a_reprendre(request)))


def _enregistrer(request, numero, code):
    dossier = dossier_a_ecrire(request, numero)
    try:
        with transaction.atomic():
            verrouille = Dossier.objects.en_redaction(dossier.pk, objet=f"rubrique:{code}")
            prefetch_related_objects([verrouille], *SECTIONS[code].a_lire)
            form = _formulaire_de(verrouille, code, lire_saisie(request))
            ecrit = form.ecrire(verrouille, par=request.user, partielle=par_bribes(request))
    except ErreurMetier as erreur:
        if veut_quelques_mots(request):
            return refuse(str(erreur), fin=True)
        page = page_de_rubrique(request, dossier_visible(request, numero), code) | {"obstacles": erreur.obstacles}
        return _formulaire(request, page, _formulaire_de(page["dossier"], code, lire_saisie(request)), statut=422)
    if not ecrit:
        if veut_quelques_mots(request):
            return refuse(ce_qui_refuse(form))
        return _formulaire(request, page_de_rubrique(request, dossier_visible(request, numero), code), form, statut=422)
    return enregistre(request, verrouille, form, suite(request, dossier, code))


def _formulaire_de(dossier, code, saisie=None):
    form = SECTIONS[code](saisie, dossier=dossier)
    form.limiter(dossier.ouverture.champs(code) or None)  # closed: nothing is written, the typing stays in sight
    return form


def _formulaire(request, page, form, statut=200):
    if page["rubrique"].code == "territoire":
        zones = ZoneBlanche.objects.ouvertes().filter(commune__service=page["service"]).select_related("commune")
        page |= {"zones": zones, "couvertes": {zone.pk for zone in page["dossier"].zones_blanches}}
    page |= {"form": form, "gabarit": f"candidatures/rubriques/{page['rubrique'].code}.html"}
    return render(request, "candidatures/rubrique.html", page, status=statut)


def page_de_rubrique(request, dossier, code):
    """Context of every section's page: its place among the nine, its state, the next one."""
    rang = RUBRIQUES.index(PAR_CODE[code])
    ligne = resumer(dossier).rubriques[rang]
    suivante = RUBRIQUES[rang + 1] if rang + 1 < len(RUBRIQUES) else None
    return contexte(request, dossier) | {
        "peut_rediger": dossier.ouverture.rubrique(code) and peut_rediger(request.user, dossier),
        "entiere": dossier.ouverture.champs(code) is None,
        "rubrique": PAR_CODE[code],
        "ligne": ligne,
        "suivante": suivante,
        "total": len(RUBRIQUES),
    }


def suite(request, dossier, code):
    """« Enregistrer » stays here, « Enregistrer et continuer » opens the next section, the check after the last one."""
    if "continuer" not in request.POST:
        return reverse("candidatures:rubrique", args=[dossier.numero, code])
    if dossier.est_completable:
        return dossier.demande_ouverte.get_absolute_url()
    ce_qui_manque(request, dossier, code)
    rang = RUBRIQUES.index(PAR_CODE[code]) + 1
    if rang == len(RUBRIQUES):
        return reverse("candidatures:verifier", args=[dossier.numero])
    return RUBRIQUES[rang].lien(dossier)
