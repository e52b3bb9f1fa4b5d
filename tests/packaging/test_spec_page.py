# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""docs/spec.md is what the core's tables say."""

import pytest
import spec_page


@pytest.mark.skipif(
    not spec_page.PAGE.is_file(), reason="the documentation does not stand beside the tests"
)
def test_the_page_of_the_fields_is_what_the_tables_say():
    made = spec_page.PAGE.read_text(encoding="utf-8")
    assert made == spec_page.text(), "run python tests/packaging/spec_page.py"
