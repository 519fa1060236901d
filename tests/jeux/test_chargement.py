"""La base chargée dit la même chose que le YAML, et se recharge sans rien changer."""

import pytest

from contrats.models import Action, Contrat, Fiche, Habilitation, Partenariat, Renvoi, Version
from gouvernance.models import Participation
from partenaires.models import AliasOrganisme, Organisme
from portail.management.commands.charger_demo import charger
from territoires.models import Rattachement, Territoire
from tests.jeux.lecture import CONTRATS, JEUX, TOUS, actions, contrat, lire, sections


def _plat(action: dict) -> list[dict]:
    return [action, *action.get("sous_actions", [])]


@pytest.mark.parametrize("slug", CONTRATS)
@pytest.mark.usefixtures("jeux")
def test_les_fiches_gardent_titre_ordre_et_sections_imprimes(slug):
    ecrites = [
        (f["titre"], f["numero"], f["axe"], [(s["libelle"], s["etat"]) for s in f["sections"]])
        for f in contrat(slug)["fiches"]
    ]
    lues = [
        (
            f.titre,
            f.numero,
            f.axe.cle if f.axe else None,
            [(s.libelle, s.etat) for s in f.sections.order_by("ordre")],
        )
        for f in Fiche.objects.filter(contrat__slug=slug).order_by("ordre")
    ]
    assert lues == ecrites


@pytest.mark.parametrize("slug", CONTRATS)
@pytest.mark.usefixtures("jeux")
def test_les_actions_gardent_intitule_suivi_et_place(slug):
    ecrites = [
        (a["intitule"], a["statut"], a["avancement"], a["debut"], a["echeance"], modele["horizon"])
        for fiche, s in sections(contrat(slug))
        for modele in [_section_modele(fiche["modele"], s["cle"])]
        for racine in s.get("actions", [])
        for a in _plat(racine)
    ]
    lues = Action.objects.filter(contrat__slug=slug).values_list(
        "intitule", "statut", "avancement", "debut", "echeance", "horizon"
    )
    assert sorted(map(str, lues)) == sorted(map(str, ecrites))
    sous_points = {
        s["intitule"]: a["intitule"] for a in actions(contrat(slug)) for s in _plat(a)[1:]
    }
    assert sous_points == dict(
        Action.objects.filter(contrat__slug=slug, parent__isnull=False).values_list(
            "intitule", "parent__intitule"
        )
    )


def _section_modele(modele: str, cle: str) -> dict:
    (trouve,) = [m for m in lire("reference/modeles_fiche") if m["cle"] == modele]
    return next(s for s in trouve["sections"] if s["cle"] == cle)


@pytest.mark.usefixtures("jeux")
def test_les_130_mentions_menent_dans_l_ordre_a_leur_organisme():
    ecrites = [
        (p["mention"], p["organisme"])
        for slug in CONTRATS
        for _, s in sections(contrat(slug))
        for p in s.get("partenaires", [])
    ]
    lues = [
        (p.mention, p.organisme.cle)
        for slug in CONTRATS
        for p in Partenariat.objects.filter(section__fiche__contrat__slug=slug).order_by(
            "section__fiche__ordre", "section__ordre", "ordre"
        )
    ]
    assert lues == ecrites
    assert len(lues) == 130


@pytest.mark.usefixtures("jeux")
def test_le_texte_du_contrat_est_entier():
    for slug in TOUS:
        donnees, lu = contrat(slug), Contrat.objects.get(slug=slug)
        for champ in (
            "intitule",
            "sous_titre",
            "preambule",
            "statut",
            "programme",
            "numero_projet",
        ):
            assert getattr(lu, champ) == donnees[champ]
        for relation in ("parties", "signatures", "articles", "engagements", "annexes", "annonces"):
            assert getattr(lu, relation).count() == len(donnees[relation])
        assert lu.etapes.count() == len(donnees["chronologie"])
        assert lu.est_publie
        textes = [s["texte"].strip() for _, s in sections(donnees) if s.get("texte")]
        assert sorted(textes) == sorted(
            t for f in lu.fiches.all() for t in f.sections.values_list("texte", flat=True) if t
        )
    renvois = sum(
        len(contrat(s)["renvois"]) + sum(len(f["renvois"]) for f in contrat(s)["fiches"])
        for s in TOUS
    )
    assert Renvoi.objects.count() == renvois


@pytest.mark.usefixtures("jeux")
def test_les_referentiels_sont_entiers():
    territoires, organismes = lire("reference/territoires"), lire("reference/organismes")
    assert Territoire.objects.count() == len(territoires)
    assert Rattachement.objects.count() == sum(len(t["parents"]) for t in territoires)
    assert Organisme.objects.count() == len(organismes)
    assert AliasOrganisme.objects.count() == sum(len(o["alias"]) for o in organismes)


COMPTES = [
    Territoire,
    Rattachement,
    Organisme,
    AliasOrganisme,
    Contrat,
    Fiche,
    Action,
    Partenariat,
    Renvoi,
    Version,
    Participation,
    Habilitation,
]


@pytest.mark.usefixtures("jeux")
def test_recharger_ne_change_rien_et_garde_le_travail_d_un_agent():
    Action.objects.filter(statut="a_lancer").update(statut="en_cours")
    avant = [modele.objects.count() for modele in COMPTES]
    versions = list(Fiche.objects.order_by("pk").values_list("pk", "version", "public_id"))
    charger(JEUX)
    assert [modele.objects.count() for modele in COMPTES] == avant
    assert list(Fiche.objects.order_by("pk").values_list("pk", "version", "public_id")) == versions
    assert not Action.objects.filter(statut="a_lancer").exists()
