package dev.openexec.cli;

import dev.openexec.approval.Ed25519SigningKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Base64;
import java.util.EnumSet;
import java.util.Set;

/** The secret key of a witness, in a file that only its owner can read. What is there is never overwritten. */
final class WitnessKeyFile {

    private static final String FORMAT = "openexec-witness-key-1 ";
    private static final int LONGEST = 100;
    private static final Set<PosixFilePermission> OWNER = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private WitnessKeyFile() {}

    /** Whether anything is there, be it a key or not. */
    static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The key, made now if nothing is there. On the disk when this returns. */
    static Ed25519SigningKey readOrMake(Path file) throws IOException, Refusal {
        if (!isThere(file)) {
            DurableFile.createPrivate(file, line(Ed25519SigningKey.generate()));
        }
        if (isExposed(file)) {
            throw new Refusal(
                    Tool.CONFIGURATION, "witness-key-exposed", "Others than its owner may use the key's file: " + file);
        }
        return read(file);
    }

    private static boolean isExposed(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix && !OWNER.containsAll(Files.getPosixFilePermissions(file));
    }

    private static Ed25519SigningKey read(Path file) throws IOException, Refusal {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            text = new String(in.readNBytes(LONGEST), StandardCharsets.ISO_8859_1);
        }
        try {
            String base64 = text.substring(Math.min(FORMAT.length(), text.length()));
            Ed25519SigningKey key = Ed25519SigningKey.of(Base64.getDecoder().decode(base64.strip()));
            if (line(key).equals(text)) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // torn, or not ours; its content goes nowhere
        }
        throw new Refusal(Tool.DATA, "witness-key-invalid", "The file is not the whole key of a witness: " + file);
    }

    private static String line(Ed25519SigningKey key) {
        return FORMAT + Base64.getEncoder().encodeToString(key.seed()) + "\n";
    }
}
