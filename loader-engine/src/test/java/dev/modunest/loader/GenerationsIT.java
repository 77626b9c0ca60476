package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.LockJson;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

class GenerationsIT {

    @TempDir private Path cache;
    private FakeRegistry registry;

    private final TestPlugin one = TestPlugin.recording("a/x@1.0.0");
    private final TestPlugin two = TestPlugin.recording("a/x@2.0.0");
    private final TestPlugin other = TestPlugin.recording("a/y@1.0.0");

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        registry = new FakeRegistry();
        registry.add(one, two, other);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private LoaderOptionsBuilder options() {
        return TestOptions.in(cache, registry);
    }

    private static Lock lock(TestPlugin... plugins) {
        return Lock.of(
                ResolveRequest.of(List.of(Requirement.parse("a/x@*"))),
                new Plan(Stream.of(plugins).map(plugin -> plugin.step()).toList()));
    }

    private static List<String> running(PluginLoader loader) {
        return loader.plugins().stream().map(plugin -> plugin.coordinate().toString()).toList();
    }

    @Test
    void appliesExactlyWhatALockNames() throws Exception {
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            assertThat(loader.generations().current()).isEmpty();
            loader.generations().apply(lock(one, other));
            assertThat(running(loader)).containsExactlyInAnyOrder("a/x@1.0.0", "a/y@1.0.0");
            ExchangeReport second = loader.generations().apply(lock(two));
            assertThat(second.former()).hasSize(2);
            assertThat(running(loader)).containsExactly("a/x@2.0.0");
            ExchangeReport same = loader.generations().apply(lock(two));
            assertThat(same.former()).isEmpty();
            assertThat(loader.generations().kept()).containsExactly(1, 2, 3);
        }
    }

    @Test
    void goesBackAndResumesWithTheRegistryDown() throws Exception {
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            assertThatThrownBy(() -> loader.generations().resume())
                    .hasMessageContaining("no generation has run yet");
            loader.generations().apply(lock(one, other));
            loader.generations().apply(lock(two));
            assertThat(loader.generations().rollback().done()).isTrue();
            assertThat(running(loader)).contains("a/x@1.0.0", "a/y@1.0.0");
            assertThat(loader.generations().current()).contains(1);
            assertThatThrownBy(() -> loader.generations().rollback())
                    .isInstanceOfSatisfying(
                            LoaderException.class,
                            fault -> assertThat(fault.code()).isEqualTo("no-generation"));
        }
        registry.close();
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            assertThat(loader.generations().resume().complete()).isTrue();
            assertThat(running(loader)).contains("a/x@1.0.0", "a/y@1.0.0");
        }
    }

    /** A crash leaves the lock that was being applied, and no word that it ran. */
    @Test
    void aCrashInTheMiddleStartsTheLastGoodOne() throws Exception {
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            loader.generations().apply(lock(one));
        }
        Path folder = cache.resolve("generations");
        Files.writeString(folder.resolve("2.lock.json"), LockJson.write(lock(two)));
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            loader.generations().resume();
            assertThat(running(loader)).containsExactly("a/x@1.0.0");
            loader.generations().apply(lock(two));
            assertThat(loader.generations().kept()).containsExactly(1, 3);
        }
        assertThat(folder.resolve("2.lock.json")).doesNotExist();
    }

    @Test
    void keepsAsManyAsItIsTold() throws Exception {
        LoaderOptions few = options().generations(2).build();
        try (PluginLoader loader = PluginLoader.open(few)) {
            for (TestPlugin plugin : List.of(one, two, one)) {
                loader.generations().apply(lock(plugin));
            }
            assertThat(loader.generations().kept()).containsExactly(2, 3);
        }
        try (Stream<Path> files = Files.list(cache.resolve("generations"))) {
            assertThat(files)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("2.lock.json", "3.lock.json", "good.json");
        }
    }

    @Test
    void evictsWhatNoLockOfAnyHostNames() throws Exception {
        Path elsewhere = cache.resolveSibling(cache.getFileName() + "-other");
        LoaderOptions otherHost = options().generationsDirectory(elsewhere).cacheBytes(0).build();
        try (PluginLoader loader = PluginLoader.open(otherHost)) {
            loader.generations().apply(lock(other));
        }
        LoaderOptions narrow = options().generations(1).cacheBytes(0).build();
        try (PluginLoader loader = PluginLoader.open(narrow)) {
            loader.generations().apply(lock(one));
            for (TestPlugin plugin : List.of(one, other)) {
                Files.setLastModifiedTime(file(plugin), FileTime.from(Instant.EPOCH));
            }
            Files.writeString(
                    file(one).resolveSibling(file(one).getFileName() + ".tlog-proof"), "");
            loader.generations().apply(lock(two));
        }
        assertThat(file(one)).doesNotExist();
        assertThat(file(one).resolveSibling(file(one).getFileName() + ".tlog-proof"))
                .doesNotExist();
        assertThat(file(two)).exists();
        assertThat(file(other)).exists();
    }

    private Path file(TestPlugin plugin) {
        String hex = plugin.digest().hex();
        return cache.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex.substring(2));
    }

    @Test
    void saysThatGenerationsAreDamaged() throws Exception {
        Files.createDirectories(cache.resolve("generations"));
        Files.writeString(cache.resolve("generations/good.json"), "{");
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            assertThatThrownBy(() -> loader.generations().current())
                    .isInstanceOfSatisfying(
                            LoaderException.class,
                            fault -> assertThat(fault.code()).isEqualTo("generation-damaged"));
        }
    }

    @Test
    void aFailedLockLeavesNothing() throws Exception {
        TestPlugin bad = TestPlugin.of("a/x@3.0.0").starting("throw new Exception();");
        registry.add(bad);
        try (PluginLoader loader = PluginLoader.open(options().build())) {
            loader.generations().apply(lock(one));
            ExchangeReport report = loader.generations().apply(lock(bad));
            assertThat(report.done()).isFalse();
            TestPlugin absent = TestPlugin.recording("a/absent@1.0.0");
            ExchangeReport missing = loader.generations().apply(lock(absent));
            assertThat(missing.result().toString()).contains("artifact-missing");
            assertThat(running(loader)).containsExactly("a/x@1.0.0");
            assertThat(loader.generations().kept()).containsExactly(1);
        }
    }
}
