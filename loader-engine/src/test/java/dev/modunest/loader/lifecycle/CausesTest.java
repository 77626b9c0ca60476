package dev.modunest.loader.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;

class CausesTest {

    @Test
    void goesDownToTheRootCause() {
        Exception thrown = new IllegalStateException("outer", new IOException("inner"));
        assertThat(Causes.of(thrown))
                .hasSize(2)
                .satisfiesExactly(
                        outer ->
                                assertThat(outer)
                                        .startsWith("java.lang.IllegalStateException: outer (at ")
                                        .contains("CausesTest.java"),
                        inner -> assertThat(inner).startsWith("java.io.IOException: inner"));
    }

    @Test
    void isEmptyWhenNothingWasThrown() {
        assertThat(Causes.of(null)).isEmpty();
    }

    @Test
    void endsInACircle() {
        IllegalStateException one = new IllegalStateException("one");
        IllegalStateException two = new IllegalStateException("two", one);
        one.initCause(two);
        assertThat(Causes.of(one)).hasSize(20);
    }

    @Test
    void survivesAnExceptionWhoseTextThrows() {
        Exception hostile = new HostileException();
        assertThat(Causes.of(hostile).getFirst()).startsWith(HostileException.class.getName());
    }

    private static final class HostileException extends Exception {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage() {
            throw new IllegalStateException("no text");
        }
    }
}
