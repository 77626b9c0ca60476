package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.Map;

/** Limits on how often an account publishes. */
class RateLimitIT {

    @Test
    void pastTheLimitAnAccountIsToldWhenToComeBackAndOthersGoOn() {
        try (TestRegistry registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_LIMITS_PUBLISH_RATE", "1",
                                "MODUNEST_LIMITS_PUBLISH_BURST", "2"))) {
            HttpResponse<byte[]> first =
                    registry.publish("acme/a@1.0.0", TestJars.library("acme/a@1.0.0"));
            HttpResponse<byte[]> refused =
                    registry.publish("acme/b@1.0.0", TestJars.library("acme/c@1.0.0"));

            assertThat(first.statusCode()).isEqualTo(201);
            assertThat(first.headers().firstValue("RateLimit-Policy"))
                    .hasValue("\"publish\";q=2;w=2");
            assertThat(first.headers().firstValue("RateLimit").orElseThrow())
                    .startsWith("\"publish\";r=1;t=");
            assertThat(refused.statusCode()).isEqualTo(422);
            assertThat(refused.headers().firstValue("RateLimit")).isPresent();

            HttpResponse<byte[]> limited = refused;
            for (int i = 0; i < 50 && limited.statusCode() != 429; i++) {
                limited = registry.publish("acme/b@1.0.0", TestJars.library("acme/c@1.0.0"));
            }
            TestRegistry.assertProblem(limited, 429, "rate-limited", "try again in 1 seconds");
            assertThat(limited.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(limited.headers().firstValue("RateLimit").orElseThrow())
                    .startsWith("\"publish\";r=0;t=");
            String other = registry.newAccount("other");
            assertThat(
                            registry.publishAs(
                                            other, "else/a@1.0.0", TestJars.library("else/a@1.0.0"))
                                    .statusCode())
                    .isEqualTo(201);
        }
    }
}
