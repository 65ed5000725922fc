"""Read only, and without the dossiers of a declared conflict: the portal's pages are the only way to act."""

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType

from aap_portal.fichiers.admin import LectureSeuleAdmin as SansHistoriqueAdmin
from aap_portal.referentiel.administration import LectureSeuleAdmin
from aap_portal.referentiel.models import FinancementPoste, JournalEtat, LignePoste, PlanFinancement

from . import droits
from .models import (
    ControleDossier,
    CopieDossier,
    DemandeComplement,
    Depot,
    Dossier,
    LigneBudget,
    Message,
    PartageBrouillon,
    Partenaire,
    PieceJustificative,
    PointComplement,
    ProjectionAnnuelle,
    RappelBrouillon,
    VolumeActivite,
)


def _caches(personne):
    """Dossiers that a declared conflict takes away from this person."""
    return Dossier.objects.filter(droits.en_conflit(personne)).values("pk")


class _ParDossierAdmin(LectureSeuleAdmin):
    """Rows of a dossier; `chemin` leads from the row to it."""

    chemin = "dossier"
    list_select_related = ["dossier"]

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(**{f"{self.chemin}__in": _caches(request.user)})


@admin.register(Dossier)
class DossierAdmin(_ParDossierAdmin):
    chemin = "pk"
    list_display = ["numero", "structure", "campagne", "etat", "incomplet", "hors_delai", "depose_le", "instructeur"]
    list_filter = ["etat", "campagne", "incomplet", "hors_delai"]
    list_select_related = ["structure", "campagne", "instructeur"]
    search_fields = ["numero", "structure__denomination", "structure__siret"]


@admin.register(PieceJustificative)
class PieceJustificativeAdmin(_ParDossierAdmin):
    list_display = ["dossier", "code", "fichier", "reference", "non_concerne", "ajoutee_le", "retiree_le"]
    list_filter = ["code"]
    list_select_related = ["dossier", "fichier"]
    search_fields = ["dossier__numero"]


@admin.register(Depot)
class DepotAdmin(_ParDossierAdmin):
    list_display = ["dossier", "rang", "depose_le", "par", "hors_delai", "incomplet", "empreinte"]
    list_select_related = ["dossier", "par"]
    search_fields = ["dossier__numero"]


@admin.register(DemandeComplement)
class DemandeComplementAdmin(_ParDossierAdmin):
    list_display = ["dossier", "rang", "etat", "au_depot", "envoyee_le", "echeance_le", "terminee_le", "par"]
    list_filter = ["etat", "au_depot"]
    list_select_related = ["dossier", "par"]
    search_fields = ["dossier__numero"]


@admin.register(PointComplement)
class PointComplementAdmin(_ParDossierAdmin):
    chemin = "demande__dossier"
    list_display = ["demande", "objet", "question", "reponse"]
    list_select_related = ["demande__dossier"]
    search_fields = ["demande__dossier__numero"]


@admin.register(ControleDossier)
class ControleDossierAdmin(_ParDossierAdmin):
    list_display = ["dossier", "objet", "constat", "par", "le"]
    list_filter = ["constat"]
    list_select_related = ["dossier", "par"]
    search_fields = ["dossier__numero"]


@admin.register(LigneBudget)
class LigneBudgetAdmin(_ParDossierAdmin):
    list_display = ["dossier", "budget", "compte", "montant"]
    list_filter = ["budget"]
    search_fields = ["dossier__numero"]


@admin.register(VolumeActivite)
class VolumeActiviteAdmin(_ParDossierAdmin):
    list_display = ["dossier", "segment", "marches_actuels", "marches_prevus", "heures_prevues"]
    search_fields = ["dossier__numero"]


@admin.register(Partenaire)
class PartenaireAdmin(_ParDossierAdmin):
    list_display = ["dossier", "denomination", "siret", "contact_courriel"]
    search_fields = ["dossier__numero", "denomination", "siret"]


@admin.register(ProjectionAnnuelle)
class ProjectionAnnuelleAdmin(_ParDossierAdmin):
    list_display = ["dossier", "rang", "etp", "cout", "subvention", "cofinancements"]
    search_fields = ["dossier__numero"]


@admin.register(PartageBrouillon)
class PartageBrouillonAdmin(_ParDossierAdmin):
    list_display = ["dossier", "ouvert_le", "ouvert_par", "ferme_le", "ferme_par"]
    list_select_related = ["dossier", "ouvert_par", "ferme_par"]
    search_fields = ["dossier__numero"]


@admin.register(CopieDossier)
class CopieDossierAdmin(_ParDossierAdmin):
    list_display = ["dossier", "format", "demandee_le", "demandee_par", "prete_le"]
    list_filter = ["format"]
    list_select_related = ["dossier", "demandee_par"]
    search_fields = ["dossier__numero"]


class _JournalDeDossierAdmin(SansHistoriqueAdmin):
    """Rows of a dossier that are never changed, hence without history."""

    def get_queryset(self, request):
        return super().get_queryset(request).exclude(dossier__in=_caches(request.user))


@admin.register(Message)
class MessageAdmin(_JournalDeDossierAdmin):
    """Who wrote to whom and when; the text is read on the page of the dossier, by its two sides."""

    fields = ["dossier", "auteur", "cote", "envoye_le", "lu_le", "lu_par"]
    list_display = fields
    list_filter = ["cote"]
    list_select_related = ["dossier", "auteur", "lu_par"]
    search_fields = ["dossier__numero"]


@admin.register(RappelBrouillon)
class RappelBrouillonAdmin(_JournalDeDossierAdmin):
    list_display = ["dossier", "cloture_le", "jours", "envoye_le"]
    list_select_related = ["dossier"]
    search_fields = ["dossier__numero"]


class _ParStructureAdmin(LectureSeuleAdmin):
    """Plans belong to a dossier or to what comes of it: those of a structure in conflict are hidden as a whole."""

    chemin = "lignes__poste__structure__dossiers"

    def get_queryset(self, request):
        trouves = super().get_queryset(request)
        return trouves.exclude(pk__in=trouves.filter(**{f"{self.chemin}__in": _caches(request.user)}).values("pk"))


@admin.register(PlanFinancement)
class PlanFinancementAdmin(_ParStructureAdmin):
    list_display = ["pk", "campagne", "mois", "fige_le"]
    list_select_related = ["campagne"]


@admin.register(LignePoste)
class LignePosteAdmin(_ParStructureAdmin):
    chemin = "poste__structure__dossiers"
    list_display = ["poste", "nature", "quotite_avant", "quotite_apres", "cout_annuel"]
    list_filter = ["nature"]
    list_select_related = ["poste"]
    search_fields = ["poste__intitule", "poste__structure__denomination"]


@admin.register(FinancementPoste)
class FinancementPosteAdmin(_ParStructureAdmin):
    chemin = "ligne__poste__structure__dossiers"
    list_display = ["ligne", "source", "precision", "annee", "montant", "etat"]
    list_filter = ["source", "etat"]
    list_select_related = ["ligne__poste"]


@admin.register(JournalEtat)
class JournalEtatAdmin(SansHistoriqueAdmin):
    """Who changed the state of what, and why."""

    list_display = ["le", "type_objet", "objet_id", "de", "vers", "par", "motif"]
    list_filter = ["type_objet", "vers"]
    list_select_related = ["type_objet", "par"]
    date_hierarchy = "le"

    def get_queryset(self, request):
        type_dossier = ContentType.objects.get_for_model(Dossier)
        return super().get_queryset(request).exclude(type_objet=type_dossier, objet_id__in=_caches(request.user))
