"""Filtres qu'une personne garde : privés, validés par le FilterSet, retrouvés sur les listes."""

import pytest
from django.urls import reverse

from contrats.enums import StatutAction
from contrats.filtres_enregistres import NOMBRE_MAX
from contrats.models import Action, FiltreEnregistre
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import ActionFactory, FiltreEnregistreFactory, PartenariatFactory

pytestmark = pytest.mark.django_db

GARDER = reverse("contrats:filtre-enregistrer")
ACTIONS = reverse("contrats:action-list")


def garder(client, **champs):
    defaut = {"liste": "actions", "nom": "En retard", "parametres": "en_retard=true&page=3"}
    return client.post(GARDER, {**defaut, "retour": ACTIONS, **champs})


def test_un_filtre_garde_se_retrouve_sur_les_listes_de_sa_seule_auteure(client, redactrice, pilote):
    client.force_login(redactrice)
    assert garder(client).url == f"{ACTIONS}?en_retard=true"
    for liste in (ACTIONS, reverse("contrats:mes-actions")):
        assert 'href="?en_retard=true"' in client.get(liste).content.decode()
    assert "En retard</a>" not in client.get(reverse("contrats:fiche-list")).content.decode()
    client.force_login(pilote)
    assert 'href="?en_retard=true"' not in client.get(ACTIONS).content.decode()


def test_un_nom_deja_pris_remplace_et_un_filtre_se_supprime_par_son_auteure_seule(
    client, redactrice, pilote
):
    client.force_login(redactrice)
    garder(client)
    garder(client, parametres="prioritaire=true")
    filtre = FiltreEnregistre.objects.get()
    assert filtre.parametres == "prioritaire=true"
    adresse = reverse("contrats:filtre-supprimer", args=[filtre.pk])
    client.force_login(pilote)
    assert client.post(adresse).status_code == 404
    client.force_login(redactrice)
    assert client.post(adresse, {"retour": "https://ailleurs.invalid/"}).url == reverse(
        "contrats:mes-actions"
    )
    assert FiltreEnregistre.objects.count() == 0


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"nom": " "}, "Donnez un nom à ce filtre."),
        ({"nom": "x" * 81}, "raccourcissez à 80"),
        ({"parametres": "statut=inconnu"}, "n&#x27;est pas une valeur admise"),
        ({"parametres": "contrat=hors-de-vue"}, "Contrat inconnu"),
        ({"parametres": "page=2&inconnu=1"}, "Filtrez d&#x27;abord la liste"),
        ({"liste": "autre"}, "n&#x27;a pas de filtres"),
        ({"parametres": "q=abcd&" * 400}, "trop longs"),
    ],
)
def test_un_filtre_refuse_dit_pourquoi_et_garde_la_saisie(client, redactrice, champs, phrase):
    client.force_login(redactrice)
    reponse = garder(client, **champs)
    assert reponse.status_code == 400
    assert phrase in reponse.content.decode()
    assert FiltreEnregistre.objects.count() == 0


def test_une_personne_garde_un_nombre_borne_de_filtres(client, redactrice):
    FiltreEnregistreFactory.create_batch(NOMBRE_MAX, utilisateur=redactrice)
    client.force_login(redactrice)
    assert garder(client).status_code == 400
    assert garder(client, nom=redactrice.filtres.first().nom).status_code == 302


def test_le_public_ne_paie_aucune_requete_pour_les_filtres(client, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(ACTIONS)
    client.force_login(UtilisateurFactory())
    with django_assert_num_queries(7):  # session, compte, notifications, filtres
        client.get(ACTIONS)


def test_filtrer_les_actions_sans_pilote_et_sans_nouvelles(client, fiche):
    pilotee, oubliee, close = fiche.actions.order_by("pk")
    PartenariatFactory(action=pilotee, role="pilote")
    PartenariatFactory(action=oubliee, role="partenaire")
    anciennes = Action.objects.filter(pk__in=[oubliee.pk, close.pk])
    anciennes.update(modifie_le="2026-01-01T00:00:00Z")
    Action.objects.filter(pk=close.pk).update(statut=StatutAction.REALISEE, avancement=100)
    ActionFactory(fiche=None)

    def trouver(requete):
        return set(client.get(f"{ACTIONS}?{requete}").context["object_list"])

    assert trouver("sans_pilote=true") == {oubliee, close}
    assert trouver("sans_pilote=false") == {pilotee}
    assert trouver("sans_nouvelles=90") == {oubliee}
    assert client.get(f"{ACTIONS}?sans_nouvelles=-1").context["filter"].errors
