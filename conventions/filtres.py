"""Filters of the list of conventions; the export applies the same ones."""

import django_filters
from django.db.models import Q

from .models import Convention


class ConventionFiltre(django_filters.FilterSet):
    q = django_filters.CharFilter(method="chercher", label="Numéro, structure ou SIRET")
    etat = django_filters.ChoiceFilter(choices=Convention.Etat, label="État", empty_label="Tous")
    annee = django_filters.ChoiceFilter(field_name="dossier__campagne__annee", label="Année", empty_label="Toutes")

    class Meta:
        model = Convention
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        annees = self.queryset.order_by("-dossier__campagne__annee").values_list("dossier__campagne__annee", flat=True)
        self.filters["annee"].extra["choices"] = [(str(annee), str(annee)) for annee in annees.distinct()]
        self.form.sans_mention = True

    def chercher(self, queryset, nom, valeur):
        valeur = valeur.replace("\x00", "").strip()
        return queryset.filter(
            Q(numero__icontains=valeur)
            | Q(dossier__numero__icontains=valeur)
            | Q(dossier__structure__denomination__icontains=valeur)
            | Q(dossier__structure__siret__startswith=valeur.replace(" ", ""))
        )
