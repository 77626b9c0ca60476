package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.Reports;
import dev.modunest.loader.testing.TestPlugin;
import dev.modunest.loader.testing.TrustedRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A registry that signs everything, and a host with folders of its own. */
abstract class TrustScenario {

    @TempDir Path folder;
    TrustedRegistry registry;
    final TestPlugin tool = TestPlugin.recording("acme/tool@1.0.0");

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        registry = new TrustedRegistry();
    }

    @AfterEach
    void close() {
        registry.close();
    }

    LoadReport load(TrustOptions trust, TestPlugin... plugins) throws Exception {
        try (PluginLoader loader = PluginLoader.open(registry.host(folder, trust).build())) {
            return loader.load(plan(plugins));
        }
    }

    static Plan plan(TestPlugin... plugins) {
        return new Plan(Stream.of(plugins).map(plugin -> plugin.step()).toList());
    }

    LoadReport load(TestPlugin... plugins) throws Exception {
        return load(registry.trust(folder).build(), plugins);
    }

    static PluginTrust trustOf(LoadReport report) {
        Outcome outcome = Reports.outcome(report, "acme/tool");
        assertThat(outcome).as("%s", outcome).isInstanceOf(Outcome.Loaded.class);
        return ((Outcome.Loaded) outcome).trust();
    }

    static List<String> warnings(LoadReport report) {
        return trustOf(report).warnings().stream().map(TrustWarning::code).toList();
    }

    static String code(LoadReport report) {
        return Reports.failed(report, "acme/tool").code();
    }
}
