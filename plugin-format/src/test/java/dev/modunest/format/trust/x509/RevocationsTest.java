package dev.modunest.format.trust.x509;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.trust.testing.TestAuthority;
import dev.modunest.format.trust.testing.TrustFixture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

class RevocationsTest {

    private static final TrustFixture FIXTURE = new TrustFixture();
    private static final AuthorityChain CHAIN = FIXTURE.trustedRoot().authorities().getFirst();
    private static final Certificate LEAF = FIXTURE.publisher().certificate();
    private static final Instant NOW = TrustFixture.NOW;
    private static final Instant NOON = NOW.minus(Duration.ofHours(2));

    private static Optional<String> fault(Instant made, Instant now, RevocationList... lists) {
        return new Revocations(List.of(CHAIN), List.of(lists)).faultOf(LEAF, CHAIN, made, now);
    }

    private static RevocationList list(RevocationReason reason, Optional<Instant> invalidity) {
        return FIXTURE.revoke(new TestAuthority.Revoked(LEAF, NOON, reason, invalidity));
    }

    @Test
    void acceptsWhatNobodyRevoked() {
        assertThat(fault(NOW, NOW, FIXTURE.revoke())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "KEY_COMPROMISE, -3600, -3601, true",
        "KEY_COMPROMISE, -3600, -3600, false",
        "KEY_COMPROMISE, -3600, 0, false",
        "KEY_COMPROMISE, , -1, true",
        "KEY_COMPROMISE, , 0, false",
        "UNSPECIFIED, , -1, true",
        "UNSPECIFIED, , 0, false",
        "PRIVILEGE_WITHDRAWN, , 1, false",
        "SUPERSEDED, , 1, true",
        "CESSATION_OF_OPERATION, , 1, true",
        "AFFILIATION_CHANGED, , 1, true",
        "CERTIFICATE_HOLD, , 1, false"
    })
    void judgesSignaturesByTheirTime(
            RevocationReason reason, Long invalidity, long made, boolean good) {
        RevocationList list = list(reason, Optional.ofNullable(invalidity).map(NOON::plusSeconds));
        assertThat(fault(NOON.plusSeconds(made), NOW, list).isEmpty()).isEqualTo(good);
    }

    @Test
    void needsACurrentListOfTheIssuer() {
        assertThat(fault(NOW, NOW)).isPresent();
        assertThat(fault(NOW, NOW.plus(Duration.ofDays(2)), FIXTURE.revoke())).isPresent();
        assertThat(fault(NOW, NOW.minus(Duration.ofDays(2)), FIXTURE.revoke())).isPresent();
        RevocationList foreign = new TrustFixture().revoke();
        assertThat(fault(NOW, NOW, foreign)).isPresent();
    }

    @Test
    void takesTheListWithTheHighestNumber() {
        RevocationList newer =
                RevocationList.parse(
                        FIXTURE.issuing()
                                .revokeDer(
                                        NOW,
                                        Duration.ofDays(1),
                                        8,
                                        List.of(
                                                new TestAuthority.Revoked(
                                                        LEAF,
                                                        NOON,
                                                        RevocationReason.UNSPECIFIED,
                                                        Optional.empty()))));
        assertThat(fault(NOW, NOW, newer, FIXTURE.revoke())).isPresent();
        assertThat(fault(NOW, NOW, FIXTURE.revoke(), newer)).isPresent();
        assertThat(newer.size()).isOne();
    }

    @Test
    void asksTheRootAboutTheIssuer() {
        RevocationList ofRoot =
                FIXTURE.rootAuthority()
                        .revoke(
                                NOW,
                                Duration.ofDays(1),
                                List.of(
                                        new TestAuthority.Revoked(
                                                FIXTURE.issuing().certificate(),
                                                NOON,
                                                RevocationReason.CA_COMPROMISE,
                                                Optional.of(NOON))));
        assertThat(fault(NOON.minusSeconds(1), NOW, FIXTURE.revoke(), ofRoot)).isEmpty();
        assertThat(fault(NOON, NOW, FIXTURE.revoke(), ofRoot)).isPresent();
    }

    @Test
    void refusesListsThatAreChangedOrCutOff() {
        byte[] der = FIXTURE.issuing().revokeDer(NOW, Duration.ofDays(1), 9, List.of());
        byte[] changed = der.clone();
        changed[changed.length - 1] ^= 1;
        assertThat(RevocationList.parse(changed).faultBy(CHAIN.issuing())).isPresent();
        assertThat(RevocationList.parse(der).faultBy(CHAIN.issuing())).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> RevocationList.parse(java.util.Arrays.copyOf(der, der.length - 1)));
    }
}
