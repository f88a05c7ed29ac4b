from audit.context import RequestContext, current, request_context


def test_context_is_empty_outside_a_request():
    assert current() == RequestContext()


def test_context_returns_to_the_outer_one():
    with request_context(request_id="outer"):
        with request_context(request_id="inner", mfa=True):
            assert current().request_id == "inner"
        assert current() == RequestContext(request_id="outer")
    assert current() == RequestContext()
