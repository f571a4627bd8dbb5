"""How many lives the tests draw that Hypothesis draws: always the same few, or new ones.

The environment's ``HYPOTHESIS_PROFILE`` says which: ``dev`` (new ones each time), ``ci`` (many),
anything else is a few that are always the same.
"""

import os


def run(strategy, live, *, few, dev, ci):
    """Let `live` happen with as many of the drawn lives as the profile says.

    Hypothesis is imported here only: other tests of this addon run where there is none.
    """
    from hypothesis import HealthCheck, Phase, given, settings

    profile = os.environ.get("HYPOTHESIS_PROFILE", "deterministic")
    how = settings(
        max_examples={"dev": dev, "ci": ci}.get(profile, few),
        derandomize=profile not in ("dev", "ci"),
        database=None,
        deadline=None,
        phases=list(Phase) if profile == "dev" else [Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    how(given(strategy)(live))()
