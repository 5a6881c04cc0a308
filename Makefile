# Everything here is a thin alias: `python3 tools/house.py help` works where make is absent (Windows).
PYTHON ?= python3
PORT ?= 8000

.PHONY: help setup demo test check bench lock messages screenshots
help setup test check bench lock messages screenshots:
	@$(PYTHON) tools/house.py $@
demo:
	@$(PYTHON) tools/house.py demo --port $(PORT)
