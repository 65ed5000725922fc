"""The instructor's queue: what may be searched, filtered and sorted, on screen as in the spreadsheet."""

import django_filters
from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from aap_portal.comptes.models import Role, Utilisateur
from aap_portal.referentiel.identifiants import compacter
from aap_portal.referentiel.models import (
    Campagne,
    FinancementPoste,
    LignePoste,
    Metier,
    Nature,
    Service,
    Source,
    Structure,
)

from .models import DemandeComplement, Dossier

EN_ATTENTE = Q(etat=Dossier.Etat.DEPOSE, hors_delai=True, hors_delai_admis=None)
ONGLETS = {
    "": ("À instruire", Q(etat=Dossier.Etat.DEPOSE) & ~EN_ATTENTE),
    "hors-delai": ("Hors délai, à trancher", EN_ATTENTE),
    "tous": ("Tous les dossiers", Q()),
}
TRIS = {
    "rejet": "Rejet implicite",
    "numero": "Numéro",
    "structure": "Structure",
    "depot": "Dépôt",
    "montant": "Montant demandé",
}
MOI, PERSONNE = "moi", "personne"


class FileFilter(django_filters.FilterSet):
    """Filters of the queue. `request.user` says which campaigns and colleagues may be chosen."""

    q = django_filters.CharFilter(method="chercher", label="Numéro, structure ou SIRET")
    campagne = django_filters.ModelChoiceFilter(
        label="Campagne", queryset=Campagne.objects.none(), empty_label="Toutes"
    )
    etat = django_filters.ChoiceFilter(
        label="État",
        choices=[choix for choix in Dossier.Etat.choices if choix[0] != Dossier.Etat.BROUILLON],
        empty_label="Tous",
    )
    categorie = django_filters.ChoiceFilter(
        field_name="structure__categorie", label="Statut juridique", choices=Structure.Categorie, empty_label="Tous"
    )
    situation = django_filters.ChoiceFilter(
        field_name="structure__situation",
        label="Situation",
        choices=[("existante", "Porte déjà un poste"), ("emergente", "Émergente")],
        empty_label="Toutes",
    )
    metier = django_filters.ChoiceFilter(
        method="demander_le_metier", label="Métier demandé", choices=Metier, empty_label="Tous"
    )
    suivi = django_filters.ChoiceFilter(method="suivre", label="Suivi par", empty_label="Tous")
    incomplet = django_filters.ChoiceFilter(
        label="Complétude", choices=[("1", "Incomplet"), ("0", "Complet")], method="trier_complets", empty_label="Tous"
    )

    complements = django_filters.ChoiceFilter(
        label="Compléments",
        choices=[
            ("attente", "En attente"),
            ("depasse", "Échéance passée"),
            ("repondu", "Répondus"),
        ],
        method="suivre_les_complements",
        empty_label="Tous",
    )

    class Meta:
        model = Dossier
        fields = []

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.onglet = self.data.get("onglet", "")
        if self.onglet not in ONGLETS:
            self.onglet = ""
        self.tri = self.data.get("tri", "")
        if self.tri.removeprefix("-") not in TRIS:
            self.tri = "rejet"
        services = self.request.user.services(Role.INSTRUCTEUR, Role.ADMINISTRATEUR)
        self.filters["campagne"].queryset = Campagne.objects.filter(service__in=services)
        self.filters["suivi"].extra["choices"] = _suivis(self.request.user, services)
        if self.onglet != "tous":
            del self.filters["etat"]
        self.form.sans_mention = True

    @property
    def est_filtre(self):
        return any(self.form.cleaned_data.values()) if self.form.is_valid() else True

    def filter_queryset(self, queryset):
        trouves = super().filter_queryset(queryset).filter(ONGLETS[self.onglet][1])
        return _trier(trouves, self.tri)

    def onglets(self, queryset):
        """The tabs with their counts, in one query: (key, label, count)."""
        comptes = queryset.aggregate(
            **{
                cle.replace("-", "_") or "file": Count("pk", filter=condition)
                for cle, (_, condition) in ONGLETS.items()
                if condition
            },
            tous=Count("pk"),
        )
        return [(cle, libelle, comptes[cle.replace("-", "_") or "file"]) for cle, (libelle, _) in ONGLETS.items()]

    def chercher(self, queryset, _, texte):
        q = (
            Q(numero__icontains=texte)
            | Q(structure__denomination__icontains=texte)
            | Q(structure__sigle__icontains=texte)
        )
        if (numero := compacter(texte)).isdigit():
            q |= Q(structure__siret__contains=numero)
        return queryset.filter(q)

    def demander_le_metier(self, queryset, _, metier):
        lignes = LignePoste.objects.filter(plan=OuterRef("plan"), poste__metier=metier).exclude(nature=Nature.EXISTANT)
        return queryset.filter(Exists(lignes))

    def suivre(self, queryset, _, qui):
        if qui == PERSONNE:
            return queryset.filter(instructeur=None)
        return queryset.filter(instructeur=self.request.user.pk if qui == MOI else qui)

    def suivre_les_complements(self, queryset, _, valeur):
        if valeur == "repondu":
            return complements_repondus(queryset)
        if valeur == "depasse":
            return complements_depasses(queryset, timezone.now())
        return queryset.filter(Exists(_demandes("ouverte")))

    def trier_complets(self, queryset, _, valeur):
        return queryset.filter(incomplet=valeur == "1")


