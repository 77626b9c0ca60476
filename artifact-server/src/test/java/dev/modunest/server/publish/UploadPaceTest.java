package dev.modunest.server.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.server.problem.ProblemCode;
import dev.modunest.server.problem.Rejection;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** With the defaults: 4 KiB per second over 30 s of waiting, after 10 s of grace. */
class UploadPaceTest {

    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong(7);
    private final UploadPace pace =
            new UploadPace(Settings.read(UploadConfig.class, Optional.empty(), Map.of()), now::get);

    private void heard(int times, int bytes, long waitedNanos) {
        for (int i = 0; i < times; i++) {
            pace.heard(bytes, waitedNanos);
        }
    }

    @Test
    void aTrickleEndsAfterGraceAndWindow() {
        heard(7, 1, 5 * SECOND);

        assertThatThrownBy(() -> pace.heard(1, 5 * SECOND))
                .isInstanceOfSatisfying(
                        Rejection.class,
                        rejection -> {
                            assertThat(rejection.code()).isEqualTo(ProblemCode.UPLOAD_TOO_SLOW);
                            assertThat(rejection.detail())
                                    .startsWith("8 bytes arrived while the server waited for 30")
                                    .contains("4KiB per second (upload.min_rate)");
                        });
    }

    @Test
    void whoKeepsTheRateGoesOn() {
        assertThatCode(() -> heard(1000, 4096, SECOND)).doesNotThrowAnyException();
    }

    @Test
    void aFastBeginningDoesNotPayForATrickle() {
        heard(1, 100 << 20, SECOND);
        heard(7, 1, 6 * SECOND);

        assertThatThrownBy(() -> heard(5, 1, 6 * SECOND)).isInstanceOf(Rejection.class);
    }

    @Test
    void timeThatTheServerTakesIsNotTheClients() {
        for (int i = 0; i < 10; i++) {
            now.addAndGet(Duration.ofMinutes(5).toNanos());
            pace.heard(1, 0);
        }
        assertThatThrownBy(
                        () -> {
                            now.addAndGet(Duration.ofMinutes(11).toNanos());
                            pace.heard(1, 0);
                        })
                .hasMessageContaining("3600 seconds")
                .hasMessageContaining("upload.max_duration");
    }
}
