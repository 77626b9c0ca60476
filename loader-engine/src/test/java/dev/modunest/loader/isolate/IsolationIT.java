package dev.modunest.loader.isolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.LoadReport;
import dev.modunest.loader.Outcome;
import dev.modunest.loader.PluginLoader;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;

class IsolationIT {

    @TempDir private Path cache;
    private FakeRegistry registry;
    private PluginLoader loader;

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        registry = new FakeRegistry();
        loader = PluginLoader.open(TestOptions.in(cache, registry).build());
    }

    @AfterEach
    void close() {
        loader.close();
        registry.close();
    }

    private ClassLoader classLoader(String plugin) {
        return loader.plugin(PluginId.parse(plugin)).orElseThrow().classLoader();
    }

    private LoadReport load(Plan.Step... steps) throws InterruptedException {
        return loader.load(new Plan(List.of(steps)));
    }

    private static String text(ClassLoader classes, String resource) throws IOException {
        try (InputStream stream = classes.getResourceAsStream(resource)) {
            assertThat(stream).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String lib(String version) {
        return "package lib; public class Lib { public static String version() { return \""
                + version
                + "\"; } }";
    }

    @Test
    void runsTwoVersionsOfOneClassSideBySide() throws Exception {
        TestPlugin one =
                TestPlugin.of("a/one@1.0.0")
                        .source("lib.Lib", lib("1"))
                        .starting("Recorder.record(\"one \" + lib.Lib.version());");
        TestPlugin two =
                TestPlugin.of("a/two@1.0.0")
                        .source("lib.Lib", lib("2"))
                        .starting("Recorder.record(\"two \" + lib.Lib.version());");
        registry.add(one, two);
        assertThat(load(one.step(), two.step()).complete()).isTrue();
        assertThat(Recorder.events()).containsExactlyInAnyOrder("one 1", "two 2");
        assertThat(classLoader("a/one").loadClass("lib.Lib"))
                .isNotSameAs(classLoader("a/two").loadClass("lib.Lib"));
    }

    @Test
    void showsExportedPackagesOfRequiredPluginsAndNoOthers() throws Exception {
        TestPlugin api =
                TestPlugin.of("a/api@1.0.0")
                        .exports("lib")
                        .source("lib.Lib", lib("exported"))
                        .source("lib.inner.Hidden", "package lib.inner; public class Hidden {}")
                        .entry("lib/text.txt", "exported text")
                        .entry("lib/inner/text.txt", "hidden text");
        TestPlugin user =
                TestPlugin.of("a/user@1.0.0")
                        .requires("a/api", "^1")
                        .starting("Recorder.record(lib.Lib.version());", api);
        TestPlugin thief =
                TestPlugin.of("a/thief@1.0.0")
                        .requires("a/api", "^1")
                        .starting("new lib.inner.Hidden();", api);
        TestPlugin stranger = TestPlugin.of("a/stranger@1.0.0").starting("lib.Lib.version();", api);
        registry.add(api, user, thief, stranger);
        LoadReport report = load(api.step(), user.step(api), thief.step(api), stranger.step());
        assertThat(Recorder.events()).containsExactly("exported");
        assertThat(report.failures()).hasSize(2);
        assertThat(report.failures())
                .allSatisfy(
                        failure ->
                                assertThat(((Outcome.Failed) failure.outcome()).code())
                                        .isEqualTo("linkage-error"));
        assertThat(classLoader("a/user").loadClass("lib.Lib"))
                .isSameAs(classLoader("a/api").loadClass("lib.Lib"));
        assertThat(text(classLoader("a/user"), "lib/text.txt")).isEqualTo("exported text");
        assertThat(Collections.list(classLoader("a/user").getResources("lib/text.txt"))).hasSize(1);
        assertThat(classLoader("a/user").getResource("lib/inner/text.txt")).isNull();
    }

    @Test
    void refusesTwoExportersOfOnePackage() throws Exception {
        TestPlugin one = TestPlugin.of("a/one@1.0.0").exports("lib").source("lib.Lib", lib("1"));
        TestPlugin two = TestPlugin.of("a/two@1.0.0").exports("lib").source("lib.Lib", lib("2"));
        TestPlugin user =
                TestPlugin.recording("a/user@1.0.0").requires("a/one", "*").requires("a/two", "*");
        registry.add(one, two, user);
        LoadReport report = load(one.step(), two.step(), user.step(one, two));
        Outcome.Failed failed = (Outcome.Failed) report.failures().getFirst().outcome();
        assertThat(failed.code()).isEqualTo("ambiguous-export");
        assertThat(failed.reason())
                .contains("both a/one@1.0.0 and a/two@1.0.0 export")
                .contains("lib");
    }

    @Test
    void hidesTheHostButForItsAllowList() throws Exception {
        TestPlugin plugin = TestPlugin.of("a/x@1.0.0");
        registry.add(plugin);
        load(plugin.step());
        ClassLoader classes = classLoader("a/x");
        assertThat(classes.loadClass("java.lang.String")).isSameAs(String.class);
        assertThat(classes.loadClass("java.sql.Connection").getName()).contains("Connection");
        assertThat(classes.loadClass("dev.modunest.loader.Plugin"))
                .isSameAs(dev.modunest.loader.Plugin.class);
        assertThat(classes.loadClass("dev.modunest.format.Version"))
                .isSameAs(dev.modunest.format.Version.class);
        assertThat(classes.loadClass(Recorder.class.getName())).isSameAs(Recorder.class);
        for (String hidden :
                List.of(
                        "dev.modunest.loader.lifecycle.EngineProvider",
                        "com.fasterxml.jackson.databind.JsonNode",
                        "org.junit.jupiter.api.Test",
                        "Unpackaged")) {
            assertThatThrownBy(() -> classes.loadClass(hidden))
                    .isInstanceOf(ClassNotFoundException.class);
        }
    }

    @Test
    void servesResourcesOfThePluginFirst() throws Exception {
        byte[] large = new byte[5 << 20];
        new Random(1).nextBytes(large);
        TestPlugin plugin =
                TestPlugin.of("a/x-1@1.0.0-rc.1")
                        .entry("some dir/ä%20#.txt", "text")
                        .entry("large", large);
        registry.add(plugin);
        assertThat(load(plugin.step()).failures()).isEmpty();
        ClassLoader classes = classLoader("a/x-1");
        assertThat(classes.getName()).isEqualTo("a/x-1@1.0.0-rc.1");
        URL url = classes.getResource("some dir/ä%20#.txt");
        assertThat(url.toString()).startsWith("modunest://a/x-1@1.0.0-rc.1/");
        assertThat(text(classes, "some dir/ä%20#.txt")).isEqualTo("text");
        URLConnection connection = url.openConnection();
        connection.connect();
        assertThat(connection.getContentLengthLong()).isEqualTo(4);
        try (InputStream stream = classes.getResourceAsStream("large")) {
            assertThat(stream).hasBinaryContent(large);
        }
        assertThat(classes.getResource("absent")).isNull();
        assertThat(Collections.list(classes.getResources("large"))).hasSize(1);
    }

    @Test
    void findsServiceProvidersOfThePlugin() throws Exception {
        TestPlugin plugin =
                TestPlugin.of("a/x@1.0.0")
                        .source(
                                "p.x.Job",
                                "package p.x; public class Job implements Runnable { public void"
                                        + " run() { dev.modunest.loader.testing.Recorder.record(\"job\"); } }")
                        .entry("META-INF/services/java.lang.Runnable", "p.x.Job")
                        .starting(
                                "java.util.ServiceLoader.load(Runnable.class)"
                                        + ".forEach(Runnable::run);");
        registry.add(plugin);
        assertThat(load(plugin.step()).failures()).isEmpty();
        assertThat(Recorder.events()).containsExactly("job");
    }

    @Test
    void takesTheVariantForThisJvmOfAMultiReleaseJar() throws Exception {
        TestPlugin plugin =
                TestPlugin.of("a/x@1.0.0")
                        .entry(
                                "META-INF/MANIFEST.MF",
                                "Manifest-Version: 1.0\r\nMulti-Release: true\r\n\r\n")
                        .entry("text", "old")
                        .entry("META-INF/versions/11/text", "eleven")
                        .entry("META-INF/versions/21/text", "twenty-one")
                        .entry("META-INF/versions/99/text", "future")
                        .entry("META-INF/versions/x/text", "none")
                        .entry("META-INF/versions/17/only", "seventeen");
        registry.add(plugin);
        assertThat(load(plugin.step()).failures()).isEmpty();
        assertThat(text(classLoader("a/x"), "text")).isEqualTo("twenty-one");
        assertThat(text(classLoader("a/x"), "only")).isEqualTo("seventeen");
    }

    @Test
    void endsLoadingWhenItIsClosed() throws Exception {
        TestPlugin plugin = TestPlugin.of("a/x@1.0.0").source("lib.Lib", lib("1"));
        registry.add(plugin);
        load(plugin.step());
        ClassLoader classes = classLoader("a/x");
        loader.close();
        assertThatThrownBy(() -> classes.loadClass("lib.Lib"))
                .isInstanceOf(ClassNotFoundException.class)
                .hasRootCauseMessage("a/x@1.0.0 has been unloaded");
        assertThat(classes.getResourceAsStream("lib/Lib.class")).isNull();
    }

    @Test
    void takesClassesResourcesAndServicesOfJarsInside() throws Exception {
        TestPlugin inner =
                TestPlugin.of("a/inner@1.0.0")
                        .source("lib.Lib", lib("inside"))
                        .entry("text.txt", "of the library")
                        .entry("META-INF/services/java.lang.Runnable", "p.outer.Entry$Job");
        TestPlugin outer =
                TestPlugin.of("a/outer@1.0.0")
                        .entry("META-INF/lib/inner.jar", inner.jar())
                        .entry("text.txt", "of the plugin")
                        .starting(
                                """
                                Recorder.record(lib.Lib.version());
                                java.util.ServiceLoader.load(
                                        Runnable.class, Entry.class.getClassLoader())
                                        .forEach(Runnable::run);
                                }
                                public static class Job implements Runnable {
                                    public void run() { Recorder.record("served"); }
                                """,
                                inner);
        registry.add(outer);
        assertThat(load(outer.step()).complete()).isTrue();
        assertThat(Recorder.events()).containsExactly("inside", "served");
        ClassLoader classes = classLoader("a/outer");
        assertThat(text(classes, "text.txt")).isEqualTo("of the plugin");
        List<String> all = new java.util.ArrayList<>();
        for (java.net.URL url : java.util.Collections.list(classes.getResources("text.txt"))) {
            try (InputStream stream = url.openStream()) {
                all.add(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(all).containsExactly("of the plugin", "of the library");
    }

    @Test
    void findsNativeLibrariesOfThePlugin() throws Exception {
        String file =
                "META-INF/native/"
                        + NativeLibraries.platform()
                        + "/"
                        + System.mapLibraryName("none-such");
        registry.add(
                TestPlugin.of("a/bound@1.0.0")
                        .entry(file, "this is no library")
                        .starting(
                                """
                                for (String name : new String[] {"none-such", "absent"}) {
                                    try {
                                        System.loadLibrary(name);
                                    } catch (UnsatisfiedLinkError refused) {
                                        Recorder.record(refused.getMessage());
                                    }
                                }
                                """));
        TestPlugin plugin = TestPlugin.of("a/bound@1.0.0"); // for its coordinate
        assertThat(
                        loader.load(
                                        List.of(
                                                dev.modunest.format.resolve.Requirement.parse(
                                                        plugin.coordinate().plugin() + "@*")))
                                .complete())
                .isTrue();
        assertThat(Recorder.events())
                .hasSize(2)
                .anyMatch(line -> line.contains("modunest-native"))
                .anyMatch(line -> line.contains("no absent in java.library.path"));
    }
}
