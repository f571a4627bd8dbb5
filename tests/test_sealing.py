"""What is sealed can be opened by this server only, and a server without the key says so."""

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo.tests import TransactionCase, tagged
from odoo.tools import config

from ..bridge import sealing


@tagged("standard", "post_install", "-at_install")
class TestSealing(TransactionCase):
    """Each test has a data folder of its own, and starts in a database that sealed nothing."""

    def setUp(self) -> None:
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.key_file = Path(folder.name) / sealing.KEY_FILE
        self.startPatcher(
            patch.dict(config.options, {"data_dir": folder.name, sealing.KEY_OPTION: ""})
        )
        self.startPatcher(patch.dict(os.environ))
        os.environ.pop(sealing.KEY_VARIABLE, None)
        sealing.forget_key(self.env)

    @contextmanager
    def refused(self, reason: str) -> Iterator[None]:
        """Expect KeyMissing with that reason."""
        with self.assertRaises(sealing.KeyMissing) as refusal:
            yield
        self.assertEqual(reason, refusal.exception.reason)

    def test_what_is_sealed_can_be_opened_again(self) -> None:
        """Sealing hides a text, and unsealing gives it back."""
        sealed = sealing.seal(self.env, "très secret")

        self.assertNotIn("secret", sealed)
        self.assertEqual("très secret", sealing.unseal(self.env, sealed))

    def test_the_key_file_is_for_the_server_only(self) -> None:
        """A key file is made where no key is given, readable by its owner only."""
        sealing.seal(self.env, "x")

        self.assertEqual(0o600, stat.S_IMODE(self.key_file.stat().st_mode))
        self.assertEqual([self.key_file], list(self.key_file.parent.iterdir()))

    def test_the_database_keeps_no_key(self) -> None:
        """The stored fingerprint names the key and does not hold it."""
        sealing.seal(self.env, "x")

        key = self.key_file.read_text(encoding="ascii")
        kept = self.env["ir.config_parameter"].get_param(sealing.FINGERPRINT)
        self.assertTrue(kept)
        self.assertNotIn(kept, key)
        self.assertNotIn(key, kept)

    def test_a_key_from_the_environment_comes_first(self) -> None:
        """With a key in the environment no file is made, and the configuration is not asked."""
        os.environ[sealing.KEY_VARIABLE] = Fernet.generate_key().decode()
        config.options[sealing.KEY_OPTION] = Fernet.generate_key().decode()

        sealed = sealing.seal(self.env, "x")

        self.assertFalse(self.key_file.exists())
        self.assertEqual(b"x", Fernet(os.environ[sealing.KEY_VARIABLE]).decrypt(sealed.encode()))

    def test_a_key_from_the_configuration_is_taken(self) -> None:
        """The server's configuration file can carry the key."""
        config.options[sealing.KEY_OPTION] = Fernet.generate_key().decode()

        sealed = sealing.seal(self.env, "x")

        self.assertEqual(b"x", Fernet(config.options[sealing.KEY_OPTION]).decrypt(sealed.encode()))

    def test_a_server_without_the_key_makes_no_new_one(self) -> None:
        """Where something was sealed, a missing key is an error and not a reason for a new key."""
        sealed = sealing.seal(self.env, "x")
        self.key_file.unlink()

        with self.refused("absent"):
            sealing.unseal(self.env, sealed)
        with self.refused("absent"):
            sealing.seal(self.env, "y")
        self.assertFalse(self.key_file.exists())

    def test_another_key_is_recognized_before_it_is_used(self) -> None:
        """A copied database on a server of its own neither opens nor seals."""
        sealing.seal(self.env, "x")
        os.environ[sealing.KEY_VARIABLE] = Fernet.generate_key().decode()

        with self.refused("other"):
            sealing.seal(self.env, "y")
        with self.refused("other"):
            sealing.check_key(self.env)

    def test_what_is_no_key_is_said(self) -> None:
        """A password in the place of the key is refused: it would be guessed."""
        os.environ[sealing.KEY_VARIABLE] = "letmein"

        with self.refused("malformed"):
            sealing.seal(self.env, "x")

    def test_an_altered_text_is_not_opened(self) -> None:
        """Sealed texts are authenticated."""
        sealed = sealing.seal(self.env, "x")

        with self.refused("damaged"):
            sealing.unseal(self.env, sealed[:-6] + "AAAA==")

    def test_a_database_that_sealed_nothing_lacks_nothing(self) -> None:
        """The check passes, and makes nothing, before the first use."""
        sealing.check_key(self.env)

        self.assertFalse(self.key_file.exists())

    def test_a_new_start_takes_the_key_at_hand(self) -> None:
        """After the old key was given up, sealing works with another."""
        sealing.seal(self.env, "x")
        self.key_file.unlink()
        sealing.forget_key(self.env)

        self.assertEqual("y", sealing.unseal(self.env, sealing.seal(self.env, "y")))
