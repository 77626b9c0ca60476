package dev.modunest.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.PluginId;

import io.vertx.core.MultiMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;

final class PurgesTest {

    private static final String A = "/index/acme/a";
    private static final String B = "/index/acme/b";

    private final Purges purges = new Purges(1, 1000, 0);

    @Test
    void aChangeOutdatesWhatShowsLess() {
        Stamp before = begin(A);
        change("acme/a", 1);
        assertThat(purges.isCurrent(before, 0)).isFalse();
        assertThat(purges.isCurrent(before.showing(1), 1)).isTrue();
        assertThat(purges.isCurrent(begin(B), 1)).isTrue();
        assertThat(begin(A).serial()).isOne();
    }

    @Test
    void whatIsForgottenCountsForAll() {
        Stamp other = begin("/index/acme/c");
        change("acme/a", 1);
        assertThat(purges.isCurrent(other, 0)).isTrue();
        change("acme/b", 2);
        assertThat(purges.isCurrent(other, 0)).isFalse();
        assertThat(purges.isCurrent(begin(A).showing(0), 0)).isFalse();
        assertThat(purges.isCurrent(begin(A), 0)).isTrue();
    }

    @Test
    void moreThanIsKnownIsNotPromised() {
        change("acme/a", 1);
        assertThat(purges.isCurrent(begin(A), 2)).isFalse();
        assertThat(purges.isCurrent(begin(A).showing(2), 2)).isTrue();
    }

    @Test
    void aResetOutdatesWhatBeganBefore() {
        change("acme/a", 9);
        Stamp before = begin(A).showing(9);
        purges.reset(5);
        assertThat(purges.isCurrent(before, 0)).isFalse();
        assertThat(purges.applied()).isEqualTo(5);
        assertThat(purges.isCurrent(begin(A), 5)).isTrue();
        assertThat(purges.isCurrent(begin(A), 9)).isFalse();
    }

    @Test
    void aPurgeByNameIsForFetchesFromBefore() {
        ResponseHead before = head(A);
        purges.purge(purge(A));
        assertThat(purges.isPurged(A, before)).isTrue();
        assertThat(purges.isPurged(B, before)).isFalse();
        assertThat(purges.isPurged(A, head(A))).isFalse();
        assertThat(purges.isCurrent(before.stamp(), 0)).isTrue();
    }

    @Test
    void whatBeganBeforeAForgottenPurgeIsPurged() {
        ResponseHead before = head(A);
        purges.purge(purge(B + "x".repeat(400)));
        assertThat(purges.isPurged(A, before)).isFalse();
        purges.purge(purge(B));
        assertThat(purges.isPurged(A, before)).isTrue();
        assertThat(purges.isPurged(A, head(A))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/index/acme/a",
                "/index/acme/a?x=1",
                "/api/v1/plugins/acme/a",
                "/api/v1/plugins/acme/a/1.0.0-rc.1",
                "/artifacts/acme/a/1.0.0/a-1.0.0.jar.sigstore.json",
            })
    void theseAreAboutOnePlugin(String uri) {
        assertThat(DocumentScope.of(uri))
                .isEqualTo(new DocumentScope.OfPlugin(PluginId.parse("acme/a")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/plugins",
                "/api/v1/plugins?q=acme/a",
                "/index/%61cme/a",
                "/index/acme/../a",
                "/index/acme/a/",
                "/api/v1/plugins/acme/a/dependents",
                "/api/v1/plugins/acme/a/..",
                "/api/v1/plugins/acme/a/1.0.0/../../b",
                "/api/v1/plugins/acme/a/1%2e0",
                "/api/v1/plugins/acme/a/",
                "/attest/sha256/0a",
                "/log/2026/../../index/acme/a",
                "/log/2026/%2e%2e/checkpoint",
                "/tuf/timestamp.json?x=1",
                "/artifacts/acme/a/../b.jar.sigstore.json",
            })
    void anyChangeMayBeAboutThese(String uri) {
        assertThat(DocumentScope.of(uri)).isEqualTo(DocumentScope.ANY_CHANGE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/log/2026/checkpoint",
                "/log/2026/tile/0/x001/000.p/7",
                "/tuf/timestamp.json",
                "/pki/i1.crl"
            })
    void noChangeOutdatesTheseBeforeTheirTime(String uri) {
        assertThat(DocumentScope.of(uri)).isEqualTo(DocumentScope.NAMED);
    }

    private static NamedPurge purge(String uri) {
        return new NamedPurge(Set.of(uri), new TreeSet<>(), Set.of(), Set.of(), false);
    }

    private ResponseHead head(String uri) {
        MultiMap none = MultiMap.caseInsensitiveMultiMap();
        Freshness freshness = Freshness.untilRemoved(Instant.EPOCH);
        return ResponseHead.of(200, none, none, freshness, begin(uri));
    }

    private Stamp begin(String uri) {
        return purges.begin(DocumentScope.of(uri));
    }

    private void change(String plugin, long serial) {
        purges.changed(PluginId.parse(plugin), serial);
        purges.applied(serial);
    }
}
