package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.MultiMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CdnLoopTest {

    private final CdnLoop loop = new CdnLoop("edge-1.example.org:8081");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "edge-1.example.org:8081",
                "other, edge-1.example.org:8081",
                "EDGE-1.example.org:8081 ; v=1",
                "a;x=\"q, \\\" ;\",edge-1.example.org:8081;y=2",
            })
    void requestThatHasPassedIsKnown(String value) {
        assertThat(loop.isIn(headers(value))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "edge-1.example.org",
                "edge-1.example.org:80810",
                "other;by=edge-1.example.org:8081",
                "other;x=\", edge-1.example.org:8081\"",
            })
    void otherRequestsAreNot(String value) {
        assertThat(loop.isIn(headers(value))).isFalse();
    }

    @Test
    void everyLineIsLookedAt() {
        assertThat(loop.isIn(headers("a").add(CdnLoop.HEADER, loop.id()))).isTrue();
        assertThat(loop.isIn(MultiMap.caseInsensitiveMultiMap())).isFalse();
    }

    @Test
    void edgeIsAddedBehindThoseBeforeIt() {
        MultiMap headers = headers("a");
        loop.addTo(headers);
        assertThat(headers.getAll(CdnLoop.HEADER)).containsExactly("a", loop.id());
    }

    @Test
    void nameOfTheHostBecomesAnId() {
        assertThat(CdnLoop.ofHost("Edge_1", ":80").id()).isEqualTo("edge-1:80");
        assertThat(CdnLoop.ofHost("", "-0f").id()).isEqualTo("-0f");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a:b", "a;b"})
    void whatIsNoIdIsRefused(String id) {
        assertThatThrownBy(() -> new CdnLoop(id)).isInstanceOf(IllegalArgumentException.class);
    }

    private static MultiMap headers(String value) {
        return MultiMap.caseInsensitiveMultiMap().add(CdnLoop.HEADER, value);
    }
}
