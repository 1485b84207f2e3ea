package dev.openexec.examples.journal;

import dev.openexec.json.Digest;
import dev.openexec.store.SpentApproval;
import dev.openexec.store.StoredExecution;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The rows by their keys: each stands under its nonce key, and again under that of its approval. */
final class Rows {

    private final Map<Digest, StoredExecution> byKey = new HashMap<>();

    Optional<StoredExecution> first(List<Digest> keys) {
        return keys.stream().map(byKey::get).filter(Objects::nonNull).findFirst();
    }

    /** Every row once. */
    Stream<StoredExecution> all(Predicate<StoredExecution> which) {
        return byKey.entrySet().stream()
                .filter(entry -> entry.getKey().equals(entry.getValue().claim().nonceKey()))
                .map(Map.Entry::getValue)
                .filter(which);
    }

    void put(StoredExecution row) {
        byKey.put(row.claim().nonceKey(), row);
        SpentApproval approval = row.claim().approval();
        if (approval != null) {
            byKey.put(approval.key(), row);
        }
    }

    Optional<StoredExecution> remove(Digest nonceKey) {
        Optional<StoredExecution> row = Optional.ofNullable(byKey.remove(nonceKey));
        row.map(gone -> gone.claim().approval()).ifPresent(approval -> byKey.remove(approval.key()));
        return row;
    }
}
