"""Un contrat où tout se tient, en valeurs ; et de quoi l'abîmer d'une seule façon."""

from dataclasses import replace

from coherence.enums import Regle
from coherence.formes import (
    ActionLue,
    AnnexeLue,
    AnnexeTerritorialeLue,
    AnnonceLue,
    ArticleLu,
    AxeLu,
    FicheLue,
    IndicateurLu,
    Matiere,
    Objet,
    PartieLue,
    PrioriteLue,
    Releve,
    RenvoiDeCellule,
    RenvoiLu,
    SectionLue,
    TexteLu,
    TitreLu,
)
from texte.nombres import en_lettres

ARTICLE = (
    "Le contrat suit cinq orientations et 5 programmes d'actions, en quatre fiches (cf. annexe 1, "
    "cf. fiche 2). Ses douze actions et ses trois axes prioritaires sont suivis par les deux "
    "parties. La circulaire fixe quarante mesures sous sept programmes."
)


def objet(repere, dans=""):
    return Objet(f"L'objet {repere}", f"/{repere}/", repere, dans)


def action(n, **champs):
    """Douze actions : trois par fiche, la première de chacune est un projet pilote."""
    fiche = (n - 1) // 3 + 1
    defauts = {
        "numero": str(n),
        "intitule": f"Ouvrir le lieu {n} avec le CLSPD",
        "fiche": str(fiche),
        "axe": 10 + fiche,
        "horizon": ("pilote", "court", "moyen_long")[(n - 1) % 3],
        "prioritaire": n <= 3,
        "declinaisons": 2,
    }
    return ActionLue(objet(f"action:{n}"), **{**defauts, **champs})


def fiche(n, **champs):
    sections = tuple(SectionLue(objet(f"section:{n}:{s}", f"fiche:{n}")) for s in "ab")
    defauts = {"numero": str(n), "axe": 10 + n, "sections": sections}
    return FicheLue(objet(f"fiche:{n}", f"fiche:{n}"), **{**defauts, **champs})


def propre() -> Matiere:
    """Rien à redire : chaque règle y a de quoi lire."""
    article = objet("article:1")
    return Matiere(
        contrat=objet("contrat"),
        textes=(
            TexteLu(article, ARTICLE, (RenvoiLu("cf. fiche 2", "2"),)),
            TexteLu(objet("section:1:a"), "Voir la fiche 3 et l'annexe 2.", compte=False),
        ),
        articles=(
            ArticleLu(article, "1", "Objet", ARTICLE),
            ArticleLu(objet("article:2"), "2", "Engagements", "", 3),
            ArticleLu(objet("article:3"), "3", "Actions pilotes", "Trois instances les suivent."),
        ),
        annexes=(
            AnnexeLue(objet("annexe:1"), "1"),
            AnnexeLue(objet("annexe:2"), "2", de_fiches=True),
        ),
        annonces=(
            AnnonceLue(objet("annonce:o"), "orientations", 5, "cinq orientations"),
            AnnonceLue(objet("annonce:a"), "actions", 12, "12 actions"),
        ),
        axes=(
            *(AxeLu(objet(f"axe:{n}"), n, "orientation", str(n)) for n in range(1, 6)),
            AxeLu(objet("axe:pilier"), 10, "pilier"),
            *(AxeLu(objet(f"axe:p{n}"), 10 + n, "programme", str(n), 10) for n in range(1, 6)),
        ),
        fiches=tuple(fiche(n) for n in range(1, 5)),
        actions=(*(action(n) for n in range(1, 13)), action(12, sous_point=True, axe=15)),
        parties=(PartieLue(objet("partie:1"), 1), PartieLue(objet("partie:2"), 1)),
        titres=tuple(
            TitreLu(objet(f"action:{n}:{a}"), a, str(n), str(n), f"Ouvrir le lieu {n} (CLSPD)")
            for a in ("Nord", "Sud")
            for n in range(1, 13)
        ),
        priorites=tuple(
            PrioriteLue(objet(f"priorite:{n}"), "Ouvrir", str(n), (11,)) for n in (1, 2, 3)
        ),
        cellules=(
            RenvoiDeCellule(objet("case:1"), "En lien avec le cadre de vie (programme 1 à 5)", 10),
            RenvoiDeCellule(objet("case:2"), "En lien avec l'action n° 2", action="2"),
        ),
        annexes_territoriales=tuple(
            AnnexeTerritorialeLue(objet(f"territoriale:{a}"), a, n, n, 2, frozenset({f"q{n}"}))
            for n, a in enumerate(("Nord", "Sud"), 1)
        ),
        indicateurs=(
            IndicateurLu(objet("indicateur:1"), frozenset({2015, 2019}), ("Progrès depuis 2015.",)),
        ),
        engagements=3,
        quartiers=4,
        instances=3,
        indicateurs_suivis=1,
        signatures=2,
        signe=True,
        version_source="1.2",
    )


