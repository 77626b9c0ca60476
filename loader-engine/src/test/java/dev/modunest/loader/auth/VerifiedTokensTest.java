package dev.modunest.loader.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.loader.AuthOptions.KeyOptions;
import dev.modunest.loader.TrustedIssuer.Algorithm;
import dev.modunest.loader.auth.TokenVerifier.Verified;
import dev.modunest.loader.testing.TestClock;
import dev.modunest.loader.testing.TestIssuer;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class VerifiedTokensTest {

    private final VerifiedTokens tokens = new VerifiedTokens(10);
    private final TokenVerifier verifier = new TokenVerifier(Map.of(), Duration.ZERO);
    private final VerifyingKey key =
            new VerifyingKey(
                    "k", Optional.empty(), new TestIssuer(Algorithm.EDDSA, "k").publicKey());
    private final IssuerKeys keys =
            new IssuerKeys(
                    "i",
                    () -> "",
                    Optional.empty(),
                    new KeyOptions(Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(1)),
                    new TestClock(),
                    Runnable::run);

    private Verified verified(int number) {
        return new Verified(
                new VerifiedUser(
                        verifier,
                        "i",
                        "account:" + number,
                        "c",
                        "t",
                        Optional.empty(),
                        Set.of(),
                        TestClock.START),
                key,
                keys);
    }

    private static Digest token(int number) {
        return VerifiedTokens.keyOf("token " + number);
    }

    @Test
    void staysWithinItsBoundAndKeepsWhatIsUsed() {
        for (int i = 0; i < 1_000; i++) {
            tokens.add(token(i), verified(i));
            assertThat(tokens.find(token(0))).contains(verified(0));
            assertThat(tokens.size()).isLessThanOrEqualTo(10);
        }
        assertThat(tokens.find(token(999))).isPresent();
        assertThat(tokens.find(token(500))).isEmpty();
    }

    @Test
    void forgetsInBothGenerations() {
        for (int i = 0; i < 7; i++) {
            tokens.add(token(i), verified(i));
        }
        tokens.remove(token(0));
        tokens.remove(token(6));
        tokens.remove(token(99));
        assertThat(tokens.find(token(0))).isEmpty();
        assertThat(tokens.find(token(6))).isEmpty();
        assertThat(tokens.find(token(5))).isPresent();
    }
}
