package dev.openexec;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/** Random identifiers. */
final class Identifiers {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Identifiers() {}

    /** A UUIDv7 (RFC 9562 section 5.7): ordered by time, which keeps inserts into an index local. */
    static UUID executionId(Instant now) {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random);
        ByteBuffer bits = ByteBuffer.wrap(random);
        long high = (now.toEpochMilli() << 16) | 0x7000 | (bits.getShort() & 0x0fff);
        long low = (bits.getLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }

    /** 128 bits as 32 hexadecimal digits. */
    static String random128() {
        byte[] random = new byte[16];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
