package dev.openexec.server;

import io.undertow.server.HttpServerExchange;
import java.util.concurrent.Semaphore;

/**
 * The memory that the bodies of all requests under way may take together. What a body may take is reserved in full before
 * its first octet is read: the space is allocated then, whether or not the rest ever comes. Thread-safe.
 */
final class BodyBudget {

    private final Semaphore octets;

    /**
     * @param octets at once, all together
     */
    BodyBudget(int octets) {
        this.octets = new Semaphore(octets);
    }

    /** Reserves this many octets until the exchange is complete; false if so many are not left. Never waits. */
    boolean reserve(int length, HttpServerExchange exchange) {
        if (!octets.tryAcquire(length)) {
            return false;
        }
        exchange.addExchangeCompleteListener((completed, next) -> {
            octets.release(length);
            next.proceed();
        });
        return true;
    }
}
