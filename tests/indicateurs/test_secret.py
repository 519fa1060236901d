"""Aucune soustraction ne rend une valeur secrète : on résout le système, écran par écran."""

import datetime
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.urls import reverse

from indicateurs.ecriture import retirer_mesures
from indicateurs.egalites import egalites_entre
from indicateurs.enums import Agregation, Comparaison, StatutMesure
from indicateurs.lecture import lire_ecarts
from indicateurs.mesures_lues import lire_mesures
from indicateurs.models import Mesure, VersionMesure
from indicateurs.secret import Egalite, a_taire, devinables
from territoires.models import Rattachement, Territoire
from tests.indicateurs.attaque import pays_au_hasard, possibles
from tests.indicateurs.factories import mesurer, observatoire
from tests.territoires.factories import TerritoireFactory

PUBLIC = AnonymousUser()
SECRET = StatutMesure.SECRET


def egalites(sommes):
    return [Egalite(total, frozenset(parts)) for total, parts in sommes]


def proteger(pays):
    """Ce que montre le site d'un pays : les chiffres, et ce qu'il tait."""
    chiffres = {t: Decimal(v) for t, v in pays.valeurs.items() if t not in pays.secrets}
    caches = pays.secrets | a_taire(pays.secrets, chiffres, egalites(pays.sommes))
    return {t: v for t, v in chiffres.items() if t not in caches}, caches


@pytest.mark.parametrize("graine", range(60))
def test_chaque_valeur_tue_peut_prendre_deux_valeurs(graine):
    """Le banc `bench/secret.py` en fait deux mille ; un pays où tout est tu est admis."""
    pays = pays_au_hasard(graine)
    montre, caches = proteger(pays)
    for valeurs in possibles(montre, caches, pays.sommes).values():
        assert len(valeurs) > 1


def test_une_seule_part_secrete_en_fait_taire_une_autre_la_plus_petite():
    chiffres = {0: Decimal(100), 1: Decimal(50), 2: Decimal(10), 3: Decimal(30)}
    e = egalites([(0, [1, 2, 3, 4])])
    assert a_taire({4}, chiffres, e) == {2}
    assert devinables({4}, chiffres, e) == {4}
    assert devinables({2, 4}, chiffres, e) == set()


def test_deux_parts_de_somme_nulle_se_devinent_et_sont_donc_melees_a_une_autre():
    chiffres = {0: Decimal(7), 1: Decimal(0), 2: Decimal(7)}
    e = egalites([(0, [1, 2, 3])])
    assert devinables({1, 3}, chiffres, e) == {1, 3}
    assert a_taire({3}, chiffres, e) == {2}


def test_ce_qui_est_deja_tu_le_reste_tant_qu_un_secret_demeure():
    chiffres = {0: Decimal(100), 1: Decimal(50), 2: Decimal(10), 3: Decimal(30)}
    e = egalites([(0, [1, 2, 3, 4])])
    assert a_taire({4}, chiffres, e, deja={3}) == {3}
    assert a_taire(set(), chiffres, e, deja={3}) == set()


def test_un_sans_objet_vaut_zero_et_ne_protege_de_rien():
    chiffres = {0: Decimal(10), 1: Decimal(0), 2: Decimal(6)}
    assert a_taire({3}, chiffres, egalites([(0, [1, 2, 3])]), fixes={1}) == {2}


# En base


@pytest.fixture
def logements(db):
    """Trois quartiers d'une métropole, un indicateur qui se somme ; un quartier est secret."""
    o = observatoire(3, comparaison=Comparaison.AUCUNE, agregation=Agregation.SOMME, unite="")
    a, b, c = o.quartiers
    mesurer(o.indicateur, "2015", {o.reference: 100, a: 20, b: 30, c: SECRET})
    return o


def vues(o, **date):
    """Territoire → valeur, telle que le site la montre."""
    return {
        m.territoire.pk: m.valeur
        for m in lire_mesures([o.indicateur], PUBLIC, **date)
        if m.valeur is not None
    }


@pytest.mark.django_db
def test_le_quartier_le_plus_petit_se_tait_avec_le_secret(logements):
    a, b, c = logements.quartiers
    assert set(vues(logements)) == {logements.reference.pk, b.pk}
    lues = {m.territoire.pk: m for m in lire_mesures([logements.indicateur], PUBLIC)}
    assert lues[a.pk].statut == lues[c.pk].statut == SECRET
    assert lire_ecarts(logements.indicateur, PUBLIC).total is None


@pytest.mark.django_db
def test_le_passe_d_une_valeur_devenue_secrete_ne_se_montre_plus(logements):
    a, b, c = logements.quartiers
    jadis = datetime.datetime(2019, 1, 1, 12, tzinfo=datetime.UTC)
    mesurer(logements.indicateur, "2017", {c: 50, a: 20, b: 30, logements.reference: 100}, le=jadis)
    date = {"a_la_date": datetime.date(2019, 1, 1)}
    en_2017 = lire_mesures([logements.indicateur], PUBLIC, **date)
    assert {m.valeur for m in en_2017 if m.millesime.cle == "2017"} == {20, 30, 50, 100}
    mesurer(logements.indicateur, "2017", {c: SECRET})
    apres = lire_mesures([logements.indicateur], PUBLIC, **date)
    assert {m.valeur for m in apres if m.territoire == c} == {None}
    assert {m.valeur for m in apres if m.millesime.cle == "2017"} == {None, 30, 100}


