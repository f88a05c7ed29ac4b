import stat

import pytest

from audit import keys
from audit.exceptions import BadKey


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def test_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    first = keys.load_or_create_signer()
    assert keys.load_or_create_signer().vkey == first.vkey
    assert keys.trusted_vkeys() == [first.vkey]
    assert stat.S_IMODE((tmp_path / "keys" / keys.KEY_FILE).stat().st_mode) == 0o400
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [keys.VKEY_FILE, keys.KEY_FILE]


def test_key_that_others_can_read_is_refused(tmp_path):
    keys.load_or_create_signer()
    (tmp_path / "keys" / keys.KEY_FILE).chmod(0o440)
    with pytest.raises(BadKey, match="0400"):
        keys.load_or_create_signer()


def test_key_that_is_lost_is_not_silently_replaced(tmp_path):
    keys.load_or_create_signer()
    (tmp_path / "keys" / keys.KEY_FILE).unlink()
    with pytest.raises(BadKey, match="backup"):
        keys.load_or_create_signer()


def test_key_that_was_swapped_is_refused(tmp_path, settings):
    keys.load_or_create_signer()
    (tmp_path / "keys" / keys.KEY_FILE).unlink()
    settings.DATA_DIR = tmp_path / "other"
    keys.load_or_create_signer()
    (tmp_path / "other" / "keys" / keys.KEY_FILE).rename(tmp_path / "keys" / keys.KEY_FILE)
    settings.DATA_DIR = tmp_path
    with pytest.raises(BadKey, match="replaced"):
        keys.load_or_create_signer()


@pytest.mark.parametrize("content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"])
def test_key_file_that_holds_no_key_is_refused(tmp_path, content):
    keys.load_or_create_signer()
    path = tmp_path / "keys" / keys.KEY_FILE
    path.unlink()
    path.write_bytes(content)
    path.chmod(0o400)
    with pytest.raises(BadKey, match="cannot be read"):
        keys.load_or_create_signer()


def test_verifier_keys_before_the_first_start_are_missed_by_name():
    with pytest.raises(BadKey, match=r"audit\.vkey is missing"):
        keys.trusted_vkeys()


def test_verifier_keys_that_are_malformed_are_refused(tmp_path):
    keys.load_or_create_signer()
    (tmp_path / "keys" / keys.VKEY_FILE).unlink()
    (tmp_path / "keys" / keys.VKEY_FILE).write_text("nonsense\n")
    with pytest.raises(BadKey, match="not a verifier key"):
        keys.trusted_vkeys()
