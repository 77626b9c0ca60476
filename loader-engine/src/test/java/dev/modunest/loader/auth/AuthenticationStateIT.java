package dev.modunest.loader.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.format.Coordinate;
import dev.modunest.format.Manifest;
import dev.modunest.loader.AuthOptions;
import dev.modunest.loader.AuthOptionsBuilder;
import dev.modunest.loader.AuthenticationResult.Authenticated;
import dev.modunest.loader.AuthenticationState;
import dev.modunest.loader.Decision;
import dev.modunest.loader.OwnedAuthenticationState;
import dev.modunest.loader.PluginAuthService;
import dev.modunest.loader.PluginAuthentication;
import dev.modunest.loader.TrustedIssuer;
import dev.modunest.loader.TrustedIssuer.Algorithm;
import dev.modunest.loader.UserIdentity;
import dev.modunest.loader.testing.TestClock;
import dev.modunest.loader.testing.TestIssuer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

class AuthenticationStateIT {

    private static final TestIssuer ISSUER = new TestIssuer(Algorithm.ES256, "k");

    @TempDir private Path folder;
    private final TestClock clock = new TestClock();
    private final Set<String> refusedByPolicy = ConcurrentHashMap.newKeySet();
    private PluginAuthService service;

    @BeforeEach
    void open() throws IOException {
        service = PluginAuthService.open(options().build());
    }

    @AfterEach
    void close() {
        service.close();
    }

