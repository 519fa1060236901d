"""Ce que chaque filtre garde : la même règle pour la page, l'export et l'API."""

import datetime
from types import SimpleNamespace

import pytest
from django.http import QueryDict
from django.utils import timezone

from contrats.enums import Horizon, NatureAxe, NatureSection, RolePartenaire, StatutAction
from contrats.filters import ActionFilterSet, ContratFilterSet, FicheFilterSet
from contrats.models import Action, Contrat, Fiche
from tests.contrats.factories import (
    ActionFactory,
    AxeFactory,
    ContratFactory,
    FicheFactory,
    PartenariatFactory,
    PartieFactory,
    SectionFactory,
    SectionModeleFactory,
)
from tests.partenaires.factories import OrganismeFactory
from tests.perr.factories import ColonneFactory, DeclinaisonFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db


def filtre(classe, parametres, utilisateur):
    modele = classe._meta.model
    return classe(
        QueryDict(parametres),
        queryset=modele.objects.visibles_par(utilisateur),
        request=SimpleNamespace(user=utilisateur),
    )


@pytest.fixture
def actions(administrateur):
    def _actions(parametres):
        jeu = filtre(ActionFilterSet, parametres, administrateur)
        assert jeu.is_valid(), jeu.errors
        return set(jeu.qs)

    return _actions


def test_un_vocabulaire_admet_virgules_et_repetitions(actions):
    a = ActionFactory(statut=StatutAction.EN_COURS)
    b = ActionFactory(statut=StatutAction.REALISEE)
    ActionFactory(statut=StatutAction.A_LANCER)
    assert actions("statut=en_cours,realisee") == {a, b}
    assert actions("statut=en_cours&statut=realisee") == {a, b}
    assert actions("statut=") == set(Action.objects.all())


@pytest.mark.parametrize(
    ("parametres", "champ", "dit"),
    [
        ("statut=inconnu", "statut", "« inconnu » n'est pas une valeur admise : a_lancer, "),
        ("prioritaire=peut-etre", "prioritaire", "Répondez par true (oui) ou false (non)."),
        ("contrat=absent", "contrat", "Contrat inconnu : « absent »."),
        ("fiche=42", "fiche", "Fiche inconnue : « 42 »."),
        ("organisme=absent", "organisme", "Organisme inconnu : « absent »."),
        ("territoire=absent", "territoire", "Territoire inconnu : « absent »."),
        ("axe=absent", "axe", "Axe inconnu : « absent »."),
        ("programme=99", "programme", "Programme inconnu : « 99 »."),
        ("modifie_apres=0001-01-01T00:00:00", "modifie_apres", "Indiquez une année de 1900"),
        ("echeance_avant=demain", "echeance_avant", "Saisissez une date valide."),
        ("organisme=a%00b", "organisme", "caractère"),
    ],
)
def test_une_valeur_inconnue_est_dite_en_francais(administrateur, parametres, champ, dit):
    jeu = filtre(ActionFilterSet, parametres, administrateur)
    assert not jeu.is_valid()
    assert list(jeu.errors) == [champ]
    assert dit in jeu.errors[champ][0]


def test_un_contrat_hors_du_perimetre_est_inconnu(anonyme, administrateur):
    contrat = ContratFactory()
    assert not filtre(ActionFilterSet, f"contrat={contrat.slug}", anonyme).is_valid()
    assert filtre(ActionFilterSet, f"contrat={contrat.slug}", administrateur).is_valid()
    choix = filtre(ActionFilterSet, "", anonyme).form.fields["contrat"].widget.choices
    assert list(choix) == [("", "Tous")]


def test_contrat_fiche_et_type_se_combinent(actions):
    a = ActionFactory()
    autre = ActionFactory(fiche=FicheFactory(contrat=a.contrat))
    ActionFactory()
    assert actions(f"contrat={a.contrat.slug}") == {a, autre}
    assert actions(f"fiche={a.fiche.public_id}&type=reciprocite") == {a}
    assert actions(f"fiche={a.fiche.public_id}&type=ville") == set()


def test_l_axe_est_celui_de_l_action_ou_de_sa_fiche(actions):
    axe = AxeFactory()
    heritee = ActionFactory(fiche=FicheFactory(contrat=axe.contrat, axe=axe))
    propre = ActionFactory(fiche=None, contrat=axe.contrat, axe=axe)
    ActionFactory(fiche=heritee.fiche, axe=AxeFactory(contrat=axe.contrat))
    assert actions(f"axe={axe.cle}") == {heritee, propre}


