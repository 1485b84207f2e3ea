package dev.openexec.examples.embedded;

import dev.openexec.ExecutionListener;
import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.RefusedException;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.examples.AppendLine;
import dev.openexec.json.Json;
import dev.openexec.store.jdbc.SqliteStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * A program that brings its own connections to the ledger and hears what becomes of requests. It appends a line, asks for
 * the same again, asks for another under the same nonce, and prints what was counted:
 *
 * <pre>{@code
 * openexec-examples/run embedded.Embedded embedded
 * }</pre>
 */
final class Embedded {

    private Embedded() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 1) {
            System.err.println("usage: embedded.Embedded FOLDER");
            System.exit(2);
        }
        run(Files.createDirectories(Path.of(arguments[0]))).forEach(System.out::println);
    }

    /** The place for what only this program knows: a key, an extension, another VFS. Every connection is a new one. */
    static DataSource connectionsTo(Path ledger) {
        SQLiteConfig config = new SQLiteConfig();
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        SQLiteDataSource connections = new SQLiteDataSource(config);
        connections.setUrl("jdbc:sqlite:" + ledger);
        return connections;
    }

    static Executor open(Path folder, ExecutionListener listener) {
        Path ledger = folder.resolve("embedded.db");
        return Executor.with(SqliteStore.at(ledger, connectionsTo(ledger)), ApprovalPolicy.unsignedDemo())
                .action(new AppendLine(folder.resolve("book")))
                .listener(listener)
                .build();
    }

    static List<String> run(Path folder) throws Exception {
        Durations durations = new Durations();
        try (Executor executor = open(folder, durations)) {
            executor.execute(append("invoice 17"));
            executor.execute(append("invoice 17"));
            try {
                executor.execute(append("invoice 18"));
            } catch (RefusedException e) {
                // the nonce is another request's, and so it was counted
            }
        } // closing it delivers what is queued
        return durations.lines();
    }

    private static ExecutionRequest append(String line) {
        return ExecutionRequest.of("append-line", Json.of(Map.of("line", line)), "nonce-1");
    }
}
