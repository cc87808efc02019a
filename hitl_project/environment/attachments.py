"""How the settings read where attachments are stored."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from hitl_project.environment.reader import Environment

SHOWN = "Set it to a folder, such as /srv/hitl/attachments, or to s3://bucket/prefix."

TIMES: dict[str, Any] = {"connect_timeout": 5, "read_timeout": 10, "retries": {"total_max_attempts": 2}}


def attachments(env: Environment, home: Path) -> dict[str, Any]:
    """Return Django's configuration of the store: a folder, in HITL_HOME unless another is named, or S3.

    :raises ImproperlyConfigured: the value names neither, or the packages for S3 are missing.
    """
    place = env.str("HITL_ATTACHMENTS", "") or str(home / "attachments")
    # Read in any case, so that each is a known setting.
    options = {
        "endpoint_url": env.str("HITL_S3_ENDPOINT", ""),
        "region_name": env.str("HITL_S3_REGION", ""),
        "access_key": env.secret("HITL_S3_ACCESS_KEY"),
        "secret_key": env.secret("HITL_S3_SECRET_KEY"),
    }
    if place.startswith("s3://"):
        return _s3(place, {name: value for name, value in options.items() if value})
    if "://" in place or not Path(place).is_absolute():
        raise ImproperlyConfigured(f"HITL_ATTACHMENTS is no absolute path and no address that starts with s3. {SHOWN}")
    return {"BACKEND": "approvals.storage.folder.Folder", "OPTIONS": {"location": place}}


def _s3(place: str, options: dict[str, Any]) -> dict[str, Any]:
    url = urlsplit(place)
    if not url.hostname or url.username or url.port or url.query:
        raise ImproperlyConfigured(f"HITL_ATTACHMENTS names no bucket. {SHOWN}")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured("HITL_ATTACHMENTS needs packages for S3. Install HITL with the extra s3: hitl[s3].")
    # Other servers than Amazon's know a bucket by the path.
    style = {"s3": {"addressing_style": "path"}} if "endpoint_url" in options else {}
    # The default is a minute for each of five tries: longer than a page, a lookup or an effect can wait.
    config = import_module("botocore.config").Config(**TIMES, **style)
    kept = {"bucket_name": url.netloc, "location": url.path.strip("/"), "file_overwrite": True, "default_acl": None}
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": kept | {"client_config": config} | options}
