package dev.openexec;

import dev.openexec.json.Digest;
import java.util.HashMap;
import java.util.Map;

/**
 * Bounds how many requests wait for somebody else's work. Each of them holds a permit: without a bound for each key, a nonce
 * that somebody hammers takes all the waiting there is, and without one in total, waiting takes all the permits.
 */
final class WaitingRoom {

    /** More than any honest caller retries at once. */
    static final int MAX_FOR_ONE_KEY = 32;

    /** Three of four permits are always left to those who are not waiting. */
    static final int SHARE_OF_PERMITS = 4;

    private final int mostInTotal;
    private final Map<Digest, Integer> waiting = new HashMap<>(); // guarded by this
    private int total; // guarded by this

    private WaitingRoom(int mostInTotal) {
        this.mostInTotal = mostInTotal;
    }

    /** Of an executor that gives so many permits. */
    static WaitingRoom besides(int permits) {
        return new WaitingRoom(permits / SHARE_OF_PERMITS);
    }

    /** Whether there is room for one more to wait for this key. Who is let in has to leave. */
    synchronized boolean enter(Digest key) {
        int already = waiting.getOrDefault(key, 0);
        if (total >= mostInTotal || already >= MAX_FOR_ONE_KEY) {
            return false;
        }
        waiting.put(key, already + 1);
        total++;
        return true;
    }

    synchronized void leave(Digest key) {
        waiting.computeIfPresent(key, (same, many) -> many == 1 ? null : many - 1);
        total--;
    }

    /** How many are waiting, for whatever key. */
    synchronized int size() {
        return total;
    }

    /** How many keys somebody is waiting for. */
    synchronized int keys() {
        return waiting.size();
    }
}
