package dev.modunest.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.modunest.db.Actor;
import dev.modunest.db.AuditChain;
import dev.modunest.db.AuditEntry;
import dev.modunest.db.Database;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** GET /api/v1/audit and /api/v1/audit/export. */
class AuditIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static TestRegistry registry;

    @BeforeAll
    static void start() {
        registry = TestRegistry.start();
        registry.published("audit/one@1.0.0");
        registry.published("audit/two@1.0.0");
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    private static HttpResponse<byte[]> get(String path) {
        return registry.get(path, "Authorization", "Bearer " + registry.token());
    }

    private static List<JsonNode> entries(String query) throws IOException {
        HttpResponse<byte[]> response = get("/api/v1/audit" + query);
        assertThat(response.statusCode()).isEqualTo(200);
        List<JsonNode> entries = new ArrayList<>();
        JSON.readTree(response.body()).get("entries").forEach(entries::add);
        return entries;
    }

    private static List<ObjectNode> exported(String query) throws IOException {
        HttpResponse<byte[]> response = get("/api/v1/audit/export" + query);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/jsonl");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        List<ObjectNode> lines = new ArrayList<>();
        for (String line : new String(response.body(), StandardCharsets.UTF_8).lines().toList()) {
            lines.add((ObjectNode) JSON.readTree(line));
        }
        return lines;
    }

    @Test
    void anExportIsAChainThatEndsWithItself() throws IOException {
        List<ObjectNode> lines = exported("");

        AuditChain chain = new AuditChain(Optional.empty(), Optional.empty(), true);
        lines.forEach(line -> assertThat(chain.add(line)).isEmpty());
        assertThat(chain.finish(Optional.empty())).isEmpty();
        assertThat(lines.getFirst().get("sequence").asLong()).isEqualTo(1);
        ObjectNode last = lines.getLast();
        assertThat(last.get("action").asText()).isEqualTo("audit.exported");
        assertThat(last.get("account").asText()).isEqualTo("admin");
        assertThat(last.has("request_id")).isTrue();
        assertThat(entries("?action=audit.exported&limit=1")).containsExactly(last);
    }

    @Test
    void anExportGoesFromOneTimeToAnother() throws IOException {
        ObjectNode second = exported("").get(1);
        Instant since = Instant.parse(second.get("at").asText());
        Instant until = since.plusNanos(1_000);
        assertThat(exported("?since=" + since + "&until=" + until)).containsExactly(second);
        assertThat(entries("?action=audit.exported&limit=1").getFirst().get("detail"))
                .isEqualTo(
                        JSON.valueToTree(
                                Map.of("since", since.toString(), "until", until.toString())));
        assertThat(exported("?since=2100-01-01T00:00:00Z")).isEmpty();
    }

    @Test
    void moreThanAPageIsExportedInOrder() throws IOException {
        Instant then = Instant.parse("2020-01-01T00:00:00Z");
        AuditEntry entry =
                new AuditEntry(
                        then,
                        Actor.host(new UUID(0, 1)),
                        "host.enrolled",
                        "x",
                        Optional.empty(),
                        Optional.empty(),
                        "{}");
        try (Database database = Database.connect(registry.config().database())) {
            database.inTransaction(
                    tx -> {
                        for (int i = 0; i < 2_500; i++) {
                            tx.audit().append(entry);
                        }
                        return true;
                    });
        }
        List<ObjectNode> lines = exported("?until=2021-01-01T00:00:00Z");
        AuditChain chain = new AuditChain(Optional.empty(), Optional.empty(), false);
        lines.forEach(line -> assertThat(chain.add(line)).isEmpty());
        assertThat(chain.entries()).isEqualTo(2_500);
    }

    @Test
    void headTellsTheTypeAndExportsNothing() throws IOException {
        int before = entries("?action=audit.exported&limit=100").size();
        HttpResponse<byte[]> response =
                registry.send(
                        registry.request("/api/v1/audit/export")
                                .header("Authorization", "Bearer " + registry.token())
                                .HEAD());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/jsonl");
        assertThat(entries("?action=audit.exported&limit=100")).hasSize(before);
    }

    @Test
    void entriesAreFoundByActionAccountAndTimeAndPagesKeepTheFilter() throws IOException {
        assertThat(entries("?action=release.published")).hasSize(2);
        assertThat(entries("?action=release.*&account=admin")).hasSize(2);
        assertThat(entries("?action=release.*&account=nobody")).isEmpty();
        JsonNode newest = entries("?action=release.*").getFirst();
        String at = newest.get("at").asText();
        assertThat(newest.get("sequence").asLong()).isPositive();
        assertThat(newest.get("hash").asText()).matches("[0-9a-f]{64}");
        assertThat(entries("?action=release.*&since=" + at)).containsExactly(newest);
        assertThat(entries("?action=release.*&until=" + at)).hasSize(1);

        JsonNode page = JSON.readTree(get("/api/v1/audit?action=release.*&limit=1").body());
        assertThat(page.get("next").asText())
                .startsWith("/api/v1/audit?limit=1&action=release.*&cursor=");
        JsonNode last = JSON.readTree(get(page.get("next").asText()).body());
        assertThat(last.get("entries")).hasSize(1);
        assertThat(last.has("next")).isFalse();
        assertThat(last.at("/entries/0/subject").asText()).isEqualTo("audit/one@1.0.0");
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/audit?action=to*ken, action is whole",
        "/api/v1/audit?action=**, action is whole",
        "/api/v1/audit?since=yesterday, since is a time as RFC 3339",
        "/api/v1/audit?until=2026-11-24, until is a time as RFC 3339",
        "/api/v1/audit?account=a%00b, account has 3 characters",
        "/api/v1/audit?limit=x, limit is 1 to 100",
        "/api/v1/audit/export?since=x, since is a time as RFC 3339"
    })
    void whatIsNoParameterIsTold(String path, String detail) {
        TestRegistry.assertProblem(get(path), 400, "parameter-invalid", detail);
    }

    @Test
    void othersThanAdministratorsReadNothing() {
        String alice = registry.newAccount("alice");
        for (String path : List.of("/api/v1/audit", "/api/v1/audit/export")) {
            TestRegistry.assertProblem(
                    registry.get(path, "Authorization", "Bearer " + alice),
                    403,
                    "administrator-required",
                    "only an administrator may");
            TestRegistry.assertProblem(registry.get(path), 401, "token-required", "Bearer");
        }
    }
}