def changer(m, champ, rang, **change):
    """La matière, la ligne `rang` de cette relation changée."""
    lignes = list(getattr(m, champ))
    lignes[rang] = replace(lignes[rang], **change)
    return replace(m, **{champ: tuple(lignes)})


def ecrire(m, phrase):
    """Une phrase de plus à l'article 1, partout où il se lit."""
    m = changer(m, "textes", 0, texte=f"{m.textes[0].texte} {phrase}")
    return changer(m, "articles", 0, texte=f"{m.articles[0].texte} {phrase}")


NOMS = {
    "orientations": 5, "grandes orientations": 5, "programmes d'actions": 5, "fiches": 4,
    "fiches thématiques": 4, "articles": 3, "annexes": 2, "engagements": 3, "parties": 2,
    "instances": 3, "QPV": 4, "axes prioritaires": 3, "axes": 3, "actions prioritaires": 3,
    "actions pilotes": 4,
}  # fmt: skip


def compter(m, de):
    """Un nombre faux, en chiffres ou en lettres, d'une chose que les données comptent."""
    nom, juste = de.choice(sorted(NOMS.items()))
    faux = de.choice([n for n in range(2, 40) if n != juste])
    return ecrire(m, f"Il a {de.choice([str(faux), en_lettres(faux)])} {nom}.")


def echanger(m, de):
    """Deux numéros échangés dans une annexe."""
    i, j = de.sample(range(12), 2)
    decalage = de.choice([0, 12])
    a, b = m.titres[decalage + i], m.titres[decalage + j]
    m = changer(m, "titres", decalage + i, imprime=b.numero)
    return changer(m, "titres", decalage + j, imprime=a.numero)


def un(champ, **change):
    """Change une ligne tirée au sort."""
    return lambda m, de: changer(m, champ, de.randrange(len(getattr(m, champ))), **change)


def section_vide(m, de):
    rang = de.randrange(len(m.fiches))
    sections = list(m.fiches[rang].sections)
    n = de.randrange(len(sections))
    sections[n] = replace(sections[n], vide=True)
    return changer(m, "fiches", rang, sections=tuple(sections))


def plage(m, de):
    a, b = sorted(de.sample(range(1, 10), 2))
    b = b + 1 if (a, b) == (1, 5) else b
    return changer(m, "cellules", 0, texte=f"Cadre de vie (programme {a} à {b})")


def noter(m, regle):
    """Ce que l'import a noté d'une case ou d'une ligne."""
    return replace(m, releves=(Releve(regle, objet("case:3"), "À quelle action ?"),))


