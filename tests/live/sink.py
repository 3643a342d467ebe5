#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Memory requests into a database, and back: a MariaDB of the test's own, and a tracer that tells what the test wants.

Exit status 77 where there is no MariaDB, or virtlens was built without its client library.  VIRTLENS: the program
"""
import atexit
import contextlib
import datetime
import json
import os
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from runner import Skip, run_tests  # noqa: E402

VIRTLENS = os.path.abspath(os.environ.get("VIRTLENS", "./virtlens"))
PATIENCE = 60  # seconds until what must happen has happened
GIB = 1 << 30
TABLE = """
CREATE TABLE procesos (
  id INT AUTO_INCREMENT PRIMARY KEY,
  pid INT NOT NULL,
  nombre_proceso VARCHAR(255) NOT NULL,
  llamada VARCHAR(50) NOT NULL,
  tamanio INT NOT NULL,
  fecha DATETIME NOT NULL
);"""
PROCEDURE = """
DELIMITER //
CREATE PROCEDURE insertar_proceso(IN p_pid INT, IN p_nombre VARCHAR(255), IN p_llamada VARCHAR(50), IN p_tamanio INT,
                                  IN p_fecha VARCHAR(50))
BEGIN
  INSERT INTO procesos (pid, nombre_proceso, llamada, tamanio, fecha)
  VALUES (p_pid, p_nombre, p_llamada, p_tamanio, STR_TO_DATE(p_fecha, '%a %b %d %H:%i:%s %Y'));
END//
DELIMITER ;
"""
# In the place of virtlens-trace: tells each line that comes down the pipe "control", a list of requests, as a turn.
TRACER = """#!{python}
import json, os, select, struct, sys, time
KINDS = ("mmap", "munmap", "mremap", "brk", "mprotect")

def frame(kind, body):
    os.write(1, struct.pack("=II", kind, len(body)) + body)

def tell(requests):
    now, sums = time.monotonic_ns(), {{}}
    for start in range(0, len(requests), 500):
        body = b""
        for pid, name, call, size in requests[start:start + 500]:
            name, kind = name.encode("latin-1"), KINDS.index(call)
            length, change = (0, size) if call == "brk" else (size, 0)
            body += struct.pack("=QQQqqIIII16s", now, 0, length, 0, change, pid, pid, kind, 0, name)
            sums.setdefault((pid, name), [0] * 10)[kind] += 1
            sums[pid, name][8] += 1
        frame({requests}, body)
    for (pid, name), counts in sums.items():
        frame({sums}, struct.pack("=I16sI", pid, name, 0) + struct.pack("=10Q", *counts))
    frame({turn}, struct.pack("=QII", now, 1, 0))

frame({hello}, struct.pack("=II", {version}, 4096))
control, rest = os.open("{control}", os.O_RDWR), b""
while True:
    ready = select.select([0, control], [], [], 0.1)[0]
    if 0 in ready:
        order = os.read(0, 24)
        if not order or order[0] == 1:
            break
        if order[0] == 2:
            tell([])
    if control in ready:
        *lines, rest = (rest + os.read(control, 1 << 20)).split(b"\\n")
        for line in lines:
            tell(json.loads(line))
    if not ready:
        tell([])  # a tick in which nothing was asked for
