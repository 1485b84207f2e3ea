package dev.openexec.server;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.WorkerUtils;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;

/**
 * Reads one body of known length without holding a thread, and gives up after a time that no trickle of bytes prolongs.
 * Lives on the exchange's I/O thread, which is why nothing here is synchronized.
 */
final class BodyReader {

    private final HttpServerExchange exchange;
    private final Consumer<Problem> onProblem;
    private boolean settled;
    private XnioExecutor.@Nullable Key timer;

    /**
     * @param onProblem told, at most once and then alone, why there is no body; the connection is of no more use
     */
    BodyReader(HttpServerExchange exchange, Consumer<Problem> onProblem) {
        this.exchange = exchange;
        this.onProblem = onProblem;
    }

    /** Calls back with the body once it is complete, outside the current call, still on the I/O thread. */
    void read(Duration deadline, Consumer<byte[]> onBody) {
        exchange.getRequestReceiver()
                .receiveFullBytes(
                        (reader, body) -> {
                            if (settle()) {
                                reader.dispatch(SameThreadExecutor.INSTANCE, () -> onBody.accept(body));
                            }
                        },
                        (reader, e) -> fail(Problem.of(400, "invalid-framing", "The body ended early")));
        if (!settled) {
            timer = WorkerUtils.executeAfter(
                    exchange.getIoThread(),
                    () -> fail(Problem.of(408, "request-timeout", "The body took too long to arrive")),
                    deadline.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }

    private void fail(Problem problem) {
        if (settle()) {
            onProblem.accept(problem);
        }
    }

    /** True for the first caller only. */
    private boolean settle() {
        if (settled) {
            return false;
        }
        settled = true;
        if (timer != null) {
            timer.remove();
        }
        return true;
    }
}
