package dev.openexec.store.jdbc;

import dev.openexec.store.ExecutionStore.Orphan;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds running rows whose owner is dead, and clears away what the dead have left behind. */
final class Orphans extends Request<List<Orphan>> {

    /** A missing boot file proves nothing; after so long nobody waits for the truth any more. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final Instant END_OF_TIME = Instant.ofEpochMilli(Long.MAX_VALUE);

    private final LedgerFile file;
    private final InstantSource clock;
    private final @Nullable UUID after;
    private final int limit;

    Orphans(LedgerFile file, InstantSource clock, @Nullable UUID after, int limit) {
        this.file = file;
        this.clock = clock;
        this.after = after;
        this.limit = limit;
    }

    @Override
    int urgency() {
        return 1;
    }

    /** Every query sees the ledger as it is then: what is read of a boot after its death was known is all there is. */
    @Override
    List<Orphan> perform(Session session) throws SQLException {
        try {
            List<Orphan> orphans = new ArrayList<>();
            for (String boot : Rows.openBoots(session)) {
                orphans.addAll(orphansOf(boot, session));
            }
            clearAway(session);
            orphans.sort(Comparator.comparing(
                    orphan -> orphan.row().claim().executionId().toString()));
            return List.copyOf(orphans.subList(0, Math.min(limit, orphans.size())));
        } catch (IOException e) {
            throw LedgerFile.explain(e);
        }
    }

    private List<Orphan> orphansOf(String boot, Session session) throws IOException, SQLException {
        return switch (BootLock.probe(file.boot(boot))) {
            case ALIVE -> List.of();
            case DEAD -> orphansOf(boot, session, END_OF_TIME, true);
            case UNKNOWN -> orphansOf(boot, session, clock.instant().minus(PATIENCE), false);
        };
    }

    private List<Orphan> orphansOf(String boot, Session session, Instant claimedUntil, boolean ownerIsDead)
            throws SQLException {
        return Rows.openOf(session, boot, after, claimedUntil, limit).stream()
                .map(row -> new Orphan(row, ownerIsDead))
                .toList();
    }

    /** Deletes the files of boots that are dead and owe nothing. */
    private void clearAway(Session session) throws IOException, SQLException {
        for (String boot : file.boots()) {
            BootLock.probe(file.boot(boot), () -> !Rows.openBoots(session).contains(boot));
        }
    }
}
