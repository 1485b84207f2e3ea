package dev.openexec.store.jdbc;

import dev.openexec.store.StoredExecution;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Finds running rows whose owner is dead, and clears away what the dead have left behind. */
final class Orphans extends Request<List<StoredExecution>> {

    /** A missing boot file proves nothing; after so long nobody waits for the truth any more. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Instant END_OF_TIME = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final LedgerFile file;
    private final InstantSource clock;
    private final int limit;

    Orphans(LedgerFile file, InstantSource clock, int limit) {
        this.file = file;
        this.clock = clock;
        this.limit = limit;
    }

    @Override
    int urgency() {
        return 1;
    }

    @Override
    List<StoredExecution> perform(Session session) throws SQLException {
        try {
            List<StoredExecution> orphans = new ArrayList<>();
            for (String boot : Executions.openBoots(session)) {
                switch (BootLock.probe(file.boot(boot))) {
                    case ALIVE -> {}
                    case DEAD -> orphans.addAll(Executions.openOf(session, boot, END_OF_TIME, limit));
                    case UNKNOWN ->
                        orphans.addAll(
                                Executions.openOf(session, boot, clock.instant().minus(PATIENCE), limit));
                }
            }
            for (String boot : file.boots()) {
                BootLock.probe(
                        file.boot(boot), () -> !Executions.openBoots(session).contains(boot));
            }
            orphans.sort(Comparator.comparing(orphan -> orphan.claim().claimedAt()));
            return List.copyOf(orphans.subList(0, Math.min(limit, orphans.size())));
        } catch (IOException e) {
            throw LedgerFile.explain(e);
        }
    }
}
