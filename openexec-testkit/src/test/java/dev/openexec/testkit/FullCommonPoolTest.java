package dev.openexec.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.ExecutionRequest;
import dev.openexec.Executor;
import dev.openexec.action.Kind;
import dev.openexec.approval.ApprovalPolicy;
import dev.openexec.json.Json;
import dev.openexec.store.ExecutionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A program may block every thread of the common pool with tasks of its own. */
class FullCommonPoolTest {

    /** Another process: where there are fewer than three processors, nothing is run on the common pool. */
    private static Process process(Kind kind) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ActiveProcessorCount=4",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullCommonPoolTest.class.getName(),
                        kind.name())
                .redirectErrorStream(true)
                .start();
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"PURE", "AT_MOST_ONCE"})
    void a_request_is_answered_all_the_same(Kind kind) throws Exception {
        Process process = process(kind);
        try {
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("answered").isTrue();
            assertThat(new String(process.getInputStream().readAllBytes(), UTF_8))
                    .isEqualTo("{\"entry\":1}");
        } finally {
            process.destroyForcibly();
        }
    }

    public static void main(String[] arguments) throws Exception {
        for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism(); i++) {
            CountDownLatch blocked = new CountDownLatch(1);
            ForkJoinPool.commonPool().execute(() -> {
                blocked.countDown();
                new Semaphore(0).acquireUninterruptibly(); // the pool makes up for a join, and not for this
            });
            blocked.await();
        }
        try (Executor executor = Executor.with(ExecutionStore.inMemory(), ApprovalPolicy.unsignedDemo())
                .action(RecordingAction.counting("add", Kind.valueOf(arguments[0])))
                .build()) {
            ExecutionRequest request = ExecutionRequest.of("add", Json.emptyObject(), "n-1");
            System.out.print(executor.execute(request).result().canonical());
        }
    }
}
