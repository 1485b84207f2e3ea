package dev.openexec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.openexec.json.Digest;
import org.junit.jupiter.api.Test;

class WaitingRoomTest {

    private static Digest key(int number) {
        return Digest.ofUtf8("n-" + number);
    }

    @Test
    void at_most_32_wait_for_one_key_and_others_have_room_all_the_same() {
        WaitingRoom room = WaitingRoom.besides(1024);
        for (int i = 0; i < 32; i++) {
            assertThat(room.enter(key(1))).isTrue();
        }
        assertThat(room.enter(key(1))).isFalse();
        assertThat(room.enter(key(2))).isTrue();
        assertThat(room.size()).isEqualTo(33);
        room.leave(key(1));
        assertThat(room.enter(key(1))).isTrue();
        assertThat(room.enter(key(1))).isFalse();
    }

    @Test
    void at_most_a_quarter_of_the_permits_waits_whatever_for() {
        WaitingRoom room = WaitingRoom.besides(1024);
        for (int i = 0; i < 256; i++) {
            assertThat(room.enter(key(i))).isTrue();
        }
        assertThat(room.enter(key(1))).isFalse();
        assertThat(room.enter(key(256))).isFalse();
        room.leave(key(1));
        assertThat(room.enter(key(256))).isTrue();
    }

    @Test
    void where_a_waiter_would_take_a_large_part_of_the_permits_nobody_waits() {
        assertThat(WaitingRoom.besides(3).enter(key(1))).isFalse();
        assertThat(WaitingRoom.besides(4).enter(key(1))).isTrue();
    }

    @Test
    void whoever_leaves_leaves_nothing_behind() {
        WaitingRoom room = WaitingRoom.besides(1024);
        for (int i = 0; i < 10_000; i++) {
            assertThat(room.enter(key(i))).isTrue();
            room.leave(key(i));
        }
        assertThat(room.size()).isZero();
        assertThat(room.keys()).isZero();
    }
}
