"""La fusion d'organismes reporte tout, ne double rien et se lit dans l'historique."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from contrats.enums import RolePartenaire, RoleSignature
from contrats.models import Partenariat, Version
from edition.ecriture import VersionPerimee, mettre_a_jour
from gouvernance.enums import RoleParticipation, TypeInstance
from partenaires.enums import NatureOrganisme
from partenaires.fusion import FusionImpossible, fusionner, reports
from partenaires.models import Organisme
from tests.administration.objets import organisme as organisme_complet
from tests.avenants.factories import EffetFactory
from tests.campagnes.factories import ContactFactory, DestinataireFactory
from tests.comptes.factories import UtilisateurFactory
from tests.contrats.factories import (
    ActionFactory,
    ContratFactory,
    PartenariatFactory,
    PartieFactory,
    SectionFactory,
)
from tests.indicateurs.factories import SourceFactory
from tests.partenaires.factories import OrganismeFactory, PersonneFactory
from tests.territoires.factories import TerritoireFactory

pytestmark = pytest.mark.django_db

# Toute relation vers un organisme : une nouvelle doit entrer dans `cite_partout`, puis ici.
RELATIONS = {
    "avenants.Effet.organisme",
    "campagnes.Campagne_ecartes.organisme",
    "campagnes.Contact.organisme",
    "campagnes.Destinataire_organismes.organisme",
    "contrats.Financement.beneficiaire",
    "contrats.Financement.financeur",
    "contrats.Partenariat.organisme",
    "contrats.Partie.organisme",
    "contrats.Responsable.organisme",
    "comptes.Utilisateur.organisme",
    "gouvernance.Decision.organisme",
    "gouvernance.Participation.organisme",
    "indicateurs.Source.organisme",
    "partenaires.AliasOrganisme.organisme",
    "partenaires.Charte.organisme",
    "partenaires.Mandat.organisme",
    "partenaires.Organisme.fusionne_dans",
    "partenaires.Organisme_composants.from_organisme",
    "partenaires.Organisme_composants.to_organisme",
}


@pytest.fixture
def ancien():
    return OrganismeFactory(nom="CCI de Toulouse")


@pytest.fixture
def garde():
    return OrganismeFactory(nom="Chambre de commerce et d'industrie")


def reunir(ancien, garde, par):
    fusionner(ancien, garde, version=ancien.version, version_gardee=garde.version, par=par)


def cite_partout(organisme):
    """Une ligne de chaque relation vers l'organisme."""
    contrat = ContratFactory()
    PartieFactory(contrat=contrat, organisme=organisme)
    PartenariatFactory(organisme=organisme)
    contrat.financements.create(
        ordre=1,
        intitule="Étude",
        financeur=organisme,
        beneficiaire=organisme,
        nature="indicatif",
    )
    organisme.chartes.create(genre="cer", signee_le="2022-01-01")
    section = SectionFactory(fiche__contrat=contrat)
    section.responsables.create(
        ordre=1, intitule="Directrice", personne=PersonneFactory(), organisme=organisme
    )
    UtilisateurFactory(organisme=organisme)
    instance = contrat.instances.create(
        cle="copil", ordre=1, nom="Comité", type=TypeInstance.PILOTAGE
    )
    instance.participations.create(
        organisme=organisme, libelle="La chambre", role=RoleParticipation.MEMBRE, ordre=1
    )
    seance = instance.seances.create(le=datetime.date(2026, 6, 18))
    seance.decisions.create(ordre=1, texte="Réunir", organisme=organisme)
    SourceFactory(organisme=organisme)
    entree = {"nature": "partie_entree", "cle": "partie:chambre", "fin": None, "motif": ""}
    EffetFactory(organisme=organisme, titre="La chambre", role="membre", **entree)
    ContactFactory(contrat=contrat, organisme=organisme)
    destinataire = DestinataireFactory(campagne__contrat=contrat)
    destinataire.organismes.add(organisme)
    destinataire.campagne.ecartes.add(organisme)
    organisme.alias.create(libelle="La chambre")
    organisme.mandats.create(personne=PersonneFactory(), qualite="Présidente")
    OrganismeFactory(fusionne_dans=organisme)
    organisme.composants.add(OrganismeFactory())
    OrganismeFactory().composants.add(organisme)


