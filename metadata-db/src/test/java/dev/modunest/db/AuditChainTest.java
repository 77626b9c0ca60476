package dev.modunest.db;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.AuditFault.Kind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Of lines in a file, which begin anywhere and may stand in any order. */
class AuditChainTest {

    private static final Instant NOW = Instant.parse("2026-11-01T10:00:00Z");

    private static List<ObjectNode> chain(int length) {
        List<ObjectNode> entries = new ArrayList<>();
        AuditHead head = AuditHead.EMPTY;
        for (int i = 0; i < length; i++) {
            ObjectNode entry =
                    AuditJson.chained(
                            new AuditEntry(
                                    NOW,
                                    Actor.OPERATOR,
                                    "release.yanked",
                                    "acme/p" + i,
                                    Optional.empty(),
                                    Optional.empty(),
                                    "{}"),
                            head);
            entries.add(entry);
            head = headOf(entry);
        }
        return entries;
    }

    private static AuditHead headOf(ObjectNode entry) {
        return new AuditHead(entry.get("sequence").asLong(), entry.get("hash").asText());
    }

    private static Optional<AuditFault> walk(List<ObjectNode> lines, Optional<AuditHead> noted) {
        AuditChain chain = new AuditChain(Optional.empty(), noted, false);
        for (ObjectNode line : lines) {
            assertThat(AuditChain.isEntry(line)).isTrue();
            Optional<AuditFault> fault = chain.add(line);
            if (fault.isPresent()) {
                return fault;
            }
        }
        return chain.finish(Optional.empty());
    }

    private static void assertFault(List<ObjectNode> lines, Kind kind, long sequence) {
        assertThat(walk(lines, Optional.empty()))
                .hasValueSatisfying(
                        fault -> {
                            assertThat(fault.kind()).isEqualTo(kind);
                            assertThat(fault.sequence()).isEqualTo(sequence);
                        });
    }

    @Test
    void aPartOfTheChainIsIntact() {
        AuditChain chain = new AuditChain(Optional.empty(), Optional.empty(), false);
        chain(9).subList(3, 7).forEach(entry -> assertThat(chain.add(entry)).isEmpty());
        assertThat(chain.finish(Optional.empty())).isEmpty();
        assertThat(chain.first()).isEqualTo(4);
        assertThat(chain.entries()).isEqualTo(4);
        assertThat(chain.last()).isEqualTo(headOf(chain(9).get(6)));
        assertThat(chain.expired()).isZero();
    }

    @Test
    void linesInAnotherOrderAreFound() {
        List<ObjectNode> lines = chain(6);
        lines.add(2, lines.remove(3));
        assertFault(lines, Kind.REORDERED, 3);
    }

    @Test
    void aLineTwiceIsFound() {
        List<ObjectNode> lines = chain(6);
        lines.add(3, lines.get(2));
        assertFault(lines, Kind.REPEATED, 3);
    }

    @Test
    void aMissingLineIsFoundAtTheEndToo() {
        List<ObjectNode> lines = chain(6);
        lines.remove(4);
        assertFault(lines, Kind.MISSING, 5);
        lines.add(chain(7).getLast());
        assertFault(lines, Kind.MISSING, 5);
    }

    @Test
    void anEntryFarFromItsPlaceIsChanged() {
        List<ObjectNode> lines = chain(3);
        lines.get(1).put("sequence", 2_000);
        assertFault(lines, Kind.CHANGED, 2_000);
    }

    @Test
    void theNotedHeadIsCompared() {
        List<ObjectNode> lines = chain(6);
        AuditHead third = headOf(lines.get(2));
        assertThat(walk(lines, Optional.of(third))).isEmpty();
        assertThat(walk(lines.subList(3, 6), Optional.of(third)))
                .hasValueSatisfying(fault -> assertThat(fault.kind()).isEqualTo(Kind.NOT_COMPARED));
        assertThat(walk(lines.subList(0, 2), Optional.of(third)))
                .hasValueSatisfying(fault -> assertThat(fault.kind()).isEqualTo(Kind.TRUNCATED));
        assertThat(walk(lines, Optional.of(new AuditHead(3, "ab".repeat(32)))))
                .hasValueSatisfying(
                        fault -> assertThat(fault.kind().code()).isEqualTo("rewritten"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{}",
                "{\"sequence\": 0, \"previous_hash\": \"\", \"hash\": \"\"}",
                "{\"sequence\": 1, \"hash\": \"\"}",
                "{\"sequence\": 1, \"previous_hash\": \"\"}",
                "{\"sequence\": \"1\", \"previous_hash\": \"\", \"hash\": \"\"}"
            })
    void whatIsNoEntryIsTold(String line) throws Exception {
        assertThat(AuditChain.isEntry(new ObjectMapper().readTree(line))).isFalse();
    }

    @Test
    void theHashIsThatOfTheFormatsExample() throws Exception {
        ObjectNode example =
                (ObjectNode)
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"account":"alice","account_id":7,"action":"release.yanked","at":"2026-11-01T10:00:00.123456Z",
                                         "detail":{"address":"192.0.2.1"},"previous_hash":"0000000000000000000000000000000000000000000000000000000000000000",
                                         "reason":"loses data","request_id":"0c9f3c52","sequence":1,"subject":"acme/markdown@1.2.3"}
                                        """);
        assertThat(AuditJson.hash(example))
                .isEqualTo("81e09719ff106e0773b3cd98b25b7032d3c5dc096260bff271e9f2e887813033");
    }
}
