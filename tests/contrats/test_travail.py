"""La page personnelle : ce qu'on attend de l'agent, borné par ses rôles, et ce qui manque."""

import pytest
from django.urls import reverse

from contrats.completude import manques
from contrats.enums import EtatSection, RoleHabilitation, StatutAction, StatutFiche
from contrats.models import Action, Fiche, SectionModele
from contrats.travail import Travail
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    AxeFactory,
    CommentaireFactory,
    ContratFactory,
    FicheFactory,
    FiltreEnregistreFactory,
    PartenariatFactory,
    fiche_complete,
)
from tests.partenaires.factories import OrganismeFactory

pytestmark = pytest.mark.django_db

PAGE = reverse("contrats:mon-travail")


def blocs(agent, jours=90):
    return {
        b.ancre: [ligne.titre for ligne in b.lignes]
        for b in Travail(agent, jours).blocs
        if b.lignes
    }


@pytest.fixture
def contrat():
    """Une fiche de chaque statut ; ailleurs, une autre à chacun."""
    contrat = ContratFactory()
    for statut in StatutFiche:
        FicheFactory(contrat=contrat, statut=statut, titre=str(statut.label))
        FicheFactory(statut=statut, titre="Ailleurs")
    return contrat


@pytest.mark.parametrize(
    ("role", "attendu"),
    [
        (RoleHabilitation.LECTURE, {}),
        (RoleHabilitation.PARTENAIRE, {}),
        (RoleHabilitation.REDACTION, {"a-ecrire": {"Brouillon", "À corriger"}}),
        (RoleHabilitation.COPILOTE, {"a-relire": {"En relecture"}}),
        (
            RoleHabilitation.PILOTAGE,
            {
                "a-ecrire": {"Brouillon", "À corriger"},
                "a-relire": {"En relecture"},
                "a-publier": {"Validée"},
            },
        ),
    ],
)
def test_chaque_role_voit_ce_qu_on_attend_de_lui_et_de_lui_seul(contrat, role, attendu):
    agent = UtilisateurFactory(habilitations=[(contrat, role)])
    assert {ancre: set(titres) for ancre, titres in blocs(agent).items()} == attendu
    phrases = [ligne.phrase for b in Travail(agent).blocs for ligne in b.lignes]
    assert all(phrase.startswith("À vous") for phrase in phrases)


def test_un_commentaire_d_autrui_non_resolu_attend_qui_ecrit(fiche, redactrice, lectrice, pilote):
    CommentaireFactory(fiche=fiche, auteur=pilote)
    CommentaireFactory(fiche=None, action=fiche.actions.first(), auteur=redactrice)
    CommentaireFactory()
    assert blocs(redactrice)["a-repondre"] == [fiche.titre]
    assert blocs(pilote)["a-repondre"] == [fiche.actions.first().intitule]
    assert "a-repondre" not in blocs(lectrice)


def test_les_actions_en_retard_sans_pilote_et_sans_nouvelles(fiche, redactrice):
    retard, oubliee, close = fiche.actions.order_by("pk")
    Action.objects.filter(pk=retard.pk).update(echeance="2020-01-01")
    PartenariatFactory(action=retard, role="pilote")
    Action.objects.filter(pk=oubliee.pk).update(modifie_le="2026-01-01T00:00:00Z")
    Action.objects.filter(pk=close.pk).update(
        statut=StatutAction.REALISEE, avancement=100, modifie_le="2026-01-01T00:00:00Z"
    )
    assert blocs(redactrice) == {
        "en-retard": [retard.intitule],
        "sans-pilote": [oubliee.intitule],
        "sans-nouvelles": [oubliee.intitule],
    }


def test_un_partenaire_ne_suit_que_ce_que_son_organisme_pilote(fiche):
    organisme = OrganismeFactory()
    partenaire = UtilisateurFactory(
        habilitations=[(fiche.contrat, RoleHabilitation.PARTENAIRE)], organisme=organisme
    )
    sienne, autre, _ = fiche.actions.order_by("pk")
    Action.objects.filter(pk__in=[sienne.pk, autre.pk]).update(echeance="2020-01-01")
    PartenariatFactory(action=sienne, role="pilote", organisme=organisme)
    assert blocs(partenaire) == {"en-retard": [sienne.intitule]}


def test_la_completude_mene_au_champ_de_chaque_manque(client, fiche, redactrice):
    AxeFactory(contrat=fiche.contrat)
    SectionModele.objects.create(
        modele=fiche.modele, cle="bilan", ordre=9, libelle="Bilan", nature="texte", obligatoire=True
    )
    fiche.sections.filter(modele__cle="contexte").update(etat=EtatSection.A_RENSEIGNER, texte="")
    fiche.sections.filter(modele__cle="partenaires").update(etat=EtatSection.NEANT)
    sans_echeance, complete, close = fiche.actions.order_by("pk")
    PartenariatFactory(action=sans_echeance, role="pilote")
    PartenariatFactory(action=complete, role="pilote")
    Action.objects.filter(pk=complete.pk).update(echeance="2030-01-01")
    Action.objects.filter(pk=close.pk).update(statut=StatutAction.REALISEE, avancement=100)
    trouves = [(m.libelle, m.adresse.partition("#")[2]) for m in manques([fiche])[fiche.pk]]
    assert trouves == [
        ("l'axe du contrat", "id_f-axe"),
        ("Contexte", "s-contexte"),
        ("Bilan", "plan"),
        (f"l'échéance de « {sans_echeance.intitule} »", f"a-{sans_echeance.public_id}"),
    ]
    client.force_login(redactrice)
    page = client.get(PAGE).content.decode()
    assert "il manque 4 éléments" in page
    modifier = client.get(reverse("contrats:fiche-modifier", args=[fiche.public_id]))
    for _, ancre in trouves:
        assert f'id="{ancre}"' in modifier.content.decode()


def test_un_nombre_de_jours_invalide_se_dit_et_la_page_reste(client, redactrice):
    client.force_login(redactrice)
    assert "depuis 30 jours" in client.get(PAGE, {"jours": "30"}).content.decode()
    page = client.get(PAGE, {"jours": "jamais"}).content.decode()
    assert "Écrivez un nombre de 1 à 3650." in page
    assert "depuis 90 jours" in page


@pytest.mark.parametrize("nb", [1, 5])
def test_la_page_coute_autant_pour_une_et_cinq_choses_a_faire(
    client, django_assert_num_queries, nb
):
    contrat = ContratFactory()
    agent = UtilisateurFactory(habilitations=[(contrat, RoleHabilitation.PILOTAGE)])
    AxeFactory(contrat=contrat)
    for _ in range(nb):
        fiche = fiche_complete(contrat=contrat, publiee=False)
        fiche.sections.filter(modele__nature="partenaires").update(etat=EtatSection.A_RENSEIGNER)
        for statut in (StatutFiche.EN_RELECTURE, StatutFiche.VALIDEE):
            FicheFactory(contrat=contrat, statut=statut)
        CommentaireFactory(fiche=fiche)
        action = ActionFactory(fiche=fiche, echeance="2020-01-01")
        PartenariatFactory(action=action, role="pilote")
        FiltreEnregistreFactory(utilisateur=agent)
    Action.objects.filter(pk=action.pk).update(modifie_le="2026-01-01T00:00:00Z")
    assert Fiche.objects.count() == 3 * nb
    client.force_login(agent)
    with django_assert_num_queries(23):
        client.get(PAGE)
