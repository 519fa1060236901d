# Réciproque : les commandes du projet. PORT= et DATABASE_URL= sont honorés partout.
.DEFAULT_GOAL := aide
.PHONY: aide demo test verifier bench
# Ce qui se compile se garde, même là où l'environnement le refuse : un essai lance des dizaines de
# processus, et chacun recompilerait Django entier.
unexport PYTHONDONTWRITEBYTECODE

aide: ## liste les commandes
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: ## installe tout, charge les données de démonstration et sert http://127.0.0.1:8000
	@scripts/paquets-systeme pdf
	@scripts/bootstrap
	@scripts/demo

test: ## installe tout et lance toute la suite, navigateur compris
	@scripts/paquets-systeme
	@scripts/bootstrap
	@scripts/tester

verifier: ## tout ce que contrôle l'intégration : style, types, imports, migrations, schéma, tests
	@scripts/paquets-systeme
	@scripts/bootstrap
	@scripts/verifier

bench: ## mesure la vitesse, en rapports dans un même passage
	@scripts/paquets-systeme
	@scripts/bootstrap
	.venv/bin/python -m bench
