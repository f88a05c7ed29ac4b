"""Tests of one `xdist_group` run in one process, so that what they share is built once.

pytest-xdist writes the group into the id of a test; a pytest that lets go of it scatters the tests without a word.
"""

import pytest


@pytest.mark.xdist_group("together")
def test_group_is_in_the_id_by_which_tests_are_handed_out(request):
    handed_out_by_group = request.config.getoption("loadgroup", default=False)
    assert request.node.nodeid.endswith("@together") == handed_out_by_group
