package dev.modunest.server.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.modunest.db.OutboxEvent;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class RecentEventsTest {

    private final RecentEvents recent = new RecentEvents(3);

    @Test
    void keepsTheNewest() {
        Events.between(1, 5).forEach(recent::add);

        assertThat(recent.newest()).isEqualTo(5);
        assertThat(recent.last()).contains(Events.event(5));
        assertThat(recent.reachesBackTo(1)).isFalse();
        assertThat(recent.reachesBackTo(2)).isTrue();
        assertThat(recent.reachesBackTo(5)).isTrue();
        assertThat(recent.reachesBackTo(6)).isFalse();
        assertThat(recent.after(2, 2)).isEqualTo(Events.between(3, 4));
        assertThat(recent.after(5, 2)).isEmpty();
    }

    @Test
    void beginsWithWhatLeadsToTheSerialWithoutAGap() {
        List<OutboxEvent> before = new ArrayList<>(Events.between(10, 11));
        before.addAll(Events.between(13, 16));

        recent.restart(15, before);

        assertThat(recent.newest()).isEqualTo(15);
        assertThat(recent.after(12, 9)).isEqualTo(Events.between(13, 15));
        assertThat(recent.reachesBackTo(11)).isFalse();
    }

    @Test
    void beginsWithNothingWhenTheLastEventsAreGone() {
        recent.restart(20, Events.between(1, 5));

        assertThat(recent.newest()).isEqualTo(20);
        assertThat(recent.last()).isEmpty();
        assertThat(recent.reachesBackTo(20)).isTrue();
        assertThat(recent.reachesBackTo(19)).isFalse();
        recent.add(Events.event(21));
        assertThat(recent.after(20, 5)).isEqualTo(Events.between(21, 21));
    }

    @Test
    void refusesAGap() {
        assertThatIllegalStateException().isThrownBy(() -> recent.add(Events.event(2)));
        recent.restart(20, List.of());
        assertThatIllegalStateException().isThrownBy(() -> recent.after(3, 1));
    }
}
