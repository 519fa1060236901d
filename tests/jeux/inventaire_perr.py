"""Le PERR tel que l'inventaire de la source 003 le relève, recopié à la main : ni fixtures ni base.

Une liste que l'on compare à ce que la plateforme rend, par fichier, par page ou par API.
"""

# ● renseignée, ◐ case partagée par deux actions, ○ renvoi, à regrouper, non travaillé ou sans
# objet, · vide. Une ligne par action, une lettre par colonne, telles que l'inventaire les relève.
MATRICE = """
ARE CEP BAG COL BRE EMP IZA SOU BAR MIR CUG
1  ● · ● ● · ● ● · · ● ·
2  ● ● · ● ● · ● ● ● · ·
3  ○ ○ · ◐ · · · · · · ·
4  ○ ○ · ◐ · ● ● · · ● ·
5  ● · ● ● · · · · · ● ·
6  ● ○ · ● · ● ● · ● · ·
7  ● ● ● ● · ● · · · ● ·
8  ● ● ● ● · ● · ● · ● ·
9  · · ● ● · · · ● ● · ●
10 ● ● ● ● · · · · · ● ·
11 · · ● ● · ○ · ● ● ● ·
12 ● ● ● ● · ● · ● ● ● ·
13 ● ● ● ● · · ● ● ● ● ·
14 ● ● ● ● · · ● ● · · ·
15 · · · · · · · · · · ·
16 · · · · · · · · · ● ·
17 · · · ● · · · · · ● ·
18 ● · · ● · ● ● · · · ·
19 · · ● ● · ● ● · ● ● ·
20 · · ● ● ● ● · ● ● · ·
21 ● ● ● ● · ● ● ● ● ● ·
22 · · ● ● · ● ● ● · ● ·
23 · · ● ● · ● · · · ● ·
24 · · ● · · · · · ● ● ·
25 · ● ● ● · ● ● · ● ● ·
26 ● ● ● ● · ● ● · · ● ·
27 ● ● ● · · · ● ● ● ● ·
28 ◐ ◐ ◐ ◐ · · · ● ● · ●
29 ◐ ◐ ◐ ◐ · ● ● ● ● ● ●
30 ● ● ● ○ ● ○ ● ● ● ● ·
31 ○ ○ ○ ● ● ● ○ ● ● ● ·
32 ● ● ● ● · · ● ● ● ● ·
33 ○ ○ ○ ● · · ● · ● ● ·
34 · · ● · ● · · · · · ·
35 ● · ● · · · · · · · ·
36 · · ● · · · ● · · · ·
37 · · · · · · · · · · ·
38 · · ● · · · · · ● · ·
39 ● · ● · · · · ● ● ● ●
40 · · · · · · · · · · ·
41 ● ● ● ● · ● · · · ● ●
42 ● ● ● ● · · ● · · · ·
43 ● ● ● ● · ● ● ● ● · ·
44 ● ● ● ● ● ● ● ● ● · ·
45 ● ● ● ○ · · · · · · ·
"""
PAR_ANNEXE = {"ouest": 123, "nord-est": 90, "sud": 31}
PAR_COLONNE = [29, 25, 35, 34, 6, 21, 22, 19, 22, 26, 5]
PAR_PROGRAMME = [13, 19, 13, 16, 22, 0, 7, 12, 22, 21, 37, 17, 4, 8, 7, 26]
PRIORITAIRES = [12, 13, 14, 19, 20, 32, 33, 34, 35, 36, 37, 40, 41]
ACTIONS_PAR_PROGRAMME = [2, 4, 2, 3, 3, 1, 3, 2, 4, 3, 4, 3, 2, 3, 2, 4]

# Les cases qui ne sont pas un simple texte, telles que les nomme le tableau des renvois.
STATUTS = {
    "non_travaille": "3ARE 3CEP 4ARE 4CEP",
    "renvoi": "6CEP 11EMP 30EMP 31IZA",
    "texte_renvoi": "1EMP 28BAG 29BAG 29CUG 30CEP 36IZA",
    "sans_objet": "30COL 45COL",
    "a_regrouper": "31ARE 31BAG 31CEP 33ARE 33BAG 33CEP",
    "consigne": "35ARE",
}

