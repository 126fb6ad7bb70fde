"""Flask-Session: a store on the server's side in Redis, in files and in a database."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ..conformance.harness.process import free_ports
from ..conformance.harness.sides import Side
from .asking import Ask, Case
from .harness import compare, needs

needs("Flask-Session", "cachelib")

CASE = Case(
    program="session_store.py",
    random=(r"(?<=sid=)[\w-]{43}", r"(?<=')[\w-]{43}(?=')"),
    asks=(
        Ask("GET", "/kind"),
        Ask("GET", "/nothing"),
        Ask("GET", "/basket", holds=('"basket":null',)),
        Ask("POST", "/basket", 302, form={"thing": "pear"}),
        Ask("POST", "/basket", 302, form={"thing": "äpple"}),
        Ask("GET", "/basket", holds=("pear",)),
        Ask("GET", "/stored"),
        Ask("GET", "/nothing"),
        Ask("GET", "/other-sid", holds=('"changed":true',)),
        Ask("GET", "/basket", holds=("pear",)),
        Ask("POST", "/empty"),
        Ask("GET", "/basket", holds=('"basket":null',)),
        Ask("GET", "/missing", 404),
    ),
)


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    server = shutil.which("redis-server") or pytest.skip("there is no redis-server")
    needs("redis")
    (port,) = free_ports(1)
    arguments = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--databases", "2"]
    child = subprocess.Popen(
        [server, *arguments], cwd=tmp_path_factory.mktemp("redis"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        answers(port, child)
        yield port
    finally:
        child.terminate()
        child.wait(10)


def answers(port: int, child: subprocess.Popen[bytes]) -> None:
    import redis

    client = redis.Redis(port=port)
    while child.poll() is None:
        try:
            client.ping()
            return client.close()
        except redis.ConnectionError:
            time.sleep(0.02)
    pytest.fail("the Redis server ended")


@pytest.mark.filterwarnings("ignore:.*unclosed:ResourceWarning")
@pytest.mark.parametrize("lasting", ["0", "1"], ids=["browser", "lasting"])
@pytest.mark.parametrize("door", ["client", "socket"])
def test_redis(door: str, lasting: str, tmp_path: Path, redis_port: int) -> None:
    import redis

    redis.Redis(port=redis_port).flushall()
    # Both sides would count the other's keys: each gets a fresh store of its own.
    own = {"STORE": "redis", "REDIS_PORT": str(redis_port), "LASTING": lasting}
    compare(CASE, door, tmp_path, {Side.STOCK: own | {"REDIS_DB": "0"}, Side.OURS: own | {"REDIS_DB": "1"}})


@pytest.mark.parametrize("store", ["cachelib", "filesystem", "sqlalchemy"])
@pytest.mark.parametrize("lasting", ["0", "1"], ids=["browser", "lasting"])
def test_other_stores(store: str, lasting: str, tmp_path: Path) -> None:
    if store == "sqlalchemy":
        needs("Flask-SQLAlchemy")
    own = {"STORE": store, "LASTING": lasting}
    compare(CASE, "client", tmp_path, {Side.STOCK: own, Side.OURS: own})
