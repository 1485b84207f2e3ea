package dev.openexec;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What there is to know of stages that code of others makes. */
final class Stages {

    private Stages() {}

    /** The stage that it gives; or one that failed with what it throws instead, even an Error. */
    static <T extends @Nullable Object> CompletionStage<T> of(Supplier<? extends CompletionStage<T>> stage) {
        return CompletableFuture.<@Nullable Void>completedStage(null).thenCompose(begun -> stage.get());
    }
}
