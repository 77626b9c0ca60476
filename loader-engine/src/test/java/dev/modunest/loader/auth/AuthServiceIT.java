package dev.modunest.loader.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.loader.AuthOptions;
import dev.modunest.loader.AuthOptionsBuilder;
import dev.modunest.loader.AuthenticationResult;
import dev.modunest.loader.AuthenticationResult.Authenticated;
import dev.modunest.loader.AuthenticationResult.Rejected;
import dev.modunest.loader.PluginAuthService;
import dev.modunest.loader.TrustedIssuer;
import dev.modunest.loader.TrustedIssuer.Algorithm;
import dev.modunest.loader.UserIdentity;
import dev.modunest.loader.testing.KeyServer;
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
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

class AuthServiceIT {

    private static final TestIssuer ONE = new TestIssuer(Algorithm.ES256, "one");
    private static final TestIssuer TWO = new TestIssuer(Algorithm.ES256, "two");

    @TempDir private Path folder;
    private final TestClock clock = new TestClock();
    private KeyServer server;
    private PluginAuthService service;

    @BeforeEach
    void open() throws IOException {
        server = new KeyServer(TestIssuer.jwks(ONE));
        service = PluginAuthService.open(options().build());
    }

    @AfterEach
    void close() {
        service.close();
        server.close();
    }

    private AuthOptionsBuilder options() {
        return AuthOptions.in(folder)
                .clock(clock)
                .trust(ONE.pins(new TrustedIssuer.Keys.At(server.uri(), false)));
    }

    private String token() {
        return ONE.token(clock.instant());
    }

    private static UserIdentity user(AuthenticationResult result) {
        assertThat(result).isInstanceOf(Authenticated.class);
        return ((Authenticated) result).user();
    }

    private static String code(AuthenticationResult result) {
        assertThat(result).isInstanceOf(Rejected.class);
        return ((Rejected) result).code();
    }

    @Test
    void authenticatesFromOneRequestForKeys() {
        String token = token();
        UserIdentity user = user(service.authenticateUser(token));
        assertThat(user.subject()).isEqualTo("account:alice");
        assertThat(user(service.authenticateUser(token))).isSameAs(user);
        assertThat(user(service.authenticateUser(token()))).isNotNull();
        assertThat(server.requests()).isEqualTo(1);
        assertThat(service.authorize(user, "markdown.render", "acme/x").allowed()).isTrue();
        assertThat(service.authorize(user, "markdown.render", "other/x").allowed()).isFalse();
    }

    @Test
    void aKnownTokenExpires() {
        String token = token();
        UserIdentity user = user(service.authenticateUser(token));
        clock.advance(Duration.ofSeconds(959));
        assertThat(user(service.authenticateUser(token))).isSameAs(user);
        clock.advance(Duration.ofSeconds(1));
        assertThat(code(service.authenticateUser(token))).isEqualTo("expired");
        assertThat(service.authorize(user, "markdown.render", "acme/x").explanation())
                .contains("expired");
    }

    @Test
    void aKnownTokenEndsWithItsKey() {
        String token = token();
        user(service.authenticateUser(token));
        server.answer(200, TestIssuer.jwks(TWO));
        clock.advance(Duration.ofMinutes(10));
        assertThat(code(service.authenticateUser(token))).isEqualTo("unknown-key");
        assertThat(user(service.authenticateUser(TWO.token(clock.instant())))).isNotNull();
    }

    @Test
    void aRestartedHostUsesTheKeysOnDiskWhileTheIssuerIsAway() {
        user(service.authenticateUser(token()));
        service.close();
        server.close();
        clock.advance(Duration.ofHours(24));
        try (PluginAuthService restarted = PluginAuthService.open(options().build())) {
            assertThat(user(restarted.authenticateUser(token()))).isNotNull();
            clock.advance(Duration.ofMinutes(10));
            assertThat(code(restarted.authenticateUser(token()))).isEqualTo("keys-unavailable");
        }
        try (PluginAuthService late = PluginAuthService.open(options().build())) {
            assertThat(code(late.authenticateUser(token()))).isEqualTo("keys-unavailable");
        }
    }