    private AuthOptionsBuilder options() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys.json"), TestIssuer.jwks(ISSUER));
        return AuthOptions.in(folder)
                .clock(clock)
                .trust(ISSUER.pins(new TrustedIssuer.Keys.In(keys)))
                .maxStates(20)
                .statePolicy(
                        (plugin, _) -> {
                            if (plugin.toString().equals("a/broken")) {
                                throw new IllegalStateException("a fault of the host");
                            }
                            return !refusedByPolicy.contains(plugin.toString());
                        });
    }

    private String token(String subject) {
        return ISSUER.token(clock.instant(), _ -> {}, claims -> claims.put("sub", subject));
    }

    private UserIdentity user(String subject) {
        return ((Authenticated) service.authenticateUser(token(subject))).user();
    }

    private Optional<PluginAuthentication> plugin(String id, String... permissions) {
        return service.of(
                new Manifest(
                        Coordinate.parse(id + "@1.0.0"),
                        Manifest.Kind.PLUGIN,
                        Optional.of("p.Entry"),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(permissions),
                        List.of(),
                        Optional.empty(),
                        Optional.empty()));
    }

    private PluginAuthentication permitted(String id) {
        return plugin(id, "auth.state:*").orElseThrow();
    }

    private OwnedAuthenticationState shared(String... plugins) {
        return service.shareAuthenticationState(user("account:alice"), Set.of(plugins));
    }

    @Test
    void pluginsSeeTheUserThatTheHostShares() {
        OwnedAuthenticationState state = shared("a/*", "b/shop");
        for (String id : List.of("a/x", "a/y", "b/shop")) {
            AuthenticationState seen = permitted(id).find(state.id()).orElseThrow();
            assertThat(seen.id()).isEqualTo(state.id());
            assertThat(seen.user().subject()).isEqualTo("account:alice");
            assertThat(seen.active()).isTrue();
        }
        assertThat(permitted("b/other").find(state.id())).isEmpty();
        assertThat(permitted("a/x").find("guessed")).isEmpty();
    }

    @Test
    void aPluginWithoutThePermissionHasNothing() {
        assertThat(plugin("a/x")).isEmpty();
        assertThat(plugin("a/x", "net.out:x:443", "auth.state:A/B", "auth.states:*")).isEmpty();
    }

    @Test
    void aPermissionNamesTheOwnersWhoseStatesItIsFor() {
        OwnedAuthenticationState hosts = shared("*");
        OwnedAuthenticationState logins =
                permitted("acme/login").shareAuthenticationState(user("account:bob"), Set.of("*"));
        PluginAuthentication narrow = plugin("a/x", "auth.state:acme/log*").orElseThrow();
        assertThat(narrow.find(logins.id())).isPresent();
        assertThat(narrow.find(hosts.id())).isEmpty();
        PluginAuthentication other = plugin("a/y", "auth.state:other/*").orElseThrow();
        assertThat(other.find(logins.id())).isEmpty();
        assertThat(permitted("a/z").find(logins.id())).isPresent();
        assertThat(permitted("a/z").find(hosts.id())).isPresent();
    }

    @Test
    void thePolicyOfTheHostHasTheLastWord() {
        OwnedAuthenticationState state = shared("*");
        AuthenticationState seen = permitted("a/x").find(state.id()).orElseThrow();
        refusedByPolicy.add("a/x");
        assertThat(permitted("a/x").find(state.id())).isEmpty();
        assertThat(seen.active()).isFalse();
        assertThatThrownBy(seen::user).isInstanceOf(IllegalStateException.class);
        assertThat(permitted("a/broken").find(state.id())).isEmpty();
    }

    @Test
    void attributesStandUnderWhoAddedThem() {
        OwnedAuthenticationState state = shared("*");
        AuthenticationState login = permitted("acme/login").find(state.id()).orElseThrow();
        AuthenticationState shop = permitted("acme/shop").find(state.id()).orElseThrow();
        login.put("mfa", "done");
        shop.put("mfa", "forged");
        state.put("region", "eu");
        assertThat(shop.attribute("acme/login", "mfa")).contains("done");
        assertThat(shop.attribute("acme/shop", "mfa")).contains("forged");
        assertThat(shop.attribute("host", "region")).contains("eu");
        assertThat(shop.attribute("acme/nobody", "mfa")).isEmpty();
        assertThat(state.attribute("acme/login", "other")).isEmpty();
        login.put("mfa", "expired");
        assertThat(shop.attribute("acme/login", "mfa")).contains("expired");
    }

    @Test
    void attributesAreBounded() {
        OwnedAuthenticationState state = shared();
        for (String name : List.of("", "A", "a b", "a".repeat(65))) {
            assertThatThrownBy(() -> state.put(name, "x"))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> state.put("a", "x".repeat(1_025)))
                .isInstanceOf(IllegalArgumentException.class);
        for (int i = 0; i < SharedState.MAX_ATTRIBUTES; i++) {
            state.put("a" + i, "x");
        }
        state.put("a0", "y");
        assertThatThrownBy(() -> state.put("more", "x"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("host has added 32");
    }

    @Test
    void theOwnerSharesAndTakesBack() {
        OwnedAuthenticationState state = shared();
        PluginAuthentication plugin = permitted("a/x");
        assertThat(plugin.find(state.id())).isEmpty();
        state.share("a/*");
        AuthenticationState seen = plugin.find(state.id()).orElseThrow();
        state.unshare("a/*");
        assertThat(plugin.find(state.id())).isEmpty();
        assertThat(seen.active()).isFalse();
        assertThatThrownBy(() -> seen.put("a", "b")).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> state.share("a"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no pattern of plugins");
        for (int i = 0; i < SharedState.MAX_PATTERNS; i++) {
            state.share("a/p" + i);
        }
        assertThatThrownBy(() -> state.share("a/more")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlyTheOwnerDecides() {
        OwnedAuthenticationState state = shared("a/x");
        OwnedAuthenticationState seen =
                (OwnedAuthenticationState) permitted("a/x").find(state.id()).orElseThrow();
        assertThatThrownBy(seen::end).hasMessageContaining("a/x does not own");
        assertThatThrownBy(() -> seen.share("*")).hasMessageContaining("a/x does not own");
        assertThatThrownBy(() -> seen.unshare("a/x")).hasMessageContaining("a/x does not own");
        assertThatThrownBy(() -> seen.renew(user("account:alice")))
                .hasMessageContaining("a/x does not own");
        assertThat(state.active()).isTrue();
        assertThat(state.toString()).isEqualTo("authentication state " + state.id());
    }

    @Test
    void revocationEndsItForAllAndTellsThem() throws InterruptedException {
        OwnedAuthenticationState state = shared("a/*");
        PluginAuthentication one = permitted("a/one");
        PluginAuthentication two = permitted("a/two");
        PluginAuthentication stranger = permitted("b/stranger");
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        one.onEnd(
                _ -> {
                    throw new IllegalStateException("a fault of the plugin");
                });
        one.onEnd(id -> told.add("one " + id));
        two.onEnd(id -> told.add("two " + id));
        stranger.onEnd(id -> told.add("stranger " + id));
        AuthenticationState seen = two.find(state.id()).orElseThrow();
        state.end();
        state.end();
        assertThat(seen.active()).isFalse();
        assertThat(one.find(state.id())).isEmpty();
        assertThatThrownBy(state::user).isInstanceOf(IllegalStateException.class);
        String first = next(told);
        String second = next(told);
        assertThat(List.of(first, second))
                .containsExactlyInAnyOrder("one " + state.id(), "two " + state.id());
        OwnedAuthenticationState marker = shared("b/*");
        marker.end();
        assertThat(next(told)).isEqualTo("stranger " + marker.id());
    }

    private static String next(BlockingQueue<String> told) throws InterruptedException {
        String event = told.poll(30, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return String.valueOf(event);
    }

    @Test
    void expiryEndsItAndTellsWithoutAnybodyAsking() throws InterruptedException {
        OwnedAuthenticationState state = shared("a/*");
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        PluginAuthentication plugin = permitted("a/x");
        plugin.onEnd(told::add);
        AuthenticationState seen = plugin.find(state.id()).orElseThrow();
        clock.advance(Duration.ofSeconds(959));
        assertThat(seen.active()).isTrue();
        clock.advance(Duration.ofSeconds(1));
        assertThat(next(told)).isEqualTo(state.id());
        assertThat(seen.active()).isFalse();
    }

    @Test
    void aNewerTokenOfTheUserKeepsItGoing() {
        OwnedAuthenticationState state = shared();
        clock.advance(Duration.ofMinutes(10));
        state.renew(user("account:alice"));
        clock.advance(Duration.ofMinutes(10));
        assertThat(state.active()).isTrue();
        assertThatThrownBy(() -> state.renew(user("account:mallory")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("account:alice at " + TestIssuer.NAME);
    }

    @Test
    void takesIdentitiesOfThisServiceOnly() throws IOException {
        UserIdentity foreign;
        try (PluginAuthService other = PluginAuthService.open(options().build())) {
            foreign = ((Authenticated) other.authenticateUser(token("account:root"))).user();
        }
        assertThatThrownBy(() -> service.shareAuthenticationState(foreign, Set.of("*")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not made by authenticateUser of this service");
        assertThat(service.authorize(foreign, "markdown.render", "acme/x"))
                .isInstanceOfSatisfying(
                        Decision.Denied.class,
                        denied ->
                                assertThat(denied.explanation())
                                        .contains("not made by authenticateUser"));
        UserIdentity late = user("account:alice");
        clock.advance(Duration.ofHours(1));
        assertThatThrownBy(() -> service.shareAuthenticationState(late, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has expired");
    }

    @Test
    void thereAreBoundedlyMany() {
        PluginAuthentication plugin = permitted("a/x");
        for (int i = 0; i < 5; i++) {
            plugin.shareAuthenticationState(user("account:u" + i), Set.of());
        }
        assertThatThrownBy(() -> plugin.shareAuthenticationState(user("account:u"), Set.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a/x has 5 authentication states: end some");
        List<OwnedAuthenticationState> states = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            states.add(shared());
        }
        assertThatThrownBy(this::shared)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("there are 20 authentication states");
        states.getFirst().end();
        assertThat(shared().active()).isTrue();
        clock.advance(Duration.ofHours(1));
        assertThat(shared().active()).isTrue();
    }

    @Test
    void aPluginThatStopsLeavesNothing() {
        OwnedAuthenticationState hosts = shared("*");
        PluginAuthentication plugin = permitted("a/login");
        AuthenticationState seen = plugin.find(hosts.id()).orElseThrow();
        OwnedAuthenticationState own =
                plugin.shareAuthenticationState(user("account:alice"), Set.of("*"));
        AuthenticationState others = permitted("a/x").find(own.id()).orElseThrow();
        for (int i = 0; i < 16; i++) {
            plugin.onEnd(_ -> {});
        }
        assertThatThrownBy(() -> plugin.onEnd(_ -> {})).hasMessageContaining("16 listeners");
        plugin.close();
        assertThat(others.active()).isFalse();
        assertThat(own.active()).isFalse();
        assertThat(seen.active()).isFalse();
        assertThat(plugin.find(hosts.id())).isEmpty();
        assertThatThrownBy(() -> plugin.onEnd(_ -> {})).hasMessageContaining("a/login has stopped");
        assertThatThrownBy(() -> plugin.shareAuthenticationState(user("account:alice"), Set.of()))
                .hasMessageContaining("has stopped");
        assertThat(hosts.active()).isTrue();
    }

    @Test
    void aRunThatStopsEndsNothingOfTheNextOne() {
        PluginAuthentication former = permitted("a/login");
        OwnedAuthenticationState formers =
                former.shareAuthenticationState(user("account:alice"), Set.of());
        PluginAuthentication next = permitted("a/login");
        OwnedAuthenticationState nexts =
                next.shareAuthenticationState(user("account:alice"), Set.of());
        former.close();
        assertThat(formers.active()).isFalse();
        assertThat(next.find(formers.id())).isEmpty();
        assertThat(nexts.active()).isTrue();
    }

    @Test
    void aPluginVerifiesTokensToo() {
        assertThat(permitted("a/x").authenticateUser(token("account:bob")))
                .isInstanceOf(Authenticated.class);
    }

    @Test
    void closingTheServiceEndsEveryState() {
        OwnedAuthenticationState state = shared();
        permitted("a/x").onEnd(_ -> {});
        service.close();
        assertThat(state.active()).isFalse();
    }

    @Test
    void standsManyThreads() throws Exception {
        OwnedAuthenticationState state = shared("*");
        List<PluginAuthentication> plugins = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            plugins.add(permitted("a/p" + i));
        }
        Set<String> told = ConcurrentHashMap.newKeySet();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> done = new ArrayList<>();
            for (PluginAuthentication plugin : plugins) {
                done.add(
                        threads.submit(
                                () -> {
                                    plugin.onEnd(told::add);
                                    AuthenticationState seen =
                                            plugin.find(state.id()).orElseThrow();
                                    int i = 0;
                                    for (; i < 1_000; i++) {
                                        seen.put("n" + i % 32, "v" + i);
                                        assertThat(seen.user().subject())
                                                .isEqualTo("account:alice");
                                    }
                                    return i;
                                }));
            }
            for (Future<Integer> one : done) {
                assertThat(one.get()).isEqualTo(1_000);
            }
        }
        for (int i = 0; i < 8; i++) {
            assertThat(state.attribute("a/p" + i, "n0")).contains("v992");
        }
    }
}
