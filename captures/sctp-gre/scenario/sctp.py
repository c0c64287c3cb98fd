#!/usr/bin/env python3
"""An SCTP client or server in user space (usrsctp over a raw socket): the kernel needs no SCTP of its own.

Usage: sctp.py serve ADDRESS PORT ASSOCIATIONS     answers every message with "yes: " and the message
       sctp.py ask ADDRESS SERVER PORT MESSAGE...  sends the messages, prints the answers, shuts down
"""
import ctypes, socket, struct, sys, time

LIB = ctypes.CDLL("libusrsctp.so.2")
AF_INET, SOCK_STREAM, IPPROTO_SCTP = 2, 1, 132
LIB.usrsctp_socket.restype = LIB.usrsctp_accept.restype = ctypes.c_void_p
LIB.usrsctp_sendv.restype = LIB.usrsctp_recvv.restype = ctypes.c_ssize_t
NONE = ctypes.c_void_p(None)


def address(host, port): return struct.pack("H", AF_INET) + struct.pack(">H", port) + socket.inet_aton(host) + bytes(8)


def endpoint(host, port):
    LIB.usrsctp_init(ctypes.c_uint16(0), NONE, NONE)
    so = ctypes.c_void_p(LIB.usrsctp_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP, NONE, NONE, ctypes.c_uint32(0), NONE))
    if LIB.usrsctp_bind(so, address(host, port), 16): raise SystemExit("sctp: bind failed")
    return so


def send(so, data): LIB.usrsctp_sendv(so, data, ctypes.c_size_t(len(data)), NONE, 0, NONE, ctypes.c_uint(0), 0, 0)


def receive(so):
    """The next message; empty when the association is over."""
    buffer, flags, kind = ctypes.create_string_buffer(4096), ctypes.c_int(0), ctypes.c_uint(0)
    peer, peer_len, info_len = ctypes.create_string_buffer(28), ctypes.c_uint(28), ctypes.c_uint(0)
    n = LIB.usrsctp_recvv(so, buffer, ctypes.c_size_t(4096), peer, ctypes.byref(peer_len), NONE, ctypes.byref(info_len),
                          ctypes.byref(kind), ctypes.byref(flags))
    return buffer.raw[:max(n, 0)]


def serve(host, port, associations):
    listening = endpoint(host, port)
    LIB.usrsctp_listen(listening, 5)
    for _ in range(associations):
        so = ctypes.c_void_p(LIB.usrsctp_accept(listening, NONE, NONE))
        while (message := receive(so)): send(so, b"yes: " + message)
        LIB.usrsctp_close(so)
    time.sleep(1)


def ask(host, server, port, messages):
    so = endpoint(host, 30000 + port % 1000)
    if LIB.usrsctp_connect(so, address(server, port), 16): print("no association"); time.sleep(0.3); return
    for m in messages:
        send(so, m.encode())
        print(receive(so).decode())
    LIB.usrsctp_shutdown(so, 1)
    receive(so)
    LIB.usrsctp_close(so)
    time.sleep(0.5)


a = sys.argv[1:]
if a[0] == "serve": serve(a[1], int(a[2]), int(a[3]))
else: ask(a[1], a[2], int(a[3]), a[4:])
