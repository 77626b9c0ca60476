package dev.modunest.loader.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Plan;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.Stream;

class CriticalPathTest {

    private static Plan.Step step(String name, String... requires) {
        return new Plan.Step(
                coordinate(name),
                Digest.ofBytes(new byte[0]),
                0,
                "/",
                Stream.of(requires).map(CriticalPathTest::coordinate).toList());
    }

    private static Coordinate coordinate(String name) {
        return Coordinate.parse("a/" + name + "@1.0.0");
    }

    @Test
    void whatMostWaitForGoesFirst() {
        CriticalPath path =
                new CriticalPath(
                        List.of(
                                step("alone"),
                                step("root"),
                                step("short", "root"),
                                step("middle", "root"),
                                step("end", "middle", "alone")));
        assertThat(path.mostUrgentFirst())
                .extracting(step -> step.coordinate().plugin().name())
                .containsExactly("root", "alone", "middle", "short", "end");
        assertThat(path.rankOf(coordinate("root"))).isEqualTo(2);
        assertThat(path.rankOf(coordinate("unknown"))).isZero();
    }
}
