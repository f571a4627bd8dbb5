"""Set-up and task runner of this repository: what `make` calls.

Standard library only, so that it runs on a bare machine: `python3 -m workbench --help`.
Everything it makes lives in one cache folder (see `cache.py`); nothing else is touched.
"""
