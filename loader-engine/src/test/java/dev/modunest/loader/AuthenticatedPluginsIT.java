package dev.modunest.loader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.format.PluginId;
import dev.modunest.format.resolve.Plan;
import dev.modunest.loader.AuthenticationResult.Authenticated;
import dev.modunest.loader.TrustedIssuer.Algorithm;
import dev.modunest.loader.testing.FakeRegistry;
import dev.modunest.loader.testing.Recorder;
import dev.modunest.loader.testing.TestIssuer;
import dev.modunest.loader.testing.TestOptions;
import dev.modunest.loader.testing.TestPlugin;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Users as plugins see them that the loader runs. */
class AuthenticatedPluginsIT {

    private static final TestIssuer ISSUER = new TestIssuer(Algorithm.ES256, "k");

    /** Answers a state's id with the user's name, and records when a state ends. */
    private static final String ASKING =
            """
            PluginAuthentication users = context.authentication().orElseThrow();
            users.onEnd(id -> Recorder.record("told " + context.coordinate().plugin()));
            java.util.function.UnaryOperator<String> ask =
                id -> users.find(id).map(state -> state.user().subject()).orElse("nobody");
            context.provide(java.util.function.UnaryOperator.class, ask);
            """;

    @TempDir private Path folder;
    private FakeRegistry registry;
    private PluginAuthService service;
    private PluginLoader loader;

    @BeforeEach
    void open() throws IOException {
        Recorder.reset();
        Path keys = Files.writeString(folder.resolve("keys.json"), TestIssuer.jwks(ISSUER));
        registry = new FakeRegistry();
        service =
                PluginAuthService.open(
                        AuthOptions.in(folder)
                                .trust(ISSUER.pins(new TrustedIssuer.Keys.In(keys)))
                                .build());
        loader = open(TestOptions.in(folder, registry).authService(service));
    }

    private static PluginLoader open(LoaderOptionsBuilder options) {
        return PluginLoader.open(options.build());
    }

    @AfterEach
    void close() {
        loader.close();
        service.close();
        registry.close();
    }

    private OwnedAuthenticationState alice(String... plugins) {
        Authenticated alice = (Authenticated) service.authenticateUser(ISSUER.token(Instant.now()));
        return service.shareAuthenticationState(alice.user(), Set.of(plugins));
    }

    private LoadReport load(TestPlugin... plugins) throws InterruptedException {
        registry.add(plugins);
        return loader.load(new Plan(List.of(plugins).stream().map(TestPlugin::step).toList()));
    }

    @SuppressWarnings("unchecked") // the plugin provides one of strings
    private String ask(String plugin, String id) {
        UnaryOperator<String> service =
                loader.plugin(PluginId.parse(plugin))
                        .orElseThrow()
                        .service(UnaryOperator.class)
                        .orElseThrow();
        return service.apply(id);
    }

    @Test
    void aPluginSeesWhatIsSharedWithIt() throws Exception {
        LoadReport report =
                load(
                        TestPlugin.of("a/shop@1.0.0").permission("auth.state:*").starting(ASKING),
                        TestPlugin.of("a/other@1.0.0").permission("auth.state:*").starting(ASKING));
        assertThat(report.complete()).as(report.toString()).isTrue();
        OwnedAuthenticationState state = alice("a/shop");
        assertThat(ask("a/shop", state.id())).isEqualTo("account:alice");
        assertThat(ask("a/other", state.id())).isEqualTo("nobody");
        state.end();
        Recorder.await("told a/shop");
        assertThat(ask("a/shop", state.id())).isEqualTo("nobody");
        assertThat(Recorder.events("told ")).containsExactly("a/shop");
    }

    @Test
    void aPluginWithoutThePermissionGetsNothing() throws Exception {
        load(
                TestPlugin.of("a/x@1.0.0")
                        .permission("net.out:api.example.com:443")
                        .starting("Recorder.record(\"x \" + context.authentication());"));
        assertThat(Recorder.events("x ")).containsExactly("Optional.empty");
    }

    @Test
    void aHostWithoutUsersGivesNothing() throws Exception {
        loader.close();
        loader = open(TestOptions.in(folder, registry));
        load(
                TestPlugin.of("a/x@1.0.0")
                        .permission("auth.state:*")
                        .starting("Recorder.record(\"x \" + context.authentication());"));
        assertThat(Recorder.events("x ")).containsExactly("Optional.empty");
    }

    @Test
    void aPluginThatFailsToStartLeavesNoState() throws Exception {
        String token = ISSUER.token(Instant.now());
        LoadReport report =
                load(
                        TestPlugin.of("a/x@1.0.0")
                                .permission("auth.state:*")
                                .starting(
                                        """
                                        PluginAuthentication users =
                                            context.authentication().orElseThrow();
                                        users.onEnd(id -> Recorder.record("told"));
                                        var result = (AuthenticationResult.Authenticated)
                                            users.authenticateUser("%s");
                                        Recorder.record("id " + users.shareAuthenticationState(
                                            result.user(), java.util.Set.of("*")).id());
                                        if (true) throw new IllegalStateException("no");
                                        """
                                                .formatted(token)));
        assertThat(report.complete()).isFalse();
        load(TestPlugin.of("a/shop@1.0.0").permission("auth.state:*").starting(ASKING));
        assertThat(ask("a/shop", Recorder.events("id ").getFirst())).isEqualTo("nobody");
    }

    @Test
    void aStoppedPluginCanBeCollected() throws Exception {
        OwnedAuthenticationState state = alice("*");
        ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
        Reference<ClassLoader> plugin = loadAndStop(collected, state);
        Reference<? extends ClassLoader> found = null;
        for (int i = 0; i < 100 && found == null; i++) {
            System.gc();
            found = collected.remove(100);
        }
        assertThat(found).isSameAs(plugin);
        assertThat(state.active()).isTrue();
    }

    /** In a frame of its own, so that nothing here holds the plugin. */
    private Reference<ClassLoader> loadAndStop(
            ReferenceQueue<ClassLoader> collected, AuthenticationState state)
            throws InterruptedException {
        load(TestPlugin.of("a/shop@1.0.0").permission("auth.state:*").starting(ASKING));
        assertThat(ask("a/shop", state.id())).isEqualTo("account:alice");
        ClassLoader classes = loader.plugin(PluginId.parse("a/shop")).orElseThrow().classLoader();
        loader.close();
        return new PhantomReference<>(classes, collected);
    }
}
