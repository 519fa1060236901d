"""Le rapport annuel dit l'année ; aucun document ne dépasse vingt pages ni ne coupe en silence."""

import io
import re
from decimal import Decimal

import pikepdf
import pytest
from django.contrib.auth.models import AnonymousUser

from contrats.enums import NatureFinancement, NatureSection, StatutAction, StatutFiche
from contrats.historique import constater
from contrats.models import Financement, Partenariat
from contrats.versions import versionner
from documents import rendu
from documents.dossier import contexte_dossier
from edition.ecriture import mettre_a_jour
from gouvernance.models import Decision
from tableaux.dossier import dossier, tableau_du_document
from tableaux.enums import GenreRapport
from tableaux.models import Constat
from tableaux.perimetre import du_contrat
from tests.contrats.factories import AxeFactory, FicheFactory, PartieFactory, SectionFactory
from tests.gouvernance.factories import InstanceFactory, SeanceFactory
from tests.indicateurs.factories import observatoire
from tests.partenaires.factories import OrganismeFactory
from tests.perr.factories import matrice, remplir
from tests.tableaux.histoires import Horloge
from tests.tableaux.monde import JOUR

pytestmark = pytest.mark.django_db
PUBLIC = AnonymousUser()
LONG = "Une phrase qui n'en finit pas, pour que chaque case tienne trois lignes au moins. " * 5


def somme(contrat, ordre, **montants):
    return contrat.financements.create(
        ordre=ordre, intitule=f"Somme {ordre}", nature=NatureFinancement.INDICATIF, **montants
    )


def annuel(contrat):
    """Les parties du rapport annuel, par titre."""
    t = tableau_du_document(du_contrat(contrat), PUBLIC, GenreRapport.ANNUEL)
    parties = dossier(t, GenreRapport.ANNUEL).parties
    assert [p.titre for p in parties[:2]] == ["L'essentiel", "L'année"]
    return parties[1]


def grille(partie, titre):
    return next(g for g in partie.grilles if titre in g.titre)


def test_le_rapport_annuel_dit_ce_que_l_annee_a_change():
    with Horloge() as horloge:
        contrat = matrice(actions=5, colonnes=1)
        a, b, c, d, _ = contrat.actions.order_by("ordre")
        d.statut = StatutAction.REALISEE  # avant l'année : elle n'en est pas
        d.save()
        somme(contrat, 1, montant=Decimal(1000), engage=Decimal(100))
        constater(contrat, par=None)
        contrat.garder_version(par=None)
        horloge.avancer(400 * JOUR)
        a.statut, b.statut = StatutAction.REALISEE, StatutAction.EN_COURS
        c.statut, c.motif_statut = StatutAction.ABANDONNEE, "Faute de crédits"
        for action in (a, b, c):
            action.save()
        constater(contrat, par=None)
        Financement.objects.update(engage=Decimal(400))
        mettre_a_jour(contrat, version=contrat.version)
        versionner(contrat, par=None, motif="Somme")
        partie = annuel(contrat)
    debut = f"{horloge.jour.replace(year=horloge.jour.year - 1):%d/%m/%Y}"
    assert partie.phrases[0] == f"Du {debut} au {horloge.jour:%d/%m/%Y}."
    devenues = {mot: (nombre, noms) for mot, nombre, noms in grille(partie, "devenues").lignes}
    assert devenues["Réalisées"] == ("1", "n° 1")
    assert devenues["Lancées"] == ("2", "n° 1, n° 2")
    assert devenues["Suspendues ou abandonnées"] == ("1", "n° 3")
    assert devenues["Entrées au contrat"] == ("0", "")
    assert grille(partie, "Financement").lignes == [
        ("Prévu", "1\xa0000 €", "1\xa0000 €", "0 €"),
        ("Engagé", "100 €", "400 €", "300 €"),
    ]