@pytest.mark.django_db
def test_un_total_d_hier_ne_s_ajoute_pas_a_ceux_d_aujourd_hui(logements):
    """Le passé ne montre que ce que le présent montre à l'identique."""
    b = logements.quartiers[1]
    avant = vues(logements)
    jadis = datetime.datetime(2019, 1, 1, 12, tzinfo=datetime.UTC)
    VersionMesure.objects.update(ecrite_le=jadis)
    mesurer(logements.indicateur, "2015", {logements.reference: 110})
    hier = vues(logements, a_la_date=datetime.date(2019, 1, 1))
    assert hier == {b.pk: 30}
    assert avant == {b.pk: 30, logements.reference.pk: 100}
    mesurer(logements.indicateur, "2015", {b: 31})
    assert vues(logements) == {logements.reference.pk: 110, b.pk: 31}


@pytest.mark.django_db
@pytest.mark.parametrize("sortie", ["retirer", StatutMesure.NON_DISPONIBLE])
def test_retirer_ou_vider_un_secret_ne_decouvre_pas_ses_voisins(logements, sortie):
    secrete = Mesure.objects.get(statut=SECRET)
    if sortie == "retirer":
        retirer_mesures([secrete], par=None)
    else:
        mesurer(logements.indicateur, "2015", {secrete.territoire: sortie})
    assert set(vues(logements)) == {logements.reference.pk, logements.quartiers[1].pk}


@pytest.mark.django_db
def test_un_secret_leve_rend_ses_voisins(logements):
    mesurer(logements.indicateur, "2015", {logements.quartiers[2]: 5})
    assert set(vues(logements).values()) == {100, 20, 30, 5}
    assert not Mesure.objects.filter(secret_induit=True).exists()


@pytest.mark.django_db
def test_ce_qui_ne_se_somme_pas_ne_fait_taire_personne():
    o = observatoire(2)
    mesurer(o.indicateur, "2019", {o.reference: 10, o.quartiers[0]: 5, o.quartiers[1]: SECRET})
    assert set(vues(o).values()) == {10, 5}


@pytest.mark.django_db
def test_les_egalites_suivent_le_referentiel_par_generation_et_en_entier():
    metropole, commune = TerritoireFactory(type="metropole"), TerritoireFactory()
    anciens = [TerritoireFactory(qpv=True) for _ in range(2)]
    nouveau = TerritoireFactory(qpv=True, generation=2024, code="QN03102N")
    a_cheval = TerritoireFactory(qpv=True)
    commune.rattachements.create(parent=metropole)
    for lieu in (*anciens, nouveau):
        lieu.rattachements.create(parent=commune)
    a_cheval.rattachements.create(parent=commune, couverture="partielle")
    tous = [metropole, *anciens, nouveau, a_cheval]
    trouvees = egalites_entre(t.pk for t in tous)  # la commune n'est pas mesurée
    assert sorted((e.total, sorted(e.parts)) for e in trouvees) == sorted(
        [(metropole.pk, [a.pk for a in anciens]), (metropole.pk, [nouveau.pk])]
    )


@pytest.fixture
def sans_lien(db):
    """Une commune et deux quartiers que rien ne rattache : la valeur secrète ne se déduit pas."""
    o = observatoire(2, comparaison=Comparaison.AUCUNE, agregation=Agregation.SOMME)
    Rattachement.objects.all().delete()
    Territoire.objects.filter(pk=o.reference.pk).update(type="commune", code="31555")
    mesurer(o.indicateur, "2015", {o.reference: 10, o.quartiers[0]: 4, o.quartiers[1]: SECRET})
    assert len(vues(o)) == 2
    return o


def test_un_rattachement_ajoute_se_rattrape_a_la_ronde(sans_lien):
    for q in sans_lien.quartiers:
        q.rattachements.create(parent=sans_lien.reference)
    call_command("ronde")
    assert set(vues(sans_lien)) == {sans_lien.reference.pk}


def test_un_import_de_quartiers_tait_ce_qu_il_trahirait(sans_lien, tmp_path):
    fichier = tmp_path / "quartiers.csv"
    lignes = [f"{q.code},{q.nom},31555,Ville" for q in sans_lien.quartiers]
    fichier.write_text("\n".join(["code_qp,lib_qp,insee_com,lib_com", *lignes]))
    call_command("importer_qpv", str(fichier), generation=2015)
    assert Rattachement.objects.count() == 2
    assert set(vues(sans_lien)) == {sans_lien.reference.pk}


def test_un_rattachement_saisi_dans_l_administration_tait_ce_qu_il_trahirait(
    sans_lien, client, administrateur
):
    client.force_login(administrateur)
    sans_lien.quartiers[1].rattachements.create(parent=sans_lien.reference)
    quartier = sans_lien.quartiers[0]
    adresse = reverse("admin:territoires_territoire_change", args=[quartier.pk])
    page = client.get(adresse)
    donnees = {}
    for formulaire in (
        page.context["adminform"].form,
        *(f.formset.management_form for f in page.context["inline_admin_formsets"]),
    ):
        for champ in formulaire:
            donnees[champ.html_name] = champ.value() if champ.value() is not None else ""
    donnees |= {
        "rattachements-TOTAL_FORMS": "1",
        "rattachements-0-enfant": quartier.pk,
        "rattachements-0-parent": sans_lien.reference.pk,
        "rattachements-0-couverture": "totale",
    }
    assert client.post(adresse, donnees).status_code == 302
    assert set(vues(sans_lien)) == {sans_lien.reference.pk}
