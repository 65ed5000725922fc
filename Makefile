# Everything starts from a bare checkout: the scripts find Python, make .venv and install the lock.
.DEFAULT_GOAL := help
.PHONY: help demo test bench lint format lock

help: ## List the commands
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile

demo: ## Install, load the demonstration data and serve on http://127.0.0.1:8000 (PORT=8001 changes the port)
	@exec sh scripts/python.sh demarrer.py

test: ## Run every check and the whole suite, on SQLite then on PostgreSQL (BASES=sqlite or ARGS="tests/copil -x" narrow it)
	@exec sh scripts/python.sh tester.py test

bench: ## Measure speed, weight and safety beside the targets, on SQLite (BASES=postgresql, PARTIES=…, ECRIRE=1: see scripts/mesurer.py)
	@exec sh scripts/python.sh mesurer.py

lint: ## Check the code and the templates
	@exec sh scripts/python.sh tester.py lint

format: ## Put the code and the templates in shape
	@exec sh scripts/python.sh tester.py format

lock: ## Write the locks again from pyproject.toml (UV_UPGRADE=1 takes the newest versions)
	@exec sh scripts/python.sh installation.py
