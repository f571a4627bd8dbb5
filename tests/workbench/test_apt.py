"""The mirror this machine is set up with is found in either format of sources lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench import apt
from workbench.console import Failure

DEB822 = """\
# the archive
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mQINBGPL
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb
URIs: https://vendor.example/apt
Suites: bookworm
Components: main
Enabled: no
"""

ONE_LINE = """\
deb http://mirror.example/debian bookworm main contrib # the archive
deb-src http://mirror.example/debian bookworm main
# deb http://other.example/debian trixie main
deb [arch=amd64,arm64 signed-by=/k.gpg] http://mirror.example/debian-security bookworm-security main
deb https://vendor.example/linux bookworm stable
"""


def test_deb822_stanzas_are_read_and_disabled_ones_left_out() -> None:
    """A stanza is one source; `Enabled: no` switches it off; an inlined key is kept whole."""
    archive, security = apt.parse_deb822(DEB822)

    assert archive.types == ("deb", "deb-src")
    assert archive.suites == ("bookworm", "bookworm-updates")
    assert archive.options == {"Signed-By": "/usr/share/keyrings/debian-archive-keyring.gpg"}
    assert security.options["Signed-By"].endswith("-----END PGP PUBLIC KEY BLOCK-----")


def test_one_line_entries_are_read_with_their_options() -> None:
    """Comments are left out, options become the fields of the other format."""
    sources = apt.parse_one_line(ONE_LINE)

    assert [source.types[0] for source in sources] == ["deb", "deb-src", "deb", "deb"]
    assert sources[0].components == ("main", "contrib")
    assert sources[2].options == {"Architectures": "amd64 arm64", "Signed-By": "/k.gpg"}


@pytest.mark.parametrize("text", [DEB822, ONE_LINE])
def test_what_is_written_reads_back_the_same(text: str) -> None:
    """Our own sources file says what the machine's said, for binary packages."""
    read = apt.parse_deb822 if text is DEB822 else apt.parse_one_line
    for source in read(text):
        (again,) = apt.parse_deb822(source.as_deb822())

        assert (source.uris, source.suites, source.components, source.options) == (
            again.uris,
            again.suites,
            again.components,
            again.options,
        )


def test_both_formats_and_only_binary_sources_count(tmp_path: Path) -> None:
    """sources.list and the folder beside it are read; source packages are of no use."""
    (tmp_path / "sources.list").write_text(ONE_LINE)
    (tmp_path / "sources.list.d").mkdir()
    (tmp_path / "sources.list.d" / "debian.sources").write_text(DEB822)
    (tmp_path / "sources.list.d" / "debian.sources.save").write_text(DEB822)

    sources = apt.machine_sources(tmp_path)

    assert len(sources) == 5
    assert all("deb" in source.types for source in sources)


def test_other_vendors_are_left_out_and_the_archive_comes_first() -> None:
    """A vendor who reuses the suite's name is no Debian mirror; security has no `sid`."""
    vendor = apt.Source(("deb",), ("https://vendor.example/apt",), ("bookworm",), ("main",))
    archive, security = apt.parse_deb822(DEB822)

    assert [archive, security] == apt.debian_sources([vendor, security, archive], "bookworm")


def test_a_mirror_without_the_word_debian_is_used_when_it_is_the_only_one() -> None:
    """A mirror may live at any path."""
    mirror = apt.Source(("deb",), ("http://10.0.0.1/mirror",), ("bookworm",), ("main",))

    assert [mirror] == apt.debian_sources([mirror], "bookworm")


def test_the_archive_is_pointed_at_another_suite_with_its_keys() -> None:
    """`sid` comes from the machine's own mirror and is checked with the machine's own keys."""
    (sid,) = apt.suite_of_archive(apt.parse_deb822(DEB822), "sid")

    assert sid.suites == ("sid",)
    assert sid.uris == ("http://mirror.example/debian",)
    assert sid.options == {"Signed-By": "/usr/share/keyrings/debian-archive-keyring.gpg"}


def test_no_mirror_is_one_plain_sentence(tmp_path: Path) -> None:
    """A machine without Debian sources is told about ODOO_HOME."""
    private = apt.PrivateApt(tmp_path, [], log=tmp_path / "log")

    with pytest.raises(Failure, match="set ODOO_HOME"):
        private.update()


def test_the_codename_is_read_whatever_the_quotes(tmp_path: Path) -> None:
    """/etc/os-release is shell syntax; a machine without a codename gives an empty one."""
    release = tmp_path / "os-release"
    release.write_text(
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME="bookworm"\n'
    )

    assert apt.codename(release) == "bookworm"
    assert apt.codename(tmp_path / "absent") == ""


def test_absolute_links_of_packages_stay_inside_the_root(tmp_path: Path) -> None:
    """A package's link to /usr/share/x means the unpacked x, not the machine's."""
    target = tmp_path / "usr" / "share" / "x.js"
    target.parent.mkdir(parents=True)
    target.write_text("inside")
    link = tmp_path / "usr" / "lib" / "x.js"
    link.parent.mkdir()
    link.symlink_to("/usr/share/x.js")
    outside = tmp_path / "usr" / "lib" / "null"
    outside.symlink_to("/dev/null")

    apt.keep_links_inside(tmp_path)

    assert link.read_text() == "inside"
    assert outside.readlink() == Path("/dev/null")