def test_un_organisme_engage_par_son_role_ou_par_la_liste_de_l_horizon(actions):
    organisme = OrganismeFactory()
    fiche = FicheFactory()
    court = ActionFactory(fiche=fiche, horizon=Horizon.COURT)
    ActionFactory(fiche=fiche, horizon=Horizon.PILOTE)
    ailleurs = PartenariatFactory(organisme=organisme).action
    modele = SectionModeleFactory(
        modele=fiche.modele, nature=NatureSection.PARTENAIRES, horizon=Horizon.COURT
    )
    section = SectionFactory(fiche=fiche, modele=modele)
    PartenariatFactory(
        action=None, section=section, organisme=organisme, role=RolePartenaire.POTENTIEL
    )
    assert actions(f"organisme={organisme.cle}") == {court, ailleurs}


def test_une_action_sans_territoire_propre_vaut_pour_son_contrat(actions):
    ici, la = TerritoireFactory(code="31555"), TerritoireFactory()
    contrat = ContratFactory()
    contrat.territoires.add(ici)
    generale = ActionFactory(fiche=None, contrat=contrat)
    precise = ActionFactory(fiche=None, contrat=contrat)
    precise.territoires.add(la)
    assert actions(f"territoire={ici.cle}") == {generale}
    assert actions("territoire=31555") == {generale}
    assert actions(f"territoire={la.cle}") == {precise}


def test_en_retard_prioritaire_demonstration_et_echeances(actions):
    hier = timezone.localdate() - datetime.timedelta(days=1)
    retard = ActionFactory(echeance=hier, prioritaire=True)
    close = ActionFactory(echeance=hier, statut=StatutAction.REALISEE, demonstration=True)
    sans = ActionFactory()
    assert actions("en_retard=true") == {retard}
    assert actions("en_retard=non") == {close, sans}
    assert actions("prioritaire=1") == {retard}
    assert actions("demonstration=oui") == {close}
    assert actions(f"echeance_apres={hier}") == {retard, close}
    assert actions(f"echeance_avant={hier}") == set()


def test_les_sous_points_se_separent_des_actions(actions):
    action = ActionFactory()
    sous_point = ActionFactory(fiche=action.fiche, parent=action)
    assert actions("sous_point=true") == {sous_point}
    assert actions("sous_point=false") == {action}


def test_modifie_apres_inclut_l_instant(actions):
    action = ActionFactory()
    instant = action.modifie_le.isoformat().replace("+00:00", "Z")
    assert actions(f"modifie_apres={instant}") == {action}
    assert actions("modifie_apres=2199-01-01") == set()


def test_un_contrat_se_filtre_par_partie_et_territoire(administrateur):
    partie = PartieFactory()
    territoire = TerritoireFactory()
    partie.contrat.territoires.add(territoire)
    ContratFactory()
    for parametres in (f"organisme={partie.organisme.cle}", f"territoire={territoire.cle}"):
        jeu = filtre(ContratFilterSet, parametres, administrateur)
        assert list(jeu.qs) == [partie.contrat]
    assert set(filtre(ContratFilterSet, "type=ville", administrateur).qs) == set()
    assert Contrat.objects.count() == 2


def test_une_fiche_se_filtre_par_ce_qu_elle_cite(administrateur):
    role = PartenariatFactory()
    territoire = TerritoireFactory()
    role.action.contrat.territoires.add(territoire)
    FicheFactory()
    for parametres in (f"organisme={role.organisme.cle}", f"territoire={territoire.cle}"):
        assert list(filtre(FicheFilterSet, parametres, administrateur).qs) == [role.action.fiche]
    assert Fiche.objects.count() == 2


def test_dans_une_matrice_une_action_concerne_les_quartiers_de_ses_cellules(actions):
    quartier, metropole = TerritoireFactory(qpv=True), TerritoireFactory()
    colonne = ColonneFactory(quartiers=[quartier])
    contrat = colonne.annexe.contrat
    contrat.territoires.add(quartier, metropole)
    ici = DeclinaisonFactory(colonne=colonne).action
    sans_cellule = ActionFactory(fiche=None, contrat=contrat)
    assert actions(f"territoire={quartier.code}") == {ici}
    # La métropole n'est d'aucune colonne : le contrat y vaut d'un bloc.
    assert actions(f"territoire={metropole.cle}") == {ici, sans_cellule}


def test_un_programme_se_nomme_par_son_numero_et_comprend_ses_sous_programmes(actions):
    programme = AxeFactory(nature=NatureAxe.PROGRAMME, numero="11")
    contrat = programme.contrat
    sport = AxeFactory(
        contrat=contrat, parent=programme, nature=NatureAxe.SOUS_PROGRAMME, numero="11a"
    )
    AxeFactory(contrat=contrat, nature=NatureAxe.PROGRAMME, numero="1")
    directe, du_sport = (
        ActionFactory(fiche=None, contrat=contrat, axe=a) for a in (programme, sport)
    )
    assert actions("programme=11") == {directe, du_sport}
    assert actions("programme=1") == set()
