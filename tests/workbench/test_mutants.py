"""The mutants still fit what they break; that tests notice them is `make mutants`."""

from __future__ import annotations

import pytest

from workbench.cache import CHECKOUT
from workbench.mutants import MUTANTS, Mutant
from workbench.mutation import mutated


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.what)
def test_each_mutant_fits_once(mutant: Mutant) -> None:
    """The place that it breaks is there, once, and breaking it makes a difference."""
    text = (CHECKOUT / mutant.file).read_text()

    assert text != mutated(mutant, text)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.what)
def test_each_mutant_names_tests_that_exist(mutant: Mutant) -> None:
    """A mutant whose tests are gone would live for ever."""
    known = "".join(file.read_text() for file in CHECKOUT.glob("tests/test_*.py"))
    for test in mutant.tests:
        if test.startswith(":"):
            words = [f"class {test[1:].partition('.')[0]}(", f"def {test.partition('.')[2]}"]
            assert all(word in known for word in words)
        else:
            assert (CHECKOUT / test).exists()


def test_a_mutant_that_fits_no_more_is_told() -> None:
    """Code moved on: whoever moved it finds the mutant another place."""
    with pytest.raises(ValueError, match="exactly one place"):
        mutated(MUTANTS[0], "")
