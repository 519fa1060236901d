"""La suite est hostile au code négligent : ce que Django laisse passer sans bruit échoue ici.

Chaque garde dit, dans son message, la règle enfreinte et comment s'y conformer.
"""

import contextlib
import re
import socket
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.db import connection, models
from django.db.models import QuerySet, UniqueConstraint, deletion
from django.db.models.expressions import F, OrderBy
from django.template import RequestContext, engines
from django.template.base import Node, Template
from django.test import Client
from django.test.utils import instrumented_test_render
from lxml.etree import XPath
from lxml.html import document_fromstring

from edition.models import Versionne

GABARITS = settings.BASE_DIR / "templates"
ENVIRONNEMENT = settings.BASE_DIR / ".venv"
TESTS = settings.BASE_DIR / "tests"
# Les deux seuls endroits qui écrivent un objet versionné, version contrôlée.
PORTES = (settings.BASE_DIR / "edition", settings.BASE_DIR / "contrats" / "contenu")


class Negligence(AssertionError):
    """Règle de la maison enfreinte pendant un test."""


@pytest.fixture(scope="session", autouse=True)
def _suite_hostile():
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(
            engines["django"].engine, "string_if_invalid", VariableIndefinie(), raising=True
        )
        monkeypatch.setattr(models.Model, "save_base", save_base_surveille)
        monkeypatch.setattr(QuerySet, "update", update_surveille)
        monkeypatch.setattr(
            Paginator, "_check_object_list_is_ordered", verifier_ordre_total, raising=True
        )
        monkeypatch.setattr(Client, "request", requete_surveillee)
        monkeypatch.setattr(Template, "_render", rendu_note)
        monkeypatch.setattr(socket.socket, "connect", connexion_locale(socket.socket.connect))
        yield


# Gabarits


class VariableIndefinie(str):
    """`string_if_invalid` : une variable inconnue d'un de nos gabarits est une faute.

    Les gabarits de Django (administration) en emploient, et rendent alors la chaîne vide.
    """

    __slots__ = ()

    def __bool__(self):
        return True

    def __contains__(self, motif):
        return motif == "%s"

    def __mod__(self, variable):
        origine = _gabarit_en_cours()
        if origine and origine.is_relative_to(GABARITS):
            raise Negligence(f"{origine.relative_to(GABARITS)} : « {variable} » n'est pas définie.")
        return ""


def _gabarit_en_cours():
    for cadre in _cadres():
        noeud = cadre.f_locals.get("self")
        if isinstance(noeud, Node) and getattr(noeud, "origin", None):
            return Path(noeud.origin.name)
    return None


# Écritures

save_base = models.Model.save_base
update = QuerySet.update


def save_base_surveille(self, *args, update_fields=None, **kwargs):
    if update_fields is not None:
        oublies = {
            c.name
            for c in self._meta.concrete_fields
            if getattr(c, "auto_now", False) and c.name not in update_fields
        }
        if oublies:
            raise Negligence(f"save(update_fields=…) oublie {sorted(oublies)} (auto_now).")
    if isinstance(self, Versionne) and not self._state.adding and _vient_du_projet():
        raise Negligence(f"{type(self).__name__} s'écrit par edition.ecriture.mettre_a_jour.")
    return save_base(self, *args, update_fields=update_fields, **kwargs)


def update_surveille(self, **champs):
    edite = issubclass(self.model, Versionne) and "version" not in champs
    if edite and _vient_du_projet() and not _vide_un_lien():
        raise Negligence(f"{self.model.__name__} s'écrit par edition.ecriture.mettre_a_jour.")
    return update(self, **champs)


update_surveille.alters_data = True


def _vide_un_lien():
    """Une suppression qui vide un lien (SET_NULL) n'est pas une édition de ce qui la citait."""
    return any(cadre.f_code.co_filename == deletion.__file__ for cadre in _cadres())


def _vient_du_projet():
    """Vrai si l'appel vient d'une vue, d'une commande… ; faux d'un test ou d'une porte."""
    for cadre in _cadres():
        fichier = Path(cadre.f_code.co_filename)
        if fichier == Path(__file__) or not fichier.is_absolute():
            continue
        if fichier.is_relative_to(TESTS) or fichier.parent in PORTES:
            return False
        if fichier.is_relative_to(settings.BASE_DIR) and not fichier.is_relative_to(ENVIRONNEMENT):
            return True
        if fichier.match("django/core/handlers/*.py"):
            return True
    return False


def _cadres():
    cadre = sys._getframe(2)
    while cadre is not None:
        yield cadre
        cadre = cadre.f_back


# Pagination


def verifier_ordre_total(self):
    """Sans ordre total, deux pages peuvent montrer la même ligne et en cacher une autre."""
    lignes = self.object_list
    if not isinstance(lignes, QuerySet) or lignes.query.combinator:
        return
    if not est_totalement_ordonne(lignes):
        raise Negligence(
            f"Pagination de {lignes.model.__name__} sans ordre total : finissez par « pk »."
        )


