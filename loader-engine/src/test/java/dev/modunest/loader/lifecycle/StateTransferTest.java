package dev.modunest.loader.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.loader.PluginState.Migration;

import org.junit.jupiter.api.Test;

import java.util.List;

class StateTransferTest {

    private static Migration step(int from, int to) {
        return new Migration(from, to, bytes -> bytes);
    }

    @Test
    void takesTheShortestWay() throws Exception {
        List<Migration> all = List.of(step(1, 2), step(2, 3), step(3, 4), step(1, 3), step(4, 1));
        assertThat(StateTransfer.way(1, 4, all)).extracting(Migration::to).containsExactly(3, 4);
        assertThat(StateTransfer.way(2, 2, all)).isEmpty();
    }

    @Test
    void saysThatThereIsNoWay() {
        assertThatThrownBy(() -> StateTransfer.way(2, 1, List.of(step(1, 2))))
                .isInstanceOfSatisfying(
                        StateTransfer.StateException.class,
                        fault -> assertThat(fault.code()).isEqualTo("state-migration-missing"))
                .hasMessage("no migrations lead from state version 2 to 1");
        assertThatThrownBy(() -> step(1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> step(-1, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
