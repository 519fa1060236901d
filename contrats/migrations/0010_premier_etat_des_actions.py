"""Chaque action présente a un premier état gardé, daté de sa dernière modification."""

from django.db import migrations

CHAMPS = ("numero", "intitule", "horizon", "ordre", "statut", "motif_statut", "avancement")
DATES = ("debut", "echeance")
BOOLEENS = ("prioritaire", "demonstration")
ROLES = {"pilotes": "pilote", "chefs_de_file": "chef_de_file", "partenaires": "partenaire"}


def garder(apps, schema_editor):
    Action = apps.get_model("contrats", "Action")
    EtatAction = apps.get_model("contrats", "EtatAction")
    Partenariat = apps.get_model("contrats", "Partenariat")
    roles = {}
    partenariats = Partenariat.objects.filter(action__isnull=False).order_by("ordre", "pk")
    for action, role, cle in partenariats.values_list("action", "role", "organisme__cle"):
        roles.setdefault((action, role), []).append(cle)
    territoires = {}
    for action, cle in Action.objects.filter(territoires__isnull=False).values_list(
        "pk", "territoires__cle"
    ):
        territoires.setdefault(action, []).append(cle)
    actions = Action.objects.filter(fiche__supprimee_le=None).select_related(
        "parent", "regroupee_dans", "axe", "fiche__axe"
    )
    for action in actions.order_by("pk").iterator(chunk_size=1000):
        axe = action.axe or (action.fiche.axe if action.fiche else None)
        etat = {champ: getattr(action, champ) for champ in (*CHAMPS, *BOOLEENS)}
        for champ in DATES:
            valeur = getattr(action, champ)
            etat[champ] = valeur.isoformat() if valeur else None
        for nom in ("parent", "regroupee_dans"):
            autre = getattr(action, nom)
            etat[nom] = str(autre.public_id) if autre else None
        etat["axe"] = axe.cle if axe else None
        for nom, role in ROLES.items():
            etat[nom] = roles.get((action.pk, role), [])
        etat["territoires"] = sorted(territoires.get(action.pk, []))
        EtatAction.objects.create(
            contrat_id=action.contrat_id,
            fiche_id=action.fiche_id,
            action=action,
            identifiant=action.public_id,
            etat=etat,
            le=action.modifie_le,
        )


class Migration(migrations.Migration):
    dependencies = [("contrats", "0009_historique_des_actions_et_credits")]
    operations = [migrations.RunPython(garder, migrations.RunPython.noop, elidable=True)]
