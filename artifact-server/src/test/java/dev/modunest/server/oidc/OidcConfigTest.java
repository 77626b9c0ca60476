package dev.modunest.server.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modunest.server.DocumentedSettings;
import dev.modunest.settings.ByteSize;
import dev.modunest.settings.Secret;
import dev.modunest.settings.Settings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class OidcConfigTest {

    private static final Map<String, String> ACME =
            Map.of(
                    "MODUNEST_PROVIDERS_ACME_SSO_ISSUER", "https://sso.acme.example",
                    "MODUNEST_PROVIDERS_ACME_SSO_CLIENT_ID", "modunest",
                    "MODUNEST_PROVIDERS_ACME_SSO_CLIENT_SECRET", "hidden");

    private static OidcConfig read(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(ACME);
        environment.putAll(more);
        return Settings.read(OidcConfig.class, Optional.empty(), environment);
    }

    @Test
    void theDefaultsHold() {
        assertThat(read(Map.of()))
                .isEqualTo(
                        new OidcConfig(
                                Map.of(
                                        "acme-sso",
                                        new ProviderConfig(
                                                URI.create("https://sso.acme.example"),
                                                "modunest",
                                                new Secret("hidden"),
                                                "openid email profile",
                                                Optional.empty(),
                                                List.of(),
                                                Optional.empty())),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(10),
                                new ByteSize(256 << 10),
                                32,
                                Duration.ofHours(1),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(30),
                                Duration.ofSeconds(60)));
        assertThat(Settings.describe(read(Map.of()))).doesNotContain("hidden");
    }

    @Test
    void theDocumentListsEverySettingWithItsDefault() throws IOException {
        assertThat(DocumentedSettings.in(Path.of("../docs/operations/identity.md")))
                .containsAllEntriesOf(DocumentedSettings.of(OidcConfig.class, "oidc."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://127.0.0.1:8080/realms/a",
                "http://127.9.9.9/",
                "http://localhost/",
                "http://[::1]:1/",
                "HTTPS://sso.example/"
            })
    void takesIssuersThatAreSecretOrHere(String issuer) {
        assertThat(read(Map.of("MODUNEST_PROVIDERS_ACME_SSO_ISSUER", issuer)).providers())
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "PROVIDERS_ACME_SSO_ISSUER, http://sso.example/, issuer is an https URI",
        "PROVIDERS_ACME_SSO_ISSUER, http://127.0.0.1.example/, issuer is an https URI",
        "PROVIDERS_ACME_SSO_ISSUER, file:///etc, issuer is an https URI",
        "PROVIDERS_ACME_SSO_ISSUER, https:opaque, issuer is an https URI",
        "PROVIDERS_ACME_SSO_ISSUER, https://sso.example/?a, 'issuer has no user, query'",
        "PROVIDERS_ACME_SSO_ISSUER, https://sso.example/#a, 'issuer has no user, query'",
        "PROVIDERS_ACME_SSO_ISSUER, https://me@sso.example/, 'issuer has no user, query'",
        "PROVIDERS_ACME_SSO_CLIENT_ID, ' ', client_id and client_secret",
        "PROVIDERS_ACME_SSO_CLIENT_SECRET, ' ', client_id and client_secret",
        "PROVIDERS_ACME_SSO_SCOPES, email openidx, scopes contain openid",
        "CONNECT_TIMEOUT, 1ms, connect_timeout is 10ms to 1m",
        "REQUEST_TIMEOUT, 1h, request_timeout is 10ms to 5m",
        "MAX_ANSWER, 5MiB, max_answer is 1KiB to 4MiB",
        "MAX_CONCURRENT, 0, max_concurrent is 1 to 1024",
        "CACHE, 2d, cache is 1s to 1d",
        "FAILURE_CACHE, 1h, failure_cache is 0ms to 5m",
        "KEY_REFRESH, 0ms, key_refresh is 1ms to 1h",
        "LEEWAY, 10m, leeway is 0ms to 5m"
    })
    void refusesWhatCannotWork(String variable, String value, String message) {
        assertThatThrownBy(() -> read(Map.of("MODUNEST_" + variable, value)))
                .hasMessageContaining(message);
    }

    @Test
    void refusesOneIssuerUnderTwoNames() {
        assertThatThrownBy(
                        () ->
                                read(
                                        Map.of(
                                                "MODUNEST_PROVIDERS_B_ISSUER",
                                                "https://sso.acme.example",
                                                "MODUNEST_PROVIDERS_B_CLIENT_ID",
                                                "b",
                                                "MODUNEST_PROVIDERS_B_CLIENT_SECRET",
                                                "b")))
                .hasMessageContaining("providers have an issuer each");
    }

    @Test
    void refusesMoreProvidersThanButtonsFit() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 51; i++) {
            many.put("MODUNEST_PROVIDERS_P" + i + "_ISSUER", "https://p" + i + ".example");
            many.put("MODUNEST_PROVIDERS_P" + i + "_CLIENT_ID", "c");
            many.put("MODUNEST_PROVIDERS_P" + i + "_CLIENT_SECRET", "s");
        }
        assertThatThrownBy(() -> read(many)).hasMessageContaining("providers are at most 50");
    }
}
