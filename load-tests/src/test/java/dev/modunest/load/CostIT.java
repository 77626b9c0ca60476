package dev.modunest.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

class CostIT {

    @Test
    void tellsTheCpuTimeThatTheServerCounts() throws Exception {
        try (FakeEdge edge = new FakeEdge(1);
                HttpClient client = HttpClient.newHttpClient()) {
            URI server = URI.create(edge.url());
            Cost cost = new Cost(server, 4);
            cost.begin();
            for (int i = 0; i < 4; i++) {
                client.send(
                        HttpRequest.newBuilder(server.resolve("/artifacts/sha256/" + edge.hex()))
                                .build(),
                        BodyHandlers.discarding());
            }
            assertThat(cost.end())
                    .hasValue(server + " used 0.40 s of CPU, 100.000 s per 1,000 requests");
        }
    }

    @Test
    void tellsNothingOfAServerThatCountsNone() throws Exception {
        try (FakeRegistry registry = new FakeRegistry(1)) {
            Cost cost = new Cost(URI.create(registry.url()), 4);
            cost.begin();
            assertThat(cost.end()).isEmpty();
        }
    }
}
