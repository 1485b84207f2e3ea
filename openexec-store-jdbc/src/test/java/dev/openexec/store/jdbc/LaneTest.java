package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.store.StoreException;
import dev.openexec.store.StoreException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    private final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    @Test
    void work_that_breaks_down_fails_its_batch_and_not_the_lane() {
        Lane<Sized> lane = lane(new Work() {
            @Override
            public void work(List<Sized> batch) {
                if (batch.get(0).bytes < 0) {
                    throw new StackOverflowError();
                }
                super.work(batch);
            }
        });
        Sized breaking = new Sized(-1);
        Sized sound = new Sized(0);
        lane.start();

        lane.offer(breaking);
        TestStores.assertFails(breaking.stage(), Reason.STORE_UNAVAILABLE);
        lane.offer(sound);
        assertThat(TestStores.get(sound.stage())).isEqualTo("done");
        lane.close();
    }

    @Test
    void a_lane_that_cannot_take_its_next_batch_lives_on() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        Lane<Sized> lane = lane(new Work() {
            @Override
            public boolean unfinished() {
                if (failed.getCount() > 0) {
                    failed.countDown();
                    throw new OutOfMemoryError("of this test");
                }
                return false;
            }
        });
        lane.start();
        failed.await();
        Sized request = new Sized(0);
        lane.offer(request);

        assertThat(request.stage()).succeedsWithin(LONG).isEqualTo("done");
        lane.close();
    }

    @Test
    void a_lane_that_has_no_memory_to_say_what_failed_says_it_when_there_is_some() {
        AtomicInteger starved = new AtomicInteger();
        Lane<Sized> lane = lane(new Work() {
            @Override
            public void work(List<Sized> batch) {
                throw sneaky(new Unexplained(starved, 1));
            }
        });
        Sized request = new Sized(0);
        lane.offer(request);
        lane.start();

        assertThat(request.stage())
                .failsWithin(LONG)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(StoreException.class);
        assertThat(starved).hasValueGreaterThan(1);
        lane.close();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> RuntimeException sneaky(Throwable failure) throws T {
        throw (T) failure;
    }

    /** In a process of its own, whose memory really is used up. */
    @Test
    void what_finds_no_memory_for_a_batch_stays_queued_until_there_is_some() throws Exception {
        assertThat(StarvedLane.run()).isEqualTo("1 batch without memory, 512 of 512 requests done");
    }

    @Test
    void the_most_urgent_come_first_and_those_that_are_alike_in_their_order() {
        List<List<Integer>> taken = taken(new Asked(3, 1), new Asked(1, 0), new Asked(4, 1), new Asked(2, 0));

        assertThat(taken).containsExactly(List.of(1, 2, 3, 4));
    }

    @Test
    void what_wants_to_be_alone_shares_its_batch_with_nobody_and_nobody_overtakes_it() {
        List<List<Integer>> taken =
                taken(new Asked(1, 0), new Asked(2, 0), new Alone(3, 0), new Alone(4, 0), new Asked(5, 0));

        assertThat(taken).containsExactly(List.of(1, 2), List.of(3), List.of(4), List.of(5));
    }

    /** The numbers of each batch of a lane in which all of them wait when it starts. */
    private static List<List<Integer>> taken(Asked... requests) {
        List<List<Integer>> batches = Collections.synchronizedList(new ArrayList<>());
        Lane<Asked> lane = new Lane<>("test", new Lane.Work<>() {
            @Override
            public void work(List<Asked> batch) {
                batches.add(batch.stream().map(request -> request.number).toList());
            }

            @Override
            public void brokeDown(List<Asked> batch, Throwable failure) {}

            @Override
            public boolean unfinished() {
                return false;
            }

            @Override
            public void end() {}
        });
        List.of(requests).forEach(lane::offer);
        lane.start();
        lane.close();
        return batches;
    }

    @Test
    void a_batch_has_at_most_512_requests_or_the_one_that_exceeds_8_mebibytes() {
        Lane<Sized> lane = lane(new Work());
        IntStream.range(0, 600).forEach(i -> lane.offer(new Sized(1)));
        lane.start();
        lane.close();
        assertThat(batches).containsExactly(512, 88);

        batches.clear();
        Lane<Sized> heavy = lane(new Work());
        IntStream.range(0, 4).forEach(i -> heavy.offer(new Sized(4 << 20)));
        heavy.offer(new Sized(100 << 20));
        heavy.offer(new Sized(1));
        heavy.start();
        heavy.close();
        assertThat(batches).containsExactly(2, 2, 1, 1);
    }

    @Test
    void what_was_accepted_before_the_end_is_done_and_nothing_is_accepted_after_it() {
        Lane<Sized> lane = lane(new Work());
        Sized before = new Sized(0);
        assertThat(lane.offer(before)).isTrue();
        assertThat(lane.waiting()).isOne();
        lane.start();
        lane.close();

        assertThat(before.stage()).isCompletedWithValue("done");
        assertThat(lane.offer(new Sized(0))).isFalse();
        assertThat(calls).containsExactly("work", "end");
    }

    @Test
    void closing_is_not_cut_short_by_an_interrupt() {
        Lane<Sized> lane = lane(new Work());
        Sized request = new Sized(0);
        lane.offer(request);
        Thread.currentThread().interrupt();
        lane.start();

        lane.close();

        assertThat(Thread.interrupted()).isTrue();
        assertThat(request.stage()).isDone();
    }

    private static Lane<Sized> lane(Work work) {
        return new Lane<>("test", work);
    }

    private static class Asked extends Request<String> {
        private final int number;
        private final int urgency;

        Asked(int number, int urgency) {
            this.number = number;
            this.urgency = urgency;
        }

        @Override
        int urgency() {
            return urgency;
        }

        @Override
        String perform(Session session) {
            return "done";
        }
    }

    private static final class Alone extends Asked {
        Alone(int number, int urgency) {
            super(number, urgency);
        }

        @Override
        boolean alone() {
            return true;
        }
    }

    private static final class Sized extends Request<String> {
        private final long bytes;

        Sized(long bytes) {
            this.bytes = bytes;
        }

        @Override
        long size() {
            return bytes;
        }

        @Override
        String perform(Session session) {
            return "done";
        }
    }

    private class Work implements Lane.Work<Sized> {
        @Override
        public void work(List<Sized> batch) {
            calls.add("work");
            batches.add(batch.size());
            batch.forEach(request -> request.complete("done"));
        }

        @Override
        public void brokeDown(List<Sized> batch, Throwable failure) {
            batch.forEach(request -> request.fail(Failures.explain(failure)));
        }

        @Override
        public boolean unfinished() {
            return false;
        }

        @Override
        public void end() {
            calls.add("end");
        }
    }
}
