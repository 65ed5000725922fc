from django.urls import path

from . import views

app_name = "fichiers"
urlpatterns = [path("fichiers/<uuid:cle>/", views.telecharger, name="telecharger")]
