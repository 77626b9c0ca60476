package dev.modunest.server.download;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Database;
import dev.modunest.db.DownloadStore;
import dev.modunest.db.DownloadStore.Count;
import dev.modunest.format.PluginId;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts of downloads: what edges report, and what readers are told. */
public final class DownloadsEndpoint {

    private static final String CACHE_CONTROL = "public, max-age=60";
    private static final int DEFAULT_DAYS = 30;
    private static final int MAX_DAYS = 366;
    private static final LocalDate FIRST_DAY = LocalDate.of(1970, 1, 1);
    private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 31);

    /** With more counts than these, days are told without their versions. */
    private static final int MAX_ROWS = 20_000;

    /** Counts that waited longer at an edge, or come from the day after tomorrow, are not kept. */
    private static final int OLDEST_DAYS = 60;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final DownloadsConfig config;
    private final Database database;
    private final InstantSource clock;

    public DownloadsEndpoint(DownloadsConfig config, Database database, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
    }

    /** {@code POST /api/v1/downloads}. */
    public void report(ServerRequest request, ServerResponse response) {
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
            throw PathCoordinates.unknownPlugin(request);
        }
        List<DownloadStore.Day> found =
                database.read(tx -> tx.downloads().list(plugin, from, to, MAX_ROWS + 1));
        SortedMap<LocalDate, Long> totals =
                found.size() <= MAX_ROWS
                        ? totals(found)
                        : database.read(tx -> tx.downloads().totals(plugin, from, to));
        ObjectNode document = document(plugin, from, to, totals);
        if (found.size() <= MAX_ROWS) {
            addVersions(document, found);
        }
        response.header(HeaderNames.CACHE_CONTROL, CACHE_CONTROL);
        send(request, response, document);
    }

    private static SortedMap<LocalDate, Long> totals(List<DownloadStore.Day> found) {
        SortedMap<LocalDate, Long> totals = new TreeMap<>();
        found.forEach(each -> totals.merge(each.day(), each.count(), Long::sum));
        return totals;
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
            LocalDate day = LocalDate.parse(text);
            if (!day.isBefore(FIRST_DAY) && !day.isAfter(LAST_DAY)) {
                return Optional.of(day);
            }
        } catch (DateTimeException malformed) {
            throw noDay(name, text);
        }
        throw noDay(name, text);
    }

    private static Rejection noDay(String name, String text) {
        return new Rejection(
                ProblemCode.PARAMETER_INVALID,
                name
                        + " is '"
                        + text
                        + "'; write a day from "
                        + FIRST_DAY
                        + " to "
                        + LAST_DAY
                        + ", as 2026-11-24");
    }

    private static ObjectNode document(
            PluginId plugin, LocalDate from, LocalDate to, SortedMap<LocalDate, Long> totals) {
        ObjectNode document = JSON.createObjectNode();
        document.put("plugin", plugin.toString());
        document.put("from", from.toString());
        document.put("to", to.toString());
        document.put("total", totals.values().stream().mapToLong(Long::longValue).sum());
        ArrayNode days = document.putArray("days");
        totals.forEach(
                (day, total) -> days.addObject().put("day", day.toString()).put("total", total));
        return document;
    }

    private static void addVersions(ObjectNode document, List<DownloadStore.Day> found) {
        Map<String, ObjectNode> versions = new HashMap<>();
        for (JsonNode day : document.path("days")) {
            versions.put(day.path("day").asText(), ((ObjectNode) day).putObject("versions"));
        }
        found.forEach(
                each ->
                        Optional.ofNullable(versions.get(each.day().toString()))
                                .ifPresent(
                                        day -> day.put(each.version().toString(), each.count())));
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
