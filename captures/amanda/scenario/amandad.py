"""What inetd does for amandad, one after the other: amandad.py ADDRESS"""
import os, pwd, socket, sys
user = pwd.getpwnam("backup")
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind((sys.argv[1], 10080))
os.dup2(s.fileno(), 0); os.dup2(s.fileno(), 1)
os.initgroups("backup", user.pw_gid); os.setgid(user.pw_gid); os.setuid(user.pw_uid); os.environ["HOME"] = user.pw_dir
while os.fork(): os.wait()
os.execv("/usr/lib/amanda/amandad", ["amandad", "-auth=bsd"])
