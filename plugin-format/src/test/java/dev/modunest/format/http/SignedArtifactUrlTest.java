package dev.modunest.format.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.Digest;
import dev.modunest.format.sign.Ed25519KeySet;
import dev.modunest.format.sign.KeyPairSigner;
import dev.modunest.format.sign.SignatureAlgorithm;
import dev.modunest.format.sign.Signer;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;

/** What proves that its bearer may read an artifact, and what does not. */
class SignedArtifactUrlTest {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");
    private static final Signer SIGNER =
            new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519));
    private static final String KID = Ed25519KeySet.kid(SIGNER.key());
    private static final Digest DIGEST = Digest.ofBytes(new byte[] {1});

    private static SignedArtifactUrl url(Duration life) {
        return SignedArtifactUrl.sign(DIGEST, NOW.plus(life), KID, SIGNER);
    }

    private static String query(SignedArtifactUrl url) {
        String text = url.toString();
        return text.substring(text.indexOf('?') + 1);
    }

    private static boolean proves(Digest digest, String query) {
        return SignedArtifactUrl.parse(digest, query)
                .filter(url -> url.proves(SIGNER.key(), NOW))
                .isPresent();
    }

    @Test
    void signsWhatTheDocumentsSay() {
        SignedArtifactUrl url = url(Duration.ofMinutes(10));
        String path = "/artifacts/sha256/" + DIGEST.hex();
        assertThat(url.toString())
                .isEqualTo(path + "?exp=1793527800&kid=" + KID + "&sig=" + url.signature());
        assertThat(
                        SIGNER.key()
                                .verify(
                                        ("modunest-artifact-url-v1\nGET\n"
                                                        + path
                                                        + "\n1793527800\n")
                                                .getBytes(StandardCharsets.US_ASCII),
                                        Base64.getUrlDecoder().decode(url.signature())))
                .isTrue();
        assertThat(proves(DIGEST, query(url))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"-31, false", "-29, true", "0, true", "3600, true", "3629, true", "3631, false"})
    void livesNoLongerThanItMay(int seconds, boolean proves) {
        assertThat(proves(DIGEST, query(url(Duration.ofSeconds(seconds))))).isEqualTo(proves);
    }

    @Test
    void provesNothingOfAnotherArtifact() {
        String query = query(url(Duration.ofMinutes(10)));
        assertThat(proves(Digest.ofBytes(new byte[] {2}), query)).isFalse();
    }

    @Test
    void provesNothingByAnotherKey() {
        Signer other = new KeyPairSigner(KeyPairSigner.generate(SignatureAlgorithm.ED25519));
        SignedArtifactUrl forged =
                SignedArtifactUrl.sign(DIGEST, NOW.plus(Duration.ofMinutes(1)), KID, other);
        assertThat(proves(DIGEST, query(forged))).isFalse();
    }

    @Property(tries = 300)
    void provesNothingWithAnyCharacterChanged(
            @ForAll @IntRange(min = 0, max = 152) int at, @ForAll @IntRange(max = 63) int to) {
        String query = query(url(Duration.ofMinutes(10)));
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        String changed = query.substring(0, at) + alphabet.charAt(to) + query.substring(at + 1);
        // Which key it is of is for the caller to look up.
        boolean ofKid = at >= query.indexOf("kid=") + 4 && at < query.indexOf("&sig");
        assertThat(query).hasSize(153);
        assertThat(proves(DIGEST, changed)).isEqualTo(ofKid || changed.equals(query));
    }

    @Test
    void hasOneSpelling() {
        String query = query(url(Duration.ofMinutes(10)));
        String[] parts = query.split("&", -1);
        for (String other :
                new String[] {
                    "",
                    query + "&",
                    query + "&a=b",
                    query + "=",
                    "a=b&" + query,
                    parts[1] + "&" + parts[0] + "&" + parts[2],
                    query.replace("exp=", "exp=0"),
                    query.replace("exp=", "exp=-"),
                    query.replace("kid=", "kid=%41"),
                    parts[0] + "&" + parts[2],
                }) {
            assertThat(SignedArtifactUrl.parse(DIGEST, other)).as(other).isEmpty();
        }
    }
}
