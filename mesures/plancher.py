"""The floor: Django with nothing around it, a page of a few words and a row written, behind the same server and the same base."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

from aap_portal import settings as portail

settings.configure(
    SECRET_KEY=os.environ["SECRET_KEY"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=[],
    DATABASES=portail.DATABASES,
)


def page(request):
    return HttpResponse("<!doctype html><title>Plancher</title><p>Une page nue.</p>")


def ecriture(request):
    """One row, committed as durably as the portal commits a filing."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute("INSERT INTO plancher (texte) VALUES (%s)", [request.POST["texte"]])
    return HttpResponse(status=204)


urlpatterns = [path("", page), path("ecriture/", ecriture)]
application = get_wsgi_application()
