package dev.openexec.store.jdbc;

import dev.openexec.approval.Ed25519SigningKey;
import dev.openexec.json.Digest;
import dev.openexec.store.Change;
import dev.openexec.store.Claim;
import dev.openexec.store.Ending;
import dev.openexec.store.ExecutionStore;
import dev.openexec.store.InMemoryLog;
import dev.openexec.store.Outcome;
import dev.openexec.store.Outcome.Verdict;
import dev.openexec.store.ReceiptLog;
import dev.openexec.store.StoredExecution;
import dev.openexec.store.Write;
import dev.openexec.testkit.SampleClaims;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A sound store with one fault. */
class UnsoundStore implements ExecutionStore {

    /** Takes a sound store and makes it unsound. */
    interface Fault {
        ExecutionStore in(ExecutionStore sound);
    }

    private final ExecutionStore sound;

    UnsoundStore(ExecutionStore sound) {
        this.sound = sound;
    }

    @Override
    public Opened open(boolean signed, InstantSource clock) {
        return sound.open(signed, clock);
    }

    @Override
    public CompletionStage<Outcome> write(Write write) {
        return sound.write(write);
    }

    @Override
    public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
        return sound.log(question);
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
        return sound.find(keys);
    }

    @Override
    public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
        return sound.orphans(after, limit);
    }

    @Override
    public CompletionStage<Optional<StoredExecution>> execution(UUID executionId) {
        return sound.execution(executionId);
    }

    @Override
    public CompletionStage<List<StoredExecution>> executions(@Nullable UUID after, int limit) {
        return sound.executions(after, limit);
    }

    @Override
    public void close() {
        sound.close();
    }

    @Override
    public boolean transactional() {
        return sound.transactional();
    }

    @Override
    public CompletionStage<Outcome> transact(Claim claim, Duration budget, Executor thread, Work work) {
        return sound.transact(claim, budget, thread, work);
    }

    /** Says that it was done, and undoes it. */
    static ExecutionStore halfHearted(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> transact(Claim claim, Duration budget, Executor thread, Work work) {
                Ending success = Ending.succeeded(Instant.EPOCH, "{}");
                return super.transact(claim, budget, thread, connection -> {
                            work.in(connection);
                            return Ending.failed(Instant.EPOCH, "undone");
                        })
                        .thenApply(outcome -> Outcome.recorded(new StoredExecution(claim, 1, success)));
            }
        };
    }

    /** Takes everything for a success. */
    static ExecutionStore indulgent(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> transact(Claim claim, Duration budget, Executor thread, Work work) {
                return super.transact(claim, budget, thread, connection -> {
                    Ending ending = work.in(connection);
                    return Ending.succeeded(ending.at(), "{}");
                });
            }
        };
    }

    /** Does it whatever stands in the way. */
    static ExecutionStore eager(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> transact(Claim claim, Duration budget, Executor thread, Work work) {
                Claim another = SampleClaims.signed("another", claim.token(), claim.claimedAt())
                        .claim();
                return super.transact(another, budget, thread, work)
                        .thenCompose(done -> super.transact(claim, budget, thread, work));
            }
        };
    }

    /** Hands out a connection that refuses nothing, as far as one can tell. */
    static ExecutionStore unguarded(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> transact(Claim claim, Duration budget, Executor thread, Work work) {
                return super.transact(
                        claim,
                        budget,
                        thread,
                        connection -> work.in((Connection) Proxy.newProxyInstance(
                                UnsoundStore.class.getClassLoader(),
                                new Class<?>[] {Connection.class},
                                (self, method, arguments) -> {
                                    try {
                                        return method.invoke(connection, arguments);
                                    } catch (InvocationTargetException e) {
                                        return null;
                                    }
                                })));
            }
        };
    }

    /** Tells everybody that they won. */
    static ExecutionStore flattering(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return super.write(write).thenApply(outcome -> Outcome.applied(outcome.leafIndex()));
            }
        };
    }

    /** Claims a nonce for all tenants. */
    static ExecutionStore blindToTenants(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return super.write(
                        write instanceof Write.Insert insert
                                ? new Write.Insert(
                                        copy(
                                                insert.claim(),
                                                insert.claim().untenantedNonceKey(),
                                                insert.claim().actionDigest()),
                                        insert.ending(),
                                        insert.leaf())
                                : write);
            }
        };
    }

    private static Claim copy(Claim claim, Digest nonceKey, @Nullable Digest actionDigest) {
        return new Claim(
                claim.executionId(),
                nonceKey,
                claim.untenantedNonceKey(),
                claim.authority(),
                claim.approval(),
                claim.requestHash(),
                claim.tenant(),
                claim.nonce(),
                claim.action(),
                claim.kind(),
                actionDigest,
                claim.payload(),
                claim.token(),
                claim.salt(),
                claim.claimedAt());
    }

    /** Says that something stood in the way, but not what. */
    static ExecutionStore silent(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return super.write(write)
                        .thenApply(outcome ->
                                outcome.verdict() == Verdict.LOST ? Outcome.lost(Optional.empty()) : outcome);
            }
        };
    }

    /** Takes each opening for the making of the ledger, and is a second ahead. */
    static ExecutionStore ahead(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public Opened open(boolean signed, InstantSource clock) {
                return super.open(signed, () -> clock.instant().plusSeconds(1));
            }
        };
    }

    /** Keeps the time at which it was opened. */
    static ExecutionStore stopped(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public Opened open(boolean signed, InstantSource clock) {
                return super.open(signed, InstantSource.fixed(clock.instant()));
            }
        };
    }

    /** Remembers no row. */
    static ExecutionStore forgetful(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
                return super.find(keys).thenApply(row -> Optional.empty());
            }

            @Override
            public CompletionStage<Optional<StoredExecution>> execution(UUID executionId) {
                return super.execution(executionId).thenApply(row -> Optional.empty());
            }
        };
    }

    /** Looks at the last key first. */
    static ExecutionStore backwards(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
                List<Digest> reversed = new ArrayList<>(keys);
                Collections.reverse(reversed);
                return super.find(reversed);
            }

            @Override
            public CompletionStage<List<StoredExecution>> executions(@Nullable UUID after, int limit) {
                return super.executions(after, limit).thenApply(rows -> {
                    List<StoredExecution> reversed = new ArrayList<>(rows);
                    Collections.reverse(reversed);
                    return reversed;
                });
            }
        };
    }

    /** Trims the results it reads. */
    static ExecutionStore trimming(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
                return super.find(keys).thenApply(row -> row.map(UnsoundStore::trimmed));
            }
        };
    }

    private static StoredExecution trimmed(StoredExecution row) {
        Ending ending = row.ending();
        return ending != null && ending.state() == Ending.State.SUCCEEDED
                ? new StoredExecution(
                        row.claim(),
                        row.attempt(),
                        Ending.succeeded(
                                ending.at(), String.valueOf(ending.result()).strip()))
                : row;
    }

    /** Does not keep which code ran. */
    static ExecutionStore incurious(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return super.write(
                        write instanceof Write.Insert insert
                                ? new Write.Insert(
                                        copy(insert.claim(), insert.claim().nonceKey(), null),
                                        insert.ending(),
                                        insert.leaf())
                                : write);
            }
        };
    }

    /** Cuts times to the second. */
    static ExecutionStore imprecise(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
                return super.find(keys).thenApply(row -> row.map(UnsoundStore::atTheSecond));
            }
        };
    }

    private static StoredExecution atTheSecond(StoredExecution row) {
        Ending ending = row.ending();
        if (ending == null) {
            return row;
        }
        Instant second = Instant.ofEpochSecond(ending.at().getEpochSecond());
        return new StoredExecution(
                row.claim(), row.attempt(), new Ending(ending.state(), second, ending.code(), ending.result()));
    }

    /** Answers before it writes, and then does not write. */
    static ExecutionStore hasty(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return CompletableFuture.completedFuture(Outcome.applied(-1));
            }
        };
    }

    /** Counts its leaves anew each time it is opened, and counts what it did not append. */
    static ExecutionStore miscounting(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            private long next;

            @Override
            public CompletionStage<Outcome> write(Write write) {
                return super.write(write)
                        .thenApply(outcome -> new Outcome(
                                outcome.verdict(),
                                outcome.standing(),
                                write.leaf() == null ? -1 : next++ / 2,
                                outcome.rows()));
            }
        };
    }

    /** Says that it was erased, and keeps it. */
    static ExecutionStore nostalgic(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return write instanceof Change.Erase
                        ? CompletableFuture.completedFuture(Outcome.applied(-1))
                        : super.write(write);
            }
        };
    }

    /** Has another log each time it is asked. */
    static ExecutionStore mendacious(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public <T> CompletionStage<T> log(Function<ReceiptLog, T> question) {
                return super.log(log -> {
                    try {
                        return question.apply(new InMemoryLog("0".repeat(32), Ed25519SigningKey.generate()));
                    } catch (RuntimeException e) {
                        throw new IllegalStateException(e);
                    }
                });
            }
        };
    }

    /** Signed and demo mode are one to it. */
    static ExecutionStore careless(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public Opened open(boolean signed, InstantSource clock) {
                try {
                    return super.open(signed, clock);
                } catch (RuntimeException e) {
                    return new Opened("0".repeat(32), clock.instant(), true);
                }
            }

            @Override
            public CompletionStage<Outcome> write(Write write) {
                return super.write(write)
                        .thenApply(
                                outcome -> outcome.verdict() == Verdict.SIGNED_LEDGER ? Outcome.applied(-1) : outcome);
            }
        };
    }

    /** Has a new name each time. */
    static ExecutionStore anonymous(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public Opened open(boolean signed, InstantSource clock) {
                Opened opened = super.open(signed, clock);
                return new Opened(Meta.randomId(), opened.issueFloor(), opened.durable());
            }
        };
    }

    /** Takes what runs for dead. */
    static ExecutionStore alarmist(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            private final List<StoredExecution> running = new ArrayList<>();

            @Override
            public CompletionStage<Outcome> write(Write write) {
                if (write instanceof Write.Insert insert) {
                    running.add(new StoredExecution(insert.claim(), 1, null));
                }
                return super.write(write);
            }

            @Override
            public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
                return CompletableFuture.completedFuture(
                        running.stream().map(row -> new Orphan(row, true)).toList());
            }
        };
    }

    /** Takes what is dead for running. */
    static ExecutionStore trusting(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<List<Orphan>> orphans(@Nullable UUID after, int limit) {
                return super.orphans(after, limit).thenApply(orphans -> List.of());
            }
        };
    }

    /** Throws instead of failing the stage. */
    static ExecutionStore blunt(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                super.write(write).toCompletableFuture().join();
                return super.write(write);
            }
        };
    }

    /** Closes without a thought for what it has accepted. */
    static ExecutionStore ruthless(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            private final List<CompletableFuture<Outcome>> accepted = new ArrayList<>();

            @Override
            public CompletionStage<Outcome> write(Write write) {
                CompletableFuture<Outcome> stage = new CompletableFuture<>();
                accepted.add(stage);
                return stage;
            }

            @Override
            public void close() {
                accepted.forEach(stage -> stage.completeExceptionally(new IllegalStateException("closed")));
                super.close();
            }
        };
    }

    /** Opens whenever it is asked to. */
    static ExecutionStore obliging(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public Opened open(boolean signed, InstantSource clock) {
                try {
                    return super.open(signed, clock);
                } catch (IllegalStateException e) {
                    return new Opened("0".repeat(32), clock.instant(), true);
                }
            }
        };
    }

    /** Takes no truth for an answer where it has none on record. */
    static ExecutionStore stubborn(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return write instanceof Change.End end
                        ? super.find(List.of(end.nonceKey()))
                                .thenCompose(row -> row.isPresent() && row.get().isIndeterminate()
                                        ? CompletableFuture.completedFuture(Outcome.lost(row))
                                        : super.write(write))
                        : super.write(write);
            }
        };
    }

    /** Leaves retries, withdrawals and clocks as they are, and says that it did as it was told. */
    static ExecutionStore idle(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                boolean neglected = write instanceof Change.Retry
                        || write instanceof Change.Withdraw
                        || write instanceof Write.TrustClock;
                return neglected ? CompletableFuture.completedFuture(Outcome.applied(-1)) : super.write(write);
            }
        };
    }

    /** Has a row run again whatever its approval says. */
    static ExecutionStore lenient(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return super.write(write)
                        .thenApply(outcome -> write instanceof Change.Retry && outcome.verdict() != Verdict.LOST
                                ? Outcome.applied(-1)
                                : outcome);
            }
        };
    }

    /** Has a row run again below the expiry floor. */
    static ExecutionStore bottomless(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return super.write(write)
                        .thenApply(outcome ->
                                write instanceof Change.Retry && outcome.verdict() == Verdict.BEHIND_EXPIRY_FLOOR
                                        ? Outcome.applied(-1)
                                        : outcome);
            }
        };
    }

    /** Does not tell who settled a row. */
    static ExecutionStore discreet(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Optional<StoredExecution>> find(List<Digest> keys) {
                return super.find(keys)
                        .thenApply(found ->
                                found.map(row -> new StoredExecution(row.claim(), row.attempt(), row.ending())));
            }
        };
    }

    /** Forgets more than it was asked to. */
    static ExecutionStore greedy(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                if (write instanceof Write.Prune prune) {
                    Instant later = prune.endedBefore().plusSeconds(60);
                    return super.write(new Write.Prune(later, prune.skew(), Integer.MAX_VALUE, prune.leaf()));
                }
                if (write instanceof Write.EraseResults erase) {
                    Instant later = erase.endedBefore().plusSeconds(60);
                    return super.write(new Write.EraseResults(later, erase.limit(), erase.leaf()));
                }
                return super.write(write);
            }
        };
    }

    /** Leaves a floor behind that does not reach over the skew. */
    static ExecutionStore low(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public CompletionStage<Outcome> write(Write write) {
                return super.write(
                        write instanceof Write.Prune prune
                                ? new Write.Prune(prune.endedBefore(), Duration.ZERO, prune.limit(), prune.leaf())
                                : write);
            }
        };
    }

    /** Does not notice that time went back. */
    static ExecutionStore ageless(ExecutionStore sound) {
        return new UnsoundStore(sound) {
            @Override
            public Opened open(boolean signed, InstantSource clock) {
                AtomicReference<Instant> latest = new AtomicReference<>(Instant.MIN);
                return super.open(
                        signed, () -> latest.accumulateAndGet(clock.instant(), (a, b) -> a.isAfter(b) ? a : b));
            }
        };
    }
}
