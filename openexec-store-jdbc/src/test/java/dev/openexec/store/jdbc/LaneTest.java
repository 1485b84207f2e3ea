package dev.openexec.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.store.StoreException.Reason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LaneTest {

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
        public boolean unfinished() {
            return false;
        }

        @Override
        public void end() {
            calls.add("end");
        }
    }
}
