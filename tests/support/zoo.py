# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""Audio files as recorders, pipes, taggers and ``cat`` leave them, made of bytes at 16 kHz.

Each has the samples that it holds, or a piece of the error that it must be.
"""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass

import numpy as np
import soundfile

RATE = 16000
PIPED = (0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000)
GUID = bytes.fromhex("0100000000001000800000aa00389b71")
W64 = {
    "riff": bytes.fromhex("726966662e91cf11a5d628db04c10000"),
    "wave": bytes.fromhex("77617665f3acd3118cd100c04f8edb8a"),
    "fmt ": bytes.fromhex("666d7420f3acd3118cd100c04f8edb8a"),
    "data": bytes.fromhex("64617461f3acd3118cd100c04f8edb8a"),
}


@dataclass(frozen=True)
class Animal:
    """A file: its name and bytes, and what must come of it."""

    name: str
    content: bytes
    samples: np.ndarray | None = None  # [channels, samples]
    error: str = ""
    tolerance: float = 0.0


def noise(samples: int = 4000, channels: int = 1, seed: int = 0) -> np.ndarray:
    """Return int16 ``[channels, samples]``, loud and then silent."""
    values = np.random.default_rng(seed).uniform(-9000, 9000, (channels, samples))
    values[:, samples // 2 :] *= 0.01
    return values.astype(np.int16)


def chunk(name: bytes, data: bytes, order: str = "<", length: int | None = None) -> bytes:
    length = len(data) if length is None else length
    return name + struct.pack(order + "I", length) + data + b"\0" * (len(data) % 2)


def layout(
    tag: int = 1, channels: int = 1, bits: int = 16, block: int = 0, valid: int = 0
) -> bytes:
    """Return a "fmt " chunk; with `valid`, an extensible one."""
    block = block or channels * bits // 8
    head = (0xFFFE if valid else tag, channels, RATE, RATE * block, block, bits)
    more = struct.pack("<HHI", 22, valid, 0) + struct.pack("<H", tag) + GUID[2:] if valid else b""
    return chunk(b"fmt ", struct.pack("<HHIIHH", *head) + more)


def wav(*chunks: bytes, length: int | None = None) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return b"RIFF" + struct.pack("<I", len(body) if length is None else length) + body


def _with_block(content: bytes, block: int) -> bytes:
    return content[:32] + struct.pack("<H", block) + content[34:]


def encoded(samples: np.ndarray, kind: str, subtype: str | None = None, **options) -> bytes:
    file = io.BytesIO()
    with soundfile.SoundFile(
        file, "w", RATE, len(samples), subtype, format=kind, **options
    ) as written:
        written.write(samples.T)
    return file.getvalue()


def decoded(content: bytes) -> np.ndarray:
    return soundfile.read(io.BytesIO(content), dtype="float32", always_2d=True)[0].T


def unit(samples: np.ndarray) -> np.ndarray:
    return samples.astype(np.float32) / 32768


# ---------------------------------------------------------------------------- plain samples


def _wavs() -> list[Animal]:
    x = noise()
    data, want = x.tobytes(), unit(x)
    fmt = layout()
    listed = chunk(b"LIST", b"INFOISFT\4\0\0\0abc\0")
    long_form = struct.pack("<QQQI", 0, 0, 0, 0)
    six = noise(400, 6)
    return [
        Animal("whole.wav", wav(fmt, chunk(b"data", data)), want),
        Animal("list_behind.wav", wav(fmt, chunk(b"data", data), listed), want),
        Animal("riff_too_short.wav", wav(fmt, chunk(b"data", data), length=4), want),
        Animal("killed.wav", wav(fmt, chunk(b"data", b"")) + data, want),
        Animal("killed_0.wav", wav(fmt, chunk(b"data", b""), length=0) + data, want),
        Animal("killed_list.wav", wav(listed, fmt, chunk(b"data", b"")) + data, want),
        Animal("empty.wav", wav(fmt, chunk(b"data", b"")), want[:, :0]),
        Animal("empty_list.wav", wav(fmt, chunk(b"data", b""), listed), want[:, :0]),
        *(
            Animal(f"pipe_{n:x}.wav", wav(fmt, chunk(b"data", data, length=n), length=n), want)
            for n in (
                0xFFFFFFFF,
                0x7FFFFFFF,
                0x7FFFF000,
                0x80000000,
                0xFFFFFFD8,
                0x7FFFEFFC,
                0x7FFF0000,
            )
        ),
        Animal(
            "pipe_6.wav",
            wav(layout(channels=6), chunk(b"data", six.T.tobytes(), length=0x7FFFEFFC)),
            unit(six),
        ),
        Animal(
            "pipe.rf64",
            b"RF64\xff\xff\xff\xffWAVE"
            + chunk(b"ds64", long_form)
            + fmt
            + b"data\xff\xff\xff\xff"
            + data,
            want,
        ),
        Animal("block_0.wav", _with_block(wav(fmt, chunk(b"data", data)), 0), want),
        Animal(
            "block_2.wav",
            _with_block(wav(layout(channels=6), chunk(b"data", six.T.tobytes())), 2),
            unit(six),
        ),
        Animal("begun_anew.wav", wav(fmt, chunk(b"data", b""), fmt, chunk(b"data", data)), want),
        Animal(
            "two_data.wav",
            wav(fmt, chunk(b"data", data), chunk(b"data", data)),
            error="several data chunks",
        ),
        Animal(
            "joined.wav",
            wav(fmt, chunk(b"data", data), listed) * 2
            + wav(layout(3, bits=32), chunk(b"data", want.tobytes())),
            np.concatenate([want] * 3, axis=1),
        ),
        Animal("cut_1.wav", wav(fmt, chunk(b"data", data))[:-1], error="truncated: the header ann"),
        Animal("cut_2.wav", wav(fmt, chunk(b"data", data))[:-2], error="truncated: the header ann"),
        Animal(
            "cut_u8.wav",
            wav(layout(bits=8), chunk(b"data", bytes(range(200))))[:-1],
            error="announces 200 bytes of audio, the file has 199",
        ),
        Animal(
            "cut_3GB.wav",
            wav(fmt, chunk(b"data", data, length=3_000_000_000)),
            error="announces 3000000000 bytes of audio, the file has 8000",
        ),
    ]


def _containers(valid: int, width: int, left: bool) -> tuple[bytes, np.ndarray]:
    """Return samples of so many bits in so many bytes, and their values."""
    values = np.random.default_rng(width).integers(-(1 << valid - 2), 1 << valid - 2, 3000)
    stored = values << (8 * width - valid) if left else values
    data = stored.astype("<i8").view(np.uint8).reshape(-1, 8)[:, :width].tobytes()
    return data, (values / 2 ** (valid - 1)).astype(np.float32)[None]


def _bits() -> list[Animal]:
    animals = []
    for valid, width in ((24, 4), (20, 4), (16, 4), (16, 3), (12, 3), (20, 3), (12, 2), (24, 3)):
        for left in (True, False):
            if not left and width == (valid + 7) // 8 and valid % 8:
                continue  # the formats know only the upper end there
            data, want = _containers(valid, width, left)
            side = "left" if left else "right"
            for extensible in (0, valid):
                kind = "ext" if extensible else "pcm"
                fmt = layout(bits=valid, block=width, valid=extensible)
                name = f"{valid}_in_{width}_{side}_{kind}.wav"
                animals.append(Animal(name, wav(fmt, chunk(b"data", data)), want))
    for left in (True, False):
        data, want = _containers(24, 4, left)
        fmt = layout(bits=32, block=4, valid=24)
        name = f"24_of_32_{'left' if left else 'right'}.wav"
        animals.append(Animal(name, wav(fmt, chunk(b"data", data)), want))
    odd = np.random.default_rng(1).integers(0, 256, 4000, np.uint8).tobytes()
    for bits, block, tag in ((24, 4, 1), (8, 2, 1), (16, 5, 1), (16, 2, 3), (32, 8, 7)):
        fmt = layout(tag, bits=bits, block=block)
        error = "nothing says how they lie there"
        animals.append(
            Animal(f"odd_{tag}_{bits}_{block}.wav", wav(fmt, chunk(b"data", odd)), error=error)
        )
    return animals


def _aiff(frames: int, length: int | None, data: bytes, bits: int = 16) -> bytes:
    rate = b"\x40\x0c\xfa\0\0\0\0\0\0\0"  # 16000 in 80 bits
    common = chunk(b"COMM", struct.pack(">hIh", 1, frames, bits) + rate, ">")
    sound = chunk(b"SSND", bytes(8) + data, ">", length)
    return b"FORM" + struct.pack(">I", 0x7F000050) + b"AIFF" + common + sound


def _w64(riff: int, length: int, data: bytes) -> bytes:
    fmt = W64["fmt "] + struct.pack("<Q", 40) + layout()[8:24]
    head = W64["riff"] + struct.pack("<Q", riff) + W64["wave"] + fmt
    return head + W64["data"] + struct.pack("<Q", length) + data


def wave64(data: bytes, fmt: bytes) -> bytes:
    """Return a Wave64 file with this layout, a multiple of 8 bytes."""
    head = W64["fmt "] + struct.pack("<Q", 24 + len(fmt)) + fmt
    body = W64["wave"] + head + W64["data"] + struct.pack("<Q", 24 + len(data)) + data
    return W64["riff"] + struct.pack("<Q", 24 + len(body)) + body


def _caf(length: int, data: bytes) -> bytes:
    about = struct.pack(">d4sIIIII", RATE, b"lpcm", 2, 2, 1, 1, 16)
    head = b"caff\0\1\0\0desc" + struct.pack(">q", 32) + about
    return head + b"data" + struct.pack(">q", length) + bytes(4) + data


def _au(length: int, data: bytes) -> bytes:
    return b".snd" + struct.pack(">IIIII", 24, length, 3, RATE, 1) + data


def _sphere(count: int, data: bytes) -> bytes:
    fields = f"sample_count -i {count}\nsample_n_bytes -i 2\nchannel_count -i 1\n"
    more = f"sample_byte_format -s2 01\nsample_rate -i {RATE}\nsample_coding -s3 pcm\nend_head\n"
    return f"NIST_1A\n   1024\n{fields}{more}".encode().ljust(1024, b"\0") + data


def _others() -> list[Animal]:
    x = noise()
    little, big, want = x.tobytes(), x.astype(">i2").tobytes(), unit(x)
    size = len(little)
    header = _w64(0, 24, b"")
    once = _caf(4, b"")
    return [
        Animal("whole.aiff", _aiff(4000, None, big), want),
        Animal("sox_pipe.aiff", _aiff(0x3F800000, 0x7F000008, big), want),
        Animal(
            "sox_pipe24.aiff", _aiff(0x2A555555, 0x7F000007, bytes(9000), 24), want[:, :3000] * 0
        ),
        Animal("ffmpeg_pipe.aiff", _aiff(0, 0, big), want),
        Animal("no_frames.aiff", _aiff(0, None, big), want),
        Animal("empty.aiff", _aiff(0, None, b""), want[:, :0]),
        Animal("cut.aiff", _aiff(4000, None, big)[:-1], error="truncated"),
        Animal("cut_frames.aiff", _aiff(4001, None, big), error="announces 4001 samples"),
        Animal("whole.w64", _w64(128 + size, 24 + size, little), want),
        Animal("pipe.w64", _w64((1 << 64) - 1, (1 << 63) - 1, little), want),
        Animal("killed.w64", _w64(0, 24, little), want),
        Animal("sox_pipe.w64", header + header + little + header, want),
        Animal("cut.w64", _w64(128 + size, 24 + size, little)[:-2], error="truncated"),
        Animal("whole.caf", _caf(4 + size, little), want),
        Animal("pipe.caf", _caf(-1, little), want),
        Animal("sox_pipe.caf", once + once + little + once, want),
        Animal("cut.caf", _caf(4 + size, little)[:-2], error="truncated"),
        Animal("whole.au", _au(size, big), want),
        Animal("pipe.au", _au(0xFFFFFFFF, big), want),
        Animal("killed.au", _au(0, big), want),
        Animal("cut.au", _au(size, big)[:-1], error="truncated"),
        Animal("whole.sph", _sphere(4000, little), want),
        Animal("cut.sph", _sphere(4000, little)[:-1], error="truncated"),
    ]


# ------------------------------------------------------------------------------------ MP3

_BIT_RATES = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # MPEG-2, layer III
DELAY = 1105  # of LAME and the decoder, which its tag says


def frames_of(mp3: bytes) -> list[bytes]:
    """Split MPEG-2 layer III at 16 kHz into frames; the first is LAME's tag."""
    found, position = [], 0
    while position + 4 <= len(mp3):
        assert mp3[position] == 0xFF
        length = 72 * _BIT_RATES[mp3[position + 2] >> 4] // 16 + (mp3[position + 2] >> 1 & 1)
        found.append(mp3[position : position + length])
        position += length
    return found


