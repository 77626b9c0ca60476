package dev.modunest.loader.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

class LoadScopeTest {

    private static Optional<LoadScope.Preview> preview(boolean structured) {
        return structured ? LoadScope.Preview.find() : Optional.empty();
    }

    @Test
    void isStructuredOnThisJdkWithoutAFlag() {
        assertThat(LoadScope.isStructured()).isTrue();
        assertThat(java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments())
                .doesNotContain("--enable-preview");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void runsAllSideBySide(boolean structured) throws InterruptedException {
        Set<Boolean> virtual = ConcurrentHashMap.newKeySet();
        CountDownLatch together = new CountDownLatch(3);
        Runnable task =
                () -> {
                    together.countDown();
                    try {
                        together.await();
                    } catch (InterruptedException cancelled) {
                        return;
                    }
                    virtual.add(Thread.currentThread().isVirtual());
                };
        LoadScope.runAll(List.of(task, task, task), preview(structured));
        assertThat(virtual).containsExactly(true);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void tellsWhatATaskThrew(boolean structured) {
        assertThatThrownBy(
                        () ->
                                LoadScope.runAll(
                                        List.of(
                                                () -> {
                                                    throw new AssertionError("a bug");
                                                }),
                                        preview(structured)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("a bug");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anInterruptionReachesTheTasksAndIsTold(boolean structured) {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        Thread.currentThread().interrupt();
        assertThatThrownBy(
                        () ->
                                LoadScope.runAll(
                                        List.of(
                                                () -> {
                                                    try {
                                                        never.await();
                                                    } catch (InterruptedException cancelled) {
                                                        ended.countDown();
                                                    }
                                                }),
                                        preview(structured)))
                .isInstanceOf(InterruptedException.class);
        assertThat(ended.getCount()).isZero();
    }
}
