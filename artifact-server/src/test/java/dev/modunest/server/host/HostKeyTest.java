package dev.modunest.server.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostKeyTest {

    private static final String X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

    private static HostKey read(String jwk) throws JsonProcessingException {
        return HostKey.read(new ObjectMapper().readTree(jwk.replace('\'', '"')));
    }

    /** RFC 8037, appendix A.3. */
    @Test
    void anEd25519KeyHasTheThumbprintOfTheRfc() throws JsonProcessingException {
        HostKey key = read("{'kty': 'OKP', 'crv': 'Ed25519', 'x': '" + X + "'}");

        assertThat(key.thumbprint()).isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assertThat(key.algorithm()).isEqualTo("EdDSA");
        assertThat(HostKey.verifier(key.algorithm(), key.key().getEncoded()).getName())
                .isEqualTo("EdDSA");
    }

    /** RFC 7517, appendix A.1. */
    @Test
    void aP256KeyIsRead() throws JsonProcessingException {
        HostKey key =
                read(
                        "{'kty': 'EC', 'crv': 'P-256', 'x': 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4', 'y': '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM', 'use': 'sig', 'kid': '1'}");

        assertThat(key.algorithm()).isEqualTo("ES256");
        assertThat(HostKey.verifier(key.algorithm(), key.key().getEncoded()).getName())
                .isEqualTo("ES256");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | is a JWK",
                "{'kty': 'OKP', 'crv': 'Ed25519', 'x': 'AA', 'd': 'AA'} | private part",
                "{'kty': 'OKP', 'crv': 'X25519', 'x': 'AA'} | another kind",
                "{'kty': 'RSA', 'n': 'AA'} | n is not known",
                "{'kty': 'OKP', 'crv': 'Ed25519', 'x': 'AA'} | has not 32 bytes",
                "{'kty': 'OKP', 'crv': 'Ed25519', 'x': '%'} | not in base64url",
                "{'kty': 'EC', 'crv': 'P-256', 'x': '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo', 'y': '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'} | no point of its curve"
            })
    void whatIsNoPublicKeyOfTheTwoKindsIsRefused(String jwk, String reason) {
        assertThatThrownBy(() -> read(jwk)).hasMessageContaining(reason);
    }

    @Test
    void aKeyThatTheIndexCannotHaveIsABug() {
        assertThatThrownBy(() -> HostKey.verifier("RS256", new byte[0]))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> HostKey.verifier("ES256", new byte[0]))
                .isInstanceOf(IllegalStateException.class);
    }
}
