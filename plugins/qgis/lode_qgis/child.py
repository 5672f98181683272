"""The program as a child process: an argument list, live progress, an end within half a second."""
import glob
import json
import os
import queue
import shutil
import socket
import subprocess
import threading
import time

from qgis.core import QgsProcessingException
from qgis.PyQt.QtCore import QCoreApplication, QEventLoop, QThread

from .program import child_environment

TURN_S = 0.03        # how often a wish to stop is looked for
GRACE_S = 0.25       # from asking the program to end until it is killed
LONGEST_LINE = 1 << 16


class Listener:
    """What the child says on stderr: progress and messages at once, its errors at its end."""

    def __init__(self, feedback):
        self.feedback = feedback
        self.partial = b''
        self.said = ''
        self.errors = []
        self.findings = []

    def hear(self, data):
        *lines, self.partial = (self.partial + data).split(b'\n')
        if len(self.partial) > LONGEST_LINE:
            lines.append(self.partial)
            self.partial = b''
        for line in lines:
            self._line(line.decode('utf-8', 'replace').strip())

    def finish(self):
        self._line(self.partial.decode('utf-8', 'replace').strip())
        self.partial = b''

    def _line(self, line):
        if not line:
            return
        if line.startswith('{'):
            try:
                update = json.loads(line)
                self.feedback.setProgress(100.0 * update['progress'])
                if update.get('message') and update['message'] != self.said:
                    self.said = update['message']
                    self.feedback.setProgressText(self.said)
                return
            except (ValueError, KeyError, TypeError):
                pass
        if line.startswith('lode: error'):
            self.errors.append(line)  # shown by the exception that it ends in
        elif line.startswith(('lode: warning', 'lode: note')):
            self.findings.append(line)  # they come with the result, by severity, unless it fails
        else:
            self.feedback.pushInfo(line)


class Finished:
    """How the child ended."""

    def __init__(self, code, out, listener, cancelled):
        self.code = code
        self.out = out
        self.errors = listener.errors
        self.findings = listener.findings
        self.cancelled = cancelled

    def result(self):
        """The JSON object on stdout, or None."""
        try:
            found = json.loads(self.out.decode('utf-8', 'replace'))
            return found if isinstance(found, dict) else None
        except ValueError:
            return None


def _read(stream, take):
    """In a thread of its own, so that neither pipe ever fills up."""
    while True:
        try:
            data = os.read(stream.fileno(), 1 << 16)
        except OSError:
            data = b''
        take(data)
        if not data:
            return


def descendants(pid):
    """Processes that `pid` has started, where the system tells; Lode starts none, but what is named as
    the program may be a script around it."""
    parents = {}
    for path in glob.glob('/proc/[0-9]*/stat'):
        try:
            with open(path, encoding='utf-8', errors='replace') as file:
                stat = file.read()
            parents[int(path.split('/')[2])] = int(stat.rsplit(')', 1)[1].split()[1])
        except (OSError, ValueError, IndexError):
            continue
    found, turn = [], [pid]
    while turn:
        turn = [child for child, parent in parents.items() if parent in turn]
        found += turn
    return found


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except OSError:
        pass


class Child:
    """One run. `written` are the files and folders that it was told to write."""

    def __init__(self, program, arguments, temporary, written):
        self.written = written
        self.pids = []
        self.out = []
        self.heard = queue.Queue()
        flags = getattr(subprocess, 'CREATE_NO_WINDOW', 0)
        try:
            self.process = subprocess.Popen([program] + arguments, stdin=subprocess.DEVNULL,
                                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0,
                                            env=child_environment(program, temporary),
                                            creationflags=flags)
        except ValueError as error:  # a NUL in an argument
            raise QgsProcessingException(f'A value cannot be given to the program: {error}.') from error
        except OSError as error:
            words = f'{program} cannot be started: {error.strerror or error}.'
            if error.errno == 7 or getattr(error, 'winerror', 0) == 206:
                words += ' The values are too long for this system: name fewer files, or put them in one.'
            raise QgsProcessingException(words) from error
        self.pids.append(self.process.pid)
        self.readers = [
            threading.Thread(target=_read, args=(self.process.stdout, self.out.append), daemon=True),
            threading.Thread(target=_read, args=(self.process.stderr, self.heard.put), daemon=True)]
        for reader in self.readers:
            reader.start()

    def wait(self, feedback):
        """Until the child has ended or `feedback` is cancelled. Feedback is only given from this
        thread, and a window stays alive."""
        listener = Listener(feedback)
        cancelled = False
        try:
            while not cancelled:
                self._hear(listener)
                cancelled = feedback.isCanceled()
                if self.process.poll() is not None:
                    break
        finally:
            if self.process.poll() is None:
                self.stop()
        for reader in self.readers:
            reader.join(1.0)  # a grandchild may hold the pipe open
        while not self.heard.empty():
            listener.hear(self.heard.get())
        listener.finish()
        for stream in (self.process.stdout, self.process.stderr):
            try:
                stream.close()
            except OSError:
                pass
        return Finished(self.process.returncode, b''.join(self.out), listener, cancelled)

    def _hear(self, listener):
        try:
            listener.hear(self.heard.get(timeout=TURN_S))
            while True:
                listener.hear(self.heard.get_nowait())
        except queue.Empty:
            pass
        application = QCoreApplication.instance()
        if application is not None and QThread.currentThread() == application.thread():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def stop(self):
        """Asks the child to end, kills it if it does not, and removes what a killed one leaves."""
        self.pids += descendants(self.process.pid)
        if os.name == 'nt':
            self.process.kill()
        else:
            for pid in self.pids:
                _signal(pid, 15)
            try:
                self.process.wait(GRACE_S)
            except subprocess.TimeoutExpired:
                pass
            for pid in self.pids if self.process.poll() is None else self.pids[1:]:
                _signal(pid, 9)
        try:
            self.process.wait(5.0)
        except subprocess.TimeoutExpired:  # in an uninterruptible call to the disk
            return
        sweep(self.written, self.pids)


def _host():
    return ''.join(c if c.isascii() and c.isalnum() else '_' for c in socket.gethostname())


def sweep(written, pids):
    """Removes what the program staged beside its results, `.NAME.part-HOST-PID-XXXXXX`: it does so
    itself, unless it was killed."""
    folders = set()
    for path in written:
        folders.add(os.path.dirname(os.path.abspath(path)))
        if os.path.isdir(path):
            folders.add(os.path.abspath(path))
    marks = tuple(f'.part-{_host()}-{pid}-' for pid in pids)
    for folder in folders:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            if name.startswith('.') and any(mark in name for mark in marks):
                path = os.path.join(folder, name)
                if os.path.isdir(path) and not os.path.islink(path):
                    shutil.rmtree(path, ignore_errors=True)
                else:
                    try:
                        os.remove(path)
                    except OSError:
                        pass
