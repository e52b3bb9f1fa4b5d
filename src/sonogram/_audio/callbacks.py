# SPDX-FileCopyrightText: 2026 The sonogram authors
# SPDX-License-Identifier: MIT
"""libsndfile on a Python file: an exception in one of its callbacks is kept instead of lost.

soundfile prints it and tells libsndfile that the file ends there, so that Ctrl-C, or a disk that
fails, would make a shorter recording. Signals are handled where Python code begins, which during
decoding is almost always in a callback.
"""

from typing import Any


def sound_file(soundfile: Any, target: Any, failed: list[BaseException]) -> Any:
    """Open a path or a Python file with libsndfile.

    Exceptions while it reads are appended to `failed`, and the file then seems to end: the caller
    looks there after each call.
    """
    if isinstance(target, (str, bytes)):
        return soundfile.SoundFile(target)
    ffi = soundfile._ffi

    def keep(_kind: Any, error: BaseException, _trace: Any) -> None:
        failed.append(error)

    class File(soundfile.SoundFile):  # type: ignore[misc]
        def _init_virtual_io(self, file: Any) -> Any:
            def filelen(_: Any) -> int:
                position = file.tell()
                size: int = file.seek(0, 2)
                file.seek(position)
                return size

            def seek(offset: int, whence: int, _: Any) -> int:
                position: int = file.seek(offset, whence)
                return position

            def read(pointer: Any, count: int, _: Any) -> int:
                got: int = 0 if failed else file.readinto(ffi.buffer(pointer, count))
                return got

            def write(_pointer: Any, _count: int, _: Any) -> int:
                return 0

            def tell(_: Any) -> int:
                position: int = file.tell()
                return position

            functions = {"get_filelen": filelen, "seek": seek, "read": read, "write": write}
            functions["tell"] = tell
            self._virtual_io = {  # they live as long as the file
                name: ffi.callback(f"sf_vio_{name}", function, error=0, onerror=keep)
                for name, function in functions.items()
            }
            return ffi.new("SF_VIRTUAL_IO*", self._virtual_io)

    return File(target)
