package dev.modunest.format.trust.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modunest.format.trust.testing.TrustFixture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.charset.StandardCharsets;

class ReleaseBundleTest {

    private static final ReleaseBundle BUNDLE = new TrustFixture().release().publisherBundle();
    private static final String JSON = new String(BUNDLE.bytes(), StandardCharsets.UTF_8);

    private static ReleaseBundle parse(String json) {
        return ReleaseBundle.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void isReadAsItWasWritten() {
        ReleaseBundle read = parse(JSON);
        assertThat(read.bytes()).isEqualTo(BUNDLE.bytes());
        assertThat(read.logged()).isEqualTo(BUNDLE.logged());
        assertThat(read.certificate()).isEqualTo(BUNDLE.certificate());
    }

    @Test
    void thePublishersPartIsWithoutWhatTheRegistryAdds() {
        ReleaseBundle part = ReleaseBundle.parse(BUNDLE.publisherPart());
        assertThat(part.logged()).isEmpty();
        assertThat(part.timeStamps()).isEmpty();
        assertThat(part.publisherDigest()).isEqualTo(BUNDLE.publisherDigest());
        assertThat(part.bytes()).isEqualTo(BUNDLE.publisherPart());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bundle.v0.3+json|bundle.v0.2+json",
                "\"mediaType\"|\"more\":1,\"mediaType\"",
                "\"mediaType\"|\"mediaType\":\"x\",\"mediaType\"",
                "\"certificate\":{|\"certificate\":{\"x\":1,",
                "\"tlogEntries\":[|\"tlogEntries\":[{},",
                "\"tlogEntries\":[|\"tlogEntries\":[5,",
                "\"kind\":\"dsse\"|\"kind\":7",
                "\"logIndex\":\"1\"|\"logIndex\":1",
                "\"logIndex\":\"1\"|\"logIndex\":\"01\"",
                "\"logIndex\":\"1\"|\"logIndex\":\"-1\"",
                "\"hashes\":[\"|\"hashes\":[\"A",
                "\"dsseEnvelope\":{|\"dsseEnvelop\":{",
                "\"rawBytes\":\"MI|\"rawBytes\":\"MA",
                "\"rawBytes\":\"MI|\"rawBytes\":\"M=",
                "\"signedTimestamp\":\"|\"signedTimestamp\":\"=",
                "\"rfc3161Timestamps\":[|\"rfc3161Timestamps\":[{\"signedTimestamp\":\"AA==\"},"
                        + "{\"signedTimestamp\":\"AA==\"},{\"signedTimestamp\":\"AA==\"},{\"signedTimestamp\":\"AA==\"},"
            })
    void refuses(String what, String by) {
        assertThat(JSON).contains(what);
        assertThatIllegalArgumentException().isThrownBy(() -> parse(JSON.replace(what, by)));
    }

    @Test
    void refusesWhatIsTooLongOrTooDeepOrNoJson() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse(JSON + " ".repeat(ReleaseBundle.MAX_BYTES)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> parse("{\"a\":" + "[".repeat(40) + "]".repeat(40) + "}"));
        assertThatIllegalArgumentException().isThrownBy(() -> parse(JSON + "{}"));
        assertThatIllegalArgumentException().isThrownBy(() -> parse("nothing"));
    }
}
