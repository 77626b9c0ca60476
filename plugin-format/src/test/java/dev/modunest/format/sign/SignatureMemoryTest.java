package dev.modunest.format.sign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

class SignatureMemoryTest {

    private static final byte[] KEY = {1};
    private static final byte[] MESSAGE = {2, 3};
    private static final byte[] SIGNATURE = {4};

    private final AtomicInteger checks = new AtomicInteger();

    /** A memory that forgets with its test. */
    private record Remembered(Set<Digest> facts) implements SignatureMemory {
        @Override
        public boolean isKnown(Digest fact) {
            return facts.contains(fact);
        }

        @Override
        public void add(Digest fact) {
            facts.add(fact);
        }
    }

    private boolean verify(String method, byte[] key, byte[] message, boolean outcome) {
        return SignatureMemory.remembering(
                method,
                key,
                message,
                SIGNATURE,
                () -> {
                    checks.incrementAndGet();
                    return outcome;
                });
    }

    @Test
    void checksOnceWhatIsGood() {
        Remembered memory = new Remembered(new HashSet<>());
        ScopedValue.where(SignatureMemory.CURRENT, memory)
                .run(
                        () -> {
                            assertThat(verify("m", KEY, MESSAGE, true)).isTrue();
                            assertThat(verify("m", KEY, MESSAGE, false)).isTrue();
                            assertThat(checks).hasValue(1);
                        });
    }

    @Test
    void neverRemembersANo() {
        Remembered memory = new Remembered(new HashSet<>());
        ScopedValue.where(SignatureMemory.CURRENT, memory)
                .run(
                        () -> {
                            assertThat(verify("m", KEY, MESSAGE, false)).isFalse();
                            assertThat(verify("m", KEY, MESSAGE, true)).isTrue();
                        });
        assertThat(memory.facts()).hasSize(1);
    }

    @Test
    void anyOtherPartIsAnotherFact() {
        Remembered memory = new Remembered(new HashSet<>());
        ScopedValue.where(SignatureMemory.CURRENT, memory)
                .run(
                        () -> {
                            assertThat(verify("m", KEY, MESSAGE, true)).isTrue();
                            assertThat(verify("n", KEY, MESSAGE, false)).isFalse();
                            assertThat(verify("m", new byte[] {1, 2}, new byte[] {3}, false))
                                    .isFalse();
                            assertThat(verify("m", KEY, new byte[] {2}, false)).isFalse();
                        });
    }

    @Test
    void remembersNothingUnlessAskedTo() {
        assertThat(verify("m", KEY, MESSAGE, true)).isTrue();
        assertThat(verify("m", KEY, MESSAGE, false)).isFalse();
    }
}
