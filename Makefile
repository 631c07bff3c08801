.DELETE_ON_ERROR:
PYTHON := .venv/bin/python

.PHONY: words
words:
	timeout 60 $(PYTHON) -m tests.client.words.catalogue_files
