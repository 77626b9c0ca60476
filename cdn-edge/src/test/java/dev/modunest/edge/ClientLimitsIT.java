package dev.modunest.edge;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;

/** Limits of clients, and the log of their requests. */
final class ClientLimitsIT extends EdgeIT {

    @Override
    String[] settings() {
        return new String[] {
            "LIMITS_RATE",
            "1",
            "LIMITS_BURST",
            "3",
            "ACCESS_LOG_ENABLED",
            "true",
            "ACCESS_LOG_HITS_PER_LINE",
            "1000000000"
        };
    }

    @Test
    void clientThatAsksTooOftenIsAnswered429AndOthersAreNot() {
        HttpResponse<byte[]> last = edge.get("/a", "X-Forwarded-For", "192.0.2.1");
        for (int i = 0; i < 9 && last.statusCode() != 429; i++) {
            assertThat(last.statusCode()).isEqualTo(404);
            assertThat(last.headers().firstValue("RateLimit-Policy")).hasValue("\"edge\";q=3;w=3");
            last = edge.get("/a", "X-Forwarded-For", "192.0.2.1");
        }
        assertThat(last.statusCode()).isEqualTo(429);
        assertThat(last.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(last.headers().firstValue("RateLimit")).hasValue("\"edge\";r=0;t=1");
        assertThat(TestEdge.text(last)).contains("rate-limited");
        assertThat(edge.get("/a", "X-Forwarded-For", "192.0.2.2").statusCode()).isEqualTo(404);
        for (int i = 0; i < 9; i++) {
            assertThat(edge.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void accessLogTellsRequestsAndNoSecrets() throws IOException {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger("modunest.edge.access");
        logger.setLevel(Level.INFO);
        logger.addAppender(lines);
        lines.start();
        edge.get(
                "/a?sig=secret&plain",
                "Authorization",
                "Bearer secret",
                "User-Agent",
                "\"agent\"",
                "X-Forwarded-For",
                "192.0.2.9");
        edge.talk(TestEdge.head("GET /%zz HTTP/1.1", "Host: e", "Connection: close"));
        String path = FakeOrigin.path(origin.artifact(TestEdge.bytes(100, 1)));
        edge.get(path, "X-Forwarded-For", "192.0.2.10");
        edge.get(path, "X-Forwarded-For", "192.0.2.10");
        edge.close();
        logger.detachAppender(lines);
        logger.setLevel(null);
        List<String> told = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertThat(told.getFirst())
                .contains(
                        "\"client\":\"192.0.2.9\"",
                        "\"protocol\":\"HTTP/1.1\"",
                        "\"tls\":false",
                        "\"method\":\"GET\"",
                        "\"host\":\"127.0.0.1:",
                        "\"path\":\"/a\"",
                        "\"query\":\"sig&?\"",
                        "\"status\":404",
                        "\"route\":\"proxy\"",
                        "\"cache\":\"bypass\"",
                        "\"user_agent\":\"\\\"agent\\\"\"",
                        "\"request_id\":\"")
                .doesNotContain("secret")
                .matches("\\{.*}");
        assertThat(told).anySatisfy(line -> assertThat(line).contains("\"status\":400"));
        assertThat(told).noneSatisfy(line -> assertThat(line).contains("\"cache\":\"hit\""));
    }
}