def test_le_rapport_annuel_dit_les_decisions_les_engagements_et_les_jalons_de_l_annee():
    with Horloge() as horloge:
        contrat = matrice(actions=1)
        constater(contrat, par=None)
        partie = PartieFactory(contrat=contrat, organisme=OrganismeFactory(nom="La Ville"))
        fiche = FicheFactory(contrat=contrat, statut=StatutFiche.PUBLIEE)
        jalons = SectionFactory(fiche=fiche, modele__nature=NatureSection.JALONS).jalons
        for ordre, jours in enumerate((-10, 300, 900)):
            jalons.create(
                ordre=ordre, intitule=f"Jalon {ordre}", echeance=horloge.jour + jours * JOUR
            )
        engagements = [contrat.engagements.create(ordre=n, texte=f"Promesse {n}") for n in (1, 2)]
        engagements[0].porteurs.add(partie)
        Constat.objects.create(contrat=contrat, engagement=engagements[1], etat="tenu")
        horloge.avancer(400 * JOUR)
        Constat.objects.create(contrat=contrat, engagement=engagements[0], etat="tenu")
        comite = InstanceFactory(contrat=contrat)
        for jours in (500, 30):
            seance = SeanceFactory(
                instance=comite, close=True, publique=True, le=horloge.jour - jours * JOUR
            )
            Decision.objects.create(
                seance=seance, ordre=1, texte=f"Décider {jours}.", statut="a_faire"
            )
        dite = annuel(contrat)
    assert [li[0] for li in grille(dite, "Décisions").lignes] == ["Décider 30."]
    assert "Décisions prises : 1, dont 0 faites." in dite.phrases
    assert grille(dite, "Engagements").lignes == [("Promesse 1", "La Ville", "", "Tenu")]
    assert "Engagements réciproques constatés : 1 sur 2, dont 1 tenus." in dite.phrases
    assert [li[0] for li in grille(dite, "Jalons").lignes] == ["Jalon 1"]


def test_une_histoire_plus_courte_que_l_annee_se_dit():
    with Horloge() as horloge:
        contrat = matrice(actions=1)
        constater(contrat, par=None)
        debut = horloge.jour
        horloge.avancer(40 * JOUR)
        phrases = annuel(contrat).phrases
    assert phrases[0] == f"Du {debut:%d/%m/%Y} au {horloge.jour:%d/%m/%Y}."
    assert "La plateforme ne garde pas l'histoire d'avant : l'année se compte de là." in phrases


def gros_contrat(horloge):
    """Le PERR en plus lourd : 45 actions × 11 colonnes, et trop de tout le reste."""
    contrat = matrice(actions=45, colonnes=11)
    axes = [
        AxeFactory(contrat=contrat.parent, numero=str(n), intitule=LONG[:200]) for n in range(16)
    ]
    remplir(contrat, ["Texte"] * 240)
    organismes = OrganismeFactory.create_batch(60)
    actions = list(contrat.actions.order_by("ordre"))
    for rang, action in enumerate(actions):
        action.axe, action.intitule = axes[rang % 16], LONG[:250]
        action.echeance = horloge.jour + 20 * JOUR
        action.save()
        Partenariat.objects.create(
            action=action, organisme=organismes[rang], role="pilote", ordre=1
        )
    parties = [
        PartieFactory(contrat=contrat, organisme=o, rang=r) for r, o in enumerate(organismes)
    ]
    fiche = FicheFactory(contrat=contrat, statut=StatutFiche.PUBLIEE)
    jalons = SectionFactory(fiche=fiche, modele__nature=NatureSection.JALONS).jalons
    for rang in range(60):
        engagement = contrat.engagements.create(ordre=rang, texte=LONG)
        engagement.porteurs.add(parties[rang])
        somme(contrat, rang, montant=Decimal(1000))
        jalons.create(ordre=rang, intitule=LONG, echeance=horloge.jour + 30 * JOUR)
    for _ in range(50):
        observatoire(0, contrat=contrat.parent, intitule=LONG[:120])
    constater(contrat, par=None)
    contrat.garder_version(par=None)
    horloge.avancer(300 * JOUR)
    comite = InstanceFactory(contrat=contrat)
    seance = SeanceFactory(instance=comite, close=True, publique=True, le=horloge.jour - 200 * JOUR)
    for rang, engagement in enumerate(contrat.engagements.all()):
        Constat.objects.create(
            contrat=contrat, engagement=engagement, etat="en_partie", phrase=LONG[:300]
        )
        Decision.objects.create(
            seance=seance, ordre=rang, texte=LONG, statut="a_faire", organisme=organismes[rang]
        )
    for action in actions:
        action.statut, action.echeance = StatutAction.EN_COURS, horloge.jour - JOUR
        action.save()
    constater(contrat, par=None)
    return contrat


@pytest.mark.une_fois
@pytest.mark.lent
def test_un_gros_contrat_tient_sur_vingt_pages_et_dit_ce_qu_il_coupe():
    with Horloge() as horloge:
        contrat = gros_contrat(horloge)
        for genre in GenreRapport:
            contexte = contexte_dossier(contrat, genre, None, None, par=PUBLIC, site="")
            page = rendu.html(contexte)
            coupures = re.findall(r"[Ee]t (\d+) autres, à l&#x27;écran", page)
            assert len(coupures) >= 3, genre
            octets = rendu.rendre(contexte)
            with pikepdf.open(io.BytesIO(octets)) as pdf:
                assert len(pdf.pages) <= 20, (genre, len(pdf.pages))
