package dev.modunest.loader.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.concurrent.atomic.AtomicLong;

class HeapRoomTest {

    private final AtomicLong used = new AtomicLong();

    @Test
    void countsWhatIsLeftAfterACollection() throws StageException {
        HeapRoom room = new HeapRoom(1_000, used::get, () -> used.set(100));
        used.set(900);
        room.require(400);
        assertThat(used).hasValue(100);
    }

    @Test
    void refusesWhatHasNoRoom() {
        HeapRoom room = new HeapRoom(1_000, used::get, () -> used.set(800));
        used.set(900);
        assertThatThrownBy(() -> room.require(100))
                .isInstanceOfSatisfying(
                        StageException.class,
                        refused -> {
                            assertThat(refused.failed().code()).isEqualTo("heap-exhausted");
                            assertThat(refused.failed().reason()).contains("800 are used");
                        });
    }
}
