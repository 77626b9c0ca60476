package dev.modunest.edge.origin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.settings.Settings;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** When one server of the origin is left alone. */
final class OriginServerTest {

    private final AtomicLong now = new AtomicLong();
    private final OriginServer server =
            new OriginServer(
                    new OriginAddress(URI.create("http://a")),
                    Settings.read(
                            OriginSettings.class,
                            Optional.empty(),
                            Map.of("MODUNEST_BREAKER_FAILURES", "2")),
                    now::get);

    @Test
    void connectionsClosedOneAfterTheOtherOpenTheBreaker() {
        close(use());
        close(use());
        assertThat(server.isAble()).isFalse();
    }

    @Test
    void requestsThatTheServerMindsWhileItAnswersOthersDoNot() {
        for (int i = 0; i < 10; i++) {
            Use minded = use();
            Use other = use();
            now.incrementAndGet();
            other.answered();
            close(minded);
            other.failed(new OriginFailure(OriginFailure.Kind.INVALID, "the client has left"));
        }
        assertThat(server.isAble()).isTrue();
    }

    private Use use() {
        now.incrementAndGet();
        return server.use().orElseThrow();
    }

    private static void close(Use use) {
        use.failed(new OriginFailure(OriginFailure.Kind.UNREACHABLE, "Connection was closed"));
    }
}