frame({end}, b"")
"""


def wait_for(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited in vain: " + what
        select.select([], [], [], 0.02)


class Server:
    """A MariaDB in a folder of its own, which listens at a socket there alone."""

    def __init__(self):
        self.program = shutil.which("mariadbd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        self.install, self.client = shutil.which("mariadb-install-db"), shutil.which("mariadb")
        if not (self.program and self.install and self.client):
            raise Skip("there is no MariaDB (mariadb-server-core, mariadb-client-core)")
        self.folder = tempfile.mkdtemp(prefix="virtlens-mariadb-", dir="/var/tmp")
        atexit.register(self.clear)
        self.socket = os.path.join(self.folder, "socket")
        self.process = None
        self.options = ["--no-defaults", "--datadir=" + os.path.join(self.folder, "data")]
        if os.geteuid() == 0:
            self.options.append("--user=root")
        self.small = ["--innodb-log-file-size=4M", "--innodb-buffer-pool-size=16M"]
        with open(os.path.join(self.folder, "log"), "wb") as log:
            subprocess.run([self.install, *self.options, *self.small, "--auth-root-authentication-method=normal",
                            "--skip-test-db", "--skip-name-resolve"], stdout=log, stderr=log, check=True, timeout=PATIENCE)
        self.start()

    def start(self):
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen([self.program, *self.options, *self.small, "--socket=" + self.socket,
                                             "--skip-networking", "--skip-log-bin", "--innodb-flush-log-at-trx-commit=1",
                                             "--pid-file=" + os.path.join(self.folder, "pid")],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("the database server", lambda: self.process.poll() is not None or self.answers())
        assert self.process.poll() is None, "the database server ended: see " + self.folder

    def answers(self):
        return subprocess.run(self.command("-e", "SELECT 1"), capture_output=True, timeout=PATIENCE).returncode == 0

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE)

    def clear(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def command(self, *words):
        return [self.client, "--no-defaults", "--socket=" + self.socket, "--user=root", "--batch", "--skip-column-names",
                "--default-character-set=utf8mb4", *words]

    def sql(self, text, database=""):
        done = subprocess.run(self.command(database) if database else self.command(), input=text.encode(), capture_output=True,
                              timeout=PATIENCE)
        assert done.returncode == 0, done.stderr.decode()
        return [line.split("\t") for line in done.stdout.decode().splitlines()]

    def make(self, text=TABLE + PROCEDURE):
        """A database of its own for a test, with what TEXT makes in it; its name."""
        name = "lab%d" % len(self.sql("SHOW DATABASES"))
        self.sql("CREATE DATABASE %s;" % name)
        self.sql(text, name)
        return name

    def url(self, database, user="root"):
        return "mysql://%s@localhost/%s?socket=%s" % (user, database, self.socket)


SERVER = []


def server():
    if not SERVER:
        SERVER.append(Server())
    return SERVER[0]


class Traced:
    """virtlens with a tracer that tells what the test wants."""

    def __init__(self, folder, *words, environment=None):
        self.folder = tempfile.mkdtemp(dir=folder)
        program = os.path.join(self.folder, "virtlens")
        shutil.copy(VIRTLENS, program)
        control = os.path.join(self.folder, "control")
        os.mkfifo(control)
        self.control = os.open(control, os.O_RDWR | os.O_NONBLOCK)
        tracer = os.path.join(self.folder, "virtlens-trace")
        with open(tracer, "w") as file:
            file.write(TRACER.format(python=sys.executable, control=control, **wire()))
        os.chmod(tracer, 0o755)
        self.told, self.out = os.path.join(self.folder, "told"), os.path.join(self.folder, "out")
        home = dict(os.environ, HOME=self.folder, XDG_STATE_HOME=os.path.join(self.folder, "state"), TZ="Europe/Madrid",
                    LC_ALL="C.UTF-8")
        home.pop("MYSQL_PWD", None)
        with open(self.told, "wb") as told, open(self.out, "wb") as out:
            self.process = subprocess.Popen([program, *words], stdin=subprocess.DEVNULL, stdout=out, stderr=told,
                                            env=dict(home, **(environment or {})))

    def tell(self, requests):
        text = json.dumps(requests).encode() + b"\n"
        end = time.monotonic() + PATIENCE
        while text:
            assert self.process.poll() is None and time.monotonic() < end, self.said()
            if select.select([], [self.control], [], 0.1)[1]:
                text = text[os.write(self.control, text):]

    def said(self):
        with open(self.told, errors="replace") as file:
            return file.read()

    def written(self):
        with open(self.out) as file:
            return file.read()

    def wait_for_ticks(self, count):
        """In a batch of ticks, as JSON lines: until COUNT more are written."""
        wanted = self.written().count("\n") + count
        wait_for("a tick", lambda: self.written().count("\n") >= wanted or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()

    def wait_for(self, what):
        wait_for(what, lambda: what in self.said() or self.process.poll() is not None)
        assert what in self.said(), self.said()

    def end(self, status=0):
        """Tell it to end; what it wrote, and said."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        os.close(self.control)
        assert self.process.returncode == status, (self.process.returncode, self.said())
        return self.written(), self.said()


