package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.trust.testing.TestLog;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a host remembers of a log. */
class TrustLogIT extends TrustScenario {

    @Test
    void refusesALogThatForked() throws Exception {
        registry.publish(tool);
        for (int i = 0; i < 5; i++) {
            registry.fixture().log().append(new byte[] {(byte) i});
        }
        assertThat(load(tool).complete()).isTrue();
        TestLog other = registry.fixture().log().fork(1);
        for (int i = 0; i < 20; i++) {
            other.append(new byte[] {1, (byte) i});
        }
        registry.fixture().log(other);
        TestPlugin second = TestPlugin.recording("acme/tool@1.0.1");
        registry.publish(second);
        assertThat(code(load(second))).isEqualTo("log-forked");
        try (Stream<Path> evidence = Files.list(folder.resolve("trust/forks"))) {
            assertThat(evidence.findFirst().map(TrustLogIT::read).orElse(""))
                    .contains(TestLog.NAME + "\n8\n", TestLog.NAME + "\n23\n");
        }
    }

    @Test
    void refusesALogThatTookEntriesBack() throws Exception {
        registry.publish(tool);
        TestLog before = registry.fixture().log().fork(3);
        for (int i = 0; i < 300; i++) {
            registry.fixture().log().append(new byte[] {(byte) i});
        }
        assertThat(load(tool).complete()).isTrue();
        registry.fixture().log(before);
        assertThat(code(load(tool))).isEqualTo("log-forked");
    }

    @Test
    void followsALogThatGrows() throws Exception {
        registry.publish(tool);
        assertThat(load(tool).complete()).isTrue();
        for (int i = 0; i < 700; i++) {
            registry.fixture().log().append(new byte[] {(byte) i});
        }
        TestPlugin second = TestPlugin.recording("acme/tool@1.0.1");
        registry.publish(second);
        assertThat(load(second).complete()).isTrue();
        assertThat(load(tool).complete()).isTrue();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
