package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.modunest.format.Digest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** GET /api/v1/events. */
class EventsIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String END = "end";

    private static TestRegistry registry;
    private static byte[] first;

    @BeforeAll
    static void start() {
        registry =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_SERIAL_HEARTBEAT", "50ms",
                                "MODUNEST_SERIAL_MAX_WAIT", "200ms",
                                "MODUNEST_SERIAL_KEPT", "3",
                                "MODUNEST_SERIAL_MAX_STREAMS", "2"));
        first = registry.published("acme/markdown@1.0.0");
        registry.published("acme/markdown@1.1.0");
        Awaiting.until(
                () ->
                        registry.get("/api/v1/plugins")
                                .headers()
                                .firstValue("Registry-Serial")
                                .equals(java.util.Optional.of("2")));
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    /** One event: its lines. */
    private record Event(List<String> lines) {

        String field(String name) {
            return lines.stream()
                    .filter(line -> line.startsWith(name + ": "))
                    .map(line -> line.substring(name.length() + 2))
                    .findFirst()
                    .orElse("");
        }

        JsonNode data() throws IOException {
            return JSON.readTree(field("data"));
        }
    }

    /** An open stream, read by a thread of its own. */
    private static final class Stream implements AutoCloseable {

        private final HttpClient http = HttpClient.newHttpClient();
        private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
        private final InputStream body;
        private final HttpResponse<InputStream> response;

        Stream(TestRegistry from, String query, String... headers) throws Exception {
            HttpRequest.Builder request = from.request("/api/v1/events" + query);
            response =
                    http.send(
                            (headers.length == 0 ? request : request.headers(headers)).build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            body = response.body();
            Thread.ofVirtual().start(this::read);
        }

        private void read() {
            List<String> lines = new ArrayList<>();
            try (BufferedReader in =
                    new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (line.isEmpty()) {
                        events.add(new Event(List.copyOf(lines)));
                        lines.clear();
                    } else {
                        lines.add(line);
                    }
                }
                events.add(new Event(List.of("event: " + END)));
            } catch (IOException cut) {
                events.add(new Event(List.of("event: cut " + cut)));
            }
        }

        Event next() throws InterruptedException {
            Event event = events.poll(30, TimeUnit.SECONDS);
            assertThat(event).isNotNull();
            return event;
        }

        Event next(String kind) throws InterruptedException {
            Event event = next();
            while (!event.field("event").equals(kind)) {
                assertThat(event.field("event")).isEqualTo("serial");
                event = next();
            }
            return event;
        }

        @Override
        public void close() throws IOException {
            body.close();
            http.shutdownNow();
            http.close();
        }
    }

    @Test
    void tellsTheBacklogThenTheSerialThenWhatHappens() throws Exception {
        try (TestRegistry fresh = TestRegistry.start()) {
            byte[] jar = fresh.published("acme/markdown@1.0.0");
            fresh.get("/api/v1/plugins", "Registry-Min-Serial", "1");
            try (Stream stream = new Stream(fresh, "?since=0")) {
                Event published = stream.next();
                assertThat(published.field("id")).isEqualTo("1");
                assertThat(published.field("event")).isEqualTo("release.published");
                JsonNode data = published.data();
                assertThat(data.get("serial").asLong()).isEqualTo(1);
                assertThat(data.get("plugin").asText()).isEqualTo("acme/markdown");
                assertThat(data.get("coordinate").asText()).isEqualTo("acme/markdown@1.0.0");
                assertThat(data.get("digest").asText()).isEqualTo(Digest.ofBytes(jar).toString());
                assertThat(data.has("at")).isTrue();
                assertThat(stream.next().lines())
                        .containsExactly("event: serial", "data: {\"serial\":1}");

                fresh.published("acme/markdown@2.0.0");

                assertThat(stream.next("release.published").field("id")).isEqualTo("2");
            }
        }
    }

    @Test
    void answersAsAnEventStreamThatIsNotKept() throws Exception {
        try (Stream stream = new Stream(registry, "")) {
            assertThat(stream.response.headers().firstValue("Content-Type"))
                    .hasValue("text/event-stream");
            assertThat(stream.response.headers().firstValue("Cache-Control")).hasValue("no-store");
            assertThat(stream.next().field("event")).isEqualTo("serial");
            assertThat(stream.next().field("event")).isEqualTo("serial");
        }
        assertThat(registry.head("/api/v1/events").statusCode()).isEqualTo(200);
    }

    @Test
    void continuesAfterTheLastEventThatAClientHas() throws Exception {
        try (Stream stream = new Stream(registry, "", "Last-Event-ID", "1")) {
            assertThat(stream.next("release.published").field("id")).isEqualTo("2");
        }
        assertThat(first).isNotEmpty();
    }

    @Test
    void aClientThatIsAheadBeginsAnew() throws Exception {
        try (Stream stream = new Stream(registry, "?since=900")) {
            assertThat(stream.next().lines())
                    .containsExactly("event: reset", "data: {\"serial\":2}");
            assertThat(stream.next().field("event")).isEqualTo("serial");
        }
    }

    @Test
    void aClientWhoseLastEventIsAnotherHereBeginsAnew() throws Exception {
        try (TestRegistry own = TestRegistry.start()) {
            own.published("acme/markdown@1.0.0");
            own.published("acme/markdown@1.1.0");
            own.get("/api/v1/plugins", "Registry-Min-Serial", "2");
            String at;
            try (Stream stream = new Stream(own, "?since=0")) {
                at = stream.next("release.published").data().get("at").asText();
            }
            try (Stream stream = new Stream(own, "?since=1&at=" + at)) {
                assertThat(stream.next("release.published").field("id")).isEqualTo("2");
            }
            // As after a recovery to an earlier time, with a change under the same number since.
            try (Stream stream = new Stream(own, "?since=1&at=2020-01-01T00:00:00Z")) {
                assertThat(stream.next().lines())
                        .containsExactly("event: reset", "data: {\"serial\":2}");
                assertThat(stream.next().field("event")).isEqualTo("serial");
            }
            TestRegistry.assertProblem(
                    own.get("/api/v1/events?since=1&at=x"), 400, "parameter-invalid", "at is a");
        }
    }

    @Test
    void aClientThatIsTooFarBehindBeginsAnew() throws Exception {
        try (TestRegistry small = TestRegistry.start(Map.of("MODUNEST_SERIAL_KEPT", "1"))) {
            small.published("acme/markdown@1.0.0");
            small.published("acme/markdown@1.1.0");
            try (Stream stream = new Stream(small, "?since=2")) {
                assertThat(stream.next("serial").data().get("serial").asLong()).isEqualTo(2);
            }
            try (Stream stream = new Stream(small, "?since=0")) {
                assertThat(stream.next().lines())
                        .containsExactly("event: reset", "data: {\"serial\":2}");
            }
        }
    }

    @Test
    void aStreamBeginsAnewWhenTheSerialsDo() throws Exception {
        try (TestRegistry moved = TestRegistry.start();
                Stream stream = new Stream(moved, "")) {
            assertThat(stream.next("serial").data().get("serial").asLong()).isZero();
            // As after a recovery to an earlier point in time.
            moved.execute("update registry_serial set value = 1000000");
            assertThat(stream.next("reset").data().get("serial").asLong()).isEqualTo(1_000_000);
            moved.published("acme/markdown@1.0.0");
            assertThat(stream.next("release.published").field("id")).isEqualTo("1000001");
        }
    }

    @Test
    void tellsThatItDoesNotKnowWhileTheDatabaseIsAway() throws Exception {
        try (TestRegistry alone =
                        TestRegistry.start(
                                Map.of(
                                        "MODUNEST_SERIAL_HEARTBEAT", "50ms",
                                        "MODUNEST_SERIAL_CHECK", "50ms"));
                Stream stream = new Stream(alone, "")) {
            stream.next("serial");
            TestBackends.setReachable(alone.database(), false);
            Event event = stream.next();
            while (event.field("event").equals("serial")) {
                event = stream.next();
            }
            assertThat(event.lines()).containsExactly(": waiting");
            TestBackends.setReachable(alone.database(), true);
            while (event.lines().equals(List.of(": waiting"))) {
                event = stream.next();
            }
            assertThat(event.field("event")).isEqualTo("serial");
        }
    }

    @Test
    void theNumberOfStreamsIsBounded() throws Exception {
        try (TestRegistry one = TestRegistry.start(Map.of("MODUNEST_SERIAL_MAX_STREAMS", "1"))) {
            try (Stream stream = new Stream(one, "")) {
                stream.next("serial");
                HttpResponse<byte[]> response = one.get("/api/v1/events");
                TestRegistry.assertProblem(
                        response, 503, "overloaded", "1 event streams are being served");
                assertThat(response.headers().firstValue("Retry-After")).isPresent();
            }
        }
    }

    @Test
    void oneClientTakesNoMoreThanItsShareOfTheStreams() throws Exception {
        try (TestRegistry shared =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_SERIAL_MAX_STREAMS", "3",
                                "MODUNEST_SERIAL_MAX_STREAMS_PER_CLIENT", "2"))) {
            String[] client = {"X-Forwarded-For", "192.0.2.1"};
            try (Stream first = new Stream(shared, "", client);
                    Stream second = new Stream(shared, "", client)) {
                first.next("serial");
                second.next("serial");

                TestRegistry.assertProblem(
                        shared.get("/api/v1/events", client), 429, "queue-full", "2 event streams");
                try (Stream other = new Stream(shared, "", "X-Forwarded-For", "192.0.2.2")) {
                    other.next("serial");
                }
            }
        }
    }

    @Test
    void streamsOfEdgesAreNotTakenByOthers() throws Exception {
        try (TestRegistry shared =
                TestRegistry.start(
                        Map.of(
                                "MODUNEST_SERIAL_MAX_STREAMS", "0",
                                "MODUNEST_SERIAL_MAX_EDGE_STREAMS", "1",
                                "MODUNEST_DOWNLOADS_TOKEN", "shared-by-edges-0"))) {
            String[] edge = {"Authorization", "Bearer shared-by-edges-0"};
            String[] other = {"Authorization", "Bearer " + shared.token()};
            try (Stream stream = new Stream(shared, "", edge)) {
                stream.next("serial");
                assertThat(shared.metric("modunest_event_streams{state=\"edges\",} 1.0")).isTrue();
                TestRegistry.assertProblem(
                        shared.get("/api/v1/events", edge), 503, "overloaded", "streams of edges");
            }
            TestRegistry.assertProblem(
                    shared.get("/api/v1/events", other), 503, "overloaded", "0 event streams");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"?since=x", "?since=-1"})
    void refusesASerialThatIsNone(String query) {
        TestRegistry.assertProblem(
                registry.get("/api/v1/events" + query), 400, "parameter-invalid", "since is a");
    }

    @Test
    void aStreamEndsWithTheServer() throws Exception {
        Stream stream;
        try (TestRegistry ending = TestRegistry.start()) {
            stream = new Stream(ending, "");
            stream.next("serial");
        }
        try (stream) {
            assertThat(stream.next(END).field("event")).isEqualTo(END);
        }
    }
}
