package dev.modunest.format.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Digest;
import dev.modunest.format.PluginId;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

class ResolveJsonTest {

    private static final String DIGEST = Digest.ofBytes(new byte[0]).toString();

    @Test
    void anIndexLineHasTheDocumentedShape() {
        IndexEntry entry =
                Index.entry(
                        "acme/markdown@1.2.3",
                        Optional.of(dev.modunest.format.VersionRange.parse(">=1.0.0")),
                        false,
                        "acme/x ^1.0.0",
                        "?acme/y *");

        String line = ResolveJson.indexLine(entry);

        assertThat(line)
                .isEqualTo(
                        "{\"coordinate\":\"acme/markdown@1.2.3\",\"digest\":\""
                                + entry.digest()
                                + "\",\"size\":19,\"requires\":["
                                + "{\"plugin\":\"acme/x\",\"range\":\"^1.0.0\",\"optional\":false},"
                                + "{\"plugin\":\"acme/y\",\"range\":\"*\",\"optional\":true}],"
                                + "\"host\":\">=1.0.0\",\"status\":\"live\"}");
        assertThat(ResolveJson.readIndex("\n" + line + "\r\n \n" + line))
                .containsExactly(entry, entry);
    }

    @Test
    void anIndexLineTellsWhatBecameOfTheRelease() {
        IndexEntry live = Index.entry("acme/markdown@1.2.3", Optional.empty(), false);
        IndexEntry entry =
                new IndexEntry(
                        live.coordinate(),
                        live.digest(),
                        live.size(),
                        List.of(),
                        Optional.empty(),
                        new ReleaseStatus(
                                ReleaseStatus.State.QUARANTINED,
                                Optional.of("malware"),
                                Optional.of(
                                        new ReleaseStatus.Deprecation(
                                                "unmaintained",
                                                Optional.of(PluginId.parse("acme/y"))))),
                        Optional.of(Instant.parse("2026-11-01T10:00:00Z")));

        String line = ResolveJson.indexLine(entry);

        assertThat(line)
                .endsWith(
                        "\"published_at\":\"2026-11-01T10:00:00Z\",\"status\":\"quarantined\","
                                + "\"reason\":\"malware\","
                                + "\"deprecated\":{\"reason\":\"unmaintained\",\"replacement\":\"acme/y\"}}");
        assertThat(ResolveJson.readIndex(line)).containsExactly(entry);
        assertThatThrownBy(() -> ResolveJson.readIndex(line.replace("quarantined", "lost")))
                .hasMessageContaining("'lost' is not a status");
        assertThatThrownBy(() -> ResolveJson.readIndex(line.replace("2026-11-01T10", "soon")))
                .hasMessageContaining("is not a time");
        assertThatThrownBy(
                        () ->
                                new ReleaseStatus(
                                        ReleaseStatus.State.DELETED,
                                        Optional.empty(),
                                        Optional.empty()))
                .hasMessageContaining("has a reason");
    }

    @Test
    void anIndexIsReadLeniently() {
        String line =
                "{\"coordinate\":\"a/b@1.0.0\",\"digest\":\""
                        + DIGEST
                        + "\",\"size\":1,\"new\":{}}";

        IndexEntry entry = ResolveJson.readIndex(line).getFirst();

        assertThat(entry.requires()).isEmpty();
        assertThat(entry.host()).isEmpty();
        assertThat(entry.yanked()).isFalse();
    }

    @Test
    void aBadIndexLineIsNamed() {
        String good = "{\"coordinate\":\"a/b@1.0.0\",\"digest\":\"" + DIGEST + "\",\"size\":1}\n";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readIndex(good + "{\"coordinate\":1}"))
                .withMessage("index line 2: /coordinate must be a string");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readIndex(good + good + "nonsense"))
                .withMessageStartingWith("index line 3: this is not JSON");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readIndex(good.replace(":1}", ":-1}")))
                .withMessageContaining("/size must be a whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ResolveJson.readIndex("[]"))
                .withMessageContaining("the document must be a JSON object");
    }
}
