# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""What notebooks show of specs, presets and explanations: well-formed tables, escaped."""

from html.parser import HTMLParser

import pytest

import sonogram


class Tables(HTMLParser):
    """Rows of text, and a check that every tag is closed in its order."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.captions, self._open = [], [], []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        assert tag in ("table", "caption", "thead", "tbody", "tr", "th", "td")
        self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append("")
        if tag == "caption":
            self.captions.append("")

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open[-1] == "caption":
            self.captions[-1] += data
        else:
            self.rows[-1][-1] += data


def test_a_spec_is_a_table_of_what_differs_from_the_defaults():
    spec = sonogram.Spec(n_fft=512, filterbank="mel", window=("kaiser", 8.0))
    rows = Tables(spec._repr_html_()).rows
    assert rows == [
        ["field", "value", "default"],
        ["n_fft", "512", "400"],
        ["window", "('kaiser', 8.0)", "'hann'"],
        ["filterbank", "'mel'", "None"],
    ]
    matrix = sonogram.Spec(n_fft=512, filterbank=[[0.5] * 257] * 3)
    assert max(len(cell) for row in Tables(matrix._repr_html_()).rows for cell in row) <= 80


def test_a_preset_says_where_it_comes_from():
    preset = sonogram.presets()["whisper-80"]
    shown = Tables(preset._repr_html_())
    assert shown.captions == ["whisper-80", "Spec"]
    assert ["reference", preset.reference] in shown.rows
    assert ["n_mels", "80", "128"] in shown.rows


def test_the_presets_are_one_table():
    presets = sonogram.presets()
    shown = Tables(presets._repr_html_())
    assert shown.captions == [f"{len(presets)} presets"]
    assert [row[0] for row in shown.rows] == ["name", *presets]
    assert ["whisper-80", "16000", "400", "160", "80", "no"] in shown.rows
    assert [line.split() for line in repr(presets).splitlines()[1:]] == shown.rows


def test_an_explanation_lists_fields_with_the_effect_of_their_stage():
    found = sonogram.explain("whisper-80", "kaldi-fbank-80")
    shown = Tables(found._repr_html_())
    assert shown.captions == [str(found).splitlines()[0]]
    assert [row[1] for row in shown.rows[1:]] == [d.field for d in found.differences]
    effects = [row[4] for row in shown.rows[1:] if row[4]]
    assert effects == [stage.effect for stage in found.stages if stage.effect]
    same = sonogram.explain("whisper-80", "whisper-80")
    assert Tables(same._repr_html_()).captions == ["The specs are the same."]


@pytest.mark.parametrize("text", ["<script>", "a & b", '"x"'])
def test_text_is_escaped(text):
    from sonogram._support.html import table

    assert "<script>" not in table(text, (text,), [(text,)])
    shown = Tables(table(text, (text,), [(text,)]))
    assert (shown.captions, shown.rows) == ([text], [[text], [text]])
