package dev.modunest.loader.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Digest;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.LoaderException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class PlanOrderTest {

    private static Plan.Step step(String coordinate, String... requires) {
        return new Plan.Step(
                Coordinate.parse(coordinate),
                Digest.ofBytes(new byte[0]),
                0,
                "/",
                Stream.of(requires).map(Coordinate::parse).toList());
    }

    @Test
    void acceptsAPlanInAnyOrder() {
        Plan plan = new Plan(List.of(step("a/x@1.0.0", "a/y@1.0.0"), step("a/y@1.0.0")));
        assertThatCode(() -> PlanOrder.check(plan, Set.of())).doesNotThrowAnyException();
    }

    @Test
    void namesTheCycle() {
        Plan plan =
                new Plan(
                        List.of(
                                step("a/in@1.0.0", "a/x@1.0.0"),
                                step("a/x@1.0.0", "a/free@1.0.0", "a/y@2.0.0"),
                                step("a/y@2.0.0", "a/z@3.0.0"),
                                step("a/z@3.0.0", "a/x@1.0.0"),
                                step("a/free@1.0.0")));
        assertThatThrownBy(() -> PlanOrder.check(plan, Set.of()))
                .isInstanceOfSatisfying(
                        LoaderException.class, fault -> assertThat(fault.code()).isEqualTo("cycle"))
                .hasMessage(
                        "plugins require each other in a circle: a/x@1.0.0 -> a/y@2.0.0 ->"
                                + " a/z@3.0.0 -> a/x@1.0.0");
    }

    @Test
    void namesAReleaseThatIsMissing() {
        Plan plan = new Plan(List.of(step("a/x@1.0.0", "a/y@1.0.0")));
        assertThatThrownBy(() -> PlanOrder.check(plan, Set.of()))
                .hasMessageContaining("a/x@1.0.0 is wired to a/y@1.0.0, which the plan lacks");
    }

    @Test
    void countsWhatRunsAlready() {
        Plan plan = new Plan(List.of(step("a/x@1.0.0", "a/y@1.0.0")));
        assertThatCode(() -> PlanOrder.check(plan, Set.of(Coordinate.parse("a/y@1.0.0"))))
                .doesNotThrowAnyException();
    }

    @Test
    void refusesTwoReleasesOfOnePlugin() {
        Plan plan = new Plan(List.of(step("a/x@1.0.0"), step("a/x@2.0.0")));
        assertThatThrownBy(() -> PlanOrder.check(plan, Set.of()))
                .hasMessageContaining("names a/x twice");
    }

    @Test
    void walksALongChainWithoutRecursion() {
        List<Plan.Step> steps = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            steps.add(
                    i == 0
                            ? step("a/p0@1.0.0")
                            : step("a/p" + i + "@1.0.0", "a/p" + (i - 1) + "@1.0.0"));
        }
        assertThatCode(() -> PlanOrder.check(new Plan(steps), Set.of())).doesNotThrowAnyException();
    }
}
