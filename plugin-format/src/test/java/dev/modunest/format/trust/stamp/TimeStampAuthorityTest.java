package dev.modunest.format.trust.stamp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.trust.testing.TestClock;
import dev.modunest.format.trust.testing.TrustFixture;
import dev.modunest.format.trust.x509.PathRules;
import dev.modunest.format.trust.x509.Validity;

import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

class TimeStampAuthorityTest {

    private static final TrustFixture FIXTURE = new TrustFixture();
    private static final Validity ALWAYS = new Validity(Instant.EPOCH, Optional.empty());
    private static final byte[] MESSAGE = {1, 2, 3};
    private static final byte[] STAMP = FIXTURE.clock().stamp(MESSAGE, TrustFixture.NOW, true);

    private static TimeStampAuthority authority(TestClock clock, Validity validity) {
        return new TimeStampAuthority(
                List.of(clock.certificate(), FIXTURE.rootAuthority().certificate()),
                validity,
                PathRules.STRICT);
    }

    private static Optional<String> fault(TimeStampAuthority by, byte[] stamp) {
        return by.faultOf(TimeStampToken.parse(stamp), MESSAGE);
    }

    @Test
    void tellsTheTimeWithItsAccuracy() {
        TimeStampInfo info = TimeStampToken.parse(STAMP).info();
        assertThat(info.earliest()).isEqualTo(TrustFixture.NOW.minusSeconds(1));
        assertThat(info.latest()).isEqualTo(TrustFixture.NOW.plusSeconds(1));
        assertThat(info.policy()).isEqualTo("1.3.6.1.4.1.99999.1");
        assertThat(fault(authority(FIXTURE.clock(), ALWAYS), STAMP)).isEmpty();
    }

    @Test
    void takesTheCertificateFromTheStampWhenOnlyItsCaIsTrusted() {
        TimeStampAuthority ca =
                new TimeStampAuthority(
                        List.of(FIXTURE.rootAuthority().certificate()), ALWAYS, PathRules.STRICT);
        assertThat(fault(ca, STAMP)).isEmpty();
        byte[] bare = FIXTURE.clock().stamp(MESSAGE, TrustFixture.NOW, false);
        assertThat(fault(ca, bare)).isPresent();
        assertThat(fault(authority(FIXTURE.clock(), ALWAYS), bare)).isEmpty();
    }

    @Test
    void refusesOtherMessagesSignersAndTimes() {
        TimeStampAuthority clock = authority(FIXTURE.clock(), ALWAYS);
        assertThat(clock.faultOf(TimeStampToken.parse(STAMP), new byte[] {9})).isPresent();
        assertThat(fault(authority(new TrustFixture().clock(), ALWAYS), STAMP)).isPresent();
        Validity ended = Validity.of(Instant.EPOCH, TrustFixture.NOW.minusSeconds(1));
        assertThat(fault(authority(FIXTURE.clock(), ended), STAMP)).isPresent();
    }

    @Test
    void refusesCertificatesForMoreThanTimeStamps() {
        TestClock lax =
                new TestClock(
                        FIXTURE.rootAuthority(),
                        TrustFixture.NOW.minus(Duration.ofDays(1)),
                        Duration.ofDays(9),
                        TestClock.PROFILE);
        assertThat(lax.certificate().purposes()).isPresent();
        assertThat(fault(authority(lax, ALWAYS), lax.stamp(MESSAGE, TrustFixture.NOW, true)))
                .isEmpty();
        // Bouncy Castle signs with nothing else, so the certificate is swapped for one of more use.
        TestClock more =
                new TestClock(
                        FIXTURE.rootAuthority(),
                        TrustFixture.NOW.minus(Duration.ofDays(1)),
                        Duration.ofDays(9),
                        builder ->
                                builder.addExtension(
                                        Extension.extendedKeyUsage,
                                        false,
                                        new ExtendedKeyUsage(KeyPurposeId.id_kp_codeSigning)));
        assertThat(fault(authority(more, ALWAYS), STAMP)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "3000",
                "30053003020102",
                "3005300302010030",
                "300d3003020100300606022a033000"
            })
    void refusesWhatIsNoStamp(String hex) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TimeStampToken.parse(HexFormat.of().parseHex(hex)));
    }

    @Test
    void refusesEveryChangedByte() {
        TimeStampAuthority clock = authority(FIXTURE.clock(), ALWAYS);
        for (int i = 0; i < STAMP.length; i++) {
            byte[] changed = STAMP.clone();
            changed[i] ^= 1;
            assertThat(isGood(clock, changed)).as("byte %d", i).isFalse();
        }
        assertThat(isGood(clock, Arrays.copyOf(STAMP, STAMP.length - 1))).isFalse();
    }

    private static boolean isGood(TimeStampAuthority clock, byte[] stamp) {
        try {
            return fault(clock, stamp).isEmpty();
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