def wire():
    """The version of the protocol between virtlens and its tracer, and its numbers of frames."""
    header = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../core/host/trace/wire.h")
    with open(header) as file:
        text = file.read()
    kinds = re.findall(r"WIRE_(\w+)", re.search(r"enum wire_kind \{(.*?)\};", text, re.S).group(1))
    return dict({kind.lower(): number for number, kind in enumerate(kinds, 1)},
                version=int(re.search(r"#define WIRE_VERSION (\d+)", text).group(1)))


def memory(folder, url, *words, **more):
    return Traced(folder, "memory", "--batch", "--format", "json", "--sink", url, *words, **more)


def counts(said):
    found = re.search(r"seen (\d+) = stored (\d+) \+ waiting (\d+) \+ not storable (\d+) \+ lost (\d+)", said)
    assert found, said
    seen, stored, waiting, refused, lost = map(int, found.groups())
    assert seen == stored + waiting + refused + lost, said
    return {"seen": seen, "stored": stored, "waiting": waiting, "refused": refused, "lost": lost}


def many(count, name="many"):
    return [[1 + i, name, "mmap", 4096 * (1 + i % 7)] for i in range(count)]


def rows(database, what="pid, nombre_proceso, llamada, tamanio"):
    return server().sql("SELECT %s FROM procesos ORDER BY id" % what, database)


def stored(database):
    return int(server().sql("SELECT count(*) FROM procesos", database)[0][0])


def refused(folder, url, *words, status=3, environment=None):
    """What is said by a virtlens that does not begin."""
    traced = memory(folder, url, *words, environment=environment)
    wait_for("the end", lambda: traced.process.poll() is not None)
    return traced.end(status)[1]


def need_client(folder):
    server()
    if "built without the client library" in refused_anyhow(folder):
        raise Skip("virtlens was built without libmariadb")


def refused_anyhow(folder):
    done = subprocess.run([VIRTLENS, "import", "mysql://localhost/none?socket=" + folder + "/none"], capture_output=True,
                          text=True, env=dict(os.environ, HOME=folder, XDG_STATE_HOME=folder), timeout=PATIENCE)
    return done.stderr


def make_user(database):
    server().sql("CREATE OR REPLACE USER lab@localhost IDENTIFIED BY 'se cret'; GRANT SELECT, EXECUTE ON %s.* TO lab@localhost;"
                 % database)


def test_every_request_is_there_as_it_was(folder):
    need_client(folder)
    database = server().make()
    before = datetime.datetime.now().replace(microsecond=0)
    traced = memory(folder, server().url(database))
    odd = [[7, "it's \"x\\'--", "mmap", 4096], [8, "\033[2J\n", "munmap", 8192], [9, "a;b", "brk", -12288],
           [10, "\xc3\xb1", "mremap", 2 * GIB - 1], [11, "", "mprotect", 0]]
    traced.tell(odd)
    traced.tell(many(3000))
    wait_for("all of it", lambda: stored(database) == 3005)
    _, said = traced.end()
    assert counts(said) == {"seen": 3005, "stored": 3005, "waiting": 0, "refused": 0, "lost": 0}, said
    assert rows(database)[:5] == [["7", "it's \"x\\\\'--", "mmap", "4096"], ["8", "\\\\x1b[2J\\\\x0a", "munmap", "8192"],
                                  ["9", "a;b", "brk", "-12288"], ["10", "ñ", "mremap", str(2 * GIB - 1)],
                                  ["11", "", "mprotect", "0"]], rows(database)[:5]
    assert rows(database)[5:] == [[str(pid), name, call, str(size)] for pid, name, call, size in many(3000)]
    madrid = server().sql("SELECT min(fecha), max(fecha) FROM procesos", database)[0]
    offset = datetime.datetime.now(datetime.timezone.utc).astimezone(zone()).utcoffset()
    utc = [datetime.datetime.fromisoformat(text) - offset for text in madrid]
    local = before.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    assert local <= utc[0] <= utc[1] <= local + datetime.timedelta(seconds=PATIENCE), (madrid, local)


