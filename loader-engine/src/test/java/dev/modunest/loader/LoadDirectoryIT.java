package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.resolve.Lock;
import dev.modunest.format.resolve.Plan;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.format.resolve.ResolveRequest;
import dev.modunest.loader.resolve.Installation;
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
import java.util.List;
import java.util.Optional;

class LoadDirectoryIT {

    @TempDir private Path folder;
    private FakeRegistry registry;
    private final TestPlugin base = TestPlugin.recording("a/base@1.0.0");
    private final TestPlugin user = TestPlugin.recording("a/user@1.0.0").requires("a/base", "^1");

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        registry = new FakeRegistry(base, user);
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private LoadReport load() throws InterruptedException {
        try (PluginLoader loader = PluginLoader.open(TestOptions.in(folder).build())) {
            return loader.loadDirectory(folder);
        }
    }

    private void assertFails(String code, String message) {
        assertThatThrownBy(this::load)
                .isInstanceOfSatisfying(
                        LoaderException.class, fault -> assertThat(fault.code()).isEqualTo(code))
                .hasMessageContaining(message);
    }

    @Test
    void loadsWhatTheLockNames() throws Exception {
        List<Requirement> wanted = List.of(Requirement.parse("a/user@*"));
        Lock locked =
                Lock.of(ResolveRequest.of(wanted), new Plan(List.of(base.step(), user.step(base))));
        new Installation(Optional.of(registry.uri()), wanted, Optional.of(locked)).write(folder);
        registry.add(TestPlugin.recording("a/base@1.5.0"));
        LoadReport report = load();
        assertThat(report.plugins())
                .extracting(plugin -> plugin.coordinate().toString())
                .containsExactly("a/base@1.0.0", "a/user@1.0.0");
        registry.close();
        assertThat(load().complete()).isTrue();
        assertThat(Files.readString(folder.resolve(Installation.LOCK_FILE)))
                .contains("\"lock_version\" : 2", base.digest().toString())
                .doesNotContain(registry.uri().toString());
    }

    @Test
    void refusesALockThatWasChanged() throws Exception {
        Files.writeString(
                folder.resolve(Installation.REQUIREMENTS_FILE),
                "{\"registry\": \"" + registry.uri() + "\", \"requirements\": [\"a/user@^1\"]}");
        List<Requirement> wanted = List.of(Requirement.parse("a/user@^1"));
        Lock locked =
                Lock.of(ResolveRequest.of(wanted), new Plan(List.of(base.step(), user.step(base))));
        new Installation(Optional.of(registry.uri()), wanted, Optional.of(locked)).write(folder);
        Path lock = folder.resolve(Installation.LOCK_FILE);
        Files.writeString(
                lock,
                Files.readString(lock).replace(base.digest().toString(), user.digest().toString()));

        assertFails("invalid-installation", "it was changed after it was made");
    }

    @Test
    void resolvesWhatTheFolderRequires() throws Exception {
        Files.writeString(
                folder.resolve(Installation.REQUIREMENTS_FILE),
                "{\"registry\": \"" + registry.uri() + "\", \"requirements\": [\"a/user@^1\"]}");
        assertThat(load().plugins()).hasSize(2);
        assertThat(Recorder.events("start ")).containsExactly("base", "user");
    }

    @Test
    void loadsBareJars() throws Exception {
        base.writeTo(folder);
        user.writeTo(folder);
        TestPlugin.recording("b/early@2.0.0-rc.1").writeTo(folder);
        Files.writeString(folder.resolve("README.txt"), "not a jar");
        LoadReport report = load();
        assertThat(report.failures()).isEmpty();
        assertThat(report.plugins()).hasSize(3);
        assertThat(report.fetchedBytes()).isZero();
        assertThat(Recorder.events("start ")).containsSubsequence("base", "user");
        assertThat(registry.requests()).isEmpty();
    }

    @Test
    void namesEveryJarThatIsNoPlugin() throws Exception {
        base.writeTo(folder);
        Files.writeString(folder.resolve("one.jar"), "text");
        Files.writeString(folder.resolve("two.jar"), "");
        assertFails("jar-refused", "2 of the jars");
        assertThatThrownBy(this::load)
                .hasMessageContaining("one.jar: ")
                .hasMessageContaining("two.jar: ");
    }

    @Test
    void namesWhatTheJarsLack() throws Exception {
        user.writeTo(folder);
        assertFails("resolution-conflict", "a/base");
    }

    @Test
    void saysThatThereIsNothingToLoad() {
        assertFails("nothing-to-load", "install something into it");
    }

    @Test
    void refusesFilesThatCannotBeRead() throws Exception {
        Path lock = folder.resolve(Installation.LOCK_FILE);
        Files.writeString(lock, "{");
        assertFails("invalid-installation", "is not JSON");
        Files.writeString(lock, "{\"lock_version\": 1, \"digest\": \"\"}");
        assertFails("invalid-installation", "delete the lock and resolve again");
        Files.delete(lock);
        Files.writeString(folder.resolve(Installation.REQUIREMENTS_FILE), "{\"requirements\": 3}");
        assertFails("invalid-installation", "JSON array");
        Files.writeString(
                folder.resolve(Installation.REQUIREMENTS_FILE), "{\"registry\": \"ftp://x\"}");
        assertFails("invalid-installation", "'ftp://x' is not a registry");
        Files.delete(folder.resolve(Installation.REQUIREMENTS_FILE));
        Files.createDirectory(lock);
        assertFails("folder-unreadable", Installation.LOCK_FILE);
        assertThatThrownBy(() -> Installation.readRequirements(folder.resolve("absent.json")))
                .hasMessageContaining("no such file");
        assertThatThrownBy(
                        () -> {
                            try (PluginLoader loader =
                                    PluginLoader.open(TestOptions.in(folder).build())) {
                                loader.loadDirectory(folder.resolve("absent"));
                            }
                        })
                .isInstanceOf(LoaderException.class)
                .hasMessageContaining("cannot be read");
    }
}
