"""Ce que la production exige de ses réglages, une phrase par manque."""

from collections.abc import Mapping

LONGUEUR_CLE = 50
OUI = {"1", "true", "on", "yes", "y", "ok", "vrai", "oui"}
# Débuts des clés écrites dans un dépôt : celle de la démonstration, celles que Django fabrique.
CLES_CONNUES = ("cle-", "django-insecure-")


def fautes(reglages: Mapping[str, str]) -> list[str]:
    """Une phrase par variable d'environnement absente ou faible : ce qui manque, quoi faire."""
    cle = reglages.get("SECRET_KEY", "")
    hotes = [h.strip() for h in reglages.get("ALLOWED_HOSTS", "").split(",") if h.strip()]
    constats = [
        (
            not cle,
            "SECRET_KEY est absente : donnez-lui une valeur secrète et aléatoire, par exemple "
            "celle que donne « python3 -c 'import secrets; print(secrets.token_urlsafe(64))' ».",
        ),
        (
            bool(cle) and cle.startswith(CLES_CONNUES),
            "SECRET_KEY est une clé de démonstration, connue de tous : fabriquez la vôtre.",
        ),
        (
            bool(cle) and (len(cle) < LONGUEUR_CLE or len(set(cle)) < 5),
            f"SECRET_KEY est trop faible : il lui faut au moins {LONGUEUR_CLE} caractères variés.",
        ),
        (
            not hotes,
            "ALLOWED_HOSTS est vide : indiquez le nom de domaine du site, par exemple "
            "« ALLOWED_HOSTS=contrats.exemple.fr » (plusieurs : séparez-les d'une virgule).",
        ),
        (
            any(hote in ("*", ".") for hote in hotes),
            "ALLOWED_HOSTS admet n'importe quel nom : remplacez « * » par le domaine du site.",
        ),
        (
            reglages.get("DEMONSTRATION", "").lower() in OUI,
            "DEMONSTRATION est active : ses comptes ont des mots de passe publics. Retirez cette "
            "variable, ou lancez la démonstration par « make demo ».",
        ),
        (
            reglages.get("DEBUG", "").lower() in OUI,
            "DEBUG est actif : il montrerait le code et les réglages aux visiteurs. Retirez cette "
            "variable.",
        ),
    ]
    return [phrase for faute, phrase in constats if faute]