    @Test
    void aRestartedHostAsksForKeysOnlyWhenThoseOnDiskAreTooOld() {
        user(service.authenticateUser(token()));
        try (PluginAuthService restarted = PluginAuthService.open(options().build())) {
            user(restarted.authenticateUser(token()));
        }
        assertThat(server.requests()).isEqualTo(1);
        clock.advance(Duration.ofMinutes(10));
        try (PluginAuthService restarted = PluginAuthService.open(options().build())) {
            user(restarted.authenticateUser(token()));
        }
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void damagedKeysOnDiskAreAsGoodAsNone() throws IOException {
        user(service.authenticateUser(token()));
        List<Path> kept;
        try (Stream<Path> files = Files.list(folder.resolve("jwks"))) {
            kept = files.toList();
        }
        assertThat(kept).hasSize(1);
        for (String damaged :
                List.of(
                        "",
                        "soon\n{}",
                        clock.instant() + "\n{}",
                        clock.instant().plusSeconds(99) + "\n" + TestIssuer.jwks(TWO))) {
            Files.writeString(kept.getFirst(), damaged);
            try (PluginAuthService restarted = PluginAuthService.open(options().build())) {
                assertThat(user(restarted.authenticateUser(token()))).isNotNull();
                assertThat(code(restarted.authenticateUser(TWO.token(clock.instant()))))
                        .isEqualTo("unknown-key");
            }
        }
    }

    @Test
    void worksWhereKeysCannotBeKept() throws IOException {
        Files.writeString(folder.resolve("jwks"), "a file where the folder should be");
        assertThat(user(service.authenticateUser(token()))).isNotNull();
    }

    @Test
    void takesNoKeysFromARedirectOrAnOversizedAnswer() {
        server.answer(302, TestIssuer.jwks(ONE));
        assertThat(code(service.authenticateUser(token()))).isEqualTo("keys-unavailable");
        server.answer(200, TestIssuer.jwks(ONE) + " ".repeat(KeyOrigin.MAX_BYTES));
        clock.advance(Duration.ofSeconds(5));
        assertThat(code(service.authenticateUser(token()))).isEqualTo("keys-unavailable");
    }

    @Test
    void trustsSeveralIssuersEachWithItsKeys() throws IOException {
        TestIssuer other = new TestIssuer(Algorithm.EDDSA, "one");
        Path file = Files.writeString(folder.resolve("keys.json"), TestIssuer.jwks(other));
        TrustedIssuer pins =
                new TrustedIssuer(
                        "https://sso.example",
                        new TrustedIssuer.Keys.In(file),
                        "urn:host",
                        Set.of(Algorithm.EDDSA));
        try (PluginAuthService both = PluginAuthService.open(options().trust(pins).build())) {
            String ofOther =
                    other.token(
                            clock.instant(),
                            _ -> {},
                            claims ->
                                    claims.put("iss", "https://sso.example")
                                            .put("aud", "urn:host"));
            assertThat(user(both.authenticateUser(ofOther)).issuer())
                    .isEqualTo("https://sso.example");
            assertThat(user(both.authenticateUser(token())).issuer()).isEqualTo(TestIssuer.NAME);
            assertThat(code(both.authenticateUser(other.token(clock.instant()))))
                    .isEqualTo("algorithm-not-allowed");
            String crossed =
                    ONE.token(
                            clock.instant(),
                            _ -> {},
                            claims ->
                                    claims.put("iss", "https://sso.example")
                                            .put("aud", "urn:host"));
            assertThat(code(both.authenticateUser(crossed))).isEqualTo("algorithm-not-allowed");
            Files.delete(file);
            clock.advance(Duration.ofHours(25));
            assertThat(code(both.authenticateUser(ofOther))).isEqualTo("keys-unavailable");
        }
    }

    @Test
    void refusesKeyFilesThatAreTooLarge() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("keys.json"),
                        TestIssuer.jwks(ONE) + " ".repeat(KeyOrigin.MAX_BYTES));
        AuthOptions options =
                AuthOptions.in(folder)
                        .clock(clock)
                        .trust(ONE.pins(new TrustedIssuer.Keys.In(file)))
                        .build();
        try (PluginAuthService filed = PluginAuthService.open(options)) {
            assertThat(code(filed.authenticateUser(token()))).isEqualTo("keys-unavailable");
        }
    }

    @Test
    void refusesOversizedTokensBeforeLooking() {
        assertThat(code(service.authenticateUser("a".repeat(1 << 20)))).isEqualTo("too-large");
        assertThat(server.requests()).isZero();
    }
}
