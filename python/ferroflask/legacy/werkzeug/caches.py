"""The caches of `werkzeug.contrib.cache`: those of the package cachelib where it is installed, else the three that need
nothing else. Timeouts are in seconds; 0 is for ever.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
import threading
import time
import typing as t
from contextlib import suppress

try:
    import cachelib as _cachelib  # type: ignore[import-not-found, unused-ignore]
except ImportError:
    _cachelib = None


class BaseCache:
    """The interface, and what follows from `get`, `set` and `delete`. Keeps nothing itself."""

    def __init__(self, default_timeout: int = 300) -> None:
        self.default_timeout = default_timeout

    def get(self, key: str) -> t.Any:
        """Return the value, or None."""
        return None

    def set(self, key: str, value: t.Any, timeout: int | None = None) -> bool:
        """Keep a value. Returns whether it worked."""
        return True

    def delete(self, key: str) -> bool:
        """Forget a value."""
        return True

    def has(self, key: str) -> bool:
        """Return whether there is a value."""
        return self.get(key) is not None

    def clear(self) -> bool:
        """Forget everything."""
        return True

    def add(self, key: str, value: t.Any, timeout: int | None = None) -> bool:
        """Keep a value unless there is one. Returns whether there was none."""
        return not self.has(key) and self.set(key, value, timeout)

    def get_many(self, *keys: str) -> list[t.Any]:
        """Return the values of several keys."""
        return [self.get(key) for key in keys]

    def get_dict(self, *keys: str) -> dict[str, t.Any]:
        """Return the values of several keys by key."""
        return dict(zip(keys, self.get_many(*keys), strict=True))

    def set_many(self, mapping: t.Mapping[str, t.Any], timeout: int | None = None) -> bool:
        """Keep several values."""
        done = [self.set(key, value, timeout) for key, value in mapping.items()]
        return all(done)

    def delete_many(self, *keys: str) -> bool:
        """Forget several values."""
        done = [self.delete(key) for key in keys]
        return all(done)

    def inc(self, key: str, delta: int = 1) -> int | None:
        """Add to a number; one that is not there is 0."""
        value = (self.get(key) or 0) + delta
        return value if self.set(key, value) else None

    def dec(self, key: str, delta: int = 1) -> int | None:
        """Subtract from a number."""
        return self.inc(key, -delta)

    def _end(self, timeout: int | None) -> float:
        wanted = self.default_timeout if timeout is None else timeout
        return time.time() + wanted if wanted > 0 else 0


class NullCache(BaseCache):
    """Keeps nothing."""

    def has(self, key: str) -> bool:
        """Return False."""
        return False


class SimpleCache(BaseCache):
    """Keeps values in this process, at most about `threshold` of them."""

    def __init__(self, threshold: int = 500, default_timeout: int = 300) -> None:
        super().__init__(default_timeout)
        self._threshold = threshold
        self._kept: dict[str, tuple[float, bytes]] = {}
        self._lock = threading.RLock()

    def get(self, key: str) -> t.Any:
        """Return the value, or None."""
        end, data = self._kept.get(key, (-1.0, b""))
        return pickle.loads(data) if end == 0 or end > time.time() else None

    def set(self, key: str, value: t.Any, timeout: int | None = None) -> bool:
        """Keep a copy of a value."""
        data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        with self._lock:
            self._make_room()
            self._kept[key] = (self._end(timeout), data)
        return True

    def delete(self, key: str) -> bool:
        """Forget a value. Returns whether there was one."""
        with self._lock:
            return self._kept.pop(key, None) is not None

    def clear(self) -> bool:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
        return True

    def _make_room(self) -> None:
        if len(self._kept) < self._threshold:
            return
        now = time.time()
        over = [key for key, (end, _) in self._kept.items() if end and end <= now]
        # With nothing over, every third has to go.
        for key in over or list(self._kept)[::3]:
            del self._kept[key]


class FileSystemCache(BaseCache):
    """Keeps values in files of one folder, at most about `threshold` (0: any number)."""

    def __init__(self, cache_dir: str, threshold: int = 500, default_timeout: int = 300, mode: int = 0o600) -> None:
        super().__init__(default_timeout)
        self._folder = cache_dir
        self._threshold = threshold
        self._mode = mode
        os.makedirs(cache_dir, exist_ok=True)

    def _path(self, key: str) -> str:
        return os.path.join(self._folder, hashlib.md5(key.encode(), usedforsecurity=False).hexdigest())

    def _files(self) -> list[str]:
        return [entry.path for entry in os.scandir(self._folder) if len(entry.name) == 32]

    def get(self, key: str) -> t.Any:
        """Return the value, or None."""
        path = self._path(key)
        with suppress(OSError, pickle.PickleError, EOFError), open(path, "rb") as file:
            end: float = pickle.load(file)
            if end == 0 or end > time.time():
                return pickle.load(file)
            os.remove(path)
        return None

    def set(self, key: str, value: t.Any, timeout: int | None = None) -> bool:
        """Keep a value. Returns False if it can't be written."""
        self._make_room()
        data = pickle.dumps(self._end(timeout), 1) + pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        try:
            handle, unfinished = tempfile.mkstemp(suffix=".tmp", dir=self._folder)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(unfinished, self._path(key))
            os.chmod(self._path(key), self._mode)
        except OSError:
            return False
        return True

    def delete(self, key: str) -> bool:
        """Forget a value. Returns whether there was one."""
        try:
            os.remove(self._path(key))
        except OSError:
            return False
        return True

    def clear(self) -> bool:
        """Forget everything."""
        for path in self._files():
            with suppress(OSError):
                os.remove(path)
        return True

    def _make_room(self) -> None:
        files = self._files() if self._threshold else []
        if len(files) < self._threshold or not files:
            return
        for path in sorted(files, key=os.path.getmtime)[: max(1, len(files) // 3)]:
            with suppress(OSError):
                os.remove(path)


if _cachelib is not None:
    BaseCache = _cachelib.BaseCache  # type: ignore[misc]
    NullCache = _cachelib.NullCache  # type: ignore[misc]
    SimpleCache = _cachelib.SimpleCache  # type: ignore[misc]
    FileSystemCache = _cachelib.FileSystemCache  # type: ignore[misc]


def __getattr__(name: str) -> t.Any:
    if name in ("MemcachedCache", "RedisCache", "UWSGICache", "GAEMemcachedCache"):
        if _cachelib is None:
            raise ImportError(f"{name} needs the package 'cachelib'.")
        return getattr(_cachelib, name.removeprefix("GAE"))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