def id3(size: int) -> bytes:
    """Return an ID3v2 tag with a picture that looks like frames."""
    picture = b"\0image/png\0\x03\0" + b"\xff\xf3\x84\xc4" * (size // 4)
    body = b"APIC" + struct.pack(">I", len(picture)) + b"\0\0" + picture
    length = bytes(len(body) >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + length + body


def ape(size: int) -> bytes:
    """Return an APEv2 tag without a header."""
    item = struct.pack("<II", size, 0) + b"Title\0" + b"x" * size
    return item + b"APETAGEX" + struct.pack("<IIII", 2000, len(item) + 32, 1, 0) + bytes(8)


ID3V1 = b"TAG" + b"x" * 125


def xing(first: bytes, count: int | None, size: int | None, kind: bytes = b"Xing") -> bytes:
    """Return a tag frame made of a true one."""
    place = first.index(b"Xing" if b"Xing" in first else b"Info")
    flags = (count is not None) | (size is not None) << 1
    numbers = b"".join(struct.pack(">I", n) for n in (count, size) if n is not None)
    frame = first[:place] + kind + struct.pack(">I", flags) + numbers
    return frame.ljust(len(first), b"\0")


def vbri(first: bytes, count: int, size: int) -> bytes:
    tag = b"VBRI" + struct.pack(">HHHII", 1, 0, 0, size, count)
    return (first[:4] + bytes(32) + tag).ljust(len(first), b"\0")


def _mp3s() -> list[Animal]:
    animals = []
    x, y = noise(30000, seed=1), noise(9000, seed=2)
    other = encoded(y, "MP3")
    for mode in ("CONSTANT", "VARIABLE"):
        mp3 = encoded(x, "MP3", bitrate_mode=mode, compression_level=0.2)
        tag, *frames = frames_of(mp3)
        bare, tagged = b"".join(frames), decoded(mp3)
        # Without its tag, nothing of the file is dropped: LAME's delay stays, and what it padded.
        untagged = np.zeros((1, 576 * len(frames)), np.float32)
        untagged[:, DELAY : DELAY + tagged.shape[1]] = tagged
        n, size = len(frames), len(mp3)

        def add(name: str, content: bytes, samples=None, error="", loose=True, mode=mode) -> None:
            tolerance = 1e-6 if samples is not None and loose else 0.0
            animals.append(Animal(f"{name}_{mode.lower()}.mp3", content, samples, error, tolerance))

        add("tagged", mp3, tagged)
        add("tagged_id3", id3(20000) + mp3 + ape(300) + ID3V1, tagged)
        add("bare", bare, untagged)
        add("bare_id3", id3(200_000) + bare + ID3V1, untagged)
        add("bare_zeros", bytes(3000) + bare + bytes(5000), untagged)
        add("bare_cut", bare[:-3], untagged[:, :-576])
        add("bare_in_tags", id3(500) + id3(90) + bare + ape(9000) + ID3V1, untagged)
        add("tag_without_numbers", xing(tag, None, None) + bare, untagged)
        add("tag_without_frames", xing(tag, None, size) + bare, untagged)
        protected = tag[:1] + bytes([tag[1] & 0xFE]) + tag[2:]
        add("protected", protected + bare, tagged)
        add("protected_behind", protected[:4] + bytes(2) + protected[4:-2] + bare, tagged)
        add("cut_protected", (protected + bare)[: size // 2], error="truncated: the header annou")
        add("vbri", vbri(tag, n, size) + bare, untagged)
        add("miscounted", tag.replace(struct.pack(">I", n), struct.pack(">I", n + 1), 1) + bare)
        animals.pop()  # which samples that holds is mpg123's matter; see the tests of its length
        add("joined", mp3 + other, np.concatenate([tagged, decoded(other)], axis=1))
        add(
            "joined_in_tags",
            id3(99) + mp3 + ID3V1 + id3(5000) + other + ID3V1,
            np.concatenate([tagged, decoded(other)], axis=1),
        )
        add("joined_bare", mp3 + bare, np.concatenate([tagged, untagged], axis=1))
        add("bare_id3_inside", b"".join(frames[:9]) + id3(400) + b"".join(frames[9:]), untagged)
        add("cut_tagged", mp3[: size * 9 // 10], error="truncated: the header announces")
        add("cut_tagged_1", mp3[:-1], error="truncated: the header announces")
        add("cut_frame", tag + b"".join(frames[:-2]), error="truncated: the header announces")
        add("cut_vbri", vbri(tag, n, size) + bare[: len(bare) // 2], error="truncated")
        inside = wav(layout(0x55, bits=0, block=1), chunk(b"data", bare))
        animals.append(Animal(f"mp3_{mode.lower()}.wav", inside, untagged, tolerance=1e-6))
    for seed in (1, 2, 3):
        junk = np.random.default_rng(seed).integers(0, 256, 20000, np.uint8).tobytes()
        animals.append(Animal(f"random{seed}.mp3", junk, error="cannot be read as audio"))
    animals.append(Animal("synchronised.mp3", b"\xff\xfb" + junk, error="no frames of MPEG audio"))
    return animals


# ---------------------------------------------------------------------------- FLAC and Ogg


def pages(content: bytes) -> list[bytearray]:
    found, position = [], 0
    while position < len(content):
        count = content[position + 26]
        length = 27 + count + sum(content[position + 27 : position + 27 + count])
        found.append(bytearray(content[position : position + length]))
        position += length
    return found


def later(content: bytes, samples: int) -> bytes:
    """Return an Ogg file whose granules begin later, as a recorded broadcast's do."""
    out = b""
    for page in pages(content):
        (granule,) = struct.unpack("<q", page[6:14])
        if granule > 0:
            page[6:14] = struct.pack("<q", granule + samples)
        page[22:26] = bytes(4)
        page[22:26] = struct.pack("<I", ogg_checksum(bytes(page)))
        out += page
    return out


def ogg_checksum(data: bytes) -> int:
    """The CRC-32 of zlib runs over reflected bytes, from ones to their complement: undone here."""
    turned = bytes(int(f"{byte:08b}"[::-1], 2) for byte in data)
    # From zeros: what the ones at the start did to the result is taken away.
    value = zlib.crc32(turned) ^ zlib.crc32(bytes(len(data)))
    return int(f"{value:032b}"[::-1], 2)


def _told(flac: bytes, total: int) -> bytes:
    """Return a FLAC file whose header tells of so many samples."""
    head = bytearray(flac)
    head[22:26] = struct.pack(">I", total)
    return bytes(head)


def _streams() -> list[Animal]:
    x, y = noise(20000, 2, seed=3), noise(7000, 2, seed=4)
    flac, second = encoded(x, "FLAC"), encoded(y, "FLAC")
    want, both = unit(x), unit(np.concatenate([x, y], axis=1))
    unknown = bytearray(flac)
    unknown[21] &= 0xF0
    unknown[22:26] = bytes(4)
    unknown = bytes(unknown)
    animals = [
        Animal("whole.flac", flac, want),
        Animal("id3v1.flac", flac + ID3V1, want),
        Animal("ape.flac", flac + ape(500) + ID3V1, want),
        Animal("zeros.flac", flac + bytes(5000), want),
        Animal("id3v2.flac", id3(3000) + flac + ID3V1, want),
        Animal("unknown.flac", unknown, want),
        Animal("unknown_id3v1.flac", unknown + ape(300) + ID3V1, want),
        Animal("unknown_zeros.flac", unknown + bytes(3000), want),
        Animal("joined.flac", flac + second, both),
        Animal("joined_tags.flac", id3(90) + flac + ID3V1 + id3(90) + second + ID3V1, both),
        Animal("cut.flac", flac[:-1000], error=""),
        Animal("one_more.flac", _told(flac, 20001), error=" samples are announced, 20000 can be"),
        Animal("cut_joined.flac", flac[:-3000] + second, error=""),
        Animal("rates.flac", flac + encoded(y[:1], "FLAC"), error="are joined"),
    ]
    for kind, suffix in (("VORBIS", "ogg"), ("OPUS", "opus")):
        ogg, more = encoded(x, "OGG", kind), encoded(y, "OGG", kind)
        # what the encoders make of a second of silence is less than the last bit
        alone = [decoded(ogg), decoded(more)]
        chained = np.concatenate(alone, axis=1)
        animals += [
            Animal(f"whole.{suffix}", ogg, alone[0]),
            Animal(f"chained.{suffix}", ogg + more, chained),
            Animal(f"chained_same.{suffix}", ogg + ogg, np.concatenate([alone[0]] * 2, axis=1)),
            Animal(f"cut.{suffix}", ogg[:-9], error="the last Ogg page is cut off"),
            Animal(f"cut_chained.{suffix}", ogg[:-9] + more, error="the last Ogg page is cut off"),
        ]
    long = noise(40000, seed=5)
    opus = encoded(long, "OGG", "OPUS")
    animals += [
        Animal(f"later_{n}.opus", later(opus, n), decoded(opus)) for n in (100, 1000, 10**9)
    ]
    return animals


def animals() -> list[Animal]:
    """Return all that is made of bytes; what PyAV alone reads is in the tests."""
    return [*_wavs(), *_bits(), *_others(), *_mp3s(), *_streams()]
