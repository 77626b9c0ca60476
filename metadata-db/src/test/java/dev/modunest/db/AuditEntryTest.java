package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.Optional;

class AuditEntryTest {

    private static final Account ALICE = new Account(7, "alice", false);

    private static AuditEntry entry(String subject, String detail) {
        return new AuditEntry(
                Instant.parse("2026-11-01T10:00:00.123456789Z"),
                ALICE,
                "signin.failed",
                subject,
                Optional.of("half \ud800"),
                Optional.of("nul \0"),
                detail);
    }

    @Test
    void whatNobodyCanKeepOfAStrangersTextIsReplaced() {
        AuditEntry entry =
                entry("a\0b\udc00\ud83d\ude00", "{\"a\\u0000\": [\"\\ud800\", 1, null]}");
        assertThat(entry.subject()).isEqualTo("a\ufffdb\ufffd\ud83d\ude00");
        assertThat(entry.reason()).contains("half \ufffd");
        assertThat(entry.requestId()).contains("nul \ufffd");
        assertThat(entry.detail()).isEqualTo("{\"a\ufffd\":[\"\ufffd\",1,null]}");
        assertThat(new Actor(Optional.empty(), "\0").name()).isEqualTo("\ufffd");
    }

    @Test
    void theTimeIsKeptAsPostgresDoes() {
        assertThat(entry("x", "{}").at()).isEqualTo(Instant.parse("2026-11-01T10:00:00.123456Z"));
    }

    @Test
    void theAddressIsADetail() {
        assertThat(entry("x", "{\"size\": 7}").withAddress("2001:db8::1").detail())
                .isEqualTo("{\"size\":7,\"address\":\"2001:db8::1\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "", "{\"a\": 1.5}", "{\"a\": 9007199254740992}"})
    void aDetailIsAnObjectOfWhatHasOneForm(String detail) {
        assertThatIllegalArgumentException().isThrownBy(() -> entry("x", detail));
    }

    @Test
    void aHeadIsReadAsItIsWritten() {
        AuditHead head = new AuditHead(12, "ab".repeat(32));
        assertThat(AuditHead.parse(head.toString())).isEqualTo(head);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12", ":", "x:00", "1:00", "-1:0000"})
    void whatIsNoHeadIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuditHead.parse(text))
                .withMessageContaining("is not a head of the audit: SEQUENCE:HASH");
    }
}
