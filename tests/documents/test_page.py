"""La page à imprimer : même ordre et même contenu que l'écran, rien de tu, rien d'inventé."""

import datetime
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils import timezone

from contrats.enums import NatureAxe, NatureSection, StatutAction, StatutContrat
from contrats.models import Action, Annonce, Renvoi
from documents import rendu
from documents.lecture import SectionLue
from tests.contrats.factories import AxeFactory, FicheFactory
from tests.documents.factories import contrat_riche, fiche_de_toutes_natures
from texte.dates import en_lettres

pytestmark = pytest.mark.django_db


def page(contrat, par, **etendue):
    html = rendu.html(rendu.contexte(contrat, par=par, site="https://exemple.invalid/", **etendue))
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("nature", NatureSection)
def test_chaque_nature_de_section_a_son_gabarit(nature):
    assert get_template(SectionLue("Section", nature).gabarit)


@pytest.mark.parametrize("statut", [*StatutAction.values, "en_retard"])
def test_chaque_etat_a_son_signe(statut):
    feuille = Path(finders.find("pdf/document.css")).read_text()
    assert f".{statut}{{background-image:url(signes/{statut}.svg)" in feuille
    assert finders.find(f"pdf/signes/{statut}.svg")


def test_une_fiche_imprime_toutes_ses_sections_dans_l_ordre(contrat, anonyme):
    fiche = fiche_de_toutes_natures(contrat)
    html = page(contrat, anonyme, cles=[fiche.cle])
    libelles = [s.libelle for s in fiche.sections.order_by("ordre")]
    assert re.findall(r"<h3>([^<]+?) ?(?:<|$)", html) == libelles
    for attendu in (
        "fin 2015</th><td>Accord",
        "imprimé sous « Facteurs clés de succès »",
        "<h4>Quantitatifs</h4>",
        "Projet 12",
        "Camille Responsable</b>, Chef de projet",
        "Pilote : Organisme",
        "Un sous-point",
        "MIN de Toulouse…",
        "document extérieur",
    ):
        assert re.sub(r"\s", " ", attendu) in re.sub(r"\s", " ", html)


def test_neant_n_est_pas_non_renseigne(contrat, anonyme):
    fiche = fiche_de_toutes_natures(contrat)
    html = page(contrat, anonyme, cles=[fiche.cle])
    assert re.search(r"Section ras</h3> <p[^>]*>Néant : rien à signaler", html)
    assert re.search(r"Section vide</h3> <p[^>]*>Non renseigné.<", html)


def test_une_liste_fermee_finit_par_un_point(contrat, anonyme):
    fiche = fiche_de_toutes_natures(contrat)
    fiche.sections.update(liste_ouverte=False)
    assert "MIN de Toulouse.</p>" in page(contrat, anonyme, cles=[fiche.cle])


def test_le_suivi_invente_est_marque_partout(contrat, anonyme):
    Action.objects.update(demonstration=True)
    cle = contrat.fiches.first().cle
    html = page(contrat, anonyme, cles=[cle])
    listes = html.count('<ul class="liste-actions">')
    assert listes == html.count('<span class="demo">suivi de démonstration</span>') == 2
    assert "Exemplaire de démonstration" in html
    Action.objects.filter(fiche__cle=cle, horizon="court").update(demonstration=False)
    Action.objects.filter(fiche__cle=cle, horizon="court", ordre=1).update(demonstration=True)
    html = page(contrat, anonyme, cles=[cle])
    assert html.count('<span class="demo">démonstration</span>') == 1


def test_un_retard_dit_a_quelle_date_il_est_constate(contrat, anonyme):
    aujourd_hui = en_lettres(timezone.localdate())
    assert "Retards constatés" not in page(contrat, anonyme, entier=True)
    Action.objects.filter(horizon="pilote").update(echeance=datetime.date(2000, 1, 1))
    html = page(contrat, anonyme, entier=True)
    assert f"Retards constatés au {aujourd_hui}" in html
    assert html.count('<span class="etat en_retard">En retard</span>') == 2


