package dev.modunest.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EdgeHitsTest {

    @Test
    void countsArtifactsOnly() {
        assertThat(
                        EdgeHits.ratio(
                                """
                                # TYPE modunest_edge_requests_total counter
                                modunest_edge_requests_total{route="artifact",cache="hit",status="200",} 30.0
                                modunest_edge_requests_total{route="artifact",cache="miss",status="200",} 6.0
                                modunest_edge_requests_total{route="artifact",cache="collapsed",status="206",} 4.0
                                modunest_edge_requests_total{route="document",cache="hit",status="200",} 99.0
                                """))
                .isEqualTo(0.75);
    }

    @Test
    void isNothingBeforeTheFirstRequest() {
        assertThat(EdgeHits.ratio("")).isZero();
    }
}
