"""Write values in DER (X.690): tag, length, content. Only what our few fixed structures need."""

from datetime import UTC, datetime


def sequence(*parts: bytes) -> bytes:
    """Return a SEQUENCE of parts that are already written."""
    return _value(0x30, b"".join(parts))


def set_of(*parts: bytes) -> bytes:
    """Return a SET OF; its parts are ordered by their bytes, as DER asks."""
    return _value(0x31, b"".join(sorted(parts)))


def octets(content: bytes) -> bytes:
    """Return an OCTET STRING."""
    return _value(0x04, content)


def integer(value: int) -> bytes:
    """Return an INTEGER that is not negative."""
    return _value(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def moment(at: datetime) -> bytes:
    """Return a GeneralizedTime in UTC, to the second."""
    return _value(0x18, f"{at.astimezone(UTC):%Y%m%d%H%M%SZ}".encode())


def tagged(number: int, content: bytes) -> bytes:
    """Return content under a constructed context-specific tag."""
    return _value(0xA0 | number, content)


def identifier(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    content = bytearray()
    for number in (40 * first + second, *rest):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.insert(0, number & 0x7F | 0x80)
        content += bytes(groups)
    return _value(0x06, bytes(content))


def _value(tag: int, content: bytes) -> bytes:
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
