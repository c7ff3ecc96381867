"""A client of frames: python3 labs/python/frames_client.py MESSAGE… [--at HOST:PORT]"""

import os
import struct
import sys
from socket import SHUT_WR, create_connection

messages, (host, port) = sys.argv[1:], ("127.0.0.1", "8888")
if "--at" in messages:
    at = messages.index("--at")
    host, port = messages[at + 1].rsplit(":", 1)
    del messages[at:]
LIMIT = 1 << 20


# ANCHOR: frames
def write_frame(stream, body):
    stream.sendall(struct.pack("!I", len(body)) + body)  # "!" is the network's order


def read_frame(stream):
    """The next frame; None when the stream ends before its first byte."""
    head = read_exactly(stream, 4)
    if head is None:
        return None
    (length,) = struct.unpack("!I", head)
    if length > LIMIT:
        raise ValueError(f"its head announces {length} bytes")
    body = read_exactly(stream, length)
    if body is None:
        raise EOFError("it ended inside a frame")
    return body


def read_exactly(stream, count):
    """So many bytes; None when the stream ends before the first of them."""
    data = b""
    while len(data) < count:
        piece = stream.recv(count - len(data))
        if not piece and data:
            raise EOFError("it ended inside a frame")
        if not piece:
            return None
        data += piece
    return data


# ANCHOR_END: frames


with create_connection((host, int(port)), timeout=3.0) as client:
    for message in messages:
        write_frame(client, os.fsencode(message))
        print(f"sent {message!r}")
        answer = read_frame(client)
        if answer is None:
            sys.exit("the server has ended the connection, and not answered")
        print(f"got {os.fsdecode(answer)!r}")
    client.shutdown(SHUT_WR)
    if read_frame(client) is None:
        print("both directions have ended")