def est_totalement_ordonne(lignes):
    """Vrai si l'ordre finit par départager deux lignes : clé primaire ou champs uniques."""
    requete, options = lignes.query, lignes.model._meta
    ordre = requete.extra_order_by or requete.order_by
    if not ordre and requete.default_ordering and not requete.group_by:
        ordre = options.ordering
    noms = {_nom_de_champ(o) for o in ordre}
    if noms & {"pk", options.pk.name}:
        return True
    if any(c.unique and not c.null for c in options.concrete_fields if c.name in noms):
        return True
    return any(
        set(contrainte.fields) <= noms
        for contrainte in options.constraints
        if isinstance(contrainte, UniqueConstraint)
        and contrainte.fields
        and contrainte.condition is None
    )


def _nom_de_champ(ordre):
    if isinstance(ordre, str):
        return ordre.lstrip("-+")
    expression = ordre.expression if isinstance(ordre, OrderBy) else ordre
    return expression.name if isinstance(expression, F) else None


# Client de test

requete_du_client = Client.request
ECRITURE = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
# Une session s'ouvre ou se prolonge à la lecture, et le retour de ProConnect, un GET, connecte ;
# allauth note que des codes ont été montrés ; un jeton d'API, sa dernière utilisation.
TOLEREES = (
    "comptes_sessionouverte",
    'SET "last_login"',
    'SET "identifiant_proconnect"',
    "mfa_authenticator",
    'SET "utilise_le"',
)


def requete_surveillee(self, **requete):
    """Un GET n'écrit rien ; une page HTML n'a ni script ni style en ligne, ni gabarit qui fuit."""
    lecture = requete.get("REQUEST_METHOD", "GET") in ("GET", "HEAD")
    garde = connection.execute_wrapper(refuser_l_ecriture) if lecture else contextlib.nullcontext()
    with garde:
        reponse = requete_du_client(self, **requete)
    if reponse.get("Content-Type", "").startswith("text/html") and not reponse.streaming:
        fautes = fautes_de_page(reponse.content.decode(reponse.charset))
        if fautes:
            raise Negligence(f"{requete.get('PATH_INFO')} : {' ; '.join(fautes[:5])}")
    return reponse


def refuser_l_ecriture(executer, sql, parametres, multiple, contexte):
    if ECRITURE.match(sql) and not any(toleree in sql for toleree in TOLEREES):
        raise Negligence(f"Une requête GET a écrit en base : {sql[:120]}")
    return executer(sql, parametres, multiple, contexte)


DONNEES = ("application/json", "application/ld+json")
EN_LIGNE = XPath(
    "//@*[name() = 'style' or starts-with(name(), 'on')"
    " or starts-with(translate(., 'JAVSCRIPT', 'javscript'), 'javascript:')]"
)
MARQUES = ("{{", "{%", "{#", "}}", "%}")
# Le contenu d'un `textarea` appartient à l'utilisateur.
TEXTES = XPath(
    "//text()[not(ancestor::textarea | ancestor::script | ancestor::pre | ancestor::code)]"
)


def fautes_de_page(html):
    """Ce que la politique de sécurité du contenu bloquerait, et les marques de gabarit visibles."""
    if not html.strip():
        return []
    page = document_fromstring(html)
    scripts = [s for s in page.iter("script") if s.get("src") is None]
    fautes = ["script en ligne" for s in scripts if s.get("type") not in DONNEES]
    fautes += ["feuille de style en ligne" for _ in page.iter("style")]
    fautes += [f"« {a.attrname} » en ligne sur <{a.getparent().tag}>" for a in EN_LIGNE(page)]
    if any(marque in html for marque in MARQUES):
        fautes += [
            f"marque de gabarit visible : {texte.strip()[:60]}"
            for texte in TEXTES(page)
            if any(marque in texte for marque in MARQUES)
        ]
    return fautes


# Rendu


def rendu_note(self, contexte):
    """Ce que relève le client de test : le gabarit de la page, et non chacun de ceux qu'il inclut.

    Une page de saisie en rend six cents ; copier le contexte à chacun prenait une part du temps.
    """
    if isinstance(contexte, RequestContext) and contexte.template is self:
        return instrumented_test_render(self, contexte)
    return self.nodelist.render(contexte)


# Réseau


def connexion_locale(connecter):
    """Aucun test ne sort de la machine ; la boucle locale sert aux serveurs de test."""

    def connect(prise, adresse):
        hote = adresse[0] if isinstance(adresse, tuple) else ""
        if hote and hote not in ("127.0.0.1", "::1", "localhost"):
            raise Negligence(f"Un test a voulu joindre {hote}.")
        return connecter(prise, adresse)

    return connect
