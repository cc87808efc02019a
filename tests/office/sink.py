"""A mail server that keeps each mail as a file in a folder: `python3 sink.py FOLDER`, at 127.0.0.1:2525."""

import asyncio
import itertools
import sys
from asyncio import StreamReader, StreamWriter
from pathlib import Path

ANSWERS = {b"DATA": b"354 Go on.", b"QUIT": b"221 Bye."}


async def main(folder: Path) -> None:
    """Take mails until somebody ends this."""
    folder.mkdir(exist_ok=True)
    numbers = itertools.count(len(list(folder.iterdir())))

    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"220 Ready.\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            writer.write(ANSWERS.get(word, b"250 Fine.") + b"\r\n")
            if word == b"DATA":
                (folder / f"{next(numbers):05}").write_bytes(await reader.readuntil(b"\r\n.\r\n"))
                writer.write(b"250 Kept.\r\n")
            if word == b"QUIT":
                break
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 2525) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
