"""La lecture rapide rend exactement ce que rend le sérialiseur, quel que soit le lecteur."""

import orjson
import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from api.exports import json_serialise
from api.lecture import Lecture
from contrats.api.views import ActionViewSet, ContratViewSet, FicheViewSet
from contrats.models import Action, Contrat, Fiche
from gouvernance.api.views import (
    DecisionViewSet,
    DeliberationViewSet,
    InstanceViewSet,
    SeanceViewSet,
)
from partenaires.api.views import OrganismeViewSet
from perr.api.views import DeclinaisonViewSet
from territoires.api.serializers import TerritoireGeoSerializer
from territoires.api.views import TerritoireViewSet
from territoires.models import Territoire
from tests.api.conftest import (
    declinaison_complete,
    gouvernance_complete,
    organisme_complet,
    territoire_complet,
)
from tests.contrats.factories import FicheFactory

pytestmark = pytest.mark.django_db

VUES = [
    ContratViewSet,
    FicheViewSet,
    ActionViewSet,
    DeclinaisonViewSet,
    InstanceViewSet,
    SeanceViewSet,
    DecisionViewSet,
    DeliberationViewSet,
    OrganismeViewSet,
    TerritoireViewSet,
]


@pytest.fixture
def jeu():
    gouvernance_complete()
    declinaison_complete()
    organisme_complet()
    territoire_complet()


def contexte(utilisateur):
    return {
        "racine": "http://testserver/api/v1/",
        "utilisateur": utilisateur,
        "aujourdhui": timezone.localdate(),
    }


def en_json(valeur):
    return orjson.loads(json_serialise(valeur))


def egaux(lecture, serialiseur, queryset, utilisateur):
    lus = en_json(lecture.lire(queryset, contexte(utilisateur)))
    attendus = en_json(serialiseur(queryset, many=True, context=contexte(utilisateur)).data)
    assert attendus
    assert lus == attendus
    return lus


@pytest.mark.parametrize("vue", VUES, ids=lambda vue: vue.ressource)
@pytest.mark.parametrize("qui", ["anonyme", "administrateur"])
def test_la_lecture_rapide_egale_le_serialiseur(vue, qui, jeu, request):
    utilisateur = request.getfixturevalue(qui)
    modele = vue.serializer_class.Meta.model
    queryset = modele.objects.visibles_par(utilisateur).order_by("pk")
    egaux(vue.lecture, vue.serializer_class, queryset, utilisateur)


def test_la_geometrie_aussi(jeu):
    lecture = Lecture(TerritoireGeoSerializer(), Territoire)
    egaux(lecture, TerritoireGeoSerializer, Territoire.objects.order_by("pk"), AnonymousUser())


def listes(objet, chemin=""):
    """(chemin, vide ?) de chaque liste de l'objet, à toute profondeur."""
    if isinstance(objet, dict):
        for nom, valeur in objet.items():
            yield from listes(valeur, f"{chemin}.{nom}")
    elif isinstance(objet, list):
        yield chemin, not objet
        for valeur in objet:
            yield from listes(valeur, chemin)


def test_toutes_les_relations_du_jeu_sont_remplies(jeu, administrateur):
    """Sans quoi l'égalité ci-dessus ne dirait rien : une liste vide égale une liste vide."""
    vues = set()
    remplies = set()
    for vue in VUES:
        queryset = vue.serializer_class.Meta.model.objects.order_by("pk")
        for objet in vue.lecture.lire(queryset, contexte(administrateur)):
            for chemin, vide in listes(objet, vue.ressource):
                vues.add(chemin)
                remplies |= set() if vide else {chemin}
    assert len(vues) > 25
    assert vues - remplies == {"fiches.actions.sans_horizon"}


def test_un_brouillon_ne_se_devine_pas_par_un_renvoi(jeu, anonyme, administrateur):
    """Ni renvoi, ni projet lié, ni contrat parent ne nomment un objet non publié au public."""
    contrat = Contrat.objects.filter(parent__isnull=False).get()
    contrat.parent.publie_le = None
    contrat.parent.save()
    cachee = FicheFactory(contrat=contrat)
    renvoi = Fiche.objects.exclude(pk=cachee.pk).get(contrat=contrat)
    section = renvoi.sections.get(modele__nature="jalons")
    section.renvois.update(fiche=cachee, document="")
    section.fiche.sections.get(modele__nature="projets_lies").projetlies.update(
        cible=contrat.parent
    )
    secrets = [contrat.parent.slug, cachee.cle, cachee.titre, str(cachee.public_id)]
    for vue in (ContratViewSet, FicheViewSet):
        modele = vue.serializer_class.Meta.model
        for lecteur, visible in ((anonyme, False), (administrateur, True)):
            queryset = modele.objects.visibles_par(lecteur).filter(pk__in=[contrat.pk, renvoi.pk])
            texte = json_serialise(vue.lecture.lire(queryset, contexte(lecteur))).decode()
            assert any(secret in texte for secret in secrets) is visible


def test_rien_a_lire_ne_demande_que_la_premiere_requete(django_assert_num_queries, anonyme):
    with django_assert_num_queries(1):
        assert ActionViewSet.lecture.lire(Action.objects.order_by("pk"), {}) == []
