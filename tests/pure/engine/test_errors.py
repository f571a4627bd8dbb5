"""What errors tell: enough to act on, and nothing that a log must not hold."""

from __future__ import annotations

import pytest

from core.engine import errors
from core.engine.errors import (
    AuthError,
    GraphError,
    InvariantBroken,
    SyncError,
    Throttled,
    TransportError,
    Unmappable,
)

GRAPH = [one for one in GraphError.__subclasses__() if one is not Throttled]


def test_every_error_is_in_the_tree_and_in_the_drawing() -> None:
    """One root but for our own bugs, which nobody answers; a drawing that leaves nobody out."""
    classes = [one for one in vars(errors).values() if isinstance(one, type)]
    ours = [one for one in classes if issubclass(one, Exception)]

    assert [one for one in ours if not issubclass(one, SyncError)] == [InvariantBroken]
    assert {one.__name__ for one in ours} <= set(str(errors.__doc__).split())


@pytest.mark.parametrize("kind", GRAPH)
def test_an_answer_of_graph_is_told_without_its_words(kind: type[GraphError]) -> None:
    """Status, code and request id go into a log; the message, which may quote content, does not."""
    error = kind(status=400, code="ErrorX", message="subject 'secret'", request_id="r-1")

    assert f"{kind.__name__} 400 ErrorX (request r-1)" == str(error)
    assert error.message == "subject 'secret'"


def test_throttling_may_come_without_a_time() -> None:
    """Graph does not always say when."""
    error = Throttled()

    assert (error.status, error.until, error.retry_after) == (429, None, None)
    assert str(error) == "Throttled 429"


@pytest.mark.parametrize("kind", AuthError.__subclasses__())
def test_a_failed_sign_in_is_told_by_its_code(kind: type[AuthError]) -> None:
    """The description names people and tenants: not for logs."""
    assert f"{kind.__name__} invalid_grant" == str(kind("invalid_grant", "Ann of tenant 1"))
    assert kind.__name__ == str(kind())


def test_reasons_are_data() -> None:
    """Callers read attributes, never texts."""
    unmappable = Unmappable("when", "it ends before it starts")

    assert (unmappable.field, unmappable.reason) == ("when", "it ends before it starts")
    assert str(unmappable) == "Unmappable when: it ends before it starts"


def test_lost_answers_are_not_the_same_as_unsent_requests() -> None:
    """One may be repeated blindly, the other not: neither is a kind of the other."""
    unsent, unknown = TransportError.__subclasses__()

    assert not issubclass(unsent, unknown)
    assert not issubclass(unknown, unsent)