@pytest.mark.parametrize("statut", StatutContrat)
def test_seul_un_contrat_signe_et_entier_n_est_pas_un_document_de_travail(contrat, anonyme, statut):
    contrat.statut = statut
    signe = statut in {StatutContrat.SIGNE, StatutContrat.PROROGE, StatutContrat.ECHU}
    soumis = statut == StatutContrat.EN_SIGNATURE
    entier = page(contrat, anonyme, entier=True)
    assert ("Document de travail, non signé" in entier) is not (signe or soumis)
    assert ("Texte soumis à la signature" in entier) is soumis
    assert "Document de travail, non signé" in page(contrat, anonyme)


def test_un_contrat_non_signe_laisse_a_remplir_lieu_et_date(anonyme):
    html = page(contrat_riche(signe=False), anonyme, entier=True)
    assert html.count('class="a-remplir"') == 2
    assert "10 juillet 2017" not in html


def test_le_bloc_de_signature_dit_lieu_date_qualite_et_temoin(contrat, anonyme):
    bloc = page(contrat, anonyme, entier=True).partition('id="signatures"')[2]
    bloc = bloc.partition("</section>")[0]
    attendus = ["Fait à Fleurance, le 10 juillet 2017.", "Pour Ville-Centre", "Président"]
    attendus += ["Pour Pays des Collines", "En présence de", "Ministre"]
    positions = [bloc.index(attendu) for attendu in attendus]
    assert positions == sorted(positions)


def test_le_sommaire_annonce_toutes_les_pieces_dans_l_ordre(contrat, anonyme):
    html = page(contrat, anonyme, entier=True)
    sommaire = re.findall(r'<li[^>]*><a href="#([^"]+)">', html.partition("</nav>")[0])
    assert sommaire == re.findall(r'<h2 id="([^"]+)"', html)
    fiches = [f"fiche-{f.cle}" for f in contrat.fiches.order_by("ordre")]
    assert sommaire == [
        *("parties", "essentiel", "chronologie", "preambule", "article-1", "article-2"),
        *("axes-thematique", "gouvernance", "signatures", "annexe-1", "annexe-2", *fiches),
    ]


def test_une_annexe_vide_est_dite_vide(contrat, anonyme):
    assert "Annexe vide dans le document source." in page(contrat, anonyme, entier=True)


def test_le_financement_indicatif_se_dit_tel(contrat, anonyme):
    html = page(contrat, anonyme, entier=True)
    assert "Financement : indicatif (cité par le contrat)</th><td><b>500 000 €</b>" in html


def test_l_ecart_entre_annonce_et_decrit_est_ecrit(contrat, anonyme):
    AxeFactory(contrat=contrat, nature=NatureAxe.ORIENTATION)
    Annonce.objects.create(contrat=contrat, objet="orientations", nombre=6, libelle="6 grandes")
    assert "6 sont annoncés, 1 sont décrits" in page(contrat, anonyme, entier=True)


def test_un_renvoi_ne_nomme_pas_une_fiche_invisible(contrat, anonyme):
    section = contrat.fiches.first().sections.first()
    cachee = FicheFactory(contrat=contrat, titre="Fiche secrète")
    Renvoi.objects.create(section=section, ordre=1, texte="cf. fiche 6", fiche=cachee)
    html = page(contrat, anonyme, entier=True)
    assert "« cf. fiche 6 » : une autre fiche du contrat" in html
    assert "Fiche secrète" not in html


def test_un_lien_interne_mene_a_la_plateforme(contrat, anonyme):
    contrat.preambule = "Voir [la liste](/contrats/)."
    assert 'href="https://exemple.invalid/contrats/"' in page(contrat, anonyme, entier=True)


def test_les_titres_d_un_texte_s_emboitent_sous_celui_de_leur_section(contrat, anonyme):
    fiche = contrat.fiches.first()
    fiche.sections.filter(modele__nature=NatureSection.TEXTE).update(texte="### Détail\n\nTexte.")
    contrat.preambule = "### Motifs\n\nTexte."
    html = page(contrat, anonyme, entier=True)
    assert "<h3>Motifs</h3>" in html
    assert "<h4>Détail</h4>" in html


def test_ce_qui_est_saisi_ne_devient_jamais_du_html(contrat, anonyme):
    contrat.intitule = "<script>x</script>"
    contrat.preambule = "<img src=x onerror=alert(1)>"
    html = page(contrat, anonyme, entier=True)
    assert "<script" not in html
    assert "<img" not in html
