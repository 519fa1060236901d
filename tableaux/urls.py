"""Adresses des tableaux de bord : à côté de ce dont ils parlent."""

from django.urls import path

from tableaux.views.dire import DireView
from tableaux.views.fichiers import FichierView
from tableaux.views.pages import ChiffreDetailView, TableauDetailView

app_name = "tableaux"
RACINES = {
    "contrat": "contrats/<slug:slug>/",
    "programme": "contrats/<slug:slug>/programmes/<slug:cle>/",
    "territoire": "territoires/<slug:cle>/",
    "organisme": "organismes/<slug:cle>/",
    "instance": "",
}

urlpatterns = [
    path(
        "atelier/contrats/<slug:slug>/tableau-de-bord/",
        DireView.as_view(),
        name="contrat-dire",
    ),
    *(
        motif
        for genre, racine in RACINES.items()
        for motif in (
            path(f"{racine}tableau-de-bord/", TableauDetailView.as_view(genre=genre), name=genre),
            path(
                f"{racine}tableau-de-bord/chiffres/<slug:chiffre>/",
                ChiffreDetailView.as_view(genre=genre),
                name=f"{genre}-chiffre",
            ),
            path(
                f"{racine}tableau-de-bord/<slug:table>.<slug:extension>",
                FichierView.as_view(genre=genre),
                name=f"{genre}-fichier",
            ),
        )
    ),
]
