package dev.modunest.loader.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modunest.loader.Decision;
import dev.modunest.loader.testing.TestClock;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

class AuthorizerTest {

    private static VerifiedUser with(String... scopes) {
        return new VerifiedUser(
                new TokenVerifier(Map.of(), Duration.ZERO),
                "https://i",
                "account:alice",
                "cli",
                "t",
                Optional.empty(),
                Set.of(scopes),
                TestClock.START);
    }

    private static Decision decide(String scope, String action, String resource) {
        return Authorizer.decide(with(scope), true, action, resource);
    }

    @ParameterizedTest
    @CsvSource({
        "*:*,                      markdown.render, acme/markdown",
        "*:*,                      markdown.render, acme",
        "markdown.render:*,        markdown.render, acme/markdown",
        "markdown.render:acme/*,   markdown.render, acme/markdown",
        "markdown.render:acme/*,   markdown.render, acme",
        "*:acme/markdown,          markdown.render, acme/markdown",
        "markdown.render:acme/ma*, markdown.render, acme/markdown",
        "a:acme/ma*,               a,               acme/ma",
    })
    void allowsWhatAScopeNames(String scope, String action, String resource) {
        Decision decision = decide(scope, action, resource);
        assertThat(decision.allowed()).isTrue();
        assertThat(decision).isInstanceOf(Decision.Allowed.class);
        assertThat(((Decision.Allowed) decision).scope()).isEqualTo(scope);
        assertThat(decision.explanation()).contains("account:alice may " + action);
    }

    @ParameterizedTest
    @CsvSource({
        "markdown.render:acme/*,   markdown.write,    acme/markdown",
        "markdown.render:acme/*,   markdown.render,   acmex/markdown",
        "markdown.render:acme/*,   markdown.render.x, acme/markdown",
        "markdown.*:acme/*,        markdown.render,   acme/markdown",
        "markdown:*,               markdown.render,   acme/markdown",
        "a:acme/markdown,          a,                 acme/markdown-x",
        "a:acme/markdown,          a,                 acme",
        "a:acme/ma*,               a,                 acme",
        "a:acme/ma*,               a,                 acme/m",
        "a:acme,                   a,                 acme/x",
        "a:acme*,                  a,                 acme/x",
        "a:*/x,                    a,                 acme/x",
        "a:acme/*x,                a,                 acme/yx",
        "a:acme/**,                a,                 acme/x",
        "a:acme/X*,                a,                 acme/x",
        "a:,                       a,                 acme/x",
        ":*,                       a,                 acme/x",
        "a,                        a,                 acme/x",
        "A:*,                      a,                 acme/x",
    })
    void deniesEverythingElse(String scope, String action, String resource) {
        Decision decision = decide(scope, action, resource);
        assertThat(decision.allowed()).isFalse();
        assertThat(decision.explanation())
                .contains("may not " + action + " on " + resource)
                .endsWith("ask for one with " + action + ":" + resource);
    }

    @ParameterizedTest
    @CsvSource({
        "A,     acme/x",
        "*,     acme/x",
        "a b,   acme/x",
        "a..b,  acme/x",
        "a:b,   acme/x",
        "a,     acme/x/y",
        "a,     acme/*",
        "a,     *",
        "a,     acme/",
        "a,     ../x",
        "a,     ''",
    })
    void deniesWhatIsNoQuestion(String action, String resource) {
        assertThat(decide("*:*", action, resource).explanation())
                .contains("is no action on a plugin");
    }

    @Test
    void saysWhichScopesThereAre() {
        assertThat(Authorizer.decide(with(), true, "a", "acme/x").explanation())
                .contains("the token has no scopes");
        assertThat(Authorizer.decide(with("c:*", "b:*"), true, "a", "acme/x").explanation())
                .contains("the scopes 'b:* c:*'");
    }

    @Test
    void deniesAfterTheTokenExpired() {
        assertThat(Authorizer.decide(with("*:*"), false, "a", "acme/x").explanation())
                .contains("expired at 2026-11-27T12:00:00Z");
    }
}
