package dev.modunest.edge.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

final class FreshnessTest {

    private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");
    private static final Duration NEGATIVE = Duration.ofSeconds(1);

    @Test
    void lifetimeIsFollowedByItsGraces() {
        Freshness freshness =
                of(200, "max-age=5, stale-while-revalidate=30, stale-if-error=60").orElseThrow();
        assertThat(freshness.decide(NOW.plusSeconds(4))).isEqualTo(CacheDecision.FRESH);
        assertThat(freshness.decide(NOW.plusSeconds(5)))
                .isEqualTo(CacheDecision.SERVE_AND_REVALIDATE);
        assertThat(freshness.decide(NOW.plusSeconds(35))).isEqualTo(CacheDecision.REVALIDATE);
        assertThat(freshness.servableOnError(NOW.plusSeconds(64))).isTrue();
        assertThat(freshness.servableOnError(NOW.plusSeconds(65))).isFalse();
    }

    @Test
    void sharedLifetimeWinsAndForbidsStaleness() {
        Freshness freshness = of(200, "max-age=5, s-maxage=\"7\", stale-if-error=60").orElseThrow();
        assertThat(freshness.lifetime()).isEqualTo(Duration.ofSeconds(7));
        assertThat(freshness.servableOnError(NOW.plusSeconds(8))).isFalse();
    }

    @Test
    void ageOfAnotherCacheCounts() {
        MultiMap headers = headers("max-age=5").add("Age", "3");
        Freshness freshness = of(200, headers).orElseThrow();
        assertThat(freshness.ageSeconds(NOW)).isEqualTo(3);
        assertThat(freshness.decide(NOW.plusSeconds(2))).isEqualTo(CacheDecision.REVALIDATE);
        assertThat(Freshness.age(headers(""))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "no-store, max-age=5", "private", "no-cache", "max-age=x", "max-age"})
    void responseWithoutLeaveIsNotStored(String control) {
        assertThat(of(200, control)).isEmpty();
    }

    @Test
    void otherStatusIsNotStored() {
        assertThat(of(206, "max-age=5")).isEmpty();
        assertThat(of(301, "max-age=5")).isEmpty();
    }

    @Test
    void negativeAnswerLivesShortly() {
        assertThat(of(404, "").orElseThrow().lifetime()).isEqualTo(NEGATIVE);
        assertThat(of(404, "max-age=60").orElseThrow().lifetime()).isEqualTo(NEGATIVE);
        assertThat(of(410, "max-age=0")).isEmpty();
        assertThat(of(404, "no-store")).isEmpty();
        assertThat(Freshness.negative(headers("no-store"), NOW, NEGATIVE).lifetime()).isZero();
    }

    @Test
    void absurdTimesAreCapped() {
        assertThat(of(200, "max-age=99999999999999999999").orElseThrow().lifetime())
                .isEqualTo(Duration.ofSeconds(Integer.MAX_VALUE));
    }

    private static Optional<Freshness> of(int status, String control) {
        return of(status, headers(control));
    }

    private static Optional<Freshness> of(int status, MultiMap headers) {
        return Freshness.of(
                CachePolicy.registry(NEGATIVE, Duration.ZERO),
                status,
                headers,
                false,
                Freshness.Received.at(NOW));
    }

    private static MultiMap headers(String control) {
        return MultiMap.caseInsensitiveMultiMap().add("Cache-Control", control);
    }
}