ABIMER = {
    "compte": (Regle.COMPTE, compter),
    "annonce": (Regle.COMPTE, lambda m, de: changer(m, "annonces", 0, nombre=de.randint(6, 30))),
    "annexe vide": (Regle.ANNEXE_ABSENTE, un("annexes", vide=True)),
    "annexe citée": (
        Regle.ANNEXE_ABSENTE,
        lambda m, de: ecrire(m, f"Voir l'annexe {de.randint(3, 60)}."),
    ),
    "fiche citée": (Regle.RENVOI, lambda m, de: ecrire(m, f"Voir la fiche {de.randint(5, 90)}.")),
    "fiche jetée": (
        Regle.RENVOI,
        lambda m, de: changer(m, "textes", 0, renvois=(RenvoiLu("cf. fiche 2", "2", True),)),
    ),
    "action citée": (
        Regle.RENVOI,
        lambda m, de: changer(m, "cellules", 1, texte=f"Voir action n° {de.randint(13, 99)}"),
    ),
    "autre action": (
        Regle.RENVOI,
        lambda m, de: changer(m, "cellules", 1, texte=f"Voir action n° {de.randint(3, 12)}"),
    ),
    "vague": (Regle.RENVOI_VAGUE, lambda m, de: ecrire(m, "Mieux (cf. fiche adhoc).")),
    "échange": (Regle.NUMERO_ECHANGE, echanger),
    "numéro faux": (
        Regle.NUMERO_ECHANGE,
        lambda m, de: changer(m, "titres", de.randrange(24), imprime=str(de.randint(13, 99))),
    ),
    "plage": (Regle.PLAGE, plage),
    "section vide": (Regle.SECTION_VIDE, section_vide),
    "article vide": (
        Regle.SECTION_VIDE,
        lambda m, de: changer(m, "articles", 1, engagements=0, texte=de.choice(["", "  \n"])),
    ),
    "article sauté": (
        Regle.NUMERO_SAUTE,
        lambda m, de: changer(m, "articles", 2, numero=str(de.choice([1, 2, *range(4, 90)]))),
    ),
    "action dehors": (
        Regle.ACTION_HORS_ARTICLE,
        lambda m, de: changer(m, "actions", de.randrange(12), fiche="", axe=None),
    ),
    "axe nu": (
        Regle.ARTICLE_SANS_ACTION,
        lambda m, de: replace(m, actions=m.actions[:-1]),  # rien sous le programme 5
    ),
    "horizon vide": (
        Regle.ARTICLE_SANS_ACTION,
        lambda m, de: replace(
            m,
            actions=tuple(replace(a, horizon="court") for a in m.actions),
        ),
    ),
    "fiche dehors": (Regle.FICHE_HORS_AXE, un("fiches", axe=None)),
    "partie muette": (Regle.SANS_SIGNATAIRE, un("parties", signataires=0)),
    "priorité vide": (
        Regle.PRIORITE_VIDE,
        lambda m, de: changer(m, "actions", de.randrange(3), declinaisons=0),
    ),
    "ligne absente": (Regle.LIGNE_ABSENTE, un("titres", imprime="", titre="", absente=True)),
    "évolution": (
        Regle.EVOLUTION,
        lambda m, de: changer(
            m, "indicateurs", 0, analyses=(f"Mieux depuis {de.randint(1990, 2014)}.",)
        ),
    ),
    "priorité partielle": (
        Regle.PRIORITE_PARTIELLE,
        lambda m, de: changer(m, "priorites", de.randrange(3), programmes=(11, 15)),
    ),
    "priorité sans action": (Regle.PRIORITE_SANS_ACTION, un("priorites", action="")),
    "numéro déduit": (Regle.NUMERO_DEDUIT, un("fiches", deduit=True)),
    "synonyme": (Regle.SYNONYME, lambda m, de: changer(m, "annonces", 1, libelle="12 mesures")),
    "graphie": (
        Regle.GRAPHIE,
        lambda m, de: changer(
            m, "titres", de.randrange(24), titre=f"Ouvrir ({de.choice(['CLSPd', 'CLSPR'])})"
        ),
    ),
    "ordre": (Regle.ORDRE, lambda m, de: changer(m, "annexes_territoriales", 0, ordre_sommaire=9)),
    "colonnes": (Regle.DECOUPAGE, un("annexes_territoriales", colonnes=5)),
    "à cheval": (
        Regle.DECOUPAGE,
        un("annexes_territoriales", quartiers=frozenset({"q1", "q2"})),
    ),
    "sans signature": (Regle.STATUT, lambda m, de: replace(m, signatures=0)),
    "projet": (Regle.STATUT, lambda m, de: replace(m, projets=(objet("deliberation:1"),))),
    "brouillon": (Regle.STATUT, lambda m, de: replace(m, version_source="v0.1")),
    **{
        f"relevé {regle}": (regle, lambda m, de, regle=regle: noter(m, regle))
        for regle in (Regle.VARIABLE, Regle.A_RELIRE, Regle.MAL_PLACE, Regle.DATE_APPROCHEE)
    },
}
