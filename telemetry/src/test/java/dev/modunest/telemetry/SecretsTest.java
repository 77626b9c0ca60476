package dev.modunest.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {

    private static final String SECRET = "Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Authorization: Bearer %s",
                "authorization: basic %s",
                "Cookie: modunest_session=%s; theme=dark",
                "Set-Cookie: modunest_session=%s; Path=/",
                "token mnt_%s is unknown",
                "code mne_%s is used up",
                "eyJhbGciOiJFUzI1NiJ9.%s.c2ln is expired",
                "GET /artifacts/sha256/00?kid=1&signature=%s",
                "{\"password\": \"%s\", \"name\": \"x\"}",
                "client_secret=%s&grant_type=client_credentials",
                "refresh_token=%s",
                "POSTGRES15_PASSWORD=%s",
                "jdbc:postgresql://modunest:%s@db:5432/modunest",
                "https://user:%s@registry.example/x",
                "s3.secret_key: %s"
            })
    void whatIsASecretIsMasked(String line) {
        assertThat(Secrets.masked(line.formatted(SECRET))).doesNotContain(SECRET).contains("***");
    }

    @Test
    void whatIsNoneStays() {
        for (String line :
                new String[] {
                    "listening at http://127.0.0.1:8080, started in 900 ms",
                    "the bearer of news",
                    "https://registry.example/artifacts/sha256/0a1b",
                    "publish.require_signature is false"
                }) {
            assertThat(Secrets.masked(line)).isEqualTo(line);
        }
    }
}