def relations_vers(organisme):
    return {
        f"{r.related_model._meta.label}.{r.field.name}"
        for r in Organisme._meta.get_fields(include_hidden=True)
        if r.auto_created and not r.concrete and not r.many_to_many
    }


def test_toute_relation_vers_un_organisme_est_connue_du_test(ancien):
    """Échoue quand une relation apparaît : dites ici ce qu'une fusion en fait."""
    assert relations_vers(ancien) == RELATIONS


def test_tout_ce_qui_citait_l_ancien_cite_le_garde(ancien, garde, administrateur):
    cite_partout(ancien)
    plan = reports(ancien, garde)
    assert {f"{r.champ.model._meta.label}.{r.champ.name}" for r in plan} == RELATIONS
    lignes = [(ligne, r.champ.name) for r in plan for ligne in r.reportees]
    assert len(lignes) == len(RELATIONS)

    reunir(ancien, garde, administrateur)

    for ligne, champ in lignes:
        ligne.refresh_from_db()
        assert getattr(ligne, champ) == garde
    ancien.refresh_from_db()
    assert ancien.fusionne_dans == garde
    assert ancien not in Organisme.objects.visibles_par(administrateur)
    assert {a.libelle for a in garde.alias.all()} == {"CCI de Toulouse", "La chambre"}
    assert reports(ancien, garde) == []


def test_un_partenariat_deja_present_n_est_pas_double(ancien, garde, administrateur):
    action = ActionFactory()
    for organisme in (ancien, garde):
        PartenariatFactory(action=action, organisme=organisme, role=RolePartenaire.PARTENAIRE)
    PartenariatFactory(action=action, organisme=ancien, role=RolePartenaire.PILOTE)
    reunir(ancien, garde, administrateur)
    assert sorted(p.role for p in action.partenariats.filter(organisme=garde)) == [
        RolePartenaire.PARTENAIRE,
        RolePartenaire.PILOTE,
    ]
    assert not Partenariat.objects.filter(organisme=ancien).exists()


def test_une_liste_imprimee_garde_ses_deux_mentions(ancien, garde, administrateur):
    section = SectionFactory()
    for organisme in (ancien, garde):
        PartenariatFactory(
            action=None, section=section, organisme=organisme, role=RolePartenaire.POTENTIEL
        )
    reunir(ancien, garde, administrateur)
    assert [p.organisme for p in section.partenariats.all()] == [garde, garde]


def test_une_partie_en_double_transmet_ses_signatures_et_engagements(ancien, garde, administrateur):
    contrat = ContratFactory()
    perdue = PartieFactory(contrat=contrat, organisme=ancien)
    gardee = PartieFactory(contrat=contrat, organisme=garde)
    signature = contrat.signatures.create(
        partie=perdue,
        personne=PersonneFactory(),
        role=RoleSignature.SIGNATAIRE,
        qualite="Président",
        rang=1,
    )
    engagement = contrat.engagements.create(ordre=1, texte="Partager.")
    engagement.porteurs.set([perdue, gardee])
    engagement.beneficiaires.set([perdue])
    reunir(ancien, garde, administrateur)
    signature.refresh_from_db()
    assert list(contrat.parties.all()) == [gardee]
    assert signature.partie == gardee
    assert list(engagement.porteurs.all()) == list(engagement.beneficiaires.all()) == [gardee]


def test_un_composant_reuni_a_son_ensemble_ne_se_compose_pas_de_lui_meme(
    ancien, garde, administrateur
):
    garde.composants.add(ancien)
    ancien.composants.add(garde)
    reunir(ancien, garde, administrateur)
    assert list(garde.composants.all()) == []


def test_les_champs_vides_du_garde_se_reprennent(ancien, garde, administrateur):
    territoire = TerritoireFactory()
    mettre_a_jour(ancien, version=1, siren="110000072", sigle="CCI", territoire=territoire)
    mettre_a_jour(garde, version=1, sigle="CCI 31")
    reunir(ancien, garde, administrateur)
    garde.refresh_from_db()
    assert (garde.siren, garde.sigle, garde.territoire) == ("110000072", "CCI 31", territoire)