# Titre du tableau principal, coquilles comprises.
TITRES = {
    1: (
        "Améliorer l'image des quartiers favorisant le cadre de vie et la perception qu'en "
        "ont les habitants et les toulousains"
    ),
    2: (
        "Poursuivre la rénovation urbaine sur les quartiers hors ANRU (mobilisation GUSP, TFPB...)"
    ),
    3: (
        "Réhabiliter le parc locatif social dégradé dans un souci d'amélioration "
        "énergétique, BBC ou économie positive"
    ),
    4: "Renforcer l'accueil des nouveaux arrivants pour les intégrer à la vie du quartier",
    5: "Renforcer la mixité commerciale",
    6: "Renforcer les lieux de vie collective",
    7: (
        "Développer des actions de prévention relatives à la propreté et au cadre de vie : "
        "actions de sensibilisation à la propreté, développement du tri sélectif et "
        "réduction des déchets -évaluer la mobilisation de la TFPB sur le sur-entretien"
    ),
    8: (
        "Accompagner les travaux du NPNRU : gestion de friches, aménagements temporaires, "
        "préfiguration, actions en faveur du vivre-ensemble et occupations positives de "
        "l'espace public en prenant en compte l'égalité femmes-hommes Pour les quartiers "
        "Hors ANRU : utiliser la GUSP comme levier d'amélioration des espaces publics"
    ),
    9: ("Développer et renforcer les démarches de médiation dont celles portées par les bailleurs"),
    10: (
        "Renforcer et questionner la comitologie de projet partenarial relative aux "
        "questions de sécurité, de tranquillité et de prévention de la délinquance : CLSPD "
        "et CTPS, Réunion ZSP, GPO, micro-CTPS"
    ),
    11: (
        'Développer les démarches "d\'aller-vers", notamment vers les publics jeunes mineurs'
        " et en horaires décalés : projet de prévention routière en direction notamment des"
        " publics jeunes, face aux constats de rodéo / incivilités sur les quartiers"
    ),
    12: (
        "Développer des actions autour de l'emploi à l'échelle de territoires de proximité "
        "(journée de recrutement, parrainage / marrainage...), et poursuivre la "
        'coordination des acteurs de proximité "emploi", actions du PIC 100% Inclusion'
    ),
    13: (
        "Clarifier, rendre lisible l'accès aux dispositifs en faveur de l'embauche des "
        "habitants des quartiers prioritaires de la ville : Emplois francs (y compris pour "
        "les contrats d'apprentissage), clauses d'insertion, adultes relais, etc. Améliorer"
        " l'information des bénéficiaires mais aussi des employeurs potentiels"
    ),
    14: (
        "Mener des actions spécifiques en direction des jeunes les plus éloignés de "
        "l'emploi telles que le dispositif REMOJeunes ou le dispositif citoyen \"chop'ton "
        'stage"'
    ),
    15: (
        "Poursuivre les actions de GPEC-T numérique & SAP (Le numérique prend ses "
        "quartiers, Espaces numériques Reynérie)"
    ),
    16: "Soutenir et accompagner les projets de Tiers-Lieu",
    17: "Conduire des actions d'urbanisme transitoire à vocation économique",
    18: (
        "Renforcer les initiatives Economie Sociale et Solidaire en lien avec "
        "l'accompagnement de Première Brique et aboutir à une installation test à minima : "
        "mieux coordonner la mobilisation des acteurs de l'accompagnement à "
        "l'entrepreneuriat (CitéLab, Fabrique à initiative, etc...)"
    ),
    19: (
        'Déployer le label Cité Educative sur le "Grand Mirail" et le mettre en œuvre sur '
        "les quartiers Nord de Toulouse. Capitaliser sur la méthode Cité Educative sur les "
        "autres territoires non labellisés"
    ),
    20: (
        "Renforcer la connaissance des métiers pour faciliter les parcours d'orientation "
        "(Forum des métiers de l'Education Prioritaire, porté par les collèges de la "
        "Métropole en lien avec le dispositif 30000 stages pour les jeunes des quartiers "
        "prioritaires"
    ),
    21: (
        "Prévenir les conduites addictives : mesurer l'articulation avec les projets de "
        "prévention complémentaires ou la réduction et la recidive"
    ),
    22: (
        "Mettre en place des projets partenariaux autour de l'alimentation : développement "
        "des circuits et prévention santé"
    ),
    23: "Faciliter l'accès à des espaces d'écoute et lutter contre l'isolement",
    24: (
        "Accompagner le développement de Maisons de santé et maintenir l'offre de santé "
        "dans les QPV"
    ),
    25: (
        "Mieux articuler le premier accueil social inconditionnel de proximité du "
        "département articulé avec les acteurs de l'accès aux droits"
    ),
    26: "Réduire la fracture numérique: Inclusion numérique",
    27: (
        "Accompagner la maîtrise du français (FLE, alpha) : mettre l'accent sur le "
        'développement du FLE "Accès Aux droits", sur le déploiement de la plate forme '
        "linguistique et sur le développement des outils testés sur le territoire"
    ),
    28: (
        "Rendre la diversité de l'offre culturelle plus accessible et plus lisible pour les"
        " habitants (projet DEMOS, appel à projet expérimentation culturelle Politique de "
        "la Ville, Charte Culture...)"
    ),
    29: (
        "Renforcer l'attractivité métropolitaine via des événements de loisirs, culturels, sportifs"
    ),
    30: "Animer des espaces publics pour favoriser l'appropriation par des publics féminins",
    31: (
        "Travailler à l'occupation positive de l'espace public notamment en horaires "
        "décalés, soirs et week-ends"
    ),
    32: (
        "Favoriser l'appropriation de la Citoyenneté et l'engagement des jeunes autour d'un"
        " droit commun Jeunesse métropolitain"
    ),
    33: (
        "Poursuivre le soutien aux initiatives portées par les Jeunes et valoriser leurs "
        "initiatives"
    ),
    34: (
        'Poursuivre le diagnostic et la mise en œuvre d\'actions "drailer vers" pour les '
        "publics jeunes dans l'espace public"
    ),
    35: (
        "Dans le domaine de l'emploi : appuyer le développement du Pacte Avec les Quartiers"
        " pour Toutes les Entreprises (PACTE)"
    ),
    36: (
        "Mettre les habitants au cœur de l'information et de la valorisation de l'image de "
        "leurs quartiers : en faire des producteurs de l'information pour relayer les "
        "initiatives et les événements positifs des QPV (traitement de l'image des "
        "quartiers, en lien avec la démarche marketing territorial pour les quartiers "
        "conventionnés ANRU)"
    ),
    37: "Soutenir l'entrepreneuriat des femmes sur les quartiers prioritaires",
    38: (
        "Mieux prendre en considération les enjeux de la sphère privée : prévention des "
        "violences faites aux femmes tout particulièrement"
    ),
    39: (
        "Conduire un programme d'actions collectives travaillées avec les acteurs locaux "
        "dans le cadre de la semaine de l'égalité femme / homme (8 mars) et de la Journée "
        "de lutte contre les violences faites aux femmes (25 novembre)"
    ),
    40: (
        "Garantir le suivi et le contrôle de l'application de la charte de respect des "
        "valeurs et principes de la République par l'ensemble des acteurs et structures "
        "œuvrant dans la Politique de la Ville : mettre en place une instance pilotée"
    ),
    41: (
        'Mener des formations VRL territorialisées (QPV) + points infos "laïcité '
        'citoyenneté" sur les marchés de plein vent'
    ),
    42: "Accompagner les Conseils Citoyens sur leurs préoccupations",
    43: (
        "Renforcer des moyens de communication et d'information, notamment à destination "
        "des publics les plus difficiles à toucher, favoriser les lieux ressources pour les"
        ' habitants, le "dailer-vers"'
    ),
    44: (
        "Agir dans Mon Quartier (FPH) : promouvoir le dispositif pour une appropriation par"
        " un plus grand nombre d'habitants"
    ),
    45: (
        "Élargir le Budget Participatif avec un accompagnement renforcé sur les QPV en "
        "s'appuyant sur les associations, les Conseils Citoyens et les centres sociaux"
    ),
}


def triplets() -> set[tuple[int, str, str]]:
    """(action, abrégé de la colonne, statut) des 244 couples imprimés."""
    entete, *lignes = MATRICE.strip().splitlines()
    particuliers = {case: statut for statut, cases in STATUTS.items() for case in cases.split()}
    return {
        (int(numero), abrege, particuliers.get(f"{numero}{abrege}", "texte"))
        for numero, *signes in map(str.split, lignes)
        for abrege, signe in zip(entete.split(), signes, strict=True)
        if signe != "·"
    }
