package dev.modunest.server.ceremony;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.modunest.server.trust.TrustConfig;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a server says of offline keys beside its own. */
class OfflineKeysIT {

    private final Logger logger = (Logger) LoggerFactory.getLogger(Evaluation.class);
    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    @TempDir private Path folder;

    @BeforeEach
    void listen() {
        logged.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(logged);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(logged);
        logger.setLevel(null);
    }

    private List<String> warnings(boolean evaluation) {
        TrustConfig config =
                Settings.read(
                        TrustConfig.class,
                        Optional.empty(),
                        Map.of(
                                "MODUNEST_DIRECTORY",
                                folder.toString(),
                                "MODUNEST_EVALUATION",
                                Boolean.toString(evaluation)));
        Evaluation.prepare(config, InstantSource.system());
        return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void theyAreWarnedOf() throws IOException {
        Files.createDirectory(folder.resolve("offline"));
        assertThat(warnings(false))
                .singleElement()
                .asString()
                .contains(folder.resolve("offline").toString(), "./modunest ceremony");
    }

    @Test
    void nothingIsSaidWhereTheyAreNot() {
        assertThat(warnings(false)).isEmpty();
    }
}
