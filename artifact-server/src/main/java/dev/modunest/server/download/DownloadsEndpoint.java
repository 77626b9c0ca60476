package dev.modunest.server.download;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.db.DownloadStore;
import dev.modunest.db.DownloadStore.Count;
import dev.modunest.format.PluginId;
import dev.modunest.server.auth.EdgeToken;
import dev.modunest.server.connection.BodyStream;
import dev.modunest.server.problem.Answers;
import dev.modunest.server.problem.PathCoordinates;
import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/** Counts of downloads: what edges report, and what readers are told. */
public final class DownloadsEndpoint {

    private static final String CACHE_CONTROL = "public, max-age=60";
    private static final int DEFAULT_DAYS = 30;
    private static final int MAX_DAYS = 366;
    private static final int MAX_ROWS = 20_000;

    /** Counts that waited longer at an edge, or come from the day after tomorrow, are not kept. */
    private static final int OLDEST_DAYS = 60;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final DownloadsConfig config;
    private final EdgeToken edges;
    private final Database database;
    private final InstantSource clock;

    public DownloadsEndpoint(
            DownloadsConfig config, EdgeToken edges, Database database, InstantSource clock) {
        this.config = config;
        this.edges = edges;
        this.database = database;
        this.clock = clock;
    }

    /** {@code POST /api/v1/downloads}. */
    public void report(ServerRequest request, ServerResponse response) {
        requireEdge(request);
        DownloadReport report = read(request);
        Instant now = clock.instant();
        List<Count> plausible = plausible(report.counts(), today());
        boolean counted =
                database.inTransaction(
                        tx ->
                                tx.downloads()
                                        .add(report.source(), report.sequence(), plausible, now));
        ObjectNode answer = JSON.createObjectNode();
        answer.put("counted", counted);
        answer.put("left_out", report.counts().size() - plausible.size());
        response.header(HeaderNames.CACHE_CONTROL, "no-store");
        send(request, response, answer);
    }

    /** {@code GET /api/v1/plugins/{namespace}/{name}/downloads}. */
    public void plugin(ServerRequest request, ServerResponse response) {
        PluginId plugin = PathCoordinates.plugin(request);
        LocalDate to = day(request, "to").orElse(today());
        LocalDate from = day(request, "from").orElse(to.minusDays(DEFAULT_DAYS - 1L));
        long days = ChronoUnit.DAYS.between(from, to) + 1;
        if (days < 1 || days > MAX_DAYS) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID,
                    "from "
                            + from
                            + " to "
                            + to
                            + " are "
                            + days
                            + " days; ask for 1 to "
                            + MAX_DAYS);
        }
        if (database.read(tx -> tx.plugins().find(plugin)).isEmpty()) {
            throw new Rejection(
                    ProblemCode.PLUGIN_UNKNOWN,
                    "There is no plugin "
                            + plugin
                            + "; GET /api/v1/plugins?q= searches those there are");
        }
        List<DownloadStore.Day> found =
                database.read(tx -> tx.downloads().list(plugin, from, to, MAX_ROWS + 1));
        if (found.size() > MAX_ROWS) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID,
                    plugin
                            + " has more than "
                            + MAX_ROWS
                            + " counts from "
                            + from
                            + " to "
                            + to
                            + "; ask for fewer days");
        }
        response.header(HeaderNames.CACHE_CONTROL, CACHE_CONTROL);
        send(request, response, document(plugin, from, to, found));
    }

    private void requireEdge(ServerRequest request) {
        if (!edges.isOn(request)) {
            throw new Rejection(
                    ProblemCode.DOWNLOADS_REFUSED,
                    "Counts are taken from edges that have the downloads.token of this server; set the"
                            + " same value on both");
        }
    }

    private DownloadReport read(ServerRequest request) {
        try {
            return DownloadReport.read(body(request));
        } catch (IllegalArgumentException malformed) {
            throw new Rejection(
                    ProblemCode.DOWNLOADS_INVALID,
                    malformed.getMessage() + "; /openapi.yaml has the form of the report");
        }
    }

    private byte[] body(ServerRequest request) {
        int max = (int) config.maxBody().bytes();
        try (BodyStream in = new BodyStream(request)) {
            byte[] body = in.readNBytes(max + 1);
            if (body.length > max) {
                throw new Rejection(
                        ProblemCode.BODY_TOO_LARGE,
                        "The limit for a report is "
                                + max
                                + " bytes (downloads.max_body); report more often, or lower the edge's"
                                + " downloads.max_distinct");
            }
            return body;
        } catch (IOException impossible) {
            throw new UncheckedIOException("a body stream throws none", impossible);
        }
    }

    private static List<Count> plausible(List<Count> counts, LocalDate today) {
        return counts.stream()
                .filter(
                        count ->
                                !count.day().isAfter(today.plusDays(1))
                                        && !count.day().isBefore(today.minusDays(OLDEST_DAYS)))
                .toList();
    }

    private static Optional<LocalDate> day(ServerRequest request, String name) {
        if (!request.query().contains(name)) {
            return Optional.empty();
        }
        String text = request.query().get(name);
        try {
            return Optional.of(LocalDate.parse(text));
        } catch (DateTimeException malformed) {
            throw new Rejection(
                    ProblemCode.PARAMETER_INVALID,
                    name + " is '" + text + "'; write a day as 2026-11-24");
        }
    }

    private static ObjectNode document(
            PluginId plugin, LocalDate from, LocalDate to, List<DownloadStore.Day> found) {
        ObjectNode document = JSON.createObjectNode();
        document.put("plugin", plugin.toString());
        document.put("from", from.toString());
        document.put("to", to.toString());
        document.put("total", found.stream().mapToLong(DownloadStore.Day::count).sum());
        ArrayNode days = document.putArray("days");
        String last = "";
        for (DownloadStore.Day each : found) {
            String day = each.day().toString();
            if (!day.equals(last)) {
                days.addObject().put("day", day).putObject("versions");
                last = day;
            }
            ((ObjectNode) days.get(days.size() - 1).get("versions"))
                    .put(each.version().toString(), each.count());
        }
        return document;
    }

    private static void send(ServerRequest request, ServerResponse response, ObjectNode document) {
        Answers.send(
                request,
                response,
                "application/json",
                document.toString().getBytes(StandardCharsets.UTF_8));
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }
}
