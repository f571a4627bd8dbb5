"""Random lives on a server of its own, without cron: always the same few of them.

More of them, and others each time: `make soak`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbench.cache import Cache
from workbench.commands import databases
from workbench.soak.lives import draw
from workbench.soak.play import Player, gathered
from workbench.stage import Stage, stage

SEED = 1
#: With single meetings and series, with faults and with kills at each kind of request.
LIVES = (1, 2, 5, 10)
#: Of one day, with a kill.
REPLAYED = 8


@pytest.fixture(scope="module")
def quiet_scene() -> Iterator[Stage]:
    """Give a stage on which rounds run only when they are asked for."""
    with (
        databases(Cache.locate()) as found,
        stage(found, options=("--max-cron-threads=0",)) as scene,
    ):
        scene.configure()
        yield scene


@pytest.fixture(scope="module")
def player(quiet_scene: Stage) -> Player:
    """Give people with mailboxes who lead one life after the other."""
    return gathered(quiet_scene)


@pytest.mark.parametrize("number", LIVES)
def test_a_life_ends_as_it_must(player: Player, number: int) -> None:
    """Both sides agree, nothing typed is lost, nobody is mailed twice, and then it is quiet."""
    player.play(draw(SEED, number))


def test_the_same_seed_is_the_same_life(quiet_scene: Stage) -> None:
    """What became of it is the same, whatever moment requests, faults and kills met."""
    first, again = (gathered(quiet_scene, season).play(draw(SEED, REPLAYED)) for season in (1, 2))

    assert first == again
