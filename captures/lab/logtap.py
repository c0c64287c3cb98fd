"""What the targets LOG and TRACE write: the kernel's own words, from the kernel's log."""
import errno, os, re

ALL_NAMESPACES = "/proc/sys/net/netfilter/nf_log_all_netns"   # LOG is silent outside the first namespace unless set


class LogTap:
    """Reads the kernel's log from now on; only lines that begin with a --log-prefix of the rulesets, or TRACE's, are kept.

    The log is the whole machine's: prefixes should be the case's own."""
    def __init__(self, rulesets):
        rulesets = list(rulesets)
        found = [re.findall(r'--log-prefix (?:"([^"]*)"|(\S+))', text) for text in rulesets]
        self.prefixes = tuple(a or b for hits in found for a, b in hits)
        if any("-j TRACE" in text for text in rulesets): self.prefixes += ("TRACE: ",)
        if not self.prefixes: return
        self.before = open(ALL_NAMESPACES).read()
        open(ALL_NAMESPACES, "w").write("1")
        self.kmsg = os.open("/dev/kmsg", os.O_RDONLY | os.O_NONBLOCK)
        os.lseek(self.kmsg, 0, os.SEEK_END)

    def close(self, path):
        if not self.prefixes: return
        open(ALL_NAMESPACES, "w").write(self.before)
        with open(path, "w") as out:
            while (line := self.next()) is not None:
                if line.startswith(self.prefixes): out.write(line + "\n")
        os.close(self.kmsg)

    def next(self):
        """The next record's text without its header `level,sequence,microseconds,flags;`; None at the end."""
        while True:
            try: return os.read(self.kmsg, 8192).decode(errors="replace").split(";", 1)[1].split("\n")[0]
            except OSError as e:
                if e.errno == errno.EAGAIN: return None
                if e.errno != errno.EPIPE: raise          # EPIPE: records were overwritten before they were read