def _suivis(personne, services):
    """Me, nobody, then each colleague of my services."""
    collegues = (
        Utilisateur.objects.filter(
            habilitations__service__in=services,
            habilitations__role__in=[Role.INSTRUCTEUR, Role.ADMINISTRATEUR],
            habilitations__actif=True,
        )
        .exclude(pk=personne.pk)
        .distinct()
    )
    return [(MOI, "Moi"), (PERSONNE, "Personne"), *((str(agent.pk), str(agent)) for agent in collegues)]


def _trier(dossiers, tri):
    cle, descendant = tri.removeprefix("-"), tri.startswith("-")
    if cle == "montant":
        dossiers = dossiers.annotate(montant=Subquery(_montants()))
    if cle == "rejet":
        dossiers = dossiers.annotate(
            sans_terme=Case(When(Q(incomplet=True) | Exists(_suspensives()), then=Value(1)), default=Value(0)),
            depart=ExpressionWrapper(
                Coalesce("recu_par_courriel_le", "depose_le") + F("suspendu"), output_field=DateTimeField()
            ),
        )
    champs = {
        "rejet": ["sans_terme", "depart"],
        "numero": ["numero"],
        "structure": ["structure__denomination"],
        "depot": ["depose_le"],
        "montant": ["montant"],
    }[cle]
    ordre = [F(champ).desc(nulls_last=True) if descendant else F(champ).asc(nulls_last=True) for champ in champs]
    return dossiers.order_by(*ordre, "-pk")


def _suspensives():
    """Requests whose time to answer still runs: after it, the delay goes on (CRPA, L. 114-5)."""
    return _demandes("ouverte").filter(Q(au_depot=True) | Q(echeance_le__gte=timezone.localdate()))


def _demandes(*etats):
    return DemandeComplement.objects.filter(dossier=OuterRef("pk"), etat__in=etats)


def complements_repondus(dossiers):
    """Those whose answer waits for the instructor, as a dossier says it of itself (`Dossier.complement_a_lire`)."""
    a_reprendre = dossiers.filter(etat__in=[Dossier.Etat.DEPOSE, Dossier.Etat.AJOURNE])
    return a_reprendre.filter(Exists(_demandes("repondue")), ~Exists(_demandes("ouverte")))


def complements_depasses(dossiers, le):
    """Those whose structure did not answer by the last day, in each service's own time."""
    fuseaux = Service.objects.filter(campagnes__dossiers__in=dossiers).distinct()
    depassees = Q(pk__in=[])
    for service in fuseaux:
        depassees |= Q(dossier__campagne__service=service, echeance_le__lt=le.astimezone(service.zone).date())
    return dossiers.filter(Exists(_demandes("ouverte").filter(depassees)))


def _montants():
    aap = FinancementPoste.objects.filter(ligne__plan=OuterRef("plan"), source=Source.AAP).exclude(
        ligne__nature=Nature.EXISTANT
    )
    return aap.order_by().values("ligne__plan").annotate(total=Sum("montant")).values("total")