def test_chaque_objet_touche_change_de_version_et_la_garde(ancien, garde, administrateur):
    section = SectionFactory()
    PartenariatFactory(
        action=None, section=section, organisme=ancien, role=RolePartenaire.POTENTIEL
    )
    action = ActionFactory(fiche=section.fiche)
    PartenariatFactory(action=action, organisme=ancien)
    reunir(ancien, garde, administrateur)
    action.refresh_from_db()
    assert action.version == 2
    [version] = Version.objects.filter(fiche=section.fiche)
    assert (version.numero, version.auteur) == (2, administrateur)
    assert (
        version.motif == "Fusion de « CCI de Toulouse » dans « Chambre de commerce et d'industrie »"
    )
    assert garde.cle in str(version.instantane)
    assert ancien.cle not in str(version.instantane)


@pytest.mark.parametrize(("retard", "retard_garde"), [(1, 0), (0, 1)])
def test_une_version_perimee_ne_fusionne_rien(ancien, garde, administrateur, retard, retard_garde):
    cite_partout(ancien)
    with pytest.raises(VersionPerimee):
        fusionner(
            ancien, garde, version=1 - retard, version_gardee=1 - retard_garde, par=administrateur
        )
    ancien.refresh_from_db()
    assert ancien.fusionne_dans is None
    assert ancien.mandats.exists()


def test_une_fusion_insensee_est_refusee(ancien, garde, administrateur):
    categorie = OrganismeFactory(nature=NatureOrganisme.CATEGORIE)
    deja = OrganismeFactory(fusionne_dans=garde)
    for source, cible in [(ancien, ancien), (ancien, categorie), (deja, garde), (garde, deja)]:
        with pytest.raises(FusionImpossible):
            reunir(source, cible, administrateur)


# Page d'administration


@pytest.fixture
def administration(client, administrateur):
    client.force_login(administrateur)
    return client


def adresse(organisme):
    return reverse("admin:partenaires_organisme_fusionner", args=[organisme.pk])


def test_la_page_liste_tout_ce_qui_change_avant_de_rien_ecrire(administration, ancien, garde):
    cite_partout(ancien)
    reponse = administration.get(adresse(ancien), {"garde": garde.pk})
    page = reponse.content.decode()
    assert reponse.status_code == 200
    for report in reports(ancien, garde):
        assert escape(report.libelle.capitalize()) in page
    ancien.refresh_from_db()
    assert ancien.fusionne_dans is None


def test_la_confirmation_fusionne_et_mene_a_l_organisme_garde(administration, ancien, garde):
    donnees = {"garde": garde.pk, "version": 1, "version_gardee": 1}
    reponse = administration.post(adresse(ancien), donnees)
    assert reponse.url == reverse("admin:partenaires_organisme_change", args=[garde.pk])
    ancien.refresh_from_db()
    assert ancien.fusionne_dans == garde
    page = administration.get(ancien.get_absolute_url())
    assert (page.status_code, page.url) == (301, garde.get_absolute_url())


def test_une_page_de_fusion_perimee_revient_en_409(administration, ancien, garde):
    mettre_a_jour(garde, version=1, nom="Renommée")
    reponse = administration.post(
        adresse(ancien), {"garde": garde.pk, "version": 1, "version_gardee": 1}
    )
    assert reponse.status_code == 409
    assert "a été modifié depuis la version 1" in reponse.content.decode()


@pytest.mark.parametrize("saisie", [{}, {"garde": ""}, {"garde": "abc"}, {"garde": "999999"}])
def test_un_choix_invalide_reaffiche_la_page(administration, ancien, saisie):
    for reponse in (
        administration.get(adresse(ancien), saisie),
        administration.post(adresse(ancien), saisie),
    ):
        assert reponse.status_code == 200
        assert "Voir ce qui change" in reponse.content.decode()


def test_le_plan_coute_autant_pour_1_et_5_lignes(administration, garde, django_assert_num_queries):
    un, cinq = organisme_complet(1), organisme_complet(5)
    for nb, organisme in ((1, un), (5, cinq)):
        PartenariatFactory.create_batch(nb, organisme=organisme)
    administration.get(adresse(un), {"garde": garde.pk})
    with CaptureQueriesContext(connection) as requetes:
        administration.get(adresse(un), {"garde": garde.pk})
    with django_assert_num_queries(len(requetes)):
        administration.get(adresse(cinq), {"garde": garde.pk})