def zone():
    import zoneinfo
    return zoneinfo.ZoneInfo("Europe/Madrid")


def test_what_does_not_fit_is_counted_and_never_cut(folder):
    need_client(folder)
    database = server().make()
    traced = memory(folder, server().url(database))
    traced.tell([[1, "a", "mmap", 3 * GIB], [2, "b", "mmap", 4096], [3, "c", "mmap", 1 << 62], [4, "d", "munmap", 2 * GIB],
                 [5, "e", "brk", 1]])
    wait_for("what fits", lambda: stored(database) == 2)
    traced.wait_for("left out and counted: tamanio")
    _, said = traced.end()
    assert counts(said)["refused"] == 3 and counts(said)["stored"] == 2, said
    assert "take -2147483648 to 2147483647" in said and "BIGINT would hold it" in said, said
    assert [row[0] for row in rows(database)] == ["2", "5"]
    wide = server().make((TABLE + PROCEDURE).replace("tamanio INT", "tamanio BIGINT"))
    traced = memory(folder, server().url(wide))
    traced.tell([[1, "a", "mmap", 3 * GIB]])
    wait_for("the large one", lambda: stored(wide) == 1)
    traced.end()
    assert rows(wide) == [["1", "a", "mmap", str(3 * GIB)]], rows(wide)


def test_rows_that_the_server_would_change_are_not_stored(folder):
    """One in a thousand is not taken; the others of its transaction are."""
    need_client(folder)
    database = server().make("SET sql_mode='';" + TABLE.replace("VARCHAR(50)", "ENUM('mmap','munmap')") + PROCEDURE)
    traced = memory(folder, server().url(database))
    traced.tell(many(20) + [[21, "odd", "brk", 1]] + many(20))
    wait_for("the rest", lambda: stored(database) == 40)
    traced.wait_for("the server would change it: Data truncated")
    _, said = traced.end()
    assert counts(said)["refused"] == 1 and counts(said)["stored"] == 40, said


def test_a_database_of_another_shape_is_refused_with_the_sql(folder):
    need_client(folder)
    for text, told, sql in (
            ("", "no table procesos", "CREATE TABLE procesos"),
            (TABLE, "no procedure insertar_proceso", "CREATE PROCEDURE insertar_proceso"),
            (TABLE.replace("tamanio", "size"), "no column tamanio", "CREATE TABLE procesos"),
            (TABLE.replace("AUTO_INCREMENT", ""), "not AUTO_INCREMENT", "MODIFY id BIGINT AUTO_INCREMENT"),
            (TABLE.replace(");", ") ENGINE=MyISAM;") + PROCEDURE, "has no transactions", "ENGINE=InnoDB"),
            (TABLE + "CREATE PROCEDURE insertar_proceso(a INT) SELECT 1;", "has 1 parameters, not 5", "CREATE PROCEDURE")):
        said = refused(folder, server().url(server().make(text)))
        assert told in said and sql in said, (told, said)
    made = re.search(r"CREATE TABLE procesos.*", refused(folder, server().url(server().make("")))).group(0)
    database = server().make(made)
    made = re.search(r"CREATE PROCEDURE.*", refused(folder, server().url(database))).group(0)
    server().sql(made, database)
    traced = memory(folder, server().url(database))
    traced.tell([[1, "a", "mmap", 3 * GIB]])
    wait_for("a row in what its own advice has made", lambda: stored(database) == 1)
    traced.end()


