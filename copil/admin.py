"""The grid is edited here until a session freezes it. All the rest is read only, without the dossiers of a declared
conflict, and without the scores of a session that is not closed."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied

from aap_portal.referentiel.administration import HistoriqueAdmin, LectureSeuleAdmin
from candidatures.droits import en_conflit
from candidatures.models import Dossier

from .models import (
    AvisNational,
    BlocGrille,
    Critere,
    Decision,
    DecisionPoste,
    Deport,
    Evaluation,
    Grille,
    Inscription,
    MembreSeance,
    NoteCritere,
    Seance,
)


class _FigeeAvecLaGrille:
    """No change once the grid is frozen; `grille_de` leads from the row to it."""

    def grille_de(self, objet):
        return objet.grille

    def _est_libre(self, objet):
        return objet is None or not self.grille_de(objet).est_figee

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and self._est_libre(obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and self._est_libre(obj)


class _Ligne(_FigeeAvecLaGrille, admin.TabularInline):
    """`obj` is the parent: a block of the grid, or the grid itself."""

    extra = 0

    def has_add_permission(self, request, obj=None):
        return super().has_add_permission(request, obj) and self._est_libre(obj)


class BlocEnLigne(_Ligne):
    model = BlocGrille
    show_change_link = True

    def grille_de(self, objet):
        return objet


class CritereEnLigne(_Ligne):
    model = Critere


class _GrilleAdmin(_FigeeAvecLaGrille, HistoriqueAdmin):
    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Going back to an older version is a change too."""
        if request.method == "POST" and not self.has_change_permission(request, self.get_object(request, object_id)):
            raise PermissionDenied("Cette grille est figée.")
        return super().history_form_view(request, object_id, version_id, extra_context)


@admin.register(Grille)
class GrilleAdmin(_GrilleAdmin):
    list_display = ["titre", "campagne", "version", "total", "figee_le"]
    list_filter = ["campagne"]
    list_select_related = ["campagne"]
    readonly_fields = ["figee_le"]
    inlines = [BlocEnLigne]

    def grille_de(self, objet):
        return objet


@admin.register(BlocGrille)
class BlocGrilleAdmin(_GrilleAdmin):
    list_display = ["titre", "grille", "ordre", "maximum"]
    list_filter = ["grille"]
    list_select_related = ["grille"]
    inlines = [CritereEnLigne]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("criteres")

    def formfield_for_foreignkey(self, db_field, request, **options):
        """A block is added to a grid that no session has opened yet."""
        if db_field.name == "grille":
            options["queryset"] = Grille.objects.filter(figee_le=None)
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(Critere)
class CritereAdmin(_GrilleAdmin):
    list_display = ["intitule", "bloc", "ordre", "maximum", "motif_obligatoire"]
    list_filter = ["bloc__grille"]
    list_select_related = ["bloc"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("bloc__grille")

    def grille_de(self, objet):
        return objet.bloc.grille

    def formfield_for_foreignkey(self, db_field, request, **options):
        if db_field.name == "bloc":
            options["queryset"] = BlocGrille.objects.filter(grille__figee_le=None).select_related("grille")
        return super().formfield_for_foreignkey(db_field, request, **options)


@admin.register(Seance)
class SeanceAdmin(LectureSeuleAdmin):
    list_display = ["__str__", "campagne", "tenue_le", "lieu", "etat", "close_le"]
    list_filter = ["etat", "campagne"]
    list_select_related = ["campagne__service"]


@admin.register(MembreSeance)
class MembreSeanceAdmin(LectureSeuleAdmin):
    list_display = ["utilisateur", "seance", "actif", "present"]
    list_select_related = ["utilisateur", "seance__campagne__service"]


class _ParDossierAdmin(LectureSeuleAdmin):
    """Rows about a dossier; `chemin` leads from the row to it. A conflict hides them here as everywhere."""

    chemin = "inscription__dossier"
    list_select_related = ["inscription__dossier"]

    def get_queryset(self, request):
        conflits = Dossier.objects.filter(en_conflit(request.user)).values("pk")
        return super().get_queryset(request).exclude(**{f"{self.chemin}__in": conflits})


@admin.register(Inscription)
class InscriptionAdmin(_ParDossierAdmin):
    chemin = "dossier"
    list_display = ["dossier", "seance", "ordre"]
    list_select_related = ["dossier", "seance__campagne__service"]


@admin.register(Evaluation)
class EvaluationAdmin(_ParDossierAdmin):
    """Who has finished, never what they scored."""

    list_display = ["inscription", "membre", "enregistree_le", "finalisee_le"]
    list_select_related = ["inscription__dossier", "membre__utilisateur"]


@admin.register(NoteCritere)
class NoteCritereAdmin(_ParDossierAdmin):
    """Final scores of closed sessions only: before that they are hidden from somebody who sits."""

    chemin = "evaluation__inscription__dossier"
    list_display = ["evaluation", "critere", "note"]
    list_select_related = ["evaluation__membre__utilisateur", "evaluation__inscription__dossier", "critere"]

    def get_queryset(self, request):
        closes = super().get_queryset(request).filter(evaluation__inscription__seance__etat=Seance.Etat.CLOSE)
        return closes.filter(evaluation__finalisee_le__isnull=False)


@admin.register(Deport)
class DeportAdmin(_ParDossierAdmin):
    chemin = "dossier"
    list_display = ["utilisateur", "dossier", "declare_le"]
    list_select_related = ["utilisateur", "dossier"]


@admin.register(AvisNational)
class AvisNationalAdmin(_ParDossierAdmin):
    chemin = "dossier"
    list_display = ["dossier", "sens", "demande_le", "rendu_le"]
    list_filter = ["sens"]
    list_select_related = ["dossier"]


@admin.register(Decision)
class DecisionAdmin(_ParDossierAdmin):
    list_display = ["inscription", "sens", "montant", "etp", "decidee_par", "decidee_le", "notifiee_le"]
    list_filter = ["sens"]
    list_select_related = ["inscription__dossier", "decidee_par"]


@admin.register(DecisionPoste)
class DecisionPosteAdmin(_ParDossierAdmin):
    chemin = "decision__inscription__dossier"
    list_display = ["decision", "ligne", "montant", "etp"]
    list_select_related = ["decision__inscription__dossier", "ligne__poste"]
