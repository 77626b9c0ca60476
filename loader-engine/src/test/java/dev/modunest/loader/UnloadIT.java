package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Requirement;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Logger;

class UnloadIT {

    private static final PluginId PLUGIN = PluginId.parse("a/x");
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    @TempDir private Path cache;
    private FakeRegistry registry;

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        registry = new FakeRegistry();
    }

    @AfterEach
    void close() {
        Recorder.unstick();
        Recorder.keep(null);
        registry.close();
    }

    /** What becomes of a plugin whose start runs {@code statements}. */
    private UnloadedPlugin unload(String statements) throws InterruptedException {
        return unload(statements, PATIENCE);
    }

    private UnloadedPlugin unload(String statements, Duration atMost) throws InterruptedException {
        registry.add(
                TestPlugin.of("a/x@1.0.0").starting(statements),
                TestPlugin.recording("a/rest@1.0.0"));
        try (PluginLoader loader = PluginLoader.open(TestOptions.in(cache, registry).build())) {
            loader.load(List.of(Requirement.parse("a/x"), Requirement.parse("a/rest")));
            assertThat(loader.plugin(PLUGIN)).isPresent();
            assertThat(loader.unload(PLUGIN).done()).isTrue();
            assertThat(loader.plugin(PLUGIN)).isEmpty();
            assertThat(loader.plugins()).hasSize(1);
            return loader.unloaded(atMost).getFirst();
        }
    }

    @Test
    void provesThatClassesAreGone() throws Exception {
        UnloadedPlugin plugin = unload("Recorder.record(\"on\");");
        assertThat(plugin.coordinate()).hasToString("a/x@1.0.0");
        assertThat(plugin.collected()).isTrue();
        assertThat(plugin.closed()).isEmpty();
        assertThat(plugin.holders()).isEmpty();
    }

    @Test
    void endsWhatThePluginGaveToTheEngine() throws Exception {
        UnloadedPlugin plugin =
                unload(
                        """
                        context.closing(() -> Recorder.record("closed first"));
                        context.closing(() -> { throw new Exception("cannot"); });
                        context.closing(() -> Recorder.record("closed last"));
                        Thread done = context.startThread("done", () -> {});
                        done.join();
                        context.startThread("worker", () -> {
                            try {
                                Thread.sleep(1_000_000);
                            } catch (InterruptedException stopped) {
                                Recorder.record("worker stopped");
                            }
                        });
                        """);
        Recorder.await("worker stopped");
        assertThat(Recorder.events()).containsSubsequence("stop x", "closed last", "closed first");
        assertThat(plugin.closed())
                .anyMatch(line -> line.equals("thread 'a/x@1.0.0 worker' was interrupted"))
                .anyMatch(line -> line.endsWith("failed to close"))
                .hasSize(4);
    }

    @Test
    void closesThreadsThatWereLeft() throws Exception {
        UnloadedPlugin plugin =
                unload(
                        """
                        Thread thread = new Thread(() -> {
                            try {
                                Thread.sleep(1_000_000);
                            } catch (InterruptedException stopped) {
                                Recorder.record("thread stopped");
                            }
                        }, "left-over");
                        thread.start();
                        """);
        assertThat(Recorder.events()).contains("thread stopped");
        assertThat(plugin.closed()).containsExactly("thread 'left-over' was interrupted");
        assertThat(plugin.collected()).isTrue();
    }

    @Test
    void namesAThreadThatHoldsThePlugin() throws Exception {
        UnloadedPlugin plugin =
                unload(
                        """
                        Thread thread = new Thread(Recorder::hang, "deaf");
                        thread.setDaemon(true);
                        thread.start();
                        """,
                        SHORT);
        assertThat(plugin.closed()).containsExactly("thread 'deaf' was interrupted and goes on");
        assertThat(plugin.collected()).isFalse();
        assertThat(plugin.holders()).anyMatch(line -> line.startsWith("thread 'deaf' runs on"));
    }

    @Test
    void namesWhatItCannotSeeInto() throws Exception {
        UnloadedPlugin plugin = unload("Recorder.keep(this);", SHORT);
        assertThat(plugin.collected()).isFalse();
        assertThat(plugin.holders()).isNotEmpty();
    }

    @Test
    void deregistersJdbcDrivers() throws Exception {
        UnloadedPlugin plugin =
                unload(
                        """
                        java.sql.Driver driver = (java.sql.Driver) java.lang.reflect.Proxy
                                .newProxyInstance(
                                        Entry.class.getClassLoader(),
                                        new Class<?>[] {java.sql.Driver.class, Mark.class},
                                        (self, method, arguments) -> switch (method.getName()) {
                                            case "hashCode" -> 1;
                                            case "equals" -> self == arguments[0];
                                            default -> null;
                                        });
                        java.sql.DriverManager.registerDriver(driver);
                        }
                        interface Mark {
                        """);
        assertThat(plugin.closed()).anyMatch(line -> line.startsWith("JDBC driver "));
        assertThat(plugin.collected()).isTrue();
        assertThat(DriverManager.drivers()).noneMatch(driver -> driver.getClass().isHidden());
    }

    @Test
    void unregistersMBeansAndHandlersAndSettingsOfTheJvm() throws Exception {
        int before = ManagementFactory.getPlatformMBeanServer().getMBeanCount();
        UnloadedPlugin plugin =
                unload(
                        """
                        javax.management.MBeanServer server =
                                java.lang.management.ManagementFactory.getPlatformMBeanServer();
                        server.registerMBean(
                                new Bean(), new javax.management.ObjectName("a.x:type=Bean"));
                        java.util.logging.Logger.getLogger("").addHandler(new Handler());
                        Thread.setDefaultUncaughtExceptionHandler(new Catcher());
                        java.security.Security.addProvider(new Provider());
                        java.net.ProxySelector.setDefault(new Proxies());
                        java.net.Authenticator.setDefault(new Asked());
                        java.net.CookieHandler.setDefault(new Cookies());
                        }
                        public interface BeanMBean {}
                        public static class Bean implements BeanMBean {}
                        static class Handler extends java.util.logging.Handler {
                            public void publish(java.util.logging.LogRecord record) {}
                            public void flush() {}
                            public void close() {}
                        }
                        static class Catcher implements Thread.UncaughtExceptionHandler {
                            public void uncaughtException(Thread thread, Throwable thrown) {}
                        }
                        static class Provider extends java.security.Provider {
                            Provider() { super("a-x", "1", "of a plugin"); }
                        }
                        static class Asked extends java.net.Authenticator {}
                        static class Cookies extends java.net.CookieManager {}
                        static class Proxies extends java.net.ProxySelector {
                            public java.util.List<java.net.Proxy> select(java.net.URI uri) {
                                return java.util.List.of();
                            }
                            public void connectFailed(
                                    java.net.URI uri,
                                    java.net.SocketAddress address,
                                    java.io.IOException failed) {
                            }
                        """);
        assertThat(plugin.closed()).hasSize(7);
        assertThat(plugin.collected()).isTrue();
        assertThat(ManagementFactory.getPlatformMBeanServer().getMBeanCount()).isEqualTo(before);
        assertThat(Logger.getLogger("").getHandlers())
                .noneMatch(handler -> handler.getClass().getName().startsWith("p.x"));
    }

    @Test
    void manyReloadsLeaveNoClassLoader() throws Exception {
        registry.add(
                TestPlugin.recording("a/x@1.0.0"),
                TestPlugin.recording("a/user@1.0.0").requires("a/x", "*"));
        List<UnloadedPlugin> told = new ArrayList<>();
        LoaderOptions options =
                TestOptions.in(cache, registry)
                        .onEvent(
                                event -> {
                                    if (event instanceof LoaderEvent.Unloaded unloaded) {
                                        told.add(unloaded.plugin());
                                    }
                                })
                        .build();
        try (PluginLoader loader = PluginLoader.open(options)) {
            loader.load(List.of(Requirement.parse("a/user")));
            for (int i = 0; i < 50; i++) {
                assertThat(loader.reload(PLUGIN).done()).isTrue();
            }
            loader.unloaded(PATIENCE);
            assertThat(loader.unloaded(PATIENCE)).isEmpty();
        }
        assertThat(told).hasSize(100).allMatch(UnloadedPlugin::collected);
    }
}