def test_absent_and_refused_are_told(folder):
    need_client(folder)
    said = refused(folder, "mysql://root@localhost/x?socket=%s/none" % folder)
    assert "cannot open the database mysql://root@localhost/x" in said and "is its server up" in said, said
    assert "Unknown database 'nosuch'" in refused(folder, server().url("nosuch"))
    database = server().make()
    make_user(database)
    url = server().url(database, "lab")
    said = refused(folder, url)
    assert "Access denied" in said and "--sink-password-file" in said and "~/.my.cnf" in said, said
    assert "Access denied" in refused(folder, url, environment={"MYSQL_PWD": "wrong"})


def test_the_password_comes_by_file_or_environment_and_goes_nowhere(folder):
    need_client(folder)
    database = server().make()
    make_user(database)
    url = server().url(database, "lab")
    password, options = os.path.join(folder, "password"), os.path.join(folder, ".my.cnf")
    for path, text in ((password, "se cret\n"), (options, "[client]\npassword='se cret'\n")):
        with open(path, "w") as file:
            file.write(text)
        os.chmod(path, 0o600)
    for number, (words, environment) in enumerate(((["--sink-password-file", password], {}), ([], {"MYSQL_PWD": "se cret"}),
                                                   ([], {"HOME": folder})), 1):
        traced = memory(folder, url, *words, environment=environment)
        traced.tell([[number, "a", "mmap", 4096]])
        wait_for("a row", lambda: stored(database) == number)
        written, said = traced.end()
        assert "se cret" not in written + said
        found = subprocess.run(["grep", "-rl", "se cret", traced.folder], capture_output=True, text=True).stdout
        assert not found, found


def test_an_outage_is_waited_through(folder):
    """The server is killed in the middle of rows that come and come, and starts anew."""
    need_client(folder)
    database = server().make()
    traced = memory(folder, server().url(database))
    traced.tell(many(5000, "before"))
    wait_for("some of it", lambda: stored(database) >= 1000)
    server().kill()
    traced.tell(many(5000, "without"))
    traced.wait_for("memory requests wait on disk for mysql://")
    server().start()
    wait_for("all of it", lambda: stored(database) == 10000)
    traced.wait_for("are stored in mysql://root@localhost/%s" % database)
    traced.tell(many(1, "after"))
    wait_for("the last", lambda: stored(database) == 10001)
    _, said = traced.end()
    assert counts(said) == {"seen": 10001, "stored": 10001, "waiting": 0, "refused": 0, "lost": 0}, said
    assert [[row[0], row[1]] for row in rows(database)] == [
        [str(pid), name] for pid, name, _, _ in many(5000, "before") + many(5000, "without") + many(1, "after")]


def test_what_waits_at_the_end_is_lost_and_counted(folder):
    need_client(folder)
    database = server().make()
    traced = memory(folder, server().url(database))
    traced.tell(many(1))
    wait_for("a row", lambda: stored(database) == 1)
    server().sql("RENAME TABLE procesos TO elsewhere", database)
    traced.tell(many(7))
    traced.wait_for("wait on disk")
    _, said = traced.end(3)
    assert counts(said) == {"seen": 8, "stored": 1, "waiting": 0, "refused": 0, "lost": 7}, said
    assert "procesos" in said.split("wait on disk")[1], said
    left = [name for name in os.listdir(os.path.join(traced.folder, "state", "virtlens")) if "spool" in name]
    assert not left, left


