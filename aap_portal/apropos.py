"""The pages that the law wants on every public site, open to all."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
def accessibilite(request):
    return render(request, "mentions/accessibilite.html")


@require_safe
@login_not_required
def mentions_legales(request):
    return render(request, "mentions/mentions_legales.html")


@require_safe
@login_not_required
def donnees_personnelles(request):
    return render(request, "mentions/donnees_personnelles.html")


urlpatterns = [
    path("accessibilite/", accessibilite, name="accessibilite"),
    path("mentions-legales/", mentions_legales, name="mentions_legales"),
    path("donnees-personnelles/", donnees_personnelles, name="donnees_personnelles"),
]
