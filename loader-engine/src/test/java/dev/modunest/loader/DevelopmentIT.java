package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class DevelopmentIT {

    @TempDir private Path folder;
    @TempDir private Path cache;

    private final BlockingQueue<ExchangeReport> exchanges = new LinkedBlockingQueue<>();

    @BeforeEach
    void reset() {
        Recorder.reset();
    }

    private void listen(LoaderEvent event) {
        if (event instanceof LoaderEvent.ExchangeEnded ended) {
            exchanges.add(ended.report());
        }
    }

    private ExchangeReport next() throws InterruptedException {
        ExchangeReport report = exchanges.poll(60, TimeUnit.SECONDS);
        assertThat(report).isNotNull();
        return java.util.Objects.requireNonNull(report);
    }

    @Test
    void loadsAnewWhatChangesInAFolder() throws Exception {
        Path jar =
                TestPlugin.of("a/x@1.0.0").starting("Recorder.record(\"first\");").writeTo(folder);
        try (FakeRegistry registry = new FakeRegistry();
                PluginLoader loader =
                        PluginLoader.open(
                                TestOptions.in(cache, registry).onEvent(this::listen).build())) {
            registry.add(TestPlugin.recording("a/rest@1.0.0"));
            loader.load(List.of(Requirement.parse("a/rest")));
            try (PluginLoader.DevelopmentWatch watch = loader.develop(folder)) {
                assertThat(watch.report().complete()).isTrue();
                Files.writeString(folder.resolve("half.jar"), "PK");
                Files.delete(folder.resolve("half.jar"));
                Path fresh =
                        TestPlugin.of("a/x@1.0.0")
                                .starting("Recorder.record(\"second\");")
                                .writeTo(cache);
                Files.move(
                        fresh,
                        jar,
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.ATOMIC_MOVE);
                ExchangeReport changed = next();
                while (changed.former().isEmpty()) {
                    changed = next(); // the half jar came and went
                }
                assertThat(changed.done()).isTrue();
                TestPlugin.recording("a/y@1.0.0").writeTo(folder);
                Recorder.await("start y");
                Files.delete(jar);
                Recorder.await("stop x");
            }
        }
        assertThat(Recorder.events())
                .containsSubsequence("first", "second", "stop x", "start y")
                .containsOnlyOnce("start rest");
    }
}
