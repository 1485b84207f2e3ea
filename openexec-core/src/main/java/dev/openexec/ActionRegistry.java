package dev.openexec;

import dev.openexec.action.Action;
import dev.openexec.action.Kind;
import dev.openexec.store.ExecutionStore;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The actions of an executor by name, sealed when it is built. */
final class ActionRegistry {

    private final SortedMap<String, BoundAction<?>> byName;

    /** @throws IllegalArgumentException if two have one name */
    ActionRegistry(List<Action<?>> actions) {
        SortedMap<String, BoundAction<?>> map = new TreeMap<>();
        for (Action<?> action : actions) {
            BoundAction<?> bound = BoundAction.of(action);
            if (map.put(bound.name(), bound) != null) {
                throw new IllegalArgumentException("Two actions are named " + bound.name());
            }
        }
        byName = Collections.unmodifiableSortedMap(map);
    }

    /** @throws IllegalArgumentException if one could not be executed on this store */
    void requireExecutableOn(ExecutionStore store) {
        for (BoundAction<?> action : byName.values()) {
            if (action.kind() == Kind.TRANSACTIONAL && !store.transactional()) {
                throw new IllegalArgumentException("Action " + action.name()
                        + " is TRANSACTIONAL, and this ledger has no transactions for actions");
            }
        }
    }

    Optional<BoundAction<?>> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(byName.keySet()));
    }
}
