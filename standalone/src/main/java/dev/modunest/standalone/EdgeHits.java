package dev.modunest.standalone;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many of an edge's artifact requests it answered by itself, read from its metrics. */
final class EdgeHits {

    private static final Pattern REQUESTS =
            Pattern.compile(
                    "modunest_edge_requests_total\\{route=\"artifact\",cache=\"([^\"]*)\",[^}]*} ([0-9.E]+)");

    private static final long MAX_METRICS_BYTES = 16 << 20;

    private EdgeHits() {}

    /** Between 0 and 1; 0 before the first request. */
    static double ratio(URI edge) {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(edge.resolve("/metrics"))
                            .timeout(Duration.ofSeconds(10))
                            .build();
            return ratio(
                    http.send(
                                    request,
                                    HttpResponse.BodyHandlers.limiting(
                                            HttpResponse.BodyHandlers.ofString(),
                                            MAX_METRICS_BYTES))
                            .body());
        } catch (IOException failed) {
            throw new StandaloneException("the edge's metrics cannot be read: " + failed, failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StandaloneException("interrupted while metrics were read", interrupted);
        }
    }

    static double ratio(String metrics) {
        double all = 0;
        double hits = 0;
        Matcher line = REQUESTS.matcher(metrics);
        while (line.find()) {
            double count = Double.parseDouble(line.group(2));
            all += count;
            hits += line.group(1).equals("hit") ? count : 0;
        }
        return all == 0 ? 0 : hits / all;
    }
}
