"""A backend that says who asked: method, target, and the claims that the gateway proved.

    backend.py PORT    0: one that the system chooses
"""

import asyncio
import sys


async def read_body(reader, fields):
    if "transfer-encoding" not in fields:
        await reader.readexactly(int(fields.get("content-length", 0)))
        return
    while size := int(await reader.readuntil(b"\r\n"), 16):
        await reader.readexactly(size + 2)
    await reader.readexactly(2)


async def serve(reader, writer):
    try:
        while True:
            start, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            await read_body(reader, fields)
            method, target, _ = start.split(" ")
            body = f"{method} {target} {fields.get('forge-invocation')}".encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the gateway has left
    finally:
        writer.close()


async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), backlog=1024)
    print(f"backend is ready: http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
