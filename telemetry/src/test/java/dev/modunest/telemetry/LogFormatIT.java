package dev.modunest.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** The lines that a process writes to standard error. */
class LogFormatIT {

    private static final Logger LOG = LoggerFactory.getLogger("dev.modunest.Example");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final PrintStream before = System.err;
    private final PrintStream outBefore = System.out;

    @BeforeEach
    void redirect() {
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() throws Exception {
        System.setErr(before);
        System.setOut(outBefore);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        JoranConfigurator again = new JoranConfigurator();
        again.setContext(context);
        again.doConfigure(LogFormatIT.class.getResource("/logback-test.xml"));
    }

    private String lines() {
        return written.toString(StandardCharsets.UTF_8);
    }

    private JsonNode line() throws IOException {
        return new ObjectMapper().readTree(lines());
    }

    @Test
    void aJsonLineHasTimeLevelLoggerMessageAndTheIdsOfItsRequest() throws IOException {
        LogFormat.JSON.install();
        try (MDC.MDCCloseable _ = MDC.putCloseable("request_id", "r-1");
                MDC.MDCCloseable _ = MDC.putCloseable("trace_id", "t-1");
                MDC.MDCCloseable _ = MDC.putCloseable("span_id", "s-1")) {
            LOG.atInfo().addKeyValue("status", 200).addKeyValue("ms", 1.5).log("\"{}\"\n", "done");
        }

        JsonNode line = line();
        assertThat(Instant.parse(line.get("time").asText())).isBeforeOrEqualTo(Instant.now());
        assertThat(line.get("level").asText()).isEqualTo("INFO");
        assertThat(line.get("logger").asText()).isEqualTo("dev.modunest.Example");
        assertThat(line.get("message").asText()).isEqualTo("\"done\"\n");
        assertThat(line.get("request_id").asText()).isEqualTo("r-1");
        assertThat(line.get("trace_id").asText()).isEqualTo("t-1");
        assertThat(line.get("span_id").asText()).isEqualTo("s-1");
        assertThat(line.get("status").asInt()).isEqualTo(200);
        assertThat(line.get("ms").asDouble()).isEqualTo(1.5);
        assertThat(lines().lines()).hasSize(1);
    }

    @Test
    void aFieldWithoutAValueIsNull() throws IOException {
        LogFormat.JSON.install();

        LOG.atInfo().addKeyValue("client", (Object) null).log("told");

        assertThat(line().get("message").asText()).isEqualTo("told");
        assertThat(line().get("client").isNull()).isTrue();
    }

    @Test
    void anErrorIsAFieldWithItsSecretsMasked() throws IOException {
        LogFormat.JSON.install();

        LOG.error("failed", new IllegalStateException("got Bearer abcdefghijklmnop"));

        assertThat(line().get("error").asText())
                .startsWith("java.lang.IllegalStateException: got Bearer ***")
                .contains("at dev.modunest.telemetry.LogFormatIT");
    }

    @Test
    void aPlainLineIsForPeople() {
        LogFormat.PLAIN.install();
        try (MDC.MDCCloseable _ = MDC.putCloseable("request_id", "r-1")) {
            LOG.atWarn().addKeyValue("status", 503).log("password=topsecret");
        }

        assertThat(lines())
                .matches(
                        "(?s)[0-9:.]+ WARN  dev.modunest.Example password=\\*\\*\\* status=503 \\[r-1\\]\\n");
    }

    @Test
    void whereThereIsNoTerminalTheFormatIsJson() throws IOException {
        LogFormat.AUTO.install();
        LOG.info("told");

        assertThat(line().get("message").asText()).isEqualTo("told");
    }

    @Test
    void linesOfTheJdkAreLinesOfTheLog() {
        LogFormat.JSON.install();

        System.getLogger("by.system").log(System.Logger.Level.WARNING, "from System.Logger");
        java.util.logging.Logger.getLogger("by.jul").warning("from java.util.logging");

        assertThat(lines()).contains("from System.Logger", "from java.util.logging");
        assertThat(lines().lines()).hasSize(2).allMatch(line -> line.startsWith("{\"time\":"));
    }

    @Test
    void linesOfTheAccessLogGoToStandardOutputAsTheyAre() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        LogFormat.JSON.install();
        LogFormat.installAccess("modunest.test.access");

        LoggerFactory.getLogger("modunest.test.access").info("{\"status\":200}");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("{\"status\":200}\n");
        assertThat(lines()).isEmpty();
    }
}
