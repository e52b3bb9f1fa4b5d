# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""A figure that notebooks show though pyplot does not know it; imports matplotlib."""

import io

from matplotlib.figure import Figure


class ShownFigure(Figure):
    """A `Figure` with a picture of itself.

    IPython asks it for one unless the inline backend, which shows every `Figure` once pyplot is
    imported, has registered its own way: the picture is shown once in either case.
    """

    def _repr_png_(self) -> bytes:
        held = io.BytesIO()
        self.savefig(held, format="png")
        return held.getvalue()