@contextlib.contextmanager
def locked(database):
    client = subprocess.Popen(server().command("--unbuffered", database), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    client.stdin.write(b"LOCK TABLES procesos WRITE; SELECT 'held';\n")
    client.stdin.flush()
    client.stdout.readline()
    yield
    client.communicate(b"UNLOCK TABLES;\n", timeout=PATIENCE)


def test_a_slow_database_holds_up_nobody(folder):
    """Somebody holds the table locked; the session goes on meanwhile, and ends with all there."""
    need_client(folder)
    database = server().make()
    traced = Traced(folder, "--batch", "--format", "json", "-d", "0.2", "--sink", server().url(database), "test:///default")
    traced.wait_for_ticks(1)
    with locked(database):
        traced.tell(many(10))
        traced.wait_for_ticks(30)  # longer than a lock is waited for
        traced.tell(many(10))
        traced.wait_for_ticks(5)
    wait_for("all of it", lambda: stored(database) == 20)
    with open(traced.end()[1].split()[-1]) as file:
        session = json.load(file)
    told = [event["text"] for event in session["events"] if "mysql://" in event["text"]]
    assert "Lock wait timeout" in told[0] and "somebody else holds the table locked" in told[0], told
    assert counts(told[-1]) == {"seen": 20, "stored": 20, "waiting": 0, "refused": 0, "lost": 0}, told
    assert [request["pid"] for request in session["memory_requests"]] == [int(row[0]) for row in rows(database)]


FULL = PROCEDURE.replace("BEGIN", """BEGIN
  IF (SELECT count(*) FROM full) > 0 THEN
    SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = "The table 'procesos' is full";
  END IF;""")


def test_a_database_that_is_full_or_read_only_is_waited_for(folder):
    """Full: the procedure tells the server's own error."""
    need_client(folder)
    for text, begin, told, end in (
            ("CREATE TABLE full (x INT);" + TABLE + FULL, "INSERT INTO full VALUES (1)", "The table 'procesos' is full",
             "DELETE FROM full"),
            (TABLE + PROCEDURE, "SET GLOBAL read_only = 1", "the server is read-only", "SET GLOBAL read_only = 0")):
        database = server().make(text)
        make_user(database)
        traced = memory(folder, server().url(database, "lab"), environment={"MYSQL_PWD": "se cret"})
        traced.tell(many(1))
        wait_for("a row", lambda: stored(database) == 1)
        server().sql(begin, database)
        traced.tell(many(2000))
        traced.wait_for("wait on disk")
        server().sql(end, database)
        wait_for("all of it", lambda: stored(database) == 2001)
        _, said = traced.end()
        assert told in said and counts(said)["stored"] == 2001, said


def test_a_table_becomes_a_session(folder):
    need_client(folder)
    database = server().make(TABLE + """
        INSERT INTO procesos (pid, nombre_proceso, llamada, tamanio, fecha) VALUES
        (41, 'cat', 'mmap', 8192, '2026-03-01 12:00:00'), (41, 'cat', 'MUNMAP', 4096, '2026-03-01 12:00:00'),
        (42, 'a name that is too long', 'brk', -4096, '2026-03-01 12:00:02'), (43, 'x', 'fork', 1, '2026-03-01 12:00:03'),
        (44, 'y', 'mmap', 1, '2026-03-01 12:00:03');""")
    traced = Traced(folder, "import", server().url(database))
    wait_for("the end", lambda: traced.process.poll() is not None)
    written, said = traced.end()
    assert "4 memory requests imported from mysql://" in said and "1 rows left out" in said and "1 names cut" in said, said
    with open(written.strip()) as file:
        session = json.load(file)
    assert session["session"]["begin"].startswith("2026-03-01T11:00:00"), session["session"]  # Madrid is an hour ahead
    assert session["complete"] and len(session["scans"]) == 3
    assert [(turn["seen"], turn["mapped_bytes"], turn["freed_bytes"]) for turn in session["memory"]] == [
        (2, 8192, 4096), (1, 0, 4096), (1, 1, 0)], session["memory"]
    assert [(row["pid"], row["name"], row["call"]) for row in session["memory_requests"]] == [
        (41, "cat", "mmap"), (41, "cat", "munmap"), (42, "a name that is ", "brk"), (44, "y", "mmap")]
    said = refused_import(folder, server().url(server().make(TABLE)))
    assert "holds no memory request" in said, said


def refused_import(folder, url):
    traced = Traced(folder, "import", url)
    wait_for("the end", lambda: traced.process.poll() is not None)
    return traced.end(1)[1]


if __name__ == "__main__":
    sys.exit(run_tests("sink", globals()))
