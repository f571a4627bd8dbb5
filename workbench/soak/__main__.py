"""Play lives until the time is over or one ends badly: `python -m workbench.soak` (`make soak`)."""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import secrets
import sys
import time
from collections.abc import Iterator

from ..cache import Cache
from ..commands import databases
from ..console import Failure, complain, say
from ..stage import Stage, stage
from .lives import Life, draw
from .play import Broken, Player, gathered, timed

#: Rounds run only where a life lets them.
NO_CRON = ("--max-cron-threads=0",)
#: Lives that one set of people leads; then others come, whose mailboxes are empty.
SEASON = 25


def main(words: list[str]) -> int:
    """Play; return how it ended."""
    options = _parser().parse_args(words)
    seed = options.seed if options.seed is not None else secrets.randbelow(10**6)
    say(f"seed {seed}")
    with databases(Cache.locate()) as found, stage(found, options=NO_CRON) as scene:
        scene.configure()
        return _soak(scene, seed, options)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make soak", description=__doc__)
    parser.add_argument("--seed", type=int, help="default: a new one, which is printed")
    parser.add_argument("--hours", type=float, default=1.0, help="default: 1")
    parser.add_argument("--life", type=int, help="play this one life only")
    parser.add_argument("--lives", type=int, help="so many lives at most")
    return parser


def _soak(scene: Stage, seed: int, options: argparse.Namespace) -> int:
    until = time.monotonic() + options.hours * 3600
    numbers: Iterator[int] = itertools.count(1)
    if options.life is not None:
        numbers = iter([options.life])
    elif options.lives is not None:
        numbers = iter(range(1, options.lives + 1))
    player, played = gathered(scene), 0
    for number in numbers:
        if time.monotonic() >= until:
            break
        if played and played % SEASON == 0:
            kills, player = player.kills, gathered(scene, played // SEASON)
            player.kills = kills
        life = draw(seed, number)
        try:
            _play(player, life)
        except Failure as failure:
            complain(f"{failure}\n")
            _explain(scene, life, played)
            return 1
        played += 1
    say(f"{played} lives, {player.kills} kills: all ended as they must")
    return 0


def _play(player: Player, life: Life) -> None:
    acts = sum(len(day.acts) for day in life.days)
    with timed() as seconds:
        digest = player.play(life)
        say(f"life {life.number}: {acts} acts, {len(life.days)} days, {seconds():.1f} s, {digest}")


def _explain(scene: Stage, life: Life, played: int) -> None:
    """Say how to have it again, and find the days that suffice for it."""
    complain(f"make soak SEED={life.seed} LIFE={life.number}")
    short = _shortened(scene, life, 1000 + played)
    for beginning in short.meetings:
        complain(f"  {beginning}")
    for day in short.days:
        complain(f"  {day}")


def _shortened(scene: Stage, life: Life, season: int) -> Life:
    """Return the life with as few of its first days as break it, too."""
    for count in range(1, len(life.days)):
        short = dataclasses.replace(life, days=life.days[:count])
        try:
            gathered(scene, season + count).play(short)
        except Broken:
            return short
    return life


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Failure as failure:
        complain(str(failure))
        sys.exit(1)
