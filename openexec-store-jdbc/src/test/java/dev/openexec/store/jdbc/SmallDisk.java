package dev.openexec.store.jdbc;

import dev.openexec.store.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk for a ledger, which is full when the test says so, for every process that has it: then the only room left is what
 * the ballast takes.
 */
final class SmallDisk {

    /** An ending that needs more room than a ledger of a few rows has. */
    static final Ending LARGE = Ending.succeeded(TestStores.NOW, "x".repeat(1 << 19));

    private static final int NO_MORE_THAN_THERE_ARE = 1;
    private static final int AS_MANY_AS_SQLITE_TAKES = 1_073_741_823;

    private SmallDisk() {}

    static Interposed under(Path ledger) {
        return new Interposed()
                .before(
                        "BEGIN IMMEDIATE",
                        connection -> Sql.execute(connection, "PRAGMA max_page_count = " + pages(ledger)));
    }

    private static int pages(Path ledger) {
        boolean room = Files.notExists(fullness(ledger)) || !Files.isRegularFile(ballast(ledger));
        return room ? AS_MANY_AS_SQLITE_TAKES : NO_MORE_THAN_THERE_ARE;
    }

    static void fill(Path ledger) throws IOException {
        Files.createFile(fullness(ledger));
    }

    static void clear(Path ledger) throws IOException {
        Files.delete(fullness(ledger));
    }

    /** Where nothing can be set aside. */
    static void obstruct(Path ledger) throws IOException {
        Files.createDirectories(ballast(ledger).resolve("x"));
    }

    static void unobstruct(Path ledger) throws IOException {
        Files.delete(ballast(ledger).resolve("x"));
        Files.delete(ballast(ledger));
    }

    static Path ballast(Path ledger) {
        return ledger.resolveSibling(ledger.getFileName() + ".ballast");
    }

    private static Path fullness(Path ledger) {
        return ledger.resolveSibling(ledger.getFileName() + "-disk-is-full");
    }
}
