"""The translations are complete: a text that is new or was changed is translated, too."""

import io
import re
from pathlib import Path

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

I18N = Path(__file__).parent.parent / "i18n"
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]")


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(False, ["outlook_calendar"], exported, "po", cls.env)
        cls.texts = {entry.msgid for entry in polib.pofile(exported.getvalue().decode())}

    def test_the_template_holds_every_text(self):
        """`make pot` writes it; translators start from it."""
        template = polib.pofile(str(I18N / "outlook_calendar.pot"))

        # It may hold more: texts of fields that other modules add to this one's models.
        self.assertLessEqual(self.texts, {entry.msgid for entry in template})

    def test_vietnamese_is_complete(self):
        """Every text has a translation."""
        translation = polib.pofile(str(I18N / "vi.po"))

        translated = {entry.msgid for entry in translation.translated_entries()}
        self.assertLessEqual(self.texts, translated)

    def test_translations_keep_the_placeholders(self):
        """A name or number that is put into a text is put into its translation, too."""
        for entry in polib.pofile(str(I18N / "vi.po")):
            with self.subTest(entry.msgid):
                self.assertEqual(
                    sorted(PLACEHOLDER.findall(entry.msgid)),
                    sorted(PLACEHOLDER.findall(entry.msgstr)),
                )
