"""Everything the app says to people, in the language they chose.

    from client.words import t, n
    t("scan.void_label", name=point.name)      one sentence with values filled in
    n("sync.waiting", 3)                       a sentence that depends on a count: {count}

How to add words:
1. Use the key in code. Its first part names the catalogue: `scan.void_label` lives in `scan.po`.
2. Write the text, Chinese first, in `locale/zh_CN/LC_MESSAGES/scan.po` and in
   `locale/en/LC_MESSAGES/scan.po`. Values stand in braces and have the same names in both:

       msgid "scan.void_label"
       msgstr "“{name}”的这张标签已作废"

   A key for `n` is written as a plural, msgid and msgid_plural alike. Chinese has the form
   msgstr[0] alone, English msgstr[0] for one and msgstr[1] for more:

       msgid "sync.waiting"
       msgid_plural "sync.waiting"
       msgstr[0] "待上传 {count}"
3. `make words` compiles the catalogues and names every key that is missing, unused or uneven.

Keys are literals, so that the tests can follow them. Where a whole family is chosen by a value,
write `t(f"refusals.{code}")`: everything under `refusals.` then counts as used. A key that is
kept in a table before it is spoken is marked with `key("patrol.done")`.
"""

from client.words.catalogues import LANGUAGES, MissingWordError, key, language, n, t, use
from client.words.times import clock, day, duration, month, number, when

__all__ = [
    "LANGUAGES",
    "MissingWordError",
    "clock",
    "day",
    "duration",
    "key",
    "language",
    "month",
    "n",
    "number",
    "t",
    "use",
    "when",
]
